import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { expectEnd, type Finished, runAction, type Step, serve, withLog } from './action.js'
import type { Script } from './script.js'
import { expectCase } from './scripted.js'

/** Runs the built action against a script on a socket. */
async function runAgainst(script: Script, { inputs, env = {} }: Step): Promise<Finished> {
  const api = await serve(script)
  try {
    return await runAction({ inputs: { ...api.inputs, ...inputs }, env })
  } finally {
    await api.close()
  }
}

const KIBIBYTE = 1024

describe('29: what stands inside alerts is taken out of everything that is shown', () => {
  test('29: the value that our PATCH replaces is quoted by a condition later: hidden, as the new one is', async () => {
    const [older, newer] = ['old-hook-1234567', 'new-hook-7654321']
    const finished = await runAgainst(
      {
        GET: [
          `R g1/o1 alerts {"hook": "${older}"}`,
          `D g2/o1 alerts {"hook": "${newer}"} ${condition('HookFailed', `${older} answers no more, ${newer} not yet`)}`,
        ],
        PATCH: [`R g2/o1 alerts {"hook": "${newer}"}`],
      },
      { inputs: { alerts: `{"hook": "${newer}"}`, 'degraded-grace': '0s' } },
    )
    expectEnd(finished, { ends: 'failed/degraded', shows: ['HookFailed', 'answers no more'], hides: [older, newer] })
  })

  test('29: a value from a YAML block is echoed without its line break: hidden', async () => {
    const finished = await runAgainst(
      { GET: ['R g1/o1'], PATCH: ['400 {"error": "the hook block-hook-1234567 is not reachable"}'] },
      { inputs: { alerts: 'hook: |\n  block-hook-1234567\n' } },
    )
    expectEnd(finished, {
      ends: 'failed/rejected',
      says: [/the hook \S+ is not reachable/],
      hides: ['block-hook-1234567'],
    })
  })

  test('29: a value is repeated under status: hidden in the cluster output', async () => {
    const finished = await runAgainst(
      {
        GET: [
          'R g1/o1 alerts {"hook": 1}',
          'R g2/o2 alerts {"hook": "status-hook-1234567"} status {"alertmanager": {"receivers": ["status-hook-1234567"]}}',
        ],
        PATCH: ['R g2/o1 alerts {"hook": "status-hook-1234567"}'],
      },
      { inputs: { alerts: '{"hook": "status-hook-1234567"}' } },
    )
    expectEnd(finished, {
      ends: 'converged',
      outputs: { cluster: expect.stringContaining('receivers') },
      hides: ['status-hook-1234567'],
    })
  })

  test('29b: a warning quotes one line of a value of several: hidden', async () => {
    const finished = await runAgainst(
      {
        GET: [
          'R g1/o1 alerts {"key": "first-line-0001\\nsecond-line-0002"} with {"warnings": ["the line second-line-0002 is too long"]}',
        ],
      },
      { inputs: { mode: 'plan', cpu: '8' } },
    )
    expectEnd(finished, { ends: 'planned', shows: [/the line \S+ is too long/], hides: ['second-line-0002'] })
  })

  test('29c: an error quotes the token that is the last part of a value’s URL: hidden', async () => {
    const finished = await runAgainst(
      {
        GET: ['R g1/o1'],
        PATCH: ['400 {"error": "no such hook: B0123456789abcdef"}'],
      },
      { inputs: { alerts: '{"hook": "https://hooks.example.com/services/T012345678/B0123456789abcdef"}' } },
    )
    expectEnd(finished, { ends: 'failed/rejected', says: ['no such hook'], hides: ['B0123456789abcdef'] })
  })
})

