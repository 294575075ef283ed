import type { Cluster } from '../domain/cluster.js'
import { READS_TO_BELIEVE } from '../policy.js'

/** Fields of the status that a server may never report; once it did, a read without one proves nothing. */
export const REPORTED_FIELDS = ['generation', 'observedGeneration', 'kubernetesVersion'] as const
export type ReportedField = (typeof REPORTED_FIELDS)[number]

/** What all reads of a run, the PATCH's answers included, have shown. */
export interface Observed {
  readonly createdAt?: string
  /** The highest one. */
  readonly generation?: number
  /** The last one that a read gave. */
  readonly kubernetesVersion?: string
  readonly reported: ReadonlySet<ReportedField>
  /** The parts of the spec that reads have shown, each with how many of the newest reads in a row lacked it. */
  readonly spec: ReadonlyMap<string, number>
}

/** Before the first read. */
export const NOTHING_OBSERVED: Observed = { reported: new Set(), spec: new Map() }

/**
 * What a read is worth next to earlier ones (contract 3.1): `recreated` is of a new cluster under the old name; `stale` comes from
 * an older replica; `partial` lacks something of the spec that an earlier read carried; `whole` is none of these.
 */
export type ReadKind = 'whole' | 'partial' | 'stale' | 'recreated'

/** Adds one read to what was observed; a stale one changes nothing. */
export function observe(observed: Observed, cluster: Cluster): { observed: Observed; kind: ReadKind } {
  const age = compareInstants(cluster.createdAt, observed.createdAt)
  if (age > 0) return { observed, kind: 'recreated' }
  const isOlder = (cluster.generation ?? Number.POSITIVE_INFINITY) < (observed.generation ?? 0)
  if (age < 0 || isOlder) return { observed, kind: 'stale' }
  const shown = specParts(cluster)
  const spec = new Map([...observed.spec].map(([part, lacking]) => [part, shown.has(part) ? 0 : lacking + 1]))
  for (const part of shown) spec.set(part, 0)
  const createdAt = observed.createdAt ?? cluster.createdAt
  const generation = cluster.generation ?? observed.generation
  const kubernetesVersion = cluster.kubernetesVersion ?? observed.kubernetesVersion
  const next = {
    reported: new Set([...observed.reported, ...REPORTED_FIELDS.filter((field) => cluster[field] !== undefined)]),
    spec,
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(generation === undefined ? {} : { generation }),
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
  }
  return { observed: next, kind: lackingParts(next).length > 0 ? 'partial' : 'whole' }
}

/** The parts of the spec that the newest read lacks although an earlier one carried them. */
export function lackingParts({ spec }: Observed): string[] {
  return [...spec].filter(([, lacking]) => lacking > 0).map(([part]) => part)
}

/** Of those, the parts that so many reads in a row have lacked that they must be gone. */
export function vanishedParts({ spec }: Observed): string[] {
  return [...spec].filter(([, lacking]) => lacking >= READS_TO_BELIEVE.vanished).map(([part]) => part)
}

/** Believes that these parts are gone: from now on a read without them lacks nothing. */
export function forgetParts(observed: Observed, parts: readonly string[]): Observed {
  return { ...observed, spec: new Map([...observed.spec].filter(([part]) => !parts.includes(part))) }
}

/** The parts of the spec that a read carries, by the names they are reported under: `version`, `cpu`, `resources.gpu`, `alerts`. */
export function specParts({ version, resources, allResources, alerts }: Cluster): ReadonlySet<string> {
  return new Set([
    ...(version === undefined ? [] : ['version']),
    ...Object.keys(allResources).map((name) => (Object.hasOwn(resources, name) ? name : `resources.${name}`)),
    ...(alerts === undefined ? [] : ['alerts']),
  ])
}

/** A read as it is planned from and compared with: a generation or running version that it lacks is the one last seen. */
export function withLastStatus(cluster: Cluster, { generation, kubernetesVersion }: Observed): Cluster {
  return {
    ...(generation === undefined ? {} : { generation }),
    ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    ...cluster,
  }
}

/** A cluster without these parts of its spec. */
export function withoutParts(cluster: Cluster, parts: readonly string[]): Cluster {
  const { version, alerts, ...rest } = cluster
  const isKept = (part: string) => !parts.includes(part)
  return {
    ...rest,
    ...(version !== undefined && isKept('version') ? { version } : {}),
    ...(alerts !== undefined && isKept('alerts') ? { alerts } : {}),
    resources: Object.fromEntries(Object.entries(cluster.resources).filter(([name]) => isKept(name))),
    allResources: Object.fromEntries(
      Object.entries(cluster.allResources).filter(([name]) => isKept(name) && isKept(`resources.${name}`)),
    ),
  }
}

/** Whether the server has shown both `generation` and `status.observedGeneration`; older servers know neither. */
export function hasGenerations({ reported }: Observed): boolean {
  return reported.has('generation') && reported.has('observedGeneration')
}

/** The first field that was reported once and that this read lacks; such a read proves nothing. */
export function findUnreported({ reported }: Observed, cluster: Cluster): ReportedField | undefined {
  return REPORTED_FIELDS.find((field) => reported.has(field) && cluster[field] === undefined)
}

/**
 * Above zero where `left` is the later second, below where it is the earlier; 0 where they are the same, absent or unreadable. A
 * server may write fractions in one answer and none in another.
 */
export function compareInstants(left: string | undefined, right: string | undefined): number {
  const toSecond = (text = '') => Math.floor(Date.parse(text) / 1000)
  return toSecond(left) - toSecond(right) || 0
}
