import { describe, expect, test } from '@jest/globals'
import { execute, type Witness } from './execute.js'
import { generatePlan } from './generate.js'
import { findViolations } from './invariants.js'
import { type Fault, type FaultTime, type Incident, type IncidentTime, type PlanParts, toPlan } from './plan.js'
import { toTrace } from './trace.js'

/** Random runs that once violated an invariant, made as plain as they could be while they still did. */

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** A run, how it must end, and what else must be true of it. */
interface KeptRun {
  readonly run: string
  readonly plan: PlanParts
  readonly ends: readonly string[]
  readonly also?: (witness: Witness) => void
}

const at = (method: 'GET' | 'PATCH', nth: number, times = 1): FaultTime => ({ method, nth, times })
const during = (fromMs: number, untilMs: number): FaultTime => ({ method: 'GET', fromMs, untilMs })
const fault = (when: FaultTime, what: Fault) => ({ when, fault: what })
const incident = (when: IncidentTime, what: Incident) => ({ when, what })
const page = (status: number, as: 'html' | 'text' | 'json' | 'echo', applied = false): Fault => ({
  kind: 'status',
  status,
  page: as,
  applied,
})
const rival = (patch: Extract<Incident, { kind: 'rival' }>['patch']): Incident => ({ kind: 'rival', patch })
const beforePatch: IncidentTime = { method: 'PATCH', nth: 1, side: 'before' }
const afterPatch: IncidentTime = { method: 'PATCH', nth: 1, side: 'after' }
const patchesOf = ({ records }: Witness) => records.filter(({ method }) => method === 'PATCH')

