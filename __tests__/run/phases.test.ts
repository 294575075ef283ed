import { describe, expect, test } from '@jest/globals'
import { endOf, hide, patchRequestsOf, runAgainstSimulator, warningsOf } from '../support/runs.js'
import { MINUTE, SCALE } from '../support/tasks.js'

describe('phases at the start', () => {
  test('Degraded is a warning, and the PATCH goes: it may be the cure', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: { clusters: [{ phase: 'Degraded' }] } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/Degraded/)])
  })

  test('Degraded with nothing to change is not called unchanged', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { cpu: '4' } },
      server: { clusters: [{ phase: 'Degraded' }] },
    })
    expect(endOf(report)).toEqual(['failed', 'degraded', false])
    expect(report.patches).toEqual([])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(5 * MINUTE)
  })

  test('Degraded in a dry run is a warning', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'plan' },
      server: { clusters: [{ phase: 'Degraded' }] },
    })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/Degraded/)])
  })

  test.each(['apply', 'plan'] as const)('an unknown phase is said once and planned on: mode %s', async (mode) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode },
      server: { clusters: [{ phase: 'Hibernating' }] },
    })
    expect(report.outcome.reason).toBeUndefined()
    expect(patchRequestsOf(report)).toEqual(mode === 'apply' ? ['PATCH 200'] : [])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/Hibernating/)])
  })

  test.each(['apply', 'plan'] as const)('no phase is said once and planned on: mode %s', async (mode) => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode }, arrange: hide('status', 1, 2) })
    expect(report.outcome.reason).toBeUndefined()
    expect(patchRequestsOf(report)).toEqual(mode === 'apply' ? ['PATCH 200'] : [])
    expect(warningsOf(report)).toEqual([expect.stringMatching(/no phase/)])
  })

  describe.each(['Terminating', 'Deleting'])('%s', (phase) => {
    test.each(['apply', 'plan', 'verify'] as const)('is the end in mode %s', async (mode) => {
      const report = await runAgainstSimulator({ task: { ...SCALE, mode }, server: { clusters: [{ phase }] } })
      expect(endOf(report)).toEqual(['failed', 'deleted', false])
      expect(report.requests).toEqual(['GET 200'])
    })
  })
})
