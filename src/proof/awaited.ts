import type { AskedField, FieldKind } from '../domain/change.js'
import type { Cluster } from '../domain/cluster.js'

/** A PATCH of this run that landed, or may have. */
export interface PatchAttempt {
  /** The read it was planned from. */
  readonly base: Cluster
  /** What it changes. */
  readonly kinds: ReadonlySet<FieldKind>
  /** The generation read before it. */
  readonly generationBefore: number | undefined
  /** The generation it was answered with. */
  readonly answeredGeneration?: number | undefined
}

/** What a wait waits for. */
export interface AwaitedChange {
  /** Everything the caller asked for. */
  readonly fields: readonly AskedField[]
  /** The read that was planned from; where this run sent no PATCH, the read the wait began with. */
  readonly base: Cluster
  /** What is to be proven; each kind needs its own proof. */
  readonly kinds: ReadonlySet<FieldKind>
  /** Absent where this run sent no PATCH. */
  readonly attempt?: PatchAttempt
  /** How long resources and alerts must look settled where no generation proves them. */
  readonly settleTimeMs: number
  readonly degradedGraceMs: number
}

/** What a wait remembers from read to read. */
export interface History {
  /** The generation our change has, once known. */
  readonly ourGeneration: number | undefined
  /** The fields that a read has shown as we sent them. */
  readonly shown: ReadonlySet<string>
  /** Reads in a row that look finished. */
  readonly finished: { readonly count: number; readonly sinceMs: number } | undefined
  /** Reads in a row that no longer show a field that was shown as ours. */
  readonly undoneReads: number
  /** Reads in a row that are back at `Running` on the old version. */
  readonly oldVersionReads: number
  readonly phase: string | undefined
  /** Whether the cluster was seen leaving `Running`. */
  readonly hasLeft: boolean
  readonly degradedSinceMs: number | undefined
}

/** The version asked for, if any. */
export function askedVersion({ fields }: AwaitedChange): string | undefined {
  return fields.find((field) => field.kind === 'version')?.wanted
}

/** The kinds of fields that a list of fields touches. */
export function kindsOf(fields: readonly AskedField[]): Set<FieldKind> {
  return new Set(fields.map((field) => field.kind))
}
