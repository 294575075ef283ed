import type { Document, LineCounter, Node, Scalar, YAMLError } from 'yaml'
import { toAlertName } from '../domain/alerts.js'
import type { JsonValue } from '../domain/json.js'
import { toShortList } from '../domain/outcome.js'
import type { Fault } from '../errors.js'
import { MOST_NAMES_IN_WARNING } from '../policy.js'
import type { Parsed } from './reader.js'

/** What a YAML text asks for, with warnings about what may have been meant otherwise. */
export interface YamlAlerts {
  readonly settings: JsonValue
  readonly warnings: readonly string[]
}

export const KEY_TWICE = 'has the same key twice'

/** Reads YAML, and refuses what would not be sent as it is written. */
export async function parseYaml(text: string): Promise<Parsed<YamlAlerts>> {
  const yaml = await import('yaml')
  const lineCounter = new yaml.LineCounter()
  // The library compares keys before they become texts, and aliases not at all; `survey` does both.
  const options = { logLevel: 'error', merge: true, resolveKnownTags: false, uniqueKeys: false } as const
  const document = yaml.parseDocument(text, { lineCounter, ...options })
  // An unknown tag is only a warning there, and its text would be sent as if it were the value.
  const [error] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')]
  if (error !== undefined) return { reason: withLine(toSyntaxReason(error, text), error.linePos?.[0].line) }
  const findings = survey(yaml, document, lineCounter)
  const [fault] = toTexts(FAULTS, findings)
  if (fault !== undefined) return fault
  try {
    const settings = document.toJS({ maxAliasCount: 100 }) as JsonValue
    return { value: { settings, warnings: toTexts(WARNINGS, findings) } }
  } catch {
    return { reason: 'has an alias or a merge key (<<) that leads nowhere, or too many of them' }
  }
}

/** Faults of YAML that people make, by the library's code for them. */
const SYNTAX_FAULTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'is more than one YAML document',
  TAB_AS_INDENT: 'is indented by a tab, which YAML does not take',
  BAD_INDENT: 'is indented in a way that YAML cannot read',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
  MISSING_CHAR: 'lacks a comma, or a closing quote or bracket',
  TAG_RESOLVE_FAILED: 'has a tag (!) that nothing resolves here; give the value itself, or put the text in quotes',
}

const HAS_COMMENT =
  'has a comment that begins with // or /*, which neither JSON nor YAML knows; take it out, or put the text in quotes'

