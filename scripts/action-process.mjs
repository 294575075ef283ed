// Starts dist/index.js the way GitHub's runner starts a node action, and the simulator beside it. Node's own modules only.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { machineEnvironment, parseOutputs, prepareStep } from './runner-environment.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const LONGEST_STEP_MS = 60_000
const LONGEST_START_MS = 10_000

const children = new Set()
const folders = new Set()

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
// Without a listener these would end the process without its 'exit' event, and so without cleaning up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]))
}
// Whoever reads the output may stop early, as `head` does.
process.stdout.on('error', () => process.exit(1))

/** The address and the keys of a simulator of its own; `requests` gives what it was asked so far, `stop` ends it. */
export async function startSimulator(...options) {
  const child = start('dist/simulator/index.js', ['--port', '0', '--log', ...options], { env: machineEnvironment() })
  const lines = []
  const started = new Promise((resolve) => {
    child.lines((line) => {
      lines.push(line)
      if (line.startsWith('Kupe simulator ')) resolve()
    })
  })
  const ended = child.ended.then(() => {
    throw new Error(`the simulator did not start: ${lines.join(' ')}`)
  })
  await within(LONGEST_START_MS, 'the simulator', child, Promise.race([started, ended]))
  ended.catch(() => {})
  const facts = Object.fromEntries(Array.from(lines[0].matchAll(/(\S+?)=(\S+)/g), ([, name, value]) => [name, value]))
  return {
    url: facts.url,
    tenant: facts.tenant,
    cluster: facts.cluster,
    adminKey: facts['admin-key'],
    readonlyKey: facts['readonly-key'],
    requests: () => lines.slice(1).flatMap(toRequest),
    stop: () => {
      child.process.kill('SIGTERM')
      return child.ended
    },
  }
}

function toRequest(line) {
  const [, method, path, body, outcome] = /^\S+ ([A-Z]+) (\S+) (.*) -> (.*)$/.exec(line) ?? []
  return method === undefined ? [] : [{ method, cluster: path.split('/').at(-1), body, outcome }]
}

/** An empty folder that is gone when this process ends. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'kupe-cluster-action-'))
  folders.add(folder)
  return folder
}

/**
 * Runs the action as one step: `inputs` is its `with`, `env` the step's environment, `onLine` gets every line as it comes.
 * Gives the exit status, the lines, the outputs and the summary.
 */
export async function runAction({ inputs, env = {}, workflow = 'Demo', onLine = () => {} }) {
  const folder = makeFolder()
  const step = prepareStep(folder, { inputs, env: { GITHUB_WORKFLOW: workflow, ...env } })
  const child = start('dist/index.js', [], { cwd: step.workspace, env: step.env })
  const lines = []
  child.lines((line) => {
    lines.push(line)
    onLine(line)
  })
  const status = await within(LONGEST_STEP_MS, 'the action', child, child.ended)
  const { output, summary } = step.readFiles()
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
  return { status, lines, outputs: Object.fromEntries(parseOutputs(output)), summary }
}

function start(script, args, options) {
  return startProgram(process.execPath, [join(root, script), ...args], options)
}

/** A program that is ended with this process; `ended` gives its exit status, `lines` what it writes. */
export function startProgram(command, args, options) {
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => {
      children.delete(child)
      resolve(status)
    })
  })
  const lines = (onLine) => {
    for (const stream of [child.stdout, child.stderr]) readLines(stream, onLine)
  }
  return { process: child, ended, lines }
}

function readLines(stream, onLine) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()
    for (const line of lines) onLine(line.replace(/\r$/, ''))
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}

/** Waits for a promise, and ends the child where that takes longer. */
export async function within(ms, who, child, promise) {
  let timer
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => {
      child.process.kill('SIGKILL')
      reject(new Error(`${who} took longer than ${ms / 1000} s`))
    }, ms)
  })
  return Promise.race([promise, tooLong]).finally(() => clearTimeout(timer))
}
