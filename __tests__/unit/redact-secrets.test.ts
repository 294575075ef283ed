import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createRedactor } from '../../src/redact.js'
import { cpuMsOf } from '../support/timing.js'

const KEY = 'kupe_ab12_S3cr3t-Part_x9'
const LAST_PART = 'S3cr3t-Part_x9'

/** A text after every escape in it is undone, again and again: what a person can make of it at the most. */
function readable(text: string): string[] {
  const forms = [text]
  for (let round = 0; round < 8; round++) {
    const last = forms.at(-1) ?? ''
    const hex = (code: string) => String.fromCodePoint(Number.parseInt(code, 16))
    forms.push(
      last
        .replace(/%([0-7][0-9a-f])/gi, (_, code) => hex(code))
        .replace(/\\u\{?([0-9a-f]{2,4})\}?/gi, (_, code) => hex(code))
        .replace(/\\x([0-9a-f]{2})/gi, (_, code) => hex(code))
        .replace(/&#x([0-9a-f]{2,4});/gi, (_, code) => hex(code))
        .replace(/&#(\d{2,3});/g, (_, code) => String.fromCodePoint(Number(code)))
        .replace(/\\(["\\/])/g, '$1'),
    )
  }
  return forms
}

describe('a key is taken out', () => {
  const redact = createRedactor([KEY])

  test.each([
    ['as it is', KEY],
    ['in capitals', KEY.toUpperCase()],
    ['in capitals, escaped', 'KUP%45_AB12_S3CR3T\\u002dPAR%54_X9'],
    ['with its marks percent-encoded', KEY.replaceAll('_', '%5F').replaceAll('-', '%2d')],
    ['with letters percent-encoded', 'kup%65_ab12_%533cr3t-Part_x9'],
    ['with a character as \\u', 'kupe\\u005fab12_S3cr3t\\u002DPart_x9'],
    ['with escapes of all kinds', 'k%75pe\\u005fab12&#95;S3c\\x723t-P&#x61;rt_\\u{78}9'],
    ['as \\u throughout', Array.from(KEY, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['encoded twice', encodeURIComponent(encodeURIComponent(KEY.replaceAll('_', '/').replaceAll('/', '_')))],
    ['with an escaped escape', KEY.replace('_', '%255f').replace('-', '\\\\u002d')],
    ['by its last part alone', LAST_PART],
    ['by its last part, escaped', LAST_PART.replace('_', '%5f').replace('S', '\\u0053')],
  ])('%s', (_, form) => {
    expect(redact(`before ${form} after`)).toBe('before *** after')
    expect(redact(`{"echo":"${form}"}`)).toBe('{"echo":"***"}')
    expect(redact(`/x?key=${form}&y=1`)).toBe('/x?key=***&y=1')
  })

  test.each(['%', '100%', '\\', '\\\\', '%25', '&#', '\\u00', '%5', 'kupe_', 'kupe_ab12_S3c'])(
    'whatever stands right before it, such as %j',
    (before) => {
      for (const form of [KEY, `k%75${KEY.slice(2)}`, `${LAST_PART.slice(0, 3)}%72${LAST_PART.slice(4)}`]) {
        for (const text of readable(redact(`${before}${form} end`))) expect(text).not.toContain(LAST_PART)
      }
    },
  )

  test.each([
    ['%', 'ab12cd34efgh', 'ab12%63d34efgh'],
    ['%', 'ab12cd34efgh', 'a%62%312cd34efgh'],
    ['\\', 'bc12cd34efgh', 'bc12\\u0063d34efgh'],
    ['\\', 'nc12cd34efgh', 'nc12\\x63d34efgh'],
    ['\\', 'tc12cd34efgh', 'tc12\\u{63}d34efgh'],
    ['\\', 'rc12/d34efgh', 'rc12\\/d34efgh'],
    ['\\u00', 'ab12cd34efgh', 'ab12\\u0063d34efgh'],
  ])('after %s, which would take its first characters for an escape: %s', (before, secret, written) => {
    expect(createRedactor([secret])(`${before}${written}`)).toBe(`${before}***`)
  })

  const SEPARATORS = ['\u200b', '\u00ad', '\u2060', '\ufeff', '\u{e0020}', '\0', '\t', '\u0085', '\n', '\r\n', '\n    ']
  const ESCAPED = ['%E2%80%8B', '\\u200b', '&#8203;', '%0A', '\\n', '\\r\\n', '\\u001b[31m', '\u001b[0m']

  test.each([...SEPARATORS, ...ESCAPED])('broken up by %j', (separator) => {
    for (const secret of [KEY, LAST_PART, 'k%75pe_ab12_S3cr3t-P\\u0061rt_x9']) {
      for (const size of [1, 5, 8]) {
        // An escape is broken up by nothing that would be one itself.
        const pieces = secret.match(new RegExp(`(?:%..|\\\\u....|.){1,${size}}`, 'g')) ?? []
        expect(redact(`before ${pieces.join(separator)} after`)).toBe('before *** after')
      }
    }
  })

  test('and what nobody sees around it stays', () => {
    expect(redact(`\u200b\n${KEY}\n ${KEY}\u200b.`)).toBe('\u200b\n***\n ***\u200b.')
  })

  test.each([16, 60, 64, 76])('in base64 of a header, in lines of %i', (width) => {
    const encoded = Buffer.from(`Authorization: Bearer ${KEY}\r\nAccept: */*`).toString('base64')
    const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
    for (const separator of ['\n', '\r\n', '\r\n ', '\\n', '%0A', '&#10;']) {
      const redacted = redact(lines.join(separator))
      expect(redacted).toContain('***')
      for (const part of redacted.replace(/\s|\\n|%0A|&#10;/g, '').split('***')) {
        for (const skipped of [0, 1, 2, 3]) {
          expect(Buffer.from(part.slice(skipped), 'base64').toString('latin1')).not.toMatch(/3cr3t|Part|ab12/)
        }
      }
    }
  })

  test.each([0, 1, 2, 3, 4])('in base64, %i bytes after its start', (offset) => {
    for (const secret of [KEY, LAST_PART]) {
      for (const encoding of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(`${'x'.repeat(offset)}${secret} and more`).toString(encoding)
        const redacted = redact(encoded)
        expect(redacted).toContain('***')
        for (const part of redacted.split('***')) {
          expect(Buffer.from(part, encoding).toString('latin1')).not.toMatch(/3cr3t|Part/)
        }
      }
    }
  })

  test('in base64 that is percent-encoded', () => {
    const key = 'kupe_ab12_>>>???>>>???~~'
    const encoded = Buffer.from(key).toString('base64')
    expect(encoded).toMatch(/[+/]/)
    expect(createRedactor([key])(encodeURIComponent(encoded))).toMatch(/^\*\*\*.{0,6}$/)
  })

  test('of somebody else, by its looks, escaped too', () => {
    expect(redact('kupe_zz99_An0therKey-12')).toBe('***')
    expect(redact('got kupe%5Fzz99%5fAn0therKey-12.')).toBe('got ***.')
    expect(redact('kupe_sim')).toBe('kupe_sim')
  })

  test('with a mark of escapes among its own characters', () => {
    const key = 'a%25b\\u0041c&d+e'
    const redactIt = createRedactor([key])
    for (const form of [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), key.replace('%', '%25')]) {
      expect(redactIt(`<${form}>`)).toBe('<***>')
    }
  })

  test('in any mixture of escapes, anywhere', () => {
    const code = (character: string) => character.charCodeAt(0)
    const writers: ((character: string) => string)[] = [
      (character) => character,
      (character) => character,
      (character) => `%${code(character).toString(16).padStart(2, '0')}`,
      (character) => `%${code(character).toString(16).toUpperCase().padStart(2, '0')}`,
      (character) => `\\u00${code(character).toString(16).padStart(2, '0')}`,
      (character) => `\\u00${code(character).toString(16).toUpperCase().padStart(2, '0')}`,
      (character) => `&#${code(character)};`,
      (character) => `%25${code(character).toString(16).padStart(2, '0')}`,
      (character) => `\\\\u00${code(character).toString(16).padStart(2, '0')}`,
    ]
    const character = fc.constantFrom(...'abcdefKLMNOP0123456789_-')
    const last = fc.array(character, { minLength: 8, maxLength: 24 }).map((parts) => parts.join(''))
    const around = fc
      .array(fc.constantFrom('%', '\\', '&#', '"', ' ', 'ab', '4', '%41', '\\u', '=', 'kupe_'))
      .map((parts) => parts.join(''))
    const write = (secret: string, choice: readonly number[]) =>
      Array.from(secret, (c, index) => writers[choice[index % choice.length] ?? 0]?.(c) ?? c).join('')
    const expectNone = (part: string, text: string) => {
      const redacted = createRedactor([`kupe_k1_${part}`])(text)
      for (const form of readable(redacted)) expect(form.toLowerCase()).not.toContain(part.toLowerCase())
    }
    const choiceOf = (most: number) => fc.array(fc.nat({ max: most }), { minLength: 1, maxLength: 40 })
    // Escaped once, whatever stands around it.
    fc.assert(
      fc.property(last, choiceOf(6), around, around, (part, choice, before, after) => {
        for (const secret of [`kupe_k1_${part}`, part]) expectNone(part, `${before}${write(secret, choice)}${after}`)
      }),
      { numRuns: 800 },
    )
    // Some of it escaped twice.
    fc.assert(
      fc.property(last, choiceOf(8), (part, choice) => {
        for (const secret of [`kupe_k1_${part}`, part]) expectNone(part, ` ${write(secret, choice)} `)
      }),
      { numRuns: 800 },
    )
  })
})

test('two in a row are one gap', () => {
  expect(createRedactor(['secret-one'])('a secret-onesecret-one b')).toBe('a *** b')
})

describe('all else stays as it is', () => {
  const redact = createRedactor([KEY, '', 'abc'])

  test.each([
    'plain words, 100 % of them',
    'a%20b and \\u0041 and &amp;',
    'kupe_ab12_ is the beginning of one',
    'abc is no secret: it is too short',
    '',
  ])('%j', (text) => {
    expect(redact(text)).toBe(text)
  })

  test('and so does what is around a secret, byte for byte', () => {
    expect(redact(`%41 ${KEY} \\u0041\n${KEY}${KEY}&amp;`)).toBe('%41 *** \\u0041\n***&amp;')
  })
})

test('it takes no time, however long and full of escapes a text is', () => {
  const redact = createRedactor([KEY, 'ghs_0123456789abcdefghijklmnopqrstuvwxyz'])
  const broken = [...KEY].join('\u200b')
  for (const text of [
    '%6b',
    'k',
    '%25',
    '\\u006b',
    'kupe_ab12_',
    `${KEY.slice(0, -1)}%`,
    '&#107;',
    '\n',
    '%0a&#8203;',
    '\n ',
    broken,
  ]) {
    const long = text.repeat((64 * 1024) / text.length)
    expect(cpuMsOf(() => redact(long))).toBeLessThan(300)
  }
})
