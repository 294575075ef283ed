import { CancelledError } from './errors.js'

/** Time and chance, given from outside so that tests need neither. */
export interface Clock {
  /** Milliseconds that only ever grow, for durations. */
  nowMs(): number
  /** Milliseconds since 1970, for the time of day alone: it may jump. */
  wallMs(): number
  /** From 0 to below 1. */
  random(): number
  /** Ends after `ms`, or throws `CancelledError` as soon as the run is cancelled. */
  sleep(ms: number): Promise<void>
}

/** The longest time one timer can hold; Node fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The real clock; `signal` is the run's cancellation. */
export function createClock(signal: AbortSignal): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    random: () => Math.random(),
    sleep: (ms) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          if (signal.aborted) reject(new CancelledError(signal.reason))
          else resolve()
        }
        const timer = setTimeout(end, signal.aborted ? 0 : Math.min(ms, LONGEST_TIMER_MS))
        signal.addEventListener('abort', end, { once: true })
      }),
  }
}
