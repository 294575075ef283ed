// npm run examples:act: every workflow of examples/ as it stands, run by nektos/act against the simulator, on its own triggers;
// judged by act's log, by what the simulator was asked, and by what a small GitHub and a chat were sent.
//
// What act cannot show, and is left to GitHub itself:
// - `concurrency` is ignored, and `queue` not even parsed: scripts/newer-syntax.mjs takes it out, with a schedule's `timezone`;
// - `environment` is ignored: no approval is asked for, and no key held back;
// - `permissions` mean nothing: the token is a made-up one, and the GitHub it goes to is ours;
// - `on` is reduced to the event's name: no cron fires, `paths` and `branches` filter nothing; the event's text is ours;
// - a checkout copies the repository, and a job's `timeout-minutes` ends nothing;
// - a cancelled step is killed at once, where GitHub sends SIGINT first: the tests of the process cover that;
// - summaries are in its log, not on a page, and a skipped job has no line in it at all.
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { makeRepository, REPOSITORY, runAct } from './act.mjs'
import { startSimulator } from './action-process.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const AT_ONCE = 3
const TOKEN = 'ghs_0123456789_of_nothing'
const SIMULATOR = ['--upgrade-start', '300ms', '--upgrade', '1s', '--scale', '500ms']
const OUTPUTS = 25
const SCRIPT = '#!/bin/sh\necho "testing $1"\n'

const SCRIPT_AND_SOMEONE_ELSE = `${SCRIPT}curl --fail --silent --show-error --request PATCH \\
  --header "Authorization: Bearer $SOMEONE_ELSES_KEY" --header 'Content-Type: application/json' \\
  --data '{"version":"1.30"}' "$KUPE_API_URL/api/v1/tenants/acme/clusters/production"
`

const UP = { version: '1.32' }
const DAY = '2026-01-14'
const SUMMER_DAY = '2026-07-15'
const MORNING = { schedule: '17,47 6 * * 1-5' }
const EVENING = { schedule: '17,47 19 * * 1-5' }
const LARGE = { cpu: '8', memory: '32Gi', storage: '100Gi' }
const SMALL = { cpu: '2', memory: '8Gi', storage: '100Gi' }
const HUGE = { cpu: '16', memory: '64Gi', storage: '100Gi' }
const BEFORE = { cpu: '4', memory: '16Gi', storage: '100Gi' }
const FLEET = ['staging', 'production', 'analytics', 'archive']

/**
 * What is run, and what must come of it. The runs of one story share a simulator. `jobs` are those that ran, `steps` some
 * outputs of the action's steps, `says` what other steps wrote, `patches` all that was sent, in order.
 */
