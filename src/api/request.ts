import { isJsonObject } from '../domain/json.js'
import { type ServerWords, toWordsText } from '../domain/server-words.js'
import { ApiError, type ApiErrorFacts } from '../errors.js'
import { LONGEST } from '../policy.js'
import { type AlertRedactor, toShownLine } from '../redact.js'
import { parseJson, toShownWords, wordsOf } from './decode.js'
import type { Exchange, HttpRequest, HttpResponse } from './http.js'
import { parseRetryAfter } from './retry-after.js'

/** What an API speaks through: where it is, who asks, and what must not be shown of its answers. */
export interface RequestOptions {
  /** The API's root, up to and with `/api/v1`. */
  readonly apiUrl: string
  readonly apiKey: string
  readonly exchange: Exchange
  /** Cleans what the server says. */
  readonly redactor: AlertRedactor
}

/** One request: `ifMatch` and `body` only where it writes, `timeoutMs` for the whole exchange. */
export interface ApiRequest {
  readonly method: HttpRequest['method']
  /** Below the API's root, its segments percent-encoded. */
  readonly path: string
  readonly ifMatch?: string | undefined
  readonly body?: unknown
  /** What the answer is to show, for the error where it does not. */
  readonly wanted: string
  readonly timeoutMs: number
}

/** What an answer was decoded to, with its headers of interest. */
export interface ApiResponse<T> {
  readonly value: T
  readonly etag: string | undefined
  readonly requestId: string | undefined
}

/** Makes of a whole body what was asked for, or `undefined` where it is something else. */
export type Decode<T> = (body: string) => T | undefined

/** Sends one request and decodes its answer; anything but a decodable success is an `ApiError`. */
export async function sendRequest<T>(
  { apiUrl, apiKey, exchange, redactor }: RequestOptions,
  { method, path, ifMatch, body, wanted, timeoutMs }: ApiRequest,
  decode: Decode<T>,
): Promise<ApiResponse<T>> {
  const response = await exchange({
    method,
    url: `${apiUrl}${path}`,
    headers: {
      Authorization: `Bearer ${apiKey}`,
      Accept: 'application/json',
      // An intermediary that compresses may weaken the ETag, and one that caches would show the old world.
      'Accept-Encoding': 'identity',
      'Cache-Control': 'no-cache',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
  })
  if (response.status < 200 || response.status >= 300) throw toStatusError(method, response, redactor)
  const value = response.isWhole ? decode(response.body) : undefined
  if (value === undefined) throw toUnusableError(method, wanted, response, redactor)
  return { value, etag: response.headers.etag || undefined, requestId: requestIdOf(response, redactor) }
}

function toStatusError(method: string, response: HttpResponse, redactor: AlertRedactor): ApiError {
  const { status } = response
  const { message: serverMessage = '', code, field } = serverWordsOf(response, redactor)
  const words = toWordsText({ message: serverMessage || standardText(status), code, field })
  return new ApiError(`${method} was answered ${status}: ${words}`, {
    trouble: 'status',
    serverMessage,
    code,
    field,
    ...factsOf(response, redactor),
  })
}

function toUnusableError(method: string, wanted: string, response: HttpResponse, redactor: AlertRedactor): ApiError {
  const what = describeBody(response)
  return new ApiError(`${method} was answered ${response.status} with ${what}, not with ${wanted}`, {
    trouble: 'not-a-cluster',
    ...factsOf(response, redactor),
  })
}

function describeBody({ body, isWhole }: HttpResponse): string {
  if (!isWhole) return 'more than 10 MiB'
  if (body.trim() === '') return 'an empty body'
  const parsed = parseJson(body)
  if (parsed === undefined) return 'a body that is not JSON'
  return isJsonObject(parsed) ? 'another JSON object' : 'JSON that is no object'
}

function factsOf(response: HttpResponse, redactor: AlertRedactor): Omit<ApiErrorFacts, 'trouble'> {
  const { status, headers } = response
  return {
    status,
    requestId: requestIdOf(response, redactor),
    retryAfterMs: parseRetryAfter(headers['retry-after'], headers.date),
  }
}

/** An id is shown even where no words may be: whoever asks the server's people for help needs it. */
function requestIdOf({ headers }: HttpResponse, redactor: AlertRedactor): string | undefined {
  const redact = redactor.isOverwhelmed ? redactor.redactName : redactor.redact
  return toShownLine(headers['x-request-id'] ?? '', redact, { longest: LONGEST.requestId }) || undefined
}

/** What the API says when a key may not do something: what follows from it must not depend on what may be shown. */
const ACCESS_DENIED = /^(access denied|admin access required|not a member of this tenant)$/i

const WITHHELD = 'its words are not shown here, since alerts holds too many texts that may be secrets'

/** The server's own words: `message`, else `error`, else the body as it is, but of a web page only the title. */
function serverWordsOf(response: HttpResponse, redactor: AlertRedactor): ServerWords {
  const { body, isWhole } = response
  const words = wordsOf(parseJson(body))
  const message = words.message?.trim() ?? ''
  if (ACCESS_DENIED.test(message)) return { ...(redactor.isOverwhelmed ? {} : toShownWords(words, redactor)), message }
  if (isWebPage(response)) return { message: toPageText(body, redactor) }
  if (redactor.isOverwhelmed) return body.trim() === '' ? {} : { message: WITHHELD }
  if (message !== '') return toShownWords(words, redactor)
  return {
    ...toShownWords(words, redactor),
    message: toShownLine(body, redactor.redact, { longest: LONGEST.serverMessage, isCut: !isWhole }),
  }
}

/** The API speaks JSON, and never sends one. */
function isWebPage({ body, headers }: HttpResponse): boolean {
  if (/^[\s\ufeff]*<(?:!doctype|!--|\?xml|html|head|title|body)/i.test(body)) return true
  return /\bhtml\b/i.test(headers['content-type'] ?? '') && parseJson(body) === undefined && body.trim() !== ''
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

const STANDARD_TEXTS: Readonly<Record<number, string>> = {
  304: 'not modified',
  400: 'bad request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  408: 'request timeout',
  409: 'conflict',
  412: 'precondition failed',
  429: 'too many requests',
  500: 'internal server error',
  502: 'bad gateway',
  503: 'service unavailable',
  504: 'gateway timeout',
}

function standardText(status: number): string {
  return STANDARD_TEXTS[status] ?? 'no further words'
}
