import { type AskedField, isSameIn } from '../domain/change.js'
import { deniesHealth, phaseKind, toConditionText } from '../domain/cluster.js'
import { costOfPlan } from '../domain/cost.js'
import { toDurationText } from '../domain/duration.js'
import { type AskedTask, type Ending, isGreen, type Outcome } from '../domain/outcome.js'
import type { Task } from '../domain/task.js'
import { ActionError } from '../errors.js'
import { ALLOWANCES } from '../policy.js'
import { askedVersion } from '../proof/awaited.js'
import { isAsBefore } from '../proof/undone.js'
import { driftOf } from '../proof/unproven.js'
import { BusyWait, isBusyOtherwise } from './busy.js'
import { compareWithBase, watchForTarget } from './conflict.js'
import { createContext, type Dependencies, enterStage, type RunContext } from './context.js'
import { errorToEnding, RunEnded, sideEffectsToEnding, toTimedOut } from './failures.js'
import { type Accepted, findAltered, Patcher } from './patch.js'
import {
  failIfOutOfBounds,
  failIfRefused,
  failIfUnapproved,
  findStops,
  lookAgain,
  makePlan,
  type Obstacle,
  warnIfDegraded,
  whyClosed,
  whyNotNow,
} from './planning.js'
import { type GatedRead, passGate, readFirst, readWhole } from './read.js'
import { noteAnswer, noteLaterRead, warnOfSilentLoss } from './side-effects.js'
import type { RunState } from './state.js'
import { isShown, type WaitBegin, waitForProof, waitUntilShown } from './wait.js'

/** One run over one cluster: read, plan, PATCH, wait for proof. It never throws: every path ends in an outcome. */
export async function run(task: Task, dependencies: Dependencies): Promise<Outcome> {
  const context = createContext(task, dependencies)
  try {
    return toOutcome(context, await execute(context))
  } catch (error) {
    if (error instanceof Error && !(error instanceof ActionError)) context.log.debug(error.stack ?? error.message)
    return toOutcome(context, errorToEnding(error, context.state, context.budget))
  }
}

/** Everything the run can tell, whatever its ending. */
function toOutcome(context: RunContext, ending: Ending): Outcome {
  const { state, log, budget, task } = context
  if (isGreen(ending.result)) {
    warnOfSilentLoss(context)
    warnOfWhatIsNotAsked(context, ending)
  }
  const { last, plan, wouldChange, phases, attempt, sideEffects } = state
  const before = state.base ?? state.first
  const durationMs = budget.elapsedMs()
  const requestId = ending.requestId ?? state.patchRequestId
  return {
    ...ending,
    ...(isOfTheirs(ending) ? { stoppedBy: findStops(context) } : {}),
    ...(requestId === undefined ? {} : { requestId, isPatchRequestId: requestId === state.patchRequestId }),
    changed: attempt !== undefined,
    ...(wouldChange === undefined ? {} : { wouldChange }),
    ...(plan === undefined ? {} : { plan }),
    ...(plan === undefined || task.hourlyRates === undefined ? {} : { cost: costOfPlan(plan, task.hourlyRates) }),
    ...(sideEffects.length === 0 ? {} : { sideEffects }),
    ...(before === undefined ? {} : { first: before.cluster }),
    ...(last === undefined ? {} : { last: last.cluster }),
    ...(last?.etag === undefined ? {} : { etag: last.etag }),
    task: toAskedTask(context),
    ...(attempt === undefined
      ? {}
      : {
          sent: {
            edits: attempt.edits,
            wallMs: attempt.sentWallMs,
            isCertain: attempt.isAccepted,
            isInFlight: state.isPatchInFlight,
          },
        }),
    ...(last === undefined ? {} : { lastSeenWallMs: budget.toWallMs(last.atMs) }),
    isVersionReported: state.observed.reported.has('kubernetesVersion'),
    isWaiting: state.stage === 'waiting',
    timeline: phases,
    startWallMs: budget.startWallMs,
    warnings: log.warnings,
    durationMs,
  }
}

/** Whether it ended with the value of someone else in the place of ours, which a further run might replace. */
function isOfTheirs({ kind }: Ending): boolean {
  return kind === 'rival' || kind === 'superseded'
}

