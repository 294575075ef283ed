import type { ClusterSpec, ClusterState, Fate, Rollout, Step, StoredCluster } from './cluster.js'
import { fullVersion, minorOf, type Settings } from './settings.js'
import type { Timeline } from './timeline.js'

type Change = Step['run']

const DEGRADED_TEXT = 'control plane is not ready: 1 of 3 API servers does not answer'

/** The version a cluster will run for what its spec says: the one it has, if that will do. */
export function targetVersion({ version, status }: ClusterState, settings: Settings): string {
  const running = status.kubernetesVersion
  if (running !== undefined && version === minorOf(running.slice(1))) return running
  return `v${fullVersion(version, settings)}`
}

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
    const steps = [{ due: this.timeline.time + busyForMs, run: this.complete }]
    this.start(cluster, { upgrade, begun: upgrade, steps })
  }

  specChanged(cluster: StoredCluster, before: ClusterState): void {
    const { timeline, settings } = this
    const live = cluster.rollout
    const versionChanged = before.version !== cluster.state.version
    const scaled = timeline.time + settings.scaleMs
    const last = live?.steps.at(-1)
    if (live?.upgrade && last !== undefined && !versionChanged) {
      // A scale joins the upgrade under way: that one's end stamps the generation of both.
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
    const steps = this.stepsFor(this.fates.shift() ?? 'ok', { upgrade, begin, end, before })
    if (settings.earlyObservedGeneration) steps.unshift({ due: timeline.time, run: stampGeneration })
    this.start(cluster, { upgrade, begun, steps })
  }

  private stepsFor(fate: Fate, change: { upgrade: boolean; begin: number; end: number; before: ClusterState }): Step[] {
    const { upgrade, begin, end, before } = change
    const middle = (begin + end) / 2
    const enter = (phase: string | undefined): Step => ({ due: begin, run: (draft) => setPhase(draft, phase) })
    const usual = upgrade ? [enter('Upgrading')] : []
    const done: Step = { due: end, run: this.complete }
    const plans: Record<Fate, Step[]> = {
      ok: [...usual, done],
      'upgrade-stays-running': [done],
      'unknown-phase': [enter('Migrating'), done],
      'no-phase': [enter(undefined), done],
      'no-status': [{ due: begin, run: hide }, done],
      stuck: [...usual, { due: Number.POSITIVE_INFINITY, run: this.complete }],
      degraded: [...usual, { due: middle, run: degrade }],
      'degraded-heals': [
        ...usual,
        { due: middle, run: degrade },
        { due: Math.max(end, middle + this.settings.degradedMs), run: this.complete },
      ],
      'rolled-back': [...usual, { due: end, run: upgrade ? giveUp : this.undo(before) }],
      'rolled-back-desired': [...usual, { due: end, run: this.undo(before) }],
    }
    return plans[fate]
  }

  private readonly complete: Change = (draft) => {
    draft.status.kubernetesVersion = targetVersion(draft, this.settings)
    settle(draft, { type: 'Ready', status: 'True' })
  }

  /** The spec goes back to what it was, which is a change of its own. */
  private undo(before: ClusterState): Change {
    return (draft) => {
      draft.version = before.version
      draft.resources = before.resources
      if (before.alerts === undefined) delete draft.alerts
      else draft.alerts = before.alerts
      if (this.settings.generationMoves) draft.generation += 1
      giveUp(draft)
    }
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

const stampGeneration: Change = (draft) => {
  draft.status.observedGeneration = draft.generation
}

const hide: Change = (draft) => {
  draft.statusHidden = true
}

const giveUp: Change = (draft) => {
  settle(draft, {
    type: 'Ready',
    status: 'True',
    reason: 'RolledBack',
    message: 'the change failed and was rolled back',
  })
}

const degrade: Change = (draft) => {
  setPhase(draft, 'Degraded')
  draft.status.conditions = [
    { type: 'Ready', status: 'False', reason: 'ControlPlaneUnhealthy', message: DEGRADED_TEXT },
  ]
}

function settle(draft: ClusterState, condition: NonNullable<ClusterState['status']['conditions']>[number]): void {
  draft.statusHidden = false
  setPhase(draft, 'Running')
  stampGeneration(draft)
  draft.status.conditions = [condition]
}

function setPhase(draft: ClusterState, phase: string | undefined): void {
  if (phase === undefined) delete draft.status.phase
  else draft.status.phase = phase
}

function markAsSpec(cluster: StoredCluster): void {
  const last = cluster.history.at(-1)
  if (last !== undefined) last.kind = 'spec'
}
