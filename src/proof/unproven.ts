import { unmetFields } from '../domain/change.js'
import { type Cluster, isRunning } from '../domain/cluster.js'
import { toShortList } from '../domain/outcome.js'
import { coversVersion, isSameVersion } from '../domain/version.js'
import { MOST } from '../policy.js'
import { type AwaitedChange, askedVersion, type Drift, type History, type TimedRead } from './awaited.js'
import { findUnreported, hasGenerations, lackingParts, type Observed } from './observations.js'

/** What keeps a read from proving a change: its phase, something else that it shows, what it lacks, or only that one read is not enough. */
export type MissingKind = 'phase' | 'state' | 'unreported' | 'proof'

/** What is still missing, by kind and in words. */
export interface Missing {
  readonly kind: MissingKind
  readonly text: string
}

/** One read as the proof takes it: it passed the gate and is not stale. */
export interface ProofRead extends TimedRead {
  /** Since when the cluster has been `Degraded` without interruption. */
  readonly degradedSinceMs: number | undefined
}

/** What keeps one read from looking finished: settled, and with nothing left to plan. */
export function findMissing(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  read: ProofRead,
): Missing | undefined {
  return findUnsettled(change, history, observed, read) ?? findUnmet(change, read.cluster)
}

function findUnmet({ fields }: AwaitedChange, cluster: Cluster): Missing | undefined {
  const unmet = unmetFields(cluster, fields)
  if (unmet.length === 0) return undefined
  const names = toShortList(
    unmet.map(({ name }) => name),
    MOST.conflictRows,
  )
  return { kind: 'state', text: `${names} not yet as asked` }
}

function findUnsettled(
  change: AwaitedChange,
  history: History,
  observed: Observed,
  read: ProofRead,
): Missing | undefined {
  const { cluster } = read
  const lacking = findLacking(observed, cluster)
  if (lacking.length > 0)
    return { kind: 'unreported', text: `the last read did not say its ${toShortList(lacking, MOST.conflictRows)}` }
  if (!isRunning(cluster)) {
    return { kind: 'phase', text: cluster.phase === undefined ? 'no phase' : `phase is ${cluster.phase}` }
  }
  return findUnobserved(change, observed, cluster) ?? findNotRunning(change, history, observed, read)
}

function findUnobserved({ attempt }: AwaitedChange, observed: Observed, cluster: Cluster): Missing | undefined {
  const { generation, observedGeneration } = cluster
  if (!hasGenerations(observed) || generation === undefined || observedGeneration === undefined) return undefined
  const wanted = Math.max(generation, attempt?.answeredGeneration ?? generation)
  if (observedGeneration >= wanted) return undefined
  return {
    kind: 'state',
    text: `the platform has not taken up the change yet (generation ${wanted}; it is at ${observedGeneration})`,
  }
}

/** The asked version does not run yet; or an upgrade may be under way that this run cannot know to be old. */
function findNotRunning(
  change: AwaitedChange,
  { olderDrift }: History,
  observed: Observed,
  { cluster, atMs }: ProofRead,
): Missing | undefined {
  const { fields, base, settleTimeMs } = change
  const running = cluster.kubernetesVersion
  if (running === undefined) return undefined
  const asked = askedVersion(fields)?.wanted
  if (asked !== undefined && !coversVersion(asked, running)) {
    return { kind: 'state', text: `the cluster runs ${running}, not ${asked}` }
  }
  if (asked !== undefined && !ranBefore(change)) return undefined
  const hasStood = hasGenerations(observed) || atMs - base.atMs >= settleTimeMs
  if (driftOf(cluster) === undefined || (olderDrift !== undefined && hasStood)) return undefined
  return { kind: 'state', text: `the cluster runs ${running}, not ${cluster.version}` }
}

/** Whether the version that a PATCH of this run changed to ran before it: that it runs proves nothing then. */
export function ranBefore({ attempt, fields, kinds }: AwaitedChange): boolean {
  if (!kinds.has('version')) return false
  const [asked, running] = [askedVersion(fields)?.wanted, attempt?.base.cluster.kubernetesVersion]
  return asked !== undefined && running !== undefined && coversVersion(asked, running)
}

/** What a read lacks of all that earlier ones carried; one that lacks anything proves nothing. */
function findLacking(observed: Observed, cluster: Cluster): string[] {
  return [findUnreported(observed, cluster) ?? [], lackingParts(observed)].flat()
}

/** Where the version that runs is not the desired one; an absent desired version matches anything. */
export function driftOf({ version, kubernetesVersion }: Cluster): Drift | undefined {
  if (version === undefined || kubernetesVersion === undefined) return undefined
  if (coversVersion(version, kubernetesVersion)) return undefined
  return { desired: version, running: kubernetesVersion }
}

export function isSameDrift(left: Drift | undefined, right: Drift | undefined): boolean {
  return isSameVersion(left?.desired, right?.desired) && isSameVersion(left?.running, right?.running)
}