function toSyntaxReason({ code, pos: [start], linePos }: YAMLError, text: string): string {
  if (/^\/[/*]/.test(text.slice(start, start + 2))) return HAS_COMMENT
  // A line that is indented less than the first one is outside of the document to the library.
  const [, indent = ''] = /^[\r\n]*([ \t]*)/.exec(text) ?? []
  const isOutside = code === 'UNEXPECTED_TOKEN' && linePos !== undefined && linePos[0].col <= indent.length
  return SYNTAX_FAULTS[isOutside ? 'BAD_INDENT' : code] ?? 'is neither JSON nor YAML'
}

/** A part of a YAML document that would not be sent as it is written, or may have been meant otherwise. */
interface Finding {
  readonly kind: FaultKind | WarningKind
  readonly path: string
  readonly line: number
  /** What is to be said of this one. */
  readonly note?: string
}

/** How findings of one kind are told. Values may be secrets, so only paths, lines and notes are. */
type Telling<T> = (findings: readonly Finding[]) => T

/** The first kind that is found is told: what stands first may be the cause of what comes after it. */
const FAULTS = {
  comment: inLine(HAS_COMMENT),
  quote: inLine('has a quote inside a text that has none around it; a comma may be missing, or a quote is a curly one'),
  comma: inLine(
    'has a comma or a semicolon at the end of a value, which YAML takes for a part of it; take it out, or use JSON with { }',
  ),
  keyIsNoText: inLine(
    'has a key that is no text; what it comes from may be empty, or a template in {{ }} was not filled in or lacks quotes',
  ),
  changedKey: (findings) => ({
    reason: `has a key that YAML takes for a number, or for true or false, and that would be sent as ${toPlaces(findings)}: put it in quotes`,
  }),
  keyTwice: inLine(KEY_TWICE),
  wordOfCode: (findings) => ({
    reason: `has a word that JSON does not have at ${toPlaces(findings)}: write null where a setting is to be removed, or put the text in quotes`,
  }),
  // An expression that produced nothing leaves a value out, which YAML takes for null, and null removes a setting.
  missing: (findings) => ({
    reason: `has no value at ${toPlaces(findings)}: what it comes from may be empty. Write null where a setting is to be removed`,
  }),
  changedNumber: (findings) => ({
    reason: `has a number in a form that JSON does not have, and that would be sent changed, at ${toPlaces(findings)}: put it in quotes where it is a text, such as a phone number, or write the plain number`,
    example: 'pin: "0123" or pin: 123',
  }),
} as const satisfies Readonly<Record<string, Telling<Fault>>>

const WARNINGS = {
  bareWord: (findings) =>
    `A bare on, off, yes or no in YAML is sent as a text (${toPaths(findings)}): write true or false for a switch, or put the text in quotes`,
  respelledNumber: (findings) =>
    `A number in YAML is sent as JSON writes it, as 1.2 for 1.20 or 100000 for 1e5 (${toPaths(findings)}): where it is a text, such as a version, put it in quotes`,
} as const satisfies Readonly<Record<string, Telling<string>>>

type FaultKind = keyof typeof FAULTS
type WarningKind = keyof typeof WARNINGS

function toTexts<T>(tellings: Readonly<Record<string, Telling<T>>>, findings: readonly Finding[]): T[] {
  return Object.entries(tellings).flatMap(([kind, tell]) => {
    const found = findings.filter((finding) => finding.kind === kind)
    return found.length === 0 ? [] : [tell(found)]
  })
}

function inLine(reason: string): Telling<Fault> {
  return ([first]) => ({ reason: withLine(reason, first?.line) })
}

function toPaths(findings: readonly Finding[]): string {
  return toShortList(
    findings.map(({ path }) => path),
    MOST_NAMES_IN_WARNING,
  )
}

function toPlaces(findings: readonly Finding[]): string {
  const places = findings.map(
    ({ path, line, note }) => `${path} (line ${line}${note === undefined ? '' : `, ${note}`})`,
  )
  return toShortList(places, MOST_NAMES_IN_WARNING)
}

function withLine(text: string, line: number | undefined): string {
  return line === undefined ? text : `${text} (line ${line})`
}

type Yaml = typeof import('yaml')

function survey(yaml: Yaml, document: Document, lineCounter: LineCounter): Finding[] {
  const { isAlias, isCollection, isPair, isScalar, visit } = yaml
  const findings: Finding[] = []
  const lineOf = (node: unknown) => lineCounter.linePos((node as Node).range?.[0] ?? 0).line
  const keysOf = (ancestors: readonly unknown[]) =>
    ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [toKeyText(node.key)] : []))
  visit(document, {
    Map: (_, map, ancestors) => {
      const earlier = new Set<string>()
      for (const pair of map.items) {
        const key = isAlias(pair.key) ? pair.key.resolve(document) : pair.key
        const found = judgeKey(isScalar(key) ? key : undefined, pair.value, earlier)
        if (found === undefined) continue
        // What has no colon may have been meant as a value, so it is not shown.
        const shown = found === 'changedKey' && isScalar(key) ? [toKeyText(key)] : []
        findings.push({ kind: found, path: toAlertName([...keysOf(ancestors), ...shown]), line: lineOf(pair.key) })
      }
    },
    Scalar: (position, scalar, ancestors) => {
      const isInFlow = ancestors.some((node) => isCollection(node) && node.flow === true)
      const found = judgeScalar(scalar, position === 'key', isInFlow)
      if (found !== undefined) findings.push({ ...found, path: toAlertName(keysOf(ancestors)), line: lineOf(scalar) })
    },
  })
  return findings
}

/** Judges a key by the text that would be sent, and by the texts of the keys before it. */
function judgeKey(key: Scalar | undefined, value: unknown, earlier: Set<string>): FaultKind | undefined {
  if (key === undefined || key.value === null) return 'keyIsNoText'
  if (value === null) return 'missing'
  if (isMergeKey(key)) return undefined
  const text = toKeyText(key)
  if (text !== key.source) return 'changedKey'
  if (earlier.has(text)) return 'keyTwice'
  earlier.add(text)
  return undefined
}

/** A merge key is a symbol to the library. */
function isMergeKey({ value }: Scalar): boolean {
  return typeof value === 'symbol'
}

function toKeyText(key: Scalar): string {
  return isMergeKey(key) ? (key.source ?? '') : String(key.value)
}

const COMMENT = /(?:^|\s)\/[/*]/
/** What stands behind a number or a word of JSON, where YAML makes a text of both. */
const BEHIND_VALUE = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(\/[/*]|[,;]$)/i
/** A straight quote anywhere, or a curly one where the text would begin. */
const STRAY_QUOTE = /"|^[“”„‘’]/
/** The value of a matcher, such as `severity="critical"`, whose quotes are meant. */
const MATCHED_VALUE = /[=~]\s*"[^"]*"/g
const WORD_OF_CODE = /^(?:None|undefined|[-+]?(?:NaN|Infinity))$/
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$/i
const BARE_WORD = /^(?:on|off|yes|no)$/i

/**
 * Judges one text, number or word. In flow style (`{}` and `[]`) people write JSON, and what JSON would refuse is a plain text to
 * YAML.
 */
function judgeScalar(
  { type, tag, value, source = '', comment }: Scalar,
  isKey: boolean,
  isInFlow: boolean,
): Pick<Finding, 'kind' | 'note'> | undefined {
  if (type === 'PLAIN') {
    const behind = BEHIND_VALUE.exec(source)?.[1]
    if (behind?.startsWith('/') || ((isKey || isInFlow) && COMMENT.test(source))) return { kind: 'comment' }
    if (behind !== undefined) return { kind: 'comma' }
    if (isInFlow && STRAY_QUOTE.test(source.replace(MATCHED_VALUE, ''))) return { kind: 'quote' }
    if (isInFlow && WORD_OF_CODE.test(source)) return { kind: 'wordOfCode', note: source }
  }
  if (isKey) return undefined
  if (value === null && source === '') {
    return { kind: 'missing', ...(comment == null ? {} : { note: 'a text that begins with # needs quotes' }) }
  }
  // Infinity and NaN are refused with the other numbers that JSON cannot carry.
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (!JSON_NUMBER.test(source)) return { kind: 'changedNumber', note: toNumberNote(source) }
    return JSON.stringify(value) === source ? undefined : { kind: 'respelledNumber' }
  }
  return type === 'PLAIN' && tag === undefined && BARE_WORD.test(source) ? { kind: 'bareWord' } : undefined
}

/** What a number would lose or get, without a digit of it. */
function toNumberNote(source: string): string {
  if (/^0[xo]/.test(source)) return 'as a decimal number'
  if (source.startsWith('+')) return 'without its plus sign'
  if (/^-?0\d/.test(source)) return 'without its leading zeros'
  return /^-?\./.test(source) ? 'with a zero before its point' : 'without its point'
}