const KEPT_RUNS: readonly KeptRun[] = [
  {
    run: 'integers come as text, and the operator is not done',
    plan: { task: { cpu: '8' }, server: { integersAsText: true, scaleMs: 50 * SECOND } },
    ends: ['converged'],
    also: ({ outcome }) => expect(outcome.evidence).toEqual(['generation']),
  },
  {
    run: 'every body begins with a byte order mark',
    plan: { task: { cpu: '8' }, server: { byteOrderMark: true } },
    ends: ['converged'],
  },
  {
    run: 'a resource that the action does not know, on a server that replaces',
    plan: {
      task: { cpu: '8' },
      cluster: { resources: { cpu: '4', memory: '16Gi', storage: '100Gi', gpu: 2 } },
      server: { resourcesMode: 'replace' },
    },
    ends: ['converged'],
  },
  {
    run: 'the first read shows no resources, on a server that replaces',
    plan: {
      task: { cpu: '8' },
      server: { resourcesMode: 'replace' },
      faults: [fault(at('GET', 1), { kind: 'hide', fields: ['resources'] })],
    },
    ends: ['converged'],
  },
  {
    run: 'the first read shows no version',
    plan: { task: { version: '1.32' }, faults: [fault(at('GET', 1), { kind: 'hide', fields: ['version'] })] },
    ends: ['converged'],
  },
  {
    run: 'a key of alerts that was not asked for, on a server that replaces them',
    plan: {
      task: { alerts: { mail: 'on' } },
      cluster: { alerts: { mail: 'off', page: 'on' } },
      server: { alertsMode: 'replace' },
    },
    ends: ['failed/side-effect'],
  },
  {
    run: 'memory follows cpu, though only cpu was asked for',
    plan: { task: { cpu: '8' }, server: { alters: 'couples-memory' } },
    ends: ['failed/side-effect'],
  },
  {
    run: 'an answer that lacks almost everything, and no wait: the next reads show it all',
    plan: { task: { cpu: '8', wait: false }, server: { patchAnswer: 'partial' } },
    ends: ['accepted'],
  },
  {
    run: 'a 404 of a load balancer, a 403 of a firewall and a 522 of a CDN in the middle of a wait',
    plan: {
      task: { version: '1.32' },
      faults: [
        fault(at('GET', 3), page(404, 'text')),
        fault(at('GET', 5), page(403, 'html')),
        fault(at('GET', 7), page(522, 'html')),
      ],
    },
    ends: ['converged'],
  },
  {
    run: 'a PATCH that a firewall answers with a page',
    plan: { task: { cpu: '8' }, faults: [fault(at('PATCH', 1), page(403, 'html'))] },
    ends: ['converged'],
  },
  {
    run: 'a PATCH answered 425 that was applied all the same',
    plan: { task: { cpu: '8' }, faults: [fault(at('PATCH', 1), page(425, 'json', true))] },
    ends: ['converged'],
    also: ({ outcome }) => expect(outcome.changed).toBe(true),
  },
  {
    run: 'a PATCH answered 429: the cluster is read before it is sent again',
    plan: { task: { cpu: '8' }, faults: [fault(at('PATCH', 1), page(429, 'json'))] },
    ends: ['converged'],
    also: (witness) => expect(patchesOf(witness)).toHaveLength(2),
  },
  {
    run: 'the API itself refuses a read in the middle of a wait',
    plan: { task: { version: '1.32' }, faults: [fault(at('GET', 5), page(409, 'json'))] },
    ends: ['failed/rejected'],
  },
  {
    run: 'a 408 asks for a pause of a quarter of an hour',
    plan: {
      task: { version: '1.32' },
      faults: [fault(at('GET', 3), { kind: 'status', status: 408, page: 'json', retryAfter: '900', applied: false })],
    },
    ends: ['converged'],
  },
  {
    run: 'no connection for the first ten seconds',
    plan: {
      task: { cpu: '8' },
      faults: [fault({ method: 'any', fromMs: 0, untilMs: 10 * SECOND }, { kind: 'cut', applied: false })],
    },
    ends: ['converged'],
  },
  {
    run: 'no name service for two and a half minutes in the middle of a wait',
    plan: {
      task: { cpu: '8' },
      server: { scaleMs: 50 * SECOND },
      faults: [fault(during(20 * SECOND, 170 * SECOND), { kind: 'unsent', by: 'dns' })],
    },
    ends: ['converged'],
  },
  {
    run: 'six PATCHes in a row are cut off before they arrive',
    plan: { task: { cpu: '8' }, faults: [fault(at('PATCH', 1, 6), { kind: 'cut', applied: false })] },
    ends: ['converged'],
  },
  {
    run: 'an ETag that does not fit is answered 409',
    plan: {
      task: { cpu: '8' },
      server: { mismatchStatus: 409 },
      incidents: [incident(beforePatch, { kind: 'status-write' })],
    },
    ends: ['converged'],
  },
  {
    run: 'a PATCH to a cluster that has just become busy is answered 409',
    plan: {
      task: { cpu: '8' },
      server: { refusesWhileBusy: true, etagMovesWithStatus: false },
      incidents: [incident(beforePatch, { kind: 'phase', phase: 'Provisioning', forMs: 8 * SECOND })],
    },
    ends: ['converged'],
  },
  {
    run: 'a passing phase before the upgrade begins is no rollback',
    plan: {
      task: { version: '1.32', memory: '32Gi' },
      server: { scaleMs: 50 * SECOND, scalesFirst: true },
      incidents: [incident({ atMs: 3_380 }, { kind: 'phase', phase: 'Odd', forMs: 8 * SECOND })],
    },
    ends: ['converged'],
  },
  {
    run: 'the running version is published later than the phase',
    plan: {
      task: { version: '1.32', pollIntervalMs: 2 * SECOND },
      server: { versionLagMs: 20 * SECOND, latencyMs: 5 },
    },
    ends: ['converged'],
  },
  {
    run: 'the last key of alerts is removed, and alerts are no longer shown',
    plan: { task: { alerts: { page: null } }, cluster: { alerts: { page: 'on' } } },
    ends: ['converged'],
  },
  {
    run: 'the version that runs is not the desired one before the run, and the platform mends that during it',
    plan: { task: { memory: '32Gi' }, cluster: { version: '1.30' } },
    ends: ['converged'],
  },
  {
    run: 'generations do not count alerts, and another’s change moves them',
    plan: {
      task: { alerts: { mail: 'on' } },
      server: { countsAlerts: false, scaleMs: SECOND },
      incidents: [incident(afterPatch, rival({ resources: { cpu: '6' } }))],
    },
    ends: ['converged'],
    also: ({ outcome }) => expect(outcome.evidence).toEqual(['settled']),
  },
  {
    run: 'after a 412, and behind a busy cluster, somebody sets what was asked for',
    plan: {
      task: { memory: '32Gi' },
      incidents: [
        incident(beforePatch, { kind: 'phase', phase: 'Upgrading', forMs: 20 * SECOND }),
        incident({ method: 'GET', nth: 4, side: 'before' }, rival({ resources: { memory: '24Gi' } })),
      ],
    },
    ends: ['failed/conflict'],
  },
  {
    run: 'a PATCH landed, its answer was lost, and somebody took it back',
    plan: {
      task: { version: '1.32' },
      faults: [fault(at('PATCH', 1), page(522, 'html', true))],
      incidents: [incident(afterPatch, { kind: 'reverts' })],
    },
    ends: ['failed/conflict'],
  },
  {
    run: 'somebody clears all limits between our read and our PATCH',
    plan: { task: { version: '1.32' }, incidents: [incident(beforePatch, rival({ resources: {} }))] },
    ends: ['failed/conflict'],
  },
  {
    run: 'somebody clears all limits while we wait',
    plan: {
      task: { cpu: '8' },
      server: { scaleMs: 50 * SECOND },
      incidents: [incident({ atMs: 20 * SECOND }, rival({ resources: {} }))],
    },
    ends: ['failed/superseded'],
  },
  {
    run: 'the second look of a cluster that was as asked shows another value, and no wait',
    plan: {
      task: { cpu: '8', wait: false },
      cluster: { resources: { cpu: '8', memory: '16Gi', storage: '100Gi' } },
      server: { reportsObserved: false },
      incidents: [incident({ method: 'GET', nth: 2, side: 'before' }, rival({ resources: { cpu: '2' } }))],
    },
    ends: ['accepted'],
    also: (witness) => expect(patchesOf(witness)).toHaveLength(1),
  },
  {
    run: 'an empty answer, no wait, and the read after it shows another’s value',
    plan: {
      task: { cpu: '8', wait: false },
      server: { patchAnswer: 'empty' },
      incidents: [incident(afterPatch, rival({ resources: { cpu: '2' } }))],
    },
    ends: ['failed/superseded'],
  },
  {
    run: 'neither the desired nor the running version is known, so that no guardrail can judge',
    plan: {
      task: { version: '1.32' },
      cluster: { version: null },
      server: { reportsKubernetesVersion: false },
    },
    ends: ['failed/refused'],
  },
  {
    run: 'if-match is of another state than the one that was read',
    plan: {
      task: { cpu: '8', ifMatch: 'current' },
      server: { resourcesMode: 'merge' },
      cluster: { before: [{ agoMs: 5 * SECOND, patch: { resources: { memory: '64Gi' } } }] },
      faults: [fault(at('GET', 1), { kind: 'replica', lagMs: MINUTE })],
    },
    ends: ['converged'],
    also: (witness) => expect(patchesOf(witness)[0]?.body).toBe('{"resources":{"cpu":"8"}}'),
  },
  {
    run: 'a stale read comes after a 412',
    plan: {
      task: { cpu: '8' },
      cluster: { before: [{ agoMs: 5 * SECOND, patch: { resources: { memory: '64Gi' } } }] },
      faults: [fault(at('GET', 2), { kind: 'replica', lagMs: MINUTE })],
      incidents: [incident(beforePatch, { kind: 'status-write' })],
    },
    ends: ['converged'],
  },
  {
    run: 'without generations, an older replica answers three times in a row',
    plan: {
      task: { cpu: '8' },
      server: { reportsGeneration: false },
      faults: [fault(at('GET', 4, 3), { kind: 'replica', lagMs: MINUTE })],
    },
    ends: ['converged'],
  },
  {
    run: 'the cluster is deleted while a PATCH is without an answer',
    plan: {
      task: { memory: '32Gi' },
      faults: [fault(at('PATCH', 1), { kind: 'hang', applied: 'no' })],
      incidents: [incident(afterPatch, { kind: 'deleted', terminatingMs: 10 * SECOND, recreatedAfterMs: null })],
    },
    ends: ['failed/deleted'],
  },
  {
    run: 'a condition quotes what our change to alerts has replaced',
    plan: {
      task: { alerts: { hook: 'T0p5ecret-asked-hook-9921' } },
      cluster: {
        alerts: { hook: 'T0p5ecret-live-hook-4411' },
        conditions: [{ type: 'Ready', status: 'True', message: 'see T0p5ecret-live-hook-4411' }],
      },
    },
    ends: ['converged'],
  },
]