const STORIES = [
  {
    file: 'quick-start.yml',
    runs: [
      {
        about: 'scales',
        jobs: { scale: 'success' },
        steps: { 'scale/0': { result: 'converged', changed: 'true', cpu: '8', memory: '32Gi' } },
        patches: [['production', { resources: LARGE }]],
      },
    ],
  },
  {
    file: 'scale.yml',
    runs: [
      {
        about: 'refuses more than max-cpu',
        inputs: { cpu: '32' },
        jobs: { scale: 'failure' },
        steps: { 'scale/0': { result: 'failed', 'failure-reason': 'refused', changed: 'false' } },
        patches: [],
      },
      {
        about: 'leaves alone what is left empty',
        inputs: { cpu: '', memory: '', storage: '200Gi' },
        jobs: { scale: 'success' },
        steps: { 'scale/0': { result: 'converged', cpu: '4', memory: '16Gi', storage: '200Gi' } },
        patches: [['production', { resources: { ...BEFORE, storage: '200Gi' } }]],
      },
      {
        about: 'scales to the defaults of its form',
        jobs: { scale: 'success' },
        steps: { 'scale/0': { result: 'converged', cpu: '8', memory: '32Gi', storage: '200Gi' } },
        patches: [['production', { resources: { ...LARGE, storage: '200Gi' } }]],
      },
    ],
  },
  {
    file: 'upgrade.yml',
    runs: [
      {
        about: 'refuses to leave out a minor, and says nothing afterwards',
        inputs: { version: '1.33' },
        jobs: { upgrade: 'failure' },
        steps: { 'upgrade/upgrade': { result: 'failed', 'failure-reason': 'refused' } },
        patches: [],
      },
      {
        about: 'upgrades, and hands the version on to the next job',
        jobs: { upgrade: 'success', after: 'success' },
        steps: { 'upgrade/upgrade': { result: 'converged', evidence: 'generation,kubernetes-version' } },
        says: { 'after/0': 'The cluster runs v1.32.3' },
        patches: [['production', UP]],
      },
      {
        about: 'finds nothing to do when run again',
        jobs: { upgrade: 'success', after: 'success' },
        steps: { 'upgrade/upgrade': { result: 'unchanged', changed: 'false' } },
        says: { 'after/0': 'The cluster runs v1.32.3' },
        patches: [],
      },
    ],
  },
  {
    file: 'scale-and-upgrade.yml',
    runs: [
      {
        about: 'sends both in one PATCH',
        jobs: { change: 'success' },
        steps: { 'change/0': { result: 'converged', 'kubernetes-version': 'v1.32.3', storage: '200Gi' } },
        patches: [['production', { version: '1.32', resources: { ...LARGE, storage: '200Gi' } }]],
      },
    ],
  },
  {
    file: 'dry-run.yml',
    runs: [
      {
        about: 'plans with the key that may only read, and applies that plan',
        jobs: { plan: 'success', apply: 'success' },
        steps: {
          'plan/plan': { result: 'planned', 'would-change': 'true', version: '1.31' },
          'apply/0': { result: 'converged', version: '1.32' },
        },
        check: ({ steps }) => sameDigest(steps['plan/plan'], steps['apply/0']),
        patches: [['production', UP]],
      },
    ],
  },
  {
    file: 'start-and-verify.yml',
    runs: [
      {
        about: 'starts, goes on, and verifies',
        jobs: { upgrade: 'success' },
        steps: {
          'upgrade/0': { result: 'accepted', changed: 'true', evidence: '' },
          'upgrade/2': { result: 'converged', changed: 'false', 'kubernetes-version': 'v1.32.3' },
        },
        says: { 'upgrade/1': 'A build, a test, whatever takes its time' },
        patches: [['production', UP]],
      },
    ],
  },
  {
    file: 'start-and-verify.yml',
    simulator: ['--fate', 'rolled-back', '--upgrade', '4s'],
    runs: [
      {
        about: 'is red in the end where the upgrade is rolled back',
        jobs: { upgrade: 'failure' },
        steps: {
          'upgrade/0': { result: 'accepted', changed: 'true' },
          'upgrade/2': { result: 'failed', 'failure-reason': 'rolled-back', changed: 'false' },
        },
        patches: [['production', UP]],
      },
    ],
  },
  {
    file: 'schedule.yml',
    runs: [
      {
        about: 'is not moved by a morning that comes twelve hours late',
        event: 'schedule',
        payload: MORNING,
        at: `${DAY}T18:17:00Z`,
        jobs: { large: 'success' },
        steps: { 'large/0': { result: 'skipped', changed: 'false' } },
        reads: 0,
        patches: [],
      },
      {
        about: 'is large on a winter morning',
        event: 'schedule',
        payload: MORNING,
        at: `${DAY}T06:17:00Z`,
        jobs: { large: 'success' },
        steps: { 'large/0': { result: 'converged', cpu: '8' } },
        patches: [['production', { resources: LARGE }]],
      },
      {
        about: 'finds nothing to do half an hour later',
        event: 'schedule',
        payload: MORNING,
        at: `${DAY}T06:47:00Z`,
        jobs: { large: 'success' },
        steps: { 'large/0': { result: 'unchanged' } },
        patches: [],
      },
      {
        about: 'is small on a summer evening, past midnight too',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T23:30:00Z`,
        jobs: { small: 'success' },
        steps: { 'small/0': { result: 'converged', cpu: '2' } },
        patches: [['production', { resources: SMALL }]],
      },
      {
        about: 'is not moved by an evening that comes in the morning, 06:00 in London being 05:00 in UTC',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T05:00:00Z`,
        jobs: { small: 'success' },
        steps: { 'small/0': { result: 'skipped' } },
        reads: 0,
        patches: [],
      },
      {
        about: 'is large by hand at any time',
        inputs: { size: 'large' },
        at: `${DAY}T23:00:00Z`,
        jobs: { large: 'success' },
        steps: { 'large/0': { result: 'converged', cpu: '8' } },
        patches: [['production', { resources: LARGE }]],
      },
    ],
  },
  {
    file: 'pull-request.yml',
    runs: [
      {
        about: 'comments the plan on a pull request',
        event: 'pull_request',
        payload: pullRequest(REPOSITORY),
        jobs: { plan: 'success' },
        steps: { 'plan/0': { result: 'planned', 'would-change': 'true' } },
        comments: [['POST', /1\.31.*1\.32/s]],
        patches: [],
      },
      {
        about: 'keeps to that comment when the pull request moves on',
        event: 'pull_request',
        payload: pullRequest(REPOSITORY),
        jobs: { plan: 'success' },
        steps: { 'plan/0': { result: 'planned' } },
        comments: [['PATCH', /1\.31.*1\.32/s]],
        patches: [],
      },
      {
        about: 'does nothing for a fork, which has no secrets',
        event: 'pull_request',
        payload: pullRequest('someone/shop'),
        jobs: {},
        steps: {},
        reads: 0,
        patches: [],
      },
      {
        about: 'applies what is merged',
        event: 'push',
        payload: { ref: 'refs/heads/main' },
        jobs: { apply: 'success' },
        steps: { 'apply/0': { result: 'converged', 'kubernetes-version': 'v1.32.3', cpu: '8' } },
        patches: [['production', { version: '1.32', resources: { ...LARGE, storage: '200Gi' } }]],
      },
    ],
  },
  {
    file: 'pull-request.yml',
    simulator: ['--cluster-version', '1.30'],
    runs: [
      {
        about: 'is red, with the plan as comment, where the change would be refused',
        event: 'pull_request',
        payload: pullRequest(REPOSITORY),
        jobs: { plan: 'failure' },
        steps: { 'plan/0': { result: 'failed', 'failure-reason': 'refused' } },
        comments: [['POST', /allow-version-skip/]],
        patches: [],
      },
    ],
  },
  {
    file: 'load-test.yml',
    clusters: ['staging'],
    runs: [
      {
        about: 'scales up, tests, and scales back',
        jobs: { test: 'success' },
        steps: {
          'test/up': { result: 'converged', cpu: '16', 'previous-cpu': '4' },
          'test/3': { result: 'converged', cpu: '4', memory: '16Gi' },
        },
        says: { 'test/2': 'testing https://staging.acme.kupe.cloud' },
        patches: [
          ['staging', { resources: HUGE }],
          ['staging', { resources: BEFORE }],
        ],
      },
    ],
  },
  {
    file: 'load-test.yml',
    clusters: ['staging'],
    scripts: { 'load-test.sh': `${SCRIPT}exit 3\n` },
    runs: [
      {
        about: 'scales back where the test failed, and stays red',
        jobs: { test: 'failure' },
        steps: { 'test/up': { result: 'converged' }, 'test/3': { result: 'converged', cpu: '4', memory: '16Gi' } },
        patches: [
          ['staging', { resources: HUGE }],
          ['staging', { resources: BEFORE }],
        ],
      },
      {
        about: 'does not scale back to the large values on a re-run',
        before: (world) => patchAsSomeoneElse(world, 'staging', { resources: HUGE }),
        jobs: { test: 'failure' },
        steps: { 'test/up': { result: 'unchanged', changed: 'false', 'previous-cpu': '16' } },
        patches: [],
      },
    ],
  },
  {
    file: 'release-pipeline.yml',
    clusters: ['production', 'staging'],
    runs: [
      {
        about: 'stops at once where production would refuse',
        inputs: { version: '1.33' },
        jobs: { plan: 'failure', tell: 'success' },
        steps: { 'plan/plan': { result: 'failed', 'failure-reason': 'refused' } },
        chat: ['Kubernetes 1.33: plan failure refused, staging skipped , test skipped, production skipped '],
        patches: [],
      },
      {
        about: 'upgrades staging, tests it, and upgrades production by the plan',
        jobs: { plan: 'success', staging: 'success', test: 'success', production: 'success' },
        steps: {
          'plan/plan': { result: 'planned' },
          'staging/upgrade': { result: 'converged', 'kubernetes-version': 'v1.32.3' },
          'production/upgrade': { result: 'converged', 'kubernetes-version': 'v1.32.3' },
        },
        says: { 'test/1': 'testing https://staging.acme.kupe.cloud' },
        check: ({ steps }) => sameDigest(steps['plan/plan'], steps['production/upgrade']),
        patches: [
          ['staging', UP],
          ['production', UP],
        ],
      },
    ],
  },
  {
    file: 'release-pipeline.yml',
    clusters: ['production', 'staging'],
    scripts: { 'smoke-test.sh': `${SCRIPT}exit 1\n` },
    runs: [
      {
        about: 'leaves production alone where the test failed, and tells the team',
        jobs: { plan: 'success', staging: 'success', test: 'failure', tell: 'success' },
        steps: { 'staging/upgrade': { result: 'converged' } },
        chat: ['Kubernetes 1.32: plan success , staging success , test failure, production skipped '],
        patches: [['staging', UP]],
      },
    ],
  },
  {
    file: 'release-pipeline.yml',
    clusters: ['production', 'staging'],
    scripts: { 'smoke-test.sh': SCRIPT_AND_SOMEONE_ELSE },
    runs: [
      {
        about: 'sends nothing to production where the plan is no longer the approved one',
        jobs: { plan: 'success', staging: 'success', test: 'success', production: 'failure', tell: 'success' },
        steps: { 'production/upgrade': { result: 'failed', 'failure-reason': 'plan-changed', changed: 'false' } },
        chat: ['Kubernetes 1.32: plan success , staging success , test success, production failure plan-changed'],
        patches: [
          ['staging', UP],
          ['production', { version: '1.30' }],
        ],
      },
    ],
  },
  {
    file: 'release-pipeline.yml',
    clusters: ['production', 'staging'],
    simulator: ['--fate', 'rolled-back'],
    runs: [
      {
        about: 'goes no further where staging rolls back',
        jobs: { plan: 'success', staging: 'failure', tell: 'success' },
        steps: { 'staging/upgrade': { result: 'failed', 'failure-reason': 'rolled-back', changed: 'true' } },
        chat: ['Kubernetes 1.32: plan success , staging failure rolled-back, test skipped, production skipped '],
        patches: [['staging', UP]],
      },
    ],
  },
  {
    file: 'call-upgrade-fleet.yml',
    reusable: ['upgrade-fleet.yml'],
    clusters: FLEET,
    runs: [
      {
        about: 'upgrades the canary, then the others, two at a time',
        jobs: {
          canary: 'success',
          'others production': 'success',
          'others analytics': 'success',
          'others archive': 'success',
          after: 'success',
        },
        steps: Object.fromEntries(
          ['canary/upgrade', 'others production/0', 'others analytics/0', 'others archive/0'].map((step) => [
            step,
            { result: 'converged', 'kubernetes-version': 'v1.32.3' },
          ]),
        ),
        says: { 'after/0': 'The clusters run v1.32.3' },
        check: ({ requests }) => canaryFirst(requests, 2),
        patches: FLEET.map((cluster) => [cluster, UP]),
      },
    ],
  },
  {
    file: 'call-upgrade-fleet.yml',
    reusable: ['upgrade-fleet.yml'],
    clusters: FLEET,
    simulator: ['--fate', 'rolled-back'],
    runs: [
      {
        about: 'upgrades no other where the canary rolls back',
        jobs: { canary: 'failure' },
        steps: { 'canary/upgrade': { result: 'failed', 'failure-reason': 'rolled-back' } },
        patches: [['staging', UP]],
      },
    ],
  },
  {
    file: 'call-upgrade-fleet.yml',
    reusable: ['upgrade-fleet.yml'],
    clusters: FLEET,
    simulator: ['--fate', 'ok', '--fate', 'rolled-back'],
    runs: [
      {
        about: 'goes on with the others where one of them rolls back, and is red',
        check: ({ isGreen, steps }) => [
          ...(isGreen ? ['the run is green'] : []),
          ...differences(
            'results',
            FLEET.slice(1)
              .map((cluster) => steps[`others ${cluster}/0`]?.outputs.result)
              .sort(),
            ['converged', 'converged', 'failed'],
          ),
        ],
        patches: FLEET.map((cluster) => [cluster, UP]),
      },
    ],
  },
]

