import { ALLOWANCES } from '../policy.js'
import { decideProof, type Proof, startHistory, type Verdict } from '../proof/convergence.js'
import { enterStage, pauseForPoll, type RunContext, startAllowance } from './context.js'
import { RunEnded, toTimedOut, verdictToEnding } from './failures.js'
import { toAwaited } from './planning.js'
import { type GatedRead, readNext } from './read.js'
import { noteLaterRead } from './side-effects.js'

/** What a wait begins with: a read to be judged first, or the PATCH's own answer where it showed the cluster. */
export interface WaitBegin {
  readonly read?: GatedRead | undefined
  readonly answer?: GatedRead | undefined
}

/** Polls until the change is proven, and gives what proved it. Throws `RunEnded` where the change is lost, `DeadlineError` where time is up. */
export async function waitForProof(context: RunContext, live: GatedRead, begin: WaitBegin): Promise<Proof> {
  return pollUntil(context, live, begin, (verdict) => (verdict.kind === 'converged' ? verdict : undefined))
}

/**
 * Polls, for a run that does not wait, only until the accepted change is shown: an empty, old or partial answer shows nothing that
 * could be reported as accepted.
 */
export async function waitUntilShown(
  context: RunContext,
  live: GatedRead,
  answer: GatedRead | undefined,
): Promise<void> {
  const isOver = startAllowance(context, ALLOWANCES.watch)
  await pollUntil(context, live, { answer }, (_, read) => {
    if (isShown(context, read)) return true
    if (!isOver()) return undefined
    throw new RunEnded(toTimedOut('timeout', 'The API accepted the PATCH, but no read has shown the change since'))
  })
}

/** Whether a read shows everything as asked, or on its way, and leaves no doubt about what the PATCH did. */
export function isShown({ state, fields }: RunContext, read: GatedRead): boolean {
  return fields.every((field) => field.isAcceptedBy(read.cluster)) && read.isWhole && !state.isAnswerIncomplete
}

async function pollUntil<T>(
  context: RunContext,
  live: GatedRead,
  { read, answer }: WaitBegin,
  toResult: (verdict: Verdict, read: GatedRead) => T | undefined,
): Promise<T> {
  const { state, clock, task } = context
  enterStage(context, 'waiting')
  const sinceMs = clock.nowMs()
  let history = startHistory(toAwaited(context, live), state.observed, answer?.cluster)
  let provableInMs: number | undefined
  for (let next = read, isFirst = true; ; next = undefined, isFirst = false) {
    if (next === undefined) {
      // An answer that showed nothing is followed by a read at once where nobody waits.
      if (!isFirst || task.wait) await pauseForPoll(context, sinceMs, { neededMs: provableInMs })
      next = await readNext(context)
    }
    noteLaterRead(context, next)
    const change = toAwaited(context, live)
    const decided = decideProof(change, history, state.observed, { ...next, degradedSinceMs: state.degradedSinceMs })
    history = decided.history
    const { verdict } = decided
    if (verdict.kind === 'failed') throw new RunEnded(verdictToEnding(verdict))
    if (verdict.kind === 'pending') state.recordMissing(verdict.missing)
    provableInMs = verdict.kind === 'pending' ? verdict.provableInMs : undefined
    const result = toResult(verdict, next)
    if (result !== undefined) return result
  }
}
