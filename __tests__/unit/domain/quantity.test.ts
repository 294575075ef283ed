import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  canonicalQuantity,
  isSameQuantity,
  parseQuantity,
  problemOfBytes,
  problemOfCpu,
} from '../../../src/domain/quantity.js'
import { cpuMsOf } from '../../support/timing.js'

describe('parseQuantity reads Kubernetes’ whole grammar, in nano-units', () => {
  test.each([
    ['0', 0n],
    ['1', 1_000_000_000n],
    ['007', 7_000_000_000n],
    ['1n', 1n],
    ['1u', 1_000n],
    ['1m', 1_000_000n],
    ['1k', 1_000_000_000_000n],
    ['1M', 10n ** 15n],
    ['1G', 10n ** 18n],
    ['1T', 10n ** 21n],
    ['1P', 10n ** 24n],
    ['1E', 10n ** 27n],
    ['1Ki', 1_024_000_000_000n],
    ['1Mi', 1_048_576n * 10n ** 9n],
    ['1Gi', 1_073_741_824n * 10n ** 9n],
    ['1Ti', 1_099_511_627_776n * 10n ** 9n],
    ['1Pi', 1_125_899_906_842_624n * 10n ** 9n],
    ['1Ei', 1_152_921_504_606_846_976n * 10n ** 9n],
    ['1.5Gi', 1_610_612_736n * 10n ** 9n],
    ['1e3', 10n ** 12n],
    ['1E3', 10n ** 12n],
    ['1e+3', 10n ** 12n],
    ['1e-3', 1_000_000n],
    ['12.5E-1', 1_250_000_000n],
    ['.5', 500_000_000n],
    ['5.', 5_000_000_000n],
    ['+1', 1_000_000_000n],
    ['-1', -1_000_000_000n],
    ['-.5Ki', -512_000_000_000n],
  ])('%s', (text, nanos) => {
    expect(parseQuantity(text)).toBe(nanos)
  })

  test.each([
    ['0.1n', 1n],
    ['1.1n', 2n],
    ['-0.1n', -1n],
    ['1e-10', 1n],
    ['0.0000000001', 1n],
    ['1.0000000001', 1_000_000_001n],
    ['0.0n', 0n],
  ])('what is finer than a nano is rounded up, away from zero: %s', (text, nanos) => {
    expect(parseQuantity(text)).toBe(nanos)
  })

  test.each([
    [''],
    [' '],
    ['.'],
    ['-'],
    ['Gi'],
    ['m'],
    [' 1'],
    ['1 '],
    ['1\n'],
    ['1 Gi'],
    ['1K'],
    ['1ki'],
    ['1mi'],
    ['1gi'],
    ['1GB'],
    ['1GiB'],
    ['1g'],
    ['1mm'],
    ['1e'],
    ['1e1.5'],
    ['1e3Gi'],
    ['1e3m'],
    ['0x10'],
    ['1,5'],
    ['1_000'],
    ['1.2.3'],
    ['--1'],
    ['+-1'],
    ['NaN'],
    ['Infinity'],
    ['١'],
    ['four'],
  ])('%j is no quantity', (text) => {
    expect(parseQuantity(text)).toBeUndefined()
  })

  test.each([['1e999999999'], ['1e-999999999'], [`1${'0'.repeat(1_000_000)}`]])(
    'a server’s mischief costs no time',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined()
      expect(cpuMsOf(() => parseQuantity(text))).toBeLessThan(1_000)
    },
  )
})

describe('isSameQuantity compares by value', () => {
  test.each([
    ['4', '4000m'],
    ['0.1', '100m'],
    ['1.5', '1500m'],
    ['1Gi', '1024Mi'],
    ['1.5Gi', '1536Mi'],
    ['1Ti', '1024Gi'],
    ['50G', '50000M'],
    ['1k', '1e3'],
    ['1E', '1e18'],
    ['1Ki', '1024'],
    ['0.5Gi', '536870912'],
    ['128974848', '123Mi'],
    ['9007199254740993', '9007199254740993000m'],
  ])('%s is %s', (left, right) => {
    expect(isSameQuantity(left, right)).toBe(true)
    expect(isSameQuantity(right, left)).toBe(true)
    expect(canonicalQuantity(left)).toBe(canonicalQuantity(right))
  })

  test.each([
    ['4', '4001m'],
    ['1Gi', '1G'],
    ['1Mi', '1M'],
    ['1m', '1M'],
    ['1', '-1'],
    ['1e', '1E'],
    ['9007199254740993', '9007199254740992'],
    ['1E', '1000000000000000001'],
    ['8Ei', '9223372036854775808001m'],
    ['0.1', '0.10000001'],
  ])('%s is not %s', (left, right) => {
    expect(isSameQuantity(left, right)).toBe(false)
    expect(canonicalQuantity(left)).not.toBe(canonicalQuantity(right))
  })

  test.each([
    ['four', 'four', true],
    ['four', 'Four', false],
    ['four', '4', false],
    ['4 ', '4', false],
    [undefined, undefined, true],
    [undefined, '4', false],
    ['4', undefined, false],
    [undefined, 'undefined', false],
  ])('what does not parse is compared as text: %j and %j', (left, right, same) => {
    expect(isSameQuantity(left, right)).toBe(same)
  })

  test('a text has a spelling of its own, even where it reads like a spelling of a number', () => {
    expect(canonicalQuantity('text:4')).not.toBe(canonicalQuantity('4'))
    expect(new Set(['4', 'four', '4000000001n'].map(canonicalQuantity)).size).toBe(3)
  })
})

