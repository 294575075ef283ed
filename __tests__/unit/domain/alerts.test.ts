import { describe, expect, test } from '@jest/globals'
import {
  alertLeaves,
  asksForAbsence,
  isValueMet,
  leafPaths,
  secretTextsIn,
  withoutValues,
} from '../../../src/domain/alerts.js'
import type { JsonObject, JsonValue } from '../../../src/domain/json.js'

describe('leafPaths', () => {
  test.each<[JsonObject, string[][]]>([
    [{}, []],
    [{ a: 1 }, [['a']]],
    [{ a: { b: 1, c: { d: null } }, e: [] }, [['a', 'b'], ['a', 'c', 'd'], ['e']]],
    [{ a: {} }, [['a']]],
    [{ a: [{ b: 1 }] }, [['a']]],
    [{ 'a.b': 1 }, [['a.b']]],
  ])('%j', (asked, paths) => {
    expect(leafPaths(asked)).toEqual(paths)
  })
})

describe('isValueMet', () => {
  test.each<[JsonValue, JsonValue | undefined, boolean]>([
    [true, true, true],
    [true, false, false],
    [0, 0, true],
    [0, undefined, false],
    [false, undefined, false],
    ['', undefined, false],
    [null, undefined, true],
    [null, null, true],
    [null, false, false],
    [null, {}, false],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 1], false],
    [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }], true],
    [[{ a: 1 }], [{ a: 1, more: 2 }], false],
    [{}, { anything: 1 }, true],
    [{}, [], false],
  ])('%j asked, %j live: %s', (asked, live, met) => {
    expect(isValueMet(asked, live)).toBe(met)
  })
})

describe('asksForAbsence', () => {
  test.each<[JsonObject | undefined, boolean]>([
    [undefined, false],
    [{}, false],
    [{ a: 1, b: [null] }, false],
    [{ a: 1, b: { c: null } }, true],
  ])('%j: %s', (asked, absence) => {
    expect(asksForAbsence(asked)).toBe(absence)
  })
})

describe('withoutValues keeps the keys and hides all else', () => {
  test.each<[JsonObject, JsonObject]>([
    [
      { a: 'secret', b: { c: 1, d: null } },
      { a: '***', b: { c: '***', d: '***' } },
    ],
    [{ list: ['secret', { key: 'secret' }] }, { list: '***' }],
    [
      { on: true, empty: {} },
      { on: '***', empty: {} },
    ],
  ])('%j', (alerts, hidden) => {
    expect(withoutValues(alerts)).toEqual(hidden)
  })

  test('a key named __proto__ is a key', () => {
    expect(JSON.stringify(withoutValues(JSON.parse('{"__proto__": {"a": "secret"}}')))).toBe(
      '{"__proto__":{"a":"***"}}',
    )
  })
})

test.each<[JsonValue | undefined, string[]]>([
  ['a', ['text a']],
  [{ a: 'x', b: { c: ['y', { d: 'z' }] } }, ['key a', 'key b', 'key c', 'key d', 'text x', 'text y', 'text z']],
  [{ a: 1, b: null, c: true, d: -1.5 }, ['key a', 'key b', 'key c', 'key d', 'number 1', 'number 1.5']],
  [undefined, []],
])('the keys, texts and numbers of %j', (value, leaves) => {
  expect(Array.from(alertLeaves(value), ({ kind, text }) => `${kind} ${text}`).sort()).toEqual(leaves.sort())
})

describe('what of a value may be a secret', () => {
  test.each<[string, string[]]>([
    ['memory', []],
    ['hunter2', ['hunter2']],
    ['https://x.example/KubeNode/notifications/', ['https://x.example/KubeNode/notifications/']],
    [
      'https://bob:pw@x.example/T0123456/b?k=v&key=AbCdEfGhIjKl',
      [
        'https://bob:pw@x.example/T0123456/b?k=v&key=AbCdEfGhIjKl',
        'v&key=AbCdEfGhIjKl',
        'bob:pw',
        'T0123456',
        'AbCdEfGhIjKl',
      ],
    ],
    ['a: b\nc: hunter2', ['a: b\nc: hunter2', 'c: hunter2', 'hunter2']],
  ])('%j', (text, secrets) => {
    const found = new Set(secretTextsIn({ kind: 'text', text }))
    expect([...found].sort()).toEqual([...secrets].sort())
  })

  test('is nothing of a key, and of a number six digits or more', () => {
    expect([...secretTextsIn({ kind: 'key', text: 'hunter2-hunter2' })]).toEqual([])
    expect([...secretTextsIn({ kind: 'number', text: '123456' })]).toEqual(['123456'])
    expect([...secretTextsIn({ kind: 'number', text: '1234.5' })]).toEqual([])
  })
})
