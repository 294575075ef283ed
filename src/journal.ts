import type { ClusterRead } from './api/client.js'
import type { AskedField, FieldKind } from './domain/change.js'
import { type Cluster, phaseKind } from './domain/cluster.js'
import { toDurationText } from './domain/duration.js'
import type { Ending, Outcome, PhaseSpan } from './domain/outcome.js'
import { type Plan, toPlanLines } from './domain/plan.js'
import { lacksSpec, NOTHING_SEEN, type Seen, see } from './domain/sightings.js'
import { coversVersion } from './domain/version.js'
import type { Heartbeat, Patience } from './patience.js'
import type { Log } from './runtime.js'

/** A PATCH of this run that landed, or may have. */
export interface Landing {
  /** The read it was planned from. */
  readonly before: ClusterRead
  readonly kinds: ReadonlySet<FieldKind>
  readonly generationBefore: number | undefined
}

/** Where a run is: before its first read, held up by a busy cluster, planning and sending, or waiting for proof. */
export type Stage = 'reading' | 'busy' | 'writing' | 'waiting'

const HEARTBEATS_MS = [60_000, 120_000, 300_000] as const

/** What a run has seen and done so far, told to the log as it happens and to the outcome at the end. */
export class Journal implements Heartbeat {
  seen: Seen = NOTHING_SEEN
  landing: Landing | undefined
  /** What a wait is still waiting for, in words. */
  missing: string | undefined
  stage: Stage = 'reading'
  /** The request id of the PATCH that was accepted. */
  patchRequestId: string | undefined
  readonly refusedEtags = new Set<string>()
  /** Reads in a row that lacked a part of the spec. */
  partialReads = 0
  private first: ClusterRead | undefined
  private last: ClusterRead | undefined
  private plan: Plan | undefined
  private wouldChange: boolean | undefined
  private readonly timeline: PhaseSpan[] = []
  private readonly warnings: string[] = []
  private lastLineMs: number
  private beats = 0
  private lastState = ''
  private lastMoveMs: number

  constructor(
    private readonly log: Log,
    private readonly patience: Patience,
    private readonly stuckAfterMs: number,
  ) {
    this.lastLineMs = patience.startMs
    this.lastMoveMs = patience.startMs
  }

  say(text: string): void {
    this.log.info(`${`[${toDurationText(this.patience.elapsedMs())}]`.padEnd(9)} ${text}`)
    this.noteLine()
  }

  /** Warns, once for each text. */
  warn(text: string): void {
    if (this.warnings.includes(text)) return
    this.warnings.push(text)
    this.log.warning(text)
    this.noteLine()
  }

  debug(text: string): void {
    this.log.debug(text)
  }

  /** Takes in what an answer showed; an older replica's read leaves everything as it is. */
  sight(read: ClusterRead): ReturnType<typeof see>['standing'] {
    const { cluster } = read
    const { seen, standing } = see(this.seen, cluster)
    this.debug(
      `read: ${toStateText(cluster)}, etag ${read.etag ?? 'none'}${standing === 'fresh' ? '' : ` (${standing})`}`,
    )
    this.seen = seen
    this.partialReads = lacksSpec(seen, cluster) ? this.partialReads + 1 : 0
    if (standing !== 'fresh') return standing
    this.first ??= read
    this.last = { ...read, etag: read.etag ?? this.last?.etag }
    for (const warning of cluster.warnings) this.warn(`The server warns: ${warning}`)
    this.followPhase(cluster)
    this.watchMovement(cluster)
    return standing
  }

  /** Keeps the newest plan, but not an empty one after one that had edits: that would hide what this run did. */
  planned(plan: Plan): void {
    this.wouldChange ??= plan.edits.length > 0
    const isTelling = this.plan === undefined || plan.edits.length > 0 || plan.refusals.length > 0
    if (!isTelling) return
    const isNews = this.plan?.digest !== plan.digest
    this.plan = plan
    if (!isNews) return
    for (const line of toPlanLines(plan)) this.say(line)
  }

