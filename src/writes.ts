import type { ClusterApi, ClusterRead, PatchAnswer } from './api/client.js'
import { toDurationText } from './domain/duration.js'
import type { Plan } from './domain/plan.js'
import { isOpen, type TimeWindow, timeOfDay } from './domain/window.js'
import { Ended, isAnswerLost, NEXT_STEPS, toFailure } from './endings.js'
import { ApiError } from './errors.js'
import { type Journal, kindsOf } from './journal.js'
import type { Reader } from './reads.js'
import type { Patience } from './wait.js'

const MOST_PATCHES = 5

/** How a PATCH came out, unless it ended the run. */
export type Sent =
  | { readonly kind: 'accepted'; readonly answer: PatchAnswer }
  /** 412: the cluster moved since it was read. */
  | { readonly kind: 'refused'; readonly ifMatch: string | undefined; readonly error: ApiError }
  /** It may have landed; only a read can tell. */
  | { readonly kind: 'lost'; readonly ifMatch: string | undefined; readonly error: ApiError }

export interface WriterOptions {
  readonly ifMatch: string | undefined
  readonly window: TimeWindow | undefined
}

/** Sends PATCHes: at most five a run, each within the time window, and none twice without a read in between, save after a 429. */
export class Writer {
  private count = 0
  private last: Sent | undefined

  constructor(
    private readonly api: ClusterApi,
    private readonly patience: Patience,
    private readonly journal: Journal,
    private readonly reader: Reader,
    private readonly options: WriterOptions,
  ) {}

  /** The ETag a PATCH planned from this read will carry. */
  ifMatchFor(read: ClusterRead): string | undefined {
    return this.options.ifMatch ?? read.etag
  }

  async send(plan: Plan, live: ClusterRead): Promise<Sent> {
    const ifMatch = this.ifMatchFor(live)
    for (let refusals = 1; ; refusals++) {
      this.checkWindow()
      this.checkCount()
      const timeoutMs = this.patience.exchangeMs()
      const landingBefore = this.journal.landing
      this.count++
      this.journal.landing = {
        before: live,
        kinds: new Set([...(landingBefore?.kinds ?? []), ...kindsOf(plan.fields)]),
        generationBefore: this.journal.seen.generation,
      }
      try {
        const answer = await this.api.patchCluster(plan.patch, ifMatch, timeoutMs)
        return this.note({ kind: 'accepted', answer })
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const isLost = isAnswerLost(error)
        if (!isLost || error.facts.isUnsent === true) this.journal.landing = landingBefore
        if (isLost) return this.note({ kind: 'lost', ifMatch, error })
        if (error.facts.status === 412) return this.note({ kind: 'refused', ifMatch, error })
        if (error.facts.status !== 429) throw new Ended(toFailure(error, 'patch'))
        this.note({ kind: 'lost', ifMatch, error })
        this.journal.say('The server limits the rate of requests; the PATCH was not processed and is sent again')
        await this.reader.pauseAfter(error, refusals)
      }
    }
  }

  private note(sent: Sent): Sent {
    this.last = sent
    return sent
  }

  /** A window may close while a busy cluster is waited for, or a server's pause obeyed. */
  private checkWindow(): void {
    const { window } = this.options
    if (window === undefined) return
    const wallMs = this.patience.clock.wallMs()
    if (isOpen(window, wallMs)) return
    if (this.journal.landing === undefined) throw new Ended(toSkipped(window, wallMs))
    const message = `The answer to a PATCH was lost, and only-between ${window.text} has closed before it could be sent again`
    throw new Ended({ result: 'failed', reason: 'unavailable', message, hint: NEXT_STEPS.unavailable })
  }

  private checkCount(): void {
    if (this.count < MOST_PATCHES) return
    const tried = `${MOST_PATCHES} PATCHes in ${toDurationText(this.patience.elapsedMs())}`
    if (this.last?.kind === 'refused') {
      const message = `${tried} were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved`
      throw new Ended({ result: 'failed', reason: 'conflict', message, hint: NEXT_STEPS.conflict })
    }
    const error = this.last?.kind === 'lost' ? this.last.error : undefined
    const failure = error === undefined ? {} : toFailure(error, 'patch')
    const message = `${tried} had no usable answer; the last one: ${error?.message ?? 'none'}`
    throw new Ended({ result: 'failed', hint: NEXT_STEPS.unavailable, ...failure, reason: 'unavailable', message })
  }
}

/** The ending of a run outside its time window. */
export function toSkipped(window: TimeWindow, wallMs: number): { result: 'skipped'; message: string } {
  const time = timeOfDay(wallMs, window.timezone)
  return {
    result: 'skipped',
    message: `It is ${time} in ${window.timezone}, outside only-between ${window.text}. Nothing was sent.`,
  }
}
