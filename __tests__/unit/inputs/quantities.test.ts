import { describe, expect, test } from '@jest/globals'
import { parseResource } from '../../../src/inputs/quantities.js'

const [parseCpu, parseMemory] = [parseResource('cpu'), parseResource('memory')]

test.each([
  ['cpu', '8'],
  ['cpu', '1.5'],
  ['cpu', '500m'],
  ['memory', '32Gi'],
  ['memory', '1.5Gi'],
  ['storage', '50G'],
] as const)('%s: %s is taken as it is written', (name, text) => {
  expect(parseResource(name)(text)).toEqual({ value: text })
})

describe('a unit that may be decimal or binary is offered as both', () => {
  const UNITS = ['k', 'M', 'G', 'T', 'P', 'E']
  const WRITTEN = (letter: string) => [`${letter}B`, `${letter.toLowerCase()}b`, `${letter}bytes`]

  test.each(UNITS.flatMap((unit) => WRITTEN(unit.toUpperCase()).map((written) => [`2${written}`, unit] as const)))(
    '%s: 2%s and its binary',
    (text, unit) => {
      expect(parseMemory(text)).toMatchObject({ repaired: [`2${unit}`, `2${unit.toUpperCase()}i`] })
    },
  )

  test.each([
    ['2K', ['2k', '2Ki']],
    ['2g', ['2G', '2Gi']],
    ['500m', ['500M', '500Mi']],
    ['2 gigs', ['2G', '2Gi']],
    ['2gig', ['2G', '2Gi']],
    ['2 megs', ['2M', '2Mi']],
    ['2 gigabytes', ['2G', '2Gi']],
    ['2 megabytes', ['2M', '2Mi']],
    ['2 terabytes', ['2T', '2Ti']],
    ['2 kilobytes', ['2k', '2Ki']],
    ['2 petabyte', ['2P', '2Pi']],
    ['2 exabytes', ['2E', '2Ei']],
    ['8,5 GB', ['8.5G', '8.5Gi']],
  ])('%s', (text, repaired) => {
    expect(parseMemory(text)).toEqual({ reason: expect.stringMatching(/counts in 1000s, .i in 1024s/), repaired })
  })
})

describe('a unit that is clear is offered as it should be', () => {
  test.each([
    ['32gi', '32Gi'],
    ['32GI', '32Gi'],
    ['32GiB', '32Gi'],
    ['32gib', '32Gi'],
    ['32 Gi', '32Gi'],
    ['32\u00a0Gi', '32Gi'],
    ['32 gibibytes', '32Gi'],
    ['512 mebibytes', '512Mi'],
    ['"32Gi"', '32Gi'],
    ['+32Gi', '32Gi'],
    ['.5Gi', '0.5Gi'],
    ['5.Gi', '5Gi'],
    ['8,5Gi', '8.5Gi'],
    ['50 G', '50G'],
    ['50,5M', '50.5M'],
  ])('%s: %s', (text, repaired) => {
    expect(parseMemory(text)).toEqual({ reason: 'is not a quantity of bytes', repaired: [repaired] })
  })
})

describe('a number without a unit', () => {
  test.each([
    ['32', ['32Gi']],
    ['1.5', ['1.5Gi']],
    ['255', ['255Gi']],
    ['256', ['256Gi', '256Mi']],
    ['"8"', ['8Gi']],
    ['1048575', ['1048575Gi', '1048575Mi']],
    ['1048576', ['1Mi']],
    ['1073741824', ['1Gi']],
    ['34359738368', ['32Gi']],
    ['536870912', ['512Mi']],
  ])('%s may mean %j', (text, repaired) => {
    expect(parseMemory(text)).toEqual({ reason: 'has no unit', repaired })
  })

  test('of bytes that are no whole MiB cannot be guessed', () => {
    expect(parseMemory('34359738369')).toEqual({ reason: 'has no unit' })
  })

  test.each(['0', '0.0'])('%s is nothing', (text) => {
    expect(parseMemory(text)).toEqual({ reason: 'must be above zero' })
  })
})

describe('a comma before exactly three digits is not repaired', () => {
  test.each(['1,024Mi', '1,500', '8,500Gi', '1,024,000Ki'])('%s', (text) => {
    expect(parseMemory(text)).toEqual({ reason: expect.stringMatching(/comma/) })
  })

  test.each([
    ['1,0245Mi', '1.0245Mi'],
    ['8,25Gi', '8.25Gi'],
  ])('%s is', (text, repaired) => {
    expect(parseMemory(text)).toMatchObject({ repaired: [repaired] })
  })

  test('nor in CPUs', () => {
    expect(parseCpu('1,500')).toEqual({ reason: expect.stringMatching(/comma/) })
    expect(parseCpu('1,5')).toMatchObject({ repaired: ['1.5'] })
  })
})

describe('CPUs', () => {
  test.each([
    ['8 cores', '8'],
    ['1 core', '1'],
    ['8 CPUs', '8'],
    ['8 vCPU', '8'],
    ['8vcpus', '8'],
    ['8c', '8'],
    ['"8"', '8'],
    ['+8', '8'],
    ['.5', '0.5'],
    ['500 m', '500m'],
    ['500M', '500m'],
    ['500 millicores', '500m'],
    ['500 milli', '500m'],
    ['500mcpu', '500m'],
    ['500mc', '500m'],
    ['0,5 cores', '0.5'],
  ])('%s: %s', (text, repaired) => {
    expect(parseCpu(text)).toEqual({ reason: 'is not a CPU quantity', repaired: [repaired] })
  })

  test.each(['8Gi', '8GB', '8g', '8Ki', '8T'])('%s is told from bytes', (text) => {
    expect(parseCpu(text)).toEqual({ reason: 'is an amount of bytes, not of CPUs' })
  })

  test.each([
    ['0', 'must be above zero'],
    ['0 cores', 'is not a CPU quantity'],
    ['0.5m', 'is finer than 1m, a thousandth of a CPU'],
    ['-2', 'is not a CPU quantity'],
    ['four', 'is not a CPU quantity'],
    ['8 apples', 'is not a CPU quantity'],
    ['2-4', 'is not a CPU quantity'],
    ['1e3', 'is not a CPU quantity'],
    ['', 'is not a CPU quantity'],
    ['.', 'is not a CPU quantity'],
  ])('%j has no guess', (text, reason) => {
    expect(parseCpu(text)).toEqual({ reason })
  })
})

test.each(['-1Gi', '1e9', '1e3Gi', 'lots', '16Gi-32Gi', '32 apples', '1..5Gi', '0 GB', '32B', ''])(
  'memory: %j has no guess',
  (text) => {
    expect(parseMemory(text)).not.toHaveProperty('repaired')
    expect(parseMemory(text)).toHaveProperty('reason')
  },
)

describe('a number that blanks split is no number: it may be two, or have thousands', () => {
  test.each([
    '1 6Gi',
    '1 2 3Gi',
    '3 2Gi',
    '4\n8Gi',
    '1 .5Gi',
    '1. 5Gi',
    '1, 5Gi',
    '1 , 5Gi',
    '1 024Mi',
    '"1 6Gi"',
    '4\u00a08',
  ])('memory: %j has no guess', (text) => {
    expect(parseMemory(text)).toEqual({ reason: expect.any(String) })
  })

  test.each(['4\n8', '4 8', '1 500m', '1 . 5'])('cpu: %j has no guess', (text) => {
    expect(parseCpu(text)).toEqual({ reason: 'is not a CPU quantity' })
  })
})
