import type { ApiError } from '../errors.js'

/** A stretch in which no usable read came. */
export interface Outage {
  readonly sinceMs: number
  readonly tries: number
  /** The newest kinds of answers, each with how many of them came in a row. */
  readonly came: readonly { readonly what: string; readonly count: number }[]
  /** The newest failed exchange; absent where the newest answer was only an older state. */
  readonly error?: ApiError
  /** Until when that one's `Retry-After` asks not to be called. */
  readonly notBeforeMs?: number
}

const KINDS_KEPT = 3

/** `1 try`, `20 tries`. */
export function toTriesText({ tries }: Pick<Outage, 'tries'>): string {
  return tries === 1 ? '1 try' : `${tries} tries`
}

/** The outages of one run: the one that goes on, and the time of all of them. Times are of the run's monotonic clock. */
export class Outages {
  private _current: Outage | undefined
  private pastMs = 0

  /** The one that goes on now. */
  get current(): Outage | undefined {
    return this._current
  }

  /** No usable read came, but this; asked for at `startMs`, and with the error and the time of a failed exchange. */
  record(what: string, startMs: number, failed?: { readonly error: ApiError; readonly atMs: number }): Outage {
    const { sinceMs, tries, came } = this._current ?? { sinceMs: startMs, tries: 0, came: [] }
    const newest = came.at(-1)
    const next =
      newest?.what === what ? [...came.slice(0, -1), { what, count: newest.count + 1 }] : [...came, { what, count: 1 }]
    const kept = next.slice(-KINDS_KEPT)
    const retryAfterMs = failed?.error.facts.retryAfterMs
    this._current = {
      sinceMs,
      tries: tries + 1,
      came: kept,
      ...(failed === undefined ? {} : { error: failed.error }),
      ...(failed === undefined || retryAfterMs === undefined ? {} : { notBeforeMs: failed.atMs + retryAfterMs }),
    }
    return this._current
  }

  /** A usable read came again; gives the outage that is over. */
  end(atMs: number): Outage | undefined {
    const over = this._current
    if (over !== undefined) this.pastMs += atMs - over.sinceMs
    this._current = undefined
    return over
  }

  /** All the time of this run in which no usable read came, in milliseconds. */
  totalMs(atMs: number): number {
    return this.pastMs + (this._current === undefined ? 0 : atMs - this._current.sinceMs)
  }
}
