import { gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { expectEnd, runAction, type ServerOptions, serve } from './action.js'
import { type Script, ScriptedServer } from './script.js'
import { expectCase, OTHERS } from './scripted.js'

/** What a PATCH under the read's own ETag carries besides what was asked, on the default object. */

describe('17: a version that drifted before this run is no obstacle to a scale', () => {
  test('17: the desired version was 1.30 and v1.31.9 ran, before and after: converged, with one warning', async () => {
    await expectCase(
      {
        inputs: { cpu: '4' },
        GET: ['R g1/o1 version 1.30 cpu 2', 'R g2/o2 version 1.30 cpu 4'],
        PATCH: ['R g2/o1 version 1.30 cpu 4'],
      },
      { ends: 'converged', changed: true, evidence: 'generation', warns: [/1\.30/], warnings: 1 },
    )
  })

  test('17b: nothing to send, with the same old drift under an observed generation: unchanged, with one warning', async () => {
    await expectCase(
      { inputs: { cpu: '4' }, GET: ['R g2/o2 version 1.30 cpu 4'] },
      { ends: 'unchanged', changed: false, patches: [], warns: [/1\.30/], warnings: 1, took: ['0s', '1m'] },
    )
  })

  test('17c: without generations, the drift must also have stood for settle-time: then converged, with one warning', async () => {
    await expectCase(
      {
        inputs: { memory: '64Gi' },
        GET: ['R version 1.30', 'R version 1.30 memory 64Gi'],
        PATCH: ['R version 1.30 memory 64Gi'],
      },
      { ends: 'converged', evidence: 'settled', warns: [/1\.30/], warnings: 1, took: ['30s', '2m'] },
    )
  })
})

describe('18: an upgrade that only pauses is not rolled back', () => {
  test('18: back at Running on the old version while our generation is not observed yet: it is waited for', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: [
          'R g6/o5',
          'U g7/o5 version 1.32',
          '5 times: R g7/o6 version 1.32',
          'U g7/o6 version 1.32',
          'R g7/o7 version 1.32 runs v1.32.3',
        ],
        PATCH: ['R g7/o5 version 1.32'],
      },
      { ends: 'converged', changed: true, evidence: 'generation,kubernetes-version' },
    )
  })

  test('18b: the reported version lags behind an observed generation for some seconds: no rollback', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: [
          'R g1/o1',
          'U g2/o1 version 1.32',
          '5 times: R g2/o2 version 1.32 runs v1.31.9',
          'R g2/o2 version 1.32 runs v1.32.3',
        ],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'converged', evidence: 'generation,kubernetes-version' },
    )
  })

  test('18c: without generations, Degraded and five minutes of Running before the upgrade starts: no rollback, since it was not at work', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R', 'D version 1.32', 'R version 1.32', 'at 5m: U version 1.32', 'at 7m: R version 1.32 runs v1.32.3'],
        PATCH: ['R version 1.32'],
      },
      { ends: 'converged', evidence: 'kubernetes-version' },
    )
  })
})

describe('19: a removed key is met by alerts that are not there', () => {
  test('19: the last key is removed and the server leaves alerts out from then on: converged', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"hook": null}' },
        GET: ['R g1/o1 alerts {"hook": {"port": 1}}', 'R g2/o2'],
        PATCH: ['R g2/o1'],
      },
      { ends: 'converged', changed: true, evidence: 'generation', patches: [['"1"', { alerts: { hook: null } }]] },
    )
  })

  test('19b: the same without generations and with an inner key: settled, after settle-time', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"hook": {"port": null}}' },
        GET: ['R alerts {"hook": {"port": 1}}', 'R'],
        PATCH: ['R'],
      },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })

  test('19c: nothing to remove from a cluster that never shows alerts: unchanged after three reads, with a warning', async () => {
    await expectCase(
      { inputs: { alerts: '{"hook": null}' }, GET: ['R g1/o1'] },
      { ends: 'unchanged', changed: false, requests: 'GET GET GET', warns: [/alerts/], took: ['4s', '1m'] },
    )
  })
})

