/** How often PATCHes came out in each way, and for how long that has held the run up: time counts for the answer that it follows. */
export class Tallies<Kind extends string> {
  private readonly counts = new Map<Kind, number>()
  private readonly pastMs = new Map<Kind, number>()
  private last: Kind | undefined
  private sinceMs = 0

  constructor(private readonly nowMs: () => number) {}

  record(kind: Kind): void {
    const { last } = this
    if (last !== undefined) this.pastMs.set(last, this.heldUpMs(last))
    this.counts.set(kind, this.count(kind) + 1)
    this.last = kind
    this.sinceMs = this.nowMs()
  }

  count(kind: Kind): number {
    return this.counts.get(kind) ?? 0
  }

  /** Milliseconds that answers of a kind have held the run up, each until the next answer. */
  heldUpMs(kind: Kind): number {
    const sinceLastMs = this.last === kind ? this.nowMs() - this.sinceMs : 0
    return (this.pastMs.get(kind) ?? 0) + sinceLastMs
  }

  /** So much of the time since the last answer does not count for it. */
  exempt(ms: number): void {
    this.sinceMs += ms
  }
}
