import { describe, expect, test } from '@jest/globals'
import { ALLOWANCES, allowedMs } from '../../src/policy.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND

describe('how long something is put up with, by timeout: the default, an hour and a half, a minute', () => {
  const TIMEOUTS = [30 * MINUTE, 90 * MINUTE, MINUTE]
  test.each<[name: keyof typeof ALLOWANCES, ofDefault: number, ofLong: number, ofShort: number]>([
    ['firstRead', 2 * MINUTE, 2 * MINUTE, 30 * SECOND],
    ['ownRefusal', 30 * SECOND, 30 * SECOND, 15 * SECOND],
    ['refusedEtag', 2 * MINUTE, 2 * MINUTE, 30 * SECOND],
    ['lostAnswers', 2 * MINUTE, 2 * MINUTE, MINUTE],
    ['busyAnswers', 15 * MINUTE, 45 * MINUTE, 30 * SECOND],
    ['watch', 2 * MINUTE, 2 * MINUTE, 15 * SECOND],
    ['unclearPhase', MINUTE, MINUTE, 15 * SECOND],
    ['deadline', 30 * MINUTE, 90 * MINUTE, MINUTE],
    ['undone', 2 * MINUTE, 2 * MINUTE, 15 * SECOND],
    ['leastForPatch', 30 * SECOND, 30 * SECOND, 6 * SECOND],
    ['lateLink', MINUTE, MINUTE, 15 * SECOND],
    ['lastLook', 2 * SECOND, 2 * SECOND, 2 * SECOND],
  ])('%s: %i, %i, %i ms', (name, ...expected) => {
    expect(TIMEOUTS.map((timeoutMs) => allowedMs(ALLOWANCES[name], timeoutMs))).toEqual(expected)
  })

  test('the last look is a tenth of a short timeout before the deadline', () => {
    expect(allowedMs(ALLOWANCES.lastLook, 5 * SECOND)).toBe(500)
  })

  test('every allowance has its row above', () => {
    expect(Object.keys(ALLOWANCES)).toHaveLength(12)
  })
})
