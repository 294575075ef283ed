import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  canonicalJson,
  isJsonObject,
  isSameJson,
  type JsonObject,
  type JsonValue,
  ownValue,
  valueAt,
} from '../../../src/domain/json.js'

describe('isJsonObject', () => {
  test.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['text', false],
    [1, false],
    [undefined, false],
  ])('%j: %s', (value, is) => {
    expect(isJsonObject(value)).toBe(is)
  })
})

describe('valueAt', () => {
  const alerts: JsonObject = { a: { b: { c: 0 } }, list: [{ d: 1 }], 'x.y': false }

  test.each<[string[], JsonValue | undefined]>([
    [['a', 'b', 'c'], 0],
    [['a', 'b'], { c: 0 }],
    [['x.y'], false],
    [['x', 'y'], undefined],
    [['a', 'gone', 'c'], undefined],
    [['list', '0'], undefined],
    [['constructor'], undefined],
    [['__proto__', 'toString'], undefined],
  ])('%j', (path, value) => {
    expect(valueAt(alerts, path)).toEqual(value)
  })

  test('a key is just a key, even where objects inherit one of that name', () => {
    expect(ownValue({}, 'toString')).toBeUndefined()
    expect(ownValue(JSON.parse('{"__proto__": 1}'), '__proto__')).toBe(1)
  })
})

describe('isSameJson', () => {
  test.each<[JsonValue | undefined, JsonValue | undefined, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: { x: 1, y: [1] } }, { a: { y: [1], x: 1 } }, true],
    [[1, 2], [2, 1], false],
    [[1, 2], [1, 2, 3], false],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: 1 }, { a: 1, b: null }, false],
    [1, 1, true],
    [0, false, false],
    ['', null, false],
    [null, undefined, false],
    ['undefined', undefined, false],
    [undefined, undefined, true],
    [[], {}, false],
    ['{"a":1}', { a: 1 }, false],
  ])('%j and %j: %s', (left, right, same) => {
    expect(isSameJson(left, right)).toBe(same)
    expect(isSameJson(right, left)).toBe(same)
  })

  test('a copy is the same in every order of keys, and other values are others', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      )
    }
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 2 }), (value, other) => {
        const [json, another] = [value as JsonValue, other as JsonValue]
        expect(isSameJson(json, reversed(json) as JsonValue)).toBe(true)
        expect(isSameJson({ a: json }, { a: json, b: another })).toBe(false)
        expect(isSameJson(JSON.parse(canonicalJson(json)), json)).toBe(true)
      }),
    )
  })
})
