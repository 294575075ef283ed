import type { ClusterRead } from './api/client.js'
import { readAfterConflict, readAfterLoss } from './conflicts.js'
import { phaseKind } from './domain/cluster.js'
import { toDurationText } from './domain/duration.js'
import { standingOf } from './domain/loss.js'
import type { Ending, Outcome } from './domain/outcome.js'
import { type Plan, planChange } from './domain/plan.js'
import { startHistory } from './domain/progress.js'
import type { Task } from './domain/task.js'
import { isOpen } from './domain/window.js'
import { Ended, NEXT_STEPS, toEnding, toSkipped } from './endings.js'
import { createScene, refuseGone, type Scene, takeIn, type World } from './scene.js'
import { looksUnchanged, toAwaited, waitForProof, warnOfStrays, whenFree } from './waiting.js'
import { type Accepted, Writer } from './writes.js'

/** The story of one cluster: read, plan, PATCH, wait for proof. It never throws: every path ends in an outcome. */
export async function run(task: Task, world: World): Promise<Outcome> {
  const scene = createScene(task, world)
  try {
    return scene.journal.close(await tell(scene))
  } catch (error) {
    return scene.journal.close(toEnding(error, scene.journal, scene.patience.elapsedMs()))
  }
}

async function tell(scene: Scene): Promise<Ending> {
  const { mode, window } = scene.task
  const wallMs = scene.clock.wallMs()
  if (mode === 'apply' && window !== undefined && !isOpen(window, wallMs)) return toSkipped(window, wallMs)
  const first = await scene.reader.first()
  takeIn(scene, first)
  refuseGone(first)
  if (mode === 'plan') return dryRun(scene, first)
  if (mode === 'verify') return waitForProof(scene, toAwaited(scene, first), first)
  return apply(scene, first)
}

function dryRun(scene: Scene, live: ClusterRead): Ending {
  const plan = makePlan(scene, live)
  warnOfState(scene, live)
  if (phaseKind(live.cluster.phase) === 'busy') {
    scene.journal.warn(`The cluster is ${live.cluster.phase}; an apply now would wait for it first`)
  }
  checkPlan(scene, plan)
  const message = plan.edits.length === 0 ? 'Nothing to change.' : 'A dry run: nothing was sent.'
  return { result: 'planned', message }
}

async function apply(scene: Scene, first: ClusterRead): Promise<Ending> {
  const writer = new Writer(scene)
  let live = first
  for (let conflicts = 0; ; ) {
    live = await whenFree(scene, live)
    scene.journal.enter('writing')
    const plan = makePlan(scene, live)
    if (plan.edits.length === 0) return alreadyThere(scene, live, false)
    checkPlan(scene, plan)
    warnOfState(scene, live)
    const sent = await writer.send(plan, live)
    if (sent.kind === 'accepted') return follow(scene, sent, live)
    if (sent.kind === 'refused') conflicts++
    const standing =
      sent.kind === 'refused'
        ? await readAfterConflict(scene, sent, live, conflicts)
        : await readAfterLoss(scene, sent, live)
    live = standing.read
    if (standing.isThere) return alreadyThere(scene, live, true)
  }
}

function makePlan({ task, journal }: Scene, { cluster, etag }: ClusterRead): Plan {
  const { tenant, desired, guardrails, ifMatch } = task
  const isLocked = (ifMatch ?? etag) !== undefined
  const plan = planChange(cluster, desired, { tenant, isLocked, guardrails })
  journal.planned(plan)
  return plan
}

