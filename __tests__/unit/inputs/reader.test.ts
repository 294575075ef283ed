import { describe, expect, test } from '@jest/globals'
import type { InputProblem } from '../../../src/errors.js'
import { type Environment, InputReader } from '../../../src/inputs/reader.js'

/** What a reader gives, with the faults it found on the way. */
function read<T>(env: Environment, take: (reader: InputReader) => T): { value: T; problems: readonly InputProblem[] } {
  const reader = new InputReader(env)
  return { value: take(reader), problems: reader.problems }
}

describe('a text', () => {
  test.each([
    ['8', '8'],
    ['  8 \n', '8'],
    ['a b', 'a b'],
    ['', undefined],
    ['  \n\t ', undefined],
    [undefined, undefined],
  ])('%j is %j', (given, value) => {
    expect(read({ 'INPUT_MIN-CPU': given }, (reader) => reader.text('min-cpu'))).toEqual({ value, problems: [] })
  })
})

describe('an input that the environment may stand in for', () => {
  test.each<[Environment, { value: string; source: string } | undefined]>([
    [
      { INPUT_TENANT: 'a', FIRST: 'b', SECOND: 'c' },
      { value: 'a', source: 'tenant' },
    ],
    [
      { INPUT_TENANT: ' ', FIRST: 'b', SECOND: 'c' },
      { value: 'b', source: 'FIRST' },
    ],
    [
      { FIRST: ' b ', SECOND: 'c' },
      { value: 'b', source: 'FIRST' },
    ],
    [
      { FIRST: '', SECOND: 'c' },
      { value: 'c', source: 'SECOND' },
    ],
    [{ FIRST: ' \n', SECOND: ' ' }, undefined],
    [{}, undefined],
  ])('%j', (env, found) => {
    expect(read(env, (reader) => reader.find('tenant', ['FIRST', 'SECOND']))).toEqual({ value: found, problems: [] })
  })
})

describe('a boolean', () => {
  test.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
    [' true\n', true],
  ])('%j is %s', (given, value) => {
    expect(read({ INPUT_WAIT: given }, (reader) => reader.boolean('wait'))).toEqual({ value, problems: [] })
  })

  test.each([
    ['wait', true],
    ['comment', false],
  ] as const)('%s is its default where it is not given: %s', (name, byDefault) => {
    expect(read({ [`INPUT_${name.toUpperCase()}`]: '' }, (reader) => reader.boolean(name)).value).toBe(byDefault)
    expect(read({}, (reader) => reader.boolean(name)).value).toBe(byDefault)
  })

  test.each(['yes', 'no', 'on', 'off', '1', '0', 'tRUE', 'truee', 'null'])('%s is an error', (given) => {
    const { problems } = read({ INPUT_WAIT: given }, (reader) => reader.boolean('wait'))
    expect(problems).toEqual([
      { input: 'wait', value: given, reason: expect.any(String), example: expect.stringMatching(/true|false/) },
    ])
  })
})

describe('a choice', () => {
  const choose = (reader: InputReader) => reader.choice('on-busy', ['wait', 'fail'])

  test.each([
    ['wait', 'wait'],
    [' fail ', 'fail'],
    ['', 'wait'],
    [undefined, 'wait'],
  ])('%j is %s', (given, value) => {
    expect(read({ 'INPUT_ON-BUSY': given }, choose)).toEqual({ value, problems: [] })
  })

  test.each(['Wait', 'retry', 'wait,fail', 'constructor'])('%s is an error that names the choices', (given) => {
    expect(read({ 'INPUT_ON-BUSY': given }, choose).problems).toEqual([
      { input: 'on-busy', value: given, reason: expect.stringMatching(/wait.*fail/), example: 'wait' },
    ])
  })
})

describe('a duration', () => {
  test.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['', 1_800_000],
    [undefined, 1_800_000],
  ])('%j is %i ms', (given, ms) => {
    expect(read({ INPUT_TIMEOUT: given }, (reader) => reader.duration('timeout'))).toEqual({
      value: ms,
      problems: [],
    })
  })

  test.each([
    ['30', '30s'],
    ['900', '900s'],
  ])('the bare number %s is answered with %s', (given, corrected) => {
    expect(read({ INPUT_TIMEOUT: given }, (reader) => reader.duration('timeout')).problems).toEqual([
      { input: 'timeout', value: given, reason: expect.stringContaining(corrected), example: '30m' },
    ])
  })

  test.each(['0s', '0h0m', '-5s', '1.5h', 'soon', '5 m', '1d'])('%s is an error', (given) => {
    expect(read({ INPUT_TIMEOUT: given }, (reader) => reader.duration('timeout')).problems).toEqual([
      { input: 'timeout', value: given, reason: expect.any(String), example: '30m' },
    ])
  })

  test.each([
    ['0s', 0],
    ['0ms', 0],
    ['1s', 1_000],
  ])('may be zero where that is allowed: %s', (given, ms) => {
    const { value, problems } = read({ 'INPUT_SETTLE-TIME': given }, (reader) =>
      reader.duration('settle-time', { zero: true }),
    )
    expect([value, problems]).toEqual([ms, []])
  })
})

describe('an optional input', () => {
  const check = (value: string) => (value === 'bad' ? 'is bad' : undefined)
  const take = (reader: InputReader) => reader.optional('cpu', 'max-cpu', check, '"4"')

  test.each<[string | undefined, object]>([
    ['good', { cpu: 'good' }],
    ['', {}],
    [undefined, {}],
  ])('%j: absent stays absent', (given, value) => {
    expect(read({ 'INPUT_MAX-CPU': given }, take)).toStrictEqual({ value, problems: [] })
  })

  test('is left out where it is bad', () => {
    expect(read({ 'INPUT_MAX-CPU': 'bad' }, take)).toStrictEqual({
      value: {},
      problems: [{ input: 'max-cpu', value: 'bad', reason: 'is bad', example: '"4"' }],
    })
  })
})

describe('a required input', () => {
  const check = (value: string) => (value === 'bad' ? 'is bad' : undefined)
  const take = (reader: InputReader) => reader.required('tenant', ['KUPE_TENANT'], 'acme', check)

  test('that is missing names where it may come from', () => {
    expect(read({ INPUT_TENANT: ' ' }, take).problems).toEqual([
      { input: 'tenant', reason: expect.stringContaining('KUPE_TENANT'), example: 'acme' },
    ])
  })

  test('that is bad names where it came from', () => {
    expect(read({ KUPE_TENANT: 'bad' }, take).problems).toEqual([
      { input: 'tenant (from KUPE_TENANT)', value: 'bad', reason: 'is bad', example: 'acme' },
    ])
  })
})
