import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from '@jest/globals'
import { startServer } from '../../simulator/server.js'
import { DEFAULTS, Simulator } from '../../simulator/simulator.js'
import { createClusterApi } from '../../src/api/client.js'
import { createExchange, type HttpRequest } from '../../src/api/http.js'
import { ApiError, CancelledError } from '../../src/errors.js'
import { listen } from '../support/ports.js'

const MIB = 1024 * 1024
const CLUSTER = JSON.stringify({ name: 'production', version: '1.31' })

const servers: Server[] = []

/** Listens on a free port; after the test the server must be able to close without closing anyone's connection. */
async function serve(server: Server, host = '127.0.0.1'): Promise<string> {
  servers.push(server)
  return `http://${host}:${await listen(server, host)}/`
}

/** Speaks HTTP by hand: `talk` is called once the head of a request is in. */
function raw(talk: (socket: Socket, head: string) => void): Server {
  return createServer((socket) => {
    let head = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      const isIn = head.includes('\r\n\r\n')
      head += chunk.toString('latin1')
      if (!isIn && head.includes('\r\n\r\n')) talk(socket, head)
    })
  })
}

function http(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createHttpServer(handle)
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
  return server
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const startMs = performance.now()
    await new Promise((resolve) => server.close(resolve))
    expect(performance.now() - startMs).toBeLessThan(500)
  }
})

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

async function trouble(promise: Promise<unknown>): Promise<ApiError['facts'] & { message: string; ms: number }> {
  const { error, ms } = await thrown(promise)
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError', { cause: error })
  return { ...error.facts, message: error.message, ms }
}

