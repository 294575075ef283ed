import { describe, expect, test } from '@jest/globals'
import type { MissingKind } from '../../../src/proof/unproven.js'
import type { ClusterOverrides } from '../../support/clusters.js'
import {
  at,
  CPU_8,
  judgeReads,
  OLDER,
  type ReadAt,
  SCALE_BEGUN,
  SILENT,
  STILL,
  UPGRADE_BEGUN,
  UPGRADE_WAIT,
  UPGRADED,
  verdictsOf,
  type Wait,
  type WaitCase,
} from '../../support/waits.js'

const BOTH: Wait = { asked: { version: '1.32', cpu: '8' }, answer: { ...UPGRADE_BEGUN, ...CPU_8 } }
const BOTH_DONE: ClusterOverrides = { ...UPGRADED, ...CPU_8 }

describe('upgrade and scale together: each part needs its own proof', () => {
  test.each<WaitCase>([
    ['the generation, and the version that runs', BOTH, at(BOTH_DONE, 2), ['converged generation,kubernetes-version']],
    [
      'the generation alone is not enough',
      BOTH,
      at({ ...BOTH_DONE, kubernetesVersion: 'v1.31.9' }, 2, 40),
      ['pending', 'pending'],
    ],
    ['the version is not enough', BOTH, at(UPGRADED, 2, 40), ['pending', 'pending']],
    [
      'without generations: two reads prove the version, the scale needs settle-time',
      { ...BOTH, server: OLDER },
      at(BOTH_DONE, 2, 4, 32),
      ['pending', 'pending', 'converged kubernetes-version,settled'],
    ],
    [
      'with a generation that does not move',
      { ...BOTH, server: STILL },
      at(BOTH_DONE, 2, 4, 32),
      ['pending', 'pending', 'converged kubernetes-version,settled'],
    ],
    [
      'without generations: settle-time proves the scale, but the old version runs',
      { ...BOTH, server: OLDER },
      at({ ...BOTH_DONE, kubernetesVersion: 'v1.31.9' }, 2, 40),
      ['pending', 'pending'],
    ],
    [
      'without kubernetesVersion: the generation is not enough for the version',
      { ...BOTH, server: SILENT },
      [...at(BOTH_DONE, 2), ...at({ ...BOTH_DONE, phase: 'Upgrading' }, 4), ...at(BOTH_DONE, 6)],
      ['pending', 'pending', 'converged generation'],
    ],
    [
      'without both: seen at work and back, and settle-time',
      { ...BOTH, server: { ...SILENT, ...OLDER } },
      [...at(BOTH_DONE, 2, 40), ...at({ ...BOTH_DONE, phase: 'Upgrading' }, 42), ...at(BOTH_DONE, 44, 46, 74)],
      ['pending', 'pending', 'pending', 'pending', 'pending', 'converged settled'],
    ],
    [
      'an upgrade and alerts, without generations',
      { asked: { version: '1.32', alerts: { mail: 'on' } }, server: OLDER },
      at({ ...UPGRADED, alerts: { mail: 'on' } }, 2, 4, 32),
      ['pending', 'pending', 'converged kubernetes-version,settled'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

describe('unchanged otherwise needs two reads, without settle-time, only where generations are not reported', () => {
  const calm: Wait = { asked: { cpu: '4' }, isUnsent: true, kinds: new Set() }
  test.each<WaitCase>([
    ['reported: one', calm, at({}, 0), ['converged generation']],
    ['not reported: two', { ...calm, server: OLDER }, at({}, 0, 2), ['pending', 'converged settled']],
    [
      'a version that is met, where none is ever reported to run: two that span settle-time',
      { ...calm, asked: { version: '1.31' }, server: { ...OLDER, ...SILENT } },
      at({}, 0, 29.999, 30),
      ['pending', 'pending', 'converged settled'],
    ],
    [
      'likewise with generations: apply and verify agree',
      { ...calm, asked: { version: '1.31' }, server: SILENT },
      at({}, 0, 29.999, 30),
      ['pending', 'pending', 'converged generation,settled'],
    ],
    ['not settled: not unchanged', { ...calm, before: { observedGeneration: 6 } }, at({}, 0), ['pending']],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})

test('a proof says for how long the reads in a row had stood', () => {
  const wait: Wait = { asked: { cpu: '8' }, answer: SCALE_BEGUN, server: OLDER }
  expect(judgeReads(wait, at(CPU_8, 2, 4, 40)).at(-1)).toMatchObject({ kind: 'converged', stoodMs: 38_000 })
})

describe('a pending read says whether it is one of those in a row', () => {
  const calm: Wait = { asked: { cpu: '8' }, isUnsent: true, kinds: new Set() }
  test.each<[name: string, wait: Wait, read: ClusterOverrides, kind: MissingKind]>([
    ['the first of two', { ...calm, before: CPU_8, server: OLDER }, {}, 'proof'],
    ['not settled', { ...calm, before: SCALE_BEGUN }, {}, 'state'],
    ['not met', calm, {}, 'state'],
    ['a version not seen at work', { ...BOTH, server: SILENT }, BOTH_DONE, 'proof'],
  ])('%s', (_name, wait, read, kind) => {
    expect(judgeReads(wait, at(read, 0))).toMatchObject([{ kind: 'pending', missing: { kind } }])
  })
})

describe('a pending read says when one more may be all that is missing', () => {
  const older: Wait = { asked: { cpu: '8' }, answer: SCALE_BEGUN, server: OLDER, settleTimeMs: 30_000 }
  test.each<[name: string, wait: Wait, reads: ReadAt[], provableInMs: (number | undefined)[]]>([
    ['a second one, once another poll may be made', { ...UPGRADE_WAIT, server: OLDER }, at(UPGRADED, 2), [2_000]],
    ['a second one at the end of settle-time', older, at(CPU_8, 2), [30_000]],
    ['the rest of settle-time', older, at(CPU_8, 2, 14, 26), [30_000, 18_000, 6_000]],
    ['a settle-time shorter than a poll', { ...older, settleTimeMs: 500 }, at(CPU_8, 2), [2_000]],
    ['nothing yet looks finished', older, at({}, 2), [undefined]],
    ['no time that passes proves it', { ...BOTH, server: SILENT }, at(BOTH_DONE, 2), [undefined]],
  ])('%s', (_name, wait, reads, provableInMs) => {
    const verdicts = judgeReads(wait, reads)
    expect(verdicts.map((verdict) => verdict.kind === 'pending' && verdict.provableInMs)).toEqual(provableInMs)
  })
})

describe('mode: verify without change inputs: settled, by the same reads', () => {
  const verify: Wait = { asked: {}, isUnsent: true, mode: 'verify' }
  test.each<WaitCase>([
    ['generations reported: one', verify, at({}, 0), ['converged generation']],
    ['Upgrading is not settled', verify, at({ phase: 'Upgrading' }, 0), ['pending']],
    // Settle-time is for resources and alerts, and neither is asked for.
    ['generations not reported: two', { ...verify, server: OLDER }, at({}, 0, 2), ['pending', 'converged settled']],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })
})