/** The exact value of a spelling, built without the code under test: a fraction of two whole numbers. */
interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

const FACTORS: Readonly<Record<string, Rational>> = {
  u: { numerator: 1n, denominator: 1_000_000n },
  m: { numerator: 1n, denominator: 1_000n },
  '': { numerator: 1n, denominator: 1n },
  k: { numerator: 1_000n, denominator: 1n },
  M: { numerator: 1_000_000n, denominator: 1n },
  G: { numerator: 1_000_000_000n, denominator: 1n },
  T: { numerator: 1_000_000_000_000n, denominator: 1n },
  Ki: { numerator: 1_024n, denominator: 1n },
  Mi: { numerator: 1_024n * 1_024n, denominator: 1n },
  Gi: { numerator: 1_024n * 1_024n * 1_024n, denominator: 1n },
  Ti: { numerator: 1_024n * 1_024n * 1_024n * 1_024n, denominator: 1n },
  'e-3': { numerator: 1n, denominator: 1_000n },
  e2: { numerator: 100n, denominator: 1n },
  'E+6': { numerator: 1_000_000n, denominator: 1n },
}

/** Spellings that are no finer than a nano, each with its value; numbers are small and round, so that equal ones meet. */
const spellings = fc
  .record({
    sign: fc.constantFrom('', '+', '-'),
    whole: fc.oneof(fc.constantFrom(0n, 1n, 2n, 4n, 1_000n, 1_024n, 1_536n), fc.bigInt({ min: 0n, max: 10n ** 15n })),
    decimals: fc.constantFrom('', '0', '5', '50', '25', '125', '001', '999'),
    suffix: fc.constantFrom(...Object.keys(FACTORS)),
  })
  .map(({ sign, whole, decimals, suffix }) => {
    const factor = FACTORS[suffix] ?? { numerator: 0n, denominator: 1n }
    const scale = 10n ** BigInt(decimals.length)
    const magnitude = (whole * scale + BigInt(decimals || '0')) * factor.numerator
    return {
      text: `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}${suffix}`,
      numerator: sign === '-' ? -magnitude : magnitude,
      denominator: scale * factor.denominator,
    }
  })

function difference(left: Rational, right: Rational): bigint {
  return left.numerator * right.denominator - right.numerator * left.denominator
}

describe('quantities are exact, whatever their spelling', () => {
  test('a quantity is its rational value, counted in nanos', () => {
    fc.assert(
      fc.property(spellings, (spelling) => {
        const nanos = parseQuantity(spelling.text) ?? fail(spelling.text)
        expect(nanos * spelling.denominator).toBe(spelling.numerator * 1_000_000_000n)
      }),
    )
  })

  test('two spellings are the same exactly where their rational values are', () => {
    fc.assert(
      fc.property(spellings, spellings, (left, right) => {
        const isSame = difference(left, right) === 0n
        expect(isSameQuantity(left.text, right.text)).toBe(isSame)
        expect(canonicalQuantity(left.text) === canonicalQuantity(right.text)).toBe(isSame)
      }),
      { numRuns: 2_000 },
    )
  })

  test('they are ordered as their rational values are', () => {
    fc.assert(
      fc.property(spellings, spellings, (left, right) => {
        const [first, second] = [
          parseQuantity(left.text) ?? fail(left.text),
          parseQuantity(right.text) ?? fail(right.text),
        ]
        expect(first < second).toBe(difference(left, right) < 0n)
        expect(first > second).toBe(difference(left, right) > 0n)
      }),
      { numRuns: 1_000 },
    )
  })

  test('every spelling of one count of milli-units is the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (millis) => {
        const decimal = `${millis / 1_000n}.${String(millis % 1_000n).padStart(3, '0')}`
        const others = [decimal, `${decimal}000`, `${millis}000u`, `${millis}000000n`, `${millis}e-3`, `00${millis}m`]
        expect(others.filter((other) => !isSameQuantity(`${millis}m`, other))).toEqual([])
      }),
    )
  })

  test('every spelling of one count of KiB is the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (kibs) => {
        // 1/1024 has ten decimals.
        const tenBillionths = (kibs * 10n ** 10n) / 1_024n
        const mebis = `${tenBillionths / 10n ** 10n}.${String(tenBillionths % 10n ** 10n).padStart(10, '0')}Mi`
        const others = [mebis, `${kibs * 1_024n}`, `${kibs * 1_024n}000m`, `${kibs}.0Ki`, `+${kibs}Ki`]
        expect(others.filter((other) => !isSameQuantity(`${kibs}Ki`, other))).toEqual([])
      }),
    )
  })
})

