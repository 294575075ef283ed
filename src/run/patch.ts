import type { PatchAnswer } from '../api/client.js'
import { conflictDelayMs } from '../domain/backoff.js'
import type { AskedField } from '../domain/change.js'
import { toDurationText } from '../domain/duration.js'
import { type Ending, toShortList } from '../domain/outcome.js'
import { type PatchBody, type Plan, unknownResources, withoutUnknownResources } from '../domain/plan.js'
import { ApiError } from '../errors.js'
import { ALLOWANCES, type Allowance, MOST, MOST_REFUSED_PATCHES, READS_TO_BELIEVE } from '../policy.js'
import { fieldState } from '../proof/undone.js'
import { toConflict } from './conflict.js'
import { answeredMs, pauseForPoll, type RunContext } from './context.js'
import { lockFor } from './etag.js'
import { apiErrorToEnding, RunEnded, requestIdOf, toFailed, toTimedOut } from './failures.js'
import { whyNotNow } from './planning.js'
import { askedPauseMs, type GatedRead, pauseAfter, readWhole } from './read.js'
import { failureOf, isRefusedForNames, respondTo } from './retry-rules.js'
import { Tallies } from './tallies.js'

/** The API took the PATCH. */
export interface Accepted {
  readonly kind: 'accepted'
  readonly answer: PatchAnswer
}

/**
 * Not taken, or perhaps taken: the cluster moved (412), moved or is busy (409), the rate is limited (429), the answer was lost; or
 * refused, after an earlier PATCH that may have landed.
 */
export interface Unsettled {
  readonly kind: 'moved' | 'moved-or-busy' | 'limited' | 'lost' | 'refused'
  readonly ifMatch: string | undefined
  readonly error: ApiError
}

/** How a PATCH came out, unless it ended the run. */
export type PatchResult = Accepted | Unsettled

/** Sends the PATCHes of one run, and reads on after one that was not plainly accepted. None is ever repeated without a read in between. */
export class Patcher {
  private readonly tallies: Tallies<Unsettled['kind']>
  private last: Unsettled | undefined
  private readsWithoutEtag = 0

  constructor(private readonly context: RunContext) {
    this.tallies = new Tallies(() => answeredMs(context))
  }

  /**
   * The next read where nothing may be sent by this one: it has no ETag, although earlier ones had, or a PATCH without one was
   * refused. Throws `RunEnded` where too many in a row have none.
   */
  async readForLock(live: GatedRead): Promise<GatedRead | undefined> {
    const { state, log, clock } = this.context
    const isLockNeeded = state.hasSeenEtag || this.tallies.count('moved') > 0
    const isLacking = isLockNeeded && lockFor(this.context, live).ifMatch === undefined
    this.readsWithoutEtag = isLacking ? this.readsWithoutEtag + 1 : 0
    if (!isLacking) return undefined
    if (this.readsWithoutEtag >= READS_TO_BELIEVE.vanished)
      throw toConflict(
        'no-usable-etag',
        `The API gives no ETag${state.hasSeenEtag ? ' any more' : ''}, and nothing is sent without one`,
      )
    log.info('The API gave no ETag, and nothing is sent without one: reading again')
    await pauseForPoll(this.context, clock.nowMs())
    return readWhole(this.context)
  }

  /** Sends a plan under the lock of the read it was made from. Throws `RunEnded` where the answer ends the run. */
  async send(plan: Plan, live: GatedRead): Promise<PatchResult> {
    const { log } = this.context
    if (lockFor(this.context, live).ifMatch === undefined) {
      log.warn('The API gives no ETag: the PATCH is sent without protection against a change by someone else')
    }
    const result = await this.exchange(plan, live, plan.patch)
    const isForNames = result.kind === 'refused' && isRefusedForNames(result.error.facts, unknownResources(plan.patch))
    if (!isForNames || whyNotNow(this.context) !== undefined) return result
    log.info(`${result.error.message}; sending it once more without the resources that this action does not know`)
    return this.exchange(plan, live, withoutUnknownResources(plan.patch))
  }

  /** What the last PATCH that was not plainly accepted came to, in words. */
  get lastWords(): string | undefined {
    return this.last?.error.message
  }

  /** Whether a cluster that moved is not to be planned for anew. */
  private get isFinal(): boolean {
    const { ifMatch, onConflict } = this.context.task
    return ifMatch !== undefined || onConflict === 'fail'
  }

