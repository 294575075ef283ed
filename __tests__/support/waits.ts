import { askedFields, type DesiredChange, unmetFields } from '../../src/domain/change.js'
import type { Cluster } from '../../src/domain/cluster.js'
import type { Ending } from '../../src/domain/outcome.js'
import { type AwaitedChange, kindsOf, type PatchAttempt } from '../../src/proof/awaited.js'
import { decideProof, startHistory, type Verdict } from '../../src/proof/convergence.js'
import { RunEnded } from '../../src/run/failures.js'
import { passGate } from '../../src/run/read.js'
import { type ClusterOverrides, RESOURCES, toCluster } from './clusters.js'
import { createRunParts } from './run-parts.js'

/** A server that knows neither `generation` nor `observedGeneration`. */
export const OLDER: ClusterOverrides = { generation: undefined, observedGeneration: undefined }
/** A server whose `generation` no change moves. */
export const STILL: ClusterOverrides = { generation: 7, observedGeneration: 7 }
/** A server that never reports `kubernetesVersion`. */
export const SILENT: ClusterOverrides = { kubernetesVersion: undefined }

const GENERATION_8: ClusterOverrides = { generation: 8, observedGeneration: 7 }
const OBSERVED_8: ClusterOverrides = { generation: 8, observedGeneration: 8 }

/** Resources with 8 CPUs. */
export const CPU_8: ClusterOverrides = { resources: { ...RESOURCES, cpu: '8' } }
/** Resources with 6 CPUs, as nobody here asks for. */
export const CPU_6: ClusterOverrides = { resources: { ...RESOURCES, cpu: '6' } }
/** A scale to 8 CPUs that the operator has not seen yet, and one that it has carried out. */
export const SCALE_BEGUN: ClusterOverrides = { ...CPU_8, ...GENERATION_8 }
export const SCALED: ClusterOverrides = { ...CPU_8, ...OBSERVED_8 }
/** An upgrade to 1.32: accepted and still `Running` the old version, under way, and done. */
export const UPGRADE_BEGUN: ClusterOverrides = { version: '1.32', ...GENERATION_8 }
export const UPGRADING: ClusterOverrides = { ...UPGRADE_BEGUN, phase: 'Upgrading' }
export const UPGRADED: ClusterOverrides = { version: '1.32', kubernetesVersion: 'v1.32.3', ...OBSERVED_8 }

/** One wait: what is asked, and what came before its first read. */
export interface Wait {
  readonly asked: DesiredChange
  readonly before?: ClusterOverrides
  /** The PATCH's answer; absent where it was empty or lost. */
  readonly answer?: ClusterOverrides
  /** What this server shows of everything, whatever happens. */
  readonly server?: ClusterOverrides
  /** Only waits: this run sent no PATCH. */
  readonly isUnsent?: boolean
  /** Where the answer's generation is to differ from what has been seen. */
  readonly answeredGeneration?: number
  readonly kinds?: AwaitedChange['kinds']
  readonly mode?: AwaitedChange['mode']
  /** When the read it was planned from came, before the PATCH or the first read of the wait. */
  readonly baseAtSeconds?: number
  readonly settleTimeMs?: number
  readonly degradedGraceMs?: number
  readonly undoneSpanMs?: number
}

export const SCALE_WAIT: Wait = { asked: { cpu: '8' }, answer: SCALE_BEGUN }
export const UPGRADE_WAIT: Wait = { asked: { version: '1.32' }, answer: UPGRADE_BEGUN }

/** A read at so many seconds after the PATCH. */
export type ReadAt = readonly [seconds: number, shown: ClusterOverrides]

/** A row of a table: the reads of a wait, and the verdict on each. */
export type WaitCase = [name: string, wait: Wait, reads: ReadAt[], verdicts: string[]]

/** The same read at each of these seconds. */
export function at(shown: ClusterOverrides, ...seconds: number[]): ReadAt[] {
  return seconds.map((second) => [second, shown])
}

/** So many verdicts of `pending`. */
export function pending(count: number): string[] {
  return Array.from({ length: count }, () => 'pending')
}

