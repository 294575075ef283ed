import { toWordsText } from '../domain/server-words.js'
import { ApiError, type ApiErrorFacts } from '../errors.js'
import type { AlertRedactor } from '../redact.js'
import { describeBody, errorWordsOf, isFromApi, redirectOf, requestIdOf, retryAfterMsOf } from './answer.js'
import { type Exchange, type HttpRequest, type HttpResponse, isSuccess } from './http.js'

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
  const url = `${apiUrl}${path}`
  const response = await exchange({
    method,
    url,
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
  if (!isSuccess(response)) throw toStatusError(method, url, response, redactor)
  const value = response.isWhole ? decode(response.body) : undefined
  if (value === undefined) throw toUnusableError({ method, url, wanted }, response, redactor)
  return { value, etag: response.headers.etag || undefined, requestId: requestIdOf(response, redactor) }
}

function toStatusError(method: string, url: string, response: HttpResponse, redactor: AlertRedactor): ApiError {
  const { status } = response
  const { message: serverMessage = '', code, field } = errorWordsOf(response, redactor)
  const redirect = redirectOf(url, response, redactor)
  const facts = {
    trouble: 'status',
    status,
    isFromApi: isFromApi(response),
    serverMessage,
    code,
    field,
    redirect,
    ...headerFacts(response, redactor),
  } as const
  const words = toWordsText({ message: serverMessage || standardText(status), code, field })
  const options = redirect === undefined ? {} : { hint: redirectHint(redirect) }
  return new ApiError(`${method} was answered ${status}: ${words}`, facts, options)
}

/** A 2xx of which only a part arrived is no answer, whatever that part says. */
function toUnusableError(
  { method, url, wanted }: { method: string; url: string; wanted: string },
  response: HttpResponse,
  redactor: AlertRedactor,
): ApiError {
  const { status, bodyFault } = response
  const facts = headerFacts(response, redactor)
  const { host } = new URL(url)
  if (bodyFault === 'cut') {
    const message = `${method} to ${host} was answered ${status}, and the connection was cut in the middle of the body`
    return new ApiError(message, { trouble: 'network', ...facts })
  }
  if (bodyFault === 'timeout') {
    const message = `${method} to ${host} was answered ${status}, and the body did not end in time`
    return new ApiError(message, { trouble: 'timeout', ...facts })
  }
  const message = `${method} was answered ${status} with ${describeBody(response, redactor)}, not with ${wanted}`
  return new ApiError(message, { trouble: 'not-a-cluster', status, ...facts })
}

function headerFacts(
  response: HttpResponse,
  redactor: AlertRedactor,
): Pick<ApiErrorFacts, 'requestId' | 'retryAfterMs'> {
  return { requestId: requestIdOf(response, redactor), retryAfterMs: retryAfterMsOf(response) }
}

function redirectHint(redirect: string): string {
  return `The answer points to ${redirect}. Redirects are not followed, since the key would go along. Check api-url.`
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
