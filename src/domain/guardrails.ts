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

/**
 * All reasons not to send a plan, at once: bounds judge what was asked, the other rules only what would change. A rule that cannot
 * be judged refuses. The server is not known to refuse any of these itself.
 */
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

/** What the live version rules compare with: what runs and what is desired, as far as either can be read as a version. */
function versionRefusals(live: Cluster, to: string, guardrails: Guardrails): Refusal[] {
  const asked = parseVersion(to)
  if (asked === undefined) return []
  const readable = [live.version, live.kubernetesVersion].flatMap((text) => {
    const version = parseVersion(text ?? '')
    return version === undefined || text === undefined ? [] : [{ text, version }]
  })
  const refuse = (rule: Rule, allow: string, reason: string): Refusal => ({
    rule,
    field: 'version',
    from: live.version ?? live.kubernetesVersion ?? null,
    to,
    allow,
    reason,
  })
  const higher = readable.find(({ version }) => isBelow(asked, version))
  const running = readable.at(-1)
  const downgrade =
    readable.length === 0
      ? `whether version ${to} is a downgrade cannot be judged: ${UNREADABLE}`
      : higher && `version ${to} is a downgrade from ${higher.text}`
  // Both are told together, and why is said once.
  const unknownSkip = guardrails.allowDowngrade
    ? `whether version ${to} skips a minor version cannot be judged: ${UNREADABLE}`
    : 'whether it skips a minor version cannot be judged either'
  const skip =
    running === undefined
      ? unknownSkip
      : skipsMinor(running.version, asked)
        ? `version ${to} is more than one minor above the running ${running.text}`
        : undefined
  return [
    ...(downgrade === undefined || guardrails.allowDowngrade
      ? []
      : [refuse('downgrade', 'allow-downgrade', downgrade)]),
    ...(skip === undefined || guardrails.allowVersionSkip ? [] : [refuse('version-skip', 'allow-version-skip', skip)]),
  ]
}

const UNREADABLE = 'the cluster’s own version cannot be read'

/** A limit that is absent is nothing to shrink; one that cannot be read cannot be judged. */
function storageRefusals(live: Cluster, to: string, guardrails: Guardrails): Refusal[] {
  const from = live.resources.storage
  const asked = parseQuantity(to)
  if (from === undefined || asked === undefined || guardrails.allowStorageShrink) return []
  const now = parseQuantity(from)
  if (now !== undefined && asked >= now) return []
  const reason =
    now === undefined
      ? `storage ${to} cannot be judged: the current ${from} cannot be read as a quantity`
      : `storage ${to} is less than the current ${from}`
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
