import { isJsonObject } from '../domain/json.js'
import { ApiError, type ApiErrorFacts } from '../errors.js'
import { LONGEST } from '../policy.js'
import { cutOff, type Redact, toHarmlessLine } from '../redact.js'
import type { Exchange, HttpRequest, HttpResponse } from './http.js'
import { parseJson } from './json-text.js'
import { parseRetryAfter } from './retry-after.js'

/** What an API speaks through: where it is, who asks, and what must not be shown of its answers. */
export interface RequestOptions {
  /** The API's root, up to and with `/api/v1`. */
  readonly apiUrl: string
  readonly apiKey: string
  readonly exchange: Exchange
  /** Takes secrets out of what the server says. */
  readonly redact: Redact
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
  { apiUrl, apiKey, exchange, redact }: RequestOptions,
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
  if (response.status < 200 || response.status >= 300) throw toStatusError(method, response, redact)
  const value = response.isWhole ? decode(response.body) : undefined
  if (value === undefined) throw toUnusableError(method, wanted, response, redact)
  return { value, etag: response.headers.etag || undefined, requestId: requestIdOf(response, redact) }
}

function toStatusError(method: string, response: HttpResponse, redact: Redact): ApiError {
  const { status } = response
  const serverMessage = serverMessageOf(response, redact)
  return new ApiError(`${method} was answered ${status}: ${serverMessage || standardText(status)}`, {
    trouble: 'status',
    serverMessage,
    ...factsOf(response, redact),
  })
}

function toUnusableError(method: string, wanted: string, response: HttpResponse, redact: Redact): ApiError {
  const what = describeBody(response)
  return new ApiError(`${method} was answered ${response.status} with ${what}, not with ${wanted}`, {
    trouble: 'not-a-cluster',
    ...factsOf(response, redact),
  })
}

function describeBody({ body, isWhole }: HttpResponse): string {
  if (!isWhole) return 'more than 10 MiB'
  if (body.trim() === '') return 'an empty body'
  const parsed = parseJson(body)
  if (parsed === undefined) return 'a body that is not JSON'
  return isJsonObject(parsed) ? 'another JSON object' : 'JSON that is no object'
}

function factsOf(response: HttpResponse, redact: Redact): Omit<ApiErrorFacts, 'trouble'> {
  const { status, headers } = response
  return {
    status,
    requestId: requestIdOf(response, redact),
    retryAfterMs: parseRetryAfter(headers['retry-after'], headers.date),
  }
}

function requestIdOf({ headers }: HttpResponse, redact: Redact): string | undefined {
  const id = headers['x-request-id']
  return id === undefined ? undefined : cutOff(toHarmlessLine(redact(id)), LONGEST.requestId) || undefined
}

/** The server's own words: `message`, else `error`, else the body as it is. Cleaned of secrets before it is cut off. */
function serverMessageOf({ body }: HttpResponse, redact: Redact): string {
  const parsed = parseJson(body)
  const words = isJsonObject(parsed)
    ? [parsed.message, parsed.error].find((text) => typeof text === 'string' && text !== '')
    : undefined
  const text = typeof words === 'string' ? words : body
  return cutOff(toHarmlessLine(redact(text)), LONGEST.serverMessage)
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
