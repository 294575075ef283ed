import { describe, expect, test } from '@jest/globals'
import { Simulator, type SpecPatch } from '../../simulator/simulator.js'
import type { Task } from '../../src/domain/task.js'
import { race, SharedTime, seeded } from '../support/races.js'
import { type Story, type Told, tell, VirtualClock } from '../support/runs.js'
import { endOf, MINUTE, NAME, patchesOf, SCALE } from '../support/tasks.js'

const SCALED = { cpu: '8', memory: '16Gi', storage: '100Gi' }

/** Someone else writes just before our nth PATCH arrives. */
function rival(patch: SpecPatch, nth = 1, times = 1): (simulator: Simulator) => void {
  return (simulator) => simulator.on({ method: 'PATCH', nth, times }, () => simulator.patchAs('rival', NAME, patch))
}

/** The operator writes to the status just before our PATCHes arrive, which moves the ETag and nothing else. */
function statusWrites(times: number): (simulator: Simulator) => void {
  return (simulator) =>
    simulator.on({ method: 'PATCH', times }, () =>
      simulator.setStatus(NAME, { metrics: { sampledAt: simulator.requests.length } }),
    )
}

function writersOf({ simulator }: Told): string[] {
  return simulator
    .cluster(NAME)
    .history.filter(({ kind }) => kind === 'spec')
    .map(({ writer }) => writer)
}

describe('only the status moved', () => {
  test('the PATCH is planned anew and sent with the new ETag', async () => {
    const told = await tell({ task: SCALE, arrange: statusWrites(1) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.requests.slice(0, 4)).toEqual(['GET 200', 'PATCH 412', 'GET 200', 'PATCH 200'])
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"'])
    expect(told.patches[1]?.body).toEqual({ resources: SCALED })
    expect(told.simulator.cluster(NAME).resources).toEqual(SCALED)
  })

  test.each(['bare', 'weak'] as const)('an ETag in %s style is sent back byte for byte', async (etagStyle) => {
    const told = await tell({ task: SCALE, server: { etagStyle }, arrange: statusWrites(1) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    const [first, second] = etagStyle === 'bare' ? ['294810', '294811'] : ['W/"294810"', 'W/"294811"']
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual([first, second])
  })

  test('the fifth PATCH may still be the one', async () => {
    const told = await tell({ task: SCALE, arrange: statusWrites(4) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 412', 'PATCH 412', 'PATCH 412', 'PATCH 412', 'PATCH 200'])
  })

  test('no sixth PATCH, and the ending says that only the status moved', async () => {
    const told = await tell({ task: SCALE, arrange: statusWrites(Number.POSITIVE_INFINITY) })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(patchesOf(told)).toHaveLength(5)
    expect(told.outcome.message).toMatch(/5 PATCHes/)
    expect(told.outcome.message).toMatch(/only the status/)
    expect(told.outcome.hint).toMatch(/re-run is safe/)
    expect(writersOf(told)).toEqual([])
  })

  test('the pauses after 412s are a random part of 0.5 s, doubling', async () => {
    const clock = new VirtualClock()
    const told = await tell({ task: { ...SCALE, wait: false }, arrange: statusWrites(4), clock })
    expect(endOf(told)).toEqual(['accepted', undefined, true])
    expect(clock.slept).toEqual([250, 500, 1_000, 2_000])
  })
})

describe('our target is there already', () => {
  test('made by someone else: adopted, and not our change', async () => {
    const told = await tell({ task: SCALE, arrange: rival({ resources: { cpu: '8000m' } }) })
    expect(endOf(told)).toEqual(['converged', undefined, false])
    expect(patchesOf(told)).toEqual(['PATCH 412'])
    expect(writersOf(told)).toEqual(['rival'])
    expect(told.outcome.wouldChange).toBe(true)
    expect(told.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '4', to: '8' }])
  })

  test('an upgrade made by someone else is waited for', async () => {
    const told = await tell({ task: { desired: { version: '1.32' } }, arrange: rival({ version: '1.32' }) })
    expect(endOf(told)).toEqual(['converged', undefined, false])
    expect(told.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(patchesOf(told)).toEqual(['PATCH 412'])
  })

  test('without waiting it is accepted, and not our change', async () => {
    const told = await tell({ task: { ...SCALE, wait: false }, arrange: rival({ resources: { cpu: '8' } }) })
    expect(endOf(told)).toEqual(['accepted', undefined, false])
    expect(told.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200'])
  })

  test('maybe made by an earlier PATCH of ours: adopted, and maybe our change', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
        // An older replica still shows the time before it: the PATCH is repeated, and refused because of itself.
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 10_000 })
        simulator.at(1, () => undefined)
      },
      server: { generations: false },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH none', 'PATCH 412'])
  })

  test('an older replica that shows an older ETag is no proof that the lost PATCH missed', async () => {
    const clock = new VirtualClock()
    const simulator = new Simulator({ now: () => clock.nowMs() })
    clock.pass(5_000)
    simulator.setStatus(NAME, { metrics: { sampledAt: 5_000 } })
    simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
    simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 1_000 })
    const told = await tell({ task: SCALE, clock, simulator })
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294811"', '"294810"'])
    expect(patchesOf(told)).toEqual(['PATCH none', 'PATCH 412'])
    expect(writersOf(told)).toEqual(['api'])
    expect(endOf(told)).toEqual(['converged', undefined, true])
  })

  test('a cluster that is being deleted is not adopted', async () => {
    const told = await tell({
      task: { ...SCALE, wait: false },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', NAME, { resources: { cpu: '8' } })
          simulator.deleteCluster(NAME, { terminatingMs: MINUTE })
        }),
    })
    expect(endOf(told)).toEqual(['failed', 'deleted', false])
  })
})

