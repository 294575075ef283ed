import { isFreeOfEscapes } from './escapes.js'
import { type Finder, placesOf, type Span } from './spans.js'

/** Kupe's keys look like `kupe_<id>_<secret>`: one that was pasted into the wrong input is a key all the same. */
const KEY_SHAPE = /kupe_[a-z0-9]+_[a-z0-9_-]{8,}/gi
const LAST_PART_OF_KEY = /^kupe_[a-z0-9]+_(.{8,})$/i

/** A shorter text is no secret, and taking it out would leave nothing to read. */
const SHORTEST_SECRET = 4

/** Makes what finds these secrets, however they are spelt, and whatever looks like one of Kupe's keys. */
export function createSecretFinder(secrets: readonly string[]): Finder {
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
    // It would go on into the next line's first word.
    if (level.isJoined) return
    for (const { index, 0: key } of level.text.matchAll(KEY_SHAPE)) yield { from: index, to: index + key.length }
  }
}

/** Only of ASCII: other letters may change their length. */
function toLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** How one character may be written, in small letters: as it is, or escaped for a URL, JSON or a program. */
function spellingsOf(character: string): string[] {
  const code = character.codePointAt(0) ?? 0
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  const bytes = [...Buffer.from(character.toWellFormed())].map((byte) => byte.toString(16).padStart(2, '0'))
  const spellings = [
    character,
    bytes.map((byte) => `%${byte}`).join(''),
    units.map((unit) => `\\u${unit}`).join(''),
    `\\u{${code.toString(16)}}`,
    ...(code < 0x100 ? [`\\x${code.toString(16).padStart(2, '0')}`] : []),
    ...(/["'`\\/]/.test(character) ? [`\\${character}`] : []),
  ]
  return spellings.map(toLowerCase)
}

/**
 * Reads on from every place where the first character stands, in any of its spellings. To undo the escapes is not enough: a mark
 * that stands right before a secret would take its first characters for an escape.
 */
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
