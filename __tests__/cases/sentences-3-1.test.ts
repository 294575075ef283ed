import { describe, expect, test } from '@jest/globals'
import { expectEnd, runAction, serve } from './action.js'
import { expectCase, OTHERS, withTrace } from './scripted.js'

const CPU_8 = { resources: { ...OTHERS, cpu: '8' } }

/** A read at every moment of a run at which one can come, with `%` where its phase stands. */
const MOMENTS: readonly [
  moment: string,
  script: { GET: string[]; PATCH?: string[] },
  inputs: Record<string, string>,
][] = [
  ['the first read', { GET: ['% g1/o1'] }, { cpu: '8' }],
  ['the first read of mode plan', { GET: ['% g1/o1'] }, { mode: 'plan', cpu: '8' }],
  ['the first read of mode verify', { GET: ['% g1/o1'] }, { mode: 'verify', cpu: '8' }],
  ['a second look', { GET: ['R cpu 8', '% cpu 8'] }, { cpu: '8' }],
  ['a read while a busy cluster is waited for', { GET: ['U g1/o1', '% g1/o1'] }, { cpu: '8' }],
  ['a read after a 412', { GET: ['R g1/o1', '% g1/o1'], PATCH: ['412'] }, { cpu: '8' }],
  ['a read after a lost answer', { GET: ['R g1/o1', '% g1/o1'], PATCH: ['lost'] }, { cpu: '8' }],
  ['the PATCH’s own answer', { GET: ['R g1/o1'], PATCH: ['% g2/o1 cpu 8'] }, { cpu: '8' }],
  ['a poll', { GET: ['R g1/o1', '% g2/o1 cpu 8'], PATCH: ['R g2/o1 cpu 8'] }, { cpu: '8' }],
]

describe('3.1: every answer that shows a cluster passes the gate', () => {
  for (const [moment, { GET, PATCH = [] }, inputs] of MOMENTS) {
    const fill = (sign: string) => (line: string) => line.replace('%', sign)

    test(`Terminating in ${moment}: deleted`, async () => {
      await expectCase({ inputs, GET: GET.map(fill('T')), PATCH: PATCH.map(fill('T')) }, { ends: 'failed/deleted' })
    })

    test(`Deleting in ${moment}: deleted`, async () => {
      await expectCase({ inputs, GET: GET.map(fill('X')), PATCH: PATCH.map(fill('X')) }, { ends: 'failed/deleted' })
    })
  }
})

describe('3.1, 1: a cluster object is a JSON object whose name is the cluster asked for', () => {
  test('an object of another name is read again', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 with {"name": "staging"}', 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', patches: [['"2"', CPU_8]] },
    )
  })

  test('an object of another name as the PATCH’s answer is a lost answer', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 6 with {"name": "staging"}'] },
      { ends: 'converged', changed: true, requests: /^GET PATCH GET/ },
    )
  })

  for (const [answer, words] of [
    ['empty', /empty/],
    ['200 text hello', /not JSON/],
    ['200 html', /HTML|web page/i],
    ['R with {"name": "staging"}', /another/],
  ] as const) {
    test(`${answer}, for ever: the error says in what way it is none`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: [answer] },
        { ends: 'failed/unavailable', changed: false, says: [words] },
      )
    })
  }

  test('identity and no-cache are asked for with every request', async () => {
    const api = await serve({ GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] })
    try {
      expectEnd(await runAction({ inputs: { ...api.inputs, cpu: '8' } }), { ends: 'converged' })
      expect(api.arrivals).toHaveLength(3)
      for (const { headers } of api.arrivals) {
        expect(headers).toMatchObject({ 'accept-encoding': 'identity', 'cache-control': 'no-cache' })
      }
    } finally {
      await api.close()
    }
  })
})

describe('3.1, 2: createdAt', () => {
  test('a later one: deleted, and the name was given to a new cluster', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 created 2026-03-01T00:00:00Z'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'failed/deleted', says: [/new cluster/] },
    )
  })

  test('the same instant in another spelling: the same cluster', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 created 2026-02-01T14:00:00Z', 'R g2/o2 cpu 8 created 2026-02-01T15:00:00.000+01:00'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
  })

  test('an earlier one is stale: it takes nothing back and proves nothing', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [
          'R g1/o1',
          'R g3/o3 cpu 6 created 2025-01-01T00:00:00Z',
          'R g3/o3 cpu 8 created 2025-01-01T00:00:00Z',
          'R g2/o2 cpu 8',
        ],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation', reads: 4 },
    )
  })

  test('an absent one is none: nothing follows from it', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 without createdAt'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', reads: 2 },
    )
  })
})

