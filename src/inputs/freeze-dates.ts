import { type FreezeEntry, parseFreezeEntry, splitFreezeDates } from '../domain/freeze.js'
import { FREEZE_DATES } from '../policy.js'
import { PRODUCED_NOTHING } from './names.js'
import { type InputReader, isFault, type Parsed } from './reader.js'
import { withoutQuotes, withPlainDashes } from './spelling.js'

/** Reads the days on which nothing is sent; `undefined` where there are none, or where one of them is at fault. */
export function readFreezeEntries(read: InputReader): readonly FreezeEntry[] | undefined {
  const list = read.read('freeze-dates', (text) => ({ value: text }))
  if (list === undefined) return undefined
  const texts = splitFreezeDates(list)
  if (texts.length > FREEZE_DATES.mostEntries) {
    return read.fail('freeze-dates', {
      reason: `has ${texts.length} entries, and ${FREEZE_DATES.mostEntries} are the most that it takes`,
    })
  }
  const given = texts.filter((text) => text !== '')
  const isOneLost = given.length < texts.length
  if (isOneLost) {
    read.fail(
      'freeze-dates',
      { reason: `has an entry that is empty: a comma is one too many, or ${PRODUCED_NOTHING}` },
      { text: list },
    )
  }
  const parsed = given.map((text) => ({ text, entry: parseEntry(text) }))
  const faulty = parsed.flatMap(({ text, entry }) => (isFault(entry) ? [{ text, fault: entry }] : []))
  for (const { text, fault } of faulty.slice(0, FREEZE_DATES.mostFaults)) read.fail('freeze-dates', fault, { text })
  const untold = faulty.length - FREEZE_DATES.mostFaults
  if (untold > 0) read.problems.push({ input: 'freeze-dates', reason: `has ${untold} more entries that are at fault` })
  return isOneLost || faulty.length > 0
    ? undefined
    : parsed.flatMap(({ entry }) => (isFault(entry) ? [] : [entry.value]))
}

function parseEntry(text: string): Parsed<FreezeEntry> {
  const entry = parseFreezeEntry(text)
  if (!('reason' in entry)) return { value: entry }
  const guess = guessEntry(text)
  if (guess !== undefined) return { ...entry, repaired: [guess] }
  return /^\d{1,2}[-./]\d{1,2}\.?$/.test(text) ? { reason: 'has no year' } : entry
}

const DAY = /\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{8}/g
const COMMENT_OR_TIME = /\s*#.*$|t\d{2}:?\d{2}[\d:.]*(?:z|[+-]\d{2}:?\d{2})?/gi
const BETWEEN = /^(?:-|\.{2,}|…|\/|:|to|until|till|through|bis)$/i

function guessEntry(text: string): string | undefined {
  const plain = withPlainDashes(withoutQuotes(text.replace(COMMENT_OR_TIME, '')))
  const days = (plain.match(DAY) ?? []).map(toDay)
  const between = plain.replace(DAY, '')
  const isRange = days.length === 2 && BETWEEN.test(between)
  if (days.length === 0 || (between !== '' && !isRange)) return undefined
  if (!days.every((day) => day !== undefined)) return undefined
  const guesses = isRange ? [days.toSorted().join('..')] : days
  return guesses.some((guess) => 'reason' in parseFreezeEntry(guess)) ? undefined : guesses.join(', ')
}

/** `2026-12-24` of `24.12.2026`, `2026/12/24` or `20261224`; `undefined` where day and month may be either. */
function toDay(text: string): string | undefined {
  const [, left = '', right = '', year = ''] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? []
  if (year !== '') {
    const isDayFirst = text.includes('.') || Number(left) > 12 || left === right
    if (!isDayFirst && Number(right) <= 12) return undefined
    const [day, month] = isDayFirst ? [left, right] : [right, left]
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  }
  const [, y = '', month = '', day = ''] = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/.exec(text) ?? []
  return `${y}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
