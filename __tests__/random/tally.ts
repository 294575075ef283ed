import type { Witness } from './execute.js'
import { PLAIN_SERVER } from './plan.js'

/** How many runs ended how, and in how many of them each thing occurred that a model can do. */
export class Tally {
  readonly endings = new Map<string, number>()
  readonly features = new Map<string, number>()
  runs = 0
  exchanges = 0

  add({ outcome, records, happened, plan }: Witness): void {
    this.runs += 1
    this.exchanges += records.length
    const { result, reason } = outcome
    count(this.endings, reason === undefined ? result : `${result}/${reason}`)
    const { server, cluster, task } = plan
    const features = new Set([
      `mode ${task.mode}`,
      ...(plan.isCalm ? ['calm run'] : []),
      ...happened.map((kind) => `incident: ${kind}`),
      ...records.flatMap(({ faults, method }) => faults.map((fault) => `fault: ${method} ${toKind(fault)}`)),
      ...Object.entries(server)
        .filter(([key, value]) => value !== PLAIN_SERVER[key as keyof typeof server] && typeof value !== 'number')
        .map(([key, value]) => `server: ${key} ${value}`),
      ...(cluster.before.length > 0 ? ['a change was under way, or just made'] : []),
      ...records.filter(({ status }) => status === 412).map(() => 'answered 412'),
      ...records.filter(({ isStale }) => isStale).map(() => 'stale read'),
      ...(plan.cancelAtMs === null ? [] : ['cancelled, or too late']),
    ])
    for (const feature of features) count(this.features, feature)
  }

  merge({ endings, features, runs, exchanges }: TallyParts): void {
    for (const [key, value] of endings) count(this.endings, key, value)
    for (const [key, value] of features) count(this.features, key, value)
    this.runs += runs
    this.exchanges += exchanges
  }
}

export interface TallyParts {
  readonly endings: ReadonlyMap<string, number>
  readonly features: ReadonlyMap<string, number>
  readonly runs: number
  readonly exchanges: number
}

/** Numbers of milliseconds, and which fields an answer lacked or what page came with a status, are one kind. */
function toKind(fault: string): string {
  return fault
    .replace(/ ?\(\d+ ms\)/, '')
    .replace(/^(\d{3}) .*$/, '$1')
    .replace(/^without .*$/, 'fields left out')
}

function count(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