describe('3.1, 4: a stale read counts as contact and nothing else', () => {
  test('it is no proof, however finished it looks', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['R g3/o2 cpu 8', 'R g2/o2 cpu 8', 'R g3/o3 cpu 8'] },
      { ends: 'converged', reads: 3 },
    )
  })

  test('it does not become the state that is reported', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8', timeout: '20s' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'D g1/o1 cpu 4'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      {},
    )
    withTrace(ran, () =>
      expect(ran.outcome.last).toMatchObject({ phase: 'Running', generation: 2, resources: { cpu: '8' } }),
    )
  })

  test('it is not planned from after a 412', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g3/o3', 'R g2/o2 cpu 6', 'R g3/o3', 'after PATCH 2: R g4/o4 cpu 8'],
        PATCH: ['412', 'R g4/o3 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"3"', CPU_8],
        ],
      },
    )
  })

  test('a stale answer to the PATCH counts as an empty one: it is not judged as our change', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g5/o5', 'R g6/o6 cpu 8'],
        PATCH: ['R g4/o4 cpu 6'],
      },
      { ends: 'converged', changed: true, evidence: 'generation' },
    )
  })

  test('a stale answer to the PATCH, without waiting: accepted after one read, as after an empty one', async () => {
    await expectCase(
      { inputs: { cpu: '8', wait: 'false' }, GET: ['R g5/o5', 'R g6/o5 cpu 8'], PATCH: ['R g4/o4 cpu 4'] },
      { ends: 'accepted', changed: true, requests: 'GET PATCH GET' },
    )
  })

  test('stale reads for ever after our PATCH: timed out, naming both generations', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g41/o41', 'R g42/o41 cpu 8', 'R g41/o41 cpu 4'],
        PATCH: ['R g42/o41 cpu 8'],
      },
      { ends: 'timed-out/timeout', changed: true, says: ['41', '42'] },
    )
  })

  test('stale reads for ever, with nothing sent: unavailable at the deadline, naming both generations', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8', timeout: '10m' }, GET: ['U g42/o41 cpu 8', 'R g41/o41 cpu 8'] },
      { ends: 'failed/unavailable', changed: false, says: ['41', '42'], took: ['9m', '10m'] },
    )
  })
})

describe('3.1, 4: a partial answer to the PATCH', () => {
  test('it is judged by what it carries', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 7'], PATCH: ['R g2/o1 cpu 7 without memory'] },
      { ends: 'failed/rejected', changed: true, says: ['cpu', '7', '8'] },
    )
  })

  test('what it and the next two reads lack has vanished by our doing', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 without memory'],
        PATCH: ['R g2/o1 cpu 8 without memory'],
      },
      { ends: 'failed/side-effect', changed: true, says: ['memory', '16Gi'] },
    )
  })

  test('what the next read shows again has not vanished', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8 without memory'] },
      { ends: 'converged', changed: true, evidence: 'generation' },
    )
  })

  test('without waiting, these reads are made first, and show what has vanished', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8 without memory'],
        PATCH: ['R g2/o1 cpu 8 without memory'],
      },
      { ends: 'failed/side-effect', changed: true, requests: 'GET PATCH GET GET', says: ['memory'] },
    )
  })

  test('without waiting, these reads are made first, and show that nothing has vanished', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8'],
        PATCH: ['R g2/o1 cpu 8 without memory'],
      },
      { ends: 'accepted', changed: true, requests: /^GET PATCH GET/ },
    )
  })
})

