import type { Outcome } from '../../src/domain/outcome.js'
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

/** The outputs of an outcome, with these sections as its summary; no secrets are known. */
export function toOutputsOf(outcome: Outcome, ...sections: readonly string[]): Outputs {
  return toOutputs({
    outcome,
    message: 'the message',
    sections,
    redactor: createAlertRedactor({ secrets: [], shown: [] }),
  })
}
