import { describe, expect, test } from '@jest/globals'
import { expectCase, linesOf, withTrace } from './scripted.js'

describe('3.5: reported', () => {
  test('generations that only the PATCH’s answer carried are reported: reads without them prove nothing', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R', 'R cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('a generation without an observed one is none: settled, after settle-time', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1', 'R g2 cpu 8'], PATCH: ['R g2 cpu 8'] },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })

  test('an observed generation without a generation is none: settled, after settle-time', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R status {"observedGeneration": 1}', 'R cpu 8 status {"observedGeneration": 1}'],
        PATCH: ['R cpu 8 status {"observedGeneration": 1}'],
      },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })
})

describe('3.5: settled', () => {
  for (const sign of ['U', 'P', 'D', '-']) {
    test(`phase ${sign} is not`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: ['R g1/o1', `${sign} g2/o2 cpu 8`, 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
        { ends: 'converged', reads: 3 },
      )
    })
  }

  test('an observedGeneration below that read’s own generation is not', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g3/o2 cpu 8', 'R g3/o3 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'converged', reads: 3 },
    )
  })

  test('a kubernetesVersion that does not match the version asked is not', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1', 'R g2/o2 version 1.32 runs v1.31.9', 'R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'converged', evidence: 'generation,kubernetes-version', reads: 3 },
    )
  })

  test('a kubernetesVersion that matches the asked minor is not yet the asked patch', async () => {
    await expectCase(
      {
        inputs: { version: '1.32.3' },
        GET: ['R g1/o1', 'R g2/o2 version 1.32.3 runs v1.32.1', 'R g2/o2 version 1.32.3 runs v1.32.3'],
        PATCH: ['U g2/o1 version 1.32.3'],
      },
      { ends: 'converged', reads: 3 },
    )
  })

  test('an asked field that is not there yet is not, however settled the rest', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 4', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 4'] },
      { ends: 'converged', reads: 3 },
    )
  })
})

describe('3.5: drift that is not ours', () => {
  test('an upgrade that starts while a scale is waited for is waited for, too', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '3 times: R g3/o3 cpu 8 version 1.32', 'R g3/o3 cpu 8 version 1.32 runs v1.32.3'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', evidence: 'generation', reads: 5 },
    )
  })

  test('a drift that has moved since is an obstacle again', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1 version 1.30', '3 times: R g3/o3 cpu 8 version 1.32', 'R g3/o3 cpu 8 version 1.32 runs v1.32.3'],
        PATCH: ['R g2/o1 cpu 8 version 1.30'],
      },
      { ends: 'converged', reads: 5 },
    )
  })

  test('a drift under a generation that was not observed yet may be an upgrade that begins: an obstacle', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g2/o1 version 1.32', 'R g3/o3 cpu 8 version 1.32'],
        PATCH: ['R g3/o1 cpu 8 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('a drift that was first seen while Upgrading is an obstacle', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['U g1/o1 cpu 8 version 1.32', 'R g1/o1 cpu 8 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: false },
    )
  })

  test('in mode verify it is always an obstacle', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '4', timeout: '10m' }, GET: ['R g2/o2 version 1.30'] },
      { ends: 'timed-out/timeout', changed: false },
    )
  })

  test('without generations and without a PATCH it must have stood for settle-time', async () => {
    await expectCase(
      { inputs: { cpu: '4' }, GET: ['R version 1.30'] },
      { changed: false, patches: [], took: ['30s', '2m'], warns: [/1\.30/] },
    )
  })

  for (const what of ['without version', 'with {"version": ""}']) {
    test(`a desired version that is absent or empty matches anything: ${what}`, async () => {
      await expectCase(
        { inputs: { mode: 'verify', cpu: '4' }, GET: [`R g2/o2 ${what}`] },
        { ends: 'converged', warnings: 0, reads: 1 },
      )
    })
  }
})

