/** Takes secrets out of a text. */
export type Redact = (text: string) => string

const REDACTED = '***'

/**
 * Makes a function that replaces every given secret by `***`, also where it stands URL-encoded, JSON-escaped or inside base64.
 * The runner masks logs in much the same way, but neither outputs nor files.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))].filter(
    (form) => form.length > 3,
  )
  const longestFirst = forms.sort((left, right) => right.length - left.length)
  return (text) => longestFirst.reduce((redacted, form) => redacted.replaceAll(form, REDACTED), text)
}

/** Kupe's keys look like `kupe_<id>_<secret>`: one that was pasted into the wrong input is a key all the same. */
export function redactKeyShapes(text: string): string {
  return text.replace(/kupe_[A-Za-z0-9]+_[A-Za-z0-9_-]{8,}/g, REDACTED)
}

/** A copy of any data with secrets taken out of every text in it, keys included. */
export function redactDeep<T>(value: T, redact: Redact): T {
  return redactUnknown(value, redact) as T
}

function redactUnknown(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactUnknown(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactUnknown(item, redact)]))
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed())
  return [
    secret,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    ...[0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
  ]
}

/** The characters that a secret alone decides when it stands `offset` bytes into something that is base64-encoded as a whole. */
function base64Forms(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const firstOwn = Math.ceil((offset * 8) / 6)
  const lastOwn = Math.floor((bytes.length * 8) / 6)
  const own = bytes.toString('base64').slice(firstOwn, lastOwn)
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g

/**
 * Makes one harmless line of any text: no line breaks or other control characters, and nothing that the runner reads as a
 * command (`::x::` at the start of a line, `##[x]` anywhere in it).
 */
export function toHarmlessLine(text: string): string {
  return text.replace(CONTROLS, ' ').replaceAll('##[', '# #[').replaceAll('::', ': :').trim()
}

/** Cuts a text off; secrets must be out of it before, or a half of one could stay. */
export function cutOff(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`
}
