import type { FailureKind } from '../../src/domain/failure-reasons.js'
import type { AskedTask, Outcome, PhaseSpan, Result } from '../../src/domain/outcome.js'
import type { Plan } from '../../src/domain/plan.js'
import { type ClusterOverrides, RESOURCES, toCluster } from './clusters.js'
import { toFailedOutcome, toOutcome } from './outcomes.js'
import { toPlan } from './plans.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
/** When every one of these runs began. */
const START_MS = Date.UTC(2026, 10, 2, 3, 12, 5)

/** An ending that a run can have, by what is special about it. */
type Endings = Readonly<Record<string, Outcome>>

function toTask(overrides: Partial<AskedTask> = {}): AskedTask {
  return {
    mode: 'apply',
    wait: true,
    wanted: [],
    isEtagGiven: false,
    closedBy: [],
    timeoutMs: 30 * MINUTE,
    settleTimeMs: 30 * SECOND,
    degradedGraceMs: 5 * MINUTE,
    ...overrides,
  }
}

const SCALE = toTask({ wanted: [{ field: 'cpu', to: '8' }] })
const UPGRADE = toTask({ wanted: [{ field: 'version', to: '1.32' }], version: '1.32' })
const ALERTS = toTask({ wanted: [{ field: 'alerts.quota' }] })
const VERIFY = { mode: 'verify' } as const
const NO_WAIT = { wait: false } as const
const AT_NIGHT = { closedBy: ['only-between'] } as const

const SCALED = { resources: { ...RESOURCES, cpu: '8' }, generation: 8, observedGeneration: 8 }
const UPGRADED = { version: '1.32', kubernetesVersion: 'v1.32.3', generation: 8, observedGeneration: 8 }
const UPGRADING = { ...UPGRADED, phase: 'Upgrading', kubernetesVersion: 'v1.31.9' }
const UNHEALTHY = [
  { type: 'Ready', status: 'False', reason: 'ControlPlaneUnhealthy', message: '1 of 3 API servers answers' },
]

const TO_SCALE = toPlan({ cpu: '8' })
const TO_UPGRADE = toPlan({ version: '1.32' })
const TO_BOTH = toPlan({ version: '1.32', cpu: '8', memory: '32Gi' })
const NO_EDITS = toPlan({})

function alertPlan(count: number): Plan {
  const alerts = Object.fromEntries(Array.from({ length: count }, (_, index) => [`rule${index}`, 'on']))
  return toPlan({ alerts })
}

/** The phases of a run, each with how long it lasted. */
function toTimeline(...phases: readonly (readonly [phase: string, ms: number])[]): PhaseSpan[] {
  let fromMs = 0
  return phases.map(([phase, ms]) => {
    const span = { phase, fromMs, untilMs: fromMs + ms }
    fromMs += ms
    return span
  })
}

const SCALE_PHASES = toTimeline(['Running', 4 * SECOND], ['Provisioning', 2 * MINUTE], ['Running', 12 * SECOND])
const UPGRADE_PHASES = toTimeline(['Running', 4 * SECOND], ['Upgrading', 20 * MINUTE], ['Running', 24 * SECOND])

/** What such a run saw: the settled cluster at first, and this at its end. */
function seen(last: ClusterOverrides, atMs: number): Partial<Outcome> {
  return { first: toCluster(), last: toCluster(last), lastSeenWallMs: START_MS + atMs, isVersionReported: true }
}

/** A PATCH that was sent three seconds after the start. */
function sent(isCertain = true): Partial<Outcome> {
  return {
    changed: true,
    sent: { edits: [], wallMs: START_MS + 3 * SECOND, isCertain },
    ...(isCertain ? { requestId: '8f6b2c1e-0042', isPatchRequestId: true } : {}),
  }
}

/** What was sent is the plan. */
function withEdits({ sent, ...details }: Partial<Outcome>): Partial<Outcome> {
  return sent === undefined ? details : { ...details, sent: { ...sent, edits: details.plan?.edits ?? [] } }
}

function green(result: Result, durationMs: number, details: Partial<Outcome>): Outcome {
  return toOutcome({ result, startWallMs: START_MS, durationMs, message: '', task: SCALE, ...withEdits(details) })
}

