// npm run all, or .ci/run: everything CI checks, in a fresh clone and without a terminal. First it says what is missing here. It
// goes on after a failure; the last line is always jest's own numbers, of both runs together; the exit status covers every step.
// What cannot be checked for want of a tool is a failure in CI, and is left out elsewhere. --needs ends after what is missing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installer, missingBrowser, missingNetworkTools, NEEDS } from './ci/needs.mjs'
import { runCommand } from './ci/processes.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isCI = !['', 'false'].includes(process.env.CI ?? '')
const env = { ...process.env, CI: 'true' }
const ACT = ['posix', 'bash', 'git', 'go', 'curl']
const script = (name, ...args) => ['npm', 'run', '-s', name, ...(args.length > 0 ? ['--', ...args] : [])]

/** `jest` steps are shown as they run, and counted; a step may be several commands, the first that fails ends it. */
const STEPS = [
  { name: 'tests', jest: true, limitSeconds: 3_600, commands: [['npm', 'cit', '--no-audit', '--no-fund']] },
  { name: 'network tools', needs: ['network'], commands: () => installsOf(missingNetworkTools()) },
  { name: 'network tests', needs: ['network'], jest: true, commands: [script('test:network')] },
  { name: 'format', commands: [script('format:check')] },
  { name: 'lint', commands: [script('lint')] },
  { name: 'types', commands: [script('types')] },
  { name: 'imports', commands: [script('imports')] },
  { name: 'build', commands: [script('build')] },
  { name: 'dist is committed', needs: ['git'], commands: [['node', 'scripts/ci/dist-is-committed.mjs']] },
  { name: 'readme tables', commands: [script('readme', '--check')] },
  { name: 'browser', needs: ['browser'], commands: () => installsOf(missingBrowser()) },
  { name: 'pictures', needs: ['browser'], commands: [script('pictures', '--check')] },
  { name: 'lint actions', commands: [script('lint:actions')] },
  { name: 'workflow security', needs: ['posix', 'bash', 'python'], commands: [script('lint:security')] },
  { name: 'another owner', needs: ['posix', 'git'], commands: [script('owner:try')] },
  { name: 'npm start', commands: [['npm', 'start']] },
  { name: 'examples', needs: ['bash'], commands: [script('examples')] },
  { name: 'act', needs: ACT, limitSeconds: 600, commands: [['bash', '.ci/tools', 'act']] },
  { name: 'examples in act', needs: [...ACT, 'jq'], limitSeconds: 600, commands: [script('examples:act')] },
  { name: 'release in act', needs: ACT, commands: [script('rehearse')] },
]
const LIMIT_SECONDS = 300

const missing = Object.entries(NEEDS).flatMap(([need, { isMet }]) => (isMet() ? [] : [need]))
for (const need of missing) console.log(`${isCI ? 'FAIL' : 'skip'}  ${NEEDS[need].says}`)
if (process.argv.includes('--needs')) {
  if (missing.length === 0) console.log('ok    nothing is missing')
  process.exit(isCI && missing.length > 0 ? 1 : 0)
}

const work = mkdtempSync(join(tmpdir(), 'ci-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))
const failures = []
for (const step of STEPS) await runStep(step)
report()

async function runStep({ name, needs = [], jest = false, limitSeconds = LIMIT_SECONDS, commands }) {
  const lacking = needs.filter((need) => missing.includes(need))
  if (lacking.length > 0) {
    console.log(`${isCI ? 'FAIL' : 'skip'}  ${name}, for want of ${lacking.join(', ')}`)
    if (isCI) failures.push(name)
    return
  }
  const counts = join(work, `${name}.counts`)
  // A run that writes no numbers, because it could not even start, counts as one failure.
  if (jest) writeFileSync(counts, '0 1 0\n')
  const startMs = performance.now()
  let result = { isOk: true, text: '' }
  for (const command of typeof commands === 'function' ? commands() : commands) {
    const options = { cwd: root, env: jest ? { ...env, JEST_COUNTS_FILE: counts } : env, limitSeconds, isShown: jest }
    if (result.isOk) result = await runCommand(command, options)
  }
  if (!result.isOk) {
    process.stdout.write(result.text)
    failures.push(name)
  }
  console.log(`${result.isOk ? 'ok  ' : 'FAIL'}  ${name} (${Math.round((performance.now() - startMs) / 1000)}s)`)
}

/** Nothing is asked: without the rights to install, the need is not met. */
function installsOf(tools) {
  if (tools.length === 0) return []
  const as = installer()
  const install = ['apt-get', 'install', '-q', '-y', '--no-install-recommends', ...tools]
  return [
    [...as, 'apt-get', 'update', '-q'],
    [...as, 'env', 'DEBIAN_FRONTEND=noninteractive', ...install],
  ]
}

function report() {
  const counts = readdirSync(work).map((file) => readFileSync(join(work, file), 'utf8').trim().split(' ').map(Number))
  const [passed, failed, skipped] = [0, 1, 2].map((index) => counts.reduce((sum, each) => sum + each[index], 0))
  if (failures.length > 0) console.log(`NOT GREEN: ${failures.join(', ')}`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  if (failures.length > 0 || failed > 0) process.exitCode = 1
}
