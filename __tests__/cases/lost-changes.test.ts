import { afterAll, describe, expect, test } from '@jest/globals'
import { expectEnd, type RunningServer, runAction, type Step, serve } from './action.js'
import { type Between, proxy, relay } from './between.js'
import { makeCertificate } from './certificate.js'
import type { Script } from './script.js'
import { expectCase, OTHERS } from './scripted.js'

/** What a PATCH under the read's own ETag carries besides what was asked, on the default object. */

describe('1: every plan after the first PATCH is compared with the read that PATCH was planned from', () => {
  test('1: a 412, then a busy cluster, then a rival’s cpu: a conflict, and no second PATCH', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 cpu 4', 'U g1/o1 cpu 4', 'R g2/o2 cpu 6'],
        PATCH: ['412'],
      },
      {
        ends: 'failed/conflict',
        changed: false,
        patches: [['"1"', { resources: { ...OTHERS, cpu: '8' } }]],
        says: [/cpu \| 4 \| 6 \| 8/],
      },
    )
  })

  test('1b: a lost answer, then a busy cluster, then a rival’s cpu: a conflict, and no second PATCH', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 cpu 4', 'U g1/o1 cpu 4', 'R g2/o2 cpu 6'],
        PATCH: ['lost'],
      },
      {
        ends: 'failed/conflict',
        changed: true,
        patches: [['"1"', { resources: { ...OTHERS, cpu: '8' } }]],
        says: [/cpu \| 4 \| 6 \| 8/],
      },
    )
  })

  test('1c: a rival’s alert while the cluster is still busy after a 412: a conflict at once, without waiting for it to be free', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 2}' },
        GET: ['R alerts {"a": 1}', '2 times: U alerts {"a": 1}', 'U alerts {"a": 3}'],
        PATCH: ['412'],
      },
      {
        ends: 'failed/conflict',
        changed: false,
        patches: [['"1"', { alerts: { a: 2 } }]],
        says: ['alerts.a'],
        took: ['0s', '1m'],
      },
    )
  })
})

describe('2: only under the read’s own ETag do the other resources go out', () => {
  test('2: if-match names a newer state than the one that was read: the body is what was asked, and nothing else', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'if-match': '"6"' },
        GET: ['R g5/o5 memory 16Gi etag 5', 'R g7/o7 cpu 8 memory 64Gi etag 8'],
        PATCH: ['R g7/o6 cpu 8 memory 64Gi etag 7'],
      },
      {
        ends: 'converged',
        changed: true,
        evidence: 'generation',
        patches: [['"6"', { resources: { cpu: '8' } }]],
        // Whose change it was cannot be told without the read's own lock.
        warns: [/memory/],
      },
    )
  })

  test('2b: an upgrade and a scale under another state’s ETag: neither known nor unknown resources are written back', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', memory: '32Gi', 'if-match': '"6"' },
        GET: ['R g5/o5 gpu 2 etag 5', 'R g7/o7 version 1.32 runs v1.32.3 memory 32Gi gpu 2 etag 8'],
        PATCH: ['U g7/o6 version 1.32 memory 32Gi gpu 2 etag 7'],
      },
      {
        ends: 'converged',
        evidence: 'generation,kubernetes-version',
        patches: [['"6"', { version: '1.32', resources: { memory: '32Gi' } }]],
      },
    )
  })

  test('2c: after a lost answer the same if-match goes again, and what a newer read showed does not go with it', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'if-match': '"6"' },
        GET: ['R g6/o6 memory 16Gi etag 6', 'R g7/o7 memory 64Gi etag 7'],
        PATCH: ['lost', '412'],
      },
      {
        ends: 'failed/conflict',
        changed: true,
        patches: [
          ['"6"', { resources: { ...OTHERS, cpu: '8' } }],
          ['"6"', { resources: { cpu: '8' } }],
        ],
      },
    )
  })
})

