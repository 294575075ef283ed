import { parseDuration } from '../domain/duration.js'
import type { InputProblem } from '../errors.js'
import { defaultOf, type InputName } from './names.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** Gives a fault of a value, or `undefined`. */
type Check = (value: string) => string | undefined

/**
 * Reads single inputs from the environment as the runner sets it, and gathers their faults. Values are trimmed and an empty one
 * counts as not given: the runner passes `with: {x: ""}` on as an empty text, not as the default.
 */
export class InputReader {
  readonly problems: InputProblem[] = []

  constructor(private readonly env: Environment) {}

  text(name: InputName): string | undefined {
    return this.env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined
  }

  /** The input, or else the first of the environment variables that is set, with the name of where it came from. */
  find(name: InputName, variables: readonly string[]): { value: string; source: string } | undefined {
    const value = this.text(name)
    if (value !== undefined) return { value, source: name }
    const source = variables.find((variable) => this.env[variable]?.trim())
    return source === undefined ? undefined : { value: this.env[source]?.trim() ?? '', source }
  }

  required(name: InputName, variables: readonly string[], example: string, check: Check): string {
    const found = this.find(name, variables)
    if (found === undefined) {
      this.problems.push({
        input: name,
        reason: `is required (or ${variables.join(', ')} in the environment)`,
        example,
      })
      return ''
    }
    const reason = check(found.value)
    const input = found.source === name ? name : `${name} (from ${found.source})`
    if (reason !== undefined) this.problems.push({ input, value: found.value, reason, example })
    return found.value
  }

  /** An object with `key` where the input was given and is good, an empty one elsewhere: absent stays absent. */
  optional<K extends string>(key: K, name: InputName, check: Check, example: string): { [P in K]?: string } {
    const value = this.text(name)
    if (value === undefined) return {}
    const reason = check(value)
    if (reason !== undefined) this.problems.push({ input: name, value, reason, example })
    return reason === undefined ? ({ [key]: value } as { [P in K]?: string }) : {}
  }

  boolean(name: InputName): boolean {
    const value = this.text(name) ?? defaultOf(name)
    if (/^(true|True|TRUE)$/.test(value)) return true
    if (!/^(false|False|FALSE)$/.test(value)) {
      this.problems.push({ input: name, value, reason: 'is neither true nor false', example: 'true' })
    }
    return false
  }

  /** One of `choices`; the first of them stands in for a value that is none. */
  choice<T extends string>(name: InputName, choices: readonly [T, ...T[]]): T {
    const value = this.text(name) ?? defaultOf(name)
    const chosen = choices.find((choice) => choice === value)
    if (chosen === undefined) {
      const reason = `is none of ${choices.join(', ')}`
      this.problems.push({ input: name, value, reason, example: defaultOf(name) })
    }
    return chosen ?? choices[0]
  }

  /** Milliseconds. Nothing is clamped: what is no duration above zero is a fault. */
  duration(name: InputName, { zero = false } = {}): number {
    const value = this.text(name) ?? defaultOf(name)
    const ms = parseDuration(value)
    const reason = ms === undefined ? problemOfDuration(value) : ms === 0 && !zero ? 'must be above zero' : undefined
    if (reason !== undefined) this.problems.push({ input: name, value, reason, example: defaultOf(name) })
    return ms ?? Number.NaN
  }
}

function problemOfDuration(value: string): string {
  return /^\d+$/.test(value)
    ? `has no unit; did you mean ${value}s?`
    : 'is not a duration (a whole number with h, m, s or ms)'
}
