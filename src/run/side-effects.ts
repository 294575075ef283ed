import type { Cluster } from '../domain/cluster.js'
import { toShortList, type UnrequestedChange } from '../domain/outcome.js'
import { MOST } from '../policy.js'
import type { PatchAttempt } from '../proof/awaited.js'
import { specParts } from '../proof/observations.js'
import { fieldState } from '../proof/undone.js'
import {
  type Comparison,
  changedKnown,
  findFoundAgain,
  findUnrequested,
  findVanished,
  type Unrequested,
} from '../proof/unrequested.js'
import type { RunContext } from './context.js'
import type { GatedRead } from './read.js'

/** Notes what the accepted PATCH's own answer shows beyond what was asked. */
export function noteAnswer(context: RunContext, { cluster }: GatedRead): void {
  const { attempt } = context.state
  if (attempt !== undefined) note(context, findUnrequested(toComparison(context, attempt), cluster))
}

/**
 * Notes what a later read shows our PATCH to have done, and not to have done: where it stands under the very generation of our
 * write, where it confirms that something is gone which the answer lacked, or where no answer showed our change and it is the first
 * that does.
 */
export function noteLaterRead(context: RunContext, { cluster }: GatedRead): void {
  const { state } = context
  noteUnmoved(context, cluster)
  const { attempt } = state
  if (attempt === undefined) return
  const comparison = toComparison(context, attempt)
  const isNext = isNextAfterSilence(attempt, cluster)
  const isUnderOurs = isUnderAnswered(attempt, cluster)
  // Not every server counts changes of alerts alone.
  const isCounted = attempt.carried.some(({ kind }) => kind !== 'alerts')
  const isCertain = attempt.isAccepted && (isUnderOurs || (isNext && isCounted))
  if (isUnderOurs) withdrawFoundAgain(context, comparison, cluster)
  const changed = isCertain ? changedKnown(comparison, cluster) : []
  note(context, { sideEffects: [...changed, ...findVanished(comparison, cluster)], moved: [] })
  const isFirstSight = attempt.shownBy === undefined && attempt.carried.every((field) => field.isMetBy(cluster))
  if (isFirstSight) state.recordShown('read')
  if (isNext || (isFirstSight && !isMovedAgain(attempt, cluster))) {
    const { sideEffects, moved } = findUnrequested(comparison, cluster)
    warnInDoubt(context, [...sideEffects, ...moved])
  }
}

/** Warns at the end of what the cluster lacks that the base of our PATCH had, where no answer could show whose doing that was. */
export function warnOfSilentLoss(context: RunContext): void {
  const { attempt, last } = context.state
  if (attempt === undefined || attempt.shownBy === 'answer' || last === undefined) return
  const vanished = specParts(attempt.base.cluster)
  warnInDoubt(context, findVanished({ ...toComparison(context, attempt), vanished }, last.cluster))
}

function toComparison({ state, task }: RunContext, { base }: PatchAttempt): Comparison {
  return { base: base.cluster, desired: task.desired, vanished: state.vanishedByAnswer }
}

/** Our change under the generation from before it says what an answer would: that generations do not count it. */
function noteUnmoved({ state }: RunContext, cluster: Cluster): void {
  const { attempt } = state
  if (attempt === undefined || attempt.answeredGeneration !== undefined || cluster.generation === undefined) return
  const { base, carried } = attempt
  const isOurs = carried.every((field) => fieldState(field, base.cluster, cluster, true) === 'ours')
  if (isOurs && cluster.generation === base.cluster.generation) state.recordAnsweredGeneration(cluster.generation)
}

function isUnderAnswered({ base, answeredGeneration }: PatchAttempt, { generation }: Cluster): boolean {
  const { generation: before } = base.cluster
  const isRaised = before !== undefined && answeredGeneration !== undefined && answeredGeneration > before
  return isRaised && generation === answeredGeneration
}

/** Where no answer gave a generation, the next one above the locked read's has hardly room for another write, if all is as sent. */
function isNextAfterSilence({ base, answeredGeneration, isLocked, carried }: PatchAttempt, cluster: Cluster): boolean {
  const { generation: before } = base.cluster
  if (answeredGeneration !== undefined || before === undefined || !isLocked) return false
  return cluster.generation === before + 1 && carried.every((field) => field.isAcceptedBy(cluster))
}

/** Two generations above the locked read's, somebody else has written, too. */
function isMovedAgain({ base }: PatchAttempt, { generation }: Cluster): boolean {
  const { generation: before } = base.cluster
  return before !== undefined && generation !== undefined && generation > before + 1
}

function withdrawFoundAgain({ state, log }: RunContext, comparison: Comparison, cluster: Cluster): void {
  const found = findFoundAgain(comparison, cluster, state.sideEffects).map(({ field }) => field)
  state.withdrawSideEffects(found)
  if (found.length === 0) return
  log.info(`Not gone after all, by a later read of the same generation: ${toShortList(found, MOST.conflictRows)}`)
}

/** Under the lock of its base what differs is the PATCH's doing, and how the run ends says so; without it nobody can tell whose change it was. */
function note(context: RunContext, { sideEffects, moved }: Unrequested): void {
  const { state, log } = context
  const { attempt } = state
  const known = new Set(state.sideEffects.map(({ field }) => field))
  const byField = new Map(sideEffects.map((change) => [change.field, change]))
  const news = [...byField.values()].filter(({ field }) => !known.has(field))
  if (attempt?.isLocked !== true || !attempt.isAccepted) {
    warnInDoubt(context, [...news, ...moved])
    return
  }
  state.recordSideEffects(sideEffects)
  if (news.length > 0) log.info(`${WORDS}: ${toChangesText(news)}`)
  warn(context, moved)
}

const WORDS = 'The PATCH changed what was not asked for'

/** Warns, once of each field, of what may be our PATCH's doing or somebody else's. */
function warnInDoubt(context: RunContext, changes: readonly UnrequestedChange[]): void {
  const { attempt, sideEffects } = context.state
  const isCertain = (change: UnrequestedChange) => sideEffects.some(({ field }) => field === change.field)
  const news = context.state.recordDoubted(changes.filter((change) => !isCertain(change)))
  const { isLocked, isAccepted } = attempt ?? {}
  const doubt =
    isLocked !== true
      ? 'the PATCH was not sent under the ETag of the read it was made from'
      : isAccepted === true
        ? 'the PATCH’s answer did not show it'
        : 'the answer to the PATCH was lost'
  warn(context, news, doubt)
}

function warn({ log }: RunContext, changes: readonly UnrequestedChange[], doubt?: string): void {
  if (changes.length === 0) return
  log.warn(`${WORDS}${doubt === undefined ? '' : ` (or someone else did: ${doubt})`}: ${toChangesText(changes)}`)
}

function toChangesText(changes: readonly UnrequestedChange[]): string {
  const texts = changes.map(({ field, from, to }) =>
    from === undefined ? field : `${field} from ${from} to ${to ?? 'nothing'}`,
  )
  return toShortList(texts, MOST.conflictRows)
}
