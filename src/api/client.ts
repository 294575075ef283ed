import { isJsonObject, textsIn } from '../domain/alerts.js'
import type { Cluster } from '../domain/cluster.js'
import type { PatchBody } from '../domain/plan.js'
import { ApiError, type ApiErrorFacts } from '../errors.js'
import { createRedactor, cutOff, type Redact, toHarmlessLine } from '../untrusted.js'
import { decodeCluster, parseJson } from './decode.js'
import type { Exchange, HttpResponse } from './http.js'

/** A cluster as an answer showed it, with the ETag to send back byte for byte. */
export interface ClusterRead {
  readonly cluster: Cluster
  readonly etag: string | undefined
  readonly requestId: string | undefined
}

/** The answer to a PATCH; an empty 2xx body shows no cluster. */
export interface PatchAnswer {
  readonly shown: ClusterRead | undefined
  readonly requestId: string | undefined
}

/** One cluster of Kupe's API. Every call is one exchange, at most `timeoutMs` long; anything but success is an `ApiError`. */
export interface ClusterApi {
  getCluster(timeoutMs: number): Promise<ClusterRead>
  /** Without `ifMatch` the PATCH is not protected against a change by someone else. */
  patchCluster(patch: PatchBody, ifMatch: string | undefined, timeoutMs: number): Promise<PatchAnswer>
}

export interface ClusterApiOptions {
  /** The API's root, up to and with `/api/v1`. */
  readonly apiUrl: string
  readonly apiKey: string
  readonly tenant: string
  readonly cluster: string
  readonly exchange: Exchange
  /** Takes the key out of what the server says. */
  readonly redact: Redact
  /** Texts from inside the asked `alerts`; the server's messages must not show them. */
  readonly alertTexts: readonly string[]
}

const LONGEST_SERVER_MESSAGE = 1000

/** Speaks for one cluster over an exchange. */
export function createClusterApi(options: ClusterApiOptions): ClusterApi {
  const { apiUrl, apiKey, tenant, cluster, exchange } = options
  let hideAlerts = createRedactor(options.alertTexts)
  const redact: Redact = (text) => hideAlerts(options.redact(text))
  const url = `${apiUrl}/tenants/${encodeURIComponent(tenant)}/clusters/${encodeURIComponent(cluster)}`
  const headers = {
    Authorization: `Bearer ${apiKey}`,
    Accept: 'application/json',
    // An intermediary that compresses may weaken the ETag, and one that caches would show the old world.
    'Accept-Encoding': 'identity',
    'Cache-Control': 'no-cache',
  }
  const toRead = (response: HttpResponse, method: string): ClusterRead => {
    const decoded = response.isWhole
      ? decodeCluster(response.body, cluster, options.redact, options.alertTexts)
      : undefined
    if (decoded === undefined) throw notACluster(method, response, redact)
    hideAlerts = createRedactor([...options.alertTexts, ...textsIn(decoded.alerts)])
    return { cluster: decoded, etag: response.headers.etag || undefined, requestId: requestIdOf(response, redact) }
  }
  return {
    getCluster: async (timeoutMs) => {
      const response = await exchange({ method: 'GET', url, headers, timeoutMs })
      throwUnlessSuccess('GET', response, redact)
      return toRead(response, 'GET')
    },
    patchCluster: async (patch, ifMatch, timeoutMs) => {
      const response = await exchange({
        method: 'PATCH',
        url,
        headers: {
          ...headers,
          'Content-Type': 'application/json',
          ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
        },
        body: JSON.stringify(patch),
        timeoutMs,
      })
      throwUnlessSuccess('PATCH', response, redact)
      const isEmpty = response.isWhole && response.body.trim() === ''
      return { shown: isEmpty ? undefined : toRead(response, 'PATCH'), requestId: requestIdOf(response, redact) }
    },
  }
}

function throwUnlessSuccess(method: string, response: HttpResponse, redact: Redact): void {
  const { status } = response
  if (status >= 200 && status < 300) return
  const serverMessage = serverMessageOf(response, redact)
  throw new ApiError(`${method} was answered ${status}: ${serverMessage || standardText(status)}`, {
    trouble: 'status',
    serverMessage,
    ...factsOf(response, redact),
  })
}

function notACluster(method: string, response: HttpResponse, redact: Redact): ApiError {
  const what = describeBody(response)
  return new ApiError(`${method} was answered ${response.status} with ${what}, not with the cluster asked for`, {
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
  return id === undefined ? undefined : cutOff(toHarmlessLine(redact(id)), 200) || undefined
}

/** The server's own words: `message`, else `error`, else the body as it is. Cleaned of secrets before it is cut off. */
function serverMessageOf({ body }: HttpResponse, redact: Redact): string {
  const parsed = parseJson(body)
  const told = isJsonObject(parsed)
    ? [parsed.message, parsed.error].find((text) => typeof text === 'string' && text !== '')
    : undefined
  const text = typeof told === 'string' ? told : body
  return cutOff(toHarmlessLine(redact(text)), LONGEST_SERVER_MESSAGE)
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

/**
 * Milliseconds that a `Retry-After` asks for: seconds, or a date measured against the answer's own `Date`, since this
 * machine's clock may differ. Past, negative and unreadable values count as absent.
 */
export function parseRetryAfter(retryAfter: string | undefined, date: string | undefined): number | undefined {
  const text = retryAfter?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000 || undefined
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined
  const waitMs = Date.parse(text) - Date.parse(date ?? '')
  return waitMs > 0 ? waitMs : undefined
}