  enter(stage: Stage): void {
    this.stage = stage
    this.missing = undefined
    this.lastMoveMs = this.patience.clock.nowMs()
  }

  get lastPhase(): string {
    return this.last?.cluster.phase ?? 'unknown'
  }

  hasSeenEtag(): boolean {
    return this.last?.etag !== undefined
  }

  dueAtMs(): number {
    return this.lastLineMs + (HEARTBEATS_MS[Math.min(this.beats, HEARTBEATS_MS.length - 1)] ?? 0)
  }

  beat(): void {
    const beats = this.beats + 1
    const missing = this.missing === undefined || this.missing.startsWith('phase is') ? '' : `: ${this.missing}`
    this.say(`still ${this.lastPhase}${missing}`)
    this.beats = beats
  }

  close(ending: Ending): Outcome {
    const nowMs = this.patience.elapsedMs()
    const spans = this.timeline.map((span, index) =>
      index === this.timeline.length - 1 ? { ...span, untilMs: nowMs } : span,
    )
    const requestId = ending.requestId ?? this.patchRequestId
    return {
      ...ending,
      ...(requestId === undefined ? {} : { requestId }),
      changed: this.landing !== undefined,
      ...(this.wouldChange === undefined ? {} : { wouldChange: this.wouldChange }),
      ...(this.plan === undefined ? {} : { plan: this.plan }),
      ...(this.first === undefined ? {} : { first: this.first.cluster }),
      ...(this.last === undefined ? {} : { last: this.last.cluster }),
      ...(this.last?.etag === undefined ? {} : { etag: this.last.etag }),
      timeline: spans,
      startWallMs: this.patience.startWallMs,
      warnings: this.warnings,
      durationMs: nowMs,
    }
  }

  private noteLine(): void {
    this.lastLineMs = this.patience.clock.nowMs()
    this.beats = 0
  }

  private followPhase(cluster: Cluster): void {
    const kind = phaseKind(cluster.phase)
    if (kind === 'absent' || cluster.phase === undefined) {
      this.warn('The server reports no phase; planning and waiting go on without it')
      return
    }
    const atMs = this.patience.elapsedMs()
    const current = this.timeline.at(-1)
    if (current?.phase === cluster.phase) return
    if (current !== undefined) this.timeline[this.timeline.length - 1] = { ...current, untilMs: atMs }
    this.timeline.push({ phase: cluster.phase, fromMs: atMs, untilMs: atMs })
    this.say(toPhaseText(cluster))
    if (kind === 'unknown') this.warn(`The phase ${cluster.phase} is not known to this action; it goes on waiting`)
  }

  private watchMovement(cluster: Cluster): void {
    const state = JSON.stringify([cluster.generation, cluster.phase, cluster.kubernetesVersion])
    const nowMs = this.patience.clock.nowMs()
    if (state !== this.lastState) {
      this.lastState = state
      this.lastMoveMs = nowMs
    } else if (nowMs - this.lastMoveMs >= this.stuckAfterMs) {
      this.warn(
        `Nothing has moved for ${toDurationText(nowMs - this.lastMoveMs)}: generation, phase and version stand still`,
      )
      this.lastMoveMs = Number.POSITIVE_INFINITY
    }
  }
}

/** One line on where a cluster stands, for someone who waits. */
function toPhaseText({ phase, kubernetesVersion, version }: Cluster): string {
  const running = kubernetesVersion === undefined ? '' : `, runs ${kubernetesVersion}`
  const isThere = version === undefined || kubernetesVersion === undefined || coversVersion(version, kubernetesVersion)
  return `${phase}${running}${isThere ? '' : `, wants ${version}`}`
}

/** One line with all that the proof looks at, for someone who debugs. */
function toStateText(cluster: Cluster): string {
  const { phase, kubernetesVersion, version, generation, observedGeneration } = cluster
  return JSON.stringify({ phase, kubernetesVersion, version, generation, observedGeneration })
}

/** The kinds of fields that a list of fields touches. */
export function kindsOf(fields: readonly AskedField[]): Set<FieldKind> {
  return new Set(fields.map((field) => field.kind))
}
