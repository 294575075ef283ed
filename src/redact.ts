import { FIELD_NAMES, PHASE_NAMES } from './domain/cluster.js'
import type { JsonValue } from './domain/json.js'
import { LONGEST } from './policy.js'
import { AlertTexts } from './redaction/alert-texts.js'
import { createSecretFinder } from './redaction/secrets.js'
import { REDACTED, withoutFound } from './redaction/spans.js'

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

/**
 * Makes a function that replaces every given secret by `***`, and whatever looks like one of Kupe's keys. It finds a secret also
 * where any of its characters is escaped, in base64, and where its last part stands alone. The runner masks logs in much the same
 * way, but neither outputs nor files.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const finder = createSecretFinder(secrets)
  return (text) => withoutFound(text, [finder])
}

/**
 * Cleans what the server says: takes secrets out of it, and the texts from inside `alerts`, which may be secrets, too. It learns
 * these from every read of the run and forgets none, since a message may quote a value that was just replaced.
 */
export interface AlertRedactor {
  /** Takes in what stands in `alerts`, as it was asked or as a read showed it. */
  learn(alerts: JsonValue | undefined): void
  /** Takes in values that are asked for. A text from inside `alerts` that is part of them is not taken out. */
  showAlways(words: readonly string[]): void
  /** Likewise, what outputs of their own show of a read: of all reads the first and the last one count. */
  showRead(words: readonly string[]): void
  /** For values of the API that outputs of their own show, such as a phase: without secrets. */
  redactSecrets: Redact
  /** For words: without secrets and texts from inside `alerts`; empty where there are too many of these to take out. */
  redact: Redact
  /** For names, such as a condition's type or an error's code: without secrets. What has not the form of a name counts as words. */
  redactName: Redact
  /** Whether there are too many texts to take out, so that no words of the server may be shown. */
  readonly isOverwhelmed: boolean
}

/** What Kubernetes takes for a name, a path of fields, a type or a reason: no blanks, nothing that a URL needs. */
const NAME = /^[\w.,:[\]"'*-]*(?:\/[\w.-]+)?$/

export interface AlertRedactorOptions {
  /** They are taken out as well. */
  readonly secrets: readonly string[]
  /** What is shown from the start, such as the cluster's name. */
  readonly shown: readonly string[]
}

export function createAlertRedactor({ secrets, shown }: AlertRedactorOptions): AlertRedactor {
  const findSecrets = createSecretFinder(secrets)
  const redactSecrets: Redact = (text) => withoutFound(text, [findSecrets])
  const texts = new AlertTexts()
  texts.showAlways([...PHASE_NAMES, ...FIELD_NAMES, ...shown])
  const redact: Redact = (text) => (texts.isOverwhelmed ? '' : withoutFound(text, [findSecrets, texts.find]))
  return {
    learn: (alerts) => texts.learn(alerts),
    showAlways: (words) => texts.showAlways(words),
    showRead: (words) => texts.showRead(words),
    redactSecrets,
    redact,
    redactName: (text) => (text.length <= LONGEST.name && NAME.test(text) ? redactSecrets(text) : redact(text)),
    get isOverwhelmed() {
      return texts.isOverwhelmed
    },
  }
}

/** A copy of any data with secrets taken out of every text in it, keys included; what stands under `except` is left as it is. */
export function redactDeep<T>(value: T, redact: Redact, except: readonly string[] = []): T {
  return redactUnknown(value, redact, new Set(except)) as T
}

function redactUnknown(value: unknown, redact: Redact, except: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactUnknown(item, redact, except))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redact(key),
      except.has(key) ? item : redactUnknown(item, redact, except),
    ]),
  )
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/**
 * Makes one harmless line of any text: no line breaks or other control characters, and nothing that the runner reads as a
 * command (`::x::` at the start of a line, `##[x]` anywhere in it).
 */
export function toHarmlessLine(text: string): string {
  return text
    .replace(CONTROLS, ' ')
    .replaceAll('##[', '# #[')
    .replace(/:(?=:)/g, ': ')
    .trim()
}

/** Cuts a text off; secrets must be out of it before, or a half of one could stay. */
export function cutOff(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`
}

/** More than any half of a secret takes that may stand where a text was cut off before it could be searched. */
const LONGEST_HALF = 2 * 1024

/** How a text is cut to its size: to how many characters, and whether it has lost its end already. */
export interface Cut {
  readonly longest: number
  readonly isCut?: boolean
}

/**
 * A text without secrets and at least as long as it may be shown: of one that is much longer only the beginning is searched, and
 * kept, so that no text takes long. A half of a secret at the end goes, with whatever else follows the last one found.
 */
export function redactLong(text: string, redact: Redact, { longest, isCut = false }: Cut): string {
  // Taking out secrets may make the text shorter.
  const searched = 4 * longest + 2 * LONGEST_HALF
  if (!isCut && text.length <= searched) return redact(text)
  const redacted = redact(text.slice(0, searched))
  const lastFound = redacted.lastIndexOf(REDACTED)
  return redacted.slice(0, Math.max(lastFound < 0 ? 0 : lastFound + REDACTED.length, redacted.length - LONGEST_HALF))
}

/** One harmless line of at most `longest` characters, made of any text from outside: secrets go first, what is too long last. */
export function toShownLine(text: string, redact: Redact, cut: Cut): string {
  return cutOff(toHarmlessLine(redactLong(text, redact, cut)), cut.longest)
}
