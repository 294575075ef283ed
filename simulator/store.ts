import { isDeepStrictEqual } from 'node:util'
import { type ClusterSpec, type ClusterStatus, copy, type SpecPatch, StoredCluster } from './cluster.js'
import type { NewCluster } from './creation.js'
import { toTimestamp } from './replies.js'
import type { Operator } from './rollout.js'
import type { Settings } from './settings.js'
import { applyPatch, movesGeneration, toNewState, toState } from './spec.js'
import type { Timeline } from './timeline.js'

/** A status to write: `undefined` takes the field away. */
export type StatusChange = { [Key in keyof ClusterStatus]?: ClusterStatus[Key] | undefined }

const FIRST_RESOURCE_VERSION = 294_810

/** The clusters of the tenant, and the writes that the API and other hands make to them; each happens at the timeline's moment. */
export class ClusterStore {
  private readonly settings: Settings
  private readonly timeline: Timeline
  private readonly operator: Operator
  private readonly clusters = new Map<string, StoredCluster>()

  constructor(settings: Settings, timeline: Timeline, operator: Operator) {
    this.settings = settings
    this.timeline = timeline
    this.operator = operator
  }

  /** Every cluster that ever had a name, deleted ones included. */
  all(): StoredCluster[] {
    return [...this.clusters.values()]
  }

  get(name: string): StoredCluster | undefined {
    return this.clusters.get(name)
  }

  find(name: string): StoredCluster {
    const cluster = this.clusters.get(name)
    if (cluster === undefined) throw new Error(`the simulator has no cluster "${name}"`)
    return cluster
  }

  existing(name: string): StoredCluster {
    const cluster = this.find(name)
    if (!cluster.exists) throw new Error(`the simulator's cluster "${name}" is deleted`)
    return cluster
  }

  add(spec: ClusterSpec): void {
    const state = toState(spec, this.settings, this.nextResourceVersion())
    const cluster = new StoredCluster(this.timeline.time, state)
    this.clusters.set(state.name, cluster)
    this.operator.created(cluster, spec)
  }

  /** A new cluster as the API makes it, built step by step. Nothing of that name may exist. */
  create(asked: NewCluster): StoredCluster {
    const { time } = this.timeline
    const spec = { ...asked, createdAt: toTimestamp(this.settings.date()) }
    const old = this.clusters.get(asked.name)
    const state = toNewState(spec, this.settings, old ? old.state.resourceVersion + 1 : this.nextResourceVersion())
    const cluster = old ?? new StoredCluster(time, state, { writer: 'api', isNew: true })
    if (old !== undefined) old.create(time, 'api', state)
    this.clusters.set(state.name, cluster)
    this.operator.created(cluster, spec)
    this.operator.provision(cluster)
    return cluster
  }

  /** Gives the name to a new cluster, whether or not the old one is gone. */
  recreate(name: string, spec: Omit<ClusterSpec, 'name'>): void {
    const cluster = this.find(name)
    const next = { generation: 1, createdAt: toTimestamp(this.settings.date()), ...spec, name }
    const state = toState(next, this.settings, cluster.state.resourceVersion + 1)
    cluster.create(this.timeline.time, 'user', state)
    this.operator.created(cluster, next)
  }

  changeSpec(cluster: StoredCluster, writer: string, patch: SpecPatch): void {
    const before = cluster.state
    const draft = copy(before)
    applyPatch(draft, patch, this.settings)
    // A write that changes nothing moves nothing, as in Kubernetes.
    if (isDeepStrictEqual(draft, before)) return
    if (movesGeneration(before, draft, this.settings)) draft.generation += 1
    cluster.write(this.timeline.time, { writer, kind: 'spec', patch }, (state) => void Object.assign(state, draft))
    this.operator.specChanged(cluster, before)
  }

  /** Writes the status; `undefined` instead of a change hides it whole. */
  writeStatus(cluster: StoredCluster, change: StatusChange | undefined, writer: string): void {
    cluster.write(this.timeline.time, { writer, kind: 'status', patch: change }, (draft) => {
      draft.statusHidden = change === undefined
      Object.assign(draft.status, change)
    })
  }

  /** Ends whatever is under way, shows the phase given, and takes the cluster away after `terminatingMs`. */
  remove(cluster: StoredCluster, { terminatingMs, phase }: { terminatingMs: number; phase: string }): void {
    const { createdAt } = cluster.state
    cluster.rollout = undefined
    this.writeStatus(cluster, { phase }, 'operator')
    const takeAway = () => {
      if (cluster.exists && cluster.state.createdAt === createdAt) cluster.remove(this.timeline.time, 'operator')
    }
    if (terminatingMs === 0) takeAway()
    else this.timeline.schedule(this.timeline.time + terminatingMs, takeAway)
  }

  private nextResourceVersion(): number {
    return FIRST_RESOURCE_VERSION + this.clusters.size * 1000
  }
}
