import { describe, expect, test } from '@jest/globals'
import {
  forgetParts,
  lackingParts,
  NOTHING_OBSERVED,
  type Observed,
  observe,
  type ReadKind,
  specParts,
  vanishedParts,
  withoutParts,
} from '../../../src/proof/observations.js'
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
    ['phase', 'no phase'],
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
      'an older replica’s read counts as contact and nothing else: it reports no field',
      { asked: { cpu: '8' }, before: SILENT, answer: { ...SCALE_BEGUN, ...SILENT } },
      [
        [2, { kubernetesVersion: 'v1.31.9' }],
        [4, { ...SCALED, ...SILENT }],
      ],
      ['stale', 'converged generation'],
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
      'alerts that nobody asked for are believed to be gone after three reads in a row',
      { ...SCALE_WAIT, before: { alerts: { mail: 'on' } } },
      [
        [2, { ...SCALED, alerts: undefined }],
        [4, { ...SCALED, alerts: undefined }],
        [6, { ...SCALED, alerts: undefined }],
      ],
      ['pending', 'pending', 'converged generation'],
    ],
    [
      'so is, while waiting, a resource',
      { ...SCALE_WAIT, answer: { resources: { cpu: '8', memory: '16Gi' }, generation: 8 } },
      [
        [2, { ...SCALED, resources: { cpu: '8', memory: '16Gi' } }],
        [4, SCALED],
        [6, { ...SCALED, resources: { cpu: '8', memory: '16Gi' } }],
      ],
      ['pending', 'converged generation', 'pending'],
    ],
    [
      'a read without something of the spec breaks a row of settled reads',
      { ...SCALE_WAIT, server: OLDER, settleTimeMs: 0 },
      [
        [2, SCALED],
        [4, { ...SCALED, version: undefined }],
        [6, SCALED],
        [8, SCALED],
      ],
      ['pending', 'pending', 'pending', 'converged settled'],
    ],
    [
      'so does one without a reported kubernetesVersion',
      { ...SCALE_WAIT, server: OLDER, settleTimeMs: 0 },
      [
        [2, SCALED],
        [4, { ...SCALED, kubernetesVersion: undefined }],
        [6, SCALED],
        [8, SCALED],
      ],
      ['pending', 'pending', 'pending', 'converged settled'],
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
    [
      'but Terminating is looked at before the generation',
      SCALE_WAIT,
      [[2, { phase: 'Terminating' }]],
      ['failed deleted'],
    ],
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
      'a stale read is no sign of work',
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
  const GIVEN_UP: ClusterOverrides = { ...UPGRADE_BEGUN, observedGeneration: 8 }
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
        [4, GIVEN_UP],
        [60, GIVEN_UP],
        [120, {}],
        [124, GIVEN_UP],
      ],
      ['pending', 'pending', 'pending', 'stale', 'failed rolled-back'],
    ],
  ])('a stale read in a row: %s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test.each<[name: string, reads: ClusterOverrides[], kinds: ReadKind[], highest: number | undefined]>([
    [
      'a lower one, and back',
      [{ generation: 8 }, { generation: 7 }, { generation: 8 }],
      ['whole', 'stale', 'whole'],
      8,
    ],
    ['a higher one', [{ generation: 7 }, { generation: 9 }], ['whole', 'whole'], 9],
    ['without generation', [{ generation: 8 }, { generation: undefined }], ['whole', 'whole'], 8],
    ['never any', [OLDER, OLDER], ['whole', 'whole'], undefined],
    ['from none to one', [OLDER, { generation: 0 }], ['whole', 'whole'], 0],
  ])('whole and stale: %s', (_name, reads, kinds, highest) => {
    let seen: Observed = NOTHING_OBSERVED
    const shown = reads.map((read) => {
      const next = observe(seen, toCluster(read))
      seen = next.observed
      return next.kind
    })
    expect(shown).toEqual(kinds)
    expect(seen.generation).toBe(highest)
  })
})

