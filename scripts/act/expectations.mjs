// What each example is put through, on which event and against which simulator, and what must come of it.
import { canaryFirst, didNotRun, redWithResults, sameDigest } from './checks.mjs'
import { REPOSITORY } from './engine.mjs'
import { RECIPES } from './recipe-expectations.mjs'
import {
  mergedPullRequest,
  patchBySomeoneElse,
  pullRequest,
  TEST_SCRIPT,
  TEST_SCRIPT_DURING_DOWNGRADE,
} from './setup.mjs'

const UP = { version: '1.32' }
const DAY = '2026-01-14'
const SUMMER_DAY = '2026-07-15'
const MORNING = { schedule: '17,47 6 * * 1-5' }
const EVENING = { schedule: '17,47 19 * * 1-5' }
/** Whether anybody has pressed the button of schedule.yml today, and how it asks. */
const NOBODY = { 'run list': [] }
const SOMEBODY = { 'run list': [{ databaseId: 4711 }] }
const ASKED =
  /^github\.token acme\/shop gh run list --workflow schedule\.yml --event workflow_dispatch --created >=\d{4}-\d\d-\d\dT00:00:00\+0[01]:00 --json databaseId --jq length > 0$/
const LARGE = { cpu: '8', memory: '32Gi', storage: '100Gi' }
const SMALL = { cpu: '2', memory: '8Gi', storage: '100Gi' }
const HUGE = { cpu: '16', memory: '64Gi', storage: '100Gi' }
const BEFORE = { cpu: '4', memory: '16Gi', storage: '100Gi' }
const MERGE = { ref: 'refs/heads/main' }
const FLEET = ['staging', 'production', 'analytics', 'archive']

/**
 * The runs of one entry follow each other on the same simulator. `jobs` are those that must have run, `steps` some outputs of
 * the action's steps, `says` what other steps must have written, `patches` all that must have been sent, in order, and
 * `chat` the messages that must have been sent, `calls` those of the programs in programs.mjs, and `check` is for what these
 * cannot say. `about` completes a sentence that begins with the example.
 */
