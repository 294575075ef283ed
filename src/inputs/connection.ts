import type { Fault } from '../errors.js'
import { type ApiAddress, DEFAULT_API_URL, parseApiUrl } from './address.js'
import type { InputName } from './names.js'
import { type InputReader, type Parse, type Parsed, toFault } from './reader.js'
import { API_KEY_VARIABLES } from './secrets.js'
import { withoutQuotes } from './spelling.js'

/** Whose cluster it is, and how to reach it. */
export interface Connection {
  readonly apiKey: string
  readonly tenant: string
  readonly cluster: string
  readonly api: ApiAddress
}

export function readConnection(read: InputReader): Connection {
  return {
    apiKey: readRequired(read, 'api-key', { variables: API_KEY_VARIABLES, parse: parseApiKey, missing: NO_SECRET }),
    tenant: readRequired(read, 'tenant', { variables: ['KUPE_TENANT'], parse: parseTenant }),
    cluster: readRequired(read, 'cluster', { variables: ['KUPE_CLUSTER'], parse: parseCluster }),
    api: readAddress(read),
  }
}

/** What an empty secret is most likely to come from. */
const NO_SECRET = {
  reason:
    '. Runs of forks and of Dependabot get no secrets, and the secrets of an environment need environment: in the job',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
  example: '${{ secrets.KUPE_API_KEY }}',
}

interface Required {
  /** What may stand in for the input, in this order. */
  readonly variables: readonly string[]
  readonly parse: Parse<string>
  /** What an error adds where nothing was given. */
  readonly missing?: Fault
}

function readRequired(read: InputReader, name: InputName, { variables, parse, missing }: Required): string {
  const given = read.find(name, variables)
  if (given !== undefined) return read.parse(name, given, parse) ?? ''
  const others = variables.join(' and ')
  const reason = `is required; it is empty, and ${others} in the environment ${variables.length > 1 ? 'are' : 'is'} too`
  return read.fail(name, { ...missing, reason: `${reason}${missing?.reason ?? ''}` }) ?? ''
}

/** The name of a place where a key is kept: an expression without its braces, or a variable. */
const PLACE =
  /^(?:\$\{\{.*\}\}|\{\{.*\}\}|(?:secrets|env|vars|inputs|github)\.[\w.-]+|[$%]\{?\w+\}?%?|KUPE_API_(?:KEY|TOKEN))$/i

// biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
const NAMES_A_PLACE = 'is the name of the place where the key is kept, not the key: did it lose its ${{ }}?'

function parseApiKey(key: string): Parsed<string> {
  if (PLACE.test(key)) return { reason: NAMES_A_PLACE, example: NO_SECRET.example }
  const reason = problemOfApiKey(key)
  return reason === undefined ? { value: key } : { reason }
}

function problemOfApiKey(key: string): string | undefined {
  if (withoutQuotes(key) !== key) return 'has quotes around it, and a key has none'
  if (/^Bearer(?:\s|$)/i.test(key)) return 'begins with Bearer, which this action puts before the key itself'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break the request's header
  if (/[\s\u0000-\u001f\u007f-\u009f]/.test(key)) {
    return 'has white space or control characters inside; was it pasted with a line break?'
  }
  if (!/^[\u0021-\u00ff]+$/.test(key)) return 'has characters that no HTTP header can carry'
  return key.length < 8 ? 'is shorter than 8 characters, so it is no API key' : undefined
}

const LONGEST_TENANT = 64

function parseTenant(tenant: string): Parsed<string> {
  const reason = problemOfTenant(tenant)
  return reason === undefined ? { value: tenant } : { reason }
}

function problemOfTenant(tenant: string): string | undefined {
  if (tenant.length > LONGEST_TENANT) return `is longer than ${LONGEST_TENANT} characters, so it is no tenant’s name`
  if (/[/\\]/.test(tenant)) return 'is not a tenant’s name: it has a slash, and the cluster is an input of its own'
  return /^\.{1,2}$/.test(tenant) ? 'is not a tenant’s name' : undefined
}

function parseCluster(cluster: string): Parsed<string> {
  if (isClusterName(cluster)) return { value: cluster }
  const guess = withoutQuotes(cluster)
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/[\s_.]+/g, '-')
  const reason = 'is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end)'
  return toFault(reason, isClusterName(guess) ? [guess] : [])
}

function isClusterName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/.test(text) && text.length <= 63
}

const NOWHERE: ApiAddress = { root: '', host: '', source: '', isLoopback: false }

function readAddress(read: InputReader): ApiAddress {
  const given = read.find('api-url', ['KUPE_API_URL', 'KUPE_HOST']) ?? { text: DEFAULT_API_URL, source: 'default' }
  return read.parse('api-url', given, (text) => parseApiUrl(text, given.source)) ?? NOWHERE
}
