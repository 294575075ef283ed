import { type AwaitedChange, askedVersion, type History, type Sighting } from './awaited.js'
import { openFields } from './change.js'
import { type Cluster, type PhaseKind, phaseKind } from './cluster.js'
import { findLoss, isAway, isBackOnOldVersion, type Loss, standingOf } from './loss.js'
import { hasGenerations, REPORTED_FIELDS, type ReportedField, type Seen, see } from './sightings.js'
import { coversVersion } from './version.js'

export type Evidence = 'generation' | 'kubernetes-version' | 'settled'

export type Verdict =
  | { readonly kind: 'converged'; readonly evidence: readonly Evidence[] }
  /** `looksFinished`: this read is one of those in a row that may come to prove it. */
  | { readonly kind: 'pending'; readonly missing: string; readonly looksFinished: boolean }
  /** An older replica answered: contact, and nothing else. */
  | { readonly kind: 'stale' }
  | {
      readonly kind: 'failed'
      readonly reason: Loss['reason'] | 'degraded' | 'deleted'
      readonly message: string
    }

/** Reads in a row that it takes to believe a change where no generation proves it. */
const READS_TO_BELIEVE_A_CHANGE = 2

/** A wait's memory before its first read; `answer` is the PATCH's own answer, where it showed the cluster. */
export function startHistory(change: AwaitedChange, seen: Seen, answer?: Cluster): History {
  const { patch, before, fields } = change
  const answered = patch?.answeredGeneration
  const isRaised =
    answered !== undefined && (patch?.generationBefore === undefined || answered > patch.generationBefore)
  return {
    seen,
    ourGeneration: isRaised ? answered : undefined,
    shown: new Set(
      answer === undefined
        ? []
        : fields.filter((field) => standingOf(field, before, answer) === 'ours').map(({ name }) => name),
    ),
    finished: undefined,
    strayedReads: 0,
    oldVersionReads: 0,
    phase: patch === undefined ? undefined : (answer?.phase ?? before.phase),
    hasLeft: answer !== undefined && isLeaving(answer, before.phase),
    degradedSinceMs: undefined,
  }
}

/**
 * The proof of completion: takes one read and what was seen before it, and gives what it means together with what to remember.
 * A phase alone proves nothing, since a scale never leaves `Running` and the first read after a PATCH may still show the old world.
 */
export function judge(
  change: AwaitedChange,
  history: History,
  sighting: Sighting,
): { history: History; verdict: Verdict } {
  const { seen, standing } = see(history.seen, sighting.cluster)
  if (standing === 'recreated') {
    const message = `the name was given to a new cluster (created ${sighting.cluster.createdAt}, first seen ${seen.createdAt})`
    return { history, verdict: { kind: 'failed', reason: 'deleted', message } }
  }
  if (standing === 'stale') return { history: { ...history, seen }, verdict: { kind: 'stale' } }
  const next = remember(change, { ...history, seen }, sighting)
  return { history: next, verdict: decide(change, next, sighting) }
}

function remember(change: AwaitedChange, history: History, { cluster, atMs }: Sighting): History {
  const kind = phaseKind(cluster.phase)
  const standings = change.fields.map((field) => ({ field, standing: standingOf(field, change.before, cluster) }))
  const ours = standings.filter(({ standing }) => standing === 'ours').map(({ field }) => field.name)
  const isAllOurs = ours.length > 0 && ours.length === standings.length
  const isStray = standings.some(({ field, standing }) => history.shown.has(field.name) && isAway(standing))
  const hasLeft = history.hasLeft || isLeaving(cluster, history.phase)
  const isFinished = whatIsMissing(change, history.seen, cluster) === undefined
  return {
    seen: history.seen,
    ourGeneration: history.ourGeneration ?? (isAllOurs ? cluster.generation : undefined),
    shown: new Set([...history.shown, ...ours]),
    finished: isFinished
      ? { count: (history.finished?.count ?? 0) + 1, sinceMs: history.finished?.sinceMs ?? atMs }
      : undefined,
    strayedReads: isStray ? history.strayedReads + 1 : 0,
    oldVersionReads: countOldVersion(change, { ...history, hasLeft }, cluster),
    phase: cluster.phase ?? history.phase,
    hasLeft,
    degradedSinceMs: degradedSince(kind, history, atMs),
  }
}

function countOldVersion(change: AwaitedChange, { seen, hasLeft, oldVersionReads }: History, cluster: Cluster): number {
  if (whatIsHidden(change, seen, cluster) !== undefined) return oldVersionReads
  return hasLeft && isBackOnOldVersion(change, cluster) ? oldVersionReads + 1 : 0
}

/** A phase that the cluster was already in before the change is no sign of it. */
function isLeaving({ phase }: Cluster, phaseBefore: string | undefined): boolean {
  return phase !== undefined && phase !== 'Running' && phase !== phaseBefore
}

function degradedSince(kind: PhaseKind, history: History, atMs: number): number | undefined {
  if (kind === 'absent') return history.degradedSinceMs
  return kind === 'degraded' ? (history.degradedSinceMs ?? atMs) : undefined
}

