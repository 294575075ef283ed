import { subscribe } from 'node:diagnostics_channel'
import { getEventListeners } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createExchange } from '../../src/api/http.js'
import { ApiError, CancelledError } from '../../src/errors.js'
import { selfSigned } from '../support/self-signed.js'
import { closeServers, head, httpServer, rawServer, rawTlsServer, serve } from '../support/servers.js'
import { MOMENT_MS } from '../support/timing.js'

afterEach(async () => {
  delete process.env.HTTPS_PROXY
  expect(await closeServers()).toBeLessThan(MOMENT_MS)
})

/** A place for a cancel to hit: a server that stops there, and says so with the connection that hangs. */
type Stop = (stopped: (socket: Socket) => void) => Promise<{ url: string }>

const on = async (server: Server, scheme = 'http') => ({
  url: `${scheme}://localhost:${await serve(server, 'localhost')}/`,
})

const throughProxy = async (server: Server) => {
  process.env.HTTPS_PROXY = `http://127.0.0.1:${await serve(server)}`
  return { url: 'https://kupe.test/' }
}

const STOPS: [string, Stop][] = [
  [
    'the TLS handshake',
    (stopped) =>
      on(
        createServer((socket) => void socket.once('data', () => stopped(socket))),
        'https',
      ),
  ],
  ['the CONNECT of a proxy', (stopped) => throughProxy(rawServer(stopped))],
  [
    'the TLS handshake inside a tunnel',
    (stopped) =>
      throughProxy(
        rawServer((socket) => {
          socket.write(head(200))
          socket.once('data', () => stopped(socket))
        }),
      ),
  ],
  ['the wait for an answer', (stopped) => on(rawServer(stopped))],
  [
    'the head of an answer',
    (stopped) => on(rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nETag: "1', () => stopped(socket)))),
  ],
  [
    'the body of an answer',
    (stopped) =>
      on(
        rawServer((socket) =>
          socket.write(`${head(200, { 'Content-Length': 1000 })}{"name":`, () => setTimeout(stopped, 50, socket)),
        ),
      ),
  ],
]

/** Settles when a connection is gone, be it by a reset. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.resume().on('error', () => undefined)
    socket.once('close', () => resolve())
  })
}

describe.each(STOPS)('a cancel in the middle of %s', (_, stop) => {
  test('ends the exchange, closes the socket at once, and leaves no listener', async () => {
    const stopped = Promise.withResolvers<Socket>()
    const { url } = await stop(stopped.resolve)
    const cancellation = new AbortController()
    const exchange = createExchange('agent', cancellation.signal)
    const ending = exchange({ method: 'PATCH', url, headers: {}, body: '{}', timeoutMs: 60_000 }).catch(
      (reason: unknown) => reason,
    )
    const socket = await stopped.promise
    const closed = closing(socket)
    const startMs = performance.now()
    cancellation.abort()
    expect(await ending).toBeInstanceOf(CancelledError)
    await closed
    expect(performance.now() - startMs).toBeLessThan(MOMENT_MS)
    expect(getEventListeners(cancellation.signal, 'abort')).toEqual([])
  })

  test('and one whose time is over ends the same way, but for its name', async () => {
    const stopped = Promise.withResolvers<Socket>()
    const { url } = await stop(stopped.resolve)
    const cancellation = new AbortController()
    const exchange = createExchange('agent', cancellation.signal)
    const listeners = getEventListeners(cancellation.signal, 'abort')
    const ending = exchange({ method: 'PATCH', url, headers: {}, body: '{}', timeoutMs: 750 }).catch(
      (reason: unknown) => reason,
    )
    const socket = await stopped.promise
    const closed = closing(socket)
    const end = await ending
    if (end instanceof ApiError) expect(end.facts.trouble).toBe('timeout')
    else expect(end).toMatchObject({ status: 200, isWhole: false, bodyFault: 'timeout' })
    await closed
    expect(getEventListeners(cancellation.signal, 'abort')).toEqual(listeners)
  })
})

test('a cancel before an exchange makes no connection at all', async () => {
  let connections = 0
  const { url } = await on(rawServer(() => undefined).on('connection', () => connections++))
  const exchange = createExchange('agent', AbortSignal.abort())
  const ending = exchange({ method: 'GET', url, headers: {}, timeoutMs: 5_000 })
  await expect(ending).rejects.toThrow(CancelledError)
  expect(connections).toBe(0)
})

test('an error whose body a cancel cuts off keeps its status, which says all there is to say', async () => {
  const { url } = await on(rawServer((socket) => socket.write(head(412, { 'Content-Length': 100 }))))
  const cancellation = new AbortController()
  const headIn = new Promise((resolve) => subscribe('http.client.response.finish', resolve))
  const ending = createExchange(
    'agent',
    cancellation.signal,
  )({ method: 'PATCH', url, headers: {}, body: '{}', timeoutMs: 5_000 })
  await headIn
  cancellation.abort()
  expect(await ending).toMatchObject({ status: 412, isWhole: false })
})

test('no listener stays on the cancellation after any other end of an exchange', async () => {
  const cancellation = new AbortController()
  const exchange = createExchange('agent', cancellation.signal)
  const listeners = getEventListeners(cancellation.signal, 'abort')
  const get = (url: string) => exchange({ method: 'GET', url, headers: {}, timeoutMs: 5_000 }).catch(() => undefined)
  const fine = await on(httpServer((_, response) => response.end('{}')))
  const error = await on(httpServer((_, response) => response.writeHead(500).end('{}')))
  const reset = await on(rawServer((socket) => socket.resetAndDestroy()))
  const strange = await on(
    rawTlsServer(selfSigned('localhost'), () => undefined),
    'https',
  )
  for (const { url } of [fine, error, reset, strange]) {
    await get(url)
    expect(getEventListeners(cancellation.signal, 'abort')).toEqual(listeners)
  }
})
