import { describe, expect, test } from '@jest/globals'
import type { InputProblem } from '../../../src/errors.js'
import { type Environment, InputReader, type Parse } from '../../../src/inputs/reader.js'

/** What a reader gives, with the faults it found on the way. */
function read<T>(env: Environment, take: (reader: InputReader) => T): { value: T; problems: readonly InputProblem[] } {
  const reader = new InputReader(env)
  return { value: take(reader), problems: reader.problems }
}

/** A language of one word. */
const parseGood: Parse<string> = (text) =>
  text === 'good' ? { value: 'understood' } : { reason: 'is bad', repaired: ['good'] }

describe('a text', () => {
  test.each([
    ['8', '8'],
    ['  8 \n', '8'],
    ['\u200b8\ufeff', '8'],
    ['a b', 'a b'],
    ['', undefined],
    ['  \n\t ', undefined],
    ['\u200b', undefined],
    [undefined, undefined],
  ])('%j is %j', (given, value) => {
    expect(read({ 'INPUT_MIN-CPU': given }, (reader) => reader.text('min-cpu'))).toEqual({ value, problems: [] })
  })
})

describe('an input that the environment may stand in for', () => {
  test.each<[Environment, { text: string; source: string } | undefined]>([
    [
      { INPUT_TENANT: 'a', FIRST: 'b', SECOND: 'c' },
      { text: 'a', source: 'tenant' },
    ],
    [
      { INPUT_TENANT: ' ', FIRST: 'b', SECOND: 'c' },
      { text: 'b', source: 'FIRST' },
    ],
    [
      { FIRST: ' b\u200b ', SECOND: 'c' },
      { text: 'b', source: 'FIRST' },
    ],
    [
      { FIRST: '', SECOND: 'c' },
      { text: 'c', source: 'SECOND' },
    ],
    [{ FIRST: ' \n', SECOND: ' ' }, undefined],
    [{}, undefined],
  ])('%j', (env, found) => {
    expect(read(env, (reader) => reader.find('tenant', ['FIRST', 'SECOND']))).toEqual({ value: found, problems: [] })
  })
})

describe('an input without a default', () => {
  test.each([
    ['good', 'understood'],
    [' good\n', 'understood'],
    ['', undefined],
    [' ', undefined],
    [undefined, undefined],
  ])('%j is %j', (given, value) => {
    expect(read({ INPUT_VERSION: given }, (reader) => reader.read('version', parseGood))).toEqual({
      value,
      problems: [],
    })
  })

  test('takes none for a value as any other', () => {
    expect(read({ INPUT_MEMORY: 'none' }, (reader) => reader.read('memory', parseGood)).problems).toEqual([
      { input: 'memory', value: 'none', reason: 'is bad', repaired: ['good'] },
    ])
  })
})

describe('an input with a default', () => {
  test.each([
    [undefined, 'wait'],
    ['', 'wait'],
    ['fail', 'fail'],
  ])('%j is read as %s', (given, text) => {
    expect(read({ 'INPUT_ON-BUSY': given }, (reader) => reader.read('on-busy', (value) => ({ value })))).toEqual({
      value: text,
      problems: [],
    })
  })
})

describe('a guard', () => {
  const take = (reader: InputReader) => reader.read('max-cpu', parseGood)

  test.each([
    ['good', 'understood'],
    ['none', undefined],
    [' none ', undefined],
    [undefined, undefined],
  ])('%j is %j', (given, value) => {
    expect(read({ 'INPUT_MAX-CPU': given }, take)).toEqual({ value, problems: [] })
  })

  test.each(['', ' ', '\u200b'])('that is empty (%j) is at fault', (given) => {
    expect(read({ 'INPUT_MAX-CPU': given }, take)).toEqual({
      value: undefined,
      problems: [{ input: 'max-cpu', reason: expect.stringMatching(/^is given, but empty/) }],
    })
  })

  test.each(['None', 'off', 'OFF', 'no', 'false', 'disabled', 'disable', 'unlimited'])(
    'that is switched off as %s is at fault, though its language may take it',
    (given) => {
      const { value, problems } = read({ 'INPUT_MAX-CPU': given }, (reader) =>
        reader.read('max-cpu', (text) => ({ value: text })),
      )
      expect(value).toBeUndefined()
      expect(problems).toEqual([
        { input: 'max-cpu', value: given, reason: 'is not how a guard is switched off', repaired: ['none'] },
      ])
    },
  )

  test.each(['nonesuch', 'offline', 'x none'])('%s is a value like any other', (given) => {
    expect(read({ 'INPUT_MAX-CPU': given }, take).problems).toMatchObject([{ reason: 'is bad' }])
  })
})

