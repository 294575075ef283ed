import { leafPaths, settingAt, toAlertName } from '../domain/alerts.js'
import type { DesiredChange } from '../domain/change.js'
import type { Cluster } from '../domain/cluster.js'
import { isSameJson, type JsonObject, type KeyPath, toText } from '../domain/json.js'
import type { UnrequestedChange } from '../domain/outcome.js'
import { isSameQuantity, parseQuantity } from '../domain/quantity.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { coversVersion } from '../domain/version.js'
import { specParts } from './observations.js'

/** What differs from the read a PATCH was planned from although nobody asked for it (contract 3.2). */
export interface Unrequested {
  /** Something is lost, or is another value now: never to end green. */
  readonly sideEffects: readonly UnrequestedChange[]
  /** What merely changed where changing may be the server's own business. */
  readonly moved: readonly UnrequestedChange[]
}

/** What is compared: what was asked is left out, and what a read lacks counts only where it is known to be gone. */
export interface Comparison {
  readonly base: Cluster
  readonly desired: DesiredChange
  /** Parts of the spec, by the names of `specParts`, that are known to be gone. */
  readonly vanished: ReadonlySet<string>
}

/** Everything in the PATCH's own answer that nobody asked for: under the lock of its base that is our doing. */
export function findUnrequested(comparison: Comparison, after: Cluster): Unrequested {
  const inAlerts = comparedAlerts(comparison, after)
  return {
    sideEffects: [
      ...changedKnown(comparison, after),
      ...vanishedUnknown(comparison, after),
      ...inAlerts.filter(({ isGone }) => isGone).map(({ field }) => ({ field })),
    ],
    moved: [
      ...movedUnknown(comparison, after),
      ...inAlerts.filter(({ isGone }) => !isGone).map(({ field }) => ({ field })),
    ],
  }
}

/** What the answer already lacked and is now known to be gone. */
export function findVanished(comparison: Comparison, after: Cluster): UnrequestedChange[] {
  const known = changedKnown(comparison, after).filter(({ to }) => to === null)
  const inAlerts = comparison.vanished.has('alerts')
    ? comparedAlerts(comparison, after).flatMap(({ field, isGone }) => (isGone ? [{ field }] : []))
    : []
  return [...known, ...vanishedUnknown(comparison, after), ...inAlerts]
}

/**
 * Of what was believed gone, what a later read under the answer's own generation shows as it was: it was only late, since to put
 * it back would have moved the generation.
 */
export function findFoundAgain(
  comparison: Comparison,
  after: Cluster,
  sideEffects: readonly UnrequestedChange[],
): UnrequestedChange[] {
  // What this read lacks it does not show, whatever became of it.
  const { sideEffects: lost, moved } = findUnrequested({ ...comparison, vanished: specParts(comparison.base) }, after)
  const differing = new Set([...lost, ...moved].map(({ field }) => field))
  return sideEffects.filter(({ field, to }) => (to ?? null) === null && !differing.has(field))
}

/** Version and known resources that differ: in a later read under the answer's own generation, they are our doing, too. */
export function changedKnown({ base, desired, vanished }: Comparison, after: Cluster): UnrequestedChange[] {
  const version =
    desired.version !== undefined || base.version === undefined
      ? []
      : differing('version', base.version, after.version, vanished, coversVersion)
  const resources = RESOURCE_NAMES.flatMap((name) => {
    const from = base.resources[name]
    if (desired[name] !== undefined || from === undefined) return []
    return differing(name, from, after.resources[name], vanished, isSameQuantity)
  })
  return [...version, ...resources]
}

function differing(
  field: string,
  from: string,
  to: string | undefined,
  vanished: ReadonlySet<string>,
  isSame: (from: string, to: string) => boolean,
): UnrequestedChange[] {
  if (to === undefined) return vanished.has(field) ? [{ field, from, to: null }] : []
  return isSame(from, to) ? [] : [{ field, from, to }]
}

function unknownResources(cluster: Cluster): [field: string, value: string][] {
  return Object.entries(cluster.allResources)
    .filter(([name]) => !RESOURCE_NAMES.some((known) => known === name))
    .map(([name, value]) => [`resources.${name}`, toText(value)])
}

/** What is no quantity may hold anything, and is only named. */
function toUnknownChange(field: string, from: string, to: string | null): UnrequestedChange {
  const isShown = [from, to ?? '0'].every((text) => parseQuantity(text) !== undefined)
  return isShown ? { field, from, to } : { field }
}

function vanishedUnknown({ base, vanished }: Comparison, after: Cluster): UnrequestedChange[] {
  const there = new Map(unknownResources(after))
  return unknownResources(base)
    .filter(([field]) => !there.has(field) && vanished.has(field))
    .map(([field, from]) => toUnknownChange(field, from, null))
}

function movedUnknown({ base }: Comparison, after: Cluster): UnrequestedChange[] {
  const there = new Map(unknownResources(after))
  return unknownResources(base).flatMap(([field, from]) => {
    const to = there.get(field)
    return to === undefined || isSameQuantity(from, to) ? [] : [toUnknownChange(field, from, to)]
  })
}

function comparedAlerts({ base, desired, vanished }: Comparison, after: Cluster): { field: string; isGone: boolean }[] {
  if (base.alerts === undefined || (after.alerts === undefined && !vanished.has('alerts'))) return []
  return leafPaths(base.alerts)
    .filter((path) => !isAsked(desired.alerts, path))
    .map((path) => ({ path, before: settingAt(base.alerts, path), now: settingAt(after.alerts, path) }))
    .filter(({ before, now }) => !isSameJson(before, now))
    .map(({ path, now }) => ({ field: toAlertName(path), isGone: now === undefined }))
}

/** Whether a path lies on, under or above one that was asked for. */
function isAsked(asked: JsonObject | undefined, path: KeyPath): boolean {
  return leafPaths(asked ?? {}).some((askedPath) => {
    const shorter = Math.min(askedPath.length, path.length)
    return askedPath.slice(0, shorter).every((key, index) => key === path[index])
  })
}
