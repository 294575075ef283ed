import type { ClusterSpec, Fate, Resources, SpecPatch } from './cluster.js'

/** What an answer may show as it was some time ago, while the rest of it is new. */
export const LAGGING_FIELDS = ['phase', 'generation', 'observedGeneration', 'kubernetesVersion'] as const

/** How the simulated server and its operator behave; everything but the clock has a default. */
export interface SimulatorOptions {
  /** The clock, in milliseconds, never going back. */
  now: () => number
  /** Wall time for `Date` and `createdAt`, in milliseconds; by default a fixed day plus `now`. */
  date?: () => number
  tenant?: string
  adminKey?: string
  readonlyKey?: string
  clusters?: ClusterSpec[]
  /** `false`: an older server, with neither `generation` nor `observedGeneration`. */
  generations?: boolean
  /** `false`: `generation` is reported, but no change moves it. A list: only changes of these fields do. */
  generationMoves?: boolean | (keyof SpecPatch)[]
  /** Generations are written as texts: `"7"`. */
  generationsAsText?: boolean
  /** `observedGeneration` is stamped right after a change, before the operator has done anything. */
  earlyObservedGeneration?: boolean
  reportKubernetesVersion?: boolean
  /** By how many milliseconds each field is behind in every answer; one without an entry is not. */
  lagMs?: Partial<Record<(typeof LAGGING_FIELDS)[number], number>>
  /** The replicas that take turns at answering GETs of a cluster, each this many milliseconds behind: `[0, 5_000]`. */
  replicaLagsMs?: number[]
  /** How a PATCH or DELETE under an outdated `If-Match` is refused: 409 says "the object has been modified". */
  conflictStatus?: 412 | 409
  /** A PATCH is refused with 409, "another operation is in progress", until the cluster has settled. */
  refuseWhileBusy?: boolean
  etags?: boolean
  etagStyle?: 'quoted' | 'bare' | 'weak'
  resourcesMode?: 'merge' | 'replace'
  alertsMode?: 'merge' | 'replace'
  /** What the server fills in under the alerts that a PATCH sends. */
  alertDefaults?: Record<string, unknown>
  /** Highest values: more is stored as this, without a word. */
  clamp?: Resources
  /** How the server spells a quantity it was given, for one that does not echo. */
  respell?: (field: keyof Resources, asked: string) => string
  /** From a POST to `Running`; the first tenth of it the cluster is `Pending`, then `Provisioning`. */
  createMs?: number
  /** How long a cluster is `Terminating` after a DELETE. */
  deleteMs?: number
  /** A POST without limits for cpu and memory is refused, as the platform's own admission check does. */
  requireLimits?: boolean
  upgradeStartsAfterMs?: number
  upgradeMs?: number
  scaleMs?: number
  /** How long `degraded-heals` stays Degraded. */
  degradedMs?: number
  /** How often the operator writes metrics, which moves the resource version and nothing else; 0 is never. */
  statusWriteEveryMs?: number
  /** Patch number that runs for a minor: `{ '1.32': '3' }`. */
  kubernetesPatch?: Record<string, string>
  /** Minors on offer; by default those of `kubernetesPatch`. */
  supportedVersions?: string[]
  /** What an empty version silently becomes. */
  defaultVersion?: string
  rateLimit?: { requests: number; perMs: number; retryAfterSeconds: number }
  emptyPatchAnswer?: boolean
  patchStatus?: 200 | 202
  /** What the next changes come to, one each; then `ok`. */
  script?: Fate[]
}

/** The options with every default filled in. */
export type Settings = Required<Omit<SimulatorOptions, 'rateLimit' | 'respell' | 'alertDefaults'>> &
  Pick<SimulatorOptions, 'rateLimit' | 'respell' | 'alertDefaults'>

/** Keys and names used where none are given. */
export const DEFAULTS = {
  tenant: 'acme',
  cluster: 'production',
  adminKey: 'kupe_sim_admin_0123456789',
  readonlyKey: 'kupe_sim_readonly_0123456789',
}

const KUBERNETES_PATCH: Record<string, string> = {
  '1.35': '5',
  '1.34': '8',
  '1.33': '12',
  '1.32': '3',
  '1.31': '9',
  '1.30': '14',
}

/** Fills in the defaults. */
export function toSettings(options: SimulatorOptions): Settings {
  const kubernetesPatch = { ...KUBERNETES_PATCH, ...options.kubernetesPatch }
  return {
    date: () => Date.UTC(2026, 10, 2, 9) + options.now(),
    tenant: DEFAULTS.tenant,
    adminKey: DEFAULTS.adminKey,
    readonlyKey: DEFAULTS.readonlyKey,
    clusters: [{}],
    generations: true,
    generationMoves: true,
    earlyObservedGeneration: false,
    generationsAsText: false,
    reportKubernetesVersion: true,
    lagMs: {},
    replicaLagsMs: [],
    conflictStatus: 412,
    refuseWhileBusy: false,
    etags: true,
    etagStyle: 'quoted',
    resourcesMode: 'merge',
    alertsMode: 'merge',
    clamp: {},
    createMs: 60_000,
    deleteMs: 5_000,
    requireLimits: false,
    upgradeStartsAfterMs: 3_000,
    upgradeMs: 60_000,
    scaleMs: 5_000,
    degradedMs: 60_000,
    statusWriteEveryMs: 0,
    supportedVersions: Object.keys(kubernetesPatch),
    defaultVersion: '1.33',
    emptyPatchAnswer: false,
    patchStatus: 200,
    script: [],
    ...options,
    kubernetesPatch,
  }
}

/** The minor of a version: `1.32` of `1.32.3`. */
export function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

/** The version in full, as the supported list and the operator name it: `1.32.3` for `1.32`. */
export function fullVersion(version: string, { kubernetesPatch }: Pick<Settings, 'kubernetesPatch'>): string {
  return version === minorOf(version) ? `${version}.${kubernetesPatch[version] ?? '0'}` : version
}

/** Whether a version can be asked for: a minor on offer, or any patch of one. */
export function isSupported(version: string, { supportedVersions }: Settings): boolean {
  return /^\d+\.\d+(\.\d+)?$/.test(version) && supportedVersions.map(minorOf).includes(minorOf(version))
}

/** The versions on offer as the server lists them: with the patch number, the newest first. */
export function supportedInFull(settings: Settings): string[] {
  const inFull = settings.supportedVersions.map((version) => fullVersion(minorOf(version), settings))
  return inFull.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}
