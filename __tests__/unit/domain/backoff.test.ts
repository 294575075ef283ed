import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { conflictDelayMs, pollDelayMs, retryDelayMs } from '../../../src/domain/backoff.js'

describe('polls: a fifth of the time waited, at least 2 s, at most poll-interval, ±10 %', () => {
  test.each([
    [0, 12_000, 0.5, 2_000],
    [9_999, 12_000, 0.5, 2_000],
    [10_000, 12_000, 0.5, 2_000],
    [20_000, 12_000, 0.5, 4_000],
    [60_000, 12_000, 0.5, 12_000],
    [600_000, 12_000, 0.5, 12_000],
    [0, 12_000, 0, 1_800],
    [0, 12_000, 1, 2_200],
    [600_000, 12_000, 0, 10_800],
    [600_000, 12_000, 1, 13_200],
    [0, 50, 0.5, 50],
    [600_000, 50, 0.5, 50],
    [600_000, 300_000, 0.5, 120_000],
  ])('after %i ms, with poll-interval %i ms and chance %f: %f ms', (waitedMs, intervalMs, chance, ms) => {
    expect(pollDelayMs(waitedMs, intervalMs, chance)).toBeCloseTo(ms, 6)
  })
})

describe('retries: 0.5 s doubling to 15 s, times a random 0.5 to 1', () => {
  test.each([
    [1, 1, 500],
    [2, 1, 1_000],
    [3, 1, 2_000],
    [4, 1, 4_000],
    [5, 1, 8_000],
    [6, 1, 15_000],
    [7, 1, 15_000],
    [2_000, 1, 15_000],
    [2_000, 0, 7_500],
    [1, 0, 250],
    [5, 0, 4_000],
    [1, 0.5, 375],
  ])('failure %i, chance %f: %i ms', (failures, chance, ms) => {
    expect(retryDelayMs(failures, chance)).toBe(ms)
  })
})

describe('conflicts: a random 0 to 0.5 s, doubling', () => {
  test.each([
    [1, 0, 0],
    [1, 1, 500],
    [2, 1, 1_000],
    [3, 1, 2_000],
    [4, 0.5, 2_000],
    [5, 1, 8_000],
    [6, 1, 15_000],
    [2_000, 1, 15_000],
    [4, 0, 0],
  ])('conflict %i, chance %f: %i ms', (conflicts, chance, ms) => {
    expect(conflictDelayMs(conflicts, chance)).toBe(ms)
  })
})

test('no pause is negative, endless or far beyond its limit', () => {
  const chances = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      fc.nat({ max: 10 ** 9 }),
      fc.integer({ min: 1, max: 10 ** 7 }),
      fc.integer({ min: 1, max: 5_000 }),
      chances,
      (waitedMs, intervalMs, tries, chance) => {
        expect(pollDelayMs(waitedMs, intervalMs, chance)).toBeGreaterThan(0)
        expect(pollDelayMs(waitedMs, intervalMs, chance)).toBeLessThanOrEqual(intervalMs * 1.1 + 1e-6)
        expect(retryDelayMs(tries, chance)).toBeGreaterThanOrEqual(250)
        expect(retryDelayMs(tries, chance)).toBeLessThanOrEqual(15_000)
        expect(conflictDelayMs(tries, chance)).toBeGreaterThanOrEqual(0)
        expect(conflictDelayMs(tries, chance)).toBeLessThanOrEqual(15_000)
      },
    ),
  )
})
