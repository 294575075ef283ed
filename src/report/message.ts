import { toSentence } from '../domain/outcome.js'
import { LONGEST } from '../policy.js'
import { cutOff } from '../redact.js'
import { isLetterOrDigit } from './markdown.js'
import { type EndingWords, withoutEmoji } from './words.js'

/** All that a text of the server may put into a chat: nothing in it forms a mention, a link or a command there. */
const UNSAFE = /[^A-Za-z0-9 .,:;/%+\-_()→]/gu

/**
 * The output `message`: what happened, the state, and what to do next, in plain text for a chat. Where it is too long, what happened
 * is shortened, and then what else there is, but never the next step.
 */
export function toMessage({ title, what, sent, isSentSaid, state, next }: EndingWords): string {
  let room: number = LONGEST.message
  const take = (text: string, longest = room) => {
    const most = Math.min(longest, room)
    const shown = text.length <= most ? text : most < SHORTEST_PART ? '' : cutOff(text, most)
    room -= shown === '' ? 0 : shown.length + ' '.length
    return shown
  }
  // What matters most is given its room first.
  const shownNext = take(next === undefined ? '' : toSentence(toSafe(next)))
  const shownTitle = take(toSentence(toSafe(withoutEmoji(title))), LONGEST.title)
  const shownSent = take(isSentSaid ? '' : `Sent by this run: ${toSentence(toSafe(sent))}`)
  const shownState = take(
    state === undefined ? '' : `${state.seen}: ${toSentence(cutOff(toSafe(state.text), LONGEST.cell))}`,
  )
  const shownCause = take(toSafe(what))
  return [shownTitle, shownCause, shownSent, shownState, shownNext].filter((part) => part !== '').join(' ')
}

const SHORTEST_PART = 20

function toSafe(text: string): string {
  return toSpoken(text)
    .replaceAll('’', '')
    .replace(UNSAFE, (character) => (isLetterOrDigit(character) ? character : ' '))
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** Our own words on workflow expressions, whose marks would be lost: `write none` would have a guard switched off. */
function toSpoken(text: string): string {
  return text
    .replace(FALLBACK, 'give the expression the fallback $1, but only on purpose; else mend what it comes from')
    .replace(/\|\| '([\w-]+)'/g, 'a fallback $1')
    .replace(/\$\{\{ \}\}/g, 'dollar sign and braces')
    .replace(/\$\{\{ ([\w.-]+) \}\}/g, 'the expression $1')
}

const FALLBACK = /write \$\{\{ … \|\| '([\w-]+)' \}\}/g
