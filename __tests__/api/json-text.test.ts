import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parseJson, readJson } from '../../src/api/json-text.js'
import { DEEPEST_JSON } from '../../src/policy.js'

const nest = (depth: number, inner = '0') => `${'[{"a":'.repeat(depth / 2)}${inner}${'}]'.repeat(depth / 2)}`

describe('JSON of an answer', () => {
  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 0, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent)
        expect(readJson(spaced)).toEqual({ kind: 'json', value: JSON.parse(text) })
      }),
    )
  })

  test.each([
    ['just as deep as allowed', nest(DEEPEST_JSON), 'json'],
    ['one level more', `[${nest(DEEPEST_JSON)}]`, 'too-deep'],
    ['deep in a part that is long closed', `[${nest(60_000)},1]`, 'too-deep'],
    ['wide, not deep', `[${'[],'.repeat(100_000)}{}]`, 'json'],
    ['brackets inside texts', JSON.stringify(['['.repeat(1_000), '{'.repeat(1_000)]), 'json'],
    ['brackets after an escaped quote', JSON.stringify(`"${'['.repeat(1_000)}\\`), 'json'],
    ['a text that ends in a backslash, then brackets', `["\\\\",${nest(DEEPEST_JSON)}]`, 'too-deep'],
    ['an open text', `"${'['.repeat(1_000)}`, 'not-json'],
    ['brackets that nobody opened', `${']'.repeat(1_000)}${'['.repeat(2)}`, 'not-json'],
    ['nothing', '', 'not-json'],
    ['a byte order mark', '\ufeff', 'not-json'],
    ['a byte order mark before JSON', '\ufeff{}', 'json'],
    ['a byte order mark inside', '{\ufeff}', 'not-json'],
  ])('%s', (_, text, kind) => {
    expect(readJson(text).kind).toBe(kind)
    expect(parseJson(text) !== undefined).toBe(kind === 'json')
  })
})
