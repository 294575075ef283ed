import { describe, expect, test } from '@jest/globals'
import { expectCase, linesOf, OTHERS, withTrace } from './scripted.js'

/** What is asked of a cluster that already is so, in another spelling: nothing is sent. */
const MET: readonly [inputs: Record<string, string>, live: string][] = [
  [{ cpu: '4000m' }, 'R g1/o1 cpu 4'],
  [{ cpu: '1.5' }, 'R g1/o1 cpu 1500m'],
  [{ cpu: '4' }, 'R g1/o1 cpu 4e0'],
  [{ memory: '1024Mi' }, 'R g1/o1 memory 1Gi'],
  [{ memory: '16Gi' }, 'R g1/o1 memory 17179869184'],
  [{ storage: '50G' }, 'R g1/o1 storage 50000M'],
  [{ storage: '50G' }, 'R g1/o1 storage 5e10'],
  [{ version: 'v1.31' }, 'R g1/o1 version 1.31'],
  [{ version: '1.31' }, 'R g1/o1 version v1.31.9'],
  [{ version: '1.31' }, 'R g1/o1 version 1.31+k3s1'],
  [{ version: '1.31.9' }, 'R g1/o1 version 1.31.9'],
  [{ version: '1.31.9' }, 'R g1/o1 version 1.31 runs v1.31.9'],
  [{ version: '1.31.9' }, 'R g1/o1 version 1.31 runs v1.31.9-build.7'],
  [{ alerts: '{"a": {"b": 1}}' }, 'R g1/o1 alerts {"a": {"b": 1, "c": 2}, "d": 3}'],
  [{ alerts: '{"a": [1, {"b": 2}]}' }, 'R g1/o1 alerts {"a": [1, {"b": 2}]}'],
  [{ alerts: '{"a": null, "b": 1}' }, 'R g1/o1 alerts {"b": 1}'],
  [{ alerts: '{"a": {"b": null}}' }, 'R g1/o1 alerts {"c": 1}'],
]

/** What is asked of a cluster that is not so: it is sent. */
const UNMET: readonly [inputs: Record<string, string>, live: string, body: unknown][] = [
  [{ cpu: '4' }, 'R g1/o1 cpu four', { resources: { ...OTHERS, cpu: '4' } }],
  [{ cpu: '4' }, 'R g1/o1 cpu 4001m', { resources: { ...OTHERS, cpu: '4' } }],
  [{ memory: '16G' }, 'R g1/o1 memory 16Gi', { resources: { ...OTHERS, memory: '16G' } }],
  [{ version: '1.31.9' }, 'R g1/o1 version 1.31 runs v1.31.8', { version: '1.31.9' }],
  [{ version: '1.31.9' }, 'R g1/o1 version 1.31.8 runs v1.31.8', { version: '1.31.9' }],
  [{ version: 'v1.32' }, 'R g1/o1 version 1.31', { version: '1.32' }],
  [{ alerts: '{"a": [1, 2]}' }, 'R g1/o1 alerts {"a": [2, 1]}', { alerts: { a: [1, 2] } }],
  [{ alerts: '{"a": null}' }, 'R g1/o1 alerts {"a": 0}', { alerts: { a: null } }],
  [{ alerts: '{"a": {"b": 1}}' }, 'R g1/o1 alerts {"a": 1}', { alerts: { a: { b: 1 } } }],
]

describe('3.3: values are compared by what they mean', () => {
  for (const [inputs, live] of MET) {
    test(`${toText(inputs)} is met by: ${live}`, async () => {
      await expectCase({ inputs, GET: [live] }, { ends: 'unchanged', changed: false, requests: 'GET' })
    })
  }

  for (const [inputs, live, body] of UNMET) {
    test(`${toText(inputs)} is not met by: ${live}`, async () => {
      await expectCase(
        { inputs: { ...inputs, wait: 'false' }, GET: [live], PATCH: ['empty'] },
        { changed: true, patches: [['"1"', body]] },
      )
    })
  }

  function toText(inputs: Readonly<Record<string, string>>): string {
    return Object.entries(inputs)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')
  }
})

describe('3.3: values inside alerts may be secrets', () => {
  test('plan, log and words show key paths only', async () => {
    const ran = await expectCase(
      {
        inputs: { mode: 'plan', alerts: '{"a": {"b": "wanted-value-1"}, "c": "wanted-value-2"}' },
        GET: ['R g1/o1 alerts {"a": {"b": "live-value-1"}, "c": "live-value-2"}'],
      },
      { ends: 'planned' },
    )
    expect(ran.outcome.plan?.edits).toEqual([{ field: 'alerts.a.b' }, { field: 'alerts.c' }])
    // What a log line or the ending says; the requests in the trace are the test’s own lines.
    const shown = ran.trace.filter((line) => !line.includes('request  ')).join('\n')
    expect(shown).not.toMatch(/(wanted|live)-value/)
  })
})

