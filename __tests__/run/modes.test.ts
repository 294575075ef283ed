import { describe, expect, test } from '@jest/globals'
import { busyServer, endOf, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, NO_GUARDRAILS, SCALE, UPGRADE } from '../support/tasks.js'

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
    const report = await runAgainstSimulator({ task: { mode: 'verify' }, server: busyServer(MINUTE) })
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
    const report = await runAgainstSimulator({ task: start, server: busyServer(MINUTE) })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(MINUTE)
  })
})
