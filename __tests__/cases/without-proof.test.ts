import { afterAll, describe, expect, test } from '@jest/globals'
import { expectEnd, runAction, serve } from './action.js'
import { proxy } from './between.js'
import { makeCertificate } from './certificate.js'
import { expectCase, OTHERS } from './scripted.js'

/** What a PATCH under the read's own ETag carries besides what was asked, on the default object. */

describe('8: a second look that shows a difference is planned anew', () => {
  test('8: without waiting, the second look shows the old cpu: it is sent, and accepted', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['R cpu 8', 'R cpu 4'],
        PATCH: ['R cpu 8'],
      },
      {
        ends: 'accepted',
        changed: true,
        patches: [['"2"', { resources: { ...OTHERS, cpu: '8' } }]],
      },
    )
  })

  test('8b: the second look shows the old version: it is sent, and waited for', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: [
          'R version 1.32 runs v1.32.3',
          'R version 1.31 runs v1.31.9',
          'U version 1.32 runs v1.31.9',
          'R version 1.32 runs v1.32.3',
        ],
        PATCH: ['U version 1.32 runs v1.31.9'],
      },
      {
        ends: 'converged',
        changed: true,
        evidence: 'kubernetes-version',
        patches: [['"2"', { version: '1.32' }]],
      },
    )
  })

  test('8c: the second look lacks cpu, the third shows the old one: planned from the third', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['R cpu 8', 'R without cpu', 'R cpu 4'],
        PATCH: ['R cpu 8'],
      },
      {
        ends: 'accepted',
        changed: true,
        patches: [['"3"', { resources: { ...OTHERS, cpu: '8' } }]],
      },
    )
  })
})

describe('9: a cluster that is being deleted ends the run at every moment', () => {
  test('9: without waiting, the second look shows it Terminating: deleted', async () => {
    await expectCase(
      { inputs: { cpu: '8', wait: 'false' }, GET: ['R cpu 8', 'T cpu 8'] },
      { ends: 'failed/deleted', changed: false, patches: [] },
    )
  })

  test('9b: without waiting, the PATCH’s own answer shows it Deleting: deleted, not accepted', async () => {
    await expectCase(
      { inputs: { cpu: '8', wait: 'false' }, GET: ['R g1/o1'], PATCH: ['X g2/o1 cpu 8'] },
      { ends: 'failed/deleted', changed: true },
    )
  })

  test('9c: a poll from an older replica shows it Terminating: deleted, since that is looked at before the generation', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'T g1/o1'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/deleted', changed: true, reads: 2 },
    )
  })
})

describe('10: without kubernetesVersion, an upgrade must have been seen at work', () => {
  test('10: one Degraded and then Running: not green', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R without runs', 'D version 1.32 without runs', 'R version 1.32 without runs'],
        PATCH: ['R version 1.32 without runs'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('10b: Upgrading only while the old version was still the desired one: not green', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R without runs', 'U version 1.31 without runs', 'R version 1.32 without runs'],
        PATCH: ['R version 1.32 without runs'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('10c: one read without a phase and then Running: not green', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R without runs', '- version 1.32 without runs', 'R version 1.32 without runs'],
        PATCH: ['R version 1.32 without runs'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })
})

describe('11: a generation that our PATCH did not move proves nothing in this run', () => {
  test('11: alerts answered under the old generation, which somebody else moves later: settled, after settle-time', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 1}' },
        GET: ['R g3/o3 alerts {"a": 0}', 'R g4/o4 cpu 6 alerts {"a": 1}'],
        PATCH: ['R g3/o3 alerts {"a": 1}'],
      },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })

  test('11b: an upgrade and a scale answered under the old generation: each by its own proof, after settle-time', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', cpu: '8' },
        GET: ['R g3/o3', 'R g4/o4 version 1.32 runs v1.32.3 cpu 8'],
        PATCH: ['R g3/o3 version 1.32 cpu 8'],
      },
      { ends: 'converged', evidence: 'kubernetes-version,settled', took: ['30s', '2m'] },
    )
  })

  test('11c: the first read had no generation to compare with: settled, after settle-time', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R', 'R g5/o5 cpu 8'],
        PATCH: ['R g5/o4 cpu 8'],
      },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })
})

describe('12: generations that come as texts are generations', () => {
  test('12: generation "2" that is never observed: timed out', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g"1"/o"1"', 'R g"2"/o"1" cpu 8'],
        PATCH: ['R g"2"/o"1" cpu 8'],
      },
      { ends: 'timed-out/timeout', changed: true, says: [/generation/i] },
    )
  })

  test('12b: mode verify on generation "3" that is never observed: timed out', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['R g"3"/o"2" cpu 8'] },
      { ends: 'timed-out/timeout', changed: false },
    )
  })

  test('12c: polls of generation "1" after "2" come from an older replica, and take nothing back', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g"1"/o"1"', 'R g"2"/o"1" cpu 8', '4 times: R g"1"/o"1" cpu 4', 'R g"2"/o"2" cpu 8'],
        PATCH: ['R g"2"/o"1" cpu 8'],
      },
      { ends: 'converged', changed: true, evidence: 'generation' },
    )
  })
})

