import { BOUND_INVARIANTS } from './bounds.js'
import type { Witness } from './execute.js'
import { type Facts, toFacts } from './facts.js'
import { GREEN_INVARIANTS } from './green.js'
import { RED_INVARIANTS } from './red.js'
import { WRITE_INVARIANTS } from './writes.js'

/** What must hold after each run: gives what is wrong, or nothing. */
export type Invariant = (facts: Facts) => string | undefined

export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  ...GREEN_INVARIANTS,
  ...WRITE_INVARIANTS,
  ...RED_INVARIANTS,
  ...BOUND_INVARIANTS,
}

export interface Violation {
  readonly invariant: string
  readonly problem: string
}

/** All that a run violated. */
export function findViolations(witness: Witness): Violation[] {
  const facts = toFacts(witness)
  return Object.entries(INVARIANTS).flatMap(([invariant, check]) => {
    const problem = check(facts)
    return problem === undefined ? [] : [{ invariant, problem }]
  })
}
