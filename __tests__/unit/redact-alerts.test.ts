import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../src/domain/json.js'
import { type AlertRedactor, createAlertRedactor } from '../../src/redact.js'
import { cpuMsOf } from '../support/timing.js'

const NAMES = ['acme', 'production', 'acme/production']

function redactorOf(...alerts: readonly JsonValue[]): AlertRedactor {
  const redactor = createAlertRedactor({ secrets: ['kupe_ab12_S3cr3t-Part_x9'], shown: NAMES })
  for (const value of alerts) redactor.learn(value)
  return redactor
}

describe('what stands in alerts is taken out of the server’s words', () => {
  test.each<[string, JsonValue, string, string]>([
    ['a value of 12 letters', { a: 'abcdefghijkl' }, 'no abcdefghijkl here', 'no *** here'],
    ['a sentence', { a: 'call the plumber' }, 'got "call the plumber"', 'got "***"'],
    ['6 characters with a digit', { a: 'abcde1' }, 'bad value abcde1.', 'bad value ***.'],
    ['6 characters with a mark', { a: 'ab-cde' }, 'bad value "ab-cde"', 'bad value "***"'],
    ['marks alone', { a: '!$%&?!' }, 'bad !$%&?! value', 'bad *** value'],
    ['a value in a list, in an object', { a: [{ b: ['hunter2'] }] }, 'not hunter2', 'not ***'],
    ['a value without the blanks around it', { a: '  hunter2\n' }, '"hunter2"', '"***"'],
    ['a value from a YAML block', { a: 'first line here\nsecond l1ne\n' }, 'no second l1ne', 'no ***'],
    ['its lines put into one', { a: 'first\nl1ne two' }, 'no first l1ne two', 'no ***'],
    ['Windows lines', { a: 'first line here\r\nsecond l1ne\r\n' }, 'no second l1ne', 'no ***'],
    ['what follows a key', { a: 'user: bob\npassword: hunter2' }, 'hunter2 is wrong', '*** is wrong'],
    ['what follows an equals sign', { a: 'TOKEN=hunter2' }, 'hunter2 is wrong', '*** is wrong'],
    ['what follows, without its quotes', { a: 'password: "hunter2",' }, 'hunter2 is wrong', '*** is wrong'],
    ['what follows the first of both', { a: 'k=v2: w3x4y5' }, 'v2: w3x4y5', '***'],
    ['a token of 16 with a digit', { a: 'see abcdefgh-ijklmn1 there' }, 'the abcdefgh-ijklmn1!', 'the ***!'],
    ['user info', { a: 'https://bobby:secr3t@x.example/y' }, 'bobby:secr3t and secr3t', '*** and ***'],
    ['a path part with a digit', { a: 'https://x.example/hooks/T0123456/end' }, 'hook T0123456', 'hook ***'],
    ['a path part in mixed case', { a: 'https://x.example/aBcDeFgHiJkL' }, 'hook aBcDeFgHiJkL', 'hook ***'],
    ['a value of a query', { a: 'https://x.example/?a=1&key=abcdefg8#frag1234' }, 'abcdefg8 frag1234', '*** ***'],
    ['a number of 6 digits', { a: 918_273 }, 'pin 918273', 'pin ***'],
    ['a number below zero', { a: -918_273 }, 'pin -918273', 'pin -***'],
    ['a number with decimals', { a: 1234.567 }, 'rate 1234.567', 'rate ***'],
    ['a number inside a text', { a: 'the pin is 918273 ok' }, 'pin 918273', 'pin ***'],
    [
      'a text that is percent-encoded itself',
      { a: 'https://x.example/a%2Fb%2Fc1' },
      'a/b/c1 and a%2fb%2Fc1',
      '*** and ***',
    ],
  ])('%s', (_, alerts, said, shown) => {
    expect(redactorOf(alerts).redact(said)).toBe(shown)
  })

  test.each([
    ['JSON', JSON.stringify('p"ss/w\\rd é 1').slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify('p"ss/w\\rd é 1')).slice(3, -3)],
    ['JSON with slashes escaped', JSON.stringify('p"ss/w\\rd é 1').slice(1, -1).replaceAll('/', '\\/')],
    ['\\u in capitals', 'p\\u0022ss\\u002Fw\\u005Crd\\u0020\\u00E9 1'],
    ['a URL', encodeURIComponent('p"ss/w\\rd é 1')],
    ['a URL in small letters', encodeURIComponent('p"ss/w\\rd é 1').toLowerCase()],
    ['a form', new URLSearchParams({ x: 'p"ss/w\\rd é 1' }).toString().slice(2)],
    ['a URL in JSON', JSON.stringify(encodeURIComponent('p"ss/w\\rd é 1')).slice(1, -1)],
    ['HTML', 'p&quot;ss/w\\rd &eacute; 1'.replace('&eacute;', '&#233;')],
  ])('escaped for %s', (_, form) => {
    expect(redactorOf({ a: 'p"ss/w\\rd é 1' }).redact(`<${form}>`)).toBe('<***>')
  })

  test.each(['\u200b', '\u00ad', '\ufeff', '\0', '\n', '\r\n  ', '%E2%80%8B', '\\u200b', '\\n', '&#10;'])(
    'broken up by %j',
    (separator) => {
      const redactor = redactorOf({ a: 'hunter2', b: 'https://x.example/hooks/T0123456/aBcDeFgHiJkLmN' })
      expect(redactor.redact(`no hun${separator}ter2 here`)).toBe('no *** here')
      expect(redactor.redact(`no T012${separator}3456/aBcDeFg${separator}HiJkLmN here`)).toMatch(
        /^no \*{3}\/?(?:\*{3})? here$/,
      )
    },
  )

  test('without what nobody sees in it', () => {
    expect(redactorOf({ a: 'hun\u200bter2' }).redact('no hunter2 and hun\u200bter2')).toBe('no *** and ***')
    expect(redactorOf({ a: 'first l1ne\nand second' }).redact('first l1\u200bne\nand second')).toBe('***')
  })

  test('a part of a long one, too', () => {
    const value = Array.from({ length: 30 }, (_, index) => `piece ${index} of it`).join(', ')
    const redacted = redactorOf({ a: value }).redact(`the value "${value.slice(0, 150)}…`)
    expect(redacted).toMatch(/^the value "\*\*\*.{0,31}…$/)
  })

  test.each([
    ['secret-1', 'a secret-1 b', 'a *** b'],
    ['secret-1', 'a secret-12 b', 'a secret-12 b'],
    ['secret-1', 'a xsecret-1 b', 'a xsecret-1 b'],
    ['secret-1', 'a_secret-1', 'a_secret-1'],
    ['secret-1', '"secret-1"', '"***"'],
    ['secret-1', '%22secret-1%22', '%22***%22'],
    ['secret-1', '\\nsecret-1\\n', '\\n***\\n'],
    ['!secret1', 'x!secret1', 'x***'],
    ['secret-secret-1', 'xsecret-secret-12', 'x***2'],
  ])('below 12 characters only as a whole word: %s in %s', (value, said, shown) => {
    expect(redactorOf({ a: value }).redact(said)).toBe(shown)
  })

  test('and the key with them', () => {
    const redactor = redactorOf({ a: 'token kupe_ab12_S3cr3t-Part_x9 and more' })
    expect(redactor.redact('bad "token kupe_ab12_S3cr3t-Part_x9 and more"')).toBe('bad "***"')
    expect(redactor.redact('kupe_ab12_S3cr3t-Part_x9')).toBe('***')
  })
})

