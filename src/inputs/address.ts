/** Where the API is, and who said so. */
export interface ApiAddress {
  /** The root of all paths, ending in `/api/v1`. */
  readonly root: string
  readonly host: string
  /** `api-url`, the name of an environment variable, or `default`. */
  readonly source: string
  readonly isLoopback: boolean
}

const API_PATH = '/api/v1'

/** Reads an address with or without `/api/v1` and a trailing slash; anything that could carry the key elsewhere is refused. */
export function parseApiUrl(text: string, source: string): ApiAddress | { readonly reason: string } {
  if (!URL.canParse(text)) return { reason: 'is not a URL' }
  const url = new URL(text)
  const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    return { reason: 'is not https (http is for a loopback host only)' }
  }
  if (url.username !== '' || url.password !== '' || text.includes('@'))
    return { reason: 'must not carry a user or password' }
  if (/[?#]/.test(text)) return { reason: 'must not carry a query or fragment' }
  const path = url.pathname.replace(/\/$/, '')
  if (path !== '' && path !== API_PATH) return { reason: `has a path other than ${API_PATH}` }
  return { root: `${url.origin}${API_PATH}`, host: url.host, source, isLoopback }
}
