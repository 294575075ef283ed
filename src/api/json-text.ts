import type { JsonValue } from '../domain/json.js'
import { DEEPEST_JSON } from '../policy.js'

/** What a text turned out to be: JSON, nothing of that kind, or JSON that is nested too deeply to be walked. */
export type JsonText =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-deep' }

/** Reads a text as JSON; a byte order mark before it is dropped. Its depth is looked at first, and without recursion. */
export function readJson(text: string): JsonText {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text
  if (depthOf(json) > DEEPEST_JSON) return { kind: 'too-deep' }
  try {
    return { kind: 'json', value: JSON.parse(json) as JsonValue }
  } catch {
    return { kind: 'not-json' }
  }
}

/** The value of a text that is JSON of a bearable depth, else `undefined`. */
export function parseJson(text: string): JsonValue | undefined {
  const read = readJson(text)
  return read.kind === 'json' ? read.value : undefined
}

/** How many arrays and objects are open at once where most are; exact for JSON, and any number for other texts. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (let index = 0; index < text.length; index++) {
    const character = text[index]
    if (character === '"') index = endOfString(text, index)
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth)
    else if (character === ']' || character === '}') depth--
  }
  return deepest
}

/** The index of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '"') return index
    if (text[index] === '\\') index++
  }
  return text.length
}
