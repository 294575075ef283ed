import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, listen } from './ports.js'

/** A forward proxy on the loopback. */
export interface ForwardProxy {
  /** Host and port. */
  readonly address: string
  /** Where it was asked to tunnel to, in order, refused or not. */
  tunnels(): string[]
  close(): Promise<void>
}

/** Who may use a proxy. */
export interface Account {
  readonly user: string
  readonly password: string
}

/** A proxy with all that it wrote to its log. */
export interface Tinyproxy extends ForwardProxy {
  log(): string
}

/** Debian's tinyproxy, as its package has it but for port, log file and account. */
export async function startTinyproxy(account?: Account): Promise<Tinyproxy> {
  const directory = mkdtempSync(join(tmpdir(), 'kupe-tinyproxy-'))
  const [config, logFile] = [join(directory, 'tinyproxy.conf'), join(directory, 'tinyproxy.log')]
  const port = await freePort()
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Allow 127.0.0.1',
    'Timeout 600',
    'MaxClients 100',
    `LogFile "${logFile}"`,
    'LogLevel Connect',
    ...(account === undefined ? [] : [`BasicAuth ${account.user} ${account.password}`]),
  ]
  writeFileSync(config, `${lines.join('\n')}\n`)
  writeFileSync(logFile, '')
  const child = spawn('tinyproxy', ['-d', '-c', config], { stdio: ['ignore', 'pipe', 'pipe'] })
  const log = () => readFileSync(logFile, 'utf8')
  await untilListening(child, port, log)
  return {
    address: `127.0.0.1:${port}`,
    log,
    tunnels: () => [...log().matchAll(/: CONNECT (\S+) HTTP/g)].map(([, target = '']) => target),
    close: async () => {
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** How a CONNECT is answered: by a tunnel, a 407, not at all, or by a tunnel that leads nowhere. */
export type ConnectAnswer = 'tunnel' | 'refuse' | 'hang' | 'void'

/** A proxy that answers the n-th CONNECT by the n-th of these, and all later ones by the last. tinyproxy has no such faults. */
export async function startScriptedProxy(...answers: ConnectAnswer[]): Promise<ForwardProxy> {
  const sockets = new Set<Socket>()
  const tunnels: string[] = []
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // Whatever ends a connection here, the step under test is what has to cope with it.
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    client.once('data', (head) => {
      const [, target = ''] = /^CONNECT (\S+) HTTP/.exec(head.toString('latin1')) ?? []
      const answer = answers[tunnels.length] ?? answers.at(-1)
      tunnels.push(target)
      if (answer === 'refuse') client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n')
      if (answer === 'void') client.write(ESTABLISHED)
      if (answer === 'tunnel') keep(tunnelTo(target, client))
    })
  })
  const port = await listen(server)
  const close = async () => {
    server.close()
    for (const socket of sockets) socket.destroy()
    await once(server, 'close')
  }
  return { address: `127.0.0.1:${port}`, tunnels: () => tunnels, close }
}

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n'

function tunnelTo(target: string, client: Socket): Socket {
  const { hostname, port } = new URL(`http://${target}`)
  const upstream = connect(Number(port), hostname, () => {
    client.write(ESTABLISHED)
    client.pipe(upstream).pipe(client)
  })
  return upstream
}

async function untilListening(child: ChildProcess, port: number, log: () => string): Promise<void> {
  let said = ''
  let fault: Error | undefined
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk
    })
  }
  child.once('error', (error) => {
    fault = error
  })
  for (const untilMs = performance.now() + 10_000; performance.now() < untilMs; ) {
    if (fault !== undefined) throw new Error('tinyproxy could not be started', { cause: fault })
    if (child.exitCode !== null) throw new Error(`tinyproxy ended at once: ${said}${log()}`)
    if (await answers(port)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  child.kill('SIGKILL')
  throw new Error(`tinyproxy does not listen: ${said}${log()}`)
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
