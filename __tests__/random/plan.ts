/**
 * What one random run consists of, as data: the task, the cluster at the start, how the server behaves, and what goes wrong
 * when. The data alone decides the run, so that a failure can be replayed, made smaller, and kept as a test.
 */
export interface RunPlan {
  readonly task: PlannedTask
  readonly cluster: PlannedCluster
  readonly server: ServerBehaviour
  readonly faults: readonly PlannedFault[]
  readonly incidents: readonly PlannedIncident[]
  /** Seeds latencies, replicas and the jitter of pauses. */
  readonly chance: number
  readonly wallStartMs: number
  readonly cancelAtMs: number | null
  /** Only trouble that passes, and time enough: such a run must end green. */
  readonly isCalm: boolean
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export const RESOURCE_NAMES = ['cpu', 'memory', 'storage'] as const
export type ResourceName = (typeof RESOURCE_NAMES)[number]

/** What a cluster is meant to be. An absent resource was never set. */
export interface Spec {
  readonly version?: string
  readonly resources: Readonly<Record<string, string | number>>
  readonly alerts?: JsonObject
}

/** A change to a spec as a client sends it; `resources: {}` clears the limits. */
export interface SpecPatch {
  readonly version?: string
  readonly resources?: Readonly<Record<string, string | number>>
  readonly alerts?: JsonObject
}

/** The inputs of a run that matter here. */
export interface PlannedTask {
  readonly mode: 'apply' | 'plan' | 'verify'
  readonly version?: string
  readonly cpu?: string
  readonly memory?: string
  readonly storage?: string
  readonly alerts?: JsonObject
  readonly allowDowngrade: boolean
  readonly allowVersionSkip: boolean
  readonly allowStorageShrink: boolean
  readonly minCpu: string | null
  readonly maxCpu: string | null
  readonly wait: boolean
  readonly timeoutMs: number
  readonly pollIntervalMs: number
  readonly settleTimeMs: number
  readonly degradedGraceMs: number
  readonly onBusy: 'wait' | 'fail'
  readonly onConflict: 'retry' | 'fail'
  /** The ETag of the state at the start, one that never was, or none. */
  readonly ifMatch: 'none' | 'current' | 'wrong'
  /** The digest of a dry run made at the start, one of another plan, or none. */
  readonly expectedPlan: 'none' | 'right' | 'wrong'
  readonly onlyBetween: string | null
}

export interface PlannedCluster extends Spec {
  /** The version that runs. */
  readonly running: string
  readonly generation: number
  /** Changes made by others before the run began, which may still be under way. */
  readonly before: readonly { readonly agoMs: number; readonly patch: SpecPatch }[]
  readonly conditions: JsonObject[]
}

/** How a server behaves, all through a run. The documentation leaves almost all of it open. */
export interface ServerBehaviour {
  readonly reportsGeneration: boolean
  readonly reportsObserved: boolean
  readonly reportsKubernetesVersion: boolean
  /** Which kinds of change move the generation. */
  readonly countsVersion: boolean
  readonly countsResources: boolean
  readonly countsAlerts: boolean
  /** When `observedGeneration` is stamped; any but `done` is a lie about completion. */
  readonly stamps: 'done' | 'started' | 'written'
  /** How much later than it happens each of these is published. */
  readonly generationLagMs: number
  readonly phaseLagMs: number
  readonly versionLagMs: number
  readonly observedLagMs: number
  readonly integersAsText: boolean
  /** How long after a change the operator begins, and what its work takes. */
  readonly startAfterMs: number
  readonly upgradeMs: number
  readonly scaleMs: number
  readonly scalesFirst: boolean
  readonly upgradePhase: 'Upgrading' | 'Running' | 'Migrating'
  readonly upgradeFate: 'done' | 'rolled-back' | 'rolled-back-desired' | 'degraded-heals' | 'degraded' | 'stuck'
  readonly resourcesMode: 'merge' | 'replace'
  readonly alertsMode: 'merge' | 'replace'
  /** A limit, a rounding, or one resource that follows another. */
  readonly alters: 'nothing' | 'limits-cpu' | 'rounds-memory' | 'couples-memory'
  /** The platform makes something else of it only later, out of sight of the PATCH's answer. */
  readonly altersAfterMs: number
  readonly versionForm: 'as-sent' | 'minor' | 'full' | 'with-v'
  readonly quantityForm: 'as-sent' | 'canonical'
  readonly refusesUnknownNames: boolean
  /** A PATCH to a busy cluster is answered 409. */
  readonly refusesWhileBusy: boolean
  readonly mismatchStatus: 412 | 409
  readonly givesEtags: 'always' | 'never' | 'on-reads'
  readonly etagStyle: 'quoted' | 'bare' | 'weak'
  readonly etagMovesWithStatus: boolean
  /** Zero: never. */
  readonly statusWriteEveryMs: number
  readonly patchAnswer: 'whole' | 'empty' | 'partial' | 'old' | 'no-status' | 'no-generation'
  readonly patchStatus: 200 | 202
  readonly byteOrderMark: boolean
  /** The share of reads that an older replica answers, and how far it is behind. */
  readonly replicaShare: number
  readonly replicaLagMs: number
  /** What is shown where nothing is set. */
  readonly showsEmptyAlerts: boolean
  readonly showsEmptyResources: boolean
  readonly latencyMs: number
  /** The server repeats the key and texts from inside `alerts` in conditions, warnings and errors. */
  readonly echoesSecrets: boolean
}

/** When a fault strikes: at the nth request of a method and some after it, or during a stretch of time. */
export type FaultTime =
  | { readonly method: 'GET' | 'PATCH'; readonly nth: number; readonly times: number }
  | { readonly method: 'GET' | 'PATCH' | 'any'; readonly fromMs: number; readonly untilMs: number }

/** What a page that is not the API's own looks like, or one that is. */
export type Page = 'html' | 'text' | 'empty' | 'json' | 'access-denied' | 'echo'

export type Fault =
  /** No connection was made. */
  | { readonly kind: 'unsent'; readonly by: 'dns' | 'refused' | 'tls' | 'proxy' }
  /** The connection broke after the request was sent. */
  | { readonly kind: 'cut'; readonly applied: boolean }
  | { readonly kind: 'hang'; readonly applied: 'no' | 'at-once' | 'late' }
  | { readonly kind: 'slow'; readonly ms: number }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly page: Page
      readonly retryAfter?: string
      readonly applied: boolean
    }
  /** A 2xx that shows no cluster; what answers so may never have asked the API. */
  | {
      readonly kind: 'no-cluster'
      readonly body: 'empty' | 'html' | 'array' | 'other' | 'null' | 'deep' | 'cut'
      readonly applied: boolean
    }
  /** Fields left out of the answer. */
  | { readonly kind: 'hide'; readonly fields: readonly HideableField[] }
  /** An older replica answers. */
  | { readonly kind: 'replica'; readonly lagMs: number }
  | { readonly kind: 'no-etag' }

