/** A failure with what to do about it. Messages are safe to show: secrets are taken out before they are made. */
export class ActionError extends Error {
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = new.target.name
    this.hint = options.hint
  }
}

/** One fault of one input; `value` is absent for secrets. */
export interface InputProblem {
  readonly input: string
  readonly value?: string
  readonly reason: string
  readonly example?: string
}

/** All faults of all inputs together. */
export class InputError extends ActionError {
  readonly problems: readonly InputProblem[]

  constructor(problems: readonly InputProblem[]) {
    super(toProblemsText(problems), { hint: 'Correct the inputs of this step. No request was sent.' })
    this.problems = problems
  }
}

function toProblemsText(problems: readonly InputProblem[]): string {
  const texts = problems.map(toProblemText)
  return texts.length === 1 ? (texts[0] ?? '') : texts.map((text, index) => `(${index + 1}) ${text}`).join('; ')
}

/** One fault in words; shared by the one-line error and the summary's list. */
export function toProblemText({ input, value, reason, example }: InputProblem): string {
  const shown = value === undefined ? input : `${input} ${JSON.stringify(value)}`
  return example === undefined ? `${shown} ${reason}` : `${shown} ${reason} (example: ${example})`
}

/** How an exchange with the API went wrong: `status` is an answer that is no success, the rest are no usable answer at all. */
export type ApiTrouble = 'status' | 'network' | 'tls' | 'timeout' | 'not-a-cluster'

export interface ApiErrorFacts {
  readonly trouble: ApiTrouble
  readonly status?: number | undefined
  /** What the server said, cleaned. */
  readonly serverMessage?: string | undefined
  /** The server's own name for what is wrong, and the path of the field that is, where it gave them. */
  readonly code?: string | undefined
  readonly field?: string | undefined
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
  /** Certainly never reached the server. */
  readonly isUnsent?: boolean | undefined
}

/** An exchange with the API that gave no cluster. */
export class ApiError extends ActionError {
  readonly facts: ApiErrorFacts

  constructor(message: string, facts: ApiErrorFacts, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options)
    this.facts = facts
  }
}

/** The run was cancelled while something was under way. */
export class CancelledError extends ActionError {
  constructor(cause?: unknown) {
    super('cancelled', { cause })
  }
}

/** The whole run's time budget is spent. */
export class DeadlineError extends ActionError {
  constructor(cause?: unknown) {
    super('the timeout is over', { cause })
  }
}