describe('30: words that only happen to stand in alerts stay readable', () => {
  test('30: short words of alerts in the server’s refusal: it is shown as it was said', async () => {
    const refusal = 'unsupported version "1.32" for cluster prod: memory must be a multiple of 1Gi'
    const finished = await runAgainst(
      { GET: ['R g1/o1'], PATCH: [`400 ${JSON.stringify({ error: refusal })}`] },
      { inputs: { version: '1.32', alerts: '{"unit": "memory", "cluster": "prod", "version": "1.32"}' } },
    )
    expectEnd(finished, { ends: 'failed/rejected', says: [refusal] })
  })

  test('30b: a condition’s type and reason that are values of alerts, too: shown', async () => {
    const finished = await runAgainst(
      {
        GET: ['R g1/o1', `D g1/o1 ${condition('DiskPressure2High', 'the disk is full')}`],
        PATCH: ['R g1/o1'],
      },
      {
        inputs: { alerts: '{"watch": "DiskPressure2High", "type": "NodePoolsReady1"}', 'degraded-grace': '0s' },
      },
    )
    expectEnd(finished, { ends: 'failed/degraded', says: ['NodePoolsReady1', 'DiskPressure2High'] })
  })

  test('30c: an endpoint and a quantity that outputs of their own show: shown in the server’s words, too', async () => {
    const endpoint = 'https://production.acme.kupe.cloud'
    const refusal = `1048576Ki is too little for ${endpoint}`
    const finished = await runAgainst(
      {
        GET: [`R g1/o1 memory 1048576Ki status {"endpoint": "${endpoint}"}`],
        PATCH: [`400 ${JSON.stringify({ error: refusal })}`],
      },
      { inputs: { alerts: JSON.stringify({ target: endpoint, floor: '1048576Ki' }) } },
    )
    expectEnd(finished, { ends: 'failed/rejected', outputs: { endpoint, memory: '1048576Ki' }, says: [refusal] })
  })
})

/** A status with one condition, of type `NodePoolsReady1`. */
function condition(reason: string, message: string): string {
  return `status ${JSON.stringify({ conditions: [{ type: 'NodePoolsReady1', status: 'False', reason, message }] })}`
}

