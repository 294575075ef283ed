import type { Fault } from '../errors.js'
import type { Parsed } from './reader.js'

/** Where the API is, and who said so. */
export interface ApiAddress {
  /** The root of all paths, ending in `/api/v1`. */
  readonly root: string
  readonly host: string
  /** `api-url`, the name of an environment variable, or `default`. */
  readonly source: string
  readonly isLoopback: boolean
}

export const DEFAULT_API_URL = 'https://api.kupe.cloud'

const API_PATH = '/api/v1'

/**
 * Reads an address with or without `/api/v1` and a trailing slash; anything that could carry the key elsewhere is refused. User
 * info, query and fragment may hold secrets, so an address with one of them is not shown.
 */
export function parseApiUrl(text: string, source: string): Parsed<ApiAddress> {
  const reason = problemOfApiUrl(text)
  if (reason !== undefined) return { reason, ...guessApiUrl(text), ...(/[@?#]/.test(text) ? { hidesValue: true } : {}) }
  const url = new URL(text)
  return { value: { root: `${url.origin}${API_PATH}`, host: url.host, source, isLoopback: isLoopback(url) } }
}

function problemOfApiUrl(text: string): string | undefined {
  // Without its scheme, localhost:8080 would be read as one.
  if (!URL.canParse(text) || !text.includes('://')) return 'is not a URL'
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
    return 'is not https (http is for a loopback host only)'
  }
  if (url.username !== '' || url.password !== '' || text.includes('@')) return 'must not carry a user or password'
  if (/[?#]/.test(text)) return 'must not carry a query or fragment'
  const path = url.pathname.replace(/\/$/, '')
  return path === '' || path === API_PATH ? undefined : `has a path other than ${API_PATH}`
}

/** Whether a host is this machine, where nobody else can listen in. */
function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)
}

const HOST =
  /^["']?(?:[a-z]+:)?\/{0,2}((?:localhost|127(?:\.\d{1,3}){3}|[a-z0-9.-]+\.[a-z]{2,})(?::\d{1,5})?)(?:[/?#]|["']?$)/i

/** The same host without anything else, and over https where it is not this machine; only where it is named beyond doubt. */
function guessApiUrl(text: string): Pick<Fault, 'repaired'> {
  const host = HOST.exec(text)?.[1]?.toLowerCase()
  if (host === undefined || text.includes('@')) return {}
  const guess = /^(?:localhost|127)\b/.test(host) ? `http://${host}` : `https://${host}`
  return problemOfApiUrl(guess) === undefined ? { repaired: [guess] } : {}
}