const problems = []
checkThatAllAreRun()
const waiting = [...STORIES]
const startMs = performance.now()
let runs = 0
await Promise.all(Array.from({ length: AT_ONCE }, work))
for (const problem of problems) console.error(problem)
const took = `${((performance.now() - startMs) / 1000).toFixed(0)} s`
console.log(`examples:act: ${runs} runs in ${took}, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1

function checkThatAllAreRun() {
  const known = STORIES.flatMap(({ file, reusable = [] }) => [file, ...reusable])
  const files = readdirSync(join(root, 'examples')).filter((name) => /\.ya?ml$/.test(name))
  for (const file of files.filter((name) => !known.includes(name))) problems.push(`examples/${file} is not run`)
}

async function work() {
  for (let story = waiting.shift(); story !== undefined; story = waiting.shift()) {
    try {
      await tell(story)
    } catch (error) {
      problems.push(`${story.file}: ${error.stack}`)
    }
  }
}

/** Runs all of a story on one simulator, beside one GitHub and one chat. */
async function tell({ file, reusable = [], clusters = ['production'], simulator: options = [], scripts = {}, runs }) {
  const simulator = await startSimulator(...SIMULATOR, ...clusters.flatMap((name) => ['--cluster', name]), ...options)
  const neighbours = await startNeighbours()
  const place = makeRepository({
    workflows: [`examples/${file}`],
    reusable: reusable.map((name) => `examples/${name}`),
    scripts: { 'load-test.sh': SCRIPT, 'smoke-test.sh': SCRIPT, ...scripts },
  })
  try {
    for (const run of runs) await play(file, run, { simulator, neighbours, place })
  } finally {
    await Promise.all([simulator.stop(), neighbours.stop()])
  }
}

async function play(file, run, world) {
  const { simulator, neighbours, place } = world
  await run.before?.(world)
  const [requestsBefore, sentBefore] = [simulator.requests().length, neighbours.sent.length]
  const event = run.event ?? 'workflow_dispatch'
  const result = await runAct(place, {
    workflow: file,
    event,
    payload: run.payload ?? { inputs: run.inputs ?? {} },
    secrets: {
      KUPE_API_KEY: simulator.adminKey,
      KUPE_READONLY_API_KEY: simulator.readonlyKey,
      CHAT_WEBHOOK: `${neighbours.url}/chat`,
      GITHUB_TOKEN: TOKEN,
    },
    env: {
      KUPE_API_URL: simulator.url,
      GITHUB_API_URL: neighbours.url,
      SOMEONE_ELSES_KEY: simulator.adminKey,
      ...(run.at === undefined ? {} : clockAt(run.at, place.home)),
    },
  })
  const requests = simulator.requests().slice(requestsBefore)
  const sent = neighbours.sent.slice(sentBefore)
  const found = judge(run, { ...result, requests, sent })
  const title = `${file} (${event}) ${run.about}`
  console.log(`${found.length === 0 ? 'ok   ' : 'FAIL '} ${title}`)
  if (found.length > 0) problems.push([title, ...found, ...readable(result)].join('\n  '))
  runs += 1
}

/** What is not as it should be. */
function judge(run, { isGreen, jobs, steps, requests, sent, other }) {
  const patches = requests.filter(({ method }) => method === 'PATCH')
  const chat = sent.filter(({ path }) => path === '/chat').map(({ body }) => body.text)
  const comments = sent.filter(({ path, method }) => path !== '/chat' && method !== 'GET')
  const shouldBeGreen = run.jobs !== undefined && !Object.values(run.jobs).includes('failure')
  return [
    ...differences('jobs', run.jobs === undefined ? undefined : jobs, run.jobs),
    ...(run.jobs !== undefined && isGreen !== shouldBeGreen
      ? [`the run is ${isGreen ? 'green' : 'red'}: ${other}`]
      : []),
    ...Object.entries(run.steps ?? {}).flatMap(([name, expected]) => stepFaults(name, steps[name], expected)),
    ...Object.entries(steps).flatMap(([name, step]) => actionFaults(name, step)),
    ...Object.entries(run.says ?? {}).flatMap(([name, text]) =>
      steps[name]?.lines.some((line) => line.trim() === text) ? [] : [`${name} does not say "${text}"`],
    ),
    ...differences(
      'patches',
      byCluster(patches.map(({ cluster, body }) => [cluster, JSON.parse(body)])),
      byCluster(run.patches),
    ),
    ...differences('requests', run.reads === 0 ? requests : [], []),
    ...differences(
      'chat',
      chat.map((text) => text.trim()),
      (run.chat ?? []).map((text) => text.trim()),
    ),
    ...commentFaults(comments, run.comments ?? []),
    ...(run.check?.({ isGreen, steps, requests }) ?? []),
  ]
}

function stepFaults(name, step, expected) {
  if (step === undefined) return [`${name} did not run`]
  return Object.entries(expected).flatMap(([output, value]) =>
    differences(`${name}, ${output}`, step.outputs[output], value),
  )
}

/** What holds for every step of the action: its outputs are all there, and so is the summary; red has one error. */
function actionFaults(name, { outputs, summary, lines, result }) {
  if (outputs.result === undefined) return []
  const errors = lines.filter((line) => line.startsWith('::error'))
  return [
    ...differences(`${name}, outputs`, Object.keys(outputs).length, OUTPUTS),
    ...(summary.startsWith('## ') ? [] : [`${name} wrote no summary`]),
    ...differences(`${name}, errors`, errors.length, result === 'failure' ? 1 : 0),
  ]
}

function commentFaults(comments, expected) {
  const methods = comments.map(({ method }) => method)
  return [
    ...differences(
      'comments',
      methods,
      expected.map(([method]) => method),
    ),
    ...comments.filter(({ token }) => token !== `token ${TOKEN}`).map(({ token }) => `a comment came with "${token}"`),
    ...expected.flatMap(([, text], index) =>
      text.test(comments[index]?.body.body ?? '') ? [] : [`the comment lacks ${text}`],
    ),
  ]
}

function differences(what, found, expected) {
  if (isDeepStrictEqual(found, expected)) return []
  return [`${what}: ${JSON.stringify(found)}, and not ${JSON.stringify(expected)}`]
}

function sameDigest(one, other) {
  return differences('plan-digest', one?.outputs['plan-digest'], other?.outputs['plan-digest'])
}

/** Sent to each cluster, in order; between clusters the order may be any. */
function byCluster(patches) {
  return patches.reduce((all, [cluster, body]) => ({ ...all, [cluster]: [...(all[cluster] ?? []), body] }), {})
}

/** No other cluster is touched before the canary is done, and never more than `most` are under way at once. */
function canaryFirst(requests, most) {
  const names = requests.map(({ cluster }) => cluster)
  const spans = FLEET.map((name) => ({ name, from: names.indexOf(name), to: names.lastIndexOf(name) }))
  const [canary, ...others] = spans
  const early = others.filter(({ from }) => from < canary.to).map(({ name }) => `${name} did not wait for the canary`)
  const crowds = names.map((_, index) => spans.filter(({ from, to }) => from <= index && index <= to).length)
  return [...early, ...differences('at once', Math.max(...crowds), most)]
}

function readable({ steps, other }) {
  return [
    ...Object.entries(steps).flatMap(([name, { lines }]) => lines.map((line) => `| ${name}: ${line.trimEnd()}`)),
    ...other,
  ]
}

/** A wall clock that starts at this moment, for node; the action's own waiting does not go by the wall clock. */
function clockAt(moment, home) {
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

function pullRequest(from) {
  const head = { ref: 'larger', sha: '0'.repeat(40), repo: { full_name: from } }
  return { action: 'opened', number: 7, pull_request: { number: 7, head, base: { ref: 'main' } } }
}

async function patchAsSomeoneElse({ simulator }, cluster, body) {
  const answer = await fetch(`${simulator.url}/api/v1/tenants/${simulator.tenant}/clusters/${cluster}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${simulator.adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${cluster}: ${answer.status} ${await answer.text()}`)
}

/** As much of GitHub as comments need, and a chat; `sent` is all they were sent. */
async function startNeighbours() {
  const [sent, comments] = [[], []]
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const { method, url, headers } = request
    const [path] = url.split('?')
    const body = text === '' ? undefined : JSON.parse(text)
    sent.push({ method, path, body, token: headers.authorization })
    if (method === 'POST') comments.push({ id: comments.length + 1, body: body.body ?? '' })
    const isRead = method === 'GET'
    response.writeHead(isRead ? 200 : 201, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isRead ? comments : {}))
  })
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${server.address().port}`, sent, stop }
}
