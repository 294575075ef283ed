import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, jest } from '@jest/globals'
import { parse } from 'yaml'
import { type RunningServer, startServer } from '../../simulator/server.js'
import { DEFAULTS, type Matcher, Simulator, type SimulatorOptions } from '../../simulator/simulator.js'
import { OUTPUT_NAMES } from '../../src/report/outputs.js'

export const TOKEN = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz'
export const REPOSITORY = 'octo-org/infra'

// Whole processes take their time, above all where several suites share a machine.
jest.setTimeout(60_000)

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'dist', 'index.js')

/** A step of a job: its `with`, and what its environment has beyond what the runner sets; `undefined` takes a variable away. */
export interface Step {
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** A command that the runner would carry out, with its escapes undone. */
export interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
  /** The whole line as it was written. */
  readonly line: string
}

/** Everything that the runner has once a step is over. */
export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly durationMs: number
  /** stdout, line by line, commands included. */
  readonly lines: readonly string[]
  /** What a person reads in the log: no commands. */
  readonly log: readonly string[]
  readonly stderr: string
  readonly commands: readonly Command[]
  readonly errors: readonly Command[]
  readonly warnings: readonly Command[]
  readonly masks: readonly string[]
  readonly outputs: Readonly<Record<string, string>>
  /** In the order written, doubles included. */
  readonly outputNames: readonly string[]
  readonly outputFile: string
  readonly summary: string
  /** The files that this action has no business with: `GITHUB_ENV`, `GITHUB_PATH`, `GITHUB_STATE`, one after the other. */
  readonly otherFiles: string
}

export interface RunningStep {
  readonly finished: Promise<Finished>
  /** Sends signals at once, one after the other, and gives the end of the step and how long that took from here. */
  end(...signals: NodeJS.Signals[]): Promise<Finished & { readonly endMs: number }>
}

/** Starts `dist/index.js` as the runner starts a node action: own process, own files, closed stdin, nothing inherited. */
export function start({ inputs = {}, env = {} }: Step): RunningStep {
  const temp = mkdtempSync(join(tmpdir(), 'kupe-step-'))
  const file = (name: string) => join(temp, '_runner_file_commands', name)
  const workspace = join(temp, 'workspace')
  for (const directory of [workspace, file('')]) mkdirSync(directory, { recursive: true })
  for (const name of FILES) writeFileSync(file(name), '')
  const startMs = performance.now()
  const child = spawn(process.execPath, [script], {
    cwd: workspace,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: defined({ ...runnerEnv(temp, workspace, file), ...inputEnv(inputs), ...env }),
  })
  child.stdin.end()
  const finished = collect(child).then(({ stdout, stderr, code, signal }) => {
    const durationMs = performance.now() - startMs
    const outputFile = readFileSync(file('set_output'), 'utf8')
    const summary = readFileSync(file('step_summary'), 'utf8')
    const otherFiles = ['set_env', 'add_path', 'save_state'].map((name) => readFileSync(file(name), 'utf8')).join('')
    rmSync(temp, { recursive: true, force: true })
    return {
      code,
      signal,
      durationMs,
      stderr,
      summary,
      otherFiles,
      ...toCommands(stdout, stderr),
      ...toOutputs(outputFile),
    }
  })
  const end = async (...signals: NodeJS.Signals[]) => {
    const sentMs = performance.now()
    for (const signal of signals) child.kill(signal)
    return { ...(await finished), endMs: performance.now() - sentMs }
  }
  return { finished, end }
}

/** Runs a step to its end. */
export async function runStep(step: Step): Promise<Finished> {
  return start(step).finished
}

const FILES = ['set_output', 'step_summary', 'set_env', 'add_path', 'save_state']

function runnerEnv(
  temp: string,
  workspace: string,
  file: (name: string) => string,
): Record<string, string | undefined> {
  return {
    PATH: process.env.PATH,
    HOME: temp,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'kupe',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_JOB: 'scale',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_REPOSITORY_OWNER: 'octo-org',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_RUN_ID: '4711',
    GITHUB_RUN_NUMBER: '42',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0123456789012345678901234567890123456789',
    GITHUB_WORKFLOW: 'Night scaling',
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: file('set_output'),
    GITHUB_STEP_SUMMARY: file('step_summary'),
    GITHUB_ENV: file('set_env'),
    GITHUB_PATH: file('add_path'),
    GITHUB_STATE: file('save_state'),
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'runner 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: temp,
    RUNNER_WORKSPACE: temp,
  }
}

interface ActionInputs {
  readonly inputs: Readonly<Record<string, { readonly default?: unknown } | null>>
}

/** Every input of `action.yml` is there, with its default or empty, whether or not the workflow names it. */
function inputEnv(given: Readonly<Record<string, string>>): Record<string, string> {
  const { inputs } = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as ActionInputs
  const defaults = Object.entries(inputs).map(([name, input]) => [name, evaluate(String(input?.default ?? ''))])
  const all = { ...Object.fromEntries(defaults), ...given } as Record<string, string>
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

function evaluate(text: string): string {
  return text.replace(/\$\{\{\s*github\.token\s*\}\}/g, TOKEN)
}

function defined(env: Record<string, string | undefined>): Record<string, string> {
  const there = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(there)
}

async function collect(child: ChildProcess) {
  const texts = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[stream] += chunk
    })
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { ...texts, code, signal }
}

const KNOWN_COMMANDS = new Set(
  'add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output stop-commands warning'.split(
    ' ',
  ),
)

