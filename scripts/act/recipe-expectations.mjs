// What the recipes around the clock and around money are put through, in the form of expectations.mjs.
import { didNotRun, redWithResults } from './checks.mjs'
import { patchBySomeoneElse } from './setup.mjs'

const DAY = '2026-01-14'
const UP = { version: '1.32' }
const HOLIDAYS = { KUPE_FREEZE_DATES: '2026-12-24..2027-01-02, 2027-03-26..2027-03-29' }
const RATES = { KUPE_HOURLY_RATES: 'cpu=0.03, memory=0.006, storage=0.000116, currency=GBP' }
const TEAM = ['analytics', 'staging', 'sandbox']
const manifest = (version) => ({
  'manifests/flow.yaml': `apiVersion: flowcontrol.apiserver.k8s.io/${version}\nkind: FlowSchema\nmetadata:\n  name: fair\n`,
})
const hoursAgo = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString().replace(/\.\d+/, '')

const LIST_VARIABLES = /^variables-token acme\/shop gh variable list --json name,value --jq /
const LIST_ISSUES =
  /^github\.token acme\/shop gh issue list --state open --search in:title "acme\/production is not what is written down" --json number --jq length$/
const LAST_RUN =
  /^watch-token acme\/infrastructure gh run list --workflow schedule\.yml --event schedule --limit 1 --json createdAt --jq /

