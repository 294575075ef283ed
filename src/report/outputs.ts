import { withoutValues } from '../domain/alerts.js'
import type { Cluster } from '../domain/cluster.js'
import { isJsonObject, type JsonObject, type JsonValue, type KeyPath } from '../domain/json.js'
import type { Outcome } from '../domain/outcome.js'
import { type Edit, type Plan, toPlanJson } from '../domain/plan.js'
import { RESOURCE_NAMES, type ResourceName } from '../domain/resources.js'
import { SERVER_WARNS, WAS_DEGRADED } from '../domain/server-words.js'
import { LARGEST_BYTES, LONGEST } from '../policy.js'
import { type AlertRedactor, cutOff, type Redact, redactDeep, redactLong } from '../redact.js'
import { joinSections } from './markdown.js'

/** The outputs of the action, in the order of `action.yml`. */
export const OUTPUT_NAMES = [
  'result',
  'failure-reason',
  'message',
  'changed',
  'would-change',
  'phase',
  'version',
  'kubernetes-version',
  ...RESOURCE_NAMES,
  'endpoint',
  'previous-version',
  'previous-kubernetes-version',
  ...RESOURCE_NAMES.map(toPreviousName),
  'etag',
  'generation',
  'evidence',
  'plan',
  'plan-digest',
  'hourly-cost-change',
  'cluster',
  'request-id',
  'duration-seconds',
  'summary-markdown',
] as const

export type OutputName = (typeof OUTPUT_NAMES)[number]

export type Outputs = Readonly<Record<OutputName, string>>

export interface OutputSources {
  readonly outcome: Outcome
  /** The output `message`. */
  readonly message: string
  /** The sections of the summary. */
  readonly sections: readonly string[]
  /** For what `cluster` shows of the object as it came. */
  readonly redactor: AlertRedactor
}

/** Every output, on every path; what is not known is `''`, and the API's values stay in its own text. */
export function toOutputs({ outcome, message, sections, redactor }: OutputSources): Outputs {
  const { first, last, plan } = outcome
  return {
    result: outcome.result,
    'failure-reason': outcome.reason ?? '',
    message,
    changed: String(outcome.changed),
    'would-change': outcome.wouldChange === undefined ? '' : String(outcome.wouldChange),
    phase: toValue(last?.phase),
    version: toValue(last?.version),
    'kubernetes-version': toValue(last?.kubernetesVersion),
    ...toResourceOutputs(last, (name) => name),
    endpoint: toValue(last?.endpoint),
    'previous-version': toValue(first?.version),
    'previous-kubernetes-version': toValue(first?.kubernetesVersion),
    ...toResourceOutputs(first, toPreviousName),
    etag: toValue(outcome.etag),
    generation: last?.generation === undefined ? '' : String(last.generation),
    evidence: (outcome.evidence ?? []).join(','),
    plan: plan === undefined ? '' : toPlanOutput(plan),
    'plan-digest': plan?.digest ?? '',
    'hourly-cost-change': outcome.cost?.perHour ?? '',
    cluster: last === undefined ? '' : toClusterJson(last, redactor),
    'request-id': toValue(outcome.requestId),
    'duration-seconds': String(Math.floor(outcome.durationMs / 1000)),
    'summary-markdown': joinSections(sections, { bytes: LARGEST_BYTES.output }),
  }
}

function toValue(text: string | undefined): string {
  return cutOff(text ?? '', LONGEST.scalar)
}

function toPreviousName<Name extends ResourceName>(name: Name): `previous-${Name}` {
  return `previous-${name}`
}

/** One output for each resource, under the name that `toName` makes of it. */
function toResourceOutputs<Name extends string>(
  cluster: Cluster | undefined,
  toName: (name: ResourceName) => Name,
): Record<Name, string> {
  const entries = RESOURCE_NAMES.map((name) => [toName(name), toValue(cluster?.resources[name])] as const)
  return Object.fromEntries(entries) as Record<Name, string>
}

/** The plan is whole, only absurdly long texts in it are cut off. Where even that is too large, the last edits are only counted. */
function toPlanOutput(plan: Plan): string {
  const cut = <T extends Edit>(change: T): T => {
    const texts = Object.entries(change).map(([key, text]) => [key, typeof text === 'string' ? toValue(text) : text])
    return Object.fromEntries(texts) as T
  }
  const refusals = plan.refusals.map(cut)
  const edits = plan.edits.map(cut)
  const whole = toPlanJson({ edits, refusals })
  if (Buffer.byteLength(whole) <= LARGEST_BYTES.output) return whole
  let left = LARGEST_BYTES.output - Buffer.byteLength(toPlanJson({ edits: [], refusals }, edits.length))
  const kept = edits.findIndex((edit) => {
    left -= Buffer.byteLength(JSON.stringify(edit)) + 1
    return left < 0
  })
  return toPlanJson({ edits: edits.slice(0, kept), refusals }, edits.length - kept)
}

/**
 * The object as it was read, without metrics, secrets and what stands in `alerts`: above 64 KiB only its scalars, and only what
 * other outputs show as well where there is too much to take out.
 */
