import { type AskedValue, covers, integerOf, isObject, textOf, toAskedValues, type View, viewOf } from './asked.js'
import type { Snapshot } from './cluster-state.js'
import type { ExchangeRecord } from './exchange.js'
import type { Witness } from './execute.js'
import type { JsonObject } from './plan.js'

/** What several invariants ask of a run. */
export interface Facts {
  readonly witness: Witness
  readonly asked: readonly AskedValue[]
  /** Answered GETs that showed the cluster. */
  readonly reads: readonly ExchangeRecord[]
  readonly patches: readonly ExchangeRecord[]
  /** The read that a PATCH was planned from: the last one before it. */
  plannedFrom(patch: ExchangeRecord): ExchangeRecord | undefined
  /** Whether an exchange came after another. */
  isAfter(record: ExchangeRecord, other: ExchangeRecord): boolean
}

export function toFacts(witness: Witness): Facts {
  const { records, plan } = witness
  const order = new Map(records.map((record, index) => [record, index] as const))
  const isAfter = (record: ExchangeRecord, other: ExchangeRecord) => (order.get(record) ?? 0) > (order.get(other) ?? 0)
  const reads = records.filter(({ method, shown }) => method === 'GET' && shown !== undefined)
  return {
    witness,
    asked: toAskedValues(plan.task),
    reads,
    patches: records.filter(({ method }) => method === 'PATCH'),
    plannedFrom: (patch) => reads.findLast((read) => isAfter(patch, read)),
    isAfter,
  }
}

/** Whether something in front of the API wrote the answer (contract 3.6). */
export function isForeign({ status, page }: ExchangeRecord): boolean {
  return page === 'html' || page === 'text' || (page === 'empty' && status !== 403)
}

/** Whether a PATCH may have reached the cluster, as far as the run can know. */
export function mayHaveLanded(record: ExchangeRecord): boolean {
  const { status, trouble, isUnsent, isCancelled } = record
  if (isUnsent) return false
  if (isCancelled || trouble !== undefined || status === undefined) return true
  if (status < 300 || status >= 500 || status === 304 || status === 408 || status === 425) return true
  return (status === 403 || status === 404) && isForeign(record)
}

/** Whether nothing is known of what became of a PATCH. */
export function isLost(record: ExchangeRecord): boolean {
  const isSuccess = record.status !== undefined && record.status < 300
  return mayHaveLanded(record) && !(isSuccess && (record.isEmpty || record.shown !== undefined))
}

/** The server's own state, as one that can be asked. */
export function truthView({ spec, running }: Snapshot): View {
  return { ...spec, running }
}

export interface ShownStatus {
  readonly phase: string | undefined
  readonly generation: number | undefined
  readonly observedGeneration: number | undefined
  readonly running: string | undefined
}

export function statusOf(shown: JsonObject): ShownStatus {
  const status = isObject(shown.status) ? shown.status : {}
  return {
    phase: textOf(status.phase),
    generation: integerOf(shown.generation),
    observedGeneration: integerOf(status.observedGeneration),
    running: textOf(status.kubernetesVersion),
  }
}

/** The parts of the spec that an object shows, each by name. */
export function shownParts(shown: JsonObject): string[] {
  return [
    ...(textOf(shown.version) === undefined ? [] : ['version']),
    ...Object.keys(isObject(shown.resources) ? shown.resources : {}),
    ...(isObject(shown.alerts) ? ['alerts'] : []),
  ]
}

export function isMetBy(asked: readonly AskedValue[], shown: JsonObject): boolean {
  const view = viewOf(shown)
  return asked.every((value) => value.isMet(view))
}

/** Reads with a generation below one that was seen before, or with an ETag that was refused: they come from an older replica (contract 3.1, 3.4). */
export function staleReads({ witness: { records, ifMatch } }: Facts): ReadonlySet<ExchangeRecord> {
  const stale = new Set<ExchangeRecord>()
  const refused = new Set<string>()
  let highest = Number.NEGATIVE_INFINITY
  let createdMs = Number.NaN
  for (const record of records) {
    if (record.status === 412 && record.method === 'PATCH' && record.ifMatch !== undefined) refused.add(record.ifMatch)
    if (record.shown === undefined) continue
    const { generation = Number.POSITIVE_INFINITY } = statusOf(record.shown)
    const isRefused = ifMatch === undefined && record.etag !== undefined && refused.has(record.etag)
    // A replica may still show the cluster that had the name before.
    const bornMs = Date.parse(String(record.shown.createdAt))
    if (Number.isNaN(createdMs)) createdMs = bornMs
    if (generation < highest || isRefused || bornMs < createdMs) stale.add(record)
    else if (Number.isFinite(generation)) highest = Math.max(highest, generation)
  }
  return stale
}

/** Phases in which a cluster is busy with a change. */
export function isBusyPhase(phase: string | undefined): boolean {
  return phase === 'Pending' || phase === 'Provisioning' || phase === 'Upgrading'
}

/** A desired minor may be the server's short form of the patch version that was asked for. */
export function isShortForm({ witness }: Facts, { kind }: AskedValue, version: string | undefined): boolean {
  return kind === 'version' && version !== undefined && covers(version, witness.plan.task.version ?? '')
}
