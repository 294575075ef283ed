import type { ClusterSpec } from './cluster.js'
import { minorOf, type Settings, supportedInFull } from './settings.js'
import { isObject, parseJson, problemOf, type Refusal } from './validation.js'

/** A warning beside an answer that is no refusal. */
export interface Warning {
  code: 'HA_K8S_VERSION_RETIRING'
  severity: 'warning'
  message: string
  field: string
}

/** What a POST asks for; nothing is left out but `alerts`. */
export type NewCluster = Required<
  Pick<ClusterSpec, 'name' | 'displayName' | 'type' | 'version' | 'resources' | 'highAvailability'>
> &
  Pick<ClusterSpec, 'alerts'>

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/
const CREATABLE = ['name', 'displayName', 'type', 'version', 'resources', 'alerts', 'highAvailability']

/** Reads the body of a POST as the server does: every doubt is a refusal. */
export function parseCreation(
  body: string | undefined,
  settings: Settings,
): { cluster: NewCluster } | { refusal: Refusal } {
  const asked = parseJson(body)
  if (!isObject(asked)) return { refusal: { message: 'request body must be a JSON object' } }
  const { name, displayName, type = 'shared', highAvailability = false } = asked
  if (type === 'dedicated') {
    const canonical = { code: 'CLUSTER_DEDICATED_UNSUPPORTED', field: 'spec.type' } as const
    return { refusal: { message: 'Dedicated clusters are not supported in v1.', canonical } }
  }
  const message =
    unknownField(asked) ??
    checkName(name) ??
    checkText('displayName', displayName) ??
    (type === 'shared' ? undefined : 'type must be shared or dedicated') ??
    (typeof highAvailability === 'boolean' ? undefined : 'highAvailability must be a boolean') ??
    checkSpec(asked, settings) ??
    checkLimits(asked, settings)
  if (message !== undefined) return { refusal: { message } }
  return { cluster: { version: '', resources: {}, type, highAvailability, ...asked } as NewCluster }
}

/** High availability on the oldest version on offer, which is to go next, is possible but not wise. */
export function warningsOf({ version, highAvailability }: NewCluster, settings: Settings): Warning[] {
  const oldest = minorOf(supportedInFull(settings).at(-1) ?? '')
  if (!highAvailability || minorOf(version || settings.defaultVersion) !== oldest) return []
  const message = `K8s ${oldest} is approaching EOL.`
  return [{ code: 'HA_K8S_VERSION_RETIRING', severity: 'warning', message, field: 'spec.highAvailability' }]
}

function unknownField(asked: Record<string, unknown>): string | undefined {
  const field = Object.keys(asked).find((key) => !CREATABLE.includes(key))
  return field === undefined ? undefined : `unknown field "${field}"`
}

function checkName(name: unknown): string | undefined {
  const problem = checkText('cluster name', name)
  if (problem !== undefined || NAME.test(String(name))) return problem
  return 'cluster name must be 2 to 63 lower case letters, digits or hyphens, with a letter or digit at both ends'
}

function checkText(what: string, value: unknown): string | undefined {
  if (value === undefined || value === '') return `${what} is required`
  return typeof value === 'string' ? undefined : `${what} must be a string`
}

function checkSpec(asked: Record<string, unknown>, settings: Settings): string | undefined {
  const fields = ['version', 'resources', 'alerts'].filter((field) => asked[field] !== undefined)
  return fields.map((field) => problemOf(field, asked[field], settings)).find((problem) => problem !== undefined)
}

/** The platform's own admission check asks for two of the limits; storage it lets pass. */
function checkLimits({ resources }: Record<string, unknown>, { requireLimits }: Settings): string | undefined {
  const given = isObject(resources) ? resources : {}
  const missing = ['cpu', 'memory'].find((field) => given[field] === undefined)
  return requireLimits && missing !== undefined ? `spec.resources.${missing} is required` : undefined
}
