import type { ClusterRead } from '../api/client.js'
import { unmetFields } from '../domain/change.js'
import { phaseKind, toConditionText } from '../domain/cluster.js'
import { type Plan, planChange } from '../domain/plan.js'
import { enterStage, pauseForPoll, type RunContext } from './context.js'
import { RunEnded, toFailed } from './failures.js'
import { isPlannable, readNext } from './read.js'

/** The plan from one read, taken in and logged. */
export function makePlan({ task, state, log }: RunContext, { cluster, etag }: ClusterRead): Plan {
  const { tenant, desired, guardrails, ifMatch } = task
  const isLocked = (ifMatch ?? etag) !== undefined
  const plan = planChange(cluster, desired, { tenant, isLocked, guardrails })
  if (state.recordPlan(plan)) log.plan(plan)
  return plan
}

/** Ends the run where a plan must not be sent. An empty plan writes nothing, so there is nothing to refuse: the dry run ends as the apply would. */
export function failIfRefused({ task }: RunContext, plan: Plan): void {
  if (plan.edits.length === 0) return
  if (plan.refusals.length > 0) {
    const message = `Not sent: ${plan.refusals.map((refusal) => refusal.reason).join('; ')}`
    const inputs = [...new Set(plan.refusals.map(({ allow }) => (/^allow-/.test(allow) ? `${allow}: true` : allow)))]
    throw new RunEnded(toFailed('refused', message, { hint: `If you mean it, set ${inputs.join(', ')}.` }))
  }
  if (task.expectedPlan !== undefined && plan.digest !== task.expectedPlan) {
    const message = `Not sent: the plan is no longer the one expected (${plan.digest}, not ${task.expectedPlan})`
    throw new RunEnded(toFailed('plan-changed', message))
  }
}

/** A change may be the cure of an unhealthy cluster, so it is only warned of. */
export function warnIfDegraded({ log }: RunContext, { cluster }: ClusterRead): void {
  if (phaseKind(cluster.phase) !== 'degraded') return
  const reasons = cluster.conditions.length === 0 ? '' : `: ${cluster.conditions.map(toConditionText).join('; ')}`
  log.warn(`The cluster is Degraded${reasons}`)
}

/** Waits while the cluster is busy with something else, and gives the read that shows it free: its ETag is the one to send. */
export async function waitUntilFree(context: RunContext, live: ClusterRead): Promise<ClusterRead> {
  const { task, fields, state, log, clock } = context
  const isBusyOtherwise = ({ cluster }: ClusterRead) =>
    phaseKind(cluster.phase) === 'busy' && unmetFields(cluster, fields).length > 0
  if (!isBusyOtherwise(live)) return live
  if (task.onBusy === 'fail') {
    const fate = state.attempt === undefined ? '. Nothing was sent' : ''
    throw new RunEnded(toFailed('busy', `The cluster is ${live.cluster.phase}, and on-busy is fail${fate}`))
  }
  enterStage(context, 'busy')
  log.info(`${live.cluster.phase} with another change: waiting until the cluster is free`)
  state.recordMissing({ kind: 'phase', text: 'busy with another change' })
  const sinceMs = clock.nowMs()
  for (;;) {
    await pauseForPoll(context, sinceMs)
    const read = await readNext(context)
    if (read.isFresh && !isBusyOtherwise(read) && isPlannable(context)) return read
  }
}
