import type { ClusterRead } from '../api/client.js'
import type { PhaseSpan } from '../domain/outcome.js'
import type { Plan } from '../domain/plan.js'
import { kindsOf, type PatchAttempt } from '../proof/awaited.js'
import type { Missing } from '../proof/convergence.js'
import { type Freshness, lacksSpec, NOTHING_OBSERVED, type Observed, observe } from '../proof/observations.js'

/** Where a run is: before its first read, held up by a busy cluster, planning and sending, or waiting for proof. */
export type Stage = 'reading' | 'busy' | 'planning' | 'waiting'

/** What a run has seen and sent so far. It changes only in the few ways named here; everything else reads it. */
export class RunState {
  private _stage: Stage = 'reading'
  private _observed: Observed = NOTHING_OBSERVED
  private _partialReads = 0
  private _first: ClusterRead | undefined
  private _last: ClusterRead | undefined
  private _plan: Plan | undefined
  private _wouldChange: boolean | undefined
  private _attempt: PatchAttempt | undefined
  private _patchRequestId: string | undefined
  private _missing: Missing | undefined
  private readonly _refusedEtags = new Set<string>()
  private readonly _phases: PhaseSpan[] = []

  get stage(): Stage {
    return this._stage
  }

  get observed(): Observed {
    return this._observed
  }

  /** Reads in a row that lacked a part of the spec. */
  get partialReads(): number {
    return this._partialReads
  }

  /** The very first read of the run. */
  get first(): ClusterRead | undefined {
    return this._first
  }

  /** The last fresh read, with the last ETag that any read gave. */
  get last(): ClusterRead | undefined {
    return this._last
  }

  /** The newest plan that has something to say. */
  get plan(): Plan | undefined {
    return this._plan
  }

  /** Whether the first plan had edits; absent until there is a plan. */
  get wouldChange(): boolean | undefined {
    return this._wouldChange
  }

  /** The PATCH of this run that landed, or may have. */
  get attempt(): PatchAttempt | undefined {
    return this._attempt
  }

  /** The request id of the PATCH that was accepted. */
  get patchRequestId(): string | undefined {
    return this._patchRequestId
  }

  /** What a wait is still waiting for. */
  get missing(): Missing | undefined {
    return this._missing
  }

  /** The phases that fresh reads showed, each until the next one, on the run's clock. */
  get phases(): readonly PhaseSpan[] {
    return this._phases
  }

  enter(stage: Stage): void {
    this._stage = stage
    this._missing = undefined
  }

  /** Takes in what an answer showed at `atMs` of the run; an older replica's read leaves everything as it is. */
  recordRead(read: ClusterRead, atMs: number): Freshness {
    const { observed, freshness } = observe(this._observed, read.cluster)
    this._observed = observed
    this._partialReads = lacksSpec(observed, read.cluster) ? this._partialReads + 1 : 0
    if (freshness !== 'fresh') return freshness
    this._first ??= read
    this._last = { ...read, etag: read.etag ?? this._last?.etag }
    this.recordPhase(read.cluster.phase, atMs)
    return freshness
  }

  /** Keeps the newest plan, but not an empty one after one that had edits: that would hide what this run did. Gives whether it kept it. */
  recordPlan(plan: Plan): boolean {
    this._wouldChange ??= plan.edits.length > 0
    const isKept = this._plan === undefined || plan.edits.length > 0 || plan.refusals.length > 0
    if (isKept) this._plan = plan
    return isKept
  }

  /** From now on a PATCH may have landed. Gives back the way to take that back, for one that certainly did not. */
  recordAttempt(plan: Plan, { cluster }: ClusterRead): () => void {
    const earlier = this._attempt
    const kinds = new Set([...(earlier?.kinds ?? []), ...kindsOf(plan.fields)])
    this._attempt = { base: cluster, kinds, generationBefore: this._observed.generation }
    return () => {
      this._attempt = earlier
    }
  }

  /** The PATCH was accepted; `generation` is the one it was answered with. */
  recordAccepted(requestId: string | undefined, generation: number | undefined): void {
    this._patchRequestId = requestId
    if (this._attempt !== undefined) this._attempt = { ...this._attempt, answeredGeneration: generation }
  }

  recordRefusedEtag(etag: string): void {
    this._refusedEtags.add(etag)
  }

  isRefusedEtag(etag: string): boolean {
    return this._refusedEtags.has(etag)
  }

  recordMissing(missing: Missing): void {
    this._missing = missing
  }

  private recordPhase(phase: string | undefined, atMs: number): void {
    const current = this._phases.at(-1)
    if (phase === undefined || current?.phase === phase) return
    if (current !== undefined) this._phases[this._phases.length - 1] = { ...current, untilMs: atMs }
    this._phases.push({ phase, fromMs: atMs, untilMs: atMs })
  }
}
