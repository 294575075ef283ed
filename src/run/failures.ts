import { deniesHealth, toConditionText } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { FAILURE_KINDS, type FailureKind } from '../domain/failure-reasons.js'
import { type Ending, firstAndMore, type UnrequestedChange } from '../domain/outcome.js'
import { timeOfDay, toMomentText } from '../domain/window.js'
import { ActionError, type ApiError, CancelledError, DeadlineError } from '../errors.js'
import { ALLOWANCES, MOST } from '../policy.js'
import type { Verdict } from '../proof/convergence.js'
import type { Budget } from './budget.js'
import { toTriesText } from './outages.js'
import type { RunState } from './state.js'

/** Thrown to end the run with this ending; caught only in `run()`. */
export class RunEnded extends ActionError {
  constructor(
    readonly ending: Ending,
    cause?: unknown,
  ) {
    super(ending.message, { cause })
  }
}

/** A red ending; `details` may have a next step that is better than the usual one of its kind. */
export function toFailed(
  kind: FailureKind,
  message: string,
  details: Partial<Omit<Ending, 'result' | 'reason' | 'kind' | 'message'>> = {},
): Ending {
  return { result: 'failed', reason: FAILURE_KINDS[kind], kind, message, ...details }
}

/** Likewise, where time ran out. */
export function toTimedOut(
  kind: 'busy-too-long' | 'timeout',
  message: string,
  details: Parameters<typeof toFailed>[2] = {},
): Ending {
  return { ...toFailed(kind, message, details), result: 'timed-out' }
}

/** The ending that a read or a PATCH leads to which is not repeated, or no more. */
export function apiErrorToEnding(error: ApiError, kind: FailureKind, refused: 'read' | 'patch'): Ending {
  const { message, hint, facts } = error
  const isForeign = facts.trouble === 'status' && facts.isFromApi !== true
  return toFailed(kind, message, {
    refused,
    ...(isForeign ? { isForeign } : {}),
    ...(hint === undefined ? {} : { hint }),
    ...requestIdOf(error),
  })
}

/** The request id of an answer, for an ending; nothing where it had none. */
export function requestIdOf({ facts }: ApiError): Pick<Ending, 'requestId'> {
  return facts.requestId === undefined ? {} : { requestId: facts.requestId }
}

/** The ending of a wait whose change was undone, or whose cluster stays unhealthy. */
export function verdictToEnding({ reason, message, fieldNames }: Extract<Verdict, { kind: 'failed' }>): Ending {
  return toFailed(reason, message, fieldNames === undefined ? {} : { fieldNames })
}

/** The ending of a run whose own change is done, or accepted, but whose PATCH did more than was asked. */
export function sideEffectsToEnding(sideEffects: readonly UnrequestedChange[], own: 'done' | 'accepted'): Ending {
  const fields = sideEffects.map(({ field, from, to }) =>
    from === undefined ? `${field} is gone` : `${field} was ${from} and is ${to ?? 'gone'}`,
  )
  const did = firstAndMore(fields, MOST.conflictRows).join('; ')
  return toFailed('side-effect', `What was asked is ${own}, but the PATCH did more: ${did}`, {
    fieldNames: sideEffects.map(({ field }) => field),
  })
}

/** The ending that whatever was thrown stands for; `state` knows where the run was. */
export function errorToEnding(error: unknown, state: RunState, budget: Budget): Ending {
  if (error instanceof RunEnded) return error.ending
  if (error instanceof CancelledError) return toCancelled(state)
  if (error instanceof DeadlineError) return deadlineToEnding(state, budget)
  return toInternal(error)
}

/** The ending for what should never have been thrown. */
export function toInternal(error: unknown): Ending {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return toFailed('internal', text)
}

function toCancelled({ stage }: RunState): Ending {
  const message = `The run was cancelled${stage === 'waiting' ? ' while it waited for the change to be done' : ''}`
  return { ...toFailed('cancelled', message), result: 'cancelled' }
}