const head = (status: number, headers: Record<string, string | number> = {}) =>
  [`HTTP/1.1 ${status} X`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')

describe('a whole answer', () => {
  test('gives status, headers in lower case and body', async () => {
    const url = await serve(
      http((_, response) => response.writeHead(200, { ETag: '"1"', 'X-Request-Id': 'r' }).end(CLUSTER)),
    )
    const answer = await exchangeWith(url)
    expect(answer).toMatchObject({ status: 200, body: CLUSTER, isWhole: true })
    expect(answer.headers).toMatchObject({ etag: '"1"', 'x-request-id': 'r' })
  })

  test('survives a body that comes in many pieces, cut in the middle of a character', async () => {
    const bytes = Buffer.from('{"name":"prödüction→"}')
    const pieces = [...bytes].map((byte) => Buffer.from([byte]))
    const url = await serve(http((_, response) => void Readable.from(pieces).pipe(response)))
    expect((await exchangeWith(url)).body).toBe(bytes.toString('utf8'))
  })

  test('sends the body of a PATCH to the byte', async () => {
    const bodies: string[] = []
    const url = await serve(
      http((request, response) => {
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
    const url = await serve(
      raw((socket, text) => {
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
      redact: (text) => text,
      alertTexts: [],
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
      redact: (text) => text,
      alertTexts: [],
    })
    const { cluster, etag } = await api.getCluster(5_000)
    await server.close()
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect({ name: cluster.name, etag }).toEqual({ name: 'production', etag: '"294810"' })
  })
})

describe('a broken connection', () => {
  test('nobody listens', async () => {
    const server = createServer()
    const url = await serve(server)
    servers.pop()
    await new Promise((resolve) => server.close(resolve))
    expect(await trouble(exchangeWith(url))).toMatchObject({ trouble: 'network' })
  })

  test('reset before any answer', async () => {
    const url = await serve(raw((socket) => socket.resetAndDestroy()))
    const { ms, ...facts } = await trouble(exchangeWith(url, { method: 'PATCH', body: '{}' }))
    expect(facts).toMatchObject({ trouble: 'network', isUnsent: false })
    expect(ms).toBeLessThan(1_000)
  })

  test('closed before any answer', async () => {
    const url = await serve(raw((socket) => socket.end()))
    expect(await trouble(exchangeWith(url))).toMatchObject({ trouble: 'network', isUnsent: false })
  })

  test('an answer that is no HTTP', async () => {
    const url = await serve(raw((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')))
    expect(await trouble(exchangeWith(url))).toMatchObject({ trouble: 'network' })
  })

  test.each([
    ['Content-Length', { 'Content-Length': 1000 }, CLUSTER],
    ['Content-Length, before the first byte', { 'Content-Length': 1000 }, ''],
    ['chunks', { 'Transfer-Encoding': 'chunked' }, `5\r\n{"nam\r\n`],
    ['chunks, inside one', { 'Transfer-Encoding': 'chunked' }, `ff\r\n{"nam`],
  ])('cut in the middle of a 200 with %s', async (_, headers, body) => {
    for (const leave of ['destroy', 'resetAndDestroy', 'end'] as const) {
      const url = await serve(raw((socket) => socket.write(`${head(200, headers)}${body}`, () => socket[leave]())))
      const { ms, ...facts } = await trouble(exchangeWith(url))
      expect(facts).toMatchObject({ trouble: 'network' })
      expect(facts.status).toBeUndefined()
      expect(ms).toBeLessThan(1_000)
    }
  })

  test.each([[401], [403], [404], [412], [503]])(
    'cut in the middle of a %d: the status and headers stand',
    async (status) => {
      const url = await serve(
        raw((socket) => {
          const headers = { 'Content-Length': 1000, 'X-Request-Id': 'req-1', 'Retry-After': 3 }
          socket.write(`${head(status, headers)}{"error":"una`, () => socket.destroy())
        }),
      )
      const answer = await exchangeWith(url)
      expect(answer).toMatchObject({ status, isWhole: false })
      expect(answer.headers).toMatchObject({ 'x-request-id': 'req-1', 'retry-after': '3' })
    },
  )

  test('the simulator’s reset and cut are network errors, too', async () => {
    const simulator = new Simulator({ now: () => performance.now() })
    const server = await startServer(simulator)
    const headers = { Authorization: `Bearer ${DEFAULTS.adminKey}` }
    simulator.queue('GET', [{ kind: 'reset' }, { kind: 'cut' }])
    const url = `${server.url}/api/v1/tenants/acme/clusters/production`
    const troubles = [
      (await trouble(exchangeWith(url, { headers }))).trouble,
      (await trouble(exchangeWith(url, { headers }))).trouble,
    ]
    const { status } = await exchangeWith(url, { headers })
    await server.close()
    expect([...troubles, status]).toEqual(['network', 'network', 200])
  })
})

describe('an answer that does not end', () => {
  const drips = () =>
    raw((socket) => {
      socket.write(`${head(200, { 'Transfer-Encoding': 'chunked' })}`)
      const timer = setInterval(() => socket.write('1\r\nx\r\n'), 10)
      socket.on('close', () => clearInterval(timer))
    })

  test.each<[string, () => Server]>([
    ['no answer at all', () => raw(() => undefined)],
    ['half a head', () => raw((socket) => socket.write('HTTP/1.1 200 OK\r\nETag: "1'))],
    ['a head and no body', () => raw((socket) => socket.write(head(200, { 'Content-Length': 10 })))],
    ['half a body', () => raw((socket) => socket.write(`${head(200, { 'Content-Length': 1000 })}${CLUSTER}`))],
    ['a drop every 10 ms, for ever', drips],
  ])('%s: the timeout ends it', async (_, create) => {
    const url = await serve(create())
    const { ms, message, ...facts } = await trouble(exchangeWith(url, { timeoutMs: 200 }))
    expect(facts.trouble).toBe('timeout')
    expect(message).toContain(new URL(url).host)
    expect(ms).toBeGreaterThanOrEqual(190)
    expect(ms).toBeLessThan(1_200)
  })

  test('the time counts for the exchange as a whole, not from byte to byte', async () => {
    const url = await serve(drips())
    const startMs = performance.now()
    await trouble(exchangeWith(url, { timeoutMs: 300 }))
    expect(performance.now() - startMs).toBeLessThan(1_300)
  })

  test('a 401 that stalls in its body is still a 401', async () => {
    const url = await serve(raw((socket) => socket.write(`${head(401, { 'Content-Length': 1000 })}{"error"`)))
    expect(await exchangeWith(url, { timeoutMs: 200 })).toMatchObject({ status: 401, isWhole: false })
  })
})

describe('a huge body', () => {
  test('of 11 MiB is not read to its end, and the connection is closed', async () => {
    const closed: Promise<unknown>[] = []
    const url = await serve(
      http((_, response) => {
        closed.push(once(response, 'close'))
        response.writeHead(200, { 'Content-Length': 11 * MIB })
        response.write(Buffer.alloc(11 * MIB, 'x'))
      }),
    )
    const { status, isWhole, body } = await exchangeWith(url)
    expect({ status, isWhole }).toEqual({ status: 200, isWhole: false })
    expect(body.length).toBeLessThanOrEqual(10 * MIB)
    await Promise.all(closed)
  })

  test('that has no end stops at 10 MiB', async () => {
    const chunk = Buffer.alloc(MIB, 'x')
    const url = await serve(
      http((_, response) => {
        const more = () => {
          while (!response.destroyed && response.write(chunk));
        }
        response.on('drain', more)
        more()
      }),
    )
    const { isWhole, body } = await exchangeWith(url)
    expect(isWhole).toBe(false)
    expect(body.length).toBeLessThanOrEqual(10 * MIB)
  })

  test('of exactly 10 MiB is still whole', async () => {
    const url = await serve(http((_, response) => response.end(Buffer.alloc(10 * MIB, 'x'))))
    const { isWhole, body } = await exchangeWith(url)
    expect({ isWhole, length: body.length }).toEqual({ isWhole: true, length: 10 * MIB })
  })
})

describe('a cancel', () => {
  async function cancelled(create: (arrived: () => void) => Server, request: Partial<HttpRequest> = {}) {
    const controller = new AbortController()
    const { promise: arrival, resolve: arrived } = Promise.withResolvers<void>()
    const url = await serve(create(arrived))
    const ending = thrown(exchangeWith(url, request, controller.signal))
    await arrival
    const atMs = performance.now()
    controller.abort()
    const { error } = await ending
    return { error, ms: performance.now() - atMs }
  }

  test('during the request', async () => {
    const { error, ms } = await cancelled((arrived) => raw(arrived), { method: 'PATCH', body: '{"version":"1.32"}' })
    expect(error).toBeInstanceOf(CancelledError)
    expect(ms).toBeLessThan(300)
  })

  test('during the body', async () => {
    const { error, ms } = await cancelled((arrived) =>
      raw((socket) => {
        socket.write(`${head(200, { 'Content-Length': 1000 })}${CLUSTER}`)
        setTimeout(arrived, 50)
      }),
    )
    expect(error).toBeInstanceOf(CancelledError)
    expect(ms).toBeLessThan(300)
  })

  test('before: no request at all', async () => {
    let connections = 0
    const server = raw(() => undefined).on('connection', () => connections++)
    const url = await serve(server)
    expect((await thrown(exchangeWith(url, {}, AbortSignal.abort()))).error).toBeInstanceOf(CancelledError)
    expect(connections).toBe(0)
  })
})

test('many exchanges leave nothing behind: no listener on the cancellation, no connection', async () => {
  const cancellation = new AbortController()
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  const server = http((_, response) => response.end(CLUSTER))
  const url = await serve(server)
  for (let count = 0; count < 30; count++) await exchangeWith(url, {}, cancellation.signal)
  await new Promise((resolve) => setTimeout(resolve, 50))
  process.off('warning', note)
  const connections = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
  expect({ warnings, connections }).toEqual({ warnings: [], connections: 0 })
})