describe('what is never taken out', () => {
  test.each<[JsonValue, string]>([
    [
      { unit: 'memory', cluster: 'prod', a: 'version' },
      'unsupported version "1.32" for cluster prod: memory must be more',
    ],
    [{ a: 'Provisioning', b: 'Terminating' }, 'Provisioning, then Terminating'],
    [{ a: 'kubernetesVersion', b: 'status.phase' }, 'kubernetesVersion is behind, see status.phase'],
    [{ a: 'resources.memory' }, 'spec.resources.memory and resources.memory are too small'],
    [{ a: 'acme', b: 'production', c: 'acme/production' }, 'acme/production is not acme'],
    [{ a: '12345', b: 99_999, c: '1.32' }, '12345, 99999 and 1.32'],
    [{ a: 'abc-1' }, 'abc-1 is too short'],
    [{ a: 'password:\n  hunter2x' }, 'password: is wrong'],
    [{ a: '- receivers:' }, 'no receivers: at all'],
    [{ 'on-call-team': 'slack', b: 'on-call-team' }, 'no receiver on-call-team'],
    [
      { a: 'https://x.example/Alerting/notifications?team=platform' },
      'Alerting notifications for platform at x.example',
    ],
    [{ a: '%63%6c%75%73%74%65%72' }, 'cluster'],
    [{ a: 1234.5 }, 'rate 1234.5'],
    [{ a: true, b: null, c: [] }, 'true, null and nothing'],
  ])('%j: %s', (alerts, said) => {
    expect(redactorOf(alerts).redact(said)).toBe(said)
  })

  test('whatever an output of its own shows', () => {
    const alerts = {
      a: 'v1.31.9',
      b: '1.31.9',
      c: '123456Mi',
      d: 'https://production.acme.kupe.cloud',
      e: 'production.acme.kupe.cloud',
    }
    const redactor = redactorOf(alerts)
    const said = 'v1.31.9 (1.31.9) at https://production.acme.kupe.cloud, production.acme.kupe.cloud:443, 123456Mi'
    expect(redactor.redact(said)).not.toBe(said)
    redactor.showRead(['v1.31.9', 'https://production.acme.kupe.cloud', '123456Mi'])
    expect(redactor.redact(said)).toBe(said)
    redactor.showRead(['v1.32.3', '8'])
    expect(redactor.redact(said)).toBe(said)
    redactor.learn({ more: 'v1.32.3' })
    redactor.showRead(['v1.33.0', '8'])
    expect(redactor.redact('v1.31.9, v1.32.3, v1.33.0')).toBe('v1.31.9, ***, v1.33.0')
  })

  test('whatever is asked', () => {
    const redactor = redactorOf({ a: '1.32.3', b: '123456Mi' })
    redactor.showAlways(['1.32.3', '123456Mi'])
    redactor.showRead(['1.31'])
    redactor.showRead(['1.32'])
    expect(redactor.redact('1.32.3 or 123456Mi')).toBe('1.32.3 or 123456Mi')
  })

  test.each([
    ['EtcdReady-1', 'EtcdReady-1'],
    ['spec.alerts["a.b"].url1', 'spec.alerts["a.b"].url1'],
    ['example.com/Type-1', 'example.com/Type-1'],
    ['the value is hunter2', 'the value is ***'],
    ['https://x.example/T0123456', 'https://x.example/***'],
    ['kupe_ab12_S3cr3t-Part_x9', '***'],
  ])('a name: %s', (name, shown) => {
    const redactor = redactorOf({
      a: ['EtcdReady-1', 'spec.alerts["a.b"].url1', 'example.com/Type-1', 'hunter2', 'https://y/T0123456'],
    })
    expect(redactor.redactName(name)).toBe(shown)
  })
})

