import type { ClusterApi } from '../api/client.js'
import type { Clock } from '../clock.js'
import type { ApprovedPlans } from '../domain/approval.js'
import { pollDelayMs } from '../domain/backoff.js'
import { type AskedField, askedFields } from '../domain/change.js'
import type { Task } from '../domain/task.js'
import { type Allowance, STANDSTILL_SHARE } from '../policy.js'
import { Budget } from './budget.js'
import { type Log, RunLog } from './run-log.js'
import { RunState, type Stage } from './state.js'

/** What a run is given from outside. */
export interface Dependencies {
  readonly api: ClusterApi
  readonly clock: Clock
  readonly log: Log
  /** Where the plans are found that a merged pull request showed; without it there are none. */
  readonly approvedPlans?: ApprovedPlans
}

/** What the steps of one run share. */
export interface RunContext {
  readonly api: ClusterApi
  readonly clock: Clock
  readonly task: Task
  /** Everything that is asked for. */
  readonly fields: readonly AskedField[]
  readonly budget: Budget
  readonly state: RunState
  readonly log: RunLog
  readonly approvedPlans: ApprovedPlans
}

const NO_PLANS: ApprovedPlans = {
  find: async () => ({ kind: 'unreadable', message: 'there is no GitHub to ask' }),
}

/** From here on the run's time passes. */
export function createContext(task: Task, dependencies: Dependencies): RunContext {
  const { api, clock, log, approvedPlans = NO_PLANS } = dependencies
  const budget = new Budget(clock, task.timeoutMs)
  const state = new RunState()
  const runLog = new RunLog(log, state, budget, task.timeoutMs * STANDSTILL_SHARE)
  return { api, clock, task, fields: askedFields(task.desired), budget, state, log: runLog, approvedPlans }
}

/** The run goes on to another stage. */
export function enterStage({ state, log }: RunContext, stage: Stage): void {
  state.enter(stage)
  log.stageEntered()
}

/** A clock that stands still while no usable read comes: what the cluster does meanwhile is not seen, and cannot take too long. */
export function answeredMs({ clock, state }: RunContext): number {
  const nowMs = clock.nowMs()
  return nowMs - state.outages.totalMs(nowMs)
}

/** From now on an allowance is used up, by that clock; gives whether nothing is left of it. */
export function startAllowance(context: RunContext, allowance: Allowance): () => boolean {
  const untilMs = answeredMs(context) + context.budget.allowedMs(allowance)
  return () => answeredMs(context) >= untilMs
}

/**
 * Lets time pass before the next poll; `sinceMs` is when this wait began. In `neededMs` a read may be all that is missing;
 * `askedMs` are what the server asks for.
 */
export async function pauseForPoll(
  { task, clock, budget, log }: RunContext,
  sinceMs: number,
  { neededMs = Number.POSITIVE_INFINITY, askedMs = 0 }: { neededMs?: number | undefined; askedMs?: number } = {},
): Promise<void> {
  const delayMs = pollDelayMs(clock.nowMs() - sinceMs, task.pollIntervalMs, clock.random())
  await budget.pauseBeforePoll(Math.max(Math.min(delayMs, neededMs), askedMs), log)
}