  /** Takes a step whose time counts for no answer. */
  async uncounted<T>(step: () => Promise<T>): Promise<T> {
    const sinceMs = answeredMs(this.context)
    const result = await step()
    this.tallies.exempt(answeredMs(this.context) - sinceMs)
    return result
  }

  private isSpent(kind: Unsettled['kind'], allowance: Allowance): boolean {
    return this.tallies.heldUpMs(kind) >= this.context.budget.allowedMs(allowance)
  }

  /** After a PATCH that was not plainly accepted: the next read to be compared with the base, and then perhaps planned from. */
  async readAfter(result: Unsettled): Promise<GatedRead> {
    const { context } = this
    this.last = result
    this.tallies.record(result.kind)
    if (result.kind === 'refused') return this.readAfterRefused(result)
    if (result.kind === 'moved') return this.readAfterMoved(result)
    if (result.kind === 'moved-or-busy') return this.readAfterMovedOrBusy(result)
    if (result.kind === 'limited') {
      context.log.patchUnsettled(`The API limits the rate, and did not process the PATCH: ${result.error.message}`)
      await pauseAfter(context, result.error, this.tallies.count('limited'))
      return readWhole(context)
    }
    const unsent = result.error.facts.isUnsent === true
    context.log.patchUnsettled(
      unsent
        ? `The PATCH was not sent: ${result.error.message}`
        : `The PATCH’s answer was lost: ${result.error.message}. Reading to see whether it landed`,
    )
    this.tallies.exempt(await pauseAfter(context, result.error, this.tallies.count('lost')))
    return readWhole(context)
  }

  /** Ends the run where `live`, which does not show our target, must not be planned from again. */
  failIfFinal(live: GatedRead): void {
    const { last, context } = this
    if (last === undefined) return
    const { task } = context
    const { isFinal, tallies } = this
    const hasMoved = showsMove(live, last.ifMatch)
    if (last.kind === 'refused') throw toRefused(last)
    if (last.kind === 'moved') {
      if (isFinal) throw toMoved(last)
      if (tallies.count('moved') >= MOST_REFUSED_PATCHES) throw this.toKeptMoving()
    }
    if (last.kind === 'moved-or-busy') {
      if (isFinal && hasMoved) throw toMoved(last)
      if (task.onBusy === 'fail' && !(tallies.count(last.kind) === 1 && hasMoved)) this.failBusy(last, 'failed')
      if (this.isSpent(last.kind, ALLOWANCES.busyAnswers)) this.failBusy(last, 'timed-out')
    }
    if (last.kind === 'lost' && this.isSpent(last.kind, ALLOWANCES.lostAnswers)) throw this.toUnanswered(last)
  }

  private async exchange(plan: Plan, base: GatedRead, patch: PatchBody): Promise<PatchResult> {
    const { api, budget, state, clock } = this.context
    const { ifMatch, isOwn } = lockFor(this.context, base)
    const timeoutMs = budget.requestTimeoutMs()
    const takeBack = state.recordAttempt({
      plan,
      base,
      isLocked: isOwn,
      carried: carriedFields(this.context.fields, patch),
      atMs: clock.nowMs(),
      wallMs: budget.toWallMs(clock.nowMs()),
    })
    try {
      const answer = await api.patchCluster(patch, ifMatch, timeoutMs)
      state.recordPatchEnded(answer.requestId)
      return { kind: 'accepted', answer }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      state.recordPatchEnded(error.facts.requestId)
      const response = respondTo(error, 'patch')
      if (response.kind !== 'lost' || error.facts.isUnsent === true) takeBack()
      if (response.kind === 'repeat' || response.kind === 'repeat-few') throw error
      return { kind: response.kind === 'end' ? 'refused' : response.kind, ifMatch, error }
    }
  }

  /** What is refused may be refused because an earlier PATCH has landed; a key that is not accepted cannot read that either. */
  private async readAfterRefused(result: Unsettled): Promise<GatedRead> {
    const { state, clock, log } = this.context
    if (state.attempt === undefined || result.error.facts.status === 401) throw toRefused(result)
    log.info(`${result.error.message}. Reading to see whether the PATCH before it landed`)
    await pauseForPoll(this.context, clock.nowMs())
    return readWhole(this.context)
  }

