import { expect, test } from '@jest/globals'
import type { HourlyRates } from '../../src/domain/cost.js'
import type { Task } from '../../src/domain/task.js'
import { type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { SCALE } from '../support/tasks.js'
import { rival } from '../support/writers.js'

const hourlyRates: HourlyRates = { rates: { cpu: 30_000n }, currency: 'GBP' }

/** The lines about cost, without level and time. */
function linesOf(log: readonly string[]): string[] {
  return log.flatMap((line) => /Cost.*/.exec(line) ?? [])
}

async function costAfter(task: Partial<Task>, setup: Omit<RunSetup, 'task'> = {}) {
  const { outcome, log } = await runAgainstSimulator({ ...setup, task: { ...SCALE, hourlyRates, ...task } })
  return { outcome, perHour: outcome.cost?.perHour, lines: linesOf(log) }
}

test.each(['plan', 'apply'] as const)('mode %s says what the change costs, in a line after the plan', async (mode) => {
  const { perHour, lines } = await costAfter({ mode })
  expect(perHour).toBe('0.12')
  expect(lines).toEqual(['Cost: cpu +4 vCPU: +£0.12 an hour, +£87.60 per 730 hours'])
})

test('what was done stays priced by the read that it was planned from', async () => {
  const { outcome, perHour } = await costAfter({})
  expect([outcome.result, outcome.last?.resources.cpu, perHour]).toEqual(['converged', '8', '0.12'])
})

test('where someone else moved the cluster first, the newest plan counts', async () => {
  const { perHour, lines } = await costAfter(
    { desired: { cpu: '8', memory: '32Gi' }, hourlyRates: { rates: { cpu: 30_000n, memory: 6_000n } } },
    { arrange: rival({ resources: { memory: '32Gi' } }) },
  )
  expect(perHour).toBe('0.12')
  expect(lines).toEqual([
    'Cost: cpu +4 vCPU, memory +16 GiB: +0.216 an hour, +157.68 per 730 hours',
    'Cost: cpu +4 vCPU: +0.12 an hour, +87.60 per 730 hours',
  ])
})

test('nothing to change costs nothing', async () => {
  const { perHour, lines } = await costAfter({ mode: 'plan', desired: { cpu: '4' } })
  expect(perHour).toBe('0')
  expect(lines).toEqual(['Cost: no change'])
})

test('a change that is refused has its price as well', async () => {
  const { outcome, perHour } = await costAfter({
    desired: { storage: '50Gi' },
    hourlyRates: { rates: { storage: 116n } },
  })
  expect([outcome.reason, perHour]).toEqual(['refused', '-0.0058'])
})

test('verify plans nothing, so it has no price', async () => {
  const { outcome, lines } = await costAfter({ mode: 'verify', desired: { cpu: '4' } })
  expect([outcome.result, outcome.cost, lines]).toEqual(['converged', undefined, []])
})

test('without rates there is none, and no line', async () => {
  const { outcome, log } = await runAgainstSimulator({ task: SCALE })
  expect([outcome.cost, linesOf(log)]).toEqual([undefined, []])
})