describe('someone else changed our field', () => {
  test('conflict, with what was read, what is there and what is wanted; nothing is overwritten', async () => {
    const told = await tell({ task: SCALE, arrange: rival({ resources: { cpu: '6' } }) })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200'])
    expect(told.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '4', now: '6', wanted: '8' }])
    expect(told.outcome.message).toMatch(/cpu/)
    expect(told.outcome.hint).toMatch(/re-run is safe/)
    expect(told.simulator.cluster(NAME).resources.cpu).toBe('6')
  })

  test('one row for each field that someone else changed', async () => {
    const told = await tell({
      task: { desired: { version: '1.32', cpu: '8', memory: '32Gi', alerts: { mail: { to: 'us' }, page: 'on' } } },
      arrange: rival({ version: '1.33', resources: { memory: '24Gi' }, alerts: { mail: { to: 'them' } } }),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.outcome.conflict).toEqual([
      { field: 'version', whenRead: '1.31', now: '1.33', wanted: '1.32' },
      { field: 'memory', whenRead: '16Gi', now: '24Gi', wanted: '32Gi' },
      { field: 'alerts.mail.to', whenRead: undefined, now: undefined, wanted: undefined },
    ])
    expect(JSON.stringify(told.outcome.conflict)).not.toMatch(/us|them/)
  })

  test('to what we want, while another field of ours is still open: that is a change, too', async () => {
    const told = await tell({
      task: { desired: { cpu: '8', memory: '32Gi' } },
      arrange: rival({ resources: { cpu: '8' } }),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '4', now: '8', wanted: '8' }])
  })

  test.each<[name: string, desired: Task['desired']]>([
    ['alone', { version: '1.32.3' }],
    ['beside a field that nobody touched', { version: '1.32.3', cpu: '8' }],
  ])('to the minor of the very patch that we want: theirs all the same, %s', async (_, desired) => {
    const told = await tell({ task: { desired }, arrange: rival({ version: '1.32' }) })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.outcome.conflict).toEqual([{ field: 'version', whenRead: '1.31', now: '1.32', wanted: '1.32.3' }])
    expect(told.simulator.cluster(NAME).version).toBe('1.32')
  })

  test('only in its spelling: that is no change', async () => {
    const told = await tell({ task: SCALE, arrange: rival({ resources: { cpu: '4000m' } }) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 412', 'PATCH 200'])
  })

  test('is judged before busyness: no waiting for the upgrade that came with it', async () => {
    const told = await tell({
      task: { desired: { version: '1.32' } },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', NAME, { version: '1.33' })
          simulator.setStatus(NAME, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.outcome.last?.phase).toBe('Upgrading')
    expect(told.outcome.durationMs).toBeLessThan(1_000)
  })

  test('and on-busy: fail does not hide it either', async () => {
    const told = await tell({
      task: { desired: { version: '1.32' }, onBusy: 'fail' },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', NAME, { version: '1.33' })
          simulator.setStatus(NAME, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
  })

  test('is counted from the read that the refused PATCH was planned from, not from the first', async () => {
    const told = await tell({
      task: SCALE,
      server: { clusters: [{ phase: 'Upgrading', busyForMs: 10_000 }] },
      arrange: (simulator) => {
        simulator.at(5_000, () => simulator.patchAs('rival', NAME, { resources: { cpu: '6' } }))
        statusWrites(1)(simulator)
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(told.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
  })
})

describe('someone else changed other fields', () => {
  test('planned anew and merged: their value is kept, in the body and in truth', async () => {
    const told = await tell({ task: SCALE, arrange: rival({ resources: { memory: '24Gi' } }) })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(told.patches[1]?.body).toEqual({ resources: { ...SCALED, memory: '24Gi' } })
    expect(told.simulator.cluster(NAME).resources).toEqual({ ...SCALED, memory: '24Gi' })
    expect(told.outcome.warnings).toEqual([])
  })

  test('on a server that replaces resources, too', async () => {
    const told = await tell({
      task: SCALE,
      server: { resourcesMode: 'replace' },
      arrange: rival({ resources: { cpu: '4', memory: '24Gi', storage: '100Gi' } }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.simulator.cluster(NAME).resources).toEqual({ ...SCALED, memory: '24Gi' })
  })

  test('alerts of theirs beside alerts of ours', async () => {
    const told = await tell({
      task: { desired: { alerts: { mail: 'on' } } },
      arrange: rival({ alerts: { page: 'on' } }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.simulator.cluster(NAME).alerts).toEqual({ mail: 'on', page: 'on' })
  })

  test('an upgrade of theirs is waited for before our scale is sent again', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', NAME, { version: '1.32' })
          simulator.setStatus(NAME, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(told.patches[1]?.body).toEqual({ resources: SCALED })
    expect(told.outcome.timeline.map(({ phase }) => phase)).toEqual(['Running', 'Upgrading', 'Running'])
    expect(told.simulator.cluster(NAME)).toMatchObject({ version: '1.32', resources: SCALED })
  })

  test('the upgrade of theirs ends the run with on-busy: fail', async () => {
    const told = await tell({
      task: { ...SCALE, onBusy: 'fail' },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', NAME, { version: '1.32' })
          simulator.setStatus(NAME, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(told)).toEqual(['failed', 'busy', false])
  })

  test('again and again: five PATCHes, and no claim that only the status moved', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH', times: Number.POSITIVE_INFINITY }, () =>
          simulator.patchAs('rival', NAME, { resources: { memory: `${20 + simulator.requests.length}Gi` } }),
        ),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(patchesOf(told)).toHaveLength(5)
    expect(told.outcome.message).not.toMatch(/only the status moved/)
    expect(told.simulator.cluster(NAME).resources).toMatchObject({ cpu: '4', storage: '100Gi' })
  })

  test('a plan that guardrails refuse after the change is not sent', async () => {
    const told = await tell({
      task: { desired: { version: '1.31.12', cpu: '8' } },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => simulator.setStatus(NAME, { kubernetesVersion: 'v1.32.3' })),
    })
    expect(endOf(told)).toEqual(['failed', 'refused', false])
    expect(patchesOf(told)).toEqual(['PATCH 412'])
  })
})

describe('a read with the very ETag that was refused is stale', () => {
  test('paused and read again, and no PATCH before an ETag is new', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) => {
        statusWrites(1)(simulator)
        simulator.inject({ method: 'GET', nth: 2, times: 3 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.requests.slice(0, 7)).toEqual([
      'GET 200',
      'PATCH 412',
      'GET 200',
      'GET 200',
      'GET 200',
      'GET 200',
      'PATCH 200',
    ])
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"'])
    expect(told.clock.slept.slice(0, 4)).toEqual([250, 500, 1_000, 2_000])
  })

  test('nothing is concluded from it: the conflict shows in the read after it', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) => {
        rival({ resources: { cpu: '6' } })(simulator)
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200', 'GET 200'])
    expect(told.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '4', now: '6', wanted: '8' }])
  })

  test('one that was refused before the last one, too', async () => {
    const clock = new VirtualClock()
    const simulator = new Simulator({ now: () => clock.nowMs() })
    statusWrites(2)(simulator)
    // The replicas lag so far behind that the very first ETag comes back.
    simulator.inject({ method: 'GET', nth: 3, times: 2 }, { kind: 'stale', ms: 60_000 })
    const told = await tell({ task: SCALE, clock, simulator })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"', '"294812"'])
  })

  test('one that never ends is a conflict, without another PATCH', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) =>
        simulator.inject({ method: 'PATCH', times: Number.POSITIVE_INFINITY }, { kind: 'status', status: 412 }),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(patchesOf(told)).toEqual(['PATCH 412'])
    expect(told.requests.length).toBeLessThan(40)
  })
})

describe('on-conflict: fail', () => {
  test('a 412 is final, even where only the status moved', async () => {
    const told = await tell({ task: { ...SCALE, onConflict: 'fail' }, arrange: statusWrites(1) })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.requests).toEqual(['GET 200', 'PATCH 412'])
    expect(told.outcome.requestId).toBe('sim-0002')
  })

  test('after a lost answer the cluster is read first: our own PATCH is adopted', async () => {
    const told = await tell({
      task: { ...SCALE, onConflict: 'fail' },
      server: { generations: false },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH none', 'PATCH 412'])
  })

  test('after a lost answer that never landed, a 412 is final all the same', async () => {
    const told = await tell({
      task: { ...SCALE, onConflict: 'fail' },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset' })
        simulator.on({ method: 'PATCH', nth: 2 }, () => simulator.setStatus(NAME, { metrics: { sampledAt: 1 } }))
      },
    })
    expect(told.outcome).toMatchObject({ result: 'failed', reason: 'conflict' })
    expect(patchesOf(told)).toEqual(['PATCH none', 'PATCH 412'])
    expect(told.simulator.cluster(NAME).resources.cpu).toBe('4')
  })
})

describe('if-match', () => {
  test('is sent as it is, instead of the ETag that was read', async () => {
    const told = await tell({ task: { ...SCALE, ifMatch: '"294810"' }, arrange: (s) => s.setStatus(NAME, {}) })
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"'])
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.requests).toEqual(['GET 200', 'PATCH 412'])
  })

  test('that matches goes through', async () => {
    const told = await tell({ task: { ...SCALE, ifMatch: '"294810"' } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches).toEqual([{ body: { resources: SCALED }, ifMatch: '"294810"' }])
  })

  test('is sent where the server gives no ETag at all, with all resources in the body', async () => {
    const told = await tell({ task: { ...SCALE, ifMatch: '*' }, server: { etags: false } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches).toEqual([{ body: { resources: SCALED }, ifMatch: '*' }])
  })

  test('is sent again after a lost answer, the same one, though the cluster shows another ETag', async () => {
    const told = await tell({
      task: { ...SCALE, ifMatch: '"294810"' },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 503 })
        simulator.on({ method: 'PATCH', when: 'after' }, () => simulator.setStatus(NAME, { metrics: { sampledAt: 1 } }))
      },
    })
    expect(told.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294810"'])
    expect(patchesOf(told)).toEqual(['PATCH 503', 'PATCH 412'])
    expect(told.outcome).toMatchObject({ result: 'failed', reason: 'conflict' })
    expect(told.simulator.cluster(NAME).resources.cpu).toBe('4')
  })

  test('a lost answer that had landed is adopted, without a second PATCH', async () => {
    const told = await tell({
      task: { ...SCALE, ifMatch: '"294810"' },
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'cut', applied: true }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches).toHaveLength(1)
  })

  test('a 412 after a lost answer: read and adopt first', async () => {
    const told = await tell({
      task: { ...SCALE, ifMatch: '"294810"' },
      server: { generations: false },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH none', 'PATCH 412'])
  })

  test('is no reason to send where nothing differs', async () => {
    const told = await tell({ task: { desired: { cpu: '4' }, ifMatch: '"1"' } })
    expect(endOf(told)).toEqual(['unchanged', undefined, false])
    expect(told.patches).toEqual([])
  })
})

describe('ETags that are missing', () => {
  const without = { kind: 'headers', headers: { etag: null } } as const

  test('on the first read: sent without If-Match, only what was asked, and a warning', async () => {
    const told = await tell({ task: SCALE, server: { etags: false } })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches).toEqual([{ body: { resources: { cpu: '8' } }, ifMatch: undefined }])
    expect(told.log.filter((line) => line.startsWith('warning'))).toEqual([expect.stringMatching(/no ETag/)])
  })

  test('after a 412: a conflict, and no unlocked PATCH', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) => {
        statusWrites(1)(simulator)
        simulator.inject({ method: 'GET', nth: 2 }, without)
      },
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200'])
  })

  test('after a 412 to an unlocked PATCH: a conflict', async () => {
    const told = await tell({
      task: SCALE,
      server: { etags: false },
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 412 }),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(patchesOf(told)).toEqual(['PATCH 412'])
  })

  test('after a 412, where the read shows our target: adopted', async () => {
    const told = await tell({
      task: SCALE,
      arrange: (simulator) => {
        rival({ resources: { cpu: '8' } })(simulator)
        simulator.inject({ method: 'GET', nth: 2 }, without)
      },
    })
    expect(endOf(told)).toEqual(['converged', undefined, false])
  })

  test('on the read that shows a busy cluster free: nothing is sent', async () => {
    const told = await tell({
      task: SCALE,
      server: { clusters: [{ phase: 'Provisioning', busyForMs: 1_000 }] },
      arrange: (simulator) => simulator.inject({ method: 'GET', nth: 2 }, without),
    })
    expect(endOf(told)).toEqual(['failed', 'conflict', false])
    expect(told.patches).toEqual([])
  })

  test('at first only: locked as soon as one is seen', async () => {
    const told = await tell({
      task: SCALE,
      server: { clusters: [{ phase: 'Provisioning', busyForMs: 1_000 }] },
      arrange: (simulator) => simulator.inject({ method: 'GET' }, without),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(told.patches).toEqual([{ body: { resources: SCALED }, ifMatch: expect.stringMatching(/^"\d+"$/) }])
  })
})

describe('what the caller expected', () => {
  const digestOf = async (story: Story) => (await tell({ ...story, task: { ...story.task, mode: 'plan' } })).outcome

  test('a plan that is the same after a 412 is sent', async () => {
    const { plan } = await digestOf({ task: SCALE })
    const told = await tell({
      task: { ...SCALE, expectedPlan: plan?.digest ?? '' },
      arrange: rival({ resources: { memory: '24Gi' } }),
    })
    expect(endOf(told)).toEqual(['converged', undefined, true])
    expect(patchesOf(told)).toEqual(['PATCH 412', 'PATCH 200'])
  })
})

describe('two runs at once on one cluster', () => {
  const compete = async (tasks: readonly Partial<Task>[], seed: number) => {
    const time = new SharedTime()
    const simulator = new Simulator({ now: () => time.timeMs, statusWriteEveryMs: seed % 2 === 0 ? 0 : 6_000 })
    const racers = await race(time, simulator, tasks, { random: seeded(seed), latencyMs: 400 })
    return { racers, truth: simulator.cluster(NAME) }
  }
  const seeds = Array.from({ length: 150 }, (_, index) => index)

  test('that want the same: one changes it, both converge', async () => {
    let refused = 0
    for (const seed of seeds) {
      const { racers, truth } = await compete([SCALE, SCALE], seed)
      expect(racers.map(({ outcome }) => outcome.result)).toEqual(['converged', 'converged'])
      expect(racers.filter(({ outcome }) => outcome.changed)).toHaveLength(1)
      expect(truth.resources).toEqual(SCALED)
      expect(truth.history.filter(({ kind }) => kind === 'spec')).toHaveLength(1)
      refused += racers.flatMap(({ patches }) => patches).filter((status) => status === 412).length
    }
    expect(refused).toBeGreaterThan(20)
  })

  test('that want different fields: both get theirs', async () => {
    let refused = 0
    for (const seed of seeds) {
      const tasks = [{ desired: { cpu: '8' } }, { desired: { memory: '32Gi' } }]
      const { racers, truth } = await compete(tasks, seed)
      expect(racers.map(({ outcome }) => [outcome.result, outcome.changed])).toEqual([
        ['converged', true],
        ['converged', true],
      ])
      expect(truth.resources).toEqual({ cpu: '8', memory: '32Gi', storage: '100Gi' })
      refused += racers.flatMap(({ patches }) => patches).filter((status) => status === 412).length
    }
    expect(refused).toBeGreaterThan(20)
  })

  test('that want different values: neither is told that it has what it has not', async () => {
    const endings = new Set<string>()
    for (const seed of seeds) {
      const wanted = ['8', '6']
      const tasks = wanted.map((cpu) => ({ desired: { cpu } }))
      const { racers, truth } = await compete(tasks, seed)
      for (const { outcome } of racers) {
        endings.add(`${outcome.result} ${outcome.reason ?? ''}`)
        expect(['converged ', 'failed conflict', 'failed superseded']).toContain(
          `${outcome.result} ${outcome.reason ?? ''}`,
        )
        if (outcome.reason === 'conflict') expect(outcome.changed).toBe(false)
      }
      const last = racers.findIndex((_, index) => truth.resources.cpu === wanted[index])
      expect(racers[last]?.outcome.result).toBe('converged')
    }
    expect(endings).toContain('failed conflict')
  })

  test('an upgrade and a scale', async () => {
    for (const seed of seeds.slice(0, 60)) {
      const { racers, truth } = await compete([{ desired: { version: '1.32' } }, SCALE], seed)
      expect(racers.map(({ outcome }) => outcome.result)).toEqual(['converged', 'converged'])
      expect(truth).toMatchObject({ version: '1.32', resources: SCALED })
      expect(truth.status.kubernetesVersion).toBe('v1.32.3')
    }
  })
})
