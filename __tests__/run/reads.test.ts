import { describe, expect, test } from '@jest/globals'
import type { Fault, Simulator } from '../../simulator/simulator.js'
import { VirtualClock } from '../support/clock.js'
import { busyServer, endOf, type RunReport, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

const FOR_EVER = Number.POSITIVE_INFINITY
const HTML = '<html>bad gateway</html>'

const REPEATABLE: [name: string, fault: Fault][] = [
  ...[304, 408, 429, 500, 502, 503, 504].map((status): [string, Fault] => [
    `${status}`,
    { kind: 'status', status, body: HTML },
  ]),
  ['reset', { kind: 'reset' }],
  ['cut', { kind: 'cut' }],
  ['hang', { kind: 'hang' }],
  ['stall', { kind: 'stall' }],
  ['an empty 200', { kind: 'body', body: '' }],
  ['200 with HTML', { kind: 'body', body: HTML, contentType: 'text/html' }],
  ['200 with an array', { kind: 'body', body: '[]' }],
  ['200 with another cluster', { kind: 'body', body: '{"name":"staging"}' }],
  ['206 without a name', { kind: 'body', body: '{}', status: 206 }],
]

const FINAL: [name: string, status: number, body: string, reason: string][] = [
  ['400', 400, '{"error":"bad"}', 'rejected'],
  ['401', 401, '{"error":"unauthorized"}', 'unauthorized'],
  ['403 access denied', 403, '{"error":"access denied"}', 'forbidden'],
  ['403 Access Denied, with spaces', 403, '{"message":" Access Denied "}', 'forbidden'],
  ['403 with an empty body', 403, '', 'forbidden'],
  ['403 with other words', 403, '{"error":"storage cannot shrink"}', 'rejected'],
  ['405', 405, '', 'rejected'],
  ['410', 410, '', 'rejected'],
  ['422', 422, '', 'rejected'],
  ['301', 301, '', 'rejected'],
  ['302', 302, '', 'rejected'],
  ['308', 308, '', 'rejected'],
  ['409', 409, '', 'conflict'],
  ['501', 501, '', 'unavailable'],
  ['505', 505, '', 'unavailable'],
  ['599', 599, '', 'unavailable'],
]

const fail = (nth: number, times: number, fault: Fault) => (simulator: Simulator) =>
  simulator.inject({ method: 'GET', nth, times }, fault)

const limited = (retryAfter: string, date?: string): Fault => ({
  kind: 'status',
  status: 503,
  headers: { 'retry-after': retryAfter, ...(date === undefined ? {} : { date }) },
})

const withChance = (chance: number) => new VirtualClock({ random: () => chance })

/** The times of the requests of one method. */
const timesOf = ({ simulator }: RunReport, method = 'GET') =>
  simulator.requests.filter((request) => request.method === method).map(({ at }) => at)

const gapsOf = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0))

