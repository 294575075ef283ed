import { expect, test } from '@jest/globals'
import { toSkipped } from '../../../src/run/patch.js'
import { toWindow } from '../../support/tasks.js'

test('outside its window a run is skipped, and says the time there', () => {
  expect(toSkipped(toWindow('20:00-06:00', 'Europe/London'), Date.parse('2026-07-01T10:30:00Z'))).toEqual({
    result: 'skipped',
    message: expect.stringMatching(/11:30.*Europe\/London.*20:00-06:00.*nothing was sent/i),
  })
})
