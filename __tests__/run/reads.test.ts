import { describe, expect, test } from '@jest/globals'
import type { Fault, Simulator } from '../../simulator/simulator.js'
import { VirtualClock } from '../support/clock.js'
import { busyServer, endOf, type RunReport, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

const FOR_EVER = Number.POSITIVE_INFINITY
const HTML = '<html>bad gateway</html>'

const status = (code: number, body = HTML, headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status: code,
  body,
  headers,
})

const REPEATABLE: [name: string, fault: Fault][] = [
  ...[304, 408, 425, 429, 500, 501, 502, 503, 504, 505, 520, 599].map((code): [string, Fault] => [
    `${code}`,
    status(code),
  ]),
  ['403 with HTML', status(403)],
  ['404 with HTML', status(404)],
  ['404 with an empty body', status(404, '')],
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

/** What is repeated only once a read has passed the gate: something in front of the API may say it for a while. */
const LATER_REPEATABLE: [name: string, fault: Fault][] = [
  ...[300, 301, 302, 308].map((code): [string, Fault] => [`${code}`, status(code, '')]),
  ...[400, 405, 410, 418, 422].map((code): [string, Fault] => [`${code} with HTML`, status(code)]),
]

const OWN_REFUSALS: [name: string, code: number, body: string, reason: string][] = [
  ['403 access denied', 403, '{"error":"access denied"}', 'forbidden'],
  ['403 Access Denied, with spaces', 403, '{"message":" Access Denied "}', 'forbidden'],
  ['403 admin access required', 403, '{"error":"admin access required"}', 'forbidden'],
  ['403 not a member of this tenant', 403, '{"error":"not a member of this tenant"}', 'forbidden'],
  ['403 with an empty body', 403, '', 'forbidden'],
  ['403 with other words', 403, '{"error":"storage cannot shrink"}', 'rejected'],
]

const FINAL: [name: string, code: number, body: string, reason: string][] = [
  ['400', 400, '{"error":"bad"}', 'rejected'],
  ['401', 401, '{"error":"unauthorized"}', 'unauthorized'],
  ['401 with HTML', 401, HTML, 'unauthorized'],
  ['405', 405, '{"error":"no"}', 'rejected'],
  ['409', 409, '{"error":"no"}', 'rejected'],
  ['410', 410, '{"error":"no"}', 'rejected'],
  ['422', 422, '{"error":"no"}', 'rejected'],
]

const fail = (nth: number, times: number, fault: Fault) => (simulator: Simulator) =>
  simulator.inject({ method: 'GET', nth, times }, fault)

const limited = (retryAfter: string, { date, code = 503 }: { date?: string; code?: number } = {}): Fault =>
  status(code, '', { 'retry-after': retryAfter, ...(date === undefined ? {} : { date }) })

function toFinal([name, fault]: [string, Fault]): (typeof FINAL)[number] {
  if (fault.kind !== 'status') throw new Error(`no status: ${name}`)
  return [name, fault.status, fault.body ?? '', 'rejected']
}

const withChance = (chance: number) => new VirtualClock({ random: () => chance })

/** The times of the requests of one method. */
const timesOf = ({ simulator }: RunReport, method = 'GET') =>
  simulator.requests.filter((request) => request.method === method).map(({ at }) => at)

const gapsOf = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0))

