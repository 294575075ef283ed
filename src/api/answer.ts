import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.js'
import type { ServerWords } from '../domain/server-words.js'
import { EXCHANGE, LONGEST } from '../policy.js'
import { type AlertRedactor, toShownLine } from '../redact.js'
import type { BodyFault } from './body.js'
import { toShownWords, wordsOf } from './decode.js'
import type { HttpResponse } from './http.js'
import { parseJson, readJson } from './json-text.js'
import { parseRetryAfter } from './retry-after.js'

/** In what way the body of a 2xx shows no cluster. */
export function describeBody(response: HttpResponse, redactor: AlertRedactor): string {
  const { body, isWhole, bodyFault } = response
  if (!isWhole) return BODY_FAULTS[bodyFault ?? 'too-large']
  if (body.trim() === '') return 'an empty body'
  if (isWebPage(response))
    return `${isXml(body) ? 'an XML page' : 'a web page (HTML)'} of something in front of the API`
  const json = readJson(body)
  if (json.kind === 'too-deep') return 'JSON that is nested too deeply'
  if (json.kind === 'not-json') return 'a body that is not JSON'
  if (!isJsonObject(json.value)) return 'JSON that is no object'
  const { name } = json.value
  if (typeof name !== 'string' || name === '') return 'another JSON object, without a name'
  return `another JSON object, named ${toShownLine(name, redactor.redactName, { longest: LONGEST.name })}`
}

const BODY_FAULTS: Readonly<Record<BodyFault, string>> = {
  cut: 'a body that was cut off',
  timeout: 'a body that did not end in time',
  'too-large': `more than ${EXCHANGE.largestBodyBytes / (1024 * 1024)} MiB`,
  undecodable: 'a compressed body that cannot be read',
}

/** Whether the API itself wrote an answer that is no success: see `ApiErrorFacts.isFromApi`. */
export function isFromApi({ status, body, isWhole }: HttpResponse): boolean {
  if (!isWhole) return false
  return body.trim() === '' ? status === 403 : isJsonObject(parseJson(body))
}

/** What the API says when a key may not do something: what follows from it must not depend on what may be shown. */
const ACCESS_DENIED = /^(access denied|admin access required|not a member of this tenant)$/i

const WITHHELD = 'its words are not shown here, since alerts holds too many texts that may be secrets'

/**
 * The server's own words of an error: those of a JSON body, of a web page only the title, and any other text as it is. JSON is
 * never shown as it is: it may be the cluster, with settings inside `alerts` that no read of this run has shown.
 */
export function errorWordsOf(response: HttpResponse, redactor: AlertRedactor): ServerWords {
  const { body, isWhole } = response
  const json = parseJson(body)
  for (const alerts of alertsIn(json)) redactor.learn(alerts)
  const words = wordsOfError(json)
  const message = words.message?.trim() ?? ''
  if (ACCESS_DENIED.test(message)) return { ...(redactor.isOverwhelmed ? {} : toShownWords(words, redactor)), message }
  if (isWebPage(response)) return { message: toPageText(body, redactor) }
  if (redactor.isOverwhelmed) return body.trim() === '' ? {} : { message: WITHHELD }
  if (message !== '' && !JSON_START.test(message))
    return toShownWords({ ...words, message: withoutQuotedAlerts(message) }, redactor)
  if (json !== undefined || JSON_START.test(body)) {
    return { ...toShownWords(words, redactor), message: withheldJson(json, isWhole) }
  }
  const cut = { longest: LONGEST.serverMessage, isCut: !isWhole }
  return { message: toShownLine(withoutQuotedAlerts(body), redactor.redact, cut) }
}

function withheldJson(json: JsonValue | undefined, isWhole: boolean): string {
  if (json !== undefined) return 'a JSON body without a message'
  return isWhole ? 'a body that begins as JSON and cannot be read' : 'a JSON body that was cut off'
}

