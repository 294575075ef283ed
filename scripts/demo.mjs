// npm start: the built action against the simulator, five steps from a scale to a refusal. Needs no network and no install.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runAction, startSimulator } from './action-process.mjs'
import { createLogView, styled, toReadableText } from './log-view.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The inputs of each step, and how it must end. */
const STEPS = [
  {
    title: 'Scale',
    about: 'More CPU and memory. The phase stays Running throughout, so the generation is what proves it.',
    inputs: { cpu: '8', memory: '32Gi' },
    expected: { status: 0, result: 'converged', changed: 'true', evidence: 'generation', cpu: '8', memory: '32Gi' },
    patches: 1,
  },
  {
    title: 'Upgrade',
    about: 'The next minor version. The cluster leaves Running, and is waited for until it runs what was asked.',
    inputs: { version: '1.32' },
    expected: {
      status: 0,
      result: 'converged',
      changed: 'true',
      evidence: 'generation,kubernetes-version',
      'previous-kubernetes-version': 'v1.31.9',
      'kubernetes-version': 'v1.32.3',
    },
    patches: 1,
  },
  {
    title: 'The same again',
    about: 'Nothing differs, so nothing is sent: a re-run is safe.',
    inputs: { version: '1.32' },
    expected: { status: 0, result: 'unchanged', changed: 'false', 'would-change': 'false', evidence: '' },
    patches: 0,
  },
  {
    title: 'Dry run',
    about: 'What would change, without changing it.',
    inputs: { mode: 'plan', version: '1.33', storage: '200Gi' },
    expected: {
      status: 0,
      result: 'planned',
      changed: 'false',
      'would-change': 'true',
      version: '1.32',
      storage: '100Gi',
    },
    alsoShown: ['plan', 'plan-digest'],
    patches: 0,
  },
  {
    title: 'A downgrade, refused',
    about: 'This step must turn red, before anything is sent.',
    inputs: { version: '1.31' },
    expected: {
      status: 1,
      result: 'failed',
      'failure-reason': 'refused',
      changed: 'false',
      'kubernetes-version': 'v1.32.3',
    },
    patches: 0,
  },
]

const ALWAYS_SHOWN = ['result', 'failure-reason', 'changed', 'evidence', 'duration-seconds']

const startMs = performance.now()
if (!existsSync(join(root, 'dist/index.js'))) {
  print('dist/ is missing: npm ci && npm run build')
  process.exit(1)
}
const simulator = await startSimulator('--upgrade-start', '800ms', '--upgrade', '3s', '--scale', '1500ms')
const common = {
  'api-key': simulator.adminKey,
  'api-url': simulator.url,
  tenant: simulator.tenant,
  cluster: simulator.cluster,
  'poll-interval': '250ms',
}

print(styled('bold', 'kupe-cluster-action: five steps against a simulated Kupe API on this machine'))
print('\nEvery step also has these inputs:')
show(withText({ ...common, 'api-key': '***' }))

const faults = []
for (const [index, step] of STEPS.entries()) faults.push(...(await showStep(step, index + 1)))
await simulator.stop()

const took = `${((performance.now() - startMs) / 1000).toFixed(1)} s`
if (faults.length === 0) {
  print(
    `\n${styled('green', `✓ All ${STEPS.length} steps ended as they should, in ${took}.`)} No real cluster was touched.`,
  )
  print('  For trials of your own: node dist/simulator/index.js --help')
} else {
  print(`\n${styled('red', `✗ ${faults.length} things are not as they should be:`)}`)
  for (const fault of faults) print(`  ${fault}`)
  process.exitCode = 1
}

/** Runs one step and prints all of it; returns what was not as it should be. */
async function showStep({ title, about, inputs, expected, patches, alsoShown = [] }, number) {
  print(`\n\n${styled('bold', `── ${number}. ${title} `.padEnd(72, '─'))}\n${about}\n`)
  print(styled('dim', 'with:'))
  show(withText(inputs))
  print(styled('dim', 'log:'))
  const view = createLogView()
  const before = simulator.requests().length
  const step = await runAction({
    inputs: { ...common, ...inputs },
    onLine: (line) => {
      const shown = view(line)
      if (shown !== undefined) show(shown)
    },
  })
  await sleep(50) // for the simulator's last line
  const requests = simulator.requests().slice(before)
  print(styled('dim', 'requests:'))
  show(requestsText(requests))
  print(styled('dim', 'outputs:'))
  show(outputsText(step.outputs, [...ALWAYS_SHOWN, ...Object.keys(expected), ...alsoShown]))
  print(styled('dim', 'job summary:'))
  show(toReadableText(step.summary))
  const faults = faultsOf(step, expected, requests, patches)
  const colour = step.status === 0 ? styled('green', 'green') : styled('red', 'red')
  const mark = faults.length === 0 ? styled('green', '✓') : styled('red', '✗')
  print(`\n${mark} The step is ${colour}${faults.length === 0 ? ', as it should be.' : `: ${faults.join('; ')}`}`)
  return faults.map((fault) => `${number}. ${title}: ${fault}`)
}

function faultsOf({ status, outputs, summary, lines }, expected, requests, patches) {
  const found = { ...outputs, status }
  const differing = Object.entries(expected)
    .filter(([name, value]) => found[name] !== value)
    .map(([name, value]) => `${name} is ${JSON.stringify(found[name])}, not ${JSON.stringify(value)}`)
  const sent = requests.filter(({ method }) => method === 'PATCH').length
  const logged = lines.filter((line) => !line.startsWith('::add-mask::'))
  const isKeyShown = JSON.stringify([logged, outputs, summary]).includes(simulator.adminKey)
  return [
    ...differing,
    ...(sent === patches ? [] : [`${sent} PATCHes were sent, not ${patches}`]),
    ...(summary === '' ? ['there is no job summary'] : []),
    ...(isKeyShown ? ['the API key is shown'] : []),
  ]
}

function withText(inputs) {
  const width = Math.max(...Object.keys(inputs).map((name) => name.length)) + 1
  const quoted = (value) => (/^[\d.]+$/.test(value) ? `'${value}'` : value)
  return Object.entries(inputs)
    .map(([name, value]) => `${`${name}:`.padEnd(width)} ${quoted(value)}`)
    .join('\n')
}

function requestsText(requests) {
  const reads = requests.filter(({ method }) => method === 'GET').length
  const others = requests.filter(({ method }) => method !== 'GET')
  return [`${reads} × GET`, ...others.map(({ method, body, outcome }) => `1 × ${method} ${body} → ${outcome}`)].join(
    '\n',
  )
}

function outputsText(outputs, shown) {
  const names = Object.keys(outputs).filter((name) => shown.includes(name) && outputs[name] !== '')
  const width = Math.max(...names.map((name) => name.length))
  return names.map((name) => `${name.padEnd(width)}  ${outputs[name]}`).join('\n')
}

function show(text) {
  for (const line of text.split('\n')) print(`  ${styled('dim', '│')} ${line}`.trimEnd())
}

function print(text) {
  process.stdout.write(`${text}\n`)
}
