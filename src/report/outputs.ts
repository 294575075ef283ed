import { isJsonObject, type JsonObject, type JsonValue, withoutValues } from '../domain/alerts.js'
import type { Cluster } from '../domain/cluster.js'
import type { Outcome } from '../domain/outcome.js'
import { toPlanJson } from '../domain/plan.js'

/** The outputs of the action, in the order of `action.yml`. */
export const OUTPUT_NAMES = [
  'result',
  'failure-reason',
  'changed',
  'would-change',
  'phase',
  'version',
  'kubernetes-version',
  'cpu',
  'memory',
  'storage',
  'endpoint',
  'previous-version',
  'previous-kubernetes-version',
  'previous-cpu',
  'previous-memory',
  'previous-storage',
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

const LARGEST_TEXT_BYTES = 64 * 1024

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
    cpu: last?.resources.cpu ?? '',
    memory: last?.resources.memory ?? '',
    storage: last?.resources.storage ?? '',
    endpoint: last?.endpoint ?? '',
    'previous-version': first?.version ?? '',
    'previous-kubernetes-version': first?.kubernetesVersion ?? '',
    'previous-cpu': first?.resources.cpu ?? '',
    'previous-memory': first?.resources.memory ?? '',
    'previous-storage': first?.resources.storage ?? '',
    etag: outcome.etag ?? '',
    generation: last?.generation === undefined ? '' : String(last.generation),
    evidence: (outcome.evidence ?? []).join(','),
    plan: plan === undefined ? '' : toPlanJson(plan),
    'plan-digest': plan?.digest ?? '',
    cluster: last === undefined ? '' : toClusterJson(last),
    'request-id': outcome.requestId ?? '',
    'duration-seconds': String(Math.floor(outcome.durationMs / 1000)),
    'summary-markdown': cutToBytes(summary, LARGEST_TEXT_BYTES),
  }
}

/** The object as it was read, without metrics and without what stands in `alerts`; above 64 KiB only its scalars. */
export function toClusterJson({ json }: Cluster): string {
  const { alerts, status, ...rest } = json
  const whole = JSON.stringify({
    ...rest,
    ...(alerts === undefined ? {} : { alerts: isJsonObject(alerts) ? withoutValues(alerts) : '***' }),
    ...(status === undefined ? {} : { status: withoutMetrics(status) }),
  })
  if (Buffer.byteLength(whole) <= LARGEST_TEXT_BYTES) return whole
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

const LONGEST_SCALAR = 1024
const MOST_SCALARS = 20

function scalarsOf(value: JsonObject): JsonObject {
  const isSmall = (item: JsonValue) => typeof item !== 'object' && String(item).length <= LONGEST_SCALAR
  const small = Object.entries(value).filter(([key, item]) => key.length <= LONGEST_SCALAR && isSmall(item))
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
