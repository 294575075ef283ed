import { describe, expect, test } from '@jest/globals'
import { isTimezone, isWithinWindow, parseWindow, timeOfDay } from '../../../src/domain/window.js'
import { toWindow } from '../../support/tasks.js'

function isOpenAt(text: string, timezone: string, moment: string): boolean {
  return isWithinWindow(toWindow(text, timezone), Date.parse(moment))
}

describe('parseWindow', () => {
  test.each([
    ['20:00-06:00', 1_200, 360],
    ['00:00-23:59', 0, 1_439],
    ['09:30-09:31', 570, 571],
    ['08:00-08:00', 480, 480],
    ['00:00-24:00', 0, 1_440],
    ['22:00-24:00', 1_320, 1_440],
  ])('%s', (text, fromMinute, untilMinute) => {
    expect(parseWindow(text, 'UTC')).toEqual({ text, fromMinute, untilMinute, timezone: 'UTC' })
  })

  test.each([
    ['8:00-18:00', '08:00-18:00'],
    ['20:00 - 06:00', '20:00-06:00'],
    ['8:05 -9:00', '08:05-09:00'],
    ['0:00-24:00', '00:00-24:00'],
  ])('%j is %s', (text, normal) => {
    expect(parseWindow(text, 'UTC')).toEqual(parseWindow(normal, 'UTC'))
    expect(parseWindow(text, 'UTC')?.text).toBe(normal)
  })

  test.each([
    [''],
    ['20:00'],
    ['20:00-'],
    ['24:00-06:00'],
    ['20:60-06:00'],
    ['20:00-24:01'],
    ['24:00-24:00'],
    ['25:00-06:00'],
    ['8:0-9:00'],
    ['008:00-9:00'],
    ['20.00-06.00'],
    ['20:00:00-06:00:00'],
    ['20:00–06:00'],
    ['8pm-6am'],
    ['20:00-06:00,12:00-13:00'],
  ])('%j is no window', (text) => {
    expect(parseWindow(text, 'UTC')).toBeUndefined()
  })
})

describe('isTimezone', () => {
  test.each([
    ['UTC', true],
    ['Europe/London', true],
    ['America/New_York', true],
    ['Asia/Kathmandu', true],
    ['US/Eastern', true],
    ['America/Argentina/Buenos_Aires', true],
    ['europe/london', true],
    ['Etc/UTC', true],
    ['Etc/GMT+5', false],
    ['etc/gmt-3', false],
    ['Etc/GMT', false],
    ['utc', false],
    ['BST', false],
    ['EST', false],
    ['CET', false],
    ['EST5EDT', false],
    ['GB', false],
    ['+01/00', false],
    ['Mars/Olympus', false],
    ['London', false],
    ['+01:00', false],
    ['', false],
    ['../etc/passwd', false],
  ])('%s: %s', (name, known) => {
    expect(isTimezone(name)).toBe(known)
  })
})

describe('timeOfDay', () => {
  test.each([
    ['2026-01-15T00:00:00Z', 'UTC', '00:00'],
    ['2026-01-15T23:59:59.999Z', 'UTC', '23:59'],
    ['2026-07-15T12:00:00Z', 'Europe/London', '13:00'],
    ['2026-01-15T12:00:00Z', 'America/New_York', '07:00'],
    ['2026-01-15T18:15:00Z', 'Asia/Kathmandu', '00:00'],
  ])('%s in %s is %s', (moment, timezone, time) => {
    expect(timeOfDay(Date.parse(moment), timezone)).toBe(time)
  })
})

describe('a window within a day includes its start, excludes its end', () => {
  test.each([
    ['2026-01-15T08:59:59.999Z', false],
    ['2026-01-15T09:00:00Z', true],
    ['2026-01-15T12:00:00Z', true],
    ['2026-01-15T16:59:59.999Z', true],
    ['2026-01-15T17:00:00Z', false],
    ['2026-01-15T00:00:00Z', false],
  ])('09:00-17:00 at %s: %s', (moment, open) => {
    expect(isOpenAt('09:00-17:00', 'UTC', moment)).toBe(open)
  })
})

describe('24:00 is the end of the day', () => {
  test.each([
    ['00:00-24:00', '2026-01-15T00:00:00Z', true],
    ['00:00-24:00', '2026-01-15T12:00:00Z', true],
    ['00:00-24:00', '2026-01-15T23:59:59.999Z', true],
    ['22:00-24:00', '2026-01-15T21:59:59Z', false],
    ['22:00-24:00', '2026-01-15T23:59:59Z', true],
    ['22:00-24:00', '2026-01-16T00:00:00Z', false],
  ])('%s at %s: %s', (text, moment, open) => {
    expect(isOpenAt(text, 'UTC', moment)).toBe(open)
  })
})

describe('a window may wrap past midnight', () => {
  test.each([
    ['2026-01-15T19:59:59.999Z', false],
    ['2026-01-15T20:00:00Z', true],
    ['2026-01-15T23:59:59.999Z', true],
    ['2026-01-16T00:00:00Z', true],
    ['2026-01-16T05:59:59.999Z', true],
    ['2026-01-16T06:00:00Z', false],
    ['2026-01-16T10:00:00Z', false],
  ])('20:00-06:00 at %s: %s', (moment, open) => {
    expect(isOpenAt('20:00-06:00', 'UTC', moment)).toBe(open)
  })

  test.each([
    ['2026-01-15T23:59:59Z', true],
    ['2026-01-16T00:00:00Z', false],
  ])('22:00-00:00 ends with the day: %s, %s', (moment, open) => {
    expect(isOpenAt('22:00-00:00', 'UTC', moment)).toBe(open)
  })
})