describe('3.5: what proves a change', () => {
  test('a generation that our PATCH moved and that is observed: one read is enough', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'converged', evidence: 'generation', requests: 'GET PATCH GET' },
    )
  })

  test('an empty answer, and then a generation above the one read before: one read is enough', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['empty'] },
      { ends: 'converged', evidence: 'generation' },
    )
  })

  test('a generation that did not move, answer and reads alike: settled, after settle-time', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g1/o1 cpu 8'], PATCH: ['R g1/o1 cpu 8'] },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })

  test('no generation read before: none proves alone', async () => {
    await expectCase(
      { inputs: { alerts: '{"a": 1}' }, GET: ['R', 'R g5/o5 alerts {"a": 1}'], PATCH: ['R g5/o5 alerts {"a": 1}'] },
      { ends: 'converged', evidence: 'settled', took: ['30s', '2m'] },
    )
  })

  test('mode verify with generations: one read is enough', async () => {
    await expectCase(
      { inputs: { mode: 'verify', cpu: '8' }, GET: ['R g7/o7 cpu 8'] },
      { ends: 'converged', evidence: 'generation', requests: 'GET' },
    )
  })

  test('without generations, two reads that span settle-time', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'settle-time': '1m' }, GET: ['R', 'R cpu 8'], PATCH: ['R cpu 8'] },
      { ends: 'converged', evidence: 'settled', took: ['62s', '80s'] },
    )
  })

  test('without generations and with a settle-time of zero, two reads', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'settle-time': '0s' }, GET: ['R', 'R cpu 8'], PATCH: ['R cpu 8'] },
      { ends: 'converged', evidence: 'settled', requests: 'GET PATCH GET GET' },
    )
  })

  test('a failed read neither counts nor breaks the row', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R', 'R cpu 8', 'at 5s: 503', 'at 29s: R cpu 8'],
        PATCH: ['R cpu 8'],
      },
      { ends: 'converged', evidence: 'settled', took: ['32s', '50s'] },
    )
  })

  test('failed reads alone are no second read', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'settle-time': '0s' },
        GET: ['R', 'R cpu 8', '3 times: 503', 'R cpu 8'],
        PATCH: ['R cpu 8'],
      },
      { ends: 'converged', reads: 6 },
    )
  })

  test('an upgrade without generations: two reads that match, without settle-time', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R', 'U version 1.32', 'R version 1.32 runs v1.32.3'],
        PATCH: ['U version 1.32'],
      },
      { ends: 'converged', evidence: 'kubernetes-version', requests: 'GET PATCH GET GET GET' },
    )
  })

  test('an upgrade and a scale together without generations: each part needs its own proof', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', cpu: '8' },
        GET: ['R', 'U version 1.32 cpu 8', 'R version 1.32 runs v1.32.3 cpu 8'],
        PATCH: ['U version 1.32 cpu 8'],
      },
      { ends: 'converged', evidence: 'kubernetes-version,settled', took: ['34s', '2m'] },
    )
  })

  test('an upgrade and a scale together, and the scale is not there: not green', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o2 version 1.32 runs v1.32.3'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: true, says: ['cpu'] },
    )
  })
})

describe('3.5: a version where kubernetesVersion is never reported', () => {
  test('after a PATCH: seen Upgrading to our version, and back: settled', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R without runs', 'U version 1.32 without runs', 'R version 1.32 without runs'],
        PATCH: ['U version 1.32 without runs'],
      },
      { ends: 'converged', changed: true, evidence: 'settled' },
    )
  })

  test('after a PATCH: a phase that this action does not know is at work, too', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: [
          'R without runs',
          '- version 1.32 status {"phase": "Migrating"} without runs',
          'R version 1.32 without runs',
        ],
        PATCH: ['R version 1.32 without runs'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('after a PATCH with generations, and never seen at work: not green', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '10m' },
        GET: ['R g1/o1 without runs', 'R g2/o2 version 1.32 without runs'],
        PATCH: ['R g2/o1 version 1.32 without runs'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('a join: seen at work in the first read, and back', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['U version 1.32 without runs', 'U version 1.32 without runs', 'R version 1.32 without runs'],
      },
      { ends: 'converged', changed: false, patches: [] },
    )
  })

  test('mode verify without generations, and never seen at work: not green', async () => {
    await expectCase(
      { inputs: { mode: 'verify', version: '1.32', timeout: '10m' }, GET: ['R version 1.32 without runs'] },
      { ends: 'timed-out/timeout', changed: false },
    )
  })

  test('nothing to send, without generations: unchanged after settle-time, with a warning', async () => {
    await expectCase(
      { inputs: { version: '1.32' }, GET: ['R version 1.32 without runs'] },
      { ends: 'unchanged', changed: false, took: ['30s', '2m'], warns: [/version/] },
    )
  })
})

