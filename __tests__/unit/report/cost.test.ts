import { expect, test } from '@jest/globals'
import { costOfPlan, type HourlyRates } from '../../../src/domain/cost.js'
import { isGreen, type Outcome } from '../../../src/domain/outcome.js'
import { toSummarySections } from '../../../src/report/summary.js'
import { toCluster } from '../../support/clusters.js'
import { ENDINGS } from '../../support/endings.js'
import { decodeEntities } from '../../support/markdown.js'
import { toOutcome, toOutputsOf } from '../../support/outcomes.js'
import { toPlan } from '../../support/plans.js'

const NAME = { tenant: 'acme', cluster: 'production' }
const RATES: HourlyRates = { rates: { cpu: 30_000n, memory: 6_000n }, currency: 'GBP' }

test('the cost stands right below what changes, in summary and comment', () => {
  const plan = toPlan({ cpu: '8' })
  const cluster = toCluster()
  const cost = costOfPlan(plan, RATES)
  const sections = toSummarySections(toOutcome({ result: 'planned', plan, cost, first: cluster, last: cluster }), NAME)
  const at = sections.findIndex((section) => section.startsWith('| '))
  expect(decodeEntities(sections[at + 1] ?? '')).toBe(
    '**Would cost:** cpu +4 vCPU: +£0.12 an hour, +£87.60 per 730 hours',
  )
})

/** The endings whose plan stands before somebody's eyes, and those whose change was sent and stands or is under way. */
const LABELLED: Readonly<Record<'Would cost' | 'Cost', readonly string[]>> = {
  'Would cost': ['planned', 'refused', 'plan-changed', 'plan-not-found', 'plan-unreadable'],
  Cost: [
    ...['converged', 'accepted', 'timeout', 'cancelled', 'degraded', 'unavailable'],
    ...['unauthorized', 'forbidden', 'rejected', 'internal', 'outputs-unwritten'],
  ],
}

test.each(
  Object.entries(ENDINGS).flatMap(([ending, variants]) =>
    Object.entries<Outcome>(variants).map(([variant, outcome]) => [ending, variant, outcome] as const),
  ),
)('a cost is only said where it is had, or would be: %s, %s', (ending, _, outcome) => {
  const { sent, result } = outcome
  const cost = costOfPlan(toPlan({ cpu: '8' }), RATES)
  const summary = toSummarySections({ ...outcome, cost }, NAME).join('\n')
  const isHad = sent !== undefined && LABELLED.Cost.includes(ending) && (sent.isCertain || isGreen(result))
  const wouldBeHad = sent === undefined && LABELLED['Would cost'].includes(ending)
  expect(/\*\*(.*ost):\*\*/.exec(summary)?.[1]).toBe(isHad ? 'Cost' : wouldBeHad ? 'Would cost' : undefined)
})

test('the output is the number alone, and empty where it is not known', () => {
  const outputOf = (rates: HourlyRates, cpu: string) =>
    toOutputsOf(toOutcome({ cost: costOfPlan(toPlan({ cpu }), rates) }))['hourly-cost-change']
  expect([outputOf(RATES, '8'), outputOf(RATES, '2'), outputOf(RATES, '4'), outputOf({ rates: {} }, '8')]).toEqual([
    '0.12',
    '-0.06',
    '0',
    '',
  ])
  expect(toOutputsOf(toOutcome())['hourly-cost-change']).toBe('')
})
