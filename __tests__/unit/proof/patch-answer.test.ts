import { describe, expect, test } from '@jest/globals'
import { askedFields, type DesiredChange } from '../../../src/domain/change.js'
import { type FieldState, fieldState, isAway } from '../../../src/proof/undone.js'
import { type ClusterOverrides, toCluster } from '../../support/clusters.js'
import { CPU_6, CPU_8, SCALE_BEGUN, SCALE_WAIT, startWait, type Wait } from '../../support/waits.js'

const EMPTY: Wait = { asked: { cpu: '8' } }

describe('the PATCH’s own answer shows one of our fields neither as sent nor as before (a limit, a rounding); as before: an old object, go on', () => {
  test.each<
    [name: string, asked: DesiredChange, before: ClusterOverrides, answer: ClusterOverrides, standing: FieldState]
  >([
    ['as sent', { cpu: '8' }, {}, CPU_8, 'ours'],
    ['as sent, respelled', { cpu: '8' }, {}, { resources: { cpu: '8000m' } }, 'ours'],
    ['an old object', { cpu: '8' }, {}, {}, 'base'],
    ['an old object, respelled', { cpu: '8' }, {}, { resources: { cpu: '4000m' } }, 'base'],
    ['a limit', { cpu: '8' }, {}, CPU_6, 'neither'],
    ['a rounding', { memory: '33Gi' }, {}, { resources: { memory: '32Gi' } }, 'neither'],
    ['no quantity', { cpu: '8' }, {}, { resources: { cpu: 'plenty' } }, 'neither'],
    ['not said', { cpu: '8' }, {}, { resources: {} }, 'unsaid'],
    ['never there, not there', { cpu: '8' }, { resources: {} }, { resources: {} }, 'base'],
    ['version as sent', { version: '1.32' }, {}, { version: 'v1.32' }, 'ours'],
    ['version as a patch of it', { version: '1.32' }, {}, { version: '1.32.3' }, 'ours'],
    ['version as the minor of it', { version: '1.32.3' }, {}, { version: '1.32' }, 'ours'],
    ['version as before', { version: '1.32' }, {}, {}, 'base'],
    ['another version', { version: '1.32' }, {}, { version: '1.33' }, 'neither'],
    ['another patch', { version: '1.32.3' }, {}, { version: '1.32.4' }, 'neither'],
    ['version not said', { version: '1.32' }, {}, { version: undefined }, 'unsaid'],
    ['alerts as sent, with defaults', { alerts: { mail: 'on' } }, {}, { alerts: { mail: 'on', pager: 'off' } }, 'ours'],
    ['alerts as before', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: { mail: 'off' } }, 'base'],
    ['alerts otherwise', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: { mail: 'x' } }, 'neither'],
    ['alerts not said', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: undefined }, 'unsaid'],
    ['a key of alerts dropped', { alerts: { mail: 'on' } }, { alerts: { mail: 'off' } }, { alerts: {} }, 'neither'],
    [
      'a key of alerts taken away, as asked',
      { alerts: { mail: null } },
      { alerts: { mail: 'off' } },
      { alerts: {} },
      'ours',
    ],
  ])('%s', (_name, asked, before, answer, standing) => {
    const standings = askedFields(asked).map((field) => fieldState(field, toCluster(before), toCluster(answer)))
    expect(standings).toEqual([standing])
  })

  test.each<[FieldState, boolean]>([
    ['ours', false],
    ['base', true],
    ['neither', true],
    ['unsaid', false],
  ])('%s is away: %s', (standing, expected) => {
    expect(isAway(standing)).toBe(expected)
  })

  test.each<[name: string, wait: Wait, shown: string[], ourGeneration: number | undefined]>([
    ['as sent', SCALE_WAIT, ['cpu'], 8],
    ['an old object', { ...EMPTY, answer: {} }, [], undefined],
    ['as sent, under a generation that did not move', { ...EMPTY, answer: CPU_8 }, ['cpu'], undefined],
    ['as sent, the generation before unknown', { ...SCALE_WAIT, before: { generation: undefined } }, ['cpu'], 8],
    ['one of two', { asked: { cpu: '8', memory: '32Gi' }, answer: SCALE_BEGUN }, ['cpu'], 8],
    ['empty', EMPTY, [], undefined],
  ])('what a wait remembers of an answer: %s', (_name, wait, shown, ourGeneration) => {
    const { history } = startWait(wait)
    expect([[...history.shown], history.ourGeneration]).toEqual([shown, ourGeneration])
  })
})
