import { describe, expect, test } from '@jest/globals'
import type { Fault, Simulator } from '../../simulator/simulator.js'
import { VirtualClock } from '../support/clock.js'
import { endOf, ourWritesTo, patchRequestsOf, type RunReport, runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, MINUTE, SCALE, UPGRADE } from '../support/tasks.js'

type Lost = (applied: boolean) => Fault

const HTML = '<html><h1>502 Bad Gateway</h1></html>'

/** Every way in which the answer to a PATCH says nothing about the PATCH. */
const LOSSES: [name: string, fault: Lost][] = [
  ['reset', (applied) => ({ kind: 'reset', applied })],
  ['cut', (applied) => ({ kind: 'cut', applied })],
  ['hang', (applied) => ({ kind: 'hang', applied })],
  ['stall', (applied) => ({ kind: 'stall', applied })],
  ...[304, 408, 425, 500, 501, 502, 503, 504, 599].map((status): [string, Lost] => [
    `${status}`,
    (applied) => ({ kind: 'status', status, applied, body: HTML }),
  ]),
  ['403 with HTML', (applied) => ({ kind: 'status', status: 403, applied, body: HTML })],
  ['404 with an empty body', (applied) => ({ kind: 'status', status: 404, applied, body: '' })],
  ['200 with HTML', (applied) => ({ kind: 'body', body: HTML, contentType: 'text/html', applied })],
  ['200 with an array', (applied) => ({ kind: 'body', body: '[]', applied })],
  ['200 with another cluster', (applied) => ({ kind: 'body', body: '{"name":"staging"}', applied })],
  ['202 with null', (applied) => ({ kind: 'body', body: 'null', status: 202, applied })],
  ['200 above 10 MiB', (applied) => ({ kind: 'body', body: HUGE, applied })],
]
const HUGE = JSON.stringify({ name: CLUSTER, padding: 'x'.repeat(11 * 1024 * 1024) })

const SERVERS = [
  ['a server of today', {}],
  ['an older server', { generations: false }],
  ['a server whose generation does not move', { generationMoves: false }],
  ['a server without ETags', { etags: false }],
] as const

const lose =
  (fault: Fault, times = 1) =>
  (simulator: Simulator) =>
    simulator.inject({ method: 'PATCH', times }, fault)

/** The methods in their order, up to the last PATCH. */
function upToTheLastPatch({ requests }: RunReport): string[] {
  const methods = requests.map((request) => request.split(' ')[0] ?? '')
  return methods.slice(0, methods.lastIndexOf('PATCH') + 1)
}

