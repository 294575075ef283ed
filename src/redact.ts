import { type AlertLeaf, alertLeaves, isTelling, secretTextsIn } from './domain/alerts.js'
import { FIELD_NAMES, PHASE_NAMES } from './domain/cluster.js'
import type { JsonValue } from './domain/json.js'
import { isFreeOfEscapes, type TextLevel, unescapedForms, unescapedLevels } from './escapes.js'
import { LONGEST, MOST } from './policy.js'

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

/** A stretch of a text, from one character up to before another. */
interface Span {
  readonly from: number
  readonly to: number
}

/** Finds what must not be shown on one level of a text's escapes. */
type Finder = (level: TextLevel) => Iterable<Span>

const REDACTED = '***'

/**
 * Makes a function that replaces every given secret by `***`, and whatever looks like one of Kupe's keys. It finds a secret also
 * where any of its characters is escaped, in base64, and where its last part stands alone. The runner masks logs in much the same
 * way, but neither outputs nor files.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const finder = createSecretFinder(secrets)
  return (text) => withoutFound(text, [finder])
}

function withoutFound(text: string, finders: readonly Finder[]): string {
  const found: Span[] = []
  for (const level of unescapedLevels(text)) {
    for (const finder of finders) {
      for (const { from, to } of finder(level)) found.push({ from: level.startOf(from), to: level.startOf(to) })
    }
  }
  if (found.length === 0) return text
  found.sort((left, right) => left.from - right.from)
  const parts: string[] = []
  let end = -1
  for (const { from, to } of found) {
    // One that begins where the last one ended, or before, goes into the same ***.
    if (from > end) parts.push(text.slice(Math.max(end, 0), from), REDACTED)
    end = Math.max(end, to)
  }
  return parts.join('') + text.slice(end)
}

/** Kupe's keys look like `kupe_<id>_<secret>`: one that was pasted into the wrong input is a key all the same. */
const KEY_SHAPE = /kupe_[a-z0-9]+_[a-z0-9_-]{8,}/gi
const LAST_PART_OF_KEY = /^kupe_[a-z0-9]+_(.{8,})$/i

/** A shorter text is no secret, and taking it out would leave nothing to read. */
const SHORTEST_SECRET = 4

function createSecretFinder(secrets: readonly string[]): Finder {
  const parts = secrets.flatMap((secret) => [secret, LAST_PART_OF_KEY.exec(secret)?.[1] ?? ''])
  const whole = [...new Set(parts)].filter((part) => part.length >= SHORTEST_SECRET)
  const spelt = whole.map((part) => ({ plain: toLowerCase(part), spellings: Array.from(part, spellingsOf) }))
  const base64 = new Set(whole.flatMap((part) => [0, 1, 2].flatMap((offset) => base64Forms(part, offset))))
  const encoded = [...base64].filter((form) => form.length >= SHORTEST_SECRET)
  return function* (level) {
    const lower = toLowerCase(level.text)
    const isPlain = isFreeOfEscapes(lower)
    for (const { plain, spellings } of spelt) {
      // An escape is never shorter than what it stands for.
      if (lower.length < spellings.length) continue
      yield* isPlain ? placesOf(plain, lower) : speltPlacesOf(spellings, lower)
    }
    for (const form of encoded) yield* placesOf(form, level.text)
    for (const { index, 0: key } of level.text.matchAll(KEY_SHAPE)) yield { from: index, to: index + key.length }
  }
}

/** Only of ASCII: other letters may change their length. */
function toLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function* placesOf(wanted: string, text: string): Generator<Span> {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    yield { from: at, to: at + wanted.length }
  }
}

