// Runs a workflow in nektos/act on this machine, without containers; nothing is downloaded.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { makeFolder, startProgram, within } from '../action-process.mjs'
import { withoutNewerSyntax } from '../newer-syntax.mjs'
import { readRepository } from '../repository.mjs'
import { machineEnvironment } from '../runner-environment.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** The one that CI builds, else the one that is installed. */
const ACT = [join(root, '.cache/act')].find(existsSync) ?? 'act'
const { owner, name: ownName } = readRepository(root)
const LONGEST_RUN_MS = 180_000
const SYSTEMS = ['ubuntu-latest', 'windows-latest', 'macos-latest']
/** The repository that the workflows run in. */
export const REPOSITORY = 'acme/shop'

/** Whether act can be started here. */
export function hasAct() {
  return spawnSync(ACT, ['--version']).error === undefined
}

/**
 * Makes a repository with these workflows and scripts, and act's cache of actions. The cache holds this action as the tag v1
 * of its repository, and the reusable workflows as that of its owner's `platform`: so no `uses` has to be changed.
 * `replaced` are texts of the workflows with what they become.
 */
export function makeRepository({ workflows, scripts, reusable, replaced = {} }) {
  const home = makeFolder()
  const [repository, store] = [join(home, 'repository'), join(home, 'store')]
  for (const [name, text] of Object.entries(scripts)) write(join(repository, name), text, 0o755)
  for (const file of workflows) putWorkflow(repository, file, replaced)
  commit(repository)

  const action = join(store, `${owner}-${ownName}@v1`)
  mkdirSync(action, { recursive: true })
  for (const part of ['action.yml', 'dist']) cpSync(join(root, part), join(action, part), { recursive: true })
  commit(action)
  for (const file of workflows) putCheckout(store, file, action)

  if (reusable.length > 0) {
    const platform = join(store, `${owner}-platform@v1`)
    for (const file of reusable) putWorkflow(platform, file)
    commit(platform)
  }
  return { home, repository, store }
}

function putWorkflow(repository, file, replaced = {}) {
  const text = Object.entries(replaced).reduce(
    (found, [from, to]) => found.replaceAll(from, to),
    withoutNewerSyntax(readFileSync(join(root, file), 'utf8')),
  )
  write(join(repository, '.github/workflows', basename(file)), text)
}

/** act checks out the workflow's own repository itself; for a checkout of this action, this stands in the place of GitHub's. */
function putCheckout(store, file, action) {
  const [, sha] = /uses: actions\/checkout@([0-9a-f]{40})/.exec(readFileSync(join(root, file), 'utf8')) ?? []
  if (sha === undefined) return
  const folder = join(store, `actions-checkout@${sha}`)
  write(join(folder, 'action.yml'), 'name: Checkout\nruns:\n  using: node24\n  main: index.js\n')
  write(
    join(folder, 'index.js'),
    `if (process.env.INPUT_REPOSITORY !== '${owner}/${ownName}' || process.env.INPUT_REF !== 'v1') throw new Error('unknown')
require('node:fs').cpSync(${JSON.stringify(action)}, process.env.GITHUB_WORKSPACE, { recursive: true })
`,
  )
  commit(folder, sha)
}

/** Writes a file, and the folders it is in. */
export function write(path, text, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode })
}

/** Makes a repository of a folder, with one commit and this tag. */
export function commit(folder, tag = 'v1') {
  const who = ['-c', 'user.name=Examples', '-c', 'user.email=examples@example.invalid']
  git(folder, 'init', '--quiet', '--initial-branch=main')
  git(folder, 'add', '--all')
  git(folder, ...who, 'commit', '--quiet', '--message=All')
  git(folder, 'tag', tag)
}

export function git(cwd, ...args) {
  const env = { ...machineEnvironment(), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const { status, stderr } = spawnSync('git', args, { cwd, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
}

/**
 * Runs one workflow on one event; returns whether it was green, the results of its jobs, and its steps by `job/step`. All its
 * systems are this machine, which finds programs in `programs` first.
 */
export async function runAct(
  { home, repository, store, programs },
  { workflow, event, payload, secrets = {}, variables = {}, env },
) {
  const payloadFile = join(home, 'event.json')
  writeFileSync(payloadFile, JSON.stringify(payload))
  const given = (option, values) => Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`])
  const args = [
    event,
    '--json',
    ...SYSTEMS.flatMap((system) => ['--platform', `${system}=-self-hosted`]),
    ...['--container-daemon-socket', '-', '--no-cache-server'],
    ...['--action-offline-mode', '--action-cache-path', store, '--pull=false', '--concurrent-jobs', '4'],
    ...['--workflows', `.github/workflows/${workflow}`, '--eventpath', payloadFile, '--defaultbranch', 'main'],
    ...given('--secret', secrets),
    ...given('--var', variables),
    ...given('--env', { GITHUB_REPOSITORY: REPOSITORY, ...env }),
  ]
  const PATH = [programs, dirname(process.execPath), process.env.PATH].filter(Boolean).join(':')
  const child = startProgram(ACT, args, {
    cwd: repository,
    env: { ...machineEnvironment(), PATH, HOME: home, XDG_CACHE_HOME: store, ACT_DISABLE_VERSION_CHECK: '1' },
  })
  const lines = []
  child.lines((line) => lines.push(line))
  const status = await within(LONGEST_RUN_MS, 'act', child, child.ended)
  return { isGreen: status === 0, ...readLog(lines) }
}

/** What act's log says: the results of the jobs that ran, and of each step its result, outputs, summary and lines. */
function readLog(lines) {
  const [jobs, steps, other] = [{}, {}, []]
  for (const line of lines) {
    const entry = parseEntry(line)
    if (entry === undefined) {
      other.push(line)
      continue
    }
    const { jobID, matrix, stepID, stage, command, jobResult, stepResult, msg } = entry
    const job = [jobID, ...Object.values(matrix ?? {})].join(' ')
    if (jobResult !== undefined) jobs[job] = jobResult
    if (stage !== 'Main' || stepID === undefined) {
      if (entry.level === 'error') other.push(msg)
      continue
    }
    steps[`${job}/${stepID[0]}`] ??= { result: undefined, outputs: {}, summary: '', lines: [] }
    const step = steps[`${job}/${stepID[0]}`]
    if (command === 'set-output') step.outputs[entry.name] = entry.arg
    else if (command === 'summary') step.summary = entry.content
    else if (stepResult !== undefined) step.result = stepResult
    else if (entry.raw_output || command !== undefined) step.lines.push(entry.raw ?? msg)
  }
  return { jobs, steps, other }
}

function parseEntry(line) {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The environment in which node's wall clock starts at this moment; the action does not wait by the wall clock. */
export function clockAt(moment, home) {
  const file = join(home, 'clock.mjs')
  writeFileSync(
    file,
    `const Real = Date
const offsetMs = ${Date.parse(moment)} - Real.now()
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(Real.now() + offsetMs)
    else super(...given)
  }
  static now() {
    return Real.now() + offsetMs
  }
}
`,
  )
  return { NODE_OPTIONS: `--import=${pathToFileURL(file)}` }
}