export const EXPECTATIONS = [
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
        about: 'asks for something where the form is left empty',
        inputs: { cpu: '', memory: '', storage: '' },
        jobs: { scale: 'failure' },
        steps: { 'scale/0': { result: 'failed', 'failure-reason': 'invalid-input' } },
        reads: 0,
        patches: [],
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
        check: sameDigest('plan/plan', 'apply/0'),
        patches: [['production', UP]],
      },
      {
        about: 'asks nobody where nothing would change',
        jobs: { plan: 'success' },
        steps: { 'plan/plan': { result: 'planned', 'would-change': 'false' } },
        check: didNotRun('apply/0'),
        patches: [],
      },
    ],
  },
  {
    file: 'try-it.yml',
    port: '8080',
    runs: [
      {
        about: 'scales, upgrades and refuses on a simulator of its own',
        event: 'push',
        payload: { ref: 'refs/heads/main' },
        jobs: { try: 'success' },
        steps: {
          'try/2': { result: 'converged', cpu: '8', memory: '32Gi', evidence: 'generation' },
          'try/3': { result: 'converged', 'kubernetes-version': 'v1.32.3' },
          'try/downgrade': { result: 'failed', 'failure-reason': 'refused', changed: 'false' },
        },
        patches: [],
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
          'upgrade/start': { result: 'accepted', changed: 'true', evidence: '' },
          'upgrade/2': { result: 'converged', changed: 'false', 'kubernetes-version': 'v1.32.3' },
        },
        says: { 'upgrade/1': 'A build, a test, whatever takes its time' },
        patches: [['production', UP]],
      },
    ],
  },
  {
    file: 'start-and-verify.yml',
    simulator: ['--fate', 'rolled-back', '--upgrade', '6s'],
    runs: [
      {
        about: 'is red in the end where the upgrade is rolled back',
        jobs: { upgrade: 'failure' },
        steps: {
          'upgrade/start': { result: 'accepted', changed: 'true' },
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
        answers: NOBODY,
        jobs: { ask: 'success', large: 'success' },
        steps: { 'large/0': { result: 'skipped', changed: 'false' } },
        calls: [ASKED],
        reads: 0,
        patches: [],
      },
      {
        about: 'is large on a winter morning',
        event: 'schedule',
        payload: MORNING,
        at: `${DAY}T06:17:00Z`,
        answers: NOBODY,
        jobs: { ask: 'success', large: 'success' },
        steps: { 'large/0': { result: 'converged', cpu: '8' } },
        calls: [ASKED],
        patches: [['production', { resources: LARGE }]],
      },
      {
        about: 'finds nothing to do half an hour later',
        event: 'schedule',
        payload: MORNING,
        at: `${DAY}T06:47:00Z`,
        answers: NOBODY,
        jobs: { ask: 'success', large: 'success' },
        steps: { 'large/0': { result: 'unchanged' } },
        calls: [ASKED],
        patches: [],
      },
      {
        about: 'stays large on an evening that is frozen',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T18:47:00Z`,
        answers: NOBODY,
        variables: { KUPE_FREEZE_DATES: `2026-12-24..2027-01-02, ${SUMMER_DAY}` },
        jobs: { ask: 'success', small: 'success' },
        steps: { 'small/0': { result: 'skipped', changed: 'false' } },
        calls: [ASKED],
        reads: 0,
        patches: [],
      },
      {
        about: 'is not moved by an evening that comes past midnight, where no day is frozen any more',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T23:30:00Z`,
        answers: NOBODY,
        variables: { KUPE_FREEZE_DATES: SUMMER_DAY },
        jobs: { ask: 'success', small: 'success' },
        steps: { 'small/0': { result: 'skipped' } },
        calls: [ASKED],
        reads: 0,
        patches: [],
      },
      {
        about: 'stays large where somebody has pressed the button today',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T18:47:00Z`,
        answers: SOMEBODY,
        jobs: { ask: 'success' },
        steps: {},
        check: didNotRun('small/0'),
        calls: [ASKED],
        reads: 0,
        patches: [],
      },
      {
        about: 'does nothing where GitHub does not say whether anybody has',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T18:47:00Z`,
        jobs: { ask: 'failure' },
        steps: {},
        check: didNotRun('small/0'),
        calls: [ASKED],
        reads: 0,
        patches: [],
      },
      {
        about: 'is small on a summer evening, 18:30 in UTC being 19:30 in London',
        event: 'schedule',
        payload: EVENING,
        at: `${SUMMER_DAY}T18:30:00Z`,
        answers: NOBODY,
        jobs: { ask: 'success', small: 'success' },
        steps: { 'small/0': { result: 'converged', cpu: '2' } },
        calls: [ASKED],
        patches: [['production', { resources: SMALL }]],
      },
      {
        about: 'is large by hand at any time, on frozen days too, and asks nobody',
        inputs: { size: 'large' },
        at: `${DAY}T23:00:00Z`,
        variables: { KUPE_FREEZE_DATES: DAY },
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
        about: 'does nothing for Dependabot, which has none either',
        event: 'pull_request',
        payload: pullRequest(REPOSITORY, 'dependabot[bot]'),
        jobs: {},
        steps: {},
        reads: 0,
        patches: [],
      },
      {
        about: 'applies what the merged pull request showed, and says there how that ended',
        before: mergedPullRequest,
        event: 'push',
        payload: MERGE,
        jobs: { apply: 'success' },
        steps: { 'apply/0': { result: 'converged', 'kubernetes-version': 'v1.32.3', cpu: '8' } },
        comments: [['POST', /runs 1\.32, scaled/]],
        patches: [['production', { version: '1.32', resources: { ...LARGE, storage: '200Gi' } }]],
      },
      {
        about: 'finds nothing to do at the next merge, and keeps to that comment',
        event: 'push',
        payload: MERGE,
        jobs: { apply: 'success' },
        steps: { 'apply/0': { result: 'unchanged' } },
        comments: [['PATCH', /already is as asked/]],
        patches: [],
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
        steps: { 'plan/0': { result: 'planned' } },
        comments: [['POST', /cpu 4 → 8/]],
        patches: [],
      },
      {
        about: 'sends nothing where someone resized the cluster between review and merge',
        before: async (simulator, github) => {
          await patchBySomeoneElse('production', { resources: HUGE })(simulator)
          mergedPullRequest(simulator, github)
        },
        event: 'push',
        payload: MERGE,
        jobs: { apply: 'failure' },
        steps: { 'apply/0': { result: 'failed', 'failure-reason': 'plan-changed', changed: 'false', cpu: '16' } },
        comments: [['POST', /the plan is no longer the one approved/]],
        patches: [],
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
          'test/3': { result: 'accepted', cpu: '4', memory: '16Gi' },
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
    scripts: { 'load-test.sh': `${TEST_SCRIPT}exit 3\n` },
    runs: [
      {
        about: 'scales back where the test failed, and stays red',
        jobs: { test: 'failure' },
        steps: { 'test/up': { result: 'converged' }, 'test/3': { result: 'accepted', cpu: '4', memory: '16Gi' } },
        patches: [
          ['staging', { resources: HUGE }],
          ['staging', { resources: BEFORE }],
        ],
      },
      {
        about: 'does not scale back to the large values on a re-run',
        before: patchBySomeoneElse('staging', { resources: HUGE }),
        jobs: { test: 'failure' },
        steps: { 'test/up': { result: 'unchanged', changed: 'false', 'previous-cpu': '16' } },
        check: didNotRun('test/3'),
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
        chat: [
          /^Kubernetes 1\.33 has not come to production\. acme\/production: stopped by a safety rule.*\/actions\/runs\/\d+$/s,
        ],
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
        check: sameDigest('plan/plan', 'production/upgrade'),
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
    scripts: { 'smoke-test.sh': `${TEST_SCRIPT}exit 1\n` },
    runs: [
      {
        about: 'leaves production alone where the test failed, and tells the team',
        jobs: { plan: 'success', staging: 'success', test: 'failure', tell: 'success' },
        steps: { 'staging/upgrade': { result: 'converged' } },
        chat: [/to production\. The test of staging failed\. http/],
        patches: [['staging', UP]],
      },
    ],
  },
  {
    file: 'release-pipeline.yml',
    clusters: ['production', 'staging'],
    // Long enough for production to be read before the other change begins to show in more than the desired version.
    simulator: ['--upgrade-start', '6s'],
    scripts: { 'smoke-test.sh': TEST_SCRIPT_DURING_DOWNGRADE },
    runs: [
      {
        about: 'sends nothing to production where the plan is no longer the approved one',
        jobs: { plan: 'success', staging: 'success', test: 'success', production: 'failure', tell: 'success' },
        steps: { 'production/upgrade': { result: 'failed', 'failure-reason': 'plan-changed', changed: 'false' } },
        chat: [/to production\. acme\/production: the plan is no longer the one approved/],
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
    simulator: ['--fate', 'rolled-back', '--upgrade', '6s'],
    runs: [
      {
        about: 'goes no further where staging rolls back',
        jobs: { plan: 'success', staging: 'failure', tell: 'success' },
        steps: { 'staging/upgrade': { result: 'failed', 'failure-reason': 'rolled-back', changed: 'true' } },
        chat: [/to production\. acme\/staging: the upgrade to 1\.32 was taken back/],
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
        says: { 'after/0': 'All clusters are upgraded; the canary runs v1.32.3' },
        check: canaryFirst(FLEET, 2),
        patches: FLEET.map((cluster) => [cluster, UP]),
      },
    ],
  },
  {
    file: 'call-upgrade-fleet.yml',
    reusable: ['upgrade-fleet.yml'],
    clusters: FLEET,
    simulator: ['--fate', 'rolled-back', '--upgrade', '6s'],
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
    simulator: ['--fate', 'ok', '--fate', 'rolled-back', '--upgrade', '6s'],
    runs: [
      {
        about: 'goes on with the others where one of them rolls back, and is red',
        check: redWithResults(
          FLEET.slice(1).map((cluster) => `others ${cluster}/0`),
          ['converged', 'converged', 'failed'],
        ),
        patches: FLEET.map((cluster) => [cluster, UP]),
      },
    ],
  },
  ...RECIPES,
]