  private async readAfterMoved(result: Unsettled): Promise<GatedRead> {
    const { context } = this
    const { state, clock, budget, log } = context
    if (this.isFinal && state.attempt === undefined) throw toMoved(result)
    if (result.ifMatch !== undefined) state.recordRefusedEtag(result.ifMatch)
    await budget.pause(conflictDelayMs(this.tallies.count('moved'), clock.random()), log)
    const read = await readWhole(context)
    log.patchUnsettled('The cluster moved since it was read: comparing, and planning anew')
    return read
  }

  private async readAfterMovedOrBusy({ kind, ifMatch, error }: Unsettled): Promise<GatedRead> {
    const { context } = this
    const { clock, log, task } = context
    log.patchUnsettled(`${error.message}. Reading to see whether the cluster moved or is busy`)
    const read = await readWhole(context)
    if (this.tallies.count(kind) === 1 && showsMove(read, ifMatch)) return read
    const askedMs = task.onBusy === 'wait' ? askedPauseMs(context, error) : 0
    await pauseForPoll(context, clock.nowMs() - this.tallies.heldUpMs(kind), { askedMs })
    return readWhole(context)
  }

  private failBusy({ kind, error }: Unsettled, result: 'failed' | 'timed-out'): never {
    const refuses =
      result === 'failed'
        ? 'The API refuses the PATCH because the cluster is busy, and on-busy is fail'
        : `For ${toDurationText(this.tallies.heldUpMs(kind))} the API has refused the PATCH because the cluster is busy`
    const message = `${refuses}: ${error.message}`
    const id = requestIdOf(error)
    throw new RunEnded(
      result === 'failed' ? toFailed('busy', message, id) : toTimedOut('busy-too-long', message, id),
      error,
    )
  }

  private toKeptMoving(): RunEnded {
    const message = `${this.tallies.count('moved')} PATCHes in ${toDurationText(this.context.budget.elapsedMs())} were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved`
    return toConflict('kept-moving', message)
  }

  private toUnanswered({ kind, error }: Unsettled): RunEnded {
    const tried = `${this.tallies.count(kind)} PATCHes in ${toDurationText(this.tallies.heldUpMs(kind))}`
    const isUnsent = this.context.state.attempt === undefined
    const what = isUnsent ? `No connection could be made for ${tried}` : `${tried} had no usable answer`
    const message = `${what}; the last one: ${error.message}`
    const hint = error.hint === undefined ? {} : { hint: error.hint }
    return new RunEnded(toFailed('unavailable', message, { ...hint, ...requestIdOf(error) }), error)
  }
}

/** Whether a read shows another ETag than the one that was sent; one without any shows nothing. */
function showsMove({ etag }: GatedRead, ifMatch: string | undefined): boolean {
  return etag !== undefined && etag !== ifMatch
}

function toMoved({ error }: Unsettled): RunEnded {
  const message = `The cluster has changed since its ETag was read (${error.facts.status})`
  return new RunEnded(toFailed('moved', message, requestIdOf(error)), error)
}

function toRefused({ error }: Unsettled): RunEnded {
  return new RunEnded(apiErrorToEnding(error, failureOf(error.facts, 'patch'), 'patch'), error)
}

/** The asked fields that a body carries: of resources and alerts all, as soon as any. */
function carriedFields(fields: readonly AskedField[], patch: PatchBody): AskedField[] {
  return fields.filter(({ kind }) => patch[kind] !== undefined)
}

/** The ending where the server made something else of a value than was asked: a limit, or a rounding. */
export function findAltered({ state }: RunContext, { cluster }: GatedRead): Ending | undefined {
  const { attempt } = state
  if (attempt === undefined) return undefined
  const base = attempt.base.cluster
  const altered = attempt.carried.filter((field) => {
    const fieldIs = fieldState(field, base, cluster, true)
    const isTaken = field.kind === 'alerts' && cluster.alerts !== undefined && field.isCarriedBy(base)
    return fieldIs === 'other' || (fieldIs === 'absent' && isTaken)
  })
  if (altered.length === 0) return undefined
  const texts = altered.map((field) => {
    const made = field.show(cluster)
    return made === undefined ? field.name : `${field.name} (asked ${field.wanted}, made ${made ?? 'absent'})`
  })
  const made = toShortList(texts, MOST.conflictRows)
  return toFailed('altered', `The API accepted the PATCH but made something else of it: ${made}`, {
    fieldNames: altered.map(({ name }) => name),
    made: Object.fromEntries(altered.map((field) => [field.name, field.show(cluster) ?? 'absent'])),
  })
}
