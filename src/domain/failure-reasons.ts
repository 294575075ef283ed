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
    meaning: 'The plan breaks a safety rule, and was not sent',
    nextStep: 'If you mean it, permit it by the input named.',
  },
  unauthorized: {
    meaning: '401: the key was not accepted',
    nextStep:
      'Check the secret that `api-key` comes from: the key may be mistyped, expired or revoked. It was tried only once.',
  },
  forbidden: {
    meaning: '403: the key may not do this',
    nextStep: 'Use a key of this tenant with the role `admin`; a key with the role `readonly` can plan and verify.',
  },
  'not-found': {
    meaning: '404: there is no such cluster',
    nextStep: 'Check `tenant` and `cluster`, and that the key belongs to this tenant.',
  },
  rejected: {
    meaning: 'The API refused the change, or made another value of it than was asked',
    nextStep:
      'Its words say why. Another value is a limit or a rounding of the platform: ask for one that it can give.',
  },
  conflict: {
    meaning:
      'Someone else changed what was asked for, or the cluster kept changing between read and change; theirs was not overwritten',
    nextStep:
      'Talk to whoever changed it: running again would put your value in the place of theirs. Where only the cluster kept moving, the error says so, and running again is safe.',
  },
  'plan-changed': {
    meaning:
      'The plan is not the one that `expected-plan` asks for, or that one could not be found or read; it was not sent',
    nextStep: 'Look at the new plan, and approve that.',
  },
  busy: {
    meaning: 'The cluster was busy with another change all the time, or at all where `on-busy` is `fail`',
    nextStep: 'Run again when that is over, or with a longer `timeout`.',
  },
  unavailable: {
    meaning: 'The API could not be reached, or gave no usable answer',
    nextStep:
      'Look at status.kupe.cloud, and whether `GET /readyz` of the API answers this runner. Running again is safe: it reads first, and resumes.',
  },
  degraded: {
    meaning: 'The cluster was unhealthy for longer than `degraded-grace`',
    nextStep:
      'Look at its conditions in the summary. What was sent may go on once the cluster heals; running again resumes the wait.',
  },
  deleted: {
    meaning: 'The cluster is being deleted, is gone, or its name now belongs to a new one',
    nextStep: 'Find out who deleted it. Running again would change a new cluster of that name.',
  },
  'rolled-back': {
    meaning: 'The upgrade was taken back: the cluster runs the old version again',
    nextStep: 'Find out why before running again: the platform, or someone else, went back to the old version.',
  },
  superseded: {
    meaning: 'Someone else, or the platform, changed the same value after this run had, or while it waited',
    nextStep: 'Theirs stands. Running this again would send our values once more: talk to whoever changed it first.',
  },
  'side-effect': {
    meaning: 'What was asked is done or accepted, but it changed or removed something that nobody asked for',
    nextStep:
      'Put back what was not asked for. Where the platform ties values together, ask for all of them in one change.',
  },
  timeout: {
    meaning: '`timeout` was over before the change was proven; what was sent may go on',
    nextStep: 'Running again resumes the wait, and sends nothing that is already there.',
  },
  cancelled: {
    meaning: 'The run was cancelled; what was sent may go on',
    nextStep: 'Running again resumes the wait, and sends nothing that is already there.',
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
  /** A PATCH was answered with 404, although a read had shown the cluster. */
  'gone-or-hidden': 'not-found',
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
