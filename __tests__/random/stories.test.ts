import { describe, expect, test } from '@jest/globals'
import { execute, type Witness } from './execute.js'
import { generatePlan } from './generate.js'
import { findViolations } from './invariants.js'
import { toPlanText, toTrace } from './trace.js'

/** The same seeds each time, so that no change is blamed for another's; `npm run stories` looks for new ones. */
const FIRST_SEED = Number(process.env.FIRST_SEED ?? 1)
const RUNS = Number(process.env.STORIES ?? 3_000)
const MOST_TOLD = 3

describe(`${RUNS} random runs from seed ${FIRST_SEED}`, () => {
  const endings = new Map<string, number>()

  test('keep every invariant', async () => {
    const failures: string[] = []
    for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      const witness = await execute(generatePlan(seed))
      const { result, reason } = witness.outcome
      const ending = reason === undefined ? result : `${result}/${reason}`
      endings.set(ending, (endings.get(ending) ?? 0) + 1)
      const violations = findViolations(witness).map(({ invariant, problem }) => `${invariant}: ${problem}`)
      if (violations.length > 0) failures.push(describeFailure(seed, violations, witness))
    }
    const told = failures.slice(0, MOST_TOLD).join('\n\n')
    if (failures.length > 0) throw new Error(`${failures.length} of ${RUNS} runs violate an invariant\n\n${told}`)
  }, 120_000)

  test('end in every way that a run can', () => {
    expect(EVERY_ENDING.filter((ending) => !endings.has(ending))).toEqual([])
  })
})

function describeFailure(seed: number, violations: readonly string[], witness: Witness): string {
  const replay = `npm run stories -- --seed ${seed}`
  return [`seed ${seed} (${replay})`, ...violations, toPlanText(witness.plan), toTrace(witness)].join('\n')
}

const EVERY_ENDING = [
  'unchanged',
  'planned',
  'skipped',
  'accepted',
  'converged',
  'failed/refused',
  'failed/unauthorized',
  'failed/forbidden',
  'failed/not-found',
  'failed/rejected',
  'failed/conflict',
  'failed/plan-changed',
  'failed/busy',
  'failed/unavailable',
  'failed/degraded',
  'failed/deleted',
  'failed/rolled-back',
  'failed/superseded',
  'failed/side-effect',
  'timed-out/timeout',
  'timed-out/busy',
  'cancelled/cancelled',
]
