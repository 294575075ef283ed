import { findNearest } from './nearest.js'
import { isFault, type Parse, type Parsed, toFault } from './reader.js'
import { withoutQuotes } from './spelling.js'

const YES = /^(?:true|yes|on|y|t|1|enabled?)$/
const NO = /^(?:false|no|off|n|f|0|disabled?|never)$/

/** Reads what the toolkit of GitHub reads as a boolean, and nothing else. */
export function parseBoolean(text: string): Parsed<boolean> {
  if (/^(?:true|True|TRUE)$/.test(text)) return { value: true }
  if (/^(?:false|False|FALSE)$/.test(text)) return { value: false }
  const word = withoutQuotes(text).toLowerCase()
  const reason = 'is neither true nor false'
  if (YES.test(word)) return { reason, repaired: ['true'] }
  if (NO.test(word)) return { reason, repaired: ['false'] }
  const nearest = findNearest(word, ['true', 'false'])
  return toFault(reason, [nearest])
}

/** When a comment is made: always, never, or only where there is something to say. */
export function parseComment(text: string): Parsed<boolean | 'changes'> {
  if (text === 'changes') return { value: text }
  const parsed = parseBoolean(text)
  if (!isFault(parsed)) return parsed
  const reason = 'is none of true, false, changes'
  const nearest = findNearest(withoutQuotes(text).toLowerCase(), ['changes'])
  return nearest === undefined ? { ...parsed, reason } : { reason, repaired: [nearest] }
}

/** Reads one of `choices`; `meant` says which of them people mean by another word. */
export function parseChoice<const Choice extends string>(
  choices: readonly Choice[],
  meant: Readonly<Record<string, NoInfer<Choice>>> = {},
): Parse<Choice> {
  return (text) => {
    const chosen = choices.find((choice) => choice === text)
    if (chosen !== undefined) return { value: chosen }
    const word = withoutQuotes(text).toLowerCase()
    const repaired = Object.hasOwn(meant, word) ? meant[word] : findNearest(word, choices)
    const reason = `is none of ${choices.join(', ')}`
    return toFault(reason, [repaired])
  }
}
