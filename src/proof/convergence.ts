import { type Cluster, isRunning, phaseKind, toConditionText } from '../domain/cluster.js'
import type { Evidence } from '../domain/outcome.js'
import { parseVersion } from '../domain/version.js'
import { POLL, READS_TO_BELIEVE } from '../policy.js'
import { type AwaitedChange, askedVersion, type Drift, extendRow, type History, pathKey } from './awaited.js'
import { findUnreported, hasGenerations, lackingParts, type Observed } from './observations.js'
import {
  doGenerationsCount,
  findUndone,
  isAtWork,
  isAway,
  isBackOnOldVersion,
  isUnderLaterGeneration,
  type Undone,
} from './undone.js'
import { driftOf, findMissing, isSameDrift, type Missing, type ProofRead, ranBefore } from './unproven.js'

/** What proved a change, and for how long reads in a row had shown it done by then. */
export interface Proof {
  readonly kind: 'converged'
  readonly evidence: readonly Evidence[]
  readonly stoodMs: number
}

/** What one read means for a wait. */
export type Verdict =
  | Proof
  /** `provableInMs`: when another read may prove it, where only that is missing. */
  | { readonly kind: 'pending'; readonly missing: Missing; readonly provableInMs?: number }
  | {
      readonly kind: 'failed'
      readonly reason: Undone['reason'] | 'degraded'
      readonly message: string
      readonly fieldNames?: readonly string[]
    }

/** A wait's memory before its first read; `answer` is the PATCH's own answer, where it showed the cluster. */
export function startHistory(change: AwaitedChange, observed: Observed, answer?: Cluster): History {
  const { attempt } = change
  return {
    ourGeneration: raisedGeneration(change, attempt?.answeredGeneration),
    shown: new Map(),
    finished: undefined,
    away: new Map(),
    removed: new Map(),
    oldVersion: undefined,
    hasLeftPhase: attempt === undefined || (answer !== undefined && hasOtherPhase(change, answer)),
    wasAtWork: answer !== undefined && hasOtherPhase(change, answer) && isAtWork(change, answer),
    olderDrift: change.mode === 'apply' ? olderDriftOf(change, observed) : undefined,
  }
}

/**
 * The proof of completion (contract 3.5): takes one read that passed the gate and what was seen before it, and gives what it means
 * together with what to remember. A phase alone proves nothing, since a scale never leaves `Running` and the first read after a
 * PATCH may still show the old world.
 */
export function decideProof(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  read: ProofRead,
): { history: History; verdict: Verdict } {
  const next = updateHistory(change, history, observed, read)
  return { history: next, verdict: toVerdict(change, next, observed, read) }
}

function updateHistory(change: AwaitedChange, history: History, observed: Observed, read: ProofRead): History {
  const { cluster, atMs } = read
  const hasLeftPhase = history.hasLeftPhase || hasOtherPhase(change, cluster)
  const wasAtWork = history.wasAtWork || (hasLeftPhase && isAtWork(change, cluster))
  const removed = countRemoved(change, history, observed, cluster)
  const ours = change.fields.filter((field) => !isAway(change, field, cluster))
  const shown = new Map([...history.shown, ...ours.map((field) => [pathKey(field), cluster.generation ?? 0] as const)])
  // What such a read lacks may only be late: it can break a row, and show work on our version, but neither proof nor loss.
  if (!canShowLoss(observed, cluster)) {
    const away = new Map([...history.away].filter(([key]) => !ours.some((field) => pathKey(field) === key)))
    const isOld = cluster.kubernetesVersion === undefined || isBackOnOldVersion(change, history, observed, cluster)
    const isAtRest = isRunning(cluster) || cluster.phase === undefined
    const oldVersion = isAtRest && isOld ? history.oldVersion : undefined
    return { ...history, hasLeftPhase, wasAtWork, removed, shown, away, oldVersion, finished: undefined }
  }
  const isReadable = parseVersion(cluster.kubernetesVersion ?? '') !== undefined
  const hasStayed = !isReadable || isSameDrift(history.olderDrift, driftOf(cluster))
  const olderDrift = hasStayed ? history.olderDrift : undefined
  const seen = { ...history, hasLeftPhase, wasAtWork, removed, olderDrift }
  const isAllOurs = ours.length === change.fields.length
  const away = change.fields
    .filter((field) => !ours.includes(field))
    .map((field) => [pathKey(field), extendRow(history.away.get(pathKey(field)), atMs)] as const)
  return {
    ...seen,
    ourGeneration: history.ourGeneration ?? (isAllOurs ? raisedGeneration(change, cluster.generation) : undefined),
    shown,
    finished: findMissing(change, seen, observed, read) === undefined ? extendRow(history.finished, atMs) : undefined,
    away: new Map(away),
    oldVersion:
      wasAtWork && isBackOnOldVersion(change, history, observed, cluster)
        ? extendRow(history.oldVersion, atMs)
        : undefined,
  }
}

