import { describe, expect, test } from '@jest/globals'
import { InputError, type InputProblem, toProblemText } from '../../src/errors.js'

describe('toProblemText', () => {
  test.each<[InputProblem, string]>([
    [{ input: 'cpu', value: 'x', reason: 'is bad' }, 'cpu "x" is bad'],
    [{ input: 'api-key', reason: 'is bad' }, 'api-key is bad'],
    [{ input: 'cpu', value: 'x', reason: 'is bad', example: '"8"' }, 'cpu "x" is bad (example: "8")'],
    [{ input: 'cpu', value: 'x', reason: 'is bad', repaired: ['8'] }, 'cpu "x" is bad: did you mean 8?'],
    [{ input: 'cpu', value: 'x', reason: 'is bad', repaired: ['8', '9'] }, 'cpu "x" is bad: did you mean 8 or 9?'],
    [
      { input: 'cpu', value: 'x', reason: 'is bad', repaired: ['7', '8', '9'] },
      'cpu "x" is bad: did you mean 7, 8 or 9?',
    ],
    [{ input: 'cpu', value: 'x', reason: 'is bad', repaired: [], example: '8' }, 'cpu "x" is bad (example: 8)'],
    [{ input: 'cpu', value: 'x', reason: 'is bad', repaired: ['8'], example: '9' }, 'cpu "x" is bad: did you mean 8?'],
  ])('%j', (problem, text) => {
    expect(toProblemText(problem)).toBe(text)
  })
})

describe('what cannot be seen in a value is shown as an escape', () => {
  test.each([
    ['a\u200bb', '"a\\u200bb"'],
    ['\ufeffa', '"\\ufeffa"'],
    ['a\u00adb', '"a\\u00adb"'],
    ['a\u00a0b', '"a\\u00a0b"'],
    ['a\u2028b', '"a\\u2028b"'],
    ['a\u202eb', '"a\\u202eb"'],
    ['a\u0085b', '"a\\u0085b"'],
    ['a\u{e0041}b', '"a\\u{e0041}b"'],
    ['a\nb\tc', '"a\\nb\\tc"'],
    ['a\u0007b', '"a\\u0007b"'],
    ['a b', '"a b"'],
    ['ä “b” 漢', '"ä “b” 漢"'],
  ])('%j', (value, shown) => {
    expect(toProblemText({ input: 'x', value, reason: 'is bad' })).toBe(`x ${shown} is bad`)
  })
})

test('a long value is counted and not cut, since half of a secret might stay', () => {
  const textOf = (value: string) => toProblemText({ input: 'x', value, reason: 'is bad' })
  expect(textOf('v'.repeat(200))).toBe(`x "${'v'.repeat(200)}" is bad`)
  expect(textOf('v'.repeat(201))).toBe('x (201 characters) is bad')
})

test('several faults are numbered, one is not', () => {
  const [one, two] = [
    { input: 'a', reason: 'is bad' },
    { input: 'b', reason: 'is worse' },
  ]
  expect(new InputError([one]).message).toBe('a is bad')
  expect(new InputError([one, two], ['w']).message).toBe('(1) a is bad; (2) b is worse')
  expect(new InputError([one, two], ['w']).warnings).toEqual(['w'])
})
