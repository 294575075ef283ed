import type { ClusterRead } from '../api/client.js'
import { PULL_REQUEST_PLANS } from '../domain/approval.js'
import { unmetFields } from '../domain/change.js'
import { phaseKind, toConditionText } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { findFrozenDay } from '../domain/freeze.js'
import { type Plan, planChange } from '../domain/plan.js'
import { WAS_DEGRADED } from '../domain/server-words.js'
import type { Task } from '../domain/task.js'
import { isWithinWindow, timeOfDay } from '../domain/window.js'
import { ALLOWANCES, READS_TO_BELIEVE } from '../policy.js'
import { type AwaitedChange, kindsOf } from '../proof/awaited.js'
import { decideProof, startHistory } from '../proof/convergence.js'
import { withLastStatus } from '../proof/observations.js'
import { askForApproval, unapprovedEnding } from './approval.js'
import { pauseForPoll, type RunContext } from './context.js'
import { lockFor } from './etag.js'
import { RunEnded, toFailed } from './failures.js'
import { type GatedRead, readNext } from './read.js'

/** The plan from one whole read, taken in and logged. */
export function makePlan(context: RunContext, read: ClusterRead): Plan {
  const { task, state, log } = context
  const plan = toPlan(context, read)
  if (state.recordPlan(plan)) log.plan(plan, task.hourlyRates)
  return plan
}

function toPlan(context: RunContext, read: ClusterRead): Plan {
  const { tenant, desired, guardrails } = context.task
  const isLocked = lockFor(context, read).isOwn
  return planChange(withLastStatus(read.cluster, context.state.observed), desired, { tenant, isLocked, guardrails })
}

/** Ends the run where a bound forbids what is asked: other than what the other rules look at, no wait for a busy cluster can change that. */
export function failIfOutOfBounds(context: RunContext, read: ClusterRead): void {
  const isOut = toPlan(context, read).refusals.some(({ rule }) => rule === 'min' || rule === 'max')
  if (isOut) failIfRefused(context, makePlan(context, read))
}

/** Ends the run where a plan must not be sent. Bounds judge what was asked, whether or not it differs from what is there. */
export function failIfRefused({ task }: RunContext, plan: Plan): void {
  if (plan.refusals.length > 0) {
    const message = `Not sent: ${plan.refusals.map((refusal) => refusal.reason).join('; ')}`
    throw new RunEnded(toFailed('refused', message))
  }
  if (isUnexpected(task, plan)) {
    const message = `Not sent: the plan is no longer the one expected (${plan.digest}, not ${task.expectedPlan})`
    throw new RunEnded(toFailed('plan-changed', message))
  }
}

function isUnexpected({ expectedPlan }: Task, { edits, digest }: Plan): boolean {
  if (edits.length === 0 || expectedPlan === undefined || expectedPlan === PULL_REQUEST_PLANS) return false
  return digest !== expectedPlan
}

/** The inputs that would stop this run, were it started again now: the cluster is not the one that they had let it change. */
export function findStops(context: RunContext): readonly string[] {
  const { task, state } = context
  const { last, approval } = state
  if (last === undefined || task.mode !== 'apply') return []
  const plan = toPlan(context, last)
  const isUnapproved = approval !== undefined && unapprovedEnding(approval, plan) !== undefined
  return [
    ...new Set(plan.refusals.map(({ allow }) => allow)),
    ...(isUnexpected(task, plan) || isUnapproved ? ['expected-plan'] : []),
    ...(task.ifMatch === undefined || task.ifMatch === last.etag ? [] : ['if-match']),
  ]
}

/**
 * Ends the run where a plan that is about to be sent is none of those that the merged pull request showed. Gives whether that had
 * to be asked for: then time has passed since the read, and the plan is to be made anew.
 */
export async function failIfUnapproved(context: RunContext, plan: Plan): Promise<'known' | 'asked'> {
  const { task, state } = context
  if (task.expectedPlan !== PULL_REQUEST_PLANS) return 'known'
  const known = state.approval
  const approval = known ?? (await askForApproval(context))
  const ending = unapprovedEnding(approval, plan)
  if (ending !== undefined) throw new RunEnded(ending)
  return known === undefined ? 'asked' : 'known'
}

