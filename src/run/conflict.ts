import type { ClusterRead } from '../api/client.js'
import { type AskedField, isSameIn } from '../domain/change.js'
import { phaseKind } from '../domain/cluster.js'
import type { FailureKind } from '../domain/failure-reasons.js'
import { type ConflictRow, toShortList } from '../domain/outcome.js'
import { type Allowance, MOST } from '../policy.js'
import type { PatchAttempt } from '../proof/awaited.js'
import { type FieldState, fieldState, isAsBefore } from '../proof/undone.js'
import { pauseForPoll, type RunContext, startAllowance } from './context.js'
import { RunEnded, toFailed } from './failures.js'
import { type GatedRead, readWhole } from './read.js'

/**
 * Compares a whole read with the base, once a PATCH was tried (contract 3.4): `there` where everything is as asked, or on its way
 * by our own PATCH; `open` where it may be planned again. Throws `RunEnded` with `conflict` where someone else changed one of our
 * fields, or our change seems to have been taken back.
 */
export function compareWithBase({ fields, state }: RunContext, read: ClusterRead): 'there' | 'open' {
  const { base, attempt } = state
  if (base === undefined) return 'open'
  const hasLanded = attempt !== undefined && !isLeftUndone(attempt, read)
  const stateOf = (field: AskedField) => fieldState(field, base.cluster, read.cluster, hasLanded)
  const rivals = fields.filter((field) => isRivals(field, stateOf(field), base, read))
  if (rivals.length > 0) {
    const rows = toConflictRows(rivals, base, read)
    const who = attempt === undefined ? 'Someone else' : 'Someone else, or the platform,'
    throw toConflict('rival', `${who} changed ${toRowsText(rows)} after this run had read it`, rows)
  }
  const open = fields.filter((field) => stateOf(field) !== 'ours')
  if (open.length === 0) return 'there'
  const { generation: before = Number.POSITIVE_INFINITY } = base.cluster
  const { generation: now = 0, phase } = read.cluster
  // The short form of our version may be what stood there before: only a write and the phase tell that it is on its way.
  const isShortForm = hasLanded && open.every((field) => field.isAcceptedBy(read.cluster))
  if (isShortForm && now > before && phaseKind(phase) === 'busy') return 'there'
  const isTwoAbove = now >= before + 2
  // What is not ours is as in the base: the whole change was taken back, or a part of it.
  if (attempt !== undefined && isTwoAbove) {
    const message = `Our change seems to have landed and been taken back: the old values are back, under generation ${now} (${before} before)`
    throw toConflict('taken-back', message, toConflictRows(open, base, read))
  }
  return 'open'
}

/**
 * Whether what a field shows is neither as asked nor as in the base. Not every server counts every change: what the base did not
 * show may be someone else's even under its very generation, and is not to be overwritten.
 */
function isRivals(field: AskedField, state: FieldState, base: ClusterRead, read: ClusterRead): boolean {
  if (state === 'absent') return field.isCarriedBy(base.cluster)
  return state === 'other' || (state === 'base' && !isSameIn(field, base.cluster, read.cluster))
}

/** Whether a part of what a PATCH carried stands as before it: it lands whole or not at all, so that the rest is not by it either. */
function isLeftUndone({ base, carried }: PatchAttempt, { cluster }: ClusterRead): boolean {
  return carried.some((field) => isAsBefore(field, base.cluster, cluster))
}

/** What became of the fields, as far as it may be shown. */
function toRowsText(rows: readonly ConflictRow[]): string {
  const texts = rows.map(({ field, whenRead, now }) =>
    now === undefined ? field : `${field} from ${whenRead ?? 'absent'} to ${now ?? 'absent'}`,
  )
  return toShortList(texts, MOST.conflictRows)
}

function toConflictRows(fields: readonly AskedField[], base: ClusterRead, read: ClusterRead): ConflictRow[] {
  return fields.map((field) => ({
    field: field.name,
    whenRead: field.show(base.cluster),
    now: field.show(read.cluster),
    wanted: field.wanted,
  }))
}

/** Ends the run with a kind of `conflict`; `rows` are the fields that someone else changed. */
export function toConflict(kind: FailureKind, message: string, rows: readonly ConflictRow[] = []): RunEnded {
  return new RunEnded(toFailed(kind, message, { conflict: rows, fieldNames: rows.map(({ field }) => field) }))
}

/**
 * Watches for our target where a PATCH may have landed and none may be sent any more, and gives the read that shows it. Throws
 * `RunEnded` with `unavailable` once the allowance is spent: what may have been sent cannot be said to be skipped.
 */
export async function watchForTarget(context: RunContext, why: string, allowance: Allowance): Promise<GatedRead> {
  const { clock, log } = context
  log.info(`${why}: watching whether the PATCH that may have been sent has landed`)
  const sinceMs = clock.nowMs()
  const isOver = startAllowance(context, allowance)
  for (;;) {
    await pauseForPoll(context, sinceMs)
    const read = await readWhole(context)
    if (compareWithBase(context, read) === 'there') return read
    if (!isOver()) continue
    const message = `${why}; the answer to a PATCH was lost, and no read has shown the change since`
    throw new RunEnded(toFailed('not-sent-again', message))
  }
}
