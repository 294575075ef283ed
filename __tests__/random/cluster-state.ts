import type { JsonObject, ServerBehaviour, Spec } from './plan.js'

/** Everything there is to know about the cluster at one moment: what is wanted, what truly is, and what is published of it. */
export interface Snapshot {
  readonly atMs: number
  readonly exists: boolean
  readonly createdAt: string
  readonly spec: Spec
  /** Counts each change of the spec that this server counts. */
  readonly generation: number
  /** What the operator has carried out. */
  readonly carriedOut: Pick<Spec, 'resources' | 'alerts'>
  /** The version that truly runs. */
  readonly running: string
  readonly published: Published
  /** Moves whenever the ETag is to. */
  readonly revision: number
}

/** What the server says, which may lag behind or differ from what is. */
export interface Published {
  readonly generation: number
  readonly observedGeneration: number
  readonly phase: string
  readonly kubernetesVersion: string
  readonly hasStatus: boolean
  readonly conditions: readonly JsonObject[]
}

interface PlannedEvent {
  readonly atMs: number
  readonly order: number
  readonly act: () => void
}

/** The cluster's life: every state it was ever in, and what is still to happen to it. Time passes only where it is let pass. */
export class ClusterState {
  readonly history: Snapshot[] = []
  /** What was done that no read shows: for the trace. */
  readonly notes: { readonly atMs: number; readonly text: string }[] = []
  private events: PlannedEvent[] = []
  private eventCount = 0
  private truePhase = 'Running'
  private overridingPhase: string | undefined

  constructor(
    private readonly server: ServerBehaviour,
    private snapshot: Snapshot,
    private timeMs = snapshot.atMs,
  ) {
    this.history.push(snapshot)
  }

  get nowMs(): number {
    return this.timeMs
  }

  get current(): Snapshot {
    return this.snapshot
  }

  /** How things stood at a moment; before all that is known, as they stood first. */
  snapshotAt(atMs: number): Snapshot {
    return this.history.findLast((snapshot) => snapshot.atMs <= atMs) ?? (this.history[0] as Snapshot)
  }

  /** Does something after a while. */
  after(ms: number, act: () => void): void {
    this.at(this.timeMs + ms, act)
  }

  /** Does something at a moment that has not come yet. */
  at(atMs: number, act: () => void): void {
    this.eventCount += 1
    this.events.push({ atMs: Math.max(atMs, this.timeMs), order: this.eventCount, act })
    this.events.sort((left, right) => left.atMs - right.atMs || left.order - right.order)
  }

  /** Lets everything happen that is due. */
  advanceTo(atMs: number): void {
    for (let next = this.events[0]; next !== undefined && next.atMs <= atMs; next = this.events[0]) {
      this.events.shift()
      this.timeMs = Math.max(this.timeMs, next.atMs)
      next.act()
    }
    this.timeMs = Math.max(this.timeMs, atMs)
  }

  change(change: Partial<Snapshot>, isStatus = false): void {
    const movesEtag = change.spec !== undefined || (isStatus && this.server.etagMovesWithStatus)
    const revision = this.snapshot.revision + (movesEtag ? 1 : 0)
    this.snapshot = { ...this.snapshot, revision, ...change, atMs: this.timeMs }
    this.history.push(this.snapshot)
  }

  publish(published: Partial<Published>): void {
    if (!this.snapshot.exists) return
    const next = { ...this.snapshot.published, ...published }
    if (!isSameText(next, this.snapshot.published)) this.change({ published: next }, true)
  }

  publishLater(lagMs: number, published: Partial<Published>): void {
    const { createdAt } = this.snapshot
    const publish = () => {
      if (this.snapshot.createdAt === createdAt) this.publish(published)
    }
    if (lagMs === 0) publish()
    else this.after(lagMs, publish)
  }

  /** The cluster enters a phase; it is published after its lag, unless something else is shown in its place. */
  enterPhase(phase: string): void {
    if (this.truePhase === 'Terminating') return
    this.truePhase = phase
    this.after(this.server.phaseLagMs, () => {
      if (this.overridingPhase === undefined && this.truePhase !== 'Terminating') this.publish({ phase })
    })
  }

  /** For a while another phase is shown than the one the cluster is in. */
  overridePhase(phase: string, forMs: number): void {
    if (this.truePhase === 'Terminating') return
    this.overridingPhase = phase
    this.publish({ phase })
    this.after(forMs, () => {
      this.overridingPhase = undefined
      this.publish({ phase: this.truePhase })
    })
  }

  terminate(): void {
    this.overridingPhase = undefined
    this.truePhase = 'Terminating'
    this.publish({ phase: 'Terminating' })
  }

  /** A new cluster takes over the name. */
  recreate(snapshot: Snapshot): void {
    this.truePhase = 'Running'
    this.change({ ...snapshot, revision: this.snapshot.revision + 1 })
  }

  note(text: string): void {
    this.notes.push({ atMs: this.timeMs, text })
  }
}

export function isSameText(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right)
}
