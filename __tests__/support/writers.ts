import type { Simulator, SpecPatch } from '../../simulator/simulator.js'
import { CLUSTER } from './tasks.js'

/** Someone else writes just before our nth PATCH arrives. */
export function rival(patch: SpecPatch, nth = 1, times = 1): (simulator: Simulator) => void {
  return (simulator) => simulator.on({ method: 'PATCH', nth, times }, () => simulator.patchAs('rival', CLUSTER, patch))
}

/** The operator writes to the status just before our PATCHes arrive, which moves the ETag and nothing else. */
export function statusWrites(times: number): (simulator: Simulator) => void {
  return (simulator) =>
    simulator.on({ method: 'PATCH', times }, () =>
      simulator.setStatus(CLUSTER, { metrics: { sampledAt: simulator.requests.length } }),
    )
}
