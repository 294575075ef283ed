import { isUtf8 } from 'node:buffer'
import { MOST } from '../policy.js'

/** A text with some rounds of its escapes undone, and for each of its characters where that stands in the text as it came. */
export interface TextLevel {
  readonly text: string
  /** Where a character began; given the length, where the text ended. */
  startOf(index: number): number
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
 * at a time, since a text that was escaped for JSON alone may hold what looks like an escape for a URL.
 */
export function* unescapedLevels(text: string): Generator<TextLevel> {
  const seen = new Set([text])
  const levels: TextLevel[] = [{ text, startOf: (index) => index }]
  // The list grows while it is walked through.
  for (const level of levels) {
    yield level
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
  return { text: parts.join(''), startOf: (index) => starts[index] ?? 0 }
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
