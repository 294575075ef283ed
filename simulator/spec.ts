import { isDeepStrictEqual } from 'node:util'
import {
  type ClusterSpec,
  type ClusterState,
  type ClusterStatus,
  copy,
  type Resources,
  type SpecPatch,
} from './cluster.js'
import { DEFAULTS, fullVersion, type Settings } from './settings.js'
import { isObject, quantityValue } from './validation.js'

/** A cluster as its spec says, with defaults for the rest. */
export function toState(spec: ClusterSpec, settings: Settings, resourceVersion: number): ClusterState {
  const { name = DEFAULTS.cluster, version = '1.31', generation = 7, busyForMs, highAvailability = false } = spec
  const createdAt = spec.createdAt ?? '2026-02-01T14:00:00Z'
  return copy({
    name,
    displayName: spec.displayName ?? name,
    type: spec.type ?? 'shared',
    highAvailability,
    version,
    resources: spec.resources ?? { cpu: '4', memory: '16Gi', storage: '100Gi' },
    ...(spec.alerts === undefined ? {} : { alerts: spec.alerts }),
    generation,
    resourceVersion,
    createdAt,
    statusHidden: false,
    status: {
      phase: spec.phase ?? 'Running',
      kubernetesVersion: spec.kubernetesVersion ?? `v${fullVersion(version || settings.defaultVersion, settings)}`,
      endpoint: spec.endpoint ?? endpointOf(name, settings),
      observedGeneration: spec.observedGeneration ?? (busyForMs === undefined ? generation : generation - 1),
      conditions: [{ type: 'Ready', status: busyForMs === undefined ? 'True' : 'False' }],
      metrics: {},
      ...(highAvailability ? haStatus('ha-healthy', createdAt) : {}),
    },
  })
}

/** A cluster that was just asked for: nothing of it exists yet, so it reports next to nothing. */
export function toNewState(spec: ClusterSpec, settings: Settings, resourceVersion: number): ClusterState {
  const state = toState({ generation: 1, ...spec }, settings, resourceVersion)
  const ha = state.highAvailability ? haStatus('pending', state.createdAt) : {}
  return { ...state, status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }], ...ha } }
}

/** Where the cluster's own API server answers. */
export function endpointOf(name: string, { tenant }: Settings): string {
  return `https://${name}.${tenant}.kupe.cloud`
}

/** The part of the status that only clusters with high availability have. */
export function haStatus(haPhase: 'pending' | 'ha-healthy', enabledAt: string): Partial<ClusterStatus> {
  const isReady = haPhase === 'ha-healthy'
  const ready = isReady ? 3 : 0
  return {
    haPhase,
    haConfigured: isReady,
    ...(isReady ? { haEnabledAt: enabledAt } : {}),
    haReplicasReady: ready,
    haReplicasDesired: 3,
    haEtcdReplicasReady: ready,
    haEtcdReplicasDesired: 3,
  }
}

/** Writes a patch into the spec of a draft, by the merge rules and limits of this server. */
export function applyPatch(draft: ClusterState, patch: SpecPatch, settings: Settings): void {
  const { version, resources, alerts } = copy(patch)
  if (version !== undefined) draft.version = version === '' ? settings.defaultVersion : version
  if (resources !== undefined) {
    const kept = settings.resourcesMode === 'merge' && Object.keys(resources).length > 0 ? draft.resources : {}
    draft.resources = { ...kept, ...stored(resources, settings) }
  }
  if (alerts !== undefined) {
    const kept = settings.alertsMode === 'merge' ? draft.alerts : undefined
    draft.alerts = mergeObjects(mergeObjects(copy(settings.alertDefaults ?? {}), kept ?? {}), alerts)
  }
}

/** Whether what was written counts for the generation of this server. */
export function movesGeneration(before: ClusterState, after: ClusterState, { generationMoves }: Settings): boolean {
  if (typeof generationMoves === 'boolean') return generationMoves
  return generationMoves.some((field) => !isDeepStrictEqual(before[field], after[field]))
}

function stored(resources: Resources, { clamp, respell }: Settings): Resources {
  const result: Resources = {}
  for (const field of ['cpu', 'memory', 'storage'] as const) {
    const asked = resources[field]
    if (asked === undefined) continue
    const most = clamp[field]
    const value = most !== undefined && quantityValue(asked) > quantityValue(most) ? most : asked
    result[field] = respell === undefined ? value : respell(field, value)
  }
  return result
}

/** JSON Merge Patch (RFC 7396). */
function mergeObjects(target: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    const old = merged[key]
    if (value === null) delete merged[key]
    else merged[key] = isObject(value) ? mergeObjects(isObject(old) ? old : {}, value) : value
  }
  return merged
}
