import { describe, expect, test } from '@jest/globals'
import { endOf, patchRequestsOf, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { BOTH, CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

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
  ])('unchanged %s', async (_name, server, requests) => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.31', cpu: '4000m' } },
      ...(server && { server }),
    })
    expect([...endOf(report), report.outcome.evidence]).toEqual(['unchanged', undefined, false, undefined])
    expect(report.requests).toEqual(requests)
    expect(report.outcome.durationMs).toBeLessThan(5_000)
  })

  test.each<[name: string, server: RunSetup['server']]>([
    ['with generations', { reportKubernetesVersion: false }],
    ['without', { generations: false, reportKubernetesVersion: false }],
  ])(
    'where kubernetesVersion is never reported, unchanged after two reads that span settle-time, and with a warning: %s',
    async (_name, server) => {
      const report = await runAgainstSimulator({ task: { desired: { version: '1.31' } }, ...(server && { server }) })
      expect([...endOf(report), report.outcome.evidence]).toEqual(['unchanged', undefined, false, undefined])
      expect(report.outcome.durationMs).toBeGreaterThanOrEqual(30_000)
      expect(report.outcome.durationMs).toBeLessThan(35_000)
      expect(report.requests).toEqual(['GET 200', 'GET 200'])
      expect(report.outcome.warnings).toEqual([expect.stringMatching(/version/)])
    },
  )

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
