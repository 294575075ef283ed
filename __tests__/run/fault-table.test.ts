import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../simulator/simulator.js'
import { runAgainstSimulator } from '../support/runs.js'
import { CLUSTER, SCALE } from '../support/tasks.js'

const HTML = '<html><h1>502 Bad Gateway</h1></html>'
const HUGE = JSON.stringify({ name: CLUSTER, padding: 'x'.repeat(11 * 1024 * 1024) })
const NINE = 'Mon, 02 Nov 2026 09:00:00 GMT'

const status = (code: number, body = '', headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status: code,
  body,
  headers,
})

/** Every fault of the table. */
const FAULTS: Readonly<Record<string, Fault>> = {
  reset: { kind: 'reset' },
  cut: { kind: 'cut' },
  hang: { kind: 'hang' },
  '304': status(304),
  '408': status(408),
  '425': status(425),
  '429, 7 seconds': status(429, '', { 'retry-after': '7' }),
  '429, a date 7 s away': status(429, '', { date: NINE, 'retry-after': 'Mon, 02 Nov 2026 09:00:07 GMT' }),
  '429, no Retry-After': status(429),
  '429, nonsense': status(429, '', { 'retry-after': 'soon' }),
  '500': status(500, '{"error":"internal error"}'),
  '501': status(501),
  '502, HTML': status(502, HTML, { 'content-type': 'text/html' }),
  '503': status(503, '{"error":"unavailable"}'),
  '503, 7 seconds': status(503, '', { 'retry-after': '7' }),
  '504': status(504),
  '599': status(599),
  '301, another host': status(301, '', { location: 'https://elsewhere.example/' }),
  '400': status(400, '{"error":"bad request"}'),
  '400, HTML': status(400, HTML),
  '401': status(401, '{"error":"unauthorized"}'),
  '403, access denied': status(403, '{"error":"Access denied "}'),
  '403, empty': status(403),
  '403, other words': status(403, '{"error":"storage cannot shrink"}'),
  '403, HTML': status(403, HTML),
  '404': status(404, '{"error":"cluster not found"}'),
  '404, HTML': status(404, HTML),
  '404, empty': status(404),
  '409': status(409, '{"error":"conflict"}'),
  '412': status(412, '{"error":"resource version mismatch"}'),
  '200, empty': { kind: 'body', body: '' },
  '200, wrong shape': { kind: 'body', body: '{"items":[]}' },
  '200, 11 MiB': { kind: 'body', body: HUGE },
}

/**
 * How a scale ends when one of its exchanges goes wrong, once: the result or, where it is red, the reason; `+` for
 * changed; the number of requests. Without a fault it is `converged+ 3`: the first read, the PATCH, the first poll.
 * The PATCH goes wrong before it took effect, or after.
 */
const ONCE = `
                     | first read       | PATCH            | PATCH, applied   | first poll
reset                | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
cut                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
hang                 | converged+ 4     | converged+ 5     | converged+ 3     | converged+ 4
304                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
408                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
425                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
429, 7 seconds       | converged+ 4     | converged+ 5     | never            | converged+ 4
429, a date 7 s away | converged+ 4     | converged+ 5     | never            | converged+ 4
429, no Retry-After  | converged+ 4     | converged+ 5     | never            | converged+ 4
429, nonsense        | converged+ 4     | converged+ 5     | never            | converged+ 4
500                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
501                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
502, HTML            | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
503                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
503, 7 seconds       | converged+ 4     | converged+ 5     | converged+ 3     | converged+ 4
504                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
599                  | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
301, another host    | rejected 1       | rejected 2       | never            | converged+ 4
400                  | rejected 1       | rejected 2       | never            | rejected+ 3
400, HTML            | rejected 1       | rejected 2       | never            | converged+ 4
401                  | unauthorized 1   | unauthorized 2   | never            | unauthorized+ 3
403, access denied   | forbidden 1      | forbidden 2      | never            | converged+ 4
403, empty           | forbidden 1      | forbidden 2      | never            | converged+ 4
403, other words     | rejected 1       | rejected 2       | never            | converged+ 4
403, HTML            | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
404                  | not-found 1      | not-found 2      | never            | converged+ 4
404, HTML            | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
404, empty           | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
409                  | rejected 1       | converged+ 6     | never            | rejected+ 3
412                  | rejected 1       | conflict 18      | never            | rejected+ 3
200, empty           | converged+ 4     | timeout+         | converged+ 3     | converged+ 4
200, wrong shape     | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
200, 11 MiB          | converged+ 4     | converged+ 5     | converged+ 4     | converged+ 4
`

