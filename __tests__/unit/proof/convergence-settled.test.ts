import { describe, expect, test } from '@jest/globals'
import { type ClusterOverrides, RESOURCES } from '../../support/clusters.js'
import {
  at,
  CPU_8,
  lastMessage,
  OLDER,
  pending,
  type ReadAt,
  SCALE_BEGUN,
  SCALE_WAIT,
  SCALED,
  SILENT,
  STILL,
  UPGRADE_BEGUN,
  UPGRADE_WAIT,
  UPGRADED,
  UPGRADING,
  verdictsOf,
  type Wait,
  type WaitCase,
} from '../../support/waits.js'

type Lack = [name: string, wait: Wait, read: ClusterOverrides, missing: string]

describe('settled: phase Running', () => {
  test.each<[phase: string | undefined, missing: string]>([
    ['Pending', 'phase is Pending'],
    ['Provisioning', 'phase is Provisioning'],
    ['Upgrading', 'phase is Upgrading'],
    ['Degraded', 'phase is Degraded'],
    ['Migrating', 'phase is Migrating'],
    ['running', 'phase is running'],
    ['constructor', 'phase is constructor'],
  ])('%s is not', (phase, missing) => {
    expect(verdictsOf(SCALE_WAIT, [[2, { ...SCALED, phase }]])).toEqual(['pending'])
    expect(lastMessage(SCALE_WAIT, [[2, { ...SCALED, phase }]])).toBe(missing)
  })

  test('a phase that no read ever reports is not', () => {
    const wait: Wait = { ...SCALE_WAIT, server: { phase: undefined } }
    const reads: ReadAt[] = [
      [2, SCALED],
      [40, SCALED],
      [80, SCALED],
    ]
    expect(verdictsOf(wait, reads)).toEqual(['pending', 'pending', 'pending'])
    expect(lastMessage(wait, reads)).toBe('no phase')
  })

  test('a status that no read ever has is not', () => {
    const server: ClusterOverrides = { phase: undefined, kubernetesVersion: undefined, observedGeneration: undefined }
    const reads: ReadAt[] = [
      [2, SCALED],
      [40, SCALED],
    ]
    expect(verdictsOf({ ...SCALE_WAIT, server }, reads)).toEqual(['pending', 'pending'])
  })
})

describe('settled: where generations are reported, observedGeneration not below that read’s own generation', () => {
  test.each<Lack>([
    [
      'after a PATCH',
      SCALE_WAIT,
      SCALE_BEGUN,
      'the platform has not taken up the change yet (generation 8; it is at 7)',
    ],
    [
      'another writer’s later change counts too',
      SCALE_WAIT,
      { ...SCALED, generation: 9 },
      'the platform has not taken up the change yet (generation 9; it is at 8)',
    ],
    [
      'without a PATCH of this run',
      { asked: { cpu: '8' }, isUnsent: true, before: SCALE_BEGUN },
      {},
      'the platform has not taken up the change yet (generation 8; it is at 7)',
    ],
    [
      'without anything asked',
      { asked: {}, isUnsent: true, before: SCALE_BEGUN },
      {},
      'the platform has not taken up the change yet (generation 8; it is at 7)',
    ],
  ])('%s', (_name, wait, read, missing) => {
    expect(verdictsOf(wait, [[2, read]])).toEqual(['pending'])
    expect(lastMessage(wait, [[2, read]])).toBe(missing)
  })

  test('one above it is settled', () => {
    expect(verdictsOf(SCALE_WAIT, [[2, { ...SCALED, observedGeneration: 9 }]])).toEqual(['converged generation'])
  })

  test('one of the two alone says nothing', () => {
    const wait: Wait = { ...SCALE_WAIT, settleTimeMs: 0, before: { observedGeneration: undefined } }
    const old: ClusterOverrides = { ...CPU_8, generation: undefined, observedGeneration: 6 }
    expect(
      verdictsOf({ ...wait, server: { generation: undefined } }, [
        [2, old],
        [4, old],
      ]),
    ).toEqual(['pending', 'converged settled'])
  })
})

describe('settled: observedGeneration not below the one the PATCH was answered with', () => {
  test.each<[observed: number, verdict: string]>([
    [8, 'pending'],
    [9, 'converged generation'],
    [10, 'converged generation'],
  ])('answered with 9, observed %d', (observedGeneration, verdict) => {
    const wait: Wait = { asked: { cpu: '8' }, answeredGeneration: 9 }
    expect(verdictsOf(wait, [[2, { ...CPU_8, generation: 8, observedGeneration }]])).toEqual([verdict])
  })
})

