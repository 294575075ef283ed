import { describe, expect, test } from '@jest/globals'
import type { Matcher, SimulatorOptions } from '../../simulator/simulator.js'
import { expectPrompt, expectWhole, pause, runStep, startStep } from '../support/process.js'
import { arrivalAt, createSimulatorStarter, finishChange, type RunningSimulator } from '../support/simulators.js'

const startSimulator = createSimulatorStarter()

interface Moment {
  readonly server?: Partial<SimulatorOptions>
  /** The request that has arrived when the job is cancelled; `afterMs` later, if given. */
  readonly at: Matcher
  readonly afterMs?: number
  readonly arrange?: (kupe: RunningSimulator) => void
  readonly inputs?: Record<string, string>
  readonly changed: 'true' | 'false'
}

const MOMENTS: Record<string, Moment> = {
  'during the first read': {
    at: { method: 'GET' },
    arrange: ({ simulator }) => simulator.inject({ method: 'GET' }, { kind: 'hang' }),
    changed: 'false',
  },
  'in the middle of the first read’s body': {
    at: { method: 'GET' },
    afterMs: 100,
    arrange: ({ simulator }) => simulator.inject({ method: 'GET' }, { kind: 'stall' }),
    changed: 'false',
  },
  'during a pause that the server asked for': {
    at: { method: 'GET' },
    afterMs: 100,
    arrange: ({ simulator }) =>
      simulator.inject({ method: 'GET' }, { kind: 'status', status: 429, headers: { 'Retry-After': '15' } }),
    changed: 'false',
  },
  'while waiting for a busy cluster': {
    server: { clusters: [{ phase: 'Upgrading', busyForMs: 60_000 }] },
    at: { method: 'GET', nth: 2 },
    // Long enough that the signal comes before the next poll.
    inputs: { 'poll-interval': '1s' },
    changed: 'false',
  },
  'during a PATCH that lands': {
    at: { method: 'PATCH' },
    arrange: ({ simulator }) => simulator.inject({ method: 'PATCH' }, { kind: 'hang', applied: true }),
    changed: 'true',
  },
  'during a PATCH that does not land': {
    at: { method: 'PATCH' },
    arrange: ({ simulator }) => simulator.inject({ method: 'PATCH' }, { kind: 'hang' }),
    changed: 'true',
  },
  'in the middle of a PATCH’s answer': {
    at: { method: 'PATCH' },
    afterMs: 100,
    arrange: ({ simulator }) => simulator.inject({ method: 'PATCH' }, { kind: 'stall', applied: true }),
    changed: 'true',
  },
  'during the pause before a poll': {
    at: { method: 'PATCH' },
    afterMs: 100,
    inputs: { 'poll-interval': '10s' },
    changed: 'true',
  },
  'during a poll': {
    at: { method: 'GET', nth: 3 },
    arrange: ({ simulator }) => simulator.inject({ method: 'GET', nth: 3 }, { kind: 'hang' }),
    changed: 'true',
  },
  'during the pause after a poll that failed': {
    at: { method: 'GET', nth: 2 },
    afterMs: 100,
    arrange: ({ simulator }) =>
      simulator.inject({ method: 'GET', nth: 2 }, { kind: 'status', status: 503, headers: { 'Retry-After': '15' } }),
    changed: 'true',
  },
}

const SIGNALS: NodeJS.Signals[][] = [['SIGINT'], ['SIGTERM'], ['SIGINT', 'SIGTERM'], ['SIGINT', 'SIGINT', 'SIGTERM']]

