import { describe, expect, test } from '@jest/globals'
import type { Simulator } from '../../simulator/simulator.js'
import { endOf, hide, type RunSetup, runAgainstSimulator, warningsOf } from '../support/runs.js'
import { CLUSTER, MINUTE, NO_GUARDRAILS, SCALE, UPGRADE } from '../support/tasks.js'

describe('what the server makes of a PATCH', () => {
  test('a refusal is shown in its own words', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { version: '1.36' }, guardrails: { ...NO_GUARDRAILS, allowVersionSkip: true } },
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', false])
    expect(report.outcome.message).toMatch(/supported versions: .*1\.32\.3/)
    expect(report.outcome.requestId).toBe('sim-0002')
  })

  test('another value than asked for is rejected, naming both', async () => {
    const report = await runAgainstSimulator({ task: SCALE, server: { clamp: { cpu: '6' } } })
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toMatch(/cpu.*8.*6/)
  })

  test('the same value in other words is none other', async () => {
    const respell = (_: string, asked: string) => (asked === '8' ? '8000m' : asked)
    const report = await runAgainstSimulator({ task: SCALE, server: { respell } })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('an old object in its answer is only late', async () => {
    const report = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'old-object' }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.warnings).toEqual([])
  })

  test('a value that it clears without being asked is a warning', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { resourcesMode: 'replace', etags: false },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.warnings.join('\n')).toMatch(/memory.*16Gi/)
    expect(report.outcome.warnings.join('\n')).toMatch(/storage.*100Gi/)
  })
})

describe('the request id of the outcome', () => {
  test('is that of the answer which ended the run, whatever its PATCH had', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => simulator.inject({ method: 'GET', nth: 2 }, { kind: 'status', status: 401 }),
    })
    expect(endOf(report)).toEqual(['failed', 'unauthorized', true])
    expect(report.outcome).toMatchObject({ requestId: 'sim-0003', isPatchRequestId: false })
  })

  test('is else that of the PATCH, though its answer was lost to us', async () => {
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (simulator) => simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 503, applied: true }),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome).toMatchObject({ requestId: 'sim-0002', isPatchRequestId: true })
  })
})

test('without wait, a read that lacks part of the spec does not yet show what was accepted', async () => {
  const report = await runAgainstSimulator({
    task: { ...SCALE, wait: false },
    server: { emptyPatchAnswer: true },
    arrange: (simulator) =>
      simulator.inject({ method: 'GET', nth: 2 }, { kind: 'drop', fields: ['resources.storage'] }),
  })
  expect(endOf(report)).toEqual(['accepted', undefined, true])
  expect(report.requests).toEqual(['GET 200', 'PATCH 200', 'GET 200', 'GET 200'])
})

