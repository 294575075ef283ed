import { describe, expect, test } from '@jest/globals'
import { createClusterApi } from '../../../src/api/client.js'
import type { HttpResponse } from '../../../src/api/http.js'
import { ApiError } from '../../../src/errors.js'
import { createAlertRedactor } from '../../../src/redact.js'
import { cpuMsOfWork } from '../../support/timing.js'

const KEY = 'kupe_ab12_S3cr3t-Part_x9'

type Answer = Partial<HttpResponse> & { readonly body: string }

/** A client whose answers are given, one after the other. */
function toApi(answers: readonly Answer[], alerts?: object) {
  const left = [...answers]
  const redactor = createAlertRedactor({ secrets: [KEY], shown: ['acme', 'production'] })
  redactor.learn(alerts as never)
  return createClusterApi({
    apiUrl: 'https://api.example/api/v1',
    apiKey: KEY,
    tenant: 'acme',
    cluster: 'production',
    redactor,
    exchange: async () => ({ status: 200, headers: {}, isWhole: true, ...(left.shift() ?? { body: '' }) }),
  })
}

async function toError(answer: Answer, alerts?: object): Promise<ApiError> {
  try {
    await toApi([{ status: 400, ...answer }], alerts).getCluster(1_000)
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('no error')
}

/** What a cluster shows of the server's words. */
async function wordsOf(object: object, alerts?: object) {
  const { cluster } = await toApi([{ body: JSON.stringify({ name: 'production', ...object }) }], alerts).getCluster(
    1_000,
  )
  return { conditions: cluster.conditions, warnings: cluster.warnings, phase: cluster.phase }
}

const LEAD = 'GET was answered 400: '

describe('an error shows', () => {
  test.each<[string, object | string, string]>([
    ['message before error', { message: 'no such version', error: 'other' }, 'no such version'],
    ['error', { error: 'no such version' }, 'no such version'],
    [
      'code and field',
      { code: 'HA_DISABLE_UNSUPPORTED', field: 'spec.highAvailability', message: 'it cannot be turned off' },
      'it cannot be turned off (code HA_DISABLE_UNSUPPORTED, field spec.highAvailability)',
    ],
    ['a code alone', { code: 'QUOTA', message: 'too much' }, 'too much (code QUOTA)'],
    ['a field alone', { field: 'spec.version', error: 'too old' }, 'too old (field spec.version)'],
    ['a code that is a number', { code: 4711, message: 'too much' }, 'too much (code 4711)'],
    ['a message inside error', { error: { message: 'no quota', code: 'QUOTA' } }, 'no quota (code QUOTA)'],
    [
      'its code before the outer one',
      { code: 400, error: { message: 'no quota', code: 'QUOTA' } },
      'no quota (code QUOTA)',
    ],
    ['the first of errors', { errors: [{ message: 'one', field: 'x' }, { message: 'two' }] }, 'one (field x)'],
    ['the first of errors that are texts', { errors: ['one', 'two'] }, 'one'],
    ['detail before title', { title: 'Bad Request', detail: 'no such version', status: 400 }, 'no such version'],
    ['a title', { title: 'Bad Request', detail: ' ', errors: [] }, 'Bad Request'],
    ['a text in JSON', '"no such version"', 'no such version'],
    ['a code without words', { code: 'QUOTA' }, 'a JSON body without a message (code QUOTA)'],
    ['plain text', 'upstream connect error', 'upstream connect error'],
    ['plain text that begins with a bracket', '[error] no route to host', '[error] no route to host'],
    ['nothing', '', 'bad request'],
    [
      'no command, whatever code and field are',
      { message: 'x', code: '::error::y\n', field: '##[z]' },
      'x (code : :error: :y, field # #[z])',
    ],
  ])('%s', async (_, body, words) => {
    const error = await toError({ body: typeof body === 'string' ? body : JSON.stringify(body) })
    expect(error.message).toBe(`${LEAD}${words}`)
  })

  test('code and field as facts', async () => {
    const { facts } = await toError({ body: JSON.stringify({ message: 'm', code: 'C_1', field: 'spec.x' }) })
    expect(facts).toMatchObject({ serverMessage: 'm', code: 'C_1', field: 'spec.x' })
    expect((await toError({ body: 'm' })).facts).toMatchObject({
      serverMessage: 'm',
      code: undefined,
      field: undefined,
    })
  })

  test.each([
    [
      '<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body>secret path /x</body>',
      ': 502 Bad Gateway',
    ],
    ['\ufeff\n<html lang="en"><TITLE lang=en>Attention Required! | Edge</TITLE>', ': Attention Required! | Edge'],
    ['<html><body>no title here</body></html>', ''],
    ['<html><title>never closed', ''],
    ['<html><title></title>', ''],
    ['<?xml version="1.0"?><html><title>x &amp; y</title></html>', ': x &amp; y'],
    [`<html><title>hello ${KEY}</title>`, ': hello ***'],
    [`<html><title>${'long '.repeat(100)}</title>`, `: ${'long '.repeat(39)}long…`],
  ])('only the title of a web page: %s', async (body, title) => {
    const error = await toError({ body })
    expect(error.message).toBe(`${LEAD}something in front of the API answered${title}`)
  })

  test('a page by its type, too', async () => {
    const headers = { 'content-type': 'text/html; charset=utf-8' }
    const error = await toError({ body: '<center>nginx</center>', headers })
    expect(error.message).toBe(`${LEAD}something in front of the API answered`)
    expect((await toError({ body: '{"error":"e"}', headers })).message).toBe(`${LEAD}e`)
    expect((await toError({ body: '', headers })).message).toBe(`${LEAD}bad request`)
  })

  test('a page of any size at once', async () => {
    const cpuMs = await cpuMsOfWork(async () => {
      await toError({ body: `<html>${'<title'.repeat(20_000)}` })
      await toError({ body: `<html><title>${'<'.repeat(200_000)}` })
    })
    expect(cpuMs).toBeLessThan(500)
  })

  test.each([
    ['a message', JSON.stringify({ message: 'bad hunter2 here' }), 'bad *** here'],
    ['an error', JSON.stringify({ error: 'bad hunter2 here' }), 'bad *** here'],
    ['another body', JSON.stringify({ rejected: { hook: 'hunter2' } }), 'a JSON body without a message'],
    ['plain text', 'bad hunter2 here', 'bad *** here'],
    ['a title', '<html><title>hunter2 here</title>', 'something in front of the API answered: *** here'],
    [
      'not in code and field',
      JSON.stringify({ message: 'm', code: 'AB-123', field: 'x.y-12' }),
      'm (code AB-123, field x.y-12)',
    ],
    ['but in what is no code', JSON.stringify({ message: 'm', code: 'it is hunter2' }), 'm (code it is ***)'],
  ])('no value of alerts in %s', async (_, body, words) => {
    const error = await toError({ body }, { a: ['hunter2', 'AB-123', 'x.y-12'] })
    expect(error.message).toBe(`${LEAD}${words}`)
  })

  const CLUSTER = { name: 'production', version: '1.31', alerts: { hook: 'unseen-1', deep: [{ key: 'unseen-2' }] } }
  const TEXT = JSON.stringify(CLUSTER)

  test.each<[string, Answer, string]>([
    ['the cluster', { body: TEXT }, 'a JSON body without a message'],
    ['a part of it', { body: JSON.stringify({ current: [CLUSTER] }) }, 'a JSON body without a message'],
    ['the cluster, with a mark before it', { body: `\ufeff ${TEXT}` }, 'a JSON body without a message'],
    ['JSON in JSON', { body: JSON.stringify(TEXT) }, 'a JSON body without a message'],
    ['a message that is JSON', { body: JSON.stringify({ message: TEXT }) }, 'a JSON body without a message'],
    ['a body that was cut off', { body: TEXT.slice(0, -3), isWhole: false }, 'a JSON body that was cut off'],
    ['a list that was cut off', { body: `[${TEXT}`, isWhole: false }, 'a JSON body that was cut off'],
    ['JSON line by line', { body: `${TEXT}\n${TEXT}` }, 'a body that begins as JSON and cannot be read'],
    [
      'JSON nested too deeply',
      { body: `{"a":${'['.repeat(201)}"unseen-1"${']'.repeat(201)}}` },
      'a body that begins as JSON and cannot be read',
    ],
    [
      'what a program prints',
      { body: "{'alerts': {'hook': 'unseen-1'}}" },
      'a body that begins as JSON and cannot be read',
    ],
    [
      'a message beside it',
      { body: JSON.stringify({ message: 'someone changed unseen-1 and unseen-2', current: CLUSTER }) },
      'someone changed *** and ***',
    ],
    [
      'a message that quotes it',
      { body: JSON.stringify({ message: `conflict with ${TEXT}` }) },
      'conflict with {"name":"production","version":"1.31","…',
    ],
    [
      'plain text that quotes it',
      { body: `conflict with ${JSON.stringify(TEXT)}` },
      'conflict with "{\\"name\\":\\"production\\",\\"version\\":\\"1.31\\",\\"…',
    ],
    ['as a program prints it', { body: 'conflict: {Alerts:map[hook:unseen-1]}' }, 'conflict: {…'],
    [
      'but what a message says of alerts',
      { body: '{"message":"alerts: must be an object"}' },
      'alerts: must be an object',
    ],
  ])('no value of alerts that no read has shown: %s', async (_, answer, words) => {
    expect((await toError(answer)).message).toBe(`${LEAD}${words}`)
  })

  test('nor later, where a page repeats it', async () => {
    const api = toApi([
      { status: 409, body: TEXT },
      { status: 503, body: 'no unseen-1 here' },
    ])
    await expect(api.getCluster(1_000)).rejects.toThrow('a JSON body without a message')
    await expect(api.getCluster(1_000)).rejects.toThrow('no *** here')
  })

  test('no words at all once such a body held too much to take out', async () => {
    const alerts = Array.from({ length: 2_001 }, (_, index) => `value-${index}`)
    const error = await toError({ body: JSON.stringify({ message: 'bad value-1', alerts }) })
    expect(error.message).toContain('its words are not shown here')
  })

  test('no value of alerts that any read has shown', async () => {
    const read = (alerts: object) => ({ body: JSON.stringify({ name: 'production', alerts }) })
    const answers = [
      read({ a: 'before-1' }),
      read({ a: 'after-22' }),
      read({}),
      { status: 400, body: 'before-1 after-22' },
    ]
    const api = toApi(answers)
    for (let count = 0; count < 3; count++) await api.getCluster(1_000)
    await expect(api.getCluster(1_000)).rejects.toThrow(`${LEAD}*** ***`)
  })

  test('no half of a value where the body was cut off', async () => {
    const error = await toError({ body: `${'hunter2-'.repeat(3_000)}hunt`, isWhole: false }, { a: 'hunter2-hunter2-' })
    expect(error.message).not.toContain('hunt')
  })
})

describe('where there is too much to take out', () => {
  const alerts = { list: Array.from({ length: 2_001 }, (_, index) => `value-${index}`) }

  test.each([
    [
      { message: 'the value value-1 is wrong', code: 'C' },
      'its words are not shown here, since alerts holds too many texts that may be secrets',
    ],
    ['<html><title>value-1</title>', 'something in front of the API answered'],
    ['', 'bad request'],
  ])('%j shows no words', async (body, words) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    expect((await toError({ body: text }, alerts)).message).toBe(`${LEAD}${words}`)
  })

  test.each(['access denied', ' Access Denied\n', 'Not a member of this tenant', 'ADMIN ACCESS REQUIRED'])(
    'what follows from %j still does',
    async (message) => {
      const { facts } = await toError({ status: 403, body: JSON.stringify({ message, code: 'X' }) }, alerts)
      expect(facts).toMatchObject({ serverMessage: message.trim(), code: undefined })
      const denied = await toError({ status: 403, body: JSON.stringify({ error: message, code: 'X' }) }, { a: message })
      expect(denied.facts).toMatchObject({ serverMessage: message.trim(), code: 'X' })
    },
  )

  test('of conditions only the cluster’s health is shown, of warnings nothing', async () => {
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'value-1', message: 'value-2' },
      { type: 'Available', status: 'value-3', message: 'x' },
      { type: 'value-4', status: 'False' },
      'value-5',
    ]
    const words = await wordsOf({ status: { conditions }, warnings: ['value-6', { code: 'X', message: 'y' }] }, alerts)
    expect(words).toMatchObject({ conditions: [{ type: 'Ready', status: 'False' }], warnings: [] })
    expect(words.conditions).toEqual([{ type: 'Ready', status: 'False' }])
  })

  test('a request id is shown if it looks like one', async () => {
    const withId = (id: string) => toError({ body: 'x', headers: { 'x-request-id': id } }, alerts)
    expect((await withId('0f8fad5b-d9cb-469f-a165-70867728950e')).facts.requestId).toBe(
      '0f8fad5b-d9cb-469f-a165-70867728950e',
    )
    expect((await withId('id value-1')).facts.requestId).toBeUndefined()
  })
})