describe('20: absence alone never counts at once', () => {
  test('20: one read under a later generation lacks the alerts that were absent before: a late read', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": "y"}' },
        GET: ['R g5/o5', 'R g7/o6 cpu 6', 'R g7/o7 cpu 6 alerts {"a": "y"}'],
        PATCH: ['R g6/o5 alerts {"a": "y"}'],
      },
      { ends: 'converged', changed: true, evidence: 'generation' },
    )
  })

  test('20b: two reads under a later generation lack the cpu that was absent before: late reads', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g5/o5 without cpu', '2 times: R g7/o6 memory 32Gi without cpu', 'R g7/o7 memory 32Gi cpu 8'],
        PATCH: ['R g6/o5 cpu 8'],
      },
      { ends: 'converged', changed: true, evidence: 'generation' },
    )
  })

  test('20c: without generations, four reads within a minute lack what one read showed: late reads', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": "y"}' },
        GET: ['R', 'R alerts {"a": "y"}', '4 times: R', 'R alerts {"a": "y"}'],
        PATCH: ['R alerts {"a": "y"}'],
      },
      { ends: 'converged', changed: true, evidence: 'settled', took: ['30s', '2m'] },
    )
  })
})

describe('21: a body nested too deeply to walk is no cluster object', () => {
  const DEEP = `200 {"name": "production", "alerts": ${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}}`

  test('21: one among the polls: the wait goes on', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', DEEP, 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation' },
    )
  })

  test('21b: one as the first read: read again', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [DEEP, 'R g1/o1', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', patches: [['"2"', { resources: { ...OTHERS, cpu: '8' } }]] },
    )
  })

  test('21c: one as the PATCH’s answer: a lost answer, after which a read shows that it landed', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g2/o2 cpu 8'],
        PATCH: [DEEP],
      },
      { ends: 'converged', changed: true, requests: /^GET PATCH( GET)+$/ },
    )
  })
})

describe('22: a key with a dot in it and a key inside another are two key paths', () => {
  const ASKED = '{"a.b": 1, "a": {"b": 2}}'

  test('22: one is there and the other comes four minutes later: converged, not superseded', async () => {
    await expectCase(
      {
        inputs: { alerts: ASKED },
        GET: [
          'R alerts {"a.b": 0, "a": {"b": 0}}',
          'R alerts {"a.b": 1, "a": {"b": 0}}',
          'at 4m: R alerts {"a.b": 1, "a": {"b": 2}}',
        ],
        PATCH: ['R alerts {"a.b": 1, "a": {"b": 0}}'],
      },
      { ends: 'converged', evidence: 'settled' },
    )
  })

  test('22b: the plan names them apart', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', alerts: ASKED }, GET: ['R g1/o1 alerts {"a.b": 0, "a": {"b": 0}}'] },
      { ends: 'planned' },
    )
    expect(ran.outcome.plan?.edits.map(({ field }) => field)).toEqual(['alerts["a.b"]', 'alerts.a.b'])
  })

  test('22c: a rival’s change of the inner key is no conflict with the key that has a dot', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a.b": 1}' },
        GET: [
          'R g1/o1 alerts {"a.b": 0, "a": {"b": 0}}',
          'R g2/o2 alerts {"a.b": 0, "a": {"b": 5}}',
          'after PATCH 2: R g3/o3 alerts {"a.b": 1, "a": {"b": 5}}',
        ],
        PATCH: ['412', 'R g3/o2 alerts {"a.b": 1, "a": {"b": 5}}'],
      },
      {
        ends: 'converged',
        patches: [
          ['"1"', { alerts: { 'a.b': 1 } }],
          ['"2"', { alerts: { 'a.b': 1 } }],
        ],
      },
    )
  })
})

describe('23: one last read is made just before the deadline', () => {
  test('23: polls half an hour apart, done a minute before a deadline of two hours: converged', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '2h', 'poll-interval': '30m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 1h59m: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation', took: ['1h59m', '2h'] },
    )
  })

  test('23b: with a timeout of ten seconds the last read is a second before its end', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10s', 'poll-interval': '5s' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 8500ms: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation', took: ['8500ms', '9s500ms'] },
    )
  })

  test('23c: mode verify, and the upgrade ends half a minute before the deadline: converged', async () => {
    await expectCase(
      {
        inputs: { mode: 'verify', version: '1.32', timeout: '1h', 'poll-interval': '20m' },
        GET: ['U g2/o1 version 1.32', 'at 59m30s: R g2/o2 version 1.32 runs v1.32.3'],
      },
      { ends: 'converged', changed: false, took: ['59m30s', '1h'] },
    )
  })
})

