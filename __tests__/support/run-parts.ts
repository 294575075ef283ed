import type { ClusterApi } from '../../src/api/client.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Plan } from '../../src/domain/plan.js'
import { createContext, type RunContext } from '../../src/run/context.js'
import { VirtualClock } from './clock.js'
import { type ClusterOverrides, toRead } from './clusters.js'
import { toPlan } from './plans.js'
import { toTask } from './tasks.js'

export interface LogLine {
  /** The second of the run at which it came. */
  readonly atS: number
  readonly level: string
  readonly text: string
}

/** What the steps of one run share, without a run. */
export interface RunParts extends Omit<RunContext, 'clock'> {
  readonly clock: VirtualClock
  readonly lines: readonly LogLine[]
  /** Takes in a read of the settled cluster with these differences. */
  recordRead(overrides?: ClusterOverrides): void
  recordPlan(plan: Plan): void
  /** What the wait still lacks. */
  recordMissing(text: string): void
  /** A PATCH whose answer is lost, or that was accepted. */
  recordAttempt(fate?: 'lost' | 'accepted'): void
  /** What the outcome would say of all that was recorded. */
  recorded(): Pick<Outcome, 'plan' | 'wouldChange' | 'timeline' | 'last'>
}

/** An API that no test of the parts is to reach. */
const NO_API: ClusterApi = {
  getCluster: () => Promise.reject(new Error('no test of the parts reads')),
  patchCluster: () => Promise.reject(new Error('no test of the parts writes')),
}

/** The parts of a run that has just begun. */
export function createRunParts(timeoutMs = 3_600_000): RunParts {
  // A monotonic clock starts nowhere near zero.
  const clock = new VirtualClock({ startMs: 5_000_000 })
  const lines: LogLine[] = []
  const startMs = clock.nowMs()
  const write = (level: string) => (text: string) => {
    lines.push({ atS: (clock.nowMs() - startMs) / 1_000, level, text })
  }
  const context = createContext(toTask({ timeoutMs }), {
    api: NO_API,
    clock,
    log: { info: write('info'), warning: write('warning'), debug: write('debug') },
  })
  const { budget, state, log } = context
  return {
    ...context,
    clock,
    lines,
    recordRead: (overrides) => {
      const read = toRead(overrides, clock.nowMs())
      log.read(read, state.recordRead(read, budget.elapsedMs()))
    },
    recordPlan: (plan) => {
      if (state.recordPlan(plan)) log.plan(plan)
    },
    recordMissing: (text) => state.recordMissing({ kind: 'state', text }),
    recordAttempt: (fate = 'lost') => {
      const [atMs, wallMs] = [clock.nowMs(), clock.wallMs()]
      const plan = toPlan({ cpu: '8' })
      state.recordAttempt({ plan, base: toRead({}, atMs), isLocked: true, carried: plan.fields, atMs, wallMs })
      if (fate === 'accepted') state.recordAccepted(undefined)
    },
    recorded: () => ({
      timeline: state.phases,
      ...(state.plan === undefined ? {} : { plan: state.plan }),
      ...(state.wouldChange === undefined ? {} : { wouldChange: state.wouldChange }),
      ...(state.last === undefined ? {} : { last: state.last.cluster }),
    }),
  }
}
