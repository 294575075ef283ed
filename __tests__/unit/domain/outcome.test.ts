import { describe, expect, test } from '@jest/globals'
import { isGreen, type Result, toSentence } from '../../../src/domain/outcome.js'

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

describe('toSentence', () => {
  test.each([
    ['the cluster is Deleting', 'the cluster is Deleting.'],
    ['Done.', 'Done.'],
    ['Really?', 'Really?'],
    ['stop!', 'stop!'],
    ['cut off…', 'cut off…'],
  ])('%j is %j', (text, sentence) => {
    expect(toSentence(text)).toBe(sentence)
  })
})