describe('3.5: unchanged', () => {
  test('with generations, one read', async () => {
    await expectCase({ inputs: { cpu: '8' }, GET: ['R g3/o3 cpu 8'] }, { ends: 'unchanged', requests: 'GET' })
  })

  test('without generations, two reads, without settle-time', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R cpu 8'] },
      { ends: 'unchanged', requests: 'GET GET', took: ['1s', '3s'] },
    )
  })
})

describe('3.5: superseded', () => {
  test('neither as sent nor as in the base: at once, naming field, ours and theirs', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g3/o2 cpu 6'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/superseded', changed: true, reads: 2, says: ['cpu', '8', '6'] },
    )
  })

  test('as in the base under a generation above our PATCH’s: at once', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g3/o2 cpu 4'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/superseded', changed: true, reads: 2, says: ['cpu', '8', '4'] },
    )
  })

  test('as in the base under our PATCH’s own generation: a late read', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '5 times: R g2/o1 cpu 4', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('gone in two reads under a later generation, and there again: not lost', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '2 times: R g3/o2 without cpu', 'R g3/o3 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('a key of alerts removed in three reads under a later generation: superseded, without its value', async () => {
    await expectCase(
      {
        inputs: { alerts: '{"a": "wanted-value-1"}' },
        GET: ['R g1/o1 alerts {"b": 1}', 'R g3/o3 alerts {"b": 1}'],
        PATCH: ['R g2/o1 alerts {"a": "wanted-value-1", "b": 1}'],
      },
      { ends: 'failed/superseded', reads: 4, says: ['alerts.a'], saysNot: ['wanted-value-1'] },
    )
  })

  test('without generations: only after three reads in a row that span two minutes', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R', 'R cpu 8', 'R cpu 6'], PATCH: ['R cpu 8'] },
      { ends: 'failed/superseded', changed: true, took: ['124s', '150s'], says: ['cpu', '8', '6'] },
    )
  })

  test('without generations and with a timeout of four minutes: a quarter of it', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '4m' }, GET: ['R', 'R cpu 8', 'R cpu 4'], PATCH: ['R cpu 8'] },
      { ends: 'failed/superseded', changed: true, took: ['64s', '90s'] },
    )
  })

  test('without generations: a minute of the old value is a late read', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R', 'R cpu 8', 'R cpu 4', 'at 1m: R cpu 8'], PATCH: ['R cpu 8'] },
      { ends: 'converged', changed: true, evidence: 'settled', took: ['90s', '3m'] },
    )
  })

  test('without generations: where no GET has shown ours, the old value for ever is not superseded', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '10m' }, GET: ['R cpu 4'], PATCH: ['R cpu 8'] },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('a stale read does not count', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g3/o3', '5 times: R g2/o2 cpu 6', 'R g4/o4 cpu 8'],
        PATCH: ['R g4/o3 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('after a lost answer that had landed, the base is what it was planned from', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o1 cpu 8', 'R g3/o2 cpu 4'], PATCH: ['lost'] },
      { ends: 'failed/superseded', changed: true, says: ['cpu', '8', '4'] },
    )
  })
})

