import { isJsonObject, type JsonValue } from '../domain/json.js'
import type { ApiErrorFacts } from '../errors.js'
import { EXCHANGE, LONGEST } from '../policy.js'
import { cutOff, type Redact, toHarmlessLine } from '../redact.js'
import type { BodyFault } from './body.js'
import type { HttpResponse } from './http.js'
import { parseJson, readJson } from './json-text.js'
import { parseRetryAfter } from './retry-after.js'

/** In what way the body of a 2xx shows no cluster. */
export function describeBody({ body, isWhole, bodyFault }: HttpResponse, redact: Redact): string {
  if (!isWhole) return BODY_FAULTS[bodyFault ?? 'too-large']
  if (body.trim() === '') return 'an empty body'
  if (isWebPage(body)) return 'a web page (HTML) of something in front of the API'
  const json = readJson(body)
  if (json.kind === 'too-deep') return 'JSON that is nested too deeply'
  if (json.kind === 'not-json') return 'a body that is not JSON'
  if (!isJsonObject(json.value)) return 'JSON that is no object'
  const name = toServerWord(json.value.name, redact)
  return `another JSON object, ${name === undefined ? 'without a name' : `named ${name}`}`
}

const BODY_FAULTS: Readonly<Record<BodyFault, string>> = {
  cut: 'a body that was cut off',
  timeout: 'a body that did not end in time',
  'too-large': `more than ${EXCHANGE.largestBodyBytes / (1024 * 1024)} MiB`,
  undecodable: 'a compressed body that cannot be read',
}

/** Whether a body is HTML, which no API writes. */
function isWebPage(body: string): boolean {
  return /^\s*(?:<!--[\s\S]{0,1000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i.test(body)
}

/** Whether the API itself wrote an answer that is no success: see `ApiErrorFacts.isFromApi`. */
export function isFromApi({ status, body, isWhole }: HttpResponse): boolean {
  if (!isWhole) return false
  return body.trim() === '' ? status === 403 : isJsonObject(parseJson(body))
}

/** The API's own names for what is wrong and with which field, which are words and no sentences. */
export function namesOf({ body }: HttpResponse, redact: Redact): Pick<ApiErrorFacts, 'code' | 'field'> {
  const parsed = parseJson(body)
  if (!isJsonObject(parsed)) return {}
  return { code: toServerWord(parsed.code, redact), field: toServerWord(parsed.field, redact) }
}

/** Where a 3xx points to, by origin and path only: what a sign-in page is told behind them is nobody's business. */
export function redirectOf(url: string, { status, headers }: HttpResponse, redact: Redact): string | undefined {
  const { location } = headers
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url)) return undefined
  const { protocol, host, pathname } = new URL(location, url)
  return cutOff(toHarmlessLine(redact(`${protocol}//${host}${pathname}`)), LONGEST.redirect)
}

export function requestIdOf({ headers }: HttpResponse, redact: Redact): string | undefined {
  const id = headers['x-request-id']
  return id === undefined ? undefined : cutOff(toHarmlessLine(redact(id)), LONGEST.requestId) || undefined
}

export function retryAfterMsOf({ headers }: HttpResponse): number | undefined {
  return parseRetryAfter(headers['retry-after'], headers.date)
}

function toServerWord(value: JsonValue | undefined, redact: Redact): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return cutOff(toHarmlessLine(redact(String(value))), LONGEST.serverWord) || undefined
}
