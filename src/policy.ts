/** Every limit, delay and read count that the contract names, once. Times are milliseconds; sizes are what their name says. */

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** The pause between two polls: a share of the time waited so far, within bounds, give or take the jitter. */
export const POLL = { shortestMs: 2 * SECOND, shareOfWait: 1 / 5, jitter: 0.1 } as const

/** The pause before a failed exchange is repeated, doubling from the first to the longest. */
export const RETRY = { firstMs: 500, longestMs: 8 * SECOND } as const

/** One exchange with the API: how long it may take, and how much of an answer is read. */
export const EXCHANGE = { longestMs: 30 * SECOND, largestBodyBytes: 10 * 1024 * 1024 } as const

/** How long failing reads are put up with: tries before the first success, and time after it. */
export const READ_TROUBLE = { firstReadTries: 5, toleranceMs: 2 * MINUTE } as const

/** PATCHes that one run may send. */
export const MOST_PATCHES = 5

/** How long an API may keep serving the very ETag that it refuses, before that is called a conflict. */
export const STALE_ETAG_TOLERANCE_MS = 2 * MINUTE

/** Reads in a row that it takes to believe something that a single read cannot show. */
export const READS_TO_BELIEVE = { change: 2, undone: 3, missingSpec: 5 } as const

/** How long nothing may be logged before a heartbeat is: the first, the second, and every later one. */
export const HEARTBEATS_MS = [MINUTE, 2 * MINUTE, 5 * MINUTE] as const

/** The share of `timeout` that generation, phase and version may stand still before the log says so. */
export const STANDSTILL_SHARE = 1 / 3

/** How long everything that concerns the comment on a pull request may take. */
export const COMMENT_TIMEOUT_MS = 10 * SECOND

/** Where texts are cut off, in characters: the server's, and whole lines of the log. A longer value of an input is not shown. */
export const LONGEST = {
  inputValue: 200,
  serverMessage: 1_000,
  serverLine: 500,
  requestId: 200,
  logLine: 4_000,
  scalar: 1_024,
  quantity: 64,
} as const

/** How many lines of conditions, and of warnings, are read from one answer. */
export const MOST_SERVER_LINES = 10

/** An output's and a comment's largest size, in bytes of UTF-8. */
export const LARGEST_BYTES = { output: 64 * 1024, comment: 60_000 } as const

/** How many days or ranges `freeze-dates` may have, and how many of its faults are told one by one. */
export const FREEZE_DATES = { mostEntries: 100, mostFaults: 5 } as const

/** How deeply `alerts` may be nested: far more than anyone writes, and little enough to walk. */
export const DEEPEST_ALERTS = 100

/** The longest pause between two polls and the settle time, unless given: no more than a share of `timeout`. */
export const WAITING_DEFAULTS = {
  pollInterval: { ms: 12 * SECOND, shareOfTimeout: 1 / 2 },
  settleTime: { ms: 30 * SECOND, shareOfTimeout: 1 / 4 },
} as const

/** How many names of one kind a warning lists before it only counts them. */
export const MOST_NAMES_IN_WARNING = 10
