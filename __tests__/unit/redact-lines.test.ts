import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  createAlertRedactor,
  createRedactor,
  redactDeep,
  redactLong,
  toHarmlessLine,
  toShownLine,
} from '../../src/redact.js'
import { cpuMsOf } from '../support/timing.js'

const KEY = 'kupe_ab12_S3cr3t-Part_x9'
const redact = createRedactor([KEY])

describe('a text from outside', () => {
  test.each([
    ['short', 'short'],
    [`it says ${KEY}`, 'it says ***'],
    ['::error::x\n##[group]y', ': :error: :x # #[group]y'],
    [':::error::::x', ': : :error: : : :x'],
    ['a\u061cb\u202ec', 'a b c'],
    ['x'.repeat(60), `${'x'.repeat(49)}…`],
    ['', ''],
  ])('%j becomes one harmless line', (text, line) => {
    expect(toShownLine(text, redact, { longest: 50 })).toBe(line)
  })

  test('loses its secrets before its end', () => {
    for (let before = 0; before < 60; before++) {
      expect(toShownLine(`${'x'.repeat(before)}${KEY}`, redact, { longest: 50 })).not.toContain('kupe')
    }
  })

  test('is no command, whatever it is made of', () => {
    const pieces = fc.constantFrom(
      ':',
      '::',
      '#',
      '##',
      '[',
      '##[',
      'error',
      ' ',
      '\n',
      '\r',
      '\u0000',
      '\u2028',
      '\ufeff',
    )
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const line = toHarmlessLine(parts.join(''))
        expect(line).not.toMatch(/::|##\[|\p{Cc}|\u2028/u)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a long text', () => {
  const SECRET = 'secret-of-16-bytes-1'
  const redactor = createAlertRedactor({ secrets: [KEY], shown: [] })
  redactor.learn({ a: SECRET, long: Array.from({ length: 4_000 }, (_, index) => `part ${index}`).join(', ') })

  test('is searched and kept to its beginning only, but for as long as it may be shown', () => {
    const text = `${'word '.repeat(100_000)}${KEY}`
    const shown = redactLong(text, redact, { longest: 1_000 })
    expect(text.startsWith(shown)).toBe(true)
    expect(shown.length).toBeLessThan(10_000)
    expect(shown.length).toBeGreaterThan(4_000)
    expect(redactLong('word '.repeat(1_000), redact, { longest: 1_000 })).toBe('word '.repeat(1_000))
  })

  test('shows no half of a secret where it was cut off, even if all before that is secret', () => {
    for (let length = 8_000; length <= 8_200; length++) {
      const text = SECRET.repeat(5_000)
      const cut = { longest: 1_000, isCut: true }
      expect(redactLong(text.slice(0, length), redactor.redact, cut)).not.toMatch(/secret|of-16|bytes/)
      expect(redactLong(text, redactor.redact, { longest: length / 4 })).not.toMatch(/secret|of-16|bytes/)
    }
  })

  test('keeps what stands before a secret that fills all the rest', () => {
    const id = `req-9 ${KEY}${'z'.repeat(9_000)}`
    expect(toShownLine(id, redact, { longest: 200 })).toBe('req-9 ***')
    expect(toShownLine(`short, with ${KEY} and more`, redact, { longest: 200, isCut: true })).toBe('short, with ***')
    expect(toShownLine('short', redact, { longest: 200, isCut: true })).toBe('')
  })

  test('that is one secret shows nothing of it', () => {
    const long = Array.from({ length: 4_000 }, (_, index) => `part ${index}`).join(', ')
    const body = JSON.stringify({ error: long }).slice(0, 20_000)
    expect(toShownLine(body, redactor.redact, { longest: 1_000 })).not.toContain('part')
    expect(toShownLine(body.slice(0, 5_000), redactor.redact, { longest: 1_000, isCut: true })).not.toContain('part')
  })

  test('takes no time', () => {
    for (const text of ['%41'.repeat(3_000_000), '\\u0041'.repeat(1_500_000), 'a'.repeat(10_000_000)]) {
      expect(cpuMsOf(() => toShownLine(text, redactor.redact, { longest: 500 }))).toBeLessThan(200)
    }
  })
})

test('data is cleaned as deep as it goes, but for what is left out', () => {
  const value = { a: [KEY, { [KEY]: `x ${KEY}` }], json: { a: KEY }, deep: { json: [KEY] }, n: 7, none: null }
  expect(redactDeep(value, redact, ['json'])).toEqual({
    a: ['***', { '***': 'x ***' }],
    json: { a: KEY },
    deep: { json: [KEY] },
    n: 7,
    none: null,
  })
})