describe('24: what something in front of the API says in mid-wait is not the API’s word', () => {
  test('24: a 522, a 403 with a web page, and two 404s in plain text: the wait goes on', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [
          'R g1/o1',
          'R g2/o1 cpu 8',
          '522 html',
          'R g2/o1 cpu 8',
          '403 html',
          'R g2/o1 cpu 8',
          '2 times: 404 text default backend - 404',
          'R g2/o2 cpu 8',
        ],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation' },
    )
  })

  test('24b: an empty 404, a redirect, and a 418 with a web page: the wait goes on', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: [
          'R',
          'U version 1.32',
          '404 empty',
          'U version 1.32',
          '302 html',
          'U version 1.32',
          '418 html',
          'R version 1.32 runs v1.32.3',
        ],
        PATCH: ['U version 1.32'],
      },
      { ends: 'converged', evidence: 'kubernetes-version' },
    )
  })

  test('24c: a 404 and a 403 with web pages at the first read, and one to the PATCH: read again, and sent again after a read', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['404 html', '403 html', 'R g1/o1 etag 1', 'R g1/o1 etag 1', 'R g2/o2 cpu 8'],
        PATCH: ['403 html', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        changed: true,
        requests: 'GET GET GET PATCH GET PATCH GET',
        patches: [
          ['"1"', { resources: { ...OTHERS, cpu: '8' } }],
          ['"1"', { resources: { ...OTHERS, cpu: '8' } }],
        ],
      },
    )
  })
})

describe('25: trouble that may pass is waited out within the budget', () => {
  test('25: 503 for twelve seconds at the first read, with a timeout of two minutes: converged', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '2m' },
        GET: ['503', 'at 12s: R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('25: 503 to the PATCH for ten seconds while reads are fine: sent again each time after a read, converged', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '2m' },
        GET: ['R g1/o1', 'at 10s: R g1/o1', 'at 20s: R g2/o2 cpu 8'],
        PATCH: ['503', 'at 10s: R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true, requests: /^GET(?: PATCH(?: GET)+)+$/ },
    )
  })

  test('25: the API is away for 150 seconds in the middle of a wait of ten minutes: converged', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 1m: lost', 'at 210s: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation' },
    )
  })

  test('25b: no connection for 100 seconds at the first read, with the default timeout: converged', async () => {
    await expectCase(
      {
        inputs: { memory: '32Gi' },
        GET: ['unsent', 'at 100s: R', 'after PATCH 1: R memory 32Gi'],
        PATCH: ['R memory 32Gi'],
      },
      { ends: 'converged', changed: true, evidence: 'settled' },
    )
  })

  test('25c: mode verify, and answers that are no cluster for twenty minutes of thirty: converged', async () => {
    await expectCase(
      {
        inputs: { mode: 'verify', version: '1.32' },
        GET: ['U g2/o1 version 1.32', 'at 1m: 200 html', 'at 21m: R g2/o2 version 1.32 runs v1.32.3'],
      },
      { ends: 'converged', changed: false },
    )
  })
})

describe('26: a 409 to a PATCH is handled as a 412', () => {
  test('26: "the object has been modified": read, planned again, and sent with the new ETag', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['409 {"error": "the object has been modified"}', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        changed: true,
        patches: [
          ['"1"', { resources: { ...OTHERS, cpu: '8' } }],
          ['"2"', { resources: { ...OTHERS, cpu: '8' } }],
        ],
      },
    )
  })

  test('26: "another operation is in progress", and then Upgrading: waited for, and sent', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '5 times: U g1/o1', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['409 {"error": "another operation is in progress"}', 'R g2/o1 cpu 8'],
      },
      {
        ends: 'converged',
        changed: true,
        patches: [
          ['"1"', { resources: { ...OTHERS, cpu: '8' } }],
          ['"3"', { resources: { ...OTHERS, cpu: '8' } }],
        ],
      },
    )
  })

  test('26b: a 409, and a rival’s cpu in the next read: a conflict, and no second PATCH', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 cpu 4', 'R g2/o2 cpu 6'],
        PATCH: ['409 {"error": "the object has been modified"}'],
      },
      {
        ends: 'failed/conflict',
        changed: false,
        patches: [['"1"', { resources: { ...OTHERS, cpu: '8' } }]],
        says: [/cpu \| 4 \| 6 \| 8/],
      },
    )
  })

  test('26c: on-conflict is fail, but a 409 under an ETag that did not move is a busy cluster: waited for, and sent', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'on-conflict': 'fail' },
        GET: ['R g1/o1 etag 1', 'R g1/o1 etag 1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: ['409 {"error": "another operation is in progress"}', 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })
})

