import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { withoutAliases } from '../../scripts/newer-syntax.mjs'
import { parsePlainYaml } from '../../scripts/plain-yaml.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = ['action.yml', ...readdirSync(`${root}examples`).map((name) => `examples/${name}`)]

describe('what the examples are read with, since no library is installed where they run', () => {
  test.each(files)('reads %s as YAML is', (file) => {
    const text = readFileSync(`${root}${file}`, 'utf8')
    expect(parsePlainYaml(withoutAliases(text))).toEqual(parse(text))
  })

  test.each([
    "a: 'it''s # no comment' # a comment",
    'a: "tab\\tand \\"quotes\\""',
    'a: |\n  one\n\n  two # kept\nb: 1',
    'a: >-\n  one\n  two\n\nb:\n- 1.5\n- -2\n- [x, "y, z", true]',
    'a:\n  - b: 1\n    c: {}\n  - d:\n      e: null\n',
    'a:\n# far left\n  b: x:y\n  c: []',
  ])('reads %j as YAML is', (text) => {
    expect(parsePlainYaml(text)).toEqual(parse(text))
  })

  test.each([
    ['a: 1\na: 2', /line 2: this key is there twice/],
    ['a: 1\n   b: 2', /line 2: this is indented too far/],
    ['a: one\n  two', /line 2/],
    ['a: &anchor 1', /line 1: this is not known here/],
    ['a: {b: 1}', /line 1: a map in one line/],
    ['a: [1,\n  2]', /line 1: this list does not end in its line/],
    ['a: b: c', /line 1: this is not known here/],
    ['a: |+\n  b', /line 1: this kind of text/],
    ['a: >\n  b\n\n  c', /this text is not known here/],
    ['a: "b" c', /line 1: this has more than one value/],
    ['- a\nb: 1', /line 2: this does not belong/],
  ])('says that it does not know %j', (text, error) => {
    expect(() => parsePlainYaml(text)).toThrow(error)
  })
})
