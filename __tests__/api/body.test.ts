import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { createClusterApi } from '../../src/api/client.js'
import { createExchange, type HttpResponse } from '../../src/api/http.js'
import { ApiError } from '../../src/errors.js'
import { createAlertRedactor } from '../../src/redact.js'
import { closeServers, head, httpServer, rawServer, serve } from '../support/servers.js'
import { cpuMsOfWork, MOMENT_MS } from '../support/timing.js'

const KIB = 1024
const MIB = 1024 * KIB
const TEXT = '{"name":"production","version":"1.31 → 1.32"}'

afterEach(async () => expect(await closeServers()).toBeLessThan(MOMENT_MS))

async function get(url: string, timeoutMs = 5_000): Promise<HttpResponse> {
  const exchange = createExchange('agent', new AbortController().signal)
  return exchange({ method: 'GET', url, headers: {}, timeoutMs })
}

/** What is read of a body that a server gives, compressed or not. */
async function answered(
  body: string | Buffer,
  headers: Record<string, string> = {},
  status = 200,
): Promise<HttpResponse> {
  const port = await serve(httpServer((_, response) => response.writeHead(status, headers).end(body)))
  return get(`http://127.0.0.1:${port}/`)
}

/** The same, as a read of the cluster. */
async function read(body: string | Buffer, headers: Record<string, string> = {}) {
  const port = await serve(httpServer((_, response) => response.writeHead(200, headers).end(body)))
  const api = createClusterApi({
    apiUrl: `http://127.0.0.1:${port}`,
    apiKey: 'kupe_k1_0123456789',
    tenant: 'acme',
    cluster: 'production',
    exchange: createExchange('agent', new AbortController().signal),
    redactor: createAlertRedactor({ secrets: [], shown: [] }),
  })
  return api.getCluster(5_000)
}

async function readFault(body: string | Buffer, headers: Record<string, string> = {}): Promise<ApiError> {
  const error = await read(body, headers).catch((reason: unknown) => reason)
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError', { cause: error })
  return error
}

describe('a body that comes compressed though nobody asked for it', () => {
  test.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['GZip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['identity', Buffer.from],
    ['', Buffer.from],
    ['gzip, identity', gzipSync],
    ['gzip, br', (text) => brotliCompressSync(gzipSync(text))],
  ])('as %j is decompressed', async (coding, compress) => {
    const headers = { 'Content-Encoding': coding, ETag: '"1"' }
    expect(await answered(compress(TEXT), headers)).toMatchObject({ body: TEXT, isWhole: true })
    expect((await read(compress(TEXT), headers)).cluster.version).toBe('1.31 → 1.32')
  })

  test.each([['gzip'], ['compress']])('as %s may be empty', async (coding) => {
    expect(await answered('', { 'Content-Encoding': coding })).toMatchObject({ body: '', isWhole: true })
  })

  test.each<[string, string, string | Buffer]>([
    ['no gzip', 'gzip', TEXT],
    ['gzip with a wrong checksum', 'gzip', gzipSync(TEXT).fill(0, gzipSync(TEXT).length - 8)],
    ['no brotli', 'br', TEXT],
    ['no deflate', 'deflate', Buffer.alloc(100, 0xff)],
    ['a coding that nobody knows', 'compress', TEXT],
    ['more codings than anyone needs', 'gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(TEXT)))],
  ])('is no cluster where it is %s', async (_, coding, body) => {
    const headers = { 'Content-Encoding': coding, 'X-Request-Id': 'req-1' }
    expect(await answered(body, headers)).toMatchObject({ status: 200, isWhole: false, bodyFault: 'undecodable' })
    const { message, facts } = await readFault(body, headers)
    expect(message).toContain('a compressed body that cannot be read')
    expect(facts).toMatchObject({ trouble: 'not-a-cluster', status: 200, requestId: 'req-1' })
  })

  test('that ends too soon is no cluster', async () => {
    const { message } = await readFault(gzipSync(TEXT).subarray(0, 30), { 'Content-Encoding': 'gzip' })
    expect(message).toContain('not JSON')
  })

  test('of 200 KB that holds 200 MB is given up at 10 MiB', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB, ' '))
    const cpuMs = await cpuMsOfWork(async () => {
      const { body, bodyFault } = await answered(bomb, { 'Content-Encoding': 'gzip' })
      expect({ length: body.length, bodyFault }).toEqual({ length: 10 * MIB, bodyFault: 'too-large' })
    })
    expect(cpuMs).toBeLessThan(1_000)
  })

  test('of an error that holds much is read to 64 KiB', async () => {
    const page = gzipSync(`<html>${'x'.repeat(MIB)}`)
    const { body, bodyFault } = await answered(page, { 'Content-Encoding': 'gzip' }, 503)
    expect({ length: body.length, bodyFault }).toEqual({ length: 64 * KIB, bodyFault: 'too-large' })
  })

  test('and is cut off in the middle is a cut, not a fault of compression', async () => {
    const bytes = gzipSync(TEXT)
    const headers = { 'Content-Length': bytes.length, 'Content-Encoding': 'gzip' }
    const port = await serve(
      rawServer((socket) => {
        socket.write(head(200, headers))
        socket.write(bytes.subarray(0, 30), () => socket.destroy())
      }),
    )
    expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({ isWhole: false, bodyFault: 'cut' })
  })
})