/** Why nothing may be sent at this time of day, in words; `undefined` where it may. */
export function whyClosed({ task, clock }: RunContext): string | undefined {
  const { window, freeze } = task
  const wallMs = clock.wallMs()
  const frozen = freeze === undefined ? undefined : findFrozenDay(freeze, wallMs)
  if (frozen !== undefined) return `${frozen.day} is in freeze-dates (${frozen.entry.text}, in ${freeze?.timezone})`
  if (window === undefined || isWithinWindow(window, wallMs)) return undefined
  return `It is ${timeOfDay(wallMs, window.timezone)} in ${window.timezone}, outside only-between ${window.text}`
}

/** Why no PATCH may be sent at a moment: the time of day, or too little time left to wait for it. */
export interface Obstacle {
  readonly kind: 'closed' | 'late'
  readonly why: string
}

/** What stands against a PATCH at this moment; `undefined` where one may be sent. */
export function whyNotNow(context: RunContext): Obstacle | undefined {
  const { task, budget } = context
  const closed = whyClosed(context)
  if (closed !== undefined) return { kind: 'closed', why: closed }
  const leftMs = budget.leftMs()
  if (!task.wait || leftMs >= budget.allowedMs(ALLOWANCES.leastForPatch)) return undefined
  return {
    kind: 'late',
    why: `Only ${toDurationText(leftMs)} of the timeout are left, too little to wait for a change`,
  }
}

/** A change may be the cure of an unhealthy cluster, so it is only warned of. */
export function warnIfDegraded({ log }: RunContext, { cluster }: ClusterRead): void {
  if (phaseKind(cluster.phase) !== 'degraded') return
  const reasons = cluster.conditions.length === 0 ? '' : `: ${cluster.conditions.map(toConditionText).join('; ')}`
  log.warn(`${WAS_DEGRADED}${reasons}`)
}

/** What a wait is for: the change that a PATCH of this run made, or may have made, or else whatever is asked. */
export function toAwaited({ task, fields, state, budget }: RunContext, live: GatedRead): AwaitedChange {
  const { settleTimeMs, degradedGraceMs, mode } = task
  const { attempt, first } = state
  return {
    fields,
    base: attempt?.base ?? first ?? live,
    first: (first ?? live).cluster,
    kinds: attempt?.kinds ?? kindsOf(fields),
    ...(attempt === undefined ? {} : { attempt }),
    mode: mode === 'verify' ? 'verify' : 'apply',
    settleTimeMs,
    degradedGraceMs,
    undoneSpanMs: budget.allowedMs(ALLOWANCES.undone),
  }
}

/** What a second look showed where the first found nothing to change. */
export interface SecondLook {
  /** Nothing is under way: the cluster is as asked. Or something is. Or it differs now, and is to be planned anew. */
  readonly kind: 'unchanged' | 'under-way' | 'differs'
  readonly read: GatedRead
}

/**
 * Looks until it is clear whether anything is under way where nothing differs: one read where generations tell, else two; and as long
 * as the settle time where the server never says which version runs.
 */
export async function lookAgain(context: RunContext, live: GatedRead): Promise<SecondLook> {
  const { state, clock, fields } = context
  const calm: AwaitedChange = { ...toAwaited(context, live), kinds: new Set() }
  let history = startHistory(calm, state.observed)
  let unreported = 0
  for (let read = live; ; ) {
    const differs = !read.isWhole || unmetFields(withLastStatus(read.cluster, state.observed), fields).length > 0
    if (read.isWhole && differs) return { kind: 'differs', read }
    const { degradedSinceMs, observed } = state
    const decided = decideProof(calm, history, observed, { ...read, degradedSinceMs })
    history = decided.history
    const { verdict } = decided
    if (verdict.kind === 'converged') return { kind: 'unchanged', read }
    const { missing, provableInMs } = verdict.kind === 'pending' ? verdict : {}
    unreported = missing?.kind === 'unreported' ? unreported + 1 : 0
    const isOpen = missing?.kind === 'proof' || (unreported > 0 && unreported < READS_TO_BELIEVE.vanished)
    if (read.isWhole && !isOpen) return { kind: 'under-way', read }
    // Nothing is expected to happen meanwhile, so that no poll in between would tell anything.
    if (provableInMs !== undefined) await context.budget.pauseBeforePoll(provableInMs, context.log)
    else await pauseForPoll(context, clock.nowMs())
    read = await readNext(context)
  }
}
