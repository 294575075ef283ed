import { textsIn } from '../domain/alerts.js'
import type { Cluster } from '../domain/cluster.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.js'
import { mapResources } from '../domain/resources.js'
import { LONGEST, MOST_SERVER_LINES } from '../policy.js'
import { createRedactor, cutOff, type Redact, redactDeep, toHarmlessLine } from '../redact.js'
import { parseJson } from './json-text.js'

/**
 * Reads a 2xx body as the cluster that was asked for. Only its `name` is certain; a field that is missing, empty or of another
 * type counts as absent. Gives `undefined` for anything that is no such cluster. Secrets are taken out of everything but
 * `alerts`, which is compared as it is and never shown; what stands in `alerts` is taken out of the server's free texts, too.
 */
export function decodeCluster(
  body: string,
  name: string,
  redact: Redact,
  askedAlertTexts: readonly string[],
): Cluster | undefined {
  const parsed = parseJson(body)
  if (!isJsonObject(parsed) || parsed.name !== name) return undefined
  const { alerts, ...rest } = parsed
  const hideAlerts = createRedactor([...askedAlertTexts, ...textsIn(alerts)])
  const json = withoutAlertsInWords(redactDeep(rest, redact), hideAlerts)
  const status = objectAt(json, 'status')
  return {
    name,
    resources: mapResources((resource) => textAt(objectAt(json, 'resources'), resource)),
    allResources: scalarsOf(objectAt(parsed, 'resources')),
    hasResources: objectAt(parsed, 'resources') !== undefined,
    conditions: linesOf(status?.conditions, toConditionLine),
    warnings: linesOf(json.warnings, toWarningLine),
    json: alerts === undefined ? json : { ...json, alerts },
    ...defined({
      version: textAt(json, 'version'),
      alerts: isJsonObject(alerts) ? alerts : undefined,
      generation: integerAt(json, 'generation'),
      createdAt: textAt(json, 'createdAt'),
      phase: textAt(status, 'phase'),
      kubernetesVersion: textAt(status, 'kubernetesVersion'),
      endpoint: textAt(status, 'endpoint'),
      observedGeneration: integerAt(status, 'observedGeneration'),
      haPhase: textAt(status, 'haPhase'),
    }),
  }
}

/** What the server says in words may repeat what stands in `alerts`; a phase or a version is none of that, and stays. */
function withoutAlertsInWords(json: JsonObject, hideAlerts: Redact): JsonObject {
  const { warnings, status } = json
  return {
    ...json,
    ...(warnings === undefined ? {} : { warnings: redactDeep(warnings, hideAlerts) }),
    ...(isJsonObject(status) && status.conditions !== undefined
      ? { status: { ...status, conditions: redactDeep(status.conditions, hideAlerts) } }
      : {}),
  }
}

type Defined<T> = { [K in keyof T]?: NonNullable<T[K]> }

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}

function objectAt(value: JsonObject | undefined, key: string): JsonObject | undefined {
  const inner = value?.[key]
  return isJsonObject(inner) ? inner : undefined
}

function scalarsOf(value: JsonObject | undefined): Record<string, string | number> {
  const isScalar = (entry: [string, JsonValue]): entry is [string, string | number] =>
    typeof entry[1] === 'number' || (typeof entry[1] === 'string' && entry[1] !== '')
  return Object.fromEntries(Object.entries(value ?? {}).filter(isScalar))
}

function textAt(value: JsonObject | undefined, key: string): string | undefined {
  const inner = value?.[key]
  if (typeof inner === 'number') return String(inner)
  return typeof inner === 'string' && inner !== '' ? inner : undefined
}

/** An integer; some servers write theirs as text, as `"2"`. */
function integerAt(value: JsonObject | undefined, key: string): number | undefined {
  const inner = value?.[key]
  const integer = typeof inner === 'string' && /^\d+$/.test(inner) ? Number(inner) : inner
  return typeof integer === 'number' && Number.isSafeInteger(integer) ? integer : undefined
}

function linesOf(list: JsonValue | undefined, toLine: (item: JsonValue) => string | undefined): string[] {
  if (!Array.isArray(list)) return []
  const lines = list.flatMap((item: JsonValue) => {
    const line = toLine(item)
    return line === undefined || line.trim() === '' ? [] : [cutOff(toHarmlessLine(line), LONGEST.serverLine)]
  })
  return lines.slice(0, MOST_SERVER_LINES)
}

/** No schema of conditions is published; this reads the Kubernetes shape and takes any text as it is. */
function toConditionLine(condition: JsonValue): string | undefined {
  if (typeof condition === 'string') return condition
  if (!isJsonObject(condition)) return undefined
  const [type, status] = [textAt(condition, 'type'), textAt(condition, 'status')]
  const head = [type, status].filter((text) => text !== undefined).join('=')
  const words = [textAt(condition, 'reason'), textAt(condition, 'message')]
    .filter((text) => text !== undefined)
    .join(': ')
  return [head, words].filter((text) => text !== '').join(' ')
}

function toWarningLine(warning: JsonValue): string | undefined {
  if (typeof warning === 'string') return warning
  if (!isJsonObject(warning)) return undefined
  const field = textAt(warning, 'field')
  const text = textAt(warning, 'message') ?? textAt(warning, 'code')
  return field === undefined ? text : `${text ?? ''} (${field})`
}