describe.each(SERVERS)('%s', (_, server) => {
  test.each(LOSSES)('%s after the PATCH landed: it is found, and not sent again', async (__, fault) => {
    const report = await runAgainstSimulator({ task: SCALE, server, arrange: lose(fault(true)) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toHaveLength(1)
    expect(report.requests[2]).toBe('GET 200')
    expect(ourWritesTo(report.simulator)).toBe(1)
  })

  test.each(LOSSES)('%s before the PATCH landed: read, and sent again', async (__, fault) => {
    const report = await runAgainstSimulator({ task: SCALE, server, arrange: lose(fault(false)) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(upToTheLastPatch(report)).toEqual(['GET', 'PATCH', 'GET', 'PATCH'])
    expect(patchRequestsOf(report)[1]).toBe('PATCH 200')
    expect(ourWritesTo(report.simulator)).toBe(1)
    expect(report.simulator.cluster(CLUSTER).resources.cpu).toBe('8')
  })

  test.each(LOSSES)('%s again and again: for 2 minutes, a read before each, then unavailable', async (__, fault) => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server,
      arrange: lose(fault(false), Number.POSITIVE_INFINITY),
    })
    expect(report.outcome).toMatchObject({ result: 'failed', reason: 'unavailable', changed: true })
    const { length } = report.patches
    expect(upToTheLastPatch(report)).toEqual(Array.from({ length }, () => ['GET', 'PATCH']).flat())
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(2 * MINUTE)
    expect(report.outcome.durationMs).toBeLessThan(2 * MINUTE + 45_000)
    expect(report.outcome.message).toContain(`${length} PATCHes`)
    expect(report.words).toMatch(/Running again is safe|Check api-url/)
    expect(ourWritesTo(report.simulator)).toBe(0)
  })
})

describe('after a lost answer', () => {
  test('the PATCH is sent again under the fresh ETag', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset' })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.setStatus(CLUSTER, { metrics: { sampledAt: 1 } }),
        )
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches.map(({ ifMatch }) => ifMatch)).toEqual(['"294810"', '"294811"'])
  })

  test('what others changed beside it is kept', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { resourcesMode: 'replace' },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset' })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.patchAs('rival', CLUSTER, { resources: { cpu: '4', memory: '24Gi', storage: '100Gi' } }),
        )
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.simulator.cluster(CLUSTER).resources).toEqual({ cpu: '8', memory: '24Gi', storage: '100Gi' })
  })

  test('what someone else made of our field is not overwritten', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset' })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.patchAs('rival', CLUSTER, { resources: { cpu: '6' } }),
        )
      },
    })
    expect(report.outcome).toMatchObject({ result: 'failed', reason: 'conflict' })
    expect(report.patches).toHaveLength(1)
    expect(report.outcome.conflict).toEqual([{ field: 'cpu', whenRead: '4', now: '6', wanted: '8' }])
    expect(report.simulator.cluster(CLUSTER).resources.cpu).toBe('6')
  })

  test('what it changed has to be proven, too, where only another field is sent again', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32', cpu: '8' } },
      // With generations the two above would say that somebody took it back.
      server: { generations: false },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
        simulator.on({ method: 'PATCH', when: 'after' }, () =>
          simulator.patchAs('rival', CLUSTER, { resources: { cpu: '4' } }),
        )
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches[1]?.body).not.toHaveProperty('version')
    expect(report.outcome.evidence).toEqual(['kubernetes-version', 'settled'])
  })

  test('time in which the cluster is busy with another change does not count against lost answers', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH', times: 2 }, { kind: 'reset' })
        simulator.on({ method: 'PATCH', when: 'after' }, () => simulator.setStatus(CLUSTER, { phase: 'Upgrading' }))
        simulator.at(5 * MINUTE, () => simulator.setStatus(CLUSTER, { phase: 'Running' }))
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual(['PATCH none', 'PATCH none', 'PATCH 200'])
  })

  test('a server that stores only the minor of the version asked for: landed all the same', async () => {
    const minors = (object: Record<string, unknown>) => ({ ...object, version: String(object.version).slice(0, 4) })
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.32.3' } },
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'cut', applied: true })
        simulator.inject({ method: 'GET', times: Number.POSITIVE_INFINITY }, { kind: 'edit', edit: minors })
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toHaveLength(1)
    expect(report.outcome.last?.kubernetesVersion).toBe('v1.32.3')
  })

  test('an older replica is not believed: read again until one is not older', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        // A read after the 412 from the new world, the next ones from the old one, as behind a load balancer.
        simulator.on({ method: 'PATCH' }, () => simulator.patchAs('rival', CLUSTER, { resources: { memory: '24Gi' } }))
        simulator.inject({ method: 'PATCH', nth: 2 }, { kind: 'reset', applied: true })
        simulator.inject({ method: 'GET', nth: 3, times: 6 }, { kind: 'stale', ms: 10 * MINUTE })
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.simulator.cluster(CLUSTER).resources).toMatchObject({ cpu: '8', memory: '24Gi' })
    expect(patchRequestsOf(report)).toEqual(['PATCH 412', 'PATCH none'])
    expect(ourWritesTo(report.simulator)).toBe(1)
  })

  test('older replicas are not asked without pause', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 10 * MINUTE },
      arrange: (simulator) => {
        // The first read already shows a higher generation than any later one.
        const ahead = (object: Record<string, unknown>) => ({ ...object, generation: 99 })
        simulator.inject({ method: 'GET' }, { kind: 'edit', edit: ahead })
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
      },
    })
    expect(report.outcome.result).not.toBe('converged')
    expect(report.outcome.changed).toBe(true)
    expect(report.requests.length).toBeLessThan(250)
  })

  test('an upgrade that landed is waited for', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: lose({ kind: 'status', status: 504, applied: true }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.last?.kubernetesVersion).toBe('v1.32.3')
    expect(report.patches).toHaveLength(1)
  })

  test('without waiting: accepted as soon as a read shows it', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, wait: false },
      arrange: lose({ kind: 'reset', applied: true }),
    })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(report.requests).toEqual(['GET 200', 'PATCH none', 'GET 200'])
  })

  test.each<[name: string, reads: Fault, result: string, reason: string]>([
    ['401', { kind: 'status', status: 401 }, 'failed', 'unauthorized'],
    ['403', { kind: 'status', status: 403, body: '{"error":"access denied"}' }, 'failed', 'forbidden'],
    ['404', { kind: 'status', status: 404 }, 'failed', 'deleted'],
    ['503', { kind: 'status', status: 503 }, 'timed-out', 'timeout'],
    ['reset', { kind: 'reset' }, 'timed-out', 'timeout'],
    [
      '429 with a Retry-After beyond the deadline',
      { kind: 'status', status: 429, headers: { 'retry-after': '99999' } },
      'timed-out',
      'timeout',
    ],
  ])('reads that fail by %s for ever: %s, and the change may have landed', async (_, reads, result, reason) => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'reset', applied: true })
        simulator.inject({ method: 'GET', nth: 2, times: Number.POSITIVE_INFINITY }, reads)
      },
    })
    expect(endOf(report)).toEqual([result, reason, true])
    expect(report.patches).toHaveLength(1)
    expect(report.words).toMatch(/may have been sent/)
  })

  test('a Retry-After of the lost answer is obeyed for a minute at most', async () => {
    const fault: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '99999' }, applied: true }
    const report = await runAgainstSimulator({ task: SCALE, arrange: lose(fault) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.simulator.requests[2]?.at).toBe(MINUTE)
  })

  test('a Retry-After of the lost answer is obeyed before the read', async () => {
    const fault: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '40' }, applied: true }
    const report = await runAgainstSimulator({ task: SCALE, arrange: lose(fault) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.simulator.requests[2]?.at).toBe(40_000)
  })

  test('the time is up before it can be read: timed out, and maybe changed', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 20_000 },
      arrange: lose({ kind: 'hang', applied: true }),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.requests).toEqual(['GET 200', 'PATCH none'])
    expect(report.outcome.durationMs).toBe(20_000)
  })

  test('no PATCH starts with the budget spent', async () => {
    const clock = new VirtualClock()
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 31_000 },
      clock,
      arrange: (simulator) => {
        simulator.inject({ method: 'PATCH' }, { kind: 'hang' })
        // The machine sleeps while the answer is on its way.
        simulator.on({ method: 'GET', nth: 2, when: 'after' }, () => clock.pass(5_000))
      },
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.requests).toEqual(['GET 200', 'PATCH none', 'GET 200'])
  })
})

