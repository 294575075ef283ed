import { describe, expect, test } from '@jest/globals'
import { lacksSpec, NOTHING_OBSERVED, type Observed, observe } from '../../../src/proof/observations.js'
import { type ClusterOverrides, RESOURCES, toCluster } from '../../support/clusters.js'
import {
  CPU_8,
  lastMessage,
  OLDER,
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

describe('a field is reported once any read of this run has carried it; from then on a read without it proves nothing', () => {
  test.each<[field: keyof ClusterOverrides, missing: string]>([
    ['phase', 'the last read did not say its phase'],
    ['generation', 'the last read did not say its generation'],
    ['observedGeneration', 'the last read did not say its observedGeneration'],
    ['kubernetesVersion', 'the last read did not say its kubernetesVersion'],
    ['version', 'the last read did not say its version'],
  ])('%s is missing in one read', (field, missing) => {
    const hidden: ClusterOverrides = { ...SCALED, [field]: undefined }
    expect(
      verdictsOf(SCALE_WAIT, [
        [2, hidden],
        [4, SCALED],
      ]),
    ).toEqual(['pending', 'converged generation'])
    expect(lastMessage(SCALE_WAIT, [[2, hidden]])).toBe(missing)
  })

  test.each<WaitCase>([
    [
      'the whole status is missing in one read',
      SCALE_WAIT,
      [
        [2, { ...SCALED, phase: undefined, kubernetesVersion: undefined, observedGeneration: undefined }],
        [4, SCALED],
      ],
      ['pending', 'converged generation'],
    ],
    [
      'the asked resource is missing in one read',
      SCALE_WAIT,
      [
        [2, { ...SCALED, resources: {} }],
        [4, SCALED],
      ],
      ['pending', 'converged generation'],
    ],
    [
      'the asked alerts are missing in one read, and absent is what was asked',
      {
        asked: { alerts: { pager: null } },
        before: { alerts: { pager: 'on', mail: 'on' } },
        answer: { alerts: { mail: 'on' }, generation: 8 },
      },
      [
        [2, { alerts: undefined, generation: 8, observedGeneration: 8 }],
        [4, { alerts: { mail: 'on' }, generation: 8, observedGeneration: 8 }],
      ],
      ['pending', 'converged generation'],
    ],
    [
      'only the PATCH’s answer has carried it',
      { asked: { version: '1.32' }, before: SILENT, answer: { ...UPGRADE_BEGUN, kubernetesVersion: 'v1.31.9' } },
      [
        [2, { ...UPGRADING, ...SILENT }],
        [4, { ...UPGRADED, ...SILENT }],
        [6, UPGRADED],
      ],
      ['pending', 'pending', 'converged generation,kubernetes-version'],
    ],
    [
      'only an earlier read of the wait has carried it',
      { asked: { cpu: '8' }, before: SILENT, answer: SCALE_BEGUN },
      [
        [2, { ...SCALE_BEGUN, kubernetesVersion: 'v1.31.9' }],
        [4, { ...SCALED, ...SILENT }],
      ],
      ['pending', 'pending'],
    ],
    [
      'only an older replica’s read has carried it',
      { asked: { cpu: '8' }, before: SILENT, answer: { ...SCALE_BEGUN, ...SILENT } },
      [
        [2, { kubernetesVersion: 'v1.31.9' }],
        [4, { ...SCALED, ...SILENT }],
      ],
      ['stale', 'pending'],
    ],
    ['never reported, never missed', { ...SCALE_WAIT, server: SILENT }, [[2, SCALED]], ['converged generation']],
    [
      'a read without phase does not fail the wait as Degraded either',
      { ...SCALE_WAIT, degradedGraceMs: 60_000 },
      [
        [2, { ...SCALE_BEGUN, phase: 'Degraded' }],
        [62, { ...SCALE_BEGUN, phase: undefined }],
        [63, { ...SCALE_BEGUN, phase: 'Degraded' }],
      ],
      ['pending', 'pending', 'failed degraded'],
    ],
    [
      'reads without generation, which may be an older replica’s, show no roll-back',
      UPGRADE_WAIT,
      [
        [2, UPGRADING],
        [4, { ...UPGRADE_BEGUN, generation: undefined }],
        [6, { ...UPGRADE_BEGUN, generation: undefined }],
        [8, { ...UPGRADE_BEGUN, generation: undefined }],
        [10, UPGRADED],
      ],
      ['pending', 'pending', 'pending', 'pending', 'converged generation,kubernetes-version'],
    ],
    [
      'alerts that nobody asked for may vanish: that is a warning (3.1), and nothing to wait for',
      { ...SCALE_WAIT, before: { alerts: { mail: 'on' } } },
      [[2, { ...SCALED, alerts: undefined }]],
      ['converged generation'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('generations count as reported when both generation and status.observedGeneration are', () => {
  const settledOnly = ['pending', 'pending', 'converged settled']
  test.each<[name: string, server: ClusterOverrides, expected: string[]]>([
    ['both', {}, ['converged generation', 'converged generation', 'converged generation']],
    ['generation alone', { observedGeneration: undefined }, settledOnly],
    ['observedGeneration alone', { generation: undefined }, settledOnly],
    ['neither', OLDER, settledOnly],
  ])('%s', (_name, server, expected) => {
    const reads: ReadAt[] = [
      [2, SCALED],
      [20, SCALED],
      [40, SCALED],
    ]
    expect(verdictsOf({ ...SCALE_WAIT, server }, reads)).toEqual(expected)
    expect(verdictsOf({ asked: { cpu: '8' }, isUnsent: true, before: SCALED, server }, reads)).toEqual(expected)
  })

  test('each by another read', () => {
    const wait: Wait = {
      asked: { cpu: '8' },
      before: { observedGeneration: undefined },
      answer: { ...CPU_8, generation: undefined, observedGeneration: 7 },
    }
    expect(verdictsOf(wait, [[2, { ...CPU_8, generation: 8, observedGeneration: undefined }]])).toEqual(['pending'])
    expect(
      verdictsOf(wait, [
        [2, SCALE_BEGUN],
        [4, SCALED],
      ]),
    ).toEqual(['pending', 'converged generation'])
  })
})

describe('a read is stale, and counts only as contact, when its generation is below one already seen', () => {
  test.each<WaitCase>([
    [
      'below the one the PATCH was answered with',
      SCALE_WAIT,
      [
        [2, {}],
        [4, SCALED],
      ],
      ['stale', 'converged generation'],
    ],
    [
      'below the one read before the PATCH',
      { asked: { cpu: '8' } },
      [[2, { ...CPU_8, generation: 6, observedGeneration: 6 }]],
      ['stale'],
    ],
    [
      'below the highest one, not just the last one',
      SCALE_WAIT,
      [
        [2, { ...SCALE_BEGUN, generation: 9 }],
        [4, { ...SCALE_BEGUN, generation: 7 }],
        [6, SCALED],
        [8, { ...SCALED, generation: 9, observedGeneration: 9 }],
      ],
      ['pending', 'stale', 'stale', 'converged generation'],
    ],
    ['the same generation is not', UPGRADE_WAIT, [[2, UPGRADING]], ['pending']],
    ['a stale read does not say that the cluster is going', SCALE_WAIT, [[2, { phase: 'Terminating' }]], ['stale']],
    [
      'a stale read does not begin the time of Degraded',
      { ...SCALE_WAIT, degradedGraceMs: 60_000 },
      [
        [2, { phase: 'Degraded' }],
        [62, { ...SCALE_BEGUN, phase: 'Degraded' }],
      ],
      ['stale', 'pending'],
    ],
    [
      'a stale read is no sign of leaving Running',
      { ...UPGRADE_WAIT, server: SILENT },
      [
        [2, { phase: 'Upgrading' }],
        [4, UPGRADED],
      ],
      ['stale', 'pending'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  const stale: ClusterOverrides = { generation: 6, observedGeneration: 6 }
  test.each<WaitCase>([
    [
      'between the two reads in a row that prove',
      { ...SCALE_WAIT, answer: { ...CPU_8, ...STILL } },
      [
        [2, CPU_8],
        [20, stale],
        [40, CPU_8],
      ],
      ['pending', 'stale', 'converged settled'],
    ],
    [
      'instead of the second of them',
      { ...SCALE_WAIT, answer: { ...CPU_8, ...STILL } },
      [
        [2, CPU_8],
        [40, { ...CPU_8, ...stale }],
      ],
      ['pending', 'stale'],
    ],
    [
      'among the three reads in a row that show a roll-back',
      UPGRADE_WAIT,
      [
        [2, UPGRADING],
        [4, UPGRADE_BEGUN],
        [6, UPGRADE_BEGUN],
        [8, {}],
        [10, UPGRADE_BEGUN],
      ],
      ['pending', 'pending', 'pending', 'stale', 'failed rolled-back'],
    ],
  ])('a stale read in a row: %s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test.each<[name: string, reads: ClusterOverrides[], freshness: string[], highest: number | undefined]>([
    [
      'a lower one, and back',
      [{ generation: 8 }, { generation: 7 }, { generation: 8 }],
      ['fresh', 'stale', 'fresh'],
      8,
    ],
    ['a higher one', [{ generation: 7 }, { generation: 9 }], ['fresh', 'fresh'], 9],
    ['without generation', [{ generation: 8 }, { generation: undefined }], ['fresh', 'fresh'], 8],
    ['never any', [OLDER, OLDER], ['fresh', 'fresh'], undefined],
    ['from none to one', [OLDER, { generation: 0 }], ['fresh', 'fresh'], 0],
  ])('fresh and stale: %s', (_name, reads, freshness, highest) => {
    let seen: Observed = NOTHING_OBSERVED
    const shown = reads.map((read) => {
      const next = observe(seen, toCluster(read))
      seen = next.observed
      return next.freshness
    })
    expect(shown).toEqual(freshness)
    expect(seen.generation).toBe(highest)
  })
})

describe('another createdAt than at first: deleted, saying that the name was given to a new cluster', () => {
  const NEWER: ClusterOverrides = { createdAt: '2026-11-02T09:00:00Z', generation: 1, observedGeneration: 1 }
  test.each<WaitCase>([
    ['a new cluster under the old name, younger by generation', SCALE_WAIT, [[2, NEWER]], ['failed deleted']],
    ['even one that looks finished', SCALE_WAIT, [[2, { ...SCALED, createdAt: NEWER.createdAt }]], ['failed deleted']],
    [
      'on a server without generations',
      { ...SCALE_WAIT, server: OLDER },
      [[2, { ...NEWER, ...CPU_8 }]],
      ['failed deleted'],
    ],
    [
      'where a later read was the first to say it',
      { ...SCALE_WAIT, before: { createdAt: undefined }, answer: SCALE_BEGUN },
      [
        [2, { ...SCALE_BEGUN, createdAt: '2026-02-01T14:00:00Z' }],
        [4, { ...SCALED, createdAt: NEWER.createdAt }],
      ],
      ['pending', 'failed deleted'],
    ],
    [
      'a read between that does not say it changes nothing of that',
      SCALE_WAIT,
      [
        [2, { ...SCALE_BEGUN, createdAt: undefined }],
        [4, { ...SCALED, createdAt: NEWER.createdAt }],
      ],
      ['pending', 'failed deleted'],
    ],
    [
      'the same moment in another spelling is the same cluster',
      SCALE_WAIT,
      [[2, { ...SCALED, createdAt: '2026-02-01T15:00:00.000+01:00' }]],
      ['converged generation'],
    ],
    [
      'an unreadable one is compared as text',
      { ...SCALE_WAIT, before: { createdAt: 'first' } },
      [
        [2, { ...SCALE_BEGUN, createdAt: 'first' }],
        [4, { ...SCALED, createdAt: 'second' }],
      ],
      ['pending', 'failed deleted'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('a read lacks a part of the spec that an earlier one showed', () => {
  const WHOLE: ClusterOverrides = { version: '1.31', resources: RESOURCES, alerts: { a: 1 } }
  /** A read that shows these parts of the spec alone. */
  const read = (spec: ClusterOverrides) => toCluster({ version: undefined, resources: {} }, spec)

  test.each<[string, earlier: ClusterOverrides, now: ClusterOverrides, lacks: boolean]>([
    ['nothing seen, nothing shown', {}, {}, false],
    ['all seen, all shown', WHOLE, WHOLE, false],
    ['nothing seen, all shown', {}, WHOLE, false],
    ['all seen, nothing shown', WHOLE, {}, true],
    ['all seen, no version', WHOLE, { ...WHOLE, version: undefined }, true],
    ['all seen, no alerts', WHOLE, { ...WHOLE, alerts: undefined }, true],
    ['all seen, no cpu', WHOLE, { ...WHOLE, resources: { memory: '16Gi', storage: '100Gi' } }, true],
    ['all seen, no memory', WHOLE, { ...WHOLE, resources: { cpu: '4', storage: '100Gi' } }, true],
    ['all seen, no storage', WHOLE, { ...WHOLE, resources: { cpu: '4', memory: '16Gi' } }, true],
    ['only cpu seen, only cpu shown', { resources: { cpu: '4' } }, { resources: { cpu: '8' } }, false],
    ['only a version seen, only alerts shown', { version: '1.31' }, { alerts: {} }, true],
  ])('%s', (_, earlier, now, lacks) => {
    const { observed: seen } = observe(NOTHING_OBSERVED, read(earlier))
    expect(lacksSpec(observe(seen, read(now)).observed, read(now))).toBe(lacks)
  })

  test('what was seen is added up over reads', () => {
    const first = observe(NOTHING_OBSERVED, read({ version: '1.31' })).observed
    const second = observe(first, read({ resources: { cpu: '4' } })).observed
    expect([...second.spec].sort()).toEqual(['cpu', 'version'])
    expect([...NOTHING_OBSERVED.spec]).toEqual([])
  })
})
