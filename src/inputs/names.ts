import { RESOURCE_NAMES, type ResourceName } from '../domain/resources.js'
import type { InputProblem } from '../errors.js'
import type { Environment } from './reader.js'

interface InputDefinition {
  /** What counts where nothing is given, in the form it would be given; `action.yml` says the same. */
  readonly default?: string
}

type Bound = `${'min' | 'max'}-${ResourceName}`

const resourceInputs = Object.fromEntries(RESOURCE_NAMES.map((name) => [name, {}])) as Record<
  ResourceName,
  InputDefinition
>
const boundInputs = Object.fromEntries(
  RESOURCE_NAMES.flatMap((name) => [`min-${name}`, `max-${name}`]).map((name) => [name, {}]),
) as Record<Bound, InputDefinition>

/** The inputs of the action with their defaults, in the order of `action.yml`. */
export const INPUTS = {
  'api-key': {},
  tenant: {},
  cluster: {},
  'api-url': {},
  mode: { default: 'apply' },
  version: {},
  ...resourceInputs,
  alerts: {},
  wait: { default: 'true' },
  timeout: { default: '30m' },
  'poll-interval': { default: '12s' },
  'settle-time': { default: '30s' },
  'degraded-grace': { default: '5m' },
  'on-busy': { default: 'wait' },
  'on-conflict': { default: 'retry' },
  'if-match': {},
  'expected-plan': {},
  'allow-downgrade': { default: 'false' },
  'allow-version-skip': { default: 'false' },
  'allow-storage-shrink': { default: 'false' },
  ...boundInputs,
  'only-between': {},
  timezone: { default: 'UTC' },
  'job-summary': { default: 'true' },
  comment: { default: 'false' },
  'github-token': {},
} as const satisfies Readonly<Record<string, InputDefinition>>

export type InputName = keyof typeof INPUTS

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

/** The default of an input, or `''` where it has none. */
export function defaultOf(name: InputName): string {
  return (INPUTS[name] as InputDefinition).default ?? ''
}

/** What people call our inputs elsewhere. Without this, `dry-run: true` would change production. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'dry-run': 'use mode: plan',
  'kubernetes-version': 'use version',
  token: 'use api-key',
  'api-token': 'use api-key',
  'cluster-name': 'use cluster',
  name: 'use cluster',
  host: 'use api-url',
  url: 'use api-url',
  'api-host': 'use api-url',
  resources: 'use cpu, memory and storage',
  'if-match-etag': 'use if-match',
  etag: 'use if-match',
  force: 'there is no such thing here: the ETag is always respected',
}

/**
 * Faults of inputs that are not ours: the runner only warns of those, and `memmory` must not scale half a cluster. Values are not
 * shown, since any of them may be a secret under a mistyped name.
 */
export function problemsOfNames(env: Environment): InputProblem[] {
  return Object.keys(env)
    .filter((key) => key.startsWith('INPUT_'))
    .map((key) => key.slice('INPUT_'.length).toLowerCase())
    .filter((name) => !INPUT_NAMES.some((ours) => ours === name))
    .flatMap((name) => {
      const reason = problemOfName(name)
      return reason === undefined ? [] : [{ input: name, reason }]
    })
}

function problemOfName(name: string): string | undefined {
  const synonym = name.replaceAll('_', '-')
  if (Object.hasOwn(SYNONYMS, synonym)) return `is not an input: ${SYNONYMS[synonym]}`
  const [nearest] = INPUT_NAMES.map((ours) => ({ ours, edits: countEdits(name, ours) }))
    .filter(({ ours, edits }) => edits <= (ours.length <= 5 ? 1 : 2))
    .sort((left, right) => left.edits - right.edits)
  return nearest === undefined ? undefined : `is not an input: did you mean ${nearest.ours}?`
}

/** How many letters must be put in, taken out, replaced or swapped with their neighbour to turn one word into the other. */
function countEdits(from: string, to: string): number {
  let [older, row]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next[j] = Math.min(at(row, j) + 1, at(next, j - 1) + 1, replaced, isSwap ? at(older, j - 2) + 1 : replaced)
    }
    older = row
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
