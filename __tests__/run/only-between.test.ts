import { describe, expect, test } from '@jest/globals'
import { VirtualClock } from '../support/clock.js'
import { busyServer, endOf, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, toWindow, UPGRADE } from '../support/tasks.js'

describe('only-between', () => {
  const at = (hour: number, minute = 0, second = 0) =>
    new VirtualClock({ wallStartMs: Date.UTC(2026, 10, 2, hour, minute, second) })

  test.each([
    ['20:00-06:00', 'UTC', 9, 0],
    ['20:00-06:00', 'UTC', 6, 0],
    ['09:01-10:00', 'UTC', 9, 0],
    ['08:00-10:00', 'Europe/Berlin', 9, 0],
    ['08:00-10:00', 'Asia/Kolkata', 4, 30],
  ])('%s in %s is closed at %i:%i UTC: not one request', async (text, timezone, hour, minute) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow(text, timezone) },
      clock: at(hour, minute),
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.requests).toEqual([])
    expect(report.outcome.message).toContain(text)
    expect(report.outcome.message).toContain(timezone)
  })

  test.each([
    ['20:00-06:00', 'UTC', 20, 0],
    ['20:00-06:00', 'UTC', 5, 59],
    ['09:00-09:01', 'UTC', 9, 0],
    ['08:00-10:00', 'Europe/Berlin', 8, 59],
    ['08:00-10:00', 'Asia/Kolkata', 4, 29],
  ])('%s in %s is open at %i:%i UTC', async (text, timezone, hour, minute) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow(text, timezone) },
      clock: at(hour, minute),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('closed while a name was refused that this action does not know: not sent again without it', async () => {
    const clock = at(9, 59)
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow('08:00-10:00') },
      clock,
      arrange: (simulator) => {
        const gpu = (object: Record<string, unknown>) => ({
          ...object,
          resources: { ...(object.resources as object), gpu: 2 },
        })
        simulator.inject({ method: 'GET' }, { kind: 'edit', edit: gpu })
        simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 422 })
        simulator.on({ method: 'PATCH' }, () => clock.pass(2 * MINUTE))
      },
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', false])
    expect(report.patches).toHaveLength(1)
  })

  test('closed while the cluster was busy: skipped, nothing sent', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow('08:00-10:00') },
      clock: at(9, 58),
      server: busyServer(5 * MINUTE),
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.patches).toEqual([])
    expect(report.requests.length).toBeGreaterThan(5)
    expect(report.words).toMatch(/Sent by this run: nothing/)
    expect(report.outcome.wouldChange).toBe(true)
  })

  test.each([
    ['a 412', { kind: 'status', status: 412 } as const],
    ['a 429', { kind: 'status', status: 429, headers: { 'retry-after': '90' } } as const],
  ])('closed after %s: skipped, nothing changed', async (_, fault) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, fault)
        simulator.inject({ method: 'GET', nth: 2 }, { kind: 'delay', ms: 20_000 })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }),
        )
      },
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.patches).toHaveLength(1)
  })

  test('closed after a lost answer: no second PATCH, and no green ending while nobody knows', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'hang' }),
    })
    expect(report.patches).toHaveLength(1)
    expect(report.outcome.changed).toBe(true)
    expect(report.outcome.result).toBe('failed')
    expect(report.outcome.message).toMatch(/only-between/)
  })

  test('closed after a lost answer that had landed: the wait goes on', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow('08:00-10:00') },
      clock: at(9, 59, 59),
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'hang', applied: true }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('closed while waiting for proof: the wait goes on', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, window: toWindow('08:00-10:00') },
      clock: at(9, 59, 59),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('is read from the wall clock at each PATCH, not from the time that passed', async () => {
    const clock = at(9, 0)
    const report = await runAgainstSimulator({
      task: { ...SCALE, window: toWindow('08:00-10:00') },
      clock,
      server: busyServer(10_000),
      arrange: (simulator) =>
        simulator.on({ method: 'GET' }, () => {
          // The machine's clock is set.
          clock.wallMs = () => Date.UTC(2026, 10, 2, 10)
        }),
    })
    expect(endOf(report)).toEqual(['skipped', undefined, false])
    expect(report.patches).toEqual([])
  })
})