describe('the window moves with the clocks of its time zone', () => {
  test.each([
    // Clocks go from 01:00 to 02:00 at 01:00 UTC.
    ['01:30-02:30', 'Europe/London', '2026-03-29T00:59:59Z', false],
    ['01:30-02:30', 'Europe/London', '2026-03-29T01:00:00Z', true],
    ['01:30-02:30', 'Europe/London', '2026-03-29T01:29:59Z', true],
    ['01:30-02:30', 'Europe/London', '2026-03-29T01:30:00Z', false],
    ['20:00-06:00', 'Europe/London', '2026-03-28T20:00:00Z', true],
    ['20:00-06:00', 'Europe/London', '2026-03-29T04:59:59Z', true],
    ['20:00-06:00', 'Europe/London', '2026-03-29T05:00:00Z', false],
    ['20:00-06:00', 'Europe/London', '2026-03-29T19:00:00Z', true],
    // Clocks go from 02:00 back to 01:00 at 01:00 UTC: the half hour comes twice.
    ['01:30-02:00', 'Europe/London', '2026-10-25T00:29:59Z', false],
    ['01:30-02:00', 'Europe/London', '2026-10-25T00:30:00Z', true],
    ['01:30-02:00', 'Europe/London', '2026-10-25T00:59:59Z', true],
    ['01:30-02:00', 'Europe/London', '2026-10-25T01:00:00Z', false],
    ['01:30-02:00', 'Europe/London', '2026-10-25T01:30:00Z', true],
    ['01:30-02:00', 'Europe/London', '2026-10-25T02:00:00Z', false],
    ['20:00-06:00', 'Europe/London', '2026-10-25T05:59:59Z', true],
    ['20:00-06:00', 'Europe/London', '2026-10-25T06:00:00Z', false],
    // Clocks go from 02:00 to 03:00 at 07:00 UTC: what lies between never comes.
    ['02:15-02:45', 'America/New_York', '2026-03-08T06:59:59Z', false],
    ['02:15-02:45', 'America/New_York', '2026-03-08T07:00:00Z', false],
    ['02:15-02:45', 'America/New_York', '2026-03-08T07:30:00Z', false],
    ['20:00-06:00', 'America/New_York', '2026-03-08T01:00:00Z', true],
    ['20:00-06:00', 'America/New_York', '2026-03-08T09:59:59Z', true],
    ['20:00-06:00', 'America/New_York', '2026-03-08T10:00:00Z', false],
    // Clocks go from 02:00 back to 01:00 at 06:00 UTC: the hour is two hours long.
    ['01:00-02:00', 'America/New_York', '2026-11-01T04:59:59Z', false],
    ['01:00-02:00', 'America/New_York', '2026-11-01T05:00:00Z', true],
    ['01:00-02:00', 'America/New_York', '2026-11-01T06:00:00Z', true],
    ['01:00-02:00', 'America/New_York', '2026-11-01T06:59:59Z', true],
    ['01:00-02:00', 'America/New_York', '2026-11-01T07:00:00Z', false],
    ['20:00-06:00', 'America/New_York', '2026-11-01T10:59:59Z', true],
    ['20:00-06:00', 'America/New_York', '2026-11-01T11:00:00Z', false],
    // Far ahead of UTC and far behind it, where the window lies on another day than in UTC.
    ['20:00-06:00', 'Pacific/Kiritimati', '2026-12-24T05:59:59Z', false],
    ['20:00-06:00', 'Pacific/Kiritimati', '2026-12-24T06:00:00Z', true],
    ['20:00-06:00', 'Pacific/Kiritimati', '2026-12-24T15:59:59Z', true],
    ['20:00-06:00', 'Pacific/Kiritimati', '2026-12-24T16:00:00Z', false],
    ['20:00-06:00', 'Pacific/Pago_Pago', '2026-12-24T06:59:59Z', false],
    ['20:00-06:00', 'Pacific/Pago_Pago', '2026-12-24T07:00:00Z', true],
    ['20:00-06:00', 'Pacific/Pago_Pago', '2026-12-24T16:59:59Z', true],
    ['20:00-06:00', 'Pacific/Pago_Pago', '2026-12-24T17:00:00Z', false],
    // Half an hour of daylight saving, from 02:00 to 02:30 at 15:30 UTC.
    ['01:45-02:45', 'Australia/Lord_Howe', '2026-10-03T15:29:59Z', true],
    ['01:45-02:45', 'Australia/Lord_Howe', '2026-10-03T15:44:59Z', true],
    ['01:45-02:45', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z', false],
    // Where the clocks go forward at midnight there is no 00:30.
    ['00:15-00:45', 'Africa/Cairo', '2026-04-23T21:59:59Z', false],
    ['00:15-00:45', 'Africa/Cairo', '2026-04-23T22:00:00Z', false],
    ['19:00-24:00', 'Africa/Cairo', '2026-04-23T21:59:59Z', true],
    ['19:00-24:00', 'Africa/Cairo', '2026-04-23T22:00:00Z', false],
    // The night into a leap day, and out of it.
    ['20:00-06:00', 'UTC', '2028-02-29T00:00:00Z', true],
    ['20:00-06:00', 'UTC', '2028-02-29T06:00:00Z', false],
    ['20:00-06:00', 'UTC', '2028-03-01T05:59:59Z', true],
  ])('%s in %s at %s: %s', (text, timezone, moment, open) => {
    expect(isOpenAt(text, timezone, moment)).toBe(open)
  })
})