/** The same, where the fault stays: two minutes for first reads and lost PATCHes, for later reads all the time there is. */
const FOR_EVER = `
                     | first read       | PATCH            | PATCH, applied   | first poll
reset                | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
cut                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
hang                 | unavailable 4    | unavailable+ 11  | converged+ 3     | timeout+
304                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
408                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
425                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
429, 7 seconds       | unavailable 16   | timeout          | never            | timeout+
429, a date 7 s away | unavailable 16   | timeout          | never            | timeout+
429, no Retry-After  | unavailable 16   | timeout          | never            | timeout+
429, nonsense        | unavailable 16   | timeout          | never            | timeout+
500                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
501                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
502, HTML            | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
503                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
503, 7 seconds       | unavailable 16   | unavailable+ 31  | converged+ 3     | timeout+
504                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
599                  | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
301, another host    | rejected 1       | rejected 2       | never            | timeout+
400                  | rejected 1       | rejected 2       | never            | rejected+ 3
400, HTML            | rejected 1       | rejected 2       | never            | timeout+
401                  | unauthorized 1   | unauthorized 2   | never            | unauthorized+ 3
403, access denied   | forbidden 1      | forbidden 2      | never            | forbidden+ 10
403, empty           | forbidden 1      | forbidden 2      | never            | forbidden+ 10
403, other words     | rejected 1       | rejected 2       | never            | rejected+ 10
403, HTML            | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
404                  | not-found 1      | not-found 2      | never            | deleted+ 10
404, HTML            | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
404, empty           | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
409                  | rejected 1       | busy             | never            | rejected+ 3
412                  | rejected 1       | conflict 18      | never            | rejected+ 3
200, empty           | unavailable 16   | timeout+         | converged+ 3     | timeout+
200, wrong shape     | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
200, 11 MiB          | unavailable 16   | unavailable+ 31  | converged+ 4     | timeout+
`

const EXCHANGES = {
  'first read': { method: 'GET', nth: 1, applied: false },
  PATCH: { method: 'PATCH', nth: 1, applied: false },
  'PATCH, applied': { method: 'PATCH', nth: 1, applied: true },
  'first poll': { method: 'GET', nth: 2, applied: false },
} as const

type Exchange = keyof typeof EXCHANGES

/** The cells of a table: fault, exchange, ending. */
function cellsOf(table: string): [fault: string, exchange: Exchange, ending: string][] {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()))
  return rows.flatMap(([fault = '', ...endings]) =>
    endings
      .map((ending, index): [string, Exchange, string] => [fault, (head[index + 1] ?? '') as Exchange, ending])
      .filter(([, , ending]) => ending !== 'never'),
  )
}

describe.each([
  ['once', ONCE, 1],
  ['for ever', FOR_EVER, Number.POSITIVE_INFINITY],
] as const)('%s', (_, table, times) => {
  test('every fault has its row', () => {
    const rows = new Set(cellsOf(table).map(([fault]) => fault))
    expect([...rows].sort()).toEqual(Object.keys(FAULTS).sort())
  })

  test.each(cellsOf(table))('%s on the %s: %s', async (name, exchange, expected) => {
    const { applied, ...matcher } = EXCHANGES[exchange]
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { scaleMs: 1_000 },
      arrange: (simulator) => {
        const fault = FAULTS[name]
        if (fault === undefined) throw new Error(`no fault named ${name}`)
        simulator.inject({ ...matcher, times }, { ...fault, applied } as Fault)
      },
    })
    const { result, reason, changed } = report.outcome
    const [ending = '', requests] = expected.split(' ')
    expect(`${reason ?? result}${changed ? '+' : ''}`).toBe(ending)
    if (requests !== undefined) expect(report.requests).toHaveLength(Number(requests))
    if (result === 'converged') expect(report.simulator.cluster(CLUSTER).resources.cpu).toBe('8')
    const isTimeout = reason === 'timeout' || reason === 'busy'
    if (reason !== undefined) expect(result).toBe(isTimeout ? 'timed-out' : 'failed')
    expect(report.outcome.message.length).toBeGreaterThan(10)
  })
})

test('the table’s run without a fault', async () => {
  const report = await runAgainstSimulator({ task: SCALE, server: { scaleMs: 1_000 } })
  expect(report.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200'])
  expect(report.outcome).toMatchObject({ result: 'converged', changed: true })
})
