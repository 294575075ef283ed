import { describe, expect, test } from '@jest/globals'
import type { Task } from '../../src/domain/task.js'
import { parseWindow, type TimeWindow } from '../../src/domain/window.js'
import { VirtualClock } from '../support/clock.js'
import { endOf, hide, patchRequestsOf, type RunSetup, runAgainstSimulator, warningsOf } from '../support/runs.js'
import { CLUSTER, MINUTE, NO_GUARDRAILS, SCALE, SCALED_RESOURCES, UPGRADE } from '../support/tasks.js'

/** A server whose cluster is busy with something of somebody else's. */
const busy = (busyForMs: number, phase = 'Upgrading') => ({ clusters: [{ phase, busyForMs }] })

const digestOf = async (setup: RunSetup) =>
  (await runAgainstSimulator({ ...setup, task: { ...setup.task, mode: 'plan' } })).outcome.plan?.digest ?? 'none'

describe('refusals', () => {
  const guarded = (overrides: Partial<Task['guardrails']>) => ({ ...NO_GUARDRAILS, ...overrides })

  const REFUSED: [name: string, setup: RunSetup, refusals: object[], permit: Partial<Task['guardrails']>][] = [
    [
      'a downgrade of the desired version',
      { task: { desired: { version: '1.31' } }, server: { clusters: [{ version: '1.32' }] } },
      [{ rule: 'downgrade', field: 'version', from: '1.32', to: '1.31', allow: 'allow-downgrade' }],
      { allowDowngrade: true },
    ],
    [
      'a downgrade of the running version',
      {
        task: { desired: { version: '1.31.3' } },
        server: { clusters: [{ version: '1.31', kubernetesVersion: 'v1.31.9' }] },
      },
      [{ rule: 'downgrade', field: 'version', from: '1.31', to: '1.31.3', allow: 'allow-downgrade' }],
      { allowDowngrade: true },
    ],
    [
      'a skipped minor',
      { task: { desired: { version: '1.33' } } },
      [{ rule: 'version-skip', field: 'version', from: '1.31', to: '1.33', allow: 'allow-version-skip' }],
      { allowVersionSkip: true },
    ],
    [
      'less storage',
      { task: { desired: { storage: '102399Mi' } } },
      [{ rule: 'storage-shrink', field: 'storage', from: '100Gi', to: '102399Mi', allow: 'allow-storage-shrink' }],
      { allowStorageShrink: true },
    ],
    [
      'everything at once',
      {
        task: {
          desired: { version: '1.33', cpu: '500m', memory: '64Gi', storage: '50Gi' },
          guardrails: guarded({ min: { cpu: '1' }, max: { memory: '32Gi' } }),
        },
      },
      [
        { rule: 'version-skip', field: 'version' },
        { rule: 'min', field: 'cpu', from: '4', to: '500m', allow: 'min-cpu' },
        { rule: 'max', field: 'memory', from: '16Gi', to: '64Gi', allow: 'max-memory' },
        { rule: 'storage-shrink', field: 'storage' },
      ],
      { allowVersionSkip: true, allowStorageShrink: true },
    ],
  ]

  describe.each(['apply', 'plan'] as const)('in mode %s', (mode) => {
    test.each(REFUSED)('%s', async (_, setup, refusals) => {
      const report = await runAgainstSimulator({ ...setup, task: { ...setup.task, mode } })
      expect(endOf(report)).toEqual(['failed', 'refused', false])
      expect(report.requests).toEqual(['GET 200'])
      expect(report.outcome.plan?.refusals).toMatchObject(refusals)
      expect(report.outcome.plan?.refusals).toHaveLength(refusals.length)
      expect(report.outcome.plan?.edits).toHaveLength(Object.keys(setup.task?.desired ?? {}).length)
      expect(report.outcome.wouldChange).toBe(true)
      for (const { reason } of report.outcome.plan?.refusals ?? []) expect(report.outcome.message).toContain(reason)
    })
  })

  test.each(REFUSED)('%s, permitted', async (_, setup, __, permit) => {
    const report = await runAgainstSimulator({ ...setup, task: { ...setup.task, guardrails: guarded(permit) } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test.each(['apply', 'plan', 'verify'] as const)('bounds of what is there already: mode %s', async (mode) => {
    const task = { desired: { cpu: '4' }, guardrails: guarded({ max: { cpu: '2' } }), mode }
    const isRed = async (given: Partial<Task>) =>
      (await runAgainstSimulator({ task: given })).outcome.reason !== undefined
    // A pull request's check is red when the apply would be, and only then.
    if (mode !== 'verify') expect(await isRed(task)).toBe(await isRed({ ...task, mode: 'apply' }))
    else expect(await isRed(task)).toBe(false)
  })

  test('of a plan made after a wait for a busy cluster', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32' } },
      server: { ...busy(20_000), upgradeMs: 5_000 },
      arrange: (simulator) => simulator.at(5_000, () => simulator.patchAs('rival', CLUSTER, { version: '1.33' })),
    })
    expect(endOf(report)).toEqual(['failed', 'refused', false])
    expect(report.patches).toEqual([])
    expect(report.outcome.plan?.refusals).toMatchObject([{ rule: 'downgrade', from: '1.33', to: '1.32' }])
  })
})

describe('a busy cluster', () => {
  test.each(['Pending', 'Provisioning', 'Upgrading'])('%s is waited for', async (phase) => {
    const report = await runAgainstSimulator({ task: SCALE, server: busy(3 * MINUTE, phase) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const [patchMs = 0] = report.simulator.requests.filter(({ method }) => method === 'PATCH').map(({ at }) => at)
    expect(patchMs).toBeGreaterThanOrEqual(3 * MINUTE)
    expect(patchMs).toBeLessThan(3 * MINUTE + 14_000)
    expect(report.outcome.timeline.map(({ phase: name }) => name)).toEqual([phase, 'Running'])
  })

  test.each(['Pending', 'Provisioning', 'Upgrading'])('%s with on-busy: fail', async (phase) => {
    const report = await runAgainstSimulator({ task: { ...SCALE, onBusy: 'fail' }, server: busy(3 * MINUTE, phase) })
    expect(endOf(report)).toEqual(['failed', 'busy', false])
    expect(report.requests).toEqual(['GET 200'])
    expect(report.outcome.message).toMatch(/Nothing was sent/)
  })

  test('the plan is made from the read that shows it free, and sent with its ETag', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { ...busy(30_000), statusWriteEveryMs: 700 },
      arrange: (simulator) => {
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6', memory: '24Gi' } }))
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 200'])
    expect(report.patches[0]?.body).toEqual({ resources: { ...SCALED_RESOURCES, memory: '24Gi' } })
    expect(report.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
    expect(report.outcome.first?.resources.cpu).toBe('4')
  })

  test('that is as asked once it is free needs no PATCH', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busy(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '8' } })),
    })
    expect(report.outcome.changed).toBe(false)
    expect(['unchanged', 'converged']).toContain(report.outcome.result)
    expect(report.patches).toEqual([])
  })

  test('that stays busy to the deadline: timed out, and nothing was sent', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: busy(60 * MINUTE) })
    expect(endOf(report)).toEqual(['timed-out', 'busy', false])
    expect(report.outcome.message).toMatch(/Upgrading/)
    expect(report.outcome.message).toMatch(/[Nn]othing was sent/)
    expect(report.outcome.durationMs).toBe(30 * MINUTE)
    expect(report.patches).toEqual([])
  })

  test('that turns Degraded is free for the cure', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busy(60 * MINUTE),
      arrange: (simulator) =>
        simulator.at(20_000, () => {
          simulator.freeze(CLUSTER)
          simulator.setStatus(CLUSTER, { phase: 'Degraded' })
        }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(warningsOf(report).join('\n')).toMatch(/Degraded/)
  })

  test('that is deleted meanwhile', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busy(60 * MINUTE),
      arrange: (simulator) => simulator.at(20_000, () => simulator.deleteCluster(CLUSTER, { terminatingMs: MINUTE })),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', false])
    expect(report.patches).toEqual([])
  })

  test('whose name goes to a new cluster meanwhile', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busy(60 * MINUTE),
      arrange: (simulator) => simulator.at(20_000, () => simulator.recreate(CLUSTER)),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', false])
    expect(report.outcome.message).toMatch(/new cluster/)
    expect(report.patches).toEqual([])
  })

  describe.each(['resources', 'version'])('seen free by a read without the %s that earlier reads showed', (field) => {
    const task = { desired: { version: '1.32', cpu: '8' } }
    const server = { ...busy(5_000), resourcesMode: 'replace' } as const

    test('is not planned for from that read: what others own survives', async () => {
      // The 4th read is the first that shows the cluster free.
      const report = await runAgainstSimulator({ task, server, arrange: hide(field, 4) })
      expect(endOf(report)).toEqual(['converged', undefined, true])
      expect(report.simulator.cluster(CLUSTER)).toMatchObject({ version: '1.32', resources: SCALED_RESOURCES })
    })

    test('is in no conflict with a later read that shows it again', async () => {
      const report = await runAgainstSimulator({
        task,
        server,
        arrange: (simulator) => {
          hide(field, 4)(simulator)
          simulator.on({ method: 'PATCH' }, () => simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }))
        },
      })
      expect(endOf(report)).toEqual(['converged', undefined, true])
    })
  })

  test('is a warning in a dry run', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan', onBusy: 'fail' }, server: busy(MINUTE) })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.requests).toEqual(['GET 200'])
    expect(warningsOf(report).join('\n')).toMatch(/Upgrading/)
  })
})

