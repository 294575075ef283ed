import { describe, expect, test } from '@jest/globals'
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.js'
import type { Task } from '../../src/domain/task.js'
import { VirtualClock } from '../support/clock.js'
import { busyServer, endOf, ourWritesTo, type RunReport, runAgainstSimulator } from '../support/runs.js'
import { BOTH, CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

const LATENCY_MS = 300
const STEP_MS = 100

/** A simulator that stays from one run to the next, each on a clock of its own; every exchange takes its time. */
function createLastingServer(server: Omit<SimulatorOptions, 'now'>) {
  let clock = new VirtualClock()
  let startMs = 0
  const simulator = new Simulator({ now: () => startMs + clock.nowMs(), ...server })
  simulator.inject({ times: Number.POSITIVE_INFINITY }, { kind: 'delay', ms: LATENCY_MS })
  const runNext = (task: Partial<Task>, { pauseMs = 0, cancelAtMs = Number.POSITIVE_INFINITY } = {}) => {
    startMs += clock.nowMs() + pauseMs
    clock = new VirtualClock({ cancelAtMs })
    return runAgainstSimulator({ task, simulator, clock })
  }
  return { simulator, runNext }
}

const RESUMES = /may still be going on.*Running again (?:resumes the wait|reads first: it resumes the wait)/
const UNSENT = /Sent by this run: nothing.*Run again to start anew/s

const hasSent = ({ patches }: RunReport) => patches.length > 0

const steps = (untilMs: number) => Array.from({ length: untilMs / STEP_MS + 1 }, (_, index) => index * STEP_MS)

const QUICK = { upgradeStartsAfterMs: 1_000, upgradeMs: 5_000, scaleMs: 3_000 }

const RUNS: [name: string, task: Partial<Task>, server: Omit<SimulatorOptions, 'now'>][] = [
  ['a scale', SCALE, QUICK],
  ['an upgrade', UPGRADE, QUICK],
  ['both', BOTH, QUICK],
  ['alerts', { desired: { alerts: { mail: 'on' } } }, QUICK],
  ['a scale of a busy cluster', SCALE, { ...QUICK, ...busyServer(4_000, 'Provisioning') }],
  ['an upgrade on an older server', UPGRADE, { ...QUICK, generations: false }],
  ['an upgrade answered with nothing', UPGRADE, { ...QUICK, emptyPatchAnswer: true }],
]

/** What the same task must come to after a first run that ended early. */
async function expectResumed(
  { simulator, runNext }: ReturnType<typeof createLastingServer>,
  task: Partial<Task>,
  pauseMs: number,
): Promise<void> {
  const landed = ourWritesTo(simulator) === 1
  const again = await runNext(task, { pauseMs })
  const truth = simulator.cluster(CLUSTER)
  expect(again.outcome.reason).toBeUndefined()
  expect(again.outcome.changed).toBe(!landed)
  expect(hasSent(again)).toBe(!landed)
  expect(['converged', 'unchanged']).toContain(again.outcome.result)
  expect(ourWritesTo(simulator)).toBe(1)
  expect(truth.status.observedGeneration).toBe(truth.generation)
  if (task.desired?.version !== undefined) expect(truth.status.kubernetesVersion).toBe('v1.32.3')
  if (task.desired?.cpu !== undefined) expect(truth.resources.cpu).toBe('8')
}

describe('cancelled at every moment, and run again', () => {
  test.each(RUNS)('%s', async (_, task, server) => {
    const whole = await createLastingServer(server).runNext(task)
    expect(whole.outcome.result).toBe('converged')
    const endMs = whole.outcome.durationMs
    const moments = { unsent: 0, sent: 0 }
    for (const cancelAtMs of steps(endMs - STEP_MS)) {
      const lastingServer = createLastingServer(server)
      const report = await lastingServer.runNext(task, { cancelAtMs })
      expect(endOf(report)).toEqual(['cancelled', 'cancelled', hasSent(report)])
      expect(report.outcome.durationMs).toBe(cancelAtMs)
      expect(report.words).toMatch(hasSent(report) ? RESUMES : UNSENT)
      expect(report.requests.length).toBe(lastingServer.simulator.requests.length)
      moments[hasSent(report) ? 'sent' : 'unsent'] += 1
      await expectResumed(lastingServer, task, 0)
    }
    expect(moments.unsent).toBeGreaterThan(0)
    expect(moments.sent).toBeGreaterThan(10)
  })

  test('and not before long: it is unchanged by then', async () => {
    for (const cancelAtMs of [500, 1_000, 4_000]) {
      const lastingServer = createLastingServer(QUICK)
      const report = await lastingServer.runNext(UPGRADE, { cancelAtMs })
      expect(endOf(report)).toEqual(['cancelled', 'cancelled', true])
      const again = await lastingServer.runNext(UPGRADE, { pauseMs: 60 * MINUTE })
      expect(endOf(again)).toEqual(['unchanged', undefined, false])
      expect(again.patches).toEqual([])
    }
  })

  test('while it rolls out: joined and proven, though not by our PATCH', async () => {
    const lastingServer = createLastingServer({ upgradeMs: 5 * MINUTE })
    await lastingServer.runNext(UPGRADE, { cancelAtMs: 20_000 })
    const again = await lastingServer.runNext(UPGRADE, { pauseMs: MINUTE })
    expect(endOf(again)).toEqual(['converged', undefined, false])
    expect(again.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
    expect(again.outcome.first?.version).toBe('1.32')
    expect(again.outcome.wouldChange).toBe(false)
  })

  test('twice: the third run finds it all the same', async () => {
    const lastingServer = createLastingServer({ upgradeMs: 5 * MINUTE })
    expect(endOf(await lastingServer.runNext(UPGRADE, { cancelAtMs: 20_000 }))).toEqual([
      'cancelled',
      'cancelled',
      true,
    ])
    expect(endOf(await lastingServer.runNext(UPGRADE, { cancelAtMs: 20_000 }))).toEqual([
      'cancelled',
      'cancelled',
      false,
    ])
    expect(endOf(await lastingServer.runNext(UPGRADE))).toEqual(['converged', undefined, false])
    expect(ourWritesTo(lastingServer.simulator)).toBe(1)
  })
})

describe('cancelled while something was going wrong', () => {
  const cancelled = async (
    arrange: (simulator: Simulator) => void,
    cancelAtMs: number,
    task: Partial<Task> = SCALE,
    server: Omit<SimulatorOptions, 'now'> = {},
  ) => runAgainstSimulator({ task, server, arrange, clock: new VirtualClock({ cancelAtMs }) })

  test.each<[name: string, arrange: (simulator: Simulator) => void, cancelAtMs: number, changed: boolean]>([
    ['the first read hangs', (s) => s.inject({ method: 'GET' }, { kind: 'hang' }), 10_000, false],
    ['the first read is repeated', (s) => s.inject({ method: 'GET', times: 4 }, { kind: 'reset' }), 1_000, false],
    ['the PATCH hangs, unapplied', (s) => s.inject({ method: 'PATCH' }, { kind: 'hang' }), 10_000, true],
    ['the PATCH hangs, applied', (s) => s.inject({ method: 'PATCH' }, { kind: 'hang', applied: true }), 10_000, true],
    ['the pause after a lost answer', (s) => s.inject({ method: 'PATCH' }, { kind: 'reset' }), 200, true],
    ['the pause after a 412', (s) => s.inject({ method: 'PATCH' }, { kind: 'status', status: 412 }), 100, false],
    ['the pause after a 429', (s) => s.inject({ method: 'PATCH' }, { kind: 'status', status: 429 }), 100, false],
    [
      'a pause that the server asked for',
      (s) => s.inject({ method: 'PATCH' }, { kind: 'status', status: 429, headers: { 'retry-after': '600' } }),
      300_000,
      false,
    ],
    [
      'the second PATCH, after a first that was refused',
      (s) => s.queue('PATCH', [{ kind: 'status', status: 429 }, { kind: 'hang' }]),
      5_000,
      true,
    ],
    ['a poll hangs', (s) => s.inject({ method: 'GET', nth: 2 }, { kind: 'hang' }), 10_000, true],
  ])('%s', async (_, arrange, cancelAtMs, changed) => {
    const report = await cancelled(arrange, cancelAtMs)
    expect(endOf(report)).toEqual(['cancelled', 'cancelled', changed])
    expect(report.outcome.durationMs).toBe(cancelAtMs)
    expect(report.words).toMatch(changed ? RESUMES : UNSENT)
  })

  test.each(['plan', 'verify'] as const)('mode %s: cancelled, and nothing changed', async (mode) => {
    const report = await cancelled((s) => s.inject({ method: 'GET' }, { kind: 'hang' }), 10_000, { ...SCALE, mode })
    expect(endOf(report)).toEqual(['cancelled', 'cancelled', false])
  })

  test('the cluster is busy: nothing was sent', async () => {
    const server = busyServer(MINUTE)
    const report = await cancelled(() => undefined, 30_000, SCALE, server)
    expect(endOf(report)).toEqual(['cancelled', 'cancelled', false])
    expect(report.outcome.last?.phase).toBe('Upgrading')
    expect(report.patches).toEqual([])
  })

  test('joined the change of someone else: nothing was sent by us', async () => {
    const server = {
      clusters: [{ version: '1.32', kubernetesVersion: 'v1.31.9', phase: 'Upgrading', busyForMs: MINUTE }],
    }
    const report = await cancelled(() => undefined, 30_000, UPGRADE, server)
    expect(endOf(report)).toEqual(['cancelled', 'cancelled', false])
    expect(report.patches).toEqual([])
  })
})

describe('out of time at every moment, and run again', () => {
  test.each(RUNS)('%s', async (_, task, server) => {
    const { outcome } = await createLastingServer(server).runNext(task)
    const endings = new Set<string>()
    for (const timeoutMs of steps(outcome.durationMs - STEP_MS).slice(1)) {
      const lastingServer = createLastingServer(server)
      const report = await lastingServer.runNext({ ...task, timeoutMs })
      expect(report.outcome.changed).toBe(hasSent(report))
      // The last look before the deadline may still see it done.
      if (report.outcome.result !== 'converged') {
        endings.add(`${report.outcome.result}/${report.outcome.reason}`)
        // What cannot be awaited any more is not sent, and that ends the run at once.
        if (hasSent(report)) expect(report.outcome.durationMs).toBe(timeoutMs)
        expect(report.outcome.durationMs).toBeLessThanOrEqual(timeoutMs)
        expect(report.outcome.durationMs).toBeGreaterThanOrEqual(timeoutMs * 0.9)
        expect(report.words).toMatch(/[Rr]un(ning)? again/)
        if (hasSent(report)) expect([report.outcome.result, report.outcome.reason]).toEqual(['timed-out', 'timeout'])
      }
      await expectResumed(lastingServer, task, 0)
    }
    const withBusy = server.clusters === undefined ? [] : ['timed-out/busy']
    expect([...endings].sort()).toEqual(['failed/unavailable', ...withBusy, 'timed-out/timeout'].sort())
  })

  test('the ending says how long it took, where the cluster stood, and that it may go on', async () => {
    const { runNext } = createLastingServer({ upgradeMs: 20 * MINUTE })
    const { outcome, words } = await runNext({ ...UPGRADE, timeoutMs: 5 * MINUTE })
    expect(outcome.message).toMatch(/5m/)
    expect(outcome.message).toMatch(/Upgrading/)
    expect(words).toMatch(RESUMES)
  })
})

describe('after any other early end, and run again', () => {
  test.each([
    [401, 'failed'],
    [403, 'failed'],
    [500, 'timed-out'],
    [503, 'timed-out'],
  ] as const)('reads that are answered %i: %s', async (status, result) => {
    const clock = new VirtualClock()
    const simulator = new Simulator({ now: () => clock.nowMs(), ...QUICK })
    let isDown = false
    simulator.on({ method: 'PATCH', when: 'after' }, () => {
      isDown = true
    })
    simulator.on({ method: 'GET', times: Number.POSITIVE_INFINITY }, () => {
      if (isDown) simulator.inject({ method: 'GET' }, { kind: 'status', status })
    })
    const report = await runAgainstSimulator({ task: UPGRADE, simulator, clock })
    expect(report.outcome).toMatchObject({ result, changed: true })
    isDown = false
    const again = await runAgainstSimulator({ task: UPGRADE, simulator, clock })
    expect(again.outcome.changed).toBe(false)
    expect(['converged', 'unchanged']).toContain(again.outcome.result)
    expect(again.patches).toEqual([])
    expect(ourWritesTo(simulator)).toBe(1)
  })
})
