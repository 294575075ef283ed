import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { listen } from './action.js'

/** Something between the action and its server that passes bytes on, and can spoil them. */
export interface Between {
  readonly port: number
  /** What was asked to be connected to, for a proxy. */
  readonly targets: readonly string[]
  /** Spoils every open connection: the client gets bytes that are no TLS. */
  spoil(): void
  close(): void
}

/** Passes connections on to a port. The connection numbered `spoilt`, counted from 1, is answered with bytes that are no TLS. */
export async function relay(toPort: number, spoilt = 0, onConnection: () => void = () => {}): Promise<Between> {
  const clients = new Set<Socket>()
  let count = 0
  const server = createServer((client) => {
    keep(clients, client)
    onConnection()
    if (++count === spoilt) {
      client.end(NO_TLS)
      return
    }
    join(client, toPort)
  })
  const port = await listen(server)
  return { port, targets: [], spoil: () => spoil(clients), close: () => end(server, clients) }
}

/** A forward proxy that leads every `CONNECT` to one port, whatever name it asks for. */
export async function proxy(toPort: number): Promise<Between> {
  const clients = new Set<Socket>()
  const targets: string[] = []
  const server = createHttpServer((_, response) => response.writeHead(400).end())
  server.on('connect', ({ url = '' }, client: Socket) => {
    targets.push(url)
    keep(clients, client)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    join(client, toPort)
  })
  const port = await listen(server)
  return { port, targets, spoil: () => spoil(clients), close: () => end(server, clients) }
}

const NO_TLS = 'These bytes are no record of TLS.\r\n'

function keep(clients: Set<Socket>, client: Socket): void {
  clients.add(client)
  client.on('error', () => client.destroy()).on('close', () => clients.delete(client))
}

function join(client: Socket, toPort: number): void {
  const server = connect(toPort, '127.0.0.1')
  server.on('error', () => client.destroy())
  client.on('close', () => server.destroy())
  client.pipe(server).pipe(client)
}

function spoil(clients: ReadonlySet<Socket>): void {
  for (const client of clients) client.end(NO_TLS)
}

function end(server: { close(): unknown }, clients: ReadonlySet<Socket>): void {
  server.close()
  for (const client of clients) client.destroy()
}