describe('conditions', () => {
  test('are ten, what is not met first, and of these what is not ready, available or healthy', async () => {
    const fill = Array.from({ length: 12 }, (_, index) => ({ type: `Fine${index}`, status: 'True' }))
    const conditions = [
      ...fill,
      { type: 'Synced', status: 'Unknown' },
      { type: 'EtcdReady', status: 'False', reason: 'NoQuorum', message: 'no leader' },
      { type: 'Progressing', status: 'False' },
      { type: 'NodesHealthy', status: 'Unknown' },
      { type: 'Available', status: 'False' },
      { type: 'MoreReady', status: 'True' },
    ]
    const words = await wordsOf({ status: { conditions } })
    expect(words.conditions).toHaveLength(10)
    expect(words.conditions.map(({ type }) => type)).toEqual([
      ...['EtcdReady', 'NodesHealthy', 'Available', 'Synced', 'Progressing'],
      ...['Fine0', 'Fine1', 'Fine2', 'Fine3', 'Fine4'],
    ])
    expect(words.conditions[0]).toEqual({
      type: 'EtcdReady',
      status: 'False',
      reason: 'NoQuorum',
      message: 'no leader',
    })
  })

  test.each<[unknown, object[]]>([
    [['plain text', '', ' ', 7, null, [], {}], [{ message: 'plain text' }]],
    [
      [
        { type: 'Ready', status: false },
        { type: 'X', status: true },
      ],
      [
        { type: 'Ready', status: 'False' },
        { type: 'X', status: 'True' },
      ],
    ],
    [
      [{ type: 'Ready\n::error::x', status: '1', message: 'a\nb' }],
      [{ type: 'Ready : :error: :x', status: '1', message: 'a b' }],
    ],
    [[{ message: 'y'.repeat(501) }], [{ message: `${'y'.repeat(499)}…` }]],
    [
      [{ type: 'T'.repeat(300), reason: 'R'.repeat(300) }],
      [{ type: `${'T'.repeat(199)}…`, reason: `${'R'.repeat(199)}…` }],
    ],
    ['no list', []],
  ])('are read as they come: %j', async (conditions, shown) => {
    expect((await wordsOf({ status: { conditions } })).conditions).toEqual(shown)
  })

  test('keep type and reason, but show no value of alerts', async () => {
    const conditions = [{ type: 'Etcd-Ready', status: 'False', reason: 'No_Quorum', message: 'cannot reach hunter2' }]
    const words = await wordsOf({ alerts: { a: ['Etcd-Ready', 'No_Quorum', 'hunter2'] }, status: { conditions } })
    expect(words.conditions).toEqual([
      { type: 'Etcd-Ready', status: 'False', reason: 'No_Quorum', message: 'cannot reach ***' },
    ])
  })
})

