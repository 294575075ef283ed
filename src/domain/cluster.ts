import type { JsonObject } from './json.js'
import { RESOURCE_NAMES, type Resources } from './resources.js'

/** A cluster as one read showed it. Only `name` is certain: early answers lack almost anything. */
export interface Cluster {
  readonly name: string
  /** The desired version. */
  readonly version?: string
  readonly resources: Resources
  /** Everything under `resources` as it came, names unknown to us included. */
  readonly allResources: JsonObject
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
  /** The most telling of `status.conditions`, in that order, cleaned. */
  readonly conditions: readonly Condition[]
  /** How its high availability stands, where it has any. */
  readonly haPhase?: string
  /** What the server warns of, a line each, cleaned. */
  readonly warnings: readonly string[]
  /** The object as it came: nothing is taken out of it before it is shown. */
  readonly json: JsonObject
}

/** One of `status.conditions`, whose schema is not published: this is what Kubernetes has in them. */
export interface Condition {
  readonly type?: string
  readonly status?: string
  readonly reason?: string
  readonly message?: string
}

/** One line: `Ready=False NodesNotReady: 2 of 5 nodes are not ready`. */
export function toConditionText({ type, status, reason, message }: Condition): string {
  const join = (texts: readonly (string | undefined)[], mark: string) =>
    texts.filter((text) => text !== undefined && text !== '').join(mark)
  return join([join([type, status], '='), join([reason, message], ': ')], ' ')
}

/** Conditions of these types say whether a cluster can be used. */
const HEALTH_TYPES: readonly string[] = ['Ready', 'Available', 'Healthy']

/** Whether a condition is about the health of the whole cluster, whatever it says. */
export function isAboutHealth({ type = '' }: Condition): boolean {
  return HEALTH_TYPES.includes(type)
}

/** Whether a condition says that the cluster is not in order. */
export function deniesHealth(condition: Condition): boolean {
  return isAboutHealth(condition) && condition.status === 'False'
}

/** The most telling conditions first: those that are not met, and of these whatever is not ready, available or healthy. */
export function byTelling(conditions: readonly Condition[]): Condition[] {
  const rankOf = ({ type = '', status }: Condition) => {
    if (status !== 'False' && status !== 'Unknown') return 2
    return HEALTH_TYPES.some((name) => type.endsWith(name)) ? 0 : 1
  }
  return [...conditions].sort((left, right) => rankOf(left) - rankOf(right))
}

/** The API's names for fields, of those long enough to be mixed up with a secret: a text from inside `alerts` may be one of them. */
export const FIELD_NAMES: readonly string[] = [
  'kubernetesVersion',
  'observedGeneration',
  'resourceVersion',
  'highAvailability',
  'lastTransitionTime',
  'haConfigured',
  'haReplicasReady',
  'haReplicasDesired',
  'haEtcdReplicasReady',
  'haEtcdReplicasDesired',
  ...RESOURCE_NAMES.flatMap((name) => [`resources.${name}`, `spec.resources.${name}`]),
  'spec.version',
  'spec.highAvailability',
  'status.phase',
  'status.conditions',
  'status.endpoint',
]

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

/** The names of all known phases. */
export const PHASE_NAMES: readonly string[] = Object.keys(PHASES)

/** Places a phase; the API compares them with case, and new ones may come. */
export function phaseKind(phase: string | undefined): PhaseKind {
  if (phase === undefined) return 'absent'
  return Object.hasOwn(PHASES, phase) ? (PHASES[phase] ?? 'unknown') : 'unknown'
}

/** True while the cluster is in service: only then can a change be complete. */
export function isRunning({ phase }: Cluster): boolean {
  return phaseKind(phase) === 'running'
}
