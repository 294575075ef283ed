import { toShortList } from '../domain/outcome.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { type Fault, type InputProblem, toListText } from '../errors.js'
import { MOST_NAMES_IN_WARNING } from '../policy.js'
import { INPUT_NAMES, RESOURCE_SYNONYMS } from './names.js'
import { findNearest } from './nearest.js'
import type { Environment } from './reader.js'

const NOT_AN_INPUT = 'is not an input'
const RESOURCES_TEXT = toListText(RESOURCE_NAMES, 'and')

/** A fault that names what was meant. */
const meaning = (...repaired: string[]): Fault => ({ reason: NOT_AN_INPUT, repaired })

/** A fault of a name that means a guard of ours, but not which one. */
const guarding = (prefix: string): Fault => ({
  reason: `${NOT_AN_INPUT}, so it would guard nothing`,
  repaired: INPUT_NAMES.filter((ours) => ours.startsWith(prefix)),
})

/** What people call our inputs elsewhere. */
const SYNONYMS: Readonly<Record<string, Fault>> = {
  'kubernetes-version': meaning('version'),
  'kube-version': meaning('version'),
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
  ...Object.fromEntries(Object.entries(RESOURCE_SYNONYMS).map(([synonym, ours]) => [synonym, meaning(ours)])),
  'if-match-etag': meaning('if-match'),
  etag: meaning('if-match'),
  'wait-timeout': meaning('timeout'),
  'wait-for': meaning('wait'),
  plan: meaning('mode: plan', 'expected-plan'),
  'plan-digest': meaning('expected-plan'),
  tz: meaning('timezone'),
  replicas: { reason: `${NOT_AN_INPUT}: a cluster is scaled by ${RESOURCES_TEXT}` },
  nodes: { reason: `${NOT_AN_INPUT}: a cluster is scaled by ${RESOURCES_TEXT}` },
  force: {
    reason: `${NOT_AN_INPUT}: nothing goes past the ETag here, so a change by someone else is never overwritten`,
  },
}

/** Shorter synonyms are one letter away from names that mean something else: `tag` from `etag`, `app-token` from `api-token`. */
const SHORTEST_MISTYPED = 10

/** A bound by its end and its resource, in whatever order and words: `maximum-cpu`, `ram-min`. */
const BOUNDS: Readonly<Record<string, Fault>> = Object.fromEntries(
  [...RESOURCE_NAMES.map((name) => [name, name] as const), ...Object.entries(RESOURCE_SYNONYMS)].flatMap(
    ([word, resource]) =>
      (['min', 'max'] as const).flatMap((end) =>
        [end, `${end}imum`].flatMap((text) =>
          [text + word, word + text].map((name) => [name, meaning(`${end}-${resource}`)] as const),
        ),
      ),
  ),
)

/** How the names of guards look. A guard that is ignored protects nothing, and `dry-run: true` would change production. */
const GUARDS: readonly (readonly [form: RegExp, fault: Fault])[] = [
  [/^(?:is-|do-)?dry-?runs?$|^plan-?only$|^what-?if$|^no-?op$/, meaning('mode: plan')],
  [/black-?outs?(?:-|$)/, meaning('freeze-dates')],
  [/^freeze|-freeze$/, guarding('freeze')],
  [/^(?:(?:maintenance|change|deploy|deployment|time|update|upgrade)-?)?windows?$/, meaning('only-between')],
  [/^only./, guarding('only-')],
  [/^expected./, guarding('expected-')],
  [/^allow./, guarding('allow-')],
  [/^if-/, guarding('if-')],
  [/^max(?:imum)?-|^max(?:nodes|pods|replicas)$|^(?:nodes|pods|replicas)-?max$/, guarding('max-')],
  [/^min(?:imum)?-|^min(?:nodes|pods|replicas)$|^(?:nodes|pods|replicas)-?min$/, guarding('min-')],
]

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
  const synonyms = withBareNames(Object.entries(SYNONYMS))
  const bare = toBare(name)
  const known = synonyms.get(bare) ?? (Object.hasOwn(BOUNDS, bare) ? BOUNDS[bare] : undefined)
  if (known !== undefined) return known
  const ours = withBareNames(INPUT_NAMES.map((each) => [each, each]))
  const nearest = ours.get(bare) ?? ours.get(findNearest(name, [...ours.keys()]) ?? '')
  if (nearest !== undefined) return meaning(nearest)
  const mistyped = findNearest(name, [...synonyms.keys()], ({ length }) => (length < SHORTEST_MISTYPED ? 0 : 1))
  if (mistyped !== undefined) return synonyms.get(mistyped)
  const hyphenated = name.replaceAll('_', '-')
  return GUARDS.find(([form]) => form.test(hyphenated))?.[1]
}

/** Every name as it is and bare. Of a name that is looked up, the hyphens count: `go-version` is not near `version`. */
function withBareNames<T>(entries: readonly (readonly [name: string, T])[]): ReadonlyMap<string, T> {
  return new Map([...entries, ...entries.map(([name, value]) => [toBare(name), value] as const)])
}

/** `dryRun` comes as `dryrun`: the runner keeps no capitals. */
function toBare(name: string): string {
  return name.replace(/[-_]/g, '')
}

function toWarning(names: readonly string[]): string {
  const all = toShortList(names, MOST_NAMES_IN_WARNING)
  return names.length === 1
    ? `${all} is not an input of this action: it did nothing`
    : `${all} are not inputs of this action: they did nothing`
}
