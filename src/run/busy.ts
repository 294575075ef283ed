import type { ClusterRead } from '../api/client.js'
import { unmetFields } from '../domain/change.js'
import { phaseKind } from '../domain/cluster.js'
import { ALLOWANCES, READS_TO_BELIEVE } from '../policy.js'
import { enterStage, pauseForPoll, type RunContext, startAllowance } from './context.js'
import { RunEnded, toFailed } from './failures.js'
import { type GatedRead, readWhole } from './read.js'

/** Whether the cluster is at work, and not on what is asked. */
export function isBusyOtherwise({ fields }: RunContext, { cluster }: ClusterRead): boolean {
  return phaseKind(cluster.phase) === 'busy' && unmetFields(cluster, fields).length > 0
}

/** A wait for a cluster that is busy with another change, so that nothing may be sent yet. */
export class BusyWait {
  private sinceMs: number | undefined
  /** Reads since the last busy one that do not say whether the cluster is at work. */
  private unclear: { readonly reads: number; readonly isOver: () => boolean } | undefined

  constructor(private readonly context: RunContext) {}

  /**
   * Whether a read shows the cluster busy; or, once one has, does not show it free. It takes the read in, so that each is to be
   * asked of once.
   */
  holdsUp(read: GatedRead): boolean {
    const { context } = this
    const isBusy = isBusyOtherwise(context, read)
    const isWaiting = this.sinceMs !== undefined && unmetFields(read.cluster, context.fields).length > 0
    if (isBusy) this.unclear = undefined
    if (isBusy || (isWaiting && !this.isFree(read))) {
      this.sinceMs ??= context.clock.nowMs()
      return true
    }
    this.sinceMs = undefined
    this.unclear = undefined
    return false
  }

  /** In an upgrade phases come and go: what does not plainly show its end is believed only where it lasts. */
  private isFree({ cluster }: GatedRead): boolean {
    const { task, state, clock, budget, log } = this.context
    const kind = phaseKind(cluster.phase)
    if (kind === 'running') return true
    if (kind === 'degraded') {
      const lastsMs = clock.nowMs() - (state.degradedSinceMs ?? clock.nowMs())
      return lastsMs >= budget.allowedMs({ ...ALLOWANCES.unclearPhase, ms: task.degradedGraceMs })
    }
    const { reads, isOver } = this.unclear ?? {
      reads: 0,
      isOver: startAllowance(this.context, ALLOWANCES.unclearPhase),
    }
    this.unclear = { reads: reads + 1, isOver }
    const isBelieved = reads + 1 >= READS_TO_BELIEVE.unclearPhase && isOver()
    if (isBelieved) log.info(`${reads + 1} reads in a row do not say whether the cluster is free: planning on`)
    return isBelieved
  }

  /** The next whole read, after a poll's pause; `on-busy` is asked at every planning. */
  async readNext({ cluster }: GatedRead): Promise<GatedRead> {
    const { context } = this
    const { task, state, log, clock } = context
    if (task.onBusy === 'fail') {
      throw new RunEnded(toFailed('busy', `The cluster is ${cluster.phase}, and on-busy is fail`))
    }
    if (state.stage !== 'busy') {
      enterStage(context, 'busy')
      log.info(`${cluster.phase} with another change: waiting until the cluster is free`)
      state.recordMissing({ kind: 'phase', text: 'busy with another change' })
    }
    await pauseForPoll(context, this.sinceMs ?? clock.nowMs())
    return readWhole(context)
  }
}
