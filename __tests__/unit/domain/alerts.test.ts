import { describe, expect, test } from '@jest/globals'
import { isValueMet, leafPaths, textsIn, withoutValues } from '../../../src/domain/alerts.js'
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

describe('textsIn', () => {
  test.each<[JsonValue | undefined, string[]]>([
    ['a', ['a']],
    [{ a: 'x', b: { c: ['y', { d: 'z' }] } }, ['x', 'y', 'z']],
    [{ a: 1, b: null, c: true }, []],
    [{ pin: 123_456, threshold: 99_999, rate: 0.75 }, ['123456']],
    [undefined, []],
  ])('%j', (value, texts) => {
    expect(textsIn(value)).toEqual(texts)
  })
})