describe('drift that is not ours: where no version was asked, kubernetesVersion matches the desired version of the object', () => {
  test.each<Lack>([
    [
      'a scale while another’s upgrade has not begun',
      SCALE_WAIT,
      { ...SCALED, version: '1.32', generation: 9, observedGeneration: 9 },
      'the cluster runs v1.31.9, not 1.32',
    ],
    [
      'mode: verify, and nothing asked',
      { asked: {}, isUnsent: true, mode: 'verify', before: { version: '1.32' } },
      {},
      'the cluster runs v1.31.9, not 1.32',
    ],
    ['a desired patch', SCALE_WAIT, { ...SCALED, version: '1.31.10' }, 'the cluster runs v1.31.9, not 1.31.10'],
  ])('it does not: %s', (_name, wait, read, missing) => {
    expect(verdictsOf(wait, [[2, read]])).toEqual(['pending'])
    expect(lastMessage(wait, [[2, read]])).toBe(missing)
  })

  test.each<[name: string, read: ClusterOverrides]>([
    ['a minor and its patch', SCALED],
    ['without a v', { ...SCALED, kubernetesVersion: '1.31.9' }],
    ['with a build', { ...SCALED, kubernetesVersion: 'v1.31.9+kupe.2' }],
    ['the very patch', { ...SCALED, version: '1.31.9' }],
  ])('it does: %s', (_name, read) => {
    expect(verdictsOf(SCALE_WAIT, [[2, read]])).toEqual(['converged generation'])
  })

  test('it need not where that stood before this run, without generations for settle-time since the read that was planned from', () => {
    const wait: Wait = { ...SCALE_WAIT, before: { version: '1.32' }, server: OLDER, baseAtSeconds: -5 }
    expect(verdictsOf(wait, at(CPU_8, 24.999, 25, 54.999, 55))).toEqual([...pending(3), 'converged settled'])
    expect(lastMessage(wait, at(CPU_8, 24.999))).toBe('the cluster runs v1.31.9, not 1.32')
  })

  test('where neither is reported there is nothing to match', () => {
    expect(
      verdictsOf({ ...SCALE_WAIT, server: { version: undefined, kubernetesVersion: undefined } }, [[2, SCALED]]),
    ).toEqual(['converged generation'])
  })
})

describe('settled: where kubernetesVersion is reported, it matches the version asked for', () => {
  test.each<Lack>([
    [
      'a server that stamps observedGeneration before the new version runs',
      UPGRADE_WAIT,
      { ...UPGRADED, kubernetesVersion: 'v1.31.9' },
      'the cluster runs v1.31.9, not 1.32',
    ],
    [
      'the desired version is only the asked minor, and another patch of it runs',
      { asked: { version: '1.32.3' }, answer: UPGRADE_BEGUN },
      { ...UPGRADED, kubernetesVersion: 'v1.32.2' },
      'the cluster runs v1.32.2, not 1.32.3',
    ],
    [
      'a minor is not its longer namesake',
      { asked: { version: '1.3' }, before: { version: '1.2', kubernetesVersion: 'v1.2.0' } },
      { ...UPGRADED, version: '1.3', kubernetesVersion: 'v1.32.3' },
      'the cluster runs v1.32.3, not 1.3',
    ],
  ])('it does not: %s', (_name, wait, read, missing) => {
    expect(verdictsOf(wait, [[2, read]])).toEqual(['pending'])
    expect(lastMessage(wait, [[2, read]])).toBe(missing)
  })

  test.each<[name: string, asked: string, read: ClusterOverrides]>([
    ['a patch of the asked minor', '1.32', UPGRADED],
    ['the asked patch, desired as such', '1.32.3', { ...UPGRADED, version: '1.32.3' }],
    ['the asked patch, desired as its minor', '1.32.3', UPGRADED],
    ['a desired patch of the asked minor', '1.32', { ...UPGRADED, version: 'v1.32.3' }],
  ])('it does: %s', (_name, version, read) => {
    expect(verdictsOf({ asked: { version }, answer: UPGRADE_BEGUN }, [[2, read]])).toEqual([
      'converged generation,kubernetes-version',
    ])
  })
})

