import type { Cluster } from '../domain/cluster.js'
import { RESOURCE_NAMES } from '../domain/resources.js'

/** What all reads of a run, the PATCH's answers included, have shown. */
export interface Observed {
  readonly createdAt?: string
  /** The highest one. */
  readonly generation?: number
  readonly reported: ReadonlySet<ReportedField>
  /** The fields of the spec that were ever shown. */
  readonly spec: ReadonlySet<string>
}

/** Fields that a server may never report; once it did, a read without one proves nothing. */
export const REPORTED_FIELDS = [
  'phase',
  'generation',
  'observedGeneration',
  'kubernetesVersion',
  'version',
  'alerts',
] as const
export type ReportedField = (typeof REPORTED_FIELDS)[number]

/** Before the first read. */
export const NOTHING_OBSERVED: Observed = { reported: new Set(), spec: new Set() }

/** What a read is worth next to earlier ones: new, from an older replica, or of a new cluster under the old name. */
export type Freshness = 'fresh' | 'stale' | 'recreated'

/** A read that is fresh, and when it arrived on the run's monotonic clock. */
export interface TimedRead {
  readonly cluster: Cluster
  readonly atMs: number
}

/**
 * Adds one read to what was observed. A read with another `createdAt` than at first is of a new cluster under the old name;
 * one with a lower generation than already seen comes from an older replica.
 */
export function observe(observed: Observed, cluster: Cluster): { observed: Observed; freshness: Freshness } {
  if (
    observed.createdAt !== undefined &&
    cluster.createdAt !== undefined &&
    !isSameTime(observed.createdAt, cluster.createdAt)
  ) {
    return { observed, freshness: 'recreated' }
  }
  const isStale = (cluster.generation ?? Number.POSITIVE_INFINITY) < (observed.generation ?? 0)
  const createdAt = observed.createdAt ?? cluster.createdAt
  const generation = isStale ? observed.generation : (cluster.generation ?? observed.generation)
  const reported = new Set([...observed.reported, ...REPORTED_FIELDS.filter((field) => cluster[field] !== undefined)])
  return {
    observed: {
      reported,
      spec: new Set([...observed.spec, ...specFields(cluster)]),
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(generation === undefined ? {} : { generation }),
    },
    freshness: isStale ? 'stale' : 'fresh',
  }
}

/** Whether a read lacks a field of the spec that an earlier one showed; a plan made from it could undo what stands there. */
export function lacksSpec({ spec }: Observed, cluster: Cluster): boolean {
  const shown = specFields(cluster)
  return [...spec].some((field) => !shown.includes(field))
}

function specFields({ version, resources, alerts }: Cluster): string[] {
  return [
    ...(version === undefined ? [] : ['version']),
    ...RESOURCE_NAMES.filter((name) => resources[name] !== undefined),
    ...(alerts === undefined ? [] : ['alerts']),
  ]
}

function isSameTime(left: string, right: string): boolean {
  return left === right || Date.parse(left) === Date.parse(right)
}

/** Whether the server has shown both `generation` and `status.observedGeneration`; older servers know neither. */
export function hasGenerations({ reported }: Observed): boolean {
  return reported.has('generation') && reported.has('observedGeneration')
}
