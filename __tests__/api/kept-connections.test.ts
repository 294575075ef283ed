import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type EventEmitter, getEventListeners, once } from 'node:events'
import type { ClientRequest, RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createExchange } from '../../src/api/http.js'
import { EXCHANGE } from '../../src/policy.js'
import { selfSigned } from '../support/self-signed.js'
import { closeServers, forward, head, httpServer, rawServer, rawTlsServer, serve } from '../support/servers.js'
import { MOMENT_MS } from '../support/timing.js'

const CLUSTER = '{"name":"production"}'
const WHOLE = `${head(200, { 'Content-Length': CLUSTER.length })}${CLUSTER}`

const own = selfSigned('localhost')
const authorities = getCACertificates('default')

beforeAll(() => setDefaultCACertificates([own.cert]))
afterAll(() => setDefaultCACertificates(authorities))

let cancellation: AbortController
beforeEach(() => {
  cancellation = new AbortController()
})
afterEach(async () => {
  delete process.env.HTTP_PROXY
  // Also closes what is idle.
  cancellation.abort()
  expect(await closeServers()).toBeLessThan(MOMENT_MS)
})

/** Reads and writes of one run. */
function startRun(url: string) {
  const exchange = createExchange('agent', cancellation.signal)
  return {
    get: (timeoutMs = 5_000) => exchange({ method: 'GET', url, headers: {}, timeoutMs }),
    patch: () => exchange({ method: 'PATCH', url, headers: {}, body: '{}', timeoutMs: 5_000 }),
  }
}

/** Waits until something is so, which what was closed by the other side may take a moment for; what never is so fails afterwards. */
async function settle(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo() && waitedMs < MOMENT_MS; waitedMs += 10) await pause(10)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Notes of each request which connection it came on, counted from 1. */
function counting(heard: string[], connections: Socket[]): RequestListener {
  return ({ method, headers, socket }, response) => {
    if (!connections.includes(socket)) connections.push(socket)
    heard.push(`${method} ${connections.indexOf(socket) + 1} ${headers.connection}`)
    response.end(CLUSTER)
  }
}

describe.each<[string, string, (listener: RequestListener) => Server]>([
  ['HTTP', 'http', (listener) => httpServer(listener)],
  ['TLS', 'https', (listener) => createSecureServer(own, listener)],
])('over %s', (_, scheme, create) => {
  test('reads share a connection, and each PATCH has its own, with no other beside it', async () => {
    const heard: string[] = []
    const connections: Socket[] = []
    const run = startRun(`${scheme}://localhost:${await serve(create(counting(heard, connections)), 'localhost')}/`)
    for (const method of ['get', 'get', 'get', 'patch', 'patch', 'get', 'get'] as const) {
      expect(await run[method]()).toMatchObject({ status: 200, isWhole: true })
    }
    expect(heard).toEqual([
      ...Array(3).fill('GET 1 keep-alive'),
      'PATCH 2 close',
      'PATCH 3 close',
      ...Array(2).fill('GET 4 keep-alive'),
    ])
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, true, true, false])
  })

  test('thousands of reads leave no listener, socket or timer behind', async () => {
    let latest: MadeRequest | undefined
    const note = (message: unknown) => {
      latest = (message as { request: MadeRequest }).request
    }
    const warnings: Error[] = []
    const warn = (warning: Error) => void warnings.push(warning)
    const server = create((_, response) => response.end(CLUSTER))
    Object.assign(server, { keepAliveTimeout: 60_000 })
    const open = new Set<Socket>()
    server.on('connection', (socket: Socket) => open.add(socket.once('close', () => open.delete(socket))))
    const run = startRun(`${scheme}://localhost:${await serve(server, 'localhost')}/`)
    const leftBehind = () => ({
      listeners: [latest?.socket, latest?.agent, process].map(listenerCounts),
      onCancel: getEventListeners(cancellation.signal, 'abort').length,
      // The server's ends of our connections.
      sockets: open.size,
    })
    subscribe('http.client.request.created', note)
    process.on('warning', warn)
    await run.get()
    const [before, timersBefore] = [leftBehind(), resourcesNamed('Timeout')]
    for (let count = 0; count < 2_000; count++) {
      if (count % 100 === 0) await run.patch()
      await run.get()
    }
    await settle(() => open.size === 1)
    const after = leftBehind()
    process.off('warning', warn)
    unsubscribe('http.client.request.created', note)
    expect(after).toEqual(before)
    expect(after.sockets).toBe(1)
    expect(resourcesNamed('Timeout')).toBeLessThan(timersBefore + 10)
    expect(latest?.socket?.timeout).toBe(EXCHANGE.keptIdleMs)
    expect(warnings).toEqual([])
  })

  test('a cancel closes the idle connection at once', async () => {
    const connections: Socket[] = []
    const run = startRun(`${scheme}://localhost:${await serve(create(counting([], connections)), 'localhost')}/`)
    await run.get()
    const [connection] = connections as [Socket]
    const closed = once(connection, 'close')
    const startMs = performance.now()
    cancellation.abort()
    await closed
    expect(performance.now() - startMs).toBeLessThan(MOMENT_MS)
  })
})

type MadeRequest = ClientRequest & { readonly agent: EventEmitter }

function resourcesNamed(name: string): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === name).length
}

function listenerCounts(emitter: EventEmitter | null | undefined) {
  return emitter?.eventNames().map((name) => `${String(name)} ${emitter.listenerCount(name)}`)
}