describe('the list', () => {
  test('only grows', () => {
    const redactor = redactorOf({ a: 'asked-value-1' })
    redactor.learn({ a: 'value-before-2' })
    redactor.learn({})
    redactor.learn(undefined)
    redactor.learn({ a: 'value-after-3' })
    expect(redactor.redact('asked-value-1 value-before-2 value-after-3')).toBe('*** *** ***')
  })

  test('takes in a line that is a value of its own as well', () => {
    const redactor = redactorOf({ a: 'k=b=hunter2' }, { a: 'b=hunter2' })
    expect(redactor.redact('hunter2')).toBe('***')
  })

  test('is not taken in again where nothing is new', () => {
    const alerts = { list: Array.from({ length: 1_900 }, (_, index) => `value number ${index}, and some more of it\n`) }
    const redactor = redactorOf(alerts)
    const twentyPolls = () => {
      for (let poll = 0; poll < 20; poll++) redactor.learn(alerts)
    }
    expect(cpuMsOf(twentyPolls)).toBeLessThan(60)
  })

  test.each<[number, boolean]>([
    [2_000, false],
    [2_001, true],
  ])('of %i texts', (count, isOverwhelmed) => {
    const redactor = redactorOf({ list: Array.from({ length: count }, (_, index) => `value-${index}`) })
    expect(redactor.isOverwhelmed).toBe(isOverwhelmed)
    expect(redactor.redact('some words')).toBe(isOverwhelmed ? '' : 'some words')
    expect(redactor.redactName('some words')).toBe(isOverwhelmed ? '' : 'some words')
    expect(redactor.redactName('Ready')).toBe('Ready')
    expect(redactor.redactSecrets('Running kupe_ab12_S3cr3t-Part_x9')).toBe('Running ***')
    redactor.learn({ more: 'value-one-more' })
    redactor.learn({})
    expect(redactor.isOverwhelmed || redactor.redact('value-one-more') === '').toBe(true)
  })

  test('of texts that are too long altogether', () => {
    expect(redactorOf({ a: 'long text '.repeat(120_000) }).isOverwhelmed).toBe(true)
  })

  test('of alerts however deep', () => {
    let deep: JsonValue = 'deep-secret-1'
    for (let level = 0; level < 100_000; level++) deep = { a: deep }
    expect(redactorOf(deep).redact('deep-secret-1')).toBe('***')
  })
})

