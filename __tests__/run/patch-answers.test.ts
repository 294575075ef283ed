import { describe, expect, test } from '@jest/globals'
import { endOf, type RunSetup, runAgainstSimulator, warningsOf } from '../support/runs.js'
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

describe('the PATCH’s own answer shows one of our fields neither as sent nor as before: rejected, changed=true, naming both', () => {
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
    expect(report.outcome.message).toBe(`The server accepted the PATCH but made something else of it: ${made}`)
    expect(report.requests).toEqual(['GET 200', 'PATCH 200'])
  })

  test('a value inside alerts, which may be a secret, is named without it', async () => {
    const report = await runAgainstSimulator({
      task: { desired: { alerts: { mail: 'ours-secret' } } },
      arrange: (kupe) =>
        kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, alerts: { mail: 'theirs-secret' } }) }]),
    })
    expect(endOf(report)).toEqual(['failed', 'rejected', true])
    expect(report.outcome.message).toBe('The server accepted the PATCH but made something else of it: alerts.mail')
  })

  test('a limit that stands as before the PATCH is an old object: the wait goes on to the deadline', async () => {
    const report = await runAgainstSimulator({
      task: { ...SCALE, timeoutMs: 5 * MINUTE },
      server: { clamp: { cpu: '4' } },
    })
    expect(endOf(report)).toEqual(['timed-out', 'timeout', true])
    expect(report.outcome.message).toMatch('cpu not yet as asked')
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

describe('a field we did not ask for changed or vanished: a warning names it, before and after', () => {
  const gone = (field: string, from: string) =>
    `${field} was not asked for, but the change moved it from ${from} to nothing`
  test.each<[name: string, setup: RunSetup, warnings: unknown[]]>([
    [
      'a server that replaces resources, without ETags',
      { task: SCALE, server: { etags: false, resourcesMode: 'replace' } },
      [expect.stringMatching('ETag'), gone('memory', '16Gi'), gone('storage', '100Gi')],
    ],
    [
      'the same, report by a later read under our generation: the answer was empty',
      { task: SCALE, server: { etags: false, resourcesMode: 'replace', emptyPatchAnswer: true } },
      [expect.stringMatching('ETag'), gone('memory', '16Gi'), gone('storage', '100Gi')],
    ],
    [
      'under If-Match every resource is sent, and none is lost',
      { task: SCALE, server: { resourcesMode: 'replace' } },
      [],
    ],
    [
      'a server that replaces alerts',
      {
        task: { desired: { alerts: { mail: 'on' } } },
        server: { alertsMode: 'replace', clusters: [{ alerts: { mail: 'off', pager: 'secret' } }] },
      },
      ['alerts.pager was not asked for, but the change moved it'],
    ],
    [
      'a version moved along with a scale',
      {
        task: SCALE,
        arrange: (kupe) =>
          kupe.queue('PATCH', [{ kind: 'edit', edit: (object) => ({ ...object, version: '1.31.10' }) }]),
      },
      ['version was not asked for, but the change moved it from 1.31 to 1.31.10'],
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
