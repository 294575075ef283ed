import { describe, expect, test } from '@jest/globals'
import { createClusterApi } from '../../src/api/client.js'
import type { Exchange, HttpResponse } from '../../src/api/http.js'
import { ApiError } from '../../src/errors.js'
import { createAlertRedactor } from '../../src/redact.js'

const URL_OF_API = 'https://api.kupe.test/api/v1'
const SECRET = 'kupe_k1_0123456789'
const PAGE = '<!DOCTYPE html><html><head><title>Blocked</title></head></html>'

function api(exchange: Exchange) {
  const redactor = createAlertRedactor({ secrets: [SECRET], shown: [] })
  const target = { apiUrl: URL_OF_API, apiKey: SECRET, tenant: 'acme', cluster: 'production' }
  return createClusterApi({ ...target, exchange, redactor })
}

/** What a read makes of an answer that shows no cluster. */
async function fault(response: Partial<HttpResponse>): Promise<ApiError> {
  const whole = { status: 200, headers: {}, body: '', isWhole: true }
  const read = api(async () => ({ ...whole, ...response })).getCluster(1_000)
  const error = await read.catch((reason: unknown) => reason)
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError', { cause: error })
  return error
}

describe('whether the API itself answered', () => {
  test.each<[boolean, number, string, Partial<HttpResponse>?]>([
    [true, 403, '{"error":"access denied"}'],
    [true, 404, '\ufeff {"error":"cluster not found"}\n'],
    [true, 404, '{}'],
    [true, 503, '{"message":"later"}'],
    [true, 403, ''],
    [true, 403, ' \r\n'],
    [false, 404, ''],
    [false, 404, '\ufeff'],
    [false, 400, ''],
    [false, 410, ''],
    [false, 503, ''],
    [false, 403, PAGE],
    [false, 404, 'default backend - 404'],
    [false, 404, '404 page not found\n'],
    [false, 422, '["name"]'],
    [false, 404, 'null'],
    [false, 403, '"forbidden"'],
    [false, 403, '{"error":"access denied"'],
    [false, 404, `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}`],
    [false, 403, '', { isWhole: false, bodyFault: 'cut' }],
    [false, 403, '{"error":"access denied"}', { isWhole: false, bodyFault: 'timeout' }],
    [false, 404, '', { isWhole: false, bodyFault: 'undecodable' }],
  ])('%s: %d with %j', async (isFromApi, status, body, rest = {}) => {
    const { facts } = await fault({ status, body, ...rest })
    expect(facts).toMatchObject({ trouble: 'status', status, isFromApi })
    expect(facts.isUnsent).toBeUndefined()
  })
})

describe('what an error says of itself', () => {
  test('its code and its field, beside its message', async () => {
    const body = '{"code":"HA_DISABLE_UNSUPPORTED","field":"spec.highAvailability","message":"cannot be changed"}'
    expect((await fault({ status: 400, body })).facts).toMatchObject({
      code: 'HA_DISABLE_UNSUPPORTED',
      field: 'spec.highAvailability',
      serverMessage: 'cannot be changed',
    })
  })

  test.each([
    ['{"code":42,"field":0}', '42', '0'],
    ['{"code":"","field":null}', undefined, undefined],
    ['{"code":{"a":1},"field":["b"]}', undefined, undefined],
    ['{}', undefined, undefined],
    [PAGE, undefined, undefined],
    [`{"code":"x${SECRET}","field":"::error::\\u2028y"}`, 'x***', ': :error: : y'],
  ])('in any shape: %s', async (body, code, field) => {
    const { facts } = await fault({ status: 422, body })
    expect([facts.code, facts.field]).toEqual([code, field])
  })

  test('in so many letters', async () => {
    const { facts } = await fault({
      status: 422,
      body: JSON.stringify({ code: 'c'.repeat(5_000), field: 'f'.repeat(5_000) }),
    })
    expect([facts.code?.length, facts.field?.length]).toEqual([200, 200])
  })

  test('in words, where its JSON came whole though its connection was cut', async () => {
    const response = { status: 400, isWhole: false, bodyFault: 'cut' } as const
    expect((await fault({ ...response, body: '{"error":"no such version"}' })).facts.serverMessage).toBe(
      'no such version',
    )
  })

  test('in no words where they are cut off, since half a secret cannot be found', async () => {
    for (const bodyFault of ['cut', 'timeout', 'too-large', 'undecodable'] as const) {
      const { message, facts } = await fault({
        status: 503,
        body: `key ${SECRET.slice(0, 12)}`,
        isWhole: false,
        bodyFault,
      })
      expect(facts.serverMessage).toBe('')
      expect(message).toBe('GET was answered 503: service unavailable')
    }
  })

  test('how long to wait, and its request id, with every kind of answer', async () => {
    const headers = { 'retry-after': '7', 'x-request-id': 'req-1' }
    for (const response of [
      { status: 503 },
      { status: 403 },
      { body: PAGE },
      { isWhole: false, bodyFault: 'cut' },
      { isWhole: false, bodyFault: 'timeout' },
    ] as const) {
      const { facts } = await fault({ headers, ...response })
      expect(facts).toMatchObject({ retryAfterMs: 7_000, requestId: 'req-1' })
    }
  })
})

