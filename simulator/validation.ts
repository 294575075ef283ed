import type { Resources, SpecPatch } from './cluster.js'
import { isSupported, type Settings, supportedInFull } from './settings.js'

/** The refusals that the API names by a code. */
export type CanonicalCode =
  | 'HA_DISABLE_UNSUPPORTED'
  | 'HA_ENABLE_ON_EXISTING_UNSUPPORTED'
  | 'CLUSTER_DEDICATED_UNSUPPORTED'

/** Why the server refuses a body with status 400. Only a canonical refusal has a code and the path of a field. */
export interface Refusal {
  message: string
  canonical?: { code: CanonicalCode; field: string }
}

const IMMUTABLE = ['name', 'displayName', 'type']
const QUANTITY: Record<keyof Resources, RegExp> = {
  cpu: /^\d+(\.\d+)?m?$/,
  memory: /^\d+(\.\d+)?([KMGTPE]i|[kMGTPE])$/,
  storage: /^\d+(\.\d+)?([KMGTPE]i|[kMGTPE])$/,
}
const SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads the body of a PATCH as the server does: every doubt is a refusal. `isHa` says what the cluster is now. */
export function parsePatch(
  body: string | undefined,
  isHa: boolean,
  settings: Settings,
): { patch: SpecPatch } | { refusal: Refusal } {
  const patch = parseJson(body)
  if (!isObject(patch)) return { refusal: { message: 'request body must be a JSON object' } }
  if (Object.keys(patch).length === 0) return { refusal: { message: 'at least one field required' } }
  for (const [field, value] of Object.entries(patch)) {
    const refusal = field === 'highAvailability' ? checkHa(value, isHa) : checkField(field, value, settings)
    if (refusal !== undefined) return { refusal }
  }
  return { patch: patch as SpecPatch }
}

/** The number a quantity stands for, near enough to tell which of two is more. */
export function quantityValue(text: string): number {
  const [, digits = '0', suffix = ''] = /^([\d.]+)(\w*)$/.exec(text) ?? []
  if (suffix === 'm') return Number(digits) / 1000
  const power = SUFFIXES.findIndex((letter) => letter.toLowerCase() === suffix.replace('i', '').toLowerCase())
  return Number(digits) * (suffix.endsWith('i') ? 1024 : 1000) ** Math.max(power, 0)
}

/** Neither direction is possible; only what is there already may be asked for. Off is refused even where it is off. */
function checkHa(value: unknown, isHa: boolean): Refusal | undefined {
  const field = 'spec.highAvailability'
  if (typeof value !== 'boolean') return { message: 'highAvailability must be a boolean' }
  if (value && isHa) return undefined
  if (!value) {
    return { message: 'Disabling HA is not supported in v1.', canonical: { code: 'HA_DISABLE_UNSUPPORTED', field } }
  }
  const message = 'Enabling HA on an existing cluster is not supported in v1.'
  return { message, canonical: { code: 'HA_ENABLE_ON_EXISTING_UNSUPPORTED', field } }
}

function checkField(field: string, value: unknown, settings: Settings): Refusal | undefined {
  const message = problemOf(field, value, settings)
  return message === undefined ? undefined : { message }
}

/** What the server says against the value of a field; `undefined` is nothing. */
export function problemOf(field: string, value: unknown, settings: Settings): string | undefined {
  if (IMMUTABLE.includes(field)) return `${field} cannot be changed after creation`
  if (field === 'version') return checkVersion(value, settings)
  if (field === 'resources') return checkResources(value)
  if (field === 'alerts') return isObject(value) ? undefined : 'alerts must be an object'
  return `unknown field "${field}"`
}

function checkVersion(version: unknown, settings: Settings): string | undefined {
  if (typeof version !== 'string') return 'version must be a string'
  // Not a fault on the real server either: it becomes the default version without a word.
  if (version === '' || isSupported(version, settings)) return undefined
  const supported = supportedInFull(settings).join(' ')
  return `unsupported Kubernetes version "${version}", supported versions: [${supported}]`
}

function checkResources(resources: unknown): string | undefined {
  if (!isObject(resources)) return 'resources must be an object'
  for (const [name, value] of Object.entries(resources)) {
    if (!Object.hasOwn(QUANTITY, name)) return `unknown field "resources.${name}"`
    const key = name as keyof Resources
    if (typeof value !== 'string') return `${name} must be a string`
    if (key !== 'cpu' && /^\d+(\.\d+)?$/.test(value)) return `${name} must include a unit suffix, such as 16Gi`
    if (!QUANTITY[key].test(value)) return `${name} is not a valid quantity: "${value}"`
  }
  return undefined
}

/** What a body says; none at all counts as an empty object, `undefined` is no JSON. */
export function parseJson(body: string | undefined): unknown {
  if (body === undefined || body === '') return {}
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
