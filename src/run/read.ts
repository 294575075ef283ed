import type { ClusterRead } from '../api/client.js'
import { asksForAbsence } from '../domain/alerts.js'
import { retryDelayMs } from '../domain/backoff.js'
import { phaseKind } from '../domain/cluster.js'
import type { FailureKind } from '../domain/failure-reasons.js'
import { toShortList } from '../domain/outcome.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { ApiError } from '../errors.js'
import { FIRST_READ_TRIES, LONGEST_OBEYED_MS, MOST, READS_TO_BELIEVE } from '../policy.js'
import { compareInstants, lackingParts } from '../proof/observations.js'
import { pauseForPoll, type RunContext } from './context.js'
import { failIfEtagStaysRefused, hasRefusedEtag } from './etag.js'
import {
  apiErrorToEnding,
  RunEnded,
  requestIdOf,
  toFailed,
  toNotBefore,
  toRunLater,
  toTimedOut,
  toUnavailable,
} from './failures.js'
import type { Outage } from './outages.js'
import { type Response, respondTo, toTroubleWords } from './retry-rules.js'
import type { TimedClusterRead } from './state.js'

/** A read that has passed the gate; a partial one lacks something of the spec that an earlier one carried. */
export interface GatedRead extends TimedClusterRead {
  readonly isWhole: boolean
}

/**
 * The gate for everything that shows a cluster, the PATCH's own answer included (contract 3.1). Gives `undefined` for a stale read.
 * Ends the run with `deleted` where the cluster is being deleted or the name was given to a new one, and with `conflict` where,
 * while planning, a part of the spec that may be asked for has vanished.
 */
export function passGate(context: RunContext, read: ClusterRead): GatedRead | undefined {
  const { state, log, budget, clock } = context
  const timed = { ...read, atMs: clock.nowMs() }
  const kind = hasRefusedEtag(context, read) ? 'stale' : state.recordRead(timed, budget.elapsedMs())
  log.read(read, kind)
  const { name, createdAt, phase } = read.cluster
  if (kind === 'recreated') {
    throw new RunEnded(
      toFailed('recreated', `The name ${name} was given to a new cluster, created ${toInstantText(createdAt)}`),
    )
  }
  if (phaseKind(phase) === 'terminating' && !isOfEarlierCluster(context, read)) {
    throw new RunEnded(toFailed('terminating', `The cluster is ${phase}`))
  }
  if (kind === 'stale') return undefined
  believeVanished(context)
  return { ...timed, isWhole: lackingParts(state.observed).length === 0 }
}

/** An instant as we write it: only that is known of the server's own text, that it can be read as one. */
function toInstantText(text = ''): string {
  return new Date(text).toISOString().replace('.000', '')
}

/** A cluster of the same name that was there before this one may still be shown by an old replica. */
function isOfEarlierCluster({ state }: RunContext, { cluster }: ClusterRead): boolean {
  return compareInstants(cluster.createdAt, state.observed.createdAt) < 0
}

/** What enough reads in a row have lacked is gone: while waiting for proof that is taken as it is; nothing is planned over it but `alerts`. */
function believeVanished({ state, log }: RunContext): void {
  const isWaiting = state.stage === 'waiting'
  const believed = state.believeVanished((part) => isWaiting || part === 'alerts')
  if (believed.length > 0) {
    log.info(`${READS_TO_BELIEVE.vanished} reads in a row no longer show ${toShortList(believed, MOST.conflictRows)}`)
  }
  if (isWaiting) return
  const gone = state.believeVanished(() => true)
  if (gone.length === 0) return
  const message = `The API no longer shows ${toShortList(gone, MOST.conflictRows)}, and nothing is planned over what may be lost`
  throw new RunEnded(toFailed('vanished', message, { fieldNames: gone }))
}

/** Reads that came to the same, in a row: anything else in between breaks it. */
interface Row {
  readonly kind: FailureKind | 'stale'
  readonly sinceMs: number
}