export const HIDEABLE_FIELDS = [
  'version',
  'resources',
  'memory',
  'alerts',
  'generation',
  'createdAt',
  'status',
  'observedGeneration',
  'kubernetesVersion',
  'phase',
] as const
export type HideableField = (typeof HIDEABLE_FIELDS)[number]

export interface PlannedFault {
  readonly when: FaultTime
  readonly fault: Fault
}

/** When something happens: at a moment of the run, or around its nth request of a method. */
export type IncidentTime =
  | { readonly atMs: number }
  | { readonly method: 'GET' | 'PATCH'; readonly nth: number; readonly side: 'before' | 'after' }

export type Incident =
  | { readonly kind: 'rival'; readonly patch: SpecPatch }
  /** Someone sets the fields of our last PATCH back to what they were. */
  | { readonly kind: 'reverts' }
  /** Someone else asks for the very same. */
  | { readonly kind: 'same' }
  | { readonly kind: 'status-write' }
  | { readonly kind: 'phase'; readonly phase: string; readonly forMs: number }
  | { readonly kind: 'no-status'; readonly forMs: number }
  | { readonly kind: 'deleted'; readonly terminatingMs: number; readonly recreatedAfterMs: number | null }
  /** The operator does nothing any more. */
  | { readonly kind: 'operator-stops' }
  /** The platform moves the running version on its own. */
  | { readonly kind: 'drift'; readonly running: string }
  | { readonly kind: 'clock-jumps'; readonly ms: number }
  | { readonly kind: 'unhealthy'; readonly message: string }

