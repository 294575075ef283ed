import type { ClusterApi, ClusterRead } from './api/client.js'
import type { AwaitedChange, History, Sighting } from './domain/awaited.js'
import { type AskedField, askedFields, type DesiredChange, isSameIn, openFields } from './domain/change.js'
import { phaseKind } from './domain/cluster.js'
import { toDurationText } from './domain/duration.js'
import type { Guardrails } from './domain/guardrails.js'
import { standingOf } from './domain/loss.js'
import type { ConflictRow, Ending, Outcome } from './domain/outcome.js'
import { conflictDelayMs, pollDelayMs } from './domain/pace.js'
import { type Plan, planChange } from './domain/plan.js'
import { judge, startHistory, type Verdict } from './domain/progress.js'
import { findStrayChanges } from './domain/stray.js'
import { isOpen, type TimeWindow } from './domain/window.js'
import { Ended, NEXT_STEPS, toFailure } from './endings.js'
import { CancelledError, DeadlineError } from './errors.js'
import { Journal, kindsOf, type Landing } from './journal.js'
import { Reader } from './reads.js'
import type { Clock, Log } from './runtime.js'
import { Patience } from './wait.js'
import { type Sent, toSkipped, Writer } from './writes.js'

/** What one run is to do, for one cluster. */
export interface Task {
  readonly tenant: string
  readonly cluster: string
  readonly mode: 'apply' | 'plan' | 'verify'
  readonly desired: DesiredChange
  readonly guardrails: Guardrails
  readonly wait: boolean
  readonly timeoutMs: number
  readonly pollIntervalMs: number
  readonly settleTimeMs: number
  readonly degradedGraceMs: number
  readonly onBusy: 'wait' | 'fail'
  readonly onConflict: 'retry' | 'fail'
  readonly ifMatch?: string
  readonly expectedPlan?: string
  readonly window?: TimeWindow
}

export interface World {
  readonly api: ClusterApi
  readonly clock: Clock
  readonly log: Log
}

/** How long a server may keep serving the very ETag that it refuses, before that is called a conflict. */
const STALE_ETAG_TOLERANCE_MS = 120_000

/** The story of one cluster: read, plan, PATCH, wait for proof. Never throws: every path ends in an outcome. */
export async function run(task: Task, world: World): Promise<Outcome> {
  const teller = new Teller(task, world)
  return teller.tell()
}

/** Where a run is when its time is over. */
type Stage = 'reading' | 'busy' | 'writing' | 'waiting'

class Teller {
  private readonly patience: Patience
  private readonly journal: Journal
  private readonly reader: Reader
  private readonly writer: Writer
  private readonly fields: readonly AskedField[]
  private stage: Stage = 'reading'

  constructor(
    private readonly task: Task,
    private readonly world: World,
  ) {
    this.patience = new Patience(world.clock, task.timeoutMs)
    this.journal = new Journal(world.log, this.patience, task.timeoutMs / 3)
    this.reader = new Reader(world.api, this.patience, this.journal)
    const { ifMatch, window } = task
    this.writer = new Writer(world.api, this.patience, this.journal, this.reader, { ifMatch, window })
    this.fields = askedFields(task.desired)
  }

  async tell(): Promise<Outcome> {
    try {
      return this.journal.close(await this.chooseMode())
    } catch (error) {
      return this.journal.close(this.toEnding(error))
    }
  }

  private async chooseMode(): Promise<Ending> {
    const { mode, window } = this.task
    const wallMs = this.world.clock.wallMs()
    if (mode === 'apply' && window !== undefined && !isOpen(window, wallMs)) return toSkipped(window, wallMs)
    const first = await this.reader.first()
    this.take(first)
    this.refuseGone(first)
    if (mode === 'plan') return this.dryRun(first)
    if (mode === 'verify') return this.waitForProof(this.awaited(first), first)
    return this.apply(first)
  }

  private async apply(first: ClusterRead): Promise<Ending> {
    let live = first
    let wasRefused = false
    for (let conflicts = 0; ; ) {
      live = await this.whenFree(live)
      this.stage = 'writing'
      const plan = this.plan(live)
      if (plan.edits.length === 0) return this.alreadyThere(live, wasRefused)
      this.checkPlan(plan)
      this.warnOfState(live)
      const sent = await this.writer.send(plan, live)
      if (sent.kind === 'accepted') return this.follow(sent, live)
      if (sent.kind === 'refused') {
        conflicts++
        wasRefused = true
        live = await this.readAfterConflict(sent, live, conflicts)
      } else {
        live = await this.readAfterLoss(sent, live)
      }
    }
  }

