import type { ClusterSpec, ClusterState, Fate, Rollout, StoredCluster } from './cluster.js'
import { complete, finishBuilding, stampGeneration, startBuilding, targetVersion, toSteps } from './fates.js'
import type { Settings } from './settings.js'
import type { Timeline } from './timeline.js'

/** The operator behind the API: turns a changed spec into steps, each a write to the status some time later. */
export class Operator {
  private readonly timeline: Timeline
  private readonly settings: Settings
  private readonly fates: Fate[]

  constructor(timeline: Timeline, settings: Settings) {
    this.timeline = timeline
    this.settings = settings
    this.fates = [...settings.script]
  }

  addFates(fates: Fate[]): void {
    this.fates.push(...fates)
  }

  created(cluster: StoredCluster, { busyForMs }: ClusterSpec): void {
    this.writeMetrics(cluster)
    if (busyForMs === undefined) return
    const upgrade = cluster.state.status.phase === 'Upgrading'
    const steps = [{ due: this.timeline.time + busyForMs, run: complete(this.settings) }]
    this.start(cluster, { upgrade, begun: upgrade, steps })
  }

  /** Builds a cluster that was just created, until it runs what its spec says by then. */
  provision(cluster: StoredCluster): void {
    const { timeline, settings } = this
    const steps = [
      { due: timeline.time + settings.createMs / 10, run: startBuilding },
      { due: timeline.time + settings.createMs, run: finishBuilding(settings) },
    ]
    this.start(cluster, { upgrade: false, provisioning: true, begun: true, steps })
  }

  specChanged(cluster: StoredCluster, before: ClusterState): void {
    const { timeline, settings } = this
    const live = cluster.rollout
    const versionChanged = before.version !== cluster.state.version
    const scaled = timeline.time + settings.scaleMs
    const last = live?.steps.at(-1)
    if (last !== undefined && (live?.provisioning || (live?.upgrade && !versionChanged))) {
      // A scale joins the upgrade under way, and anything the building: that one's end stamps the generation of both.
      last.due = Math.max(last.due, scaled)
      return
    }
    const begun = live?.upgrade === true && live.begun
    const moves = targetVersion(cluster.state, settings) !== cluster.state.status.kubernetesVersion
    const upgrade = versionChanged && (begun || moves)
    const begin = upgrade
      ? timeline.time + (begun ? 0 : settings.upgradeStartsAfterMs)
      : timeline.time + settings.scaleMs / 2
    const end = upgrade ? begin + settings.upgradeMs : scaled
    const steps = toSteps(this.fates.shift() ?? 'ok', { upgrade, begin, end, before }, settings)
    if (settings.earlyObservedGeneration) steps.unshift({ due: timeline.time, run: stampGeneration })
    this.start(cluster, { upgrade, begun, steps })
  }

  private start(cluster: StoredCluster, rollout: Rollout): void {
    cluster.rollout = rollout
    this.scheduleNext(cluster, rollout)
  }

  private scheduleNext(cluster: StoredCluster, rollout: Rollout): void {
    const step = rollout.steps[0]
    if (step === undefined) {
      cluster.rollout = undefined
      return
    }
    this.timeline.schedule(step.due, () => {
      if (cluster.rollout !== rollout) return
      // A change that joined may have moved the step after it was scheduled.
      if (step.due <= this.timeline.time) {
        rollout.steps.shift()
        rollout.begun ||= step.run !== stampGeneration
        const { generation } = cluster.state
        cluster.write(this.timeline.time, { writer: 'operator', kind: 'status' }, step.run)
        if (cluster.state.generation !== generation) markAsSpec(cluster)
      }
      this.scheduleNext(cluster, rollout)
    })
  }

  private writeMetrics(cluster: StoredCluster): void {
    const every = this.settings.statusWriteEveryMs
    if (every <= 0) return
    const { createdAt } = cluster.state
    this.timeline.schedule(this.timeline.time + every, () => {
      if (!cluster.exists || cluster.state.createdAt !== createdAt) return
      const at = this.timeline.time
      cluster.write(at, { writer: 'operator', kind: 'status' }, (draft) => {
        draft.status.metrics = { sampledAt: at }
      })
      this.writeMetrics(cluster)
    })
  }
}

function markAsSpec(cluster: StoredCluster): void {
  const last = cluster.history.at(-1)
  if (last !== undefined) last.kind = 'spec'
}
