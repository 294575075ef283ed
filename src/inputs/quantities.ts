import { RESOURCES, type ResourceName } from '../domain/resources.js'
import type { Fault } from '../errors.js'
import { type Parse, toFault } from './reader.js'
import { hasSplitNumber, withDecimalPoint, withoutQuotes } from './spelling.js'

/** Reads the quantity of a resource. It is sent as it was written, so only what the API takes is taken here. */
export function parseResource(name: ResourceName): Parse<string> {
  const { unit, problemOf } = RESOURCES[name]
  return (text) => {
    const reason = problemOf(text)
    if (reason === undefined) return { value: text }
    const guess = guessQuantity(text, unit)
    const repaired = (guess.repaired ?? []).filter((candidate) => problemOf(candidate) === undefined)
    return toFault(guess.reason ?? reason, repaired)
  }
}

/** What was probably meant, and a reason where the general one would help less. */
type Guess = Partial<Fault>

function guessQuantity(text: string, unit: 'cpus' | 'bytes'): Guess {
  if (hasSplitNumber(text)) return {}
  const pointed = withDecimalPoint(withoutQuotes(text))
  if (pointed === undefined) return { reason: 'has a comma that may be a decimal point or stand between thousands' }
  const amount = toAmount(pointed.replace(/\s+/g, ''))
  return amount === undefined ? {} : GUESSES[unit](amount)
}

/** A number and what stands after it. */
interface Amount {
  readonly number: string
  readonly unit: string
}

const GUESSES: Readonly<Record<'cpus' | 'bytes', (amount: Amount) => Guess>> = { cpus: guessCpus, bytes: guessBytes }

function toAmount(text: string): Amount | undefined {
  const [, whole = '', fraction = '', unit = ''] = /^\+?(\d*)(?:\.(\d*))?([a-z]*)$/i.exec(text) ?? []
  if (whole === '' && fraction === '') return undefined
  return { number: `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`, unit }
}

function guessCpus({ number, unit }: Amount): Guess {
  if (/^(?:c|v?cpus?|v?cores?)?$/i.test(unit)) return { repaired: [number] }
  if (/^m(?:illi)?(?:c|cpus?|cores?)?$/i.test(unit)) return { repaired: [`${number}m`] }
  return /^[kmgtpe]i?b?$/i.test(unit) ? { reason: 'is an amount of bytes, not of CPUs' } : {}
}

const BINARY = /^([kmgtpe])(?:i|[iex]bi)(?:b|bytes?)?$/i
const DECIMAL = /^([kmgtpe])(?:b|bytes?|[ie]gs?|(?:ilo|ega|iga|era|eta|xa)(?:bytes?)?)?$/i

function guessBytes({ number, unit }: Amount): Guess {
  if (unit === '')
    return Number(number) === 0
      ? { reason: 'must be above zero' }
      : { reason: 'has no unit', repaired: guessUnits(number) }
  const binary = BINARY.exec(unit)?.[1]?.toUpperCase()
  if (binary !== undefined) return { repaired: [`${number}${binary}i`] }
  const letter = DECIMAL.exec(unit)?.[1]?.toUpperCase()
  if (letter === undefined) return {}
  const decimal = letter === 'K' ? 'k' : letter
  // The unit was right, so something else was wrong.
  if (unit === decimal) return { repaired: [`${number}${decimal}`] }
  const reason = `has a unit that the API does not take (${decimal} counts in 1000s, ${letter}i in 1024s)`
  return { reason, repaired: [`${number}${decimal}`, `${number}${letter}i`] }
}

const MEBI = 2 ** 20
const GIBI = 2 ** 30
/** From here on a number without a unit may as well count MiB. */
const LARGE_FOR_GIB = 256

/** What a number without a unit may count: bytes where it is very large, else GiB, or MiB. */
function guessUnits(number: string): string[] {
  const count = Number(number)
  if (count >= GIBI && count % GIBI === 0) return [`${count / GIBI}Gi`]
  if (count >= MEBI) return count % MEBI === 0 ? [`${count / MEBI}Mi`] : []
  return count < LARGE_FOR_GIB ? [`${number}Gi`] : [`${number}Gi`, `${number}Mi`]
}
