import type { JsonObject } from './alerts.js'

/** The quantities a cluster is given, each in the API's own text; absent where the API did not say. */
export interface Resources {
  readonly cpu?: string
  readonly memory?: string
  readonly storage?: string
}

export const RESOURCE_NAMES = ['cpu', 'memory', 'storage'] as const
export type ResourceName = (typeof RESOURCE_NAMES)[number]

/** A cluster as one read showed it. Only `name` is certain: early answers lack almost anything. */
export interface Cluster {
  readonly name: string
  /** The desired version. */
  readonly version?: string
  readonly resources: Resources
  readonly alerts?: JsonObject
  readonly generation?: number
  readonly createdAt?: string
  readonly phase?: string
  /** The version the cluster runs. */
  readonly kubernetesVersion?: string
  readonly endpoint?: string
  readonly observedGeneration?: number
  /** What `status.conditions` says is wrong or noteworthy, a line each. */
  readonly conditions: readonly string[]
  /** What the server warns of, a line each. */
  readonly warnings: readonly string[]
  /** The object as it came. */
  readonly json: JsonObject
}

/** What a phase means to someone who waits. */
export type PhaseKind = 'running' | 'busy' | 'degraded' | 'going' | 'unknown' | 'absent'

const PHASES: Readonly<Record<string, PhaseKind>> = {
  Running: 'running',
  Pending: 'busy',
  Provisioning: 'busy',
  Upgrading: 'busy',
  Degraded: 'degraded',
  Terminating: 'going',
  Deleting: 'going',
}

/** Places a phase; the API compares them with case, and new ones may come. */
export function phaseKind(phase: string | undefined): PhaseKind {
  if (phase === undefined) return 'absent'
  return Object.hasOwn(PHASES, phase) ? (PHASES[phase] ?? 'unknown') : 'unknown'
}
