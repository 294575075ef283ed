import * as http from 'node:http'
import * as https from 'node:https'
import { isIP } from 'node:net'
import { getProxyUrl } from '@actions/http-client/lib/proxy'
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
      const response = await carry(request, { userAgent, kept, signal })
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

interface CarryOptions {
  readonly userAgent: string
  readonly kept: KeptAgents
  readonly signal: AbortSignal
}

/** A read that a kept connection left without a word goes over a new one, within the same time. */
async function carry(request: HttpRequest, options: CarryOptions): Promise<HttpResponse> {
  const { userAgent, kept, signal } = options
  let connection: Connection | undefined
  try {
    const agent = await agentFor(request, kept)
    connection = watchConnection(() => open(request, { userAgent, agent, signal }))
    return await readResponse(await answerTo(connection.request, request.body, signal), signal)
  } catch (error) {
    connection?.close()
    // Servers close idle connections when they please; that is no trouble to speak of.
    if (request.method === 'GET' && connection?.isStale && !signal.aborted) return carry(request, options)
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

/** An agent, or with `false` a connection for this request alone. */
async function agentFor({ method, url }: HttpRequest, kept: KeptAgents): Promise<http.Agent | false> {
  const target = new URL(url)
  if (!getProxyUrl(target)?.hostname) {
    if (method === 'PATCH') return false
    return target.protocol === 'https:' ? kept.secure : kept.plain
  }
  // Loaded only where there is a proxy.
  const { HttpClient } = await import('@actions/http-client')
  return mendTunnel(new HttpClient('', [], { keepAlive: false }).getAgent(url) as Tunnel)
}

interface OpenOptions {
  readonly userAgent: string
  readonly agent: http.Agent | false
  readonly signal: AbortSignal
}

/**
 * The toolkit knows the runner's proxy settings. The rest of its client is not used: it would follow redirects with the key,
 * drop headers with its errors, never settle where a body is cut off, and hide the request, whose socket has to be watched.
 */
function open({ method, url, headers }: HttpRequest, { userAgent, agent, signal }: OpenOptions): http.ClientRequest {
  const { request } = new URL(url).protocol === 'https:' ? https : http
  return request(url, { method, headers: { ...headers, 'User-Agent': userAgent }, agent, signal })
}

interface Tunnel extends http.Agent {
  readonly proxyOptions: { host: string; servername?: string }
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
