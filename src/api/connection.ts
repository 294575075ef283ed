import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** What is seen of the connection that one request travels on, or was to travel on. */
export interface Connection {
  readonly request: ClientRequest
  /**
   * Whether it was ever ready to carry the request: connected, and over TLS with the handshake done and the certificate
   * trusted. Before that no byte of a request leaves Node; after that the server may have acted on it, whatever error follows.
   */
  readonly isEstablished: boolean
  /** Whether it was kept from an earlier request, and has not answered this one with a single byte. */
  readonly isStale: boolean
  /** Node's code for what is wrong with the certificate, where one was refused: the API's, or that of its proxy. */
  readonly refusedCertificate: string | undefined
  /** The proxy that did not let the request through; absent without a proxy, and once there is a tunnel. */
  readonly failedProxy: { readonly status: number | undefined; readonly error: unknown } | undefined
  /** Closes all of it at once, a half-made tunnel included. */
  close(): void
}

/**
 * Makes a request and watches its connection. This is the one place that knows whether a request may have reached the server:
 * it looks at what the socket did, since the name of an error does not tell (TLS can break long after the handshake).
 */
export function watchConnection(makeRequest: () => ClientRequest): Connection {
  const { request, tunnel } = withTunnel(makeRequest)
  const own = watchSocket(request)
  const proxy = tunnel === undefined ? undefined : { ...watchTunnel(tunnel), socket: watchSocket(tunnel) }
  return {
    request,
    get isEstablished() {
      return own.isEstablished()
    },
    get isStale() {
      return own.isStale()
    },
    get refusedCertificate() {
      return own.refusedCertificate() ?? proxy?.socket.refusedCertificate()
    },
    get failedProxy() {
      if (proxy === undefined || own.hasSocket()) return undefined
      return { status: proxy.status(), error: proxy.error() }
    },
    close: () => {
      request.destroy()
      tunnel?.destroy()
    },
  }
}

/**
 * The request, and the CONNECT that the agent makes for it behind a proxy and shows to nobody: a channel of Node's tells of it
 * while the request is being made. Nothing but hints, and how soon a proxy is left, hangs on that.
 */
function withTunnel(makeRequest: () => ClientRequest): { request: ClientRequest; tunnel: ClientRequest | undefined } {
  const made: ClientRequest[] = []
  const note = (message: unknown) => void made.push((message as { request: ClientRequest }).request)
  subscribe('http.client.request.created', note)
  try {
    const request = makeRequest()
    return { request, tunnel: made.find((other) => other !== request) }
  } finally {
    unsubscribe('http.client.request.created', note)
  }
}

function watchSocket(request: ClientRequest) {
  let socket: Socket | undefined
  let bytesBefore = 0
  let isEstablished = false
  const establish = () => {
    isEstablished = true
  }
  request.once('socket', (given) => {
    socket = given
    bytesBefore = given.bytesRead
    // A tunnel is given to a plain request when it is there, and a connection that was kept had been established before.
    if (isReady(given)) establish()
    else given.once(given instanceof TLSSocket ? 'secureConnect' : 'connect', establish)
  })
  return {
    hasSocket: () => socket !== undefined,
    isEstablished: () => isEstablished,
    isStale: () => request.reusedSocket && socket?.bytesRead === bytesBefore,
    refusedCertificate: () => {
      if (isEstablished || !(socket instanceof TLSSocket)) return undefined
      // Its type says Error, yet Node keeps the code there.
      return socket.authorizationError ? String(socket.authorizationError) : undefined
    },
  }
}

function isReady(socket: Socket): boolean {
  return socket instanceof TLSSocket ? socket.getPeerFinished() !== undefined : !socket.connecting
}

function watchTunnel(connect: ClientRequest) {
  let status: number | undefined
  let error: unknown
  connect.once('connect', ({ statusCode }) => {
    status = statusCode
  })
  connect.once('error', (reason) => {
    error = reason
  })
  return { status: () => status, error: () => error }
}
