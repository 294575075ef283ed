import { type Cluster, RESOURCE_NAMES } from './cluster.js'

/** What all reads of a run, the PATCH's answers included, have shown. */
export interface Seen {
  readonly createdAt?: string
  /** The highest one. */
  readonly generation?: number
  readonly reported: ReadonlySet<ReportedField>
  /** The fields of the spec that were ever shown. */
  readonly spec: ReadonlySet<string>
}

export const REPORTED_FIELDS = [
  'phase',
  'generation',
  'observedGeneration',
  'kubernetesVersion',
  'version',
  'alerts',
] as const
export type ReportedField = (typeof REPORTED_FIELDS)[number]

export const NOTHING_SEEN: Seen = { reported: new Set(), spec: new Set() }

/**
 * Adds one read to what was seen. A read with another `createdAt` than at first is of a new cluster under the old name;
 * one with a lower generation than already seen comes from an older replica.
 */
export function see(seen: Seen, cluster: Cluster): { seen: Seen; standing: 'fresh' | 'stale' | 'recreated' } {
  if (
    seen.createdAt !== undefined &&
    cluster.createdAt !== undefined &&
    !isSameTime(seen.createdAt, cluster.createdAt)
  ) {
    return { seen, standing: 'recreated' }
  }
  const isStale = (cluster.generation ?? Number.POSITIVE_INFINITY) < (seen.generation ?? 0)
  const createdAt = seen.createdAt ?? cluster.createdAt
  const generation = isStale ? seen.generation : (cluster.generation ?? seen.generation)
  const reported = new Set([...seen.reported, ...REPORTED_FIELDS.filter((field) => cluster[field] !== undefined)])
  return {
    seen: {
      reported,
      spec: new Set([...seen.spec, ...specFields(cluster)]),
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(generation === undefined ? {} : { generation }),
    },
    standing: isStale ? 'stale' : 'fresh',
  }
}

/** Whether a read lacks a field of the spec that an earlier one showed; a plan made from it could undo what stands there. */
export function lacksSpec({ spec }: Seen, cluster: Cluster): boolean {
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
export function hasGenerations({ reported }: Seen): boolean {
  return reported.has('generation') && reported.has('observedGeneration')
}
