import { toSentence } from '../domain/outcome.js'
import { LONGEST } from '../policy.js'
import { cutOff } from '../redact.js'
import { isLetterOrDigit } from './markdown.js'
import { type EndingWords, withoutEmoji } from './words.js'

/** All that a text of the server may put into a chat: nothing in it forms a mention, a link or a command there. */
const UNSAFE = /[^A-Za-z0-9 .,:;/%+\-_()→]/gu

/**
 * The output `message`: what happened, the state, and what to do next, in plain text for a chat. Where it is too long, what happened
 * is shortened, never the next step.
 */
export function toMessage({ title, what, sent, state, next }: EndingWords): string {
  const before = toSentence(toSafe(withoutEmoji(title)))
  const after = [
    `Sent by this run: ${toSentence(toSafe(sent))}`,
    ...(state === undefined ? [] : [`${state.seen}: ${toSentence(toSafe(state.text))}`]),
    ...(next === undefined ? [] : [toSentence(toSafe(next))]),
  ].join(' ')
  const room = LONGEST.message - before.length - after.length - 2
  const cause = room < SHORTEST_CAUSE ? '' : cutOff(toSafe(what), room)
  return cutOff([before, cause, after].filter((part) => part !== '').join(' '), LONGEST.message)
}

const SHORTEST_CAUSE = 20

function toSafe(text: string): string {
  return text
    .replaceAll('’', '')
    .replace(UNSAFE, (character) => (isLetterOrDigit(character) ? character : ' '))
    .replace(/ {2,}/g, ' ')
    .trim()
}
