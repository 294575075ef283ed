/** Random choices that are always the same ones for one seed. */
export class Chance {
  private state: number

  constructor(private readonly seed: number) {
    this.state = seed >>> 0
  }

  /** A stream of its own for each name, so that one more choice in one of them leaves the others as they were. */
  fork(name: string): Chance {
    let hash = 0x811c9dc5 ^ this.seed
    for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
    const fork = new Chance(hash)
    // Seeds that differ in one bit only should part ways before they are used.
    fork.next()
    fork.next()
    return fork
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  isTrue(share: number): boolean {
    return this.next() < share
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new Error('nothing to pick from')
    return values[this.int(0, values.length - 1)] as T
  }

  /** The usual value, or with this share one of the others. */
  rarely<T>(share: number, usual: T, others: readonly T[]): T {
    return this.isTrue(share) ? this.pick(others) : usual
  }

  list<T>(length: number, make: () => T): T[] {
    return Array.from({ length }, make)
  }
}
