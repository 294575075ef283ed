import type { ClusterRead } from './api/client.js'
import type { AwaitedChange, History } from './domain/awaited.js'
import { openFields } from './domain/change.js'
import { phaseKind } from './domain/cluster.js'
import type { Ending } from './domain/outcome.js'
import { judge, startHistory, type Verdict } from './domain/progress.js'
import { findStrayChanges } from './domain/stray.js'
import { Ended, NEXT_STEPS } from './endings.js'
import { type Journal, kindsOf, type Landing } from './journal.js'
import { isPlannable, pauseForPoll, refuseGone, type Scene, takeIn, toSighting } from './scene.js'

/** What a wait is for: the change a PATCH of this run made, or may have made, or else whatever is asked. */
export function toAwaited(
  scene: Scene,
  before: ClusterRead,
  landing?: Landing,
  answeredGeneration?: number,
): AwaitedChange {
  const { settleTimeMs, degradedGraceMs } = scene.task
  const common = { fields: scene.fields, settleTimeMs, degradedGraceMs }
  if (landing === undefined) return { ...common, before: before.cluster, kinds: kindsOf(scene.fields) }
  const patch = { generationBefore: landing.generationBefore, answeredGeneration }
  return { ...common, before: landing.before.cluster, kinds: landing.kinds, patch }
}

/** Polls until the change is proven or lost. `read` is one that is there already, to be judged first. */
export async function waitForProof(
  scene: Scene,
  change: AwaitedChange,
  read?: ClusterRead,
  begun?: History,
): Promise<Ending> {
  const { journal, clock, reader } = scene
  journal.enter('waiting')
  const sinceMs = clock.nowMs()
  let history = begun ?? startHistory(change, journal.seen)
  for (let next = read; ; next = undefined) {
    if (next === undefined) {
      await pauseForPoll(scene, sinceMs)
      next = await reader.next()
      if (!takeIn(scene, next)) continue
    }
    const judged = judge(change, history, toSighting(scene, next))
    history = judged.history
    const { generation } = next.cluster
    if (change.patch !== undefined && generation !== undefined && generation === history.ourGeneration) {
      warnOfStrays(scene, change.before, next)
    }
    const ending = toEnding(judged.verdict, journal)
    if (ending !== undefined) return ending
  }
}

function toEnding(verdict: Verdict, journal: Journal): Ending | undefined {
  if (verdict.kind === 'converged') {
    const { evidence } = verdict
    return { result: 'converged', evidence, message: `Proven by ${evidence.join(', ')}.` }
  }
  if (verdict.kind === 'failed') {
    const { reason, message } = verdict
    return { result: 'failed', reason, message, hint: NEXT_STEPS[reason] }
  }
  if (verdict.kind === 'pending') journal.missing = verdict.missing
  return undefined
}

/** Warns of fields that a PATCH changed beyond what was asked. */
export function warnOfStrays({ task, journal }: Scene, before: AwaitedChange['before'], after: ClusterRead): void {
  for (const { field, from, to } of findStrayChanges(before, after.cluster, task.desired)) {
    const values = from === undefined ? '' : ` from ${from} to ${to ?? 'nothing'}`
    journal.warn(`${field} was not asked for, but the change moved it${values}`)
  }
}

/** `undefined` once it is certain that nothing is under way; otherwise the latest read. Where no generation tells, it takes two. */
export async function looksUnchanged(scene: Scene, live: ClusterRead): Promise<ClusterRead | undefined> {
  const calm: AwaitedChange = { ...toAwaited(scene, live), kinds: new Set() }
  const first = judge(calm, startHistory(calm, scene.journal.seen), toSighting(scene, live))
  if (first.verdict.kind === 'converged') return undefined
  if (first.verdict.kind !== 'pending' || !first.verdict.looksFinished) return live
  await pauseForPoll(scene, scene.clock.nowMs())
  const again = await scene.reader.next()
  if (!takeIn(scene, again)) return live
  const second = judge(calm, first.history, toSighting(scene, again))
  return second.verdict.kind === 'converged' ? undefined : again
}

/** Waits while the cluster is busy with something else, and gives the read that shows it free: its ETag is the one to send. */
export async function whenFree(scene: Scene, live: ClusterRead): Promise<ClusterRead> {
  const { task, fields, journal, clock, reader } = scene
  const isBusyOtherwise = ({ cluster }: ClusterRead) =>
    phaseKind(cluster.phase) === 'busy' && openFields(cluster, fields).length > 0
  if (!isBusyOtherwise(live)) return live
  if (task.onBusy === 'fail') {
    const fate = journal.landing === undefined ? '. Nothing was sent' : ''
    const message = `The cluster is ${live.cluster.phase}, and on-busy is fail${fate}`
    throw new Ended({ result: 'failed', reason: 'busy', message, hint: NEXT_STEPS.busy })
  }
  journal.enter('busy')
  journal.say(`${live.cluster.phase} with another change: waiting until the cluster is free`)
  journal.missing = 'busy with another change'
  const sinceMs = clock.nowMs()
  for (;;) {
    await pauseForPoll(scene, sinceMs)
    const read = await reader.next()
    if (!takeIn(scene, read)) continue
    refuseGone(read)
    if (!isBusyOtherwise(read) && isPlannable(scene)) return read
  }
}
