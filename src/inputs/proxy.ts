import type { InputProblem } from '../errors.js'
import { type Environment, isFault, type Parsed } from './reader.js'
import { trimEnds, withoutInvisible, withoutQuotes } from './spelling.js'

/** The variables that the HTTP client asks, each pair in its order. */
const HTTPS_VARIABLES = ['https_proxy', 'HTTPS_PROXY']
const HTTP_VARIABLES = ['http_proxy', 'HTTP_PROXY']
const BYPASS_VARIABLES = ['no_proxy', 'NO_PROXY']
/** It does not ask these, while curl and much else does. */
const FALLBACK_VARIABLES = ['all_proxy', 'ALL_PROXY']

/**
 * The proxy variables that have to be written differently for the HTTP client: it connects directly, and says nothing, where
 * `http://` is missing, and takes the `*` of `*.corp` for a letter. What cannot be read is left as it is, for the error.
 */
export function normalizeProxies(env: Environment): Record<string, string> {
  const variables = new Map<string, string>()
  for (const name of [...HTTPS_VARIABLES, ...HTTP_VARIABLES]) {
    const proxy = parseProxy(env[name] ?? '')
    if (!isFault(proxy)) variables.set(name, proxy.value)
  }
  for (const name of BYPASS_VARIABLES) variables.set(name, toBypassList(env[name] ?? ''))
  const used = findHttpsProxy(env)
  if (used !== undefined && FALLBACK_VARIABLES.includes(used.name)) {
    const proxy = parseProxy(used.text)
    if (!isFault(proxy)) variables.set('HTTPS_PROXY', proxy.value)
  }
  return Object.fromEntries([...variables].filter(([name, text]) => text !== (env[name] ?? '')))
}

/** A proxy that cannot be read is a fault: without it the run would go around a proxy that someone has set up on purpose. */
export function problemsOfProxies(env: Environment): InputProblem[] {
  const used = findHttpsProxy(env)
  const proxy = parseProxy(used?.text ?? '')
  if (used === undefined || !isFault(proxy)) return []
  const { reason, hidesValue } = proxy
  const value = hidesValue === true ? {} : { value: used.text }
  return [{ input: `${used.name} in the environment`, ...value, reason, example: 'http://proxy.example.com:3128' }]
}

/** The proxy that requests to Kupe would take; an empty variable counts as not set. */
function findHttpsProxy(env: Environment): { readonly name: string; readonly text: string } | undefined {
  const name = [...HTTPS_VARIABLES, ...FALLBACK_VARIABLES].find((variable) => trimEnds(env[variable] ?? '') !== '')
  return name === undefined ? undefined : { name, text: env[name] ?? '' }
}

/** A proxy's address with its scheme; nothing stays nothing. */
function parseProxy(text: string): Parsed<string> {
  const plain = withoutQuotes(trimEnds(withoutInvisible(text)))
  if (plain === '') return { value: '' }
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(plain) ? plain : `http://${plain.replace(/^\/\//, '')}`
  const reason = problemOfProxy(address)
  if (reason === undefined) return { value: address }
  // What stands before an @ may be a password.
  return { reason, ...(plain.includes('@') ? { hidesValue: true } : {}) }
}

function problemOfProxy(address: string): string | undefined {
  if (!/^https?:/i.test(address)) return 'is not a proxy that this action can use: only http and https are'
  if (!URL.canParse(address)) {
    return address.includes('@')
      ? 'is not a proxy’s address; in its user or password, characters such as # and / have to be percent-encoded'
      : 'is not a proxy’s address'
  }
  // A number alone is a port that lost its host, and would be read as an IP address.
  if (/^\d+(?:[:/]|$)/.test(address.replace(/^https?:\/\/(?:.*@)?/i, ''))) {
    return 'is not a proxy’s address: it has no host'
  }
  const { username, password } = new URL(address)
  return isDecodable(username) && isDecodable(password)
    ? undefined
    : 'has a % in its user or password that is not percent-encoded (as %25)'
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

/** Hosts that need no proxy, apart by commas, with `.corp` for everything below `corp`. */
function toBypassList(text: string): string {
  return text
    .split(/[\s,;|]+/)
    .map((entry) => withoutQuotes(entry))
    .map((entry) => (/^[a-z]+:\/\//i.test(entry) ? entry.replace(/^[a-z]+:\/\/([^/]*).*$/i, '$1') : entry))
    .map((entry) => entry.replace(/^(?:\*\.)+/, '.'))
    .filter((entry) => entry !== '')
    .join(',')
}
