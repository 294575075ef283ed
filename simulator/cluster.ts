/** Limits of a cluster; an absent one was cleared. */
export interface Resources {
  cpu?: string
  memory?: string
  storage?: string
}

/** An element of `status.conditions`, in the shape Kubernetes uses. */
export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

/** What the operator reports; every part may be missing. */
export interface ClusterStatus {
  phase?: string
  kubernetesVersion?: string
  endpoint?: string
  observedGeneration?: number
  conditions?: Condition[]
  metrics?: Record<string, unknown>
  haConfigured?: boolean
  haEnabledAt?: string
  haPhase?: string
  haReplicasReady?: number
  haReplicasDesired?: number
  haEtcdReplicasReady?: number
  haEtcdReplicasDesired?: number
}

/** The part of a cluster that a PATCH can change; an absent key is left alone. */
export interface SpecPatch {
  version?: string
  resources?: Resources
  alerts?: Record<string, unknown>
}

/**
 * How a cluster is when the simulation starts; everything has a default. `version: ''` is a cluster that was created
 * without one and only runs one, `resources: {}` is one without limits.
 */
export interface ClusterSpec
  extends SpecPatch,
    Pick<ClusterStatus, 'phase' | 'kubernetesVersion' | 'endpoint' | 'observedGeneration'> {
  name?: string
  displayName?: string
  type?: string
  highAvailability?: boolean
  generation?: number
  createdAt?: string
  /** Until then it stays in `phase` with an older `observedGeneration`; afterwards it runs what `version` says. */
  busyForMs?: number
}

/** The truth about a cluster at one moment. */
export interface ClusterState {
  name: string
  displayName: string
  type: string
  highAvailability: boolean
  /** The desired version; empty where none was ever asked for. */
  version: string
  resources: Resources
  alerts?: Record<string, unknown>
  generation: number
  resourceVersion: number
  createdAt: string
  status: ClusterStatus
  /** The status exists, but answers leave it out. */
  statusHidden: boolean
}

/** One write to a cluster: by whom, when, and what it said. */
export interface Write {
  at: number
  writer: string
  kind: 'create' | 'spec' | 'status' | 'delete'
  patch?: unknown
  generation: number
  resourceVersion: number
}

/** What the next change comes to: the steps of each are in fates.ts. */
export type Fate =
  | 'ok'
  | 'rolled-back'
  | 'rolled-back-desired'
  | 'degraded'
  | 'degraded-heals'
  | 'degraded-blip'
  | 'stuck'
  | 'unknown-phase'
  | 'no-phase'
  | 'no-status'
  | 'upgrade-stays-running'

/** A step of the operator: what it writes once `due`. */
export interface Step {
  due: number
  run: (draft: ClusterState) => void
}

/** A change under way. */
export interface Rollout {
  upgrade: boolean
  /** The cluster is being built; whatever is asked for meanwhile joins in. */
  provisioning?: boolean
  begun: boolean
  steps: Step[]
}

/** Whether a cluster is on its way out. */
export function isDeleting({ status: { phase = '' } }: ClusterState): boolean {
  return ['Terminating', 'Deleting'].includes(phase)
}

/** Whether the operator is at work on a cluster, or its phase says so. */
export function isBusy({ rollout, state }: StoredCluster): boolean {
  return rollout !== undefined || ['Pending', 'Provisioning', 'Upgrading'].includes(state.status.phase ?? '')
}

/** A copy through JSON: made in the caller's realm, so that a test can compare it strictly. */
export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** A cluster with its whole past, so that an older replica can answer too. */
export class StoredCluster {
  state: ClusterState
  exists = true
  rollout: Rollout | undefined
  readonly history: Write[] = []
  private readonly past: { at: number; state: ClusterState | undefined }[] = []

  /** A new one was not there before: an older replica does not know it. Otherwise it was, as it is now. */
  constructor(at: number, state: ClusterState, { writer = 'user', isNew = false } = {}) {
    this.state = state
    if (isNew) this.past.push({ at: Number.NEGATIVE_INFINITY, state: undefined })
    this.create(at, writer, state)
  }

  create(at: number, writer: string, state: ClusterState): void {
    this.exists = true
    this.rollout = undefined
    this.keep(at, state, { writer, kind: 'create' })
  }

  write(at: number, by: Pick<Write, 'writer' | 'kind' | 'patch'>, change: (draft: ClusterState) => void): void {
    const draft = copy(this.state)
    change(draft)
    draft.resourceVersion += 1
    this.keep(at, draft, by)
  }

  remove(at: number, writer: string): void {
    this.exists = false
    this.rollout = undefined
    const { generation, resourceVersion } = this.state
    this.past.push({ at, state: undefined })
    this.history.push({ at, writer, kind: 'delete', generation, resourceVersion })
  }

  /** The state at a moment; before the first one, the first. */
  asOf(at: number): ClusterState | undefined {
    const then = this.past.findLast((entry) => entry.at <= at) ?? this.past[0]
    return then?.state
  }

  private keep(at: number, state: ClusterState, by: Pick<Write, 'writer' | 'kind' | 'patch'>): void {
    this.state = state
    this.past.push({ at, state })
    const { generation, resourceVersion } = state
    this.history.push(copy({ at, ...by, generation, resourceVersion }))
  }
}
