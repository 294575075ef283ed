import type { ClusterRead } from '../api/client.js'
import type { Approval } from '../domain/approval.js'
import type { AskedField } from '../domain/change.js'
import { phaseKind } from '../domain/cluster.js'
import type { PhaseSpan, UnrequestedChange } from '../domain/outcome.js'
import type { Plan } from '../domain/plan.js'
import { kindsOf, type PatchAttempt, type TimedRead } from '../proof/awaited.js'
import {
  forgetParts,
  lackingParts,
  NOTHING_OBSERVED,
  type Observed,
  observe,
  type ReadKind,
  vanishedParts,
  withLastStatus,
  withoutParts,
} from '../proof/observations.js'
import type { Missing } from '../proof/unproven.js'

import { Outages } from './outages.js'

/** Where a run is: before its first read, held up by a busy cluster, planning and sending, or waiting for proof. */
export type Stage = 'reading' | 'busy' | 'planning' | 'waiting'

/** An answer that showed a cluster, and when it arrived. */
export interface TimedClusterRead extends ClusterRead, TimedRead {}

/** A PATCH about to be sent. */
export interface AttemptStart {
  readonly plan: Plan
  readonly base: TimedClusterRead
  readonly isLocked: boolean
  readonly carried: readonly AskedField[]
  readonly wallMs: number
  readonly atMs: number
}

/** What a run has seen and sent so far. It changes only in the few ways named here; everything else reads it. */
export class RunState {
  /** The stretches in which no usable read came. */
  readonly outages = new Outages()
  private _stage: Stage = 'reading'
  private _observed: Observed = NOTHING_OBSERVED
  private _first: TimedClusterRead | undefined
  private _last: TimedClusterRead | undefined
  private _hasSeenEtag = false
  private _degradedSinceMs: number | undefined
  private _plan: Plan | undefined
  private _wouldChange: boolean | undefined
  private _approval: Approval | undefined
  private _base: TimedClusterRead | undefined
  private _attempt: PatchAttempt | undefined
  private _isPatchInFlight = false
  private _patchRequestId: string | undefined
  private _missing: Missing | undefined
  private isPhaseShown = false
  private lackedByAnswer: readonly string[] = []
  private readonly _vanishedByAnswer = new Set<string>()
  private readonly _sideEffects = new Map<string, UnrequestedChange>()
  private readonly doubted = new Set<string>()
  private readonly _refusedEtags = new Set<string>()
  private readonly _phases: PhaseSpan[] = []

  get stage(): Stage {
    return this._stage
  }

  get observed(): Observed {
    return this._observed
  }

  /** The very first read of the run. */
  get first(): TimedClusterRead | undefined {
    return this._first
  }

  /** The last read that was not stale; what a partial one lacks is as it was last seen. */
  get last(): TimedClusterRead | undefined {
    return this._last
  }

  get hasSeenEtag(): boolean {
    return this._hasSeenEtag
  }

  /** Since when reads have shown `Degraded` without interruption. */
  get degradedSinceMs(): number | undefined {
    return this._degradedSinceMs
  }

  /** The newest plan that has something to say. */
  get plan(): Plan | undefined {
    return this._plan
  }

  /** Whether the first plan had edits; absent until there is a plan. */
  get wouldChange(): boolean | undefined {
    return this._wouldChange
  }

  /** Which plans are approved, once that was asked. */
  get approval(): Approval | undefined {
    return this._approval
  }

  /** The read that the last PATCH tried was planned from: every later plan is compared with it (contract 3.4). */
  get base(): TimedClusterRead | undefined {
    return this._base
  }

  /** The PATCH of this run that landed, or may have. */
  get attempt(): PatchAttempt | undefined {
    return this._attempt
  }

  /** Whether the last PATCH was sent, and has neither been answered nor given up. */
  get isPatchInFlight(): boolean {
    return this._isPatchInFlight
  }

  /** The request id of the last PATCH's answer. */
  get patchRequestId(): string | undefined {
    return this._patchRequestId
  }

  /** What a wait is still waiting for. */
  get missing(): Missing | undefined {
    return this._missing
  }

  /** What the accepted PATCH changed beyond what was asked. */
  get sideEffects(): readonly UnrequestedChange[] {
    return [...this._sideEffects.values()]
  }

  /** Parts of the spec that were gone from the accepted PATCH's answer on. */
  get vanishedByAnswer(): ReadonlySet<string> {
    return this._vanishedByAnswer
  }

  /** Whether the PATCH's answer lacked something that may have vanished by it, or may only be late. */
  get isAnswerIncomplete(): boolean {
    return this.lackedByAnswer.length > 0
  }

  /** The phases that reads showed, each until the next one or the last read that showed it, on the run's clock. */
  get phases(): readonly PhaseSpan[] {
    return this._phases
  }

  enter(stage: Stage): void {
    this._stage = stage
    this._missing = undefined
  }

  /** Takes in what an answer showed, `runMs` after the run began; a stale read leaves everything as it is. */
  recordRead(read: TimedClusterRead, runMs: number): ReadKind {
    const { observed, kind } = observe(this._observed, read.cluster)
    this._observed = observed
    if (kind === 'stale' || kind === 'recreated') return kind
    this._first ??= read
    const shown = kind === 'partial' ? withLastSpec(read, this._last) : read
    this._last = { ...shown, etag: read.etag ?? this._last?.etag }
    this._hasSeenEtag ||= read.etag !== undefined
    const lacking = lackingParts(observed)
    this.lackedByAnswer = this.lackedByAnswer.filter((part) => lacking.includes(part))
    this.recordPhase(read.cluster.phase, read.atMs, runMs)
    return kind
  }

