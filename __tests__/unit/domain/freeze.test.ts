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
    [' a \n b\r\n\r\nc,d\n', ['a', 'b', 'c', 'd']],
    ['a,b\n \n', ['a', 'b']],
    ['a, ', ['a', '']],
    ['a,\nb', ['a', 'b']],
    ['a, \nb', ['a', '', 'b']],
    ['a,\r\n\n  b', ['a', 'b']],
    ['a,\n\n', ['a', '']],
    [',a', ['', 'a']],
    ['a,,b', ['a', '', 'b']],
    ['a, ,\nb', ['a', '', 'b']],
    ['a\n,b', ['a', '', 'b']],
    ['', []],
    [' ,\n', ['', '']],
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

describe('a frozen day is as long as the day of its time zone', () => {
  test.each([
    // 23 hours: the clocks in Berlin go from 02:00 to 03:00 at 01:00 UTC.
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z'],
    // 25 hours: back from 03:00 to 02:00 at 01:00 UTC.
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59.999Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00Z', '2026-03-09T03:59:59.999Z'],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00Z', '2026-11-02T04:59:59.999Z'],
    // In Cairo and Santiago the clocks go forward at midnight: the day begins at 01:00.
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24T20:59:59.999Z'],
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z', '2026-09-07T02:59:59.999Z'],
    // Half an hour of daylight saving.
    ['2026-10-04', 'Australia/Lord_Howe', '2026-10-03T13:30:00Z', '2026-10-04T12:59:59.999Z'],
    // As far ahead of and behind UTC as there is: the same day begins 25 hours apart.
    ['2026-12-24', 'Pacific/Kiritimati', '2026-12-23T10:00:00Z', '2026-12-24T09:59:59.999Z'],
    ['2026-12-24', 'Pacific/Pago_Pago', '2026-12-24T11:00:00Z', '2026-12-25T10:59:59.999Z'],
    // Leap days, and the last day of February where there is none.
    ['2028-02-29', 'UTC', '2028-02-29T00:00:00Z', '2028-02-29T23:59:59.999Z'],
    ['2028-02-29', 'Asia/Tokyo', '2028-02-28T15:00:00Z', '2028-02-29T14:59:59.999Z'],
    ['2027-02-28', 'America/Los_Angeles', '2027-02-28T08:00:00Z', '2027-03-01T07:59:59.999Z'],
  ])('%s in %s', (day, timezone, first, last) => {
    const frozen = `${day} by ${day}`
    const at = (moment: number) => frozenAt(day, timezone, new Date(moment).toISOString())
    const [firstMs, lastMs] = [Date.parse(first), Date.parse(last)]
    expect([at(firstMs - 1), at(firstMs), at(lastMs), at(lastMs + 1)]).toEqual([undefined, frozen, frozen, undefined])
  })

  test('a range has no gap, whatever the clocks do inside it', () => {
    for (
      let moment = Date.parse('2026-03-28T00:00:00Z');
      moment < Date.parse('2026-03-30T23:00:00Z');
      moment += 900_000
    ) {
      expect(frozenAt('2026-03-28..2026-03-30', 'Europe/London', new Date(moment).toISOString())).toBeDefined()
    }
  })

  test.each([
    ['2028-02-28..2028-03-01', '2028-02-29T12:00:00Z', '2028-02-29 by 2028-02-28..2028-03-01'],
    ['2027-12-31..2028-01-01', '2027-12-31T23:59:59Z', '2027-12-31 by 2027-12-31..2028-01-01'],
    ['2027-12-31..2028-01-01', '2028-01-01T23:59:59Z', '2028-01-01 by 2027-12-31..2028-01-01'],
    ['2027-12-31..2028-01-01', '2028-01-02T00:00:00Z', undefined],
  ])('%s at %s', (list, moment, frozen) => {
    expect(frozenAt(list, 'UTC', moment)).toBe(frozen)
  })
})

describe('leap days of years that have none are refused', () => {
  test.each(['2025-02-29', '2026-02-29..2026-03-02', '2100-02-29'])('%s', (text) => {
    expect(parseFreezeEntry(text)).toEqual({ reason: expect.stringContaining('in no calendar') })
  })

  test.each(['2028-02-29', '2000-02-29', '2028-02-29..2028-02-29'])('%s is one', (text) => {
    expect(parseFreezeEntry(text)).toMatchObject({ text })
  })
})