describe('the first read', () => {
  test.each(REPEATABLE)('%s is repeated with growing pauses', async (_, fault) => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan' }, arrange: fail(1, 3, fault) })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.requests).toHaveLength(4)
    const [exchangeMs = 0] = gapsOf(timesOf(report)).map((gap) => gap - 375)
    expect(gapsOf(timesOf(report)).map((gap) => gap - exchangeMs)).toEqual([375, 750, 1_500])
  })

  test.each(REPEATABLE)('%s is put up with for 2 minutes', async (_, fault) => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: fail(1, FOR_EVER, fault) })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(2 * MINUTE)
    expect(report.outcome.durationMs).toBeLessThan(2 * MINUTE + 30_000 + 15_000)
    expect(report.outcome.plan).toBeUndefined()
    expect(report.outcome.wouldChange).toBeUndefined()
  })

  test('or for half the timeout, where that is less', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: MINUTE },
      arrange: fail(1, FOR_EVER, { kind: 'reset' }),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(30_000)
    expect(report.outcome.durationMs).toBeLessThan(45_000)
  })

  test('but for at least two tries', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'plan', timeoutMs: 50_000 },
      arrange: fail(1, 1, { kind: 'hang' }),
    })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(report.requests).toEqual(['GET none', 'GET 200'])
  })

  test.each([...FINAL, ...OWN_REFUSALS, ...LATER_REPEATABLE.map(toFinal)])(
    '%s is the end at once',
    async (_, code, body, reason) => {
      const report = await runAgainstSimulator({ task: SCALE, arrange: fail(1, FOR_EVER, status(code, body)) })
      expect(endOf(report)).toEqual(['failed', reason, false])
      expect(report.requests).toEqual([`GET ${code}`])
      expect(report.outcome.requestId).toBe('sim-0001')
      expect(report.clock.slept).toEqual([])
    },
  )

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
    expect(clock.slept.slice(0, pauses.length).map((ms) => Math.round(ms))).toEqual(pauses)
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
    ['a date, by the clock of the answer', limited('Mon, 02 Nov 2026 09:00:20 GMT', { date: NINE }), 20_000],
    [
      'a date, by the clock of an answer that runs a year late',
      limited('Sun, 02 Nov 2025 09:00:20 GMT', { date: 'Sun, 02 Nov 2025 09:00:00 GMT' }),
      20_000,
    ],
    ['nothing', { kind: 'status', status: 503 }, 375],
    ['zero', limited('0'), 375],
    ['a past date', limited('Mon, 02 Nov 2026 08:59:00 GMT', { date: NINE }), 375],
    ['the date of the answer itself', limited(NINE, { date: NINE }), 375],
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

  test.each([429, 503, 500, 408])('is obeyed with %i', async (code) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode: 'plan' },
      arrange: fail(1, 1, limited('9', { code })),
    })
    expect(timesOf(report)).toEqual([0, 9_000])
  })

  test('the time it asks for does not count towards the 2 minutes of the first read', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, mode: 'plan' }, arrange: fail(1, 9, limited('50')) })
    expect(endOf(report)).toEqual(['planned', undefined, false])
    expect(gapsOf(timesOf(report))).toEqual(Array.from({ length: 9 }, () => 50_000))
  })

  test.each([503, 500, 408])('with %i it is obeyed a minute at a time', async (code) => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: fail(2, 1, limited('1500', { code })) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(gapsOf(timesOf(report))[1]).toBe(MINUTE)
  })

  test.each([
    ['on the first read', 1, SCALE, 'failed', 'unavailable', false],
    ['once a change was accepted', 2, SCALE, 'timed-out', 'timeout', true],
    ['in mode verify', 2, { ...UPGRADE, mode: 'verify' }, 'failed', 'unavailable', false],
  ] as const)(
    'with 429, beyond the deadline, it ends the run at once: %s',
    async (_, nth, task, result, reason, changed) => {
      const report = await runAgainstSimulator({ task, arrange: fail(nth, FOR_EVER, limited('1801', { code: 429 })) })
      expect(endOf(report)).toEqual([result, reason, changed])
      expect(timesOf(report)).toHaveLength(nth)
      expect(report.outcome.durationMs).toBeLessThan(3_000)
      expect(report.outcome.message).toMatch(/not to be called before 09:31 UTC/)
    },
  )

  test('with 429, beyond the deadline, while the cluster is busy: unavailable, nothing was sent', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: busyServer(MINUTE),
      arrange: fail(2, FOR_EVER, limited('1801', { code: 429 })),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.patches).toEqual([])
  })

  test('with 429, within the deadline, it is waited for, however long', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: fail(2, 1, limited('1500', { code: 429 })) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(timesOf(report).at(-1)).toBeGreaterThan(1_500_000)
  })
})

