import { POLL, RETRY } from '../policy.js'

/** Milliseconds to the next poll after `waitedMs` of waiting: a fifth of that, so that the lag stays a small part of the wait. `chance` is 0 to 1. */
export function pollDelayMs(waitedMs: number, pollIntervalMs: number, chance: number): number {
  const delayMs = Math.min(Math.max(POLL.shortestMs, waitedMs * POLL.shareOfWait), pollIntervalMs)
  return delayMs * (1 - POLL.jitter + 2 * POLL.jitter * chance)
}

/** Milliseconds before a failed exchange is repeated: doubling, times 0.5 to 1. `failures` counts from 1, `chance` is 0 to 1. */
export function retryDelayMs(failures: number, chance: number): number {
  return doublingMs(failures) * (0.5 + 0.5 * chance)
}

/** Milliseconds to wait after a 412, from 0 on, which spreads out those who compete for one cluster. `conflicts` counts from 1, `chance` is 0 to 1. */
export function conflictDelayMs(conflicts: number, chance: number): number {
  return doublingMs(conflicts) * chance
}

function doublingMs(count: number): number {
  return Math.min(RETRY.firstMs * 2 ** (count - 1), RETRY.longestMs)
}
