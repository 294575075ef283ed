interface FailureWords {
  /** What happened, for the README's table. */
  readonly meaning: string
  /** What a person can do about it. */
  readonly nextStep: string
}

/** Why a step is not green: every reason with its words. The README's table is made from it. */
export const FAILURE_REASONS = {
  'invalid-input': {
    meaning: 'One or more inputs are wrong; nothing was sent',
    nextStep: 'Correct the inputs of this step.',
  },
  refused: {
    meaning: 'The plan breaks a rule of this action, and was not sent',
    nextStep: 'If it is meant, permit it by the input named.',
  },
  unauthorized: {
    meaning: '401: the key is not accepted',
    nextStep: 'Check the api-key: it may be mistyped, expired or revoked. It was tried only once.',
  },
  forbidden: {
    meaning: '403: the key may not do this',
    nextStep: 'The key’s role is too low or it belongs to another tenant; a change needs an admin key.',
  },
  'not-found': {
    meaning: '404: the API knows no such cluster',
    nextStep: 'Check tenant and cluster: the API knows no such cluster.',
  },
  rejected: {
    meaning: 'The API refused the request, or made another value of it than was asked',
    nextStep: 'The server refused the request; its words say why. Correct the input and run again.',
  },
  conflict: {
    meaning: 'Someone else changed what was asked for, or the cluster kept moving; theirs was not overwritten',
    nextStep: 'A re-run is safe: it reads and plans anew.',
  },
  'plan-changed': {
    meaning:
      'The plan is not the one approved (`expected-plan`), or none was found, or GitHub could not be asked; it was not sent',
    nextStep:
      'The cluster or the inputs changed since the plan was made: look at the new plan and approve that. The error says where it is something else, such as a direct push.',
  },
  busy: {
    meaning: 'The cluster was busy with another change all the time, or at all where `on-busy` is `fail`',
    nextStep:
      'Run again when the cluster is Running, or let the run wait for it (on-busy: wait, and a longer timeout).',
  },
  unavailable: {
    meaning: 'The API could not be reached, or gave no usable answer',
    nextStep: 'The API could not be reached or did not answer properly. A re-run is safe: it reads first, and resumes.',
  },
  degraded: {
    meaning:
      'The cluster stayed `Degraded` for longer than `degraded-grace`; a change that was sent may go on once it heals',
    nextStep: 'A change that was sent may go on once the cluster heals. Look at its conditions, then run again.',
  },
  deleted: {
    meaning: 'The cluster is being deleted, is gone, or its name now belongs to a new one',
    nextStep: 'The cluster is being deleted or is gone.',
  },
  'rolled-back': {
    meaning: 'The platform or someone else went back to the old version',
    nextStep: 'The platform or someone else went back to the old version. Find out why before a re-run.',
  },
  superseded: {
    meaning: 'Someone else changed the same value after this run had',
    nextStep: 'Our change was sent before. Talk to whoever changed it. A re-run would send our values again.',
  },
  'side-effect': {
    meaning: 'What was asked is done, but the PATCH changed or removed something that nobody asked for',
    nextStep:
      'Put back what was lost, by hand or by asking for it together with this change; then tell Kupe’s support.',
  },
  timeout: {
    meaning: '`timeout` was over before the change was proven; what was sent goes on',
    nextStep: 'The cluster is not touched again. A re-run resumes the wait.',
  },
  cancelled: {
    meaning: 'The run was cancelled; what was sent goes on',
    nextStep: 'The cluster is not touched again. A re-run resumes the wait.',
  },
  internal: {
    meaning: 'A fault of this action',
    nextStep: 'Please report it, with this log.',
  },
} as const satisfies Readonly<Record<string, FailureWords>>

export type FailureReason = keyof typeof FAILURE_REASONS

/** The ways in which a run fails: each with the reason that the output `failure-reason` gives for it. */
export const FAILURE_KINDS = {
  'invalid-input': 'invalid-input',
  refused: 'refused',
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  rejected: 'rejected',
  /** The API took the PATCH, and made another value of it than was asked. */
  altered: 'rejected',
  /** Someone else changed one of our fields before this run had. */
  rival: 'conflict',
  /** Refused again and again, although nobody changed what was asked. */
  'kept-moving': 'conflict',
  /** Our change seems to have landed and been taken back. */
  'taken-back': 'conflict',
  /** The API refuses the ETag that it serves, or gives none any more. */
  'no-usable-etag': 'conflict',
  /** The cluster changed after it was read, and that is final. */
  moved: 'conflict',
  /** Something that must be planned from is no longer shown. */
  vanished: 'conflict',
  'plan-changed': 'plan-changed',
  /** No approved plan was found: the run belongs to no merged pull request, or to several, or to one that showed none. */
  'plan-not-found': 'plan-changed',
  /** GitHub did not say which plan was approved. */
  'plan-unreadable': 'plan-changed',
  /** The cluster was busy with another change for as long as could be waited. */
  'busy-too-long': 'busy',
  /** It was busy, and `on-busy` is `fail`. */
  busy: 'busy',
  unavailable: 'unavailable',
  /** It may have been sent, and may not be sent again now. */
  'not-sent-again': 'unavailable',
  degraded: 'degraded',
  terminating: 'deleted',
  gone: 'deleted',
  recreated: 'deleted',
  'rolled-back': 'rolled-back',
  superseded: 'superseded',
  'side-effect': 'side-effect',
  timeout: 'timeout',
  cancelled: 'cancelled',
  internal: 'internal',
  /** The run went well or not, but its outputs could not be written. */
  'outputs-unwritten': 'internal',
} as const satisfies Readonly<Record<string, FailureReason>>

export type FailureKind = keyof typeof FAILURE_KINDS
