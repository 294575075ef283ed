import { expect, test } from '@jest/globals'
import { readJson } from '../../src/api/json-text.js'
import { cpuMsOf } from '../support/timing.js'

test('JSON of 10 MiB is looked through in no time', () => {
  const text = JSON.stringify(Array(10_000).fill('x'.repeat(1_020)))
  expect(cpuMsOf(() => readJson(text))).toBeLessThan(1_000)
})