export const RECIPES = [
  {
    file: 'keep-large-tonight.yml',
    runs: [
      {
        about: 'freezes today where no day is frozen yet',
        answers: { 'variable list': [{ name: 'OTHER', value: '2020-01-01' }], 'variable set': '' },
        jobs: { freeze: 'success' },
        calls: [
          LIST_VARIABLES,
          /^variables-token acme\/shop gh variable set KUPE_FREEZE_DATES --body \d{4}-\d\d-\d\d$/,
        ],
        patches: [],
      },
      {
        about: 'keeps the days that are',
        answers: {
          'variable list': [{ name: 'KUPE_FREEZE_DATES', value: '2026-12-24..2027-01-02' }],
          'variable set': '',
        },
        jobs: { freeze: 'success' },
        calls: [LIST_VARIABLES, / set KUPE_FREEZE_DATES --body 2026-12-24\.\.2027-01-02, \d{4}-\d\d-\d\d$/],
        patches: [],
      },
      {
        about: 'takes a variable that says none for none',
        answers: { 'variable list': [{ name: 'KUPE_FREEZE_DATES', value: 'none' }], 'variable set': '' },
        jobs: { freeze: 'success' },
        calls: [LIST_VARIABLES, / set KUPE_FREEZE_DATES --body \d{4}-\d\d-\d\d$/],
        patches: [],
      },
      {
        about: 'forgets no day where GitHub does not say which there are',
        answers: { 'variable set': '' },
        jobs: { freeze: 'failure' },
        calls: [LIST_VARIABLES],
        patches: [],
      },
    ],
  },
  {
    file: 'holidays.yml',
    runs: [
      {
        about: 'sends nothing over the holidays, and is red',
        at: '2026-12-24T12:00:00Z',
        variables: HOLIDAYS,
        jobs: { upgrade: 'failure' },
        steps: { 'upgrade/upgrade': { result: 'skipped', changed: 'false' } },
        reads: 0,
        patches: [],
      },
      {
        about: 'upgrades over the holidays in an emergency',
        at: '2026-12-24T12:00:00Z',
        inputs: { version: '1.32', emergency: 'true' },
        variables: HOLIDAYS,
        jobs: { upgrade: 'success' },
        steps: { 'upgrade/upgrade': { result: 'converged' } },
        check: didNotRun('upgrade/1'),
        patches: [['production', UP]],
      },
    ],
  },
  {
    file: 'holidays.yml',
    runs: [
      {
        about: 'upgrades until the last minute before them',
        at: '2027-03-25T23:59:00Z',
        variables: HOLIDAYS,
        jobs: { upgrade: 'success' },
        steps: { 'upgrade/upgrade': { result: 'converged' } },
        patches: [['production', UP]],
      },
      {
        about: 'is fine without the variable',
        jobs: { upgrade: 'success' },
        steps: { 'upgrade/upgrade': { result: 'unchanged' } },
        patches: [],
      },
    ],
  },
  {
    file: 'drift.yml',
    runs: [
      {
        about: 'opens an issue where production differs, and is red',
        event: 'schedule',
        payload: { schedule: '23 5 * * *' },
        answers: { 'issue list': [], 'issue create': '' },
        jobs: { compare: 'failure' },
        steps: { 'compare/plan': { result: 'planned', 'would-change': 'true' } },
        calls: [
          LIST_ISSUES,
          /^github\.token acme\/shop gh issue create --title acme\/production is not what is written down --body Plan for acme\/production: version 1\.31 → 1\.32, cpu 4 → 8.* https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+$/,
        ],
        patches: [],
      },
      {
        about: 'opens no second one, and stays red',
        event: 'schedule',
        payload: { schedule: '23 5 * * *' },
        answers: { 'issue list': [{ number: 7 }] },
        jobs: { compare: 'failure' },
        steps: { 'compare/plan': { 'would-change': 'true' } },
        calls: [LIST_ISSUES],
        patches: [],
      },
    ],
  },
  {
    file: 'drift.yml',
    simulator: ['--cluster-version', '1.33'],
    runs: [
      {
        about: 'says so too where the way back would be refused',
        event: 'schedule',
        payload: { schedule: '23 5 * * *' },
        answers: { 'issue list': [], 'issue create': '' },
        jobs: { compare: 'failure' },
        steps: { 'compare/plan': { result: 'failed', 'failure-reason': 'refused', 'would-change': 'true' } },
        calls: [LIST_ISSUES, / --body acme\/production: stopped by a safety rule\./],
        patches: [],
      },
    ],
  },
  {
    file: 'drift.yml',
    simulator: ['--cluster-version', '1.32'],
    runs: [
      {
        about: 'is green and silent where nothing differs',
        event: 'schedule',
        payload: { schedule: '23 5 * * *' },
        before: patchBySomeoneElse('production', { resources: { cpu: '8', memory: '32Gi' } }),
        jobs: { compare: 'success' },
        steps: { 'compare/plan': { result: 'planned', 'would-change': 'false' } },
        patches: [],
      },
    ],
  },
  {
    file: 'check-later.yml',
    runs: [
      {
        about: 'is green where the cluster is settled',
        event: 'workflow_run',
        payload: { action: 'completed', workflow_run: { name: 'Upgrade a cluster', conclusion: 'success' } },
        jobs: { verify: 'success' },
        steps: { 'verify/0': { result: 'converged', changed: 'false' } },
        patches: [],
      },
    ],
  },
  {
    file: 'check-later.yml',
    simulator: ['--upgrade', '4s'],
    runs: [
      {
        about: 'sees an upgrade through that a red run left under way',
        event: 'workflow_run',
        payload: { action: 'completed', workflow_run: { name: 'Upgrade a cluster', conclusion: 'failure' } },
        before: patchBySomeoneElse('production', UP),
        jobs: { verify: 'success' },
        steps: { 'verify/0': { result: 'converged', changed: 'false', 'kubernetes-version': 'v1.32.3' } },
        patches: [],
      },
    ],
  },
  {
    file: 'check-later.yml',
    simulator: ['--fate', 'degraded', '--scale', '300ms'],
    runs: [
      {
        about: 'is red where the cluster has fallen ill since',
        event: 'workflow_run',
        payload: { action: 'completed', workflow_run: { name: 'Upgrade a cluster', conclusion: 'success' } },
        before: patchBySomeoneElse('production', UP),
        jobs: { verify: 'failure' },
        steps: { 'verify/0': { result: 'failed', 'failure-reason': 'degraded', changed: 'false' } },
        patches: [],
      },
    ],
  },
  {
    file: 'chat-when-red.yml',
    clusters: ['staging'],
    runs: [
      {
        about: 'is silent where it went well',
        event: 'schedule',
        payload: { schedule: '17 21 * * *' },
        jobs: { small: 'success' },
        steps: { 'small/small': { result: 'converged', cpu: '2' } },
        chat: [],
        patches: [['staging', { resources: { cpu: '2', memory: '8Gi', storage: '100Gi' } }]],
      },
    ],
  },
  {
    file: 'chat-when-red.yml',
    clusters: ['production'],
    runs: [
      {
        about: 'tells the chat what happened and what to do',
        event: 'schedule',
        payload: { schedule: '17 21 * * *' },
        jobs: { small: 'failure' },
        steps: { 'small/small': { 'failure-reason': 'not-found' } },
        chat: [
          /^acme\/staging: there is no such cluster\. .*Sent by this run: nothing\. Check tenant and cluster.* https:\/\/github\.com\/acme\/shop\/actions\/runs\/\d+$/,
        ],
        patches: [],
      },
    ],
  },
  {
    file: 'watch-schedules.yml',
    runs: [
      {
        about: 'is green where the schedule ran last evening',
        event: 'schedule',
        payload: { schedule: '41 8 * * 1-5' },
        answers: { 'run list': [{ createdAt: hoursAgo(13) }] },
        jobs: { watch: 'success' },
        says: { 'watch/0': 'schedule.yml of acme/infrastructure was last started by its schedule 13 hours ago' },
        calls: [LAST_RUN],
        patches: [],
      },
      {
        about: 'is red where it has not run since last week, on a push as well',
        event: 'push',
        payload: { ref: 'refs/heads/main' },
        answers: { 'run list': [{ createdAt: hoursAgo(170) }] },
        jobs: { watch: 'failure' },
        calls: [LAST_RUN],
        patches: [],
      },
      {
        about: 'is red where it never ran',
        event: 'schedule',
        payload: { schedule: '41 8 * * 1-5' },
        answers: { 'run list': [] },
        jobs: { watch: 'failure' },
        calls: [LAST_RUN],
        patches: [],
      },
      {
        about: 'is red where GitHub does not say',
        event: 'schedule',
        payload: { schedule: '41 8 * * 1-5' },
        jobs: { watch: 'failure' },
        calls: [LAST_RUN],
        patches: [],
      },
    ],
  },
  {
    file: 'team-nightly.yml',
    clusters: TEAM,
    runs: [
      {
        about: 'makes all clusters small, and has one summary of them',
        event: 'schedule',
        payload: { schedule: '37 20 * * *' },
        at: `${DAY}T20:37:00Z`,
        variables: HOLIDAYS,
        jobs: { 'small analytics': 'success', 'small staging': 'success', 'small sandbox': 'success', all: 'success' },
        steps: Object.fromEntries(TEAM.map((cluster) => [`small ${cluster}/small`, { result: 'converged', cpu: '1' }])),
        withoutSummaries: true,
        // Of the outputs of a matrix act keeps those of one job; which one is chance.
        summaries: {
          'all/0':
            /^(?=[\s\S]*: acme\/\w+ scaled: cpu 4 → 1, memory 16Gi → 4Gi\.)(- \*\*(analytics|sandbox|staging)\*\*: .*\n){3}$/,
        },
        patches: TEAM.map((cluster) => [cluster, { resources: { cpu: '1', memory: '4Gi', storage: '100Gi' } }]),
      },
    ],
  },
  {
    file: 'team-nightly.yml',
    clusters: ['analytics', 'sandbox'],
    runs: [
      {
        about: 'is red with all the others done where one fails',
        withoutSummaries: true,
        check: redWithResults(
          TEAM.map((cluster) => `small ${cluster}/small`),
          ['converged', 'converged', 'failed'],
        ),
        summaries: { 'all/0': /\*\*staging\*\*: / },
        patches: ['analytics', 'sandbox'].map((cluster) => [
          cluster,
          { resources: { cpu: '1', memory: '4Gi', storage: '100Gi' } },
        ]),
      },
    ],
  },
  {
    file: 'preflight.yml',
    scripts: manifest('v1beta3'),
    runs: [
      {
        about: 'does not upgrade where a manifest needs a removed API',
        jobs: { manifests: 'failure', plan: 'success' },
        steps: { 'plan/plan': { result: 'planned' } },
        calls: [
          /^go run github\.com\/fairwindsops\/pluto\/v5\/cmd\/pluto@v5\.24\.1 detect-files --directory manifests --only-show-removed --target-versions k8s=v1\.32 --output wide$/,
        ],
        patches: [],
      },
    ],
  },
  {
    file: 'preflight.yml',
    scripts: manifest('v1'),
    runs: [
      {
        about: 'upgrades where none does',
        jobs: { manifests: 'success', plan: 'success', upgrade: 'success' },
        steps: { 'upgrade/0': { result: 'converged', 'kubernetes-version': 'v1.32.3' } },
        calls: [/^go run /],
        patches: [['production', UP]],
      },
    ],
  },
  {
    file: 'costly-change.yml',
    runs: [
      {
        about: 'asks nobody where it costs little',
        inputs: { cpu: '8', memory: '' },
        variables: RATES,
        jobs: { plan: 'success', scale: 'success' },
        steps: {
          'plan/plan': { result: 'planned', 'hourly-cost-change': '0.12' },
          'scale/0': { result: 'converged', cpu: '8' },
        },
        patches: [['production', { resources: { cpu: '8', memory: '16Gi', storage: '100Gi' } }]],
      },
      {
        about: 'asks where it costs much',
        inputs: { cpu: '', memory: '64Gi' },
        variables: RATES,
        jobs: { plan: 'success', agree: 'success', scale: 'success' },
        steps: { 'plan/plan': { 'hourly-cost-change': '0.288' }, 'scale/0': { result: 'converged' } },
        says: { 'agree/0': 'Somebody agreed to 0.288 more an hour' },
        patches: [['production', { resources: { cpu: '8', memory: '64Gi', storage: '100Gi' } }]],
      },
      {
        about: 'asks nobody where it saves money',
        inputs: { cpu: '2', memory: '8Gi' },
        variables: RATES,
        jobs: { plan: 'success', scale: 'success' },
        steps: { 'plan/plan': { 'hourly-cost-change': '-0.516' } },
        patches: [['production', { resources: { cpu: '2', memory: '8Gi', storage: '100Gi' } }]],
      },
      {
        about: 'asks where the cost is not known',
        inputs: { cpu: '3', memory: '' },
        jobs: { plan: 'success', agree: 'success', scale: 'success' },
        steps: { 'plan/plan': { 'hourly-cost-change': '' }, 'scale/0': { result: 'converged' } },
        says: { 'agree/0': 'Somebody agreed to an unknown amount more an hour' },
        patches: [['production', { resources: { cpu: '3', memory: '8Gi', storage: '100Gi' } }]],
      },
      {
        about: 'scales nothing where the plan is red',
        inputs: { cpu: 'lots', memory: '' },
        variables: RATES,
        jobs: { plan: 'failure' },
        steps: { 'plan/plan': { 'failure-reason': 'invalid-input' } },
        patches: [],
      },
    ],
  },
]
