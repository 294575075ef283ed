import type { ClusterRead } from '../api/client.js'
import { ALLOWANCES } from '../policy.js'
import type { RunContext } from './context.js'
import { RunEnded, toFailed } from './failures.js'

/** The ETag a PATCH planned from this read carries, and whether it is the read's own. */
export function lockFor({ task }: RunContext, { etag }: ClusterRead): { ifMatch: string | undefined; isOwn: boolean } {
  const ifMatch = task.ifMatch ?? etag
  return { ifMatch, isOwn: ifMatch !== undefined && ifMatch === etag }
}

/** An ETag that was refused once is of an old state, whichever replica shows it. The caller's own need never have been read. */
export function hasRefusedEtag({ task, state }: RunContext, { etag }: ClusterRead): boolean {
  return task.ifMatch === undefined && etag !== undefined && state.isRefusedEtag(etag)
}

/**
 * An API that has served nothing but the ETag that it refuses, since `sinceMs`, leaves no way to write safely; once a PATCH was
 * accepted, it is merely stale.
 */
export function failIfEtagStaysRefused({ clock, budget, state }: RunContext, sinceMs: number): void {
  if (state.stage === 'waiting') return
  if (clock.nowMs() - sinceMs < budget.allowedMs(ALLOWANCES.refusedEtag)) return
  const message =
    'The API keeps serving an ETag that it refuses; something between this runner and the API may rewrite ETags'
  throw new RunEnded(toFailed('no-usable-etag', message))
}
