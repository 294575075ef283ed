import type { Document, LineCounter, Node } from 'yaml'
import { toAlertName } from '../domain/alerts.js'
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
  TAG_RESOLVE_FAILED: 'has a tag (!) that nothing resolves here; give the value itself, or put the text in quotes',
}

type Yaml = typeof import('yaml')

async function parseYaml(text: string): Promise<Parsed<{ settings: JsonValue; bareWords: readonly string[] }>> {
  const yaml = await import('yaml')
  const lineCounter = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter, logLevel: 'error', merge: true, resolveKnownTags: false })
  // An unknown tag is only a warning there, and its text would be sent as if it were the value.
  const [fault] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')]
  if (fault !== undefined) {
    return { reason: withLine(YAML_FAULTS[fault.code] ?? 'is neither JSON nor YAML', fault.linePos?.[0].line) }
  }
  const { linesOfKeys, withoutValue, hasComment, bareWords } = survey(yaml, document, lineCounter)
  if (linesOfKeys.length > 0) return { reason: withLine(KEY_IS_NO_TEXT, linesOfKeys[0]) }
  if (withoutValue.length > 0) return { reason: toMissingReason(withoutValue, hasComment) }
  try {
    return { value: { settings: document.toJS({ maxAliasCount: 100 }) as JsonValue, bareWords } }
  } catch {
    return { reason: 'has an alias or a merge key (<<) that leads nowhere, or too many of them' }
  }
}

/** What of a YAML document would not be sent as it was meant. */
interface Survey {
  /** Where keys stand that are no texts. */
  readonly linesOfKeys: readonly number[]
  /** The key paths at which nothing is written, with their lines. */
  readonly withoutValue: readonly string[]
  /** Whether a comment stands where a value is missing. */
  readonly hasComment: boolean
  readonly bareWords: readonly string[]
}

function survey({ isAlias, isPair, isScalar, visit }: Yaml, document: Document, lineCounter: LineCounter): Survey {
  const linesOfKeys: number[] = []
  const withoutValue: string[] = []
  const bareWords: string[] = []
  let hasComment = false
  const lineOf = (node: unknown) => lineCounter.linePos((node as Node).range?.[0] ?? 0).line
  const toPath = (ancestors: readonly unknown[]) =>
    toAlertName(ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [toKeyText(node.key.value)] : [])))
  visit(document, {
    Pair: (_, { key, value }, ancestors) => {
      const named = isAlias(key) ? key.resolve(document) : key
      if (!isScalar(named) || named.value === null) linesOfKeys.push(lineOf(key))
      // What has no colon may have been meant as a value, so it is not shown.
      if (value === null) withoutValue.push(withLine(toPath(ancestors), lineOf(key)))
    },
    Scalar: (key, scalar, ancestors) => {
      if (key === 'key') return
      const { type, tag, value, source, comment } = scalar
      if (type === 'PLAIN' && tag === undefined && isBareWord(value)) bareWords.push(toPath(ancestors))
      if (value !== null || source !== '') return
      withoutValue.push(withLine(toPath(ancestors), lineOf(scalar)))
      hasComment ||= comment != null
    },
  })
  return { linesOfKeys, withoutValue, hasComment, bareWords }
}

const KEY_IS_NO_TEXT =
  'has a key that is no text; what it comes from may be empty, or a template in {{ }} was not filled in or lacks quotes'

/** An expression that produced nothing leaves a value out, which YAML takes for null, and null removes a setting. */
function toMissingReason(paths: readonly string[], hasComment: boolean): string {
  const where = toShortList(paths, MOST_NAMES_IN_WARNING)
  const hint = hasComment ? '; a text that begins with # needs quotes' : ''
  return `has no value at ${where}: what it comes from may be empty${hint}. Write null where a setting is to be removed`
}

function withLine(text: string, line: number | undefined): string {
  return line === undefined ? text : `${text} (line ${line})`
}

/** A merge key is a symbol to the library. */
function toKeyText(key: unknown): string {
  return typeof key === 'symbol' ? (key.description ?? '') : String(key)
}

function isBareWord(value: unknown): boolean {
  return typeof value === 'string' && /^(?:on|off|yes|no)$/i.test(value)
}

function toWarning(paths: readonly string[]): string {
  const where = toShortList(paths, MOST_NAMES_IN_WARNING)
  return `A bare on, off, yes or no in YAML is sent as a text (${where}): write true or false for a switch, or put the text in quotes`
}
