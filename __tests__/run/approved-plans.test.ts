import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/domain/approval.js'
import { CancelledError } from '../../src/errors.js'
import { VirtualClock } from '../support/clock.js'
import {
  busyServer,
  endOf,
  patchRequestsOf,
  type RunReport,
  type RunSetup,
  runAgainstSimulator,
} from '../support/runs.js'
import { CLUSTER, SCALE } from '../support/tasks.js'
import { rival } from '../support/writers.js'

const APPROVED = { ...SCALE, expectedPlan: 'pull-request' }
const UNLINKED: Approval = { kind: 'unlinked', message: 'GitHub names no merged pull request' }
const NONE: Approval = { kind: 'not-found', message: 'pull request #7 has no comment' }
const found = (...digests: string[]): Approval => ({ kind: 'found', pullRequest: 7, digests })

/** The digest of a dry run. */
const digestOf = async (setup: RunSetup = { task: SCALE }) =>
  (await runAgainstSimulator({ ...setup, task: { ...setup.task, mode: 'plan' } })).outcome.plan?.digest ?? 'none'

interface Asked extends RunReport {
  /** When GitHub was asked, in seconds, and how long it was given. */
  readonly asked: readonly { readonly atS: number; readonly limitMs: number }[]
}

/** A run that is given these answers, one after the other, the last one again and again; each takes so long. */
async function runWith(answers: readonly Approval[], setup: RunSetup = {}, takesMs = 0): Promise<Asked> {
  const clock = setup.clock ?? new VirtualClock()
  const asked: { atS: number; limitMs: number }[] = []
  const approvedPlans = {
    find: async (limitMs: number) => {
      asked.push({ atS: clock.nowMs() / 1000, limitMs })
      clock.pass(takesMs)
      return answers[Math.min(asked.length, answers.length) - 1] ?? NONE
    },
  }
  return { ...(await runAgainstSimulator({ task: APPROVED, ...setup, clock, approvedPlans })), asked }
}

