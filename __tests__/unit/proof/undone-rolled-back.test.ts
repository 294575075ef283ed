import { describe, expect, test } from '@jest/globals'
import type { ClusterOverrides } from '../../support/clusters.js'
import {
  at,
  CPU_8,
  lastMessage,
  OLDER,
  pending,
  SCALE_BEGUN,
  SCALED,
  UPGRADE_BEGUN,
  UPGRADE_WAIT,
  UPGRADED,
  UPGRADING,
  verdictsOf,
  type Wait,
  type WaitCase,
} from '../../support/waits.js'

const BOTH: Wait = { asked: { version: '1.32', cpu: '8' }, answer: { ...UPGRADE_BEGUN, ...CPU_8 } }
/** The operator gave up: `Running` the old version, while 1.32 is still desired. */
const GIVEN_UP: ClusterOverrides = { ...UPGRADE_BEGUN, observedGeneration: 8, phase: 'Running' }
/** What a read is whole without, and cannot show a loss. */
const UNTOLD: ClusterOverrides = { generation: undefined, kubernetesVersion: undefined }
const SET_BACK: ClusterOverrides = { generation: 9, observedGeneration: 9 }

describe('rolled-back: seen at work, and since then Running with the old kubernetesVersion for three reads in a row that span 2 minutes', () => {
  test.each<WaitCase>([
    [
      'an upgrade that comes back on the old version',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'without generations',
      { ...UPGRADE_WAIT, server: OLDER },
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'without generations, together with a scale',
      { ...BOTH, server: OLDER },
      [...at({ ...UPGRADING, ...CPU_8 }, 2), ...at({ ...GIVEN_UP, ...CPU_8 }, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'at work by a phase that is not known',
      UPGRADE_WAIT,
      [...at({ ...UPGRADING, phase: 'Migrating' }, 2), ...at(GIVEN_UP, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'Degraded is not at work',
      UPGRADE_WAIT,
      [...at({ ...UPGRADING, phase: 'Degraded' }, 2), ...at(GIVEN_UP, 4, 60, 124, 300)],
      pending(5),
    ],
    [
      'at work while another version was desired does not count',
      { asked: { version: '1.32' } },
      [...at({ phase: 'Upgrading' }, 2), ...at(GIVEN_UP, 4, 60, 124, 300)],
      pending(5),
    ],
    [
      'at work already in the PATCH’s answer',
      { ...UPGRADE_WAIT, answer: UPGRADING },
      at(GIVEN_UP, 2, 60, 122),
      [...pending(2), 'failed rolled-back'],
    ],
    [
      'joined',
      { asked: { version: '1.32' }, isUnsent: true, before: UPGRADING },
      [...at({}, 0), ...at(GIVEN_UP, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'two are not enough, however far apart',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 600), ...at(UPGRADED, 602)],
      [...pending(3), 'converged generation,kubernetes-version'],
    ],
    [
      'less than 2 minutes are not enough, however many reads: the status may lag',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 30, 60, 90, 123.999, 124)],
      [...pending(6), 'failed rolled-back'],
    ],
    [
      'or a quarter of timeout, where that is less',
      { ...UPGRADE_WAIT, undoneSpanMs: 60_000 },
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 30, 63.999, 64)],
      [...pending(4), 'failed rolled-back'],
    ],
    [
      'not in a row',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 60), ...at(UPGRADING, 120), ...at(GIVEN_UP, 124, 200, 243.999, 244)],
      [...pending(7), 'failed rolled-back'],
    ],
    [
      'a passing Degraded breaks the row',
      UPGRADE_WAIT,
      [
        ...at(UPGRADING, 2),
        ...at(GIVEN_UP, 4, 60),
        ...at({ ...GIVEN_UP, phase: 'Degraded' }, 120),
        ...at(GIVEN_UP, 124, 200, 243.999, 244),
      ],
      [...pending(7), 'failed rolled-back'],
    ],
    [
      'our generation not observed: the status lags',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at({ ...GIVEN_UP, observedGeneration: 7 }, 4, 60, 124, 300)],
      pending(5),
    ],
    [
      'a read that does not say its generation neither counts nor breaks the row',
      UPGRADE_WAIT,
      [
        ...at(UPGRADING, 2),
        ...at(GIVEN_UP, 4, 60),
        ...at({ ...GIVEN_UP, generation: undefined }, 120),
        ...at(GIVEN_UP, 124),
      ],
      [...pending(4), 'failed rolled-back'],
    ],
    [
      'nor does one that lacks its generation and its version',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 60), ...at({ ...GIVEN_UP, ...UNTOLD }, 120), ...at(GIVEN_UP, 124)],
      [...pending(4), 'failed rolled-back'],
    ],
    [
      'nor one that lacks its phase, too',
      UPGRADE_WAIT,
      [
        ...at(UPGRADING, 2),
        ...at(GIVEN_UP, 4, 60),
        ...at({ ...GIVEN_UP, ...UNTOLD, phase: undefined }, 120),
        ...at(GIVEN_UP, 124),
      ],
      [...pending(4), 'failed rolled-back'],
    ],
    [
      'one of another phase that lacks its generation and its version breaks it',
      UPGRADE_WAIT,
      [
        ...at(UPGRADING, 2),
        ...at(GIVEN_UP, 4, 60),
        ...at({ ...UPGRADING, ...UNTOLD }, 120),
        ...at(GIVEN_UP, 124, 200, 243.999, 244),
      ],
      [...pending(7), 'failed rolled-back'],
    ],
    [
      'a generation above ours that is not observed: ours is',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at({ ...GIVEN_UP, generation: 9 }, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'a read without a phase is not at work, though an earlier one had another phase',
      { asked: { version: '1.32' } },
      [...at({ phase: 'Upgrading' }, 2), ...at({ ...UPGRADE_BEGUN, phase: undefined }, 3), ...at(GIVEN_UP, 4, 60, 124)],
      pending(5),
    ],
    [
      'a phase from before the PATCH, left in its answer and come back, is at work',
      { asked: { version: '1.32' }, before: { phase: 'Migrating' }, answer: { ...UPGRADE_BEGUN, phase: 'Running' } },
      [...at({ ...UPGRADE_BEGUN, phase: 'Migrating' }, 2), ...at(GIVEN_UP, 4, 60, 124)],
      [...pending(3), 'failed rolled-back'],
    ],
    [
      'one that does not say what it has observed breaks it',
      UPGRADE_WAIT,
      [
        ...at(UPGRADING, 2),
        ...at(GIVEN_UP, 4, 60),
        ...at({ ...GIVEN_UP, observedGeneration: undefined }, 120),
        ...at(GIVEN_UP, 124, 200, 243.999, 244),
      ],
      [...pending(7), 'failed rolled-back'],
    ],
    ['never seen at work: it has not begun yet', UPGRADE_WAIT, at(GIVEN_UP, 2, 60, 122, 200, 300), pending(5)],
    [
      'the reads before it was at work do not count',
      UPGRADE_WAIT,
      [...at(GIVEN_UP, 2, 60, 122), ...at(UPGRADING, 124), ...at(GIVEN_UP, 126, 200)],
      pending(6),
    ],
    [
      'reads that do not show our version as the desired one are late reads',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at({ ...GIVEN_UP, version: '1.31' }, 4, 60, 124, 300)],
      pending(5),
    ],
    ['not Running', UPGRADE_WAIT, at({ ...UPGRADING, observedGeneration: 8 }, 2, 60, 122, 200, 300), pending(5)],
    [
      'a version that is neither',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at({ ...GIVEN_UP, kubernetesVersion: 'v1.31.10' }, 4, 60, 124)],
      pending(4),
    ],
    [
      'a version that is not reported',
      UPGRADE_WAIT,
      [...at(UPGRADING, 2), ...at({ ...GIVEN_UP, kubernetesVersion: undefined }, 4, 60, 124)],
      pending(4),
    ],
    [
      'the old version is the asked one, desired as something else so far',
      { asked: { version: '1.31' }, before: { version: '1.32' }, answer: { version: '1.31', generation: 8 } },
      [
        ...at({ version: '1.31', generation: 8, phase: 'Upgrading' }, 2),
        ...at({ version: '1.31', generation: 8 }, 4, 60, 124),
      ],
      pending(4),
    ],
    [
      'a scale goes back to no version',
      { asked: { cpu: '8' }, answer: SCALE_BEGUN },
      [...at({ ...SCALE_BEGUN, phase: 'Provisioning' }, 2), ...at(SCALE_BEGUN, 4, 60, 124), ...at(SCALED, 126)],
      [...pending(4), 'converged generation'],
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test('the words', () => {
    expect(lastMessage(UPGRADE_WAIT, [...at(UPGRADING, 2), ...at(GIVEN_UP, 4, 60, 124)])).toBe(
      'the cluster was at work on the new version and has been Running the old v1.31.9 since',
    )
  })
})

