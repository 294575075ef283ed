import { describe, expect, test } from '@jest/globals'
import { isGreen, type Result } from '../../src/domain/outcome.js'

describe('isGreen', () => {
  test.each<[Result, boolean]>([
    ['unchanged', true],
    ['planned', true],
    ['skipped', true],
    ['accepted', true],
    ['converged', true],
    ['failed', false],
    ['timed-out', false],
    ['cancelled', false],
  ])('%s: %s', (result, green) => {
    expect(isGreen(result)).toBe(green)
  })
})
