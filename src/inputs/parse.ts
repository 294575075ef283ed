import type { DesiredChange } from '../domain/change.js'
import type { Guardrails } from '../domain/guardrails.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../domain/json.js'
import { parseQuantity } from '../domain/quantity.js'
import { mapResources, RESOURCE_NAMES, RESOURCES, type ResourceName, type Resources } from '../domain/resources.js'
import type { Task } from '../domain/task.js'
import { problemOfVersion, withoutV } from '../domain/version.js'
import { isTimezone, parseWindow, type TimeWindow } from '../domain/window.js'
import { InputError, type InputProblem } from '../errors.js'
import { type ApiAddress, parseApiUrl } from './address.js'
import { defaultOf, type InputName, problemsOfNames } from './names.js'
import { type Environment, InputReader } from './reader.js'
import { API_KEY_VARIABLES } from './secrets.js'

/** Everything a run is told, checked; what was not given is absent. */
export interface Inputs extends Task {
  readonly apiKey: string
  readonly api: ApiAddress
  readonly jobSummary: boolean
  readonly comment: boolean
  /** What a careful person would want to know about the surroundings. */
  readonly warnings: readonly string[]
}

/** Reads `INPUT_*` and the `KUPE_*` environment. Throws one `InputError` that lists every fault of every input. */
export async function parseInputs(env: Environment): Promise<Inputs> {
  const read = new InputReader(env)
  read.problems.push(...problemsOfNames(env))
  const mode = read.choice('mode', ['apply', 'plan', 'verify'])
  const wait = read.boolean('wait')
  const timeoutMs = read.duration('timeout')
  const pollIntervalMs = read.duration('poll-interval')
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
    settleTimeMs: read.duration('settle-time', { zero: true }),
    degradedGraceMs: read.duration('degraded-grace', { zero: true }),
    onBusy: read.choice('on-busy', ['wait', 'fail']),
    onConflict: read.choice('on-conflict', ['retry', 'fail']),
    ...read.optional('ifMatch', 'if-match', problemOfEtag, '"294810"'),
    ...read.optional('expectedPlan', 'expected-plan', () => undefined, ''),
    ...readWindow(read),
    jobSummary: read.boolean('job-summary'),
    comment: read.boolean('comment'),
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

const CHANGE_INPUTS = ['version', ...RESOURCE_NAMES, 'alerts'] as const

function checkTogether(read: InputReader, { mode, wait, timeoutMs, pollIntervalMs, guardrails }: Inputs): void {
  const hasChange = CHANGE_INPUTS.some((name) => read.text(name) !== undefined)
  if (mode !== 'verify' && !hasChange) {
    const reason = `is missing: mode ${mode} needs at least one of ${CHANGE_INPUTS.join(', ')}`
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
    read.problems.push({
      input: 'poll-interval',
      value,
      reason: 'must be below timeout',
      example: defaultOf('poll-interval'),
    })
  }
  for (const name of RESOURCE_NAMES) {
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
  const found = read.find('api-key', API_KEY_VARIABLES)
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
  const { version } = read.optional('version', 'version', problemOfVersion, '"1.32"')
  const resources = readResources(read, (name) => ({ input: name, example: RESOURCES[name].example }))
  const alerts = read.text('alerts')
  return {
    ...(version === undefined ? {} : { version: withoutV(version) }),
    ...resources,
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
    allowDowngrade: read.boolean('allow-downgrade'),
    allowVersionSkip: read.boolean('allow-version-skip'),
    allowStorageShrink: read.boolean('allow-storage-shrink'),
    min: readBounds(read, 'min'),
    max: readBounds(read, 'max'),
  }
}

function readBounds(read: InputReader, end: 'min' | 'max'): Resources {
  return readResources(read, (name) => ({ input: `${end}-${name}`, example: RESOURCES[name].boundExample }))
}

/** One quantity for each resource, from the inputs that `toInput` names. */
function readResources(
  read: InputReader,
  toInput: (name: ResourceName) => { readonly input: InputName; readonly example: string },
): Resources {
  return mapResources((name) => {
    const { input, example } = toInput(name)
    return read.optional('quantity', input, RESOURCES[name].problemOf, example).quantity
  })
}

function readWindow(read: InputReader): { window?: TimeWindow } {
  const timezone = read.text('timezone') ?? defaultOf('timezone')
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
