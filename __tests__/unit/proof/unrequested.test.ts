import { describe, expect, test } from '@jest/globals'
import type { DesiredChange } from '../../../src/domain/change.js'
import type { UnrequestedChange } from '../../../src/domain/outcome.js'
import { specParts } from '../../../src/proof/observations.js'
import {
  changedKnown,
  findFoundAgain,
  findUnrequested,
  findVanished,
  type Unrequested,
} from '../../../src/proof/unrequested.js'
import { type ClusterOverrides, RESOURCES, toCluster } from '../../support/clusters.js'
import { CPU_8, SCALED, UPGRADED } from '../../support/waits.js'

type Case = [
  name: string,
  desired: DesiredChange,
  before: ClusterOverrides,
  after: ClusterOverrides,
  unrequested: UnrequestedChange[],
]

/** What the answer shows, where all that it lacks is known to be gone. */
function unrequested(desired: DesiredChange, before: ClusterOverrides, after: ClusterOverrides): Unrequested {
  const [base, answer] = [toCluster(before), toCluster(after)]
  const vanished = new Set([...specParts(base)].filter((part) => !specParts(answer).has(part)))
  return findUnrequested({ base, desired, vanished }, answer)
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
      'a resource whose name is unknown to us vanished',
      SCALE,
      { allResources: { ...RESOURCES, gpu: 1 } },
      CPU_8,
      [{ field: 'resources.gpu', from: '1', to: null }],
    ],
    [
      'an object in alerts became a value: its keys are gone',
      SCALE,
      { alerts: { mail: { to: 'ops' } } },
      { ...CPU_8, alerts: { mail: 1 } },
      [{ field: 'alerts.mail.to' }],
    ],
    [
      'a version that lost its patch',
      SCALE,
      { version: '1.31.9' },
      { ...CPU_8, version: '1.31' },
      [{ field: 'version', from: '1.31.9', to: '1.31' }],
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
    expect(unrequested(desired, before, after)).toEqual({ sideEffects: expected, moved: [] })
  })
})

describe('what merely changed where that may be the server’s own business: for a warning', () => {
  test.each<Case>([
    [
      'an alert value, which may be a secret',
      SCALE,
      ALERTS,
      { ...CPU_8, alerts: { mail: { to: 'ops', every: '5m' }, pager: 'off' } },
      [{ field: 'alerts.pager' }],
    ],
    [
      'an empty object in alerts that became a value',
      SCALE,
      { alerts: { mail: {} } },
      { ...CPU_8, alerts: { mail: 1 } },
      [{ field: 'alerts.mail' }],
    ],
    [
      'a resource whose name is unknown to us',
      SCALE,
      { allResources: { ...RESOURCES, gpu: 1 } },
      { ...CPU_8, allResources: { ...RESOURCES, cpu: '8', gpu: 2 } },
      [{ field: 'resources.gpu', from: '1', to: '2' }],
    ],
  ])('%s', (_name, desired, before, after, expected) => {
    expect(unrequested(desired, before, after)).toEqual({ sideEffects: [], moved: expected })
  })
})

describe('what the answer lacks and is not known to be gone is named by neither', () => {
  test.each<[name: string, before: ClusterOverrides, after: ClusterOverrides]>([
    ['a version', {}, { ...CPU_8, version: undefined }],
    ['resources', {}, { resources: { cpu: '8' } }],
    ['a resource whose name is unknown to us', { allResources: { ...RESOURCES, gpu: 1 } }, CPU_8],
    ['alerts', ALERTS, CPU_8],
  ])('%s', (_name, before, after) => {
    const comparison = { base: toCluster(before), desired: SCALE, vanished: new Set<string>() }
    expect(findUnrequested(comparison, toCluster(after))).toEqual({ sideEffects: [], moved: [] })
    expect(findVanished(comparison, toCluster(after))).toEqual([])
  })
})

describe('later reads', () => {
  const base = toCluster({ ...ALERTS, allResources: { ...RESOURCES, gpu: 1 } })
  const later = toCluster({ resources: { cpu: '8', memory: '8Gi' }, alerts: undefined })

  test('under the answer’s own generation, version and known resources that changed are our doing', () => {
    expect(changedKnown({ base, desired: SCALE, vanished: new Set() }, later)).toEqual([
      { field: 'memory', from: '16Gi', to: '8Gi' },
    ])
  })

  test('what the answer lacked, and reads in a row confirmed, is our doing whatever their generation; what only changed is not', () => {
    expect(
      findVanished({ base, desired: SCALE, vanished: new Set(['storage', 'resources.gpu', 'alerts']) }, later),
    ).toEqual([
      { field: 'storage', from: '100Gi', to: null },
      { field: 'resources.gpu', from: '1', to: null },
      { field: 'alerts.mail.to' },
      { field: 'alerts.mail.every' },
      { field: 'alerts.pager' },
    ])
  })

  test('of alerts that the answer lacked, what is there again with another value did not vanish', () => {
    const back = toCluster({ ...CPU_8, alerts: { mail: { to: 'dev', every: '5m' } } })
    expect(findVanished({ base, desired: SCALE, vanished: new Set(['alerts']) }, back)).toEqual([
      { field: 'alerts.pager' },
    ])
  })

  test('a key inside alerts that are still there did not vanish by a partial answer', () => {
    const inner = toCluster({ ...CPU_8, alerts: { pager: 'on' } })
    expect(findVanished({ base, desired: SCALE, vanished: new Set(['storage']) }, inner)).toEqual([])
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
    ['a version that only gained its patch', SCALE, {}, { ...CPU_8, version: 'v1.31.9' }],
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
    expect(unrequested(desired, before, after)).toEqual({ sideEffects: [], moved: [] })
  })
})

describe('of what was believed gone, what a later read shows as it was is found again', () => {
  const gone: UnrequestedChange[] = [
    { field: 'memory', from: '16Gi', to: null },
    { field: 'alerts.pager' },
    { field: 'storage', from: '100Gi', to: '50Gi' },
  ]
  test.each<[name: string, after: ClusterOverrides, found: string[]]>([
    ['both', { ...CPU_8, ...ALERTS }, ['memory', 'alerts.pager']],
    ['what the read lacks is not', { resources: { cpu: '8', storage: '100Gi' }, ...ALERTS }, ['alerts.pager']],
    ['nothing, where the read lacks alerts whole', { resources: { cpu: '8' } }, []],
    ['a key that alerts lack is not', { ...CPU_8, alerts: { mail: 'on' } }, ['memory']],
    ['another value is not', { resources: { cpu: '8', memory: '8Gi' }, ...ALERTS }, ['alerts.pager']],
  ])('%s', (_name, after, found) => {
    const comparison = { base: toCluster(ALERTS), desired: SCALE, vanished: new Set(['memory', 'alerts']) }
    expect(findFoundAgain(comparison, toCluster(after), gone).map(({ field }) => field)).toEqual(found)
  })
})
