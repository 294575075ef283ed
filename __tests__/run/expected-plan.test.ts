import { describe, expect, test } from '@jest/globals'
import type { Task } from '../../src/domain/task.js'
import { busyServer, endOf, patchRequestsOf, type RunSetup, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, SCALE } from '../support/tasks.js'
import { rival } from '../support/writers.js'

/** What a dry run gives to be expected. */
const digestOf = async (setup: RunSetup) =>
  (await runAgainstSimulator({ ...setup, task: { ...setup.task, mode: 'plan' } })).outcome.plan?.digest ?? 'none'

describe('expected-plan', () => {
  test('the same plan is sent', async () => {
    const expectedPlan = await digestOf({ task: SCALE })
    const report = await runAgainstSimulator({ task: { ...SCALE, expectedPlan } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('the same plan in other words, on a cluster whose status moved, is sent', async () => {
    const expectedPlan = await digestOf({ task: { desired: { memory: '32Gi', cpu: '8' } } })
    const report = await runAgainstSimulator({
      task: { desired: { cpu: '8000m', memory: '32768Mi' }, expectedPlan },
      server: { clusters: [{ resources: { cpu: '4000m', memory: '16Gi', storage: '200Gi' } }] },
      arrange: (simulator) => simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('the same plan after a 412 is sent', async () => {
    const expectedPlan = await digestOf({ task: SCALE })
    const report = await runAgainstSimulator({
      task: { ...SCALE, expectedPlan },
      arrange: rival({ resources: { memory: '24Gi' } }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 200'])
  })

  const OTHERS: [name: string, desired: Task['desired'], expected: RunSetup][] = [
    ['another wanted value', { cpu: '8' }, { task: { desired: { cpu: '6' } } }],
    [
      'another current value',
      { cpu: '8' },
      { task: SCALE, server: { clusters: [{ resources: { cpu: '2', memory: '16Gi', storage: '100Gi' } }] } },
    ],
    ['one field less', { cpu: '8' }, { task: { desired: { cpu: '8', memory: '32Gi' } } }],
    [
      'another cluster',
      { cpu: '8' },
      { task: { ...SCALE, cluster: 'staging' }, server: { clusters: [{ name: 'staging' }] } },
    ],
    ['an empty plan', { cpu: '8' }, { task: { desired: { cpu: '4' } } }],
  ]

  test.each(OTHERS)('%s: nothing is sent', async (_, desired, expected) => {
    const expectedPlan = await digestOf(expected)
    const report = await runAgainstSimulator({ task: { desired, expectedPlan } })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.requests).toEqual(['GET 200'])
    expect(report.outcome.plan?.digest).not.toBe(expectedPlan)
    expect(report.outcome.message).toContain(expectedPlan)
  })

  test.each(OTHERS)('%s is red in a dry run too', async (_, desired, expected) => {
    const report = await runAgainstSimulator({
      task: { desired, mode: 'plan', expectedPlan: await digestOf(expected) },
    })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
  })

  test('an empty plan satisfies every one', async () => {
    const report = await runAgainstSimulator({ task: { desired: { cpu: '4' }, expectedPlan: 'sha256:0' } })
    expect(endOf(report)).toEqual(['unchanged', undefined, false])
    const dry = await runAgainstSimulator({ task: { desired: { cpu: '4' }, expectedPlan: 'sha256:0', mode: 'plan' } })
    expect(endOf(dry)).toEqual(['planned', undefined, false])
  })

  test('one that was right at first, but not once the cluster was free', async () => {
    const expectedPlan = await digestOf({ task: SCALE })
    const report = await runAgainstSimulator({
      task: { ...SCALE, expectedPlan },
      server: busyServer(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6' } })),
    })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.patches).toEqual([])
    expect(report.outcome.plan?.edits).toEqual([{ field: 'cpu', from: '6', to: '8' }])
  })

  test('a plan that shrank while the cluster was busy is another one', async () => {
    const desired = { cpu: '8', memory: '32Gi' }
    const expectedPlan = await digestOf({ task: { desired } })
    const report = await runAgainstSimulator({
      task: { desired, expectedPlan },
      server: busyServer(30_000),
      arrange: (simulator) =>
        simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { memory: '32Gi' } })),
    })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.patches).toEqual([])
  })
})
