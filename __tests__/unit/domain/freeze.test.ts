import { describe, expect, test } from '@jest/globals'
import { calendarDay, findFrozenDay, parseFreezeEntry, splitFreezeDates } from '../../../src/domain/freeze.js'

/** The day and the entry that freeze a moment, or `undefined`. */
function frozenAt(list: string, timezone: string, moment: string): string | undefined {
  const entries = splitFreezeDates(list).map((text) => {
    const entry = parseFreezeEntry(text)
    if ('reason' in entry) throw new Error(`${text} ${entry.reason}`)
    return entry
  })
  const frozen = findFrozenDay({ entries, timezone }, Date.parse(moment))
  return frozen === undefined ? undefined : `${frozen.day} by ${frozen.entry.text}`
}

describe('splitFreezeDates', () => {
  test.each([
    ['2026-12-24', ['2026-12-24']],
    ['a,b', ['a', 'b']],
    [' a ,\n b\r\n\r\nc,,', ['a', 'b', 'c']],
    ['', []],
    [' ,\n', []],
  ])('%j', (text, entries) => {
    expect(splitFreezeDates(text)).toEqual(entries)
  })
})

describe('parseFreezeEntry', () => {
  test.each([
    ['2026-12-24', '2026-12-24', '2026-12-24'],
    ['2026-12-24..2027-01-02', '2026-12-24', '2027-01-02'],
    ['2026-12-24..2026-12-24', '2026-12-24', '2026-12-24'],
    ['2024-02-29', '2024-02-29', '2024-02-29'],
  ])('%s', (text, firstDay, lastDay) => {
    expect(parseFreezeEntry(text)).toEqual({ text, firstDay, lastDay })
  })

  test('blanks around the dots are left out', () => {
    expect(parseFreezeEntry('2026-12-24 .. 2027-01-02')).toMatchObject({ text: '2026-12-24..2027-01-02' })
  })

  test.each([
    ['2026-02-29', 'in no calendar: 2026-02-29'],
    ['2026-04-31', 'in no calendar'],
    ['2026-13-01', 'in no calendar'],
    ['2026-00-10', 'in no calendar'],
    ['2026-01-00', 'in no calendar'],
    ['2026-12-24..2026-12-32', 'in no calendar: 2026-12-32'],
    ['2027-01-02..2026-12-24', 'ends before it begins'],
    ['2026-12-24..', 'is not a day'],
    ['..2026-12-24', 'is not a day'],
    ['2026-12-24..2026-12-25..2026-12-26', 'is not a day'],
    ['2026-12-24...2026-12-25', 'is not a day'],
    ['2026-1-5', 'is not a day'],
    ['24.12.2026', 'is not a day'],
    ['12-24', 'is not a day'],
    ['', 'is not a day'],
  ])('%j is refused', (text, reason) => {
    expect(parseFreezeEntry(text)).toEqual({ reason: expect.stringContaining(reason) })
  })
})

describe('both ends of a range are frozen, for the whole day', () => {
  const list = '2026-12-24..2027-01-02, 2027-03-30'
  test.each([
    ['2026-12-23T23:59:59.999Z', undefined],
    ['2026-12-24T00:00:00Z', '2026-12-24 by 2026-12-24..2027-01-02'],
    ['2026-12-31T12:00:00Z', '2026-12-31 by 2026-12-24..2027-01-02'],
    ['2027-01-02T23:59:59.999Z', '2027-01-02 by 2026-12-24..2027-01-02'],
    ['2027-01-03T00:00:00Z', undefined],
    ['2027-03-29T23:59:59Z', undefined],
    ['2027-03-30T00:00:00Z', '2027-03-30 by 2027-03-30'],
    ['2027-03-31T00:00:00Z', undefined],
  ])('%s', (moment, frozen) => {
    expect(frozenAt(list, 'UTC', moment)).toBe(frozen)
  })

  test('the first entry that holds is named', () => {
    expect(frozenAt('2027-01-01, 2026-12-24..2027-01-02', 'UTC', '2027-01-01T10:00:00Z')).toBe(
      '2027-01-01 by 2027-01-01',
    )
  })

  test('no entry freezes nothing', () => {
    expect(frozenAt('', 'UTC', '2027-01-01T10:00:00Z')).toBeUndefined()
  })
})

describe('the day is that of the time zone', () => {
  test.each([
    ['Europe/London', '2026-12-23T23:30:00Z', undefined],
    ['Europe/Berlin', '2026-12-23T23:30:00Z', '2026-12-24 by 2026-12-24'],
    ['Europe/Berlin', '2026-12-24T23:30:00Z', undefined],
    ['America/New_York', '2026-12-24T04:59:59Z', undefined],
    ['America/New_York', '2026-12-24T05:00:00Z', '2026-12-24 by 2026-12-24'],
    ['America/New_York', '2026-12-25T04:59:59Z', '2026-12-24 by 2026-12-24'],
    ['Pacific/Kiritimati', '2026-12-23T10:00:00Z', '2026-12-24 by 2026-12-24'],
    ['Asia/Kathmandu', '2026-12-23T18:14:59Z', undefined],
    ['Asia/Kathmandu', '2026-12-23T18:15:00Z', '2026-12-24 by 2026-12-24'],
  ])('%s at %s', (timezone, moment, frozen) => {
    expect(frozenAt('2026-12-24', timezone, moment)).toBe(frozen)
  })

  test.each([
    // Clocks go from 01:00 to 02:00 at 01:00 UTC, and back at 01:00 UTC.
    ['2026-03-28T23:59:59Z', '2026-03-28'],
    ['2026-03-29T00:00:00Z', '2026-03-29'],
    ['2026-03-29T22:59:59Z', '2026-03-29'],
    ['2026-03-29T23:00:00Z', '2026-03-30'],
    ['2026-10-25T00:00:00Z', '2026-10-25'],
    ['2026-10-25T23:59:59Z', '2026-10-25'],
    ['2026-10-26T00:00:00Z', '2026-10-26'],
  ])('when the clocks change in London: %s is %s', (moment, day) => {
    expect(calendarDay(Date.parse(moment), 'Europe/London')).toBe(day)
  })
})
