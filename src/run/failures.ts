import { toDurationText } from '../domain/duration.js'
import { FAILURE_REASONS, type FailureReason } from '../domain/failure-reasons.js'
import type { Ending } from '../domain/outcome.js'
import { ActionError, type ApiError, type ApiErrorFacts, CancelledError, DeadlineError } from '../errors.js'
import type { Verdict } from '../proof/convergence.js'
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
  reason: FailureReason,
  message: string,
  details: Partial<Omit<Ending, 'result' | 'reason' | 'message'>> = {},
): Ending {
  return { result: 'failed', reason, message, hint: FAILURE_REASONS[reason].nextStep, ...details }
}

/** Where in a run an exchange failed; a 404 means something else before and after the cluster was seen. */
export type Moment = 'first-read' | 'read' | 'patch'

const REPEATABLE_STATUSES = new Set([304, 408, 429, 500, 502, 503, 504])

/** Whether a GET may be repeated; a 401 never may, since the server slows down whoever keeps failing to sign in. */
export function isRepeatable({ facts }: ApiError): boolean {
  return facts.trouble !== 'status' || REPEATABLE_STATUSES.has(facts.status ?? 0)
}

/** Whether a PATCH may have landed although its answer says nothing of it: the answer is lost, and only a read can tell. */
export function isAnswerLost({ facts }: ApiError): boolean {
  const { trouble, status = 0 } = facts
  return trouble !== 'status' || status >= 500 || status === 408 || status === 304
}

/** The ending that an exchange leads to which is not repeated, or no more. */
export function apiErrorToEnding(error: ApiError, moment: Moment): Ending {
  const reason = failureReasonOf(error.facts, moment)
  return toFailed(reason, `${LEADS[reason] ?? ''}${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...requestIdOf(error),
  })
}

/** The request id of an answer, for an ending; nothing where it had none. */
export function requestIdOf({ facts }: ApiError): Pick<Ending, 'requestId'> {
  return facts.requestId === undefined ? {} : { requestId: facts.requestId }
}

/** What an answer means, before the words it came in. */
const LEADS: Readonly<Partial<Record<FailureReason, string>>> = {
  unauthorized: 'The API did not accept the key: ',
  forbidden: 'The key may not do this: ',
  'not-found': 'There is no such cluster: ',
  deleted: 'The cluster is gone: ',
}

function failureReasonOf({ trouble, status = 0, serverMessage = '' }: ApiErrorFacts, moment: Moment): FailureReason {
  if (trouble !== 'status') return 'unavailable'
  if (status === 401) return 'unauthorized'
  // Any other text is how older servers refuse a change that is not allowed, which is no matter of roles.
  if (status === 403) return /^(access denied)?$/i.test(serverMessage.trim()) ? 'forbidden' : 'rejected'
  if (status === 404) return moment === 'read' ? 'deleted' : 'not-found'
  if (status === 409 || status === 412) return 'conflict'
  return REPEATABLE_STATUSES.has(status) || status >= 500 ? 'unavailable' : 'rejected'
}

/** The ending of a wait whose change was undone, or whose cluster stays unhealthy. */
export function verdictToEnding({ reason, message }: Extract<Verdict, { kind: 'failed' }>): Ending {
  return toFailed(reason, message)
}

/** The ending that whatever was thrown stands for; `state` knows where the run was. */
export function errorToEnding(error: unknown, state: RunState, elapsedMs: number): Ending {
  if (error instanceof RunEnded) return withFate(error.ending, state)
  if (error instanceof CancelledError) return toCancelled(state)
  if (error instanceof DeadlineError) return toTimedOut(state, elapsedMs)
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return withFate(toFailed('internal', `A fault of this action: ${text}`), state)
}

/** Endings that say themselves what became of the change. */
const SAY_WHAT_BECAME = new Set<FailureReason>(['superseded', 'rolled-back', 'degraded', 'deleted', 'timeout'])

/** Whoever reads of a failure must know whether the change is out. */
function withFate(ending: Ending, { attempt, stage }: RunState): Ending {
  if (attempt === undefined || ending.reason === undefined || SAY_WHAT_BECAME.has(ending.reason)) return ending
  const fate =
    stage === 'waiting'
      ? 'The PATCH had been accepted, and the change goes on.'
      : 'A PATCH of this run may have landed.'
  return { ...ending, message: `${ending.message.replace(/\.$/, '')}. ${fate}` }
}

function toCancelled({ attempt, stage }: RunState): Ending {
  const cancelled = { result: 'cancelled', reason: 'cancelled' } as const
  if (attempt === undefined) {
    const message = stage === 'waiting' ? 'Cancelled while waiting. Nothing was sent.' : 'Cancelled. Nothing was sent.'
    return { ...cancelled, message, hint: 'A re-run starts anew.' }
  }
  const message =
    stage === 'waiting'
      ? 'Cancelled. The change was sent and goes on.'
      : 'Cancelled. The change may have been sent, and then goes on.'
  return { ...cancelled, message, hint: FAILURE_REASONS.cancelled.nextStep }
}

function toTimedOut({ attempt, stage, missing, last }: RunState, elapsedMs: number): Ending {
  if (stage === 'reading') return toFailed('unavailable', 'No read succeeded within the timeout')
  const after = `after ${toDurationText(elapsedMs)}, at phase ${last?.cluster.phase ?? 'unknown'}`
  const timedOut = (reason: FailureReason, message: string): Ending => ({
    ...toFailed(reason, message),
    result: 'timed-out',
  })
  if (stage === 'busy' && attempt === undefined) {
    const message = `Timed out ${after}: the cluster is still busy with another change. Nothing was sent.`
    return timedOut('busy', message)
  }
  if (stage === 'waiting') {
    return timedOut('timeout', `Timed out ${after}: ${missing?.text ?? 'no read came'}. The change goes on.`)
  }
  const fate = attempt === undefined ? 'Nothing was changed.' : 'One may have landed.'
  return timedOut('timeout', `Timed out ${after}, before a PATCH was accepted. ${fate}`)
}
