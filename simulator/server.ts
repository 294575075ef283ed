import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import type { SimAnswer, SimReply, SimRequest, Simulator } from './simulator.js'

/** A simulator that listens. */
export interface RunningServer {
  url: string
  port: number
  close: () => Promise<void>
}

/** Where to listen; port 0 is any free one. With `tls`, over https, with this private key and certificate chain (PEM). */
export interface ServerOptions {
  port?: number
  host?: string
  tls?: { key: string; cert: string }
}

/** Puts a simulator on a socket and carries out there the faults that only a socket can have. */
export async function startServer(
  simulator: Simulator,
  { port = 0, host = '127.0.0.1', tls }: ServerOptions = {},
): Promise<RunningServer> {
  const answer = (incoming: IncomingMessage, response: ServerResponse) => {
    serve(simulator, incoming, response).catch((cause: unknown) => {
      // A hook that throws is a fault of the test: 400 is an answer no client repeats, so it shows.
      const { message } = cause instanceof Error ? cause : new Error(String(cause))
      if (!response.headersSent) send(response, toFailure(message))
    })
  }
  const server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const scheme = tls === undefined ? 'http' : 'https'
  return { url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port, close }
}

async function serve(simulator: Simulator, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await read(incoming)
  carryOut(simulator.handle(request), response)
}

async function read(incoming: IncomingMessage): Promise<SimRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()] as const)
  const body = Buffer.concat(chunks).toString('utf8')
  const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers: Object.fromEntries(headers) }
  return body === '' ? request : { ...request, body }
}

function carryOut({ reply, fault }: SimAnswer, response: ServerResponse): void {
  switch (fault?.kind) {
    case undefined:
      send(response, reply)
      return
    case 'delay':
      setTimeout(() => send(response, reply), fault.ms).unref()
      return
    case 'hang':
      return
    case 'reset':
      // Node resets bare TCP only; under TLS the connection is closed without a word.
      if (response.socket instanceof TLSSocket) response.socket.destroy()
      else response.socket?.resetAndDestroy()
      return
    case 'cut':
      sendHalf(response, reply, () => response.destroy())
      return
    case 'stall':
      sendHalf(response, reply, () => undefined)
      return
  }
}

function send(response: ServerResponse, { status, headers, body }: SimReply): void {
  if (response.destroyed) return
  const bytes = toBytes(headers, body)
  // 204 is an answer without a body, and so without a length.
  const length = status === 204 ? {} : { 'content-length': bytes.length }
  response.writeHead(status, { ...headers, ...length }).end(bytes)
}

/** Announces the whole body, if need be a byte more than there is, and sends half of it. */
function sendHalf(response: ServerResponse, { status, headers, body }: SimReply, then: () => void): void {
  const bytes = toBytes(headers, body)
  response.writeHead(status, { ...headers, 'content-length': Math.max(bytes.length, 1) })
  response.flushHeaders()
  const half = bytes.subarray(0, Math.floor(bytes.length / 2))
  if (half.length === 0) setImmediate(then)
  else response.write(half, then)
}

function toBytes(headers: SimReply['headers'], body: string): Buffer {
  return headers['content-encoding'] === 'gzip' ? gzipSync(body) : Buffer.from(body)
}

function toFailure(message: string): SimReply {
  const body = JSON.stringify({ error: `simulator: ${message}` })
  return { status: 400, headers: { 'content-type': 'application/json' }, body }
}