  private dryRun(live: ClusterRead): Ending {
    const plan = this.plan(live)
    this.warnOfState(live)
    if (phaseKind(live.cluster.phase) === 'busy') {
      this.journal.warn(`The cluster is ${live.cluster.phase}; an apply now would wait for it first`)
    }
    this.checkPlan(plan)
    return {
      result: 'planned',
      message: plan.edits.length === 0 ? 'Nothing to change.' : 'Nothing was sent: this is a dry run.',
    }
  }

  /** Takes a read in. Gives whether it is news: an older replica's is not. */
  private take(read: ClusterRead): boolean {
    const standing = this.journal.sight(read)
    if (standing === 'recreated') {
      const message = `The name ${this.task.cluster} was given to a new cluster (created ${read.cluster.createdAt})`
      throw new Ended({ result: 'failed', reason: 'deleted', message, hint: NEXT_STEPS.deleted })
    }
    return standing === 'fresh'
  }

  private refuseGone({ cluster }: ClusterRead): void {
    if (phaseKind(cluster.phase) !== 'going') return
    const message = `The cluster is ${cluster.phase}`
    throw new Ended({ result: 'failed', reason: 'deleted', message, hint: NEXT_STEPS.deleted })
  }

  private warnOfState({ cluster }: ClusterRead): void {
    if (phaseKind(cluster.phase) !== 'degraded') return
    const told = cluster.conditions.length === 0 ? '' : `: ${cluster.conditions.join('; ')}`
    this.journal.warn(`The cluster is Degraded${told}`)
  }

  /** Waits while the cluster is busy with something else, and gives the read that shows it free: its ETag is the one to send. */
  private async whenFree(live: ClusterRead): Promise<ClusterRead> {
    const isBusyOtherwise = (read: ClusterRead) =>
      phaseKind(read.cluster.phase) === 'busy' && openFields(read.cluster, this.fields).length > 0
    if (!isBusyOtherwise(live)) return live
    if (this.task.onBusy === 'fail') {
      const message = `The cluster is ${live.cluster.phase}, and on-busy is fail. Nothing was sent.`
      throw new Ended({
        result: 'failed',
        reason: 'busy',
        message,
        hint: 'Run again when it is Running, or use on-busy: wait.',
      })
    }
    this.stage = 'busy'
    this.journal.say(`${live.cluster.phase} with another change: waiting until the cluster is free`)
    this.journal.missing = 'busy with another change'
    this.journal.startWatching()
    const sinceMs = this.world.clock.nowMs()
    for (;;) {
      await this.pauseForPoll(sinceMs)
      const read = await this.reader.next()
      if (!this.take(read)) continue
      this.refuseGone(read)
      if (!isBusyOtherwise(read)) return read
    }
  }

  private plan({ cluster, etag }: ClusterRead): Plan {
    const { tenant, desired, guardrails, ifMatch } = this.task
    const isLocked = (ifMatch ?? etag) !== undefined
    const plan = planChange(cluster, desired, { tenant, isLocked, guardrails })
    this.journal.planned(plan)
    return plan
  }

  private checkPlan(plan: Plan): void {
    const { expectedPlan } = this.task
    if (plan.refusals.length > 0) {
      const message = `Not sent: ${plan.refusals.map((refusal) => refusal.reason).join('; ')}`
      const inputs = [...new Set(plan.refusals.map((refusal) => refusal.allow))].join(', ')
      throw new Ended({ result: 'failed', reason: 'refused', message, hint: `If it is meant, permit it by ${inputs}.` })
    }
    if (expectedPlan !== undefined && plan.edits.length > 0 && plan.digest !== expectedPlan) {
      const message = `Not sent: the plan is no longer the one expected (${plan.digest}, not ${expectedPlan})`
      const hint = 'The cluster or the inputs changed since the plan was made. Look at the new plan and approve that.'
      throw new Ended({ result: 'failed', reason: 'plan-changed', message, hint })
    }
  }

  /** Nothing differs: done, or on its way by another hand, or by ours in an earlier attempt. */
  private async alreadyThere(live: ClusterRead, wasRefused: boolean): Promise<Ending> {
    const { landing } = this.journal
    if (landing !== undefined || wasRefused) {
      this.journal.say(landing === undefined ? 'Someone else made the same change' : 'The PATCH had landed')
      if (!this.task.wait) return this.accepted()
      return this.waitForProof(this.awaited(live, landing), live)
    }
    const latest = await this.looksUnchanged(live)
    if (latest === undefined) return { result: 'unchanged', message: 'The cluster already is as asked.' }
    this.journal.say('The change is already on its way; nothing is sent')
    if (!this.task.wait) return this.accepted()
    return this.waitForProof(this.awaited(latest), latest)
  }