export interface PlannedIncident {
  readonly when: IncidentTime
  readonly what: Incident
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** The defaults of the inputs, with nothing asked for. */
export const PLAIN_TASK: PlannedTask = {
  mode: 'apply',
  allowDowngrade: false,
  allowVersionSkip: false,
  allowStorageShrink: false,
  minCpu: null,
  maxCpu: null,
  wait: true,
  timeoutMs: 10 * MINUTE,
  pollIntervalMs: 12 * SECOND,
  settleTimeMs: 30 * SECOND,
  degradedGraceMs: 5 * MINUTE,
  onBusy: 'wait',
  onConflict: 'retry',
  ifMatch: 'none',
  expectedPlan: 'none',
  onlyBetween: null,
}

export const PLAIN_CLUSTER: PlannedCluster = {
  version: '1.31',
  running: 'v1.31.9',
  resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
  generation: 3,
  before: [],
  conditions: [],
}

/** A server as one would wish it: everything reported, at once, and true. */
export const PLAIN_SERVER: ServerBehaviour = {
  reportsGeneration: true,
  reportsObserved: true,
  reportsKubernetesVersion: true,
  countsVersion: true,
  countsResources: true,
  countsAlerts: true,
  stamps: 'done',
  generationLagMs: 0,
  phaseLagMs: 0,
  versionLagMs: 0,
  observedLagMs: 0,
  integersAsText: false,
  startAfterMs: 500,
  upgradeMs: 40 * SECOND,
  scaleMs: 3 * SECOND,
  scalesFirst: false,
  upgradePhase: 'Upgrading',
  upgradeFate: 'done',
  resourcesMode: 'merge',
  alertsMode: 'merge',
  alters: 'nothing',
  altersAfterMs: 0,
  versionForm: 'as-sent',
  quantityForm: 'as-sent',
  refusesUnknownNames: false,
  refusesWhileBusy: false,
  mismatchStatus: 412,
  givesEtags: 'always',
  etagStyle: 'quoted',
  etagMovesWithStatus: true,
  statusWriteEveryMs: 0,
  patchAnswer: 'whole',
  patchStatus: 200,
  byteOrderMark: false,
  replicaShare: 0,
  replicaLagMs: 0,
  showsEmptyAlerts: false,
  showsEmptyResources: true,
  latencyMs: 40,
  echoesSecrets: false,
}

export const PLAIN_PLAN: RunPlan = {
  task: PLAIN_TASK,
  cluster: PLAIN_CLUSTER,
  server: PLAIN_SERVER,
  faults: [],
  incidents: [],
  chance: 1,
  wallStartMs: Date.UTC(2026, 10, 2, 9),
  cancelAtMs: null,
  isCalm: false,
}

/** What a plan says beside the plain one; a plain server and a plain cluster where nothing is said. */
export interface PlanParts {
  readonly task?: Partial<PlannedTask>
  /** `version: null` is a cluster without a desired version. */
  readonly cluster?: Partial<Omit<PlannedCluster, 'version'>> & { readonly version?: string | null }
  readonly server?: Partial<ServerBehaviour>
  readonly faults?: readonly PlannedFault[]
  readonly incidents?: readonly PlannedIncident[]
  readonly chance?: number
  readonly wallStartMs?: number
  readonly cancelAtMs?: number | null
  readonly isCalm?: boolean
}

/** A whole plan from what differs from the plain one. */
export function toPlan({ task, cluster, server, ...rest }: PlanParts): RunPlan {
  const { version, ...clusterRest } = { ...PLAIN_CLUSTER, ...cluster }
  return {
    ...PLAIN_PLAN,
    ...rest,
    task: { ...PLAIN_TASK, ...task },
    cluster: { ...clusterRest, ...(version === null || version === undefined ? {} : { version }) },
    server: { ...PLAIN_SERVER, ...server },
  }
}

/** What differs from the plain plan, for printing and for keeping. */
export function toParts(plan: RunPlan): PlanParts {
  return dropEmpty({
    ...difference(plan, PLAIN_PLAN),
    task: difference(plan.task, PLAIN_TASK),
    cluster: difference(plan.cluster, PLAIN_CLUSTER),
    server: difference(plan.server, PLAIN_SERVER),
  })
}

function difference<T extends object>(value: T, plain: T): Partial<T> {
  const entries = Object.entries(value).filter(
    ([key, item]) => JSON.stringify(item) !== JSON.stringify((plain as Record<string, unknown>)[key]),
  )
  const missing = Object.keys(plain).filter((key) => !(key in value))
  return Object.fromEntries([...entries, ...missing.map((key) => [key, null])]) as Partial<T>
}

function dropEmpty<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(
    ([, item]) => typeof item !== 'object' || item === null || Array.isArray(item) || Object.keys(item).length > 0,
  )
  return Object.fromEntries(entries) as T
}

/** The PATCH that someone would send who wants the same. */
export function toPatchOf({ version, cpu, memory, storage, alerts }: PlannedTask): SpecPatch {
  const resources = Object.fromEntries(
    Object.entries({ cpu, memory, storage }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return {
    ...(version === undefined ? {} : { version }),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(alerts === undefined ? {} : { alerts }),
  }
}
