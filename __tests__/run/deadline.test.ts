import { describe, expect, test } from '@jest/globals'
import { VirtualClock } from '../support/clock.js'
import { endOf, hide, patchRequestsOf, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

const FOREVER = Number.POSITIVE_INFINITY

describe('the deadline: timed-out/timeout, saying elapsed time, last phase, what was still missing, and what became of the change', () => {
  test.each<[name: string, setup: RunSetup, says: string[]]>([
    [
      'stuck in an upgrade',
      { task: { ...UPGRADE, timeoutMs: 20 * MINUTE }, server: { script: ['stuck'] } },
      ['Upgrading'],
    ],
    [
      'a scale that nobody carries out',
      { task: { ...SCALE, timeoutMs: 10 * MINUTE }, server: { script: ['stuck'] } },
      ['Running', 'the platform has not taken up the change yet (generation 8; it is at 7)'],
    ],
    [
      'an upgrade that stays on the old version',
      {
        task: { ...UPGRADE, timeoutMs: 10 * MINUTE },
        server: { script: ['stuck'], earlyObservedGeneration: true, upgradeStartsAfterMs: 60 * MINUTE },
      },
      ['Running', 'the cluster runs v1.31.9, not 1.32'],
    ],
    [
      'a server that stopped to say its phase',
      { task: { ...SCALE, timeoutMs: 10 * MINUTE }, arrange: hide('status.phase', 2, FOREVER) },
      ['none'],
    ],
  ])('%s', async (_name, setup, says) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    const { message, durationMs } = report.outcome
    for (const words of [`after ${(setup.task?.timeoutMs ?? 0) / MINUTE}m`, ...says]) expect(message).toContain(words)
    expect(report.words).toMatch(/may still be going on\. Running again resumes the wait/)
    expect(durationMs).toBe(setup.task?.timeoutMs)
  })

  test('where nothing was sent it says that', async () => {
    const report = await runAgainstSimulator({ task: { ...UPGRADE, mode: 'verify', timeoutMs: 10 * MINUTE } })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
    expect(report.outcome.message).toMatch(/after 10m.*Running.*the cluster runs v1\.31\.9, not 1\.32/)
    expect(report.words).toMatch(/Sent by this run: nothing/)
  })

  test('shown as asked, but not for long enough: it is not settled, and nobody is told to start the change', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'verify', timeoutMs: 10 * MINUTE },
      server: { generations: false, scaleMs: 0 },
      arrange: (kupe) =>
        kupe.at(10 * MINUTE - 20_000, (simulator) =>
          simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '8' } }),
        ),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
    expect(report.words).toMatch(/not settled after 10m\n.*settle-time.*Run again to wait once more/s)
    expect(report.words).not.toMatch(/start the change/)
  })

  test.each<[timeoutMs: number, lastLookMs: number]>([
    [10 * MINUTE, 10 * MINUTE - 2_000],
    [10_000, 9_000],
  ])('one last read is made just before it: of %i ms at %i ms', async (timeoutMs, lastLookMs) => {
    const task = { ...SCALE, timeoutMs, pollIntervalMs: 5 * MINUTE }
    const late = await runAgainstSimulator({ task, server: { scaleMs: lastLookMs } })
    expect(endOf(late)).toEqual(['converged', undefined, true])
    expect(late.outcome.durationMs).toBe(lastLookMs)
    const tooLate = await runAgainstSimulator({ task, server: { scaleMs: lastLookMs + 1 } })
    expect(endOf(tooLate)).toEqual(['timed-out', 'timeout', true])
  })

  test('where the last exchanges gave no read it says since when, and what came how often', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: 10 * MINUTE },
      server: { script: ['stuck'] },
      arrange: (kupe) =>
        kupe.at(5 * MINUTE, (simulator) => simulator.inject({ times: FOREVER }, { kind: 'status', status: 503 })),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    const { message } = report.outcome
    expect(message).toMatch(/since 09:05 UTC.*503/)
    const failed = report.requests.filter((request) => request === 'GET 503').length
    expect(message).toContain(`503, ${failed} times`)
  })

  test('a last read that the deadline cuts off says nothing of the API: it had answered all along', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, mode: 'verify', timeoutMs: 10 * MINUTE },
      arrange: (kupe) =>
        kupe.at(10 * MINUTE - 2_000, (simulator) => simulator.inject({ times: FOREVER }, { kind: 'hang' })),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
    expect(report.outcome.message).toMatch(/the cluster runs v1\.31\.9, not 1\.32.*since 09:09 UTC, in 1 try/)
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

  test('still waiting for a busy cluster: timed-out/busy, and nothing was sent', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 10 * MINUTE },
      server: {
        clusters: [{ phase: 'Upgrading', version: '1.32', kubernetesVersion: 'v1.31.9', busyForMs: 60 * MINUTE }],
      },
    })
    expect(endOf(report)).toEqual(['timed-out', 'busy', false])
    expect(report.outcome.message).toMatch(/after 10m.*Upgrading, with another change/)
    expect(report.words).toMatch(/Sent by this run: nothing/)
    expect(patchRequestsOf(report)).toEqual([])
  })

  test('first read still failing: failed/unavailable', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 45_000 },
      arrange: (kupe) => kupe.inject({ times: FOREVER }, { kind: 'hang' }),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
  })
})
