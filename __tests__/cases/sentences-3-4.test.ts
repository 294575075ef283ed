import { describe, expect, test } from '@jest/globals'
import { toCluster } from './script.js'
import { expectCase, OTHERS, type Ran, withTrace } from './scripted.js'

const CPU_8 = { resources: { ...OTHERS, cpu: '8' } }

/** When the PATCHes of a run were sent, in milliseconds. */
function patchTimes({ exchanged }: Ran): number[] {
  return exchanged.filter(({ method }) => method === 'PATCH').map(({ atMs }) => atMs)
}

describe('3.4: the base', () => {
  test('before the first PATCH was tried, each plan is made from the newest read', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['U g1/o1 cpu 4', 'R g2/o2 cpu 6', 'R g3/o3 cpu 8'],
        PATCH: ['R g3/o2 cpu 8'],
      },
      { ends: 'converged', patches: [['"2"', CPU_8]] },
    )
  })

  test('a busy wait before the first PATCH that ends with our target there: nothing is sent', async () => {
    await expectCase({ inputs: { cpu: '8' }, GET: ['U g1/o1 cpu 4', 'R g2/o2 cpu 8'] }, { changed: false, patches: [] })
  })

  test('two 412s, and then a rival: a conflict with the value that was first read', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 cpu 4', 'R g1/o1 cpu 4', 'R g2/o2 cpu 6'],
        PATCH: ['412'],
      },
      { ends: 'failed/conflict', changed: false, requests: 'GET PATCH GET PATCH GET', says: [/cpu \| 4 \| 6 \| 8/] },
    )
  })

  test('several of our fields are rivalled: each is in the table, and those that are not are not', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', memory: '64Gi', storage: '200Gi' },
        GET: ['R g1/o1', 'R g2/o2 cpu 6 storage 300Gi'],
        PATCH: ['412'],
      },
      {
        ends: 'failed/conflict',
        says: [/cpu \| 4 \| 6 \| 8/, /storage \| 100Gi \| 300Gi \| 200Gi/],
        saysNot: [/memory \|/],
      },
    )
  })

  test('a field that was not asked for may have changed: planned again, with the new value in the body', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 memory 64Gi', 'R g3/o3 cpu 8 memory 64Gi'],
        PATCH: ['412', 'R g3/o2 cpu 8 memory 64Gi'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"2"', { resources: { ...OTHERS, cpu: '8', memory: '64Gi' } }],
        ],
      },
    )
  })

  test('a conflict is judged before busyness', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'on-busy': 'fail' }, GET: ['R g1/o1 cpu 4', 'U g2/o1 cpu 6'], PATCH: ['412'] },
      { ends: 'failed/conflict' },
    )
  })

  test('our target is there after a 412: adopted, and not changed by this run', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 cpu 4', 'R g2/o1 cpu 8', 'R g2/o2 cpu 8'], PATCH: ['412'] },
      { ends: 'converged', changed: false, requests: /^GET PATCH GET GET/ },
    )
  })

  test('our target is there after a lost answer and a 412: adopted, and changed by this run', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 cpu 4', 'R g1/o1 cpu 4', 'R g2/o2 cpu 8'],
        PATCH: ['lost', '412'],
      },
      { ends: 'converged', changed: true, requests: /^GET PATCH GET PATCH GET/ },
    )
  })

  test('a target adopted without waiting: accepted', async () => {
    await expectCase(
      { inputs: { cpu: '8', wait: 'false' }, GET: ['R g1/o1 cpu 4', 'R g2/o1 cpu 8'], PATCH: ['412'] },
      { ends: 'accepted', changed: false },
    )
  })

  test('an upgrade that somebody else started to the very target: adopted though it is busy', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['412'],
      },
      { ends: 'converged', changed: false, evidence: 'generation,kubernetes-version' },
    )
  })
})