function toAskedTask({ task, fields }: RunContext): AskedTask {
  const { mode, wait, ifMatch, window, freeze, timeoutMs, settleTimeMs, degradedGraceMs } = task
  const isApply = mode === 'apply'
  const { version } = task.desired
  return {
    mode,
    wait,
    wanted: fields.map(({ name, wanted }) => ({ field: name, ...(wanted === undefined ? {} : { to: wanted }) })),
    isEtagGiven: ifMatch !== undefined,
    closedBy: [
      ...(isApply && window !== undefined ? ['only-between' as const] : []),
      ...(isApply && freeze !== undefined ? ['freeze-dates' as const] : []),
    ],
    ...(version === undefined ? {} : { version }),
    timeoutMs,
    settleTimeMs,
    degradedGraceMs,
  }
}

/** A green ending that stands on a cluster which is not well, or whose version cannot be told, says so. */
function warnOfWhatIsNotAsked({ state, log, fields, task }: RunContext, { result }: Ending): void {
  const { last, observed, attempt } = state
  if (last === undefined) return
  const { haPhase, conditions } = last.cluster
  for (const condition of conditions.filter(deniesHealth)) log.warn(toConditionText(condition))
  if (haPhase === 'ha-degraded' || haPhase === 'ha-unavailable') log.warn(`High availability: ${haPhase}`)
  if (result !== 'converged' && result !== 'unchanged') return
  const isVersionAsked = askedVersion(fields) !== undefined
  // After a PATCH of the version the cluster was seen at work on it.
  const wasProven = attempt?.kinds.has('version') === true
  if (isVersionAsked && !wasProven && !observed.reported.has('kubernetesVersion')) {
    log.warn('This API does not say which version runs')
  }
  const drift = driftOf(last.cluster)
  if (task.mode === 'apply' && !isVersionAsked && drift !== undefined) {
    log.warn(`The cluster runs ${drift.running} although ${drift.desired} is desired: that is older than this run`)
  }
}

async function execute(context: RunContext): Promise<Ending> {
  const { mode } = context.task
  const closed = mode === 'apply' ? whyClosed(context) : undefined
  if (closed !== undefined) return toSkipped(closed)
  const first = await readFirst(context)
  if (mode === 'plan') return dryRun(context, first)
  if (mode === 'verify') return converge(context, first, { read: first })
  return apply(context, first)
}

function toSkipped(closed: string): Ending {
  return { result: 'skipped', message: closed }
}

function dryRun(context: RunContext, live: GatedRead): Ending {
  const plan = makePlan(context, live)
  warnIfDegraded(context, live)
  if (phaseKind(live.cluster.phase) === 'busy') {
    const wouldFail = context.task.onBusy === 'fail' && isBusyOtherwise(context, live)
    const would = wouldFail ? 'end busy, as on-busy is fail' : 'wait for it first'
    context.log.warn(`The cluster is ${live.cluster.phase}; an apply now would ${would}`)
  }
  failIfRefused(context, plan)
  const message = plan.edits.length === 0 ? 'Nothing to change.' : 'A dry run: nothing was sent.'
  return { result: 'planned', message }
}

/** Plans from the newest read and sends until a PATCH is accepted, or the target is there, or the run must end. */
async function apply(context: RunContext, first: GatedRead): Promise<Ending> {
  const { state } = context
  const patcher = new Patcher(context)
  const busy = new BusyWait(context)
  failIfOutOfBounds(context, first)
  for (let live = first; ; ) {
    if (state.base !== undefined) {
      if (compareWithBase(context, live) === 'there') {
        const words = state.attempt === undefined ? 'Someone else made the same change' : 'The PATCH had landed'
        return join(context, live, words)
      }
      patcher.failIfFinal(live)
    }
    if (busy.holdsUp(live)) {
      const [held, closed] = [live, whyClosed(context)]
      if (closed === undefined) live = await patcher.uncounted(() => busy.readNext(held))
      else {
        // What would have been sent is told all the same.
        makePlan(context, held)
        live = await watchUnsent(context, { kind: 'closed', why: closed })
      }
      continue
    }
    enterStage(context, 'planning')
    const plan = makePlan(context, live)
    failIfRefused(context, plan)
    warnIfDegraded(context, live)
    if (plan.edits.length === 0) {
      const look = await lookAgain(context, live)
      if (look.kind === 'unchanged') return { result: 'unchanged', message: 'The cluster already is as asked.' }
      if (look.kind === 'under-way') return join(context, look.read, UNDER_WAY)
      live = look.read
      continue
    }
    const obstacle = whyNotNow(context)
    if (obstacle !== undefined) {
      live = await watchUnsent(context, obstacle, patcher.lastWords)
      continue
    }
    const again = await patcher.readForLock(live)
    if (again !== undefined) {
      live = again
      continue
    }
    if ((await failIfUnapproved(context, plan)) === 'asked') {
      live = await readWhole(context)
      continue
    }
    const result = await patcher.send(plan, live)
    if (result.kind === 'accepted') return follow(context, result, live)
    live = await patcher.readAfter(result)
  }
}