function decide(change: AwaitedChange, history: History, { cluster, atMs }: Sighting): Verdict {
  if (phaseKind(cluster.phase) === 'going') {
    return { kind: 'failed', reason: 'deleted', message: `the cluster is ${cluster.phase}` }
  }
  const loss = findLoss(change, history, cluster)
  if (loss !== undefined) return { kind: 'failed', ...loss }
  return findDegradation(change, history, cluster, atMs) ?? weigh(change, history, cluster, atMs)
}

function findDegradation(change: AwaitedChange, history: History, cluster: Cluster, atMs: number): Verdict | undefined {
  if (phaseKind(cluster.phase) !== 'degraded' || history.degradedSinceMs === undefined) return undefined
  if (atMs - history.degradedSinceMs < change.degradedGraceMs) return undefined
  const told = cluster.conditions.length === 0 ? 'the server gives no reason' : cluster.conditions.join('; ')
  return { kind: 'failed', reason: 'degraded', message: `the cluster stayed Degraded: ${told}` }
}

/** What keeps one read from looking finished: settled, and with nothing left to plan. */
function whatIsMissing(change: AwaitedChange, seen: Seen, cluster: Cluster): string | undefined {
  return whatIsUnsettled(change, seen, cluster) ?? whatIsUnmet(change, cluster)
}

function whatIsUnmet(change: AwaitedChange, cluster: Cluster): string | undefined {
  const open = openFields(cluster, change.fields)
  return open.length === 0 ? undefined : `${open.map(({ name }) => name).join(', ')} not yet as asked`
}

function whatIsUnsettled(change: AwaitedChange, seen: Seen, cluster: Cluster): string | undefined {
  const hidden = whatIsHidden(change, seen, cluster)
  if (hidden !== undefined) return `the last read did not say its ${hidden}`
  if (cluster.phase !== 'Running') return cluster.phase === undefined ? 'no phase' : `phase is ${cluster.phase}`
  return whatIsUnobserved(change, seen, cluster) ?? whatDoesNotRun(change, cluster)
}

/** The first field that was reported once and that this read lacks; such a read proves nothing. */
function whatIsHidden({ fields }: AwaitedChange, { reported }: Seen, cluster: Cluster): ReportedField | undefined {
  const asksForAlerts = fields.some((field) => field.kind === 'alerts')
  const proving = REPORTED_FIELDS.filter((field) => field !== 'alerts' || asksForAlerts)
  return proving.find((field) => reported.has(field) && cluster[field] === undefined)
}

function whatIsUnobserved(change: AwaitedChange, seen: Seen, cluster: Cluster): string | undefined {
  const { generation, observedGeneration } = cluster
  if (!hasGenerations(seen) || generation === undefined || observedGeneration === undefined) return undefined
  const wanted = Math.max(generation, change.patch?.answeredGeneration ?? generation)
  return observedGeneration < wanted ? `generation ${wanted} is not observed yet (${observedGeneration})` : undefined
}

function whatDoesNotRun(change: AwaitedChange, cluster: Cluster): string | undefined {
  const running = cluster.kubernetesVersion
  if (running === undefined) return undefined
  const wanted = [cluster.version, askedVersion(change)].find(
    (version) => version !== undefined && !coversVersion(version, running),
  )
  return wanted === undefined ? undefined : `kubernetesVersion is ${running}, not ${wanted}`
}

/** Whether a read that looks finished is proof, alone or with the ones before it in a row. */
function weigh(change: AwaitedChange, history: History, cluster: Cluster, atMs: number): Verdict {
  const missing = whatIsMissing(change, history.seen, cluster)
  if (missing !== undefined || history.finished === undefined) {
    return { kind: 'pending', missing: missing ?? 'a read', looksFinished: false }
  }
  const pending = (text: string): Verdict => ({ kind: 'pending', missing: text, looksFinished: true })
  const { kinds } = change
  const runs = history.seen.reported.has('kubernetesVersion')
  if (kinds.has('version') && !runs && !history.hasLeft) return pending('the cluster was not seen leaving Running')

  const isGenerationProof = canGenerationProve(change, history.seen, cluster)
  const needsTime = kinds.has('resources') || kinds.has('alerts')
  if (!isGenerationProof) {
    if (history.finished.count < READS_TO_BELIEVE_A_CHANGE) return pending('a second read that agrees')
    const settledMs = atMs - history.finished.sinceMs
    if (needsTime && settledMs < change.settleTimeMs) return pending('not settled for the whole settle-time')
  }
  const isVersionProof = kinds.has('version') && runs
  const evidence: Evidence[] = [
    ...(isGenerationProof ? (['generation'] as const) : []),
    ...(isVersionProof ? (['kubernetes-version'] as const) : []),
    ...(!isGenerationProof && (needsTime || !isVersionProof) ? (['settled'] as const) : []),
  ]
  return { kind: 'converged', evidence }
}

/** The generation proves a change only if it could have failed to: after a PATCH of this run it must have moved. */
function canGenerationProve({ patch }: AwaitedChange, seen: Seen, { generation }: Cluster): boolean {
  if (!hasGenerations(seen) || generation === undefined) return false
  if (patch === undefined) return true
  return patch.generationBefore !== undefined && generation > patch.generationBefore
}
