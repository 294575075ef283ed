import type { Cluster } from '../domain/cluster.js'
import { type Evidence, toShortList, type UnrequestedChange } from '../domain/outcome.js'
import { ALLOWANCES, MOST } from '../policy.js'
import type { AwaitedChange, PatchAttempt } from '../proof/awaited.js'
import { decideProof, startHistory, type Verdict } from '../proof/convergence.js'
import { fieldState } from '../proof/undone.js'
import {
  type Comparison,
  changedKnown,
  findFoundAgain,
  findUnrequested,
  findVanished,
  type Unrequested,
} from '../proof/unrequested.js'
import { enterStage, pauseForPoll, type RunContext } from './context.js'
import { RunEnded, toTimedOut, verdictToEnding } from './failures.js'
import { toAwaited } from './planning.js'
import { type GatedRead, readNext } from './read.js'

/** What a wait begins with: a read to be judged first, or the PATCH's own answer where it showed the cluster. */
export interface WaitBegin {
  readonly read?: GatedRead | undefined
  readonly answer?: GatedRead | undefined
}

/** Polls until the change is proven, and gives what proved it. Throws `RunEnded` where the change is lost, `DeadlineError` where time is up. */
export async function waitForProof(
  context: RunContext,
  live: GatedRead,
  begin: WaitBegin,
): Promise<readonly Evidence[]> {
  return pollUntil(context, live, begin, (verdict) => (verdict.kind === 'converged' ? verdict.evidence : undefined))
}

/**
 * Polls, for a run that does not wait, only until the accepted change is shown: an empty, old or partial answer shows nothing that
 * could be reported as accepted.
 */
export async function waitUntilShown(
  context: RunContext,
  live: GatedRead,
  answer: GatedRead | undefined,
): Promise<void> {
  const { clock, budget } = context
  const change = toAwaited(context, live)
  const sinceMs = clock.nowMs()
  await pollUntil(context, live, { answer }, (_, read) => {
    if (isShown(context, change, read)) return true
    if (clock.nowMs() - sinceMs < budget.allowedMs(ALLOWANCES.watch)) return undefined
    throw new RunEnded(toTimedOut('timeout', 'The API accepted the PATCH, but no read has shown the change since'))
  })
}

/** Whether a read shows everything as asked, or on its way, and leaves no doubt about what the PATCH did. */
export function isShown({ state }: RunContext, { fields, base }: AwaitedChange, read: GatedRead): boolean {
  const isOurs = fields.every((field) => fieldState(field, base.cluster, read.cluster, true) === 'ours')
  return isOurs && read.isWhole && !state.isAnswerIncomplete
}

async function pollUntil<T>(
  context: RunContext,
  live: GatedRead,
  { read, answer }: WaitBegin,
  toResult: (verdict: Verdict, read: GatedRead) => T | undefined,
): Promise<T> {
  const { state, clock, task } = context
  enterStage(context, 'waiting')
  const sinceMs = clock.nowMs()
  let history = startHistory(toAwaited(context, live), state.observed, answer?.cluster)
  let provableInMs: number | undefined
  for (let next = read, isFirst = true; ; next = undefined, isFirst = false) {
    if (next === undefined) {
      // An answer that showed nothing is followed by a read at once where nobody waits.
      if (!isFirst || task.wait) await pauseForPoll(context, sinceMs, provableInMs)
      next = await readNext(context)
    }
    noteUnmoved(context, next)
    noteUnrequestedLater(context, next)
    const change = toAwaited(context, live)
    const decided = decideProof(change, history, state.observed, { ...next, degradedSinceMs: state.degradedSinceMs })
    history = decided.history
    const { verdict } = decided
    if (verdict.kind === 'failed') throw new RunEnded(verdictToEnding(verdict))
    if (verdict.kind === 'pending') state.recordMissing(verdict.missing)
    provableInMs = verdict.kind === 'pending' ? verdict.provableInMs : undefined
    const result = toResult(verdict, next)
    if (result !== undefined) return result
  }
}

