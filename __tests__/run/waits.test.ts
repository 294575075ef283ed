import { describe, expect, test } from '@jest/globals'
import { VirtualClock } from '../support/clock.js'
import { endOf, hide, patchRequestsOf, type RunSetup, runAgainstSimulator, warningsOf } from '../support/runs.js'
import { BOTH, CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

describe('the PATCH’s own answer shows one of our fields neither as sent nor as before: rejected, changed=true, naming both', () => {
  test.each<[name: string, setup: RunSetup, made: string]>([
    ['a limit', { task: SCALE, server: { clamp: { cpu: '6' } } }, 'cpu (asked 8, made 6)'],
    [
      'a rounding',
      {
        task: { desired: { memory: '33Gi' } },
        server: { respell: (field, asked) => (field === 'memory' ? '32Gi' : asked) },
      },
      'memory (asked 33Gi, made 32Gi)',
    ],
    [
      'two limits',
      { task: { desired: { cpu: '8', memory: '64Gi' } }, server: { clamp: { cpu: '6', memory: '32Gi' } } },
      'cpu (asked 8, made 6), memory (asked 64Gi, made 32Gi)',
    ],
    [
      'another version',
      {
        task: UPGRADE,
        arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, version: '1.33' }) }]),
      },
      'version (asked 1.32, made 1.33)',
    ],
    ['without wait', { task: { ...SCALE, wait: false }, server: { clamp: { cpu: '6' } } }, 'cpu (asked 8, made 6)'],
    [
      'without generations',
      { task: SCALE, server: { clamp: { cpu: '6' }, generations: false } },
      'cpu (asked 8, made 6)',
    ],
  ])('%s', async (_name, setup, made) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toBe(`The server accepted the PATCH but made something else of it: ${made}`)
    expect(report.requests).toEqual(['GET 200', 'PATCH 200'])
  })

  test('a value inside alerts, which may be a secret, is named without it', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { alerts: { mail: 'ours-secret' } } },
      arrange: (kupe) =>
        kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, alerts: { mail: 'theirs-secret' } }) }]),
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toBe('The server accepted the PATCH but made something else of it: alerts.mail')
  })

  test('a limit that stands as before the PATCH is an old object: the wait goes on to the deadline', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 5 * MINUTE },
      server: { clamp: { cpu: '4' } },
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.message).toMatch('cpu not yet as asked')
  })

  test('an answer of an older replica is stale, and counts only as contact', async () => {
    const older = (object: Record<string, unknown>) => ({ ...object, generation: 6, resources: { cpu: '2' } })
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'edit', edit: older }]),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })
})

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