/** How one character may be written, in small letters: as it is, or escaped for a URL, JSON, a program or HTML. */
function spellingsOf(character: string): string[] {
  const cases = [character, character.toLowerCase(), character.toUpperCase()]
  const variants = new Set(cases.filter(({ length }) => length === character.length))
  const spellings = [...variants].flatMap((variant) => {
    const code = variant.codePointAt(0) ?? 0
    const units = variant.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
    const bytes = [...Buffer.from(variant.toWellFormed())].map((byte) => byte.toString(16).padStart(2, '0'))
    return [
      variant,
      bytes.map((byte) => `%${byte}`).join(''),
      units.map((unit) => `\\u${unit}`).join(''),
      `\\u{${code.toString(16)}}`,
      ...(code < 0x100 ? [`\\x${code.toString(16).padStart(2, '0')}`] : []),
      `&#${code};`,
      `&#x${code.toString(16)};`,
    ]
  })
  const short = /["'`\\/]/.test(character) ? [`\\${character}`] : []
  return [...new Set([...spellings, ...short].map(toLowerCase))]
}

/** Reads on from every place where the first character stands, in any of its spellings, so that nothing before it matters. */
function* speltPlacesOf(spellings: readonly (readonly string[])[], text: string): Generator<Span> {
  for (const first of spellings[0] ?? []) {
    for (const { from, to } of placesOf(first, text)) {
      const end = endOf(spellings, text, to)
      if (end !== undefined) yield { from, to: end }
    }
  }
}

/** Where the characters after the first end, if they stand there. There may be several ends: `%25` is a percent sign, and so is its `%`. */
function endOf(spellings: readonly (readonly string[])[], text: string, start: number): number | undefined {
  let ends = [start]
  for (let index = 1; index < spellings.length && ends.length > 0; index++) {
    const next = new Set<number>()
    for (const end of ends) {
      for (const spelling of spellings[index] ?? []) {
        if (text.startsWith(spelling, end)) next.add(end + spelling.length)
      }
    }
    ends = [...next]
  }
  return ends.length === 0 ? undefined : Math.max(...ends)
}

/** The characters that a secret alone decides when it stands `offset` bytes into something that is base64-encoded as a whole. */
function base64Forms(secret: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const firstOwn = Math.ceil((offset * 8) / 6)
  const lastOwn = Math.floor((bytes.length * 8) / 6)
  const own = bytes.toString('base64').slice(firstOwn, lastOwn)
  return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
}

/**
 * Cleans what the server says: takes secrets out of it, and the texts from inside `alerts`, which may be secrets, too. It learns
 * these from every read of the run and forgets none, since a message may quote a value that was just replaced.
 */
export interface AlertRedactor {
  /** Takes in what stands in `alerts`, as it was asked or as a read showed it. */
  learn(alerts: JsonValue | undefined): void
  /** Takes in what outputs of their own show of a read. Where that is part of them, a text from inside `alerts` is not taken out. */
  show(words: readonly string[]): void
  /** For values of the API that outputs of their own show, such as a phase: without secrets. */
  redactSecrets: Redact
  /** For words: without secrets and texts from inside `alerts`; empty where there are too many of these to take out. */
  redact: Redact
  /** For names, such as a condition's type or an error's code: without secrets. What has not the form of a name counts as words. */
  redactName: Redact
  /** Whether there are too many texts to take out, so that no words of the server may be shown. */
  readonly isOverwhelmed: boolean
}

/** Long texts are searched for in chunks of this length, so that a part of one is found, too, and no search takes long. */
const CHUNK = 32

/** Shorter texts are taken out only where they are whole words, as they may be part of longer ones. */
const SHORTEST_PART = 12

/** What every text to take out begins with, at the least. */
const PREFIX = 6

const WORD_CHARACTER = /[\p{L}\p{N}_]/u

/** What Kubernetes takes for a name, a path of fields, a type or a reason: no blanks, nothing that a URL needs. */
const NAME = /^[\w.,:[\]"'*-]*(?:\/[\w.-]+)?$/

export interface AlertRedactorOptions {
  /** They are taken out as well. */
  readonly secrets: readonly string[]
  /** What is shown from the start: names, and the values asked for. */
  readonly shown: readonly string[]
}

export function createAlertRedactor({ secrets, shown }: AlertRedactorOptions): AlertRedactor {
  const findSecrets = createSecretFinder(secrets)
  const redactSecrets: Redact = (text) => withoutFound(text, [findSecrets])
  const texts = new AlertTexts([...PHASE_NAMES, ...FIELD_NAMES, ...shown])
  const redact: Redact = (text) => (texts.isOverwhelmed ? '' : withoutFound(text, [findSecrets, texts.find]))
  return {
    learn: (alerts) => texts.learn(alerts),
    show: (words) => texts.show(words),
    redactSecrets,
    redact,
    redactName: (text) => (text.length <= LONGEST.name && NAME.test(text) ? redactSecrets(text) : redact(text)),
    get isOverwhelmed() {
      return texts.isOverwhelmed
    },
  }
}

/**
 * The texts from inside `alerts`. They are never made into one expression, which would overflow and put them all into its error;
 * instead, each place of a text is looked up by its first characters, so that it takes one walk however many there are.
 */
class AlertTexts {
  /** Values that gave texts before: a poll brings the same ones again and again. */
  private readonly values = new Set<string>()
  private readonly known = new Set<string>()
  private readonly keys = new Set<string>()
  private readonly chunks = new Set<string>()
  /** How long the chunks with these first characters are, the longest first. */
  private readonly lengthsByPrefix = new Map<string, number[]>()
  private characters = 0
  /** What the first read and the last one have shown. */
  private firstShown: readonly string[] | undefined
  private lastShown: readonly string[] = []
  private readonly shownChunks = new Map<string, boolean>()

  /** `shown`: what is never taken out, whatever the reads show. */
  constructor(private readonly shown: readonly string[]) {}

  get isOverwhelmed(): boolean {
    return this.known.size > MOST.alertTexts || this.characters > MOST.alertCharacters
  }

  learn(alerts: JsonValue | undefined): void {
    if (this.isOverwhelmed) return
    for (const leaf of alertLeaves(alerts)) {
      if (leaf.kind === 'key') this.learnKey(leaf.text)
      else this.learnLeaf(leaf)
      if (!this.isOverwhelmed) continue
      this.forget()
      return
    }
  }

  show(words: readonly string[]): void {
    const texts = words.flatMap((word) => {
      const [text = '', ...forms] = unescapedForms(word.slice(0, LONGEST.scalar))
      // A version is `v1.32.3` or `1.32.3`.
      return [text, text.replace(/^v(?=\d)/, ''), ...forms]
    })
    if (texts.join('\n') === this.lastShown.join('\n')) return
    this.firstShown ??= texts
    this.lastShown = texts
    this.shownChunks.clear()
  }

  /** The places of these texts; a member that can be passed on by itself. */
  readonly find = function* (this: AlertTexts, { text }: TextLevel): Generator<Span> {
    const blanked = toBlanked(text)
    for (let from = 0; from + PREFIX <= blanked.length; from++) {
      const lengths = this.lengthsByPrefix.get(blanked.slice(from, from + PREFIX))
      if (lengths === undefined) continue
      for (const length of lengths) {
        const to = from + length
        const chunk = blanked.slice(from, to)
        if (!this.chunks.has(chunk) || this.isShown(chunk)) continue
        if (length < SHORTEST_PART && !isWholeWord(blanked, from, to)) continue
        yield { from, to }
        // Those that follow are shorter.
        break
      }
    }
  }.bind(this)

  /** Key paths are shown, so a value that is one of the keys is none of the secrets. */
  private learnKey(key: string): void {
    const text = toBlanked(key)
    if (key.length < PREFIX || this.keys.has(text)) return
    this.keys.add(text)
    this.shownChunks.clear()
  }

  private learnLeaf(leaf: AlertLeaf): void {
    if (this.values.has(leaf.text)) return
    for (const text of secretTextsIn(leaf)) {
      this.values.add(leaf.text)
      if (this.known.has(text)) continue
      this.known.add(text)
      this.characters += text.length
      if (this.isOverwhelmed) return
      // A text that is escaped itself is repeated as it is, or without its escapes.
      const forms = unescapedForms(text).filter(isTelling).map(toBlanked)
      for (const chunk of forms.flatMap(chunksOf)) this.addChunk(chunk)
    }
  }

  private addChunk(chunk: string): void {
    if (this.chunks.has(chunk)) return
    this.chunks.add(chunk)
    const prefix = chunk.slice(0, PREFIX)
    const lengths = this.lengthsByPrefix.get(prefix) ?? []
    if (lengths.includes(chunk.length)) return
    this.lengthsByPrefix.set(
      prefix,
      [...lengths, chunk.length].sort((left, right) => right - left),
    )
  }

  private isShown(chunk: string): boolean {
    const isKnown = this.shownChunks.get(chunk)
    if (isKnown !== undefined) return isKnown
    const words = [...this.shown, ...(this.firstShown ?? []), ...this.lastShown]
    const isShown = this.keys.has(chunk) || words.some((word) => isPartOf(chunk, word))
    this.shownChunks.set(chunk, isShown)
    return isShown
  }

  /** Nothing is searched for any more; that there was too much stays known. */
  private forget(): void {
    this.chunks.clear()
    this.lengthsByPrefix.clear()
  }
}

/** Blanks of any kind are one: whoever repeats a text may break its lines, and in a URL a blank is a plus. */
function toBlanked(text: string): string {
  return text.replace(/[\s+]/g, ' ')
}

function chunksOf(text: string): string[] {
  if (text.length <= CHUNK) return [text]
  const whole = Array.from({ length: Math.floor(text.length / CHUNK) }, (_, index) =>
    text.slice(index * CHUNK, (index + 1) * CHUNK),
  )
  return [...whole, text.slice(-CHUNK)]
}

function isPartOf(text: string, word: string): boolean {
  for (const { from, to } of placesOf(text, toBlanked(word))) {
    if (text.length >= SHORTEST_PART || isWholeWord(word, from, to)) return true
  }
  return false
}

/** Whether no word goes on beyond either end. */
function isWholeWord(text: string, from: number, to: number): boolean {
  const isInWord = (index: number) => WORD_CHARACTER.test(text.charAt(index))
  return !(isInWord(from - 1) && isInWord(from)) && !(isInWord(to - 1) && isInWord(to))
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
const LONGEST_HALF = 8 * 1024

/**
 * A text from outside without secrets, however long it is: of a long one only the beginning is searched, and kept. `isCut` is
 * for one that has lost its end already. A half of a secret at the end goes with the characters around it.
 */
export function redactLong(text: string, redact: Redact, isCut = false): string {
  if (!isCut && text.length <= LONGEST.searched) return redact(text)
  return redact(text.slice(0, LONGEST.searched)).slice(0, -LONGEST_HALF)
}

/** One harmless line of at most `longest` characters, made of any text from outside: secrets go first, what is too long last. */
export function toShownLine(text: string, redact: Redact, longest: number, isCut = false): string {
  return cutOff(toHarmlessLine(redactLong(text, redact, isCut)), longest)
}
