import type { JsonObject } from './json.js'
import type { Resources } from './resources.js'

/** A cluster as one read showed it. Only `name` is certain: early answers lack almost anything. */
export interface Cluster {
  readonly name: string
  /** The desired version. */
  readonly version?: string
  readonly resources: Resources
  /** Every text and number under `resources` as it came, names unknown to us included; to be sent back, never to be shown. */
  readonly allResources: Readonly<Record<string, string | number>>
  /** Whether the object has `resources` at all; an empty one says that no limit is set. */
  readonly hasResources: boolean
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
  /** How its high availability stands, where it has any. */
  readonly haPhase?: string
  /** What the server warns of, a line each. */
  readonly warnings: readonly string[]
  /** The object as it came. */
  readonly json: JsonObject
}

/** What a phase means to someone who waits. */
export type PhaseKind = 'running' | 'busy' | 'degraded' | 'terminating' | 'unknown' | 'absent'

/** Every phase that is known. */
const PHASES: Readonly<Record<string, PhaseKind>> = {
  Running: 'running',
  Pending: 'busy',
  Provisioning: 'busy',
  Upgrading: 'busy',
  Degraded: 'degraded',
  Terminating: 'terminating',
  Deleting: 'terminating',
}

/** Places a phase; the API compares them with case, and new ones may come. */
export function phaseKind(phase: string | undefined): PhaseKind {
  if (phase === undefined) return 'absent'
  return Object.hasOwn(PHASES, phase) ? (PHASES[phase] ?? 'unknown') : 'unknown'
}

/** True while the cluster is in service: only then can a change be complete. */
export function isRunning({ phase }: Cluster): boolean {
  return phaseKind(phase) === 'running'
}
