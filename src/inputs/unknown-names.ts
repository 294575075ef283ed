import { toShortList } from '../domain/outcome.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import type { Fault, InputProblem } from '../errors.js'
import { MOST_NAMES_IN_WARNING } from '../policy.js'
import { INPUT_NAMES } from './names.js'
import { findNearest } from './nearest.js'
import type { Environment } from './reader.js'

const NOT_AN_INPUT = 'is not an input'
const RESOURCES_TEXT = `${RESOURCE_NAMES.slice(0, -1).join(', ')} and ${RESOURCE_NAMES.at(-1)}`

/** A fault that names what was meant. */
const meaning = (...repaired: string[]): Fault => ({ reason: NOT_AN_INPUT, repaired })

/** What people call our inputs elsewhere. Without this, `dry-run: true` would change production. */
const SYNONYMS: Readonly<Record<string, Fault>> = {
  'dry-run': meaning('mode: plan'),
  'kubernetes-version': meaning('version'),
  'k8s-version': meaning('version'),
  token: meaning('api-key'),
  'api-token': meaning('api-key'),
  'cluster-name': meaning('cluster'),
  name: meaning('cluster'),
  'tenant-name': meaning('tenant'),
  host: meaning('api-url'),
  url: meaning('api-url'),
  'api-host': meaning('api-url'),
  resources: meaning(...RESOURCE_NAMES),
  mem: meaning('memory'),
  disk: meaning('storage'),
  'if-match-etag': meaning('if-match'),
  etag: meaning('if-match'),
  'wait-timeout': meaning('timeout'),
  'wait-for': meaning('wait'),
  window: meaning('only-between'),
  'maintenance-window': meaning('only-between'),
  blackout: meaning('freeze-dates'),
  'plan-digest': meaning('expected-plan'),
  tz: meaning('timezone'),
  replicas: { reason: `${NOT_AN_INPUT}: a cluster is scaled by ${RESOURCES_TEXT}` },
  nodes: { reason: `${NOT_AN_INPUT}: a cluster is scaled by ${RESOURCES_TEXT}` },
  force: {
    reason: `${NOT_AN_INPUT}: nothing goes past the ETag here, so a change by someone else is never overwritten`,
  },
}

/** How the names of guards begin. A guard that is ignored protects nothing, and nobody would notice. */
const GUARD_PREFIXES = ['max-', 'min-', 'only-', 'freeze', 'allow-', 'expected-', 'if-'] as const

/** What was given under names that are not ours. */
export interface UnknownNames {
  readonly problems: readonly InputProblem[]
  readonly warnings: readonly string[]
}

/**
 * Judges the names of inputs that are not ours: the runner only warns of those, and `memmory` must not scale half a cluster. One
 * that is like none of ours is only warned of, since a composite action around the step may have left its own there. Values are
 * not shown, since any of them may be a secret under a mistyped name.
 */
export function judgeUnknownNames(env: Environment): UnknownNames {
  const names = Object.keys(env)
    .filter((key) => key.startsWith('INPUT_'))
    .map((key) => key.slice('INPUT_'.length).toLowerCase())
    .filter((name) => name !== '' && !INPUT_NAMES.some((ours) => ours === name))
  const judged = names.map((name) => ({ name, fault: faultOfName(name) }))
  const strangers = judged.flatMap(({ name, fault }) => (fault === undefined ? [name] : []))
  return {
    problems: judged.flatMap(({ name, fault }) => (fault === undefined ? [] : [{ input: name, ...fault }])),
    warnings: strangers.length === 0 ? [] : [toWarning(strangers)],
  }
}

function faultOfName(name: string): Fault | undefined {
  const hyphenated = name.replaceAll('_', '-')
  if (Object.hasOwn(SYNONYMS, hyphenated)) return SYNONYMS[hyphenated]
  const nearest = findNearest(name, INPUT_NAMES)
  if (nearest !== undefined) return meaning(nearest)
  const prefix = GUARD_PREFIXES.find((start) => hyphenated.startsWith(start))
  if (prefix === undefined) return undefined
  return {
    reason: `${NOT_AN_INPUT}, so it would guard nothing`,
    repaired: INPUT_NAMES.filter((ours) => ours.startsWith(prefix)),
  }
}

function toWarning(names: readonly string[]): string {
  const all = toShortList(names, MOST_NAMES_IN_WARNING)
  return names.length === 1
    ? `${all} is not an input of this action: it did nothing`
    : `${all} are not inputs of this action: they did nothing`
}
