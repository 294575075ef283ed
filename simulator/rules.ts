/**
 * Which requests a rule is for. `nth` counts the matching requests from the moment the rule is made, the first being 1;
 * it then holds for `times` of them in a row. Without `nth`: for the next `times` that no earlier rule has taken.
 * `times` is 1 unless said; `Infinity` is for ever.
 */
export interface Matcher {
  method?: string
  cluster?: string
  nth?: number
  times?: number
}

interface Rule<T> {
  matcher: Matcher
  value: T
  seen: number
  used: number
}

/** Rules in the order they were made. */
export class Rules<T> {
  private readonly rules: Rule<T>[] = []

  add(matcher: Matcher, value: T): void {
    this.rules.push({ matcher, value, seen: 0, used: 0 })
  }

  /** Counts the request in, and gives back the values of the rules for it: all of them, or the first `most`. */
  take(method: string, cluster: string | undefined, most = Number.POSITIVE_INFINITY): T[] {
    const taken: T[] = []
    for (const rule of this.rules) {
      const { matcher } = rule
      if (matcher.method !== undefined && matcher.method !== method) continue
      if (matcher.cluster !== undefined && matcher.cluster !== cluster) continue
      rule.seen += 1
      const { nth, times = 1 } = matcher
      const holds = nth === undefined ? rule.used < times : rule.seen >= nth && rule.seen < nth + times
      if (!holds || taken.length >= most) continue
      rule.used += 1
      taken.push(rule.value)
    }
    return taken
  }
}
