import * as http from 'node:http'
import * as https from 'node:https'
import { isIP } from 'node:net'
import { HttpClient } from '@actions/http-client'
import { CancelledError } from '../errors.js'
import { EXCHANGE } from '../policy.js'
import { type BodyFault, readBody } from './body.js'
import { type Connection, watchConnection } from './connection.js'
import { toApiError } from './faults.js'

export interface HttpRequest {
  readonly method: 'GET' | 'PATCH'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** How long the whole exchange may take, to the last byte of the body. */
  readonly timeoutMs: number
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Decompressed; where it is not whole, what came of it. */
  readonly body: string
  /** Whether all of the body arrived, and could be read. */
  readonly isWhole: boolean
  /** Why it is not whole; `too-large` where that is left open. */
  readonly bodyFault?: BodyFault
}

/**
 * One exchange: a request and its answer. Gives whatever begins with a status; throws `ApiError` where no answer came, and
 * `CancelledError` where the run was cancelled before.
 */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>

/** Makes the real exchange, each over a connection of its own, through the proxy that the runner is set to use. */
export function createExchange(userAgent: string, cancelled: AbortSignal): Exchange {
  return async (request) => {
    if (cancelled.aborted) throw new CancelledError()
    const ending = new AbortController()
    const { signal } = ending
    const end = () => ending.abort()
    // A timer that keeps the process alive: where nothing else did, Node would end the run in the middle.
    const timer = setTimeout(end, Math.max(1, request.timeoutMs))
    cancelled.addEventListener('abort', end, { once: true })
    let connection: Connection | undefined
    try {
      connection = watchConnection(() => open(request, userAgent, signal))
      const response = await readResponse(await answerTo(connection.request, request.body, signal), signal)
      // A status outside 2xx says all there is to say even where its body was cut off: a 401 must not be repeated.
      if (cancelled.aborted && response.bodyFault === 'timeout' && isSuccess(response)) throw new CancelledError()
      return response
    } catch (error) {
      connection?.close()
      if (cancelled.aborted) throw new CancelledError(error)
      throw toApiError(request, { error, connection, isTimeout: signal.aborted })
    } finally {
      clearTimeout(timer)
      cancelled.removeEventListener('abort', end)
    }
  }
}

/** Whether a status is a 2xx. */
export function isSuccess({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status >= 200 && status < 300
}

/**
 * The toolkit's client knows the runner's proxy settings. The rest of it is not used: it would follow redirects with the key,
 * drop headers with its errors, never settle where a body is cut off, and hide the request, whose socket has to be watched.
 */
function open({ method, url, headers }: HttpRequest, userAgent: string, signal: AbortSignal): http.ClientRequest {
  const agent = mendTunnel(new HttpClient('', [], { keepAlive: false }).getAgent(url))
  const { request } = new URL(url).protocol === 'https:' ? https : http
  return request(url, { method, headers: { ...headers, 'User-Agent': userAgent }, agent, signal })
}

/**
 * The agent for a proxy takes an IPv6 address with its brackets, which no resolver knows, and holds the certificate of a proxy
 * that speaks TLS against the name of the API.
 */
function mendTunnel(agent: http.Agent & { proxyOptions?: { host: string; servername?: string } }): http.Agent {
  const { proxyOptions } = agent
  if (proxyOptions !== undefined) {
    proxyOptions.host = proxyOptions.host.replace(/^\[(.*)\]$/, '$1')
    proxyOptions.servername = isIP(proxyOptions.host) ? '' : proxyOptions.host
  }
  return agent
}

/** Settles on every path: an answer, an error, a connection that closes without a word, and the signal. */
function answerTo(request: http.ClientRequest, body: string | undefined, signal: AbortSignal) {
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    // Stays to the end: an error that nobody listens to would end the process, and one may come after the answer.
    request.on('error', reject)
    request.once('close', () => reject(new Error('the connection was closed without an answer')))
    // A request that still waits for its proxy has no socket, and says nothing when it is aborted.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    request.end(body)
  })
}

async function readResponse(message: http.IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
  const status = message.statusCode ?? 0
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
  const largestBytes = isSuccess({ status }) ? EXCHANGE.largestBodyBytes : EXCHANGE.largestErrorBytes
  const { text, fault } = await readBody(message, largestBytes, signal)
  if (fault === undefined) return { status, headers, body: text, isWhole: true }
  return { status, headers, body: text, isWhole: false, bodyFault: fault }
}