describe('13: a guard that cannot judge refuses', () => {
  test('13: kubernetesVersion is no version: the skip is counted from the desired one, and refused', async () => {
    await expectCase(
      {
        inputs: { version: '1.35' },
        GET: ['R g1/o1 version 1.31 runs unknown', 'R g2/o2 version 1.35 runs v1.35.1'],
        PATCH: ['U g2/o1 version 1.35 runs unknown'],
      },
      {
        ends: 'failed/refused',
        changed: false,
        patches: [],
        refusedBy: ['version-skip'],
        says: ['allow-version-skip'],
      },
    )
  })

  test('13b: neither the running nor the desired version can be read: refused, naming what would permit it', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1 version latest runs unknown', 'R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['U g2/o1 version 1.32 runs unknown'],
      },
      { ends: 'failed/refused', changed: false, patches: [], says: ['allow-downgrade', 'allow-version-skip'] },
    )
  })

  test('13c: mode plan, and the live storage cannot be read: refused, naming what would permit it', async () => {
    await expectCase(
      {
        inputs: { mode: 'plan', storage: '50Gi' },
        GET: ['R g1/o1 with {"resources": {"cpu": "4", "memory": "16Gi", "storage": "100 Gi"}}'],
      },
      { ends: 'failed/refused', patches: [], refusedBy: ['storage-shrink'], says: ['allow-storage-shrink'] },
    )
  })
})

/** Runs the built action against an API that would take any change, and gives the end with the requests that were made. */
async function runWith(inputs: Readonly<Record<string, string>>) {
  const api = await serve({ GET: ['R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] })
  try {
    const finished = await runAction({ inputs: { ...api.inputs, cpu: '8', ...inputs } })
    return { finished, requests: api.requests() }
  } finally {
    await api.close()
  }
}

describe('14: a guard that was given empty is an error', () => {
  test('14: expected-plan is empty because a step output was lost: invalid-input that says so, and no request', async () => {
    const { finished, requests } = await runWith({ 'expected-plan': '' })
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['expected-plan', /output/, 'none'] })
    expect(requests).toBe('')
  })

  test('14b: max-cpu is empty because a variable was lost: invalid-input that shows how to switch it off, and no request', async () => {
    const { finished, requests } = await runWith({ 'max-cpu': '' })
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['max-cpu', "|| 'none' }}"] })
    expect(requests).toBe('')
  })

  test('14c: mode is empty: invalid-input, since an empty mode must not apply', async () => {
    const { finished, requests } = await runWith({ mode: '' })
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['mode'] })
    expect(requests).toBe('')
  })
})

describe('15: a time zone that means different things to different people is an error', () => {
  test('15: BST, with a window that is open in Dhaka now: invalid-input that names a region, and no request', async () => {
    const { finished, requests } = await runWith({ timezone: 'BST', 'only-between': windowAround('Asia/Dhaka') })
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['BST', 'Europe/London'] })
    expect(requests).toBe('')
  })

  test('15b: CET: invalid-input that names a region, and no request', async () => {
    const { finished, requests } = await runWith({ timezone: 'CET', 'only-between': windowAround('Europe/Berlin') })
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['CET', /Europe\/[A-Z]/] })
    expect(requests).toBe('')
  })

  test('15c: Etc/GMT+5, whose sign is inverted: invalid-input, and no request', async () => {
    const { finished, requests } = await runWith({ timezone: 'Etc/GMT+5', 'only-between': windowAround('Etc/GMT+5') })
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['Etc/GMT+5'] })
    expect(requests).toBe('')
  })
})

/** A window of two hours with now in its middle. */
function windowAround(timeZone: string): string {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const hourMs = 3_600_000
  return [Date.now() - hourMs, Date.now() + hourMs].map((ms) => clock.format(ms)).join('-')
}

describe('16: proxy variables are taken as people write them', () => {
  const certificate = makeCertificate('kupe.test')
  afterAll(certificate.remove)

  /** A dry run against an API that only a proxy can reach; gives what the proxy was asked for, too. */
  async function runBehindProxy(apiUrl: string, toEnv: (port: number) => Readonly<Record<string, string>>) {
    const api = await serve({ GET: ['R g1/o1'] }, { certificate })
    const between = await proxy(api.port)
    try {
      const finished = await runAction({
        inputs: { ...api.inputs, 'api-url': apiUrl, mode: 'plan', cpu: '8' },
        env: { NODE_EXTRA_CA_CERTS: certificate.file, ...toEnv(between.port) },
      })
      return { finished, targets: between.targets }
    } finally {
      between.close()
      await api.close()
    }
  }

  test('16: HTTPS_PROXY=localhost:port without a scheme: through the proxy', async () => {
    const { finished, targets } = await runBehindProxy('https://kupe.test', (port) => ({
      HTTPS_PROXY: `localhost:${port}`,
    }))
    expectEnd(finished, { ends: 'planned' })
    expect(targets).toEqual(['kupe.test:443'])
  })

  test('16b: ALL_PROXY without a scheme where HTTPS_PROXY is not set: through the proxy', async () => {
    const { finished, targets } = await runBehindProxy('https://kupe.test', (port) => ({
      ALL_PROXY: `127.0.0.1:${port}`,
    }))
    expectEnd(finished, { ends: 'planned' })
    expect(targets).toEqual(['kupe.test:443'])
  })

  test('16c: HTTPS_PROXY cannot be read: invalid-input that names it, never a direct connection', async () => {
    const { finished } = await runBehindProxy('https://kupe.test', () => ({ HTTPS_PROXY: 'http://[' }))
    expectEnd(finished, { ends: 'failed/invalid-input', says: ['HTTPS_PROXY'] })
  })

  test('16d: NO_PROXY=*.kupe.test means .kupe.test: not through the proxy', async () => {
    const { finished, targets } = await runBehindProxy('https://api.kupe.test', (port) => ({
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NO_PROXY: '*.kupe.test',
    }))
    // Nobody answers under that name without the proxy.
    expectEnd(finished, { ends: 'failed/unavailable' })
    expect(targets).toEqual([])
  })
})