function deadlineToEnding(state: RunState, budget: Budget): Ending {
  const { attempt, stage, last, missing } = state
  const outage = state.outages.current
  if (outage !== undefined && attempt === undefined && !isCutByDeadline(state, budget))
    return toUnavailable(state, budget)
  const after = `Timed out after ${toDurationText(budget.elapsedMs())}`
  if (stage === 'busy' && attempt === undefined) {
    const phase = state.phases.at(-1)?.phase
    return toTimedOut('busy-too-long', `${after}: the cluster is still ${phase}, with another change`)
  }
  const phase = last === undefined ? 'no read came' : `the last phase seen was ${last.cluster.phase ?? 'none'}`
  const facts = [
    ...(missing === undefined || missing.kind === 'phase' ? [] : [missing.text]),
    ...(outage === undefined ? [] : [toTroubleText(state, budget)]),
    ...deniedHealth(state),
  ]
  const lead = facts.length === 0 ? 'Time was up before the cluster had settled' : facts.join('; ')
  return toTimedOut('timeout', `${after}: ${[phase, ...facts].join('; ')}`, {
    lead,
    ...(missing?.kind === 'proof' ? { isAsAsked: true } : {}),
  })
}

/** Whether the API had answered until the last look, or only the last read did not end before the run's own time was up. */
function isCutByDeadline({ outages, last }: RunState, budget: Budget): boolean {
  const { tries, error, sinceMs = 0 } = outages.current ?? {}
  const isCut = tries === 1 && error?.facts.trouble === 'timeout'
  const lastLookMs = budget.startMs + budget.timeoutMs - budget.allowedMs(ALLOWANCES.lastLook)
  return last !== undefined && (isCut || sinceMs >= lastLookMs)
}

/** The ending of a run that got no usable answer for as long as that could be put up with. */
export function toUnavailable(state: RunState, budget: Budget): Ending {
  const error = state.outages.current?.error
  const notBefore = notBeforeOf(state, budget)
  const hint = notBefore === undefined ? error?.hint : toRunLater(notBefore)
  return toFailed('unavailable', toTroubleText(state, budget), {
    ...(hint === undefined ? {} : { hint }),
    ...(error === undefined ? {} : requestIdOf(error)),
  })
}

/** The minute by which the API may be called that asks not to be until then; `untilMs` is of the monotonic clock. */
export function toNotBefore(budget: Budget, untilMs: number): string {
  return toMomentText(budget.toWallMs(untilMs) + 59_999, budget.toWallMs(budget.clock.nowMs()))
}

/** The same for the newest answer of an outage that goes on; absent where it does not ask for it, or that is over. */
function notBeforeOf({ outages }: RunState, budget: Budget): string | undefined {
  const untilMs = outages.current?.notBeforeMs ?? 0
  return untilMs > budget.clock.nowMs() ? toNotBefore(budget, untilMs) : undefined
}

/** What to do about that. */
export function toRunLater(notBefore: string): string {
  return `The API asks not to be called before ${notBefore}: run again after that.`
}

/** Since when no usable read came, in how many tries, and what came instead. */
function toTroubleText(state: RunState, budget: Budget): string {
  const { sinceMs, tries, came, error } = state.outages.current ?? { sinceMs: budget.startMs, tries: 0, came: [] }
  const notBefore = notBeforeOf(state, budget)
  const kinds = came.map(({ what, count }) => (count === 1 ? what : `${what}, ${count} times`)).join('; ')
  const last = error === undefined ? '' : `; the last one: ${error.message}`
  const asks = notBefore === undefined ? '' : `; the API asks not to be called before ${notBefore}`
  return `no usable answer since ${timeOfDay(budget.toWallMs(sinceMs), 'UTC')} UTC, in ${toTriesText({ tries })} (${kinds})${last}${asks}`
}

function deniedHealth({ last }: RunState): string[] {
  return (last?.cluster.conditions ?? []).filter(deniesHealth).map(toConditionText)
}
