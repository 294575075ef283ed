import { describe, expect, test } from '@jest/globals'
import nock from 'nock'
import type { ClusterApi } from '../../src/api/client.js'
import type { JsonValue } from '../../src/domain/json.js'
import { AGENT, answer, CLUSTER, createApi, failure, HOST, KEY, PATH, patch, read } from '../support/api-client.js'
import { useNock } from '../support/nock.js'

useNock()

describe('a GET', () => {
  test('says exactly what it must', async () => {
    const sent = answer('GET', 200)
    await read()
    expect(sent).toEqual({
      path: PATH,
      body: '',
      headers: {
        authorization: `Bearer ${KEY}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
        'user-agent': AGENT,
        host: 'api.kupe.test',
        connection: expect.any(String),
      },
    })
  })

  test.each([
    ['a space', 'my org', '/api/v1/tenants/my%20org/clusters/production'],
    ['a slash', 'a/b', '/api/v1/tenants/a%2Fb/clusters/production'],
    ['a question mark and a hash', 'a?b#c', '/api/v1/tenants/a%3Fb%23c/clusters/production'],
    ['a percent sign', 'a%2Fb', '/api/v1/tenants/a%252Fb/clusters/production'],
    ['letters beyond ASCII', 'café', '/api/v1/tenants/caf%C3%A9/clusters/production'],
  ])('percent-encodes %s in the path', async (_, tenant, path) => {
    const sent = answer('GET', 200)
    await createApi({ tenant }).getCluster(5_000)
    expect(sent.path).toBe(path)
  })

  test.each([['"294810"'], ['294810'], ['W/"294810"'], ['"a,b \\"c"']])(
    'keeps the ETag %s byte for byte',
    async (etag) => {
      answer('GET', 200, CLUSTER, { ETag: etag })
      expect((await read()).etag).toBe(etag)
    },
  )

  test('a body that came before is cleaned anew once an error has taught what must not be shown', async () => {
    const api = createApi()
    const body = { ...CLUSTER, status: { conditions: [{ type: 'Ready', message: 'cannot post to abcd1234secretzz' }] } }
    const textOf = async () => (await api.getCluster(5_000)).cluster.conditions[0]?.message
    answer('GET', 200, body)
    answer('GET', 200, body)
    answer('GET', 500, { message: 'failed', object: { alerts: { hook: 'abcd1234secretzz' } } })
    answer('GET', 200, body)
    expect([await textOf(), await textOf()]).toEqual(Array(2).fill('cannot post to abcd1234secretzz'))
    await failure(textOf())
    expect(await textOf()).toBe('cannot post to ***')
  })

  test('has no ETag where the server gives none', async () => {
    answer('GET', 200)
    expect((await read()).etag).toBeUndefined()
  })

  test.each([['X-Request-Id'], ['x-request-id'], ['X-REQUEST-ID']])('takes the request id from %s', async (name) => {
    answer('GET', 200, CLUSTER, { [name]: 'req-1' })
    expect((await read()).requestId).toBe('req-1')
  })
})

describe('a PATCH', () => {
  test.each([['"294810"'], ['294810'], ['W/"294810"'], ['"a,b c"']])(
    'says exactly what it must, with If-Match %s byte for byte',
    async (ifMatch) => {
      const sent = answer('PATCH', 200)
      await patch(ifMatch)
      expect(sent.path).toBe(PATH)
      expect(sent.headers).toEqual({
        authorization: `Bearer ${KEY}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
        'user-agent': AGENT,
        'content-type': 'application/json',
        'content-length': '18',
        'if-match': ifMatch,
        host: 'api.kupe.test',
        connection: expect.any(String),
      })
    },
  )

  test('has no If-Match where there is no ETag', async () => {
    const sent = answer('PATCH', 200)
    await patch(undefined)
    expect(Object.keys(sent.headers)).not.toContain('if-match')
  })

  test.each<[string, Parameters<ClusterApi['patchCluster']>[0]]>([
    ['{"version":"1.32"}', { version: '1.32' }],
    ['{"resources":{"cpu":"8","memory":"16Gi"}}', { resources: { cpu: '8', memory: '16Gi' } }],
    ['{"alerts":{"crash":{"enabled":true,"url":null}}}', { alerts: { crash: { enabled: true, url: null } } }],
    [
      '{"version":"1.32","resources":{"cpu":"8"},"alerts":{"a":[1,"ä"]}}',
      { version: '1.32', resources: { cpu: '8' }, alerts: { a: [1, 'ä'] } },
    ],
  ])('sends the body %s to the byte', async (body, change) => {
    const sent = nock(HOST)
      .patch(PATH, (sent: unknown) => JSON.stringify(sent) === body)
      .matchHeader('content-length', String(Buffer.byteLength(body)))
      .reply(200, CLUSTER)
    await createApi().patchCluster(change, '"1"', 5_000)
    expect(sent.isDone()).toBe(true)
  })

  test.each([[200], [201], [202]])('%d with a cluster is a success', async (status) => {
    answer('PATCH', status, { ...CLUSTER, generation: 8 }, { ETag: '"2"', 'X-Request-Id': 'req-2' })
    const { shown, requestId } = await patch('"1"')
    expect(shown).toMatchObject({ cluster: { name: 'production', generation: 8 }, etag: '"2"' })
    expect(requestId).toBe('req-2')
  })

  test.each([
    [200, ''],
    [202, ' \n'],
    [204, ''],
  ])('%d with the empty body %j shows no cluster and keeps the request id', async (status, body) => {
    answer('PATCH', status, body, { 'X-Request-Id': 'req-3' })
    expect(await patch('"1"')).toEqual({ shown: undefined, requestId: 'req-3' })
  })

  test.each([['<html>ok</html>'], ['[]'], ['{}'], ['{"name":"other"}']])(
    'a 2xx body %s is no cluster',
    async (body) => {
      answer('PATCH', 200, body, { 'X-Request-Id': 'req-4' })
      const { facts } = await failure(patch('"1"'))
      expect(facts).toMatchObject({ trouble: 'not-a-cluster', status: 200, requestId: 'req-4' })
    },
  )
})

describe('an answer that is no success', () => {
  test.each<[string, JsonValue, string]>([
    ['message before error', { message: 'the message', error: 'the error', code: 'X' }, 'the message'],
    ['error where message is empty', { message: '', error: 'the error' }, 'the error'],
    ['error where message is no text', { message: { a: 1 }, error: 'the error' }, 'the error'],
    ['error alone', { error: 'unsupported version "9.9"' }, 'unsupported version "9.9"'],
    ['plain text, trimmed', '  upstream is down \n', 'upstream is down'],
    ['HTML without a title', '<html><b>502</b></html>', 'something in front of the API answered'],
    ['another JSON shape', { detail: 'no' }, 'no'],
    ['JSON that is no object', ['a', 'b'], 'a JSON body without a message'],
  ])('says the server’s own words: %s', async (_, body, words) => {
    answer('GET', 400, body)
    const { message, facts } = await failure(read())
    expect(facts.serverMessage).toBe(words)
    expect(message).toContain(words)
    expect(message).toContain('GET')
    expect(message).toContain('400')
  })

  test.each([
    [400, /bad request/i],
    [401, /unauthorized/i],
    [403, /forbidden/i],
    [404, /not found/i],
    [409, /conflict/i],
    [412, /precondition failed/i],
    [429, /too many requests/i],
    [500, /internal server error/i],
    [502, /bad gateway/i],
    [503, /service unavailable/i],
    [504, /gateway timeout/i],
  ])('%d with an empty body says the standard text', async (status, text) => {
    answer('GET', status, '')
    const { message, facts } = await failure(read())
    expect(message).toMatch(text)
    expect(facts).toMatchObject({ trouble: 'status', status, serverMessage: '' })
  })

  test.each([
    ['a long message', { message: 'x'.repeat(100_000) }],
    ['a long page', `<html>${'y'.repeat(100_000)}`],
  ])('bounds %s', async (_, body) => {
    answer('GET', 400, body)
    const { message, facts } = await failure(read())
    expect(facts.serverMessage?.length).toBeLessThanOrEqual(1000)
    expect(message.length).toBeLessThanOrEqual(1100)
  })

  test('takes the key out before cutting off, so that no half of it stays', async () => {
    for (const before of [980, 985, 990, 995]) {
      answer('GET', 400, { message: `${'x'.repeat(before)}${KEY} and more`.padEnd(3000, 'z') })
      const { message, facts } = await failure(read())
      expect(`${message}${facts.serverMessage}`).not.toContain(KEY.slice(0, 6))
    }
  })

  test('is one line, and no command of the runner', async () => {
    answer('GET', 400, { message: 'a\r\n::error::b\u2028##[error]c\u0000\u001b[31md' })
    const { message } = await failure(read())
    expect(message).not.toMatch(/[\p{Cc}\u2028]/u)
    expect(message).not.toContain('::error::')
    expect(message).not.toContain('##[')
  })

  test('takes out what stands in the asked alerts, and in the live ones once they are read', async () => {
    const kupe = createApi({ alerts: { hook: 'https://hooks.test/asked' } })
    answer('GET', 200, { ...CLUSTER, alerts: { hook: 'https://hooks.test/live' } })
    await kupe.getCluster(5_000)
    answer('GET', 400, { message: 'bad hooks https://hooks.test/asked https://hooks.test/live' })
    expect((await failure(kupe.getCluster(5_000))).message).not.toContain('hooks.test')
  })

  test('has the request id, made harmless and bounded', async () => {
    answer('GET', 500, { error: 'x' }, { 'X-Request-Id': `req-9 ::error:: ##[warning]${KEY}${'z'.repeat(5000)}` })
    const { requestId = '' } = (await failure(read())).facts
    expect(requestId).toMatch(/^req-9 /)
    expect(requestId.length).toBeLessThanOrEqual(200)
    expect(requestId).not.toMatch(/::|##\[/)
    expect(requestId).not.toContain(KEY)
  })

  test('has no request id where the server gives none', async () => {
    answer('GET', 500, { error: 'x' })
    expect((await failure(read())).facts.requestId).toBeUndefined()
  })

  test.each([['GET'], ['PATCH']] as const)('404 on a %s is an error, not a null', async (method) => {
    answer(method, 404, { error: 'cluster not found' })
    const { facts } = await failure(method === 'GET' ? read() : patch('"1"'))
    expect(facts).toMatchObject({ trouble: 'status', status: 404, serverMessage: 'cluster not found' })
  })

  test.each([[301], [302], [303], [307], [308]])('%d is not followed', async (status) => {
    const elsewhere = nock('https://elsewhere.test').get(/.*/).reply(200, CLUSTER)
    const same = nock(HOST).get('/other').reply(200, CLUSTER)
    for (const Location of ['https://elsewhere.test/x', '/other']) {
      nock(HOST).get(PATH).reply(status, '', { Location, 'X-Request-Id': 'req-5' })
      const { facts } = await failure(read())
      expect(facts).toMatchObject({ trouble: 'status', status, requestId: 'req-5' })
    }
    expect([elsewhere.isDone(), same.isDone()]).toEqual([false, false])
    nock.cleanAll()
  })

  test('keeps its headers where the body is not JSON', async () => {
    answer('PATCH', 503, '<html>busy</html>', { 'Retry-After': '7', 'X-Request-Id': 'req-6' })
    expect((await failure(patch('"1"'))).facts).toEqual({
      trouble: 'status',
      status: 503,
      isFromApi: false,
      serverMessage: 'something in front of the API answered',
      requestId: 'req-6',
      retryAfterMs: 7000,
    })
  })

  test('sends one request and no more, whatever the status', async () => {
    for (const status of [401, 408, 429, 500, 502, 503, 504]) {
      answer('GET', status, '')
      // A second request would find no answer and be a network error.
      expect((await failure(read())).facts.status).toBe(status)
    }
  })
})
