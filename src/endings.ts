import { toDurationText } from './domain/duration.js'
import type { Ending, FailureReason } from './domain/outcome.js'
import { type TimeWindow, timeOfDay } from './domain/window.js'
import { ActionError, type ApiError, type ApiErrorFacts, CancelledError, DeadlineError } from './errors.js'
import type { Journal } from './journal.js'

/** Carries an ending up to where the story is told; callers of `run` never see it. */
export class Ended extends ActionError {
  constructor(
    readonly ending: Ending,
    cause?: unknown,
  ) {
    super(ending.message, { cause })
  }
}

/** Where in a run an exchange failed; a 404 means something else before and after the cluster was seen. */
export type Moment = 'first-read' | 'read' | 'patch'

const REPEATABLE_READS = new Set([304, 408, 429, 500, 502, 503, 504])

/** Whether a GET may be repeated; a 401 never may, since the server slows down whoever keeps failing to sign in. */
export function isRepeatable({ facts }: ApiError): boolean {
  return facts.trouble !== 'status' || REPEATABLE_READS.has(facts.status ?? 0)
}

/** Whether a PATCH may have landed although its answer says nothing of it: the answer is lost, and only a read can tell. */
export function isAnswerLost({ facts }: ApiError): boolean {
  const { trouble, status = 0 } = facts
  return trouble !== 'status' || status >= 500 || status === 408 || status === 304
}

/** The ending that an exchange leads to which is not repeated, or no more. */
export function toFailure(error: ApiError, moment: Moment): Ending {
  const reason = failureReasonOf(error.facts, moment)
  const { requestId } = error.facts
  return {
    result: 'failed',
    reason,
    message: `${LEADS[reason] ?? ''}${error.message}`,
    hint: error.hint ?? NEXT_STEPS[reason],
    ...(requestId === undefined ? {} : { requestId }),
  }
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
  return REPEATABLE_READS.has(status) || status >= 500 ? 'unavailable' : 'rejected'
}

/** What to do next about each failure. */
export const NEXT_STEPS: Readonly<Record<FailureReason, string>> = {
  'invalid-input': 'Correct the inputs of this step.',
  refused: 'If it is meant, permit it by the input named.',
  unauthorized: 'Check the api-key: it may be mistyped, expired or revoked. It was tried only once.',
  forbidden: 'The key’s role is too low or it belongs to another tenant; a change needs an admin key.',
  'not-found': 'Check tenant and cluster: the API knows no such cluster.',
  rejected: 'The server refused the request; its words say why. Correct the input and run again.',
  conflict: 'A re-run is safe: it reads and plans anew.',
  'plan-changed': 'The cluster or the inputs changed since the plan was made. Look at the new plan and approve that.',
  busy: 'Run again when the cluster is Running, or let the run wait for it (on-busy: wait, and a longer timeout).',
  unavailable:
    'The API could not be reached or did not answer properly. A re-run is safe: it reads first, and resumes.',
  degraded: 'A change that was sent may go on once the cluster heals. Look at its conditions, then run again.',
  deleted: 'The cluster is being deleted or is gone.',
  'rolled-back': 'The platform or someone else went back to the old version. Find out why before a re-run.',
  superseded: 'Our change was sent before. Talk to whoever changed it. A re-run would send our values again.',
  timeout: 'The cluster is not touched again. A re-run resumes the wait.',
  cancelled: 'The cluster is not touched again. A re-run resumes the wait.',
  internal: 'Please report it, with this log.',
}

/** The ending of a run outside its time window. */
export function toSkipped(window: TimeWindow, wallMs: number): Ending {
  const time = timeOfDay(wallMs, window.timezone)
  const message = `It is ${time} in ${window.timezone}, outside only-between ${window.text}. Nothing was sent.`
  return { result: 'skipped', message }
}

/** The ending that whatever was thrown stands for; `journal` knows where the run was. */
export function toEnding(error: unknown, journal: Journal, elapsedMs: number): Ending {
  if (error instanceof Ended) return withFate(error.ending, journal)
  if (error instanceof CancelledError) return toCancelled(journal)
  if (error instanceof DeadlineError) return toTimedOut(journal, elapsedMs)
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (error instanceof Error) journal.debug(error.stack ?? told)
  const ending = { result: 'failed', reason: 'internal', message: `A fault of this action: ${told}` } as const
  return withFate({ ...ending, hint: NEXT_STEPS.internal }, journal)
}

/** Endings that say themselves what became of the change. */
const TELLS_ALL = new Set<FailureReason>(['superseded', 'rolled-back', 'degraded', 'deleted', 'timeout'])

/** Whoever reads of a failure must know whether the change is out. */
function withFate(ending: Ending, { landing, stage }: Journal): Ending {
  if (landing === undefined || ending.reason === undefined || TELLS_ALL.has(ending.reason)) return ending
  const fate =
    stage === 'waiting'
      ? 'The PATCH had been accepted, and the change goes on.'
      : 'A PATCH of this run may have landed.'
  return { ...ending, message: `${ending.message.replace(/\.$/, '')}. ${fate}` }
}

function toCancelled({ landing, stage }: Journal): Ending {
  const cancelled = { result: 'cancelled', reason: 'cancelled' } as const
  if (landing === undefined) {
    const message = stage === 'waiting' ? 'Cancelled while waiting. Nothing was sent.' : 'Cancelled. Nothing was sent.'
    return { ...cancelled, message, hint: 'A re-run starts anew.' }
  }
  const message =
    stage === 'waiting'
      ? 'Cancelled. The change was sent and goes on.'
      : 'Cancelled. The change may have been sent, and then goes on.'
  return { ...cancelled, message, hint: NEXT_STEPS.cancelled }
}

function toTimedOut({ landing, stage, missing, lastPhase }: Journal, elapsedMs: number): Ending {
  const after = `after ${toDurationText(elapsedMs)}, at phase ${lastPhase}`
  if (stage === 'reading') {
    return {
      result: 'failed',
      reason: 'unavailable',
      message: 'No read succeeded within the timeout',
      hint: NEXT_STEPS.unavailable,
    }
  }
  if (stage === 'busy' && landing === undefined) {
    const message = `Timed out ${after}: the cluster is still busy with another change. Nothing was sent.`
    return { result: 'timed-out', reason: 'busy', message, hint: NEXT_STEPS.busy }
  }
  if (stage === 'waiting') {
    const message = `Timed out ${after}: ${missing ?? 'no read came'}. The change goes on.`
    return { result: 'timed-out', reason: 'timeout', message, hint: NEXT_STEPS.timeout }
  }
  const fate = landing === undefined ? 'Nothing was changed.' : 'One may have landed.'
  const message = `Timed out ${after}, before a PATCH was accepted. ${fate}`
  return { result: 'timed-out', reason: 'timeout', message, hint: NEXT_STEPS.timeout }
}