describe('27: bodies that come otherwise than asked are read', () => {
  const BOM = '\uFEFF'
  const withBom = (body: string) => ({ bytes: Buffer.from(BOM + body) })
  const zipped = (body: string) => ({ bytes: gzipSync(body), headers: { 'content-encoding': 'gzip' } })

  /** Runs the built action against an API whose bodies are encoded in some way. */
  async function runEncoded(
    encode: NonNullable<ServerOptions['encode']>,
    script: Script,
    inputs: Readonly<Record<string, string>> = {},
  ) {
    const api = await serve(script, { encode })
    try {
      const finished = await runAction({ inputs: { ...api.inputs, cpu: '8', ...inputs } })
      return { finished, requests: api.requests() }
    } finally {
      await api.close()
    }
  }

  const ROLLOUT: Script = { GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] }

  test('27: a BOM before the JSON: converged, with one exchange for each read', async () => {
    const { finished, requests } = await runEncoded(withBom, ROLLOUT)
    expectEnd(finished, { ends: 'converged', outputs: { evidence: 'generation' } })
    expect(requests).toBe('GET PATCH GET')
  })

  test('27: gzip though identity was asked: converged, with one exchange for each read', async () => {
    const { finished, requests } = await runEncoded(zipped, ROLLOUT)
    expectEnd(finished, { ends: 'converged', outputs: { evidence: 'generation' } })
    expect(requests).toBe('GET PATCH GET')
  })

  test('27b: gzip with a BOM inside, without waiting: accepted by the PATCH’s own answer, which is read, too', async () => {
    const encode = (body: string) => zipped(BOM + body)
    const { finished, requests } = await runEncoded(
      encode,
      { GET: ['R g1/o1'], PATCH: ['R g2/o1 cpu 8'] },
      { wait: 'false' },
    )
    expectEnd(finished, { ends: 'accepted', outputs: { changed: 'true', cpu: '8', generation: '2' } })
    expect(requests).toBe('GET PATCH')
  })

  test('27c: a refusal that comes as gzip: its words are readable in the error', async () => {
    const { finished, requests } = await runEncoded(zipped, {
      GET: ['R g1/o1'],
      PATCH: ['400 {"error": "cpu must not exceed the plan"}'],
    })
    expectEnd(finished, { ends: 'failed/rejected', says: ['cpu must not exceed the plan'] })
    expect(requests).toBe('GET PATCH')
  })
})

describe('28: apply and verify agree where no running version is reported', () => {
  // Several runs follow each other on one server; the script is the server's.
  const LATER = { GET: [] }

  test('28: with generations, an upgrade that was started without waiting and is done: verify converges, apply is unchanged', async () => {
    const server = new ScriptedServer({
      GET: ['R g1/o1 without runs', 'after PATCH 1: R g2/o2 version 1.32 without runs'],
      PATCH: ['U g2/o1 version 1.32 without runs'],
    })
    await expectCase({ inputs: { version: '1.32', wait: 'false' }, ...LATER }, { ends: 'accepted' }, server)
    await expectCase(
      { inputs: { mode: 'verify', version: '1.32' }, ...LATER },
      { ends: 'converged', changed: false, took: ['30s', '2m'] },
      server,
    )
    await expectCase(
      { inputs: { version: '1.32' }, ...LATER },
      { ends: 'unchanged', changed: false, patches: [], took: ['30s', '2m'] },
      server,
    )
  })

  test('28b: the same for an upgrade together with a scale', async () => {
    const server = new ScriptedServer({ GET: ['R g5/o5 version 1.32 cpu 8 without runs'] })
    await expectCase(
      { inputs: { mode: 'verify', version: '1.32', cpu: '8' }, ...LATER },
      { ends: 'converged', changed: false, took: ['30s', '2m'] },
      server,
    )
    await expectCase(
      { inputs: { version: '1.32', cpu: '8' }, ...LATER },
      { ends: 'unchanged', changed: false, took: ['30s', '2m'] },
      server,
    )
  })

  test('28c: without generations, verify must see the cluster at work, and says at the end which version it cannot know', async () => {
    await expectCase(
      {
        inputs: { mode: 'verify', version: '1.32' },
        GET: [
          'R version 1.32 without runs',
          'at 5m: U version 1.32 without runs',
          'at 9m: R version 1.32 without runs',
        ],
      },
      { ends: 'converged', changed: false, took: ['9m', '11m'], warns: [/version/] },
    )
  })
})
