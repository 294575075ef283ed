import { isUtf8 } from 'node:buffer'
import { MOST } from '../policy.js'

/** A text with some rounds of its escapes undone, and for each of its characters where that stands in the text as it came. */
export interface TextLevel {
  readonly text: string
  /** Whether line breaks and the like were taken out, so that words may stand together that stood apart. */
  readonly isJoined?: true
  /** Where a character began; given the length, where the text ended. */
  startOf(index: number): number
  /** Where the character before `index` ended. */
  endOf(index: number): number
}

/** One way to write characters by others: what every such escape begins with, and what it looks like. */
interface Escaping {
  readonly introducer: string
  readonly pattern: RegExp
}

/** Those of URLs, of JSON and programs, and of HTML. */
const ESCAPINGS: readonly Escaping[] = [
  { introducer: '%', pattern: /(?:%[0-9A-Fa-f]{2})+/g },
  {
    introducer: '\\',
    pattern: /\\u\{[0-9A-Fa-f]{1,6}\}|\\[uU][0-9A-Fa-f]{4}|\\[xX][0-9A-Fa-f]{2}|\\["'`\\/bfnrt]/g,
  },
  { introducer: '&', pattern: /&#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});|&(?:amp|lt|gt|quot|apos);/g },
]

/** True where a text can hold no escape at all. */
export function isFreeOfEscapes(text: string): boolean {
  return ESCAPINGS.every(({ introducer }) => !text.includes(introducer))
}

/**
 * The text as it is, then as it is after any row of unescapings, the shortest rows first: JSON in a URL in JSON takes three. One
 * at a time, since a text that was escaped for JSON alone may hold what looks like an escape for a URL. Each of them is followed by
 * itself without what nobody sees, where there is any: it may stand inside a secret.
 */
export function* unescapedLevels(text: string): Generator<TextLevel> {
  const seen = new Set([text])
  const levels: TextLevel[] = [{ text, startOf: (index) => index, endOf: (index) => index }]
  // The list grows while it is walked through.
  for (const level of levels) {
    yield level
    if (!PRINTABLE.test(level.text)) yield* withoutUnseen(level)
    for (const escaping of ESCAPINGS) {
      if (levels.length === MOST.unescapedForms || !level.text.includes(escaping.introducer)) continue
      const next = undo(level, escaping)
      if (!seen.has(next.text)) levels.push(next)
      seen.add(next.text)
    }
  }
}

/** The text in every form that {@link unescapedLevels} gives it, the text itself first. */
export function unescapedForms(text: string): string[] {
  return Array.from(unescapedLevels(text), (level) => level.text)
}

function undo({ text, startOf }: TextLevel, { pattern }: Escaping): TextLevel {
  const parts: string[] = []
  const starts: number[] = []
  const take = (part: string, at: number, step: number) => {
    parts.push(part)
    for (let index = 0; index < part.length; index++) starts.push(startOf(at + index * step))
  }
  let done = 0
  for (const match of text.matchAll(pattern)) {
    const [escaped] = match
    take(text.slice(done, match.index), done, 1)
    if (escaped.startsWith('%')) {
      for (const { character, at } of percentCharacters(escaped)) take(character, match.index + at, 0)
    } else take(toCharacter(escaped), match.index, 0)
    done = match.index + escaped.length
  }
  take(text.slice(done), done, 1)
  starts.push(startOf(text.length))
  const at = (index: number) => starts[index] ?? 0
  return { text: parts.join(''), startOf: at, endOf: at }
}

const PRINTABLE = /^[ -~]*$/

/** A level without line breaks, with the indent after them, without control and zero-width characters; nothing where it has none. */
function* withoutUnseen({ text, startOf, endOf }: TextLevel): Generator<TextLevel> {
  const unseen = unseenPattern(text)
  const places: number[] = []
  let done = 0
  for (const { 0: match, index } of text.matchAll(unseen)) {
    for (; done < index; done++) places.push(done)
    done += match.length
  }
  if (done === 0 && places.length === 0) return
  for (; done < text.length; done++) places.push(done)
  places.push(text.length)
  yield {
    text: text.replace(unseen, ''),
    isJoined: true,
    startOf: (index) => startOf(places[index] ?? 0),
    endOf: (index) => endOf(index === 0 ? 0 : (places[index - 1] ?? 0) + 1),
  }
}

/** With the codes that colour a terminal. The classes of Unicode are slow to compile, and hardly any text needs them. */
function unseenPattern(text: string): RegExp {
  // biome-ignore-start lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
  return /^[\0-\x7f]*$/.test(text)
    ? /(?:[\r\n]\s*|\x1b\[[\d;]*m|[\0-\x1f\x7f])+/g
    : /(?:[\r\n\u2028\u2029]\s*|\x1b\[[\d;]*m|[\p{Default_Ignorable_Code_Point}\p{Cc}])+/gu
  // biome-ignore-end lint/suspicious/noControlCharactersInRegex: see above
}

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What one backslash or HTML escape stands for; a number beyond Unicode stands for itself. */
function toCharacter(escaped: string): string {
  const name = escaped.slice(1).replace(/;$/, '')
  if (escaped.startsWith('&') && !name.startsWith('#')) return ENTITIES[name] ?? escaped
  const [, hex] = /^(?:[uxUX]|#[xX])\{?([0-9A-Fa-f]+)\}?$/.exec(name) ?? []
  const [, decimal] = /^#(\d+)$/.exec(name) ?? []
  if (hex === undefined && decimal === undefined) return LETTERS[name] ?? name
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  return code > 0x10ffff ? escaped : String.fromCodePoint(code)
}

/** The characters of a row of percent escapes, which are bytes of UTF-8; a byte that is none of that stands for itself. */
function* percentCharacters(escapes: string): Generator<{ readonly character: string; readonly at: number }> {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
  for (let index = 0; index < bytes.length; ) {
    const size = utf8Size(bytes[index] ?? 0)
    const own = bytes.subarray(index, index + size)
    const isWhole = isUtf8(own)
    yield { character: isWhole ? own.toString() : String.fromCharCode(bytes[index] ?? 0), at: index * 3 }
    index += isWhole ? size : 1
  }
}

function utf8Size(lead: number): number {
  if (lead < 0xc0) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}