describe('waits for which this run sends no PATCH', () => {
  const busyWithOurs = {
    phase: 'Upgrading',
    version: '1.32',
    kubernetesVersion: 'v1.31.9',
    busyForMs: 10 * MINUTE,
  }

  test.each<[name: string, setup: RunSetup, evidence: string[]]>([
    [
      'joined: already Upgrading to our target',
      { task: UPGRADE, server: { clusters: [busyWithOurs] } },
      ['generation', 'kubernetes-version'],
    ],
    [
      'joined, with on-busy: fail',
      { task: { ...UPGRADE, onBusy: 'fail' }, server: { clusters: [busyWithOurs] } },
      ['generation', 'kubernetes-version'],
    ],
    [
      'joined, without generations',
      { task: UPGRADE, server: { generations: false, clusters: [busyWithOurs] } },
      ['kubernetes-version'],
    ],
    [
      'joined, without kubernetesVersion',
      { task: UPGRADE, server: { reportKubernetesVersion: false, clusters: [busyWithOurs] } },
      ['generation'],
    ],
    [
      'a re-run: accepted, but not yet begun',
      {
        task: UPGRADE,
        server: { clusters: [{ ...busyWithOurs, phase: 'Running' }] },
      },
      ['generation', 'kubernetes-version'],
    ],
    [
      'a re-run: the generation of a scale is not observed yet',
      { task: SCALE, server: { clusters: [{ resources: { cpu: '8' }, busyForMs: 10 * MINUTE, phase: 'Running' }] } },
      ['generation'],
    ],
    [
      'verify: met later',
      { task: { ...UPGRADE, mode: 'verify' }, server: { clusters: [busyWithOurs] } },
      ['generation', 'kubernetes-version'],
    ],
    [
      'verify: met by another hand later',
      {
        task: { ...SCALE, mode: 'verify' },
        arrange: (kupe) =>
          kupe.at(10 * MINUTE, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '8' } })),
      },
      ['generation'],
    ],
    [
      'verify: nothing asked, settled later',
      { task: { mode: 'verify' }, server: { clusters: [busyWithOurs] } },
      ['generation'],
    ],
    [
      'verify: both, without generations',
      {
        task: { ...BOTH, mode: 'verify' },
        server: { generations: false, clusters: [{ ...busyWithOurs, resources: { cpu: '8' } }] },
      },
      ['kubernetes-version', 'settled'],
    ],
  ])('%s', async (_name, setup, evidence) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.outcome.evidence).toEqual(evidence)
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(10 * MINUTE)
    expect(report.outcome.durationMs).toBeLessThan(11 * MINUTE + 20_000)
    expect(patchRequestsOf(report)).toEqual([])
  })

  test.each<[name: string, setup: RunSetup, evidence: string[], requests: string[]]>([
    [
      'verify: met already, with generations',
      { task: { desired: { cpu: '4' }, mode: 'verify' } },
      ['generation'],
      ['GET 200'],
    ],
    [
      'verify: a version met already, without generations',
      { task: { desired: { version: '1.31' }, mode: 'verify' }, server: { generations: false } },
      ['kubernetes-version'],
      ['GET 200', 'GET 200'],
    ],
    ['verify: nothing asked', { task: { mode: 'verify' } }, ['generation'], ['GET 200']],
    [
      'adopted: another writer made the very same change first',
      {
        task: SCALE,
        server: { scaleMs: 0 },
        arrange: (kupe) =>
          kupe.on({ method: 'PATCH' }, (simulator) =>
            simulator.patchAs('colleague', CLUSTER, { resources: { cpu: '8' } }),
          ),
      },
      ['generation'],
      ['GET 200', 'PATCH 412', 'GET 200'],
    ],
  ])('%s', async (_name, setup, evidence, requests) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.outcome.evidence).toEqual(evidence)
    expect(report.requests).toEqual(requests)
  })

  test.each<[name: string, server: RunSetup['server'], requests: string[]]>([
    ['with generations: one read', {}, ['GET 200']],
    ['without generations: two reads', { generations: false }, ['GET 200', 'GET 200']],
    [
      'without generations and kubernetesVersion: two reads',
      { generations: false, reportKubernetesVersion: false },
      ['GET 200', 'GET 200'],
    ],
    ['without kubernetesVersion: one read', { reportKubernetesVersion: false }, ['GET 200']],
  ])('unchanged %s', async (_name, server, requests) => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.31', cpu: '4000m' } },
      ...(server && { server }),
    })
    expect([...endOf(report), report.outcome.evidence]).toEqual(['unchanged', undefined, false, undefined])
    expect(report.requests).toEqual(requests)
    expect(report.outcome.durationMs).toBeLessThan(5_000)
  })

  test('not unchanged where the second of the two reads is no longer settled', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.31' } },
      server: { generations: false },
      arrange: (kupe) => {
        kupe.at(1_000, (simulator) => simulator.setStatus(CLUSTER, { phase: 'Upgrading' }))
        kupe.at(MINUTE, (simulator) => simulator.setStatus(CLUSTER, { phase: 'Running' }))
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, false])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(MINUTE)
  })
})

describe('a field we did not ask for changed or vanished: a warning names it, before and after', () => {
  const gone = (field: string, from: string) =>
    `${field} was not asked for, but the change moved it from ${from} to nothing`
  test.each<[name: string, setup: RunSetup, warnings: unknown[]]>([
    [
      'a server that replaces resources, without ETags',
      { task: SCALE, server: { etags: false, resourcesMode: 'replace' } },
      [expect.stringMatching('ETag'), gone('memory', '16Gi'), gone('storage', '100Gi')],
    ],
    [
      'the same, report by a later read under our generation: the answer was empty',
      { task: SCALE, server: { etags: false, resourcesMode: 'replace', emptyPatchAnswer: true } },
      [expect.stringMatching('ETag'), gone('memory', '16Gi'), gone('storage', '100Gi')],
    ],
    [
      'under If-Match every resource is sent, and none is lost',
      { task: SCALE, server: { resourcesMode: 'replace' } },
      [],
    ],
    [
      'a server that replaces alerts',
      {
        task: { desired: { alerts: { mail: 'on' } } },
        server: { alertsMode: 'replace', clusters: [{ alerts: { mail: 'off', pager: 'secret' } }] },
      },
      ['alerts.pager was not asked for, but the change moved it'],
    ],
    [
      'a version moved along with a scale',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, version: '1.31.10' }) }]),
      },
      ['version was not asked for, but the change moved it from 1.31 to 1.31.10'],
    ],
    [
      'another writer’s change, under a later generation, is none of ours',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.at(3_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { memory: '8Gi' } })),
      },
      [],
    ],
  ])('%s', async (_name, setup, warnings) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.warnings).toEqual(warnings)
    expect(warningsOf(report)).toEqual(report.outcome.warnings)
  })
})

describe('the end of a wait tells the last read', () => {
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