describe('3.4: after a lost answer, our change may have been taken back', () => {
  test('two generations above the base with our fields as in the base: a conflict that says so', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 cpu 4', 'R g3/o3 cpu 4'], PATCH: ['lost'] },
      { ends: 'failed/conflict', changed: true, patches: [['"1"', CPU_8]], says: [/taken back/] },
    )
  })

  test('one generation above the base: somebody’s other change, and ours is sent again', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 memory 64Gi', 'R g3/o3 cpu 8 memory 64Gi'],
        PATCH: ['lost', 'R g3/o2 cpu 8 memory 64Gi'],
      },
      { ends: 'converged', changed: true, requests: 'GET PATCH GET PATCH GET' },
    )
  })

  test('two generations above the base after a mere 412: nothing of ours can have been taken back', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g4/o4 memory 64Gi', 'R g5/o5 cpu 8 memory 64Gi'],
        PATCH: ['412', 'R g5/o4 cpu 8 memory 64Gi'],
      },
      { ends: 'converged', changed: true, requests: 'GET PATCH GET PATCH GET' },
    )
  })
})

describe('3.4: 412', () => {
  test('a read with the very ETag just refused is stale: read again until it moves', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 etag 1', 'R g1/o1 etag 1', 'at 20s: R g1/o1 etag 2', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['412', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"2"', CPU_8],
        ],
      },
    )
  })

  test('that ETag for ever: a conflict after two minutes that says what keeps happening', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 etag 1'], PATCH: ['412'] },
      { ends: 'failed/conflict', changed: false, patches: [['"1"', CPU_8]], says: [/ETag/], took: ['2m', '150s'] },
    )
  })

  test('that ETag for ever, with a timeout of two minutes: a conflict after half of it', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '2m' }, GET: ['R g1/o1 etag 1'], PATCH: ['412'] },
      { ends: 'failed/conflict', took: ['1m', '80s'] },
    )
  })

  test('with if-match: a conflict at once', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'if-match': '"1"' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['412'] },
      { ends: 'failed/conflict', changed: false, requests: 'GET PATCH' },
    )
  })

  test('with on-conflict fail: a conflict at once', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'on-conflict': 'fail' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['412'] },
      { ends: 'failed/conflict', changed: false, requests: 'GET PATCH' },
    )
  })

  test('with on-conflict fail, where an earlier PATCH may have landed: read and adopted first', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'on-conflict': 'fail' },
        GET: ['R g1/o1', 'R g1/o1', 'R g2/o2 cpu 8'],
        PATCH: ['lost', '412'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('with on-conflict fail, where an earlier PATCH may have landed and did not: a conflict, changed=true', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'on-conflict': 'fail' },
        GET: ['R g1/o1', 'R g1/o1', 'R g1/o1'],
        PATCH: ['lost', '412'],
      },
      { ends: 'failed/conflict', changed: true, requests: 'GET PATCH GET PATCH GET' },
    )
  })

  test('a read without an ETag afterwards: a conflict, never a PATCH without a lock', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g1/o1 no etag'], PATCH: ['412'] },
      { ends: 'failed/conflict', changed: false, patches: [['"1"', CPU_8]] },
    )
  })
})

