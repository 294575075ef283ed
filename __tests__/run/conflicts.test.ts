import { describe, expect, test } from '@jest/globals'
import { Simulator } from '../../simulator/simulator.js'
import type { Task } from '../../src/domain/task.js'
import { VirtualClock } from '../support/clock.js'
import { busyServer, endOf, patchRequestsOf, runAgainstSimulator, writersOf } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, SCALED_RESOURCES } from '../support/tasks.js'
import { rival, statusWrites } from '../support/writers.js'

describe('only the status moved', () => {
  test('the PATCH is planned anew and sent with the new ETag', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: statusWrites(1) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.requests.slice(0, 4)).toEqual(['GET 200', 'PATCH 412', 'GET 200', 'PATCH 200'])
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"'])
    expect(report.patches[1]?.body).toEqual({ resources: SCALED_RESOURCES })
    expect(report.simulator.cluster(CLUSTER).resources).toEqual(SCALED_RESOURCES)
  })

  test.each(['bare', 'weak'] as const)('an ETag in %s style is sent back byte for byte', async (etagStyle) => {
    const report = await runAgainstSimulator({ task: SCALE, server: { etagStyle }, arrange: statusWrites(1) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const [first, second] = etagStyle === 'bare' ? ['294810', '294811'] : ['W/"294810"', 'W/"294811"']
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual([first, second])
  })

  test('the fifth PATCH may still be the one', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: statusWrites(4) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 412', 'PATCH 412', 'PATCH 412', 'PATCH 200'])
  })

  test('no sixth PATCH, and the ending says that only the status moved', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: statusWrites(Number.POSITIVE_INFINITY) })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(patchRequestsOf(report)).toHaveLength(5)
    expect(report.outcome.message).toMatch(/5 PATCHes/)
    expect(report.outcome.message).toMatch(/only the status/)
    expect(report.words).toMatch(/Running again is safe/)
    expect(writersOf(report.simulator)).toEqual([])
  })

  test('the pauses after 412s are a random part of 0.5 s, doubling', async () => {
    const clock = new VirtualClock()
    const report = await runAgainstSimulator({ task: { ...SCALE, wait: false }, arrange: statusWrites(4), clock })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(clock.slept).toEqual([250, 500, 1_000, 2_000])
  })
})

describe('our target is there already', () => {
  test('made by someone else: adopted, and not our change', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: rival({ resources: { cpu: '8000m' } }) })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412'])
    expect(writersOf(report.simulator)).toEqual(['rival'])
    expect(report.log.join('\n')).toContain('Someone else made the same change')
    expect(report.outcome.wouldChange).toBe(true)
    expect(report.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '4', to: '8' }])
  })

  test('an upgrade made by someone else is waited for', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32' } },
      arrange: rival({ version: '1.32' }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(patchRequestsOf(report)).toEqual(['PATCH 412'])
  })

  test('without waiting it is accepted, and not our change', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, wait: false },
      arrange: rival({ resources: { cpu: '8' } }),
    })
    expect(endOf(report)).toEqual(['accepted', undefined, false])
    expect(report.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200'])
  })

  test('maybe made by an earlier PATCH of ours: adopted, and maybe our change', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
        // An older replica still shows the time before it: the PATCH is repeated, and refused because of itself.
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 10_000 })
        simulator.at(1, () => undefined)
      },
      server: { generations: false },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH none', 'PATCH 412'])
  })

  test('an older replica that shows an older ETag is no proof that the lost PATCH missed', async () => {
    const clock = new VirtualClock()
    const simulator = new Simulator({ now: () => clock.nowMs() })
    clock.pass(5_000)
    simulator.setStatus(CLUSTER, { metrics: { sampledAt: 5_000 } })
    simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
    simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 1_000 })
    const report = await runAgainstSimulator({ task: SCALE, clock, simulator })
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294811"', '"294810"'])
    expect(patchRequestsOf(report)).toEqual(['PATCH none', 'PATCH 412'])
    expect(writersOf(report.simulator)).toEqual(['api'])
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('a cluster that is being deleted is not adopted', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, wait: false },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', CLUSTER, { resources: { cpu: '8' } })
          simulator.deleteCluster(CLUSTER, { terminatingMs: MINUTE })
        }),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', false])
  })
})

