import { createServer } from 'node:http'
import { afterAll, describe, expect, test } from '@jest/globals'
import { expectEnd, listen, runAction, serve } from './action.js'
import { relay } from './between.js'
import { makeCertificate } from './certificate.js'
import { expectCase, linesOf, OTHERS, type Ran, withTrace } from './scripted.js'

const CPU_8 = { resources: { ...OTHERS, cpu: '8' } }

/** When each request was made, in milliseconds. */
function times({ exchanged }: Ran): number[] {
  return exchanged.map(({ atMs }) => Math.round(atMs))
}

/** The pauses between requests, in milliseconds. */
function pauses(ran: Ran): number[] {
  const all = times(ran)
  return all.slice(1).map((time, index) => time - (all[index] ?? 0))
}

describe('3.6: pauses', () => {
  test('between tries: half a second that doubles to fifteen, each times three quarters by even chance', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['8 times: 503', 'R g1/o1'] },
      { ends: 'planned' },
    )
    withTrace(ran, () => expect(pauses(ran)).toEqual([375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]))
  })

  test('between tries: half of that by the lowest chance', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['3 times: 503', 'R g1/o1'], chance: 0 },
      { ends: 'planned' },
    )
    withTrace(ran, () => expect(pauses(ran)).toEqual([250, 500, 1_000]))
  })

  test('after a 412: up to half a second, which doubles', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1', 'R g1/o1', 'R g1/o1', 'after PATCH 4: R g2/o2 cpu 8'],
        PATCH: ['3 times: 412', 'R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => {
      const reads = ran.exchanged.filter(({ method }) => method === 'GET').map(({ atMs }) => atMs)
      expect(reads.slice(0, 4)).toEqual([0, 250, 750, 1_750])
    })
  })

  test('polls: at least two seconds, then a fifth of the time waited, at most poll-interval', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 2m: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => {
      expect(pauses(ran).slice(1, 9)).toEqual([2_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_400, 2_880])
      expect(Math.max(...pauses(ran))).toBe(12_000)
    })
  })

  test('polls: poll-interval may be below two seconds', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8', 'poll-interval': '500ms' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 3s: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => expect(new Set(pauses(ran).slice(1))).toEqual(new Set([500])))
  })

  test('polls: a tenth less by the lowest chance', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'R g2/o1 cpu 8', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
        chance: 0,
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => expect(pauses(ran).slice(1)).toEqual([1_800, 1_800, 1_800]))
  })
})

describe('3.6: Retry-After', () => {
  test('it is obeyed where it is longer than our pause', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['429 retry-after 20', 'R g1/o1'] },
      { ends: 'planned' },
    )
    withTrace(ran, () => expect(pauses(ran)).toEqual([20_000]))
  })

  test('with a 429 that outlasts the timeout, the log does not promise to try again', async () => {
    const ran = await expectCase(
      { inputs: { cpu: '8' }, GET: ['429 retry-after 7200'] },
      { ends: 'failed/unavailable' },
    )
    withTrace(ran, () => expect(linesOf(ran).join('\n')).not.toMatch(/trying again/))
  })

  test('one that is shorter than our pause is not', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['3 times: 503 retry-after 1', 'R g1/o1'] },
      { ends: 'planned' },
    )
    withTrace(ran, () => expect(pauses(ran)).toEqual([1_000, 1_000, 1_500]))
  })

  test('a date is measured against the answer’s own Date', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['503 retry-after +20s', 'R g1/o1'] },
      { ends: 'planned' },
    )
    withTrace(ran, () => expect(pauses(ran)).toEqual([20_000]))
  })

  test('429 that asks for longer than there is, with nothing sent: unavailable at once', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '10m' }, GET: ['429 retry-after 900'] },
      { ends: 'failed/unavailable', changed: false, took: ['0s', '1s'] },
    )
  })

  test('429 that asks for longer than there is, after a change was accepted: timed out at once', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', '429 retry-after 900'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'timed-out/timeout', changed: true, took: ['3s', '5s'] },
    )
  })

  test('503 that asks for an hour is obeyed a minute at a time', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', '503 retry-after 3600', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
    withTrace(ran, () => expect(pauses(ran).at(-1)).toBe(60_000))
  })
})

