import type { ClusterRead } from '../api/client.js'
import { phaseKind } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import type { Ending, Outcome } from '../domain/outcome.js'
import type { Task } from '../domain/task.js'
import { isWithinWindow } from '../domain/window.js'
import { ActionError } from '../errors.js'
import { createContext, type Dependencies, enterStage, type RunContext } from './context.js'
import { errorToEnding } from './failures.js'
import { type Accepted, findAltered, Patcher, toSkipped } from './patch.js'
import { failIfRefused, makePlan, waitUntilFree, warnIfDegraded } from './planning.js'
import { passGate, readFirst, readNext } from './read.js'
import { reconcileLost, reconcileRefused } from './reconcile.js'
import { findUnderWay, toAwaited, type WaitBegin, waitForProof, warnOfUnrequested } from './wait.js'

/** One run over one cluster: read, plan, PATCH, wait for proof. It never throws: every path ends in an outcome. */
export async function run(task: Task, dependencies: Dependencies): Promise<Outcome> {
  const context = createContext(task, dependencies)
  try {
    return toOutcome(context, await execute(context))
  } catch (error) {
    if (error instanceof Error && !(error instanceof ActionError)) context.log.debug(error.stack ?? error.message)
    return toOutcome(context, errorToEnding(error, context.state, context.budget.elapsedMs()))
  }
}

/** Everything the run can tell, whatever its ending. */
function toOutcome({ state, log, budget }: RunContext, ending: Ending): Outcome {
  const { first, last, plan, wouldChange, phases, attempt } = state
  const durationMs = budget.elapsedMs()
  const requestId = ending.requestId ?? state.patchRequestId
  return {
    ...ending,
    ...(requestId === undefined ? {} : { requestId }),
    changed: attempt !== undefined,
    ...(wouldChange === undefined ? {} : { wouldChange }),
    ...(plan === undefined ? {} : { plan }),
    ...(first === undefined ? {} : { first: first.cluster }),
    ...(last === undefined ? {} : { last: last.cluster }),
    ...(last?.etag === undefined ? {} : { etag: last.etag }),
    timeline: phases.map((span, index) => (index === phases.length - 1 ? { ...span, untilMs: durationMs } : span)),
    startWallMs: budget.startWallMs,
    warnings: log.warnings,
    durationMs,
  }
}

async function execute(context: RunContext): Promise<Ending> {
  const { mode, window } = context.task
  const wallMs = context.clock.wallMs()
  if (mode === 'apply' && window !== undefined && !isWithinWindow(window, wallMs)) return toSkipped(window, wallMs)
  const first = await readFirst(context)
  if (mode === 'plan') return dryRun(context, first)
  if (mode === 'verify') return converge(context, first, { read: first })
  return apply(context, first)
}

function dryRun(context: RunContext, live: ClusterRead): Ending {
  const plan = makePlan(context, live)
  warnIfDegraded(context, live)
  if (phaseKind(live.cluster.phase) === 'busy') {
    context.log.warn(`The cluster is ${live.cluster.phase}; an apply now would wait for it first`)
  }
  failIfRefused(context, plan)
  const message = plan.edits.length === 0 ? 'Nothing to change.' : 'A dry run: nothing was sent.'
  return { result: 'planned', message }
}

async function apply(context: RunContext, first: ClusterRead): Promise<Ending> {
  const patcher = new Patcher(context)
  let live = first
  for (let conflicts = 0; ; ) {
    live = await waitUntilFree(context, live)
    enterStage(context, 'planning')
    const plan = makePlan(context, live)
    if (plan.edits.length === 0) return join(context, live, false)
    failIfRefused(context, plan)
    warnIfDegraded(context, live)
    const sent = await patcher.send(plan, live)
    if (sent.kind === 'accepted') return follow(context, sent, live)
    if (sent.kind === 'refused') conflicts++
    const after =
      sent.kind === 'refused'
        ? await reconcileRefused(context, sent, live, conflicts)
        : await reconcileLost(context, sent, live)
    live = after.read
    if (after.isThere) return join(context, live, true)
  }
}

/** Nothing differs: done, or on its way by another hand, or by ours in this run or an earlier one. */
async function join(context: RunContext, live: ClusterRead, isAdopted: boolean): Promise<Ending> {
  const { state, log } = context
  if (state.attempt === undefined && !isAdopted) {
    const latest = await findUnderWay(context, live)
    if (latest === undefined) return { result: 'unchanged', message: 'The cluster already is as asked.' }
    log.info('The change is already on its way; nothing is sent')
    return context.task.wait ? converge(context, latest, { read: latest }) : ACCEPTED
  }
  log.info(state.attempt === undefined ? 'Someone else made the same change' : 'The PATCH had landed')
  return context.task.wait ? converge(context, live, { read: live }) : ACCEPTED
}

const ACCEPTED: Ending = {
  result: 'accepted',
  message: 'The change is accepted and goes on; this run does not wait for it.',
}

/** A PATCH was accepted: looks at its answer, then waits. */
async function follow(context: RunContext, { answer }: Accepted, base: ClusterRead): Promise<Ending> {
  const { state, log, task, budget } = context
  const { shown, requestId } = answer
  enterStage(context, 'waiting')
  state.recordAccepted(requestId, shown?.cluster.generation)
  const next = task.wait ? `; waiting for proof, at most ${toDurationText(budget.leftMs())}` : ''
  log.info(`PATCH accepted${requestId === undefined ? '' : ` (request ${requestId})`}${next}`)
  const gated = shown === undefined ? undefined : passGate(context, shown)
  const fresh = gated?.isFresh === true ? gated : undefined
  if (fresh !== undefined) {
    const altered = findAltered(context, base, fresh)
    if (altered !== undefined) return altered
    warnOfUnrequested(context, base.cluster, fresh.cluster)
  }
  if (task.wait) return converge(context, base, { answer: fresh?.cluster })
  // An empty answer showed nothing, and the outputs are to say how the cluster stands.
  if (shown === undefined) await readNext(context)
  return ACCEPTED
}

/** Waits until what is asked is proven: `live` is the read planned from, `begin` what the wait has already. */
async function converge(context: RunContext, live: ClusterRead, begin: WaitBegin): Promise<Ending> {
  const evidence = await waitForProof(context, toAwaited(context, live), begin)
  return { result: 'converged', evidence, message: `Proven by ${evidence.join(', ')}.` }
}