/** A phase that stood before our PATCH shows no work on it, until another one has been seen since. */
function hasOtherPhase({ base }: AwaitedChange, { phase }: Cluster): boolean {
  return phase !== undefined && phase !== base.cluster.phase
}

/**
 * What a read lacks under a generation that has shown it is only late: a change would have moved the generation. And what a read
 * lacks that lacks something of the status, too, may just not be shown.
 */
function countRemoved(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  cluster: Cluster,
): Map<string, number> {
  const { generation } = cluster
  if (!hasGenerations(observed) || findUnreported(observed, cluster) !== undefined) return new Map()
  if (generation === undefined || !isUnderLaterGeneration(history, cluster)) return new Map()
  const absent = change.fields.filter(
    (field) =>
      isAway(change, field, cluster) &&
      !field.isCarriedBy(cluster) &&
      generation > (history.shown.get(pathKey(field)) ?? 0),
  )
  return new Map(absent.map((field) => [pathKey(field), (history.removed.get(pathKey(field)) ?? 0) + 1]))
}

/** A generation that a change of ours may have; one that stood before our PATCH, or is only published late, is not. */
function raisedGeneration({ attempt }: AwaitedChange, generation: number | undefined): number | undefined {
  const before = attempt?.generationBefore
  return generation !== undefined && (before === undefined || generation > before) ? generation : undefined
}

/** Whether a read shows enough to tell a loss: the whole spec, and under which generation it stands. */
function canShowLoss(observed: Observed, { generation }: Cluster): boolean {
  const hasGeneration = generation !== undefined || !observed.reported.has('generation')
  return hasGeneration && lackingParts(observed).length === 0
}

/** A drift that stood before this run, and at rest where it was planned from: nothing of this run's is under way behind it. */
function olderDriftOf({ first, base: { cluster: base } }: AwaitedChange, observed: Observed): Drift | undefined {
  const isObserved = !hasGenerations(observed) || (base.observedGeneration ?? -1) >= (base.generation ?? 0)
  const isOlder = isSameDrift(driftOf(first), driftOf(base))
  return isRunning(base) && isObserved && isOlder ? driftOf(base) : undefined
}

function toVerdict(change: AwaitedChange, history: History, observed: Observed, read: ProofRead): Verdict {
  const undone = canShowLoss(observed, read.cluster) ? findUndone(change, history, observed, read) : undefined
  if (undone !== undefined) return { kind: 'failed', ...undone }
  return findDegradation(change, read) ?? weighEvidence(change, history, observed, read)
}