function toCommands(stdout: string, stderr: string) {
  const linesOf = (text: string) => text.split(/\r\n|\n|\r/).filter((line) => line !== '')
  const lines = linesOf(stdout)
  const commands = [...lines, ...linesOf(stderr)].flatMap((line) => toCommand(line) ?? [])
  const named = (name: string) => commands.filter((command) => command.name === name)
  const log = lines.filter((line) => toCommand(line) === undefined)
  const masks = named('add-mask').map(({ message }) => message)
  return { lines, log, commands, errors: named('error'), warnings: named('warning'), masks }
}

/** `::name key=value,key=value::message` at the start of a line, or the old `##[name key=value;]message` anywhere in it. */
function toCommand(line: string): Command | undefined {
  const [, name = '', properties = '', message = ''] =
    /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/.exec(line) ?? /##\[([^\s\]]+)(?:\s+([^\]]*))?\](.*)$/.exec(line) ?? []
  // A command unknown to the runner is a line like any other; here it would be a surprise all the same.
  if (!KNOWN_COMMANDS.has(name.toLowerCase())) return undefined
  const pairs = properties.split(/[,;]/).filter((pair) => pair.includes('='))
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(
      pairs.map((pair) => {
        const [key = '', ...value] = pair.split('=')
        return [key.trim(), unescaped(value.join('=').replaceAll('%3A', ':').replaceAll('%2C', ','))]
      }),
    ),
    message: unescaped(message),
    line,
  }
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

/** Reads the output file by the runner's rules; where the runner would fail the step, this throws. */
function toOutputs(outputFile: string) {
  const outputs: Record<string, string> = {}
  const outputNames: string[] = []
  const lines = outputFile.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (line === '') continue
    const [equals, heredoc] = [line.indexOf('='), line.indexOf('<<')]
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      keep(line.slice(0, equals), line.slice(equals + 1))
      continue
    }
    const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)]
    const last = lines.indexOf(delimiter, index + 1)
    if (heredoc < 0 || delimiter === '' || last < 0) throw new Error(`Unable to process file command: ${line}`)
    keep(name, lines.slice(index + 1, last).join('\n'))
    index = last
  }
  return { outputs, outputNames, outputFile }

  function keep(name: string, value: string): void {
    if (name === '') throw new Error('Unable to process file command: an output without a name')
    outputNames.push(name)
    outputs[name] = value
  }
}

/** A simulator on a socket, with the inputs that lead to it. Its rollouts take fractions of a second. */
export interface Stage extends RunningServer {
  readonly simulator: Simulator
  readonly inputs: Readonly<Record<string, string>>
  /** The requests so far, as `GET 200`; `-` where no answer was sent. */
  told(): string[]
  /** Those of one method. */
  count(method: string): number
  /** The bodies of all PATCHes so far. */
  patches(): unknown[]
}

export async function stage(options: Partial<SimulatorOptions> = {}, host = '127.0.0.1'): Promise<Stage> {
  const simulator = new Simulator({
    now: () => performance.now(),
    date: () => Date.now(),
    upgradeStartsAfterMs: 60,
    upgradeMs: 250,
    scaleMs: 120,
    ...options,
  })
  const server = await startServer(simulator, { host })
  const { adminKey = DEFAULTS.adminKey, tenant = DEFAULTS.tenant } = options
  return {
    ...server,
    simulator,
    inputs: {
      'api-key': adminKey,
      tenant,
      cluster: DEFAULTS.cluster,
      'api-url': server.url,
      timeout: '20s',
      'poll-interval': '50ms',
      'settle-time': '100ms',
      'degraded-grace': '200ms',
    },
    told: () => simulator.requests.map(({ method, status }) => `${method} ${status ?? '-'}`),
    count: (method) => simulator.requests.filter((request) => request.method === method).length,
    patches: () =>
      simulator.requests.flatMap(({ method, body }) => (method === 'PATCH' ? [JSON.parse(body ?? '')] : [])),
  }
}

/** Resolves once a matching request has arrived and been handled. */
export function arrival(simulator: Simulator, matcher: Matcher): Promise<void> {
  return new Promise((resolve) => simulator.on({ when: 'after', ...matcher }, () => resolve()))
}

/** Ends at once, as a success, whatever a cluster is at work with. */
export function finish(simulator: Simulator): void {
  const { name, generation, version } = simulator.cluster(DEFAULTS.cluster)
  simulator.freeze(name)
  const kubernetesVersion = version === '1.32' ? 'v1.32.3' : 'v1.31.9'
  simulator.setStatus(name, { phase: 'Running', kubernetesVersion, observedGeneration: generation }, 'operator')
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** What the contract promises of every run that was left to end: all outputs once, the summary, the exit status, one error or none. */
export function expectWhole(finished: Finished): void {
  const { code, signal, outputs, outputNames, summary, errors, stderr, otherFiles } = finished
  const isGreen = ['unchanged', 'planned', 'skipped', 'accepted', 'converged'].includes(outputs.result ?? '')
  expect({ outputNames, signal, stderr, otherFiles }).toEqual({
    outputNames: [...OUTPUT_NAMES],
    signal: null,
    stderr: '',
    otherFiles: '',
  })
  expect(errors.map(({ line }) => line)).toHaveLength(isGreen ? 0 : 1)
  expect(code).toBe(isGreen ? 0 : 1)
  expect(outputs['failure-reason'] === '').toBe(isGreen)
  expect(outputs.changed).toMatch(/^(true|false)$/)
  expect(outputs['would-change']).toMatch(/^(true|false|)$/)
  expect(outputs['duration-seconds']).toMatch(/^\d+$/)
  expect(summary).toMatch(/^## /)
  expect(outputs['summary-markdown']?.trimEnd()).toBe(summary.trimEnd())
  for (const error of errors) {
    expect(error.properties.title).toMatch(/\S/)
    expect(error.message).not.toContain('\n')
  }
}
