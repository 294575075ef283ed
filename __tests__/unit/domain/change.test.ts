import { describe, expect, test } from '@jest/globals'
import { askedFields, type DesiredChange, isSameIn, unmetFields } from '../../../src/domain/change.js'
import type { Cluster } from '../../../src/domain/cluster.js'
import { type ClusterOverrides, SECRET_ALERTS, toCluster } from '../../support/clusters.js'

function openNames(desired: DesiredChange, live: Cluster): string[] {
  return unmetFields(live, askedFields(desired)).map(({ name }) => name)
}

describe('askedFields', () => {
  test.each<[DesiredChange, string[]]>([
    [{}, []],
    [{ alerts: {} }, []],
    [{ storage: '1Gi', cpu: '1' }, ['cpu', 'storage']],
    [
      { alerts: { b: { c: 1 }, a: 2 }, storage: '1Gi', memory: '1Gi', cpu: '1', version: '1.32' },
      ['version', 'cpu', 'memory', 'storage', 'alerts.b.c', 'alerts.a'],
    ],
  ])('%j: in the order version, cpu, memory, storage, alerts', (desired, names) => {
    expect(askedFields(desired).map(({ name }) => name)).toEqual(names)
  })
})

describe('a field is open where the read does not meet it, by value', () => {
  test.each<[DesiredChange, ClusterOverrides, string[]]>([
    [{ cpu: '4' }, { resources: { cpu: '4000m' } }, []],
    [{ cpu: '4' }, { resources: { cpu: '4e0' } }, []],
    [{ cpu: '4' }, { resources: { cpu: '4001m' } }, ['cpu']],
    [{ cpu: '4' }, { resources: { cpu: 'four' } }, ['cpu']],
    [{ cpu: '4' }, { resources: {} }, ['cpu']],
    [{ memory: '1Gi' }, { resources: { memory: '1024Mi' } }, []],
    [{ memory: '1Gi' }, { resources: { memory: '1073741824' } }, []],
    [{ memory: '1Gi' }, { resources: { memory: '1G' } }, ['memory']],
    [{ storage: '1Ti' }, { resources: { storage: '1024Gi' } }, []],
    [{ version: '1.32' }, { version: 'v1.32' }, []],
    [{ version: '1.32' }, { version: '1.32.9' }, []],
    [{ version: '1.32' }, { version: undefined }, ['version']],
    [{ version: '1.32' }, { version: 'stable' }, ['version']],
    [{ version: '1.32.3' }, { version: '1.32', kubernetesVersion: 'v1.32.3' }, []],
    [{ version: '1.32.3' }, { version: '1.32', kubernetesVersion: 'v1.32.2' }, ['version']],
    [{ alerts: { a: 1 } }, { alerts: { a: 1, b: 2 } }, []],
    [{ alerts: { a: { b: 1 } } }, { alerts: { a: { b: 1, c: 2 } } }, []],
    [{ alerts: { a: { b: 1, c: 3 } } }, { alerts: { a: { b: 1, c: 2 } } }, ['alerts.a.c']],
    [{ alerts: { a: [1] } }, { alerts: { a: [1, 2] } }, ['alerts.a']],
    [{ alerts: { a: null } }, { alerts: {} }, []],
    [{ alerts: { a: null } }, { alerts: undefined }, []],
    [{ alerts: { a: { b: null } } }, { alerts: {} }, []],
    [{ alerts: { a: null } }, { alerts: { a: 1 } }, ['alerts.a']],
    [{ alerts: { a: 0 } }, { alerts: undefined }, ['alerts.a']],
    [{ alerts: { constructor: 1 } }, { alerts: {} }, ['alerts.constructor']],
  ])('%j against %j', (desired, live, names) => {
    expect(openNames(desired, toCluster(live))).toEqual(names)
  })
})

describe('what a read says of a field', () => {
  test.each<[DesiredChange, ClusterOverrides, boolean]>([
    [{ version: '1.32' }, {}, true],
    [{ version: '1.32' }, { version: undefined }, false],
    [{ cpu: '8' }, {}, true],
    [{ cpu: '8' }, { resources: { memory: '1Gi' } }, false],
    [{ alerts: { a: 1 } }, { alerts: { a: 2 } }, true],
    [{ alerts: { a: 1 } }, { alerts: { a: null } }, false],
    [{ alerts: { a: { b: 1 } } }, { alerts: { a: { c: 1 } } }, false],
    [{ alerts: { a: 1 } }, { alerts: {} }, false],
    [{ alerts: { a: 1 } }, { alerts: undefined }, false],
  ])('%j is carried by %j: %s', (desired, live, carried) => {
    expect(askedFields(desired).map((field) => field.isCarriedBy(toCluster(live)))).toEqual([carried])
  })

  test.each<[string, string | undefined, boolean]>([
    ['1.32.3', '1.32', true],
    ['1.32', '1.32', true],
    ['1.32', '1.31', false],
    ['1.32.3', '1.32.4', false],
    ['1.32', undefined, false],
  ])('%s is on its way where the desired version is %s: %s', (asked, version, accepted) => {
    const live = toCluster({ version })
    expect(askedFields({ version: asked }).map((field) => field.isAcceptedBy(live))).toEqual([accepted])
  })

  test.each<[DesiredChange, Cluster, Cluster, boolean]>([
    [{ cpu: '8' }, toCluster(), toCluster({ resources: { cpu: '4.0' } }), true],
    [{ cpu: '8' }, toCluster(), toCluster({ resources: {} }), false],
    [{ version: '1.32' }, toCluster(), toCluster({ version: 'v1.31+x' }), true],
    [{ version: '1.32' }, toCluster({ version: undefined }), toCluster({ version: 'absent' }), false],
    [
      { alerts: { a: 1 } },
      toCluster({ alerts: { a: { x: 1, y: 2 } } }),
      toCluster({ alerts: { a: { y: 2, x: 1 } } }),
      true,
    ],
    [{ alerts: { a: 1 } }, toCluster({ alerts: { a: 'undefined' } }), toCluster({ alerts: {} }), false],
  ])('%j is the same in two reads: case %#', (desired, left, right, same) => {
    expect(askedFields(desired).map((field) => isSameIn(field, left, right))).toEqual([same])
  })
})

describe('what is shown', () => {
  test('is the API’s own text, and null where it is absent', () => {
    const asked = askedFields({ version: '1.32', cpu: '8', memory: '1Gi' })
    const live = toCluster({ version: 'v1.31', resources: { cpu: '4000m' } })
    expect(asked.map((field) => field.show(live))).toEqual(['v1.31', '4000m', null])
    expect(asked.map((field) => field.wanted)).toEqual(['1.32', '8', '1Gi'])
  })

  test('is never a value inside alerts', () => {
    const fields = askedFields({ alerts: SECRET_ALERTS })
    const live = toCluster({ alerts: SECRET_ALERTS })
    expect(fields.map(({ name }) => name)).toEqual([
      'alerts.receivers.pager.url',
      'alerts.receivers.pager.enabled',
      'alerts.routes',
      'alerts.note',
    ])
    expect(fields.map((field) => [field.wanted, field.show(live)])).toEqual(fields.map(() => [undefined, undefined]))
  })
})
