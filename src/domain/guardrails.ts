import type { AskedField, DesiredChange } from './change.js'
import type { Cluster } from './cluster.js'
import { parseQuantity } from './quantity.js'
import { RESOURCE_NAMES, type ResourceName, type Resources } from './resources.js'
import { isBelow, parseVersion, skipsMinor } from './version.js'

export type Rule = 'downgrade' | 'version-skip' | 'storage-shrink' | 'min' | 'max'

/** What the caller permits beyond the safe default, and the bounds on each requested quantity. */
export interface Guardrails {
  readonly allowDowngrade: boolean
  readonly allowVersionSkip: boolean
  readonly allowStorageShrink: boolean
  readonly min: Resources
  readonly max: Resources
}

/** A rule that keeps a plan from being sent, with the input that would permit it. */
export interface Refusal {
  readonly rule: Rule
  readonly field: string
  readonly from: string | null
  readonly to: string | null
  readonly allow: string
  readonly reason: string
}

/** All reasons not to send a plan, at once. The server is not known to refuse any of these itself. */
export function findRefusals(
  live: Cluster,
  desired: DesiredChange,
  unmet: readonly AskedField[],
  guardrails: Guardrails,
): Refusal[] {
  const isUnmet = (name: string) => unmet.some((field) => field.name === name)
  return [
    ...(isUnmet('version') ? versionRefusals(live, desired.version ?? '', guardrails) : []),
    ...(isUnmet('storage') ? storageRefusals(live, desired.storage ?? '', guardrails) : []),
    ...RESOURCE_NAMES.flatMap((name) => boundRefusals(live, name, desired[name], guardrails)),
  ].sort((left, right) => FIELD_ORDER.indexOf(left.field) - FIELD_ORDER.indexOf(right.field))
}

const FIELD_ORDER: readonly string[] = ['version', ...RESOURCE_NAMES]

function versionRefusals(live: Cluster, to: string, guardrails: Guardrails): Refusal[] {
  const asked = parseVersion(to)
  if (asked === undefined) return []
  const refusals: Refusal[] = []
  const higher = [live.version, live.kubernetesVersion].find((text) => {
    const version = parseVersion(text ?? '')
    return version !== undefined && isBelow(asked, version)
  })
  const from = live.version ?? live.kubernetesVersion ?? null
  if (higher !== undefined && !guardrails.allowDowngrade) {
    const reason = `version ${to} is a downgrade from ${higher}`
    refusals.push({ rule: 'downgrade', field: 'version', from, to, allow: 'allow-downgrade', reason })
  }
  const counted = live.kubernetesVersion ?? live.version ?? ''
  const running = parseVersion(counted)
  if (running !== undefined && skipsMinor(running, asked) && !guardrails.allowVersionSkip) {
    const reason = `version ${to} is more than one minor above the running ${counted}`
    refusals.push({ rule: 'version-skip', field: 'version', from, to, allow: 'allow-version-skip', reason })
  }
  return refusals
}

function storageRefusals(live: Cluster, to: string, guardrails: Guardrails): Refusal[] {
  const from = live.resources.storage
  const [now, asked] = [parseQuantity(from ?? ''), parseQuantity(to)]
  if (from === undefined || now === undefined || asked === undefined) return []
  if (asked >= now || guardrails.allowStorageShrink) return []
  const reason = `storage ${to} is less than the current ${from}`
  return [{ rule: 'storage-shrink', field: 'storage', from, to, allow: 'allow-storage-shrink', reason }]
}

function boundRefusals(
  live: Cluster,
  field: ResourceName,
  to: string | undefined,
  { min, max }: Guardrails,
): Refusal[] {
  const asked = parseQuantity(to ?? '')
  if (to === undefined || asked === undefined) return []
  const from = live.resources[field] ?? null
  const [lowest, highest] = [parseQuantity(min[field] ?? ''), parseQuantity(max[field] ?? '')]
  const refusals: Refusal[] = []
  if (lowest !== undefined && asked < lowest) {
    const reason = `${field} ${to} is below min-${field} ${min[field]}`
    refusals.push({ rule: 'min', field, from, to, allow: `min-${field}`, reason })
  }
  if (highest !== undefined && asked > highest) {
    const reason = `${field} ${to} is above max-${field} ${max[field]}`
    refusals.push({ rule: 'max', field, from, to, allow: `max-${field}`, reason })
  }
  return refusals
}
