import { describe, expect, test } from '@jest/globals'
import { findNearest } from '../../../src/inputs/nearest.js'

describe('one edit away from a short word, two from a longer one', () => {
  test.each([
    ['abcd', 'abcde', true],
    ['abcdef', 'abcde', true],
    ['xbcde', 'abcde', true],
    ['bacde', 'abcde', true],
    ['abced', 'abcde', true],
    ['abc', 'abcde', false],
    ['xycde', 'abcde', false],
    ['badce', 'abcde', false],
    ['abcdefg', 'abcde', false],
    ['abcd', 'abcdef', true],
    ['xycdef', 'abcdef', true],
    ['badcef', 'abcdef', true],
    ['bacdfe', 'abcdef', true],
    ['abcdefgh', 'abcdef', true],
    ['bxcdef', 'abcdef', true],
    ['badcfe', 'abcdef', false],
    ['xyzdef', 'abcdef', false],
    ['abc', 'abcdef', false],
    ['abcdefghi', 'abcdef', false],
    ['fedcba', 'abcdef', false],
    ['', 'a', true],
    ['', 'ab', false],
    ['abcde', 'abcde', true],
  ])('%j and %s: %s', (text, word, isClose) => {
    expect(findNearest(text, [word])).toBe(isClose ? word : undefined)
  })
})

test('of several the nearest, and of equally near ones the first', () => {
  expect(findNearest('memoryy', ['memories', 'memory', 'memoryyyy'])).toBe('memory')
  expect(findNearest('max-cpx', ['min-cpu', 'max-cpu'])).toBe('max-cpu')
  expect(findNearest('mxx-cpu', ['min-cpu', 'max-cpu'])).toBe('max-cpu')
  expect(findNearest('abcdeX', ['abcdef', 'abcdeg'])).toBe('abcdef')
  expect(findNearest('x', [])).toBeUndefined()
})