describe('later reads', () => {
  test.each([...REPEATABLE, ...LATER_REPEATABLE])('%s is repeated until the deadline', async (_, fault) => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: 10 * MINUTE },
      server: { upgradeMs: 20 * MINUTE },
      arrange: fail(4, FOR_EVER, fault),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.durationMs).toBe(10 * MINUTE)
    expect(report.words).toMatch(/may still be going on/)
    expect(report.outcome.last?.version).toBe('1.32')
  })

  test('where nothing was sent that is unavailable', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, mode: 'verify' },
      arrange: fail(2, FOR_EVER, { kind: 'reset' }),
    })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.outcome.durationMs).toBe(30 * MINUTE)
  })

  test.each([...REPEATABLE, ...LATER_REPEATABLE])('%s that passes is only a delay', async (_, fault) => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, 2, fault) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.evidence).toEqual(['generation', 'kubernetes-version'])
  })

  test('an outage of 20 minutes is said when it starts, with what, and at each heartbeat', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (simulator) => {
        let isDown = false
        simulator.at(10_000, () => {
          isDown = true
        })
        simulator.at(20 * MINUTE, () => {
          isDown = false
        })
        simulator.on({ method: 'GET', times: FOR_EVER }, () => {
          if (isDown) simulator.inject({ method: 'GET' }, status(502))
        })
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    const linesWith = (pattern: RegExp) => report.log.filter((line) => line.startsWith('info') && pattern.test(line))
    expect(linesWith(/502/)).toHaveLength(1)
    expect(linesWith(/no (usable )?answer.* \d+m/).length).toBeGreaterThanOrEqual(4)
    expect(linesWith(/answers again/)).toHaveLength(1)
  })

  test('their pauses double to 15 s and stay there', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      server: { upgradeMs: 20 * MINUTE },
      arrange: fail(3, FOR_EVER, { kind: 'reset' }),
    })
    const pauses = gapsOf(timesOf(report).slice(2))
    expect(pauses.slice(0, 8)).toEqual([375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250])
  })

  test('a run whose server asks for pauses to the last ends in time', async () => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, FOR_EVER, limited('50')) })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.durationMs).toBeLessThanOrEqual(30 * MINUTE)
    expect(report.outcome.durationMs).toBeGreaterThan(29 * MINUTE - 10_000)
  })

  test.each(FINAL)('%s ends the wait at once', async (_, code, body, reason) => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, FOR_EVER, status(code, body)) })
    expect(endOf(report)).toEqual(['failed', reason, true])
    expect(report.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200', `GET ${code}`])
  })

  const NOT_FOUND: (typeof OWN_REFUSALS)[number] = ['404', 404, '{"error":"cluster not found"}', 'deleted']
  test.each([...OWN_REFUSALS, NOT_FOUND])('%s is repeated for 30 s', async (_, code, body, reason) => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, FOR_EVER, status(code, body)) })
    expect(endOf(report)).toEqual(['failed', reason, true])
    const [, , , firstMs = 0] = timesOf(report)
    expect(report.outcome.durationMs - firstMs).toBeGreaterThanOrEqual(30_000)
    expect(report.outcome.durationMs - firstMs).toBeLessThan(45_000)
  })

  test.each([...OWN_REFUSALS, NOT_FOUND])('%s that passes is only a delay', async (_, code, body) => {
    const report = await runAgainstSimulator({ task: UPGRADE, arrange: fail(3, 5, status(code, body)) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('or for a quarter of timeout, where that is less', async () => {
    const report = await runAgainstSimulator({
      task: { ...UPGRADE, timeoutMs: MINUTE },
      arrange: fail(2, FOR_EVER, status(404, '{"error":"cluster not found"}')),
    })
    expect(endOf(report)).toEqual(['failed', 'deleted', true])
    expect(report.outcome.durationMs).toBeLessThan(2_000 + 15_000 + 12_000)
  })

  const [DENIED, MISSING] = [status(403, '{"error":"access denied"}'), status(404, '{"error":"cluster not found"}')]
  test.each([
    ['refusals of another kind', DENIED, MISSING],
    ['other trouble', MISSING, status(503)],
  ])('%s in between starts the 30 s anew', async (_, refusal, between) => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (simulator) => {
        simulator.inject({ method: 'GET', nth: 3, times: 5 }, refusal)
        simulator.inject({ method: 'GET', nth: 8, times: 3 }, between)
        simulator.inject({ method: 'GET', nth: 11, times: 3 }, refusal)
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test.each(['plan', 'apply', 'verify'] as const)('401 is never repeated: mode %s', async (mode) => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, mode },
      arrange: fail(1, FOR_EVER, { kind: 'status', status: 401 }),
    })
    expect(endOf(report)).toEqual(['failed', 'unauthorized', false])
    expect(report.requests).toHaveLength(1)
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

test('a replica that still shows an earlier cluster of the name, on its way out, is stale', async () => {
  const earlier = (object: Record<string, unknown>) => ({
    ...object,
    createdAt: '2020-01-01T00:00:00Z',
    status: { phase: 'Terminating' },
  })
  const report = await runAgainstSimulator({
    task: UPGRADE,
    arrange: (simulator) => simulator.inject({ method: 'GET', nth: 2 }, { kind: 'edit', edit: earlier }),
  })
  expect(endOf(report)).toEqual(['converged', undefined, true])
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
