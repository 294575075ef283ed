import type { ClusterApi, ClusterRead } from './api/client.js'
import { retryDelayMs } from './domain/pace.js'
import { Ended, isRepeatable, NEXT_STEPS, toFailure } from './endings.js'
import { ApiError, DeadlineError } from './errors.js'
import type { Journal } from './journal.js'
import type { Patience } from './patience.js'

const FIRST_READ_TRIES = 5
const TOLERANCE_MS = 120_000

/** Reads the cluster, patiently: a failed read is repeated, as far as contract and budget allow. */
export class Reader {
  constructor(
    private readonly api: ClusterApi,
    private readonly patience: Patience,
    private readonly journal: Journal,
  ) {}

  /** The first read of a run; it gives up after five tries. */
  async first(): Promise<ClusterRead> {
    try {
      return await this.read('first-read', ({ tries }) => tries >= FIRST_READ_TRIES)
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error
      if (error.cause instanceof ApiError) throw new Ended(toFailure(error.cause, 'first-read'), error)
      throw error
    }
  }

  /** Any later read; errors are tolerated for two minutes, not counting the time that the server asked for. */
  async next(): Promise<ClusterRead> {
    return this.read('read', ({ failingMs }) => failingMs >= TOLERANCE_MS)
  }

  private async read(
    moment: 'first-read' | 'read',
    isEnough: (failing: { tries: number; failingMs: number }) => boolean,
  ): Promise<ClusterRead> {
    const { clock } = this.patience
    const sinceMs = clock.nowMs()
    let obeyedMs = 0
    let isMissing = false
    let cause: ApiError | undefined
    for (let tries = 1; ; tries++) {
      try {
        return await this.api.getCluster(this.exchangeMs(cause))
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        cause = error
      }
      const isGone = moment === 'read' && cause.facts.status === 404
      if ((isGone && isMissing) || !(isGone || isRepeatable(cause))) throw new Ended(toFailure(cause, moment), cause)
      isMissing = isGone
      if (isEnough({ tries, failingMs: clock.nowMs() - sinceMs - obeyedMs }))
        throw new Ended(toFailure(cause, moment), cause)
      this.journal.debug(`${cause.message}; reading again`)
      obeyedMs += await this.pauseAfter(cause, tries)
    }
  }

  private exchangeMs(cause: ApiError | undefined): number {
    if (cause !== undefined && this.patience.leftMs() === 0) throw new DeadlineError(cause)
    return this.patience.exchangeMs()
  }

  /** Pauses after a failed exchange, and gives the time the server asked for, where that was longer than our own pause. */
  async pauseAfter(error: ApiError, failures: number): Promise<number> {
    const ownMs = retryDelayMs(failures, this.patience.clock.random())
    const askedMs = error.facts.retryAfterMs ?? 0
    if (askedMs > ownMs && askedMs >= this.patience.leftMs()) throw this.tooLong(error, askedMs)
    try {
      await this.patience.pause(Math.max(ownMs, askedMs), this.journal)
    } catch (cause) {
      throw cause instanceof DeadlineError ? new DeadlineError(error) : cause
    }
    return askedMs > ownMs ? askedMs : 0
  }

  private tooLong(error: ApiError, askedMs: number): Ended {
    const message = `${error.message}; the server asks to wait ${Math.ceil(askedMs / 1000)} s, which is longer than the timeout leaves`
    const { requestId } = error.facts
    const told = { message, ...(requestId === undefined ? {} : { requestId }) }
    const { landing, stage } = this.journal
    if (landing === undefined || stage !== 'waiting') {
      return new Ended({ result: 'failed', reason: 'unavailable', hint: NEXT_STEPS.unavailable, ...told })
    }
    return new Ended({ result: 'timed-out', reason: 'timeout', hint: NEXT_STEPS.timeout, ...told })
  }
}
