import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { DesiredChange } from '../../../src/domain/change.js'
import { type CostChange, costOfPlan, type HourlyRates, toCostText } from '../../../src/domain/cost.js'
import type { ClusterOverrides } from '../../support/clusters.js'
import { toPlan } from '../../support/plans.js'

const KUPE: HourlyRates = { rates: { cpu: 30_000n, memory: 6_000n, storage: 116n }, currency: 'GBP' }

function costOf(desired: DesiredChange, rates: HourlyRates = KUPE, live: ClusterOverrides = {}): CostChange {
  return costOfPlan(toPlan(desired, { live }), rates)
}

describe('the change of 4 CPUs, 16Gi and 100Gi', () => {
  test.each<[DesiredChange, perHour: string, perMonth: string, text: string]>([
    [{ cpu: '8' }, '0.12', '87.6', 'cpu +4 vCPU: +£0.12 an hour, +£87.60 per 730 hours'],
    [{ cpu: '2' }, '-0.06', '-43.8', 'cpu -2 vCPU: -£0.06 an hour, -£43.80 per 730 hours'],
    [{ cpu: '4001m' }, '0.00003', '0.0219', 'cpu +0.001 vCPU: +£0.00003 an hour, +£0.0219 per 730 hours'],
    [
      { cpu: '8', memory: '32Gi', storage: '200Gi' },
      '0.2276',
      '166.148',
      'cpu +4 vCPU, memory +16 GiB, storage +100 GiB: +£0.2276 an hour, +£166.148 per 730 hours',
    ],
    [{ cpu: '3', memory: '21Gi' }, '0', '0', 'cpu -1 vCPU, memory +5 GiB: £0 an hour, £0 per 730 hours'],
    [{ memory: '16384Mi' }, '0', '0', 'no change'],
    [{ memory: '17G' }, '-0.001005', '-0.733721', 'memory -0.167516 GiB: -£0.001005 an hour, -£0.733721 per 730 hours'],
    [{ storage: '1Ti' }, '0.107184', '78.24432', 'storage +924 GiB: +£0.107184 an hour, +£78.24432 per 730 hours'],
    [{ version: '1.32' }, '0', '0', 'no change'],
    [{ version: '1.32', alerts: { cpu: 5 } }, '0', '0', 'no change'],
    [{}, '0', '0', 'no change'],
  ])('%j', (desired, perHour, perMonth, text) => {
    const cost = costOf(desired)
    expect(cost).toMatchObject({ perHour, perMonth, currency: 'GBP', gaps: [] })
    expect(toCostText(cost)).toBe(text)
  })
})

test.each([
  ['4096M', '4Gi', '0.001112'],
  ['4e9', '4Gi', '0.001648'],
  ['4294967296', '8Gi', '0.024'],
  ['4194304Ki', '8Gi', '0.024'],
])('memory may be shown in any unit: %s to %s', (from, to, perHour) => {
  expect(costOf({ memory: to }, KUPE, { resources: { memory: from } })).toMatchObject({ perHour })
})

describe('what is not known is named, and nothing else is lost', () => {
  test.each<[DesiredChange, HourlyRates, ClusterOverrides, string]>([
    [{ cpu: '8' }, { rates: { memory: 1n } }, {}, 'cpu +4 vCPU: not known, since cpu has no rate'],
    [{ cpu: '8' }, KUPE, { resources: {} }, 'not known, since cpu has no readable value before'],
    [{ cpu: '8' }, KUPE, { resources: { cpu: 'lots' } }, 'not known, since cpu has no readable value before'],
    [
      { cpu: '8', memory: '32Gi', storage: '200Gi' },
      { rates: { cpu: 1n, memory: 1n }, currency: 'EUR' },
      { resources: { cpu: '4', storage: '100Gi' } },
      'cpu +4 vCPU, storage +100 GiB: not known, since memory has no readable value before, storage has no rate',
    ],
    [
      { cpu: '8' },
      { rates: {} },
      { resources: {} },
      'not known, since cpu has no readable value before, cpu has no rate',
    ],
  ])('%j', (desired, rates, live, text) => {
    const cost = costOf(desired, rates, live)
    expect([cost.perHour, cost.perMonth]).toEqual([undefined, undefined])
    expect(toCostText(cost)).toBe(text)
  })

  test('a resource that does not change needs neither', () => {
    expect(costOf({ cpu: '8' }, { rates: { cpu: 1_000_000n } }, { resources: { cpu: '4' } }).perHour).toBe('4')
  })

  test('a rate of nothing is one', () => {
    expect(costOf({ storage: '200Gi' }, { rates: { storage: 0n } })).toMatchObject({ perHour: '0', gaps: [] })
  })
})

