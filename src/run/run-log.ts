import type { ClusterRead } from '../api/client.js'
import { type Cluster, isRunning, phaseKind } from '../domain/cluster.js'
import { costOfPlan, type HourlyRates, toCostText } from '../domain/cost.js'
import { toDurationText } from '../domain/duration.js'
import { type Plan, toPlanLines } from '../domain/plan.js'
import { SERVER_WARNS, toKind } from '../domain/server-words.js'
import { coversVersion } from '../domain/version.js'
import { timeOfDay } from '../domain/window.js'
import { HEARTBEATS_MS, MOST } from '../policy.js'
import type { ReadKind } from '../proof/observations.js'
import type { Budget, Heartbeat } from './budget.js'
import { type Outage, toTriesText } from './outages.js'
import type { RunState } from './state.js'

/** Where a run's lines go. Every line is made harmless and free of secrets by whoever writes it. */
export interface Log {
  info(line: string): void
  warning(line: string): void
  debug(line: string): void
}

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
  private lastUnsettled: string | undefined
  private patchesUnsettled = 0
  private lastMovement = ''
  private lastMoveMs: number

  /** `standstillMs`: how long generation, phase and version may stand still, while not `Running`, before the log says so. */
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
  read({ cluster, etag }: ClusterRead, kind: ReadKind): void {
    const note = kind === 'whole' ? '' : ` (${kind})`
    this.debug(`read: ${toStateText(cluster)}, etag ${etag ?? 'none'}${note}`)
    if (kind === 'stale' || kind === 'recreated') return
    this.warnOfServer(cluster.warnings)
    this.followPhase(cluster)
    this.watchMovement(cluster)
  }

  /** Writes a plan, and what it costs where there are rates, unless it was written last. */
  plan(plan: Plan, rates?: HourlyRates): void {
    if (plan.digest === this.lastPlan) return
    this.lastPlan = plan.digest
    for (const line of toPlanLines(plan)) this.info(line)
    if (rates !== undefined) this.info(`Cost: ${toCostText(costOfPlan(plan, rates))}`)
  }

  /** Writes that no usable answer comes, when that starts, and until when, or how often, that will be put up with. */
  troubleStarted(message: string, limit: { readonly untilMs: number } | { readonly tries: number }): void {
    const times =
      'tries' in limit
        ? `trying ${limit.tries} times in all`
        : `trying again until ${timeOfDay(this.budget.toWallMs(limit.untilMs), 'UTC')} UTC`
    this.info(`No usable answer: ${message}; ${times}`)
  }

  /** Writes that it is over, where that was more than one answer. */
  troubleEnded(outage: Outage): void {
    if (outage.tries < 2) return
    const ms = this.budget.clock.nowMs() - outage.sinceMs
    this.info(`The API answers again, after ${toDurationText(ms)} (${toTriesText(outage)})`)
  }

  /** Writes how a PATCH came out that was not plainly accepted, where that is not as the one before; heartbeats tell of the others. */
  patchUnsettled(text: string): void {
    this.patchesUnsettled++
    const isNews = toKind(text) !== this.lastUnsettled
    this.lastUnsettled = toKind(text)
    if (isNews) this.info(text)
    else this.debug(text)
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
    this.info(
      this.state.outages.current === undefined ? this.toStateLine() : this.toTroubleLine(this.state.outages.current),
    )
    this.beats = beats
  }

  private toStateLine(): string {
    const { missing, last, stage } = this.state
    const waitsFor = missing === undefined || missing.kind === 'phase' ? '' : `: ${missing.text}`
    const budget = `${toDurationText(this.budget.elapsedMs())} of ${toDurationText(this.budget.timeoutMs)}`
    const changes = this.phaseChanges > MOST.phasesLogged ? `; ${this.phaseChanges} phases so far` : ''
    const isSending = stage === 'planning' && this.patchesUnsettled > 1
    const patches = isSending ? `; ${this.patchesUnsettled} PATCHes tried so far` : ''
    return `still ${last?.cluster.phase ?? 'unknown'}, ${budget}${waitsFor}${changes}${patches}`
  }

  private toTroubleLine(outage: Outage): string {
    return `no answer for ${toDurationText(this.budget.clock.nowMs() - outage.sinceMs)} (${toTriesText(outage)})`
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
    } else if (nowMs - this.lastMoveMs >= this.standstillMs && !isRunning(cluster)) {
      this.info(
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
