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
const CPU_8_MEMORY_32: ClusterOverrides = { resources: { ...RESOURCES, cpu: '8', memory: '32Gi' } }

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
    [
      'where the answer’s generation did not move: under that same generation it may be a late read',
      { ...EMPTY, answer: CPU_8 },
      at({ ...CPU_6, ...generation(7) }, 2, 60, 130),
      pending(3),
    ],
    [
      'a generation that shows only a part of ours is not ours',
      { asked: { cpu: '8', memory: '32Gi' } },
      [...at({ ...CPU_8, ...generation(8) }, 2), ...at({ ...CPU_8, ...generation(9) }, 4)],
      pending(2),
    ],
    ['a stale one does not', SCALE_WAIT, at({ ...CPU_6, ...generation(6) }, 2), ['stale']],
    [
      'a read without its generation does not: nothing says that it is not a late one',
      SCALE_WAIT,
      [...at({ ...CPU_6, generation: undefined }, 2), ...at({ ...CPU_6, ...generation(9) }, 4)],
      ['pending', 'failed superseded'],
    ],
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
      at({ resources: { ...RESOURCES, cpu: '8', memory: '8Gi' }, ...generation(9) }, 2),
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
      [...at({ ...CPU_4, ...generation(8) }, 2), ...at(SCALED, 4, 34)],
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'one of two fields set back',
      { asked: { cpu: '8', memory: '32Gi' }, answer: { ...CPU_8_MEMORY_32, generation: 8 } },
      at({ ...CPU_8, ...generation(9) }, 2),
      ['failed superseded'],
    ],
    [
      'a generation that stood before our PATCH is not ours, though a read shows ours under it',
      EMPTY,
      [...at({ ...CPU_8, ...generation(7) }, 2), ...at({ ...CPU_4, ...generation(8) }, 4)],
      ['pending', 'pending'],
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

describe('superseded: without generations: three reads in a row that span 2 minutes, after a GET that showed ours', () => {
  test.each<WaitCase>([
    [
      'theirs, after a read that showed ours',
      { ...OLD_SERVER, answer: {} },
      [...at(CPU_8, 2), ...at(CPU_6, 4, 60, 124)],
      [...pending(3), 'failed superseded'],
    ],
    [
      'the value from before, after a read that showed ours',
      { ...OLD_SERVER, answer: {} },
      [...at(CPU_8, 2), ...at(CPU_4, 4, 60, 124)],
      [...pending(3), 'failed superseded'],
    ],
    [
      'a partial read breaks only the rows that it denies',
      { asked: { cpu: '8', memory: '32Gi' }, answer: CPU_8_MEMORY_32, server: OLDER },
      [
        ...at(CPU_8_MEMORY_32, 2),
        ...at({ resources: { ...RESOURCES, memory: '32Gi' } }, 4),
        ...at({ resources: { cpu: '4', memory: '32Gi' } }, 60),
        ...at({ resources: { ...RESOURCES, memory: '32Gi' } }, 70, 130),
      ],
      [...pending(4), 'failed superseded'],
    ],
    ['only the PATCH’s own answer showed ours: late reads', OLD_SERVER, at(CPU_6, 2, 60, 122, 300), pending(4)],
    [
      'two are not enough, however far apart',
      OLD_SERVER,
      [...at(CPU_8, 2), ...at(CPU_6, 4, 600), ...at(CPU_8, 602, 632)],
      [...pending(4), 'converged settled'],
    ],
    [
      'less than 2 minutes are not enough, however many reads: replicas lag',
      OLD_SERVER,
      [...at(CPU_8, 2), ...at(CPU_6, 4, 30, 60, 90, 123.999, 124)],
      [...pending(6), 'failed superseded'],
    ],
    [
      'or a quarter of timeout, where that is less',
      { ...OLD_SERVER, undoneSpanMs: 60_000 },
      [...at(CPU_8, 2), ...at(CPU_6, 4, 30, 63.999, 64)],
      [...pending(4), 'failed superseded'],
    ],
    [
      'not in a row',
      OLD_SERVER,
      [...at(CPU_8, 2), ...at(CPU_6, 4, 60), ...at(CPU_8, 120), ...at(CPU_6, 124, 200, 243.999, 244)],
      [...pending(7), 'failed superseded'],
    ],
    ['never shown as ours: late reads', { ...OLD_SERVER, answer: {} }, at(CPU_4, 2, 60, 122, 200, 300), pending(5)],
    [
      'theirs from the start, ours never shown',
      { ...OLD_SERVER, answer: {} },
      at(CPU_6, 2, 60, 122, 200, 300),
      pending(5),
    ],
    [
      'an empty answer',
      { ...EMPTY, server: OLDER },
      [...at(CPU_4, 2), ...at(CPU_8, 4), ...at(CPU_4, 6, 60, 126)],
      [...pending(4), 'failed superseded'],
    ],
    [
      'reads that do not show the field, before three in a row',
      OLD_SERVER,
      [...at(CPU_8, 2), ...at({ resources: {} }, 60, 300), ...at(CPU_8, 302, 332)],
      [...pending(4), 'converged settled'],
    ],
    [
      'a removed value, too, once three reads in a row have lacked it',
      OLD_SERVER,
      [...at(CPU_8, 2), ...at({ resources: { memory: '16Gi', storage: '100Gi' } }, 4, 6, 8, 60, 127.999, 128)],
      [...pending(6), 'failed superseded'],
    ],
    [
      'a read between that does not show the field neither counts nor breaks the row',
      OLD_SERVER,
      [...at(CPU_8, 2), ...at(CPU_6, 4, 60), ...at({ resources: {} }, 120), ...at(CPU_6, 124)],
      [...pending(4), 'failed superseded'],
    ],
    [
      'reads that never showed another field as ours do not count for this one',
      { asked: { cpu: '8', memory: '32Gi' }, server: OLDER },
      [...at(CPU_8, 2, 60, 130), ...at(CPU_6, 132, 200, 252)],
      [...pending(5), 'failed superseded'],
    ],
    [
      'generation alone is reported',
      { ...SCALE_WAIT, server: { observedGeneration: undefined } },
      [...at({ ...CPU_8, generation: 8 }, 2), ...at({ ...CPU_6, generation: 9 }, 4, 60, 124)],
      [...pending(3), 'failed superseded'],
    ],
    [
      'observedGeneration alone is reported',
      { ...SCALE_WAIT, server: { generation: undefined } },
      [...at(CPU_8, 2), ...at(CPU_6, 4, 60, 124)],
      [...pending(3), 'failed superseded'],
    ],
    [
      'a generation that no change moves says as little',
      { ...EMPTY, server: STILL },
      [...at(CPU_4, 2), ...at(CPU_8, 4), ...at(CPU_4, 6, 60, 126)],
      [...pending(4), 'failed superseded'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded: a key with a dot in it and a key inside another are two fields', () => {
  const wait: Wait = { asked: { alerts: { 'a.b': 1, a: { b: 2 } } }, server: OLDER }
  test.each<WaitCase>([
    [
      'one that was never shown as ours is not lost with the other there',
      wait,
      at({ alerts: { 'a.b': 1, a: { b: 3 } } }, 2, 60, 124, 300),
      pending(4),
    ],
    [
      'one that was shown as ours is',
      wait,
      [...at({ alerts: { 'a.b': 1, a: { b: 3 } } }, 2), ...at({ alerts: { 'a.b': 0, a: { b: 3 } } }, 4, 60, 124)],
      [...pending(3), 'failed superseded'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded: or no longer at all, in three reads in a row under a generation above ours', () => {
  const NO_CPU: ClusterOverrides = { resources: { memory: '16Gi', storage: '100Gi' } }
  const ALERTS: Wait = {
    asked: { alerts: { mail: 'on' } },
    before: { alerts: { pager: 'on' } },
    answer: { alerts: { mail: 'on', pager: 'on' }, generation: 8 },
  }
  test.each<WaitCase>([
    [
      'a resource that was there before',
      SCALE_WAIT,
      at({ ...NO_CPU, ...generation(9) }, 2, 4, 6),
      [...pending(2), 'failed superseded'],
    ],
    [
      'a resource that was absent before and is absent again: absence alone never counts at once',
      { asked: { cpu: '8' }, before: NO_CPU, answer: SCALE_BEGUN },
      at({ ...NO_CPU, ...generation(9) }, 2, 4, 6),
      [...pending(2), 'failed superseded'],
    ],
    [
      'a key of alerts',
      ALERTS,
      at({ alerts: { pager: 'on' }, ...generation(9) }, 2, 4, 6),
      [...pending(2), 'failed superseded'],
    ],
    [
      'two are not enough',
      SCALE_WAIT,
      [...at({ ...NO_CPU, ...generation(9) }, 2, 4), ...at({ ...CPU_8, ...generation(9) }, 6)],
      [...pending(2), 'converged generation'],
    ],
    [
      'not in a row',
      ALERTS,
      [
        ...at({ alerts: { pager: 'on' }, ...generation(9) }, 2, 4),
        ...at({ alerts: { mail: 'on', pager: 'on' }, generation: 9 }, 6),
        ...at({ alerts: { pager: 'on' }, ...generation(10) }, 8, 10, 12),
      ],
      [...pending(5), 'failed superseded'],
    ],
    [
      'under a generation that has shown it they are late reads',
      ALERTS,
      [
        ...at({ alerts: { mail: 'on', pager: 'on' }, generation: 9 }, 2),
        ...at({ alerts: { pager: 'on' }, generation: 9 }, 4, 6, 8, 10),
      ],
      pending(5),
    ],
    [
      'under our own generation they are late reads',
      ALERTS,
      [
        ...at({ alerts: { pager: 'on' }, ...generation(8) }, 2, 4, 6, 8),
        ...at({ alerts: { mail: 'on' }, ...generation(8) }, 10),
      ],
      [...pending(4), 'converged generation'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test('the words', () => {
    expect(lastMessage(SCALE_WAIT, at({ ...NO_CPU, ...generation(9) }, 2, 4, 6))).toBe(
      'someone else, or the platform, changed cpu (ours 8, theirs absent)',
    )
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
      'joined, without generations: three reads in a row that span 2 minutes',
      { ...JOINED, server: OLDER },
      [...at(BUSY, 0), ...at(CPU_6, 2, 60, 122)],
      ['pending', 'pending', 'pending', 'failed superseded'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('superseded: names field, ours, theirs', () => {
  test.each<[name: string, wait: Wait, read: ClusterOverrides, words: string]>([
    [
      'one field',
      SCALE_WAIT,
      { ...CPU_6, ...generation(9) },
      'someone else, or the platform, changed cpu (ours 8, theirs 6)',
    ],
    [
      'two fields',
      { asked: { cpu: '8', memory: '32Gi' }, answer: { generation: 8 } },
      { ...CPU_6, ...generation(9) },
      'someone else, or the platform, changed cpu (ours 8, theirs 6), memory (ours 32Gi, theirs 16Gi)',
    ],
    [
      'a key of alerts, whose values may be secrets',
      { asked: { alerts: { mail: 'ours' } }, before: { alerts: { mail: 'before' } } },
      { alerts: { mail: 'theirs' }, ...generation(9) },
      'someone else, or the platform, changed alerts.mail',
    ],
    [
      'version, to a third one',
      { asked: { version: '1.32' } },
      { version: '1.33', ...generation(9) },
      'someone else, or the platform, changed version (ours 1.32, theirs 1.33)',
    ],
    [
      'version set back together with cpu',
      { asked: { version: '1.32', cpu: '8' }, answer: { ...UPGRADE_BEGUN, ...CPU_8 } },
      generation(9),
      'someone else, or the platform, changed version (ours 1.32, theirs 1.31), cpu (ours 8, theirs 4)',
    ],
  ])('%s', (_name, wait, read, words) => {
    expect(verdictsOf(wait, at(read, 2))).toEqual(['failed superseded'])
    expect(lastMessage(wait, at(read, 2))).toBe(words)
  })

  test('only what was shown as ours, where no generation proves it', () => {
    const wait: Wait = { asked: { cpu: '8', memory: '32Gi' }, answer: CPU_8, server: OLDER }
    expect(lastMessage(wait, [...at(CPU_8, 2), ...at(CPU_6, 4, 60, 124)])).toBe(
      'someone else, or the platform, changed cpu (ours 8, theirs 6)',
    )
  })
})
