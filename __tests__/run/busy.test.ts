import { describe, expect, test } from '@jest/globals'
import { busyServer, endOf, hide, patchRequestsOf, runAgainstSimulator, warningsOf } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, SCALED_RESOURCES, UPGRADE } from '../support/tasks.js'

describe('a busy cluster', () => {
  test.each(['Pending', 'Provisioning', 'Upgrading'])('%s is waited for', async (phase) => {
    const report = await runAgainstSimulator({ task: SCALE, server: busyServer(3 * MINUTE, phase) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const [patchMs = 0] = report.simulator.requests.filter(({ method }) => method === 'PATCH').map(({ at }) => at)
    expect(patchMs).toBeGreaterThanOrEqual(3 * MINUTE)
    expect(patchMs).toBeLessThan(3 * MINUTE + 14_000)
    expect(report.outcome.timeline.map(({ phase: name }) => name)).toEqual([phase, 'Running'])
  })

  test.each(['Pending', 'Provisioning', 'Upgrading'])('%s with on-busy: fail', async (phase) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, onBusy: 'fail' },
      server: busyServer(3 * MINUTE, phase),
    })
    expect(endOf(report)).toEqual(['failed', 'busy', false])
    expect(report.requests).toEqual(['GET 200'])
    expect(report.words).toMatch(/Sent by this run: nothing/)
  })

  test('the plan is made from the read that shows it free, and sent with its ETag', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { ...busyServer(30_000), statusWriteEveryMs: 700 },
      arrange: (simulator) => {
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6', memory: '24Gi' } }))
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 200'])
    expect(report.patches[0]?.body).toEqual({ resources: { ...SCALED_RESOURCES, memory: '24Gi' } })
    expect(report.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
    expect(report.outcome.first?.resources.cpu).toBe('6')
  })

  test('that is as asked once it is free needs no PATCH', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '8' } })),
    })
    expect(report.outcome.changed).toBe(false)
    expect(['unchanged', 'converged']).toContain(report.outcome.result)
    expect(report.patches).toEqual([])
  })

  test('that stays busy to the deadline: timed out, and nothing was sent', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: busyServer(60 * MINUTE) })
    expect(endOf(report)).toEqual(['timed-out', 'busy', false])
    expect(report.outcome.message).toMatch(/Upgrading/)
    expect(report.words).toMatch(/Sent by this run: nothing/)
    expect(report.outcome.durationMs).toBe(30 * MINUTE)
    expect(report.patches).toEqual([])
  })

  test('that turns Degraded is free for the cure', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(60 * MINUTE),
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
      server: busyServer(60 * MINUTE),
      arrange: (simulator) => simulator.at(20_000, () => simulator.deleteCluster(CLUSTER, { terminatingMs: MINUTE })),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', false])
    expect(report.patches).toEqual([])
  })

  test('whose name goes to a new cluster meanwhile', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(60 * MINUTE),
      arrange: (simulator) => simulator.at(20_000, () => simulator.recreate(CLUSTER)),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', false])
    expect(report.outcome.message).toMatch(/new cluster/)
    expect(report.patches).toEqual([])
  })

  describe.each(['resources', 'version'])('seen free by a read without the %s that earlier reads showed', (field) => {
    const task = { desired: { version: '1.32', cpu: '8' } }
    const server = { ...busyServer(5_000), resourcesMode: 'replace' } as const

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

  test.each([
    ['fail', {}, 'would end busy, as on-busy is fail'],
    ['wait', {}, 'would wait for it first'],
    // What is asked is under way already, and joined whatever on-busy is.
    ['fail', { cpu: '4' }, 'would wait for it first'],
  ] as const)(
    'is a warning in a dry run that says what an apply would do: on-busy %s, %j',
    async (onBusy, desired, would) => {
      const report = await runAgainstSimulator({
        task: { desired: { ...SCALE.desired, ...desired }, mode: 'plan', onBusy },
        server: busyServer(MINUTE),
      })
      expect(endOf(report)).toEqual(['planned', undefined, false])
      expect(report.requests).toEqual(['GET 200'])
      expect(warningsOf(report)).toContain(`The cluster is Upgrading; an apply now ${would}`)
    },
  )
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
