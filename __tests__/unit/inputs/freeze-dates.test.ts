import { describe, expect, test } from '@jest/globals'
import { faultsOf } from '../../support/inputs.js'

describe('what was probably meant', () => {
  test.each([
    ['24.12.2026', '2026-12-24'],
    ['1.2.2027', '2027-02-01'],
    ['2026/12/24', '2026-12-24'],
    ['2026.12.24', '2026-12-24'],
    ['20261224', '2026-12-24'],
    ['2026-1-5', '2026-01-05'],
    ['12/24/2026', '2026-12-24'],
    ['24/12/2026', '2026-12-24'],
    ['24-12-2026', '2026-12-24'],
    ['5/5/2026', '2026-05-05'],
    ['2026-12-24T00:00:00Z', '2026-12-24'],
    ['2026-12-24T00:00:00+01:00', '2026-12-24'],
    ['2026-12-24 # Christmas Eve', '2026-12-24'],
    ['"2026-12-24"', '2026-12-24'],
    ['2026–12–24', '2026-12-24'],
    ['2026-12-24 - 2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24 – 2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24 to 2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24 until 2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24 through 2027-01-02', '2026-12-24..2027-01-02'],
    ['24.12.2026 bis 2.1.2027', '2026-12-24..2027-01-02'],
    ['2026-12-24/2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24:2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24...2027-01-02', '2026-12-24..2027-01-02'],
    ['2026-12-24…2027-01-02', '2026-12-24..2027-01-02'],
    ['2027-01-02..2026-12-24', '2026-12-24..2027-01-02'],
    ['2026-12-24 2027-03-30', '2026-12-24, 2027-03-30'],
    ['2026-12-24 2027-03-30 2027-04-01', '2026-12-24, 2027-03-30, 2027-04-01'],
  ])('%s: %s', async (value, repaired) => {
    expect(await faultsOf({ 'freeze-dates': value })).toMatchObject([
      { input: 'freeze-dates', value, repaired: [repaired] },
    ])
  })

  test.each([
    '01/02/2027',
    '01/02/2027 2027-03-30',
    '2027-03-30 - 05/06/2027',
    '1-2-2027',
    '01/12/2027',
    '2026-12-24 2026-02-30',
    '2026-02-30',
    '30.2.2026',
    '2026-13-01',
    '2026-12',
    '2026',
    'Christmas',
    '24 Dec 2026',
    '2026-12-24..',
    '2026-12-24 and more',
    '2026-12-24..2026-12-26..2026-12-28',
    '12/31/26',
  ])('%s cannot be guessed', async (value) => {
    expect(await faultsOf({ 'freeze-dates': value })).toEqual([
      { input: 'freeze-dates', value, reason: expect.any(String), example: '2026-12-24..2027-01-02, 2027-03-30' },
    ])
  })
})

describe('an entry that an expression has left empty', () => {
  const LOST = expect.stringMatching(/^has an entry that is empty: .* produced nothing$/)

  test.each([
    ', 2027-12-24',
    '2026-12-24, ',
    '2026-12-24,\n',
    '2026-12-24, \n2026-12-25',
    '2026-12-24,,2026-12-25',
    '2026-12-24, ,',
    '2026-12-24\n, 2026-12-25',
    ',',
  ])('%j is a lost guard', async (value) => {
    expect(await faultsOf({ 'freeze-dates': value })).toEqual([
      { input: 'freeze-dates', value: value.trim(), reason: LOST, example: '2026-12-24..2027-01-02, 2027-03-30' },
    ])
  })

  test('is told once, along with the other faults', async () => {
    expect(await faultsOf({ 'freeze-dates': ',,2026-02-30' })).toMatchObject([
      { value: ',,2026-02-30', reason: LOST },
      { value: '2026-02-30' },
    ])
  })

  test.each(['2026-12-24', '2026-12-24, 2026-12-25\n', '\n2026-12-24\n\n2026-12-25\n'])(
    '%j has none',
    async (value) => {
      expect(await faultsOf({ 'freeze-dates': value })).toEqual([])
    },
  )
})

test('12/31/26 has a year, in a form that may mean two', async () => {
  expect(await faultsOf({ 'freeze-dates': '12/31/26' })).toMatchObject([
    { reason: expect.stringContaining('YYYY-MM-DD') },
  ])
})

test.each(['12-24', '24.12.', '24.12', '12/24'])('%s lacks its year', async (value) => {
  expect(await faultsOf({ 'freeze-dates': value })).toMatchObject([{ value, reason: 'has no year' }])
})