/** Notes what the accepted PATCH's own answer shows beyond what was asked. */
export function noteUnrequested(context: RunContext, { cluster }: GatedRead): void {
  const { state, task } = context
  const { attempt } = state
  if (attempt === undefined) return
  const comparison = { base: attempt.base.cluster, desired: task.desired, vanished: state.vanishedByAnswer }
  note(context, findUnrequested(comparison, cluster))
}

/** Our change under the generation from before it says what an answer would: that generations do not count it. */
function noteUnmoved({ state }: RunContext, { cluster }: GatedRead): void {
  const { attempt } = state
  if (attempt === undefined || attempt.answeredGeneration !== undefined || cluster.generation === undefined) return
  const isUnmoved = cluster.generation === attempt.base.cluster.generation
  if (isUnmoved && attempt.carried.every((field) => field.isAcceptedBy(cluster))) {
    state.recordAnsweredGeneration(cluster.generation)
  }
}

/**
 * A later read shows what the PATCH did, and what it did not, where it stands under the very generation of our write; or it
 * confirms that something which the answer lacked is gone.
 */
function noteUnrequestedLater(context: RunContext, { cluster }: GatedRead): void {
  const { state, task } = context
  const { attempt, vanishedByAnswer: vanished } = state
  if (attempt?.isAccepted !== true) return
  const comparison = { base: attempt.base.cluster, desired: task.desired, vanished }
  const isOurs = isUnderOurGeneration(attempt, cluster)
  if (isOurs) withdrawFoundAgain(context, comparison, cluster)
  // Where our PATCH of alerts moved the generation, anybody else's would have, too.
  const countsAlerts = attempt.answeredGeneration === undefined && attempt.carried.some(({ kind }) => kind === 'alerts')
  const known = { sideEffects: isOurs ? changedKnown(comparison, cluster) : [], moved: [] }
  const { sideEffects, moved } = isOurs && countsAlerts ? findUnrequested(comparison, cluster) : known
  note(context, { sideEffects: [...sideEffects, ...findVanished(comparison, cluster)], moved })
}

/**
 * Whether a read stands under the generation that our PATCH gave the cluster: the one it was answered with. Where the answer showed
 * none, the next one above the locked read's leaves room for no other write, if everything is as sent.
 */
function isUnderOurGeneration(
  { base, answeredGeneration, isLocked, carried }: PatchAttempt,
  cluster: Cluster,
): boolean {
  const { generation: before } = base.cluster
  if (before === undefined) return false
  if (answeredGeneration !== undefined) return answeredGeneration > before && cluster.generation === answeredGeneration
  return isLocked && cluster.generation === before + 1 && carried.every((field) => field.isAcceptedBy(cluster))
}

function withdrawFoundAgain({ state, log }: RunContext, comparison: Comparison, cluster: Cluster): void {
  const found = findFoundAgain(comparison, cluster, state.sideEffects).map(({ field }) => field)
  state.withdrawSideEffects(found)
  if (found.length === 0) return
  log.info(`Not gone after all, by a later read of the same generation: ${toShortList(found, MOST.conflictRows)}`)
}

/** Under the lock of its base what differs is the PATCH's doing, and how the run ends says so; without it nobody can tell whose change it was. */
function note({ state, log }: RunContext, { sideEffects, moved }: Unrequested): void {
  const known = new Set(state.sideEffects.map(({ field }) => field))
  const news = sideEffects.filter(({ field }) => !known.has(field))
  const words = 'The PATCH changed what was not asked for'
  if (state.attempt?.isLocked === true) {
    state.recordSideEffects(sideEffects)
    if (news.length > 0) log.info(`${words}: ${toChangesText(news)}`)
    if (moved.length > 0) log.warn(`${words}: ${toChangesText(moved)}`)
    return
  }
  const all = [...news, ...moved]
  const doubt = 'or someone else did: the PATCH was not sent under the ETag of the read it was made from'
  if (all.length > 0) log.warn(`${words} (${doubt}): ${toChangesText(all)}`)
}

function toChangesText(changes: readonly UnrequestedChange[]): string {
  const texts = changes.map(({ field, from, to }) =>
    from === undefined ? field : `${field} from ${from} to ${to ?? 'nothing'}`,
  )
  return toShortList(texts, MOST.conflictRows)
}
