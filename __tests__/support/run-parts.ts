import type { Outcome } from '../../src/domain/outcome.js'
import type { Plan } from '../../src/domain/plan.js'
import { Journal } from '../../src/journal.js'
import { Patience } from '../../src/patience.js'
import { VirtualClock } from './clock.js'
import { type ClusterOverrides, toRead } from './clusters.js'

export interface LogLine {
  /** The second of the run at which it came. */
  readonly atS: number
  readonly level: string
  readonly text: string
}

/** What the steps of a run share, without a run. */
export interface RunParts {
  readonly clock: VirtualClock
  readonly budget: Patience
  readonly state: Journal
  readonly log: Journal
  readonly lines: readonly LogLine[]
  /** Takes in a read of the settled cluster with these differences. */
  recordRead(overrides?: ClusterOverrides): void
  recordPlan(plan: Plan): void
  /** What the wait still lacks. */
  recordMissing(text: string): void
  /** A PATCH that landed, or may have. */
  recordAttempt(): void
  /** What the outcome would say of all that was recorded. */
  recorded(): Pick<Outcome, 'plan' | 'wouldChange' | 'timeline' | 'last'>
}

/** The parts of a run that has just begun; as in a real one, a third of its time without movement is a standstill. */
export function createRunParts(timeoutMs = 3_600_000): RunParts {
  // A monotonic clock starts nowhere near zero.
  const clock = new VirtualClock({ startMs: 5_000_000 })
  const lines: LogLine[] = []
  const budget = new Patience(clock, timeoutMs)
  const write = (level: string) => (text: string) => {
    lines.push({ atS: budget.elapsedMs() / 1_000, level, text })
  }
  const log = { info: write('info'), warning: write('warning'), debug: write('debug') }
  const journal = new Journal(log, budget, timeoutMs / 3)
  return {
    clock,
    budget,
    state: journal,
    log: journal,
    lines,
    recordRead: (overrides) => {
      journal.sight(toRead(overrides))
    },
    recordPlan: (plan) => journal.planned(plan),
    recordMissing: (text) => {
      journal.missing = text
    },
    recordAttempt: () => {
      journal.landing = { before: toRead(), kinds: new Set(['resources']), generationBefore: 7 }
    },
    recorded: () => journal.close({ result: 'converged', message: 'Done.' }),
  }
}
