import { describe, expect, test } from '@jest/globals'
import { askedFields, type DesiredChange } from '../../../src/domain/change.js'
import { startHistory } from '../../../src/proof/convergence.js'
import { NOTHING_OBSERVED } from '../../../src/proof/observations.js'
import { type FieldState, fieldState } from '../../../src/proof/undone.js'
import { type ClusterOverrides, toCluster } from '../../support/clusters.js'
import { CPU_6, CPU_8, SCALE_WAIT, startWait, type Wait } from '../../support/waits.js'

const EMPTY: Wait = { asked: { cpu: '8' } }

describe('the PATCH’s own answer shows one of our fields neither as sent nor as before (a limit, a rounding); as before: an old object, go on', () => {
  test.each<
    [name: string, asked: DesiredChange, before: ClusterOverrides, answer: ClusterOverrides, state: FieldState]
  >([
    ['as sent', { cpu: '8' }, {}, CPU_8, 'ours'],
    ['as sent, respelled', { cpu: '8' }, {}, { resources: { cpu: '8000m' } }, 'ours'],
    ['an old object', { cpu: '8' }, {}, {}, 'base'],
    ['an old object, respelled', { cpu: '8' }, {}, { resources: { cpu: '4000m' } }, 'base'],
    ['a limit', { cpu: '8' }, {}, CPU_6, 'other'],
    ['a rounding', { memory: '33Gi' }, {}, { resources: { memory: '32Gi' } }, 'other'],
    ['no quantity', { cpu: '8' }, {}, { resources: { cpu: 'plenty' } }, 'other'],
    ['not said', { cpu: '8' }, {}, { resources: {} }, 'absent'],
    ['never there, not there', { cpu: '8' }, { resources: {} }, { resources: {} }, 'absent'],
    ['version as sent', { version: '1.32' }, {}, { version: 'v1.32' }, 'ours'],
    ['version as a patch of it', { version: '1.32' }, {}, { version: '1.32.3' }, 'ours'],
    ['version as the minor of it', { version: '1.32.3' }, {}, { version: '1.32' }, 'ours'],
    ['version as before', { version: '1.32' }, {}, {}, 'base'],
    ['another version', { version: '1.32' }, {}, { version: '1.33' }, 'other'],
    ['another patch', { version: '1.32.3' }, {}, { version: '1.32.4' }, 'other'],
    ['version not said', { version: '1.32' }, {}, { version: undefined }, 'absent'],
    ['alerts as sent, with defaults', { alerts: { mail: 'on' } }, {}, { alerts: { mail: 'on', pager: 'off' } }, 'ours'],
    ['alerts as before', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: { mail: 'off' } }, 'base'],
    ['alerts otherwise', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: { mail: 'x' } }, 'other'],
    ['alerts not said', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: undefined }, 'absent'],
    ['a key of alerts dropped', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: {} }, 'absent'],
    [
      'a key of alerts taken away, as asked',
      { alerts: { mail: null } },
      { alerts: { mail: 'off' } },
      { alerts: {} },
      'ours',
    ],
  ])('%s', (_name, asked, before, answer, state) => {
    const [base, cluster] = [toCluster(before), toCluster(answer)]
    expect(askedFields(asked).map((field) => fieldState(field, base, cluster, true))).toEqual([state])
  })

  test.each<[before: string, mayHaveLanded: boolean, state: FieldState]>([
    ['1.31', true, 'ours'],
    ['1.31', false, 'other'],
    ['1.32', true, 'base'],
    ['1.32', false, 'base'],
  ])(
    'the minor of the asked patch is ours under way only where a PATCH may have landed, and it was not there before: from %s, %s',
    (before, mayHaveLanded, state) => {
      const [base, cluster] = [toCluster({ version: before }), toCluster({ version: '1.32' })]
      const states = askedFields({ version: '1.32.3' }).map((field) => fieldState(field, base, cluster, mayHaveLanded))
      expect(states).toEqual([state])
    },
  )

  test.each<[name: string, wait: Wait, ourGeneration: number | undefined]>([
    ['as sent', SCALE_WAIT, 8],
    ['an old object', { ...EMPTY, answer: {} }, undefined],
    ['as sent, under a generation that did not move', { ...EMPTY, answer: CPU_8 }, undefined],
    ['as sent, the generation before unknown', { ...SCALE_WAIT, before: { generation: undefined } }, 8],
    ['empty', EMPTY, undefined],
  ])(
    'a wait remembers the generation of an answer, and never takes it for a GET that showed ours: %s',
    (_name, wait, ourGeneration) => {
      const { change, answer } = startWait(wait)
      const history = startHistory(change, NOTHING_OBSERVED, answer)
      expect([[...history.shown], history.ourGeneration]).toEqual([[], ourGeneration])
    },
  )
})