describe('a cluster on its way to the very target', () => {
  const moving = {
    clusters: [{ version: '1.32', kubernetesVersion: 'v1.31.9', phase: 'Upgrading', busyForMs: MINUTE }],
  }

  test.each(['wait', 'fail'] as const)('is joined, with on-busy: %s', async (onBusy) => {
    const report = await runAgainstSimulator({ task: { ...UPGRADE, onBusy }, server: moving })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.patches).toEqual([])
    expect(report.outcome.wouldChange).toBe(false)
    expect(report.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(report.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
  })

  test('without waiting: accepted, though not by us', async () => {
    const report = await runAgainstSimulator({ task: { ...UPGRADE, wait: false }, server: moving })
    expect(endOf(report)).toEqual(['accepted', undefined, false])
    expect(report.requests).toEqual(['GET 200'])
  })

  test('that never arrives: timed out', async () => {
    const report = await runAgainstSimulator({ task: { ...UPGRADE, timeoutMs: MINUTE / 2 }, server: moving })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
  })

  test('but not to all of it is waited for, and then sent the rest', async () => {
    const report = await runAgainstSimulator({ task: { desired: { version: '1.32', cpu: '8' } }, server: moving })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches.map(({ body }) => body)).toEqual([{ resources: SCALED_RESOURCES }])
  })
})

