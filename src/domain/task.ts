import type { DesiredChange } from './change.js'
import type { HourlyRates } from './cost.js'
import type { FreezeDates } from './freeze.js'
import type { Guardrails } from './guardrails.js'
import type { TimeWindow } from './window.js'

/** What one run is to do, for one cluster. */
export interface Task {
  readonly tenant: string
  readonly cluster: string
  readonly mode: 'apply' | 'plan' | 'verify'
  readonly desired: DesiredChange
  readonly guardrails: Guardrails
  readonly wait: boolean
  readonly timeoutMs: number
  readonly pollIntervalMs: number
  readonly settleTimeMs: number
  readonly degradedGraceMs: number
  readonly onBusy: 'wait' | 'fail'
  readonly onConflict: 'retry' | 'fail'
  readonly ifMatch?: string
  readonly expectedPlan?: string
  readonly window?: TimeWindow
  readonly freeze?: FreezeDates
  readonly hourlyRates?: HourlyRates
}
