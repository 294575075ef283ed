import { isJsonObject, type JsonObject, type JsonValue } from './domain/alerts.js'
import type { DesiredChange } from './domain/change.js'
import type { Guardrails } from './domain/guardrails.js'
import { parseQuantity, problemOfBytes, problemOfCpu } from './domain/quantity.js'
import type { Task } from './domain/task.js'
import { problemOfVersion, withoutV } from './domain/version.js'
import { isTimezone, parseWindow, type TimeWindow } from './domain/window.js'
import { InputError, type InputProblem } from './errors.js'
import { type ApiAddress, parseApiUrl } from './inputs/address.js'
import { problemsOfNames } from './inputs/names.js'
import { type Environment, InputReader } from './inputs/reader.js'

/** Everything a run is told, checked; what was not given is absent. */
export interface Inputs extends Task {
  readonly apiKey: string
  readonly api: ApiAddress
  readonly jobSummary: boolean
  readonly comment: boolean
  /** What a careful person would want to know about the surroundings. */
  readonly warnings: readonly string[]
}

const API_KEY_SOURCES = ['KUPE_API_KEY', 'KUPE_API_TOKEN'] as const

/** Every value that may be a secret, to be masked before anything else happens. */
export function secretsIn(env: Environment): string[] {
  const values = ['INPUT_API-KEY', 'INPUT_TOKEN', 'INPUT_API-TOKEN', 'INPUT_GITHUB-TOKEN', ...API_KEY_SOURCES].map(
    (name) => env[name] ?? '',
  )
  return [...new Set(values.flatMap((value) => [value, value.trim()]))].filter((value) => value.trim() !== '')
}

/** Whether to write the job summary; asked before the inputs are known to be good, so anything but a clear no is a yes. */
export function wantsJobSummary(env: Environment): boolean {
  return !/^(false|False|FALSE)$/.test((env['INPUT_JOB-SUMMARY'] ?? '').trim())
}

/** Whether to comment on the pull request; like the summary, a comment must not stay as it was because an input went wrong. */
export function wantsComment(env: Environment): boolean {
  return /^(true|True|TRUE)$/.test((env.INPUT_COMMENT ?? '').trim())
}

/** Tenant and cluster as they were given, right or wrong, for reports on a run that never began. */
export function namesIn(env: Environment): { tenant: string; cluster: string } {
  const read = new InputReader(env)
  return {
    tenant: read.find('tenant', ['KUPE_TENANT'])?.value ?? '',
    cluster: read.find('cluster', ['KUPE_CLUSTER'])?.value ?? '',
  }
}

/** Reads `INPUT_*` and the `KUPE_*` environment. Throws one `InputError` that lists every fault of every input. */
export async function parseInputs(env: Environment): Promise<Inputs> {
  const read = new InputReader(env)
  read.problems.push(...problemsOfNames(env))
  const mode = read.choice('mode', ['apply', 'plan', 'verify'], 'apply')
  const wait = read.boolean('wait', true)
  const timeoutMs = read.duration('timeout', '30m')
  const pollIntervalMs = read.duration('poll-interval', '12s')
  const inputs: Inputs = {
    apiKey: readApiKey(read),
    tenant: read.required('tenant', ['KUPE_TENANT'], 'acme', problemOfTenant),
    cluster: read.required('cluster', ['KUPE_CLUSTER'], 'production', problemOfCluster),
    api: readAddress(read),
    mode,
    desired: await readDesired(read),
    guardrails: readGuardrails(read),
    wait,
    timeoutMs,
    pollIntervalMs,
    settleTimeMs: read.duration('settle-time', '30s', { zero: true }),
    degradedGraceMs: read.duration('degraded-grace', '5m', { zero: true }),
    onBusy: read.choice('on-busy', ['wait', 'fail'], 'wait'),
    onConflict: read.choice('on-conflict', ['retry', 'fail'], 'retry'),
    ...read.optional('ifMatch', 'if-match', problemOfEtag, '"294810"'),
    ...read.optional('expectedPlan', 'expected-plan', () => undefined, ''),
    ...readWindow(read),
    jobSummary: read.boolean('job-summary', true),
    comment: read.boolean('comment', false),
    warnings: [],
  }
  checkTogether(read, inputs)
  if (read.problems.length > 0) throw new InputError(read.problems)
  return { ...inputs, warnings: warningsOf(env, inputs.api) }
}