describe('a fault', () => {
  test('has the value and the repair', () => {
    expect(read({ INPUT_MEMORY: ' bad ' }, (reader) => reader.read('memory', parseGood))).toEqual({
      value: undefined,
      problems: [{ input: 'memory', value: 'bad', reason: 'is bad', repaired: ['good'] }],
    })
  })

  test.each([
    ['memory', '32Gi'],
    ['on-busy', 'wait'],
  ] as const)('without a repair has the example of %s, or its default', (name, example) => {
    const parse = () => ({ reason: 'is bad' })
    expect(read({ [`INPUT_${name.toUpperCase()}`]: 'x' }, (reader) => reader.read(name, parse)).problems).toEqual([
      { input: name, value: 'x', reason: 'is bad', example },
    ])
  })

  test('may have an example of its own', () => {
    const parse = () => ({ reason: 'is bad', example: 'mine' })
    expect(read({ INPUT_MEMORY: 'x' }, (reader) => reader.read('memory', parse)).problems).toEqual([
      { input: 'memory', value: 'x', reason: 'is bad', example: 'mine' },
    ])
  })

  test('names the variable that it came from', () => {
    const take = (reader: InputReader) => reader.parse('tenant', { text: 'bad', source: 'KUPE_TENANT' }, parseGood)
    expect(read({}, take).problems).toEqual([
      { input: 'tenant (from KUPE_TENANT)', value: 'bad', reason: 'is bad', repaired: ['good'] },
    ])
  })

  test('of a version is repaired in quotes, which YAML takes away', () => {
    expect(read({ INPUT_VERSION: 'bad' }, (reader) => reader.read('version', parseGood)).problems).toMatchObject([
      { repaired: ['"good"'] },
    ])
  })

  test.each(['api-key', 'github-token', 'alerts'] as const)('of %s shows neither value nor repair', (name) => {
    const { problems } = read({ [`INPUT_${name.toUpperCase()}`]: 'bad' }, (reader) => reader.read(name, parseGood))
    expect(problems).toEqual([{ input: name, reason: 'is bad', example: expect.any(String) }])
  })

  test('hides its value where its language says so', () => {
    const parse: Parse<string> = () => ({ reason: 'is bad', repaired: ['good'], hidesValue: true })
    expect(read({ 'INPUT_API-URL': 'bad' }, (reader) => reader.read('api-url', parse)).problems).toEqual([
      { input: 'api-url', reason: 'is bad', repaired: ['good'] },
    ])
  })

  test('of a long value has no repair, which might be as long', () => {
    const repairedOf = (given: string) =>
      read({ INPUT_MEMORY: given }, (reader) => reader.read('memory', parseGood)).problems[0]?.repaired
    expect(repairedOf('x'.repeat(200))).toEqual(['good'])
    expect(repairedOf('x'.repeat(201))).toBeUndefined()
  })

  test('of a value that holds a secret has no repair, and no value that is spelled with invisible characters', () => {
    const problemsOf = (given: string) =>
      read({ INPUT_CLUSTER: given, KUPE_API_KEY: 'S3cret-S3cret' }, (reader) => reader.read('cluster', parseGood))
        .problems
    const example = 'production'
    expect(problemsOf('x S3cret-S3cret')).toEqual([
      { input: 'cluster', value: 'x S3cret-S3cret', reason: 'is bad', example },
    ])
    expect(problemsOf('kupe_abc_0123456789')).toEqual([
      { input: 'cluster', value: 'kupe_abc_0123456789', reason: 'is bad', example },
    ])
    expect(problemsOf('S3cret\u200b-S3cret')).toEqual([
      { input: 'cluster', reason: 'has invisible characters inside', example },
    ])
  })
})

describe('invisible characters inside a value', () => {
  test.each([
    ['go\u200bod', ['good']],
    ['g\ufeffo\u0000od', ['good']],
    ['ba\u200bd', ['good']],
  ])('%j is at fault, and repaired as what is seen would be', (given, repaired) => {
    expect(read({ INPUT_MEMORY: given }, (reader) => reader.read('memory', parseGood)).problems).toEqual([
      { input: 'memory', value: given, reason: 'has invisible characters inside', repaired },
    ])
  })

  test('where nothing can be guessed, an example', () => {
    const parse = () => ({ reason: 'is bad' })
    expect(read({ INPUT_MEMORY: 'x\u200by' }, (reader) => reader.read('memory', parse)).problems).toEqual([
      { input: 'memory', value: 'x\u200by', reason: 'has invisible characters inside', example: '32Gi' },
    ])
  })
})