/** What may pass, whoever said it. */
const MAY_PASS = [
  'lost',
  'silent',
  'empty',
  '200 html',
  '304',
  '408',
  '425',
  '429',
  '500',
  '501',
  '503',
  '522 html',
  '599',
  '403 html',
  '403 text no',
  '403 ["no object"]',
  '404 html',
  '404 empty',
]

describe('3.6: what may pass is repeated', () => {
  for (const answer of MAY_PASS) {
    test(`${answer} at the first read`, async () => {
      await expectCase(
        {
          inputs: { cpu: '8' },
          GET: [`2 times: ${answer}`, 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
          PATCH: ['R g2/o1 cpu 8'],
        },
        { ends: 'converged', changed: true },
      )
    })

    test(`${answer} for five minutes of a wait`, async () => {
      await expectCase(
        {
          inputs: { cpu: '8' },
          GET: ['R g1/o1', 'R g2/o1 cpu 8', `at 1m: ${answer}`, 'at 6m: R g2/o2 cpu 8'],
          PATCH: ['R g2/o1 cpu 8'],
        },
        { ends: 'converged', changed: true, evidence: 'generation' },
      )
    })
  }

  for (const answer of ['302 html', '307', '418 html', '400 html', '405 text no', '451 html']) {
    test(`${answer} for a minute of a wait, since the API did not write it`, async () => {
      await expectCase(
        {
          inputs: { cpu: '8' },
          GET: ['R g1/o1', 'R g2/o1 cpu 8', `at 1m: ${answer}`, 'at 2m: R g2/o2 cpu 8'],
          PATCH: ['R g2/o1 cpu 8'],
        },
        { ends: 'converged', changed: true },
      )
    })
  }

  test('before a read has passed: for two minutes, then unavailable', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['503'] },
      { ends: 'failed/unavailable', changed: false, took: ['105s', '140s'] },
    )
  })

  test('before a read has passed, with a timeout of two minutes: for half of it', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '2m' }, GET: ['503'] },
      { ends: 'failed/unavailable', changed: false, took: ['45s', '80s'] },
    )
  })

  test('before a read has passed: at least two tries', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '40s' }, GET: ['silent'] },
      { ends: 'failed/unavailable', changed: false, reads: 2 },
    )
  })

  test('before a read has passed: time that Retry-After asked for does not count', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['5 times: 503 retry-after 50', 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', took: ['250s', '5m'] },
    )
  })

  test('after a read has passed, with a change accepted: until the deadline, then timed out', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 1m: 503'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'timed-out/timeout', changed: true, took: ['29m30s', '30m'] },
    )
  })

  test('after a read has passed, with nothing sent: until the deadline, then unavailable', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['U g2/o1 cpu 8', '503'] },
      { ends: 'failed/unavailable', changed: false, took: ['29m30s', '30m'] },
    )
  })

  test('after a read has passed: the log says when trouble starts, with what, and at each heartbeat how long', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 1m: 503', 'at 11m: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => {
      const lines = linesOf(ran)
      const atMs = (line: string) => Number.parseFloat(line) * 1_000
      const starts = lines.filter((line) => line.includes('503') && atMs(line) < 90_000)
      const beats = lines.filter((line) => atMs(line) >= 100_000 && atMs(line) < 650_000)
      expect(starts).toHaveLength(1)
      expect(beats.length).toBeGreaterThanOrEqual(2)
      for (const line of beats) {
        expect(line).toMatch(/503|no answer|no read/i)
        expect(line).not.toMatch(/still Running/)
      }
    })
  })
})

