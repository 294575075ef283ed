import { DeadlineError } from './errors.js'
import type { Clock } from './runtime.js'

const LONGEST_EXCHANGE_MS = 30_000

/** Speaks up when nothing has been said for long. */
export interface Heartbeat {
  dueAtMs(): number
  beat(): void
}

/** The time a run has, and the only place where it passes. Durations come from the monotonic clock. */
export class Patience {
  readonly startMs: number
  readonly startWallMs: number

  constructor(
    readonly clock: Clock,
    private readonly timeoutMs: number,
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

  /** How long the next exchange may take. Throws `DeadlineError` where no time is left for one. */
  exchangeMs(): number {
    const left = this.leftMs()
    if (left === 0) throw new DeadlineError()
    return Math.min(LONGEST_EXCHANGE_MS, left)
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
}
