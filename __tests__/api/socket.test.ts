import type { Server } from 'node:net'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from '@jest/globals'
import { startServer } from '../../simulator/server.js'
import { DEFAULTS, Simulator } from '../../simulator/simulator.js'
import { createClusterApi } from '../../src/api/client.js'
import { createExchange, type HttpRequest } from '../../src/api/http.js'
import { createAlertRedactor } from '../../src/redact.js'
import { closeServers, head, httpServer, rawServer, serve } from '../support/servers.js'
import { MOMENT_MS } from '../support/timing.js'

const CLUSTER = JSON.stringify({ name: 'production', version: '1.31' })

/** A server's address until the test is over; then it must be able to close without closing anyone's connection. */
async function urlOf(server: Server, host = '127.0.0.1'): Promise<string> {
  return `http://${host}:${await serve(server, host)}/`
}

afterEach(async () => expect(await closeServers()).toBeLessThan(MOMENT_MS))

function exchangeWith(url: string, request: Partial<HttpRequest> = {}, cancelled = new AbortController().signal) {
  return createExchange('agent', cancelled)({ method: 'GET', url, headers: {}, timeoutMs: 5_000, ...request })
}

async function thrown(promise: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startMs = performance.now()
  const error = await promise.then(
    (value) => Promise.reject(new Error(`expected an error, not ${JSON.stringify(value)}`)),
    (reason: unknown) => reason,
  )
  return { error, ms: performance.now() - startMs }
}

describe('a whole answer', () => {
  test('gives status, headers in lower case and body', async () => {
    const url = await urlOf(
      httpServer((_, response) => response.writeHead(200, { ETag: '"1"', 'X-Request-Id': 'r' }).end(CLUSTER)),
    )
    const answer = await exchangeWith(url)
    expect(answer).toMatchObject({ status: 200, body: CLUSTER, isWhole: true })
    expect(answer.headers).toMatchObject({ etag: '"1"', 'x-request-id': 'r' })
  })

  test('survives a body that comes in many pieces, cut in the middle of a character', async () => {
    const bytes = Buffer.from('{"name":"prödüction→"}')
    const pieces = [...bytes].map((byte) => Buffer.from([byte]))
    const url = await urlOf(httpServer((_, response) => void Readable.from(pieces).pipe(response)))
    expect((await exchangeWith(url)).body).toBe(bytes.toString('utf8'))
  })

  test('sends the body of a PATCH to the byte', async () => {
    const bodies: string[] = []
    const url = await urlOf(
      httpServer((request, response) => {
        void textOf(request).then((body) => {
          bodies.push(body)
          response.end(CLUSTER)
        })
      }),
    )
    await exchangeWith(url, { method: 'PATCH', body: '{"version":"1.32","alerts":{"ä":"→"}}' })
    expect(bodies).toEqual(['{"version":"1.32","alerts":{"ä":"→"}}'])
  })

  test('asks for no compression, and says the agent', async () => {
    const heads: string[] = []
    const url = await urlOf(
      rawServer((socket, text) => {
        heads.push(text)
        socket.end(`${head(200, { 'Content-Length': CLUSTER.length })}${CLUSTER}`)
      }),
    )
    const api = createClusterApi({
      apiUrl: `${url}api/v1`,
      apiKey: DEFAULTS.adminKey,
      tenant: 'acme',
      cluster: 'production',
      exchange: createExchange('agent', new AbortController().signal),
      redactor: createAlertRedactor({ secrets: [], shown: [] }),
    })
    await api.getCluster(5_000)
    expect(heads[0]).toMatch(/^GET \/api\/v1\/tenants\/acme\/clusters\/production HTTP\/1\.1\r\n/)
    expect(heads[0]).not.toMatch(/gzip|deflate|br\b|zstd|compress|\*;/i)
    expect(heads[0]).toMatch(/\r\nuser-agent: agent\r\n/i)
    const encodings = heads[0]?.match(/^accept-encoding: *(.*?) *$/gim) ?? []
    expect(encodings.every((line) => /identity$/i.test(line))).toBe(true)
  })

  test('is read from an IPv6 host, with the simulator behind it', async () => {
    const simulator = new Simulator({ now: () => performance.now() })
    const server = await startServer(simulator, { host: '::1' })
    const api = createClusterApi({
      apiUrl: `${server.url}/api/v1`,
      apiKey: DEFAULTS.adminKey,
      tenant: 'acme',
      cluster: 'production',
      exchange: createExchange('agent', new AbortController().signal),
      redactor: createAlertRedactor({ secrets: [], shown: [] }),
    })
    const { cluster, etag } = await api.getCluster(5_000)
    await server.close()
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect({ name: cluster.name, etag }).toEqual({ name: 'production', etag: '"294810"' })
  })
})

