import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { watchConnection } from '../../src/api/connection.js'
import { createExchange } from '../../src/api/http.js'
import { ApiError, type ApiErrorFacts } from '../../src/errors.js'
import { freePort } from '../support/ports.js'
import { selfSigned } from '../support/self-signed.js'
import { closeServers, forward, head, rawServer, rawTlsServer, serve, type Talk } from '../support/servers.js'
import { MOMENT_MS } from '../support/timing.js'

/** Never resolved: only proxies are asked for it, and the client never asks one for a loopback host. */
const HOST = 'kupe.test'
const CLUSTER = '{"name":"production"}'
const BODY = '{"version":"1.32"}'
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'NO_PROXY', 'no_proxy']

const own = selfSigned('localhost')
const behindProxy = selfSigned(HOST)
const before = { authorities: getCACertificates('default'), env: { ...process.env } }

beforeAll(() => {
  setDefaultCACertificates([own.cert, behindProxy.cert])
  for (const name of PROXIES) delete process.env[name]
})

afterEach(async () => {
  for (const name of PROXIES) delete process.env[name]
  expect(await closeServers()).toBeLessThan(MOMENT_MS)
})

afterAll(() => {
  setDefaultCACertificates(before.authorities)
  for (const name of PROXIES) if (before.env[name] !== undefined) process.env[name] = before.env[name]
})

/** What a PATCH came to that had no answer. */
async function patchFault(url: string, timeoutMs = 5_000): Promise<ApiErrorFacts & { message: string; hint?: string }> {
  const exchange = createExchange('agent', new AbortController().signal)
  const sent = exchange({ method: 'PATCH', url, headers: {}, body: BODY, timeoutMs })
  const error = await sent.then(
    (response) => new Error(`answered ${JSON.stringify(response)}`),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ApiError)) throw error
  return { ...error.facts, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
}

/** A server and the requests that it heard, of which it does what it is told to. */
function hearing(create: (talk: Talk) => Server, talk: Talk): { server: Server; heard: string[] } {
  const heard: string[] = []
  const server = create((socket, text) => {
    heard.push(text)
    talk(socket, text)
  })
  return { server, heard }
}

const answers: Talk = (socket) => socket.end(`${head(200, { 'Content-Length': CLUSTER.length })}${CLUSTER}`)

