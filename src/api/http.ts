import { HttpClient, type HttpClientResponse } from '@actions/http-client'
import { ApiError, CancelledError } from '../errors.js'
import { EXCHANGE } from '../policy.js'

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
  readonly body: string
  /** Whether the whole body arrived: it was neither cut off nor too large. */
  readonly isWhole: boolean
}

/** One exchange: a request and its answer. Throws `ApiError` where no answer came, `CancelledError` where the run was cancelled. */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>

/** Node's codes for a connection that was never made: the request cannot have reached the server. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])
const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/

/**
 * Makes the real exchange over `@actions/http-client`, which honours the runner's proxy settings. Its conveniences are left
 * off: it would follow redirects with the key, drop headers with its errors, and never settle when a body is cut off.
 */
export function createExchange(userAgent: string, cancelled: AbortSignal): Exchange {
  return async (request) => {
    if (cancelled.aborted) throw new CancelledError()
    const exchange = new AbortController()
    const abort = () => exchange.abort()
    // A timer that keeps the process alive: where nothing else did, Node would end the run in the middle.
    const timer = setTimeout(abort, Math.max(1, request.timeoutMs))
    cancelled.addEventListener('abort', abort, { once: true })
    const { signal } = exchange
    const client = new HttpClient(userAgent, [abortOn(signal)], { allowRedirects: false, allowRetries: false })
    try {
      const sent = client.request(request.method, request.url, request.body ?? null, { ...request.headers })
      return await readAnswer(await orAborted(sent, signal), signal)
    } catch (error) {
      if (cancelled.aborted) throw new CancelledError(error)
      throw toApiError(error, request, signal.aborted)
    } finally {
      clearTimeout(timer)
      cancelled.removeEventListener('abort', abort)
      client.dispose()
    }
  }
}

/** Node's own `signal` option closes the socket; the client offers no other way in than a request handler. */
function abortOn(signal: AbortSignal): NonNullable<ConstructorParameters<typeof HttpClient>[1]>[number] {
  return {
    prepareRequest: (options) => {
      options.signal = signal
      // The client passes an IPv6 address on with its brackets, which no resolver takes.
      options.host = options.host?.replace(/^\[(.*)\]$/, '$1')
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('not used')),
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function readAnswer({ message }: HttpClientResponse, signal: AbortSignal): Promise<HttpResponse> {
  const status = message.statusCode ?? 0
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
  const { body, isWhole, error } = await readBody(message, signal)
  // A status outside 2xx says all there is to say even where its body was cut off: a 401 must not be repeated.
  if (error !== undefined && status >= 200 && status < 300) throw error
  return { status, headers, body, isWhole }
}

/** Settles on every path: `end`, `error`, `aborted` and `close` are all an end of the body. */
function readBody(message: HttpClientResponse['message'], signal: AbortSignal) {
  return new Promise<{ body: string; isWhole: boolean; error?: unknown }>((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (isWhole: boolean, error?: unknown) => {
      signal.removeEventListener('abort', abort)
      resolve({ body: Buffer.concat(chunks).toString('utf8'), isWhole, ...(error === undefined ? {} : { error }) })
    }
    const abort = () => finish(false, signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= EXCHANGE.largestBodyBytes) return void chunks.push(chunk)
      finish(false)
      message.destroy()
    })
    const cut = new Error('the connection was cut in the middle of the answer')
    message.on('end', () => (message.complete ? finish(true) : finish(false, cut)))
    message.on('error', (error) => finish(false, error))
    message.on('close', () => finish(false, cut))
  })
}

function toApiError(error: unknown, { method, url, timeoutMs }: HttpRequest, isTimeout: boolean): ApiError {
  const { host } = new URL(url)
  if (isTimeout) {
    const message = `${method} to ${host} gave no whole answer within ${Math.ceil(timeoutMs / 1000)} s`
    return new ApiError(message, { trouble: 'timeout' }, { cause: error })
  }
  const code = codeOf(error)
  const text = error instanceof Error ? error.message || code : String(error)
  const message = `${method} to ${host} failed: ${text}`
  if (TLS_CODE.test(code)) {
    return new ApiError(message, { trouble: 'tls', isUnsent: true }, { hint: tlsHint(code), cause: error })
  }
  if (NO_TUNNEL.test(text)) {
    return new ApiError(message, { trouble: 'network', isUnsent: true }, { hint: PROXY_HINT, cause: error })
  }
  return new ApiError(message, { trouble: 'network', isUnsent: UNSENT.has(code) }, { cause: error })
}

/** What the tunnel says, for whatever reason, when a proxy let nothing through: the request was never sent. */
const NO_TUNNEL = /^(tunneling socket could not be established|got illegal response body from proxy)/
const PROXY_HINT =
  'The proxy that this runner is set to use (HTTPS_PROXY) did not let the request through. Check its address and password, or name the API’s host in NO_PROXY.'

function tlsHint(code: string): string {
  if (/SELF_SIGNED|UNABLE_TO_/.test(code)) {
    return 'The server’s certificate is not trusted. For a private certificate authority set NODE_EXTRA_CA_CERTS on the runner.'
  }
  if (code === 'CERT_HAS_EXPIRED') return 'The server’s certificate has expired, or the clock of this runner is wrong.'
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'The server’s certificate is for another name. Check api-url.'
  return 'No secure connection could be made. Check that api-url names an https server.'
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause)
}