function red(kind: FailureKind, durationMs: number, details: Partial<Outcome>): Outcome {
  return toFailedOutcome(kind, { startWallMs: START_MS, durationMs, task: SCALE, ...withEdits(details) })
}

const SCALE_MS = 2 * MINUTE + 16 * SECOND
const UPGRADE_MS = 20 * MINUTE + 28 * SECOND

const scaled = { ...seen(SCALED, SCALE_MS), ...sent(), plan: TO_SCALE, timeline: SCALE_PHASES }
const upgraded = { ...seen(UPGRADED, UPGRADE_MS), ...sent(), plan: TO_UPGRADE, task: UPGRADE, timeline: UPGRADE_PHASES }
const withNumbers = { evidence: ['generation', 'kubernetes-version'] } as const

/** Every ending there is, complete by type: each result that leaves a step green, and each way to fail. */
export const ENDINGS = {
  converged: {
    'a version': green('converged', UPGRADE_MS, { ...upgraded, ...withNumbers }),
    resources: green('converged', SCALE_MS, { ...scaled, evidence: ['generation'] }),
    both: green('converged', UPGRADE_MS, {
      ...upgraded,
      ...withNumbers,
      ...seen({ ...UPGRADED, resources: { ...RESOURCES, cpu: '8', memory: '32Gi' } }, UPGRADE_MS),
      plan: TO_BOTH,
    }),
    'alerts only': green('converged', 40 * SECOND, {
      ...seen({ generation: 8, observedGeneration: 8 }, 40 * SECOND),
      ...sent(),
      plan: alertPlan(3),
      task: ALERTS,
      evidence: ['settled'],
    }),
    'an answer that was lost': green('converged', SCALE_MS, { ...scaled, ...sent(false), evidence: ['generation'] }),
    'nothing sent, a version': green('converged', UPGRADE_MS, {
      ...seen(UPGRADED, UPGRADE_MS),
      task: { ...UPGRADE, ...VERIFY },
      timeline: UPGRADE_PHASES,
      ...withNumbers,
    }),
    'nothing sent, resources': green('converged', SCALE_MS, { ...seen(SCALED, SCALE_MS), plan: TO_SCALE }),
    'a running version that is never reported': green('converged', UPGRADE_MS, {
      ...upgraded,
      isVersionReported: false,
      last: toCluster({ ...UPGRADED, kubernetesVersion: undefined }),
      evidence: ['settled'],
    }),
    'nothing sent, and no running version': green('converged', UPGRADE_MS, {
      ...seen({ ...UPGRADED, kubernetesVersion: undefined }, UPGRADE_MS),
      isVersionReported: false,
      task: { ...UPGRADE, ...VERIFY },
      warnings: ['This API does not say which version runs'],
    }),
    'verify without inputs': green('converged', 48 * SECOND, { ...seen({}, 48 * SECOND), task: toTask(VERIFY) }),
    'a cluster that is not well': green('converged', SCALE_MS, {
      ...scaled,
      ...seen({ ...SCALED, conditions: UNHEALTHY }, SCALE_MS),
      warnings: ['Ready=False ControlPlaneUnhealthy: 1 of 3 API servers answers'],
    }),
  },
  unchanged: {
    'as asked': green('unchanged', SECOND, { ...seen(SCALED, SECOND), plan: NO_EDITS }),
    'a running version that is never reported': green('unchanged', 31 * SECOND, {
      ...seen({ ...UPGRADED, kubernetesVersion: undefined }, 31 * SECOND),
      isVersionReported: false,
      plan: NO_EDITS,
      task: UPGRADE,
    }),
  },
  planned: {
    'a change': green('planned', SECOND, { ...seen({}, SECOND), plan: TO_BOTH, task: UPGRADE }),
    'nothing to change': green('planned', SECOND, { ...seen(SCALED, SECOND), plan: NO_EDITS }),
    '3 alert settings': green('planned', SECOND, { ...seen({}, SECOND), plan: alertPlan(3), task: ALERTS }),
    '780 alert settings': green('planned', SECOND, { ...seen({}, SECOND), plan: alertPlan(780), task: ALERTS }),
  },
  skipped: {
    'outside its window': green('skipped', 0, {
      message: 'It is 10:14 in Europe/London, outside only-between 20:00-06:00',
    }),
    'a freeze': green('skipped', 0, {
      message: '2026-12-25 is in freeze-dates (2026-12-24..2027-01-02, in UTC)',
    }),
  },
  accepted: {
    sent: green('accepted', 4 * SECOND, {
      ...upgraded,
      ...seen(UPGRADING, 4 * SECOND),
      task: { ...UPGRADE, ...NO_WAIT },
      timeline: [],
    }),
    'an answer that was lost': green('accepted', 4 * SECOND, {
      ...seen(SCALED, 4 * SECOND),
      ...sent(false),
      plan: TO_SCALE,
      task: { ...SCALE, ...NO_WAIT },
    }),
    'nothing sent': green('accepted', SECOND, {
      ...seen(UPGRADING, SECOND),
      plan: NO_EDITS,
      task: { ...UPGRADE, ...NO_WAIT },
    }),
    'nothing sent, and nothing under way': green('accepted', SECOND, {
      ...seen({ ...SCALED, phase: 'Degraded' }, SECOND),
      plan: NO_EDITS,
      task: { ...SCALE, ...NO_WAIT },
    }),
  },
  'invalid-input': {
    one: red('invalid-input', 0, { problems: ['memory "32GB" is not a quantity: did you mean 32G or 32Gi?'] }),
    three: red('invalid-input', 0, {
      problems: [
        'memmory is not an input: did you mean memory?',
        'cpu "lots" is not a CPU quantity (example: "8", "1.5" or "500m")',
        'mode is empty: the expression that it comes from produced nothing',
      ],
    }),
  },
  refused: {
    one: red('refused', SECOND, {
      ...seen({}, SECOND),
      message: 'Not sent: storage 50Gi is less than the current 100Gi',
      plan: toPlan({ storage: '50Gi' }),
    }),
    several: red('refused', SECOND, {
      ...seen({}, SECOND),
      message: 'Not sent: version 1.30 is a downgrade from 1.31; cpu 64 is above max-cpu 16',
      plan: toPlan({ version: '1.30', cpu: '64' }, { guardrails: { max: { cpu: '16' } } }),
    }),
  },
  unauthorized: {
    'at the start': red('unauthorized', SECOND, {
      message: 'GET was answered 401: unauthorized',
      refused: 'read',
      requestId: '8f6b2c1e-0001',
    }),
    'after a read': red('unauthorized', SECOND, {
      ...seen({}, SECOND),
      message: 'PATCH was answered 401: key expired',
      refused: 'patch',
      plan: TO_SCALE,
      requestId: '8f6b2c1e-0002',
      isPatchRequestId: true,
    }),
    'after a lost answer': red('unauthorized', MINUTE, {
      ...seen({}, 50 * SECOND),
      ...sent(false),
      message: 'GET was answered 401: key revoked',
      refused: 'read',
      plan: TO_SCALE,
    }),
    'in the middle of the wait': red('unauthorized', 9 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 9 * MINUTE),
      message: 'GET was answered 401: key revoked',
      refused: 'read',
      requestId: '8f6b2c1e-0099',
      isPatchRequestId: false,
    }),
  },
  forbidden: {
    'a key that may only read': red('forbidden', SECOND, {
      ...seen({}, SECOND),
      message: 'PATCH was answered 403: access denied',
      refused: 'patch',
      plan: TO_SCALE,
      requestId: '8f6b2c1e-0002',
    }),
    'at the start': red('forbidden', SECOND, {
      message: 'GET was answered 403: not a member of this tenant',
      refused: 'read',
    }),
    'in the middle of the wait': red('forbidden', 9 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 8 * MINUTE + 30 * SECOND),
      message: 'GET was answered 403: access denied',
      refused: 'read',
      isWaiting: true,
    }),
    'without waiting': red('forbidden', MINUTE, {
      ...seen({}, 30 * SECOND),
      ...sent(),
      message: 'GET was answered 403: access denied',
      refused: 'read',
      plan: TO_SCALE,
      task: { ...SCALE, ...NO_WAIT },
      isWaiting: true,
    }),
    'a read before anything was sent': red('forbidden', 9 * MINUTE, {
      ...seen({ phase: 'Upgrading' }, 8 * MINUTE + 30 * SECOND),
      message: 'GET was answered 403: access denied',
      refused: 'read',
      plan: TO_SCALE,
    }),
    'while verify waited': red('forbidden', 9 * MINUTE, {
      ...seen(UPGRADING, 8 * MINUTE + 30 * SECOND),
      message: 'GET was answered 403: access denied',
      refused: 'read',
      task: { ...UPGRADE, ...VERIFY },
    }),
    'after a lost answer': red('forbidden', MINUTE, {
      ...seen({}, 50 * SECOND),
      ...sent(false),
      message: 'PATCH was answered 403: access denied',
      refused: 'patch',
      plan: TO_SCALE,
    }),
  },
  'not-found': {
    'at the start': red('not-found', SECOND, {
      message: 'GET was answered 404: cluster not found',
      refused: 'read',
      requestId: '8f6b2c1e-0001',
    }),
  },
  'gone-or-hidden': {
    'a PATCH after a read': red('gone-or-hidden', SECOND, {
      ...seen({}, SECOND),
      message: 'PATCH was answered 404: cluster not found',
      refused: 'patch',
      plan: TO_SCALE,
      requestId: '8f6b2c1e-0002',
      isPatchRequestId: true,
    }),
    'a PATCH after a lost answer': red('gone-or-hidden', MINUTE, {
      ...seen({}, 50 * SECOND),
      ...sent(false),
      message: 'PATCH was answered 404: cluster not found',
      refused: 'patch',
      plan: TO_SCALE,
    }),
  },
  rejected: {
    'in its own words': red('rejected', SECOND, {
      ...seen({}, SECOND),
      message:
        'PATCH was answered 400: unsupported Kubernetes version "1.99" (code INVALID_VERSION, field spec.version)',
      refused: 'patch',
      plan: toPlan({ version: '1.99' }),
      requestId: '8f6b2c1e-0002',
      isPatchRequestId: true,
    }),
    'by something in front of the API': red('rejected', SECOND, {
      ...seen({}, SECOND),
      message: 'PATCH was answered 400: something in front of the API answered: Request blocked',
      refused: 'patch',
      isForeign: true,
      plan: TO_SCALE,
    }),
    'the first read': red('rejected', SECOND, { message: 'GET was answered 400: bad request' }),
    'a read in the middle of the wait': red('rejected', 9 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 9 * MINUTE),
      message: 'GET was answered 422: unprocessable',
      refused: 'read',
      isWaiting: true,
      isPatchRequestId: false,
    }),
    'a read before anything was sent': red('rejected', 9 * MINUTE, {
      ...seen({ phase: 'Upgrading' }, 9 * MINUTE),
      message: 'GET was answered 422: unprocessable',
      refused: 'read',
      plan: TO_SCALE,
    }),
    'a read while verify waited': red('rejected', 9 * MINUTE, {
      ...seen(UPGRADING, 9 * MINUTE),
      message: 'GET was answered 422: unprocessable',
      refused: 'read',
      task: { ...UPGRADE, ...VERIFY },
    }),
    'after a lost answer': red('rejected', MINUTE, {
      ...seen({}, 50 * SECOND),
      ...sent(false),
      message: 'PATCH was answered 400: cpu is above the quota',
      refused: 'patch',
      plan: TO_SCALE,
    }),
  },
  altered: {
    'a quantity': red('altered', 2 * SECOND, {
      ...seen({ ...SCALED, resources: { ...RESOURCES, cpu: '32' } }, 2 * SECOND),
      ...sent(),
      message: 'The API accepted the PATCH but made something else of it: cpu (asked 64, made 32)',
      fieldNames: ['cpu'],
      made: { cpu: '32' },
      plan: toPlan({ cpu: '64' }),
    }),
    'an alert setting': red('altered', 2 * SECOND, {
      ...seen({}, 2 * SECOND),
      ...sent(),
      message: 'The API accepted the PATCH but made something else of it: alerts.quota',
      fieldNames: ['alerts.quota'],
      made: { 'alerts.quota': 'absent' },
      plan: toPlan({ alerts: { quota: 90 } }),
    }),
  },
  rival: {
    'one field': red('rival', 3 * SECOND, {
      ...seen({ ...SCALED, resources: { ...RESOURCES, cpu: '6' } }, 3 * SECOND),
      message: 'Someone else changed cpu from 4 to 6 after this run had read it',
      plan: TO_SCALE,
      fieldNames: ['cpu'],
      conflict: [{ field: 'cpu', whenRead: '4', now: '6', wanted: '8' }],
      requestId: '8f6b2c1e-0002',
      isPatchRequestId: true,
    }),
    'several, one of them in alerts': red('rival', 3 * SECOND, {
      ...seen({ ...SCALED, resources: { memory: '16Gi', storage: '100Gi' } }, 3 * SECOND),
      message: 'Someone else changed cpu from 4 to absent, alerts.quota after this run had read it',
      plan: TO_SCALE,
      fieldNames: ['cpu', 'alerts.quota'],
      conflict: [
        { field: 'cpu', whenRead: '4', now: null, wanted: '8' },
        { field: 'alerts.quota', whenRead: undefined, now: undefined, wanted: undefined },
      ],
    }),
    'what a guard would stop now': red('rival', 3 * SECOND, {
      ...seen({ resources: { ...RESOURCES, storage: '200Gi' } }, 3 * SECOND),
      message: 'Someone else changed storage from 100Gi to 200Gi after this run had read it',
      plan: toPlan({ storage: '150Gi' }),
      fieldNames: ['storage'],
      conflict: [{ field: 'storage', whenRead: '100Gi', now: '200Gi', wanted: '150Gi' }],
      stoppedBy: ['allow-storage-shrink', 'expected-plan'],
    }),
  },
  'kept-moving': {
    'only the status': red('kept-moving', 40 * SECOND, {
      ...seen({}, 40 * SECOND),
      message:
        '5 PATCHes in 40s were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved',
      plan: TO_SCALE,
    }),
    'after a lost answer': red('kept-moving', 40 * SECOND, {
      ...seen({}, 40 * SECOND),
      ...sent(false),
      message: '5 PATCHes in 40s were all refused because the cluster kept moving (412)',
      plan: TO_SCALE,
    }),
  },
  'taken-back': {
    'after a lost answer': red('taken-back', 20 * SECOND, {
      ...seen({ generation: 9, observedGeneration: 9 }, 20 * SECOND),
      ...sent(false),
      message:
        'Our change seems to have landed and been taken back: the old values are back, under generation 9 (7 before)',
      plan: TO_SCALE,
      conflict: [{ field: 'cpu', whenRead: '4', now: '4', wanted: '8' }],
    }),
  },
  'no-usable-etag': {
    'one that it refuses': red('no-usable-etag', 2 * MINUTE, {
      ...seen({}, 2 * MINUTE),
      message:
        'The API keeps serving an ETag that it refuses; something between this runner and the API may rewrite ETags',
      plan: TO_SCALE,
    }),
  },
  moved: {
    'if-match': red('moved', 2 * SECOND, {
      ...seen({}, 2 * SECOND),
      message: 'The cluster has changed since its ETag was read (412)',
      plan: TO_SCALE,
      task: { ...SCALE, isEtagGiven: true },
    }),
    'on-conflict: fail': red('moved', 2 * SECOND, {
      ...seen({}, 2 * SECOND),
      message: 'The cluster has changed since its ETag was read (412)',
      plan: TO_SCALE,
    }),
  },
  vanished: {
    one: red('vanished', 40 * SECOND, {
      ...seen({}, 40 * SECOND),
      message: 'The API no longer shows cpu, and nothing is planned over what may be lost',
      fieldNames: ['cpu'],
    }),
    two: red('vanished', 40 * SECOND, {
      ...seen({}, 40 * SECOND),
      message: 'The API no longer shows cpu, memory, and nothing is planned over what may be lost',
      fieldNames: ['cpu', 'memory'],
    }),
  },
  'plan-changed': {
    'another digest': red('plan-changed', SECOND, {
      ...seen({}, SECOND),
      message: 'Not sent: the plan is no longer the one expected (28a2c9ed270e56aa, not a043e365b79bae98)',
      plan: TO_SCALE,
    }),
  },
  'plan-not-found': {
    'a push without a pull request': red('plan-not-found', 64 * SECOND, {
      ...seen({}, 63 * SECOND),
      message: 'Not sent: no merged pull request has the commit of this run',
      plan: TO_SCALE,
    }),
  },
  'plan-unreadable': {
    'GitHub does not answer': red('plan-unreadable', 30 * SECOND, {
      ...seen({}, 29 * SECOND),
      message: 'Not sent: it could not be read which plan was approved: GitHub answered 503',
      plan: TO_SCALE,
    }),
  },
  'busy-too-long': {
    'an upgrade': red('busy-too-long', 30 * MINUTE, {
      ...seen(UPGRADING, 30 * MINUTE - SECOND),
      message: 'Timed out after 30m: the cluster is still Upgrading, with another change',
      timeline: toTimeline(['Upgrading', 30 * MINUTE]),
    }),
    'without a phase that shows it': red('busy-too-long', 15 * MINUTE, {
      ...seen({}, 15 * MINUTE),
      message:
        'The API refuses the PATCH because the cluster is busy for 15m: PATCH was answered 409: operation in progress (code BUSY)',
      plan: TO_SCALE,
      requestId: '8f6b2c1e-0042',
      isPatchRequestId: true,
    }),
  },
  busy: {
    'on-busy: fail': red('busy', SECOND, {
      ...seen({ phase: 'Provisioning' }, SECOND),
      message: 'The cluster is Provisioning, and on-busy is fail',
    }),
  },
  unavailable: {
    'nothing ever came': red('unavailable', 2 * MINUTE, {
      message:
        'no usable answer since 03:12 UTC, in 21 tries (503, 20 times; no connection); the last one: GET did not reach https://api.kupe.cloud: ECONNREFUSED',
    }),
    'after a read': red('unavailable', 30 * MINUTE, {
      ...seen({ phase: 'Upgrading' }, 12 * MINUTE),
      message:
        'no usable answer since 03:24 UTC, in 90 tries (503, 88 times; no connection; 503); the last one: GET was answered 503: upstream connect error',
      requestId: '8f6b2c1e-0120',
    }),
    'after a lost answer, with a hint': red('unavailable', 2 * MINUTE, {
      ...seen({}, 2 * SECOND),
      ...sent(false),
      message: '7 PATCHes in 2m had no usable answer; the last one: PATCH was answered 302: moved',
      hint: 'Set api-url to where the API is.',
      plan: TO_SCALE,
    }),
    'nothing ever came, with freeze-dates': red('unavailable', 2 * MINUTE, {
      message: 'no usable answer since 03:12 UTC, in 21 tries (503, 21 times)',
      task: { ...SCALE, closedBy: ['freeze-dates'] },
    }),
  },
  'not-sent-again': {
    'a closed window': red('not-sent-again', 3 * MINUTE, {
      ...seen({}, 3 * MINUTE),
      ...sent(false),
      message:
        'It is 06:00 in Europe/London, outside only-between 20:00-06:00; the answer to a PATCH was lost, and no read has shown the change since',
      plan: TO_SCALE,
    }),
  },
  degraded: {
    'after a PATCH': red('degraded', 12 * MINUTE, {
      ...upgraded,
      ...seen({ ...UPGRADING, phase: 'Degraded', conditions: UNHEALTHY }, 12 * MINUTE),
      message: 'the cluster stayed Degraded: Ready=False ControlPlaneUnhealthy: 1 of 3 API servers answers',
      timeline: toTimeline(['Running', 4 * SECOND], ['Upgrading', 6 * MINUTE], ['Degraded', 5 * MINUTE + 56 * SECOND]),
    }),
    'nothing sent, no conditions, no grace': red('degraded', SECOND, {
      ...seen({ phase: 'Degraded' }, SECOND),
      message: 'the cluster stayed Degraded: the server gives no reason',
      task: toTask({ ...VERIFY, degradedGraceMs: 0 }),
    }),
  },
  terminating: {
    'in the middle of the wait': red('terminating', 5 * MINUTE, {
      ...scaled,
      ...seen({ ...SCALED, phase: 'Terminating' }, 5 * MINUTE),
      message: 'The cluster is Terminating',
    }),
  },
  gone: {
    'in the middle of the wait': red('gone', 5 * MINUTE, {
      ...scaled,
      message: 'GET was answered 404: cluster not found',
      refused: 'read',
      requestId: '8f6b2c1e-0033',
      isPatchRequestId: false,
    }),
  },
  recreated: {
    'in the middle of the wait': red('recreated', 5 * MINUTE, {
      ...scaled,
      message: 'The name production was given to a new cluster, created 2026-11-02T03:15:00Z',
    }),
    'while verify waited': red('recreated', 5 * MINUTE, {
      ...seen(UPGRADING, 4 * MINUTE),
      message: 'The name production was given to a new cluster, created 2026-11-02T03:16:00Z',
      task: { ...UPGRADE, ...VERIFY },
    }),
  },
  'rolled-back': {
    'by the platform': red('rolled-back', 14 * MINUTE, {
      ...upgraded,
      ...seen({ ...UPGRADED, kubernetesVersion: 'v1.31.9' }, 14 * MINUTE),
      message: 'the cluster was at work on the new version and has been Running the old v1.31.9 since',
      timeline: toTimeline(['Running', 4 * SECOND], ['Upgrading', 11 * MINUTE], ['Running', 2 * MINUTE + 56 * SECOND]),
    }),
  },
  superseded: {
    'after our PATCH': red('superseded', MINUTE, {
      ...scaled,
      ...seen({ ...SCALED, resources: { ...RESOURCES, cpu: '6' }, generation: 9 }, MINUTE),
      message: 'someone else, or the platform, changed cpu (ours 8, theirs 6)',
      fieldNames: ['cpu'],
    }),
    'while it waited for what was there already': red('superseded', MINUTE, {
      ...seen({ ...SCALED, resources: { ...RESOURCES, cpu: '6' }, generation: 9 }, MINUTE),
      message: 'someone else, or the platform, changed cpu (ours 8, theirs 6)',
      fieldNames: ['cpu'],
    }),
    'while it waited': red('superseded', MINUTE, {
      ...seen({ ...SCALED, resources: { ...RESOURCES, cpu: '6' }, generation: 9 }, MINUTE),
      message: 'someone else, or the platform, changed cpu (ours 8, theirs 6)',
      fieldNames: ['cpu'],
      task: { ...SCALE, ...VERIFY },
    }),
  },
  'side-effect': {
    done: red('side-effect', SCALE_MS, {
      ...scaled,
      ...seen({ ...SCALED, resources: { ...RESOURCES, cpu: '8', memory: '32Gi' } }, SCALE_MS),
      message: 'What was asked is done, but the PATCH did more: memory was 16Gi and is 32Gi',
      fieldNames: ['memory'],
      sideEffects: [{ field: 'memory', from: '16Gi', to: '32Gi' }],
    }),
    'accepted, with two of them': red('side-effect', 4 * SECOND, {
      ...scaled,
      message: 'What was asked is accepted, but the PATCH did more: gpu was 2 and is gone; alerts.page is gone',
      fieldNames: ['gpu', 'alerts.page'],
      sideEffects: [{ field: 'gpu', from: '2', to: null }, { field: 'alerts.page' }],
      task: { ...SCALE, ...NO_WAIT },
      timeline: [],
    }),
  },
  timeout: {
    'an upgrade that takes too long': red('timeout', 30 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 30 * MINUTE - 2 * SECOND),
      message: 'Timed out after 30m: the last phase seen was Upgrading',
      lead: 'Time was up before the cluster had settled',
      timeline: toTimeline(['Running', 4 * SECOND], ['Upgrading', 29 * MINUTE + 56 * SECOND]),
    }),
    'no answers at its end': red('timeout', 30 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 26 * MINUTE),
      message:
        'Timed out after 30m: the last phase seen was Upgrading; no usable answer since 03:38 UTC, in 20 tries (503, 20 times); the last one: GET was answered 503: upstream connect error',
      lead: 'no usable answer since 03:38 UTC, in 20 tries (503, 20 times); the last one: GET was answered 503: upstream connect error',
      timeline: toTimeline(['Running', 4 * SECOND], ['Upgrading', 29 * MINUTE + 56 * SECOND]),
    }),
    'an answer that was lost': red('timeout', 30 * MINUTE, {
      ...seen({}, 30 * MINUTE),
      ...sent(false),
      message: 'Timed out after 30m: the last phase seen was Running; cpu not yet as asked',
      lead: 'cpu not yet as asked',
      plan: TO_SCALE,
    }),
    'accepted, but never shown': red('timeout', 2 * MINUTE, {
      ...seen({}, 2 * MINUTE),
      ...sent(),
      message: 'The API accepted the PATCH, but no read has shown the change since',
      plan: TO_SCALE,
      task: { ...SCALE, ...NO_WAIT },
    }),
    'an upgrade at night': red('timeout', 30 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 30 * MINUTE - 2 * SECOND),
      message: 'Timed out after 30m: the last phase seen was Upgrading',
      lead: 'Time was up before the cluster had settled',
      task: { ...UPGRADE, ...AT_NIGHT },
    }),
    'a wait that was joined, with both guards': red('timeout', 30 * MINUTE, {
      ...seen(UPGRADING, 30 * MINUTE - 2 * SECOND),
      message: 'Timed out after 30m: the last phase seen was Upgrading',
      lead: 'Time was up before the cluster had settled',
      task: { ...UPGRADE, closedBy: ['only-between', 'freeze-dates'] },
      isWaiting: true,
    }),
    'too little time left to send': red('timeout', 29 * MINUTE + 40 * SECOND, {
      ...seen({}, 29 * MINUTE + 40 * SECOND),
      message: 'Only 20s of the timeout are left, too little to wait for a change',
      plan: TO_SCALE,
    }),
    'verify: never begun': red('timeout', 30 * MINUTE, {
      ...seen({}, 30 * MINUTE - 2 * SECOND),
      message: 'Timed out after 30m: the last phase seen was Running; the cluster runs v1.31.9, not 1.32',
      lead: 'the cluster runs v1.31.9, not 1.32',
      task: { ...UPGRADE, ...VERIFY },
    }),
    'verify without inputs': red('timeout', 30 * MINUTE, {
      ...seen({ phase: 'Upgrading' }, 30 * MINUTE - 2 * SECOND),
      message: 'Timed out after 30m: the last phase seen was Upgrading',
      lead: 'Time was up before the cluster had settled',
      task: toTask(VERIFY),
    }),
    'verify: shown, but not long enough': red('timeout', 2 * MINUTE, {
      ...seen({ version: '1.32', kubernetesVersion: 'v1.32.3' }, 2 * MINUTE - 2 * SECOND),
      message: 'Timed out after 2m: the last phase seen was Running; not settled for the whole settle-time',
      lead: 'not settled for the whole settle-time',
      isAsAsked: true,
      task: { ...UPGRADE, ...VERIFY },
    }),
    'a plan that was not read in time': red('timeout', 30 * MINUTE, {
      message: 'Timed out after 30m: no read came',
      task: { ...SCALE, mode: 'plan' },
    }),
  },
  cancelled: {
    'before anything was sent': red('cancelled', 3 * SECOND, {
      ...seen({}, SECOND),
      message: 'The run was cancelled',
      isWaiting: false,
    }),
    'in the middle of the wait': red('cancelled', 8 * MINUTE, {
      ...upgraded,
      ...seen(UPGRADING, 8 * MINUTE - 5 * SECOND),
      message: 'The run was cancelled while it waited for the change to be done',
      isWaiting: true,
      timeline: toTimeline(['Running', 4 * SECOND], ['Upgrading', 7 * MINUTE + 56 * SECOND]),
    }),
    'during the PATCH': red('cancelled', 4 * SECOND, {
      ...seen({}, SECOND),
      changed: true,
      sent: { edits: [], wallMs: START_MS + 3 * SECOND, isCertain: false, isInFlight: true },
      message: 'The run was cancelled',
      isWaiting: false,
      plan: TO_SCALE,
    }),
    'after a lost answer': red('cancelled', 5 * SECOND, {
      ...seen({}, SECOND),
      ...sent(false),
      message: 'The run was cancelled',
      isWaiting: false,
      plan: TO_SCALE,
    }),
  },
  internal: {
    'a fault': red('internal', SECOND, {
      ...seen({}, SECOND),
      message: 'TypeError: x is not a function',
    }),
    'a fault in the middle of the wait': red('internal', MINUTE, {
      ...scaled,
      message: 'TypeError: x is not a function',
    }),
  },
  'outputs-unwritten': {
    'after a scale': red('outputs-unwritten', SCALE_MS, {
      ...scaled,
      message: 'The run ended converged, but its outputs could not be written',
      writtenOutputs: [],
    }),
    'but the short ones': red('outputs-unwritten', SCALE_MS, {
      ...scaled,
      message: 'The run ended converged, but its outputs could not be written',
      writtenOutputs: ['result', 'failure-reason'],
    }),
  },
} as const satisfies Readonly<
  Record<FailureKind | 'converged' | 'unchanged' | 'planned' | 'skipped' | 'accepted', Endings>
>