describe('a connection that breaks in the middle of the body', () => {
  test.each([
    ['Content-Length', { 'Content-Length': 1000 }, CLUSTER],
    ['Content-Length, before the first byte', { 'Content-Length': 1000 }, ''],
    ['chunks', { 'Transfer-Encoding': 'chunked' }, `5\r\n{"nam\r\n`],
    ['chunks, inside one', { 'Transfer-Encoding': 'chunked' }, `ff\r\n{"nam`],
  ])('of a 200 with %s: what came is given, and that it was cut', async (_, headers, body) => {
    for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
      const url = await urlOf(
        rawServer((socket) => socket.write(`${head(200, headers)}${body}`, () => socket[leave]())),
      )
      expect(await exchangeWith(url)).toMatchObject({ status: 200, isWhole: false, bodyFault: 'cut' })
    }
  })

  test.each([[401], [403], [404], [412], [503]])('of a %d: the status and headers stand', async (status) => {
    const url = await urlOf(
      rawServer((socket) => {
        const headers = { 'Content-Length': 1000, 'X-Request-Id': 'req-1', 'Retry-After': 3 }
        socket.write(`${head(status, headers)}{"error":"una`, () => socket.destroy())
      }),
    )
    const answer = await exchangeWith(url)
    expect(answer).toMatchObject({ status, isWhole: false })
    expect(answer.headers).toMatchObject({ 'x-request-id': 'req-1', 'retry-after': '3' })
  })

  test('as the simulator’s cut and, before any answer, its reset', async () => {
    const simulator = new Simulator({ now: () => performance.now() })
    const server = await startServer(simulator)
    const headers = { Authorization: `Bearer ${DEFAULTS.adminKey}` }
    simulator.queue('GET', [{ kind: 'cut' }, { kind: 'reset' }])
    const url = `${server.url}/api/v1/tenants/acme/clusters/production`
    const cut = await exchangeWith(url, { headers })
    const reset = await thrown(exchangeWith(url, { headers }))
    const fine = await exchangeWith(url, { headers })
    await server.close()
    expect(cut).toMatchObject({ status: 200, bodyFault: 'cut' })
    expect(reset.error).toMatchObject({ facts: { trouble: 'network', isUnsent: false } })
    expect(fine).toMatchObject({ status: 200, isWhole: true })
  })
})

describe('an answer that does not end', () => {
  const drips = () =>
    rawServer((socket) => {
      socket.write(`${head(200, { 'Transfer-Encoding': 'chunked' })}`)
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 10)
      socket.on('close', () => clearInterval(timer))
    })

  test.each<[string, () => Server]>([
    ['no answer at all', () => rawServer(() => undefined)],
    ['half a head', () => rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nETag: "1'))],
  ])('%s: the timeout ends it', async (_, create) => {
    const url = await urlOf(create())
    const { error, ms } = await thrown(exchangeWith(url, { timeoutMs: 750 }))
    expect(error).toMatchObject({ facts: { trouble: 'timeout' }, message: expect.stringContaining(new URL(url).host) })
    expectEnd(ms)
  })

  // The time counts for the exchange as a whole, not from byte to byte.
  test.each<[string, () => Server]>([
    ['a head and no body', () => rawServer((socket) => socket.write(head(200, { 'Content-Length': 10 })))],
    ['half a body', () => rawServer((socket) => socket.write(`${head(200, { 'Content-Length': 1000 })}${CLUSTER}`))],
    ['a drop every 10 ms, for ever', drips],
  ])('%s: the timeout ends it, and what came is given', async (_, create) => {
    const url = await urlOf(create())
    const startMs = performance.now()
    expect(await exchangeWith(url, { timeoutMs: 750 })).toMatchObject({
      status: 200,
      isWhole: false,
      bodyFault: 'timeout',
    })
    expectEnd(performance.now() - startMs)
  })

  function expectEnd(ms: number): void {
    expect(ms).toBeGreaterThanOrEqual(700)
    expect(ms).toBeLessThan(MOMENT_MS)
  }

  test('a 401 that stalls in its body is still a 401', async () => {
    const url = await urlOf(rawServer((socket) => socket.write(`${head(401, { 'Content-Length': 1000 })}{"error"`)))
    expect(await exchangeWith(url, { timeoutMs: 750 })).toMatchObject({ status: 401, isWhole: false })
  })
})