describe('a redirect', () => {
  test.each<[number, string | undefined, string | undefined]>([
    [302, 'https://login.test/oauth/authorize?state=abc#x', 'https://login.test/oauth/authorize'],
    [301, '/api/v2/', 'https://api.kupe.test/api/v2/'],
    [307, '//other.test', 'https://other.test/'],
    [308, 'https://user:pass@other.test/', 'https://other.test/'],
    [302, `https://other.test/${SECRET}`, 'https://other.test/***'],
    [302, 'https://', undefined],
    [302, undefined, undefined],
    [201, 'https://other.test/', undefined],
    [404, 'https://other.test/', undefined],
  ])('%d to %s', async (status, location, redirect) => {
    const { facts, hint } = await fault({ status, headers: { location } })
    expect(facts.redirect).toBe(redirect)
    if (redirect === undefined) expect(hint).toBeUndefined()
    else expect(hint).toContain(`points to ${redirect}. Redirects are not followed`)
  })

  test('shows no more of its target than a line', async () => {
    const { facts } = await fault({ status: 302, headers: { location: `/${'x'.repeat(5_000)}` } })
    expect(facts.redirect).toHaveLength(300)
  })
})

describe('a 2xx that shows no cluster says in what way', () => {
  test.each<[string, Partial<HttpResponse>]>([
    ['an empty body', { body: '' }],
    ['an empty body', { body: '\ufeff\r\n' }],
    ['a web page (HTML) of something in front of the API', { body: PAGE }],
    ['a web page (HTML) of something in front of the API', { body: '\ufeff\n<html lang="en">' }],
    ['a web page (HTML) of something in front of the API', { body: '<!-- hello --> <!doctype HTML>' }],
    ['an XML page of something in front of the API', { body: '<?xml version="1.0"?><a/>' }],
    ['a body that is not JSON', { body: '<htmlish>' }],
    ['a body that is not JSON', { body: '{"name":"production","ver' }],
    ['a body that is not JSON', { body: '\ufeff\ufeff{"name":"production"}' }],
    ['JSON that is no object', { body: '[{"name":"production"}]' }],
    ['JSON that is no object', { body: '"<html>"' }],
    ['JSON that is nested too deeply', { body: `{"name":"production","a":${'['.repeat(200)}${']'.repeat(200)}}` }],
    ['another JSON object, without a name', { body: '{"items":[]}' }],
    ['another JSON object, without a name', { body: '{"name":""}' }],
    ['another JSON object, without a name', { body: '{"name":{"a":1}}' }],
    ['another JSON object, named production-2', { body: '{"name":"production-2"}' }],
    ['another JSON object, named ***', { body: `{"name":"${SECRET}"}` }],
    ['more than 10 MiB', { isWhole: false }],
    ['more than 10 MiB', { isWhole: false, bodyFault: 'too-large' }],
    [
      'a compressed body that cannot be read',
      { isWhole: false, bodyFault: 'undecodable', body: '{"name":"production"}' },
    ],
  ])('%s: %j', async (what, response) => {
    const { message, facts, hint } = await fault({ status: 202, headers: { 'x-request-id': 'req-1' }, ...response })
    expect(message).toBe(`GET was answered 202 with ${what}, not with the cluster asked for`)
    expect(facts).toEqual({ trouble: 'not-a-cluster', status: 202, requestId: 'req-1', retryAfterMs: undefined })
    expect(hint).toBeUndefined()
  })

  test.each([
    ['cut', 'network', 'the connection was cut in the middle of the body'],
    ['timeout', 'timeout', 'the body did not end in time'],
  ] as const)('%s: no answer at all, even if what came is a whole cluster', async (bodyFault, trouble, words) => {
    const { message, facts } = await fault({ body: '{"name":"production"}', isWhole: false, bodyFault })
    expect(facts).toEqual({ trouble, requestId: undefined, retryAfterMs: undefined })
    expect(message).toContain(words)
  })

  test('199 levels are no trouble', async () => {
    const body = `{"name":"production","a":${'['.repeat(199)}${']'.repeat(199)}}`
    const read = api(async () => ({ status: 200, headers: {}, body, isWhole: true })).getCluster(1_000)
    expect((await read).cluster.name).toBe('production')
  })
})