describe('the first read', () => {
  test.each(REPEATABLE)('%s is repeated four times with growing pauses', async (_, fault) => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan' }, arrange: fail(1, 4, fault) })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.requests).toHaveLength(5)
    const [exchangeMs = 0] = gapsOf(timesOf(report)).map((gap) => gap - 375)
    expect(gapsOf(timesOf(report)).map((gap) => gap - exchangeMs)).toEqual([375, 750, 1_500, 3_000])
  })

  test.each(REPEATABLE)('%s for the fifth time is the end', async (_, fault) => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: fail(1, FOR_EVER, fault) })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.requests).toHaveLength(5)
    const [exchangeMs = 0] = gapsOf(timesOf(report)).map((gap) => gap - 375)
    expect(gapsOf(timesOf(report)).map((gap) => gap - exchangeMs)).toEqual([375, 750, 1_500, 3_000])
    expect(report.outcome.plan).toBeUndefined()
    expect(report.outcome.wouldChange).toBeUndefined()
  })

  test.each(FINAL)('%s is the end at once', async (_, status, body, reason) => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: fail(1, FOR_EVER, { kind: 'status', status, body }),
    })
    expect(endOf(report)).toEqual(['failed', reason, false])
    expect(report.requests).toEqual([`GET ${status}`])
    expect(report.outcome.requestId).toBe('sim-0001')
    expect(report.clock.slept).toEqual([])
  })

  test('404 is no such cluster', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, cluster: 'staging' } })
    expect(endOf(report)).toEqual(['failed', 'not-found', false])
    expect(report.requests).toEqual(['GET 404'])
  })

  test.each([
    [0, [250, 500, 1_000, 2_000]],
    [0.999_999, [500, 1_000, 2_000, 4_000]],
  ])('chance %f makes the pauses %j', async (chance, pauses) => {
    const clock = withChance(chance)
    await runAgainstSimulator({ task: SCALE, clock, arrange: fail(1, FOR_EVER, { kind: 'reset' }) })
    expect(clock.slept.map((ms) => Math.round(ms))).toEqual(pauses)
  })

  test('failing until the deadline is unavailable, not a timeout', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 20_000 },
      arrange: fail(1, FOR_EVER, { kind: 'hang' }),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.outcome.durationMs).toBe(20_000)
    expect(report.requests).toEqual(['GET none'])
  })

  test('one exchange takes 30 s at most', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'plan' },
      arrange: fail(1, 1, { kind: 'hang' }),
    })
    expect(timesOf(report)).toEqual([0, 30_375])
  })

  test('an answer just in time counts', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'plan' },
      arrange: fail(1, 1, { kind: 'delay', ms: 29_999 }),
    })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.requests).toHaveLength(1)
  })
})

describe('Retry-After', () => {
  const NINE = 'Mon, 02 Nov 2026 09:00:00 GMT'

  test.each<[name: string, fault: Fault, atMs: number]>([
    ['seconds longer than our pause', limited('20'), 20_000],
    ['seconds with spaces', limited(' 20 '), 20_000],
    ['a date, by the clock of the answer', limited('Mon, 02 Nov 2026 09:00:20 GMT', NINE), 20_000],
    [
      'a date, by the clock of an answer that runs a year late',
      limited('Sun, 02 Nov 2025 09:00:20 GMT', 'Sun, 02 Nov 2025 09:00:00 GMT'),
      20_000,
    ],
    ['nothing', { kind: 'status', status: 503 }, 375],
    ['zero', limited('0'), 375],
    ['a past date', limited('Mon, 02 Nov 2026 08:59:00 GMT', NINE), 375],
    ['the date of the answer itself', limited(NINE, NINE), 375],
    ['words', limited('soon'), 375],
    ['a negative number', limited('-5'), 375],
    ['a fraction', limited('2.5'), 375],
    ['an empty text', limited(''), 375],
    ['NaN', limited('NaN'), 375],
    ['a list', limited('20, 30'), 375],
    ['Infinity', limited('Infinity'), 375],
  ])('%s', async (_, fault, atMs) => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan' }, arrange: fail(1, 1, fault) })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(timesOf(report)).toEqual([0, atMs])
  })

  test('a longer pause of our own is kept', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan' }, arrange: fail(1, 4, limited('1')) })
    expect(gapsOf(timesOf(report))).toEqual([1_000, 1_000, 1_500, 3_000])
  })

  test.each([429, 503, 500, 408])('is obeyed with %i', async (status) => {
    const fault: Fault = { kind: 'status', status, headers: { 'retry-after': '9' } }
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan' }, arrange: fail(1, 1, fault) })
    expect(timesOf(report)).toEqual([0, 9_000])
  })

  test('does not make a fifth try a sixth', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: fail(1, FOR_EVER, limited('10')) })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(timesOf(report)).toEqual([0, 10_000, 20_000, 30_000, 40_000])
  })

  test.each([
    ['on the first read', 1, SCALE, 'failed', 'unavailable', false],
    ['once a change was accepted', 2, SCALE, 'timed-out', 'timeout', true],
    ['in mode verify', 2, { ...UPGRADE, mode: 'verify' }, 'failed', 'unavailable', false],
  ] as const)('beyond the deadline ends the run at once: %s', async (_, nth, task, result, reason, changed) => {
    const report = await runAgainstSimulator({ task, arrange: fail(nth, FOR_EVER, limited('1801')) })
    expect(endOf(report)).toEqual([result, reason, changed])
    expect(timesOf(report)).toHaveLength(nth)
    expect(report.outcome.durationMs).toBeLessThan(3_000)
    expect(report.outcome.message).toMatch(/1801 s/)
  })

  test('beyond the deadline while the cluster is busy: unavailable, nothing was sent', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(MINUTE),
      arrange: fail(2, FOR_EVER, limited('1801')),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.patches).toEqual([])
  })

  test('within the deadline is waited for, however long', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: fail(2, 1, limited('1500')) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(timesOf(report).at(-1)).toBeGreaterThan(1_500_000)
  })
})

