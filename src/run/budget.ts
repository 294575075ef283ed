import type { Clock } from '../clock.js'
import { DeadlineError } from '../errors.js'
import { ALLOWANCES, type Allowance, allowedMs, EXCHANGE } from '../policy.js'

/** Speaks up when nothing has been logged for long. */
export interface Heartbeat {
  /** When it is due, on the monotonic clock. */
  dueAtMs(): number
  beat(): void
}

/** The time a run has, and the only place where it passes. Durations come from the monotonic clock. */
export class Budget {
  readonly startMs: number
  readonly startWallMs: number

  constructor(
    readonly clock: Clock,
    readonly timeoutMs: number,
  ) {
    this.startMs = clock.nowMs()
    this.startWallMs = clock.wallMs()
  }

  elapsedMs(): number {
    return this.clock.nowMs() - this.startMs
  }

  leftMs(): number {
    return Math.max(0, this.timeoutMs - this.elapsedMs())
  }

  /** Milliseconds of an allowance within this run's timeout. */
  allowedMs(allowance: Allowance): number {
    return allowedMs(allowance, this.timeoutMs)
  }

  /** The time of day, in milliseconds since 1970, that the clock showed or will show at `atMs`, reckoned from the run's start. */
  toWallMs(atMs: number): number {
    return this.startWallMs + atMs - this.startMs
  }

  /** How long the next request may take, in milliseconds. Throws `DeadlineError` where no time is left for one. */
  requestTimeoutMs(): number {
    const left = this.leftMs()
    if (left === 0) throw new DeadlineError()
    return Math.min(EXCHANGE.longestMs, left)
  }

  /** Lets time pass. A pause that would outlast the budget ends with it, by a `DeadlineError`. */
  async pause(ms: number, heartbeat: Heartbeat): Promise<void> {
    const untilMs = this.clock.nowMs() + Math.min(ms, this.leftMs())
    const isTooLong = ms >= this.leftMs()
    for (let now = this.clock.nowMs(); now < untilMs; now = this.clock.nowMs()) {
      await this.clock.sleep(Math.min(untilMs, Math.max(heartbeat.dueAtMs(), now + 1)) - now)
      if (this.clock.nowMs() >= heartbeat.dueAtMs()) heartbeat.beat()
    }
    if (isTooLong) throw new DeadlineError()
  }

  /** Lets time pass before a poll. A pause that would leave it less time than a last look has ends where that begins. */
  async pauseBeforePoll(ms: number, heartbeat: Heartbeat): Promise<void> {
    // Less than a millisecond is no time that passes: then this was the last look.
    const lastLookInMs = this.leftMs() - this.allowedMs(ALLOWANCES.lastLook)
    await this.pause(lastLookInMs >= 1 ? Math.min(ms, lastLookInMs) : ms, heartbeat)
  }
}
