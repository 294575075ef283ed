import type { ClusterRead, PatchAnswer } from './api/client.js'
import { toDurationText } from './domain/duration.js'
import type { Plan } from './domain/plan.js'
import { isOpen } from './domain/window.js'
import { Ended, isAnswerLost, NEXT_STEPS, toFailure, toSkipped } from './endings.js'
import { ApiError } from './errors.js'
import { kindsOf } from './journal.js'
import type { Scene } from './scene.js'

const MOST_PATCHES = 5

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
export type Sent = Accepted | Refused | Lost

/** Sends PATCHes: at most five a run, each within the time window, and none twice without a read in between, save after a 429. */
export class Writer {
  private count = 0
  private last: Sent | undefined

  constructor(private readonly scene: Scene) {}

  /** Sends a plan under the ETag of the read it was made from. Throws `Ended` where the answer ends the run. */
  async send(plan: Plan, live: ClusterRead): Promise<Sent> {
    const { api, patience, journal, reader } = this.scene
    const ifMatch = this.lockFor(live)
    for (let refusals = 1; ; refusals++) {
      this.checkWindow()
      this.checkCount()
      const timeoutMs = patience.exchangeMs()
      const landingBefore = journal.landing
      this.count++
      journal.landing = {
        before: live,
        kinds: new Set([...(landingBefore?.kinds ?? []), ...kindsOf(plan.fields)]),
        generationBefore: journal.seen.generation,
      }
      try {
        const answer = await api.patchCluster(plan.patch, ifMatch, timeoutMs)
        return this.note({ kind: 'accepted', answer })
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const isLost = isAnswerLost(error)
        if (!isLost || error.facts.isUnsent === true) journal.landing = landingBefore
        if (isLost) return this.note({ kind: 'lost', ifMatch, error })
        if (error.facts.status === 412) return this.note({ kind: 'refused', ifMatch, error })
        if (error.facts.status !== 429) throw new Ended(toFailure(error, 'patch'), error)
        this.note({ kind: 'lost', ifMatch, error })
        this.checkCount()
        journal.say('The server limits the rate of requests; the PATCH was not processed and is sent again')
        await reader.pauseAfter(error, refusals)
      }
    }
  }

  /** Once the server has given an ETag, nothing is sent without one. */
  private lockFor({ etag }: ClusterRead): string | undefined {
    const { task, journal } = this.scene
    const ifMatch = task.ifMatch ?? etag
    if (ifMatch !== undefined) return ifMatch
    if (journal.hasSeenEtag()) {
      const message = 'The server gives no ETag any more, and nothing is sent without one'
      throw new Ended({ result: 'failed', reason: 'conflict', message, hint: NEXT_STEPS.conflict })
    }
    journal.warn('The server gives no ETag: the PATCH is sent without protection against a change by someone else')
    return undefined
  }

  private note(sent: Sent): Sent {
    this.last = sent
    return sent
  }

  /** A window may close while a busy cluster is waited for, or a server's pause obeyed. */
  private checkWindow(): void {
    const { task, clock, journal } = this.scene
    const { window } = task
    if (window === undefined) return
    const wallMs = clock.wallMs()
    if (isOpen(window, wallMs)) return
    if (journal.landing === undefined) throw new Ended(toSkipped(window, wallMs))
    const message = `The answer to a PATCH was lost, and only-between ${window.text} has closed before it could be sent again`
    throw new Ended({ result: 'failed', reason: 'unavailable', message, hint: NEXT_STEPS.unavailable })
  }

  private checkCount(): void {
    if (this.count < MOST_PATCHES) return
    const tried = `${MOST_PATCHES} PATCHes in ${toDurationText(this.scene.patience.elapsedMs())}`
    if (this.last?.kind === 'refused') {
      const message = `${tried} were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved`
      throw new Ended({ result: 'failed', reason: 'conflict', message, hint: NEXT_STEPS.conflict })
    }
    const error = this.last?.kind === 'lost' ? this.last.error : undefined
    const failure = error === undefined ? {} : toFailure(error, 'patch')
    const message = `${tried} had no usable answer; the last one: ${error?.message ?? 'none'}`
    throw new Ended({ result: 'failed', hint: NEXT_STEPS.unavailable, ...failure, reason: 'unavailable', message })
  }
}