describe('rolled-back: or the desired version alone set back to the one before', () => {
  test.each<WaitCase>([
    ['under a later generation', UPGRADE_WAIT, at(SET_BACK, 2), ['failed rolled-back']],
    ['while still Upgrading', UPGRADE_WAIT, at({ ...SET_BACK, phase: 'Upgrading' }, 2), ['failed rolled-back']],
    ['alone, though a scale was asked too', BOTH, at({ ...SET_BACK, ...CPU_8 }, 2), ['failed rolled-back']],
    ['not alone', BOTH, at(SET_BACK, 2), ['failed superseded']],
    [
      'to a minor that nobody sent ours as',
      { asked: { version: '1.32.3' }, isUnsent: true, before: { version: '1.32' } },
      [...at({ version: '1.32.3', generation: 8 }, 2), ...at(SET_BACK, 4)],
      ['pending', 'failed rolled-back'],
    ],
    ['not to the one before', UPGRADE_WAIT, at({ ...SET_BACK, version: '1.30' }, 2), ['failed superseded']],
    ['another field alone', BOTH, at({ ...UPGRADED, ...SET_BACK }, 2), ['failed superseded']],
    ['under our generation it is a late read', UPGRADE_WAIT, at({ generation: 8 }, 2, 4, 6, 8), pending(4)],
    [
      'without generations: three reads in a row that span 2 minutes, after a GET that showed ours',
      { ...UPGRADE_WAIT, server: OLDER },
      [...at(UPGRADE_BEGUN, 2), ...at({}, 4, 60, 123.999, 124)],
      [...pending(4), 'failed rolled-back'],
    ],
    [
      'without generations, shown as ours only by the PATCH’s own answer: late reads',
      { ...UPGRADE_WAIT, server: OLDER },
      at({}, 2, 60, 124, 300),
      pending(4),
    ],
    [
      'without generations, never shown as ours',
      { asked: { version: '1.32' }, server: OLDER },
      at({}, 2, 4, 6, 8),
      pending(4),
    ],
  ])('%s', (_name, wait, reads, verdicts) => {
    expect(verdictsOf(wait, reads)).toEqual(verdicts)
  })

  test('the words', () => {
    expect(lastMessage(UPGRADE_WAIT, at(SET_BACK, 2))).toBe(
      'the desired version was set back to 1.31, the one before our 1.32',
    )
  })
})
