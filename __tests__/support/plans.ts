import type { DesiredChange } from '../../src/domain/change.js'
import type { Guardrails } from '../../src/domain/guardrails.js'
import { type Plan, planChange } from '../../src/domain/plan.js'
import { type ClusterOverrides, toCluster } from './clusters.js'
import { NO_GUARDRAILS } from './tasks.js'

export interface PlanSetup {
  readonly live?: ClusterOverrides
  readonly tenant?: string
  readonly isLocked?: boolean
  readonly guardrails?: Partial<Guardrails>
}

/** The plan for a change of the settled cluster. */
export function toPlan(desired: DesiredChange, setup: PlanSetup = {}): Plan {
  const { live = {}, tenant = 'acme', isLocked = true, guardrails = {} } = setup
  return planChange(toCluster(live), desired, { tenant, isLocked, guardrails: { ...NO_GUARDRAILS, ...guardrails } })
}
