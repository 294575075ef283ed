import type { ClusterRead } from '../api/client.js'
import { type Cluster, phaseKind } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { type Plan, toPlanLines } from '../domain/plan.js'
import { toKind } from '../domain/server-words.js'
import { coversVersion } from '../domain/version.js'
import { HEARTBEATS_MS, MOST } from '../policy.js'
import type { Freshness } from '../proof/observations.js'
import type { Budget, Heartbeat } from './budget.js'
import type { RunState } from './state.js'

/** Where a run's lines go. Every line is made harmless and free of secrets by whoever writes it. */
export interface Log {
  info(line: string): void
  warning(line: string): void
  debug(line: string): void
}

/** What a warning of the server's begins with, to tell it from ours. */
export const SERVER_WARNS = 'The server warns: '

/** The lines a run writes for people: what happens, when it happens, and a heartbeat when nothing does. It decides nothing. */
export class RunLog implements Heartbeat {
  private readonly _warnings: string[] = []
  private readonly serverKinds = new Set<string>()
  private readonly unknownPhaseKinds = new Set<string>()
  private saidMoreKinds = false
  private phaseChanges = 0
  private lastLineMs: number
  private beats = 0
  private lastPhase: string | undefined
  private lastPlan: string | undefined
  private lastMovement = ''
  private lastMoveMs: number

  /** `standstillMs`: how long generation, phase and version may stand still before that is warned of. */
  constructor(
    private readonly log: Log,
    private readonly state: RunState,
    private readonly budget: Budget,
    private readonly standstillMs: number,
  ) {
    this.lastLineMs = budget.startMs
    this.lastMoveMs = budget.startMs
  }

  /** Everything that was warned of, for the summary, and how much more the server had to warn of. */
  get warnings(): readonly string[] {
    return this.moreKinds === 0 ? this._warnings : [...this._warnings, this.moreKindsText()]
  }

  info(text: string): void {
    this.log.info(`${`[${toDurationText(this.budget.elapsedMs())}]`.padEnd(9)} ${text}`)
    this.noteLine()
  }

  /** Warns, once for each text. */
  warn(text: string): void {
    if (this._warnings.includes(text)) return
    this._warnings.push(text)
    this.log.warning(text)
    this.noteLine()
  }

  debug(text: string): void {
    this.log.debug(text)
  }

  /** Writes what is new in a read: the server's warnings, the phase where it changed, and that nothing moves. */
  read({ cluster, etag }: ClusterRead, freshness: Freshness): void {
    const note = freshness === 'fresh' ? '' : ` (${freshness})`
    this.debug(`read: ${toStateText(cluster)}, etag ${etag ?? 'none'}${note}`)
    if (freshness !== 'fresh') return
    this.warnOfServer(cluster.warnings)
    this.followPhase(cluster)
    this.watchMovement(cluster)
  }

  /** Writes a plan, unless it was written last. */
  plan(plan: Plan): void {
    if (plan.digest === this.lastPlan) return
    this.lastPlan = plan.digest
    for (const line of toPlanLines(plan)) this.info(line)
  }

  /** A new stage of the run: standing still is counted from here. */
  stageEntered(): void {
    this.lastMoveMs = this.budget.clock.nowMs()
  }

  dueAtMs(): number {
    return this.lastLineMs + (HEARTBEATS_MS[Math.min(this.beats, HEARTBEATS_MS.length - 1)] ?? 0)
  }

  beat(): void {
    const beats = this.beats + 1
    const { missing, last } = this.state
    const waitsFor = missing === undefined || missing.kind === 'phase' ? '' : `: ${missing.text}`
    const changes = this.phaseChanges > MOST.phasesLogged ? `; ${this.phaseChanges} phases so far` : ''
    this.info(`still ${last?.cluster.phase ?? 'unknown'}${waitsFor}${changes}`)
    this.beats = beats
  }

  private noteLine(): void {
    this.lastLineMs = this.budget.clock.nowMs()
    this.beats = 0
  }

  private followPhase(cluster: Cluster): void {
    const { phase } = cluster
    if (phase === undefined) {
      this.warn('The server reports no phase; planning and waiting go on without it')
      return
    }
    if (phase === this.lastPhase) return
    this.lastPhase = phase
    this.phaseChanges++
    if (this.phaseChanges <= MOST.phasesLogged) this.info(toPhaseText(cluster))
    else if (this.phaseChanges === MOST.phasesLogged + 1) {
      this.info('The phase changes again and again; from here on only the number of phases is logged')
    }
    if (phaseKind(phase) === 'unknown' && addKind(this.unknownPhaseKinds, phase, MOST.serverWarnings)) {
      this.warn(`The phase ${phase} is not known to this action; it goes on waiting`)
    }
  }

  /** Warns of the first kinds, and says once that there are more: nobody reads thousands, and ours are not to drown in them. */
  private warnOfServer(warnings: readonly string[]): void {
    for (const warning of warnings) {
      const isNew = addKind(this.serverKinds, warning, MOST.kindsCounted)
      if (isNew && this.moreKinds === 0) this.warn(`${SERVER_WARNS}${warning}`)
    }
    if (this.moreKinds === 0 || this.saidMoreKinds) return
    this.saidMoreKinds = true
    this.info(this.moreKindsText())
  }

  private get moreKinds(): number {
    return Math.max(0, this.serverKinds.size - MOST.serverWarnings)
  }

  private moreKindsText(): string {
    return `The server warns of at least ${this.moreKinds} more ${this.moreKinds === 1 ? 'thing' : 'things'}`
  }

  private watchMovement(cluster: Cluster): void {
    const movement = JSON.stringify([cluster.generation, cluster.phase, cluster.kubernetesVersion])
    const nowMs = this.budget.clock.nowMs()
    if (movement !== this.lastMovement) {
      this.lastMovement = movement
      this.lastMoveMs = nowMs
    } else if (nowMs - this.lastMoveMs >= this.standstillMs) {
      this.warn(
        `Nothing has moved for ${toDurationText(nowMs - this.lastMoveMs)}: generation, phase and version stand still`,
      )
      this.lastMoveMs = Number.POSITIVE_INFINITY
    }
  }
}

/** Adds the kind of a text to a set that may hold `most`; gives whether it was new. Texts that differ only in numbers are one kind. */
function addKind(kinds: Set<string>, text: string, most: number): boolean {
  const kind = toKind(text)
  if (kinds.has(kind) || kinds.size === most) return false
  kinds.add(kind)
  return true
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