describe('3.4: 409', () => {
  const BUSY = '409 {"error": "an operation is in progress"}'

  test('the first one, with an ETag that moved: planned and sent again at once', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: [BUSY, 'R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => expect(patchTimes(ran)[1]).toBeLessThanOrEqual(1_000))
  })

  test('the second one, with an ETag that moves all the while: sent again at poll pauses', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [...etags(30), 'after PATCH 5: R g2/o2 cpu 8'],
        PATCH: [`4 times: ${BUSY}`, 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
    withTrace(ran, () => {
      const times = patchTimes(ran)
      expect(times).toHaveLength(5)
      for (const index of [2, 3, 4]) expect((times[index] ?? 0) - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_800)
    })
  })

  test('for ever: busy after half of timeout', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '10m' }, GET: ['R g1/o1 etag 1'], PATCH: [BUSY] },
      { reason: 'busy', changed: false, took: ['4m40s', '5m30s'] },
    )
  })

  test('with on-busy fail: busy at once', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'on-busy': 'fail' }, GET: ['R g1/o1 etag 1'], PATCH: [BUSY] },
      { ends: 'failed/busy', changed: false, patches: [['"1"', CPU_8]], took: ['0s', '5s'] },
    )
  })

  test('with on-conflict fail and an ETag that moved: a conflict', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'on-conflict': 'fail' }, GET: ['R g1/o1', 'R g1/o1'], PATCH: [BUSY, 'R g2/o1 cpu 8'] },
      { ends: 'failed/conflict', changed: false, patches: [['"1"', CPU_8]] },
    )
  })

  test('with if-match and an ETag that did not move: sent again under the same ETag', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'if-match': '"1"' },
        GET: ['R g1/o1 etag 1', 'R g1/o1 etag 1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: [BUSY, 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"1"', CPU_8],
        ],
      },
    )
  })
})

/** The same cluster under one ETag after another, as status writes move it. */
function etags(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `R g1/o1 etag ${index + 1}`)
}

describe('3.4: a lost answer', () => {
  const LOST = ['lost', 'silent', '500', '503', '522 html', '200 html', '304', '408', '425', '403 html', '404 text no']

  for (const answer of LOST) {
    test(`${answer}, and the target is there: it landed`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: [answer] },
        { ends: 'converged', changed: true, requests: /^GET PATCH GET( GET)*$/ },
      )
    })

    test(`${answer}, and the target is not there: sent again with the fresh ETag`, async () => {
      await expectCase(
        {
          inputs: { cpu: '8' },
          GET: ['R g1/o1', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
          PATCH: [answer, 'R g2/o1 cpu 8'],
        },
        {
          ends: 'converged',
          changed: true,
          patches: [
            ['"1"', CPU_8],
            ['"2"', CPU_8],
          ],
        },
      )
    })
  }

  test('with if-match: sent again with the same ETag', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'if-match': '"1"' },
        GET: ['R g1/o1 etag 1', 'R g1/o1 etag 1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['lost', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"1"', CPU_8],
        ],
      },
    )
  })

  test('no connection was made, and a rival’s value is there: a conflict with changed=false', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 cpu 4', 'R g2/o2 cpu 6'], PATCH: ['unsent'] },
      { ends: 'failed/conflict', changed: false },
    )
  })

  test('no connection was made, and the target is there: someone else’s, changed=false', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 cpu 4', 'R g2/o2 cpu 8'], PATCH: ['unsent'] },
      { ends: 'converged', changed: false },
    )
  })

  test('no connection was made after a PATCH that may have landed: changed stays true', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 cpu 4', 'R g1/o1 cpu 4', 'R g2/o2 cpu 6'],
        PATCH: ['lost', 'unsent'],
      },
      { ends: 'failed/conflict', changed: true },
    )
  })

  test('after a 429, too, the cluster is read before the PATCH is repeated', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['429 retry-after 5', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        requests: 'GET PATCH GET PATCH GET',
        patches: [
          ['"1"', CPU_8],
          ['"2"', CPU_8],
        ],
        took: ['5s', '1m'],
      },
    )
  })

  test('a 429 was not processed: a rival’s value afterwards is a conflict with changed=false', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 cpu 4', 'R g2/o2 cpu 6'], PATCH: ['429 retry-after 5'] },
      { ends: 'failed/conflict', changed: false },
    )
  })
})