export function toClusterJson(cluster: Cluster, redactor: AlertRedactor): string {
  if (redactor.isOverwhelmed) return JSON.stringify(shownElsewhere(cluster))
  const { alerts, status, ...rest } = cluster.json
  const whole: JsonObject = {
    ...rest,
    ...(alerts === undefined ? {} : { alerts: isJsonObject(alerts) ? withoutValues(alerts) : '***' }),
    ...(status === undefined ? {} : { status: withoutMetrics(status) }),
  }
  const isSmall = Buffer.byteLength(JSON.stringify(whole)) <= LARGEST_BYTES.output
  const { resources } = cluster.json
  const shown: JsonObject = isSmall
    ? whole
    : {
        ...scalarsOf(rest),
        ...(isJsonObject(resources) ? { resources: scalarsOf(resources) } : {}),
        ...(isJsonObject(status) ? { status: scalarsOf(status) } : {}),
      }
  return JSON.stringify(redactObject(shown, redactor))
}

/** What outputs of their own show of a cluster, in the form of the object. */
function shownElsewhere({ name, version, resources, generation, ...status }: Cluster): object {
  const { phase, kubernetesVersion, endpoint } = status
  const toShown = (texts: object) =>
    Object.fromEntries(
      Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, toValue(text)]])),
    )
  return {
    name,
    ...toShown({ version }),
    resources: toShown(resources),
    ...(generation === undefined ? {} : { generation }),
    status: toShown({ phase, kubernetesVersion, endpoint }),
  }
}

/** How a text of the object is cleaned: as a value that has an output of its own, as a name, or as the server's words. */
type Cleaning = 'value' | 'name' | 'words'

/** By key path, an item of a list being `*`; whatever is not listed counts as words. */
const CLEANING: Readonly<Record<string, Cleaning>> = {
  ...Object.fromEntries(
    ['name', 'version', 'generation', ...RESOURCE_NAMES.map((name) => `resources.${name}`)].map((path) => [
      path,
      'value',
    ]),
  ),
  'status.phase': 'value',
  'status.kubernetesVersion': 'value',
  'status.endpoint': 'value',
  'status.observedGeneration': 'value',
  'status.conditions.*.type': 'name',
  'status.conditions.*.status': 'name',
  'status.conditions.*.reason': 'name',
  'warnings.*.code': 'name',
  'warnings.*.field': 'name',
}

function redactObject({ alerts, ...rest }: JsonObject, redactor: AlertRedactor): JsonValue {
  const redacted = redactAt(rest, [], redactor)
  // Key paths are shown, and there is nothing else in it any more.
  return alerts === undefined || !isJsonObject(redacted)
    ? redacted
    : { ...redacted, alerts: redactDeep(alerts, redactor.redactSecrets) }
}

function redactAt(value: JsonValue, path: KeyPath, redactor: AlertRedactor): JsonValue {
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [redactor.redact(key), redactAt(item, [...path, key], redactor)]),
    )
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => redactAt(item, [...path, '*'], redactor))
  const cleaning = CLEANING[path.join('.')] ?? 'words'
  const redact = { value: redactor.redactSecrets, name: redactor.redactName, words: redactor.redact }[cleaning]
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'number') return value
  const text = redact(String(value))
  return text === String(value) ? value : text
}

function withoutMetrics(status: JsonValue): JsonValue {
  if (!isJsonObject(status)) return status
  const { metrics: _, ...rest } = status
  return rest
}

const MOST_SCALARS = 20

function scalarsOf(value: JsonObject): JsonObject {
  const isSmall = (item: JsonValue) => typeof item !== 'object' && String(item).length <= LONGEST.scalar
  const small = Object.entries(value).filter(([key, item]) => key.length <= LONGEST.scalar && isSmall(item))
  return Object.fromEntries(small.slice(0, MOST_SCALARS))
}

/**
 * An outcome without secrets, and without what was found inside `alerts` only after the server had said it. The objects of its
 * reads are cleaned where they are shown.
 */
export function toShownOutcome(outcome: Outcome, redactor: AlertRedactor): Outcome {
  const redactSecrets: Redact = (text) => redactLong(text, redactor.redactSecrets, { longest: LONGEST.lead })
  const shown = redactDeep(outcome, redactSecrets, ['json', 'alerts', 'fields', 'patch'])
  const { redact, isOverwhelmed } = redactor
  const warnings = isOverwhelmed
    ? shown.warnings.filter((warning) => !warning.startsWith(SERVER_WARNS))
    : shown.warnings.map((warning) => redactSaid(warning, redact))
  const { last } = shown
  if (last === undefined) return { ...shown, warnings }
  const conditions = last.conditions.map(({ message, ...names }) =>
    message === undefined || isOverwhelmed ? names : { ...names, message: redact(message) },
  )
  return { ...shown, warnings, last: { ...last, conditions } }
}

/** A warning without what was found inside `alerts`; our own words before the server's stay, though a text in there may hold them. */
function redactSaid(warning: string, redact: Redact): string {
  const ours = [SERVER_WARNS, WAS_DEGRADED].find((lead) => warning.startsWith(lead)) ?? ''
  return `${ours}${redact(warning.slice(ours.length))}`
}
