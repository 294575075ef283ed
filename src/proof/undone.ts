import { type AskedField, isSameIn } from '../domain/change.js'
import { type Cluster, isRunning, phaseKind } from '../domain/cluster.js'
import { toShortList } from '../domain/outcome.js'
import { coversVersion, isSameVersion } from '../domain/version.js'
import { MOST, READS_TO_BELIEVE } from '../policy.js'
import { type AwaitedChange, askedVersion, type History, pathKey, type Row, type TimedRead } from './awaited.js'
import { hasGenerations, type Observed } from './observations.js'

/** How one asked field is in a read: as asked, as in the base, with another value, or without any. */
export type FieldState = 'ours' | 'base' | 'other' | 'absent'

/**
 * Places one asked field of a read. Only where a PATCH of this run may have landed can a desired minor be the server's short form
 * of the patch version that was asked.
 */
export function fieldState(field: AskedField, base: Cluster, cluster: Cluster, mayHaveLanded: boolean): FieldState {
  if (field.isMetBy(cluster)) return 'ours'
  if (!field.isCarriedBy(cluster)) return 'absent'
  if (isSameIn(field, base, cluster) || isOnlyShownMore(field, base, cluster)) return 'base'
  return mayHaveLanded && field.isAcceptedBy(cluster) ? 'ours' : 'other'
}

/** Nothing was written within one generation: what the base did not show, or of a version only its minor, stood there all along. */
function isOnlyShownMore(field: AskedField, base: Cluster, cluster: Cluster): boolean {
  if (base.generation === undefined || base.generation !== cluster.generation) return false
  if (field.kind !== 'version') return !field.isCarriedBy(base)
  return base.version === undefined || (cluster.version !== undefined && coversVersion(base.version, cluster.version))
}

/** Whether a field of a read is as it was in the base, absence included, and not on its way to what was asked. */
export function isAsBefore(field: AskedField, base: Cluster, cluster: Cluster): boolean {
  if (field.isAcceptedBy(cluster)) return false
  const state = fieldState(field, base, cluster, true)
  return state === 'base' || (state === 'absent' && !field.isCarriedBy(base))
}

/** A change that was ours and is no more. */
export interface Undone {
  readonly reason: 'superseded' | 'rolled-back'
  readonly message: string
  /** The fields that were changed. */
  readonly fieldNames?: readonly string[]
}

/** Whether someone else, or the platform, took our change back (contract 3.5, superseded and rolled-back). Judges whole reads only. */
export function findUndone(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  read: TimedRead,
): Undone | undefined {
  const { cluster } = read
  if (isBelieved(history.oldVersion, read.atMs, change.undoneSpanMs)) {
    const message = `the cluster was at work on the new version and has been Running the old ${cluster.kubernetesVersion} since`
    return { reason: 'rolled-back', message }
  }
  const undone = undoneFields(change, history, observed, read)
  const [first] = undone
  if (first === undefined) return undefined
  if (undone.length === 1 && first.kind === 'version' && stateIn(change, first, cluster) === 'base') {
    const message = `the desired version was set back to ${cluster.version}, the one before our ${first.wanted}`
    return { reason: 'rolled-back', message }
  }
  const fields = toShortList(
    undone.map((field) => toOursAndTheirs(field, cluster)),
    MOST.conflictRows,
  )
  const names = undone.map(({ name }) => name)
  return { reason: 'superseded', message: `someone else, or the platform, changed ${fields}`, fieldNames: names }
}

function toOursAndTheirs(field: AskedField, cluster: Cluster): string {
  const theirs = field.show(cluster)
  return theirs === undefined ? field.name : `${field.name} (ours ${field.wanted}, theirs ${theirs ?? 'absent'})`
}

function stateIn({ base, attempt }: AwaitedChange, field: AskedField, cluster: Cluster): FieldState {
  return fieldState(field, base.cluster, cluster, attempt !== undefined)
}

