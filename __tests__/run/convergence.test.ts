import { describe, expect, test } from '@jest/globals'
import { busyServer, endOf, hide, patchRequestsOf, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { BOTH, CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

describe('converged, and by what', () => {
  test('an upgrade of 30 minutes', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: 60 * MINUTE },
      server: { upgradeMs: 30 * MINUTE },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
    expect(report.outcome.timeline.map(({ phase }) => phase)).toEqual(['Running', 'Upgrading', 'Running'])
    expect(report.outcome.durationMs).toBeGreaterThan(30 * MINUTE)
    expect(report.outcome.durationMs).toBeLessThan(30 * MINUTE + 20_000)
    expect(report.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(patchRequestsOf(report)).toEqual(['PATCH 200'])
  })

  test('a scale that never leaves Running', async () => {
    const report = await runAgainstSimulator({ task: SCALE })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(['generation'])
    expect(report.outcome.timeline.map(({ phase }) => phase)).toEqual(['Running'])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(5_000)
    expect(report.outcome.message).toBe('Proven by generation.')
  })

  test.each<[name: string, setup: RunSetup, evidence: string[], atLeastMs: number, atMostMs: number]>([
    ['an upgrade and a scale together', { task: BOTH }, ['generation', 'kubernetes-version'], 63_000, 80_000],
    ['alerts', { task: { desired: { alerts: { mail: 'on' } } } }, ['generation'], 5_000, 10_000],
    [
      'a server without generations: an upgrade',
      { task: UPGRADE, server: { generations: false } },
      ['kubernetes-version'],
      63_000,
      100_000,
    ],
    [
      'a server without generations: a scale',
      { task: SCALE, server: { generations: false } },
      ['settled'],
      32_000,
      50_000,
    ],
    [
      'a server without generations: both',
      { task: BOTH, server: { generations: false } },
      ['kubernetes-version', 'settled'],
      93_000,
      125_000,
    ],
    [
      'a server without generations: a longer settle-time',
      { task: { ...SCALE, settleTimeMs: 5 * MINUTE }, server: { generations: false } },
      ['settled'],
      5 * MINUTE,
      6 * MINUTE,
    ],
    [
      'a generation that does not move: an upgrade',
      { task: UPGRADE, server: { generationMoves: false } },
      ['kubernetes-version'],
      63_000,
      100_000,
    ],
    [
      'a generation that does not move: a scale',
      { task: SCALE, server: { generationMoves: false } },
      ['settled'],
      32_000,
      50_000,
    ],
    [
      'observedGeneration stamped before the new version runs',
      { task: UPGRADE, server: { earlyObservedGeneration: true } },
      ['generation', 'kubernetes-version'],
      63_000,
      80_000,
    ],
    [
      'an upgrade that never leaves Running',
      { task: UPGRADE, server: { script: ['upgrade-stays-running'] } },
      ['generation', 'kubernetes-version'],
      63_000,
      80_000,
    ],
    [
      'a server without kubernetesVersion: an upgrade seen at work and back',
      { task: UPGRADE, server: { reportKubernetesVersion: false } },
      ['generation'],
      63_000,
      80_000,
    ],
    [
      'a server without kubernetesVersion and generations: an upgrade seen at work and back',
      { task: UPGRADE, server: { reportKubernetesVersion: false, generations: false } },
      ['settled'],
      63_000,
      100_000,
    ],
    [
      'a PATCH answered with the old object',
      { task: SCALE, arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'old-object' }]) },
      ['generation'],
      5_000,
      10_000,
    ],
    [
      'a PATCH answered with an empty body',
      { task: SCALE, server: { emptyPatchAnswer: true } },
      ['generation'],
      5_000,
      10_000,
    ],
    [
      'a PATCH answered with an empty body, without generations',
      { task: UPGRADE, server: { emptyPatchAnswer: true, generations: false } },
      ['kubernetes-version'],
      63_000,
      100_000,
    ],
    ['a PATCH answered 202', { task: SCALE, server: { patchStatus: 202 } }, ['generation'], 5_000, 10_000],
    [
      'a PATCH whose answer is lost, though it landed',
      { task: SCALE, arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'reset', applied: true }]) },
      ['generation'],
      5_000,
      10_000,
    ],
    [
      'a PATCH whose answer is lost, though it landed and was carried out at once',
      {
        task: SCALE,
        server: { scaleMs: 0 },
        arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'cut', applied: true }]),
      },
      ['generation'],
      0,
      5_000,
    ],
    [
      'a PATCH whose answer is lost, and a generation that does not move',
      {
        task: SCALE,
        server: { generationMoves: false },
        arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'status', status: 502, applied: true }]),
      },
      ['settled'],
      30_000,
      50_000,
    ],
    [
      'reads from an older replica',
      {
        task: SCALE,
        arrange: (kupe) => kupe.inject({ method: 'GET', nth: 2, times: 6 }, { kind: 'stale', ms: MINUTE }),
      },
      ['generation'],
      12_000,
      40_000,
    ],
    [
      'the old world as Running for a while, without generations',
      {
        task: SCALE,
        server: { generations: false },
        arrange: (kupe) => kupe.inject({ method: 'GET', nth: 2, times: 2 }, { kind: 'stale', ms: MINUTE }),
      },
      ['settled'],
      34_000,
      60_000,
    ],
    [
      'kubernetesVersion missing in one read',
      { task: SCALE, arrange: hide('status.kubernetesVersion', 4) },
      ['generation'],
      5_000,
      14_000,
    ],
    [
      'defaults that the server fills in under alerts',
      {
        task: { desired: { alerts: { mail: { to: 'ops' } } } },
        server: { alertDefaults: { mail: { every: '5m' }, pager: 'off' } },
      },
      ['generation'],
      5_000,
      10_000,
    ],
    [
      'a server that spells quantities its own way',
      { task: SCALE, server: { respell: (field, asked) => (field === 'cpu' ? `${asked}000m` : asked) } },
      ['generation'],
      5_000,
      10_000,
    ],
    [
      'Degraded that heals',
      { task: UPGRADE, server: { script: ['degraded-heals'] } },
      ['generation', 'kubernetes-version'],
      90_000,
      120_000,
    ],
    [
      'another writer who changes what was not asked',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.at(3_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { alerts: { pager: 'on' } })),
      },
      ['generation'],
      8_000,
      14_000,
    ],
  ])('%s', async (_name, setup, evidence, atLeastMs, atMostMs) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(evidence)
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(atLeastMs)
    expect(report.outcome.durationMs).toBeLessThanOrEqual(atMostMs)
    expect(report.outcome.warnings).toEqual([])
    expect(patchRequestsOf(report)).toHaveLength(1)
  })

  test('a version that was met all along needs no proof of its own, and where no read says what runs that is warned of', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.31', cpu: '8' } },
      server: { reportKubernetesVersion: false },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(['generation'])
    expect(report.outcome.warnings).toEqual(['This API does not say which version runs'])
  })

  test.each<[name: string, script: 'unknown-phase' | 'no-phase' | 'no-status', warning: string]>([
    ['unknown phase', 'unknown-phase', 'The phase Migrating is not known to this action; it goes on waiting'],
    ['absent phase', 'no-phase', 'The server reports no phase; planning and waiting go on without it'],
    ['absent status', 'no-status', 'The server reports no phase; planning and waiting go on without it'],
  ])('%s: keep polling, say it once', async (_name, script, warning) => {
    const report = await runAgainstSimulator({ task: UPGRADE, server: { script: [script] } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(63_000)
    expect(report.outcome.warnings).toEqual([warning])
    expect(report.log.filter((line) => line === `warning ${warning}`)).toHaveLength(1)
  })

  test.each<[name: string, task: RunSetup['task'], lastPauseMs: number]>([
    ['the second read of an upgrade comes 2 s after the first', UPGRADE, 2_000],
    [
      'the second read of resources comes at the end of settle-time',
      { mode: 'verify', desired: { memory: '16Gi' } },
      30_000,
    ],
  ])('without generations %s, however long the pauses have become', async (_name, task, lastPauseMs) => {
    const report = await runAgainstSimulator({
      task: { ...task, timeoutMs: 60 * MINUTE, pollIntervalMs: 5 * MINUTE },
      server: { generations: false, upgradeMs: 20 * MINUTE, ...(task?.mode && busyServer(20 * MINUTE)) },
    })
    expect(report.outcome.result).toBe('converged')
    const times = report.simulator.requests.map(({ at }) => at)
    const [before = 0, first = 0, last = 0] = times.slice(-3)
    expect(last - first).toBe(lastPauseMs)
    expect(first - before).toBeGreaterThan(3 * MINUTE)
  })

  test('failed reads neither count nor break the row of two', async () => {
    const server = { generations: false, scaleMs: 0 }
    const calm = await runAgainstSimulator({ task: { ...SCALE, settleTimeMs: 0 }, server })
    const rough = await runAgainstSimulator({
      task: { ...SCALE, settleTimeMs: 0 },
      server,
      arrange: (kupe) => kupe.queue('GET', ['ok', 'ok', { kind: 'status', status: 503 }, { kind: 'reset' }]),
    })
    expect(calm.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200', 'GET 200'])
    expect(rough.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200', 'GET 503', 'GET none', 'GET 200'])
    expect([calm.outcome.evidence, rough.outcome.evidence]).toEqual([['settled'], ['settled']])
  })

  test('an upgrade on a server without kubernetesVersion that is never seen at work is not proven', async () => {
    const server = { reportKubernetesVersion: false, script: ['upgrade-stays-running' as const] }
    const report = await runAgainstSimulator({ task: { ...UPGRADE, timeoutMs: 10 * MINUTE }, server })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.message).toMatch('the cluster was not seen at work on it')
  })
})

describe('the end of a wait shows the last read', () => {
  test.each<[name: string, setup: RunSetup, last: Record<string, unknown>]>([
    ['converged', { task: BOTH }, { version: '1.32', kubernetesVersion: 'v1.32.3', generation: 8, phase: 'Running' }],
    [
      'an older replica’s read is not the last',
      {
        task: SCALE,
        arrange: (kupe) => kupe.inject({ method: 'GET', nth: 2, times: 900 }, { kind: 'stale', ms: 90 * MINUTE }),
      },
      { generation: 8, phase: 'Running', resources: { cpu: '8', memory: '16Gi', storage: '100Gi' } },
    ],
  ])('%s', async (_name, setup, last) => {
    const { outcome } = await runAgainstSimulator(setup)
    expect(outcome.last).toMatchObject(last)
  })
})
