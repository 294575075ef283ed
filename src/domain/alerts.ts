import { isJsonObject, isSameJson, type JsonObject, type JsonValue, type KeyPath, valueAt } from './json.js'

/** The paths of all values asked for: objects are walked key by key, an empty object, an array and a scalar are values. */
export function leafPaths(asked: JsonObject): KeyPath[] {
  return Object.keys(asked).flatMap((key) => {
    const value = asked[key]
    const isBranch = isJsonObject(value) && Object.keys(value).length > 0
    return isBranch ? leafPaths(value).map((path) => [key, ...path]) : [[key]]
  })
}

/** A key path for people: `alerts.a.b` for two keys, `alerts["a.b"]` for one that has a dot in it. */
export function toAlertName(path: KeyPath): string {
  return path.reduce((name, key) => name + (/^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`), 'alerts')
}

/** Whether `null` is asked for anywhere: that is met by absence, so a read must be able to show what is absent. */
export function asksForAbsence(asked: JsonObject | undefined): boolean {
  return asked !== undefined && leafPaths(asked).some((path) => valueAt(asked, path) === null)
}

/** The live value at a path; `null` there is absence, as where it is asked for. */
export function settingAt(alerts: JsonObject | undefined, path: KeyPath): JsonValue | undefined {
  return valueAt(alerts, path) ?? undefined
}

/** The live value at a path, or the one above it that leaves no room for one: `false` where `{enabled}` is looked for. */
export function standingAt(alerts: JsonObject | undefined, path: KeyPath): JsonValue | undefined {
  const lengths = path.map((_, index) => index + 1)
  const standing = lengths.map((length) => settingAt(alerts, path.slice(0, length)))
  return standing.find((value, index) => index === path.length - 1 || (value !== undefined && !isJsonObject(value)))
}

/** True when the live value is what was asked: an empty object asks only for an object, `null` is met by absence. */
export function isValueMet(asked: JsonValue | undefined, live: JsonValue | undefined): boolean {
  if (asked === null) return live === undefined || live === null
  if (isJsonObject(asked) && Object.keys(asked).length === 0) return isJsonObject(live)
  return isSameJson(asked, live)
}

/** The same keys with every value hidden, since values inside `alerts` may be secrets. */
export function withoutValues(alerts: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(alerts).map((key) => {
      const value = alerts[key]
      return [key, isJsonObject(value) ? withoutValues(value) : '***']
    }),
  )
}

/** The keys and the values inside `alerts`, however deep: each key, each text, and each number as it is written. */
export interface AlertLeaf {
  readonly kind: 'key' | 'text' | 'number'
  readonly text: string
}

/** Walks through `alerts` without recursion, since the server decides how deep they are. */
export function* alertLeaves(alerts: JsonValue | undefined): Generator<AlertLeaf> {
  const open: (JsonValue | undefined)[] = [alerts]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') yield { kind: 'text', text: value }
    else if (typeof value === 'number') yield { kind: 'number', text: String(Math.abs(value)) }
    else if (isJsonObject(value)) {
      for (const [key, inner] of Object.entries(value)) {
        yield { kind: 'key', text: key }
        open.push(inner)
      }
    } else if (Array.isArray(value)) for (const inner of value) open.push(inner)
  }
}

/**
 * What of one value inside `alerts` may be a secret, and is taken out of whatever the server says (contract 3.8): the value, its
 * lines, what a line gives after its key, and the tokens, numbers and parts of URLs in it. The same text may come more than once.
 */
export function* secretTextsIn({ kind, text }: AlertLeaf): Generator<string> {
  if (kind === 'key') return
  if (kind === 'number') {
    if (digitsIn(text) >= LEAST.digits) yield text
    return
  }
  for (const candidate of candidatesIn(text)) {
    const trimmed = candidate.trim()
    if (isTelling(trimmed)) yield trimmed
  }
  for (const [token] of text.matchAll(TOKEN)) if (/\d/.test(token)) yield token
  for (const [number] of text.matchAll(NUMBER)) yield number
  for (const [, afterScheme = ''] of text.matchAll(URL_AFTER_SCHEME)) yield* secretUrlPartsIn(afterScheme)
}

/** How many characters make a secret: of any text, of one with a digit or a mark, of a part of a URL, of a number. */
const LEAST = { letters: 12, mixed: 6, urlPart: 8, digits: 6 } as const

const TOKEN = /[\p{L}\p{N}_-]{16,}/gu
const NUMBER = /(?<![\p{L}\p{N}_])\d{6,}(?![\p{L}\p{N}_])/gu
const URL_AFTER_SCHEME = /:\/\/([^\s"'`<>]+)/g
const KEY_ALONE = /^(?:- +)?["']?[\w./-]+["']?:$/

/** Whether a text says enough to be a secret: a shorter word of letters stands in too many other places. */
export function isTelling(text: string): boolean {
  return text.length >= LEAST.letters || (text.length >= LEAST.mixed && /[^\p{L}\p{M}\s]/u.test(text))
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length
}

function* candidatesIn(value: string): Generator<string> {
  if (!KEY_ALONE.test(value.trim())) yield value
  for (const line of value.split(/[\r\n\u2028\u2029]+/)) {
    const trimmed = line.trim()
    if (!KEY_ALONE.test(trimmed)) yield trimmed
    const [, after] = /^.*?(?:: |=)(.*)$/.exec(trimmed) ?? []
    if (after !== undefined) yield withoutQuotes(after)
  }
}

/** `"x",` gives `x`: whoever repeats a value leaves out the marks around it. */
function withoutQuotes(text: string): string {
  const bare = text.trim().replace(/[,;]$/, '').trimEnd()
  const [, , inner] = /^(["'`])(.*)\1$/.exec(bare) ?? []
  return inner ?? bare
}

/** The user info, each part of the path and each value of the query. Words of letters alone are kept, however they are written. */
function* secretUrlPartsIn(afterScheme: string): Generator<string> {
  const [, authority = '', path = '', rest = ''] = /^([^/?#]*)([^?#]*)(.*)$/.exec(afterScheme) ?? []
  const userInfo = authority.slice(0, Math.max(0, authority.lastIndexOf('@')))
  for (const part of [userInfo, ...userInfo.split(':')]) if (isTelling(part) || isSecretUrlPart(part)) yield part
  const values = rest.split(/[?#&;]/).map((pair) => pair.slice(pair.indexOf('=') + 1))
  for (const part of [...path.split('/'), ...values]) if (isSecretUrlPart(part)) yield part
}

function isSecretUrlPart(part: string): boolean {
  if (part.length < LEAST.urlPart) return false
  return /\d/.test(part) || (/\p{Lu}/u.test(part) && /\p{Ll}/u.test(part) && isTelling(part))
}