/** How JSON begins, and whatever else programs print of an object; `[error] no route` is neither. */
const JSON_START = /^[\s\ufeff]*(?:\{|\[\s*(?:[[{"']|$))/

/** Where words quote the object: as JSON, escaped or not, or as a program prints it. */
const QUOTED_ALERTS = /alerts\\*["']?\s*[:=]+>?\s*&?(?:\{|map\[)/i

/** Words up to where they quote what stands in `alerts`: no read may have shown it yet. */
function withoutQuotedAlerts(text: string): string {
  const at = text.search(QUOTED_ALERTS)
  return at < 0 ? text : `${text.slice(0, at)}…`
}

/** What stands under `alerts`, wherever that is. */
function alertsIn(json: JsonValue | undefined): JsonValue[] {
  if (typeof json !== 'object' || json === null) return []
  const own = isJsonObject(json) && json.alerts !== undefined ? [json.alerts] : []
  return [...own, ...Object.values(json).flatMap(alertsIn)]
}

/** Where the words of an error may stand, the API's own way first: others are those of gateways and of RFC 9457. */
const PLACES: readonly ((json: JsonObject) => JsonValue | undefined)[] = [
  (json) => json,
  ({ error }) => error,
  ({ errors }) => (Array.isArray(errors) ? (errors[0] as JsonValue | undefined) : undefined),
  ({ detail }) => detail,
  ({ title }) => title,
]

function wordsOfError(json: JsonValue | undefined): ServerWords {
  if (typeof json === 'string') return { message: json }
  if (!isJsonObject(json)) return {}
  const found = PLACES.map((place) => place(json))
    .map((value) => (typeof value === 'string' ? { message: value } : wordsOf(value)))
    .find(({ message }) => message !== undefined && message.trim() !== '')
  return { ...wordsOf(json), ...found }
}

/** The API speaks JSON, and never sends one. */
function isWebPage({ body, headers }: HttpResponse): boolean {
  if (isXml(body) || /^[\s\ufeff]*<(?:!doctype|!--|(?:html|head|title|body)\b)/i.test(body)) return true
  return /\bhtml\b/i.test(headers['content-type'] ?? '') && parseJson(body) === undefined && body.trim() !== ''
}

function isXml(body: string): boolean {
  return /^[\s\ufeff]*<\?xml\b/i.test(body)
}

function toPageText(page: string, redactor: AlertRedactor): string {
  const title = toShownLine(titleOf(page), redactor.redact, { longest: LONGEST.title })
  return `something in front of the API answered${title === '' ? '' : `: ${title}`}`
}

/** Step by step: one expression over a page without an end to its title could take minutes. */
function titleOf(page: string): string {
  const fromTag = page.slice(Math.max(0, page.search(/<title[\s>]/i)))
  const start = fromTag.indexOf('>') + 1
  const end = fromTag.search(/<\/title/i)
  return /^<title/i.test(fromTag) && end >= start ? fromTag.slice(start, end).replace(/\s+/g, ' ') : ''
}

/** Where a 3xx points to, by origin and path only: what a sign-in page is told behind them is nobody's business. */
export function redirectOf(
  url: string,
  { status, headers }: HttpResponse,
  redactor: AlertRedactor,
): string | undefined {
  const { location } = headers
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url)) return undefined
  const { protocol, host, pathname } = new URL(location, url)
  return toShownLine(`${protocol}//${host}${pathname}`, redactor.redact, { longest: LONGEST.redirect }) || undefined
}

/** An id is shown even where no words may be: whoever asks the server's people for help needs it. */
export function requestIdOf({ headers }: HttpResponse, redactor: AlertRedactor): string | undefined {
  const redact = redactor.isOverwhelmed ? redactor.redactName : redactor.redact
  return toShownLine(headers['x-request-id'] ?? '', redact, { longest: LONGEST.requestId }) || undefined
}

export function retryAfterMsOf({ headers }: HttpResponse): number | undefined {
  return parseRetryAfter(headers['retry-after'], headers.date)
}