/** Reads until one passes the gate that is not stale, for as long as trouble may be put up with (contract 3.6). */
export async function readNext(context: RunContext): Promise<GatedRead> {
  const { api, state, log, clock, budget } = context
  let row: Row | undefined
  // Failures in between do not end it, but their time does not count: nothing was served.
  let refusedSinceMs: number | undefined
  const inRow = (kind: Row['kind'], sinceMs: number): Row => (row?.kind === kind ? row : { kind, sinceMs })
  for (let tries = 1; ; tries++) {
    const startMs = clock.nowMs()
    try {
      const answer = await api.getCluster(budget.requestTimeoutMs())
      const read = passGate(context, answer)
      if (read !== undefined) {
        const over = state.outages.end(clock.nowMs())
        if (over !== undefined) log.troubleEnded(over)
        return read
      }
      row = inRow('stale', startMs)
      const isRefused = hasRefusedEtag(context, answer)
      refusedSinceMs = isRefused ? (refusedSinceMs ?? startMs) : undefined
      if (refusedSinceMs !== undefined) failIfEtagStaysRefused(context, refusedSinceMs)
      noteStale(context, answer, startMs, isRefused)
      await budget.pause(retryDelayMs(tries, clock.random()), log)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const isFirst = state.first === undefined
      const response = respondTo(error, isFirst ? 'first-read' : 'read')
      if (response.kind !== 'repeat' && response.kind !== 'repeat-few') throw toEnded(context, error, response)
      const isNews = state.outages.current === undefined
      const outage = state.outages.record(toTroubleWords(error), startMs, { error, atMs: clock.nowMs() })
      row = inRow(response.fails, startMs)
      if (isSpent(context, outage, row, response)) throw toEnded(context, error, response)
      const ownMs = retryDelayMs(tries, clock.random())
      const askedMs = askedPauseMs(context, error)
      // Before any read has passed, time that the server asked for does not count.
      if (isFirst) row = { ...row, sinceMs: row.sinceMs + Math.max(0, askedMs - ownMs) }
      if (isNews) log.troubleStarted(error.message, toUntil(context, row, response))
      else log.debug(`${error.message}; reading again`)
      await budget.pause(Math.max(ownMs, askedMs), log)
      if (refusedSinceMs !== undefined) refusedSinceMs += clock.nowMs() - startMs
    }
  }
}

type Repeated = Extract<Response, { kind: 'repeat' | 'repeat-few' }>

function isSpent({ clock, budget }: RunContext, { tries, came }: Outage, row: Row, response: Repeated): boolean {
  if (response.kind === 'repeat-few') return (came.at(-1)?.count ?? 0) >= FIRST_READ_TRIES.most
  if (response.within === 'deadline' || tries < FIRST_READ_TRIES.fewest) return false
  return clock.nowMs() - row.sinceMs >= budget.allowedMs(response.within)
}

/** Until when, or how often, it is tried again. */
function toUntil(
  { budget }: RunContext,
  { sinceMs }: Row,
  response: Repeated,
): { untilMs: number } | { tries: number } {
  if (response.kind === 'repeat-few') return { tries: FIRST_READ_TRIES.most }
  const endMs = budget.startMs + budget.timeoutMs
  return {
    untilMs: response.within === 'deadline' ? endMs : Math.min(sinceMs + budget.allowedMs(response.within), endMs),
  }
}

function toEnded({ state, budget }: RunContext, error: ApiError, response: Response): RunEnded {
  const kind = 'fails' in response ? response.fails : 'unavailable'
  return new RunEnded(
    kind === 'unavailable' ? toUnavailable(state, budget) : apiErrorToEnding(error, kind, 'read'),
    error,
  )
}