describe('converged: settled, and the plan against that read is empty', () => {
  const settled: ClusterOverrides = { generation: 8, observedGeneration: 8 }
  test.each<[name: string, asked: Wait['asked'], read: ClusterOverrides, missing: string]>([
    ['version', { version: '1.32' }, settled, 'the cluster runs v1.31.9, not 1.32'],
    ['version, where none runs', { version: '1.32' }, { ...settled, ...SILENT }, 'version not yet as asked'],
    ['cpu', { cpu: '8' }, settled, 'cpu not yet as asked'],
    ['memory', { memory: '32Gi' }, settled, 'memory not yet as asked'],
    ['storage', { storage: '200Gi' }, settled, 'storage not yet as asked'],
    ['alerts', { alerts: { mail: { to: 'ops' } } }, settled, 'alerts.mail.to not yet as asked'],
    ['one of two', { cpu: '8', memory: '32Gi' }, { ...settled, ...CPU_8 }, 'memory not yet as asked'],
    ['both of two', { cpu: '8', memory: '32Gi' }, settled, 'cpu, memory not yet as asked'],
  ])('not while it would still change %s', (_name, asked, read, missing) => {
    const wait: Wait = {
      asked,
      ...(read.kubernetesVersion === undefined && 'kubernetesVersion' in read ? { server: SILENT } : {}),
    }
    expect(verdictsOf(wait, [[2, read]])).toEqual(['pending'])
    expect(lastMessage(wait, [[2, read]])).toBe(missing)
  })

  test.each<[name: string, asked: Wait['asked'], read: ClusterOverrides]>([
    ['another spelling of the asked cpu', { cpu: '8' }, { ...SCALED, resources: { ...RESOURCES, cpu: '8000m' } }],
    [
      'another spelling of the asked memory',
      { memory: '32Gi' },
      { ...settled, resources: { ...RESOURCES, memory: '32768Mi' } },
    ],
    [
      'defaults that the server filled in beside the asked alerts',
      { alerts: { mail: { to: 'ops' } } },
      { ...settled, alerts: { mail: { to: 'ops', every: '5m' }, pager: 'off' } },
    ],
  ])('%s is met', (_name, asked, read) => {
    expect(verdictsOf({ asked }, [[2, read]])).toEqual(['converged generation'])
  })

  const met: ClusterOverrides = { ...SCALED, generation: 9, observedGeneration: 9 }
  test.each<[name: string, wait: Wait]>([
    ['after a PATCH', SCALE_WAIT],
    ['after an empty or a lost answer', { asked: { cpu: '8' } }],
    ['adopted from another writer, joined, or a re-run', { asked: { cpu: '8' }, isUnsent: true, before: SCALE_BEGUN }],
    ['mode: verify, begun before the change', { asked: { cpu: '8' }, isUnsent: true, mode: 'verify' }],
  ])('this holds for every wait: %s', (_name, wait) => {
    const reads: ReadAt[] = [
      [2, SCALE_BEGUN],
      [4, { ...met, phase: 'Upgrading' }],
      [6, { ...met, ...CPU_8, version: '1.32' }],
      [8, met],
    ]
    expect(verdictsOf(wait, reads)).toEqual(['pending', 'pending', 'pending', 'converged generation'])
    expect(verdictsOf(wait, [[2, { ...SCALED, ...{ resources: RESOURCES } }]]).join()).not.toMatch('converged')
  })

  test.each<WaitCase>([
    [
      'the first read after a PATCH still shows the old world as Running',
      { ...UPGRADE_WAIT, server: OLDER },
      [
        [2, {}],
        [4, {}],
        [6, UPGRADING],
        [8, UPGRADED],
        [10, UPGRADED],
      ],
      ['pending', 'pending', 'pending', 'pending', 'converged kubernetes-version'],
    ],
    [
      'a scale never leaves Running',
      { ...SCALE_WAIT, server: OLDER },
      [
        [2, {}],
        [4, CPU_8],
        [34, CPU_8],
      ],
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'an upgrade is accepted, and still Running the old version',
      { ...UPGRADE_WAIT, server: STILL },
      [
        [2, UPGRADE_BEGUN],
        [40, UPGRADE_BEGUN],
        [80, UPGRADE_BEGUN],
      ],
      ['pending', 'pending', 'pending'],
    ],
    [
      'an upgrade under way',
      UPGRADE_WAIT,
      [
        [2, { ...UPGRADED, phase: 'Upgrading' }],
        [4, UPGRADING],
      ],
      ['pending', 'pending'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})
