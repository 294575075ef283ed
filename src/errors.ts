import { LONGEST } from './policy.js'

/** A failure with what to do about it. Messages are safe to show: secrets are taken out before they are made. */
export class ActionError extends Error {
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = new.target.name
    this.hint = options.hint
  }
}

/** What is wrong with a text, and what was probably meant by it. */
export interface Fault {
  readonly reason: string
  /** Texts that would be accepted, the likeliest first; absent where nothing can be guessed. */
  readonly repaired?: readonly string[]
  readonly example?: string
}

/** One fault of one input; `value` is absent for secrets. */
export interface InputProblem extends Fault {
  readonly input: string
  readonly value?: string
}

/** All faults of all inputs together. */
export class InputError extends ActionError {
  readonly problems: readonly InputProblem[]
  /** What is no fault, but may explain one: an input that does nothing may be the one that is missing. */
  readonly warnings: readonly string[]

  constructor(problems: readonly InputProblem[], warnings: readonly string[] = []) {
    super(toProblemsText(problems), { hint: 'Correct the inputs of this step. No request was sent.' })
    this.problems = problems
    this.warnings = warnings
  }
}

function toProblemsText(problems: readonly InputProblem[]): string {
  const texts = problems.map(toProblemText)
  return texts.length === 1 ? (texts[0] ?? '') : texts.map((text, index) => `(${index + 1}) ${text}`).join('; ')
}

/** One fault in words; shared by the one-line error and the summary's list. */
export function toProblemText({ input, value, reason, repaired = [], example }: InputProblem): string {
  const fault = `${value === undefined ? input : `${input} ${toShownValue(value)}`} ${reason}`
  if (repaired.length > 0) return `${fault}: did you mean ${toListText(repaired, 'or')}?`
  return example === undefined ? fault : `${fault} (example: ${example})`
}

/** A list in a sentence: `a`, `a or b`, `a, b or c`. */
export function toListText(texts: readonly string[], word: 'and' | 'or'): string {
  return [texts.slice(0, -1).join(', '), ...texts.slice(-1)].filter((text) => text !== '').join(` ${word} `)
}

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu

/** A value in quotes, with what cannot be seen as an escape. A long one is not cut, since half a secret might stay. */
function toShownValue(value: string): string {
  if (value.length > LONGEST.inputValue) return `(${value.length} characters)`
  return JSON.stringify(value).replace(UNSEEN, toEscape)
}

function toEscape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}

/**
 * How an exchange with the API went wrong.
 * - `status`: an answer came, and its status is no 2xx. It stands even where the body was cut off.
 * - `not-a-cluster`: a whole 2xx came (or one too large to read) whose body does not show the cluster asked for.
 * - `dns`: the name of the API, or of the proxy, does not exist. A name server that does not answer is `network`.
 * - `tls`: the certificate that the API, or the proxy, showed was refused. Any other fault of TLS is `network`.
 * - `timeout`: the exchange did not end in its time; where a body of a 2xx stalls, too.
 * - `network`: any other way to get no answer, or only a part of a 2xx.
 */
export type ApiTrouble = 'status' | 'not-a-cluster' | 'dns' | 'tls' | 'timeout' | 'network'

/** What is known of an exchange that went wrong; a decision about it needs nothing else. Texts are cleaned and bounded. */
export interface ApiErrorFacts {
  readonly trouble: ApiTrouble
  /** With `status` and `not-a-cluster`, and only with these. */
  readonly status?: number | undefined
  /**
   * True where the request certainly never reached the API, since the connection it would have travelled on was never
   * established: no name, no connect, no finished TLS handshake, no tunnel through the proxy. Whatever went wrong later may have
   * been acted on, so then, and with any answer, it is not true.
   */
  readonly isUnsent?: boolean | undefined
  /**
   * With `status`: whether the API itself answered, not something in front of it. Its answers are whole JSON objects; an empty
   * body is its own with 403 only, since an empty 404 is what a default back end says.
   */
  readonly isFromApi?: boolean | undefined
  /** What the server said in words. */
  readonly serverMessage?: string | undefined
  /** The API's own names for what is wrong, and with which field, where it gave them. */
  readonly code?: string | undefined
  readonly field?: string | undefined
  readonly requestId?: string | undefined
  /** How long the server asks to wait, whatever the status; absent where it does not ask, or for no time. */
  readonly retryAfterMs?: number | undefined
  /** Where a 3xx points to: origin and path, without the query. Redirects are never followed. */
  readonly redirect?: string | undefined
}

/** An exchange with the API that gave no cluster. */
export class ApiError extends ActionError {
  readonly facts: ApiErrorFacts

  constructor(message: string, facts: ApiErrorFacts, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options)
    this.facts = facts
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
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
