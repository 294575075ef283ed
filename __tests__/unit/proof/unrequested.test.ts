import { describe, expect, test } from '@jest/globals'
import type { DesiredChange } from '../../../src/domain/change.js'
import { findUnrequested, type UnrequestedChange } from '../../../src/proof/unrequested.js'
import { type ClusterOverrides, RESOURCES, toCluster } from '../../support/clusters.js'
import { CPU_8, SCALED, UPGRADED } from '../../support/waits.js'

type Case = [
  name: string,
  desired: DesiredChange,
  before: ClusterOverrides,
  after: ClusterOverrides,
  unrequested: UnrequestedChange[],
]

function unrequested(desired: DesiredChange, before: ClusterOverrides, after: ClusterOverrides): UnrequestedChange[] {
  return findUnrequested(toCluster(before), toCluster(after), desired)
}

const SCALE: DesiredChange = { cpu: '8' }
const ALERTS: ClusterOverrides = { alerts: { mail: { to: 'ops', every: '5m' }, pager: 'on' } }

describe('a field we did not ask for changed or vanished: it is named, before and after', () => {
  test.each<Case>([
    ['version changed', SCALE, {}, { ...SCALED, version: '1.33' }, [{ field: 'version', from: '1.31', to: '1.33' }]],
    ['version vanished', SCALE, {}, { ...SCALED, version: undefined }, [{ field: 'version', from: '1.31', to: null }]],
    [
      'a resource changed',
      SCALE,
      {},
      { resources: { ...RESOURCES, cpu: '8', memory: '8Gi' } },
      [{ field: 'memory', from: '16Gi', to: '8Gi' }],
    ],
    [
      'resources vanished, as where the server replaces',
      SCALE,
      {},
      { resources: { cpu: '8' } },
      [
        { field: 'memory', from: '16Gi', to: null },
        { field: 'storage', from: '100Gi', to: null },
      ],
    ],
    [
      'all resources vanished',
      { version: '1.32' },
      {},
      { ...UPGRADED, resources: {} },
      [
        { field: 'cpu', from: '4', to: null },
        { field: 'memory', from: '16Gi', to: null },
        { field: 'storage', from: '100Gi', to: null },
      ],
    ],
    [
      'cpu changed by an upgrade',
      { version: '1.32' },
      {},
      { ...UPGRADED, ...CPU_8 },
      [{ field: 'cpu', from: '4', to: '8' }],
    ],
    [
      'a key of alerts changed, whose values may be secrets',
      SCALE,
      ALERTS,
      { ...CPU_8, alerts: { mail: { to: 'ops', every: '5m' }, pager: 'off' } },
      [{ field: 'alerts.pager' }],
    ],
    [
      'keys of alerts vanished, as where the server replaces',
      { alerts: { mail: { to: 'dev' } } },
      ALERTS,
      { alerts: { mail: { to: 'dev' } } },
      [{ field: 'alerts.mail.every' }, { field: 'alerts.pager' }],
    ],
    [
      'all alerts vanished',
      SCALE,
      ALERTS,
      CPU_8,
      [{ field: 'alerts.mail.to' }, { field: 'alerts.mail.every' }, { field: 'alerts.pager' }],
    ],
    [
      'an object in alerts became a value',
      SCALE,
      { alerts: { mail: {} } },
      { ...CPU_8, alerts: { mail: 1 } },
      [{ field: 'alerts.mail' }],
    ],
    [
      'all kinds at once, in the order version, resources, alerts',
      SCALE,
      { alerts: { pager: 'on' } },
      { version: '1.32', resources: { cpu: '8', storage: '100Gi' }, alerts: {} },
      [
        { field: 'version', from: '1.31', to: '1.32' },
        { field: 'memory', from: '16Gi', to: null },
        { field: 'alerts.pager' },
      ],
    ],
  ])('%s', (_name, desired, before, after, expected) => {
    expect(unrequested(desired, before, after)).toEqual(expected)
  })
})

describe('nothing to name', () => {
  test.each<[name: string, desired: DesiredChange, before: ClusterOverrides, after: ClusterOverrides]>([
    ['what was asked', { version: '1.32', cpu: '8' }, {}, { ...UPGRADED, ...CPU_8 }],
    [
      'what was asked, made otherwise',
      { version: '1.32', cpu: '8' },
      {},
      { version: '1.33', resources: { ...RESOURCES, cpu: '6' } },
    ],
    [
      'other spellings',
      SCALE,
      {},
      { version: 'v1.31', resources: { cpu: '8', memory: '16384Mi', storage: '102400Mi' } },
    ],
    [
      'status, generation and the like',
      SCALE,
      {},
      { ...SCALED, phase: 'Upgrading', kubernetesVersion: 'v1.31.10', endpoint: 'https://x' },
    ],
    ['a version that was not there before', SCALE, { version: undefined }, SCALED],
    ['a resource that was not there before', SCALE, { resources: { cpu: '4' } }, SCALED],
    ['alerts that were not there before', SCALE, {}, { ...CPU_8, alerts: { mail: 'on' } }],
    [
      'defaults that the server filled in under the asked alerts',
      { alerts: { mail: { to: 'dev' } } },
      { alerts: { mail: { to: 'ops' } } },
      { alerts: { mail: { to: 'dev', every: '5m' }, pager: 'off' } },
    ],
    [
      'alerts in another order of keys',
      SCALE,
      { alerts: { a: { b: 1, c: [1] } } },
      { ...CPU_8, alerts: { a: { c: [1], b: 1 } } },
    ],
    [
      'a path above an asked one',
      { alerts: { mail: { to: 'dev' } } },
      { alerts: { mail: 'off' } },
      { alerts: { mail: { to: 'dev' } } },
    ],
    ['paths under an asked one', { alerts: { mail: null } }, ALERTS, { alerts: { pager: 'on' } }],
    ['paths under an asked array', { alerts: { mail: [1] } }, ALERTS, { alerts: { mail: [1], pager: 'on' } }],
  ])('%s', (_name, desired, before, after) => {
    expect(unrequested(desired, before, after)).toEqual([])
  })
})
