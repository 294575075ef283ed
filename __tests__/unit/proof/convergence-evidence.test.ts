import { describe, expect, test } from '@jest/globals'
import type { ClusterOverrides } from '../../support/clusters.js'
import {
  at,
  CPU_8,
  lastMessage,
  OLDER,
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

const ALERTS: Wait = { asked: { alerts: { mail: 'on' } }, answer: { alerts: { mail: 'on' }, generation: 8 } }
const ALERTED: ClusterOverrides = { alerts: { mail: 'on' }, generation: 8, observedGeneration: 8 }

describe('the generation is proof only if it could have failed: reported, and, after a PATCH of this run, above the generation read before it; then one read is enough', () => {
  test.each<WaitCase>([
    ['a scale', SCALE_WAIT, at(SCALED, 2), ['converged generation']],
    ['alerts', ALERTS, at(ALERTED, 2), ['converged generation']],
    ['an upgrade', UPGRADE_WAIT, at(UPGRADED, 2), ['converged generation,kubernetes-version']],
    ['after an empty or a lost answer', { asked: { cpu: '8' } }, at(SCALED, 2), ['converged generation']],
    [
      'after an answer whose generation did not move, whatever it showed: no generation proves it in this run',
      { asked: { cpu: '8' }, answer: {} },
      at({ ...SCALED, generation: 9, observedGeneration: 9 }, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'not above the one before, though met and observed: no change has moved it',
      { ...SCALE_WAIT, server: STILL },
      at(SCALED, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'not above the one before, after a lost answer',
      { asked: { cpu: '8' } },
      at(CPU_8, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'not above the one before, which had not been observed when the PATCH was planned',
      { asked: { cpu: '8' }, before: { generation: 7, observedGeneration: 6 } },
      at({ ...CPU_8, observedGeneration: 7 }, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'not above what had counted as observed before the PATCH',
      { asked: { cpu: '8' }, before: { generation: 7, observedGeneration: 8 } },
      at(SCALED, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'the one before is not known',
      { asked: { cpu: '8' }, before: OLDER },
      at(SCALED, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'not reported',
      { ...SCALE_WAIT, server: OLDER },
      at(CPU_8, 2, 31, 32),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'without a PATCH of this run, reported is enough: adopted, joined, re-run, verify',
      { asked: { cpu: '8' }, isUnsent: true, before: SCALED },
      at({}, 0),
      ['converged generation'],
    ],
    [
      'without a PATCH of this run, a version needs it too',
      { asked: { version: '1.32' }, isUnsent: true, before: UPGRADED },
      at({}, 0),
      ['converged generation,kubernetes-version'],
    ],
    [
      'without a PATCH of this run, where no version was asked, and none is ever shown to run',
      { asked: { cpu: '8' }, isUnsent: true, before: SCALED, server: SILENT },
      at({}, 0),
      ['converged generation'],
    ],
    [
      'without a PATCH of this run, not reported',
      { asked: { cpu: '8' }, isUnsent: true, before: SCALED, server: OLDER },
      at({}, 0, 29, 30),
      ['pending', 'pending', 'converged settled'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('otherwise two such reads in a row', () => {
  const upgrade: Wait = { ...UPGRADE_WAIT, server: OLDER }
  test.each<WaitCase>([
    ['one is not enough', upgrade, at(UPGRADED, 500), ['pending']],
    ['two are', upgrade, at(UPGRADED, 2, 4), ['pending', 'converged kubernetes-version']],
    [
      'a read between that is not such a one breaks the row',
      upgrade,
      [...at(UPGRADED, 2), ...at(UPGRADING, 4), ...at(UPGRADED, 6, 8)],
      ['pending', 'pending', 'pending', 'converged kubernetes-version'],
    ],
    [
      'a row broken by a missing field',
      upgrade,
      [...at(UPGRADED, 2), ...at({ ...UPGRADED, phase: undefined }, 4), ...at(UPGRADED, 6, 8)],
      ['pending', 'pending', 'pending', 'converged kubernetes-version'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test('the words', () => {
    expect(lastMessage(upgrade, at(UPGRADED, 2))).toBe('a second read that agrees')
  })
})

describe('for resources and alerts they span settle-time, evidence settled', () => {
  test.each<WaitCase>([
    [
      'resources',
      { ...SCALE_WAIT, server: OLDER },
      at(CPU_8, 2, 4, 31.999, 32),
      ['pending', 'pending', 'pending', 'converged settled'],
    ],
    ['alerts', { ...ALERTS, server: OLDER }, at(ALERTED, 2, 31.999, 32), ['pending', 'pending', 'converged settled']],
    [
      'from the first read of the row, not from the PATCH',
      { ...SCALE_WAIT, server: OLDER },
      at(CPU_8, 60, 62),
      ['pending', 'pending'],
    ],
    [
      'anew after the row was broken',
      { ...SCALE_WAIT, server: OLDER },
      [...at(CPU_8, 2), ...at({ ...CPU_8, phase: 'Pending' }, 20), ...at(CPU_8, 22, 40, 52)],
      ['pending', 'pending', 'pending', 'pending', 'converged settled'],
    ],
    [
      'of 0s: two reads all the same',
      { ...SCALE_WAIT, server: OLDER, settleTimeMs: 0 },
      at(CPU_8, 2, 4),
      ['pending', 'converged settled'],
    ],
    [
      'of 1h',
      { ...SCALE_WAIT, server: OLDER, settleTimeMs: 3_600_000 },
      at(CPU_8, 2, 3601, 3602),
      ['pending', 'pending', 'converged settled'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test('the words', () => {
    expect(lastMessage({ ...SCALE_WAIT, server: OLDER }, at(CPU_8, 2, 4))).toBe('not settled for the whole settle-time')
  })
})

describe('for a version, kubernetesVersion must match', () => {
  test.each<[name: string, server: ClusterOverrides]>([
    ['without generations', OLDER],
    ['with a generation that does not move', STILL],
  ])('%s', (_name, server) => {
    const wait: Wait = { ...UPGRADE_WAIT, server }
    expect(verdictsOf(wait, at({ ...UPGRADED, kubernetesVersion: 'v1.31.9' }, 2, 40, 80))).toEqual([
      'pending',
      'pending',
      'pending',
    ])
    expect(verdictsOf(wait, at(UPGRADED, 2, 4))).toEqual(['pending', 'converged kubernetes-version'])
  })
})

describe('where kubernetesVersion is never reported (with or without generations): after a PATCH or a join, the cluster must have been seen at work on our version, and have come back', () => {
  const modern: Wait = { ...UPGRADE_WAIT, server: SILENT }
  const older: Wait = { ...UPGRADE_WAIT, server: { ...SILENT, ...OLDER } }
  const still: Wait = { ...UPGRADE_WAIT, server: { ...SILENT, ...STILL } }
  test.each<WaitCase>([
    ['with generations: not seen at work', modern, at(UPGRADED, 2, 40, 80), ['pending', 'pending', 'pending']],
    [
      'with generations: at work and back',
      modern,
      [
        [2, UPGRADING],
        [4, UPGRADED],
      ],
      ['pending', 'converged generation'],
    ],
    ['without: not seen at work', older, at(UPGRADED, 2, 40, 80), ['pending', 'pending', 'pending']],
    [
      'without: at work and back',
      older,
      [...at(UPGRADING, 2), ...at(UPGRADED, 4, 6)],
      ['pending', 'pending', 'converged settled'],
    ],
    ['unmoved: not seen at work', still, at(UPGRADED, 2, 40, 80), ['pending', 'pending', 'pending']],
    [
      'unmoved: at work and back',
      still,
      [...at(UPGRADING, 2), ...at(UPGRADED, 4, 6)],
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'at work, not back',
      modern,
      [...at(UPGRADING, 2), ...at({ ...UPGRADED, phase: 'Upgrading' }, 4)],
      ['pending', 'pending'],
    ],
    [
      'at work already in the PATCH’s answer',
      { ...modern, answer: UPGRADING },
      at(UPGRADED, 2),
      ['converged generation'],
    ],
    [
      'at work in a phase that is not known',
      modern,
      [
        [2, { ...UPGRADING, phase: 'Migrating' }],
        [4, UPGRADED],
      ],
      ['pending', 'converged generation'],
    ],
    [
      'a read without phase is not at work',
      modern,
      [
        [2, { ...UPGRADING, phase: undefined }],
        [4, UPGRADED],
      ],
      ['pending', 'pending'],
    ],
    [
      'a PATCH sent while Degraded: healing is not being at work',
      { ...modern, before: { phase: 'Degraded' }, answer: { ...UPGRADE_BEGUN, phase: 'Degraded' } },
      [
        [2, { ...UPGRADE_BEGUN, phase: 'Degraded' }],
        [4, { ...UPGRADED, phase: 'Running' }],
        [6, { ...UPGRADING }],
        [8, { ...UPGRADED, phase: 'Running' }],
      ],
      ['pending', 'pending', 'pending', 'converged generation'],
    ],
    [
      'a PATCH sent while Degraded, with an empty answer: healing is not being at work',
      { asked: { version: '1.32' }, server: SILENT, before: { phase: 'Degraded' } },
      [
        [2, {}],
        [4, { ...UPGRADED, phase: 'Running' }],
      ],
      ['pending', 'pending'],
    ],
    [
      'a PATCH sent while Degraded: Degraded once more, after Running, is not at work either',
      { ...modern, before: { phase: 'Degraded' }, answer: { ...UPGRADE_BEGUN, phase: 'Degraded' } },
      [
        [2, { ...UPGRADE_BEGUN, phase: 'Running' }],
        [4, { ...UPGRADE_BEGUN, phase: 'Degraded' }],
        [6, { ...UPGRADED, phase: 'Running' }],
      ],
      ['pending', 'pending', 'pending'],
    ],
    [
      'a PATCH answered Running: Degraded after that is not at work',
      { ...modern, before: { phase: 'Degraded' }, answer: { ...UPGRADE_BEGUN, phase: 'Running' } },
      [
        [2, { ...UPGRADE_BEGUN, phase: 'Degraded' }],
        [4, { ...UPGRADED, phase: 'Running' }],
      ],
      ['pending', 'pending'],
    ],
    [
      'a PATCH sent while Degraded: a read without phase between is no sign of work',
      { ...modern, before: { phase: 'Degraded' }, answer: { ...UPGRADE_BEGUN, phase: 'Degraded' } },
      [
        [2, { ...UPGRADE_BEGUN, phase: undefined }],
        [4, { ...UPGRADE_BEGUN, phase: 'Degraded' }],
        [6, { ...UPGRADED, phase: 'Running' }],
      ],
      ['pending', 'pending', 'pending'],
    ],
    [
      'joined while Upgrading, back later',
      { asked: { version: '1.32' }, isUnsent: true, before: UPGRADING, server: SILENT },
      [
        [0, {}],
        [2, { phase: 'Running', observedGeneration: 8 }],
      ],
      ['pending', 'converged generation'],
    ],
    [
      'at work only while the old version was still the desired one',
      { asked: { version: '1.32' }, server: SILENT },
      [...at({ phase: 'Upgrading' }, 2), ...at(UPGRADED, 4, 40, 80)],
      ['pending', 'pending', 'pending', 'pending'],
    ],
    [
      'nothing sent, with generations: two settled reads that span settle-time',
      { asked: { version: '1.32' }, isUnsent: true, before: UPGRADED, server: SILENT },
      at({}, 0, 29.999, 30),
      ['pending', 'pending', 'converged generation,settled'],
    ],
    [
      'nothing sent, with generations: a single read is never enough',
      { asked: { version: '1.32' }, isUnsent: true, before: UPGRADED, server: SILENT, settleTimeMs: 0 },
      at({}, 0, 2),
      ['pending', 'converged generation,settled'],
    ],
    [
      'nothing sent, without generations: verify must see it at work',
      { asked: { version: '1.32' }, isUnsent: true, mode: 'verify', before: UPGRADED, server: { ...SILENT, ...OLDER } },
      [...at({}, 0, 40), ...at({ phase: 'Upgrading' }, 42), ...at({}, 44, 46)],
      ['pending', 'pending', 'pending', 'pending', 'converged settled'],
    ],
    ['only a version needs it', { ...SCALE_WAIT, server: SILENT }, at(SCALED, 2), ['converged generation']],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test('the words', () => {
    expect(lastMessage(older, at(UPGRADED, 2))).toBe('the cluster was not seen at work on it')
  })
})
