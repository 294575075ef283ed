import type { HourlyRates, Millionths } from '../domain/cost.js'
import { RESOURCE_NAMES, type ResourceName } from '../domain/resources.js'
import { COST, HOURLY_RATES } from '../policy.js'
import { RESOURCE_SYNONYMS } from './names.js'
import { findNearest } from './nearest.js'
import { type InputReader, isFault, type Parsed, toFault } from './reader.js'
import { withDecimalPoint, withoutQuotes } from './spelling.js'

const KEYS = [...RESOURCE_NAMES, 'currency'] as const
type Key = (typeof KEYS)[number]

/** `cpu=0.03` as it was understood. */
interface Entry {
  readonly key: Key
  readonly rate?: Millionths
  readonly currency?: string
}

/** Reads what an hour of each resource costs; `undefined` where nothing is given, or where an entry is at fault. */
export function readHourlyRates(read: InputReader): HourlyRates | undefined {
  const list = read.read('hourly-rates', (text) => ({ value: text }))
  if (list === undefined) return undefined
  const texts = splitEntries(list)
  if (texts.length > HOURLY_RATES.mostEntries) {
    return read.fail('hourly-rates', { reason: `has ${texts.length} entries, and knows only ${KEYS.join(', ')}` })
  }
  const entries: Entry[] = []
  let isFaulty = false
  for (const text of texts) {
    const parsed = refuseTwice(parseEntry(text), entries)
    if (isFault(parsed)) {
      isFaulty = true
      read.fail('hourly-rates', parsed, { text })
    } else entries.push(parsed.value)
  }
  if (isFaulty) return undefined
  const rates = Object.fromEntries(
    entries.flatMap(({ key, rate }) => (rate === undefined ? [] : [[key, rate]])),
  ) as HourlyRates['rates']
  if (Object.keys(rates).length === 0) return read.fail('hourly-rates', { reason: 'has no rate in it' }, { text: list })
  const { currency } = entries.find(({ key }) => key === 'currency') ?? {}
  return { rates, ...(currency === undefined ? {} : { currency }) }
}

/** The entries between commas and line breaks. A decimal comma would split a rate in two: such a pair stays one entry, to be told so. */
function splitEntries(list: string): string[] {
  const entries: string[] = []
  for (const line of list.split(/[\r\n]/)) {
    let previous = -1
    for (const text of line.split(',').map((part) => part.trim())) {
      if (/^\d+\b/.test(text) && /\d$/.test(entries[previous] ?? '')) entries[previous] += `,${text}`
      else if (text !== '') previous = entries.push(text) - 1
    }
  }
  return entries
}

function refuseTwice(parsed: Parsed<Entry>, earlier: readonly Entry[]): Parsed<Entry> {
  if (isFault(parsed) || !earlier.some(({ key }) => key === parsed.value.key)) return parsed
  return { reason: 'is given twice' }
}

function parseEntry(text: string): Parsed<Entry> {
  const exact = /^([a-z]+)\s*=\s*(\S+)$/.exec(text)
  const [, name = '', value = ''] = exact ?? /^["'`]?([\p{L}-]+)["'`]?\s*(?:=|:|\s)\s*(.+)$/su.exec(text) ?? []
  const several = text.match(/[\p{L}-]+\s*[=:]\s*[^\s,;]+/gu) ?? []
  if (several.length > 1) return { reason: 'has no comma between its parts', repaired: [several.join(', ')] }
  if (name === '') return { reason: 'is not a rate, such as cpu=0.03' }
  const key = KEYS.find((each) => each === name) ?? guessKey(name)
  const isKnown = key === name
  if (key === undefined) return { reason: `has a name that is none of ${KEYS.join(', ')}` }
  const parsed = key === 'currency' ? parseCurrency(value) : parseRate(key, value)
  if (!isFault(parsed)) {
    if (exact !== null && isKnown) return parsed
    const reason = isKnown ? 'is not written as name=value' : `has a name that is none of ${KEYS.join(', ')}`
    return { reason, repaired: [`${key}=${value}`] }
  }
  const { reason, repaired = [] } = parsed
  return toFault(
    reason,
    repaired.map((guess) => `${key}=${guess}`),
  )
}

function guessKey(name: string): Key | undefined {
  const lower = name.toLowerCase()
  const meant = Object.entries(RESOURCE_SYNONYMS).find(([synonym]) => synonym === lower)?.[1]
  return meant ?? KEYS.find((key) => key === lower) ?? findNearest(lower, KEYS)
}

const RATE = new RegExp(`^(\\d{1,${HOURLY_RATES.mostDigits}})(?:\\.(\\d{1,${COST.decimals}}))?$`)

function toMillionths(text: string): Millionths | undefined {
  const [matched, whole = '', fraction = ''] = RATE.exec(text) ?? []
  return matched === undefined ? undefined : BigInt(whole + fraction.padEnd(COST.decimals, '0'))
}

function parseRate(key: ResourceName, text: string): Parsed<Entry> {
  const rate = toMillionths(text)
  if (rate !== undefined) return { value: { key, rate } }
  const [, number = ''] = AROUND_A_RATE.exec(withoutQuotes(text)) ?? []
  // Before the comma of a number below one there are no thousands.
  const pointed = number.startsWith('0,') ? number.replace(',', '.') : withDecimalPoint(number)
  if (pointed === undefined) return { reason: 'has a comma that may be a decimal point or stand between thousands' }
  const guess = toSixDecimals(pointed)
  const isTooFine = /^\d+\.\d{7,}$/.test(text)
  const reason = isTooFine ? `has more than ${COST.decimals} decimals` : 'is not a price as a plain number'
  return toFault(reason, toMillionths(guess) === undefined ? [] : [guess])
}

/** What people write around the price of an hour: a currency, and that it is for an hour. A price for anything else is not repaired. */
const AROUND_A_RATE =
  /^(?:[A-Z]{3}|\p{Sc})?\s*\+?(\d*(?:[.,]\d+)?)\s*(?:[A-Z]{3}|\p{Sc})?\s*(?:(?:\/|per|an)\s*h(?:ou)?r?)?$/iu

function toSixDecimals(number: string): string {
  const [whole = '', fraction = ''] = number.split('.')
  if (fraction.length <= COST.decimals)
    return `${whole === '' && fraction !== '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`
  const kept = BigInt(`${whole}${fraction.slice(0, COST.decimals)}`) + (Number(fraction[COST.decimals]) >= 5 ? 1n : 0n)
  const digits = String(kept).padStart(COST.decimals + 1, '0')
  return `${digits.slice(0, -COST.decimals)}.${digits.slice(-COST.decimals)}`.replace(/\.?0+$/, '')
}

const CURRENCIES: Readonly<Record<string, string>> = {
  $: 'USD',
  '£': 'GBP',
  '€': 'EUR',
  dollar: 'USD',
  dollars: 'USD',
  euro: 'EUR',
  euros: 'EUR',
  pound: 'GBP',
  pounds: 'GBP',
}

function parseCurrency(text: string): Parsed<Entry> {
  if (/^[A-Z]{3}$/.test(text)) return { value: { key: 'currency', currency: text } }
  const reason = 'is not a currency by its three capitals'
  const plain = withoutQuotes(text)
  const guess = CURRENCIES[plain.toLowerCase()] ?? plain.toUpperCase()
  return /^[A-Z]{3}$/.test(guess) ? { reason, repaired: [guess] } : { reason }
}