/**
 * Goes on where no PATCH may be sent at this moment. Where none may have been sent before, that ends the run; else it is watched
 * whether an earlier one has landed.
 */
async function watchUnsent(context: RunContext, { kind, why }: Obstacle, lastWords?: string): Promise<GatedRead> {
  const isUntried = context.state.attempt === undefined
  if (kind === 'closed') {
    if (isUntried) throw new RunEnded(toSkipped(why))
    return watchForTarget(context, why, ALLOWANCES.watch)
  }
  const words = lastWords === undefined ? why : `${why}; before that, ${lastWords}`
  if (isUntried) throw new RunEnded(toTimedOut('timeout', words))
  return watchForTarget(context, words, ALLOWANCES.deadline)
}

/** The target is there, or on its way, by a PATCH that had landed, by another hand or by an earlier run: `words` say which. */
async function join(context: RunContext, live: GatedRead, words: string): Promise<Ending> {
  context.log.info(words)
  noteLaterRead(context, live)
  return context.task.wait ? converge(context, live, { read: live }) : accepted(context)
}

const UNDER_WAY = 'The change is already on its way; nothing is sent'

function accepted({ state }: RunContext): Ending {
  if (state.sideEffects.length > 0) return sideEffectsToEnding(state.sideEffects, 'accepted')
  const message =
    state.attempt === undefined
      ? 'Nothing differs, but the cluster is not settled yet; this run sent nothing, and does not wait.'
      : 'The change is accepted and goes on; this run does not wait for it.'
  return { result: 'accepted', message }
}

/** A PATCH was accepted: looks at its answer, then waits. */
async function follow(context: RunContext, { answer }: Accepted, base: GatedRead): Promise<Ending> {
  const { state, log, task, budget } = context
  const { shown, requestId } = answer
  enterStage(context, 'waiting')
  state.recordAccepted(answer.etag)
  const next = task.wait ? `; waiting for proof, at most ${toDurationText(budget.leftMs())}` : ''
  log.info(`PATCH accepted${requestId === undefined ? '' : ` (request ${requestId})`}${next}`)
  const passed = shown === undefined ? undefined : passGate(context, shown)
  const read = passed === undefined || isOldObject(state, passed) ? undefined : passed
  if (read !== undefined) {
    state.recordAnswer(read)
    const altered = findAltered(context, read)
    if (altered !== undefined) return altered
    noteAnswer(context, read)
  }
  if (task.wait) return converge(context, base, { answer: read })
  if (read === undefined || !isShown(context, read)) {
    await waitUntilShown(context, base, read)
  }
  return accepted(context)
}

/** An answer that shows what was sent as it was before is an old object, and says no more than an empty one. */
function isOldObject({ attempt }: RunState, { cluster }: GatedRead): boolean {
  if (attempt === undefined) return false
  const { base, carried } = attempt
  const changed = carried.filter((field) => !field.isMetBy(base.cluster))
  // The short form of our version may be what stood there before: only a higher generation makes it the new one.
  const isRaised = (cluster.generation ?? 0) > (base.cluster.generation ?? Number.POSITIVE_INFINITY)
  const isOld = (field: AskedField) =>
    isAsBefore(field, base.cluster, cluster) || (!isRaised && isSameIn(field, base.cluster, cluster))
  return changed.some((field) => field.isCarriedBy(cluster)) && changed.every(isOld)
}

/** Waits until what is asked is proven: `live` is the read planned from, `begin` what the wait has already. */
async function converge(context: RunContext, live: GatedRead, begin: WaitBegin): Promise<Ending> {
  const { evidence, stoodMs } = await waitForProof(context, live, begin)
  const { sideEffects } = context.state
  if (sideEffects.length > 0) return sideEffectsToEnding(sideEffects, 'done')
  return { result: 'converged', evidence, stoodMs, message: `Proven by ${evidence.join(', ')}.` }
}
