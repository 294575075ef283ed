import { leafPaths } from '../domain/alerts.js'
import type { DesiredChange } from '../domain/change.js'
import type { Cluster } from '../domain/cluster.js'
import { isSameJson, type JsonObject, type KeyPath, valueAt } from '../domain/json.js'
import { isSameQuantity } from '../domain/quantity.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { isSameVersion } from '../domain/version.js'

/** A field that nobody asked to change and that changed all the same; inside `alerts` without its values. */
export interface UnrequestedChange {
  readonly field: string
  readonly from?: string
  readonly to?: string | null
}

/**
 * What our PATCH changed beyond what was asked: `after` is its answer, or a read under its generation. The documented API
 * changes only what is included, but whether it merges or replaces inside `resources` and `alerts` is not documented.
 */
export function findUnrequested(before: Cluster, after: Cluster, desired: DesiredChange): UnrequestedChange[] {
  return [
    ...unrequestedVersion(before, after, desired),
    ...unrequestedResources(before, after, desired),
    ...unrequestedAlerts(before, after, desired),
  ]
}

function unrequestedVersion(before: Cluster, after: Cluster, desired: DesiredChange): UnrequestedChange[] {
  if (desired.version !== undefined || before.version === undefined) return []
  if (isSameVersion(before.version, after.version)) return []
  return [{ field: 'version', from: before.version, to: after.version ?? null }]
}

function unrequestedResources(before: Cluster, after: Cluster, desired: DesiredChange): UnrequestedChange[] {
  return RESOURCE_NAMES.flatMap((field) => {
    const [from, to] = [before.resources[field], after.resources[field]]
    if (desired[field] !== undefined || from === undefined || isSameQuantity(from, to)) return []
    return [{ field, from, to: to ?? null }]
  })
}

function unrequestedAlerts(before: Cluster, after: Cluster, desired: DesiredChange): UnrequestedChange[] {
  if (before.alerts === undefined) return []
  return leafPaths(before.alerts)
    .filter((path) => !isAsked(desired.alerts, path))
    .filter((path) => !isSameJson(valueAt(before.alerts, path), valueAt(after.alerts, path)))
    .map((path) => ({ field: ['alerts', ...path].join('.') }))
}

/** Whether a path lies on, under or above one that was asked for. */
function isAsked(asked: JsonObject | undefined, path: KeyPath): boolean {
  return leafPaths(asked ?? {}).some((askedPath) => {
    const shorter = Math.min(askedPath.length, path.length)
    return askedPath.slice(0, shorter).every((key, index) => key === path[index])
  })
}
