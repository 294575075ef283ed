import { describe, expect, test } from '@jest/globals'
import { Simulator } from '../../simulator/simulator.js'
import { VirtualClock } from '../support/clock.js'
import { busyServer, endOf, patchRequestsOf, runAgainstSimulator, warningsOf } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, SCALED_RESOURCES } from '../support/tasks.js'
import { rival, statusWrites } from '../support/writers.js'

/** The PATCH landed, its answer was lost, and the read after it is an older replica's. */
const LANDED_UNSEEN = {
  server: { generations: false },
  arrange: (simulator: Simulator) => {
    simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
    simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 60_000 })
  },
}

describe('a read with the very ETag that was refused is stale', () => {
  test('paused and read again, and no PATCH before an ETag is new', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        statusWrites(1)(simulator)
        simulator.inject({ method: 'GET', nth: 2, times: 3 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.requests.slice(0, 7)).toEqual([
      'GET 200',
      'PATCH 412',
      'GET 200',
      'GET 200',
      'GET 200',
      'GET 200',
      'PATCH 200',
    ])
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"'])
    expect(report.clock.slept.slice(0, 4)).toEqual([250, 375, 750, 1_500])
  })

  test('nothing is concluded from it: the conflict shows in the read after it', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        rival({ resources: { cpu: '6' } })(simulator)
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.requests).toEqual(['GET 200', 'PATCH 412', 'GET 200', 'GET 200'])
    expect(report.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '4', now: '6', wanted: '8' }])
  })

  test('also where it comes while a busy cluster is waited for', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.on({ method: 'PATCH' }, () => simulator.setStatus(CLUSTER, { phase: 'Upgrading' }))
        simulator.at(30_000, () => simulator.setStatus(CLUSTER, { phase: 'Running' }))
        // A replica that lags shows the cluster free, under the ETag that was refused.
        simulator.inject({ method: 'GET', nth: 3, times: 2 }, { kind: 'stale', ms: 60_000 })
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294812"'])
  })

  test('one that was refused before the last one, too', async () => {
    const clock = new VirtualClock()
    const simulator = new Simulator({ now: () => clock.nowMs() })
    statusWrites(2)(simulator)
    // The replicas lag so far behind that the very first ETag comes back.
    simulator.inject({ method: 'GET', nth: 3, times: 2 }, { kind: 'stale', ms: 60_000 })
    const report = await runAgainstSimulator({ task: SCALE, clock, simulator })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"', '"294812"'])
  })

  test('one that never ends is a conflict, without another PATCH', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) =>
        simulator.inject({ method: 'PATCH', times: Number.POSITIVE_INFINITY }, { kind: 'status', status: 412 }),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412'])
    expect(report.requests.length).toBeLessThan(40)
  })
})

test('once a PATCH was accepted, an ETag that was refused is merely stale, however long replicas show it', async () => {
  const report = await runAgainstSimulator({
    task: SCALE,
    arrange: (simulator) => {
      statusWrites(1)(simulator)
      simulator.inject({ method: 'GET', nth: 3, times: 20 }, { kind: 'stale', ms: 60 * MINUTE })
    },
  })
  expect(endOf(report)).toEqual(['converged', undefined, true])
  expect(report.outcome.durationMs).toBeGreaterThan(2 * MINUTE)
})

test('without wait, the ETag from before the PATCH is no output, where its answer gives none', async () => {
  const report = await runAgainstSimulator({
    task: { ...SCALE, wait: false },
    arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'headers', headers: { etag: null } }),
  })
  expect(endOf(report)).toEqual(['accepted', undefined, true])
  expect(report.outcome).not.toHaveProperty('etag')
})

describe('on-conflict: fail', () => {
  test('a 412 is final, even where only the status moved', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, onConflict: 'fail' }, arrange: statusWrites(1) })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.requests).toEqual(['GET 200', 'PATCH 412'])
    expect(report.outcome.requestId).toBe('sim-0002')
  })

  test('after a lost answer the cluster is read first: our own PATCH is adopted', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, onConflict: 'fail' },
      ...LANDED_UNSEEN,
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH none', 'PATCH 412'])
  })

  test('after a lost answer that never landed, a 412 is final all the same', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, onConflict: 'fail' },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset' })
        simulator.on({ method: 'PATCH', nth: 2 }, () => simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }))
      },
    })
    expect(report.outcome).toMatchObject({ result: 'failed', reason: 'conflict' })
    expect(patchRequestsOf(report)).toEqual(['PATCH none', 'PATCH 412'])
    expect(report.simulator.cluster(CLUSTER).resources.cpu).toBe('4')
  })
})