describe('the PATCH’s own answer shows one of our fields neither as sent nor as in its base: rejected, changed=true, naming both', () => {
  test.each<[name: string, setup: RunSetup, made: string]>([
    ['a limit', { task: SCALE, server: { clamp: { cpu: '6' } } }, 'cpu (asked 8, made 6)'],
    [
      'a rounding',
      {
        task: { desired: { memory: '33Gi' } },
        server: { respell: (field, asked) => (field === 'memory' ? '32Gi' : asked) },
      },
      'memory (asked 33Gi, made 32Gi)',
    ],
    [
      'two limits',
      { task: { desired: { cpu: '8', memory: '64Gi' } }, server: { clamp: { cpu: '6', memory: '32Gi' } } },
      'cpu (asked 8, made 6), memory (asked 64Gi, made 32Gi)',
    ],
    [
      'another version',
      {
        task: UPGRADE,
        arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, version: '1.33' }) }]),
      },
      'version (asked 1.32, made 1.33)',
    ],
    ['without wait', { task: { ...SCALE, wait: false }, server: { clamp: { cpu: '6' } } }, 'cpu (asked 8, made 6)'],
    [
      'without generations',
      { task: SCALE, server: { clamp: { cpu: '6' }, generations: false } },
      'cpu (asked 8, made 6)',
    ],
  ])('%s', async (_name, setup, made) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toContain(made)
    expect(report.requests).toEqual(['GET 200', 'PATCH 200'])
  })

  test('a value inside alerts, which may be a secret, is named without it', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { alerts: { mail: 'ours-secret' } } },
      arrange: (kupe) =>
        kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, alerts: { mail: 'theirs-secret' } }) }]),
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toContain('alerts.mail')
    expect(report.outcome.message).not.toMatch(/secret/)
  })

  test('a limit that stands as before the PATCH is an old object: the wait goes on to the deadline', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 5 * MINUTE },
      server: { clamp: { cpu: '4' } },
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.message).toMatch('cpu not yet as asked')
  })

  test('what the read planned from lacked may have stood there all along: an old object', async () => {
    const old = (object: Record<string, unknown>) => ({
      ...object,
      generation: 7,
      resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
    })
    const report = await runAgainstSimulator({
      task: { desired: { memory: '20Gi' } },
      arrange: (kupe) => {
        hide('resources', 1, 3)(kupe)
        kupe.queue('PATCH', [{ kind: 'edit', edit: old }])
      },
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })

  test('an answer of an older replica is stale, and counts only as contact', async () => {
    const older = (object: Record<string, unknown>) => ({ ...object, generation: 6, resources: { cpu: '2' } })
    const report = await runAgainstSimulator({
      task: SCALE,
      arrange: (kupe) => kupe.queue('PATCH', [{ kind: 'edit', edit: older }]),
    })
    expect(endOf(report)).toEqual(['converged', undefined, true])
  })
})

