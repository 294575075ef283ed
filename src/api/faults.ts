import { types } from 'node:util'
import { ApiError, type ApiTrouble } from '../errors.js'
import { LONGEST } from '../policy.js'
import { cutOff, toHarmlessLine } from '../redact.js'
import type { Connection } from './connection.js'
import type { HttpRequest } from './http.js'

/** Where and how an exchange broke off before any answer came. */
export interface Fault {
  readonly error: unknown
  readonly isTimeout: boolean
  /** Absent where the request could not even be made. */
  readonly connection: Omit<Connection, 'request' | 'isStale' | 'close'> | undefined
}

/** The error for an exchange without an answer: which trouble it was, whether the API can have heard of it, and one hint. */
export function toApiError({ method, url, timeoutMs }: HttpRequest, fault: Fault): ApiError {
  const { host } = new URL(url)
  const isUnsent = fault.connection?.isEstablished !== true
  const { trouble, hint } = fault.isTimeout ? { trouble: 'timeout' as const, hint: timeoutHint(fault) } : judge(fault)
  const message = fault.isTimeout
    ? `${method} to ${host} gave no answer within ${Math.ceil(timeoutMs / 1000)} s`
    : `${method} to ${host} failed: ${cutOff(toHarmlessLine(textOf(fault.error)), LONGEST.serverMessage)}`
  return new ApiError(message, { trouble, isUnsent }, { hint, cause: fault.error })
}

interface Judgement {
  readonly trouble: ApiTrouble
  readonly hint: string | undefined
}

function judge({ error, connection }: Fault): Judgement {
  const proxy = connection?.failedProxy
  const code = codeOf(proxy?.error ?? error)
  const certificate = connection?.refusedCertificate
  if (certificate !== undefined) {
    return { trouble: 'tls', hint: certificateHint(certificate, proxy === undefined ? 'server' : 'proxy') }
  }
  // An error that came after the connection says nothing about how to connect, whatever its name.
  if (connection?.isEstablished === true) return { trouble: 'network', hint: undefined }
  const trouble = code === 'ENOTFOUND' ? 'dns' : 'network'
  return { trouble, hint: proxy === undefined ? (HINTS[code] ?? defaultHint(code)) : proxyHint(proxy.status, code) }
}

/** What to do about a connection that could not be made, by Node's code for it. */
const HINTS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no such name. Check api-url, and on a runner of your own the name server it asks.',
  EAI_AGAIN: 'The name server of this runner did not answer.',
  ECONNREFUSED: 'Nothing listens there. Check host and port of api-url, and that a firewall lets this runner through.',
  EHOSTUNREACH:
    'There is no way from this runner to that host. Check api-url, the firewall, and whether a proxy is needed.',
  ENETUNREACH:
    'There is no way from this runner to that host. Check api-url, the firewall, and whether a proxy is needed.',
}

function defaultHint(code: string): string | undefined {
  if (!/TLS|SSL|EPROTO|ECONNRESET/.test(code)) return undefined
  return 'No secure connection could be made. Check that api-url names an https server, and that no firewall breaks the connection.'
}

function certificateHint(code: string, whose: 'server' | 'proxy'): string {
  if (code === 'CERT_HAS_EXPIRED')
    return `The ${whose}’s certificate has expired, or the clock of this runner is wrong.`
  if (code === 'CERT_NOT_YET_VALID')
    return `The ${whose}’s certificate is not valid yet, or the clock of this runner is wrong.`
  if (code === 'CERT_REVOKED') return `The ${whose}’s certificate was revoked: it must be replaced.`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `The ${whose}’s certificate is for another name. Check ${whose === 'server' ? 'api-url' : 'HTTPS_PROXY'}.`
  }
  return `The ${whose}’s certificate is not trusted. For a private certificate authority set NODE_EXTRA_CA_CERTS on the runner.`
}

function proxyHint(status: number | undefined, code: string): string {
  const lead = 'The proxy that this runner is set to use (HTTPS_PROXY)'
  if (status === 407) return `${lead} asks for a user and a password: http://user:password@host:port, percent-encoded.`
  if (code === 'ENOTFOUND') return `${lead} has a name that does not exist.`
  return `${lead} did not let the request through. Check its address and password, or name the API’s host in NO_PROXY.`
}

function timeoutHint({ connection }: Fault): string | undefined {
  if (connection?.isEstablished === true) return undefined
  if (connection?.failedProxy !== undefined) return proxyHint(undefined, '')
  return 'No connection was made in that time: a firewall may drop it, or a proxy be needed.'
}

function textOf(error: unknown): string {
  // Where a name has several addresses, each of them has an error of its own.
  const each = errorsIn(error)
  if (each.length > 0) return each.map(textOf).join('; ')
  return types.isNativeError(error) ? error.message || codeOf(error) : String(error)
}

function codeOf(error: unknown): string {
  const [first] = errorsIn(error)
  if (first !== undefined) return codeOf(first)
  if (!types.isNativeError(error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause)
}

function errorsIn(error: unknown): readonly unknown[] {
  return types.isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors : []
}