describe('3.3: nothing differs, so nothing is sent', () => {
  test('settled: unchanged', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g3/o3 cpu 8'] },
      { ends: 'unchanged', changed: false, requests: 'GET' },
    )
  })

  test('not settled, as after a lost runner: waited for as if it had just been sent, converged, changed=false', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g3/o2 cpu 8', 'R g3/o2 cpu 8', 'R g3/o3 cpu 8'] },
      { ends: 'converged', changed: false, patches: [], reads: 3 },
    )
  })

  test('an upgrade under way to the very target: joined, no PATCH', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['U g3/o2 version 1.32', 'U g3/o2 version 1.32', 'R g3/o3 version 1.32 runs v1.32.3'],
      },
      { ends: 'converged', changed: false, patches: [] },
    )
  })

  test('under way, without waiting: accepted, changed=false', async () => {
    await expectCase(
      { inputs: { version: '1.32', wait: 'false' }, GET: ['U g3/o2 version 1.32'] },
      { ends: 'accepted', changed: false, patches: [] },
    )
  })

  test('a second look that shows it not as asked is planned anew', async () => {
    await expectCase(
      { inputs: { memory: '32Gi', wait: 'false' }, GET: ['R memory 32Gi', 'R memory 16Gi'], PATCH: ['R memory 32Gi'] },
      { ends: 'accepted', changed: true, patches: [['"2"', { resources: { ...OTHERS, memory: '32Gi' } }]] },
    )
  })

  test('a second look that shows a difference is refused where the plan is', async () => {
    await expectCase(
      { inputs: { storage: '50Gi' }, GET: ['R storage 50Gi', 'R storage 100Gi'], PATCH: ['R storage 50Gi'] },
      { ends: 'failed/refused', changed: false, patches: [], refusedBy: ['storage-shrink'] },
    )
  })

  test('in a wait without a PATCH of ours, a field is ours from the first read that met it', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['U g2/o1 cpu 8', 'R g3/o3 cpu 4'] },
      { ends: 'failed/superseded', changed: false, says: ['cpu', '8', '4'] },
    )
  })

  test('in a wait without a PATCH of ours, a field that no read met yet is not lost', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['R g2/o2 cpu 4', 'R g3/o3 cpu 6', 'R g4/o4 cpu 8'] },
      { ends: 'converged', changed: false },
    )
  })

  test('in a joined wait, a field that is lost again is superseded, and nothing is sent', async () => {
    await expectCase(
      { inputs: { version: '1.32' }, GET: ['U g3/o2 version 1.32', 'U g4/o2 version 1.33'] },
      { ends: 'failed/superseded', changed: false, patches: [], says: ['version'] },
    )
  })
})

