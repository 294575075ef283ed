import { describe, expect, test } from '@jest/globals'
import type { Task } from '../../src/domain/task.js'
import { busyServer, endOf, hide, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, NO_GUARDRAILS } from '../support/tasks.js'

describe('refusals', () => {
  const guarded = (overrides: Partial<Task['guardrails']>) => ({ ...NO_GUARDRAILS, ...overrides })

  const REFUSED: [name: string, setup: RunSetup, refusals: object[], permit: Partial<Task['guardrails']>][] = [
    [
      'a downgrade of the desired version',
      { task: { desired: { version: '1.31' } }, server: { clusters: [{ version: '1.32' }] } },
      [{ rule: 'downgrade', field: 'version', from: '1.32', to: '1.31', allow: 'allow-downgrade' }],
      { allowDowngrade: true },
    ],
    [
      'a downgrade of the running version',
      {
        task: { desired: { version: '1.31.3' } },
        server: { clusters: [{ version: '1.31', kubernetesVersion: 'v1.31.9' }] },
      },
      [{ rule: 'downgrade', field: 'version', from: '1.31', to: '1.31.3', allow: 'allow-downgrade' }],
      { allowDowngrade: true },
    ],
    [
      'a skipped minor',
      { task: { desired: { version: '1.33' } } },
      [{ rule: 'version-skip', field: 'version', from: '1.31', to: '1.33', allow: 'allow-version-skip' }],
      { allowVersionSkip: true },
    ],
    [
      'less storage',
      { task: { desired: { storage: '102399Mi' } } },
      [{ rule: 'storage-shrink', field: 'storage', from: '100Gi', to: '102399Mi', allow: 'allow-storage-shrink' }],
      { allowStorageShrink: true },
    ],
    [
      'everything at once',
      {
        task: {
          desired: { version: '1.33', cpu: '500m', memory: '64Gi', storage: '50Gi' },
          guardrails: guarded({ min: { cpu: '1' }, max: { memory: '32Gi' } }),
        },
      },
      [
        { rule: 'version-skip', field: 'version' },
        { rule: 'min', field: 'cpu', from: '4', to: '500m', allow: 'min-cpu' },
        { rule: 'max', field: 'memory', from: '16Gi', to: '64Gi', allow: 'max-memory' },
        { rule: 'storage-shrink', field: 'storage' },
      ],
      { allowVersionSkip: true, allowStorageShrink: true },
    ],
  ]

  describe.each(['apply', 'plan'] as const)('in mode %s', (mode) => {
    test.each(REFUSED)('%s', async (_, setup, refusals) => {
      const report = await runAgainstSimulator({ ...setup, task: { ...setup.task, mode } })
      expect(endOf(report)).toEqual(['failed', 'refused', false])
      expect(report.requests).toEqual(['GET 200'])
      expect(report.outcome.plan?.refusals).toMatchObject(refusals)
      expect(report.outcome.plan?.refusals).toHaveLength(refusals.length)
      expect(report.outcome.plan?.edits).toHaveLength(Object.keys(setup.task?.desired ?? {}).length)
      expect(report.outcome.wouldChange).toBe(true)
      for (const { reason } of report.outcome.plan?.refusals ?? []) expect(report.outcome.message).toContain(reason)
    })
  })

  test.each(REFUSED)('%s, permitted', async (_, setup, __, permit) => {
    const report = await runAgainstSimulator({ ...setup, task: { ...setup.task, guardrails: guarded(permit) } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test.each(['apply', 'plan', 'verify'] as const)('bounds of what is there already: mode %s', async (mode) => {
    const task = { desired: { cpu: '4' }, guardrails: guarded({ max: { cpu: '2' } }), mode }
    const isRed = async (given: Partial<Task>) =>
      (await runAgainstSimulator({ task: given })).outcome.reason !== undefined
    // A pull request's check is red when the apply would be, and only then.
    if (mode !== 'verify') expect(await isRed(task)).toBe(await isRed({ ...task, mode: 'apply' }))
    else expect(await isRed(task)).toBe(false)
  })

  test('of a plan made after a wait for a busy cluster', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32' } },
      server: { ...busyServer(20_000), upgradeMs: 5_000 },
      arrange: (simulator) => simulator.at(5_000, () => simulator.patchAs('rival', CLUSTER, { version: '1.33' })),
    })
    expect(endOf(report)).toEqual(['failed', 'refused', false])
    expect(report.patches).toEqual([])
    expect(report.outcome.plan?.refusals).toMatchObject([{ rule: 'downgrade', from: '1.33', to: '1.32' }])
  })

  test('are judged by the last kubernetesVersion seen, where the read planned from does not show one', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.31.12' } },
      server: { clusters: [{ kubernetesVersion: 'v1.32.3', phase: 'Provisioning', busyForMs: 1_000 }] },
      arrange: hide('status.kubernetesVersion', 2),
    })
    expect(endOf(report)).toEqual(['failed', 'refused', false])
    expect(report.outcome.plan?.refusals.map(({ rule }) => rule)).toEqual(['downgrade'])
  })
})