describe('expected-plan', () => {
  test('the same plan is sent', async () => {
    const expectedPlan = await digestOf({ task: SCALE })
    const report = await runAgainstSimulator({ task: { ...SCALE, expectedPlan } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('the same plan in other words, on a cluster whose status moved, is sent', async () => {
    const expectedPlan = await digestOf({ task: { desired: { memory: '32Gi', cpu: '8' } } })
    const report = await runAgainstSimulator({
      task: { desired: { cpu: '8000m', memory: '32768Mi' }, expectedPlan },
      server: { clusters: [{ resources: { cpu: '4000m', memory: '16Gi', storage: '200Gi' } }] },
      arrange: (simulator) => simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  const OTHERS: [name: string, desired: Task['desired'], expected: RunSetup][] = [
    ['another wanted value', { cpu: '8' }, { task: { desired: { cpu: '6' } } }],
    [
      'another current value',
      { cpu: '8' },
      { task: SCALE, server: { clusters: [{ resources: { cpu: '2', memory: '16Gi', storage: '100Gi' } }] } },
    ],
    ['one field less', { cpu: '8' }, { task: { desired: { cpu: '8', memory: '32Gi' } } }],
    [
      'another cluster',
      { cpu: '8' },
      { task: { ...SCALE, cluster: 'staging' }, server: { clusters: [{ name: 'staging' }] } },
    ],
    ['an empty plan', { cpu: '8' }, { task: { desired: { cpu: '4' } } }],
  ]

  test.each(OTHERS)('%s: nothing is sent', async (_, desired, expected) => {
    const expectedPlan = await digestOf(expected)
    const report = await runAgainstSimulator({ task: { desired, expectedPlan } })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.requests).toEqual(['GET 200'])
    expect(report.outcome.plan?.digest).not.toBe(expectedPlan)
    expect(report.outcome.message).toContain(expectedPlan)
  })

  test.each(OTHERS)('%s is red in a dry run too', async (_, desired, expected) => {
    const report = await runAgainstSimulator({
      task: { desired, mode: 'plan', expectedPlan: await digestOf(expected) },
    })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
  })

  test('an empty plan satisfies every one', async () => {
    const report = await runAgainstSimulator({ task: { desired: { cpu: '4' }, expectedPlan: 'sha256:0' } })
    expect(endOf(report)).toEqual(['unchanged', undefined, false])
    const dry = await runAgainstSimulator({ task: { desired: { cpu: '4' }, expectedPlan: 'sha256:0', mode: 'plan' } })
    expect(endOf(dry)).toEqual(['planned', undefined, false])
  })

  test('one that was right at first, but not once the cluster was free', async () => {
    const expectedPlan = await digestOf({ task: SCALE })
    const report = await runAgainstSimulator({
      task: { ...SCALE, expectedPlan },
      server: busy(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6' } })),
    })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.patches).toEqual([])
    expect(report.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
  })

  test('a plan that shrank while the cluster was busy is another one', async () => {
    const desired = { cpu: '8', memory: '32Gi' }
    const expectedPlan = await digestOf({ task: { desired } })
    const report = await runAgainstSimulator({
      task: { desired, expectedPlan },
      server: busy(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { memory: '32Gi' } })),
    })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.patches).toEqual([])
  })
})

describe('only-between', () => {
  const windowOf = (text: string, timezone = 'UTC'): TimeWindow => {
    const window = parseWindow(text, timezone)
    if (window === undefined) throw new Error(`no time window: ${text}`)
    return window
  }
  const at = (hour: number, minute = 0, second = 0) =>
    new VirtualClock({ wallStartMs: Date.UTC(2026, 10, 2, hour, minute, second) })

  test.each([
    ['20:00-06:00', 'UTC', 9, 0],
    ['20:00-06:00', 'UTC', 6, 0],
    ['09:01-10:00', 'UTC', 9, 0],
    ['08:00-10:00', 'Europe/Berlin', 9, 0],
    ['08:00-10:00', 'Asia/Kolkata', 4, 30],
  ])('%s in %s is closed at %i:%i UTC: not one request', async (text, timezone, hour, minute) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf(text, timezone) },
      clock: at(hour, minute),
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.requests).toEqual([])
    expect(report.outcome.message).toContain(text)
    expect(report.outcome.message).toContain(timezone)
  })

  test.each([
    ['20:00-06:00', 'UTC', 20, 0],
    ['20:00-06:00', 'UTC', 5, 59],
    ['09:00-09:01', 'UTC', 9, 0],
    ['08:00-10:00', 'Europe/Berlin', 8, 59],
    ['08:00-10:00', 'Asia/Kolkata', 4, 29],
  ])('%s in %s is open at %i:%i UTC', async (text, timezone, hour, minute) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf(text, timezone) },
      clock: at(hour, minute),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('closed while the cluster was busy: skipped, nothing sent', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 58),
      server: busy(5 * MINUTE),
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.patches).toEqual([])
    expect(report.requests.length).toBeGreaterThan(5)
    expect(report.outcome.message).toMatch(/[Nn]othing was sent/)
    expect(report.outcome.wouldChange).toBe(true)
  })

  test.each([
    ['a 412', { kind: 'status', status: 412 } as const],
    ['a 429', { kind: 'status', status: 429, headers: { 'retry-after': '90' } } as const],
  ])('closed after %s: skipped, nothing changed', async (_, fault) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, fault)
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'delay', ms: 20_000 })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }),
        )
      },
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.patches).toHaveLength(1)
  })

  test('closed after a lost answer: no second PATCH, and no green ending while nobody knows', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'hang' }),
    })
    expect(report.patches).toHaveLength(1)
    expect(report.outcome.changed).toBe(true)
    expect(report.outcome.result).toBe('failed')
    expect(report.outcome.message).toMatch(/only-between/)
  })

  test('closed after a lost answer that had landed: the wait goes on', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'hang', applied: true }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('closed while waiting for proof: the wait goes on', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('is read from the wall clock at each PATCH, not from the time that passed', async () => {
    const clock = at(9, 0)
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock,
      server: busy(10_000),
      arrange: (simulator) =>
        simulator.on({ method: 'GET' }, () => {
          // The machine's clock is set.
          clock.wallMs = () => Date.UTC(2026, 10, 2, 10)
        }),
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.patches).toEqual([])
  })
})

