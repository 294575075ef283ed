import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { isFreeOfEscapes, unescapedForms, unescapedLevels } from '../../../src/redaction/escapes.js'

describe('the levels of a text', () => {
  test.each<[string, ...string[]]>([
    ['plain text'],
    ['100 % of it & more \\ less'],
    ['a%20b', 'a b'],
    ['a%c3%A9b', 'aéb'],
    ['%f0%9f%98%80', '😀'],
    ['%c3', 'Ã'],
    ['%c3%28', 'Ã('],
    ['%e9t%e9', 'été'],
    ['%zz%4', '%zz%4'],
    ['\\u0041\\U0042\\x43', 'ABC'],
    ['\\u{1F600}\\ud83d\\ude00', '😀😀'],
    ['a\\n\\tb\\/c\\"d\\\\e', 'a\n\tb/c"d\\e', 'ab/c"d\\e'],
    ['a\u200bb\u00adc\u2060d\ufeffe\u{e0001}f\ufe0f', 'abcdef'],
    ['a\r\n  b\n\n\tc\u2028 d  e', 'abcd  e'],
    ['a\0b\u001b[1;31mc\u001b[0m\u0085d\u007f', 'abcd'],
    ['→ é  …\u00a0'],
    ['a%E2%80%8Bb', 'a\u200bb', 'ab'],
    ['a\n%41', 'a%41', 'a\nA', 'aA'],
    ['&#65;&#x42;&#X43;&amp;&lt;&gt;&quot;&apos;', 'ABC&<>"\''],
    ['&#9999999;', '&#9999999;'],
    ['&nbsp;', '&nbsp;'],
    ['a%2520b', 'a%20b', 'a b'],
    ['\\\\u0041', '\\u0041', 'A'],
    ['%5cu0041', '\\u0041', 'A'],
    ['&amp;#65;', '&#65;', 'A'],
    ['%41\\u0042', 'A\\u0042', '%41B', 'AB'],
    ['a\\"b%aa', 'a\\"bª', 'a"b%aa', 'a"bª'],
  ])('%j', (text, ...levels) => {
    const expected = levels.filter((level) => level !== text)
    expect(unescapedForms(text)).toEqual([text, ...expected])
  })

  test('know where each character began', () => {
    const text = 'x%41\\u0042&#67;%c3%a9y'
    const level = [...unescapedLevels(text)].find((candidate) => candidate.text === 'xABCéy')
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => level?.startOf(index))).toEqual([0, 1, 4, 10, 15, 21, 22])
  })

  test('know where each character began and ended without what nobody sees', () => {
    const level = [...unescapedLevels('\u200bx\r\n y%E2%80%8B%41\u200b')].find((candidate) => candidate.text === 'xyA')
    expect([0, 1, 2].map((index) => level?.startOf(index))).toEqual([1, 5, 15])
    expect([1, 2, 3].map((index) => level?.endOf(index))).toEqual([2, 6, 18])
  })

  test('know it within a row of percent escapes', () => {
    const level = [...unescapedLevels('x%41%c3%a9%42')][1]
    expect(level?.text).toBe('xAéB')
    expect([0, 1, 2, 3, 4].map((index) => level?.startOf(index))).toEqual([0, 1, 4, 10, 13])
  })

  test('know it over two rounds as well', () => {
    const text = 'x%2541y'
    const level = [...unescapedLevels(text)].at(-1)
    expect(level?.text).toBe('xAy')
    expect([0, 1, 2, 3].map((index) => level?.startOf(index))).toEqual([0, 1, 6, 7])
  })

  test('end, however deep the escapes are', () => {
    const deep = Array.from({ length: 40 }).reduce<string>((text) => text.replaceAll('%', '%25'), '%41')
    expect(unescapedForms(deep)).toHaveLength(12)
  })

  test('bring back what was encoded, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const inJson = JSON.stringify(text).slice(1, -1)
        expect(unescapedForms(encodeURIComponent(text))).toContain(text)
        expect(unescapedForms(inJson)).toContain(text)
        expect(unescapedForms(encodeURIComponent(inJson))).toContain(text)
      }),
    )
  })

  test('never leave the text they came from', () => {
    const pieces = fc.constantFrom(
      '%',
      '%4',
      '%41',
      '%c3',
      '%a9',
      '\\',
      '\\u',
      '\\u0041',
      '\\x4',
      '&#',
      '&#65',
      ';',
      'é',
      '\n',
      '\u200b',
      '\\n',
    )
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('')
        for (const level of unescapedLevels(text)) {
          const starts = Array.from({ length: level.text.length + 1 }, (_, index) => level.startOf(index))
          expect(starts).toEqual([...starts].sort((left, right) => left - right))
          expect(starts.at(-1)).toBe(text.length)
          const ends = Array.from({ length: level.text.length + 1 }, (_, index) => level.endOf(index))
          expect(ends.every((end, index) => end <= (starts[index] ?? 0))).toBe(true)
          expect(ends.slice(1).every((end, index) => end > (starts[index] ?? 0))).toBe(true)
        }
      }),
    )
  })
})

test.each([
  ['plain text', true],
  ['100 %', false],
  ['a\\b', false],
  ['a & b', false],
])('%j can hold no escape: %s', (text, isFree) => {
  expect(isFreeOfEscapes(text)).toBe(isFree)
})
