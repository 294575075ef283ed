import { expect, test } from '@jest/globals'
import { decodeEntities } from '../support/markdown.js'
import { expectWhole, runStep, type StepResult } from '../support/process.js'
import { createSimulatorStarter } from '../support/simulators.js'

const RATES = 'cpu=0.03, memory=0.006, storage=0.000116, currency=GBP'
const startSimulator = createSimulatorStarter()

async function costOf(given: Readonly<Record<string, string>>): Promise<StepResult> {
  const { inputs } = await startSimulator()
  const step = await runStep({ inputs: { ...inputs, cpu: '8', memory: '32Gi', ...given } })
  expectWhole(step)
  return step
}

function linesOf({ log }: StepResult): string[] {
  return log.flatMap((line) => /Cost:.*/.exec(line) ?? [])
}

const LINE = 'cpu +4 vCPU, memory +16 GiB: +£0.216 an hour, +£157.68 per 730 hours'

test.concurrent.each([
  ['plan', 'planned', 'Would cost'],
  ['apply', 'converged', 'Cost'],
])('mode %s says what the change costs in log, summary and output', async (mode, result, label) => {
  const step = await costOf({ mode, 'hourly-rates': RATES })
  expect(step.outputs).toMatchObject({ result, 'hourly-cost-change': '0.216' })
  expect(linesOf(step)).toEqual([`Cost: ${LINE}`])
  const sections = decodeEntities(step.summary).split('\n\n')
  const cost = sections.indexOf(`**${label}:** ${LINE}`)
  expect(sections[cost - 1]).toMatch(/^\| {2}\| .*\n[\s\S]*\| cpu \|/)
})

test.concurrent('a rate that is missing leaves the output empty, and the run as it is', async () => {
  const step = await costOf({ mode: 'plan', 'hourly-rates': 'cpu=0.03' })
  expect(step.outputs).toMatchObject({ result: 'planned', 'hourly-cost-change': '' })
  expect(linesOf(step)).toEqual(['Cost: cpu +4 vCPU, memory +16 GiB: not known, since memory has no rate'])
})

test.concurrent('without rates nothing is said of cost', async () => {
  const step = await costOf({ mode: 'plan' })
  expect(step.outputs['hourly-cost-change']).toBe('')
  expect(`${step.summary}${step.log.join('\n')}`).not.toMatch(/cost/i)
})
