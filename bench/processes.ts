import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { selfSigned } from '../__tests__/support/self-signed.js'
import { startServer } from '../simulator/server.js'
import { DEFAULTS, Simulator, type SimulatorOptions } from '../simulator/simulator.js'

/** The repository, seen from where the compiler puts this file: lib/bench. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const ACTION = join(ROOT, 'dist', 'index.js')

/** How a step reaches the API: over plain HTTP, or over TLS with a certificate that only this benchmark knows. */
export type Transport = 'http' | 'https'
export const TRANSPORTS: readonly Transport[] = ['http', 'https']

const HOST = '127.0.0.1'
const certificate = selfSigned(HOST)

/** A simulator that listens within this process; the processes that talk to it are measured alone. */
export async function startApi(transport: Transport, options: SimulatorOptions) {
  const simulator = new Simulator(options)
  const server = await startServer(simulator, transport === 'https' ? { host: HOST, tls: certificate } : { host: HOST })
  return { ...server, simulator }
}

/**
 * The files and the environment of a step that upgrades the cluster, as the runner gives them; `inputs` as in `with`. The KUPE_
 * variables are for scripts that send the same, the others of no prefix for Node and curl, to trust the certificate.
 */
export function createStep(apiUrl: string, inputs: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'kupe-bench-'))
  const file = (name: string, text = '') => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const { adminKey, tenant, cluster } = DEFAULTS
  const given = { 'api-key': adminKey, 'api-url': apiUrl, tenant, cluster, version: '1.32', ...inputs }
  const trusted = apiUrl.startsWith('https:') ? file('certificate', certificate.cert) : undefined
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'octo-org/infra',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    KUPE_API_KEY: adminKey,
    KUPE_API_URL: apiUrl,
    KUPE_PATCH: '{"version":"1.32"}',
    ...(trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted, CURL_CA_BUNDLE: trusted }),
  }
  return { env, file, remove: () => rmSync(folder, { recursive: true }) }
}

/** What one process cost from start to end. */
export interface Usage {
  readonly cpuMs: number
  readonly wallMs: number
  readonly rssMiB: number
}

/** Runs commands and measures them from outside; a command that fails ends the benchmark. */
export function startMeter() {
  const child = spawn('python3', [join(ROOT, 'bench', 'usage.py')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const measure = async (command: readonly string[], env: object, output: string): Promise<Usage> => {
    child.stdin.write(`${JSON.stringify({ command, env, output })}\n`)
    const { value: line, done } = await lines.next()
    if (done === true) throw new Error('bench/usage.py ended too early')
    const { code, ...usage } = JSON.parse(line) as Usage & { code: number }
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${readFileSync(output, 'utf8')}`)
    return usage
  }
  return { measure, stop: () => child.stdin.end() }
}
