import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { GITHUB_TOKEN, parseOutputs, prepareStep } from '../../scripts/runner-environment.mjs'
import { OUTPUT_NAMES } from '../../src/report/outputs.js'
import { bareProcessMs, expectWithin } from './timing.js'

export { GITHUB_TOKEN }
export const REPOSITORY = 'octo-org/infra'

/** What these tests look for in the reports of a step, and a GitHub that nobody can reach. */
const RUN = {
  GITHUB_API_URL: 'http://127.0.0.1:9',
  GITHUB_REPOSITORY: REPOSITORY,
  GITHUB_REPOSITORY_OWNER: 'octo-org',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_RUN_ID: '4711',
  // Debug lines are to be held to everything that other lines are.
  RUNNER_DEBUG: '1',
}

/** Windows has no signals that one process could send to another: what is said about them is tested elsewhere. */
export const testWithSignals: typeof test | (() => void) = process.platform === 'win32' ? () => {} : test

const script = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** A step of a job: its `with`, and what its environment has beyond what the runner sets; `undefined` takes a variable away. */
export interface Step {
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How large a file the step may write, in KiB: what a disk that becomes full does. Not on Windows. */
  readonly largestFileKiB?: number
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
export interface StepResult {
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
  readonly finished: Promise<StepResult>
  /** Sends signals at once, one after the other, and gives the end of the step. */
  end(...signals: NodeJS.Signals[]): Promise<EndedStep>
}

/** A step that was ended by signals: how long that took, and how long a bare process took meanwhile. */
export interface EndedStep extends StepResult {
  readonly endMs: number
  readonly bareMs: number
}

/** Starts `dist/index.js` as the runner starts a node action: own process, own files, closed stdin, nothing inherited. */
export function startStep({ inputs = {}, env = {}, largestFileKiB }: Step): RunningStep {
  const folder = mkdtempSync(join(tmpdir(), 'kupe-step-'))
  const prepared = prepareStep(folder, { inputs, env: { ...RUN, ...env } })
  const startMs = performance.now()
  const [command, ...args] =
    largestFileKiB === undefined
      ? [process.execPath, script]
      : ['bash', '-c', `ulimit -f ${largestFileKiB} && exec "$0" "$1"`, process.execPath, script]
  const child = spawn(command, args, {
    cwd: prepared.workspace,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: prepared.env,
  })
  child.stdin.end()
  const finished = collect(child).then(({ stdout, stderr, code, signal }) => {
    const durationMs = performance.now() - startMs
    const { output, summary, others } = prepared.readFiles()
    rmSync(folder, { recursive: true, force: true })
    const outputs = parseOutputs(output)
    return {
      code,
      signal,
      durationMs,
      stderr,
      ...toCommands(stdout, stderr),
      outputs: Object.fromEntries(outputs),
      outputNames: outputs.map(([name]) => name),
      outputFile: output,
      summary,
      otherFiles: others,
    }
  })
  const end = async (...signals: NodeJS.Signals[]) => {
    const sentMs = performance.now()
    for (const signal of signals) child.kill(signal)
    const timed = finished.then((step) => ({ ...step, endMs: performance.now() - sentMs }))
    const [step, bareMs] = await Promise.all([timed, bareProcessMs()])
    return { ...step, bareMs }
  }
  return { finished, end }
}

/** Runs a step to its end. */
export async function runStep(step: Step): Promise<StepResult> {
  return startStep(step).finished
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

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** What a step warned of, in the order it did. */
export function warningsOf({ warnings }: StepResult): string[] {
  return warnings.map(({ message }) => message)
}

/** Ended within a second of its cancel. */
export function expectPrompt({ endMs, bareMs }: EndedStep): void {
  expectWithin(endMs, 1_000, bareMs)
}

/** Ended by its own timeout of a few seconds: where that is not obeyed, one exchange alone may take 30 s. */
export function expectEndedByTimeout({ durationMs }: StepResult): void {
  expect(durationMs).toBeLessThan(20_000)
}

/** What the contract promises of every run that was left to end: all outputs once, the summary, the exit status, one error or none. */
export function expectWhole(result: StepResult): void {
  const { code, signal, outputs, outputNames, summary, errors, stderr, otherFiles } = result
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
    for (const line of error.message.split('\n')) expect(line).toMatch(/^(?!.*##\[)(?! *::) *\S/)
  }
}
