// Starts dist/index.js the way GitHub's runner starts a node action, and the simulator beside it. Node's own modules only.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** What every step is given on GitHub; this one opens nothing. */
const GITHUB_TOKEN = 'ghs_0123456789_of_nothing'
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
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')]
  for (const path of [workspace, temp]) mkdirSync(path)
  const files = Object.fromEntries(
    ['output', 'step_summary', 'env', 'path', 'state'].map((name) => [name, join(temp, name)]),
  )
  for (const file of Object.values(files)) writeFileSync(file, '')
  const child = start('dist/index.js', [], {
    cwd: workspace,
    env: {
      ...machineEnvironment(),
      ...runnerEnvironment({ files, workspace, temp, workflow }),
      ...env,
      ...inputEnvironment(inputs),
    },
  })
  const lines = []
  child.lines((line) => {
    lines.push(line)
    onLine(line)
  })
  const status = await within(LONGEST_STEP_MS, 'the action', child, child.ended)
  const outputs = parseOutputs(readFileSync(files.output, 'utf8'))
  const summary = readFileSync(files.step_summary, 'utf8')
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
  return { status, lines, outputs, summary }
}

/** What any process needs to run here; nothing that could steer the action. */
export function machineEnvironment() {
  const names = ['PATH', 'HOME', 'LANG', 'SystemRoot']
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/** The runner gives every input, its default or nothing where the step does not; names in capitals, hyphens kept. */
export function inputEnvironment(given, actionYml = join(root, 'action.yml')) {
  const inputs = { ...defaultsOfInputs(actionYml), ...given }
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

/** Just enough of a reader for our own action.yml, since a YAML library would have to be installed first. */
function defaultsOfInputs(actionYml) {
  const [, section = ''] = /^inputs:\n([\s\S]*?)^outputs:/m.exec(readFileSync(actionYml, 'utf8')) ?? []
  const inputs = section.split(/^ {2}(?=\S)/m).filter((part) => part !== '')
  return Object.fromEntries(
    inputs.map((part) => {
      const [, text = ''] = /^ {4}default: "?(.*?)"?$/m.exec(part) ?? []
      return [part.slice(0, part.indexOf(':')), /^\$\{\{ github\.token \}\}$/.test(text) ? GITHUB_TOKEN : text]
    }),
  )
}

function runnerEnvironment({ files, workspace, temp, workflow }) {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_ENV: files.env,
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_JOB: 'change',
    GITHUB_OUTPUT: files.output,
    GITHUB_PATH: files.path,
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: 'acme/infrastructure',
    GITHUB_REPOSITORY_OWNER: 'acme',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.step_summary,
    GITHUB_WORKFLOW: workflow,
    GITHUB_WORKSPACE: workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'Demo',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
  }
}

/** Reads the file of a step's outputs: `name=value` lines, and `name<<DELIMITER` blocks. */
export function parseOutputs(text) {
  const outputs = {}
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const [, name, mark, rest] = /^(.*?)(<<|=)(.*)$/.exec(lines[index]) ?? []
    if (mark === '=') outputs[name] = rest
    if (mark !== '<<') continue
    const end = lines.indexOf(rest, index + 1)
    if (end < 0) throw new Error(`the output ${name} has no end`)
    outputs[name] = lines.slice(index + 1, end).join('\n')
    index = end
  }
  return outputs
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
