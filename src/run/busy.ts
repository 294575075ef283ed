import type { ClusterRead } from '../api/client.js'
import { unmetFields } from '../domain/change.js'
import { phaseKind } from '../domain/cluster.js'
import { enterStage, pauseForPoll, type RunContext } from './context.js'
import { RunEnded, toFailed } from './failures.js'
import { type GatedRead, readWhole } from './read.js'

/** Whether the cluster is at work, and not on what is asked. */
export function isBusyOtherwise({ fields }: RunContext, { cluster }: ClusterRead): boolean {
  return phaseKind(cluster.phase) === 'busy' && unmetFields(cluster, fields).length > 0
}

/** Waits a poll's time while the cluster is busy with something else; `on-busy` is asked at every planning. */
export async function readWhileBusy(context: RunContext, { cluster }: GatedRead, sinceMs: number): Promise<GatedRead> {
  const { task, state, log } = context
  if (task.onBusy === 'fail') {
    throw new RunEnded(toFailed('busy', `The cluster is ${cluster.phase}, and on-busy is fail`))
  }
  if (state.stage !== 'busy') {
    enterStage(context, 'busy')
    log.info(`${cluster.phase} with another change: waiting until the cluster is free`)
    state.recordMissing({ kind: 'phase', text: 'busy with another change' })
  }
  await pauseForPoll(context, sinceMs)
  return readWhole(context)
}
