// npm run rehearse: release.yml in nektos/act, as a rehearsal and as a release, on a copy of this repository that has an owner and a
// dated changelog; judged by the jobs that ran and by what GitHub's command line was asked to do.
//
// What act cannot show, and is left to a rehearsal on GitHub: tokens and their permissions, the approval of the environment, real
// attestations, the rules for tags. A failing job ends all others in it. All that CI checks, and the tests of the three systems,
// are stand-ins here.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { differences } from './act/checks.mjs'
import { commit, git, runAct, write } from './act/engine.mjs'
import { makeActions, makePrograms } from './act/stand-ins.mjs'
import { makeFolder } from './action-process.mjs'
import { withoutNewerSyntax } from './newer-syntax.mjs'
import { copyRepository } from './repository-copy.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const TAG = `v${version}`
const [MAJOR] = TAG.split('.')
const OWN = 'octo-org/kupe-cluster-action'
const WORKFLOWS = ['release.yml', 'platforms.yml']
const TESTS = { 'tests ubuntu-latest': 'success', 'tests windows-latest': 'success', 'tests macos-latest': 'success' }
const CHECKED = { agreement: 'success', check: 'success', ...TESTS }
const RED = { 'tests ubuntu-latest': 'failure', 'tests windows-latest': 'failure', 'tests macos-latest': 'failure' }

/** `writes` are the calls of gh that would change something on GitHub, by their beginnings. */
const RUNS = [
  {
    about: 'a rehearsal publishes nothing, and says what would be',
    event: 'workflow_dispatch',
    jobs: { ...CHECKED, attest: 'success', rehearse: 'success' },
    writes: [],
    says: [
      `${TAG} would be published, with kupe-cluster-action.cdx.json and these notes:`,
      `${MAJOR} would be made to `,
    ],
  },
  {
    about: 'a rehearsal without an owner ends before anything is attested',
    event: 'workflow_dispatch',
    owner: 'OWNER',
    jobs: { ...CHECKED, agreement: 'failure' },
    writes: [],
    says: ['OWNER/ still stands for the owner of this repository'],
  },
  {
    about: 'a tag becomes a release',
    event: 'push',
    jobs: { ...CHECKED, attest: 'success', publish: 'success' },
    writes: [`release create ${TAG} kupe-cluster-action.cdx.json`, `api --silent --method POST repos/${OWN}/git/refs`],
    says: ['attested ', `${TAG} is published`],
  },
  {
    about: 'a tag whose tests fail is neither attested nor published',
    event: 'push',
    env: { STAND_IN_RED: 'yes' },
    jobs: { ...CHECKED, ...RED },
    writes: [],
    says: ['a test fails'],
  },
  {
    about: `a rule that forbids to move ${MAJOR} gives the command to do it by hand`,
    event: 'push',
    env: { STAND_IN_RULE: 'yes' },
    jobs: { ...CHECKED, attest: 'success', publish: 'failure' },
    writes: [`release create ${TAG} kupe-cluster-action.cdx.json`, `api --silent --method POST repos/${OWN}/git/refs`],
    says: ['::error::', 'has to run: git push --force origin '],
  },
]

const home = makeFolder()
const store = join(home, 'store')
const [repository, calls] = [join(home, 'repository'), join(home, 'calls')]
const npm = spawnSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).stdout.trim()
const programs = makePrograms(home)
makeActions(
  store,
  WORKFLOWS.map((file) => join(root, '.github/workflows', file)),
)

let count = 0
for (const run of RUNS) count += (await isAsExpected(run)) ? 0 : 1
console.log(`rehearse: ${RUNS.length} runs, ${count} problems`)
if (count > 0) process.exitCode = 1

async function isAsExpected({ about, event, owner = 'octo-org', env = {}, jobs, writes, says }) {
  makeRepository(owner, event)
  rmSync(calls, { force: true })
  const result = await runAct(
    { home, repository, store, programs },
    {
      workflow: 'release.yml',
      event,
      payload: event === 'push' ? { ref: `refs/tags/${TAG}` } : { inputs: {} },
      env: {
        GITHUB_REPOSITORY: OWN,
        STAND_IN_ARTIFACTS: join(home, 'artifacts'),
        STAND_IN_CALLS: calls,
        STAND_IN_NPM: npm,
        ...env,
      },
    },
  )
  const asked = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []
  const written = asked.filter((call) => !/^(attestation verify|release view|api \S+ --jq) ?/.test(call))
  const lines = Object.values(result.steps).flatMap((step) => step.lines)
  const shouldBeGreen = !Object.values(jobs).includes('failure')
  const found = [
    ...differences('jobs', result.jobs, jobs),
    ...(result.isGreen === shouldBeGreen ? [] : [`the run is ${result.isGreen ? 'green' : 'red'}`]),
    ...differences('number of writes', written.length, writes.length),
    ...writes.filter((call, index) => !written[index]?.startsWith(call)).map((call) => `gh was not asked to ${call}`),
    ...says.filter((text) => !lines.some((line) => line.includes(text))).map((text) => `nothing says "${text}"`),
  ]
  console.log(`${found.length === 0 ? 'ok   ' : 'FAIL '} ${about}`)
  if (found.length > 0)
    console.log([...found, ...asked, ...lines, ...result.other].map((line) => `  ${line}`).join('\n'))
  return found.length === 0
}

/** What GitHub has when someone pushes the tag, or starts a rehearsal on main. */
function makeRepository(owner, event) {
  rmSync(repository, { recursive: true, force: true })
  copyRepository(root, repository)
  for (const args of [
    ['owner', owner],
    ['bump', version],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, [join(repository, 'scripts', `${args[0]}.mjs`), args[1]], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${args.join(' ')} failed\n${stderr}`)
  }
  for (const file of WORKFLOWS) {
    const path = join(repository, '.github/workflows', file)
    write(path, withoutNewerSyntax(readFileSync(path, 'utf8')))
  }
  write(join(repository, '.ci/run'), 'echo all is checked\n')
  commit(repository, event === 'push' ? TAG : 'not-a-version')
  git(repository, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
}
