import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../src/domain/outcome.js'
import { endOf, patchRequestsOf, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

describe('a wait that fails', () => {
  test.each<[name: string, setup: RunSetup, reason: Outcome['reason'], message: string]>([
    [
      'rolled-back: an upgrade that comes back on the old version',
      { task: UPGRADE, server: { script: ['rolled-back'] } },
      'rolled-back',
      'the cluster was at work on the new version and has been Running the old v1.31.9 since',
    ],
    [
      'rolled-back: the same without generations',
      { task: UPGRADE, server: { script: ['rolled-back'], generations: false } },
      'rolled-back',
      'the cluster was at work on the new version and has been Running the old v1.31.9 since',
    ],
    [
      'rolled-back: the desired version alone set back',
      { task: UPGRADE, server: { script: ['rolled-back-desired'] } },
      'rolled-back',
      'the desired version was set back to 1.31, the one before our 1.32',
    ],
    [
      'Degraded that stays, with the text of status.conditions',
      { task: UPGRADE, server: { script: ['degraded'] } },
      'degraded',
      'the cluster stayed Degraded: Ready=False ControlPlaneUnhealthy: control plane is not ready: 1 of 3 API servers does not answer',
    ],
    [
      'superseded, with generations',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.at(3_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '6' } })),
      },
      'superseded',
      'someone else, or the platform, changed cpu (ours 8, theirs 6)',
    ],
    [
      'superseded: set back by someone else, with generations',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.at(3_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '4' } })),
      },
      'superseded',
      'someone else, or the platform, changed cpu (ours 8, theirs 4)',
    ],
    [
      'superseded, without generations',
      {
        task: SCALE,
        server: { generations: false },
        arrange: (kupe) =>
          kupe.at(10_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '4' } })),
      },
      'superseded',
      'someone else, or the platform, changed cpu (ours 8, theirs 4)',
    ],
    [
      'superseded before the first poll, with generations',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.at(1_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '4' } })),
      },
      'superseded',
      'someone else, or the platform, changed cpu (ours 8, theirs 4)',
    ],
    [
      'a scale rolled back by the platform is superseded',
      { task: SCALE, server: { script: ['rolled-back'] } },
      'superseded',
      'someone else, or the platform, changed cpu (ours 8, theirs 4)',
    ],
    [
      'deleted: Terminating',
      {
        task: UPGRADE,
        arrange: (kupe) => kupe.at(10_000, (simulator) => simulator.deleteCluster(CLUSTER, { terminatingMs: MINUTE })),
      },
      'deleted',
      'The cluster is Terminating',
    ],
    [
      'deleted: Deleting',
      {
        task: UPGRADE,
        arrange: (kupe) =>
          kupe.at(10_000, (simulator) =>
            simulator.deleteCluster(CLUSTER, { terminatingMs: MINUTE, phase: 'Deleting' }),
          ),
      },
      'deleted',
      'The cluster is Deleting',
    ],
    [
      'deleted: recreated under the same name',
      {
        task: UPGRADE,
        arrange: (kupe) => kupe.at(10_000, (simulator) => simulator.recreate(CLUSTER, { version: '1.32' })),
      },
      'deleted',
      'The name production was given to a new cluster, created 2026-11-02T09:00:10Z',
    ],
    [
      'deleted: recreated, on a server without generations',
      {
        task: SCALE,
        server: { generations: false },
        arrange: (kupe) => kupe.at(10_000, (simulator) => simulator.recreate(CLUSTER, { resources: { cpu: '8' } })),
      },
      'deleted',
      'The name production was given to a new cluster, created 2026-11-02T09:00:10Z',
    ],
    [
      'deleted: 404 for 30 s',
      { task: UPGRADE, arrange: (kupe) => kupe.at(10_000, (simulator) => simulator.deleteCluster(CLUSTER)) },
      'deleted',
      'GET was answered 404: cluster not found',
    ],
  ])('%s', async (_name, setup, reason, message) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['failed', reason, true])
    expect(report.outcome.message).toBe(message)
    expect(patchRequestsOf(report)).toEqual(['PATCH 200'])
  })

  test('after a lost answer the one before is still the one before the PATCH', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      server: { script: ['rolled-back-desired'] },
      arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'reset', applied: true }]),
    })
    expect(endOf(report)).toEqual(['failed', 'rolled-back', true])
    expect(report.outcome.message).toBe('the desired version was set back to 1.31, the one before our 1.32')
  })

  test('superseded before the first poll, without generations: no GET showed ours, so they may be late reads', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 10 * MINUTE },
      server: { generations: false },
      arrange: (kupe) =>
        kupe.at(1_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '4' } })),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
  })

  test('404 after a successful read: repeated for 30 s, then deleted', async () => {
    const gone = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (kupe) => kupe.at(1_000, (simulator) => simulator.deleteCluster(CLUSTER)),
    })
    expect(new Set(gone.requests.slice(2))).toEqual(new Set(['GET 404']))
    expect(gone.outcome.durationMs).toBeGreaterThanOrEqual(32_000)
    expect(gone.outcome.durationMs).toBeLessThan(32_000 + 15_000)
    const blip = await runAgainstSimulator({
      task: SCALE,
      arrange: (kupe) => kupe.queue('GET', ['ok', { kind: 'status', status: 404 }]),
    })
    expect(endOf(blip)).toEqual(['converged', undefined, true])
    expect(blip.requests.slice(0, 4)).toEqual(['GET 200', 'PATCH 200', 'GET 404', 'GET 200'])
  })

  test('degraded-grace: how long it is tolerated', async () => {
    const server = { script: ['degraded' as const] }
    const short = await runAgainstSimulator({ task: { ...UPGRADE, degradedGraceMs: 0 }, server })
    const long = await runAgainstSimulator({ task: { ...UPGRADE, degradedGraceMs: 10 * MINUTE }, server })
    expect([short.outcome.reason, long.outcome.reason]).toEqual(['degraded', 'degraded'])
    expect(short.outcome.durationMs).toBeLessThan(MINUTE)
    expect(long.outcome.durationMs).toBeGreaterThanOrEqual(10 * MINUTE)
  })

  test('without generations two reads in a row do not show that a change was undone', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { generations: false },
      arrange: (kupe) => kupe.inject({ method: 'GET', nth: 3, times: 2 }, { kind: 'stale', ms: MINUTE }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })
})
