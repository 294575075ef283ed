import { deniesHealth, phaseKind, toConditionText } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { FAILURE_KINDS, FAILURE_REASONS, type FailureKind, type FailureReason } from '../domain/failure-reasons.js'
import type { Ending, UnrequestedChange } from '../domain/outcome.js'
import { timeOfDay } from '../domain/window.js'
import { ActionError, type ApiError, CancelledError, DeadlineError } from '../errors.js'
import type { Verdict } from '../proof/convergence.js'
import type { Budget } from './budget.js'
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

/** A red ending with the next step of its reason, unless it has a better one. */
export function toFailed(
  kind: FailureKind,
  message: string,
  details: Partial<Omit<Ending, 'result' | 'reason' | 'kind' | 'message'>> = {},
): Ending {
  const reason = FAILURE_KINDS[kind]
  return { result: 'failed', reason, kind, message, hint: FAILURE_REASONS[reason].nextStep, ...details }
}

/** Likewise, where time ran out. */
export function toTimedOut(
  kind: 'busy-too-long' | 'timeout',
  message: string,
  details: Parameters<typeof toFailed>[2] = {},
): Ending {
  return { ...toFailed(kind, message, details), result: 'timed-out' }
}

/** The ending that an exchange leads to which is not repeated, or no more. */
export function apiErrorToEnding(error: ApiError, kind: FailureKind): Ending {
  return toFailed(kind, `${LEADS[kind] ?? ''}${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...requestIdOf(error),
  })
}

/** The request id of an answer, for an ending; nothing where it had none. */
export function requestIdOf({ facts }: ApiError): Pick<Ending, 'requestId'> {
  return facts.requestId === undefined ? {} : { requestId: facts.requestId }
}

/** What an answer means, before the words it came in. */
const LEADS: Readonly<Partial<Record<FailureKind, string>>> = {
  unauthorized: 'The API did not accept the key: ',
  forbidden: 'The key may not do this: ',
  'not-found': 'There is no such cluster: ',
  gone: 'The cluster is gone: ',
}

/** The ending of a wait whose change was undone, or whose cluster stays unhealthy. */
export function verdictToEnding({ reason, message, fieldNames }: Extract<Verdict, { kind: 'failed' }>): Ending {
  return toFailed(reason, message, fieldNames === undefined ? {} : { fieldNames })
}

/** The ending of a run whose own change is done, but whose PATCH did more than was asked. */
export function sideEffectsToEnding(sideEffects: readonly UnrequestedChange[]): Ending {
  const fields = sideEffects.map(({ field, from, to }) =>
    from === undefined ? `${field} is gone` : `${field} was ${from} and is ${to ?? 'gone'}`,
  )
  return toFailed('side-effect', `What was asked is done, but the PATCH did more: ${fields.join('; ')}`, {
    fieldNames: sideEffects.map(({ field }) => field),
  })
}

/** The ending that whatever was thrown stands for; `state` knows where the run was. */
export function errorToEnding(error: unknown, state: RunState, budget: Budget): Ending {
  if (error instanceof RunEnded) return withFate(error.ending, state)
  if (error instanceof CancelledError) return toCancelled(state)
  if (error instanceof DeadlineError) return deadlineToEnding(state, budget)
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return withFate(toFailed('internal', `A fault of this action: ${text}`), state)
}

/** Endings that say themselves what became of the change. */
const SAY_WHAT_BECAME = new Set<FailureReason>(['superseded', 'rolled-back', 'degraded', 'deleted', 'side-effect'])

/** Whoever reads of a failure must know whether the change is out. */
function withFate(ending: Ending, state: RunState): Ending {
  if (state.attempt === undefined || ending.reason === undefined || SAY_WHAT_BECAME.has(ending.reason)) return ending
  return { ...ending, message: `${withoutStop(ending.message)}. ${fateOf(state)}` }
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '')
}

/** What became of what was sent, as far as this run knows. */
function fateOf({ attempt }: RunState): string {
  if (attempt === undefined) return 'Nothing was sent.'
  return attempt.isAccepted
    ? 'The PATCH had been accepted, and the change may go on.'
    : 'A PATCH of this run may have landed, and then goes on.'
}

function toCancelled(state: RunState): Ending {
  const hint = state.attempt === undefined ? 'A re-run starts anew.' : FAILURE_REASONS.cancelled.nextStep
  const message = `Cancelled${state.stage === 'waiting' ? ' while waiting' : ''}. ${fateOf(state)}`
  return { result: 'cancelled', reason: 'cancelled', kind: 'cancelled', message, hint }
}

function deadlineToEnding(state: RunState, budget: Budget): Ending {
  const { attempt, stage, trouble, last, missing } = state
  const after = `after ${toDurationText(budget.elapsedMs())}`
  if (trouble !== undefined && attempt === undefined) {
    return toFailed('unavailable', `${toTroubleText(state, budget)}. ${fateOf(state)}`)
  }
  if (stage === 'busy' && attempt === undefined) {
    const message = `Timed out ${after}: the cluster is still busy with another change (${last?.cluster.phase}). ${fateOf(state)}`
    return toTimedOut('busy-too-long', message)
  }
  const facts = [
    last === undefined ? 'no read came' : `the last phase seen was ${last.cluster.phase ?? 'none'}`,
    ...(missing === undefined || missing.kind === 'phase' ? [] : [missing.text]),
    ...(trouble === undefined ? [] : [toTroubleText(state, budget)]),
    ...deniedHealth(state),
  ]
  const hint = attempt === undefined ? { hint: nextStepUnsent(state) } : {}
  return toTimedOut('timeout', `Timed out ${after}: ${facts.join('; ')}. ${fateOf(state)}`, hint)
}

/** Since when no usable read came, and what came instead. */
function toTroubleText({ trouble }: RunState, budget: Budget): string {
  const { sinceMs, came } = trouble ?? { sinceMs: budget.startMs, came: [] }
  const kinds = came.map(({ what, count }) => (count === 1 ? what : `${what}, ${count} times`)).join('; ')
  return `no usable answer since ${timeOfDay(budget.toWallMs(sinceMs), 'UTC')} UTC (${kinds})`
}

function deniedHealth({ last }: RunState): string[] {
  return (last?.cluster.conditions ?? []).filter(deniesHealth).map(toConditionText)
}

function nextStepUnsent({ last }: RunState): string {
  return phaseKind(last?.cluster.phase) === 'running'
    ? 'Nothing seems to be under way. Run again to wait once more, or start the change.'
    : 'Run again to wait once more.'
}