describe('phases at the start', () => {
  test('Degraded is a warning, and the PATCH goes: it may be the cure', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: { clusters: [{ phase: 'Degraded' }] } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/Degraded/)])
  })

  test('Degraded with nothing to change is not called unchanged', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { cpu: '4' } },
      server: { clusters: [{ phase: 'Degraded' }] },
    })
    expect(endOf(report)).toEqual(['failed', 'degraded', false])
    expect(report.patches).toEqual([])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(5 * MINUTE)
  })

  test('Degraded in a dry run is a warning', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'plan' },
      server: { clusters: [{ phase: 'Degraded' }] },
    })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/Degraded/)])
  })

  test.each(['apply', 'plan'] as const)('an unknown phase is said once and planned on: mode %s', async (mode) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode },
      server: { clusters: [{ phase: 'Hibernating' }] },
    })
    expect(report.outcome.reason).toBeUndefined()
    expect(patchRequestsOf(report)).toEqual(mode === 'apply' ? ['PATCH 200'] : [])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/Hibernating/)])
  })

  test.each(['apply', 'plan'] as const)('no phase is said once and planned on: mode %s', async (mode) => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode }, arrange: hide('status', 1, 2) })
    expect(report.outcome.reason).toBeUndefined()
    expect(patchRequestsOf(report)).toEqual(mode === 'apply' ? ['PATCH 200'] : [])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/no phase/)])
  })

  describe.each(['Terminating', 'Deleting'])('%s', (phase) => {
    test.each(['apply', 'plan', 'verify'] as const)('is the end in mode %s', async (mode) => {
      const report = await runAgainstSimulator({ task: { ...SCALE, mode }, server: { clusters: [{ phase }] } })
      expect(endOf(report)).toEqual(['failed', 'deleted', false])
      expect(report.requests).toEqual(['GET 200'])
    })
  })
})

