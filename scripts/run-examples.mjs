// npm run examples: the quick check, which needs node and nothing installed. It runs the plain workflows of examples/ against the
// simulator, the action's steps with dist/index.js, and each must end green. npm run examples:act runs all of them, and how they fail.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder, runAction, startSimulator } from './action-process.mjs'
import { createLogView } from './log-view.mjs'
import { parsePlainYaml } from './plain-yaml.mjs'
import { machineEnvironment } from './runner-environment.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const OURS = /(^|\/)kupe-cluster-action@/

/** The only inputs that are not taken from the example: the simulator is fast, so there is no need to wait long. */
const OVERRIDES = { 'poll-interval': '250ms', 'settle-time': '1s' }
const SIMULATOR = ['--upgrade-start', '500ms', '--upgrade', '1500ms', '--scale', '1s']

/** What whoever starts these by hand types into the form, where it has no default. */
const TYPED = { 'scale.yml': { cpu: '8' } }

/** The keys that an example may have; any other is refused, as this script would not do what it means. */
const KNOWN_KEYS = {
  workflow: ['name', 'on', 'permissions', 'concurrency', 'jobs'],
  job: ['needs', 'if', 'runs-on', 'environment', 'timeout-minutes', 'concurrency', 'outputs', 'env', 'steps'],
  step: ['id', 'name', 'uses', 'with', 'env', 'run'],
}

/** All that this script can do. The others have other events, conditions of steps, other actions, programs or reusable workflows. */
const PLAIN = ['check-later.yml', 'dry-run.yml', 'quick-start.yml', 'scale-and-upgrade.yml', 'scale.yml', 'upgrade.yml']

const problems = []
const all = readdirSync(join(root, 'examples')).filter((name) => /\.ya?ml$/.test(name))
const files = PLAIN.map((name) => `examples/${name}`)
for (const file of files) {
  try {
    await runWorkflow(file)
  } catch (error) {
    problems.push(`${file}: ${error.message}`)
  }
}
for (const problem of problems) console.error(problem)
console.log(
  `examples: ${files.length} files, ${all.length - files.length} left to examples:act, ${problems.length} problems`,
)
if (problems.length > 0) process.exitCode = 1

/** Runs one workflow with a simulator of its own, as if it had been started by hand. */
async function runWorkflow(file) {
  console.log(file)
  const workflow = parsePlainYaml(readFileSync(join(root, file), 'utf8'))
  checkKeys('workflow', workflow)
  const simulator = await startSimulator(...SIMULATOR)
  const run = {
    simulator,
    workflow: workflow.name ?? basename(file),
    contexts: {
      secrets: { KUPE_API_KEY: simulator.adminKey, KUPE_READONLY_API_KEY: simulator.readonlyKey },
      vars: { KUPE_TENANT: simulator.tenant, KUPE_CLUSTER: simulator.cluster },
      inputs: { ...defaultsOf(workflow.on?.workflow_dispatch?.inputs ?? {}), ...TYPED[basename(file)] },
      needs: {},
    },
  }
  try {
    for (const [name, job] of inOrder(workflow.jobs)) run.contexts.needs[name] = await runJob(name, job, run)
  } finally {
    await simulator.stop()
  }
}

function defaultsOf(inputs) {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, String(input?.default ?? '')]))
}

/** The jobs, each after those it needs. */
function inOrder(jobs) {
  const ordered = []
  let left = Object.entries(jobs)
  while (left.length > 0) {
    const isReady = ([, job]) => [job.needs ?? []].flat().every((needed) => ordered.some(([name]) => name === needed))
    const ready = left.filter(isReady)
    if (ready.length === 0) throw new Error(`${left.map(([name]) => name)} need jobs that never run`)
    ordered.push(...ready)
    left = left.filter((entry) => !ready.includes(entry))
  }
  return ordered
}

async function runJob(name, job, run) {
  checkKeys('job', job)
  const needs = Object.fromEntries([job.needs ?? []].flat().map((needed) => [needed, run.contexts.needs[needed]]))
  const contexts = { ...run.contexts, needs, steps: {} }
  if (job.if !== undefined && !holds(job.if, contexts)) throw new Error(`${name} was left out, which shows nothing`)
  const env = resolveAll(job.env, contexts)
  for (const [index, step] of job.steps.entries()) {
    checkKeys('step', step)
    const label = `${name} / ${step.name ?? step.id ?? `step ${index + 1}`}`
    const stepEnv = { ...env, ...resolveAll(step.env, contexts) }
    const outputs =
      step.run === undefined ? await runUses(label, step, stepEnv, contexts, run) : runShell(label, step, stepEnv)
    if (step.id !== undefined) contexts.steps[step.id] = { outputs }
  }
  return { outputs: resolveAll(job.outputs, contexts) }
}

async function runUses(label, step, env, contexts, { simulator, workflow }) {
  if (!OURS.test(step.uses)) throw new Error(`${label} uses ${step.uses}, which this script cannot run`)
  if (step.with?.['api-url'] !== undefined)
    throw new Error(`${label} names an api-url, and would not ask the simulator`)
  const inputs = { ...resolveAll(step.with, contexts), ...OVERRIDES }
  const { status, lines, outputs } = await runAction({ inputs, env: { ...env, KUPE_API_URL: simulator.url }, workflow })
  console.log(`  ${label}: ${outputs.result}, changed ${outputs.changed}, ${outputs['duration-seconds']} s`)
  if (status !== 0) throw new Error(`${label} is not green (exit status ${status})\n${readableLog(lines)}`)
  if (outputs.result === 'skipped') throw new Error(`${label} was skipped, which shows nothing`)
  return outputs
}

function runShell(label, { run }, env) {
  if (run.includes('${{')) throw new Error(`${label} puts an expression into a script; it belongs into env`)
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', run], {
    cwd: makeFolder(),
    env: { ...machineEnvironment(), ...env },
    encoding: 'utf8',
  })
  console.log(`  ${label}: ${stdout.trim()}`)
  if (status !== 0) throw new Error(`${label} ended with exit status ${status}\n${stderr}`)
  return {}
}

function resolveAll(values = {}, contexts) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, resolve(String(value), contexts)]))
}

/** Fills in `${{ … }}`: secrets.X, vars.X, inputs.x, steps.id.outputs.name and needs.job.outputs.name, and nothing else. */
function resolve(text, contexts) {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression) => {
    const path = expression.trim()
    const isKnown = /^((secrets|vars|inputs)\.[\w-]+|(steps|needs)\.[\w-]+\.outputs\.[\w-]+)$/.test(path)
    if (!isKnown) throw new Error(`this script does not know the expression ${path}`)
    const value = path.split('.').reduce((found, key) => found?.[key], contexts)
    if (typeof value !== 'string') throw new Error(`${path} is nothing`)
    return value
  })
}

/** Whether a condition holds: one of these expressions compared with a text, and nothing else. */
function holds(condition, contexts) {
  const [, path, operator, text] = /^(\S+) (==|!=) '([^']*)'$/.exec(condition) ?? []
  if (path === undefined) throw new Error(`this script does not know the condition ${condition}`)
  return (resolve(`\${{ ${path} }}`, contexts) === text) === (operator === '==')
}

function checkKeys(kind, object) {
  const unknown = Object.keys(object).filter((key) => !KNOWN_KEYS[kind].includes(key))
  if (unknown.length > 0) throw new Error(`this script does not know what ${unknown.join(', ')} of a ${kind} means`)
}

function readableLog(lines) {
  const view = createLogView()
  return lines.flatMap((line) => view(line) ?? []).join('\n')
}
