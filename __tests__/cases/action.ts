import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server as HttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from '@jest/globals'
import { parse } from 'yaml'
import type { Certificate } from './certificate.js'
import { type Exchanged, type Script, ScriptedServer } from './script.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const API_KEY = 'kupe_test_0123456789abcdef'

/** A step of a job: its `with`, and what its environment has besides what the runner sets. */
export interface Step {
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

/** What the runner has once the step is over. */
export interface Finished {
  readonly code: number | null
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** stdout and stderr, commands included. */
  readonly log: string
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** Everything that anyone can read afterwards: log, outputs and summary; the masks are left out, which the runner hides. */
  readonly shown: string
}

/** Runs `dist/index.js` as the runner starts a node action: own process, own files, nothing inherited. */
export async function runAction({ inputs = {}, env = {} }: Step): Promise<Finished> {
  const temp = mkdtempSync(join(tmpdir(), 'kupe-cases-'))
  try {
    const [outputFile, summaryFile] = [join(temp, 'output'), join(temp, 'summary')]
    for (const file of [outputFile, summaryFile]) writeFileSync(file, '')
    mkdirSync(join(temp, 'workspace'))
    const child = spawn(process.execPath, [join(root, 'dist', 'index.js')], {
      cwd: join(temp, 'workspace'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        GITHUB_ACTIONS: 'true',
        RUNNER_DEBUG: '1',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_OUTPUT: outputFile,
        GITHUB_REPOSITORY: 'octo-org/infra',
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_RUN_ID: '4711',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_STEP_SUMMARY: summaryFile,
        ...inputVariables(inputs),
        ...env,
      },
    })
    let log = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        log += chunk
      })
    }
    const [code] = (await once(child, 'close')) as [number | null]
    const [written, summary] = [readFileSync(outputFile, 'utf8'), readFileSync(summaryFile, 'utf8')]
    const unmasked = log.replace(/^::add-mask::.*$/gm, '')
    return {
      code,
      outputs: toOutputs(written),
      summary,
      log,
      errors: messagesOf(log, 'error'),
      warnings: messagesOf(log, 'warning'),
      shown: [unmasked, written, summary].join('\n'),
    }
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

/** What a step must come to; what is left out is not looked at. */
export interface ExpectedEnd {
  /** The result, and the failure reason where there is one: `converged`, `failed/conflict`. */
  readonly ends?: string
  readonly outputs?: Readonly<Record<string, unknown>>
  /** Texts that the one error must have. */
  readonly says?: readonly (string | RegExp)[]
  /** Texts that some person must be able to read, or must not. */
  readonly shows?: readonly (string | RegExp)[]
  readonly hides?: readonly string[]
}

/** Compares the end of a step with what is expected; where they differ, the error shows the whole log. */
export function expectEnd(finished: Finished, { ends, outputs = {}, says, shows = [], hides = [] }: ExpectedEnd): void {
  withLog(finished, () => {
    const { result, 'failure-reason': reason } = finished.outputs
    if (ends !== undefined) expect(reason ? `${result}/${reason}` : result).toBe(ends)
    expect(finished.outputs).toMatchObject(outputs)
    if (says !== undefined) expect(finished.errors).toHaveLength(1)
    for (const text of says ?? []) expect(finished.errors[0]).toMatch(text)
    for (const text of shows) expect(finished.shown).toMatch(text)
    for (const text of hides)
      expect({ [`shows ${text}`]: finished.shown.includes(text) }).toEqual({ [`shows ${text}`]: false })
  })
}

/** Makes an assertion on a step show its log where it fails. */
export function withLog({ log }: Finished, assert: () => void): void {
  try {
    assert()
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nThe log:\n${log.slice(0, 8_000)}`
    throw error
  }
}

/** Every input of `action.yml` is there with its default, whether or not the workflow names it. */
function inputVariables(given: Readonly<Record<string, string>>): Record<string, string> {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: unknown } | null>
  }
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, String(input?.default ?? '')])
  const all = { ...Object.fromEntries(defaults), 'github-token': '', ...given } as Record<string, string>
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

function messagesOf(log: string, command: string): string[] {
  return [...log.matchAll(new RegExp(`^::${command}(?: .*?)?::(.*)$`, 'gm'))].map(([, message = '']) =>
    message.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%'),
  )
}

/** Reads what the toolkit writes: `name<<delimiter`, the value's lines, the delimiter. */
function toOutputs(written: string): Record<string, string> {
  return Object.fromEntries(
    [...written.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm)].map(([, name = '', , value = '']) => [name, value]),
  )
}

/** A script on a socket of this machine, and the inputs that lead to it with pauses short enough for a test. */
export interface RunningServer {
  readonly port: number
  readonly inputs: Readonly<Record<string, string>>
  readonly exchanged: readonly Exchanged[]
  /** The headers of each request, and which connection it came on, counted from 1. */
  readonly arrivals: readonly { readonly headers: IncomingHttpHeaders; readonly connection: number }[]
  /** The methods of all requests in turn: `GET PATCH GET`. */
  requests(): string
  close(): Promise<void>
}

export interface ServerOptions {
  readonly certificate?: Certificate
  /** What becomes of the connection where the script says `lost`; without this it is cut. */
  readonly lose?: (socket: Socket) => void
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>>
  /** Makes the bytes of a body; without this they are its text in UTF-8. */
  readonly encode?: (body: string) => { readonly bytes: Buffer; readonly headers?: Record<string, string> }
}

/** Serves a script over http, or https where there is a certificate. */
export async function serve(
  script: Script,
  { certificate, lose, headers: more = {}, encode }: ServerOptions = {},
): Promise<RunningServer> {
  const scripted = new ScriptedServer(script)
  const startMs = performance.now()
  const connections: Socket[] = []
  const arrivals: RunningServer['arrivals'][number][] = []
  const listener: RequestListener = (request, response) => {
    if (!connections.includes(request.socket)) connections.push(request.socket)
    arrivals.push({ headers: request.headers, connection: connections.indexOf(request.socket) + 1 })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const method = request.method === 'PATCH' ? 'PATCH' : 'GET'
      const body = chunks.length === 0 ? undefined : Buffer.concat(chunks).toString('utf8')
      const answer = scripted.answer(method, request.headers['if-match'], body, performance.now() - startMs)
      if (answer.kind === 'lost') return void (lose ?? cut)(request.socket)
      if (answer.kind !== 'response') return
      const { bytes, headers = {} } = encode?.(answer.body) ?? { bytes: Buffer.from(answer.body) }
      response.writeHead(answer.status, { ...answer.headers, ...more, ...headers }).end(bytes)
    })
  }
  const server = certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener)
  const port = await listen(server)
  return {
    port,
    inputs: {
      'api-key': API_KEY,
      tenant: 'acme',
      cluster: 'production',
      'api-url': `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
      timeout: '20s',
      'poll-interval': '50ms',
      'settle-time': '100ms',
    },
    exchanged: scripted.exchanged,
    arrivals,
    requests: () => scripted.exchanged.map(({ method }) => method).join(' '),
    close: () => close(server),
  }
}

function cut(socket: Socket): void {
  socket.destroy()
}

/** Starts a server on a free port of the loopback. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function close(server: HttpServer): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