describe('a connection that its server has left', () => {
  /** Answers the first request of each connection, and does with later ones as it is told. */
  function leaving(heard: string[], leave: (socket: Socket) => void): (socket: Socket) => void {
    return (socket) => {
      let count = 0
      socket.on('error', () => undefined)
      socket.on('data', (chunk) => {
        heard.push(chunk.toString('latin1').split(' ')[0] ?? '')
        if (++count === 1) socket.write(WHOLE)
        else leave(socket)
      })
    }
  }

  test.each<[string, (socket: Socket) => void]>([
    ['closed', (socket) => socket.end()],
    ['reset', (socket) => socket.resetAndDestroy()],
  ])('%s: a read goes over a new one, without an error', async (_, leave) => {
    const heard: string[] = []
    const run = startRun(`http://127.0.0.1:${await serve(createServer(leaving(heard, leave)))}/`)
    for (let count = 0; count < 4; count++) expect(await run.get()).toMatchObject({ status: 200, body: CLUSTER })
    expect(heard).toEqual(Array(7).fill('GET'))
  })

  test('over TLS', async () => {
    const heard: string[] = []
    const server = rawTlsServer(own, () => undefined).on(
      'secureConnection',
      leaving(heard, (socket) => socket.destroy()),
    )
    const run = startRun(`https://localhost:${await serve(server)}/`)
    for (let count = 0; count < 4; count++) expect(await run.get()).toMatchObject({ status: 200, body: CLUSTER })
    expect(heard).toEqual(Array(7).fill('GET'))
  })

  test('a read that was answered with one byte is not repeated', async () => {
    const heard: string[] = []
    const leave = (socket: Socket) => socket.write('H', () => socket.destroy())
    const run = startRun(`http://127.0.0.1:${await serve(createServer(leaving(heard, leave)))}/`)
    await run.get()
    await expect(run.get()).rejects.toMatchObject({ facts: { trouble: 'network', isUnsent: false } })
    expect(heard).toEqual(['GET', 'GET'])
  })

  test('a read that has no answer in time is not repeated', async () => {
    let connections = 0
    const server = createServer(leaving([], () => undefined)).on('connection', () => connections++)
    const run = startRun(`http://127.0.0.1:${await serve(server)}/`)
    await run.get()
    await expect(run.get(200)).rejects.toMatchObject({ facts: { trouble: 'timeout' } })
    await pause(50)
    expect(connections).toBe(1)
  })

  test('what a new connection breaks is not repeated', async () => {
    const heard: string[] = []
    const url = `http://127.0.0.1:${await serve(
      rawServer((socket, text) => {
        heard.push(text.split(' ')[0] ?? '')
        socket.destroy()
      }),
    )}/`
    const run = startRun(url)
    for (const method of ['get', 'patch'] as const) {
      await expect(run[method]()).rejects.toMatchObject({ facts: { trouble: 'network', isUnsent: false } })
    }
    expect(heard).toEqual(['GET', 'PATCH'])
  })

  test('after 50 ms without a word: neither reads nor PATCHes notice, over a slow line', async () => {
    const server = rawServer(() => undefined).on('connection', (socket: Socket) => {
      let timer: NodeJS.Timeout | undefined
      socket.on('data', () => {
        clearTimeout(timer)
        socket.write(WHOLE)
        timer = setTimeout(() => socket.destroy(), 50)
      })
    })
    const run = startRun(`http://127.0.0.1:${await serve(slowLine(await serve(server), 20))}/`)
    for (let pauseMs = 0; pauseMs < 60; pauseMs += 3) {
      expect(await run.get()).toMatchObject({ status: 200 })
      await pause(pauseMs)
      if (pauseMs % 4 === 0) expect(await run.patch()).toMatchObject({ status: 200 })
    }
  })

  /** Passes bytes on to a port, each way that many milliseconds late. */
  function slowLine(port: number, lateMs: number): Server {
    return createServer((client) => {
      const upstream = connect(port, '127.0.0.1')
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        one.on('error', () => undefined)
        one.on('data', (chunk) => setTimeout(() => other.write(chunk), lateMs))
        one.on('close', () => setTimeout(() => other.destroy(), lateMs))
      }
    })
  }
})

test('a connection is not used again once its server has announced to close it', async () => {
  const connections: Socket[] = []
  const count = counting([], connections)
  const server = httpServer((request, response) => {
    response.setHeader('Keep-Alive', 'timeout=1')
    count(request, response)
  })
  Object.assign(server, { keepAliveTimeout: 10_000 })
  const run = startRun(`http://127.0.0.1:${await serve(server)}/`)
  await run.get()
  await pause(1_100)
  await run.get()
  expect(connections).toHaveLength(2)
})

test('behind a proxy each read has a tunnel of its own', async () => {
  const port = await serve(httpServer((_, response) => response.end(CLUSTER)))
  let tunnels = 0
  const proxyPort = await serve(
    rawServer((socket) => {
      tunnels++
      socket.write(head(200))
      socket.removeAllListeners('data')
      forward(socket, port)
    }),
  )
  process.env.HTTP_PROXY = `http://127.0.0.1:${proxyPort}`
  const run = startRun('http://kupe.test/')
  for (let count = 0; count < 3; count++) expect(await run.get()).toMatchObject({ status: 200 })
  expect(tunnels).toBe(3)
})