describe('expected-plan: pull-request', () => {
  test('sends a plan that the pull request showed, from a read made after the answer', async () => {
    const report = await runWith([found('0'.repeat(16), await digestOf())])
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.requests.slice(0, 3)).toEqual(['GET 200', 'GET 200', 'PATCH 200'])
    expect(report.asked).toHaveLength(1)
  })

  test('sends nothing where the plan is another one, and names both', async () => {
    const report = await runWith([found('00112233445566aa')])
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.requests).toEqual(['GET 200'])
    expect(report.outcome).toMatchObject({
      kind: 'plan-changed',
      hint: expect.stringMatching(/new pull request.*none/),
    })
    expect(report.outcome.message).toMatch(/#7 showed \([0-9a-f]{16}, not 00112233445566aa\)/)
  })

  test.each<[string, Approval, object]>([
    ['none is found', NONE, { kind: 'plan-not-found', message: 'Not sent: pull request #7 has no comment' }],
    [
      'GitHub fails',
      { kind: 'unreadable', message: 'GitHub answered 502' },
      { kind: 'plan-unreadable', message: expect.stringMatching(/could not be read.*GitHub answered 502/) },
    ],
    [
      'the permission is missing',
      { kind: 'unreadable', message: 'no', hint: 'Give the job the permission pull-requests: read.' },
      { kind: 'plan-unreadable', hint: 'Give the job the permission pull-requests: read.' },
    ],
  ])('sends nothing where %s, and asks only once', async (_, approval, words) => {
    const report = await runWith([approval])
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.outcome).toMatchObject(words)
    expect(report.patches).toEqual([])
    expect(report.asked).toHaveLength(1)
  })

  test('sends nothing where nobody can be asked', async () => {
    const report = await runAgainstSimulator({ task: APPROVED })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.outcome.kind).toBe('plan-unreadable')
  })

  test.each([
    ['there is nothing to change', { ...APPROVED, desired: { cpu: '4' } }, 'unchanged'],
    ['the plan is refused', { ...APPROVED, desired: { version: '1.30' } }, 'failed'],
    ['the run only plans', { ...APPROVED, mode: 'plan' as const }, 'planned'],
    ['another digest is expected', { ...SCALE, expectedPlan: '00112233445566aa' }, 'failed'],
  ])('asks nothing where %s', async (_, task, result) => {
    const report = await runWith([found(await digestOf())], { task })
    expect(report.outcome.result).toBe(result)
    expect(report.asked).toEqual([])
  })

  test('asks nothing until the cluster is free, and judges the plan made then', async () => {
    const server = busyServer(30_000)
    const arrange: RunSetup['arrange'] = (simulator) =>
      simulator.at(10_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6' } }))
    const report = await runWith([found(await digestOf())], { server, arrange })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.patches).toEqual([])
    expect(report.asked[0]?.atS).toBeGreaterThan(30)
  })

  test('judges every plan, with the same answer: after a 412 too', async () => {
    const report = await runWith([found(await digestOf())], { arrange: rival({ resources: { memory: '24Gi' } }) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH 200'])
    expect(report.asked).toHaveLength(1)
  })

  test('of a rival’s value the next step says that a further run would be stopped', async () => {
    const report = await runWith([found(await digestOf())], { arrange: rival({ resources: { cpu: '6' } }) })
    expect(endOf(report)).toEqual(['failed', 'conflict', false])
    expect(report.words).toMatch(/Running this again would be stopped by expected-plan\./)
  })

  test('judges a plan that became another one after a 412', async () => {
    const task = { ...APPROVED, desired: { cpu: '8', memory: '32Gi' } }
    const arrange = rival({ resources: { memory: '32Gi' } })
    const report = await runWith([found(await digestOf({ task }))], { task, arrange })
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(patchRequestsOf(report)).toEqual(['PATCH 412'])
  })

  test('plans anew after the answer, since someone may have changed the cluster meanwhile', async () => {
    const arrange: RunSetup['arrange'] = (simulator) =>
      simulator.at(5_000, () => simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6' } }))
    const report = await runWith([found(await digestOf())], { arrange }, 30_000)
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.patches).toEqual([])
  })

  test('asks again for a minute while GitHub names no pull request', async () => {
    const report = await runWith([UNLINKED])
    expect(endOf(report)).toEqual(['failed', 'plan-changed', false])
    expect(report.outcome).toMatchObject({ kind: 'plan-not-found', message: `Not sent: ${UNLINKED.message}` })
    expect(report.patches).toEqual([])
    expect(report.asked.length).toBeGreaterThan(5)
    expect(report.asked.at(-1)?.atS).toBe(60)
    expect(report.outcome.durationMs).toBe(60_000)
  })

  test('or for a quarter of timeout, where that is less', async () => {
    const report = await runWith([UNLINKED], { task: { ...APPROVED, timeoutMs: 80_000 } })
    expect(report.outcome.kind).toBe('plan-not-found')
    expect(report.asked.at(-1)?.atS).toBe(20)
  })

  test('goes on as soon as the late link is there, and says in the log what it waits for', async () => {
    const report = await runWith([UNLINKED, UNLINKED, UNLINKED, found(await digestOf())])
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.asked).toHaveLength(4)
    expect(report.log.filter((line) => line.includes('asking again'))).toHaveLength(1)
  })

  test('gives GitHub no more time than is left, and does not outlast timeout', async () => {
    const task = { ...APPROVED, timeoutMs: 40_000 }
    const report = await runWith([found(await digestOf())], { task }, 39_000)
    expect(report.asked[0]?.limitMs).toBe(40_000)
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
    expect(report.patches).toEqual([])
    expect((await runWith([NONE])).asked[0]?.limitMs).toBe(60_000)
  })

  test('is cancelled like everything else', async () => {
    const approvedPlans = { find: () => Promise.reject(new CancelledError()) }
    const report = await runAgainstSimulator({ task: APPROVED, approvedPlans })
    expect(endOf(report)).toEqual(['cancelled', 'cancelled', false])
    expect(endOf(await runWith([UNLINKED], { clock: new VirtualClock({ cancelAtMs: 9_000 }) }))).toEqual([
      'cancelled',
      'cancelled',
      false,
    ])
  })

  test('sends nothing outside the window that closed while GitHub was asked', async () => {
    const { toWindow } = await import('../support/tasks.js')
    const task = { ...APPROVED, window: toWindow('08:00-09:01') }
    const clock = new VirtualClock({ wallStartMs: Date.UTC(2026, 10, 2, 9, 0, 30) })
    const report = await runWith([found(await digestOf())], { task, clock }, 45_000)
    expect(report.outcome.result).toBe('skipped')
    expect(report.patches).toEqual([])
  })
})
