const MIN_POLL_MS = 2_000
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 8_000

/** The pause before the next poll: a fifth of the time waited so far, so that the lag stays a small part of the wait. `chance` is 0 to 1. */
export function pollDelayMs(waitedMs: number, pollIntervalMs: number, chance: number): number {
  return Math.min(Math.max(MIN_POLL_MS, waitedMs / 5), pollIntervalMs) * (0.9 + 0.2 * chance)
}

/** The pause before a failed exchange is repeated: 0.5 s doubling to 8 s, times 0.5 to 1. `failures` counts from 1. */
export function retryDelayMs(failures: number, chance: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) * (0.5 + 0.5 * chance)
}

/** The pause after a 412, which spreads out those who compete for one cluster: 0 to 0.5 s, doubling. `conflicts` counts from 1. */
export function conflictDelayMs(conflicts: number, chance: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (conflicts - 1), LONGEST_RETRY_MS) * chance
}
