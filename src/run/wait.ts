import type { ClusterRead } from '../api/client.js'
import type { Cluster } from '../domain/cluster.js'
import type { Evidence } from '../domain/outcome.js'
import { type AwaitedChange, type History, kindsOf } from '../proof/awaited.js'
import { decideProof, startHistory } from '../proof/convergence.js'
import { findUnrequested } from '../proof/unrequested.js'
import { enterStage, pauseForPoll, type RunContext } from './context.js'
import { RunEnded, verdictToEnding } from './failures.js'
import { readNext } from './read.js'

/** What a wait is for: the change that a PATCH of this run made, or may have made, or else whatever is asked. */
export function toAwaited({ task, fields, state }: RunContext, live: ClusterRead): AwaitedChange {
  const { settleTimeMs, degradedGraceMs } = task
  const { attempt } = state
  return {
    fields,
    base: attempt?.base ?? live.cluster,
    kinds: attempt?.kinds ?? kindsOf(fields),
    ...(attempt === undefined ? {} : { attempt }),
    settleTimeMs,
    degradedGraceMs,
  }
}

/** What a wait begins with: a read to be judged first, or the PATCH's own answer where it showed the cluster. */
export interface WaitBegin {
  readonly read?: ClusterRead | undefined
  readonly answer?: Cluster | undefined
}

/** Polls until the change is proven, and gives what proved it. Throws `RunEnded` where the change is lost, `DeadlineError` where time is up. */
export async function waitForProof(
  context: RunContext,
  change: AwaitedChange,
  { read, answer }: WaitBegin,
): Promise<readonly Evidence[]> {
  const { state, clock } = context
  enterStage(context, 'waiting')
  const sinceMs = clock.nowMs()
  let history = startHistory(change, answer)
  for (let next = read; ; next = undefined) {
    if (next === undefined) {
      await pauseForPoll(context, sinceMs)
      const polled = await readNext(context)
      if (!polled.isFresh) continue
      next = polled
    }
    const { cluster } = next
    const decided = decideProof(change, history, state.observed, { cluster, atMs: clock.nowMs() })
    history = decided.history
    warnOfUnrequestedLater(context, change, history, cluster)
    const { verdict } = decided
    if (verdict.kind === 'converged') return verdict.evidence
    if (verdict.kind === 'failed') throw new RunEnded(verdictToEnding(verdict))
    state.recordMissing(verdict.missing)
  }
}

/** A read under the very generation of our PATCH shows what the PATCH did, and nothing that came later. */
function warnOfUnrequestedLater(
  context: RunContext,
  change: AwaitedChange,
  { ourGeneration }: History,
  cluster: Cluster,
): void {
  const isOurs = cluster.generation !== undefined && cluster.generation === ourGeneration
  if (change.attempt !== undefined && isOurs) warnOfUnrequested(context, change.base, cluster)
}

/** Warns of fields that a PATCH changed beyond what was asked. */
export function warnOfUnrequested({ task, log }: RunContext, base: Cluster, after: Cluster): void {
  for (const { field, from, to } of findUnrequested(base, after, task.desired)) {
    const values = from === undefined ? '' : ` from ${from} to ${to ?? 'nothing'}`
    log.warn(`${field} was not asked for, but the change moved it${values}`)
  }
}

/** `undefined` once it is certain that nothing is under way; otherwise the latest read. Where no generation tells, it takes two. */
export async function findUnderWay(context: RunContext, live: ClusterRead): Promise<ClusterRead | undefined> {
  const { state, clock } = context
  const calm: AwaitedChange = { ...toAwaited(context, live), kinds: new Set() }
  const decide = (history: History, { cluster }: ClusterRead) =>
    decideProof(calm, history, state.observed, { cluster, atMs: clock.nowMs() })
  const first = decide(startHistory(calm), live)
  if (first.verdict.kind === 'converged') return undefined
  if (first.verdict.kind !== 'pending' || !first.verdict.looksFinished) return live
  await pauseForPoll(context, clock.nowMs())
  const again = await readNext(context)
  if (!again.isFresh) return live
  return decide(first.history, again).verdict.kind === 'converged' ? undefined : again
}