describe('3.4: how often and how long', () => {
  test('at most five PATCHes are refused by 412: a conflict that says that only the status moved', async () => {
    const ran = await expectCase(
      { inputs: { cpu: '8' }, GET: etags(20), PATCH: ['412'] },
      { ends: 'failed/conflict', changed: false, says: [/status/] },
    )
    withTrace(ran, () => expect(patchTimes(ran)).toHaveLength(5))
  })

  test('unanswered PATCHes are repeated for two minutes, with growing pauses: unavailable', async () => {
    const ran = await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 etag 1'], PATCH: ['503'] },
      { ends: 'failed/unavailable', changed: true, requests: /^GET(?: PATCH(?: GET)+)+$/, took: ['100s', '140s'] },
    )
    withTrace(ran, () => {
      const times = patchTimes(ran)
      const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      expect(pauses[0]).toBeLessThanOrEqual(500)
      expect(Math.max(...pauses)).toBeGreaterThanOrEqual(7_500)
      expect(Math.max(...pauses)).toBeLessThanOrEqual(15_000)
    })
  })

  test('time in which no read came is not counted towards these two minutes', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'at 1s: 503', 'at 61s: R g1/o1', 'at 185s: R g2/o2 cpu 8'],
        PATCH: ['503', 'at 150s: R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('forty 429s for more than three minutes count towards neither', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'after PATCH 41: R g2/o2 cpu 8'],
        PATCH: ['40 times: 429 retry-after 5', 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true, took: ['200s', '10m'] },
    )
  })

  test('429s until the deadline: timed out, saying that the API limited the rate of requests', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '5m' }, GET: ['R g1/o1'], PATCH: ['429'] },
      { ends: 'timed-out/timeout', changed: false, says: [/429/, /sent by this run: nothing/i] },
    )
  })

  test('an old ETag that is served for minutes after a PATCH was accepted is stale, and no conflict', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R etag 1', 'R etag 2', 'after PATCH 2: R etag 1', 'at 4m: R cpu 8 etag 3'],
        PATCH: ['412', 'R cpu 8 etag 3'],
      },
      { ends: 'converged', changed: true, evidence: 'settled' },
    )
  })

  test('no PATCH starts with less than 30 seconds left: timed out, and nothing was sent', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['U g1/o1', 'at 9m32s: R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { changed: false, patches: [], says: [/sent by this run: nothing/i] },
    )
    withTrace(ran, () => expect(ran.outcome.result).toBe('timed-out'))
  })

  test('without waiting, it starts all the same', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m', wait: 'false' },
        GET: ['U g1/o1', 'at 9m32s: R g1/o1'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'accepted', changed: true },
    )
  })

  test('with a timeout of 100 seconds, no PATCH starts with less than a tenth left', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '100s', 'poll-interval': '2s' },
        GET: ['U g1/o1', 'at 91s: R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { changed: false, patches: [] },
    )
  })

  test('with a timeout of 100 seconds, a PATCH starts with a little more than a tenth left', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '100s', 'poll-interval': '2s' },
        GET: ['U g1/o1', 'at 85s: R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })
})

describe('3.4: a window or a freeze that begins meanwhile', () => {
  const closing = { 'only-between': '08:00-09:05' }
  const startsAt = '2026-11-02T09:04:50Z'

  test('before any PATCH: skipped, nothing sent', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', ...closing },
        startsAt,
        GET: ['U g1/o1', 'at 30s: R g1/o1'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'skipped', changed: false, patches: [] },
    )
  })

  test('freeze-dates begin before any PATCH: skipped, and the entry is named', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'freeze-dates': '2026-11-03..2026-11-05' },
        startsAt: '2026-11-02T23:59:50Z',
        GET: ['U g1/o1', 'at 30s: R g1/o1'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'skipped', changed: false, patches: [], says: ['2026-11-03'] },
    )
  })

  test('after a PATCH that may have landed: no further PATCH, watched for two minutes, then unavailable', async () => {
    const ran = await expectCase(
      { inputs: { cpu: '8', ...closing }, startsAt, GET: ['R g1/o1 etag 1'], PATCH: ['503'] },
      { ends: 'failed/unavailable', changed: true, took: ['2m', '3m'] },
    )
    withTrace(ran, () => expect(Math.max(...patchTimes(ran))).toBeLessThan(10_000))
  })

  test('after a PATCH that may have landed, and the target comes a minute later: converged', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', ...closing },
        startsAt,
        GET: ['R g1/o1', 'at 1m: R g2/o2 cpu 8'],
        PATCH: ['503'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('with a timeout of four minutes it is watched for a quarter of it', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '4m', ...closing }, startsAt, GET: ['R g1/o1 etag 1'], PATCH: ['503'] },
      { ends: 'failed/unavailable', changed: true, took: ['1m', '100s'] },
    )
  })

  test('it does not stop the wait for a PATCH that was accepted', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', ...closing },
        startsAt,
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 1m: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })
})