describe('a run that once violated an invariant', () => {
  test.each(KEPT_RUNS.map((kept) => [kept.run, kept] as const))('%s', async (_, { plan, ends, also }) => {
    const witness = await execute(toPlan(plan))
    expectSound(witness)
    const { result, reason } = witness.outcome
    expect(ends).toContain(reason === undefined ? result : `${result}/${reason}`)
    also?.(witness)
  })
})

/** Seeds whose runs are not so easily told. They hold only as long as the choices stay as they are. */
const SEEDS: readonly (readonly [seed: number, why: string])[] = [
  [203, 'a lost answer, our change taken back, and no wait: it was sent again'],
  [654, 'a phase nobody knows, long before the upgrade began, was taken for a rollback'],
  [4700, 'a lost answer and two generations more under the old value: it was sent again'],
  [4989, 'called accepted although nothing was sent and the second look showed another value'],
  [5741, 'no read said any version, so that no guardrail could judge, and it was sent'],
  [7152, 'a warning that was kept while the text in it was no secret yet was shown when it was one'],
  [8794, 'cpu followed memory, and nobody said so'],
  [9286, 'sent when there was no time left to wait for it'],
  [9967, 'three reads of an old replica within seconds were taken for someone’s change'],
  [10453, 'planned from a read without the limits that an earlier one had shown'],
  [12640, 'planned from a first read that showed no version'],
  [17274, 'planned from a read that was older than the one before'],
  [24187, 'PATCHes without an answer were counted as refused ones'],
  [28748, 'behind a busy cluster the platform had changed what was asked for, and it was overwritten'],
  [29175, 'a resource that was not asked for changed under our own generation'],
  [54906, 'unchanged by a read that lacked what an earlier one had shown'],
  [60973, 'behind a busy cluster somebody had upgraded, and was overruled'],
  [73570, 'a key of alerts was removed that no read had shown'],
  [139883, 'what the answer lacked was called gone although its own generation showed it later'],
  [188529, 'a second body, without the limits that are not known, was sent when there was no time left to wait for it'],
  [193988, 'reads without resources under a generation that had shown them were taken for someone’s change'],
  [478783, 'a later read that lacked alerts was taken for one that shows that nothing in them is gone'],
  [5013635, 'a rival’s patch version, under a generation of its own, was taken for more of what had stood there'],
  [6050481, 'a second look that lacked only the running version was called under way'],
  [9000582, 'an answer that lacked all that was sent was taken for an old object, and hid another cpu'],
  [11054815, 'the short form that stood before hid that our change may have been taken back'],
]

describe('a seed that once violated an invariant', () => {
  test.each(SEEDS)('%i: %s', async (seed) => {
    expectSound(await execute(generatePlan(seed)))
  })
})

function expectSound(witness: Witness): void {
  const violations = findViolations(witness).map(({ invariant, problem }) => `${invariant}: ${problem}`)
  if (violations.length > 0) throw new Error(`${violations.join('\n')}\n${toTrace(witness)}`)
}