  /** Believes that parts of the spec are gone which enough reads in a row have lacked; gives their names. */
  believeVanished(isBelievable: (part: string) => boolean): readonly string[] {
    const parts = vanishedParts(this._observed).filter(isBelievable)
    for (const part of parts) if (this.lackedByAnswer.includes(part)) this._vanishedByAnswer.add(part)
    this.lackedByAnswer = this.lackedByAnswer.filter((part) => !parts.includes(part))
    this._observed = forgetParts(this._observed, parts)
    if (this._last !== undefined) this._last = { ...this._last, cluster: withoutParts(this._last.cluster, parts) }
    return parts
  }

  /** Keeps the newest plan, but not an empty one after one that had edits: that would hide what this run did. Gives whether it kept it. */
  recordPlan(plan: Plan): boolean {
    this._wouldChange ??= plan.edits.length > 0
    const isKept = this._plan === undefined || plan.edits.length > 0 || plan.refusals.length > 0
    if (isKept) this._plan = plan
    return isKept
  }

  recordApproval(approval: Approval): void {
    this._approval = approval
  }

  /** From now on a PATCH may have landed. Gives back the way to take that back, for one that certainly did not. */
  recordAttempt({ plan, base, isLocked, carried, wallMs, atMs }: AttemptStart): () => void {
    const earlier = this._attempt
    const known = { ...base, cluster: withLastStatus(base.cluster, this._observed) }
    this._base = known
    this._isPatchInFlight = true
    this._attempt = {
      base: known,
      isLocked,
      carried,
      edits: plan.edits,
      kinds: new Set([...(earlier?.kinds ?? []), ...kindsOf(plan.fields)]),
      generationBefore: this._observed.generation,
      sentAtMs: atMs,
      sentWallMs: wallMs,
      isAccepted: false,
    }
    return () => {
      this._attempt = earlier
    }
  }

  /** The PATCH was accepted: the ETag seen before it is outdated, also where its answer gives no new one. */
  recordAccepted(etag: string | undefined): void {
    if (this._last !== undefined) this._last = { ...this._last, etag }
    if (this._attempt !== undefined) this._attempt = { ...this._attempt, isAccepted: true }
  }

  /** What the accepted PATCH's own answer showed of it, which passed the gate as the newest read. */
  recordAnswer({ cluster }: ClusterRead): void {
    const { generation } = cluster
    if (generation !== undefined) this.recordAnsweredGeneration(generation)
    if (this._attempt?.carried.every((field) => field.isAcceptedBy(cluster)) === true) this.recordShown('answer')
    this.lackedByAnswer = lackingParts(this._observed)
  }

  /** All that our PATCH carried is shown as asked, for the first time. */
  recordShown(shownBy: 'answer' | 'read'): void {
    if (this._attempt !== undefined) this._attempt = { ...this._attempt, shownBy }
  }

  /** The generation that our PATCH gave the cluster, or left it with. */
  recordAnsweredGeneration(answeredGeneration: number): void {
    if (this._attempt !== undefined) this._attempt = { ...this._attempt, answeredGeneration }
  }

  recordSideEffects(changes: readonly UnrequestedChange[]): void {
    for (const change of changes) this._sideEffects.set(change.field, change)
  }

  /** Gives those of the fields of which nobody has been warned yet. */
  recordDoubted<T extends { readonly field: string }>(changes: readonly T[]): T[] {
    const news = changes.filter(({ field }) => !this.doubted.has(field))
    for (const { field } of news) this.doubted.add(field)
    return news
  }

  withdrawSideEffects(fields: readonly string[]): void {
    for (const field of fields) this._sideEffects.delete(field)
  }

  /** The last PATCH was answered, or its answer was lost; the request id is that of the answer. */
  recordPatchEnded(requestId: string | undefined): void {
    this._isPatchInFlight = false
    this._patchRequestId = requestId
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

  private recordPhase(phase: string | undefined, atMs: number, runMs: number): void {
    const current = this._phases.at(-1)
    const wasShown = this.isPhaseShown
    this.isPhaseShown = phase !== undefined
    if (phase === undefined) return
    this._degradedSinceMs = phaseKind(phase) === 'degraded' ? (this._degradedSinceMs ?? atMs) : undefined
    const isSame = current?.phase === phase
    if (current !== undefined && (isSame || wasShown))
      this._phases[this._phases.length - 1] = { ...current, untilMs: runMs }
    if (!isSame) this._phases.push({ phase, fromMs: runMs, untilMs: runMs })
  }
}

/** A partial read as people are shown it. */
function withLastSpec(read: TimedClusterRead, last: TimedClusterRead | undefined): TimedClusterRead {
  if (last === undefined) return read
  const { version, resources, alerts } = last.cluster
  const { cluster } = read
  return {
    ...read,
    cluster: {
      ...cluster,
      ...(cluster.version === undefined && version !== undefined ? { version } : {}),
      resources: { ...resources, ...cluster.resources },
      ...(cluster.alerts === undefined && alerts !== undefined ? { alerts } : {}),
    },
  }
}
