import type { Outcome } from '../../src/domain/outcome.js'

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