describe('later reads', () => {
  test.each(REPEATABLE)('%s is tolerated for two minutes, and then the end', async (_, fault) => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      server: { upgradeMs: 20 * MINUTE },
      arrange: fail(4, FOR_EVER, fault),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', true])
    const [lastGoodMs = 0] = timesOf(report).slice(2)
    expect(report.outcome.durationMs - lastGoodMs).toBeGreaterThanOrEqual(2 * MINUTE)
    expect(report.outcome.durationMs - lastGoodMs).toBeLessThan(2 * MINUTE + 40_000)
    expect(report.outcome.message).toMatch(/the change goes on/)
    expect(report.outcome.last?.version).toBe('1.32')
  })

  test.each(REPEATABLE)('%s that passes is only a delay', async (_, fault) => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, 2, fault) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
  })

  test('their pauses double to 8 s and stay there', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      server: { upgradeMs: 20 * MINUTE },
      arrange: fail(3, FOR_EVER, { kind: 'reset' }),
    })
    const pauses = gapsOf(timesOf(report).slice(2))
    expect(pauses.slice(0, 8)).toEqual([375, 750, 1_500, 3_000, 6_000, 6_000, 6_000, 6_000])
  })

  test('a success in between starts the two minutes anew', async () => {
    const until = (ms: number) => ({ fromMs: ms, untilMs: ms + 110_000 })
    const outages = [until(10_000), until(150_000), until(290_000)]
    const report = await runAgainstSimulator({
      task: UPGRADE,
      server: { upgradeMs: 8 * MINUTE },
      arrange: (simulator) => {
        for (const { fromMs, untilMs } of outages) {
          for (let atMs = fromMs; atMs < untilMs; atMs += 100) {
            simulator.at(atMs, () => undefined)
          }
        }
        simulator.on({ method: 'GET', times: FOR_EVER }, () => {
          const nowMs = simulator.requests.at(-1)?.at ?? 0
          if (outages.some(({ fromMs, untilMs }) => nowMs >= fromMs && nowMs < untilMs)) {
            simulator.inject({ method: 'GET' }, { kind: 'status', status: 502, body: HTML })
          }
        })
      },
    })
    expect(report.requests.filter((request) => request === 'GET 502').length).toBeGreaterThan(40)
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('time spent obeying Retry-After does not count towards the two minutes', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      server: { upgradeMs: 5 * MINUTE },
      arrange: fail(3, 9, limited('50')),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(gapsOf(timesOf(report).slice(2, 12))).toEqual(Array.from({ length: 9 }, () => 50_000))
  })

  test('a run whose server asks for pauses to the last ends in time', async () => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, FOR_EVER, limited('50')) })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.durationMs).toBeLessThanOrEqual(30 * MINUTE)
    expect(report.outcome.durationMs).toBeGreaterThan(29 * MINUTE - 10_000)
  })

  test.each(FINAL)('%s ends the wait at once', async (_, status, body, reason) => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: fail(3, FOR_EVER, { kind: 'status', status, body }),
    })
    expect(endOf(report)).toEqual(['failed', reason, true])
    expect(report.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200', `GET ${status}`])
  })

  test.each(['plan', 'apply', 'verify'] as const)('401 is never repeated: mode %s', async (mode) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode },
      arrange: fail(1, FOR_EVER, { kind: 'status', status: 401 }),
    })
    expect(endOf(report)).toEqual(['failed', 'unauthorized', false])
    expect(report.requests).toHaveLength(1)
  })

  test('404 is read once more', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: fail(3, FOR_EVER, { kind: 'status', status: 404 }),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', true])
    expect(report.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200', 'GET 404', 'GET 404'])
  })

  test('a single 404 is forgotten', async () => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, 1, { kind: 'status', status: 404 }) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('a cluster deleted while the run waits', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (simulator) => simulator.at(20_000, () => simulator.deleteCluster(CLUSTER)),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', true])
  })

  test('an exchange takes no longer than the time that is left', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: MINUTE },
      arrange: fail(2, FOR_EVER, { kind: 'hang' }),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.durationMs).toBe(MINUTE)
  })

  test('the deadline falls in the middle of a pause: the run ends with it', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: 20_500 },
      server: { upgradeMs: 20 * MINUTE },
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.durationMs).toBe(20_500)
  })
})