function fail(text: string): never {
  throw new Error(`${text} was not read`)
}

describe('a requested cpu', () => {
  test.each([['8'], ['1.5'], ['500m'], ['1m'], ['0.001'], ['0.5'], ['1000000'], ['8.000'], ['1.0m'], ['0.0010']])(
    '%s is fine',
    (text) => {
      expect(problemOfCpu(text)).toBeUndefined()
    },
  )

  test.each([
    ['0', 'above zero'],
    ['0m', 'above zero'],
    ['0.0', 'above zero'],
    ['0.5m', 'finer than 1m'],
    ['1.5m', 'finer than 1m'],
    ['0.0001', 'finer than 1m'],
    ['1.0005', 'finer than 1m'],
    ['0.0000000000001', 'finer than 1m'],
    ['-1', 'not a CPU quantity'],
    ['+1', 'not a CPU quantity'],
    ['1e3', 'not a CPU quantity'],
    ['1E3', 'not a CPU quantity'],
    ['1k', 'not a CPU quantity'],
    ['1M', 'not a CPU quantity'],
    ['8Gi', 'not a CPU quantity'],
    ['1u', 'not a CPU quantity'],
    ['.5', 'not a CPU quantity'],
    ['5.', 'not a CPU quantity'],
    ['1,5', 'not a CPU quantity'],
    ['8 cores', 'not a CPU quantity'],
    ['four', 'not a CPU quantity'],
  ])('%s: %s', (text, reason) => {
    expect(problemOfCpu(text)).toContain(reason)
  })
})

describe('a requested memory or storage', () => {
  test.each([
    ['32Gi'],
    ['512Mi'],
    ['50G'],
    ['1.5Gi'],
    ['1k'],
    ['1Ki'],
    ['1M'],
    ['1T'],
    ['1Ti'],
    ['1P'],
    ['1Pi'],
    ['1E'],
    ['1Ei'],
  ])('%s is fine', (text) => {
    expect(problemOfBytes(text)).toBeUndefined()
  })

  test.each([['32'], ['1.5'], ['1.25'], ['0']])('the unit is mandatory: %s', (text) => {
    expect(problemOfBytes(text)).toBe('has no unit')
  })

  test.each([
    ['0Gi', 'above zero'],
    ['0.0M', 'above zero'],
    ['-1Gi', 'not a quantity of bytes'],
    ['+1Gi', 'not a quantity of bytes'],
    ['1e3', 'not a quantity of bytes'],
    ['1E9', 'not a quantity of bytes'],
    ['1e3Gi', 'not a quantity of bytes'],
    ['500m', 'not a quantity of bytes'],
    ['1K', 'not a quantity of bytes'],
    ['1GB', 'not a quantity of bytes'],
    ['1GiB', 'not a quantity of bytes'],
    ['1gi', 'not a quantity of bytes'],
    ['32 Gi', 'not a quantity of bytes'],
    ['.5Gi', 'not a quantity of bytes'],
    ['lots', 'not a quantity of bytes'],
  ])('%s: %s', (text, reason) => {
    expect(problemOfBytes(text)).toContain(reason)
  })
})

describe('requested quantities', () => {
  const exponents = fc.tuple(
    fc.oneof(
      fc.nat().map(String),
      fc.tuple(fc.nat(), fc.nat({ max: 99 })).map((parts) => parts.join('.')),
    ),
    fc.constantFrom('e', 'E'),
    fc.constantFrom('', '+', '-'),
    fc.nat({ max: 30 }),
  )

  test('never carry an exponent', () => {
    fc.assert(
      fc.property(exponents, (parts) => {
        const text = parts.join('')
        expect(problemOfCpu(text)).toBeDefined()
        expect(problemOfBytes(text)).toBeDefined()
      }),
    )
  })

  test('are fine in whole milli-units and whole units of bytes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1 }),
        fc.constantFrom('k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti'),
        (count, unit) => {
          expect(problemOfCpu(`${count}m`)).toBeUndefined()
          expect(problemOfCpu(`${count}`)).toBeUndefined()
          expect(problemOfBytes(`${count}${unit}`)).toBeUndefined()
          expect(problemOfBytes(`${count}`)).toBeDefined()
        },
      ),
    )
  })
})
