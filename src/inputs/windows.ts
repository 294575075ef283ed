import { parseWindow, type TimeWindow } from '../domain/window.js'
import { type Parse, toFault } from './reader.js'
import { hasSplitNumber, withoutQuotes, withPlainDashes } from './spelling.js'

/** Reads a stretch of the day; one that ends where it starts may mean all day or never, so it is refused. */
export function parseWindowInput(timezone: string): Parse<TimeWindow> {
  return (text) => {
    const window = parseWindow(text, timezone)
    if (window !== undefined && !isEmpty(window)) return { value: window }
    const reason = window === undefined ? problemOf(text) : 'starts where it ends, which may mean all day or never'
    const guess = window === undefined ? guessWindow(text) : guessWholeDay(window)
    return toFault(reason, [guess])
  }
}

function problemOf(text: string): string {
  return /[,;\n]/.test(text) ? 'is more than one time window, and one is all that it takes' : 'is not a time window'
}

function isEmpty({ fromMinute, untilMinute }: TimeWindow): boolean {
  return fromMinute === untilMinute
}

function guessWholeDay({ fromMinute }: TimeWindow): string | undefined {
  return fromMinute === 0 ? '00:00-24:00' : undefined
}

function guessWindow(text: string): string | undefined {
  if (hasSplitNumber(text)) return undefined
  const plain = withPlainDashes(withoutQuotes(text).toLowerCase()).replace(/to|until|till|bis|\.\.+|\//, '-')
  const ends = plain.split('-')
  const [from, until] = ends.map(toTime)
  if (ends.length !== 2 || from === undefined || until === undefined) return undefined
  const window = parseWindow(`${from.replace(/^24/, '00')}-${until}`, 'UTC')
  return window === undefined || isEmpty(window) ? undefined : window.text
}

const TIME = /^(\d{1,2})(?:[:.h]?(\d{2})(?::00)?)?(am|pm|h|uhr)?$/

/** `20`, `8pm`, `20.30`, `2030` or `20:30:00` as a window's end. */
function toTime(text: string): string | undefined {
  const [, hour = '', minute = '00', half = ''] = TIME.exec(text) ?? []
  if (hour === '') return undefined
  const isHalf = half === 'am' || half === 'pm'
  if (isHalf && (Number(hour) < 1 || Number(hour) > 12)) return undefined
  const hours = isHalf ? (Number(hour) % 12) + (half === 'pm' ? 12 : 0) : Number(hour)
  return `${hours}:${minute}`
}
