import type { ClusterRead } from '../api/client.js'
import { conflictDelayMs, retryDelayMs } from '../domain/backoff.js'
import { type AskedField, isSameIn, unmetFields } from '../domain/change.js'
import type { ConflictRow } from '../domain/outcome.js'
import { STALE_ETAG_TOLERANCE_MS } from '../policy.js'
import { fieldState } from '../proof/undone.js'
import type { RunContext } from './context.js'
import { RunEnded, requestIdOf, toFailed } from './failures.js'
import type { Lost, Refused } from './patch.js'
import { isPlannable, pauseAfter, readNext } from './read.js'

/** How things are after a PATCH that was refused or whose answer was lost: our target is there, or there is a read to plan from again. */
export interface AfterPatch {
  readonly read: ClusterRead
  readonly isThere: boolean
}

/** Only where a PATCH of ours may have landed can a desired minor be the server's short form of the patch version that we sent. */
function isTargetThere({ fields, state }: RunContext, base: ClusterRead, read: ClusterRead): boolean {
  if (state.attempt === undefined) return unmetFields(read.cluster, fields).length === 0
  return fields.every((field) => fieldState(field, base.cluster, read.cluster) === 'ours')
}

/**
 * Reads until it is clear how things are after a 412. An ETag probably moves with every status write, so a 412 alone does not show that anyone changed anything.
 */
export async function reconcileRefused(
  context: RunContext,
  sent: Refused,
  base: ClusterRead,
  conflicts: number,
): Promise<AfterPatch> {
  const { task, state, log, budget, clock } = context
  const isFinal = task.ifMatch !== undefined || task.onConflict === 'fail'
  if (isFinal && state.attempt === undefined) throw toConflict(MOVED, sent)
  if (sent.ifMatch !== undefined) state.recordRefusedEtag(sent.ifMatch)
  const sinceMs = clock.nowMs()
  for (let tries = conflicts; ; tries++) {
    await budget.pause(conflictDelayMs(tries, clock.random()), log)
    const read = await readNext(context)
    const isNews = read.isFresh && isPlannable(context)
    if (isNews && isTargetThere(context, base, read)) return { read, isThere: true }
    if (!isNews || isStillRefused(context, read)) {
      if (clock.nowMs() - sinceMs < STALE_ETAG_TOLERANCE_MS) continue
      throw toConflict('The server keeps serving the very ETag that it refuses', sent)
    }
    failIfRivalled(context, sent, base, read)
    if (isFinal) throw toConflict(MOVED, sent)
    if (read.etag === undefined) {
      throw toConflict('After a 412 the server gave no ETag, and nothing is sent without one', sent)
    }
    log.info('The cluster moved, but nobody changed what was asked: planning anew')
    return { read, isThere: false }
  }
}

const MOVED = 'The cluster has moved since its ETag was read (412)'

/** An ETag that was refused once will be again, whichever replica still shows it. The caller's own need never have been read. */
function isStillRefused({ task, state }: RunContext, { etag }: ClusterRead): boolean {
  return task.ifMatch === undefined && etag !== undefined && state.isRefusedEtag(etag)
}

/** Reads, after a PATCH whose answer was lost, whether it landed. */
export async function reconcileLost(context: RunContext, sent: Lost, base: ClusterRead): Promise<AfterPatch> {
  const { task, log, budget, clock } = context
  log.info(`The PATCH’s answer was lost: ${sent.error.message}. Reading to see whether it landed`)
  await pauseAfter(context, sent.error, 1)
  for (let tries = 1; ; tries++) {
    const read = await readNext(context)
    if (!read.isFresh || !isPlannable(context)) {
      await budget.pause(retryDelayMs(tries, clock.random()), log)
      continue
    }
    if (isTargetThere(context, base, read)) return { read, isThere: true }
    failIfRivalled(context, sent, base, read)
    if (read.etag === undefined && sent.ifMatch !== undefined && task.ifMatch === undefined) {
      throw toConflict('The server gives no ETag any more, and nothing is sent without one', sent)
    }
    return { read, isThere: false }
  }
}

/** Someone else changed what we were about to change: theirs is not overwritten. */
function failIfRivalled(
  { fields, state }: RunContext,
  sent: Refused | Lost,
  base: ClusterRead,
  read: ClusterRead,
): void {
  const isOnItsWay = (field: AskedField) => state.attempt !== undefined && field.isAcceptedBy(read.cluster)
  const rivals = fields.filter(
    (field) => !isSameIn(field, base.cluster, read.cluster) && (field.isMetBy(read.cluster) || !isOnItsWay(field)),
  )
  if (rivals.length === 0) return
  const conflict: ConflictRow[] = rivals.map((field) => ({
    field: field.name,
    whenRead: field.show(base.cluster),
    now: field.show(read.cluster),
    wanted: field.wanted,
  }))
  throw toConflict(`Someone else changed ${rivals.map((field) => field.name).join(', ')} meanwhile`, sent, conflict)
}

function toConflict(message: string, { error }: Refused | Lost, conflict: readonly ConflictRow[] = []): RunEnded {
  return new RunEnded(toFailed('conflict', message, { conflict, ...requestIdOf(error) }), error)
}