describe('a PATCH is unsent where its connection was never made', () => {
  test('nobody listens', async () => {
    const port = await freePort()
    for (const scheme of ['http', 'https']) {
      const fault = await patchFault(`${scheme}://127.0.0.1:${port}/`)
      expect(fault).toMatchObject({
        trouble: 'network',
        isUnsent: true,
        hint: expect.stringContaining('Nothing listens'),
      })
      expect(fault.message).toBe(`PATCH to 127.0.0.1:${port} failed: connect ECONNREFUSED 127.0.0.1:${port}`)
    }
  })

  test('no address of a name listens: each is named', async () => {
    const port = await freePort()
    const fault = await patchFault(`http://localhost:${port}/`)
    expect(fault).toMatchObject({
      trouble: 'network',
      isUnsent: true,
      hint: expect.stringContaining('Nothing listens'),
    })
    expect(fault.message).toContain(`ECONNREFUSED 127.0.0.1:${port}`)
  })

  // A name with a label that long needs no name server to be told that it does not exist.
  test.each([['https://nowhere.invalid/'], [`https://${'x'.repeat(70)}.invalid/`]])('no such name: %s', async (url) => {
    expect(await patchFault(url)).toMatchObject({
      trouble: expect.stringMatching(/^(dns|network)$/),
      isUnsent: true,
      hint: expect.stringMatching(/name/),
    })
  })

  test('a name that cannot exist is told apart', async () => {
    const { trouble, hint } = await patchFault(`https://${'x'.repeat(70)}.invalid/`)
    expect({ trouble, hint }).toEqual({ trouble: 'dns', hint: expect.stringContaining('no such name') })
  })

  test.each([
    ['self-signed', selfSigned('localhost'), /not trusted.*NODE_EXTRA_CA_CERTS/],
    ['of another name', behindProxy, /for another name. Check api-url/],
    ['not valid any more', selfSigned('localhost', 0.5), /has expired/],
  ])('a certificate that is %s', async (_, certificate, hint) => {
    setDefaultCACertificates([own.cert, behindProxy.cert, ...(/expired/.test(hint.source) ? [certificate.cert] : [])])
    const { server, heard } = hearing((talk) => rawTlsServer(certificate, talk), answers)
    const port = await serve(server)
    const fault = await patchFault(`https://localhost:${port}/`)
    expect(fault).toMatchObject({ trouble: 'tls', isUnsent: true, hint: expect.stringMatching(hint) })
    expect(heard).toEqual([])
  })

  test.each<[string, (socket: Socket) => void]>([
    ['closes', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['speaks plain HTTP', (socket) => socket.end(head(400))],
    ['answers with an alert', (socket) => socket.end(Buffer.from('15030300020228', 'hex'))],
  ])('a server that %s instead of a TLS handshake', async (_, act) => {
    const port = await serve(
      createServer((socket) => void socket.on('error', () => undefined).once('data', () => act(socket))),
    )
    const fault = await patchFault(`https://localhost:${port}/`)
    expect(fault).toMatchObject({
      trouble: 'network',
      isUnsent: true,
      hint: expect.stringContaining('No secure connection'),
    })
  })

  test('a server that accepts and never says a word', async () => {
    const port = await serve(createServer((socket) => void socket.on('error', () => undefined).resume()))
    const fault = await patchFault(`https://localhost:${port}/`, 200)
    expect(fault).toMatchObject({ trouble: 'timeout', isUnsent: true, hint: expect.stringContaining('No connection') })
    expect(fault.message).toBe(`PATCH to localhost:${port} gave no answer within 1 s`)
  })
})

/** A proxy, over TLS where it has a certificate, that does with each CONNECT what it is told to. */
async function proxy(onConnect: Talk, secure?: ReturnType<typeof selfSigned>): Promise<void> {
  const port = await serve(secure === undefined ? rawServer(onConnect) : rawTlsServer(secure, onConnect))
  const url = secure === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`
  Object.assign(process.env, { HTTP_PROXY: url, HTTPS_PROXY: url })
}

const tunnelTo =
  (port: number): Talk =>
  (socket) => {
    socket.write(head(200))
    socket.removeAllListeners('data')
    forward(socket, port)
  }

describe('nor is it sent where a proxy makes no tunnel', () => {
  test.each<[string, Talk, RegExp]>([
    ['asks for a password', (socket) => socket.end(head(407)), /user and a password/],
    ['forbids the host', (socket) => socket.end(head(403)), /NO_PROXY/],
    ['cannot reach it', (socket) => socket.end(head(502)), /NO_PROXY/],
    ['answers 204', (socket) => socket.end(head(204)), /NO_PROXY/],
    ['answers garbage', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'), /NO_PROXY/],
    ['sends a page along', (socket) => socket.end(`${head(200)}<html>`), /NO_PROXY/],
    ['closes', (socket) => socket.end(), /NO_PROXY/],
    ['breaks off', (socket) => socket.destroy(), /NO_PROXY/],
  ])('it %s', async (_, act, hint) => {
    for (const [scheme, secure] of [['https'], ['http'], ['https', own]] as const) {
      await proxy(act, secure)
      const fault = await patchFault(`${scheme}://${HOST}/`)
      expect(fault).toMatchObject({ trouble: 'network', isUnsent: true, hint: expect.stringMatching(hint) })
      expect(fault.message).toMatch(/^PATCH to kupe\.test failed: /)
    }
  })

  test('it never answers: the time ends, and its connection with it', async () => {
    const closed: Promise<unknown>[] = []
    await proxy((socket) => void closed.push(once(socket, 'close')))
    const fault = await patchFault(`https://${HOST}/`, 200)
    expect(fault).toMatchObject({ trouble: 'timeout', isUnsent: true, hint: expect.stringContaining('HTTPS_PROXY') })
    await Promise.all(closed)
  })

  test('it is not there', async () => {
    process.env.HTTPS_PROXY = `http://127.0.0.1:${await freePort()}`
    const fault = await patchFault(`https://${HOST}/`)
    expect(fault).toMatchObject({ trouble: 'network', isUnsent: true, hint: expect.stringContaining('HTTPS_PROXY') })
    expect(fault.message).toContain('ECONNREFUSED')
  })

  test('its name does not exist', async () => {
    process.env.HTTPS_PROXY = `http://${'x'.repeat(70)}.invalid:3128`
    const fault = await patchFault(`https://${HOST}/`)
    expect(fault).toMatchObject({ trouble: 'dns', isUnsent: true, hint: expect.stringContaining('HTTPS_PROXY') })
  })

  test('it shows a certificate that is not trusted', async () => {
    await proxy((socket) => socket.end(head(502)), selfSigned('localhost'))
    const fault = await patchFault(`https://${HOST}/`)
    expect(fault).toMatchObject({
      trouble: 'tls',
      isUnsent: true,
      hint: expect.stringMatching(/proxy’s certificate is not trusted/),
    })
  })

  test('it makes one, and the certificate at its end is not trusted', async () => {
    const { server, heard } = hearing((talk) => rawTlsServer(selfSigned(HOST), talk), answers)
    await proxy(tunnelTo(await serve(server)))
    const fault = await patchFault(`https://${HOST}/`)
    expect(fault).toMatchObject({
      trouble: 'tls',
      isUnsent: true,
      hint: expect.stringMatching(/server’s certificate is not trusted/),
    })
    expect(heard).toEqual([])
  })

  test('it makes one that is cut in the handshake', async () => {
    await proxy((socket) => socket.write(head(200), () => socket.once('data', () => socket.destroy())))
    expect(await patchFault(`https://${HOST}/`)).toMatchObject({ trouble: 'network', isUnsent: true })
  })

  test('it makes one that leads nowhere', async () => {
    await proxy((socket) => void socket.write(head(200)))
    expect(await patchFault(`https://${HOST}/`, 200)).toMatchObject({ trouble: 'timeout', isUnsent: true })
  })
})