describe('3.5: rolled-back', () => {
  test('at work, and since then Running with the old version for three reads that span two minutes', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o2 version 1.32 runs v1.31.9'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'failed/rolled-back', changed: true, took: ['124s', '150s'], says: ['1.31.9'] },
    )
  })

  test('the same without generations', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R', 'U version 1.32', 'R version 1.32 runs v1.31.9'],
        PATCH: ['U version 1.32'],
      },
      { ends: 'failed/rolled-back', changed: true, took: ['124s', '150s'] },
    )
  })

  test('with a timeout of four minutes: a quarter of it', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '4m' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o2 version 1.32 runs v1.31.9'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'failed/rolled-back', took: ['64s', '90s'] },
    )
  })

  test('never at work: the old version for ever is a timeout', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o2 version 1.32 runs v1.31.9'],
        PATCH: ['R g2/o1 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('back on another version than the old one: not that', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '10m' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o2 version 1.32 runs v1.31.12'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('our generation not observed: the old version for ever is a timeout', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', timeout: '10m' },
        GET: ['R g1/o1', 'U g2/o1 version 1.32', 'R g2/o1 version 1.32 runs v1.31.9'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'timed-out/timeout', changed: true },
    )
  })

  test('a passing Degraded in between is no end of it, and the reads before it do not count', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: [
          'R g1/o1',
          'U g2/o1 version 1.32',
          'R g2/o2 version 1.32 runs v1.31.9',
          'at 90s: D g2/o2 version 1.32 runs v1.31.9',
          'at 100s: R g2/o2 version 1.32 runs v1.31.9',
          'at 200s: R g2/o2 version 1.32 runs v1.32.3',
        ],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('the version is the only field lost, and set back to the one before', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', cpu: '8' },
        GET: ['R g1/o1', 'U g3/o1 version 1.31 cpu 8'],
        PATCH: ['U g2/o1 version 1.32 cpu 8'],
      },
      { ends: 'failed/rolled-back', changed: true, says: ['1.31'] },
    )
  })

  test('the version is lost to another one: superseded', async () => {
    await expectCase(
      {
        inputs: { version: '1.32' },
        GET: ['R g1/o1', 'U g3/o1 version 1.33'],
        PATCH: ['U g2/o1 version 1.32'],
      },
      { ends: 'failed/superseded', changed: true },
    )
  })

  test('the version is not the only field lost: superseded', async () => {
    await expectCase(
      {
        inputs: { version: '1.32', cpu: '8' },
        GET: ['R g1/o1', 'R g3/o1 version 1.31 cpu 4'],
        PATCH: ['U g2/o1 version 1.32 cpu 8'],
      },
      { ends: 'failed/superseded', changed: true },
    )
  })
})

describe('3.5: Degraded, unknown and absent phases', () => {
  const broken = 'status {"conditions": [{"type": "Ready", "status": "False", "message": "a node is gone"}]}'

  test('Degraded is tolerated for degraded-grace, and then it is degraded, with the text of the conditions', async () => {
    await expectCase(
      { inputs: { cpu: '8' }, GET: ['R g1/o1', `D g2/o1 cpu 8 ${broken}`], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/degraded', changed: true, took: ['5m', '6m'], says: ['a node is gone'] },
    )
  })

  test('Degraded for less than degraded-grace is no end', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'D g2/o1 cpu 8', 'at 4m: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
  })

  test('an interruption starts the count again', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'D g2/o1 cpu 8', 'at 4m: U g2/o1 cpu 8', 'at 5m: D g2/o1 cpu 8', 'at 9m: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
  })

  test('it is counted from the PATCH where that is later', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', 'degraded-grace': '1m' },
        GET: ['D g1/o1 etag 1', 'at 133s: D g2/o1 cpu 8', 'at 175s: R g2/o2 cpu 8'],
        // Refused until then, since the cluster says that it is busy.
        PATCH: ['409 {"error": "an operation is in progress"}', 'at 2m: D g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    )
  })

  test('a degraded-grace of zero tolerates none', async () => {
    await expectCase(
      { inputs: { cpu: '8', 'degraded-grace': '0s' }, GET: ['R g1/o1', 'D g2/o1 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
      { ends: 'failed/degraded', changed: true, took: ['0s', '3s'] },
    )
  })

  test('an unknown phase while waiting: polled on, and said once, besides the line that it began', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '5 times: - g2/o1 cpu 8 status {"phase": "Migrating"}', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => expect(linesOf(ran).filter((line) => /Migrating/.test(line))).toHaveLength(2))
  })

  test('an absent phase while waiting: polled on, and said once', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', '5 times: - g2/o1 cpu 8', 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged' },
    )
    withTrace(ran, () => expect(linesOf(ran).filter((line) => /\bphase\b/i.test(line))).toHaveLength(1))
  })
})