describe.each(Object.entries(MOMENTS))(
  'cancelled %s',
  (_, { server = {}, at, afterMs = 0, arrange, inputs, changed }) => {
    test.each(SIGNALS.map((signals) => [signals.join(' and '), signals] as const))(
      'by %s: all is reported within a second, and no request follows',
      async (_, signals) => {
        const kupe = await startSimulator({ scaleMs: 60_000, ...server })
        arrange?.(kupe)
        const arrived = arrivalAt(kupe.simulator, at)
        const running = startStep({ inputs: { ...kupe.inputs, ...inputs, cpu: '8' } })
        await arrived
        await pause(afterMs)
        const requests = kupe.simulator.requests.length
        const step = await running.end(...signals)
        expectWhole(step)
        expectPrompt(step)
        expect(step.outputs).toMatchObject({ result: 'cancelled', 'failure-reason': 'cancelled', changed })
        expect(step.summary).toMatch(/^## .*(cancelled|stopped waiting)/)
        expect(step.errors[0]?.message).toMatch(
          changed === 'true'
            ? /may still be going on\. Running again (?:resumes|reads first)/
            : /Sent by this run: nothing[\s\S]*Run again/,
        )
        expect(kupe.simulator.requests).toHaveLength(requests)
      },
    )
  },
)

describe('a re-run', () => {
  test.each([
    ['during a PATCH that landed', { kind: 'hang', applied: true }, 1],
    ['during a PATCH that did not land', { kind: 'hang' }, 2],
  ] as const)('after a cancel %s', async (_, fault, patches) => {
    const kupe = await startSimulator({ upgradeMs: 60_000 })
    kupe.simulator.inject({ method: 'PATCH' }, fault)
    const arrived = arrivalAt(kupe.simulator, { method: 'PATCH' })
    const first = startStep({ inputs: { ...kupe.inputs, version: '1.32', cpu: '8' } })
    await arrived
    const cancelled = await first.end('SIGINT')
    kupe.simulator.on({ method: 'GET', nth: 4 }, finishChange)
    const second = await runStep({ inputs: { ...kupe.inputs, version: '1.32', cpu: '8' } })
    expectWhole(second)
    expect(cancelled.outputs).toMatchObject({ result: 'cancelled', changed: 'true' })
    expect(second.outputs).toMatchObject({
      result: 'converged',
      changed: String(patches === 2),
      'kubernetes-version': 'v1.32.3',
      cpu: '8',
    })
    expect(kupe.count('PATCH')).toBe(patches)
  })

  test.each<[NodeJS.Signals]>([['SIGINT'], ['SIGTERM'], ['SIGKILL']])(
    'after %s in the middle of the wait resumes it, and sends no second PATCH',
    async (signal) => {
      const kupe = await startSimulator({ upgradeMs: 60_000 })
      const arrived = arrivalAt(kupe.simulator, { method: 'GET', nth: 4 })
      const first = startStep({ inputs: { ...kupe.inputs, version: '1.32' } })
      await arrived
      const ended = await first.end(signal)
      kupe.simulator.on({ method: 'GET', nth: 4 }, finishChange)
      const second = await runStep({ inputs: { ...kupe.inputs, version: '1.32' } })
      expectWhole(second)
      expect(ended.outputs.result).toBe(signal === 'SIGKILL' ? undefined : 'cancelled')
      expect(ended.code === 0).toBe(false)
      expect(second.outputs).toMatchObject({
        result: 'converged',
        changed: 'false',
        'would-change': 'false',
        'kubernetes-version': 'v1.32.3',
      })
      expect(kupe.count('PATCH')).toBe(1)
    },
  )

  test('after SIGKILL in the middle of a scale resumes, too', async () => {
    const kupe = await startSimulator({ scaleMs: 60_000 })
    const arrived = arrivalAt(kupe.simulator, { method: 'GET', nth: 3 })
    const first = startStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    await arrived
    await first.end('SIGKILL')
    kupe.simulator.on({ method: 'GET', nth: 4 }, finishChange)
    const second = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    expectWhole(second)
    expect(second.outputs).toMatchObject({ result: 'converged', changed: 'false', evidence: 'generation' })
    expect(kupe.count('PATCH')).toBe(1)
  })

  test('after the change is done finds it unchanged', async () => {
    const kupe = await startSimulator()
    await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    const second = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    expectWhole(second)
    expect(second.outputs).toMatchObject({ result: 'unchanged', changed: 'false' })
    expect(kupe.count('PATCH')).toBe(1)
  })
})

test('a cancel with the outputs’ file gone is still red', async () => {
  const kupe = await startSimulator()
  kupe.simulator.inject({ method: 'GET' }, { kind: 'hang' })
  const arrived = arrivalAt(kupe.simulator, { method: 'GET' })
  const running = startStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { GITHUB_OUTPUT: '/proc/nowhere/output' } })
  await arrived
  const step = await running.end('SIGINT')
  expect([step.code, step.signal]).toEqual([1, null])
  expectPrompt(step)
  expect(step.errors).toHaveLength(1)
})
