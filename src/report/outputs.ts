import { withoutValues } from '../domain/alerts.js'
import type { Cluster } from '../domain/cluster.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.js'
import type { Outcome } from '../domain/outcome.js'
import { toPlanJson } from '../domain/plan.js'
import { RESOURCE_NAMES, type ResourceName } from '../domain/resources.js'
import { LARGEST_BYTES, LONGEST } from '../policy.js'

/** The outputs of the action, in the order of `action.yml`. */
export const OUTPUT_NAMES = [
  'result',
  'failure-reason',
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
  'cluster',
  'request-id',
  'duration-seconds',
  'summary-markdown',
] as const

export type Outputs = Readonly<Record<(typeof OUTPUT_NAMES)[number], string>>

/** Every output, on every path; what is not known is `''`, and the API's values stay in its own text. */
export function toOutputs(outcome: Outcome, summary: string): Outputs {
  const { first, last, plan } = outcome
  return {
    result: outcome.result,
    'failure-reason': outcome.reason ?? '',
    changed: String(outcome.changed),
    'would-change': outcome.wouldChange === undefined ? '' : String(outcome.wouldChange),
    phase: last?.phase ?? '',
    version: last?.version ?? '',
    'kubernetes-version': last?.kubernetesVersion ?? '',
    ...toResourceOutputs(last, (name) => name),
    endpoint: last?.endpoint ?? '',
    'previous-version': first?.version ?? '',
    'previous-kubernetes-version': first?.kubernetesVersion ?? '',
    ...toResourceOutputs(first, toPreviousName),
    etag: outcome.etag ?? '',
    generation: last?.generation === undefined ? '' : String(last.generation),
    evidence: (outcome.evidence ?? []).join(','),
    plan: plan === undefined ? '' : toPlanJson(plan),
    'plan-digest': plan?.digest ?? '',
    cluster: last === undefined ? '' : toClusterJson(last),
    'request-id': outcome.requestId ?? '',
    'duration-seconds': String(Math.floor(outcome.durationMs / 1000)),
    'summary-markdown': cutToBytes(summary, LARGEST_BYTES.output),
  }
}

function toPreviousName<Name extends ResourceName>(name: Name): `previous-${Name}` {
  return `previous-${name}`
}

/** One output for each resource, under the name that `toName` makes of it. */
function toResourceOutputs<Name extends string>(
  cluster: Cluster | undefined,
  toName: (name: ResourceName) => Name,
): Record<Name, string> {
  const entries = RESOURCE_NAMES.map((name) => [toName(name), cluster?.resources[name] ?? ''] as const)
  return Object.fromEntries(entries) as Record<Name, string>
}

/** The object as it was read, without metrics and without what stands in `alerts`; above 64 KiB only its scalars. */
export function toClusterJson({ json }: Cluster): string {
  const { alerts, status, ...rest } = json
  const whole = JSON.stringify({
    ...rest,
    ...(alerts === undefined ? {} : { alerts: isJsonObject(alerts) ? withoutValues(alerts) : '***' }),
    ...(status === undefined ? {} : { status: withoutMetrics(status) }),
  })
  if (Buffer.byteLength(whole) <= LARGEST_BYTES.output) return whole
  const { resources } = json
  return JSON.stringify({
    ...scalarsOf(rest),
    ...(isJsonObject(resources) ? { resources: scalarsOf(resources) } : {}),
    ...(isJsonObject(status) ? { status: scalarsOf(status) } : {}),
  })
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

/** Cuts a text to a number of bytes at the end of a line, so that no markup is left open in the middle of one. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const note = '\n\n(cut off here)\n'
  const cut = Buffer.from(text)
    .subarray(0, bytes - Buffer.byteLength(note))
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
  return cut.slice(0, Math.max(cut.lastIndexOf('\n'), 0)) + note
}
