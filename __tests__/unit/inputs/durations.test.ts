import { describe, expect, test } from '@jest/globals'
import { parseDurationInput } from '../../../src/inputs/durations.js'

const parse = parseDurationInput()
const parseOrZero = parseDurationInput({ zero: true })

test.each([
  ['30s', 30_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
])('%s is %i ms', (text, value) => {
  expect(parse(text)).toEqual({ value })
})

describe('zero', () => {
  test.each(['0s', '0h0m', '0ms'])('%s is a duration where that is allowed', (text) => {
    expect(parseOrZero(text)).toEqual({ value: 0 })
    expect(parse(text)).toEqual({ reason: 'must be above zero' })
  })

  test.each(['0', '00', '"0"'])('%s has no unit, or no meaning', (text) => {
    expect(parseOrZero(text)).toEqual({ reason: 'has no unit', repaired: ['0s'] })
    expect(parse(text)).toEqual({ reason: 'must be above zero' })
  })
})

describe('what people write is understood, and not taken', () => {
  test.each([
    ['30min', '30m'],
    ['30 minutes', '30m'],
    ['30 Minutes', '30m'],
    ['30M', '30m'],
    ['45 sec', '45s'],
    ['45secs', '45s'],
    ['2 hrs', '2h'],
    ['2 hours', '2h'],
    ['1 hour', '1h'],
    ['500 msec', '500ms'],
    ['500 milliseconds', '500ms'],
    ['90 min', '90m'],
    ['1.5h', '1h30m'],
    ['1,5h', '1h30m'],
    ['0.5h', '30m'],
    ['1.5m', '1m30s'],
    ['1.5s', '1s500ms'],
    ['2.25 minutes', '2m15s'],
    ['1h 30m', '1h30m'],
    ['1 hour and 30 minutes', '1h30m'],
    ['1h30min', '1h30m'],
    ['30m1h', '1h30m'],
    ['1h1m1s1ms ', '1h1m1s1ms'],
    ['1d', '24h'],
    ['2 days', '48h'],
    ['1d 2h', '26h'],
    ['PT30M', '30m'],
    ['pt1h30m', '1h30m'],
    ['"30m"', '30m'],
    ['1h 0.5h', '1h30m'],
  ])('%s: %s', (text, repaired) => {
    expect(parse(text)).toEqual({ reason: 'is not a duration', repaired: [repaired] })
  })

  test.each([
    '-5s',
    '+5s',
    'soon',
    '00:30:00',
    '1,500ms',
    '5x',
    '5m30',
    'm',
    '1h,30m',
    '0.1ms',
    '0.5ms x',
    'P1D',
    '1 5m',
    '1h 3 0m',
    '1, 5h',
    '',
  ])('%j has no guess', (text) => {
    expect(parse(text)).toEqual({ reason: 'is not a duration' })
  })
})

test('a bare number is offered in the units that it may have had', () => {
  expect(parse('5')).toEqual({ reason: 'has no unit', repaired: ['5s', '5m'] })
  expect(parseDurationInput({ bareUnits: () => ['h'] })('5')).toEqual({ reason: 'has no unit', repaired: ['5h'] })
  // Longer than any duration that is taken.
  expect(parse('1234567890')).toEqual({ reason: 'has no unit' })
})
