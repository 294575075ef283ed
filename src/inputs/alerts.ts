import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.js'
import { DEEPEST_ALERTS } from '../policy.js'
import { KEY_TWICE, parseYaml, type YamlAlerts } from './alerts-yaml.js'
import { type InputReader, isFault, type Parsed } from './reader.js'

/** Alert settings, with warnings about what may have been meant otherwise. */
interface Alerts extends YamlAlerts {
  readonly settings: JsonObject
}

/** Reads `alerts` from JSON or YAML. Its values may be secrets, so no error and no warning shows them. */
export async function readAlerts(read: InputReader): Promise<JsonObject | undefined> {
  const text = read.text('alerts')
  if (text === undefined) return undefined
  const parsed = await parseAlerts(text)
  if (isFault(parsed)) return read.fail('alerts', parsed)
  const { settings, warnings } = parsed.value
  read.warnings.push(...warnings)
  return settings
}

/** JSON is tried first: YAML's library is loaded only for YAML. */
async function parseAlerts(text: string): Promise<Parsed<Alerts>> {
  const json = parseJson(text)
  const parsed = json === undefined ? await parseYaml(text) : { value: { settings: json, warnings: [] } }
  if (isFault(parsed)) return parsed
  const { settings, warnings } = parsed.value
  const reason = problemOf(settings)
  if (reason !== undefined || !isJsonObject(settings)) return { reason: reason ?? NO_OBJECT }
  if (json !== undefined && hasKeyTwice(text, settings)) return { reason: KEY_TWICE }
  return { value: { settings, warnings } }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/** JSON's parser keeps the last of two equal keys and says nothing: then the text has more members than what came of it. */
function hasKeyTwice(text: string, json: JsonValue): boolean {
  const written = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
  return written > countMembers(json)
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0
  const items = Object.values(value)
  return items.reduce<number>((sum, item) => sum + countMembers(item), isJsonObject(value) ? items.length : 0)
}

const NO_OBJECT = 'is not an object (keys with values)'

function problemOf(value: JsonValue): string | undefined {
  if (!isJsonObject(value)) return NO_OBJECT
  if (Object.keys(value).length === 0) return 'is an empty object, which asks for nothing'
  if (isDeeperThan(value, DEEPEST_ALERTS)) return 'refers to itself, or is nested too deeply'
  return hasLossyNumber(value) ? 'has a number that JSON cannot carry exactly; write it as a text' : undefined
}

function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1))
}

function hasLossyNumber(value: JsonValue): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLossyNumber)
}