/** The environment variable's name says more than a proxy's certificate would: everything sent can be read on the way. */
function warningsOf(env: Environment, api: ApiAddress): string[] {
  const isForeign = api.source !== 'api-url' && !api.isLoopback && api.host !== 'api.kupe.cloud'
  return [
    ...(isForeign ? [`The API key is sent to ${api.host}, which ${api.source} in the environment names`] : []),
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, and the API key can be read on the way']
      : []),
  ]
}

function checkTogether(read: InputReader, { mode, wait, timeoutMs, pollIntervalMs, guardrails }: Inputs): void {
  const hasChange = ['version', 'cpu', 'memory', 'storage', 'alerts'].some((name) => read.text(name) !== undefined)
  if (mode !== 'verify' && !hasChange) {
    const reason = `is missing: mode ${mode} needs at least one of version, cpu, memory, storage, alerts`
    read.problems.push({ input: 'a change', reason, example: 'version: "1.32"' })
  }
  if (mode === 'verify' && !wait) {
    read.problems.push({
      input: 'wait',
      value: 'false',
      reason: 'makes no sense with mode verify, which only waits',
      example: 'true',
    })
  }
  if (pollIntervalMs >= timeoutMs) {
    const value = read.text('poll-interval') ?? '12s'
    read.problems.push({ input: 'poll-interval', value, reason: 'must be below timeout', example: '12s' })
  }
  for (const name of ['cpu', 'memory', 'storage'] as const) {
    const [lowest, highest] = [parseQuantity(guardrails.min[name] ?? ''), parseQuantity(guardrails.max[name] ?? '')]
    if (lowest !== undefined && highest !== undefined && lowest > highest) {
      const value = guardrails.min[name] ?? ''
      read.problems.push({
        input: `min-${name}`,
        value,
        reason: `is above max-${name} ${guardrails.max[name]}`,
        example: guardrails.max[name] ?? '',
      })
    }
  }
}

function readApiKey(read: InputReader): string {
  const found = read.find('api-key', API_KEY_SOURCES)
  const problem =
    found === undefined
      ? 'is required (or KUPE_API_KEY, KUPE_API_TOKEN in the environment)'
      : problemOfApiKey(found.value)
  if (problem !== undefined) {
    const input = found === undefined || found.source === 'api-key' ? 'api-key' : `api-key (from ${found.source})`
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression, for the reader to copy
    read.problems.push({ input, reason: problem, example: '${{ secrets.KUPE_API_KEY }}' })
  }
  return found?.value ?? ''
}

function problemOfApiKey(key: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break the request's header
  if (/[\s\u0000-\u001f\u007f-\u009f]/.test(key))
    return 'has white space or control characters inside; was it pasted with a line break?'
  if (!/^[\u0021-\u00ff]+$/.test(key)) return 'has characters that no HTTP header can carry'
  return key.length < 8 ? 'is shorter than 8 characters, so it is no API key' : undefined
}

function problemOfTenant(tenant: string): string | undefined {
  return /^\.{1,2}$|[/\\]/.test(tenant) ? 'is not a tenant’s name' : undefined
}

function problemOfCluster(cluster: string): string | undefined {
  const isDnsSafe = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/.test(cluster) && cluster.length <= 63
  return isDnsSafe ? undefined : 'is not a cluster’s name (2 to 63 of a-z, 0-9 and -, no - at the ends)'
}

function problemOfEtag(etag: string): string | undefined {
  if (etag === '*') return 'would match any state, which protects nothing'
  return /^[\u0020-\u007e]+$/.test(etag) ? undefined : 'has characters that no ETag has'
}