describe('someone else changed our field', () => {
  test('conflict, with what was read, what is there and what is wanted; nothing is overwritten', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: rival({ resources: { cpu: '6' } }) })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200'])
    expect(report.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '4', now: '6', wanted: '8' }])
    expect(report.outcome.message).toMatch(/cpu/)
    // A re-run would replace theirs by ours: that is not called safe.
    expect(report.words).toMatch(/Running this again would replace their 6 by 8/)
    expect(report.simulator.cluster(CLUSTER).resources.cpu).toBe('6')
  })

  test('one row for each field that someone else changed', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32', cpu: '8', memory: '32Gi', alerts: { mail: { to: 'us' }, page: 'on' } } },
      arrange: rival({ version: '1.33', resources: { memory: '24Gi' }, alerts: { mail: { to: 'them' } } }),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.outcome.conflict).toEqual([
      { field: 'version', whenRead: '1.31', now: '1.33', wanted: '1.32' },
      { field: 'memory', whenRead: '16Gi', now: '24Gi', wanted: '32Gi' },
      { field: 'alerts.mail.to', whenRead: undefined, now: undefined, wanted: undefined },
    ])
    expect(JSON.stringify(report.outcome.conflict)).not.toMatch(/us|them/)
  })

  test('to what we want, while another field of ours is still open: no conflict, and only that one is still an edit', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { cpu: '8', memory: '32Gi' } },
      arrange: rival({ resources: { cpu: '8' } }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches.map(({ body }) => body)).toEqual([
      { resources: { cpu: '8', memory: '32Gi', storage: '100Gi' } },
      { resources: { cpu: '8', memory: '32Gi', storage: '100Gi' } },
    ])
    expect(report.outcome.plan?.edits.map(({ field }) => field)).toEqual(['memory'])
  })

  test.each<[name: string, desired: Task['desired']]>([
    ['alone', { version: '1.32.3' }],
    ['beside a field that nobody touched', { version: '1.32.3', cpu: '8' }],
  ])('to the minor of the very patch that we want: theirs all the same, %s', async (_, desired) => {
    const report = await runAgainstSimulator({ task: { desired }, arrange: rival({ version: '1.32' }) })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.outcome.conflict).toEqual([{ field: 'version', whenRead: '1.31', now: '1.32', wanted: '1.32.3' }])
    expect(report.simulator.cluster(CLUSTER).version).toBe('1.32')
  })

  test('only in its spelling: that is no change', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: rival({ resources: { cpu: '4000m' } }) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 200'])
  })

  test('is judged before busyness: no waiting for the upgrade that came with it', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32' } },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', CLUSTER, { version: '1.33' })
          simulator.setStatus(CLUSTER, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.outcome.last?.phase).toBe('Upgrading')
    expect(report.outcome.durationMs).toBeLessThan(1_000)
  })

  test('and on-busy: fail does not hide it either', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32' }, onBusy: 'fail' },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', CLUSTER, { version: '1.33' })
          simulator.setStatus(CLUSTER, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
  })

  test('made as asked by someone else, and then set back: theirs, counted from the read of the last PATCH', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { cpu: '8', memory: '32Gi' } },
      arrange: (simulator) => {
        simulator.on({ method: 'PATCH' }, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '8' } }))
        simulator.on({ method: 'PATCH', nth: 2 }, () =>
          simulator.patchAs('rival', CLUSTER, { resources: { cpu: '4' } }),
        )
      },
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 412'])
    expect(report.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '8', now: '4', wanted: '8' }])
  })

  test('is counted from the read that the refused PATCH was planned from, not from the first', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(10_000),
      arrange: (simulator) => {
        simulator.at(5_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6' } }))
        statusWrites(1)(simulator)
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(report.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
  })
})

describe('someone else changed other fields', () => {
  test('planned anew and merged: their value is kept, in the body and in truth', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: rival({ resources: { memory: '24Gi' } }) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(report.patches[1]?.body).toEqual({ resources: { ...SCALED_RESOURCES, memory: '24Gi' } })
    expect(report.simulator.cluster(CLUSTER).resources).toEqual({ ...SCALED_RESOURCES, memory: '24Gi' })
    expect(report.outcome.warnings).toEqual([])
  })

  test('on a server that replaces resources, too', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { resourcesMode: 'replace' },
      arrange: rival({ resources: { cpu: '4', memory: '24Gi', storage: '100Gi' } }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.simulator.cluster(CLUSTER).resources).toEqual({ ...SCALED_RESOURCES, memory: '24Gi' })
  })

  test('alerts of theirs beside alerts of ours', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { alerts: { mail: 'on' } } },
      arrange: rival({ alerts: { page: 'on' } }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.simulator.cluster(CLUSTER).alerts).toEqual({ mail: 'on', page: 'on' })
  })

  test('an upgrade of theirs is waited for before our scale is sent again', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', CLUSTER, { version: '1.32' })
          simulator.setStatus(CLUSTER, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(report.patches[1]?.body).toEqual({ resources: SCALED_RESOURCES })
    expect(report.outcome.timeline.map(({ phase }) => phase)).toEqual(['Running', 'Upgrading', 'Running'])
    expect(report.simulator.cluster(CLUSTER)).toMatchObject({ version: '1.32', resources: SCALED_RESOURCES })
  })

  test('the upgrade of theirs ends the run with on-busy: fail', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, onBusy: 'fail' },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => {
          simulator.patchAs('rival', CLUSTER, { version: '1.32' })
          simulator.setStatus(CLUSTER, { phase: 'Upgrading' })
        }),
    })
    expect(endOf(report)).toEqual(['failed', 'busy', false])
  })

  test('again and again: five PATCHes, and no claim that only the status moved', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH', times: Number.POSITIVE_INFINITY }, () =>
          simulator.patchAs('rival', CLUSTER, { resources: { memory: `${20 + simulator.requests.length}Gi` } }),
        ),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(patchRequestsOf(report)).toHaveLength(5)
    expect(report.outcome.message).not.toMatch(/only the status moved/)
    expect(report.simulator.cluster(CLUSTER).resources).toMatchObject({ cpu: '4', storage: '100Gi' })
  })

  test('a plan that guardrails refuse after the change is not sent', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.31.12', cpu: '8' } },
      arrange: (simulator) =>
        simulator.on({ method: 'PATCH' }, () => simulator.setStatus(CLUSTER, { kubernetesVersion: 'v1.32.3' })),
    })
    expect(endOf(report)).toEqual(['failed', 'refused', false])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412'])
  })
})