describe('a field that nobody asked for changed or vanished with our PATCH: side-effect, naming it before and after', () => {
  const ALERTS_REPLACED: RunSetup = {
    task: { desired: { alerts: { mail: 'on' } } },
    server: { alertsMode: 'replace', clusters: [{ alerts: { mail: 'off', pager: 'secret-hook' } }] },
  }
  const editAnswer = (change: Record<string, unknown>) => (kupe: Simulator) =>
    kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, ...change }) }])

  test.each<[name: string, setup: RunSetup, says: RegExp]>([
    ['a key of alerts that vanished', ALERTS_REPLACED, /alerts\.pager/],
    ['another version', { task: SCALE, arrange: editAnswer({ version: '1.32' }) }, /version.*1\.31.*1\.32/],
    [
      'a known resource',
      { task: SCALE, arrange: editAnswer({ resources: { cpu: '8', memory: '8Gi', storage: '100Gi' } }) },
      /memory.*16Gi.*8Gi/,
    ],
  ])('%s', async (_name, setup, says) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['failed', 'side-effect', true])
    expect(report.outcome.message).toMatch(says)
    expect(report.outcome.message).not.toMatch(/secret/)
    // The run goes on until its own change is proven.
    expect(report.outcome.durationMs).toBeGreaterThanOrEqual(5_000)
    const unwaited = await runAgainstSimulator({ ...setup, task: { ...setup.task, wait: false } })
    expect(endOf(unwaited)).toEqual(['failed', 'side-effect', true])
  })

  test.each<[name: string, field: string, server: RunSetup['server'], says: RegExp]>([
    ['version', 'version', { generations: false }, /version was 1\.31 and is gone/],
    ['alerts', 'alerts', { clusters: [{ alerts: { pager: 'secret-hook' } }] }, /alerts\.pager is gone/],
  ])(
    'what a partial answer and the two reads after it lack has vanished by our doing: %s',
    async (_, field, server, says) => {
      const partial = ({ [field]: _gone, ...rest }: Record<string, unknown>) => rest
      const setup = (reads: number): RunSetup => ({
        task: SCALE,
        ...(server && { server }),
        arrange: (kupe) => {
          kupe.queue('PATCH', [{ kind: 'edit', edit: partial }])
          hide(field, 2, reads)(kupe)
        },
      })
      const gone = await runAgainstSimulator(setup(Number.POSITIVE_INFINITY))
      expect(endOf(gone)).toEqual(['failed', 'side-effect', true])
      expect(gone.outcome.message).toMatch(says)
      const late = await runAgainstSimulator(setup(1))
      expect(endOf(late)).toEqual(['converged', undefined, true])
    },
  )

  test.each<[name: string, server: RunSetup['server'], ends: unknown[]]>([
    ['our own generation says that it was only late', { scaleMs: 30_000 }, ['converged', undefined, true]],
    [
      'without generations somebody may have put it back',
      { scaleMs: 30_000, generations: false },
      ['failed', 'side-effect', true],
    ],
  ])('what was believed gone and is there again: %s', async (_, server, ends) => {
    const report = await runAgainstSimulator({
      task: SCALE,
      server: { ...server, clusters: [{ alerts: { pager: 'secret-hook' } }] },
      arrange: (kupe) => {
        kupe.queue('PATCH', [{ kind: 'edit', edit: ({ alerts: _gone, ...rest }) => rest }])
        hide('alerts', 2, 3)(kupe)
        hide('alerts', 6)(kupe)
      },
    })
    expect(endOf(report)).toEqual(ends)
    expect(report.outcome.sideEffects ?? []).toHaveLength(ends[1] === undefined ? 0 : 1)
    expect(report.outcome.warnings).toEqual([])
  })

  test('its own change is lost meanwhile: that is the ending', async () => {
    const report = await runAgainstSimulator({
      ...ALERTS_REPLACED,
      arrange: (kupe) =>
        kupe.at(3_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { alerts: { mail: 'x' } })),
    })
    expect(endOf(report)).toEqual(['failed', 'superseded', true])
  })

  test.each<[name: string, setup: RunSetup, warnings: unknown[]]>([
    [
      'a version that only gained its patch has not changed',
      { task: SCALE, arrange: editAnswer({ version: '1.31.10' }) },
      [],
    ],
    ['an added key is none', { task: SCALE, arrange: editAnswer({ alerts: { pager: 'off' } }) }, []],
    [
      'an alert value that merely changed is a warning',
      {
        task: SCALE,
        server: { clusters: [{ alerts: { pager: 'on' } }] },
        arrange: editAnswer({ alerts: { pager: 'secret-hook' } }),
      },
      [expect.stringMatching(/not asked for: alerts\.pager$/)],
    ],
    [
      'without the lock it cannot be told whose change it was: a warning',
      { task: SCALE, server: { etags: false, resourcesMode: 'replace' } },
      [expect.stringMatching('ETag'), expect.stringMatching(/someone else.*memory from 16Gi.*storage from 100Gi/)],
    ],
    [
      'an empty answer without a lock: nobody can tell whose doing it was',
      { task: SCALE, server: { etags: false, resourcesMode: 'replace', emptyPatchAnswer: true } },
      [expect.stringMatching('ETag'), expect.stringMatching(/or someone else did.*memory from 16Gi to nothing/)],
    ],
    [
      'under If-Match every resource is sent, and none is lost',
      { task: SCALE, server: { resourcesMode: 'replace' } },
      [],
    ],
    [
      'another writer’s change, under a later generation, is none of ours',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.at(3_000, (simulator) => simulator.patchAs('colleague', CLUSTER, { resources: { memory: '8Gi' } })),
      },
      [],
    ],
  ])('%s', async (_name, setup, warnings) => {
    const report = await runAgainstSimulator(setup)
    expect(endOf(report)).toEqual(['converged', undefined, true])
    expect(report.outcome.warnings).toEqual(warnings)
    expect(warningsOf(report)).toEqual(report.outcome.warnings)
  })
})
