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
    nextStep: 'If it is meant, permit it by the input that the error names.',
  },
  unauthorized: {
    meaning: '401: the key is not accepted',
    nextStep:
      'Check the secret that `api-key` comes from: the key may be mistyped, expired or revoked. It was tried only once.',
  },
  forbidden: {
    meaning: '403: the key may not do this',
    nextStep: 'Use a key of this tenant with the role admin; a key with the role readonly can plan and verify.',
  },
  'not-found': {
    meaning: '404: the API knows no such cluster',
    nextStep: 'Check `tenant` and `cluster`, and that the key belongs to this tenant.',
  },
  rejected: {
    meaning: 'The API refused the request, or made another value of it than was asked',
    nextStep:
      'Its words say why. Correct the input, and start anew. A value that was changed met a limit or a rounding: ask for one that the platform can give.',
  },
  conflict: {
    meaning: 'Someone else changed what was asked for, or the cluster kept moving; theirs was not overwritten',
    nextStep:
      'Where someone changed the same field, theirs stands, and running again would replace it: talk to them first. Where nobody did, running again is safe. The error says which it was.',
  },
  'plan-changed': {
    meaning: 'The plan is not the one given as `expected-plan`, and was not sent',
    nextStep: 'Look at the new plan, and approve that.',
  },
  busy: {
    meaning: 'The cluster was busy with another change all the time, or at all where `on-busy` is `fail`',
    nextStep: 'Run again when it is over, with a longer `timeout`, or at another time of day.',
  },
  unavailable: {
    meaning: 'The API could not be reached, or gave no usable answer',
    nextStep:
      'Look at status.kupe.cloud, and whether `GET /readyz` of the API answers the runner. Running again is safe: it reads first, and resumes.',
  },
  degraded: {
    meaning:
      'The cluster stayed `Degraded` for longer than `degraded-grace`; a change that was sent may go on once it heals',
    nextStep:
      'Find out what ails the cluster: its conditions are in the summary. What was sent may go on once it heals; running again resumes the wait.',
  },
  deleted: {
    meaning: 'The cluster is being deleted, is gone, or its name now belongs to a new one',
    nextStep:
      'Find out who deleted it. Nothing more can be changed; where there is a new cluster of that name, running again would change that one.',
  },
  'rolled-back': {
    meaning: 'The platform or someone else went back to the old version',
    nextStep: 'Find out why before running again.',
  },
  superseded: {
    meaning: 'Someone else changed the same value after this run had',
    nextStep: 'Theirs stands. Running again would send our values once more: talk to whoever changed it first.',
  },
  'side-effect': {
    meaning: 'What was asked is done, but the PATCH changed or removed something that nobody asked for',
    nextStep: 'Put back what was lost. Where the platform ties values together, ask for all of them in one change.',
  },
  timeout: {
    meaning: '`timeout` was over before the change was proven; what was sent goes on',
    nextStep:
      'What was sent may still be going on. Running again resumes the wait, and sends nothing that is already there.',
  },
  cancelled: {
    meaning: 'The run was cancelled; what was sent goes on',
    nextStep: 'What was sent may still be going on; nothing was undone. Running again resumes the wait.',
  },
  internal: {
    meaning: 'A fault of this action',
    nextStep: 'Please report it, with the log.',
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