describe('mode plan', () => {
  test('one read, nothing written, the plan in full', async () => {
    const report = await runAgainstSimulator({
      task: { mode: 'plan', desired: { version: '1.32', cpu: '8', alerts: { mail: 'x' } } },
    })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.requests).toEqual(['GET 200'])
    expect(report.outcome.plan?.edits).toEqual([
      { field: 'version', from: '1.31', to: '1.32' },
      { field: 'cpu', from: '4', to: '8' },
      { field: 'alerts.mail' },
    ])
    expect(report.outcome.wouldChange).toBe(true)
    expect(report.clock.slept).toEqual([])
  })

  test('nothing to change is planned, too', async () => {
    const report = await runAgainstSimulator({ task: { mode: 'plan', desired: { cpu: '4000m', version: '1.31' } } })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.outcome.wouldChange).toBe(false)
    expect(report.outcome.plan?.edits).toEqual([])
  })
})

describe('mode verify', () => {
  const verify = { ...UPGRADE, mode: 'verify' } as const

  test('what is there and settled is converged, and nothing is written', async () => {
    const report = await runAgainstSimulator({ task: verify, server: { clusters: [{ version: '1.32' }] } })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.requests.filter((request) => request !== 'GET 200')).toEqual([])
  })

  test('what an earlier step started is waited for', async () => {
    const report = await runAgainstSimulator({
      task: verify,
      arrange: (simulator) => simulator.patchAs('earlier step', CLUSTER, { version: '1.32' }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(report.patches).toEqual([])
  })

  test('what never comes is timed out, saying what is missing', async () => {
    const report = await runAgainstSimulator({ task: { ...verify, timeoutMs: MINUTE } })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
    expect(report.outcome.message).toMatch(/v1\.31\.9, not 1\.32/)
    expect(report.patches).toEqual([])
  })

  test('without any change it waits for the cluster to settle', async () => {
    const report = await runAgainstSimulator({ task: { mode: 'verify' }, server: busy(MINUTE) })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(MINUTE)
  })

  test('guardrails and expected plans are for those who write', async () => {
    const report = await runAgainstSimulator({
      task: {
        mode: 'verify',
        desired: { cpu: '4' },
        guardrails: { ...NO_GUARDRAILS, max: { cpu: '2' } },
        expectedPlan: 'sha256:0',
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, false])
  })
})

describe('wait: false', () => {
  const start = { ...SCALE, wait: false }

  test('ends with the PATCH', async () => {
    const report = await runAgainstSimulator({ task: start })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(report.requests).toEqual(['GET 200', 'PATCH 200'])
    expect(report.outcome.last?.generation).toBe(8)
    expect(report.outcome.etag).toBe('"294811"')
    expect(report.outcome.requestId).toBe('sim-0002')
    expect(report.outcome.evidence).toBeUndefined()
  })

  test('after an empty answer it ends with one read', async () => {
    const report = await runAgainstSimulator({ task: start, server: { emptyPatchAnswer: true } })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(report.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200'])
    expect(report.outcome.last?.resources.cpu).toBe('8')
    expect(report.outcome.etag).toBe('"294811"')
  })

  test('after an empty answer that read may be of a cluster that is being deleted', async () => {
    const report = await runAgainstSimulator({
      task: start,
      server: { emptyPatchAnswer: true },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.deleteCluster(CLUSTER, { terminatingMs: MINUTE }),
        ),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', true])
  })

  test('nothing to change and settled is unchanged', async () => {
    const report = await runAgainstSimulator({ task: { desired: { cpu: '4' }, wait: false } })
    expect(endOf(report)).toEqual(['unchanged', undefined, false])
  })

  test('nothing to change and not settled is accepted, not unchanged', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, wait: false },
      arrange: (simulator) => simulator.patchAs('earlier step', CLUSTER, { version: '1.32' }),
    })
    expect(endOf(report)).toEqual(['accepted', undefined, false])
    expect(report.patches).toEqual([])
  })

  test('a busy cluster is waited for all the same', async () => {
    const report = await runAgainstSimulator({ task: start, server: busy(MINUTE) })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(MINUTE)
  })
})

describe('what the server makes of a PATCH', () => {
  test('a refusal is shown in its own words', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.36' }, guardrails: { ...NO_GUARDRAILS, allowVersionSkip: true } },
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', false])
    expect(report.outcome.message).toMatch(/supported versions: .*1\.32\.3/)
    expect(report.outcome.requestId).toBe('sim-0002')
  })

  test('another value than asked for is rejected, naming both', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: { clamp: { cpu: '6' } } })
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toMatch(/cpu.*8.*6/)
  })

  test('the same value in other words is none other', async () => {
    const respell = (_: string, asked: string) => (asked === '8' ? '8000m' : asked)
    const report = await runAgainstSimulator({ task: SCALE, server: { respell } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('an old object in its answer is only late', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'old-object' }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.warnings).toEqual([])
  })

  test('a value that it clears without being asked is a warning', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { resourcesMode: 'replace', etags: false },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.warnings.join('\n')).toMatch(/memory.*16Gi/)
    expect(report.outcome.warnings.join('\n')).toMatch(/storage.*100Gi/)
  })
})
