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

/**
 * Makes the real exchange, through the proxy that the runner is set to use. Without one, reads keep a connection for the next of
 * them for a while; a PATCH always has one of its own.
 */
export function createExchange(userAgent: string, cancelled: AbortSignal): Exchange {
  const kept = createKeptAgents()
  cancelled.addEventListener('abort', kept.drop, { once: true })
  return async (request) => {
    if (cancelled.aborted) throw new CancelledError()
    const ending = new AbortController()
    const { signal } = ending
    const end = () => ending.abort()
    // A timer that keeps the process alive: where nothing else did, Node would end the run in the middle.
    const timer = setTimeout(end, Math.max(1, request.timeoutMs))
    cancelled.addEventListener('abort', end, { once: true })
    try {
      // So that its connection never has to wait for the idle one.
      if (request.method === 'PATCH') kept.drop()
      const response = await carry(request, () => open(request, { userAgent, kept, signal }), signal)
      // A status outside 2xx says all there is to say even where its body was cut off: a 401 must not be repeated.
      if (cancelled.aborted && response.bodyFault === 'timeout' && isSuccess(response)) throw new CancelledError()
      return response
    } catch (error) {
      throw cancelled.aborted ? new CancelledError(error) : error
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

/** A read that a kept connection left without a word goes over a new one, within the same time. */
async function carry(request: HttpRequest, make: () => http.ClientRequest, signal: AbortSignal): Promise<HttpResponse> {
  let connection: Connection | undefined
  try {
    connection = watchConnection(make)
    return await readResponse(await answerTo(connection.request, request.body, signal), signal)
  } catch (error) {
    connection?.close()
    // Servers close idle connections when they please; that is no trouble to speak of.
    if (request.method === 'GET' && connection?.isStale && !signal.aborted) return carry(request, make, signal)
    throw toApiError(request, { error, connection, isTimeout: signal.aborted })
  }
}

/** Agents that keep one idle connection, which does not keep the process alive. */
interface KeptAgents {
  readonly plain: http.Agent
  readonly secure: https.Agent
  drop(): void
}

function createKeptAgents(): KeptAgents {
  // Only with a time limit of its own does an agent also heed the one that a server announces in `Keep-Alive`.
  const options = { keepAlive: true, maxFreeSockets: 1, timeout: EXCHANGE.keptIdleMs }
  const [plain, secure] = [new http.Agent(options), new https.Agent(options)]
  const drop = () => {
    plain.destroy()
    secure.destroy()
  }
  return { plain, secure, drop }
}

interface OpenOptions {
  readonly userAgent: string
  readonly kept: KeptAgents
  readonly signal: AbortSignal
}

/**
 * The toolkit's client knows the runner's proxy settings. The rest of it is not used: it would follow redirects with the key,
 * drop headers with its errors, never settle where a body is cut off, and hide the request, whose socket has to be watched.
 */
function open({ method, url, headers }: HttpRequest, { userAgent, kept, signal }: OpenOptions): http.ClientRequest {
  const isSecure = new URL(url).protocol === 'https:'
  const own = new HttpClient('', [], { keepAlive: false }).getAgent(url)
  const agent = isTunnel(own) ? mendTunnel(own) : method === 'GET' ? kept[isSecure ? 'secure' : 'plain'] : own
  const { request } = isSecure ? https : http
  return request(url, { method, headers: { ...headers, 'User-Agent': userAgent }, agent, signal })
}

interface Tunnel extends http.Agent {
  readonly proxyOptions: { host: string; servername?: string }
}

function isTunnel(agent: http.Agent): agent is Tunnel {
  return 'proxyOptions' in agent
}

/**
 * The agent for a proxy takes an IPv6 address with its brackets, which no resolver knows, and holds the certificate of a proxy
 * that speaks TLS against the name of the API.
 */
function mendTunnel(agent: Tunnel): Tunnel {
  const { proxyOptions } = agent
  proxyOptions.host = proxyOptions.host.replace(/^\[(.*)\]$/, '$1')
  proxyOptions.servername = isIP(proxyOptions.host) ? '' : proxyOptions.host
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
