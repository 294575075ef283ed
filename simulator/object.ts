import { type ClusterState, copy } from './cluster.js'
import type { Settings } from './settings.js'

/** The object as the API shows it. */
export function toObject(state: ClusterState, settings: Settings): Record<string, unknown> {
  const { statusHidden, version, highAvailability, generation, resourceVersion, ...rest } = state
  const { observedGeneration, kubernetesVersion, ...status } = state.status
  return copy({
    ...rest,
    // The API leaves out a version that was never asked for, and an availability that is not high.
    version: version === '' ? undefined : version,
    highAvailability: highAvailability ? true : undefined,
    generation: settings.generations ? generation : undefined,
    resourceVersion: String(resourceVersion),
    warnings: [],
    status: statusHidden
      ? undefined
      : {
          ...status,
          kubernetesVersion: settings.reportKubernetesVersion ? kubernetesVersion : undefined,
          observedGeneration: settings.generations ? observedGeneration : undefined,
        },
  })
}
