import { describe, expect, test } from '@jest/globals'
import { expectCase, OTHERS, runCase } from './scripted.js'

describe('3.2: the body says only what was asked', () => {
  test('no version key unless version was given, even where the cluster has none', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 with {"version": ""}', 'R g2/o2 cpu 8 with {"version": ""}'],
        PATCH: ['R g2/o1 cpu 8 with {"version": ""}'],
      },
      { ends: 'converged', patches: [['"1"', { resources: { ...OTHERS, cpu: '8' } }]] },
    )
  })

  test('never an empty resources, even where the cluster shows an empty one', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1 without cpu,memory,storage', 'R g2/o2 version 1.32 runs v1.32.3 without cpu,memory,storage'],
        PATCH: ['U g2/o1 version 1.32 without cpu,memory,storage'],
      },
      { ends: 'converged', patches: [['"1"', { version: '1.32' }]] },
    )
  })

  test('every text and number that the read showed under resources goes along, and nothing of another kind', async () => {
    const resources =
      '{"cpu": "4", "memory": "16Gi", "gpu": 2, "class": "fast", "burst": true, "more": {"a": 1}, "no": null}'
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: [`R g1/o1 with {"resources": ${resources}}`],
        PATCH: [`R g2/o1 with {"resources": ${resources.replace('"4"', '"8"')}}`],
      },
      { ends: 'accepted', patches: [['"1"', { resources: { cpu: '8', memory: '16Gi', gpu: 2, class: 'fast' } }]] },
    )
  })

  test('they go along in the API’s own text', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['R g1/o1 memory 16384Mi'],
        PATCH: ['R g2/o1 cpu 8 memory 16384Mi'],
      },
      { ends: 'accepted', patches: [['"1"', { resources: { ...OTHERS, cpu: '8', memory: '16384Mi' } }]] },
    )
  })

  test('without any ETag: no If-Match, only what was asked, and a warning', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 no etag', 'R g2/o2 cpu 8 no etag'],
        PATCH: ['R g2/o1 cpu 8 no etag'],
      },
      { ends: 'converged', patches: [[null, { resources: { cpu: '8' } }]], warns: [/ETag/] },
    )
  })

  test('if-match that is the read’s own ETag: the other resources go along', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'if-match': '"6"' },
        GET: ['R g6/o6 gpu 2 etag 6', 'R g7/o7 cpu 8 gpu 2'],
        PATCH: ['R g7/o6 cpu 8 gpu 2'],
      },
      { ends: 'converged', patches: [['"6"', { resources: { ...OTHERS, cpu: '8', gpu: 2 } }]] },
    )
  })

  test('a second 400, to the body without unknown names, ends the run', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1 gpu 2'], PATCH: ['400 {"error": "unknown field"}'] },
      { ends: 'failed/rejected', changed: false, requests: 'GET PATCH PATCH', says: ['unknown field'] },
    )
  })

  for (const refusal of [
    '400 {"error": "cpu is above the plan"}',
    '422 {"error": "unsupported Kubernetes version"}',
    '400 {"error": "field storage is immutable"}',
    '400 {"code": "BUSY", "field": "spec.resources.cpu", "message": "another operation is in progress"}',
    '400 {"error": "another operation is in progress"}',
    '409 {"error": "unknown field gpu"}',
  ]) {
    test(`${refusal} is not about a name unknown to us: that is never left out`, async () => {
      const { exchanged } = await runCase({
        inputs: { cpu: '8' },
        GET: ['R g1/o1 gpu 2', 'after PATCH 2: R g2/o2 cpu 8 gpu 2'],
        PATCH: [refusal, 'R g2/o1 cpu 8 gpu 2'],
      })
      const bodies = exchanged.filter(({ method }) => method === 'PATCH').map(({ body }) => body)
      for (const body of bodies) expect(body).toEqual({ resources: { ...OTHERS, cpu: '8', gpu: 2 } })
    })
  }

  for (const refusal of [
    '400 {"error": "strict decoding error: unknown field \\"spec.resources.gpu\\""}',
    '422 {"code": "UNKNOWN_FIELD", "message": "the request is not valid"}',
    '400 {"error": "must NOT have additional properties"}',
    '400 {"message": "field is immutable", "field": "spec.resources.gpu"}',
    '422 {"error": "a property that is not known: field was unrecognized"}',
    '400 {"error": "invalid request body"}',
  ]) {
    test(`${refusal} may be about a name unknown to us`, async () => {
      await expectCase(
        {
          inputs: { cpu: '8' },
          GET: ['R g1/o1 gpu 2', 'R g2/o2 cpu 8 gpu 2'],
          PATCH: [refusal, 'R g2/o1 cpu 8 gpu 2'],
        },
        { ends: 'converged', requests: 'GET PATCH PATCH GET' },
      )
    })
  }

  test('a 400 to a body without unknown names is not followed by another PATCH', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['400 {"error": "unknown field"}'] },
      { ends: 'failed/rejected', changed: false, requests: 'GET PATCH' },
    )
  })

  test('version goes out only where the plan has an edit in it', async () => {
    await expectCase(
      {
        inputs: { version: '1.31', cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', patches: [['"1"', { resources: { ...OTHERS, cpu: '8' } }]] },
    )
  })

  test('alerts and resources go out only where the plan has an edit in them', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', cpu: '4', alerts: '{"a": 1}' },
        GET: ['R g1/o1 alerts {"a": 1}', 'R g2/o2 version 1.32 runs v1.32.3 alerts {"a": 1}'],
        PATCH: ['U g2/o1 version 1.32 alerts {"a": 1}'],
      },
      { ends: 'converged', patches: [['"1"', { version: '1.32' }]] },
    )
  })
})

