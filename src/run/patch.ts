import type { ClusterRead, PatchAnswer } from '../api/client.js'
import { toDurationText } from '../domain/duration.js'
import type { Ending } from '../domain/outcome.js'
import type { Plan } from '../domain/plan.js'
import { isWithinWindow, type TimeWindow, timeOfDay } from '../domain/window.js'
import { ApiError } from '../errors.js'
import { MOST_PATCHES } from '../policy.js'
import { fieldState } from '../proof/undone.js'
import type { RunContext } from './context.js'
import { apiErrorToEnding, isAnswerLost, RunEnded, toFailed } from './failures.js'
import { pauseAfter } from './read.js'

/** The API took the PATCH. */
export interface Accepted {
  readonly kind: 'accepted'
  readonly answer: PatchAnswer
}

/** 412: the cluster moved since it was read. */
export interface Refused {
  readonly kind: 'refused'
  readonly ifMatch: string | undefined
  readonly error: ApiError
}

/** A PATCH that may have landed; only a read can tell. */
export interface Lost {
  readonly kind: 'lost'
  readonly ifMatch: string | undefined
  readonly error: ApiError
}

/** How a PATCH came out, unless it ended the run. */
export type PatchResult = Accepted | Refused | Lost

/** Sends PATCHes: at most five a run, each within the time window, and none twice without a read in between, save after a 429. */
export class Patcher {
  private count = 0
  private last: PatchResult | undefined

  constructor(private readonly context: RunContext) {}

  /** Sends a plan under the ETag of the read it was made from. Throws `RunEnded` where the answer ends the run. */
  async send(plan: Plan, live: ClusterRead): Promise<PatchResult> {
    const { api, budget, state, log } = this.context
    const ifMatch = this.lockFor(live)
    for (let refusals = 1; ; refusals++) {
      this.failIfWindowClosed()
      this.failIfSpent()
      const timeoutMs = budget.requestTimeoutMs()
      this.count++
      const takeBack = state.recordAttempt(plan, live)
      try {
        const answer = await api.patchCluster(plan.patch, ifMatch, timeoutMs)
        return this.note({ kind: 'accepted', answer })
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const isLost = isAnswerLost(error)
        if (!isLost || error.facts.isUnsent === true) takeBack()
        if (isLost) return this.note({ kind: 'lost', ifMatch, error })
        if (error.facts.status === 412) return this.note({ kind: 'refused', ifMatch, error })
        if (error.facts.status !== 429) throw new RunEnded(apiErrorToEnding(error, 'patch'), error)
        this.note({ kind: 'lost', ifMatch, error })
        this.failIfSpent()
        log.info('The server limits the rate of requests; the PATCH was not processed and is sent again')
        await pauseAfter(this.context, error, refusals)
      }
    }
  }

  /** Once the server has given an ETag, nothing is sent without one. */
  private lockFor({ etag }: ClusterRead): string | undefined {
    const { task, state, log } = this.context
    const ifMatch = task.ifMatch ?? etag
    if (ifMatch !== undefined) return ifMatch
    if (state.last?.etag !== undefined) {
      throw new RunEnded(toFailed('conflict', 'The server gives no ETag any more, and nothing is sent without one'))
    }
    log.warn('The server gives no ETag: the PATCH is sent without protection against a change by someone else')
    return undefined
  }

  private note(result: PatchResult): PatchResult {
    this.last = result
    return result
  }

  /** A window may close while a busy cluster is waited for, or a server's pause obeyed. */
  private failIfWindowClosed(): void {
    const { task, clock, state } = this.context
    const { window } = task
    if (window === undefined) return
    const wallMs = clock.wallMs()
    if (isWithinWindow(window, wallMs)) return
    if (state.attempt === undefined) throw new RunEnded(toSkipped(window, wallMs))
    const message = `The answer to a PATCH was lost, and only-between ${window.text} has closed before it could be sent again`
    throw new RunEnded(toFailed('unavailable', message))
  }

  private failIfSpent(): void {
    if (this.count < MOST_PATCHES) return
    const tried = `${MOST_PATCHES} PATCHes in ${toDurationText(this.context.budget.elapsedMs())}`
    if (this.last?.kind === 'refused') {
      const message = `${tried} were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved`
      throw new RunEnded(toFailed('conflict', message))
    }
    const error = this.last?.kind === 'lost' ? this.last.error : undefined
    const { hint, requestId } = error === undefined ? {} : apiErrorToEnding(error, 'patch')
    const message = `${tried} had no usable answer; the last one: ${error?.message ?? 'none'}`
    throw new RunEnded(
      toFailed('unavailable', message, {
        ...(hint === undefined ? {} : { hint }),
        ...(requestId === undefined ? {} : { requestId }),
      }),
    )
  }
}

/** The ending of a run outside its time window. */
export function toSkipped(window: TimeWindow, wallMs: number): Ending {
  const time = timeOfDay(wallMs, window.timezone)
  const message = `It is ${time} in ${window.timezone}, outside only-between ${window.text}. Nothing was sent.`
  return { result: 'skipped', message }
}

/** The ending where the server made something else of a value than was asked: a limit, or a rounding. */
export function findAltered({ fields }: RunContext, base: ClusterRead, shown: ClusterRead): Ending | undefined {
  const altered = fields.filter((field) => fieldState(field, base.cluster, shown.cluster) === 'neither')
  if (altered.length === 0) return undefined
  const texts = altered.map((field) => {
    const made = field.show(shown.cluster)
    return made === undefined ? field.name : `${field.name} (asked ${field.wanted}, made ${made ?? 'absent'})`
  })
  return toFailed('rejected', `The server accepted the PATCH but made something else of it: ${texts.join(', ')}`, {
    hint: 'A limit or a rounding of the platform. Ask for a value it can give.',
  })
}