  /** `undefined` once it is certain that nothing is under way; otherwise the latest read. Where no generation tells, it takes two. */
  private async looksUnchanged(live: ClusterRead): Promise<ClusterRead | undefined> {
    const calm: AwaitedChange = { ...this.awaited(live), kinds: new Set(), settleTimeMs: 0 }
    const first = judge(calm, startHistory(calm, this.journal.seen), this.sighting(live))
    if (first.verdict.kind === 'converged') return undefined
    if (first.verdict.kind !== 'pending' || !first.verdict.looksFinished) return live
    await this.pauseForPoll(this.world.clock.nowMs())
    const again = await this.reader.next()
    if (!this.take(again)) return live
    const second = judge(calm, first.history, this.sighting(again))
    return second.verdict.kind === 'converged' ? undefined : again
  }

  /** A PATCH was accepted: looks at its answer, then waits. */
  private async follow({ answer }: Sent & { kind: 'accepted' }, before: ClusterRead): Promise<Ending> {
    this.stage = 'waiting'
    const { shown, requestId } = answer
    const told = requestId === undefined ? {} : { requestId }
    this.journal.say(`PATCH accepted${requestId === undefined ? '' : ` (request ${requestId})`}`)
    if (shown !== undefined) {
      this.take(shown)
      this.refuseAltered(before, shown)
      this.warnOfStrays(before, shown)
    }
    if (!this.task.wait) {
      if (shown === undefined) this.take(await this.reader.next())
      return { ...this.accepted(), ...told }
    }
    const change = this.awaited(before, this.journal.landing, shown?.cluster.generation)
    const ending = await this.waitForProof(change, undefined, startHistory(change, this.journal.seen, shown?.cluster))
    return { ...told, ...ending }
  }

  private accepted(): Ending {
    return { result: 'accepted', message: 'The change is accepted and goes on; this run does not wait for it.' }
  }

  /** The server made something else of a value than was asked: a limit, or a rounding. */
  private refuseAltered(before: ClusterRead, shown: ClusterRead): void {
    const altered = this.fields.filter((field) => standingOf(field, before.cluster, shown.cluster) === 'neither')
    if (altered.length === 0) return
    const told = altered.map((field) => `${field.name}${ourAndTheirs(field, shown)}`).join(', ')
    throw new Ended({
      result: 'failed',
      reason: 'rejected',
      message: `The server accepted the PATCH but made something else of it: ${told}`,
      hint: 'A limit or a rounding of the platform. Ask for a value it can give.',
      ...(shown.requestId === undefined ? {} : { requestId: shown.requestId }),
    })
  }

  private warnOfStrays(before: ClusterRead, after: ClusterRead): void {
    for (const { field, from, to } of findStrayChanges(before.cluster, after.cluster, this.task.desired)) {
      const values = from === undefined ? '' : ` from ${from} to ${to ?? 'nothing'}`
      this.journal.warn(`${field} was not asked for, but the change moved it${values}`)
    }
  }

  private awaited(before: ClusterRead, landing?: Landing, answeredGeneration?: number): AwaitedChange {
    const { settleTimeMs, degradedGraceMs } = this.task
    const base = { fields: this.fields, settleTimeMs, degradedGraceMs }
    if (landing === undefined) return { ...base, before: before.cluster, kinds: kindsOf(this.fields) }
    const patch = { generationBefore: landing.generationBefore, answeredGeneration }
    return { ...base, before: landing.before.cluster, kinds: landing.kinds, patch }
  }

  /** Polls until the change is proven or lost. `read` is one that is already there to be judged. */
  private async waitForProof(change: AwaitedChange, read?: ClusterRead, begun?: History): Promise<Ending> {
    this.stage = 'waiting'
    this.journal.startWatching()
    const sinceMs = this.world.clock.nowMs()
    let history = begun ?? startHistory(change, this.journal.seen)
    for (let next = read; ; next = undefined) {
      if (next === undefined) {
        await this.pauseForPoll(sinceMs)
        next = await this.reader.next()
        if (!this.take(next)) continue
      }
      const judged = judge(change, history, this.sighting(next))
      history = judged.history
      if (
        change.patch !== undefined &&
        next.cluster.generation !== undefined &&
        next.cluster.generation === history.ourGeneration
      ) {
        this.warnOfStrays({ ...next, cluster: change.before }, next)
      }
      const ending = this.toWaitEnding(judged.verdict)
      if (ending !== undefined) return ending
    }
  }