describe('3.6: 401', () => {
  test('at the first read: unauthorized, never repeated', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['401'] },
      { ends: 'failed/unauthorized', changed: false, requests: 'GET' },
    )
  })

  test('with a web page: unauthorized, never repeated', async () => {
    await expectCase({ inputs: { cpu: '8' }, GET: ['401 html'] }, { ends: 'failed/unauthorized', requests: 'GET' })
  })

  test('in mid-wait: unauthorized, never repeated', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o1 cpu 8', '401'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/unauthorized', changed: true, requests: 'GET PATCH GET GET' },
    )
  })

  test('to the PATCH: unauthorized, never repeated', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['401'] },
      { ends: 'failed/unauthorized', changed: false, requests: 'GET PATCH' },
    )
  })
})

describe('3.6: the API’s own 403', () => {
  const FORBIDDEN = ['access denied', ' Access Denied ', 'Admin access required', 'not a member of this tenant']

  for (const words of FORBIDDEN) {
    test(`"${words}" at the first read: forbidden at once`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: [`403 ${JSON.stringify({ error: words })}`] },
        { ends: 'failed/forbidden', changed: false, requests: 'GET' },
      )
    })
  }

  test('an empty body at the first read: forbidden at once', async () => {
    await expectCase({ inputs: { cpu: '8' }, GET: ['403 empty'] }, { ends: 'failed/forbidden', requests: 'GET' })
  })

  test('any other text to the PATCH: rejected', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['403 {"error": "cpu is above the plan"}'] },
      { ends: 'failed/rejected', changed: false, requests: 'GET PATCH', says: ['cpu is above the plan'] },
    )
  })

  test('"admin access required" to the PATCH: forbidden', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['403 {"error": "admin access required"}'] },
      { ends: 'failed/forbidden', changed: false, requests: 'GET PATCH' },
    )
  })

  test('in mid-wait it is repeated for 30 seconds first', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o1 cpu 8', '403'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/forbidden', changed: true, took: ['25s', '1m'] },
    )
  })

  test('in mid-wait, and over after 20 seconds: the wait goes on', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', '403', 'at 20s: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })
})

describe('3.6: the API’s own 404', () => {
  test('at the first read: not-found at once', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['404'] },
      { ends: 'failed/not-found', changed: false, requests: 'GET' },
    )
  })

  test('to the PATCH: not-found at once', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['404'] },
      { ends: 'failed/not-found', changed: false, requests: 'GET PATCH' },
    )
  })

  test('in mid-wait it is repeated for 30 seconds, then deleted', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o1 cpu 8', '404'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/deleted', changed: true, took: ['25s', '1m'] },
    )
  })

  test('with a timeout of 40 seconds: for a quarter of it', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '40s' }, GET: ['R g1/o1', 'R g2/o1 cpu 8', '404'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/deleted', changed: true, took: ['10s', '30s'] },
    )
  })

  test('in mid-wait, and over after 20 seconds: the wait goes on', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', '404', 'at 20s: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })
})

describe('3.6: what cannot pass ends at once', () => {
  for (const answer of ['400', '405', '410', '422', '302 html', '301']) {
    test(`${answer} at the first read: rejected`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: [answer] },
        { ends: 'failed/rejected', changed: false, requests: 'GET' },
      )
    })
  }

  for (const answer of ['400', '405', '422', '400 html']) {
    test(`${answer} to the PATCH: rejected`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: [answer] },
        { ends: 'failed/rejected', changed: false, requests: 'GET PATCH' },
      )
    })
  }

  test('the API’s own 400 in mid-wait: rejected', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o1 cpu 8', '400'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/rejected', changed: true, requests: 'GET PATCH GET GET' },
    )
  })
})

describe('3.6: one exchange', () => {
  test('it takes at most 30 seconds', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['silent', 'R g1/o1'] },
      { ends: 'planned' },
    )
    withTrace(ran, () => expect(pauses(ran)).toEqual([30_375]))
  })

  test('it takes at most what is left of timeout', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '1m' }, GET: ['R g1/o1', 'silent'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'timed-out/timeout', changed: true, took: ['55s', '1m'] },
    )
  })
})