/** What a server makes of a value when it repeats it. */
const ECHOES: Readonly<Record<string, (text: string) => string>> = {
  raw: (text) => text,
  json: (text) => JSON.stringify(text),
  'json twice': (text) => JSON.stringify(JSON.stringify(text)),
  'json with \\u': (text) =>
    text
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  url: (text) => encodeURIComponent(text),
  'url in small letters': (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  form: (text) => new URLSearchParams({ value: text }).toString(),
  'url in json': (text) => JSON.stringify({ url: `https://x.example/${encodeURIComponent(text)}` }),
  'json in url': (text) => encodeURIComponent(JSON.stringify({ value: text })),
}

test('no value of alerts survives, however it is nested and repeated', () => {
  const character = fc.constantFrom(...'abcXYZ0189_-:/.%&+= "\\é')
  const value = fc
    .array(character, { minLength: 6, maxLength: 50 })
    .map((parts) => parts.join('').trim())
    .filter((text) => text.length >= 12 || (text.length >= 6 && /[^a-zA-Zé ]/.test(text)))
    .filter((text) => !/^(- +)?["']?[\w./-]+["']?:$/.test(text))
  const around = fc.constantFrom(' ', '"', '(', ': ', '; ', ', ')
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), around, (values, mark) => {
      const redactor = redactorOf({ list: values, deep: [{ x: values[0] ?? '' }] })
      for (const secret of values) {
        for (const [form, echo] of Object.entries(ECHOES)) {
          const said = `bad${mark}${echo(secret)}${mark}here`
          const shown = redactor.redact(said)
          expect({ form, shown }).not.toEqual({ form, shown: expect.stringContaining(echo(secret)) })
          expect({ form, shown }).not.toEqual({ form, shown: expect.stringContaining(secret) })
          expect(shown).toContain('***')
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('words of letters, field names, phases and values with outputs survive whatever stands in alerts', () => {
  const words = [
    ...['cluster', 'memory', 'version', 'unsupported', 'must', 'be', 'nodes', 'Running', 'Provisioning', 'Degraded'],
    ...['kubernetesVersion', 'observedGeneration', 'acme', 'production', 'v1.31.9', '16Gi', '1.31', 'Ready', 'False'],
  ]
  const word = fc.constantFrom(...words)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 30 }),
      fc.array(word, { minLength: 1, maxLength: 12 }),
      (inside, said) => {
        const alerts: JsonObject = Object.fromEntries(inside.map((text, index) => [`key ${index}`, text]))
        const redactor = redactorOf(alerts, { list: inside })
        redactor.showRead(['v1.31.9', '16Gi', '1.31', 'Running', 'https://production.acme.kupe.cloud'])
        expect(redactor.redact(said.join(' '))).toBe(said.join(' '))
      },
    ),
  )
})

describe('2,000 texts and 64 KiB of words take no time', () => {
  const values = Array.from(
    { length: 2_000 },
    (_, index) => `hook-${(index * 7_919) % 2_003}-${'x'.repeat(index % 40)}y`,
  )
  const echo = JSON.stringify(values)
  test.each([
    ['plain words', 'no value of these is here, '.repeat(2_500)],
    ['an echo of them all', echo],
    ['an echo in a URL', encodeURIComponent(echo)],
    ['an echo in JSON in JSON', JSON.stringify(JSON.stringify(JSON.stringify(echo)))],
    ['escapes of escapes', '%2525252525252541'.repeat(4_096)],
    ['beginnings of them', 'hook-1'.repeat(11_000)],
  ])('%s', (_, text) => {
    const redactor = redactorOf({ values })
    expect(redactor.isOverwhelmed).toBe(false)
    const said = text.slice(0, 64 * 1024)
    expect(cpuMsOf(() => redactor.redact(said))).toBeLessThan(200)
  })

  test('even where the server means ill', () => {
    const alike = Array.from({ length: 1_990 }, (_, index) => `${'a'.repeat(12 + (index % 400))}${index}`)
    const redactor = redactorOf({ alike })
    const said = JSON.stringify(JSON.stringify(alike)).slice(0, 64 * 1024)
    expect(cpuMsOf(() => redactor.redact(said))).toBeLessThan(1_000)
  })
})
