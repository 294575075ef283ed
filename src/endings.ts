import type { Ending, FailureReason } from './domain/outcome.js'
import { ActionError, type ApiError, type ApiErrorFacts } from './errors.js'

/** Carries an ending up to where the story is told; callers of `run` never see it. */
export class Ended extends ActionError {
  constructor(readonly ending: Ending) {
    super(ending.message)
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
    message: error.message,
    hint: error.hint ?? HINTS[reason] ?? 'See what the server says above.',
    ...(requestId === undefined ? {} : { requestId }),
  }
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

const HINTS: Readonly<Partial<Record<FailureReason, string>>> = {
  unauthorized: 'Check the api-key: it may be mistyped, expired or revoked. It was tried only once.',
  forbidden: 'The key’s role is too low or it belongs to another tenant; a change needs an admin key.',
  'not-found': 'Check tenant and cluster: the API knows no such cluster.',
  rejected: 'The server refused the request; its words say why. Correct the input and run again.',
  conflict: 'Someone else changed the cluster at the same time. A re-run is safe: it reads and plans anew.',
  unavailable: 'The API could not be reached or did not answer properly. A re-run is safe: it reads first and resumes.',
  deleted: 'The cluster is being deleted or is gone.',
}

/** What to do about an ending that no single exchange led to. */
export const NEXT_STEPS = {
  conflict: HINTS.conflict ?? '',
  unavailable: HINTS.unavailable ?? '',
  deleted: HINTS.deleted ?? '',
  resume: 'The change goes on without this run, and the cluster is not touched again. A re-run resumes the wait.',
} as const