/** An empty plan writes nothing, so there is nothing to refuse: the dry run ends as the apply would. */
function checkPlan({ task }: Scene, plan: Plan): void {
  if (plan.edits.length === 0) return
  if (plan.refusals.length > 0) {
    const message = `Not sent: ${plan.refusals.map((refusal) => refusal.reason).join('; ')}`
    const inputs = [...new Set(plan.refusals.map(({ allow }) => (/^allow-/.test(allow) ? `${allow}: true` : allow)))]
    throw new Ended({ result: 'failed', reason: 'refused', message, hint: `If you mean it, set ${inputs.join(', ')}.` })
  }
  if (task.expectedPlan !== undefined && plan.digest !== task.expectedPlan) {
    const message = `Not sent: the plan is no longer the one expected (${plan.digest}, not ${task.expectedPlan})`
    throw new Ended({ result: 'failed', reason: 'plan-changed', message, hint: NEXT_STEPS['plan-changed'] })
  }
}

function warnOfState({ journal }: Scene, { cluster }: ClusterRead): void {
  if (phaseKind(cluster.phase) !== 'degraded') return
  const told = cluster.conditions.length === 0 ? '' : `: ${cluster.conditions.join('; ')}`
  journal.warn(`The cluster is Degraded${told}`)
}

/** Nothing differs: done, or on its way by another hand, or by ours in this run or an earlier one. */
async function alreadyThere(scene: Scene, live: ClusterRead, isAdopted: boolean): Promise<Ending> {
  const { journal, task } = scene
  if (journal.landing === undefined && !isAdopted) {
    const latest = await looksUnchanged(scene, live)
    if (latest === undefined) return { result: 'unchanged', message: 'The cluster already is as asked.' }
    journal.say('The change is already on its way; nothing is sent')
    return task.wait ? waitForProof(scene, toAwaited(scene, latest), latest) : ACCEPTED
  }
  journal.say(journal.landing === undefined ? 'Someone else made the same change' : 'The PATCH had landed')
  return task.wait ? waitForProof(scene, toAwaited(scene, live, journal.landing), live) : ACCEPTED
}

const ACCEPTED: Ending = {
  result: 'accepted',
  message: 'The change is accepted and goes on; this run does not wait for it.',
}

/** A PATCH was accepted: looks at its answer, then waits. */
async function follow(scene: Scene, { answer }: Accepted, before: ClusterRead): Promise<Ending> {
  const { journal, task } = scene
  const { shown, requestId } = answer
  journal.enter('waiting')
  journal.patchRequestId = requestId
  const next = task.wait ? `; waiting for proof, at most ${toDurationText(scene.patience.leftMs())}` : ''
  journal.say(`PATCH accepted${requestId === undefined ? '' : ` (request ${requestId})`}${next}`)
  const isNews = shown !== undefined && takeIn(scene, shown)
  if (isNews) {
    const altered = findAlteration(scene, before, shown)
    if (altered !== undefined) return altered
    warnOfStrays(scene, before.cluster, shown)
  }
  if (!task.wait) {
    if (shown === undefined) await readOnce(scene)
    return ACCEPTED
  }
  const change = toAwaited(scene, before, journal.landing, shown?.cluster.generation)
  const history = startHistory(change, journal.seen, isNews ? shown.cluster : undefined)
  return waitForProof(scene, change, undefined, history)
}

/** An empty answer showed nothing, and the outputs are to say how the cluster stands. */
async function readOnce(scene: Scene): Promise<void> {
  const read = await scene.reader.next()
  if (takeIn(scene, read)) refuseGone(read)
}

/** The server made something else of a value than was asked: a limit, or a rounding. */
function findAlteration({ fields }: Scene, before: ClusterRead, shown: ClusterRead): Ending | undefined {
  const altered = fields.filter((field) => standingOf(field, before.cluster, shown.cluster) === 'neither')
  if (altered.length === 0) return undefined
  const told = altered.map((field) => {
    const made = field.show(shown.cluster)
    return made === undefined ? field.name : `${field.name} (asked ${field.wanted}, made ${made ?? 'absent'})`
  })
  return {
    result: 'failed',
    reason: 'rejected',
    message: `The server accepted the PATCH but made something else of it: ${told.join(', ')}`,
    hint: 'A limit or a rounding of the platform. Ask for a value it can give.',
  }
}
