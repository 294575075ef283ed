import type { ClusterRead } from './api/client.js'
import { type AskedField, isSameIn, openFields } from './domain/change.js'
import { standingOf } from './domain/loss.js'
import type { ConflictRow } from './domain/outcome.js'
import { conflictDelayMs, retryDelayMs } from './domain/pace.js'
import { Ended, NEXT_STEPS } from './endings.js'
import { isPlannable, refuseGone, type Scene, takeIn } from './scene.js'
import type { Lost, Refused } from './writes.js'

/** How long a server may keep serving the very ETag that it refuses, before that is called a conflict. */
const STALE_ETAG_TOLERANCE_MS = 120_000

/** How things stand after a PATCH that was refused or whose answer was lost: our target is there, or there is a read to plan from again. */
export interface Standing {
  readonly read: ClusterRead
  readonly isThere: boolean
}

/** Only where a PATCH of ours may have landed can a desired minor be the server's short form of the patch version that we sent. */
function isTargetThere({ fields, journal }: Scene, before: ClusterRead, read: ClusterRead): boolean {
  if (journal.landing === undefined) return openFields(read.cluster, fields).length === 0
  return fields.every((field) => standingOf(field, before.cluster, read.cluster) === 'ours')
}

/**
 * Reads until it is clear how things stand after a 412. An ETag probably moves with every status write, so a 412 alone does not show that anyone changed anything.
 */
export async function readAfterConflict(
  scene: Scene,
  sent: Refused,
  before: ClusterRead,
  conflicts: number,
): Promise<Standing> {
  const { task, journal, patience, clock, reader } = scene
  const isFinal = task.ifMatch !== undefined || task.onConflict === 'fail'
  if (isFinal && journal.landing === undefined) throw toConflict(MOVED, sent)
  if (sent.ifMatch !== undefined) journal.refusedEtags.add(sent.ifMatch)
  const sinceMs = clock.nowMs()
  for (let tries = conflicts; ; tries++) {
    await patience.pause(conflictDelayMs(tries, clock.random()), journal)
    const read = await reader.next()
    const isFresh = takeIn(scene, read)
    if (isFresh) refuseGone(read)
    const isNews = isFresh && isPlannable(scene)
    if (isNews && isTargetThere(scene, before, read)) return { read, isThere: true }
    if (!isNews || isStillRefused(scene, read)) {
      if (clock.nowMs() - sinceMs < STALE_ETAG_TOLERANCE_MS) continue
      throw toConflict('The server keeps serving the very ETag that it refuses', sent)
    }
    refuseRivals(scene, sent, before, read)
    if (isFinal) throw toConflict(MOVED, sent)
    if (read.etag === undefined)
      throw toConflict('After a 412 the server gave no ETag, and nothing is sent without one', sent)
    journal.say('The cluster moved, but nobody changed what was asked: planning anew')
    return { read, isThere: false }
  }
}

const MOVED = 'The cluster has moved since its ETag was read (412)'

/** An ETag that was refused once will be again, whichever replica still shows it. The caller's own need never have been read. */
function isStillRefused({ task, journal }: Scene, { etag }: ClusterRead): boolean {
  return task.ifMatch === undefined && etag !== undefined && journal.refusedEtags.has(etag)
}

/** Reads, after a PATCH whose answer was lost, whether it landed. */
export async function readAfterLoss(scene: Scene, sent: Lost, before: ClusterRead): Promise<Standing> {
  const { task, journal, patience, clock, reader } = scene
  journal.say(`The PATCH’s answer was lost: ${sent.error.message}. Reading to see whether it landed`)
  await reader.pauseAfter(sent.error, 1)
  for (let tries = 1; ; tries++) {
    const read = await reader.next()
    const isFresh = takeIn(scene, read)
    if (isFresh) refuseGone(read)
    if (!isFresh || !isPlannable(scene)) {
      await patience.pause(retryDelayMs(tries, clock.random()), journal)
      continue
    }
    if (isTargetThere(scene, before, read)) return { read, isThere: true }
    refuseRivals(scene, sent, before, read)
    if (read.etag === undefined && sent.ifMatch !== undefined && task.ifMatch === undefined) {
      throw toConflict('The server gives no ETag any more, and nothing is sent without one', sent)
    }
    return { read, isThere: false }
  }
}

/** Someone else changed what we were about to change: theirs is not overwritten. */
function refuseRivals({ fields, journal }: Scene, sent: Refused | Lost, before: ClusterRead, read: ClusterRead): void {
  const isOnItsWay = (field: AskedField) => journal.landing !== undefined && field.isAcceptedBy(read.cluster)
  const rivals = fields.filter(
    (field) => !isSameIn(field, before.cluster, read.cluster) && (field.isMetBy(read.cluster) || !isOnItsWay(field)),
  )
  if (rivals.length === 0) return
  const conflict: ConflictRow[] = rivals.map((field) => ({
    field: field.name,
    whenRead: field.show(before.cluster),
    now: field.show(read.cluster),
    wanted: field.wanted,
  }))
  throw toConflict(`Someone else changed ${rivals.map((field) => field.name).join(', ')} meanwhile`, sent, conflict)
}

function toConflict(message: string, { error }: Refused | Lost, conflict: readonly ConflictRow[] = []): Ended {
  const { requestId } = error.facts
  const told = requestId === undefined ? {} : { requestId }
  return new Ended(
    { result: 'failed', reason: 'conflict', message, hint: NEXT_STEPS.conflict, conflict, ...told },
    error,
  )
}
