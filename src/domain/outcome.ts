import type { Cluster } from './cluster.js'
import type { CostChange } from './cost.js'
import type { FailureKind, FailureReason } from './failure-reasons.js'
import type { Edit, Plan } from './plan.js'

/** The endings of a run. */
export type Result =
  | 'unchanged'
  | 'planned'
  | 'skipped'
  | 'accepted'
  | 'converged'
  | 'failed'
  | 'timed-out'
  | 'cancelled'

/** Which endings leave the step green; a new one does not compile until it is placed. */
const GREEN: Readonly<Record<Result, boolean>> = {
  unchanged: true,
  planned: true,
  skipped: true,
  accepted: true,
  converged: true,
  failed: false,
  'timed-out': false,
  cancelled: false,
}

/** True when an ending leaves the step green. */
export function isGreen(result: Result): boolean {
  return GREEN[result]
}

/** What proved a change: the platform’s word for it, the version that runs, or that it stood long enough. */
export type Evidence = 'generation' | 'kubernetes-version' | 'settled'

/** How a run ended, in words for the person who reads it. */
export interface Ending {
  readonly result: Result
  readonly reason?: FailureReason
  /** Which of the ways to fail for that reason. */
  readonly kind?: FailureKind
  /** The fields that it is about. */
  readonly fieldNames?: readonly string[]
  /** What the API made of a field instead of what was asked. */
  readonly made?: Readonly<Record<string, string>>
  /** What happened, in one or two sentences. */
  readonly message: string
  /** Whether all that was asked was shown when time ran out, and only the proof of it was missing. */
  readonly isAsAsked?: true
  /** The same in fewer words, where title and state say the rest. */
  readonly lead?: string
  /** What to do next, where that is more than the words of its kind say. */
  readonly hint?: string
  readonly requestId?: string
  /** Which request was refused, where the run ended by that. */
  readonly refused?: 'read' | 'patch'
  /** Whether it was not the API that refused it, but something in front of it. */
  readonly isForeign?: true
  readonly evidence?: readonly Evidence[]
  /** For how long reads in a row had shown it done when that was proven. */
  readonly stoodMs?: number
  readonly conflict?: readonly ConflictRow[]
  /** Where someone else's value stands: the inputs that would stop this run, were it started again now. */
  readonly stoppedBy?: readonly string[]
  /** What is wrong with the inputs, one by one. */
  readonly problems?: readonly string[]
}

/** One of our fields that someone else changed; inside `alerts` without values. */
export interface ConflictRow {
  readonly field: string
  readonly whenRead: string | null | undefined
  readonly now: string | null | undefined
  readonly wanted: string | undefined
}

/** A field that nobody asked to change, and that our PATCH changed or removed; inside `alerts` without its values. */
export interface UnrequestedChange {
  readonly field: string
  readonly from?: string
  readonly to?: string | null
}

/** A stretch of time in one phase, as the reads showed it, on the run's clock. */
export interface PhaseSpan {
  readonly phase: string
  readonly fromMs: number
  readonly untilMs: number
}

/** What was asked of a run, as far as its words need it. */
export interface AskedTask {
  readonly mode: 'apply' | 'plan' | 'verify'
  readonly wait: boolean
  /** Every value asked for, in the order of plans; inside `alerts` without it. */
  readonly wanted: readonly { readonly field: string; readonly to?: string }[]
  /** Whether the caller gave the ETag to send. */
  readonly isEtagGiven: boolean
  /** The guards given that name the times at which a run is skipped, without a look at the cluster. */
  readonly closedBy: readonly ('only-between' | 'freeze-dates')[]
  readonly version?: string
  readonly timeoutMs: number
  readonly settleTimeMs: number
  readonly degradedGraceMs: number
}

/** Everything a run can tell, on every path. */
export interface Outcome extends Ending {
  readonly changed: boolean
  /** Whether the first plan had edits; absent until there is a plan. */
  readonly wouldChange?: boolean
  readonly plan?: Plan
  /** What that plan costs, where there are rates. */
  readonly cost?: CostChange
  /** What our PATCH changed beyond what was asked. */
  readonly sideEffects?: readonly UnrequestedChange[]
  /** The read that the last PATCH tried was made from; where none was tried, the very first one. */
  readonly first?: Cluster
  /** The last read, an older replica's not counted. */
  readonly last?: Cluster
  readonly etag?: string
  /** Whether the request id is that of a PATCH's answer, not of the answer that ended the run. */
  readonly isPatchRequestId?: boolean
  /** Absent where the inputs were wrong. */
  readonly task?: AskedTask
  /**
   * The PATCH that changed the cluster, or may have: its edits, when it was sent, in milliseconds since 1970, whether the API took
   * it, and whether the run ended before any answer to it came or was given up.
   */
  readonly sent?: {
    readonly edits: readonly Edit[]
    readonly wallMs: number
    readonly isCertain: boolean
    readonly isInFlight?: boolean
  }
  /** When the last read came, in milliseconds since 1970. */
  readonly lastSeenWallMs?: number
  /** Whether any read said which version runs. */
  readonly isVersionReported?: boolean
  /** Whether the run had come to waiting for proof. */
  readonly isWaiting?: boolean
  readonly timeline: readonly PhaseSpan[]
  /** When the run began, in milliseconds since 1970. */
  readonly startWallMs: number
  readonly warnings: readonly string[]
  /** The few outputs that could be written, where not all of them could. */
  readonly writtenOutputs?: readonly string[]
  readonly durationMs: number
}

/** An ending's words with a full stop, for people. */
export function toSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

/** The first items of a list, and as the last one how many there are more: for items of which each stands for itself. */
export function firstAndMore(items: readonly string[], most: number): string[] {
  const more = items.length - most
  return more > 0 ? [...items.slice(0, most), `${more} more`] : [...items]
}

/** The first of a list, and how many more there are: a list in a sentence must stay one that is read. */
export function toShortList(names: readonly string[], most: number): string {
  const more = names.length - most
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ')
}
