import type { JsonObject } from '../../src/domain/alerts.js'
import type { DesiredChange } from '../../src/domain/change.js'
import type { Cluster } from '../../src/domain/cluster.js'
import type { Guardrails } from '../../src/domain/guardrails.js'
import type { Outcome } from '../../src/domain/outcome.js'
import { type Plan, planChange } from '../../src/domain/plan.js'

/** A settled cluster on 1.31, with 4 CPUs, 16Gi of memory and 100Gi of storage; a field set to `undefined` is left out. */
export function toCluster(overrides: { [K in keyof Cluster]?: Cluster[K] | undefined } = {}): Cluster {
  const cluster = {
    name: 'production',
    version: '1.31',
    resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
    generation: 7,
    observedGeneration: 7,
    phase: 'Running',
    kubernetesVersion: 'v1.31.5',
    endpoint: 'https://production.acme.kupe.cloud',
    conditions: [],
    warnings: [],
    json: { name: 'production' },
    ...overrides,
  }
  return Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== undefined)) as unknown as Cluster
}

export const NO_GUARDRAILS: Guardrails = {
  allowDowngrade: false,
  allowVersionSkip: false,
  allowStorageShrink: false,
  min: {},
  max: {},
}

export interface PlanCase {
  readonly live?: Parameters<typeof toCluster>[0]
  readonly tenant?: string
  readonly isLocked?: boolean
  readonly guardrails?: Partial<Guardrails>
}

/** The plan for a change of the cluster above. */
export function toPlan(desired: DesiredChange, options: PlanCase = {}): Plan {
  const { live = {}, tenant = 'acme', isLocked = true, guardrails = {} } = options
  return planChange(toCluster(live), desired, { tenant, isLocked, guardrails: { ...NO_GUARDRAILS, ...guardrails } })
}

/** The outcome of a run that has little to tell. */
export function toOutcome(overrides: Partial<Outcome> = {}): Outcome {
  return {
    result: 'unchanged',
    message: 'The cluster already is as asked.',
    changed: false,
    timeline: [],
    startWallMs: Date.UTC(2026, 10, 2, 9),
    warnings: [],
    durationMs: 1_999,
    ...overrides,
  }
}

/** Alerts with values that must never be shown. */
export const SECRET_ALERTS: JsonObject = {
  receivers: { pager: { url: 'https://pager.example/hidden-hook', enabled: true } },
  routes: ['hidden-route'],
  note: null,
}
