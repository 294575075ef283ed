import type { Cluster } from '../../src/domain/cluster.js'
import type { JsonObject } from '../../src/domain/json.js'
import type { TimedClusterRead } from '../../src/run/state.js'

/** What is different about a cluster; `undefined` takes a field away. */
export type ClusterOverrides = { readonly [Key in keyof Cluster]?: Cluster[Key] | undefined }

export const RESOURCES = { cpu: '4', memory: '16Gi', storage: '100Gi' } as const

/** The one cluster that all others are made from; a new simulator shows the same. */
const SETTLED: Cluster = {
  name: 'production',
  version: '1.31',
  resources: RESOURCES,
  allResources: RESOURCES,
  hasResources: true,
  generation: 7,
  createdAt: '2026-02-01T14:00:00Z',
  phase: 'Running',
  kubernetesVersion: 'v1.31.9',
  endpoint: 'https://production.acme.kupe.cloud',
  observedGeneration: 7,
  conditions: [],
  warnings: [],
  json: { name: 'production' },
}

/**
 * A settled cluster on 1.31, with 4 CPUs, 16Gi of memory and 100Gi of storage, changed by each of these in turn. Its
 * `allResources` are its `resources`, unless it is given some after them.
 */
export function toCluster(...overrides: readonly ClusterOverrides[]): Cluster {
  const complete = overrides.map((given) =>
    'resources' in given ? { allResources: given.resources, ...given } : given,
  )
  const merged = Object.assign({}, SETTLED, ...complete) as Record<string, unknown>
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as unknown as Cluster
}

/** A read that shows it, at a moment of the monotonic clock. */
export function toRead(overrides: ClusterOverrides = {}, atMs = 0): TimedClusterRead {
  return { cluster: toCluster(overrides), etag: '"1"', requestId: undefined, atMs }
}

/** Alerts with values that must never be shown. */
export const SECRET_ALERTS: JsonObject = {
  receivers: { pager: { url: 'https://pager.example/hidden-hook', enabled: true } },
  routes: ['hidden-route'],
  note: null,
}
