import { isValueMet, leafPaths, settingAt, standingAt, toAlertName } from './alerts.js'
import type { Cluster } from './cluster.js'
import { canonicalJson, type JsonObject, type KeyPath, valueAt } from './json.js'
import { canonicalQuantity, isSameQuantity } from './quantity.js'
import { RESOURCE_NAMES, type ResourceName, type Resources } from './resources.js'
import { canonicalVersion, coversVersion, isVersionMet } from './version.js'

/** What the caller wants; what is absent is left alone. */
export interface DesiredChange extends Resources {
  /** Without a `v`. */
  readonly version?: string
  readonly alerts?: JsonObject
}

export type FieldKind = 'version' | 'resources' | 'alerts'

/**
 * One value the caller asked for, and how to find it in a cluster. Values are compared the way the API means them
 * (`4` = `4000m`, `v1.32` = `1.32`), and shown in the API's own text, but never from inside `alerts`: they may be secrets.
 */
export interface AskedField {
  readonly kind: FieldKind
  /** The input's name; `alerts.<key path>` inside `alerts`. */
  readonly name: string
  /** Where it is in the object, key by key. */
  readonly path: KeyPath
  readonly wanted: string | undefined
  /** Whether `null` is asked for, which takes a setting inside `alerts` away. */
  readonly isRemoval: boolean
  show(cluster: Cluster): string | null | undefined
  /** Whether the read shows any value for it at all. */
  isCarriedBy(cluster: Cluster): boolean
  isMetBy(cluster: Cluster): boolean
  /** Whether the desired value is on its way to what was asked: a desired minor may stand for the patch that was asked. */
  isAcceptedBy(cluster: Cluster): boolean
  /** One spelling for every equal value, for comparing reads and for digests; never to be shown. */
  canonical(cluster: Cluster): string
  readonly canonicalWanted: string
}

/** True when both reads show the same value of a field. */
export function isSameIn(field: AskedField, left: Cluster, right: Cluster): boolean {
  return field.canonical(left) === field.canonical(right)
}

/** The asked fields that a read does not show as asked, by value. */
export function unmetFields(live: Cluster, asked: readonly AskedField[]): AskedField[] {
  return asked.filter((field) => !field.isMetBy(live))
}

const ABSENT = 'absent'

/** The fields asked for, in the order version, cpu, memory, storage, alerts. */
export function askedFields(desired: DesiredChange): AskedField[] {
  return [
    ...(desired.version === undefined ? [] : [versionField(desired.version)]),
    ...RESOURCE_NAMES.flatMap((name) => {
      const wanted = desired[name]
      return wanted === undefined ? [] : [resourceField(name, wanted)]
    }),
    ...(desired.alerts === undefined ? [] : alertFields(desired.alerts)),
  ]
}

function versionField(wanted: string): AskedField {
  const isMetBy = (cluster: Cluster) => isVersionMet(wanted, cluster.version, cluster.kubernetesVersion)
  return {
    kind: 'version',
    name: 'version',
    path: ['version'],
    wanted,
    isRemoval: false,
    show: (cluster) => cluster.version ?? null,
    isCarriedBy: (cluster) => cluster.version !== undefined,
    isMetBy,
    isAcceptedBy: (cluster) =>
      isMetBy(cluster) || (cluster.version !== undefined && coversVersion(cluster.version, wanted)),
    canonical: (cluster) => (cluster.version === undefined ? ABSENT : canonicalVersion(cluster.version)),
    canonicalWanted: canonicalVersion(wanted),
  }
}

function resourceField(name: ResourceName, wanted: string): AskedField {
  const isMetBy = (cluster: Cluster) => isSameQuantity(wanted, cluster.resources[name])
  return {
    kind: 'resources',
    name,
    path: ['resources', name],
    wanted,
    isRemoval: false,
    show: (cluster) => cluster.resources[name] ?? null,
    isCarriedBy: (cluster) => cluster.resources[name] !== undefined,
    isMetBy,
    isAcceptedBy: isMetBy,
    canonical: ({ resources }) => {
      const quantity = resources[name]
      return quantity === undefined ? ABSENT : canonicalQuantity(quantity)
    },
    canonicalWanted: canonicalQuantity(wanted),
  }
}

function alertFields(alerts: JsonObject): AskedField[] {
  return leafPaths(alerts).map((path) => {
    const isMetBy = (cluster: Cluster) => isValueMet(valueAt(alerts, path), settingAt(cluster.alerts, path))
    return {
      kind: 'alerts',
      name: toAlertName(path),
      path: ['alerts', ...path],
      wanted: undefined,
      isRemoval: valueAt(alerts, path) === null,
      show: () => undefined,
      isCarriedBy: (cluster) => standingAt(cluster.alerts, path) !== undefined,
      isMetBy,
      isAcceptedBy: isMetBy,
      canonical: (cluster) => canonicalJson(standingAt(cluster.alerts, path)),
      canonicalWanted: canonicalJson(valueAt(alerts, path)),
    }
  })
}
