import { type TextLevel, unescapedLevels } from './escapes.js'

/** A stretch of a text, from one character up to before another. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Finds what must not be shown on one level of a text's escapes. */
export type Finder = (level: TextLevel) => Iterable<Span>

/** What stands for everything that was taken out. */
export const REDACTED = '***'

/** Every place where one text stands in another, overlapping ones too. */
export function* placesOf(wanted: string, text: string): Generator<Span> {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    yield { from: at, to: at + wanted.length }
  }
}

/** The text with `***` for whatever these find on any level of its escapes. */
export function withoutFound(text: string, finders: readonly Finder[]): string {
  const found: Span[] = []
  for (const level of unescapedLevels(text)) {
    for (const finder of finders) {
      for (const { from, to } of finder(level)) found.push({ from: level.startOf(from), to: level.endOf(to) })
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
