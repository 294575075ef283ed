import type { Clock } from '../../src/clock.js'
import { CancelledError } from '../../src/errors.js'

export interface VirtualClockOptions {
  /** Where the monotonic clock starts. */
  readonly startMs?: number
  /** What the wall clock shows at that moment. */
  readonly wallStartMs?: number
  /** Decides whatever a run leaves to chance. */
  readonly random?: () => number
  /** The moment after the start at which someone cancels the run. */
  readonly cancelAtMs?: number
}

const MOST_LOOKS = 1_000_000

/** Time that passes only when someone sleeps, in no real time at all. */
export class VirtualClock implements Clock {
  /** Every pause so far. */
  readonly slept: number[] = []
  readonly random: () => number
  private readonly startMs: number
  private readonly wallStartMs: number
  private readonly cancelAtMs: number
  private timeMs: number
  private looks = 0
  private isCancelled = false

  constructor({
    startMs = 0,
    wallStartMs = Date.UTC(2026, 10, 2, 9),
    random = () => 0.5,
    cancelAtMs = Number.POSITIVE_INFINITY,
  }: VirtualClockOptions = {}) {
    this.startMs = startMs
    this.wallStartMs = wallStartMs
    this.random = random
    this.cancelAtMs = startMs + cancelAtMs
    this.timeMs = startMs
  }

  nowMs(): number {
    // Whoever looks that often without ever sleeping would never end.
    if (++this.looks > MOST_LOOKS) throw new Error('this time stands still: nobody sleeps')
    return this.timeMs
  }

  wallMs(): number {
    return this.wallStartMs + this.timeMs - this.startMs
  }

  async sleep(ms: number): Promise<void> {
    this.looks = 0
    this.slept.push(ms)
    this.pass(ms)
  }

  /** Lets time pass, and throws as the real clock does where the run is cancelled on the way. */
  pass(ms: number): void {
    this.passTo(this.timeMs + Math.max(0, ms))
  }

  protected passTo(untilMs: number): void {
    if (this.isCancelled || untilMs >= this.cancelAtMs) {
      this.isCancelled = true
      this.timeMs = Math.max(this.timeMs, Math.min(untilMs, this.cancelAtMs))
      throw new CancelledError()
    }
    this.timeMs = Math.max(this.timeMs, untilMs)
  }
}

/** One time for several runs: it moves on to the moment of the next one due as soon as all of them sleep. */
export class SharedClock extends VirtualClock {
  private sleepers: { untilMs: number; wake: () => void }[] = []

  override sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ untilMs: this.nowMs() + Math.max(0, ms), wake }))
  }

  /** Lets time pass until all of the work is done. */
  async passUntilDone<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const finish = () => {
      isDone = true
    }
    work.then(finish, finish)
    while (!isDone) {
      // Nothing here waits for anything but this time, so after one turn of the event loop everyone sleeps.
      await new Promise((resolve) => setImmediate(resolve))
      const next = this.sleepers.sort((left, right) => left.untilMs - right.untilMs).shift()
      if (next === undefined) continue
      this.passTo(next.untilMs)
      next.wake()
    }
    return work
  }
}