describe('3.5: a green ending whose last read denies health', () => {
  for (const type of ['Ready', 'Available', 'Healthy']) {
    test(`${type}=False: one warning with its text`, async () => {
      const status = { conditions: [{ type, status: 'False', message: 'two nodes are gone' }] }
      await expectCase(
        {
          inputs: { cpu: '8' },
          GET: ['R g1/o1', `R g2/o2 cpu 8 status ${JSON.stringify(status)}`],
          PATCH: ['R g2/o1 cpu 8'],
        },
        { ends: 'converged', warnings: 1, warns: ['two nodes are gone'] },
      )
    })
  }

  for (const phase of ['ha-degraded', 'ha-unavailable']) {
    test(`haPhase ${phase}: one warning`, async () => {
      await expectCase(
        { inputs: { cpu: '8' }, GET: [`R g2/o2 cpu 8 status {"haPhase": "${phase}"}`] },
        { ends: 'unchanged', warnings: 1, warns: [phase] },
      )
    })
  }

  test('Ready=True, another type that is False, and ha-healthy: none', async () => {
    const conditions = [
      { type: 'Ready', status: 'True' },
      { type: 'DiskPressure', status: 'False' },
    ]
    await expectCase(
      { inputs: { cpu: '8' }, GET: [`R g2/o2 cpu 8 status ${JSON.stringify({ conditions, haPhase: 'ha-healthy' })}`] },
      { ends: 'unchanged', warnings: 0 },
    )
  })

  test('only an earlier read denied it: none', async () => {
    await expectCase(
      {
        inputs: { cpu: '8' },
        GET: [
          'R g1/o1',
          'R g2/o1 cpu 8 status {"conditions": [{"type": "Ready", "status": "False"}]}',
          'R g2/o2 cpu 8',
        ],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', warnings: 0 },
    )
  })
})

describe('3.5: the deadline', () => {
  test('it says the elapsed time, the last phase, what was missing, and that a re-run resumes', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'timed-out/timeout', says: [/10m|9m 5\ds/, 'Running', /generation/, /may/, /resume/] },
    )
  })

  test('one last read is made two seconds before it', async () => {
    const ran = await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'timed-out/timeout' },
    )
    withTrace(ran, () => {
      const last = ran.exchanged.at(-1)?.atMs ?? 0
      expect(last).toBeGreaterThanOrEqual(598_000)
      expect(last).toBeLessThan(600_000)
    })
  })

  test('a PATCH that may have landed: that the change may go on', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'at 1s: 503'],
        PATCH: ['lost'],
      },
      { ends: 'timed-out/timeout', changed: true, says: [/may/, /resume/] },
    )
  })

  test('nothing sent: it says that', async () => {
    await expectCase(
      { inputs: { mode: 'verify', timeout: '10m' }, GET: ['U g2/o1'] },
      { ends: 'timed-out/timeout', changed: false, says: [/sent by this run: nothing/i] },
    )
  })

  test('the last exchanges gave no read: since when, and what came how often', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: ['R g1/o1', 'R g2/o1 cpu 8', 'at 5m: 502'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'timed-out/timeout', says: ['502', /\d+ times/] },
    )
  })

  test('still waiting for a busy cluster: busy, and nothing was sent', async () => {
    await expectCase(
      { inputs: { cpu: '8', timeout: '10m' }, GET: ['U g1/o1'] },
      { ends: 'timed-out/busy', changed: false, patches: [], says: [/sent by this run: nothing/i] },
    )
  })
})

describe('3.5: drift that only this run has seen come', () => {
  test('a mismatch that began after the first read is an upgrade under way, however calm the read planned from: not converged', async () => {
    await expectCase(
      {
        inputs: { cpu: '8', timeout: '10m' },
        GET: [
          'R version 1.31 g1/o1 etag 1',
          'R version 1.32 g2/o2 etag 2',
          'after PATCH 2: R version 1.32 g3/o3 cpu 8',
        ],
        PATCH: ['412', 'R version 1.32 g3/o2 cpu 8'],
      },
      { ends: 'timed-out/timeout', changed: true, says: ['1.32'] },
    )
  })
})