describe('a body of JSON', () => {
  test('may begin with a byte order mark, compressed or not', async () => {
    expect((await read(`\ufeff${TEXT}`)).cluster.name).toBe('production')
    expect((await read(gzipSync(`\ufeff${TEXT}`), { 'Content-Encoding': 'gzip' })).cluster.name).toBe('production')
  })

  test.each([
    ['arrays', (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`],
    ['objects', (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`],
  ])('of 60,000 %s in one another is no cluster, wherever they stand', async (_, nest) => {
    for (const body of [nest(60_000), `{"name":"production","status":${nest(60_000)}}`]) {
      const { message, facts } = await readFault(body)
      expect(message).toContain('JSON that is nested too deeply')
      expect(facts).toMatchObject({ trouble: 'not-a-cluster', status: 200 })
    }
  })

  test.each([
    ['"2"', '"1"', 2, 1],
    ['"007"', '0', 7, 0],
    ['2', '1', 2, 1],
    ['"2.5"', '"-1"', undefined, undefined],
    ['""', '" 1"', undefined, undefined],
    ['"12345678901234567890"', '"0x10"', undefined, undefined],
  ])('writes its generations %s and %s', async (generation, observed, ...expected) => {
    const body = `{"name":"production","generation":${generation},"status":{"observedGeneration":${observed}}}`
    const { cluster } = await read(body)
    expect([cluster.generation, cluster.observedGeneration]).toEqual(expected)
  })
})

describe('the body of an error', () => {
  test('of 5 MB is read to 64 KiB, then the connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const port = await serve(
      httpServer((_, response) => {
        response.writeHead(503, { 'Content-Length': 5_000_000, 'Retry-After': '7' })
        response.once('close', closed.resolve)
        response.write(Buffer.alloc(4_999_999, 'x'))
      }),
    )
    const { status, headers, body, isWhole, bodyFault } = await get(`http://127.0.0.1:${port}/`)
    expect({ status, isWhole, bodyFault, length: body.length, retryAfter: headers['retry-after'] }).toEqual({
      status: 503,
      isWhole: false,
      bodyFault: 'too-large',
      length: 64 * KIB,
      retryAfter: '7',
    })
    await closed.promise
  })

  test.each([
    [64 * KIB, true],
    [64 * KIB + 1, false],
  ])('of %d bytes is whole: %s', async (size, isWhole) => {
    expect(await answered('x'.repeat(size), {}, 400)).toMatchObject({ isWhole })
  })

  test('is never cut in the middle of a character', async () => {
    for (const lead of ['', 'x', 'xx', 'xxx']) {
      const { body } = await answered(lead + '😀'.repeat(20_000), {}, 400)
      expect(body.replaceAll('😀', '')).toBe(lead)
    }
  })
})

describe('a 2xx of which only a part comes', () => {
  const half = (leave: 'destroy' | 'end' | undefined) =>
    rawServer((socket) => {
      const text = `${head(200, { 'Content-Length': 1000, 'X-Request-Id': 'req-2', 'Retry-After': 3 })}${TEXT}`
      socket.write(text, () => leave && socket[leave]())
    })

  test.each([['destroy'], ['end']] as const)('is a network fault where the connection is cut by %s', async (leave) => {
    expect(await get(`http://127.0.0.1:${await serve(half(leave))}/`)).toMatchObject({
      status: 200,
      isWhole: false,
      bodyFault: 'cut',
    })
  })

  test('is a time-out where it stalls', async () => {
    const port = await serve(half(undefined))
    expect(await get(`http://127.0.0.1:${port}/`, 750)).toMatchObject({ isWhole: false, bodyFault: 'timeout' })
  })

  test('is too large where it has no end, and the connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const server = httpServer((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(MIB, 'x')));
      }
      response.on('drain', more).once('close', closed.resolve)
      more()
    })
    const { bodyFault, body } = await get(`http://127.0.0.1:${await serve(server)}/`)
    expect({ bodyFault, length: body.length }).toEqual({ bodyFault: 'too-large', length: 10 * MIB })
    await closed.promise
  })
})

test('10 MiB are still whole', async () => {
  const { body, isWhole } = await answered(Buffer.alloc(10 * MIB, 'x'))
  expect({ length: body.length, isWhole }).toEqual({ length: 10 * MIB, isWhole: true })
})
