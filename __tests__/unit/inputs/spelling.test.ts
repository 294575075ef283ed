import { describe, expect, test } from '@jest/globals'
import {
  hasInvisible,
  trimAroundLines,
  trimEnds,
  withDecimalPoint,
  withoutInvisible,
  withoutQuotes,
  withPlainDashes,
} from '../../../src/inputs/spelling.js'
import { cpuMsOf } from '../../support/timing.js'

/** Characters that leave no mark, as copies bring them. */
const INVISIBLE = [
  '\u200b',
  '\u200c',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u200e',
  '\u202e',
  '\ufe0f',
  '\u{e0020}',
]

describe.each(INVISIBLE.map((character) => [JSON.stringify(character).slice(1, -1), character]))(
  'the invisible character %j',
  (_, character) => {
    test.each([
      [`${character}8`, '8'],
      [`8${character}`, '8'],
      [` ${character} \n8\t${character}${character} `, '8'],
      [`a${character}b`, `a${character}b`],
      [character, ''],
    ])('is trimmed at the ends, and nowhere else: %j', (text, trimmed) => {
      expect(trimEnds(text)).toBe(trimmed)
    })

    test.each([
      [`${character}  a: 1`, '  a: 1'],
      [` ${character} a: 1${character}`, '  a: 1'],
      [`${character}\n \ta:\n  b${character}`, '\n \ta:\n  b'],
      [` ${character}\r\n`, ''],
    ])('is trimmed around lines, and nothing else: %j', (text, trimmed) => {
      expect(trimAroundLines(text)).toBe(trimmed)
    })

    test('is found and taken out', () => {
      expect(hasInvisible(`a${character}b`)).toBe(true)
      expect(withoutInvisible(`a${character}${character}b`)).toBe('ab')
    })
  },
)

test.each(['', 'a', ' a b ', 'a\nb', 'a\tb', 'a\r\nb', 'a\u00a0b', 'ünï 漢'])(
  '%j has nothing invisible in it',
  (text) => {
    expect(hasInvisible(text)).toBe(false)
    expect(withoutInvisible(text)).toBe(text)
  },
)

test.each(['\u0000', '\u0007', '\u007f', '\u009b'])(
  'the control character %j is invisible, and never trimmed',
  (control) => {
    expect(hasInvisible(`a${control}`)).toBe(true)
    expect(trimEnds(`a${control}`)).toBe(`a${control}`)
  },
)

test('a long text is trimmed in time that grows with its length', () => {
  const trimAll = () => {
    for (const part of [' ', ' x', '\u200b', ' \u200b']) {
      trimEnds(`x${part.repeat(300_000)}x`)
      trimAroundLines(`${part.repeat(300_000)}x`)
    }
  }
  expect(cpuMsOf(trimAll)).toBeLessThan(2_000)
})

describe('trimAroundLines keeps what YAML goes by', () => {
  test.each([
    ['  a: 1\n  b: 2\n', '  a: 1\n  b: 2\n'],
    [' \n\t\r\n  a: 1  \n \n\t', '\n\r\n  a: 1\n\n'],
    ['\u00a0{}\u00a0', '{}'],
    ['\ta: 1', '\ta: 1'],
    ['', ''],
    [' \n\t\n', ''],
  ])('%j', (text, trimmed) => {
    expect(trimAroundLines(text)).toBe(trimmed)
  })
})

describe('withoutQuotes takes away one pair', () => {
  test.each([
    ['"8"', '8'],
    ["'8'", '8'],
    ['`8`', '8'],
    ['“8”', '8'],
    ['" 8 "', '8'],
    ['""8""', '"8"'],
    ['8', '8'],
    ['"8', '"8'],
    ['x"8"', 'x"8"'],
    ['"8"x', '"8"x'],
    ['', ''],
    ['"', '"'],
  ])('%j', (text, bare) => {
    expect(withoutQuotes(text)).toBe(bare)
  })
})

describe('withDecimalPoint', () => {
  test.each([
    ['8,5Gi', '8.5Gi'],
    ['8,25', '8.25'],
    ['1,0245', '1.0245'],
    ['8.5', '8.5'],
    ['1,024Mi', undefined],
    ['1,024,000', undefined],
    ['1,024', undefined],
  ])('%s', (text, pointed) => {
    expect(withDecimalPoint(text)).toBe(pointed)
  })
})

test.each([
  ['20:00 – 06:00', '20:00-06:00'],
  ['a—b', 'a-b'],
  ['a−b', 'a-b'],
  ['a‑b\u00a0', 'a-b'],
])('withPlainDashes: %j', (text, plain) => {
  expect(withPlainDashes(text)).toBe(plain)
})
