import { unmetFields } from '../domain/change.js'
import { type Cluster, isRunning, phaseKind, toConditionText } from '../domain/cluster.js'
import type { Evidence } from '../domain/outcome.js'
import { coversVersion } from '../domain/version.js'
import { READS_TO_BELIEVE } from '../policy.js'
import { type AwaitedChange, askedVersion, type History } from './awaited.js'
import { hasGenerations, type Observed, REPORTED_FIELDS, type ReportedField, type TimedRead } from './observations.js'
import { fieldState, findUndone, isAway, isBackOnOldVersion, type Undone } from './undone.js'

/** What keeps a read from proving a change: what it does not show, or that one read is not enough. */
export type MissingKind =
  | 'unreported'
  | 'phase'
  | 'unobserved'
  | 'running-version'
  | 'unmet'
  | 'not-left'
  | 'second-read'
  | 'settle-time'

/** What is still missing, by kind and in words. */
export interface Missing {
  readonly kind: MissingKind
  readonly text: string
}

/** What one read means for a wait. */
export type Verdict =
  | { readonly kind: 'converged'; readonly evidence: readonly Evidence[] }
  /** `looksFinished`: this read is one of those in a row that may come to prove it. */
  | { readonly kind: 'pending'; readonly missing: Missing; readonly looksFinished: boolean }
  | { readonly kind: 'failed'; readonly reason: Undone['reason'] | 'degraded'; readonly message: string }

/** A wait's memory before its first read; `answer` is the PATCH's own answer, where it showed the cluster. */
export function startHistory(change: AwaitedChange, answer?: Cluster): History {
  const { attempt, base, fields } = change
  const answered = attempt?.answeredGeneration
  const isRaised =
    answered !== undefined && (attempt?.generationBefore === undefined || answered > attempt.generationBefore)
  return {
    ourGeneration: isRaised ? answered : undefined,
    shown: new Set(
      answer === undefined
        ? []
        : fields.filter((field) => fieldState(field, base, answer) === 'ours').map(({ name }) => name),
    ),
    finished: undefined,
    undoneReads: 0,
    oldVersionReads: 0,
    phase: attempt === undefined ? undefined : (answer?.phase ?? base.phase),
    hasLeft: answer !== undefined && isLeaving(answer, base.phase),
    degradedSinceMs: undefined,
  }
}

/**
 * The proof of completion (contract 3.5): takes one fresh read and what was seen before it, and gives what it means together
 * with what to remember. A phase alone proves nothing, since a scale never leaves `Running` and the first read after a PATCH
 * may still show the old world.
 */
export function decideProof(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  read: TimedRead,
): { history: History; verdict: Verdict } {
  const next = updateHistory(change, history, observed, read)
  return { history: next, verdict: toVerdict(change, next, observed, read) }
}

function updateHistory(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  { cluster, atMs }: TimedRead,
): History {
  const states = change.fields.map((field) => ({ field, state: fieldState(field, change.base, cluster) }))
  const ours = states.filter(({ state }) => state === 'ours').map(({ field }) => field.name)
  const isAllOurs = ours.length > 0 && ours.length === states.length
  const isUndone = states.some(({ field, state }) => history.shown.has(field.name) && isAway(state))
  const hasLeft = history.hasLeft || isLeaving(cluster, history.phase)
  const isFinished = findMissing(change, observed, cluster) === undefined
  return {
    ourGeneration: history.ourGeneration ?? (isAllOurs ? cluster.generation : undefined),
    shown: new Set([...history.shown, ...ours]),
    finished: isFinished
      ? { count: (history.finished?.count ?? 0) + 1, sinceMs: history.finished?.sinceMs ?? atMs }
      : undefined,
    undoneReads: isUndone ? history.undoneReads + 1 : 0,
    oldVersionReads: countOldVersion(change, { ...history, hasLeft }, observed, cluster),
    phase: cluster.phase ?? history.phase,
    hasLeft,
    degradedSinceMs: degradedSince(cluster, history, atMs),
  }
}

function countOldVersion(
  change: AwaitedChange,
  { hasLeft, oldVersionReads }: History,
  observed: Observed,
  cluster: Cluster,
): number {
  if (findUnreported(change, observed, cluster) !== undefined) return oldVersionReads
  return hasLeft && isBackOnOldVersion(change, cluster) ? oldVersionReads + 1 : 0
}

/** A phase that the cluster was already in before the change is no sign of it. */
function isLeaving(cluster: Cluster, phaseBefore: string | undefined): boolean {
  return cluster.phase !== undefined && !isRunning(cluster) && cluster.phase !== phaseBefore
}

function degradedSince({ phase }: Cluster, { degradedSinceMs }: History, atMs: number): number | undefined {
  const kind = phaseKind(phase)
  if (kind === 'absent') return degradedSinceMs
  return kind === 'degraded' ? (degradedSinceMs ?? atMs) : undefined
}

function toVerdict(change: AwaitedChange, history: History, observed: Observed, read: TimedRead): Verdict {
  const undone = findUndone(change, history, observed, read.cluster)
  if (undone !== undefined) return { kind: 'failed', ...undone }
  return findDegradation(change, history, read) ?? weighEvidence(change, history, observed, read)
}