/** Ways to fail a client once its PATCH is in, as seen from the plain connection under whatever it speaks. */
const BREAKS: [string, (socket: Socket) => void][] = [
  ['closes the connection', (socket) => socket.end()],
  ['resets the connection', (socket) => socket.resetAndDestroy()],
  ['writes what is no TLS record', (socket) => socket.write('HTTP/1.1 502 Bad Gateway\r\n\r\n', () => socket.end())],
  [
    'writes a record that cannot be decrypted',
    (socket) => socket.write(Buffer.from(`1703030020${'00'.repeat(32)}`, 'hex')),
  ],
  ['writes an alert: bad certificate', (socket) => socket.write(Buffer.from('1503030002022a', 'hex'))],
  ['writes an alert: handshake failure', (socket) => socket.write(Buffer.from('15030300020228', 'hex'))],
]

/** A front that passes on what is said until the server heard a whole request; then the connection under it is handed over. */
async function breaking(certificate: ReturnType<typeof selfSigned>, options: object, act: (socket: Socket) => void) {
  let arrived = Promise.withResolvers<void>()
  const { server, heard } = hearing(
    (talk) => rawTlsServer({ ...certificate, ...options }, talk),
    () => arrived.resolve(),
  )
  const port = await serve(server)
  const front = createServer((client) => {
    const upstream = forward(client, port)
    void arrived.promise.then(() => {
      arrived = Promise.withResolvers<void>()
      upstream.unpipe(client)
      act(client)
    })
  })
  return { port: await serve(front), heard }
}

