import { describe, expect, test } from '@jest/globals'
import { firstAndMore, isGreen, type Result, toSentence, toShortList } from '../../../src/domain/outcome.js'

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

describe('the first of many', () => {
  test.each<[string[], string[], string]>([
    [[], [], ''],
    [['a', 'b'], ['a', 'b'], 'a, b'],
    [['a', 'b', 'c', 'd'], ['a', 'b', '2 more'], 'a, b and 2 more'],
  ])('%j', (all, items, text) => {
    expect(firstAndMore(all, 2)).toEqual(items)
    expect(toShortList(all, 2)).toBe(text)
  })
})
