import type { ClusterState } from './cluster.js'
import { toTimestamp } from './replies.js'
import type { Settings } from './settings.js'
import { quantityValue } from './validation.js'

/** What a tenant can subscribe to: a price per month, and a pool that its clusters share. */
export interface Plan {
  name: string
  displayName: string
  platformFee: string
  maxClusters: number
  resourcePool: { cpu: string; memory: string; storage: string }
  observabilityPool: { maxActiveSeries: number; logIngestGB: number; retentionDays: number; maxReceivers: number }
}

/** The plan that the simulated tenant has. */
export const TENANT_PLAN: Plan = {
  name: 'team',
  displayName: 'Team',
  platformFee: '149.00',
  maxClusters: 10,
  resourcePool: { cpu: '64', memory: '256Gi', storage: '2Ti' },
  observabilityPool: { maxActiveSeries: 200_000, logIngestGB: 200, retentionDays: 30, maxReceivers: 20 },
}

export const PLANS: readonly Plan[] = [
  {
    name: 'starter',
    displayName: 'Starter',
    platformFee: '29.00',
    maxClusters: 3,
    resourcePool: { cpu: '8', memory: '32Gi', storage: '200Gi' },
    observabilityPool: { maxActiveSeries: 50_000, logIngestGB: 50, retentionDays: 14, maxReceivers: 5 },
  },
  TENANT_PLAN,
]

/** Pounds for an hour of one vCPU, and of one GiB. */
const HOURLY_RATES = { cpu: 0.03, memory: 0.006, storage: 0.000116 }
const GIB = 1024 ** 3
const HOUR_MS = 3_600_000

/** The tenant's own object, with what its clusters have been given. `nowMs` is wall time. */
export function toTenant(clusters: ClusterState[], nowMs: number, { tenant }: Settings): Record<string, unknown> {
  const allocated = {
    cpu: sum(clusters, 'cpu'),
    memory: sum(clusters, 'memory') / GIB,
    storage: sum(clusters, 'storage') / GIB,
  }
  return {
    name: tenant,
    displayName: tenant.charAt(0).toUpperCase() + tenant.slice(1),
    contactEmail: `admin@${tenant}.example`,
    plan: TENANT_PLAN.name,
    enforceMetricsLimit: true,
    enforceLogLimit: true,
    resourceVersion: '1',
    createdAt: '2026-01-15T09:00:00Z',
    status: {
      phase: 'Active',
      clusterCount: clusters.length,
      allocatedResources: {
        cpu: decimal(allocated.cpu, 3),
        memory: `${decimal(allocated.memory, 3)}Gi`,
        storage: `${decimal(allocated.storage, 3)}Gi`,
      },
      poolResources: TENANT_PLAN.resourcePool,
      currentUsage: toUsage(allocated, nowMs),
    },
  }
}

/** The bill of the month so far, as if everything had been allocated since it began. */
function toUsage({ cpu, memory, storage }: Record<keyof typeof HOURLY_RATES, number>, nowMs: number): object {
  const now = new Date(nowMs)
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()]
  const start = Date.UTC(year, month)
  const hours = (nowMs - start) / HOUR_MS
  const costs = {
    cpu: cpu * hours * HOURLY_RATES.cpu,
    memory: memory * hours * HOURLY_RATES.memory,
    storage: storage * hours * HOURLY_RATES.storage,
  }
  const total = (costs.cpu + costs.memory + costs.storage).toFixed(2)
  return {
    periodStart: toTimestamp(start),
    periodEnd: toTimestamp(Date.UTC(year, month + 1)),
    updatedAt: toTimestamp(nowMs),
    currency: 'GBP',
    compute: {
      cpuCoreHours: decimal(cpu * hours, 2),
      memoryGiBHours: decimal(memory * hours, 2),
      storageGiBHours: decimal(storage * hours, 2),
      cpuCost: costs.cpu.toFixed(2),
      memoryCost: costs.memory.toFixed(2),
      storageCost: costs.storage.toFixed(2),
    },
    estimatedSubtotal: total,
    estimatedTotal: total,
  }
}

function sum(clusters: ClusterState[], field: keyof typeof HOURLY_RATES): number {
  return clusters.reduce((total, { resources }) => total + quantityValue(resources[field] ?? '0'), 0)
}

/** A number with at most so many places, and no zeros at its end. */
function decimal(value: number, places: number): string {
  return String(Number(value.toFixed(places)))
}
