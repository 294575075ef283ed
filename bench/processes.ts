import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The repository, seen from where the compiler puts this file: lib/bench. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const ACTION = join(ROOT, 'dist', 'index.js')
const API_KEY = 'kupe_sim_admin_0123456789'

/** Reads a child's output line by line, each when it is asked for. */
function linesOf(child: ChildProcess): () => Promise<string> {
  if (child.stdout === null) throw new Error('its output is not piped')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async () => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`${child.spawnargs.join(' ')} ended too early`)
    return value
  }
}

/** The simulator from dist/ as a process of its own; with `--log`, `nextLine` gives each request. */
export async function startSimulator(args: readonly string[]) {
  const script = join(ROOT, 'dist', 'simulator', 'index.js')
  const child = spawn(process.execPath, [script, '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const nextLine = linesOf(child)
  const url = /url=(\S+)/.exec(await nextLine())?.[1]
  if (url === undefined) throw new Error('the simulator did not say where it listens')
  return { url, nextLine, stop: () => child.kill() }
}

/** A step's files and environment, as the runner gives them; `inputs` as in `with`. */
export function createStep(apiUrl: string, inputs: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'kupe-bench-'))
  const file = (name: string) => {
    const path = join(folder, name)
    writeFileSync(path, '')
    return path
  }
  const given = { 'api-key': API_KEY, 'api-url': apiUrl, tenant: 'acme', cluster: 'production', ...inputs }
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
    KUPE_API_KEY: API_KEY,
    KUPE_API_URL: apiUrl,
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
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
  const nextLine = linesOf(child)
  const measure = async (command: readonly string[], env: object, output: string): Promise<Usage> => {
    child.stdin.write(`${JSON.stringify({ command, env, output })}\n`)
    const { code, ...usage } = JSON.parse(await nextLine()) as Usage & { code: number }
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${readFileSync(output, 'utf8')}`)
    return usage
  }
  return { measure, stop: () => child.stdin.end() }
}
