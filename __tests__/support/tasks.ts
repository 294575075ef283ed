import type { Guardrails } from '../../src/domain/guardrails.js'
import type { Task } from '../../src/domain/task.js'
import { parseWindow, type TimeWindow } from '../../src/domain/window.js'

export const MINUTE = 60_000
/** The cluster of every task, and the one that a simulator begins with. */
export const CLUSTER = 'production'

export const SCALE = { desired: { cpu: '8' } }
export const UPGRADE = { desired: { version: '1.32' } }
export const BOTH = { desired: { version: '1.32', cpu: '8' } }

/** The resources of a simulated cluster after the scale. */
export const SCALED_RESOURCES = { cpu: '8', memory: '16Gi', storage: '100Gi' }

export const NO_GUARDRAILS: Guardrails = {
  allowDowngrade: false,
  allowVersionSkip: false,
  allowStorageShrink: false,
  min: {},
  max: {},
}

/** A task with the defaults of the inputs. */
export function toTask(overrides: Partial<Task> = {}): Task {
  return {
    tenant: 'acme',
    cluster: CLUSTER,
    mode: 'apply',
    desired: {},
    guardrails: NO_GUARDRAILS,
    wait: true,
    timeoutMs: 30 * MINUTE,
    pollIntervalMs: 12_000,
    settleTimeMs: 30_000,
    degradedGraceMs: 5 * MINUTE,
    onBusy: 'wait',
    onConflict: 'retry',
    ...overrides,
  }
}

/** A time window that is certainly one. */
export function toWindow(text: string, timezone = 'UTC'): TimeWindow {
  const window = parseWindow(text, timezone)
  if (window === undefined) throw new Error(`no time window: ${text}`)
  return window
}