/** The awaited change, with the PATCH sent at `startMs`, and the clusters that a run has seen before the wait. */
export function startWait(
  wait: Wait,
  startMs = 0,
): { change: AwaitedChange; base: Cluster; answer: Cluster | undefined } {
  const server = wait.server ?? {}
  const base = toCluster(wait.before ?? {}, server)
  const answer = wait.answer === undefined ? undefined : toCluster(wait.before ?? {}, wait.answer, server)
  const fields = askedFields(wait.asked)
  const unmet = unmetFields(base, fields)
  const kinds = wait.kinds ?? kindsOf(wait.isUnsent ? fields : unmet)
  const timed = { cluster: base, atMs: startMs + (wait.baseAtSeconds ?? 0) * 1_000 }
  // An answer from an older replica counts as an empty one.
  const isStale = (answer?.generation ?? 0) < (base.generation ?? 0)
  const answeredGeneration = wait.answeredGeneration ?? (isStale ? undefined : answer?.generation)
  const attempt: PatchAttempt = {
    base: timed,
    isLocked: true,
    carried: fields.filter(({ kind }) => kinds.has(kind)),
    kinds,
    generationBefore: base.generation,
    sentAtMs: startMs,
    sentWallMs: 0,
    isAccepted: answer !== undefined,
    edits: [],
    ...(answeredGeneration === undefined ? {} : { answeredGeneration }),
  }
  const change: AwaitedChange = {
    fields,
    base: timed,
    first: timed.cluster,
    kinds,
    mode: wait.mode ?? 'apply',
    settleTimeMs: wait.settleTimeMs ?? 30_000,
    degradedGraceMs: wait.degradedGraceMs ?? 300_000,
    undoneSpanMs: wait.undoneSpanMs ?? 120_000,
    ...(wait.isUnsent ? {} : { attempt }),
  }
  return { change, base, answer }
}

/** What a read means for a wait: that of an older replica nothing, and the gate may end the run before it is judged. */
type Judged = Verdict | { readonly kind: 'stale' } | { readonly kind: 'ended'; readonly ending: Ending }

/** Judges the reads in turn, each a change of the cluster as it was before. */
export function judgeReads(wait: Wait, reads: readonly ReadAt[]): Judged[] {
  const parts = createRunParts()
  const { state, clock } = parts
  const startMs = clock.nowMs()
  const { change, base, answer } = startWait(wait, startMs)
  const toGate = (cluster: Cluster) => passGate(parts, { cluster, etag: undefined, requestId: undefined })
  state.enter('waiting')
  for (const cluster of answer === undefined ? [base] : [base, answer]) {
    state.recordRead({ cluster, etag: undefined, requestId: undefined, atMs: startMs }, 0)
  }
  let history = startHistory(change, state.observed, answer)
  return reads.map(([seconds, shown]): Judged => {
    clock.pass(startMs + Math.round(seconds * 1_000) - clock.nowMs())
    try {
      const read = toGate(toCluster(wait.before ?? {}, shown, wait.server ?? {}))
      if (read === undefined) return { kind: 'stale' }
      const { observed, degradedSinceMs } = state
      const decided = decideProof(change, history, observed, { ...read, degradedSinceMs })
      history = decided.history
      return decided.verdict
    } catch (error) {
      if (!(error instanceof RunEnded)) throw error
      return { kind: 'ended', ending: error.ending }
    }
  })
}

/** The verdicts in short: `pending`, `stale`, `converged generation`, `failed superseded`. */
export function verdictsOf(wait: Wait, reads: readonly ReadAt[]): string[] {
  return judgeReads(wait, reads).map((judged) => {
    if (judged.kind === 'converged') return `converged ${judged.evidence.join(',')}`
    if (judged.kind === 'ended') return `${judged.ending.result} ${judged.ending.reason}`
    return judged.kind === 'failed' ? `failed ${judged.reason}` : judged.kind
  })
}

/** What the last of the reads is said to lack, or to have failed of. */
export function lastMessage(wait: Wait, reads: readonly ReadAt[]): string {
  const judged = judgeReads(wait, reads).at(-1)
  if (judged?.kind === 'pending') return judged.missing.text
  if (judged?.kind === 'ended') return judged.ending.message
  return judged?.kind === 'failed' ? judged.message : (judged?.kind ?? 'no read')
}
