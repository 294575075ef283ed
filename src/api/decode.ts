import { byTelling, type Cluster, type Condition, isAboutHealth } from '../domain/cluster.js'
import { isJsonObject, type JsonObject, type JsonValue, toText } from '../domain/json.js'
import { mapResources } from '../domain/resources.js'
import { type ServerWords, toKind, toWordsText } from '../domain/server-words.js'
import { LONGEST, MOST } from '../policy.js'
import { type AlertRedactor, cutOff, redactLong, toShownLine } from '../redact.js'
import { parseJson } from './json-text.js'

/**
 * Reads a 2xx body as the cluster that was asked for. Only its `name` is certain; a field that is missing, empty or of another
 * type counts as absent. Gives `undefined` for anything that is no such cluster. What stands in `alerts` is learned first, so
 * that it can be taken out of the server's words; the values themselves stay as they are, to be compared and sent back.
 */
export function decodeCluster(body: string, name: string, redactor: AlertRedactor): Cluster | undefined {
  const json = parseJson(body)
  if (!isJsonObject(json) || json.name !== name) return undefined
  const { alerts } = json
  const status = objectAt(json, 'status')
  const phase = textAt(status, 'phase')
  const resources = objectAt(json, 'resources')
  const allResources = valuesOf(resources)
  const values = {
    name,
    // A limit of another type is there all the same: as its JSON it can be read as no quantity, and so not be judged.
    resources: mapResources((name) => (allResources[name] === undefined ? undefined : toText(allResources[name]))),
    allResources,
    hasResources: resources !== undefined,
    json,
    ...defined({
      version: textAt(json, 'version')?.trim() || undefined,
      alerts: isJsonObject(alerts) ? alerts : undefined,
      generation: integerAt(json, 'generation'),
      createdAt: textAt(json, 'createdAt'),
      // Every phase of a run is kept, however many there are.
      phase:
        phase === undefined
          ? undefined
          : cutOff(redactLong(phase, redactor.redactSecrets, { longest: LONGEST.scalar }), LONGEST.scalar),
      kubernetesVersion: textAt(status, 'kubernetesVersion')?.trim() || undefined,
      endpoint: textAt(status, 'endpoint'),
      observedGeneration: integerAt(status, 'observedGeneration'),
      haPhase: textAt(status, 'haPhase'),
    }),
  }
  redactor.learn(alerts)
  redactor.showRead(textsWithOutputs(values))
  return {
    ...values,
    conditions: conditionsOf(status?.conditions, redactor),
    warnings: warningsOf(json.warnings, redactor),
  }
}

/** What outputs of their own show of a cluster, which the server's words may therefore repeat. */
function textsWithOutputs(cluster: Omit<Cluster, 'conditions' | 'warnings'>): string[] {
  const { version, kubernetesVersion, phase, endpoint, generation, observedGeneration, resources } = cluster
  const texts = [version, kubernetesVersion, phase, endpoint, generation, observedGeneration]
  return [...texts, ...Object.values(resources)].flatMap((text) => (text === undefined ? [] : [String(text)]))
}

type Defined<T> = { [K in keyof T]?: NonNullable<T[K]> }

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}

function objectAt(value: JsonObject | undefined, key: string): JsonObject | undefined {
  const inner = value?.[key]
  return isJsonObject(inner) ? inner : undefined
}

function valuesOf(object: JsonObject | undefined): JsonObject {
  return Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== null && value !== ''))
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

function conditionsOf(list: JsonValue | undefined, redactor: AlertRedactor): Condition[] {
  if (!Array.isArray(list)) return []
  const conditions = list.flatMap((item: JsonValue) => toCondition(item) ?? [])
  return byTelling(conditions)
    .slice(0, MOST.conditions)
    .flatMap((condition) => toShownCondition(condition, redactor) ?? [])
}

/** No schema of conditions is published; this reads the Kubernetes shape and takes any text as it is. */
function toCondition(item: JsonValue): Condition | undefined {
  if (typeof item === 'string') return item.trim() === '' ? undefined : { message: item }
  if (!isJsonObject(item)) return undefined
  const { status } = item
  const condition = defined({
    type: textAt(item, 'type'),
    status: typeof status === 'boolean' ? (status ? 'True' : 'False') : textAt(item, 'status'),
    reason: textAt(item, 'reason'),
    message: textAt(item, 'message'),
  })
  return Object.keys(condition).length === 0 ? undefined : condition
}

/** Where no words may be shown, what a condition says of the cluster's health is no more than its type and status. */
function toShownCondition({ type, status, ...words }: Condition, redactor: AlertRedactor): Condition | undefined {
  const toName = (text: string | undefined) =>
    text === undefined ? undefined : toShownLine(text, redactor.redactName, { longest: LONGEST.name })
  const names = defined({ type: toName(type), status: toName(status) })
  if (redactor.isOverwhelmed)
    return isAboutHealth(names) && /^(True|False|Unknown)$/.test(status ?? '') ? names : undefined
  const message =
    words.message === undefined
      ? undefined
      : toShownLine(words.message, redactor.redact, { longest: LONGEST.serverLine })
  return { ...names, ...defined({ reason: toName(words.reason), message }) }
}

/** Of those that differ only in their numbers, the first. */
function warningsOf(list: JsonValue | undefined, redactor: AlertRedactor): string[] {
  if (!Array.isArray(list) || redactor.isOverwhelmed) return []
  const kinds = new Map<string, ServerWords>()
  for (const item of list as readonly JsonValue[]) {
    const words = typeof item === 'string' ? { message: item } : wordsOf(item)
    const kind = toKind(toWordsText(words))
    if (kind.trim() !== '' && !kinds.has(kind)) kinds.set(kind, words)
    if (kinds.size === MOST.warningsInAnswer) break
  }
  return [...kinds.values()].map((words) => toWordsText(toShownWords(words, redactor, LONGEST.serverLine)))
}

/** What an error's body or a warning says: `message`, which older servers call `error`, with its code and field. */
export function wordsOf(json: JsonValue | undefined): ServerWords {
  if (!isJsonObject(json)) return {}
  return defined({
    message: textAt(json, 'message') ?? textAt(json, 'error'),
    code: textAt(json, 'code'),
    field: textAt(json, 'field'),
  })
}

/** The server's words as they may be shown; `longest` is for the message. */
export function toShownWords(
  { message, code, field }: ServerWords,
  redactor: AlertRedactor,
  longest: number = LONGEST.serverMessage,
): ServerWords {
  const toName = (text: string | undefined) =>
    text === undefined ? undefined : toShownLine(text, redactor.redactName, { longest: LONGEST.name })
  return defined({
    message: message === undefined ? undefined : toShownLine(message, redactor.redact, { longest }),
    code: toName(code),
    field: toName(field),
  })
}
