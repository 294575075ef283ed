import type { ClusterRead } from '../api/client.js'
import { retryDelayMs } from '../domain/backoff.js'
import { phaseKind } from '../domain/cluster.js'
import { ApiError, DeadlineError } from '../errors.js'
import { READ_TROUBLE, READS_TO_BELIEVE } from '../policy.js'
import type { RunContext } from './context.js'
import { apiErrorToEnding, isRepeatable, RunEnded, requestIdOf, toFailed } from './failures.js'

/** A read that has passed the gate. One from an older replica is contact with the API, and nothing else. */
export interface GatedRead extends ClusterRead {
  readonly isFresh: boolean
}

/**
 * The gate for everything that shows a cluster, the PATCH's own answer included: takes it in, and ends the run with `deleted`
 * where the cluster is being deleted or the name was given to a new one.
 */
export function passGate({ state, log, budget }: RunContext, read: ClusterRead): GatedRead {
  const freshness = state.recordRead(read, budget.elapsedMs())
  log.read(read, freshness)
  const { name, createdAt, phase } = read.cluster
  if (freshness === 'recreated') {
    throw new RunEnded(toFailed('deleted', `The name ${name} was given to a new cluster, created ${createdAt}`))
  }
  const isFresh = freshness === 'fresh'
  if (isFresh && phaseKind(phase) === 'terminating') {
    throw new RunEnded(toFailed('deleted', `The cluster is ${phase}`))
  }
  return { ...read, isFresh }
}

/** Whether the read just taken in can be planned from: it shows all of the spec that was ever shown, or the gap has lasted. */
export function isPlannable({ state }: RunContext): boolean {
  return state.partialReads === 0 || state.partialReads >= READS_TO_BELIEVE.missingSpec
}

/** The first read of a run; it gives up after five tries. */
export async function readFirst(context: RunContext): Promise<ClusterRead> {
  try {
    const isEnough = ({ tries }: Trouble) => tries >= READ_TROUBLE.firstReadTries
    return passGate(context, await readPatiently(context, 'first-read', isEnough))
  } catch (error) {
    if (!(error instanceof DeadlineError) || !(error.cause instanceof ApiError)) throw error
    throw new RunEnded(apiErrorToEnding(error.cause, 'first-read'), error)
  }
}

/** Any later read; errors are tolerated for two minutes, not counting the time that the server asked for. */
export async function readNext(context: RunContext): Promise<GatedRead> {
  const isEnough = ({ failingMs }: Trouble) => failingMs >= READ_TROUBLE.toleranceMs
  return passGate(context, await readPatiently(context, 'read', isEnough))
}

/** Reads that failed in a row: how many, and for how long. */
interface Trouble {
  readonly tries: number
  readonly failingMs: number
}

async function readPatiently(
  context: RunContext,
  moment: 'first-read' | 'read',
  isEnough: (trouble: Trouble) => boolean,
): Promise<ClusterRead> {
  const { api, clock, log } = context
  const sinceMs = clock.nowMs()
  let obeyedMs = 0
  let isMissing = false
  let cause: ApiError | undefined
  for (let tries = 1; ; tries++) {
    try {
      return await api.getCluster(requestTimeoutMs(context, cause))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      cause = error
    }
    const isGone = moment === 'read' && cause.facts.status === 404
    const isFinal = (isGone && isMissing) || !(isGone || isRepeatable(cause))
    isMissing = isGone
    if (isFinal || isEnough({ tries, failingMs: clock.nowMs() - sinceMs - obeyedMs })) {
      throw new RunEnded(apiErrorToEnding(cause, moment), cause)
    }
    log.debug(`${cause.message}; reading again`)
    obeyedMs += await pauseAfter(context, cause, tries)
  }
}

function requestTimeoutMs({ budget }: RunContext, cause: ApiError | undefined): number {
  if (cause !== undefined && budget.leftMs() === 0) throw new DeadlineError(cause)
  return budget.requestTimeoutMs()
}

/** Pauses after a failed exchange, and gives the milliseconds the server asked for, where that was longer than our own pause. */
export async function pauseAfter(context: RunContext, error: ApiError, failures: number): Promise<number> {
  const { budget, clock, log } = context
  const ownMs = retryDelayMs(failures, clock.random())
  const askedMs = error.facts.retryAfterMs ?? 0
  if (askedMs > ownMs && askedMs >= budget.leftMs()) throw toTooLong(context, error, askedMs)
  try {
    await budget.pause(Math.max(ownMs, askedMs), log)
  } catch (cause) {
    throw cause instanceof DeadlineError ? new DeadlineError(error) : cause
  }
  return askedMs > ownMs ? askedMs : 0
}

function toTooLong({ state }: RunContext, error: ApiError, askedMs: number): RunEnded {
  const message = `${error.message}; the server asks to wait ${Math.ceil(askedMs / 1000)} s, which is longer than the timeout leaves`
  if (state.attempt === undefined || state.stage !== 'waiting') {
    return new RunEnded(toFailed('unavailable', message, requestIdOf(error)))
  }
  return new RunEnded({ ...toFailed('timeout', message, requestIdOf(error)), result: 'timed-out' })
}
