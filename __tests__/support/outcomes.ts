import { FAILURE_KINDS, type FailureKind } from '../../src/domain/failure-reasons.js'
import type { Outcome, Result } from '../../src/domain/outcome.js'
import { createAlertRedactor } from '../../src/redact.js'
import { type Outputs, toOutputs } from '../../src/report/outputs.js'

/** The outcome of a run that found nothing to do. */
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

/** What a kind of failure ends a run with, where it is not `failed`. */
const RED_RESULTS: Readonly<Partial<Record<FailureKind, Result>>> = {
  'busy-too-long': 'timed-out',
  timeout: 'timed-out',
  cancelled: 'cancelled',
}

/** The outcome of a run that failed in this way. */
export function toFailedOutcome(kind: FailureKind, overrides: Partial<Outcome> = {}): Outcome {
  const result = RED_RESULTS[kind] ?? 'failed'
  return toOutcome({ result, reason: FAILURE_KINDS[kind], kind, message: 'it went wrong', ...overrides })
}

/** The outputs of an outcome, with these sections as its summary; no secrets are known. */
export function toOutputsOf(outcome: Outcome, ...sections: readonly string[]): Outputs {
  const redactor = createAlertRedactor({ secrets: [], shown: [] })
  return toOutputs({ outcome, message: 'the message', sections, redactor })
}
