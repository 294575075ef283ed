import { describe, expect, test } from '@jest/globals'
import type { Task } from '../../src/domain/task.js'
import { parseWindow, type TimeWindow } from '../../src/domain/window.js'
import { NO_GUARDRAILS, type Story, type Told, tell, VirtualClock } from '../support/runs.js'
import { endOf, hide, MINUTE, NAME, patchesOf, SCALE, UPGRADE } from '../support/tasks.js'

const SCALED = { cpu: '8', memory: '16Gi', storage: '100Gi' }

/** A server whose cluster is busy with something of somebody else's. */
const busy = (busyForMs: number, phase = 'Upgrading') => ({ clusters: [{ phase, busyForMs }] })

const warningsIn = ({ log }: Told) => log.filter((line) => line.startsWith('warning '))

const digestFor = async (story: Story) =>
  (await tell({ ...story, task: { ...story.task, mode: 'plan' } })).outcome.plan?.digest ?? 'none'

describe('refusals', () => {
  const guarded = (overrides: Partial<Task['guardrails']>) => ({ ...NO_GUARDRAILS, ...overrides })

  const REFUSED: [name: string, story: Story, refusals: object[], permit: Partial<Task['guardrails']>][] = [
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
    test.each(REFUSED)('%s', async (_, story, refusals) => {
      const told = await tell({ ...story, task: { ...story.task, mode } })
      expect(endOf(told)).toEqual(['failed', 'refused', false])
      expect(told.requests).toEqual(['GET 200'])
      expect(told.outcome.plan?.refusals).toMatchObject(refusals)
      expect(told.outcome.plan?.refusals).toHaveLength(refusals.length)
      expect(told.outcome.plan?.edits).toHaveLength(Object.keys(story.task?.desired ?? {}).length)
      expect(told.outcome.wouldChange).toBe(true)
      for (const { reason } of told.outcome.plan?.refusals ?? []) expect(told.outcome.message).toContain(reason)
    })
  })

  test.each(REFUSED)('%s, permitted', async (_, story, __, permit) => {
    const told = await tell({ ...story, task: { ...story.task, guardrails: guarded(permit) } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test.each(['apply', 'plan', 'verify'] as const)('bounds of what is there already: mode %s', async (mode) => {
    const task = { desired: { cpu: '4' }, guardrails: guarded({ max: { cpu: '2' } }), mode }
    const isRed = async (given: Partial<Task>) => (await tell({ task: given })).outcome.reason !== undefined
    // A pull request's check is red when the apply would be, and only then.
    if (mode !== 'verify') expect(await isRed(task)).toBe(await isRed({ ...task, mode: 'apply' }))
    else expect(await isRed(task)).toBe(false)
  })

  test('of a plan made after a wait for a busy cluster', async () => {
    const told = await tell({
      task: { desired: { version: '1.32' } },
      server: { ...busy(20_000), upgradeMs: 5_000 },
      arrange: (simulator) => simulator.at(5_000, () => simulator.patchAs('rival', NAME, { version: '1.33' })),
    })
    expect(endOf(told)).toEqual(['failed', 'refused', false])
    expect(told.patches).toEqual([])
    expect(told.outcome.plan?.refusals).toMatchObject([{ rule: 'downgrade', from: '1.33', to: '1.32' }])
  })
})

describe('a busy cluster', () => {
  test.each(['Pending', 'Provisioning', 'Upgrading'])('%s is waited for', async (phase) => {
    const told = await tell({ task: SCALE, server: busy(3 * MINUTE, phase) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    const [patchMs = 0] = told.simulator.requests.filter(({ method }) => method === 'PATCH').map(({ at }) => at)
    expect(patchMs).toBeGreaterThanOrEqual(3 * MINUTE)
    expect(patchMs).toBeLessThan(3 * MINUTE + 14_000)
    expect(told.outcome.timeline.map(({ phase: name }) => name)).toEqual([phase, 'Running'])
  })

  test.each(['Pending', 'Provisioning', 'Upgrading'])('%s with on-busy: fail', async (phase) => {
    const told = await tell({ task: { ...SCALE, onBusy: 'fail' }, server: busy(3 * MINUTE, phase) })
    expect(endOf(told)).toEqual(['failed', 'busy', false])
    expect(told.requests).toEqual(['GET 200'])
    expect(told.outcome.message).toMatch(/Nothing was sent/)
  })

  test('the plan is made from the read that shows it free, and sent with its ETag', async () => {
    const told = await tell({
      task: SCALE,
      server: { ...busy(30_000), statusWriteEveryMs: 700 },
      arrange: (simulator) => {
        simulator.at(10_000, () => simulator.patchAs('rival', NAME, { resources: { cpu: '6', memory: '24Gi' } }))
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 200'])
    expect(told.patches[0]?.body).toEqual({ resources: { ...SCALED, memory: '24Gi' } })
    expect(told.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
    expect(told.outcome.first?.resources.cpu).toBe('4')
  })

  test('that is as asked once it is free needs no PATCH', async () => {
    const told = await tell({
      task: SCALE,
      server: busy(30_000),
      arrange: (simulator) => simulator.at(10_000, () => simulator.patchAs('rival', NAME, { resources: { cpu: '8' } })),
    })
    expect(told.outcome.changed).toBe(false)
    expect(['unchanged', 'converged']).toContain(told.outcome.result)
    expect(told.patches).toEqual([])
  })

  test('that stays busy to the deadline: timed out, and nothing was sent', async () => {
    const told = await tell({ task: SCALE, server: busy(60 * MINUTE) })
    expect(endOf(told)).toEqual(['timed-out', 'busy', false])
    expect(told.outcome.message).toMatch(/Upgrading/)
    expect(told.outcome.message).toMatch(/[Nn]othing was sent/)
    expect(told.outcome.durationMs).toBe(30 * MINUTE)
    expect(told.patches).toEqual([])
  })

  test('that turns Degraded is free for the cure', async () => {
    const told = await tell({
      task: SCALE,
      server: busy(60 * MINUTE),
      arrange: (simulator) =>
        simulator.at(20_000, () => {
          simulator.freeze(NAME)
          simulator.setStatus(NAME, { phase: 'Degraded' })
        }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(warningsIn(told).join('\n')).toMatch(/Degraded/)
  })

  test('that is deleted meanwhile', async () => {
    const told = await tell({
      task: SCALE,
      server: busy(60 * MINUTE),
      arrange: (simulator) => simulator.at(20_000, () => simulator.deleteCluster(NAME, { terminatingMs: MINUTE })),
    })
    expect(endOf(told)).toEqual(['failed', 'deleted', false])
    expect(told.patches).toEqual([])
  })

  test('whose name goes to a new cluster meanwhile', async () => {
    const told = await tell({
      task: SCALE,
      server: busy(60 * MINUTE),
      arrange: (simulator) => simulator.at(20_000, () => simulator.recreate(NAME)),
    })
    expect(endOf(told)).toEqual(['failed', 'deleted', false])
    expect(told.outcome.message).toMatch(/new cluster/)
    expect(told.patches).toEqual([])
  })

  describe.each(['resources', 'version'])('seen free by a read without the %s that earlier reads showed', (field) => {
    const task = { desired: { version: '1.32', cpu: '8' } }
    const server = { ...busy(5_000), resourcesMode: 'replace' } as const

    test('is not planned for from that read: what others own survives', async () => {
      // The 4th read is the first that shows the cluster free.
      const told = await tell({ task, server, arrange: hide(field, 4) })
      expect(endOf(told)).toEqual(['converged', undefined, true])
      expect(told.simulator.cluster(NAME)).toMatchObject({ version: '1.32', resources: SCALED })
    })

    test('is in no conflict with a later read that shows it again', async () => {
      const told = await tell({
        task,
        server,
        arrange: (simulator) => {
          hide(field, 4)(simulator)
          simulator.on({ method: 'PATCH' }, () => simulator.setStatus(NAME, { metrics: { sampledAt: 1 } }))
        },
      })
      expect(endOf(told)).toEqual(['converged', undefined, true])
    })
  })

  test('is a warning in a dry run', async () => {
    const told = await tell({ task: { ...SCALE, mode: 'plan', onBusy: 'fail' }, server: busy(MINUTE) })
    expect(endOf(told)).toEqual(['planned', undefined, false])
    expect(told.requests).toEqual(['GET 200'])
    expect(warningsIn(told).join('\n')).toMatch(/Upgrading/)
  })
})

describe('a cluster on its way to the very target', () => {
  const moving = {
    clusters: [{ version: '1.32', kubernetesVersion: 'v1.31.9', phase: 'Upgrading', busyForMs: MINUTE }],
  }

  test.each(['wait', 'fail'] as const)('is joined, with on-busy: %s', async (onBusy) => {
    const told = await tell({ task: { ...UPGRADE, onBusy }, server: moving })
    expect(endOf(told)).toEqual(['converged', undefined, false])
    expect(told.patches).toEqual([])
    expect(told.outcome.wouldChange).toBe(false)
    expect(told.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(told.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
  })

  test('without waiting: accepted, though not by us', async () => {
    const told = await tell({ task: { ...UPGRADE, wait: false }, server: moving })
    expect(endOf(told)).toEqual(['accepted', undefined, false])
    expect(told.requests).toEqual(['GET 200'])
  })

  test('that never arrives: timed out', async () => {
    const told = await tell({ task: { ...UPGRADE, timeoutMs: MINUTE / 2 }, server: moving })
    expect(endOf(told)).toEqual(['timed-out', 'timeout', false])
  })

  test('but not to all of it is waited for, and then sent the rest', async () => {
    const told = await tell({ task: { desired: { version: '1.32', cpu: '8' } }, server: moving })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches.map(({ body }) => body)).toEqual([{ resources: SCALED }])
  })
})

describe('expected-plan', () => {
  test('the same plan is sent', async () => {
    const expectedPlan = await digestFor({ task: SCALE })
    const told = await tell({ task: { ...SCALE, expectedPlan } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test('the same plan in other words, on a cluster whose status moved, is sent', async () => {
    const expectedPlan = await digestFor({ task: { desired: { memory: '32Gi', cpu: '8' } } })
    const told = await tell({
      task: { desired: { cpu: '8000m', memory: '32768Mi' }, expectedPlan },
      server: { clusters: [{ resources: { cpu: '4000m', memory: '16Gi', storage: '200Gi' } }] },
      arrange: (simulator) => simulator.setStatus(NAME, { metrics: { sampledAt: 1 } }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  const OTHERS: [name: string, desired: Task['desired'], expected: Story][] = [
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
    const expectedPlan = await digestFor(expected)
    const told = await tell({ task: { desired, expectedPlan } })
    expect(endOf(told)).toEqual(['failed', 'plan-changed', false])
    expect(told.requests).toEqual(['GET 200'])
    expect(told.outcome.plan?.digest).not.toBe(expectedPlan)
    expect(told.outcome.message).toContain(expectedPlan)
  })

  test.each(OTHERS)('%s is red in a dry run too', async (_, desired, expected) => {
    const told = await tell({ task: { desired, mode: 'plan', expectedPlan: await digestFor(expected) } })
    expect(endOf(told)).toEqual(['failed', 'plan-changed', false])
  })

  test('an empty plan satisfies every one', async () => {
    const told = await tell({ task: { desired: { cpu: '4' }, expectedPlan: 'sha256:0' } })
    expect(endOf(told)).toEqual(['unchanged', undefined, false])
    const dry = await tell({ task: { desired: { cpu: '4' }, expectedPlan: 'sha256:0', mode: 'plan' } })
    expect(endOf(dry)).toEqual(['planned', undefined, false])
  })

  test('one that was right at first, but not once the cluster was free', async () => {
    const expectedPlan = await digestFor({ task: SCALE })
    const told = await tell({
      task: { ...SCALE, expectedPlan },
      server: busy(30_000),
      arrange: (simulator) => simulator.at(10_000, () => simulator.patchAs('rival', NAME, { resources: { cpu: '6' } })),
    })
    expect(endOf(told)).toEqual(['failed', 'plan-changed', false])
    expect(told.patches).toEqual([])
    expect(told.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
  })

  test('a plan that shrank while the cluster was busy is another one', async () => {
    const desired = { cpu: '8', memory: '32Gi' }
    const expectedPlan = await digestFor({ task: { desired } })
    const told = await tell({
      task: { desired, expectedPlan },
      server: busy(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', NAME, { resources: { memory: '32Gi' } })),
    })
    expect(endOf(told)).toEqual(['failed', 'plan-changed', false])
    expect(told.patches).toEqual([])
  })
})

describe('only-between', () => {
  const windowOf = (text: string, timezone = 'UTC'): TimeWindow => {
    const window = parseWindow(text, timezone)
    if (window === undefined) throw new Error(`no time window: ${text}`)
    return window
  }
  const at = (hour: number, minute = 0, second = 0) => new VirtualClock(Date.UTC(2026, 10, 2, hour, minute, second))

  test.each([
    ['20:00-06:00', 'UTC', 9, 0],
    ['20:00-06:00', 'UTC', 6, 0],
    ['09:01-10:00', 'UTC', 9, 0],
    ['08:00-10:00', 'Europe/Berlin', 9, 0],
    ['08:00-10:00', 'Asia/Kolkata', 4, 30],
  ])('%s in %s is closed at %i:%i UTC: not one request', async (text, timezone, hour, minute) => {
    const told = await tell({ task: { ...SCALE, window: windowOf(text, timezone) }, clock: at(hour, minute) })
    expect(endOf(told)).toEqual(['skipped', undefined, false])
    expect(told.requests).toEqual([])
    expect(told.outcome.message).toContain(text)
    expect(told.outcome.message).toContain(timezone)
  })

  test.each([
    ['20:00-06:00', 'UTC', 20, 0],
    ['20:00-06:00', 'UTC', 5, 59],
    ['09:00-09:01', 'UTC', 9, 0],
    ['08:00-10:00', 'Europe/Berlin', 8, 59],
    ['08:00-10:00', 'Asia/Kolkata', 4, 29],
  ])('%s in %s is open at %i:%i UTC', async (text, timezone, hour, minute) => {
    const told = await tell({ task: { ...SCALE, window: windowOf(text, timezone) }, clock: at(hour, minute) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test('closed while the cluster was busy: skipped, nothing sent', async () => {
    const told = await tell({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 58),
      server: busy(5 * MINUTE),
    })
    expect(endOf(told)).toEqual(['skipped', undefined, false])
    expect(told.patches).toEqual([])
    expect(told.requests.length).toBeGreaterThan(5)
    expect(told.outcome.message).toMatch(/[Nn]othing was sent/)
    expect(told.outcome.wouldChange).toBe(true)
  })

  test.each([
    ['a 412', { kind: 'status', status: 412 } as const],
    ['a 429', { kind: 'status', status: 429, headers: { 'retry-after': '90' } } as const],
  ])('closed after %s: skipped, nothing changed', async (_, fault) => {
    const told = await tell({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, fault)
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'delay', ms: 20_000 })
        simulator.on({ method: 'PATCH', when: 'after' }, () => simulator.setStatus(NAME, { metrics: { sampledAt: 1 } }))
      },
    })
    expect(endOf(told)).toEqual(['skipped', undefined, false])
    expect(told.patches).toHaveLength(1)
  })

  test('closed after a lost answer: no second PATCH, and no green ending while nobody knows', async () => {
    const told = await tell({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'hang' }),
    })
    expect(told.patches).toHaveLength(1)
    expect(told.outcome.changed).toBe(true)
    expect(told.outcome.result).toBe('failed')
    expect(told.outcome.message).toMatch(/only-between/)
  })

  test('closed after a lost answer that had landed: the wait goes on', async () => {
    const told = await tell({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'hang', applied: true }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test('closed while waiting for proof: the wait goes on', async () => {
    const told = await tell({ task: { ...UPGRADE, window: windowOf('08:00-10:00') }, clock: at(9, 59, 59) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test('is read from the wall clock at each PATCH, not from the time that passed', async () => {
    const clock = at(9, 0)
    const told = await tell({
      task: { ...SCALE, window: windowOf('08:00-10:00') },
      clock,
      server: busy(10_000),
      arrange: (simulator) =>
        simulator.on({ method: 'GET' }, () => {
          // The machine's clock is set.
          clock.wallMs = () => Date.UTC(2026, 10, 2, 10)
        }),
    })
    expect(endOf(told)).toEqual(['skipped', undefined, false])
    expect(told.patches).toEqual([])
  })
})

describe('phases at the start', () => {
  test('Degraded is a warning, and the PATCH goes: it may be the cure', async () => {
    const told = await tell({ task: SCALE, server: { clusters: [{ phase: 'Degraded' }] } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(warningsIn(told)).toEqual([expect.stringMatching(/Degraded/)])
  })

  test('Degraded with nothing to change is not called unchanged', async () => {
    const told = await tell({ task: { desired: { cpu: '4' } }, server: { clusters: [{ phase: 'Degraded' }] } })
    expect(endOf(told)).toEqual(['failed', 'degraded', false])
    expect(told.patches).toEqual([])
    expect(told.outcome.durationMs).toBeGreaterThanOrEqual(5 * MINUTE)
  })

  test('Degraded in a dry run is a warning', async () => {
    const told = await tell({ task: { ...SCALE, mode: 'plan' }, server: { clusters: [{ phase: 'Degraded' }] } })
    expect(endOf(told)).toEqual(['planned', undefined, false])
    expect(warningsIn(told)).toEqual([expect.stringMatching(/Degraded/)])
  })

  test.each(['apply', 'plan'] as const)('an unknown phase is said once and planned on: mode %s', async (mode) => {
    const told = await tell({ task: { ...SCALE, mode }, server: { clusters: [{ phase: 'Hibernating' }] } })
    expect(told.outcome.reason).toBeUndefined()
    expect(patchesOf(told)).toEqual(mode === 'apply' ? ['PATCH 200'] : [])
    expect(warningsIn(told)).toEqual([expect.stringMatching(/Hibernating/)])
  })

  test.each(['apply', 'plan'] as const)('no phase is said once and planned on: mode %s', async (mode) => {
    const told = await tell({ task: { ...SCALE, mode }, arrange: hide('status', 1, 2) })
    expect(told.outcome.reason).toBeUndefined()
    expect(patchesOf(told)).toEqual(mode === 'apply' ? ['PATCH 200'] : [])
    expect(warningsIn(told)).toEqual([expect.stringMatching(/no phase/)])
  })

  describe.each(['Terminating', 'Deleting'])('%s', (phase) => {
    test.each(['apply', 'plan', 'verify'] as const)('is the end in mode %s', async (mode) => {
      const told = await tell({ task: { ...SCALE, mode }, server: { clusters: [{ phase }] } })
      expect(endOf(told)).toEqual(['failed', 'deleted', false])
      expect(told.requests).toEqual(['GET 200'])
    })
  })
})

describe('mode plan', () => {
  test('one read, nothing written, the plan in full', async () => {
    const told = await tell({ task: { mode: 'plan', desired: { version: '1.32', cpu: '8', alerts: { mail: 'x' } } } })
    expect(endOf(told)).toEqual(['planned', undefined, false])
    expect(told.requests).toEqual(['GET 200'])
    expect(told.outcome.plan?.edits).toEqual([
      { field: 'version', from: '1.31', to: '1.32' },
      { field: 'cpu', from: '4', to: '8' },
      { field: 'alerts.mail' },
    ])
    expect(told.outcome.wouldChange).toBe(true)
    expect(told.clock.slept).toEqual([])
  })

  test('nothing to change is planned, too', async () => {
    const told = await tell({ task: { mode: 'plan', desired: { cpu: '4000m', version: '1.31' } } })
    expect(endOf(told)).toEqual(['planned', undefined, false])
    expect(told.outcome.wouldChange).toBe(false)
    expect(told.outcome.plan?.edits).toEqual([])
  })
})

describe('mode verify', () => {
  const verify = { ...UPGRADE, mode: 'verify' } as const

  test('what is there and settled is converged, and nothing is written', async () => {
    const told = await tell({ task: verify, server: { clusters: [{ version: '1.32' }] } })
    expect(endOf(told)).toEqual(['converged', undefined, false])
    expect(told.requests.filter((request) => request !== 'GET 200')).toEqual([])
  })

  test('what an earlier step started is waited for', async () => {
    const told = await tell({
      task: verify,
      arrange: (simulator) => simulator.patchAs('earlier step', NAME, { version: '1.32' }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, false])
    expect(told.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(told.patches).toEqual([])
  })

  test('what never comes is timed out, saying what is missing', async () => {
    const told = await tell({ task: { ...verify, timeoutMs: MINUTE } })
    expect(endOf(told)).toEqual(['timed-out', 'timeout', false])
    expect(told.outcome.message).toMatch(/v1\.31\.9, not 1\.32/)
    expect(told.patches).toEqual([])
  })

  test('without any change it waits for the cluster to settle', async () => {
    const told = await tell({ task: { mode: 'verify' }, server: busy(MINUTE) })
    expect(endOf(told)).toEqual(['converged', undefined, false])
    expect(told.outcome.durationMs).toBeGreaterThanOrEqual(MINUTE)
  })

  test('guardrails and expected plans are for those who write', async () => {
    const told = await tell({
      task: {
        mode: 'verify',
        desired: { cpu: '4' },
        guardrails: { ...NO_GUARDRAILS, max: { cpu: '2' } },
        expectedPlan: 'sha256:0',
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, false])
  })
})

describe('wait: false', () => {
  const start = { ...SCALE, wait: false }

  test('ends with the PATCH', async () => {
    const told = await tell({ task: start })
    expect(endOf(told)).toEqual(['accepted', undefined, true])
    expect(told.requests).toEqual(['GET 200', 'PATCH 200'])
    expect(told.outcome.last?.generation).toBe(8)
    expect(told.outcome.etag).toBe('"294811"')
    expect(told.outcome.requestId).toBe('sim-0002')
    expect(told.outcome.evidence).toBeUndefined()
  })

  test('after an empty answer it ends with one read', async () => {
    const told = await tell({ task: start, server: { emptyPatchAnswer: true } })
    expect(endOf(told)).toEqual(['accepted', undefined, true])
    expect(told.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200'])
    expect(told.outcome.last?.resources.cpu).toBe('8')
    expect(told.outcome.etag).toBe('"294811"')
  })

  test('after an empty answer that read may be of a cluster that is being deleted', async () => {
    const told = await tell({
      task: start,
      server: { emptyPatchAnswer: true },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.deleteCluster(NAME, { terminatingMs: MINUTE }),
        ),
    })
    expect(endOf(told)).toEqual(['failed', 'deleted', true])
  })

  test('nothing to change and settled is unchanged', async () => {
    const told = await tell({ task: { desired: { cpu: '4' }, wait: false } })
    expect(endOf(told)).toEqual(['unchanged', undefined, false])
  })

  test('nothing to change and not settled is accepted, not unchanged', async () => {
    const told = await tell({
      task: { ...UPGRADE, wait: false },
      arrange: (simulator) => simulator.patchAs('earlier step', NAME, { version: '1.32' }),
    })
    expect(endOf(told)).toEqual(['accepted', undefined, false])
    expect(told.patches).toEqual([])
  })

  test('a busy cluster is waited for all the same', async () => {
    const told = await tell({ task: start, server: busy(MINUTE) })
    expect(endOf(told)).toEqual(['accepted', undefined, true])
    expect(told.outcome.durationMs).toBeGreaterThanOrEqual(MINUTE)
  })
})

describe('what the server makes of a PATCH', () => {
  test('a refusal is shown in its own words', async () => {
    const told = await tell({
      task: { desired: { version: '1.36' }, guardrails: { ...NO_GUARDRAILS, allowVersionSkip: true } },
    })
    expect(endOf(told)).toEqual(['failed', 'rejected', false])
    expect(told.outcome.message).toMatch(/supported versions: .*1\.32\.3/)
    expect(told.outcome.requestId).toBe('sim-0002')
  })

  test('another value than asked for is rejected, naming both', async () => {
    const told = await tell({ task: SCALE, server: { clamp: { cpu: '6' } } })
    expect(endOf(told)).toEqual(['failed', 'rejected', true])
    expect(told.outcome.message).toMatch(/cpu.*8.*6/)
  })

  test('the same value in other words is none other', async () => {
    const respell = (_: string, asked: string) => (asked === '8' ? '8000m' : asked)
    const told = await tell({ task: SCALE, server: { respell } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test('an old object in its answer is only late', async () => {
    const told = await tell({
      task: UPGRADE,
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'old-object' }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.outcome.warnings).toEqual([])
  })

  test('a value that it clears without being asked is a warning', async () => {
    const told = await tell({
      task: SCALE,
      server: { resourcesMode: 'replace', etags: false },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.outcome.warnings.join('\n')).toMatch(/memory.*16Gi/)
    expect(told.outcome.warnings.join('\n')).toMatch(/storage.*100Gi/)
  })
})