function findDegradation(change: AwaitedChange, history: History, { cluster, atMs }: TimedRead): Verdict | undefined {
  if (phaseKind(cluster.phase) !== 'degraded' || history.degradedSinceMs === undefined) return undefined
  if (atMs - history.degradedSinceMs < change.degradedGraceMs) return undefined
  const text =
    cluster.conditions.length === 0 ? 'the server gives no reason' : cluster.conditions.map(toConditionText).join('; ')
  return { kind: 'failed', reason: 'degraded', message: `the cluster stayed Degraded: ${text}` }
}

/** What keeps one read from looking finished: settled, and with nothing left to plan. */
function findMissing(change: AwaitedChange, observed: Observed, cluster: Cluster): Missing | undefined {
  return findUnsettled(change, observed, cluster) ?? findUnmet(change, cluster)
}

function findUnmet(change: AwaitedChange, cluster: Cluster): Missing | undefined {
  const unmet = unmetFields(cluster, change.fields)
  if (unmet.length === 0) return undefined
  return { kind: 'unmet', text: `${unmet.map(({ name }) => name).join(', ')} not yet as asked` }
}

function findUnsettled(change: AwaitedChange, observed: Observed, cluster: Cluster): Missing | undefined {
  const unreported = findUnreported(change, observed, cluster)
  if (unreported !== undefined) return { kind: 'unreported', text: `the last read did not say its ${unreported}` }
  if (!isRunning(cluster)) {
    return { kind: 'phase', text: cluster.phase === undefined ? 'no phase' : `phase is ${cluster.phase}` }
  }
  return findUnobserved(change, observed, cluster) ?? findNotRunning(change, cluster)
}

/** The first field that was reported once and that this read lacks; such a read proves nothing. */
function findUnreported(
  { fields }: AwaitedChange,
  { reported }: Observed,
  cluster: Cluster,
): ReportedField | undefined {
  const asksForAlerts = fields.some((field) => field.kind === 'alerts')
  const proving = REPORTED_FIELDS.filter((field) => field !== 'alerts' || asksForAlerts)
  return proving.find((field) => reported.has(field) && cluster[field] === undefined)
}

function findUnobserved(change: AwaitedChange, observed: Observed, cluster: Cluster): Missing | undefined {
  const { generation, observedGeneration } = cluster
  if (!hasGenerations(observed) || generation === undefined || observedGeneration === undefined) return undefined
  const wanted = Math.max(generation, change.attempt?.answeredGeneration ?? generation)
  if (observedGeneration >= wanted) return undefined
  return { kind: 'unobserved', text: `generation ${wanted} is not observed yet (${observedGeneration})` }
}

function findNotRunning(change: AwaitedChange, cluster: Cluster): Missing | undefined {
  const running = cluster.kubernetesVersion
  if (running === undefined) return undefined
  const wanted = [cluster.version, askedVersion(change)].find(
    (version) => version !== undefined && !coversVersion(version, running),
  )
  if (wanted === undefined) return undefined
  return { kind: 'running-version', text: `kubernetesVersion is ${running}, not ${wanted}` }
}

/** Whether a read that looks finished is proof, alone or with the ones before it in a row. */
function weighEvidence(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  { cluster, atMs }: TimedRead,
): Verdict {
  const missing = findMissing(change, observed, cluster)
  if (missing !== undefined) return { kind: 'pending', missing, looksFinished: false }
  const { kinds } = change
  const { count, sinceMs } = history.finished ?? { count: 1, sinceMs: atMs }
  const isVersionReported = observed.reported.has('kubernetesVersion')
  if (kinds.has('version') && !isVersionReported && !history.hasLeft) {
    return looksFinished('not-left', 'the cluster was not seen leaving Running')
  }
  const isGenerationProof = canGenerationProve(change, observed, cluster)
  const needsTime = kinds.has('resources') || kinds.has('alerts')
  if (!isGenerationProof) {
    if (count < READS_TO_BELIEVE.change) return looksFinished('second-read', 'a second read that agrees')
    if (needsTime && atMs - sinceMs < change.settleTimeMs) {
      return looksFinished('settle-time', 'not settled for the whole settle-time')
    }
  }
  const isVersionProof = kinds.has('version') && isVersionReported
  const evidence: Evidence[] = [
    ...(isGenerationProof ? (['generation'] as const) : []),
    ...(isVersionProof ? (['kubernetes-version'] as const) : []),
    ...(!isGenerationProof && (needsTime || !isVersionProof) ? (['settled'] as const) : []),
  ]
  return { kind: 'converged', evidence }
}

function looksFinished(kind: MissingKind, text: string): Verdict {
  return { kind: 'pending', missing: { kind, text }, looksFinished: true }
}

/** The generation proves a change only if it could have failed to: after a PATCH of this run it must have moved. */
function canGenerationProve({ attempt }: AwaitedChange, observed: Observed, { generation }: Cluster): boolean {
  if (!hasGenerations(observed) || generation === undefined) return false
  if (attempt === undefined) return true
  return attempt.generationBefore !== undefined && generation > attempt.generationBefore
}