  private toWaitEnding(verdict: Verdict): Ending | undefined {
    if (verdict.kind === 'converged') {
      const { evidence } = verdict
      return { result: 'converged', evidence, message: `The change is proven (${evidence.join(', ')}).` }
    }
    if (verdict.kind === 'failed') {
      const { reason, message } = verdict
      return { result: 'failed', reason, message: capitalised(message), hint: LOSS_HINTS[reason] }
    }
    if (verdict.kind === 'pending') this.journal.missing = verdict.missing
    return undefined
  }

  /** Reads until it is clear how things stand after a 412; gives the read to plan from again. */
  private async readAfterConflict(
    sent: Sent & { kind: 'refused' },
    before: ClusterRead,
    conflicts: number,
  ): Promise<ClusterRead> {
    const isFinal = this.task.ifMatch !== undefined || this.task.onConflict === 'fail'
    if (isFinal && this.journal.landing === undefined)
      throw this.toConflict('The cluster has moved since its ETag was read (412)', sent)
    const sinceMs = this.world.clock.nowMs()
    for (let tries = conflicts; ; tries++) {
      await this.patience.pause(conflictDelayMs(tries, this.world.clock.random()), this.journal)
      const read = await this.reader.next()
      const isNews = this.take(read)
      if (isNews && openFields(read.cluster, this.fields).length === 0) return read
      if (this.isStillRefused(read, sent) || !isNews) {
        if (this.world.clock.nowMs() - sinceMs < STALE_ETAG_TOLERANCE_MS) continue
        throw this.toConflict('The server keeps serving the very ETag that it refuses', sent)
      }
      this.refuseGone(read)
      this.refuseRivals(sent, before, read)
      if (isFinal) throw this.toConflict('The cluster has moved since its ETag was read (412)', sent)
      if (read.etag === undefined)
        throw this.toConflict('After a 412 the server gave no ETag, and nothing is sent without one', sent)
      this.journal.say('The cluster moved, but nobody changed what was asked: planning anew')
      return read
    }
  }

  /** With an ETag of the caller's own, the refused one need not be one that was read. */
  private isStillRefused(read: ClusterRead, { ifMatch }: Sent & { kind: 'refused' }): boolean {
    return this.task.ifMatch === undefined && ifMatch !== undefined && read.etag === ifMatch
  }

  /** Reads after a PATCH whose answer was lost; gives the read that tells whether it landed. */
  private async readAfterLoss(sent: Sent & { kind: 'lost' }, before: ClusterRead): Promise<ClusterRead> {
    this.journal.say(`The PATCH’s answer was lost: ${sent.error.message}. Reading to see whether it landed`)
    await this.reader.pauseAfter(sent.error, 1)
    for (;;) {
      const read = await this.reader.next()
      if (!this.take(read)) {
        await this.patience.pause(conflictDelayMs(1, this.world.clock.random()), this.journal)
        continue
      }
      this.refuseGone(read)
      if (openFields(read.cluster, this.fields).length === 0) return read
      this.refuseRivals(sent, before, read)
      if (read.etag === undefined && sent.ifMatch !== undefined && this.task.ifMatch === undefined) {
        throw this.toConflict('The server gives no ETag any more, and nothing is sent without one', sent)
      }
      if (this.hasMissed(sent, before, read)) this.journal.landing = undefined
      return read
    }
  }

  /** A PATCH under an ETag that is over can land no more; where the spec did not move either, it never did. */
  private hasMissed({ ifMatch }: { ifMatch: string | undefined }, before: ClusterRead, read: ClusterRead): boolean {
    const isOver = ifMatch !== undefined && read.etag !== undefined && read.etag !== ifMatch
    const { generation } = read.cluster
    return isOver && generation !== undefined && generation === before.cluster.generation
  }