describe('31: what comes from outside is bounded in how much of it is shown', () => {
  test('31: a warning that differs in a number with every read: one annotation', async () => {
    const polls = Array.from(
      { length: 30 },
      (_, index) => `R g2/o1 cpu 8 with {"warnings": ["quota at ${60 + index} %"]}`,
    )
    const finished = await runAgainst(
      { GET: ['R g1/o1', ...polls, 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
      { inputs: { cpu: '8' } },
    )
    expectEnd(finished, { ends: 'converged' })
    expect(finished.warnings.filter((text) => text.includes('quota at'))).toHaveLength(1)
  })

  test('31: 250 alert keys that vanish with our PATCH: a side effect in few annotations and an error that the runner can show', async () => {
    const keys = Array.from({ length: 250 }, (_, index) => [`key${index}`, { threshold: index }])
    const before = JSON.stringify({ ...Object.fromEntries(keys), asked: 1 })
    const finished = await runAgainst(
      { GET: [`R g1/o1 alerts ${before}`, 'R g2/o2 alerts {"asked": 2}'], PATCH: ['R g2/o1 alerts {"asked": 2}'] },
      { inputs: { alerts: '{"asked": 2}' } },
    )
    expectEnd(finished, { ends: 'failed/side-effect', says: ['alerts.key0', /2[45]0/] })
    withLog(finished, () => {
      expect(finished.warnings.length).toBeLessThanOrEqual(10)
      expect(finished.errors[0]?.length).toBeLessThanOrEqual(4096)
    })
  })

  test.each<[name: string, answer: string, last: string, ends: string]>([
    ['taken back by somebody', 'R g2/o1 alerts ALL', 'R g3/o3 alerts OTHER', 'failed/superseded'],
    ['made something else of', 'R g2/o1 alerts OTHER', 'R g2/o2 alerts OTHER', 'failed/rejected'],
    ['never shown', 'R g1/o1 alerts NONE', 'R g1/o1 alerts NONE', 'timed-out/timeout'],
  ])('31: 250 alert keys that are %s: the error names ten and counts the rest', async (_name, answer, last, ends) => {
    const all = (value: unknown) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`key${index}`, value])))
    const fill = (text: string) =>
      text.replace('ALL', all('asked')).replace('OTHER', all('other')).replace('NONE', all('first'))
    const finished = await runAgainst(
      { GET: [fill('R g1/o1 alerts NONE'), fill(last)], PATCH: [fill(answer)] },
      { inputs: { alerts: all('asked') } },
    )
    expectEnd(finished, { ends, says: ['alerts.key9', '240 more'] })
  })

  test('31: a phase of 600,000 characters: the summary stays below 512 KiB, and the log’s lines are short', async () => {
    const phase = `Moving${'x'.repeat(600_000)}`
    const finished = await runAgainst(
      {
        GET: ['R g1/o1', `- g2/o1 cpu 8 status {"phase": "${phase}"}`, 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { inputs: { cpu: '8' } },
    )
    expectEnd(finished, { ends: 'converged' })
    expectBounded(finished)
    expect(Math.max(...finished.log.split('\n').map((line) => line.length))).toBeLessThanOrEqual(5_000)
  })

  test('31: a plan with 780 alert keys: a heading of at most 200 characters that counts them', async () => {
    const keys = Array.from({ length: 780 }, (_, index) => [`some-long-key-of-an-alert-${index}`, index])
    const finished = await runAgainst(
      { GET: ['R g1/o1 alerts {}'] },
      { inputs: { mode: 'plan', alerts: JSON.stringify(Object.fromEntries(keys)) } },
    )
    expectEnd(finished, { ends: 'planned' })
    expectBounded(finished)
    expect(finished.summary.split('\n')[0]).toMatch(/780/)
    expect(new Set(finished.summary.match(/some-long-key-of-an-alert-\d+/g)).size).toBeLessThanOrEqual(10)
  })

  test('31b: twelve kinds of warnings: five annotations, and then a plain line with how many more there are', async () => {
    const kinds = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima'.split(' ')
    const finished = await runAgainst(
      { GET: [`R g1/o1 with ${JSON.stringify({ warnings: kinds.map((kind) => `${kind} runs out`) })}`] },
      { inputs: { mode: 'plan', cpu: '8' } },
    )
    expectEnd(finished, { ends: 'planned' })
    withLog(finished, () => {
      expect(finished.warnings.filter((text) => text.includes('runs out'))).toHaveLength(5)
      // The rest are seven, of twelve in all; either number tells.
      expect(finished.log).toMatch(/^(?!::)(?=.*\b(?:7|12)\b)(?=.*warn).*$/im)
    })
  })

  test('31c: 5,000 conditions: ten of them in the summary, those that are False first', async () => {
    const conditions = Array.from({ length: 5_000 }, (_, index) => ({
      type: `Check${String(index).padStart(4, '0')}`,
      status: index === 4_999 ? 'False' : 'True',
      message: 'x'.repeat(200),
    }))
    const finished = await runAgainst(
      {
        GET: ['R g1/o1', `D g2/o1 cpu 8 status ${JSON.stringify({ conditions })}`],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { inputs: { cpu: '8', 'degraded-grace': '0s' } },
    )
    expectEnd(finished, { ends: 'failed/degraded' })
    expectBounded(finished)
    expect(finished.summary).toContain('Check4999')
    expect(new Set(finished.summary.match(/Check\d{4}/g)).size).toBeLessThanOrEqual(10)
  })

  function expectBounded({ summary }: Finished): void {
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(512 * KIBIBYTE)
    expect(summary.split('\n')[0]?.length).toBeLessThanOrEqual('## '.length + 200)
  }
})

describe('32: conditions that deny health are shown', () => {
  const healthy = Array.from({ length: 10 }, (_, index) => ({ type: `Part${index}Checked`, status: 'True' }))
  const notReady = { type: 'Ready', status: 'False', reason: 'NodesNotReady', message: '2 of 5 nodes are not ready' }

  test('32: the eleventh condition is EtcdReady=False in a cluster that stays Degraded: it is in error and summary', async () => {
    const conditions = [...healthy, { type: 'EtcdReady', status: 'False', message: 'one member is down' }]
    const finished = await runAgainst(
      {
        GET: ['R g1/o1', `D g2/o1 cpu 8 status ${JSON.stringify({ conditions })}`],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { inputs: { cpu: '8', 'degraded-grace': '0s' } },
    )
    expectEnd(finished, { ends: 'failed/degraded', says: ['EtcdReady', 'one member is down'] })
    expect(finished.summary).toContain('EtcdReady')
  })

  test('32: done, but Ready=False: converged, with one warning in the condition’s own words', async () => {
    const finished = await runAgainst(
      {
        GET: ['R g1/o1', `R g2/o2 cpu 8 status ${JSON.stringify({ conditions: [notReady] })}`],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { inputs: { cpu: '8' } },
    )
    expectEnd(finished, { ends: 'converged' })
    withLog(finished, () => expect(finished.warnings).toEqual([expect.stringContaining('2 of 5 nodes are not ready')]))
  })

  test('32b: nothing to do, but haPhase is ha-degraded: unchanged, with one warning', async () => {
    const finished = await runAgainst(
      { GET: ['R g2/o2 cpu 8 status {"haPhase": "ha-degraded"}'] },
      { inputs: { cpu: '8' } },
    )
    expectEnd(finished, { ends: 'unchanged' })
    withLog(finished, () => expect(finished.warnings).toEqual([expect.stringContaining('ha-degraded')]))
  })

  test('32c: a timeout while Ready=False: the error has the condition’s words', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '5m' },
        GET: ['R g1/o1', `R g2/o1 cpu 8 status ${JSON.stringify({ conditions: [notReady] })}`],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'timed-out/timeout', says: ['2 of 5 nodes are not ready'] },
    )
  })
})