/** Whether a read shows a field no longer as asked; a row of such reads is counted for each field. */
export function isAway(change: AwaitedChange, field: AskedField, cluster: Cluster): boolean {
  return stateIn(change, field, cluster) !== 'ours'
}

function isBelieved(row: Row | undefined, atMs: number, spanMs: number): boolean {
  return row !== undefined && row.count >= READS_TO_BELIEVE.undone && atMs - row.sinceMs >= spanMs
}

/**
 * Where generations tell: another value is someone else's at once; the one from before only under a generation above ours, since
 * it may be a late read; none at all after three reads under such a generation. Where none do, replicas may lag, and only three
 * reads that span some time, after a GET that showed ours, are believed. Where our PATCH did not move the generation, only a read
 * above it is later for certain.
 */
function undoneFields(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  { cluster, atMs }: TimedRead,
): AskedField[] {
  const { attempt } = change
  const isCounted = doGenerationsCount(change, observed)
  const isAboveOurs = hasGenerations(observed) && isUnderLaterGeneration(history, cluster)
  const isAfterBase = isCounted || (hasGenerations(observed) && isAbove(cluster, attempt?.generationBefore))
  return change.fields.filter((field) => {
    const key = pathKey(field)
    const isShown = history.shown.has(key)
    const isUntold = !isCounted || history.ourGeneration === undefined
    if (isUntold && isShown && isBelieved(history.away.get(key), atMs, change.undoneSpanMs)) return true
    const state = stateIn(change, field, cluster)
    if (state === 'other') return isAboveOurs || (attempt !== undefined && isAfterBase)
    // The desired minor that stood before may be the server's short form of the patch version that was asked.
    if (state === 'base') return isAboveOurs && !(attempt !== undefined && field.isAcceptedBy(cluster))
    return (history.removed.get(key) ?? 0) >= READS_TO_BELIEVE.undone
  })
}

/** True where somebody changed the cluster after our change had its generation. */
export function isUnderLaterGeneration({ ourGeneration }: History, cluster: Cluster): boolean {
  return isAbove(cluster, ourGeneration)
}

function isAbove({ generation }: Cluster, earlier: number | undefined): boolean {
  return earlier !== undefined && generation !== undefined && generation > earlier
}

/** Generations count this kind of change, unless our own PATCH was answered with one that it had not moved. */
export function doGenerationsCount({ attempt }: AwaitedChange, observed: Observed): boolean {
  const { generationBefore: before, answeredGeneration: answered } = attempt ?? {}
  const isUnmoved = answered !== undefined && before !== undefined && answered <= before
  return hasGenerations(observed) && !isUnmoved
}

/** True for a named phase other than `Running` and `Degraded`, in a read that shows our version as the desired one. */
export function isAtWork({ fields }: AwaitedChange, cluster: Cluster): boolean {
  const kind = phaseKind(cluster.phase)
  const isNamed = kind !== 'absent' && kind !== 'running' && kind !== 'degraded'
  return isNamed && askedVersion(fields)?.isAcceptedBy(cluster) === true
}

/** True when a cluster runs again, has observed our generation where it reports any, wants our version, and runs the one from before. */
export function isBackOnOldVersion(
  { fields, base }: AwaitedChange,
  { ourGeneration }: History,
  observed: Observed,
  cluster: Cluster,
): boolean {
  const [asked, running] = [askedVersion(fields), cluster.kubernetesVersion]
  if (asked?.wanted === undefined || running === undefined || !isRunning(cluster)) return false
  const isObserved =
    !hasGenerations(observed) || (cluster.observedGeneration ?? 0) >= (ourGeneration ?? cluster.generation ?? 0)
  const isOld = isSameVersion(running, base.cluster.kubernetesVersion) && !coversVersion(asked.wanted, running)
  return isObserved && isOld && asked.isAcceptedBy(cluster)
}
