import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.js'
import { toShortList } from '../domain/outcome.js'
import { DEEPEST_ALERTS, MOST_NAMES_IN_WARNING } from '../policy.js'
import type { InputReader, Parsed } from './reader.js'

/** Alert settings, with the key paths of words that YAML once took for booleans. */
interface Alerts {
  readonly settings: JsonObject
  readonly bareWords: readonly string[]
}

/** Reads `alerts` from JSON or YAML. Its values may be secrets, so no error and no warning shows them. */
export async function readAlerts(read: InputReader): Promise<JsonObject | undefined> {
  const text = read.text('alerts')
  if (text === undefined) return undefined
  const parsed = await parseAlerts(text)
  if ('reason' in parsed) return read.fail('alerts', parsed)
  const { settings, bareWords } = parsed.value
  if (bareWords.length > 0) read.warnings.push(toWarning(bareWords))
  return settings
}

/** JSON is tried first: YAML's library is loaded only for YAML. */
async function parseAlerts(text: string): Promise<Parsed<Alerts>> {
  const json = parseJson(text)
  const parsed = json === undefined ? await parseYaml(text) : { value: { settings: json, bareWords: [] } }
  if ('reason' in parsed) return parsed
  const { settings, bareWords } = parsed.value
  const reason = problemOf(settings)
  if (reason !== undefined || !isJsonObject(settings)) return { reason: reason ?? NO_OBJECT }
  if (json !== undefined && hasKeyTwice(text, settings)) return { reason: KEY_TWICE }
  return { value: { settings, bareWords } }
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
const KEY_TWICE = 'has the same key twice'

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

/** Faults of YAML that people make, by the library's code for them. */
const YAML_FAULTS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: KEY_TWICE,
  MULTIPLE_DOCS: 'is more than one YAML document',
  TAB_AS_INDENT: 'is indented by a tab, which YAML does not take',
  BAD_INDENT: 'is indented in a way that YAML cannot read',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
  MISSING_CHAR: 'lacks a closing quote or bracket',
}

async function parseYaml(text: string): Promise<Parsed<{ settings: JsonValue; bareWords: readonly string[] }>> {
  const { isPair, isScalar, parseDocument, visit } = await import('yaml')
  const document = parseDocument(text, { logLevel: 'error', merge: true, resolveKnownTags: false })
  const [fault] = document.errors
  if (fault !== undefined) {
    const line = fault.linePos?.[0].line
    const reason = YAML_FAULTS[fault.code] ?? 'is neither JSON nor YAML'
    return { reason: line === undefined ? reason : `${reason} (line ${line})` }
  }
  const bareWords: string[] = []
  visit(document, {
    Scalar: (key, { type, tag, value }, ancestors) => {
      if (key === 'key' || type !== 'PLAIN' || tag !== undefined || !isBareWord(value)) return
      const keys = ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []))
      bareWords.push(['alerts', ...keys].join('.'))
    },
  })
  try {
    return { value: { settings: document.toJS({ maxAliasCount: 100 }) as JsonValue, bareWords } }
  } catch {
    return { reason: 'has an alias or a merge key (<<) that leads nowhere, or too many of them' }
  }
}

function isBareWord(value: unknown): boolean {
  return typeof value === 'string' && /^(?:on|off|yes|no)$/i.test(value)
}

function toWarning(paths: readonly string[]): string {
  const where = toShortList(paths, MOST_NAMES_IN_WARNING)
  return `A bare on, off, yes or no in YAML is sent as a text (${where}): write true or false for a switch, or put the text in quotes`
}
