import type { Resources, SpecPatch } from './cluster.js'
import { fullVersion, minorOf, type Settings } from './settings.js'

/** Why the server refuses a body, as it is put on the wire with status 400. */
export interface Refusal {
  code: string
  message: string
  field?: string
}

const IMMUTABLE: Record<string, string> = {
  name: 'FIELD_IMMUTABLE',
  displayName: 'FIELD_IMMUTABLE',
  type: 'FIELD_IMMUTABLE',
  highAvailability: 'HA_ENABLE_ON_EXISTING_UNSUPPORTED',
}
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

/** Reads the body of a PATCH as the server does: every doubt is a refusal. */
export function parsePatch(body: string | undefined, settings: Settings): { patch: SpecPatch } | { refusal: Refusal } {
  const patch = parseJson(body)
  if (!isObject(patch)) return refuse('INVALID_BODY', 'request body must be a JSON object')
  if (Object.keys(patch).length === 0) return refuse('INVALID_BODY', 'at least one field is required')
  for (const [field, value] of Object.entries(patch)) {
    const immutable = IMMUTABLE[field]
    if (immutable !== undefined) return refuse(immutable, `${field} cannot be changed after creation`, `spec.${field}`)
    const fault = checkField(field, value, settings)
    if (fault !== undefined) return { refusal: fault }
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

function checkField(field: string, value: unknown, settings: Settings): Refusal | undefined {
  if (field === 'version') return checkVersion(value, settings)
  if (field === 'resources') return checkResources(value)
  if (field === 'alerts') return isObject(value) ? undefined : invalid('alerts must be an object', 'spec.alerts')
  return { code: 'UNKNOWN_FIELD', message: `unknown field "${field}"`, field: `spec.${field}` }
}

function checkVersion(version: unknown, settings: Settings): Refusal | undefined {
  const field = 'spec.version'
  if (typeof version !== 'string') return invalid('version must be a string', field)
  // Not a fault on the real server either: it becomes the default version without a word.
  if (version === '') return undefined
  const minors = settings.supportedVersions.map(minorOf)
  if (/^\d+\.\d+(\.\d+)?$/.test(version) && minors.includes(minorOf(version))) return undefined
  const supported = minors.map((minor) => fullVersion(minor, settings)).join(', ')
  const message = `unsupported Kubernetes version "${version}"; supported versions: ${supported}`
  return { code: 'CLUSTER_VERSION_UNSUPPORTED', message, field }
}

function checkResources(resources: unknown): Refusal | undefined {
  if (!isObject(resources)) return invalid('resources must be an object', 'spec.resources')
  for (const [name, value] of Object.entries(resources)) {
    const field = `spec.resources.${name}`
    if (!Object.hasOwn(QUANTITY, name))
      return { code: 'UNKNOWN_FIELD', message: `unknown field "resources.${name}"`, field }
    const key = name as keyof Resources
    if (typeof value !== 'string') return invalid(`${name} must be a string`, field)
    if (key !== 'cpu' && /^\d+(\.\d+)?$/.test(value))
      return invalid(`${name} must include a unit suffix, such as 16Gi`, field)
    if (!QUANTITY[key].test(value)) return invalid(`${name} is not a valid quantity: "${value}"`, field)
  }
  return undefined
}

function parseJson(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return undefined
  }
}

function invalid(message: string, field: string): Refusal {
  return { code: 'INVALID_VALUE', message, field }
}

function refuse(code: string, message: string, field?: string): { refusal: Refusal } {
  return { refusal: field === undefined ? { code, message } : { code, message, field } }
}
