import type { AskedField } from '../domain/change.js'
import { isSameIn } from '../domain/change.js'
import { type Cluster, isRunning } from '../domain/cluster.js'
import { coversVersion, isSameVersion } from '../domain/version.js'
import { READS_TO_BELIEVE } from '../policy.js'
import { type AwaitedChange, askedVersion, type History } from './awaited.js'
import { hasGenerations, type Observed } from './observations.js'

/** How one asked field stands in a read: as we sent it, as in the base, as neither, or the read does not say. */
export type FieldState = 'ours' | 'base' | 'neither' | 'unsaid'

/** Places one asked field of a read between what was sent and what the base showed. */
export function fieldState(field: AskedField, base: Cluster, cluster: Cluster): FieldState {
  if (field.isMetBy(cluster)) return 'ours'
  if (isSameIn(field, base, cluster)) return 'base'
  if (!field.isCarriedBy(cluster)) return 'unsaid'
  return field.isAcceptedBy(cluster) ? 'ours' : 'neither'
}

/** True when the read shows the field, and not as we sent it. */
export function isAway(state: FieldState): boolean {
  return state === 'base' || state === 'neither'
}

/** A change that was ours and is no more. */
export interface Undone {
  readonly reason: 'superseded' | 'rolled-back'
  readonly message: string
}

/** Whether someone else, or the platform, took our change back (contract 3.5, superseded and rolled-back). */
export function findUndone(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  cluster: Cluster,
): Undone | undefined {
  if (history.oldVersionReads >= READS_TO_BELIEVE.undone) {
    const message = `the cluster left Running and came back on the old version ${cluster.kubernetesVersion}`
    return { reason: 'rolled-back', message }
  }
  const undone = undoneFields(change, history, observed, cluster)
  const [first] = undone
  if (first === undefined) return undefined
  if (undone.length === 1 && first.kind === 'version' && fieldState(first, change.base, cluster) === 'base') {
    const message = `the desired version was set back to ${cluster.version}, the one before our ${first.wanted}`
    return { reason: 'rolled-back', message }
  }
  return {
    reason: 'superseded',
    message: `someone else changed ${undone.map((field) => toOursAndTheirs(field, cluster)).join(', ')}`,
  }
}

function toOursAndTheirs(field: AskedField, cluster: Cluster): string {
  const theirs = field.show(cluster)
  return theirs === undefined ? field.name : `${field.name} (ours ${field.wanted}, theirs ${theirs ?? 'absent'})`
}

/**
 * A value that was never there before our PATCH is someone else's; the value from before it may be a late read, unless it
 * stands under a generation above ours. Without generations to tell, only a row of reads after one that showed ours does.
 */
function undoneFields(change: AwaitedChange, history: History, observed: Observed, cluster: Cluster): AskedField[] {
  const state = (field: AskedField) => fieldState(field, change.base, cluster)
  const shownAway = change.fields.filter((field) => history.shown.has(field.name) && isAway(state(field)))
  if (!doGenerationsTell(change, history, observed)) {
    return history.undoneReads >= READS_TO_BELIEVE.undone ? shownAway : []
  }
  if (cluster.generation === undefined) return []
  const isLater = history.ourGeneration !== undefined && cluster.generation > history.ourGeneration
  if (change.attempt === undefined) return isLater ? shownAway : []
  return change.fields.filter((field) => state(field) === 'neither' || (isLater && state(field) === 'base'))
}

function doGenerationsTell(change: AwaitedChange, { ourGeneration }: History, observed: Observed): boolean {
  const before = change.attempt?.generationBefore
  const hasMoved = ourGeneration === undefined || before === undefined || ourGeneration > before
  return hasGenerations(observed) && hasMoved
}

/** True when a cluster runs again, and runs the version from before an upgrade that was asked for. */
export function isBackOnOldVersion(change: AwaitedChange, cluster: Cluster): boolean {
  const [asked, running] = [askedVersion(change), cluster.kubernetesVersion]
  if (asked === undefined || running === undefined || !isRunning(cluster)) return false
  return isSameVersion(running, change.base.kubernetesVersion) && !coversVersion(asked, running)
}