test.each([
  ['GBP', '+£1.50'],
  ['USD', '+$1.50'],
  ['EUR', '+€1.50'],
  ['JPY', '+¥1.50'],
  ['CHF', '+CHF 1.50'],
  ['AUD', '+AUD 1.50'],
  ['XXX', '+XXX 1.50'],
  [undefined, '+1.50'],
])('%s has its sign, or its code', (currency, text) => {
  const rates = { rates: { cpu: 1_500_000n }, ...(currency === undefined ? {} : { currency }) }
  expect(toCostText(costOf({ cpu: '5' }, rates))).toContain(`: ${text} an hour`)
})

describe('no dust', () => {
  const rate = fc.bigInt({ min: 0n, max: 10n ** 12n })
  const milliCpus = fc.integer({ min: 1, max: 10 ** 9 })
  const bytes = fc.tuple(fc.integer({ min: 1, max: 10 ** 6 }), fc.constantFrom('k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'Ti'))
  const rates = fc.record({ cpu: rate, memory: rate, storage: rate })
  const sizes = fc.record({
    cpu: milliCpus.map((count) => `${count}m`),
    memory: bytes.map((parts) => parts.join('')),
    storage: bytes.map((parts) => parts.join('')),
  })

  const MILLION = 1_000_000n
  const toMillionths = (text = '') => {
    const [, sign, whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? []
    expect(whole).not.toBe('')
    const magnitude = BigInt(whole) * MILLION + BigInt(fraction.padEnd(6, '0'))
    return sign === '-' ? -magnitude : magnitude
  }
  const abs = (value: bigint) => (value < 0n ? -value : value)

  test('there and back again costs nothing', () => {
    fc.assert(
      fc.property(sizes, sizes, rates, (before, after, given) => {
        const there = costOf(after, { rates: given }, { resources: before })
        const back = costOf(before, { rates: given }, { resources: after })
        for (const key of ['perHour', 'perMonth'] as const) {
          expect(toMillionths(there[key]) + toMillionths(back[key])).toBe(0n)
          expect(there[key]).not.toBe('-0')
        }
      }),
    )
  })

  test('it is the exact sum, within half a millionth', () => {
    const sizeOf = {
      m: 1n,
      k: 10n ** 3n,
      M: 10n ** 6n,
      G: 10n ** 9n,
      Ki: 2n ** 10n,
      Mi: 2n ** 20n,
      Gi: 2n ** 30n,
      Ti: 2n ** 40n,
    }
    const count = (text: string) => {
      const [, digits = '', unit = ''] = /^(\d+)(\D+)$/.exec(text) ?? []
      return BigInt(digits) * sizeOf[unit as keyof typeof sizeOf]
    }
    fc.assert(
      fc.property(sizes, sizes, rates, (before, after, given) => {
        // Over thousandths of a vCPU and bytes at once.
        const [cpu, memory, storage] = (['cpu', 'memory', 'storage'] as const).map(
          (name) => (count(after[name]) - count(before[name])) * given[name],
        ) as [bigint, bigint, bigint]
        const exact = cpu * 2n ** 30n + (memory + storage) * 1000n
        const scale = 1000n * 2n ** 30n
        const cost = costOf(after, { rates: given }, { resources: before })
        expect(abs(2n * (toMillionths(cost.perHour) * scale - exact)) <= scale).toBe(true)
        expect(abs(2n * (toMillionths(cost.perMonth) * scale - 730n * exact)) <= scale).toBe(true)
      }),
    )
  })

  test('whole units at a whole number of millionths are exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 10_000 }), rate, (cpus, millionths) => {
        const { perHour } = costOf({ cpu: String(cpus) }, { rates: { cpu: millionths } })
        expect(toMillionths(perHour)).toBe(BigInt(cpus - 4) * millionths)
      }),
    )
  })
})