describe('3.2: side effects', () => {
  test('a known resource that the PATCH’s own answer shows changed: a side effect with both values, after the proof', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8 memory 32Gi', 'R g2/o2 cpu 8 memory 32Gi'],
        PATCH: ['R g2/o1 cpu 8 memory 32Gi'],
      },
      { ends: 'failed/side-effect', changed: true, reads: 3, says: ['memory', '16Gi', '32Gi'] },
    )
  })

  test('a version that the PATCH’s own answer shows changed: a side effect', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 version 1.32 runs v1.32.3'],
        PATCH: ['U g2/o1 cpu 8 version 1.32'],
      },
      { ends: 'failed/side-effect', changed: true, says: ['version', /1\.31/, /1\.32/] },
    )
  })

  test('several are all named', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 32Gi storage 200Gi'],
        PATCH: ['R g2/o1 cpu 8 memory 32Gi storage 200Gi'],
      },
      { ends: 'failed/side-effect', says: ['memory', '16Gi', '32Gi', 'storage', '100Gi', '200Gi'] },
    )
  })

  test('a change in a later read under the generation of that answer, which did not move: not our doing', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 1}' },
        GET: ['R g1/o1 alerts {"a": 0}', 'R g1/o1 memory 32Gi alerts {"a": 1}'],
        PATCH: ['R g1/o1 alerts {"a": 1}'],
      },
      { ends: 'converged', evidence: 'settled' },
    )
  })

  test('a change in a later read under another generation than that answer’s: not our doing', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g3/o3 cpu 8 memory 32Gi'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation' },
    )
  })

  test('an alert key that vanishes only in a later read: not our doing', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 2}' },
        GET: ['R g1/o1 alerts {"a": 1, "keep": 1}', 'R g2/o2 alerts {"a": 2}'],
        PATCH: ['R g2/o1 alerts {"a": 2, "keep": 1}'],
      },
      { ends: 'converged', evidence: 'generation' },
    )
  })

  test('values are compared by what they mean: 16384Mi for 16Gi is none', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 16384Mi'],
        PATCH: ['R g2/o1 cpu 8 memory 16384Mi'],
      },
      { ends: 'converged', warnings: 0 },
    )
  })

  test('a version that only gained its patch has not changed', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8 version 1.31.9'],
        PATCH: ['R g2/o1 cpu 8 version 1.31.9'],
      },
      { ends: 'converged', warnings: 0 },
    )
  })

  test('an added alert key and an added resource are none', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 2}' },
        GET: ['R g1/o1 alerts {"a": 1}', 'R g2/o2 gpu 1 alerts {"a": 2, "more": 1}'],
        PATCH: ['R g2/o1 gpu 1 alerts {"a": 2, "more": 1}'],
      },
      { ends: 'converged', warnings: 0 },
    )
  })

  test('an alert value that merely changed: a warning that names its key path', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": 2}' },
        GET: ['R g1/o1 alerts {"a": 1, "keep": {"b": 1}}', 'R g2/o2 alerts {"a": 2, "keep": {"b": 5}}'],
        PATCH: ['R g2/o1 alerts {"a": 2, "keep": {"b": 5}}'],
      },
      { ends: 'converged', warns: [/alerts\.keep/] },
    )
  })

  test('an unknown resource that merely changed: a warning', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 gpu 2', 'R g2/o2 cpu 8 gpu 4'],
        PATCH: ['R g2/o1 cpu 8 gpu 4'],
      },
      { ends: 'converged', warns: [/gpu/] },
    )
  })

  test('the run goes on until its own change is lost: that is the ending then', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g3/o2 cpu 6 memory 32Gi'],
        PATCH: ['R g2/o1 cpu 8 memory 32Gi'],
      },
      { ends: 'failed/superseded', changed: true, says: ['cpu'] },
    )
  })

  test('the run goes on until its deadline: that is the ending then', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '5m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8 memory 32Gi'],
        PATCH: ['R g2/o1 cpu 8 memory 32Gi'],
      },
      { ends: 'timed-out/timeout', changed: true, took: ['4m', '5m'] },
    )
  })

  test('without waiting, a changed resource is one at once', async () => {
    await expectCase(
      { inputs: { cpu: '8', wait: 'false' }, GET: ['R g1/o1'], PATCH: ['R g2/o1 cpu 8 memory 32Gi'] },
      { ends: 'failed/side-effect', changed: true, requests: 'GET PATCH', says: ['memory', '16Gi', '32Gi'] },
    )
  })

  test('without a lock it cannot be told whose change it was: a warning', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 no etag', 'R g2/o2 cpu 8 memory 32Gi no etag'],
        PATCH: ['R g2/o1 cpu 8 memory 32Gi no etag'],
      },
      { ends: 'converged', warns: [/memory/] },
    )
  })

  test('after a lost answer there is no answer to compare with: a change in a later read is none', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 32Gi'], PATCH: ['lost'] },
      { ends: 'converged', changed: true },
    )
  })
})
