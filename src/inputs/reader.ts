import type { Fault, InputProblem } from '../errors.js'
import { LONGEST } from '../policy.js'
import { createRedactor, type Redact } from '../redact.js'
import { definitionOf, type InputName, NONE, variableOf } from './names.js'
import { secretsIn } from './secrets.js'
import { hasInvisible, trimAroundLines, trimEnds, withoutInvisible } from './spelling.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** What a text means, or what is wrong with it; `hidesValue` where the text may hold a secret. */
export type Parsed<T> = { readonly value: T } | (Fault & { readonly hidesValue?: true })

/** Reads one small language: never throws, and never guesses what it cannot be sure of. */
export type Parse<T> = (text: string) => Parsed<T>

/** A text that was given, with the name of where it came from: the input, or a variable of the environment. */
export interface Given {
  readonly text: string
  readonly source: string
}

/** True where a text was not understood. */
export function isFault<T>(parsed: Parsed<T>): parsed is Exclude<Parsed<T>, { readonly value: T }> {
  return 'reason' in parsed
}

/** A fault with what was probably meant, as far as anything could be guessed. */
export function toFault(reason: string, guesses: readonly (string | undefined)[]): Fault {
  const repaired = guesses.filter((guess) => guess !== undefined)
  return repaired.length === 0 ? { reason } : { reason, repaired }
}

/**
 * Reads single inputs from the environment as the runner sets it, and gathers their faults and what is worth a warning. What is
 * empty, what is `none`, and what cannot be seen is decided here, for all inputs alike.
 */
export class InputReader {
  readonly problems: InputProblem[] = []
  readonly warnings: string[] = []
  private readonly redact: Redact

  constructor(private readonly env: Environment) {
    this.redact = createRedactor(secretsIn(env))
  }

  /** An input as it was given, trimmed; an empty one counts as not given. */
  text(name: InputName): string | undefined {
    return this.variable(variableOf(name), definitionOf(name).isIndented === true ? trimAroundLines : trimEnds)
  }

  /** The input, or else the first of the environment variables that is set. */
  find(name: InputName, variables: readonly string[]): Given | undefined {
    const text = this.text(name)
    if (text !== undefined) return { text, source: name }
    const source = variables.find((variable) => this.variable(variable) !== undefined)
    return source === undefined ? undefined : { text: this.variable(source) ?? '', source }
  }

  /**
   * What an input means. An absent or empty one means its default; `undefined` where that is nothing or `none`, and where there
   * is a fault. The runner passes `with: {x: ""}` on as an empty text, not as the default.
   */
  read<T>(name: InputName, parse: Parse<T>): T | undefined {
    const { default: byDefault, whenEmpty } = definitionOf(name)
    const text = this.text(name)
    if (text === undefined && whenEmpty !== undefined && this.env[variableOf(name)] !== undefined) {
      this.problems.push({ input: name, reason: whenEmpty })
      return undefined
    }
    const meant = text ?? byDefault
    const isGuard = byDefault === NONE
    if (meant === undefined || (isGuard && meant === NONE)) return undefined
    return this.parse(name, { text: meant, source: name }, isGuard ? unlessSwitchedOff(parse) : parse)
  }

  /** What a given text means for an input; where it is faulty, the fault names where it came from. */
  parse<T>(name: InputName, { text, source }: Given, parse: Parse<T>): T | undefined {
    const parsed = hasInvisible(text) ? toInvisibleFault(text, parse) : parse(text)
    if (!isFault(parsed)) return parsed.value
    const { hidesValue, ...fault } = parsed
    return this.fail(name, fault, hidesValue === true ? { source } : { text, source })
  }

  /**
   * Notes a fault. A secret that was put into the wrong input is redacted later, in the spelling that is known: so no repair of it
   * is shown, and nothing that is spelled with invisible characters. Without a repair there is an example.
   */
  fail(name: InputName, fault: Fault, given: Partial<Given> = {}): undefined {
    const { text = '', source = name } = given
    const { isHidden = false, isQuoted, default: byDefault, example = byDefault } = definitionOf(name)
    const seen = withoutInvisible(text)
    const holdsSecret = isHidden || this.redact(seen) !== seen
    const hidesValue = given.text === undefined || isHidden || (holdsSecret && seen !== text)
    const guesses = holdsSecret || text.length > LONGEST.inputValue ? [] : (fault.repaired ?? [])
    const repaired = isQuoted ? guesses.map((guess) => `"${guess}"`) : guesses
    const shown = fault.example ?? example
    this.problems.push({
      input: source === name ? name : `${name} (from ${source})`,
      ...(hidesValue ? {} : { value: text }),
      reason: fault.reason,
      ...(repaired.length > 0 ? { repaired } : shown === undefined ? {} : { example: shown }),
    })
  }

  private variable(key: string, trim = trimEnds): string | undefined {
    return trim(this.env[key] ?? '') || undefined
  }
}

function toInvisibleFault<T>(text: string, parse: Parse<T>): Exclude<Parsed<T>, { readonly value: T }> {
  const seen = trimEnds(withoutInvisible(text))
  const parsed = parse(seen)
  const reason = 'has invisible characters inside'
  return isFault(parsed) ? { ...parsed, reason } : { reason, repaired: [seen] }
}

const OFF = /^(?:none|off|no|false|disabled?|unlimited)$/i

/** Refuses what people write for `none`, for all guards alike: to some of them it would be a value. */
function unlessSwitchedOff<T>(parse: Parse<T>): Parse<T> {
  return (text) => (OFF.test(text) ? { reason: 'is not how a guard is switched off', repaired: [NONE] } : parse(text))
}
