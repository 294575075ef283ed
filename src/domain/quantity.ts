import { LONGEST } from '../policy.js'

/** A quantity counted in nano-units, exactly; Kubernetes rounds anything finer up to one nano. */
export type Quantity = bigint

const NANO_EXPONENT = 9
const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const BINARY_SHIFTS: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

const GRAMMAR = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/

/** Powers of ten are not free, and no real quantity needs a larger one. */
const LARGEST_EXPONENT = 64

/**
 * Reads a quantity by Kubernetes' whole grammar (`n u m k M G T P E`, `Ki…Ei`, exponents, bare numbers).
 * Gives `undefined` for anything else: the caller then compares texts.
 */
export function parseQuantity(text: string): Quantity | undefined {
  if (text.length > LONGEST.quantity) return undefined
  const match = GRAMMAR.exec(text)
  if (match === null) return undefined
  const [, sign, number = '', exponentPart, suffix = ''] = match
  const [whole = '', fraction = ''] = number.split('.')
  const exponent = exponentPart === undefined ? (DECIMAL_EXPONENTS[suffix] ?? 0) : Number(exponentPart.slice(1))
  if (Math.abs(exponent) > LARGEST_EXPONENT) return undefined
  const digits = BigInt(whole + fraction) << (BINARY_SHIFTS[suffix] ?? 0n)
  const magnitude = timesPowerOfTen(digits, exponent - fraction.length + NANO_EXPONENT)
  return sign === '-' ? -magnitude : magnitude
}

function timesPowerOfTen(value: bigint, power: number): bigint {
  if (power >= 0) return value * 10n ** BigInt(power)
  const divisor = 10n ** BigInt(-power)
  return (value + divisor - 1n) / divisor
}

/** True when two quantities mean the same amount (`4` = `4000m`); texts that are no quantities are equal only letter by letter. */
export function isSameQuantity(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  const [leftValue, rightValue] = [parseQuantity(left), parseQuantity(right)]
  if (leftValue === undefined || rightValue === undefined) return left === right
  return leftValue === rightValue
}

/** One spelling for every equal quantity, for digests: the count of nano-units, or the text itself where it is no quantity. */
export function canonicalQuantity(text: string): string {
  const quantity = parseQuantity(text)
  return quantity === undefined ? `text:${text}` : `${quantity}n`
}

const REQUESTED_CPU = /^\d+(?:\.\d+)?m?$/
const REQUESTED_BYTES = /^\d+(?:\.\d+)?(?:[KMGTPE]i|[kMGTPE])$/
const NANOS_PER_MILLI = 1_000_000n

/** What is wrong with a requested `cpu`, or `undefined`. The API takes digits, decimals and `m`; it schedules nothing finer than `1m`. */
export function problemOfCpu(text: string): string | undefined {
  if (!REQUESTED_CPU.test(text)) return 'is not a CPU quantity'
  const quantity = parseQuantity(text)
  if (quantity === undefined) return 'is too long for a CPU quantity'
  if (quantity === 0n) return 'must be above zero'
  return quantity % NANOS_PER_MILLI === 0n ? undefined : 'is finer than 1m, a thousandth of a CPU'
}

/** What is wrong with a requested `memory` or `storage`, or `undefined`. The API refuses bare numbers as ambiguous. */
export function problemOfBytes(text: string): string | undefined {
  if (/^\d+(?:\.\d+)?$/.test(text)) return 'has no unit'
  if (!REQUESTED_BYTES.test(text)) return 'is not a quantity of bytes'
  const quantity = parseQuantity(text)
  if (quantity === undefined) return 'is too long for a quantity of bytes'
  return quantity === 0n ? 'must be above zero' : undefined
}