describe('warnings', () => {
  test('have code and field, and differ in more than numbers', async () => {
    const warnings = [
      'plain',
      { code: 'NEAR_END', severity: 'warning', message: 'ends in 90 days', field: 'spec.version' },
      { code: 'NEAR_END', message: 'ends in 89.5 days', field: 'spec.version' },
      { code: 'NEAR_END', message: 'ends in 89.5 days', field: 'spec.other' },
      { code: 'ALONE' },
      'plain',
      {},
      '',
      7,
    ]
    expect((await wordsOf({ warnings })).warnings).toEqual([
      'plain',
      'ends in 90 days (code NEAR_END, field spec.version)',
      'ends in 89.5 days (code NEAR_END, field spec.other)',
      'code ALONE',
    ])
  })

  test('of one answer are 100 kinds at the most, each bounded and without values of alerts', async () => {
    const kind = (index: number) => String.fromCharCode(97 + (index % 26)).repeat(1 + Math.floor(index / 26))
    const warnings = Array.from({ length: 300 }, (_, index) => `kind ${kind(index)} hunter2 ${'x'.repeat(600)}`)
    const words = await wordsOf({ warnings, alerts: { a: 'hunter2' } })
    expect(words.warnings).toHaveLength(100)
    expect(words.warnings[0]).toMatch(/^kind a \*\*\* x+…$/)
    expect(Math.max(...words.warnings.map(({ length }) => length))).toBe(500)
  })
})

test('a phase is cut off, after the key is out of it', async () => {
  expect((await wordsOf({ status: { phase: 'P'.repeat(600_000) } })).phase).toBe(`${'P'.repeat(1_023)}…`)
  for (let before = 990; before < 1_024; before++) {
    const { phase } = await wordsOf({ status: { phase: `${'x'.repeat(before)}${KEY}` } })
    expect(phase).not.toContain('kupe')
  }
})
