import type { AskedField, FieldKind } from '../domain/change.js'
import type { Cluster } from '../domain/cluster.js'
import type { Edit } from '../domain/plan.js'

/** A read, and when it arrived on the run's monotonic clock. */
export interface TimedRead {
  readonly cluster: Cluster
  readonly atMs: number
}

/** A PATCH of this run that landed, or may have. */
export interface PatchAttempt {
  /** The read it was planned from. */
  readonly base: TimedRead
  /** Whether it carried that read's own ETag, so that nobody can have come between. */
  readonly isLocked: boolean
  /** The asked fields that its body carried. */
  readonly carried: readonly AskedField[]
  /** What it changes, edit by edit. */
  readonly edits: readonly Edit[]
  /** What it, or an earlier one that may have landed, changes. */
  readonly kinds: ReadonlySet<FieldKind>
  /** The highest generation read before it. */
  readonly generationBefore: number | undefined
  /** When it was sent, on the run's monotonic clock and by the time of day. */
  readonly sentAtMs: number
  readonly sentWallMs: number
  /** Whether the API said that it took it; otherwise its answer was lost. */
  readonly isAccepted: boolean
  /** What has first shown all that it carried as asked: its own answer, or a read since. */
  readonly shownBy?: 'answer' | 'read'
  /** The generation it was answered with. */
  readonly answeredGeneration?: number
}

/** What a wait waits for. */
export interface AwaitedChange {
  /** Everything the caller asked for. */
  readonly fields: readonly AskedField[]
  /** The read that was planned from; where this run sent no PATCH, the first one. */
  readonly base: TimedRead
  /** The very first read of the run: only what it shows already is older than the run. */
  readonly first: Cluster
  /** What is to be proven; each kind needs its own proof. None where it only has to be sure that nothing is under way. */
  readonly kinds: ReadonlySet<FieldKind>
  /** Absent where this run sent no PATCH. */
  readonly attempt?: PatchAttempt
  /** `verify` cannot know which drift is older than the change that it verifies. */
  readonly mode: 'apply' | 'verify'
  /** How long resources and alerts must look settled where no generation proves them. */
  readonly settleTimeMs: number
  readonly degradedGraceMs: number
  /** How long reads must show that a change was undone, where one read cannot. */
  readonly undoneSpanMs: number
}

/** Reads in a row that show the same: how many, and since when. */
export interface Row {
  readonly count: number
  readonly sinceMs: number
}

/** What a wait remembers from read to read. */
export interface History {
  /** The generation our change has, once known. */
  readonly ourGeneration: number | undefined
  /** The fields, by path, that a GET has shown as asked, and under which generation last; 0 where it had none. */
  readonly shown: ReadonlyMap<string, number>
  /** Reads that look finished. */
  readonly finished: Row | undefined
  /** Reads that show a field, by path, no longer as asked. */
  readonly away: ReadonlyMap<string, Row>
  /** Reads in a row, by path, that show a field with no value, under a generation above ours and above any that showed it as asked. */
  readonly removed: ReadonlyMap<string, number>
  /** Reads that are back at `Running` on the old version after the cluster was at work. */
  readonly oldVersion: Row | undefined
  /** Whether a phase other than the one before our PATCH was seen since; true where this run sent none. */
  readonly hasLeftPhase: boolean
  /** Whether the cluster was seen at work on our version. */
  readonly wasAtWork: boolean
  /** A running version that differed from the desired one before this run, and has not moved since. */
  readonly olderDrift: Drift | undefined
}

/** A running version that is not the desired one. */
export interface Drift {
  readonly desired: string
  readonly running: string
}

/** The version asked for, if any. */
export function askedVersion(fields: readonly AskedField[]): AskedField | undefined {
  return fields.find((field) => field.kind === 'version')
}

/** The kinds of fields that a list of fields touches. */
export function kindsOf(fields: readonly AskedField[]): Set<FieldKind> {
  return new Set(fields.map((field) => field.kind))
}

/** One more read in a row, or the first of one. */
export function extendRow(row: Row | undefined, atMs: number): Row {
  return { count: (row?.count ?? 0) + 1, sinceMs: row?.sinceMs ?? atMs }
}

/** What a field is remembered by; its name would not tell the key `a.b` from `b` inside `a`. */
export function pathKey({ path }: AskedField): string {
  return JSON.stringify(path)
}
