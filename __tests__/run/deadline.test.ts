import { describe, expect, test } from '@jest/globals'
import { VirtualClock } from '../support/clock.js'
import { endOf, hide, patchRequestsOf, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

describe('deadline: timed-out/timeout, saying elapsed time, last phase, what was still missing, and that the change goes on', () => {
  test.each<[name: string, setup: RunSetup, message: string]>([
    [
      'stuck in an upgrade',
      { task: { ...UPGRADE, timeoutMs: 20 * MINUTE }, server: { script: ['stuck'] } },
      'Timed out after 20m, at phase Upgrading: phase is Upgrading. The change goes on.',
    ],
    [
      'a scale that nobody carries out',
      { task: { ...SCALE, timeoutMs: 10 * MINUTE }, server: { script: ['stuck'] } },
      'Timed out after 10m, at phase Running: generation 8 is not observed yet (7). The change goes on.',
    ],
    [
      'an upgrade that stays on the old version',
      {
        task: { ...UPGRADE, timeoutMs: 10 * MINUTE },
        server: { script: ['stuck'], earlyObservedGeneration: true, upgradeStartsAfterMs: 60 * MINUTE },
      },
      'Timed out after 10m, at phase Running: kubernetesVersion is v1.31.9, not 1.32. The change goes on.',
    ],
    [
      'a server that stopped to say its phase',
      { task: { ...SCALE, timeoutMs: 10 * MINUTE }, arrange: hide('status.phase', 2, Number.POSITIVE_INFINITY) },
      'Timed out after 10m, at phase unknown: the last read did not say its phase. The change goes on.',
    ],
    [
      'verify',
      { task: { ...UPGRADE, mode: 'verify', timeoutMs: 10 * MINUTE } },
      'Timed out after 10m, at phase Running: kubernetesVersion is v1.31.9, not 1.32. The change goes on.',
    ],
  ])('%s', async (name, setup, message) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['timed-out', 'timeout', name !== 'verify'])
    expect(report.outcome.message).toBe(message)
    expect(report.outcome.hint).toBe('The cluster is not touched again. A re-run resumes the wait.')
    expect(report.outcome.durationMs).toBe(setup.task?.timeoutMs)
  })

  test('the cluster is never touched again, and re-running resumes', async () => {
    const clock = new VirtualClock()
    const server = { upgradeMs: 30 * MINUTE }
    const first = await runAgainstSimulator({ task: { ...UPGRADE, timeoutMs: 20 * MINUTE }, server, clock })
    expect(endOf(first)).toEqual(['timed-out', 'timeout', true])
    const again = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: 20 * MINUTE },
      clock,
      simulator: first.simulator,
    })
    expect(endOf(again)).toEqual(['converged', undefined, false])
    expect([...patchRequestsOf(first), ...patchRequestsOf(again)]).toEqual(['PATCH 200'])
  })

  test('still waiting for a busy cluster: timed-out/busy, nothing was sent', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 10 * MINUTE },
      server: {
        clusters: [{ phase: 'Upgrading', version: '1.32', kubernetesVersion: 'v1.31.9', busyForMs: 60 * MINUTE }],
      },
    })
    expect(endOf(report)).toEqual(['timed-out', 'busy', false])
    expect(report.outcome.message).toBe(
      'Timed out after 10m, at phase Upgrading: the cluster is still busy with another change. Nothing was sent.',
    )
    expect(patchRequestsOf(report)).toEqual([])
  })

  test('first read still failing: failed/unavailable', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 45_000 },
      arrange: (kupe) => kupe.inject({ times: Number.POSITIVE_INFINITY }, { kind: 'hang' }),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
  })
})
