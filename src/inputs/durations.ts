import { parseDuration } from '../domain/duration.js'
import type { Fault } from '../errors.js'
import { type Parse, toFault } from './reader.js'
import { hasSplitNumber, withDecimalPoint, withoutQuotes } from './spelling.js'

export interface DurationRules {
  /** Whether it may be zero. */
  readonly zero?: boolean
  /** The units that a bare number may have had: other tools count time in the one or the other. */
  readonly bareUnits?: (count: number) => readonly string[]
}

/** Reads a duration into milliseconds. Nothing is clamped: what is no duration above zero is a fault. */
export function parseDurationInput(rules: DurationRules = {}): Parse<number> {
  const isFine = (ms: number | undefined): ms is number => ms !== undefined && (ms > 0 || rules.zero === true)
  return (text) => {
    const ms = parseDuration(text)
    if (isFine(ms)) return { value: ms }
    const { reason, repaired = [] } = faultOf(text, rules)
    return toFault(
      reason,
      repaired.filter((guess) => isFine(parseDuration(guess))),
    )
  }
}

function faultOf(text: string, { zero = false, bareUnits = () => ['s', 'm'] }: DurationRules): Fault {
  const bare = withoutQuotes(text)
  const isZero = parseDuration(bare) === 0 || /^0+$/.test(bare)
  if (isZero) return zero ? { reason: 'has no unit', repaired: ['0s'] } : { reason: 'must be above zero' }
  if (/^\d+$/.test(bare)) return { reason: 'has no unit', repaired: bareUnits(Number(bare)).map((unit) => bare + unit) }
  return toFault('is not a duration', [guessDuration(bare)])
}

/** What people write for a unit, with its length in milliseconds and our own word for it. */
const UNITS: readonly { readonly form: RegExp; readonly ms: number; readonly unit: string }[] = [
  { form: /^(?:ms|msecs?|millis?|milliseconds?)$/, ms: 1, unit: 'ms' },
  { form: /^(?:s|secs?|seconds?)$/, ms: 1_000, unit: 's' },
  { form: /^(?:m|mins?|minutes?)$/, ms: 60_000, unit: 'm' },
  { form: /^(?:h|hrs?|hours?)$/, ms: 3_600_000, unit: 'h' },
  { form: /^(?:d|days?)$/, ms: 86_400_000, unit: 'd' },
]

const PART = /(\d+(?:\.\d+)?)([a-z]+)/g

function guessDuration(text: string): string | undefined {
  if (hasSplitNumber(text)) return undefined
  const plain = withDecimalPoint(
    text
      .toLowerCase()
      .replace(/^pt(?=\d)/, '')
      .replace(/\band\b|\s+/g, ''),
  )
  if (plain === undefined || plain.replace(PART, '') !== '') return undefined
  const parts = [...plain.matchAll(PART)].map(([, count = '', word = '']) => {
    const found = UNITS.find(({ form }) => form.test(word))
    return found === undefined ? undefined : { count, unit: found.unit, ms: Number(count) * found.ms }
  })
  const known = parts.filter((part) => part !== undefined)
  const [first] = known
  if (first === undefined || known.length < parts.length) return undefined
  // As it was counted, where that is possible: 90 minutes stay 90m.
  const asCounted = known.length === 1 ? first.count + first.unit : ''
  if (parseDuration(asCounted) !== undefined) return asCounted
  return toDurationInput(known.reduce((sum, { ms }) => sum + ms, 0))
}

function toDurationInput(ms: number): string {
  const rounded = Math.round(ms)
  const counts = [
    [Math.floor(rounded / 3_600_000), 'h'],
    [Math.floor(rounded / 60_000) % 60, 'm'],
    [Math.floor(rounded / 1_000) % 60, 's'],
    [rounded % 1_000, 'ms'],
  ] as const
  return counts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('')
}