describe('3.6: on the wire', () => {
  const certificate = makeCertificate('kupe.test')
  afterAll(certificate.remove)

  test('a certificate that is not trusted: five tries, then unavailable with the hint for it', async () => {
    const api = await serve({ GET: ['R g1/o1'] }, { certificate })
    let tries = 0
    const between = await relay(api.port, 0, () => tries++)
    try {
      const finished = await runAction({
        inputs: { ...api.inputs, 'api-url': `https://127.0.0.1:${between.port}`, cpu: '8', timeout: '2m' },
      })
      expectEnd(finished, { ends: 'failed/unavailable', says: ['NODE_EXTRA_CA_CERTS'] })
      expect(tries).toBe(5)
      expect(api.requests()).toBe('')
    } finally {
      between.close()
      await api.close()
    }
  })

  test('redirects are not followed: the key goes nowhere else', async () => {
    let strangers = 0
    const stranger = createServer((_, response) => {
      strangers++
      response.end()
    })
    const port = await listen(stranger)
    const api = await serve({ GET: ['307'] }, { headers: { location: `http://127.0.0.1:${port}/` } })
    try {
      const finished = await runAction({ inputs: { ...api.inputs, cpu: '8' } })
      expectEnd(finished, { ends: 'failed/rejected' })
      expect(strangers).toBe(0)
    } finally {
      await api.close()
      await new Promise((resolve) => stranger.close(resolve))
    }
  })

  test('a PATCH always opens its own connection', async () => {
    const api = await serve({ GET: ['R g1/o1', 'R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['409', 'R g2/o1 cpu 8'] })
    try {
      expectEnd(await runAction({ inputs: { ...api.inputs, cpu: '8' } }), { ends: 'converged' })
      const connections = api.arrivals.map(({ connection }) => connection)
      const patches = connections.filter((_, index) => api.exchanged[index]?.method === 'PATCH')
      for (const patch of patches) expect(connections.indexOf(patch)).toBe(connections.lastIndexOf(patch))
      expect(patches).toHaveLength(2)
    } finally {
      await api.close()
    }
  })

  test('a body above 10 MiB is no cluster object: read again', async () => {
    let answers = 0
    // Blanks behind the object: without the cap it would be read.
    const encode = (body: string) => ({
      bytes: Buffer.from(body + (answers++ === 0 ? ' '.repeat(11 * 1024 * 1024) : '')),
    })
    const api = await serve({ GET: ['R g1/o1'] }, { encode })
    try {
      const finished = await runAction({ inputs: { ...api.inputs, mode: 'plan', cpu: '8' } })
      expectEnd(finished, { ends: 'planned' })
      expect(api.requests()).toBe('GET GET')
    } finally {
      await api.close()
    }
  })
})

describe('3.6: the words of an error', () => {
  test('the API’s message goes before its error', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1'],
        PATCH: ['400 {"error": "old words", "message": "newer words"}'],
      },
      { ends: 'failed/rejected', says: ['newer words'], saysNot: ['old words'] },
    )
  })

  test('a lost answer with a web page: its title alone', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['503 html'] },
      { ends: 'failed/unavailable', says: ['Request blocked'], saysNot: ['Ray 4711', '<'] },
    )
  })
})

describe('3.6: nothing is sent twice without a read in between', () => {
  test('whatever came to the PATCH', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [...Array.from({ length: 9 }, () => 'R g1/o1'), 'after PATCH 7: R g2/o2 cpu 8'],
        PATCH: ['412', 'lost', '503', '429 retry-after 1', '409', '200 html', 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true, requests: /^GET(?: PATCH(?: GET)+)+$/ },
    )
  })

  test('the new ETag goes with the new plan', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1', 'R g1/o1', 'after PATCH 3: R g2/o2 cpu 8'],
        PATCH: ['412', 'lost', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"2"', CPU_8],
          ['"3"', CPU_8],
        ],
      },
    )
  })
})