function readAddress(read: InputReader): ApiAddress {
  const found = read.find('api-url', ['KUPE_API_URL', 'KUPE_HOST']) ?? {
    value: 'https://api.kupe.cloud',
    source: 'default',
  }
  const address = parseApiUrl(found.value, found.source)
  if (!('reason' in address)) return address
  const input = found.source === 'api-url' ? 'api-url' : `api-url (from ${found.source})`
  // A user info may be a password.
  const shown = found.value.includes('@') ? {} : { value: found.value }
  read.problems.push({ input, ...shown, reason: address.reason, example: 'https://api.kupe.cloud' })
  return { root: '', host: '', source: found.source, isLoopback: false }
}

async function readDesired(read: InputReader): Promise<DesiredChange> {
  const { version, ...rest } = {
    ...read.optional('version', 'version', problemOfVersion, '"1.32"'),
    ...read.optional('cpu', 'cpu', problemOfCpu, '"8", "1.5" or "500m"'),
    ...read.optional('memory', 'memory', problemOfBytes, '32Gi'),
    ...read.optional('storage', 'storage', problemOfBytes, '200Gi'),
  }
  const alerts = read.text('alerts')
  return {
    ...(version === undefined ? {} : { version: withoutV(version) }),
    ...rest,
    ...(alerts === undefined ? {} : await readAlerts(read, alerts)),
  }
}

async function readAlerts(read: InputReader, text: string): Promise<{ alerts?: JsonObject }> {
  const parsed = await parseJsonOrYaml(text)
  const reason = parsed === undefined ? 'is neither JSON nor YAML' : problemOfAlerts(parsed)
  if (reason === undefined && isJsonObject(parsed)) return { alerts: parsed }
  // Its values may be secrets, so the text is not shown.
  const problem: InputProblem = {
    input: 'alerts',
    reason: reason ?? 'is not an object',
    example: '{"podCrashLooping": {"enabled": true}}',
  }
  read.problems.push(problem)
  return {}
}

/** `undefined` where the text is neither. JSON is tried first: YAML's library is loaded only for YAML. */
async function parseJsonOrYaml(text: string): Promise<JsonValue | undefined> {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    const { parse } = await import('yaml')
    try {
      return parse(text, { logLevel: 'error', maxAliasCount: 100, resolveKnownTags: false }) as JsonValue
    } catch {
      return undefined
    }
  }
}

function problemOfAlerts(value: JsonValue): string | undefined {
  if (!isJsonObject(value)) return 'is not an object'
  try {
    return findLossyNumber(value) ? 'has a number that JSON cannot carry exactly; write it as a text' : undefined
  } catch {
    return 'refers to itself'
  }
}

function findLossyNumber(value: JsonValue): boolean {
  if (typeof value === 'number')
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))
  return typeof value === 'object' && value !== null && Object.values(value).some(findLossyNumber)
}

function readGuardrails(read: InputReader): Guardrails {
  return {
    allowDowngrade: read.boolean('allow-downgrade', false),
    allowVersionSkip: read.boolean('allow-version-skip', false),
    allowStorageShrink: read.boolean('allow-storage-shrink', false),
    min: readBounds(read, 'min'),
    max: readBounds(read, 'max'),
  }
}

function readBounds(read: InputReader, end: 'min' | 'max'): Guardrails['min'] {
  return {
    ...read.optional('cpu', `${end}-cpu`, problemOfCpu, '"4"'),
    ...read.optional('memory', `${end}-memory`, problemOfBytes, '16Gi'),
    ...read.optional('storage', `${end}-storage`, problemOfBytes, '100Gi'),
  }
}

function readWindow(read: InputReader): { window?: TimeWindow } {
  const timezone = read.text('timezone') ?? 'UTC'
  const isKnown = timezone === 'UTC' || isTimezone(timezone)
  if (!isKnown) {
    const reason = 'is not an IANA time zone'
    read.problems.push({ input: 'timezone', value: timezone, reason, example: 'Europe/London' })
  }
  const text = read.text('only-between')
  if (text === undefined) return {}
  const window = parseWindow(text, timezone)
  if (window !== undefined && window.fromMinute !== window.untilMinute) return isKnown ? { window } : {}
  const reason = window === undefined ? 'is not a time window' : 'starts where it ends'
  read.problems.push({ input: 'only-between', value: text, reason, example: '20:00-06:00' })
  return {}
}