function findDegradation({ attempt, degradedGraceMs }: AwaitedChange, read: ProofRead): Verdict | undefined {
  const { cluster, atMs, degradedSinceMs } = read
  if (phaseKind(cluster.phase) !== 'degraded' || degradedSinceMs === undefined) return undefined
  if (atMs - Math.max(degradedSinceMs, attempt?.sentAtMs ?? 0) < degradedGraceMs) return undefined
  const text =
    cluster.conditions.length === 0 ? 'the server gives no reason' : cluster.conditions.map(toConditionText).join('; ')
  return { kind: 'failed', reason: 'degraded', message: `the cluster stayed Degraded: ${text}` }
}

/** Whether a read that looks finished is proof, alone or with the ones before it in a row. */
function weighEvidence(change: AwaitedChange, history: History, observed: Observed, read: ProofRead): Verdict {
  const missing = findMissing(change, history, observed, read)
  if (missing !== undefined) return { kind: 'pending', missing }
  const { kinds, settleTimeMs } = change
  const { count, sinceMs } = history.finished ?? { count: 1, sinceMs: read.atMs }
  const isVersionAsked = askedVersion(change.fields) !== undefined
  const isVersionReported = observed.reported.has('kubernetesVersion')
  const hiddenVersion = isVersionAsked && !isVersionReported ? howToProveHidden(change, history, observed) : 'proven'
  if (hiddenVersion === 'at-work') return lacksProof('the cluster was not seen at work on it')
  const isGenerationProof = canGenerationProve(change, observed, read.cluster)
  const isVersionProof = kinds.has('version') && isVersionReported && !ranBefore(change)
  const mustStand =
    kinds.has('resources') || kinds.has('alerts') || (kinds.has('version') && isVersionReported && !isVersionProof)
  const needsSpan = hiddenVersion === 'span' || (!isGenerationProof && mustStand)
  // Whole, since a rest of less than the clock can tell would let no time pass.
  const restMs = needsSpan ? Math.ceil(settleTimeMs - (read.atMs - sinceMs)) : 0
  if ((needsSpan || !isGenerationProof) && count < READS_TO_BELIEVE.change) {
    return lacksProof('a second read that agrees', Math.max(restMs, POLL.shortestMs))
  }
  if (restMs > 0) return lacksProof('not settled for the whole settle-time', restMs)
  const evidence: Evidence[] = [
    ...(isGenerationProof ? (['generation'] as const) : []),
    ...(isVersionProof ? (['kubernetes-version'] as const) : []),
    ...(needsSpan || (!isGenerationProof && !isVersionProof) ? (['settled'] as const) : []),
  ]
  return { kind: 'converged', evidence, stoodMs: read.atMs - sinceMs }
}

/**
 * How a version is proven on a server that never says which one runs: after a PATCH of this run only by having been seen at work;
 * where this run sent nothing also by standing still for the settle time, as far as generations, or a plan that was empty from the
 * start, say that nothing is under way.
 */
function howToProveHidden(
  { attempt, kinds }: AwaitedChange,
  { wasAtWork }: History,
  observed: Observed,
): 'proven' | 'at-work' | 'span' {
  if (wasAtWork) return 'proven'
  if (attempt !== undefined) return kinds.has('version') ? 'at-work' : 'proven'
  return hasGenerations(observed) || kinds.size === 0 ? 'span' : 'at-work'
}

/** This read is one of those in a row that may come to prove it. */
function lacksProof(text: string, provableInMs?: number): Verdict {
  const missing: Missing = { kind: 'proof', text }
  return { kind: 'pending', missing, ...(provableInMs === undefined ? {} : { provableInMs }) }
}

/**
 * The generation proves a change only if it could have failed to: after a PATCH of this run it must have moved by it, and not have
 * counted as observed before.
 */
function canGenerationProve(change: AwaitedChange, observed: Observed, { generation }: Cluster): boolean {
  const { attempt } = change
  if (!doGenerationsCount(change, observed) || generation === undefined) return false
  if (attempt === undefined) return true
  const { generationBefore, base } = attempt
  const isMoved = generationBefore !== undefined && generation > generationBefore
  return isMoved && generation > (base.cluster.observedGeneration ?? 0)
}