describe('polls', () => {
  const waits = { task: { ...UPGRADE, timeoutMs: 60 * MINUTE }, server: { upgradeMs: 40 * MINUTE } }

  test.each([0, 0.25, 0.5, 0.999_999])('chance %f keeps to the schedule', async (chance) => {
    const report = await runAgainstSimulator({ ...waits, clock: withChance(chance) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const times = timesOf(report)
    expect(times.length).toBeGreaterThan(190)
    for (const [index, gap] of gapsOf(times).entries()) {
      const waited = times[index] ?? 0
      const planned = Math.min(Math.max(2_000, waited / 5), 12_000)
      expect(gap).toBeGreaterThanOrEqual(planned * 0.9 - 1e-6)
      expect(gap).toBeLessThanOrEqual(planned * 1.1 + 1e-6)
      expect(gap).toBeCloseTo(planned * (0.9 + 0.2 * chance), 3)
    }
  })

  test('poll-interval may be below two seconds', async () => {
    const report = await runAgainstSimulator({ task: { ...UPGRADE, pollIntervalMs: 500 } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const gaps = gapsOf(timesOf(report))
    expect(Math.max(...gaps)).toBe(500)
    expect(Math.min(...gaps)).toBe(500)
  })

  test('poll-interval may be long', async () => {
    const report = await runAgainstSimulator({ ...waits, task: { ...waits.task, pollIntervalMs: 5 * MINUTE } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.requests.length).toBeLessThan(45)
    expect(Math.max(...gapsOf(timesOf(report)))).toBeLessThanOrEqual(5 * MINUTE * 1.1)
  })

  test('a wait for a busy cluster keeps the same schedule', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(3 * MINUTE, 'Provisioning'),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const times = timesOf(report).filter((time) => time <= 3 * MINUTE)
    for (const [index, gap] of gapsOf(times).entries()) {
      expect(gap).toBeCloseTo(Math.min(Math.max(2_000, (times[index] ?? 0) / 5), 12_000), 3)
    }
  })

  test('the wait after the PATCH begins its schedule anew', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(3 * MINUTE, 'Provisioning'),
    })
    const [patchedMs = 0] = timesOf(report, 'PATCH')
    const [firstPollMs = 0] = timesOf(report).filter((time) => time > patchedMs)
    expect(firstPollMs - patchedMs).toBe(2_000)
  })
})
