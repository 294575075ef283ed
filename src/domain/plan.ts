import { createHash } from 'node:crypto'
import { MOST } from '../policy.js'
import { type AskedField, askedFields, type DesiredChange, unmetFields } from './change.js'
import type { Cluster } from './cluster.js'
import { findRefusals, type Guardrails, type Refusal } from './guardrails.js'
import type { JsonObject, JsonValue } from './json.js'
import { mapResources, RESOURCE_NAMES } from './resources.js'

/** One difference between what the API shows and what was asked; inside `alerts` without its values. */
export interface Edit {
  readonly field: string
  readonly from?: string | null
  readonly to?: string | null
}

/** The body of a PATCH: only what was asked, plus what keeps the other resources as they are. */
export interface PatchBody {
  readonly version?: string
  readonly resources?: Readonly<Record<string, string | number>>
  readonly alerts?: JsonObject
}

export interface Plan {
  readonly edits: readonly Edit[]
  readonly refusals: readonly Refusal[]
  /** The edits as fields, for whoever compares later reads with them. */
  readonly fields: readonly AskedField[]
  readonly patch: PatchBody
  readonly digest: string
}

export interface PlanOptions {
  readonly tenant: string
  /** Whether the PATCH will carry the ETag of this very read; without it, resources not asked for must not be written back. */
  readonly isLocked: boolean
  readonly guardrails: Guardrails
}

/** What it takes to get from what one read shows to what is asked, compared by value, and what speaks against sending it. */
export function planChange(live: Cluster, desired: DesiredChange, options: PlanOptions): Plan {
  const fields = unmetFields(live, askedFields(desired))
  return {
    edits: fields.map((field) => toEdit(field, live)),
    refusals: findRefusals(live, desired, fields, options.guardrails),
    fields,
    patch: toPatchBody(live, desired, fields, options.isLocked),
    digest: toDigest(live, fields, options.tenant),
  }
}

function toEdit(field: AskedField, live: Cluster): Edit {
  const from = field.show(live)
  return from === undefined ? { field: field.name } : { field: field.name, from, to: field.wanted ?? null }
}

/**
 * Under the read's own ETag the body carries every resource it showed, names unknown to us included, which comes to the same
 * whether the server merges or replaces (that is not documented); under any other lock, or none, only the asked ones, since the
 * others may have moved since they were read.
 */
function toPatchBody(
  live: Cluster,
  desired: DesiredChange,
  unmet: readonly AskedField[],
  isLocked: boolean,
): PatchBody {
  const isUnmet = (kind: AskedField['kind']) => unmet.some((field) => field.kind === kind)
  const { version, alerts } = desired
  return {
    ...(version !== undefined && isUnmet('version') ? { version } : {}),
    ...(isUnmet('resources')
      ? { resources: { ...(isLocked ? scalarsIn(live.allResources) : {}), ...mapResources((name) => desired[name]) } }
      : {}),
    ...(alerts !== undefined && isUnmet('alerts') ? { alerts } : {}),
  }
}

function scalarsIn(resources: JsonObject): Record<string, string | number> {
  const isScalar = (entry: [string, JsonValue]): entry is [string, string | number] =>
    typeof entry[1] === 'number' || typeof entry[1] === 'string'
  return Object.fromEntries(Object.entries(resources).filter(isScalar))
}

/** The resources in a body whose names we do not know. */
export function unknownResources({ resources = {} }: PatchBody): string[] {
  return Object.keys(resources).filter((name) => !RESOURCE_NAMES.some((ours) => ours === name))
}

/** The same body without them. */
export function withoutUnknownResources(patch: PatchBody): PatchBody {
  const unknown = unknownResources(patch)
  if (patch.resources === undefined) return patch
  const known = Object.entries(patch.resources).filter(([name]) => !unknown.includes(name))
  return { ...patch, resources: Object.fromEntries(known) }
}

/** Hex digits of a digest: few enough that a masked short secret is unlikely to be part of it. */
const DIGEST_LENGTH = 16

/** Moves with any edit and its values, and with nothing else: status writes, the order of keys and other spellings leave it alone. */
function toDigest(live: Cluster, unmet: readonly AskedField[], tenant: string): string {
  const edits = unmet.map((field) => JSON.stringify([field.path, field.canonical(live), field.canonicalWanted])).sort()
  const text = JSON.stringify([tenant, live.name, edits])
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH)
}

/** The `plan` output: compact JSON without any value from inside `alerts`. `more` edits are not in it, where it would be too large. */
export function toPlanJson({ edits, refusals }: Pick<Plan, 'edits' | 'refusals'>, more = 0): string {
  return JSON.stringify({
    edits,
    refusals: refusals.map(({ rule, field, from, to, allow }) => ({ rule, field, from, to, allow })),
    ...(more > 0 ? { more } : {}),
  })
}

/** An edit inside `alerts` has no values to show. */
export function isAlertEdit({ to }: Edit): boolean {
  return to === undefined
}

/** The names of the settings inside `alerts` that are to be taken away. */
export function removedFields({ fields }: Pick<Plan, 'fields'>): ReadonlySet<string> {
  return new Set(fields.filter(({ isRemoval }) => isRemoval).map(({ name }) => name))
}

/** The widest column that fields are aligned to: a key path may be as long as it likes. */
const WIDEST_FIELD = 40

/** The plan for a log: a line each, aligned; of many edits inside `alerts` the first, and the number of the others. */
export function toPlanLines({ edits, fields }: Pick<Plan, 'edits' | 'fields'>): string[] {
  if (edits.length === 0) return ['Plan: nothing to change']
  const removed = removedFields({ fields })
  const alertEdits = edits.filter(isAlertEdit)
  const more = alertEdits.slice(MOST.alertEdits)
  const moreRemoved = more.filter(({ field }) => removed.has(field)).length
  const shown = [...edits.filter((edit) => !isAlertEdit(edit)), ...alertEdits.slice(0, MOST.alertEdits)]
  const width = Math.min(WIDEST_FIELD, Math.max(...shown.map(({ field }) => field.length)))
  const lines = shown.map(({ field, from, to }) => {
    const change = removed.has(field) ? 'is removed' : 'changes'
    const values =
      to === undefined ? `${change} (values in alerts are not shown)` : `${from ?? 'absent'} → ${to ?? 'absent'}`
    return `Plan: ${field.padEnd(width)}  ${values}`
  })
  if (more.length === 0) return lines
  const removal = moreRemoved === 0 ? '' : ` (${moreRemoved} removed)`
  return [...lines, `Plan: ${more.length} more settings inside alerts change${removal}`]
}
