import { type ClusterState, copy } from './cluster.js'
import type { Settings } from './settings.js'

/**
 * A state with the fields that lag as they were so long before: `asOf` gives the state some milliseconds earlier. One of
 * another cluster under that name says nothing.
 */
export function withLag(
  state: ClusterState,
  asOf: (earlierMs: number) => ClusterState | undefined,
  lagMs: Settings['lagMs'],
): ClusterState {
  if (Object.keys(lagMs).length === 0) return state
  const before = (ms = 0) => {
    const then = ms > 0 ? asOf(ms) : undefined
    return then?.createdAt === state.createdAt ? then : state
  }
  const { phase } = before(lagMs.phase).status
  const { generation } = before(lagMs.generation)
  const { observedGeneration } = before(lagMs.observedGeneration).status
  const { kubernetesVersion } = before(lagMs.kubernetesVersion).status
  const status = { ...state.status, phase, observedGeneration, kubernetesVersion }
  // The copy leaves out what was not reported yet.
  return copy({ ...state, generation, status }) as ClusterState
}

/** The object as the API shows it. */
export function toObject(state: ClusterState, settings: Settings): Record<string, unknown> {
  const { statusHidden, version, highAvailability, generation, resourceVersion, ...rest } = state
  const { observedGeneration, kubernetesVersion, ...status } = state.status
  const shown = (value: number | undefined) => {
    if (!settings.generations || value === undefined) return undefined
    return settings.generationsAsText ? String(value) : value
  }
  return copy({
    ...rest,
    // The API leaves out a version that was never asked for, and an availability that is not high.
    version: version === '' ? undefined : version,
    highAvailability: highAvailability ? true : undefined,
    generation: shown(generation),
    resourceVersion: String(resourceVersion),
    warnings: [],
    status: statusHidden
      ? undefined
      : {
          ...status,
          kubernetesVersion: settings.reportKubernetesVersion ? kubernetesVersion : undefined,
          observedGeneration: shown(observedGeneration),
        },
  })
}
