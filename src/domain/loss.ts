import { type AwaitedChange, askedVersion, type History } from './awaited.js'
import { type AskedField, isSameIn } from './change.js'
import type { Cluster } from './cluster.js'
import { hasGenerations } from './sightings.js'
import { coversVersion, isSameVersion } from './version.js'

/** How one asked field stands in a read: as we sent it, as it was before, as neither, or the read does not say. */
export type Standing = 'ours' | 'before' | 'neither' | 'unsaid'

/** Places one asked field of a read between what was sent and what was there before. */
export function standingOf(field: AskedField, before: Cluster, cluster: Cluster): Standing {
  if (field.isMetBy(cluster)) return 'ours'
  if (isSameIn(field, before, cluster)) return 'before'
  if (!field.isCarriedBy(cluster)) return 'unsaid'
  return field.isAcceptedBy(cluster) ? 'ours' : 'neither'
}

/** True when the read shows the field, and not as we sent it. */
export function isAway(standing: Standing): boolean {
  return standing === 'before' || standing === 'neither'
}

export interface Loss {
  readonly reason: 'superseded' | 'rolled-back'
  readonly message: string
}

/** Reads in a row that it takes to believe that a change was undone. */
const READS_TO_BELIEVE_A_LOSS = 3

/** Whether someone else, or the platform, took our change back. */
export function findLoss(change: AwaitedChange, history: History, cluster: Cluster): Loss | undefined {
  if (history.oldVersionReads >= READS_TO_BELIEVE_A_LOSS) {
    const message = `the cluster left Running and came back on the old version ${cluster.kubernetesVersion}`
    return { reason: 'rolled-back', message }
  }
  const lost = lostFields(change, history, cluster)
  const [first] = lost
  if (first === undefined) return undefined
  if (lost.length === 1 && first.kind === 'version' && standingOf(first, change.before, cluster) === 'before') {
    const message = `the desired version was set back to ${cluster.version}, the one before our ${first.wanted}`
    return { reason: 'rolled-back', message }
  }
  return {
    reason: 'superseded',
    message: `someone else changed ${lost.map((field) => toLossText(field, cluster)).join(', ')}`,
  }
}

function toLossText(field: AskedField, cluster: Cluster): string {
  const theirs = field.show(cluster)
  return theirs === undefined ? field.name : `${field.name} (ours ${field.wanted}, theirs ${theirs ?? 'absent'})`
}

/**
 * A value that was never there before our PATCH is someone else's; the value from before it may be a late read, unless it
 * stands under a generation above ours. Without generations to tell, only a row of reads after one that showed ours does.
 */
function lostFields(change: AwaitedChange, history: History, cluster: Cluster): AskedField[] {
  const standing = (field: AskedField) => standingOf(field, change.before, cluster)
  const shownAway = change.fields.filter((field) => history.shown.has(field.name) && isAway(standing(field)))
  if (!doGenerationsTell(change, history)) return history.strayedReads >= READS_TO_BELIEVE_A_LOSS ? shownAway : []
  if (cluster.generation === undefined) return []
  const isLater = history.ourGeneration !== undefined && cluster.generation > history.ourGeneration
  if (change.patch === undefined) return isLater ? shownAway : []
  return change.fields.filter((field) => standing(field) === 'neither' || (isLater && standing(field) === 'before'))
}

function doGenerationsTell(change: AwaitedChange, { seen, ourGeneration }: History): boolean {
  const before = change.patch?.generationBefore
  const hasMoved = ourGeneration === undefined || before === undefined || ourGeneration > before
  return hasGenerations(seen) && hasMoved
}

/** True when a cluster runs again, and runs the version from before an upgrade that was asked for. */
export function isBackOnOldVersion(change: AwaitedChange, cluster: Cluster): boolean {
  const [asked, running] = [askedVersion(change), cluster.kubernetesVersion]
  if (asked === undefined || running === undefined || cluster.phase !== 'Running') return false
  return isSameVersion(running, change.before.kubernetesVersion) && !coversVersion(asked, running)
}