describe('what breaks later may have landed, whatever the error is called', () => {
  describe.each([['TLSv1.2'], ['TLSv1.3']] as const)('over %s', (maxVersion) => {
    test.each(BREAKS)('the API applies the PATCH, then %s', async (_, act) => {
      const { port, heard } = await breaking(own, { maxVersion }, act)
      const fault = await patchFault(`https://localhost:${port}/`)
      expect(fault).toMatchObject({ trouble: 'network', isUnsent: false })
      expect(fault.hint).toBeUndefined()
      expect(heard).toEqual([expect.stringContaining('PATCH / HTTP/1.1')])
    })
  })

  test.each(BREAKS)('through a tunnel, it %s', async (_, act) => {
    for (const secure of [undefined, own]) {
      const { port, heard } = await breaking(behindProxy, {}, act)
      await proxy(tunnelTo(port), secure)
      expect(await patchFault(`https://${HOST}/`)).toMatchObject({ trouble: 'network', isUnsent: false })
      expect(heard).toHaveLength(1)
    }
  })

  test.each<[string, Talk]>([
    ['closes', (socket) => socket.end()],
    ['resets', (socket) => socket.resetAndDestroy()],
    ['answers what is no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    ['stops in the middle of the head', (socket) => socket.end('HTTP/1.1 200 OK\r\nETag: "1')],
    ['switches protocols', (socket) => socket.end(head(101, { Upgrade: 'x', Connection: 'Upgrade' }))],
  ])('without TLS, it %s; through a proxy, too', async (_, talk) => {
    const port = await serve(rawServer(talk))
    expect(await patchFault(`http://127.0.0.1:${port}/`)).toMatchObject({ trouble: 'network', isUnsent: false })
    await proxy(tunnelTo(port))
    expect(await patchFault(`http://${HOST}/`)).toMatchObject({ trouble: 'network', isUnsent: false })
  })

  test('it never answers', async () => {
    const port = await serve(rawTlsServer(own, () => undefined))
    const fault = await patchFault(`https://localhost:${port}/`, 750)
    expect(fault).toMatchObject({ trouble: 'timeout', isUnsent: false })
    expect(fault.hint).toBeUndefined()
  })
})

describe('a connection that was kept from an earlier request', () => {
  test.each<[string, () => { agent: Agent; make: typeof request; server: Server; scheme: string }]>([
    [
      'plain',
      () => ({ agent: new Agent({ keepAlive: true }), make: request, server: rawServer(keeps()), scheme: 'http' }),
    ],
    [
      'TLS',
      () => ({
        agent: new SecureAgent({ keepAlive: true }),
        make: secureRequest,
        server: rawTlsServer(own, keeps()),
        scheme: 'https',
      }),
    ],
  ])('%s: established from the start', async (_, parts) => {
    const { agent, make, server, scheme } = parts()
    const url = `${scheme}://localhost:${await serve(server)}/`
    const first = watchConnection(() => make(url, { agent }))
    expect(first.isEstablished).toBe(false)
    first.request.end()
    const [message] = await once(first.request, 'response')
    message.resume()
    await once(message, 'close')
    await new Promise(setImmediate)
    const second = watchConnection(() => make(url, { agent }))
    second.request.end()
    await once(second.request, 'error')
    expect(second.request.reusedSocket).toBe(true)
    expect([first.isEstablished, second.isEstablished]).toEqual([true, true])
    agent.destroy()
  })

  /** Answers the first request of a connection, and resets it at the second. */
  function keeps(): Talk {
    return (socket) => {
      socket.once('data', () => socket.destroy())
      socket.write(`${head(200, { 'Content-Length': 2 })}{}`)
    }
  }
})

test('an answer that comes is no fault at all, directly and through every kind of proxy', async () => {
  const plain = await serve(rawServer(answers))
  const direct = await serve(rawTlsServer(own, answers))
  const behind = await serve(rawTlsServer(behindProxy, answers))
  const exchange = createExchange('agent', new AbortController().signal)
  const get = (url: string) => exchange({ method: 'GET', url, headers: {}, timeoutMs: 5_000 })
  const found = [await get(`http://127.0.0.1:${plain}/`), await get(`https://localhost:${direct}/`)]
  for (const secure of [undefined, own]) {
    await proxy(tunnelTo(behind), secure)
    found.push(await get(`https://${HOST}/`))
    await proxy(tunnelTo(plain), secure)
    found.push(await get(`http://${HOST}/`))
  }
  process.env.HTTPS_PROXY = `http://[::1]:${await serve(rawServer(tunnelTo(behind)), '::1')}`
  found.push(await get(`https://${HOST}/`))
  expect(found.map(({ status, body }) => ({ status, body }))).toEqual(Array(7).fill({ status: 200, body: CLUSTER }))
})

test('a tunnel is closed where an answer through it is too large, and where it stalls', async () => {
  const port = await serve(
    rawTlsServer(behindProxy, (socket, text) => {
      const isStalling = text.startsWith('GET /stall')
      socket.write(head(503, { 'Content-Length': 1_000_000 }))
      socket.write('x'.repeat(isStalling ? 10 : 999_999))
    }),
  )
  const closed: Promise<unknown>[] = []
  await proxy((socket, text) => {
    closed.push(new Promise((resolve) => socket.once('close', resolve)))
    tunnelTo(port)(socket, text)
  })
  const exchange = createExchange('agent', new AbortController().signal)
  for (const [path, bodyFault] of [
    ['large', 'too-large'],
    ['stall', 'timeout'],
  ]) {
    const answer = await exchange({ method: 'GET', url: `https://${HOST}/${path}`, headers: {}, timeoutMs: 750 })
    expect(answer).toMatchObject({ status: 503, bodyFault })
    await Promise.all(closed)
  }
  expect(closed).toHaveLength(2)
})