describe('3: a first read that lacks what is asked for is not planned from', () => {
  test('3: a first read without resources is read again, and the whole one is planned from', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 without resources', 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        evidence: 'generation',
        patches: [['"2"', { resources: { ...OTHERS, cpu: '8' } }]],
      },
    )
  })

  test('3b: a first read without alerts where a key is to be removed is read again, and the key found then is removed', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"hook": null}' },
        GET: [
          'R g1/o1',
          'R g1/o1 alerts {"hook": {"port": 1}, "keep": 1}',
          'after PATCH 1: R g2/o2 alerts {"keep": 1}',
        ],
        PATCH: ['R g2/o1 alerts {"keep": 1}'],
      },
      {
        ends: 'converged',
        changed: true,
        evidence: 'generation',
        patches: [['"2"', { alerts: { hook: null } }]],
      },
    )
  })

  test('3c: three reads without resources are believed, with a warning', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 without resources', 'after PATCH 1: R g2/o2 cpu 8 without memory,storage'],
        PATCH: ['R g2/o1 cpu 8 without memory,storage'],
      },
      {
        ends: 'converged',
        requests: 'GET GET GET PATCH GET',
        patches: [['"1"', { resources: { cpu: '8' } }]],
        warns: [/resources/],
      },
    )
  })
})

describe('4: a setting that vanishes with our PATCH is never a green step', () => {
  test('4: a server that replaces alerts drops another key: a side effect, and the key is named', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 2}' },
        GET: ['R g1/o1 alerts {"a": 1, "keep": {"word": "kept-value-1"}}', 'R g2/o2 alerts {"a": 2}'],
        PATCH: ['R g2/o1 alerts {"a": 2}'],
      },
      {
        ends: 'failed/side-effect',
        changed: true,
        says: [/alerts\.keep/],
        saysNot: ['kept-value-1'],
      },
    )
  })

  test('4b: the same without waiting: a side effect, not accepted', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 2}', wait: 'false' },
        GET: ['R g1/o1 alerts {"a": 1, "keep": true}', 'R g2/o2 alerts {"a": 2}'],
        PATCH: ['R g2/o1 alerts {"a": 2}'],
      },
      { ends: 'failed/side-effect', changed: true, says: [/alerts\.keep/] },
    )
  })

  test('4c: storage that shrinks in a later read under our own generation: a side effect with both values', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o2 version 1.32 runs v1.32.3 storage 50Gi'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'failed/side-effect', changed: true, says: ['storage', '100Gi', '50Gi'] },
    )
  })
})

describe('5: resources whose names are unknown to this action stay', () => {
  test('5: an unknown resource goes along in the body', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 gpu 2', 'R g2/o2 cpu 8 gpu 2'],
        PATCH: ['R g2/o1 cpu 8 gpu 2'],
      },
      {
        ends: 'converged',
        evidence: 'generation',
        patches: [['"1"', { resources: { ...OTHERS, cpu: '8', gpu: 2 } }]],
      },
    )
  })

  test('5b: a server that refuses the unknown name with 400 is sent one PATCH more without it, under the same ETag', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 gpu 2', 'R g2/o2 cpu 8 gpu 2'],
        PATCH: ['400 {"error": "unknown field gpu"}', 'R g2/o1 cpu 8 gpu 2'],
      },
      {
        ends: 'converged',
        requests: 'GET PATCH PATCH GET',
        patches: [
          ['"1"', { resources: { ...OTHERS, cpu: '8', gpu: 2 } }],
          ['"1"', { resources: { ...OTHERS, cpu: '8' } }],
        ],
      },
    )
  })

  test('5c: the unknown resource is refused with 422 and then lost by replacing: a side effect that names it', async () => {
    await expectCase(
      {
        inputs: { memory: '32Gi' },
        GET: ['R g1/o1 gpu 2', 'R g2/o2 memory 32Gi'],
        PATCH: ['422 {"error": "unknown field gpu"}', 'R g2/o1 memory 32Gi'],
      },
      {
        ends: 'failed/side-effect',
        changed: true,
        patches: [
          ['"1"', { resources: { ...OTHERS, memory: '32Gi', gpu: 2 } }],
          ['"1"', { resources: { ...OTHERS, memory: '32Gi' } }],
        ],
        says: ['gpu'],
      },
    )
  })
})