describe('a later createdAt than at first, as an instant: deleted, saying that the name was given to a new cluster', () => {
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
      'an earlier one is stale, whatever its generation',
      SCALE_WAIT,
      [
        [2, { ...SCALED, createdAt: '2025-01-01T00:00:00Z', generation: 99, observedGeneration: 99 }],
        [4, SCALED],
      ],
      ['stale', 'converged generation'],
    ],
    [
      'an earlier cluster that is Terminating is stale, too: it is not ours that goes',
      SCALE_WAIT,
      [
        [2, { ...SCALED, createdAt: '2025-01-01T00:00:00Z', phase: 'Terminating' }],
        [4, SCALED],
      ],
      ['stale', 'converged generation'],
    ],
    [
      'unreadable ones say nothing',
      { ...SCALE_WAIT, before: { createdAt: 'first' } },
      [
        [2, { ...SCALE_BEGUN, createdAt: 'first' }],
        [4, { ...SCALED, createdAt: 'second' }],
      ],
      ['pending', 'converged generation'],
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
    const { observed, kind } = observe(seen, read(now))
    expect([kind, lackingParts(observed).length > 0]).toEqual([lacks ? 'partial' : 'whole', lacks])
  })

  test('what was seen is added up over reads', () => {
    const first = observe(NOTHING_OBSERVED, read({ version: '1.31' })).observed
    const second = observe(first, read({ resources: { cpu: '4' } })).observed
    expect([...second.spec.keys()].sort()).toEqual(['cpu', 'version'])
    expect([...NOTHING_OBSERVED.spec]).toEqual([])
  })

  test('names unknown to us are parts of it, too', () => {
    const { observed } = observe(NOTHING_OBSERVED, toCluster({ allResources: { ...RESOURCES, gpu: 1 } }))
    expect(lackingParts(observe(observed, toCluster()).observed)).toEqual(['resources.gpu'])
  })

  test('three reads in a row that lack a part say that it vanished; one between that shows it starts anew', () => {
    const reads = [WHOLE, {}, {}, WHOLE, {}, {}, {}].map(read)
    const steps: string[][] = []
    reads.reduce((seen, cluster) => {
      const { observed } = observe(seen, cluster)
      steps.push(vanishedParts(observed))
      return observed
    }, NOTHING_OBSERVED)
    expect(steps.slice(0, -1).flat()).toEqual([])
    expect(steps.at(-1)?.toSorted()).toEqual(['alerts', 'cpu', 'memory', 'storage', 'version'])
  })

  test('what is believed to be gone is lacking no more, and counts anew once it is shown again', () => {
    const lacking = [WHOLE, {}].map(read).reduce((seen, cluster) => observe(seen, cluster).observed, NOTHING_OBSERVED)
    const believed = forgetParts(lacking, ['alerts'])
    expect(lackingParts(believed).toSorted()).toEqual(['cpu', 'memory', 'storage', 'version'])
    const again = observe(observe(believed, read(WHOLE)).observed, read({ ...WHOLE, alerts: undefined }))
    expect([again.kind, lackingParts(again.observed)]).toEqual(['partial', ['alerts']])
  })
})

describe('a cluster without parts of its spec', () => {
  const cluster = toCluster({ alerts: { a: 1 }, allResources: { ...RESOURCES, gpu: 2 } })

  test.each([
    [[], ['version', 'cpu', 'memory', 'storage', 'resources.gpu', 'alerts']],
    [
      ['version', 'alerts'],
      ['cpu', 'memory', 'storage', 'resources.gpu'],
    ],
    [
      ['memory', 'resources.gpu'],
      ['version', 'cpu', 'storage', 'alerts'],
    ],
  ])('%j leaves %j', (parts, left) => {
    const rest = withoutParts(cluster, parts)
    expect([...specParts(rest)]).toEqual(left)
    expect(Object.keys(rest.resources)).toEqual(left.filter((part) => part in RESOURCES))
    expect(rest.name).toBe(cluster.name)
  })
})
