import { describe, expect, test } from '@jest/globals'
import { parseArguments, SWITCHES } from '../../simulator/arguments.js'
import { HELP } from '../../simulator/help.js'
import { type Fault, Simulator, type SimulatorOptions } from '../../simulator/simulator.js'

test('defaults: those of the class, but for how long things take', () => {
  const { options, ...rest } = parseArguments([])
  expect(rest).toEqual({ help: false, port: 8080, log: false, faults: [] })
  expect(options).toEqual({
    clusters: [{ name: 'production', version: '1.31' }],
    upgradeStartsAfterMs: 3_000,
    upgradeMs: 20_000,
    scaleMs: 5_000,
    createMs: 20_000,
    deleteMs: 5_000,
    statusWriteEveryMs: 0,
    lagMs: {},
    replicaLagsMs: [],
    generations: true,
    generationsAsText: false,
    earlyObservedGeneration: false,
    reportKubernetesVersion: true,
    etags: true,
    etagStyle: 'quoted',
    resourcesMode: 'merge',
    alertsMode: 'merge',
    conflictStatus: 412,
    refuseWhileBusy: false,
    requireLimits: false,
    script: [],
  })
})

describe('options', () => {
  test.each<[string, Partial<SimulatorOptions>]>([
    ['--tenant=other', { tenant: 'other' }],
    ['--cluster=blue --cluster=green', { clusters: [named('blue'), named('green')] }],
    ['--cluster-version=1.33', { clusters: [{ name: 'production', version: '1.33' }] }],
    ['--cluster-version=none', { clusters: [{ name: 'production', version: '' }] }],
    ['--no-limits --cluster=blue', { clusters: [{ ...named('blue'), resources: {} }] }],
    ['--admin-key=kupe_a --readonly-key=kupe_b', { adminKey: 'kupe_a', readonlyKey: 'kupe_b' }],
    [
      '--upgrade-start=2s --upgrade=1.5s --scale=1m',
      { upgradeStartsAfterMs: 2_000, upgradeMs: 1_500, scaleMs: 60_000 },
    ],
    ['--create=2m --delete=0s', { createMs: 120_000, deleteMs: 0 }],
    ['--status-writes=250ms', { statusWriteEveryMs: 250 }],
    ['--lag=phase=5s --lag=observedGeneration=1m', { lagMs: { phase: 5_000, observedGeneration: 60_000 } }],
    ['--replica=0s --replica=5s', { replicaLagsMs: [0, 5_000] }],
    ['--older-server', { generations: false }],
    ['--text-generations', { generationsAsText: true }],
    ['--generation-moves=version,resources', { generationMoves: ['version', 'resources'] }],
    ['--generation-moves=none', { generationMoves: [] }],
    ['--early-generation', { earlyObservedGeneration: true }],
    ['--no-versions', { reportKubernetesVersion: false }],
    ['--etag=weak', { etags: true, etagStyle: 'weak' }],
    ['--etag=none', { etags: false }],
    ['--resources=replace --alerts=replace', { resourcesMode: 'replace', alertsMode: 'replace' }],
    ['--conflict=409', { conflictStatus: 409 }],
    ['--refuse-while-busy', { refuseWhileBusy: true }],
    ['--require-limits', { requireLimits: true }],
    ['--rate-limit=20/90s', { rateLimit: { requests: 20, perMs: 90_000, retryAfterSeconds: 90 } }],
    ['--fate=stuck --fate=degraded-blip', { script: ['stuck', 'degraded-blip'] }],
  ])('%s', (line, options) => {
    const parsed = parseArguments(line.split(' '))
    expect(parsed.options).toEqual({ ...parseArguments([]).options, ...options })
    // Whatever is understood can be started.
    expect(() => new Simulator({ now: () => 0, ...parsed.options })).not.toThrow()
  })

  test('--port, --log and --help', () => {
    expect(parseArguments(['--port=0', '--log', '--help'])).toMatchObject({ port: 0, log: true, help: true })
  })

  function named(name: string) {
    return { name, version: '1.31' }
  }
})

describe('--fault', () => {
  const first = { method: 'GET', nth: 1, times: 1 }

  test.each<[string, object, Fault]>([
    ['GET:3:503', { method: 'GET', nth: 3, times: 1 }, { kind: 'status', status: 503, applied: false }],
    ['GET:3-5:hang', { method: 'GET', nth: 3, times: 3 }, { kind: 'hang', applied: false }],
    ['GET:2-:delay=2s', { method: 'GET', nth: 2, times: Number.POSITIVE_INFINITY }, { kind: 'delay', ms: 2_000 }],
    ['*:2:bom', { nth: 2, times: 1 }, { kind: 'bom' }],
    ['PATCH:1:reset+applied', { method: 'PATCH', nth: 1, times: 1 }, { kind: 'reset', applied: true }],
    ['PATCH:1:empty', { method: 'PATCH', nth: 1, times: 1 }, { kind: 'body', body: '', applied: false }],
    ['GET:1:cut', first, { kind: 'cut', applied: false }],
    ['GET:1:stall', first, { kind: 'stall', applied: false }],
    ['GET:1:stale=5s', first, { kind: 'stale', ms: 5_000 }],
    ['GET:1:old-object', first, { kind: 'old-object' }],
    ['GET:1:gzip', first, { kind: 'gzip' }],
    ['GET:1:page=522', first, { kind: 'page', status: 522, applied: false }],
    ['GET:1:page=502+applied', first, { kind: 'page', status: 502, applied: true }],
    ['GET:1:drop=alerts,status.phase', first, { kind: 'drop', fields: ['alerts', 'status.phase'] }],
    [
      'GET:1:html',
      first,
      { kind: 'body', body: '<html><body>Bad gateway</body></html>', contentType: 'text/html', applied: false },
    ],
  ])('%s', (text, matcher, fault) => {
    expect(parseArguments(['--fault', text]).faults).toEqual([{ matcher, fault }])
  })
})

test.each([
  ['--port=x', 'must be a number'],
  ['--port=65536', 'must be a number'],
  ['--upgrade=20', 'is no time'],
  ['--lag=phase', 'is no time'],
  ['--lag=version=2s', 'must be one of phase, generation, observedGeneration, kubernetesVersion'],
  ['--replica=5', 'is no time'],
  ['--generation-moves=version,size', '--generation-moves size: must be one of version, resources, alerts'],
  ['--conflict=400', 'must be one of 412, 409'],
  ['--fault=GET:503', 'must look like'],
  ['--fault=get:1:503', 'must look like'],
  ['--fault=GET:1:explode', 'none of the faults'],
  ['--fault=GET:1:page', 'page wants a status'],
  ['--fault=GET:1:page=200', 'page wants a status'],
  ['--fault=GET:1:drop', 'drop wants fields'],
  ['--fate=lucky', 'must be one of'],
  ['--rate-limit=20', 'is no time'],
  ['--rate-limit=many/1s', 'must look like 20/60s'],
  ['--resources=add', 'must be one of merge, replace'],
  ['--nonsense', '--nonsense'],
])('refuses %s', (argument, message) => {
  expect(() => parseArguments([argument])).toThrow(message)
})

test('the help page names every option, and no other', () => {
  const named = [...HELP.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name)
  expect(named.sort()).toEqual(Object.keys(SWITCHES).sort())
  // A page for terminals of the usual width.
  expect(HELP.split('\n').filter((line) => line.length > 120)).toEqual([])
})