describe('6: a PATCH counts as unsent only where its connection was never established', () => {
  const certificate = makeCertificate('kupe.test')
  const env = { NODE_EXTRA_CA_CERTS: certificate.file }
  afterAll(certificate.remove)

  /** Runs the built action against a script over TLS, with something between the two that breaks where the script says `lost`. */
  async function runBetween(
    script: Script,
    place: (api: RunningServer) => Promise<Between>,
    toStep: (between: Between) => Step,
  ) {
    let between: Between | undefined
    const api = await serve(script, { certificate, lose: () => between?.spoil() })
    try {
      between = await place(api)
      const { inputs, env: more } = toStep(between)
      const finished = await runAction({
        inputs: { ...api.inputs, cpu: '8', ...inputs },
        env: { ...env, ...more },
      })
      return { finished, requests: api.requests() }
    } finally {
      between?.close()
      await api.close()
    }
  }

  const throughRelay = ({ port }: Between): Step => ({ inputs: { 'api-url': `https://127.0.0.1:${port}` } })

  test('6: the API applies the PATCH and then breaks the TLS record layer: it may have landed, changed=true', async () => {
    const { finished, requests } = await runBetween(
      { GET: ['R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'], PATCH: ['lost'] },
      ({ port }) => relay(port),
      throughRelay,
    )
    expectEnd(finished, {
      ends: 'converged',
      outputs: { changed: 'true' },
      hides: ['Someone else made the same change'],
    })
    expect(requests).toMatch(/^GET PATCH( GET)+$/)
  })

  test('6b: the TLS handshake of the PATCH’s own connection fails: nothing was sent, and a rival’s cpu is a conflict with changed=false', async () => {
    const { finished, requests } = await runBetween(
      { GET: ['R g1/o1', 'R g2/o2 cpu 6'] },
      ({ port }) => relay(port, 2),
      throughRelay,
    )
    expectEnd(finished, { ends: 'failed/conflict', outputs: { changed: 'false' } })
    expect(requests).not.toContain('PATCH')
  })

  test('6c: the record layer breaks inside a proxy’s tunnel that stood: it may have landed, changed=true', async () => {
    const { finished, requests } = await runBetween(
      { GET: ['R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'], PATCH: ['lost'] },
      ({ port }) => proxy(port),
      ({ port }) => ({ inputs: { 'api-url': 'https://kupe.test' }, env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } }),
    )
    expectEnd(finished, { ends: 'converged', outputs: { changed: 'true' } })
    expect(requests).toMatch(/^GET PATCH( GET)+$/)
  })
})

describe('7: a value that someone removes while this run waits', () => {
  test('7: resources cleared under a later generation: superseded after three reads', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'R g3/o3 without cpu,memory,storage'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      {
        ends: 'failed/superseded',
        changed: true,
        requests: 'GET PATCH GET GET GET GET',
        says: ['cpu'],
      },
    )
  })

  test('7b: memory removed on a server without generations: superseded, not waited for until the end', async () => {
    await expectCase(
      {
        inputs: { memory: '64Gi' },
        GET: ['R memory 16Gi', 'R memory 64Gi', 'R without memory'],
        PATCH: ['R memory 64Gi'],
      },
      { ends: 'failed/superseded', changed: true, says: ['memory'], took: ['4s', '5m'] },
    )
  })

  test('7c: mode verify, and what was met once is removed: superseded, with nothing sent', async () => {
    await expectCase(
      {
        inputs: { mode: 'verify', cpu: '8' },
        GET: ['U g2/o1 cpu 8', 'R g3/o3 without cpu'],
      },
      { ends: 'failed/superseded', changed: false, patches: [], says: ['cpu'], took: ['4s', '2m'] },
    )
  })
})
