/** Every limit, delay and read count that the contract names, once. Times are milliseconds; sizes are what their name says. */

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** The pause between two polls: a share of the time waited so far, within bounds, give or take the jitter. */
export const POLL = { shortestMs: 2 * SECOND, shareOfWait: 1 / 5, jitter: 0.1 } as const

/** The pause before a failed exchange is repeated, doubling from the first to the longest. */
export const RETRY = { firstMs: 500, longestMs: 15 * SECOND } as const

/**
 * One exchange with the API: how long it may take, how long its connection is kept for the next read, and how much of an
 * answer's body is read, decompressed, by its kind.
 */
export const EXCHANGE = {
  longestMs: 30 * SECOND,
  keptIdleMs: 15 * SECOND,
  largestBodyBytes: 10 * 1024 * 1024,
  largestErrorBytes: 64 * 1024,
  mostContentCodings: 2,
} as const

/** How deep JSON of an answer may be nested, so that everything that walks it may do so by recursion. */
export const DEEPEST_JSON = 200

/** A time that the contract gives as the lesser of a fixed one and a share of `timeout`. */
export interface Allowance {
  readonly ms: number
  readonly shareOfTimeout: number
}

/** Milliseconds of an allowance within this run's `timeout`. */
export function allowedMs({ ms, shareOfTimeout }: Allowance, timeoutMs: number): number {
  return Math.min(ms, timeoutMs * shareOfTimeout)
}

/** How long something that may pass is put up with (contract 3.4 to 3.6). */
export const ALLOWANCES = {
  /** Failing reads before any read has passed the gate; after that only the deadline counts. */
  firstRead: { ms: 2 * MINUTE, shareOfTimeout: 1 / 2 },
  /** The API's own 403 and 404 after a read has passed the gate. */
  ownRefusal: { ms: 30 * SECOND, shareOfTimeout: 1 / 4 },
  /** An API that keeps serving the very ETag that it refuses. */
  refusedEtag: { ms: 2 * MINUTE, shareOfTimeout: 1 / 2 },
  /** PATCHes whose answers are lost; time in which no read came is not counted. */
  lostAnswers: { ms: 2 * MINUTE, shareOfTimeout: 1 },
  /** PATCHes answered 409. */
  busyAnswers: { ms: Number.POSITIVE_INFINITY, shareOfTimeout: 1 / 2 },
  /** Watching for our target where a PATCH may have landed and none may be sent any more. */
  watch: { ms: 2 * MINUTE, shareOfTimeout: 1 / 4 },
  /** Reads that do not say whether a cluster that was busy is free. */
  unclearPhase: { ms: MINUTE, shareOfTimeout: 1 / 4 },
  /** Where only the deadline counts. */
  deadline: { ms: Number.POSITIVE_INFINITY, shareOfTimeout: 1 },
  /** The time that reads must span to believe that a change was undone, where one read cannot show it. */
  undone: { ms: 2 * MINUTE, shareOfTimeout: 1 / 4 },
  /** What must be left of the run for a PATCH to be sent and awaited. */
  leastForPatch: { ms: 30 * SECOND, shareOfTimeout: 1 / 10 },
  /** Asking for the pull request of a merge again: GitHub links the two late. */
  lateLink: { ms: MINUTE, shareOfTimeout: 1 / 4 },
  /** How long before the deadline the last look is taken. */
  lastLook: { ms: 2 * SECOND, shareOfTimeout: 1 / 10 },
} as const satisfies Readonly<Record<string, Allowance>>

/** Tries before the first success where a name is not found or a certificate not trusted; and the fewest in any other trouble. */
export const FIRST_READ_TRIES = { most: 5, fewest: 2 } as const

/** The longest `Retry-After` that is obeyed in one go, save after a 429. */
export const LONGEST_OBEYED_MS = MINUTE

/** PATCHes refused by a 412 that one run may send. */
export const MOST_REFUSED_PATCHES = 5

/** Reads in a row that it takes to believe something that a single read cannot show. */
export const READS_TO_BELIEVE = { change: 2, undone: 3, vanished: 3, unclearPhase: 3 } as const

/** How long nothing may be logged before a heartbeat is: the first, the second, and every later one. */
export const HEARTBEATS_MS = [MINUTE, 2 * MINUTE, 5 * MINUTE] as const

/** The share of `timeout` that generation, phase and version may stand still, while not `Running`, before the log says so. */
export const STANDSTILL_SHARE = 2 / 3

/** Calls to GitHub: how long one may take, and all of a comment or of one look for approved plans; how often one is repeated. */
export const GITHUB = { longestCallMs: 10 * SECOND, longestMs: MINUTE, repeats: 2 } as const

/** Where texts are cut off, in characters: what the server says, what is shown of it, and whole lines of the log. */
export const LONGEST = {
  /** A longer value of an input is not shown. */
  inputValue: 200,
  serverMessage: 1_000,
  serverLine: 500,
  /** A condition's type and reason, an error's code and field. */
  name: 200,
  requestId: 200,
  serverWord: 100,
  redirect: 300,
  logLine: 4_000,
  /** All lines of the one error: a runner drops what an annotation has beyond 4,096. */
  error: 3_500,
  /** The changes in a title; with names and words it stays below the 200 characters of a heading. */
  changes: 90,
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
  /** The hidden first line of a comment, with its end. */
  commentMarker: 200,
  githubMessage: 300,
  /** The output `message`, which fits into a chat. */
  message: 1_000,
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

/** The chart of phases: none below so many milliseconds; nobody reads more bars, and one of GitHub's has at most 50,000 characters. */
export const CHART = { shortestMs: 10 * SECOND, mostBars: 40, longestName: 30 } as const

/** How many days or ranges `freeze-dates` may have, and how many of its faults are told one by one. */
export const FREEZE_DATES = { mostEntries: 100, mostFaults: 5 } as const

/** Money and what is billed, to the millionth; a month, of which a year has twelve, is as many hours as people count with. */
export const COST = { decimals: 6, hoursOfMonth: 730 } as const

/** How many entries `hourly-rates` may have, far more than it knows, and digits of a price before its point. */
export const HOURLY_RATES = { mostEntries: 20, mostDigits: 9 } as const

/** How deeply `alerts` may be nested: far more than anyone writes, and little enough to walk. */
export const DEEPEST_ALERTS = 100

/** The longest pause between two polls and the settle time, unless given: no more than a share of `timeout`. */
export const WAITING_DEFAULTS = {
  pollInterval: { ms: 12 * SECOND, shareOfTimeout: 1 / 2 },
  settleTime: { ms: 30 * SECOND, shareOfTimeout: 1 / 4 },
} as const

/** How many names of one kind a warning lists before it only counts them. */
export const MOST_NAMES_IN_WARNING = 10
