import type { AwaitedChange, History } from '../../src/domain/awaited.js'
import { askedFields, type DesiredChange, openFields } from '../../src/domain/change.js'
import type { Cluster } from '../../src/domain/cluster.js'
import { judge, startHistory, type Verdict } from '../../src/domain/progress.js'
import { NOTHING_SEEN, type Seen, see } from '../../src/domain/sightings.js'

/** What a read shows; `undefined` takes a field away. */
export type Shown = { readonly [Key in keyof Cluster]?: Cluster[Key] | undefined }

export const RESOURCES = { cpu: '4', memory: '16Gi', storage: '100Gi' } as const

const BASE: Cluster = {
  name: 'production',
  version: '1.31',
  resources: RESOURCES,
  generation: 7,
  createdAt: '2026-02-01T14:00:00Z',
  phase: 'Running',
  kubernetesVersion: 'v1.31.9',
  observedGeneration: 7,
  conditions: [],
  warnings: [],
  json: {},
}

/** A settled cluster on 1.31 with 4 CPUs, changed by each layer in turn. */
export function toCluster(...layers: readonly Shown[]): Cluster {
  const entries = layers.flatMap((layer) => Object.entries(layer))
  const merged = Object.fromEntries([...Object.entries(BASE), ...entries])
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as unknown as Cluster
}

/** A server that knows neither `generation` nor `observedGeneration`. */
export const OLDER: Shown = { generation: undefined, observedGeneration: undefined }
/** A server whose `generation` no change moves. */
export const STILL: Shown = { generation: 7, observedGeneration: 7 }
/** A server that never reports `kubernetesVersion`. */
export const SILENT: Shown = { kubernetesVersion: undefined }

const GENERATION_8: Shown = { generation: 8, observedGeneration: 7 }
const OBSERVED_8: Shown = { generation: 8, observedGeneration: 8 }

/** Resources with 8 CPUs. */
export const CPU_8: Shown = { resources: { ...RESOURCES, cpu: '8' } }
/** Resources with 6 CPUs, as nobody here asks for. */
export const CPU_6: Shown = { resources: { ...RESOURCES, cpu: '6' } }
/** A scale to 8 CPUs that the operator has not seen yet, and one that it has carried out. */
export const SCALE_BEGUN: Shown = { ...CPU_8, ...GENERATION_8 }
export const SCALED: Shown = { ...CPU_8, ...OBSERVED_8 }
/** An upgrade to 1.32: accepted and still `Running` the old version, under way, and done. */
export const UPGRADE_BEGUN: Shown = { version: '1.32', ...GENERATION_8 }
export const UPGRADING: Shown = { ...UPGRADE_BEGUN, phase: 'Upgrading' }
export const UPGRADED: Shown = { version: '1.32', kubernetesVersion: 'v1.32.3', ...OBSERVED_8 }

/** One wait: what is asked, and what came before its first read. */
export interface Wait {
  readonly asked: DesiredChange
  readonly before?: Shown
  /** The PATCH's answer; absent where it was empty or lost. */
  readonly answer?: Shown
  /** What this server shows of everything, whatever happens. */
  readonly server?: Shown
  /** Only waits: this run sent no PATCH. */
  readonly isUnsent?: boolean
  /** Where the answer's generation is to differ from what has been seen. */
  readonly answeredGeneration?: number
  readonly kinds?: AwaitedChange['kinds']
  readonly settleTimeMs?: number
  readonly degradedGraceMs?: number
}

/** A read at so many seconds after the PATCH. */
export type ReadAt = readonly [seconds: number, shown: Shown]

/** The same read at each of these seconds. */
export function at(shown: Shown, ...seconds: number[]): ReadAt[] {
  return seconds.map((second) => [second, shown])
}

/** The awaited change and the history that `run` would begin with. */
export function begin(wait: Wait): { change: AwaitedChange; history: History } {
  const server = wait.server ?? {}
  const before = toCluster(wait.before ?? {}, server)
  const answer = wait.answer === undefined ? undefined : toCluster(wait.before ?? {}, wait.answer, server)
  const fields = askedFields(wait.asked)
  const answeredGeneration = wait.answeredGeneration ?? answer?.generation
  const kinds = (wait.isUnsent ? fields : openFields(before, fields)).map(({ kind }) => kind)
  const change: AwaitedChange = {
    fields,
    before,
    kinds: wait.kinds ?? new Set(kinds),
    settleTimeMs: wait.settleTimeMs ?? 30_000,
    degradedGraceMs: wait.degradedGraceMs ?? 300_000,
    ...(wait.isUnsent ? {} : { patch: { generationBefore: before.generation, answeredGeneration } }),
  }
  const seen = [before, ...(answer === undefined ? [] : [answer])].reduce<Seen>(
    (seenSoFar, cluster) => see(seenSoFar, cluster).seen,
    NOTHING_SEEN,
  )
  return { change, history: startHistory(change, seen, answer) }
}

/** Judges the reads in turn, each a layer over the cluster as it was before. */
export function judgeAll(wait: Wait, reads: readonly ReadAt[]): Verdict[] {
  const { change, history: begun } = begin(wait)
  let history = begun
  return reads.map(([seconds, shown]) => {
    const cluster = toCluster(wait.before ?? {}, shown, wait.server ?? {})
    const judged = judge(change, history, { cluster, atMs: seconds * 1000 })
    history = judged.history
    return judged.verdict
  })
}

/** The verdicts in short: `pending`, `stale`, `converged generation`, `failed superseded`. */
export function follow(wait: Wait, reads: readonly ReadAt[]): string[] {
  return judgeAll(wait, reads).map((verdict) => {
    if (verdict.kind === 'converged') return `converged ${verdict.evidence.join(',')}`
    return verdict.kind === 'failed' ? `failed ${verdict.reason}` : verdict.kind
  })
}

/** What the last of the reads was said to lack, or to have failed of. */
export function lastWords(wait: Wait, reads: readonly ReadAt[]): string {
  const verdict = judgeAll(wait, reads).at(-1)
  if (verdict?.kind === 'pending') return verdict.missing
  return verdict?.kind === 'failed' ? verdict.message : (verdict?.kind ?? 'no read')
}
