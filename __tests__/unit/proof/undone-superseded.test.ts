import { describe, expect, test } from '@jest/globals'
import { type ClusterOverrides, RESOURCES } from '../../support/clusters.js'
import {
  at,
  CPU_6,
  CPU_8,
  lastMessage,
  OLDER,
  pending,
  SCALE_BEGUN,
  SCALE_WAIT,
  SCALED,
  STILL,
  UPGRADE_BEGUN,
  UPGRADED,
  verdictsOf,
  type Wait,
  type WaitCase,
} from '../../support/waits.js'

const EMPTY: Wait = { asked: { cpu: '8' } }
const OLD_SERVER: Wait = { asked: { cpu: '8' }, answer: CPU_8, server: OLDER }
const JOINED: Wait = { asked: { cpu: '8' }, isUnsent: true, before: SCALE_BEGUN }
const BUSY: ClusterOverrides = { phase: 'Provisioning' }

const CPU_4: ClusterOverrides = { resources: RESOURCES }

function generation(number: number): ClusterOverrides {
  return { generation: number, observedGeneration: number }
}

describe('superseded: a read that is not stale shows one of our fields neither as we sent it nor as it was before', () => {
  test.each<WaitCase>([
    ['under a later generation', SCALE_WAIT, at({ ...CPU_6, ...generation(9) }, 2), ['failed superseded']],
    ['under the generation of our PATCH', SCALE_WAIT, at({ ...CPU_6, ...generation(8) }, 2), ['failed superseded']],
    ['after an empty or a lost answer', EMPTY, at({ ...CPU_6, ...generation(9) }, 2), ['failed superseded']],
    [
      'after an old object as the answer',
      { ...EMPTY, answer: {} },
      at({ ...CPU_6, ...generation(8) }, 2),
      ['failed superseded'],
    ],
    ['a stale one does not', SCALE_WAIT, at({ ...CPU_6, ...generation(6) }, 2), ['stale']],
    ['whatever the phase', SCALE_WAIT, at({ ...CPU_6, ...generation(9), ...BUSY }, 2), ['failed superseded']],
    [
      'a read that does not show the field does not',
      SCALE_WAIT,
      at({ resources: {}, ...generation(9) }, 2),
      ['pending'],
    ],
    ['a version', { asked: { version: '1.32' } }, at({ ...UPGRADED, version: '1.33' }, 2), ['failed superseded']],
    [
      'one that was met before the PATCH, and is asked all the same',
      { asked: { cpu: '8', memory: '16Gi' }, answer: SCALE_BEGUN },
      at({ resources: { cpu: '8', memory: '8Gi' }, ...generation(9) }, 2),
      ['failed superseded'],
    ],
    [
      'one of two, the other met all along: that one says nothing of whose generation it is',
      { asked: { cpu: '8', memory: '16Gi' } },
      [...at({}, 2), ...at({ ...CPU_6, ...generation(9) }, 4)],
      ['pending', 'failed superseded'],
    ],
    [
      'one key of alerts',
      { asked: { alerts: { mail: 'on' } }, before: { alerts: { mail: 'off' } } },
      at({ alerts: { mail: 'sometimes' }, ...generation(9) }, 2),
      ['failed superseded'],
    ],
    [
      'another key of alerts is not ours',
      { asked: { alerts: { mail: 'on' } }, before: { alerts: { pager: 'off' } } },
      at({ alerts: { mail: 'on', pager: 'on' }, ...generation(9) }, 2),
      ['converged generation'],
    ],
    [
      'a field that nobody asked for is not ours',
      SCALE_WAIT,
      at({ resources: { ...RESOURCES, cpu: '8', memory: '1Gi' }, ...generation(9) }, 2),
      ['converged generation'],
    ],
    [
      'a desired minor may stand for the patch that was asked',
      { asked: { version: '1.32.3' }, answer: UPGRADE_BEGUN },
      [...at(UPGRADE_BEGUN, 2), ...at(UPGRADED, 4)],
      ['pending', 'converged generation,kubernetes-version'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded: or as it was before under a generation above our PATCH’s; until then it is a late read', () => {
  test.each<WaitCase>([
    ['above the one it was answered with', SCALE_WAIT, at({ ...CPU_4, ...generation(9) }, 2), ['failed superseded']],
    [
      'at the one it was answered with',
      SCALE_WAIT,
      at({ ...CPU_4, ...generation(8) }, 2, 4, 6, 8),
      ['pending', 'pending', 'pending', 'pending'],
    ],
    [
      'our PATCH’s is known only from a read that shows ours',
      EMPTY,
      [
        ...at({ ...CPU_4, ...generation(7) }, 2),
        ...at(SCALE_BEGUN, 4),
        ...at({ ...CPU_4, ...generation(8) }, 6),
        ...at({ ...CPU_4, ...generation(9) }, 8),
      ],
      ['pending', 'pending', 'pending', 'failed superseded'],
    ],
    [
      'an old object’s generation is not our PATCH’s',
      { ...EMPTY, answer: {} },
      [...at({ ...CPU_4, ...generation(8) }, 2), ...at(SCALED, 4)],
      ['pending', 'converged generation'],
    ],
    [
      'one of two fields set back',
      { asked: { cpu: '8', memory: '32Gi' }, answer: { resources: { cpu: '8', memory: '32Gi' }, generation: 8 } },
      at({ resources: { cpu: '8', memory: '16Gi' }, ...generation(9) }, 2),
      ['failed superseded'],
    ],
    [
      'above our PATCH’s, though a later generation showed ours once',
      SCALE_WAIT,
      [...at({ ...SCALED, generation: 9 }, 2), ...at({ ...CPU_4, ...generation(9) }, 4)],
      ['pending', 'failed superseded'],
    ],
    [
      'a read that does not say its generation',
      SCALE_WAIT,
      at({ ...CPU_4, generation: undefined }, 2, 4, 6, 8),
      ['pending', 'pending', 'pending', 'pending'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded: without generations: three reads in a row, after one that showed ours', () => {
  test.each<WaitCase>([
    [
      'theirs, after a read that showed ours',
      { ...OLD_SERVER, answer: {} },
      [...at(CPU_8, 2), ...at(CPU_6, 4, 6, 8)],
      [...pending(3), 'failed superseded'],
    ],
    [
      'the value from before, after a read that showed ours',
      { ...OLD_SERVER, answer: {} },
      [...at(CPU_8, 2), ...at(CPU_4, 4, 6, 8)],
      [...pending(3), 'failed superseded'],
    ],
    ['the PATCH’s answer showed ours', OLD_SERVER, at(CPU_6, 2, 4, 6), [...pending(2), 'failed superseded']],
    ['two are not enough', OLD_SERVER, [...at(CPU_6, 2, 4), ...at(CPU_8, 6, 36)], [...pending(3), 'converged settled']],
    [
      'not in a row',
      OLD_SERVER,
      [...at(CPU_6, 2, 4), ...at(CPU_8, 6), ...at(CPU_6, 8, 10, 12)],
      [...pending(5), 'failed superseded'],
    ],
    ['never shown as ours: late reads', { ...OLD_SERVER, answer: {} }, at(CPU_4, 2, 4, 6, 8, 10), pending(5)],
    ['theirs from the start, ours never shown', { ...OLD_SERVER, answer: {} }, at(CPU_6, 2, 4, 6, 8, 10), pending(5)],
    [
      'an empty answer',
      { ...EMPTY, server: OLDER },
      [...at(CPU_4, 2), ...at(CPU_8, 4), ...at(CPU_4, 6, 8, 10)],
      [...pending(4), 'failed superseded'],
    ],
    [
      'reads that do not show the field',
      OLD_SERVER,
      [...at({ resources: {} }, 2, 4, 6, 8), ...at(CPU_8, 10, 40)],
      [...pending(5), 'converged settled'],
    ],
    [
      'a read between that does not show the field breaks the row',
      OLD_SERVER,
      [...at(CPU_6, 2, 4), ...at({ resources: {} }, 6), ...at(CPU_6, 8, 10, 12)],
      [...pending(5), 'failed superseded'],
    ],
    [
      'reads that never showed another field as ours do not count for this one',
      { asked: { cpu: '8', memory: '32Gi' }, server: OLDER },
      [...at(CPU_8, 2, 4, 6), ...at(CPU_6, 8, 10, 12)],
      [...pending(5), 'failed superseded'],
    ],
    [
      'generation alone is reported',
      { ...SCALE_WAIT, server: { observedGeneration: undefined } },
      at({ ...CPU_6, generation: 9 }, 2, 4, 6),
      [...pending(2), 'failed superseded'],
    ],
    [
      'observedGeneration alone is reported',
      { ...SCALE_WAIT, server: { generation: undefined } },
      at(CPU_6, 2, 4, 6),
      [...pending(2), 'failed superseded'],
    ],
    [
      'a generation that no change moves says as little',
      { ...EMPTY, server: STILL },
      [...at(CPU_4, 2), ...at(CPU_8, 4), ...at(CPU_4, 6, 8, 10)],
      [...pending(4), 'failed superseded'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded, in a wait for which this run sent nothing', () => {
  test.each<WaitCase>([
    [
      'joined: another value under a later generation',
      JOINED,
      [...at({}, 0), ...at({ ...CPU_6, ...generation(9) }, 2)],
      ['pending', 'failed superseded'],
    ],
    [
      'joined: under the same generation it is a late read',
      JOINED,
      [...at({}, 0), ...at({ ...CPU_6, ...generation(8) }, 2)],
      ['pending', 'pending'],
    ],
    [
      'verify: another hand’s value is on its way to ours until ours was shown',
      { asked: { cpu: '8' }, isUnsent: true },
      [
        ...at({}, 0),
        ...at({ ...CPU_6, ...generation(8) }, 2),
        ...at({ ...CPU_8, generation: 9 }, 4),
        ...at({ ...CPU_6, ...generation(10) }, 6),
      ],
      ['pending', 'pending', 'pending', 'failed superseded'],
    ],
    [
      'joined, without generations: three reads in a row',
      { ...JOINED, server: OLDER },
      [...at(BUSY, 0), ...at(CPU_6, 2, 4, 6)],
      ['pending', 'pending', 'pending', 'failed superseded'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded: names field, ours, theirs', () => {
  test.each<[name: string, wait: Wait, read: ClusterOverrides, words: string]>([
    ['one field', SCALE_WAIT, { ...CPU_6, ...generation(9) }, 'someone else changed cpu (ours 8, theirs 6)'],
    [
      'two fields',
      { asked: { cpu: '8', memory: '32Gi' }, answer: { generation: 8 } },
      { resources: { cpu: '6', memory: '16Gi' }, ...generation(9) },
      'someone else changed cpu (ours 8, theirs 6), memory (ours 32Gi, theirs 16Gi)',
    ],
    [
      'set back to none at all',
      { asked: { cpu: '8' }, before: { resources: { memory: '16Gi' } }, answer: { ...CPU_8, generation: 8 } },
      { resources: { memory: '16Gi' }, ...generation(9) },
      'someone else changed cpu (ours 8, theirs absent)',
    ],
    [
      'a key of alerts, whose values may be secrets',
      { asked: { alerts: { mail: 'ours' } }, before: { alerts: { mail: 'before' } } },
      { alerts: { mail: 'theirs' }, ...generation(9) },
      'someone else changed alerts.mail',
    ],
    [
      'version, to a third one',
      { asked: { version: '1.32' } },
      { version: '1.33', ...generation(9) },
      'someone else changed version (ours 1.32, theirs 1.33)',
    ],
    [
      'version set back together with cpu',
      { asked: { version: '1.32', cpu: '8' }, answer: { ...UPGRADE_BEGUN, ...CPU_8 } },
      generation(9),
      'someone else changed version (ours 1.32, theirs 1.31), cpu (ours 8, theirs 4)',
    ],
  ])('%s', (_name, wait, read, words) => {
    expect(verdictsOf(wait, at(read, 2))).toEqual(['failed superseded'])
    expect(lastMessage(wait, at(read, 2))).toBe(words)
  })

  test('only what was shown as ours, where no generation proves it', () => {
    const wait: Wait = { asked: { cpu: '8', memory: '32Gi' }, answer: CPU_8, server: OLDER }
    expect(lastMessage(wait, at(CPU_6, 2, 4, 6))).toBe('someone else changed cpu (ours 8, theirs 6)')
  })
})
