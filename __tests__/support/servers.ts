import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { listen } from './ports.js'

const servers: Server[] = []

/** Lets a server listen on a free port until `closeServers`, and gives that. */
export function serve(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server)
  return listen(server, host)
}

/** Closes all servers, without closing anyone's connection: milliseconds until the last client had gone. */
export async function closeServers(): Promise<number> {
  const startMs = performance.now()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
  return performance.now() - startMs
}

/** Speaks by hand: `talk` is called with a request's head once that is in. */
export type Talk = (socket: Socket, head: string) => void

export function rawServer(talk: Talk): Server {
  return createServer((socket) => hear(socket, talk))
}

/** The same over TLS. */
export function rawTlsServer(options: TlsOptions, talk: Talk): Server {
  const server = createTlsServer(options, (socket) => hear(socket, talk))
  // A client that does not trust the certificate ends the handshake, and that is all there is to it.
  return server.on('tlsClientError', () => undefined)
}

function hear(socket: Socket, talk: Talk): void {
  let head = ''
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    const isIn = head.includes('\r\n\r\n')
    head += chunk.toString('latin1')
    if (!isIn && head.includes('\r\n\r\n')) talk(socket, head)
  })
}

export function httpServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createHttpServer(handle)
  return server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
}

/** The head of an answer. */
export function head(status: number, headers: Record<string, string | number> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} X`, ...lines, '', ''].join('\r\n')
}

/** Ties a client to a server, byte by byte; either end takes the other with it. */
export function forward(client: Socket, port: number, host = '127.0.0.1'): Socket {
  const upstream = connect(port, host)
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.pipe(other)
    one.on('error', () => other.destroy()).on('close', () => other.destroy())
  }
  return upstream
}