describe('if-match', () => {
  test('is sent as it is, instead of the ETag that was read', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, ifMatch: '"294810"' },
      arrange: (s) => s.setStatus(CLUSTER, {}),
    })
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"'])
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.requests).toEqual(['GET 200', 'PATCH 412'])
  })

  test('that matches goes through', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, ifMatch: '"294810"' } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toEqual([{ body: { resources: SCALED_RESOURCES }, ifMatch: '"294810"' }])
  })

  test('is sent where the server gives no ETag at all, with only what was asked in the body', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, ifMatch: '"9"' }, server: { etags: false } })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.patches).toEqual([{ body: { resources: { cpu: '8' } }, ifMatch: '"9"' }])
  })

  test('is sent again after a lost answer, the same one, though the cluster shows another ETag', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, ifMatch: '"294810"' },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 503 })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }),
        )
      },
    })
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294810"'])
    expect(patchRequestsOf(report)).toEqual(['PATCH 503', 'PATCH 412'])
    expect(report.outcome).toMatchObject({ result: 'failed', reason: 'conflict' })
    expect(report.simulator.cluster(CLUSTER).resources.cpu).toBe('4')
  })

  test('a lost answer that had landed is adopted, without a second PATCH', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, ifMatch: '"294810"' },
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'cut', applied: true }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toHaveLength(1)
  })

  test('a 412 after a lost answer: read and adopt first', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, ifMatch: '"294810"' },
      ...LANDED_UNSEEN,
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH none', 'PATCH 412'])
  })

  test('refused after a lost answer: judged by the next read, though that has the very same ETag', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, ifMatch: '"294810"' },
      arrange: (simulator) => simulator.queue('PATCH', [{ kind: 'reset' }, { kind: 'status', status: 412 }]),
    })
    expect(report.outcome).toMatchObject({ result: 'failed', kind: 'moved' })
    expect(report.requests).toEqual(['GET 200', 'PATCH none', 'GET 200', 'PATCH 412', 'GET 200'])
  })

  test('is no reason to send where nothing differs', async () => {
    const report = await runAgainstSimulator({ task: { desired: { cpu: '4' }, ifMatch: '"1"' } })
    expect(endOf(report)).toEqual(['unchanged', undefined, false])
    expect(report.patches).toEqual([])
  })
})

describe('ETags that are missing', () => {
  const without = { kind: 'headers', headers: { etag: null } } as const

  test('on the first read: sent without If-Match, only what was asked, and a warning', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: { etags: false } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toEqual([{ body: { resources: { cpu: '8' } }, ifMatch: undefined }])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/no ETag/)])
  })

  test.each([
    ['in two reads: read again until there is one', 2, ['converged', undefined, true], 'PATCH 412,PATCH 200'],
    ['in three reads: a conflict, and no unlocked PATCH', 3, ['failed', 'conflict', false], 'PATCH 412'],
  ])('after a 412, %s', async (_, times, ending, patches) => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        statusWrites(1)(simulator)
        simulator.inject({ method: 'GET', nth: 2, times }, without)
      },
    })
    expect(endOf(report)).toEqual(ending)
    expect(patchRequestsOf(report).join()).toBe(patches)
    for (const { ifMatch } of report.patches) expect(ifMatch).toMatch(/^"\d+"$/)
  })

  test('after a 412 to an unlocked PATCH: a conflict', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { etags: false },
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 412 }),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412'])
  })

  test('after a 412, where the read shows our target: adopted', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        rival({ resources: { cpu: '8' } })(simulator)
        simulator.inject({ method: 'GET', nth: 2 }, without)
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, false])
  })

  test('on the read that shows a busy cluster free: nothing is sent', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(1_000, 'Provisioning'),
      arrange: (simulator) => simulator.inject({ method: 'GET', nth: 2, times: 3 }, without),
    })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.patches).toEqual([])
  })

  test('at first only: locked as soon as one is seen', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(1_000, 'Provisioning'),
      arrange: (simulator) => simulator.inject({ method: 'GET' }, without),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toEqual([
      { body: { resources: SCALED_RESOURCES }, ifMatch: expect.stringMatching(/^"\d+"$/) },
    ])
  })
})