describe('3.3: refusals', () => {
  test('they are decided before any write, all at once', async () => {
    await expectCase(
      {
        inputs: { version: '1.30', storage: '50Gi', cpu: '64', 'max-cpu': '32' },
        GET: ['R g1/o1'],
        PATCH: ['R g2/o1'],
      },
      {
        ends: 'failed/refused',
        changed: false,
        patches: [],
        refusedBy: ['downgrade', 'max', 'storage-shrink'],
        says: ['allow-downgrade', 'allow-storage-shrink', 'max-cpu'],
      },
    )
  })

  test('mode plan is as red as the apply would be, and shows the plan whole', async () => {
    const ran = await expectCase(
      { inputs: { mode: 'plan', storage: '50Gi', memory: '32Gi' }, GET: ['R g1/o1'] },
      { ends: 'failed/refused', refusedBy: ['storage-shrink'] },
    )
    withTrace(ran, () => {
      expect(ran.outcome.plan?.edits).toEqual([
        { field: 'memory', from: '16Gi', to: '32Gi' },
        { field: 'storage', from: '100Gi', to: '50Gi' },
      ])
    })
  })

  test('a downgrade is counted from the higher of desired and running', async () => {
    await expectCase(
      { inputs: { version: '1.31' }, GET: ['R g1/o1 version 1.30 runs v1.32.3'], PATCH: ['R g2/o1'] },
      { ends: 'failed/refused', refusedBy: ['downgrade'] },
    )
  })

  test('a skip is counted from the running version', async () => {
    await expectCase(
      { inputs: { version: '1.32' }, GET: ['R g1/o1 version 1.31 runs v1.30.5'], PATCH: ['U g2/o1 version 1.32'] },
      { ends: 'failed/refused', patches: [], refusedBy: ['version-skip'] },
    )
  })

  test('a rule that cannot be judged names its input, which permits it', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', 'allow-downgrade': 'true', 'allow-version-skip': 'true', wait: 'false' },
        GET: ['R g1/o1 version latest runs unknown'],
        PATCH: ['U g2/o1 version 1.32 runs unknown'],
      },
      { ends: 'accepted', changed: true },
    )
  })

  test('live storage that cannot be read: refused, and says that it cannot be judged', async () => {
    await expectCase(
      {
        inputs: { storage: '500Gi' },
        GET: ['R g1/o1 storage plenty'],
        PATCH: ['R g2/o1 storage 500Gi'],
      },
      { ends: 'failed/refused', patches: [], refusedBy: ['storage-shrink'], says: ['plenty', 'allow-storage-shrink'] },
    )
  })

  test('an absent limit is nothing to shrink', async () => {
    await expectCase(
      {
        inputs: { storage: '50Gi', wait: 'false' },
        GET: ['R g1/o1 without storage'],
        PATCH: ['R g2/o1 storage 50Gi'],
      },
      { ends: 'accepted', changed: true },
    )
  })

  test('an absent version, desired and running both, cannot be judged', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1 without version,runs'],
        PATCH: ['U g2/o1 version 1.32 without runs'],
      },
      { ends: 'failed/refused', patches: [], says: ['allow-downgrade', 'allow-version-skip'] },
    )
  })

  test('an absent desired version is judged by the running one', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', wait: 'false' },
        GET: ['R g1/o1 without version'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'accepted', changed: true },
    )
  })

  test('bounds judge the input, whether or not it differs from what is there', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'max-cpu': '4', memory: '32Gi' },
        GET: ['R g1/o1 cpu 8'],
        PATCH: ['R g2/o1 cpu 8 memory 32Gi'],
      },
      { ends: 'failed/refused', patches: [], refusedBy: ['max'] },
    )
  })

  test('the other rules judge only edits: a version that is there already is no downgrade', async () => {
    await expectCase(
      {
        inputs: { version: '1.31', cpu: '8', wait: 'false' },
        GET: ['R g1/o1 version 1.31 runs v1.32.3'],
        PATCH: ['R g2/o1 version 1.31 runs v1.32.3 cpu 8'],
      },
      { ends: 'accepted', patches: [['"1"', { resources: { ...OTHERS, cpu: '8' } }]] },
    )
  })
})

describe('3.3: phases while planning', () => {
  for (const sign of ['U', 'P', 'D']) {
    test(`mode plan and phase ${sign}: a warning, and the plan`, async () => {
      await expectCase(
        { inputs: { mode: 'plan', cpu: '8' }, GET: [`${sign} g1/o1`] },
        { ends: 'planned', requests: 'GET', warnings: 1 },
      )
    })
  }

  test('mode apply and Degraded at the start: a warning, and the PATCH goes', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['D g1/o1', 'R g2/o2 cpu 8'], PATCH: ['D g2/o1 cpu 8'] },
      { ends: 'converged', changed: true, requests: 'GET PATCH GET', warns: [/Degraded/] },
    )
  })

  test('an absent phase: said once, and planned on', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['- g1/o1', '3 times: - g2/o1 cpu 8', 'R g2/o2 cpu 8'],
        PATCH: ['- g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
    withTrace(ran, () => expect(linesOf(ran).filter((line) => /\bphase\b/i.test(line))).toHaveLength(1))
  })

  test('an unknown phase: said once, besides the line that it began, and planned on', async () => {
    const moving = 'status {"phase": "Migrating"}'
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [`- g1/o1 ${moving}`, `3 times: - g2/o1 cpu 8 ${moving}`, 'R g2/o2 cpu 8'],
        PATCH: [`- g2/o1 cpu 8 ${moving}`],
      },
      { ends: 'converged', changed: true },
    )
    withTrace(ran, () => expect(linesOf(ran).filter((line) => line.includes('Migrating'))).toHaveLength(2))
  })

  test('on-busy is asked at every planning: fail, after a 412 that shows a busy cluster', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'on-busy': 'fail' }, GET: ['R g1/o1', 'U g1/o1'], PATCH: ['412'] },
      { ends: 'failed/busy', changed: false, requests: 'GET PATCH GET' },
    )
  })

  test('on-busy is asked at every planning: wait, after a second look that shows a busy cluster', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['R cpu 8', '3 times: U cpu 4', 'R cpu 4'],
        PATCH: ['R cpu 8'],
      },
      { ends: 'accepted', changed: true, patches: [['"3"', { resources: { ...OTHERS, cpu: '8' } }]] },
    )
  })

  test('the read whose phase shows a busy cluster free is the one planned from, and its ETag is the one sent', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', wait: 'false' },
        GET: ['U g1/o1', 'U g1/o1', 'R g2/o2 memory 32Gi'],
        PATCH: ['R g3/o2 cpu 8 memory 32Gi'],
      },
      { ends: 'accepted', patches: [['"3"', { resources: { ...OTHERS, cpu: '8', memory: '32Gi' } }]] },
    )
  })
})
