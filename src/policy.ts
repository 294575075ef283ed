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

/** Where texts are cut off, in characters: what the server says, what is shown of it, and whole lines of the log. */
export const LONGEST = {
  serverMessage: 1_000,
  serverLine: 500,
  /** A condition's type and reason, an error's code and field. */
  name: 200,
  requestId: 200,
  logLine: 4_000,
  /** A value in an output of its own. */
  scalar: 1_024,
  quantity: 64,
  title: 200,
  /** A tenant's name has at most 64 characters, a cluster's 63. */
  nameInTitle: 64,
  cell: 200,
  /** A line of a list: a condition or a warning. */
  bullet: 1_000,
  /** The lead of a summary: its message, and each fault of the inputs. */
  lead: 2_000,
  problem: 500,
  comment: 65_536,
} as const

/** How many of a kind are taken in, or shown before only their number is. */
export const MOST = {
  conditions: 10,
  /** Kinds of the server's warnings: that one answer may bring, that a run shows, and that it counts. */
  warningsInAnswer: 100,
  serverWarnings: 5,
  kindsCounted: 1_000,
  alertEdits: 10,
  conflictRows: 10,
  problems: 20,
  phasesFirst: 5,
  phasesLast: 15,
  phasesLogged: 20,
  /** Texts from inside `alerts` to take out, and the characters of all of them: with more, no words of the server are shown. */
  alertTexts: 2_000,
  alertCharacters: 1_000_000,
  /** Forms of a text without some of its escapes that are searched for secrets: JSON in a URL in JSON takes seven. */
  unescapedForms: 12,
} as const

/** The largest outputs, and the largest summary: GitHub drops one above 1 MiB as a whole. In bytes of UTF-8. */
export const LARGEST_BYTES = { output: 64 * 1024, summary: 512 * 1024 } as const
