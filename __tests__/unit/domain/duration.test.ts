import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseDuration, toDurationText } from '../../../src/domain/duration.js'

describe('parseDuration', () => {
  test.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1h', 3_600_000],
    ['1h0m5s', 3_605_000],
    ['1s500ms', 1_500],
    ['90m', 5_400_000],
    ['0s', 0],
    ['0h0m0s0ms', 0],
  ])('%s is %i ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each([
    [''],
    ['30'],
    ['0'],
    ['-30s'],
    ['+30s'],
    ['1.5h'],
    ['.5h'],
    ['30 s'],
    ['30S'],
    ['30M'],
    ['30sec'],
    ['1d'],
    ['30m1h'],
    ['1m1m'],
    ['1h30'],
    ['1e3s'],
    ['s'],
    ['forever'],
  ])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  test('every unit counts', () => {
    const parts = fc.tuple(fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }), fc.nat({ max: 999 }))
    fc.assert(
      fc.property(parts, ([h, m, s, ms]) => {
        expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms)
      }),
    )
  })
})

describe('toDurationText', () => {
  test.each([
    [0, '0s'],
    [999, '0s'],
    [45_999, '45s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [750_000, '12m 30s'],
    [3_599_000, '59m 59s'],
    [3_600_000, '1h'],
    [3_659_000, '1h'],
    [3_900_000, '1h 5m'],
    [90_000_000, '25h'],
  ])('%i ms is %s', (ms, text) => {
    expect(toDurationText(ms)).toBe(text)
  })
})