describe('3.4: the PATCH’s own answer', () => {
  test('202 is a success, too', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8'],
        PATCH: [`202 ${JSON.stringify(toCluster('R g2/o1 cpu 8'))}`],
      },
      { ends: 'converged', changed: true, requests: 'GET PATCH GET' },
    )
  })

  test('an empty body means: read', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['empty'] },
      { ends: 'converged', changed: true, requests: /^GET PATCH GET/ },
    )
  })

  test('an empty body, without waiting: accepted after one read', async () => {
    await expectCase(
      { inputs: { cpu: '8', wait: 'false' }, GET: ['R g1/o1', 'R g2/o1 cpu 8'], PATCH: ['empty'] },
      { ends: 'accepted', changed: true, requests: 'GET PATCH GET' },
    )
  })

  test('one of our fields is neither as sent nor as in the base: rejected, naming both, changed=true', async () => {
    await expectCase(
      { inputs: { cpu: '64' }, GET: ['R g1/o1'], PATCH: ['R g2/o1 cpu 32'] },
      { ends: 'failed/rejected', changed: true, requests: 'GET PATCH', says: ['cpu', '64', '32'] },
    )
  })

  test('a key of alerts is neither: rejected, naming the key path and no value', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": {"b": "wanted-value-1"}}' },
        GET: ['R g1/o1 alerts {"a": {"b": "older-value-1"}}'],
        PATCH: ['R g2/o1 alerts {"a": {"b": "other-value-1"}}'],
      },
      { ends: 'failed/rejected', changed: true, says: ['alerts.a.b'], saysNot: [/value-1/] },
    )
  })

  test('all of our fields are as in the base: an old object, and the run goes on', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R', 'R cpu 8'], PATCH: ['R cpu 4'] },
      { ends: 'converged', changed: true, evidence: 'settled' },
    )
  })

  test('seen only in a later read: superseded by someone else, or the platform', async () => {
    await expectCase(
      { inputs: { cpu: '64' }, GET: ['R g1/o1', 'R g2/o1 cpu 32'], PATCH: ['R g2/o1 cpu 64'] },
      { ends: 'failed/superseded', changed: true, says: [/platform/, '64', '32'] },
    )
  })

  test('a desired minor is the asked patch under way, and is met only by kubernetesVersion', async () => {
    await expectCase(
      {
        inputs: { version: '1.32.3' },
        GET: [
          'R g1/o1',
          'U g2/o1 version 1.32',
          '2 times: R g2/o2 version 1.32 runs v1.32.2',
          'R g2/o2 version 1.32 runs v1.32.3',
        ],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'converged', changed: true, evidence: 'generation,kubernetes-version', reads: 5 },
    )
  })

  test('a desired minor of the asked patch after a lost answer: ours under way, adopted', async () => {
    await expectCase(
      {
        inputs: { version: '1.32.3', 'on-busy': 'fail' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['lost'],
      },
      { ends: 'converged', changed: true, requests: 'GET PATCH GET GET' },
    )
  })

  test('a desired minor where no PATCH of ours can have landed is a rival’s', async () => {
    await expectCase(
      {
        inputs: { version: '1.32.3' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32'],
        PATCH: ['412'],
      },
      { ends: 'failed/conflict', changed: false, patches: [['"1"', { version: '1.32.3' }]] },
    )
  })
})