describe('3.1, 5: a partial read lacks something of the spec that an earlier read carried', () => {
  test('it proves nothing', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 without memory', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', reads: 3 },
    )
  })

  test('names of resources unknown to us count, too', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 gpu 2', 'R g2/o2 cpu 8', 'R g2/o2 cpu 8 gpu 2'],
        PATCH: ['R g2/o1 cpu 8 gpu 2'],
      },
      { ends: 'converged', reads: 3 },
    )
  })

  test('it breaks a row of settled reads', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R', 'R cpu 8', 'at 25s: R cpu 8 without memory', 'R cpu 8'],
        PATCH: ['R cpu 8'],
      },
      { ends: 'converged', evidence: 'settled', took: ['55s', '2m'] },
    )
  })

  test('it is not planned from after a 412', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1 without memory', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['412', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"3"', CPU_8],
        ],
      },
    )
  })

  test('it is not planned from where it shows a busy cluster free', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['U g1/o1', 'R g1/o1 without memory', 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', patches: [['"3"', CPU_8]] },
    )
  })

  test('one that lacks an unknown resource is not planned from', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['U g1/o1 gpu 2', 'R g1/o1', 'R g1/o1 gpu 2', 'after PATCH 1: R g2/o2 cpu 8 gpu 2'],
        PATCH: ['R g2/o1 cpu 8 gpu 2'],
      },
      { ends: 'converged', patches: [['"3"', { resources: { ...OTHERS, cpu: '8', gpu: 2 } }]] },
    )
  })

  test('three in a row without a resource, while planning again: a conflict that says what vanished', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g1/o1 without memory'], PATCH: ['412'] },
      { ends: 'failed/conflict', requests: 'GET PATCH GET GET GET', says: ['memory'], took: ['4s', '1m'] },
    )
  })

  test('three in a row without a version, while a busy cluster is waited for: a conflict that says what vanished', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['U g1/o1', 'R g1/o1 without version'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/conflict', changed: false, patches: [], requests: 'GET GET GET GET', says: ['version'] },
    )
  })

  test('two in a row without a resource, while planning again: the third, whole one is planned from', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '2 times: R g1/o1 without memory', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['412', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', CPU_8],
          ['"3"', CPU_8],
        ],
      },
    )
  })

  test('absent alerts are believed after three while planning', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 alerts {"a": 1}', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['412', 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', requests: 'GET PATCH GET GET GET PATCH GET' },
    )
  })

  test('any field is believed to be absent after three while waiting for proof', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['U g2/o1 cpu 8', 'R g2/o2 cpu 8 without memory'] },
      { ends: 'converged', changed: false, requests: /^GET GET GET GET( GET)?$/ },
    )
  })
})

describe('3.1, 5: a first read that lacks what is asked for', () => {
  test('without a version where one is asked: read again, and planned from the whole one', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1 without version', 'R g1/o1', 'after PATCH 1: R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'converged', requests: 'GET GET PATCH GET', patches: [['"2"', { version: '1.32' }]] },
    )
  })

  test('without a version for three reads: believed, with a warning', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1 without version', 'after PATCH 1: R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'converged', requests: 'GET GET GET PATCH GET', warns: [/version/] },
    )
  })

  test('in mode plan it is read again, too', async () => {
    await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['R g1/o1 without resources', 'R g1/o1 cpu 8'] },
      { ends: 'planned', requests: 'GET GET' },
    )
  })

  test('the reads are a poll’s pause apart', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', cpu: '8' }, GET: ['R g1/o1 without resources'] },
      { ends: 'planned', reads: 3 },
    )
    withTrace(ran, () => expect(ran.exchanged.map(({ atMs }) => atMs)).toEqual([0, 2_000, 4_000]))
  })

  test('without resources where none are asked: planned from at once', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1 without resources', 'R g2/o2 version 1.32 runs v1.32.3 without resources'],
        PATCH: ['U g2/o1 version 1.32 without resources'],
      },
      { ends: 'converged', requests: 'GET PATCH GET', warnings: 0 },
    )
  })

  test('without alerts where no null is asked: planned from at once', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 1}' },
        GET: ['R g1/o1', 'R g2/o2 alerts {"a": 1}'],
        PATCH: ['R g2/o1 alerts {"a": 1}'],
      },
      { ends: 'converged', requests: 'GET PATCH GET', warnings: 0 },
    )
  })

  test('with an inner null, and without alerts: read again', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": {"b": null}}', wait: 'false' },
        GET: ['R g1/o1', 'R g1/o1 alerts {"a": {"b": 1, "c": 2}}'],
        PATCH: ['R g2/o1 alerts {"a": {"c": 2}}'],
      },
      { ends: 'accepted', requests: 'GET GET PATCH' },
    )
  })
})

describe('3.1, 5: a read that lacks a reported generation, observedGeneration or kubernetesVersion', () => {
  for (const [what, lacking] of [
    ['generation and observedGeneration', 'R cpu 8'],
    ['observedGeneration', 'R g2 cpu 8'],
    ['kubernetesVersion', 'R g2/o2 cpu 8 without runs'],
  ] as const) {
    test(`one without ${what} proves nothing`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: ['R g1/o1', lacking, 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
        { ends: 'converged', evidence: 'generation', reads: 3 },
      )
    })
  }

  test('one without kubernetesVersion breaks a row of settled reads', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R', 'R cpu 8', 'at 25s: R cpu 8 without runs', 'R cpu 8'],
        PATCH: ['R cpu 8'],
      },
      { ends: 'converged', evidence: 'settled', took: ['55s', '2m'] },
    )
  })

  test('guardrails use the last kubernetesVersion seen', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['U g1/o1 version 1.31 runs v1.30.5', 'R g1/o1 version 1.31 without runs'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'failed/refused', patches: [], refusedBy: ['version-skip'] },
    )
  })
})
