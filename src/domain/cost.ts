import { COST } from '../policy.js'
import type { Plan } from './plan.js'
import { parseQuantity, type Quantity } from './quantity.js'
import { isResource, mapResources, RESOURCES, type ResourceName } from './resources.js'

/** A price in millionths of the currency. */
export type Millionths = bigint

/** What an hour of each resource costs, by the unit that it is billed in; a resource without a rate has no known price. */
export interface HourlyRates {
  readonly rates: { readonly [Name in ResourceName]?: Millionths }
  /** ISO 4217: `GBP`. */
  readonly currency?: string
}

/** What a plan changes of what is allocated, and so of the bill. Numbers are signed decimals without a plus: `0.216`, `-4`, `0`. */
export interface CostChange {
  /** By how much each changed resource grows, as far as that is known. */
  readonly allocations: readonly Allocation[]
  /** What each hour, and a month of hours, cost more; absent where that is not known. */
  readonly perHour?: string
  readonly perMonth?: string
  readonly currency?: string
  /** Why the cost is not known. */
  readonly gaps: readonly string[]
}

interface Allocation {
  readonly resource: ResourceName
  readonly change: string
  /** `vCPU` or `GiB`. */
  readonly unit: string
}

/** A number that is exact whatever it was divided by. */
interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** A resource that a plan changes: by how much, in the unit that is billed, and for how many millionths an hour. */
interface PricedEdit {
  readonly resource: ResourceName
  readonly growth?: Fraction
  readonly rate?: Millionths
}

/** What a plan costs, against the read that it was made from. Exact until the last step, which rounds to millionths. */
export function costOfPlan({ edits }: Pick<Plan, 'edits'>, { rates, currency }: HourlyRates): CostChange {
  const priced = edits.flatMap(({ field, from, to }): PricedEdit[] => {
    if (!isResource(field)) return []
    const growth = growthOf(field, from, to)
    const rate = rates[field]
    return [{ resource: field, ...(growth === undefined ? {} : { growth }), ...(rate === undefined ? {} : { rate }) }]
  })
  const gaps = priced.flatMap(toGaps)
  const perHour = priced.map(({ growth = NOTHING, rate = 0n }) => times(growth, rate)).reduce(plus, NOTHING)
  return {
    allocations: priced.flatMap(({ resource, growth }) =>
      growth === undefined
        ? []
        : [{ resource, change: toDecimal(times(growth, MILLION)), unit: RESOURCES[resource].billed.unit }],
    ),
    ...(gaps.length > 0
      ? {}
      : { perHour: toDecimal(perHour), perMonth: toDecimal(times(perHour, BigInt(COST.hoursOfMonth))) }),
    ...(currency === undefined ? {} : { currency }),
    gaps,
  }
}

const NOTHING: Fraction = { numerator: 0n, denominator: 1n }
const MILLION = 10n ** BigInt(COST.decimals)

function times({ numerator, denominator }: Fraction, factor: bigint): Fraction {
  return { numerator: numerator * factor, denominator }
}

function plus(left: Fraction, right: Fraction): Fraction {
  return {
    numerator: left.numerator * right.denominator + right.numerator * left.denominator,
    denominator: left.denominator * right.denominator,
  }
}

function growthOf(
  resource: ResourceName,
  from: string | null | undefined,
  to: string | null | undefined,
): Fraction | undefined {
  const [before, after] = [parseQuantity(from ?? ''), parseQuantity(to ?? '')]
  if (before === undefined || after === undefined) return undefined
  return { numerator: after - before, denominator: BILLED_SIZES[resource] }
}

const BILLED_SIZES = mapResources((name) => parseQuantity(RESOURCES[name].billed.size)) as Record<
  ResourceName,
  Quantity
>

function toGaps({ resource, growth, rate }: PricedEdit): string[] {
  return [
    ...(growth === undefined ? [`${resource} has no readable value before`] : []),
    ...(rate === undefined ? [`${resource} has no rate`] : []),
  ]
}

/** A fraction of millionths as a decimal without needless zeros; half a millionth rounds away from zero. */
function toDecimal({ numerator, denominator }: Fraction): string {
  const magnitude = numerator < 0n ? -numerator : numerator
  const millionths = (2n * magnitude + denominator) / (2n * denominator)
  const digits = String(millionths).padStart(COST.decimals + 1, '0')
  const fraction = digits.slice(-COST.decimals).replace(/0+$/, '')
  const text = `${digits.slice(0, -COST.decimals)}${fraction === '' ? '' : `.${fraction}`}`
  return numerator < 0n && millionths !== 0n ? `-${text}` : text
}

/** The cost in one line, for log and summary: `cpu +4 vCPU, memory +16 GiB: +£0.216 an hour, +£157.68 per 730 hours`. */
export function toCostText({ allocations, perHour, perMonth, currency, gaps }: CostChange): string {
  if (allocations.length === 0 && gaps.length === 0) return 'no change'
  const allocated = allocations.map(({ resource, change, unit }) => `${resource} ${signed(change)} ${unit}`).join(', ')
  const before = allocated === '' ? '' : `${allocated}: `
  if (perHour === undefined || perMonth === undefined) return `${before}not known, since ${gaps.join(', ')}`
  const money = (amount: string) => toMoney(amount, currency)
  return `${before}${money(perHour)} an hour, ${money(perMonth)} per ${COST.hoursOfMonth} hours`
}

/** Signs that stand for one currency almost everywhere; all others are named by their code. */
const SIGNS: Readonly<Record<string, string>> = {
  EUR: '€',
  GBP: '£',
  ILS: '₪',
  INR: '₹',
  JPY: '¥',
  KRW: '₩',
  TRY: '₺',
  UAH: '₴',
  USD: '$',
}

function toMoney(amount: string, currency: string | undefined): string {
  if (amount === '0') return currency === undefined ? '0' : `${SIGNS[currency] ?? `${currency} `}0`
  const [sign, magnitude] = amount.startsWith('-') ? ['-', amount.slice(1)] : ['+', amount]
  const [whole = '', fraction] = magnitude.split('.')
  // Nobody reads £0.3 as a price.
  const number = fraction === undefined ? whole : `${whole}.${fraction.padEnd(2, '0')}`
  return `${sign}${currency === undefined ? '' : (SIGNS[currency] ?? `${currency} `)}${number}`
}

function signed(amount: string): string {
  return amount === '0' || amount.startsWith('-') ? amount : `+${amount}`
}