describe('33: an ending says what this run knows, and no more', () => {
  test('33: a timeout while the last reads were all 503: since when and what came, and no phase as if it were the present one', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '10m' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'at 2m: 503'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: true, says: ['503', /\d+ times/], saysNot: [/phase is Upgrading/] },
    )
  })

  test('33: mode verify that is not met: nothing was sent, and nothing is said to go on', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['R g1/o1 cpu 4'] },
      {
        ends: 'timed-out/timeout',
        changed: false,
        says: [/sent by this run: nothing/i],
        saysNot: [/goes on|may go on/i],
      },
    )
  })

  test('33: a conflict: a re-run is not called safe, since it would replace their value by ours', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 cpu 4', 'R g2/o2 cpu 6'], PATCH: ['412'] },
      { ends: 'failed/conflict', saysNot: [/\bsafe\b/i] },
    )
  })

  test('33b: a timeout after our PATCH landed: it may go on, and a re-run resumes the wait', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '10m' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'timed-out/timeout', says: [/may/, /resumes/, 'Upgrading'], saysNot: [/change goes on/i] },
    )
  })

  test('33c: cancelled while a busy cluster is waited for: nothing was sent, and nothing of ours goes on', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['U g1/o1'], cancelAt: '1m' },
      {
        ends: 'cancelled/cancelled',
        changed: false,
        says: [/sent by this run: nothing/i],
        saysNot: [/goes on|may go on|resumes/i],
        took: ['1m', '61s'],
      },
    )
  })
})

describe('34: an error has all that the API said of it', () => {
  test('34: a 400 with code, field and message: all three are in the error', async () => {
    const refusal = {
      code: 'HA_DISABLE_UNSUPPORTED',
      severity: 'error',
      field: 'spec.highAvailability',
      message: 'high availability cannot be switched off',
    }
    const finished = await runAgainst(
      { GET: ['R g1/o1'], PATCH: [`400 ${JSON.stringify(refusal)}`] },
      { inputs: { cpu: '8' } },
    )
    expectEnd(finished, { ends: 'failed/rejected', says: [refusal.code, refusal.field, refusal.message] })
  })

  test('34b: a refusal of the first read with code and error alone: both are in the error', async () => {
    const refusal = { code: 'CLUSTER_DEDICATED_UNSUPPORTED', error: 'dedicated clusters are not served here' }
    const finished = await runAgainst({ GET: [`400 ${JSON.stringify(refusal)}`] }, { inputs: { cpu: '8' } })
    expectEnd(finished, { ends: 'failed/rejected', says: [refusal.code, refusal.error] })
  })

  test('34c: a 400 with a web page: only its title, and that something in front of the API answered', async () => {
    const finished = await runAgainst({ GET: ['R g1/o1'], PATCH: ['400 html'] }, { inputs: { cpu: '8' } })
    expectEnd(finished, {
      ends: 'failed/rejected',
      says: ['Request blocked', /something in front of the API/i],
      hides: ['Ray 4711', '<!DOCTYPE'],
    })
  })
})

describe('36: outputs that cannot be written make the run internal, and the summary says so, too', () => {
  function expectUnwritten(finished: Finished): void {
    withLog(finished, () => {
      expect(finished.code).toBe(1)
      expect(finished.errors).toHaveLength(1)
      expect(finished.summary).toMatch(/outputs could not be written|fault of this action/i)
      expect(finished.summary).not.toMatch(/✅|📝/u)
    })
  }

  test('36: nothing to change: the summary does not say unchanged with a tick', async () => {
    const finished = await runAgainst(
      { GET: ['R g2/o2 cpu 8'] },
      { inputs: { cpu: '8' }, env: { GITHUB_OUTPUT: tmpdir() } },
    )
    expectUnwritten(finished)
  })

  test('36b: after a change that converged: the summary says what was sent, and not that all is well', async () => {
    const finished = await runAgainst(
      { GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
      { inputs: { cpu: '8' }, env: { GITHUB_OUTPUT: tmpdir() } },
    )
    expectUnwritten(finished)
    withLog(finished, () => expect(finished.summary).toMatch(/cpu.*4.*8/s))
  })

  test('36c: a dry run whose output file lies in no directory: the summary does not say planned', async () => {
    const finished = await runAgainst(
      { GET: ['R g1/o1'] },
      { inputs: { mode: 'plan', cpu: '8' }, env: { GITHUB_OUTPUT: join(tmpdir(), 'no', 'such', 'directory') } },
    )
    expectUnwritten(finished)
  })
})
