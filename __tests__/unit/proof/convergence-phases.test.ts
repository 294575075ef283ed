import { describe, expect, test } from '@jest/globals'
import type { ClusterOverrides } from '../../support/clusters.js'
import {
  at,
  lastMessage,
  OLDER,
  SCALE_BEGUN,
  SCALED,
  UPGRADE_BEGUN,
  UPGRADING,
  verdictsOf,
  type Wait,
  type WaitCase,
} from '../../support/waits.js'

const SCALE: Wait = { asked: { cpu: '8' }, answer: SCALE_BEGUN, degradedGraceMs: 300_000 }
const DEGRADED: ClusterOverrides = { ...SCALE_BEGUN, phase: 'Degraded' }

describe('Degraded: tolerated for degraded-grace, then degraded', () => {
  test.each<WaitCase>([
    ['stays', SCALE, at(DEGRADED, 2, 301.999, 302), ['pending', 'pending', 'failed degraded']],
    [
      'heals in time',
      SCALE,
      [...at(DEGRADED, 2, 301), ...at(SCALED, 303)],
      ['pending', 'pending', 'converged generation'],
    ],
    [
      'met and observed, it is not finished for all that',
      SCALE,
      at({ ...SCALED, phase: 'Degraded' }, 2, 4),
      ['pending', 'pending'],
    ],
    [
      'once healed, the next time counts anew',
      SCALE,
      [...at(DEGRADED, 2, 200), ...at(SCALE_BEGUN, 250), ...at(DEGRADED, 302, 601, 602)],
      ['pending', 'pending', 'pending', 'pending', 'pending', 'failed degraded'],
    ],
    [
      'a read without phase is no healing',
      SCALE,
      [...at(DEGRADED, 2), ...at({ ...SCALE_BEGUN, phase: undefined }, 100), ...at(DEGRADED, 302)],
      ['pending', 'pending', 'failed degraded'],
    ],
    ['of 0s: at once', { ...SCALE, degradedGraceMs: 0 }, at(DEGRADED, 2), ['failed degraded']],
    [
      'without a PATCH of this run',
      { asked: { cpu: '4' }, isUnsent: true, before: { phase: 'Degraded' } },
      at({}, 0, 300),
      ['pending', 'failed degraded'],
    ],
    [
      'on a server without generations',
      { ...SCALE, server: OLDER },
      at(DEGRADED, 2, 302),
      ['pending', 'failed degraded'],
    ],
    ['only Degraded', SCALE, at({ ...SCALE_BEGUN, phase: 'degraded' }, 2, 302, 602), ['pending', 'pending', 'pending']],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test.each<[name: string, conditions: string[], words: string]>([
    ['one', ['Ready=False EtcdLost: no quorum'], 'the cluster stayed Degraded: Ready=False EtcdLost: no quorum'],
    ['two', ['Ready=False', 'Disk=False full'], 'the cluster stayed Degraded: Ready=False; Disk=False full'],
    ['none', [], 'the cluster stayed Degraded: the server gives no reason'],
  ])('with the text of status.conditions: %s', (_name, conditions, words) => {
    expect(lastMessage({ ...SCALE, degradedGraceMs: 0 }, at({ ...DEGRADED, conditions }, 2))).toBe(words)
  })
})

describe('Terminating, Deleting: deleted at once', () => {
  test.each<[phase: string, words: string]>([
    ['Terminating', 'The cluster is Terminating'],
    ['Deleting', 'The cluster is Deleting'],
  ])('%s', (phase, words) => {
    expect(verdictsOf(SCALE, at({ ...SCALE_BEGUN, phase }, 2))).toEqual(['failed deleted'])
    expect(verdictsOf(SCALE, at({ ...SCALED, phase }, 2))).toEqual(['failed deleted'])
    expect(verdictsOf({ asked: {}, isUnsent: true, before: { phase } }, at({}, 0))).toEqual(['failed deleted'])
    expect(lastMessage(SCALE, at({ ...SCALE_BEGUN, phase }, 2))).toBe(words)
  })

  test('even where the spec has been changed too', () => {
    const gone: ClusterOverrides = { phase: 'Terminating', generation: 9 }
    expect(verdictsOf(SCALE, at(gone, 2))).toEqual(['failed deleted'])
  })
})

describe('unknown or absent phase: keep polling', () => {
  test.each<[name: string, phase: string | undefined]>([
    ['unknown', 'Migrating'],
    ['another case', 'terminating'],
    ['absent', undefined],
  ])('%s', (_name, phase) => {
    const reads = [...at({ ...SCALE_BEGUN, phase }, 2, 1000, 100_000), ...at(SCALED, 100_002)]
    expect(verdictsOf(SCALE, reads)).toEqual(['pending', 'pending', 'pending', 'converged generation'])
  })

  test('an absent status, then the new world', () => {
    const hidden: ClusterOverrides = { phase: undefined, kubernetesVersion: undefined, observedGeneration: undefined }
    const reads = [...at({ ...UPGRADE_BEGUN, ...hidden }, 2, 4), ...at(UPGRADING, 6)]
    expect(verdictsOf({ asked: { version: '1.32' }, answer: UPGRADE_BEGUN }, reads)).toEqual([
      'pending',
      'pending',
      'pending',
    ])
    expect(lastMessage({ asked: { version: '1.32' }, answer: UPGRADE_BEGUN }, reads)).toBe('phase is Upgrading')
  })
})