  /** Someone else changed what we were about to change: theirs is not overwritten. */
  private refuseRivals(sent: Sent & { error: unknown }, before: ClusterRead, read: ClusterRead): void {
    const rivals = this.fields.filter((field) => !isSameIn(field, before.cluster, read.cluster))
    if (rivals.length === 0) return
    const conflict: ConflictRow[] = rivals.map((field) => ({
      field: field.name,
      whenRead: field.show(before.cluster),
      now: field.show(read.cluster),
      wanted: field.wanted,
    }))
    throw this.toConflict(
      `Someone else changed ${rivals.map((field) => field.name).join(', ')} meanwhile`,
      sent,
      conflict,
    )
  }

  private toConflict(message: string, sent: Sent, conflict: readonly ConflictRow[] = []): Ended {
    const requestId = 'error' in sent ? sent.error.facts.requestId : undefined
    return new Ended({
      result: 'failed',
      reason: 'conflict',
      message,
      hint: NEXT_STEPS.conflict,
      conflict,
      ...(requestId === undefined ? {} : { requestId }),
    })
  }

  private async pauseForPoll(sinceMs: number): Promise<void> {
    const { clock } = this.world
    await this.patience.pause(
      pollDelayMs(clock.nowMs() - sinceMs, this.task.pollIntervalMs, clock.random()),
      this.journal,
    )
  }

  private sighting({ cluster }: ClusterRead): Sighting {
    return { cluster, atMs: this.world.clock.nowMs() }
  }

  private toEnding(error: unknown): Ending {
    if (error instanceof Ended) return this.withFate(error.ending)
    if (error instanceof CancelledError) return this.toCancelled()
    if (error instanceof DeadlineError) return this.toTimedOut()
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    if (error instanceof Error) this.journal.debug(error.stack ?? message)
    return this.withFate({
      result: 'failed',
      reason: 'internal',
      message: `A fault of this action: ${message}`,
      hint: 'Please report it.',
    })
  }

  /** Whoever reads of a failure must know whether the change is out. */
  private withFate(ending: Ending): Ending {
    const isKnown = ['rejected', 'superseded', 'rolled-back', 'degraded', 'deleted', 'timeout'].includes(
      ending.reason ?? '',
    )
    if (this.journal.landing === undefined || isKnown || ending.result !== 'failed') return ending
    const fate =
      this.stage === 'waiting'
        ? 'The PATCH had been accepted, and the change goes on.'
        : 'A PATCH of this run may have landed.'
    return { ...ending, message: `${ending.message}. ${fate}` }
  }

  private toCancelled(): Ending {
    const isOut = this.journal.landing !== undefined
    const message = isOut
      ? `Cancelled. The change was sent${this.stage === 'writing' ? ', or may have been,' : ''} and goes on.`
      : 'Cancelled before anything was sent.'
    return {
      result: 'cancelled',
      reason: 'cancelled',
      message,
      hint: isOut ? NEXT_STEPS.resume : 'A re-run starts anew.',
    }
  }

  private toTimedOut(): Ending {
    const after = `after ${toDurationText(this.patience.elapsedMs())}, at phase ${this.journal.lastPhase()}`
    if (this.stage === 'reading') {
      return {
        result: 'failed',
        reason: 'unavailable',
        message: `No read succeeded within the timeout`,
        hint: NEXT_STEPS.unavailable,
      }
    }
    if (this.stage === 'busy') {
      const message = `Timed out ${after}: the cluster is still busy with another change. Nothing was sent.`
      return {
        result: 'timed-out',
        reason: 'busy',
        message,
        hint: 'Run again when it is Running, or give a longer timeout.',
      }
    }
    const isOut = this.journal.landing !== undefined
    const missing = this.journal.missing ?? 'nothing was read yet'
    if (this.stage === 'writing') {
      const message = `Timed out ${after}, before a PATCH was accepted${isOut ? '; one may have landed' : ''}.`
      return { result: 'timed-out', reason: 'timeout', message, hint: NEXT_STEPS.unavailable }
    }
    const message = `Timed out ${after}: ${missing}. The change goes on.`
    return { result: 'timed-out', reason: 'timeout', message, hint: NEXT_STEPS.resume }
  }
}

const LOSS_HINTS = {
  degraded: 'The change may go on once the cluster heals. Look at its conditions, then run again.',
  deleted: NEXT_STEPS.deleted,
  superseded: 'Talk to whoever changed it. A re-run would plan our values anew.',
  'rolled-back': 'The platform or someone else went back to the old version. Find out why before a re-run.',
} as const

function ourAndTheirs(field: AskedField, shown: ClusterRead): string {
  const theirs = field.show(shown.cluster)
  return theirs === undefined ? '' : ` (asked ${field.wanted}, made ${theirs ?? 'absent'})`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