/** Contact with the API, and nothing else; that there is nothing but this is trouble as any other. */
function noteStale(
  { state, log, budget }: RunContext,
  { cluster }: ClusterRead,
  sinceMs: number,
  isRefused: boolean,
): void {
  const seen = state.observed.generation
  const isOlder = cluster.generation !== undefined && seen !== undefined && cluster.generation < seen
  const older = isOlder ? `generation ${cluster.generation}, older than ${seen} seen before` : 'an older state'
  const what = isRefused ? 'the ETag that was refused' : older
  const { tries } = state.outages.record(what, sinceMs)
  if (tries === 1) log.debug(`${what}; reading again`)
  else if (tries === 2) log.troubleStarted(what, { untilMs: budget.startMs + budget.timeoutMs })
}

/** Reads until a read is whole, at poll pauses: a plan made from a partial one could undo what stands there. */
export async function readWhole(context: RunContext): Promise<GatedRead> {
  const sinceMs = context.clock.nowMs()
  for (;;) {
    const read = await readNext(context)
    if (read.isWhole) return read
    await pauseForPoll(context, sinceMs)
  }
}

/** The first read of a run. One that lacks altogether what is asked for is read again, and then believed with a warning. */
export async function readFirst(context: RunContext): Promise<GatedRead> {
  const { log, clock } = context
  const sinceMs = clock.nowMs()
  for (let reads = 1; ; reads++) {
    const read = await readWhole(context)
    const lacking = lacksAltogether(context, read)
    if (lacking.length === 0 || reads >= READS_TO_BELIEVE.vanished) {
      if (lacking.length > 0) log.warn(`The API shows no ${lacking.join(', no ')} of this cluster`)
      return read
    }
    log.info(`The API shows no ${lacking.join(', no ')}: reading again before that is believed`)
    await pauseForPoll(context, sinceMs)
  }
}

function lacksAltogether({ task }: RunContext, { cluster }: ClusterRead): string[] {
  const { desired } = task
  const asksForResources = RESOURCE_NAMES.some((name) => desired[name] !== undefined)
  return [
    ...(desired.version !== undefined && cluster.version === undefined ? ['version'] : []),
    ...(asksForResources && !cluster.hasResources ? ['resources'] : []),
    ...(asksForAbsence(desired.alerts) && cluster.alerts === undefined ? ['alerts'] : []),
  ]
}

/**
 * Milliseconds to pause that the server asked for and that are obeyed in one go. Only a 429 is obeyed whole, and ends the run where
 * that outlasts it; any other answer may change before the time it names.
 */
export function askedPauseMs(context: RunContext, error: ApiError): number {
  const { budget } = context
  const { status, retryAfterMs = 0 } = error.facts
  if (status === 429) {
    if (retryAfterMs > 0 && retryAfterMs >= budget.leftMs()) throw toTooLong(context, error, retryAfterMs)
    return retryAfterMs
  }
  // Some time must be left to look again.
  return Math.min(retryAfterMs, LONGEST_OBEYED_MS, budget.leftMs() / 2)
}

/** Pauses after a PATCH that failed so often, and gives the milliseconds that the server asked for beyond our own pause. */
export async function pauseAfter(context: RunContext, error: ApiError, failures: number): Promise<number> {
  const { budget, clock, log } = context
  const ownMs = retryDelayMs(failures, clock.random())
  const askedMs = askedPauseMs(context, error)
  await budget.pause(Math.max(ownMs, askedMs), log)
  return Math.max(0, askedMs - ownMs)
}

function toTooLong({ state, budget, clock }: RunContext, error: ApiError, askedMs: number): RunEnded {
  const notBefore = toNotBefore(budget, clock.nowMs() + askedMs)
  const message = `${error.message}; the API asks not to be called before ${notBefore}, when the timeout is over`
  const id = requestIdOf(error)
  return new RunEnded(
    state.attempt === undefined
      ? toFailed('unavailable', message, { ...id, hint: toRunLater(notBefore) })
      : toTimedOut('timeout', message, id),
  )
}
