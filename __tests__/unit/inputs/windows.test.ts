import { describe, expect, test } from '@jest/globals'
import { parseWindowInput } from '../../../src/inputs/windows.js'

const parse = parseWindowInput('Europe/London')

test('a window belongs to its time zone', () => {
  expect(parse('8:00 - 18:00')).toEqual({
    value: { text: '08:00-18:00', fromMinute: 480, untilMinute: 1_080, timezone: 'Europe/London' },
  })
})

describe('what was probably meant', () => {
  test.each([
    ['20-6', '20:00-06:00'],
    ['8-18', '08:00-18:00'],
    ['08-18', '08:00-18:00'],
    ['20:30-6', '20:30-06:00'],
    ['8pm-6am', '20:00-06:00'],
    ['8 PM - 6 AM', '20:00-06:00'],
    ['8:30pm-6:15am', '20:30-06:15'],
    ['12am-12pm', '00:00-12:00'],
    ['20:00–06:00', '20:00-06:00'],
    ['20:00 — 06:00', '20:00-06:00'],
    ['20:00 to 06:00', '20:00-06:00'],
    ['20:00 until 06:00', '20:00-06:00'],
    ['20:00 bis 06:00 Uhr', '20:00-06:00'],
    ['20:00..06:00', '20:00-06:00'],
    ['20:00...06:00', '20:00-06:00'],
    ['1am-2pm', '01:00-14:00'],
    ['19:24-6', '19:24-06:00'],
    ['20:00/06:00', '20:00-06:00'],
    ['20.00-06.00', '20:00-06:00'],
    ['20h-6h', '20:00-06:00'],
    ['20h30-6h15', '20:30-06:15'],
    ['2000-0600', '20:00-06:00'],
    ['20:00:00-06:00:00', '20:00-06:00'],
    ['24:00-06:00', '00:00-06:00'],
    ['24-6', '00:00-06:00'],
    ['18-24', '18:00-24:00'],
    ['"20:00-06:00"', '20:00-06:00'],
  ])('%s: %s', (text, repaired) => {
    expect(parse(text)).toEqual({ reason: 'is not a time window', repaired: [repaired] })
  })

  test.each([
    '20:00',
    '20:00-',
    '-06:00',
    '25:00-06:00',
    '20:60-06:00',
    '20:00:30-06:00',
    '13pm-2pm',
    '0am-6am',
    'Mon-Fri',
    'never',
    '20-6-8',
    '8-8',
    '2 0:00-06:00',
    '1 2-6',
    '',
  ])('%j cannot be guessed', (text) => {
    expect(parse(text)).toEqual({ reason: 'is not a time window' })
  })

  test.each(['20:00-06:00, 12:00-13:00', '20:00-06:00;12:00-13:00', '20:00-06:00\n12:00-13:00'])(
    '%j is more than one',
    (text) => {
      expect(parse(text)).toEqual({ reason: expect.stringContaining('more than one') })
    },
  )
})

describe('equal ends may mean all day or never', () => {
  test.each(['08:00-08:00', '8:00-8:00', '23:59-23:59'])('%s', (text) => {
    expect(parse(text)).toEqual({ reason: expect.stringMatching(/^starts where it ends/) })
  })

  test('a whole day has a spelling of its own', () => {
    expect(parse('00:00-00:00')).toMatchObject({ repaired: ['00:00-24:00'] })
    expect(parse('00:00-24:00')).toHaveProperty('value')
  })
})