describe('an empty 2xx is no lost answer', () => {
  test.each([200, 202, 204])('%i: read, and no second PATCH', async (status) => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: lose({ kind: 'body', body: '', status, applied: true }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.patches).toHaveLength(1)
    expect(report.outcome.evidence).toEqual(['generation'])
  })

  test('even where later reads never show the change, it is not sent again', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 2 * MINUTE },
      arrange: lose({ kind: 'body', body: ' \n' }),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.patches).toHaveLength(1)
  })
})

describe('429 to a PATCH was not processed', () => {
  const limited =
    (...headers: Record<string, string>[]) =>
    (simulator: Simulator) =>
      simulator.queue(
        'PATCH',
        headers.map((given) => ({ kind: 'status', status: 429, headers: given })),
      )

  test('the cluster is read first, and it is sent again as it was', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: limited({ 'retry-after': '7' }) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.requests.slice(0, 4)).toEqual(['GET 200', 'PATCH 429', 'GET 200', 'PATCH 200'])
    expect(report.patches[0]).toEqual(report.patches[1])
    expect(report.simulator.requests[2]?.at).toBe(7_000)
  })

  test('without Retry-After the pauses double', async () => {
    const report = await runAgainstSimulator({ task: { ...SCALE, wait: false }, arrange: limited({}, {}, {}) })
    expect(endOf(report)).toEqual(['accepted', undefined, true])
    expect(report.clock.slept).toEqual([375, 750, 1_500])
  })

  test('it counts neither towards the five of 412 nor the 2 minutes of lost answers', async () => {
    const minutes = Array.from({ length: 9 }, () => ({ 'retry-after': '60' }))
    const report = await runAgainstSimulator({ task: SCALE, arrange: limited(...minutes) })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(patchRequestsOf(report)).toEqual([...minutes.map(() => 'PATCH 429'), 'PATCH 200'])
  })

  test('for ever: until a PATCH could not be awaited any more, and nothing was sent', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 10 * MINUTE },
      arrange: lose({ kind: 'status', status: 429 }, Number.POSITIVE_INFINITY),
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', false])
    expect(report.words).toMatch(/Sent by this run: nothing/)
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(9.5 * MINUTE)
    expect(report.outcome.durationMs).toBeLessThan(10 * MINUTE)
    expect(report.patches.length).toBeLessThan(70)
  })

  test('a Retry-After beyond the deadline ends the run at once, with nothing changed', async () => {
    const report = await runAgainstSimulator({ task: SCALE, arrange: limited({ 'retry-after': '1800' }) })
    expect(endOf(report)).toEqual(['failed', 'unavailable', false])
    expect(report.outcome.durationMs).toBe(0)
    expect(report.requests).toEqual(['GET 200', 'PATCH 429'])
  })

  test('and then refused for good: nothing was changed', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) =>
        simulator.queue('PATCH', [
          { kind: 'status', status: 429 },
          { kind: 'status', status: 400, body: '{"error":"no"}' },
        ]),
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', false])
  })

  test('its ETag may have moved while we waited: planned anew, and sent under the new one', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        limited({ 'retry-after': '7' })(simulator)
        simulator.at(3_000, () => simulator.patchAs('rival', CLUSTER, { resources: { memory: '24Gi' } }))
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.requests.slice(0, 5)).toEqual(['GET 200', 'PATCH 429', 'GET 200', 'PATCH 200', 'GET 200'])
    expect(report.simulator.cluster(CLUSTER).resources).toMatchObject({ cpu: '8', memory: '24Gi' })
  })

  test('after a lost answer that may have landed: still maybe changed', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => {
        simulator.queue('PATCH', [
          { kind: 'reset' },
          { kind: 'status', status: 429 },
          { kind: 'status', status: 400, body: '{"error":"no"}' },
        ])
      },
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
  })
})
