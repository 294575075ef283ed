import { isSameJson, type JsonObject, type KeyPath, leafPaths, valueAt } from './alerts.js'
import type { DesiredChange } from './change.js'
import { type Cluster, RESOURCE_NAMES } from './cluster.js'
import { isSameQuantity } from './quantity.js'
import { isSameVersion } from './version.js'

/** A field that nobody asked to change and that changed all the same; inside `alerts` without its values. */
export interface StrayChange {
  readonly field: string
  readonly from?: string
  readonly to?: string | null
}

/**
 * What our PATCH changed beyond what was asked: `after` is its answer, or a read under its generation. The documented API
 * changes only what is included, but whether it merges or replaces inside `resources` and `alerts` is not documented.
 */
export function findStrayChanges(before: Cluster, after: Cluster, desired: DesiredChange): StrayChange[] {
  return [
    ...strayVersion(before, after, desired),
    ...strayResources(before, after, desired),
    ...strayAlerts(before, after, desired),
  ]
}

function strayVersion(before: Cluster, after: Cluster, desired: DesiredChange): StrayChange[] {
  if (desired.version !== undefined || before.version === undefined) return []
  if (isSameVersion(before.version, after.version)) return []
  return [{ field: 'version', from: before.version, to: after.version ?? null }]
}

function strayResources(before: Cluster, after: Cluster, desired: DesiredChange): StrayChange[] {
  return RESOURCE_NAMES.flatMap((field) => {
    const [from, to] = [before.resources[field], after.resources[field]]
    if (desired[field] !== undefined || from === undefined || isSameQuantity(from, to)) return []
    return [{ field, from, to: to ?? null }]
  })
}

function strayAlerts(before: Cluster, after: Cluster, desired: DesiredChange): StrayChange[] {
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
