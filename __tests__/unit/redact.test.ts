import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createRedactor, cutOff, redactDeep, toHarmlessLine } from '../../src/redact.js'

const KEY = 'kupe_k/+=é"\\ü&0123'

function toBase64(text: string, offset: number, tail = 'and more'): string {
  return Buffer.from(`${'x'.repeat(offset)}${text}${tail}`).toString('base64')
}

describe('the redactor takes a secret out of any text', () => {
  const redact = createRedactor([KEY])

  test.each([
    ['as it is', KEY],
    ['URL-encoded', encodeURIComponent(KEY)],
    ['URL-encoded in lower case', encodeURIComponent(KEY).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
    ['JSON-escaped', JSON.stringify(KEY).slice(1, -1)],
  ])('%s', (_, form) => {
    expect(redact(`before ${form} after ${form}.`)).toBe('before *** after ***.')
  })

  test.each([
    [0, ''],
    [0, 'and more'],
    [1, ''],
    [1, 'and more'],
    [2, ''],
    [2, 'and more'],
    [3, 'x'],
    [7, 'yz'],
  ])('in base64, %i bytes after the start and before %j', (offset, tail) => {
    const encoded = toBase64(KEY, offset, tail)
    const redacted = redact(`Basic ${encoded}`)
    expect(redacted).toContain('***')
    // What is left decodes to no two neighbouring characters of the key.
    const left = redacted.replace('Basic ', '').split('***').join('')
    expect(left.length).toBeLessThanOrEqual(encoded.length - Math.floor((Buffer.byteLength(KEY) * 8) / 6) + 2)
  })

  test.each([0, 1, 2])('in base64 for URLs, at offset %i', (offset) => {
    const encoded = toBase64(KEY, offset).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    expect(redact(encoded)).toContain('***')
    expect(redact(encoded).length).toBeLessThan(encoded.length / 2)
  })

  test.each([0, 1, 2])('in base64 for URLs, where that is spelt with - and _, at offset %i', (offset) => {
    const secret = '>>>???>>>???>>>???'
    const encoded = toBase64(secret, offset).replaceAll('+', '-').replaceAll('/', '_')
    expect(encoded).toMatch(/-.*_/)
    expect(createRedactor([secret])(encoded)).toContain('***')
  })

  test('as a basic login, whoever’s name it is', () => {
    for (const user of ['', 'x', 'me', 'you', 'admin']) {
      expect(redact(Buffer.from(`${user}:${KEY}`).toString('base64'))).toContain('***')
    }
  })

  test('leaves all else as it is', () => {
    const text = 'a kupe_k/ is no key, %C3%A9 is an é, and a3VwZQ== is kupe'
    expect(redact(text)).toBe(text)
    expect(createRedactor([])(text)).toBe(text)
    expect(createRedactor([''])(text)).toBe(text)
  })

  test('takes out the longer of two secrets first', () => {
    const redactBoth = createRedactor(['secret-one', 'secret-one-and-more'])
    expect(redactBoth('secret-one-and-more secret-one')).toBe('*** ***')
  })

  test('comes before cutting off, or a half of a secret could stay', () => {
    expect(cutOff(redact(`123456789 ${KEY}`), 15)).toBe('123456789 ***')
  })

  test('of any secret, in every form', () => {
    const secrets = fc.string({ unit: 'binary', minLength: 8, maxLength: 40 }).filter((text) => /^\P{Cs}+$/u.test(text))
    fc.assert(
      fc.property(secrets, fc.nat({ max: 5 }), (secret, offset) => {
        const redactIt = createRedactor([secret])
        const forms = [
          secret,
          encodeURIComponent(secret),
          JSON.stringify(secret).slice(1, -1),
          toBase64(secret, offset),
        ]
        for (const form of forms) expect(redactIt(`<${form}>`)).toContain('***')
        for (const form of forms.slice(0, 3)) expect(redactIt(`<${form}>`)).not.toContain(form)
      }),
    )
  })
})

describe('redactDeep', () => {
  const redact = createRedactor(['the-secret'])

  test.each<[unknown, unknown]>([
    ['a the-secret b', 'a *** b'],
    [
      { a: 'the-secret', 'the-secret': [1, ['the-secret']] },
      { a: '***', '***': [1, ['***']] },
    ],
    [
      { n: 1, on: true, none: null, gone: undefined },
      { n: 1, on: true, none: null, gone: undefined },
    ],
    [[], []],
    [7, 7],
  ])('%j', (value, redacted) => {
    expect(redactDeep(value, redact)).toStrictEqual(redacted)
  })

  test('leaves what it was given as it was', () => {
    const value = { a: ['the-secret'] }
    redactDeep(value, redact)
    expect(value).toEqual({ a: ['the-secret'] })
  })
})

describe('toHarmlessLine', () => {
  test.each([
    ['plain text, 100 % fine: yes', 'plain text, 100 % fine: yes'],
    ['::error::x', ': :error: :x'],
    ['  ::add-mask::x', ': :add-mask: :x'],
    ['a\n::set-output name=x::y', 'a : :set-output name=x: :y'],
    ['a\r::stop-commands::t', 'a : :stop-commands: :t'],
    ['##[error]x', '# #[error]x'],
    ['in the middle ##[group]x', 'in the middle # #[group]x'],
    ['###[error]', '## #[error]'],
    ['a\u2028b\u2029c\u0085d', 'a b c d'],
    ['red \u001b[31mtext\u0007', 'red  [31mtext'],
    ['abc\u202edcba', 'abc dcba'],
    ['\t tabs \u0000 and nulls \n', 'tabs   and nulls'],
    ['', ''],
  ])('%j', (text, line) => {
    expect(toHarmlessLine(text)).toBe(line)
  })

  test('no text starts a command or a new line', () => {
    const pieces = fc.constantFrom(
      ':',
      '::',
      '#',
      '##',
      '[',
      ']',
      '##[',
      'error',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u0085',
      '\u2028',
      '\u0000',
      '%0A',
      '\ufeff',
    )
    const texts = fc.oneof(
      fc.array(pieces).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const line = toHarmlessLine(text)
        expect(line.trimStart().startsWith('::')).toBe(false)
        expect(line).not.toContain('##[')
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('cutOff', () => {
  test.each([
    ['short', 5, 'short'],
    ['longer', 5, 'long…'],
    ['', 5, ''],
    ['abc😀def', 5, 'abc\ufffd…'],
  ])('%s to %i', (text, length, cut) => {
    expect(cutOff(text, length)).toBe(cut)
  })

  test('leaves no half of a character', () => {
    expect(cutOff('abc😀def', 5).isWellFormed()).toBe(true)
    expect(cutOff('abc😀def', 5).length).toBeLessThanOrEqual(5)
  })
})

test.each([
  ['cluster kupe_ab12_S3cretS3cret is wrong', 'cluster *** is wrong'],
  ['"kupe_ab12_S3cret-S3cret"', '"***"'],
  ['kupe_sim', 'kupe_sim'],
  ['kupe_ab12_short', 'kupe_ab12_short'],
  ['api.kupe.cloud', 'api.kupe.cloud'],
])('what looks like a key is one, wherever it was pasted: %s', (text, shown) => {
  expect(createRedactor([])(text)).toBe(shown)
})
