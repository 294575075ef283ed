import fc from 'fast-check'
import type { Fate, Fault, SimulatorOptions, SpecPatch } from '../../simulator/simulator.js'
import type { DesiredChange } from '../../src/domain/change.js'
import type { Task } from '../../src/domain/task.js'
import { API_KEY } from './runs.js'

/** What happens to the cluster beside the run. */
export type Incident =
  | { kind: 'rival'; patch: SpecPatch }
  | { kind: 'phase'; phase: string; forMs: number }
  | { kind: 'hidden-status'; forMs: number }
  | { kind: 'status-write' }
  | { kind: 'frozen' }
  | { kind: 'other-version'; version: string }
  | { kind: 'deleted'; terminatingMs: number }
  | { kind: 'recreated' }

/** When it happens: at a time, or with a request of the run. */
export type Moment =
  | { kind: 'at'; ms: number }
  | { kind: 'request'; method: 'GET' | 'PATCH'; nth: number; when: 'before' | 'after' }

/** A server, its faults, what happens there, and the task of the run that meets all this. */
export interface RandomSetup {
  readonly server: Omit<SimulatorOptions, 'now'>
  readonly faults: readonly { method: 'GET' | 'PATCH'; nth: number; times: number; fault: Fault }[]
  readonly incidents: readonly { moment: Moment; incident: Incident }[]
  readonly task: Partial<Task>
  readonly isWindowed: boolean
  readonly chance: number
  readonly wallStartMs: number
  readonly cancelAtMs: number
}

const of = fc.constantFrom
const often = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: of(usual, ...others) })
const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T as undefined extends T[K] ? never : K]: T[K]
  } & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> }

const resources = fc
  .record({
    cpu: fc.option(of('4', '6', '8', '8000m', '500m'), { nil: undefined }),
    memory: fc.option(of('16Gi', '32Gi', '24Gi', '16384Mi'), { nil: undefined }),
    storage: fc.option(of('100Gi', '200Gi', '50Gi'), { nil: undefined }),
  })
  .map(defined)

const version = of('1.31', '1.32', '1.32', '1.33', '1.32.3')
const alerts = of<Record<string, string | null | Record<string, string>>>(
  { mail: 'on' },
  { mail: { to: 'someone' } },
  { page: null },
  { page: 'on', mail: { to: 'other' } },
)

const change = fc
  .record({
    version: fc.option(version, { nil: undefined }),
    resources: fc.option(resources, { nil: undefined }),
    alerts: fc.option(alerts, { nil: undefined, freq: 3 }),
  })
  .map(defined)

const rivalPatch: fc.Arbitrary<SpecPatch> = fc
  .record({
    version: fc.option(of('1.31', '1.32', '1.33'), { nil: undefined }),
    resources: fc.option(
      resources.filter((given) => Object.keys(given).length > 0),
      { nil: undefined },
    ),
    alerts: fc.option(alerts, { nil: undefined }),
  })
  .map(defined)

const fate: fc.Arbitrary<Fate> = often<Fate>(
  'ok',
  'rolled-back',
  'rolled-back-desired',
  'degraded',
  'degraded-heals',
  'stuck',
  'unknown-phase',
  'no-phase',
  'no-status',
  'upgrade-stays-running',
)

const duration = (...ms: number[]) => of(...ms)

const server: fc.Arbitrary<RandomSetup['server']> = fc.record({
  generations: often(true, false),
  generationMoves: often(true, false),
  earlyObservedGeneration: often(false, true),
  reportKubernetesVersion: often(true, false),
  etags: often(true, false),
  etagStyle: often('quoted', 'bare', 'weak'),
  resourcesMode: of('merge', 'replace'),
  alertsMode: of('merge', 'replace'),
  clamp: often({}, { cpu: '6' }),
  upgradeStartsAfterMs: duration(0, 500, 3_000, 20_000),
  upgradeMs: duration(2_000, 20_000, 60_000, 240_000),
  scaleMs: duration(0, 1_000, 5_000, 50_000),
  degradedMs: duration(1_000, 30_000),
  statusWriteEveryMs: duration(0, 0, 0, 9_000),
  emptyPatchAnswer: often(false, true),
  patchStatus: of(200, 202),
  script: fc.array(fate, { maxLength: 3 }),
  clusters: fc
    .record({
      version: often('1.31', '1.32'),
      phase: often('Running', 'Upgrading', 'Provisioning', 'Degraded', 'Odd'),
      busyForMs: often(undefined, 3_000, 40_000),
      alerts: often({}, { mail: 'off', page: 'on' }),
    })
    .map(defined)
    .map(({ phase, ...spec }) => [spec.busyForMs === undefined && phase !== 'Degraded' ? spec : { ...spec, phase }]),
})

const retryAfter = of<Record<string, string>>(
  {},
  { 'retry-after': '3' },
  { 'retry-after': '70' },
  { 'retry-after': '90000' },
  { 'retry-after': 'soon' },
)

const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: of('reset' as const, 'cut' as const, 'hang' as const, 'stall' as const), applied: fc.boolean() }),
  fc.record({ kind: fc.constant('delay' as const), ms: duration(200, 5_000, 29_000, 31_000) }),
  fc
    .record({
      status: of(301, 304, 400, 401, 401, 403, 403, 404, 408, 409, 412, 429, 429, 500, 501, 502, 503, 503, 504),
      applied: fc.boolean(),
      headers: retryAfter,
      body: of('', '<html>bad gateway</html>', `{"error":"no ${API_KEY}"}`, '{"error":"access denied"}'),
    })
    .map(({ status, applied, ...fault }) => ({
      kind: 'status' as const,
      status,
      ...fault,
      // A server that refuses has not applied; one that fails may have.
      applied: applied && (status >= 500 || status === 304 || status === 408),
    })),
  fc.record({
    kind: fc.constant('body' as const),
    body: of('', '[]', '<html>', '{"name":"other"}', 'null'),
    applied: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('stale' as const), ms: duration(500, 5_000, 60_000) }),
  fc.constant<Fault>({ kind: 'old-object' }),
  fc.constant<Fault>({ kind: 'headers', headers: { etag: null } }),
  of<Fault>(hiding('generation'), hiding('status'), hiding('version'), hiding('resources'), hiding('createdAt')),
)

function hiding(key: string): Fault {
  return { kind: 'edit', edit: ({ [key]: _, ...rest }) => rest }
}

const faults = fc.array(
  fc.record({
    method: of('GET' as const, 'GET' as const, 'PATCH' as const),
    nth: of(1, 1, 1, 2, 2, 3, 4, 6, 8),
    times: often(1, 2, 4, 1_000),
    fault: anyFault,
  }),
  { maxLength: 4 },
)

const incident: fc.Arbitrary<Incident> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('rival' as const), patch: rivalPatch }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('phase' as const),
      phase: of('Degraded', 'Upgrading', 'Running', 'Odd'),
      forMs: duration(100, 8_000, 90_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('hidden-status' as const), forMs: duration(100, 20_000) }),
  },
  { weight: 2, arbitrary: fc.constant<Incident>({ kind: 'status-write' }) },
  { weight: 1, arbitrary: fc.constant<Incident>({ kind: 'frozen' }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('other-version' as const), version: of('v1.31.9', 'v1.32.3') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('deleted' as const), terminatingMs: duration(0, 10_000) }),
  },
  { weight: 1, arbitrary: fc.constant<Incident>({ kind: 'recreated' }) },
)

const nth = of(1, 1, 1, 2, 2, 3, 4, 6, 8)

const moment: fc.Arbitrary<Moment> = fc.oneof(
  fc.record({ kind: fc.constant('at' as const), ms: fc.integer({ min: 0, max: 120_000 }) }),
  fc.record({
    kind: fc.constant('request' as const),
    method: of('GET' as const, 'PATCH' as const),
    nth,
    when: of('before' as const, 'after' as const),
  }),
  // Between our read and our PATCH.
  fc.record({
    kind: fc.constant('request' as const),
    method: fc.constant('PATCH' as const),
    nth: of(1, 1, 2),
    when: fc.constant('before' as const),
  }),
)

const task = fc
  .record({
    mode: fc.oneof(
      { weight: 8, arbitrary: fc.constant('apply' as const) },
      { weight: 1, arbitrary: fc.constant('plan' as const) },
      { weight: 1, arbitrary: fc.constant('verify' as const) },
    ),
    desired: change.map(({ resources: given, ...rest }): DesiredChange => ({ ...rest, ...given })),
    guardrails: fc.record({
      allowDowngrade: often(true, false),
      allowVersionSkip: often(true, false),
      allowStorageShrink: often(true, false),
      min: fc.constant({}),
      max: often<Task['guardrails']['max']>({}, { cpu: '6' }),
    }),
    wait: often(true, false),
    timeoutMs: duration(3_000, 60_000, 600_000, 600_000),
    pollIntervalMs: duration(1_000, 2_500, 12_000),
    settleTimeMs: duration(0, 10_000, 30_000),
    degradedGraceMs: duration(0, 20_000, 300_000),
    onBusy: often<Task['onBusy']>('wait', 'fail'),
    onConflict: often<Task['onConflict']>('retry', 'fail'),
    ifMatch: often(undefined, undefined, undefined, undefined, '"294810"', '"1"'),
    expectedPlan: often(undefined, undefined, undefined, undefined, undefined, undefined, 'sha256:0'),
  })
  .map((given): Partial<Task> => defined(given))
  .filter(({ mode, desired }) => mode === 'verify' || Object.keys(desired ?? {}).length > 0)
  .map((given) => (given.mode === 'verify' ? { ...given, wait: true } : given))

const LONG_LIMITS = { timeoutMs: 3_600_000, degradedGraceMs: 3_600_000 }
const ALL_ALLOWED = { allowDowngrade: true, allowVersionSkip: true, allowStorageShrink: true, min: {}, max: {} }

/** Anything at all. */
export const anySetup: fc.Arbitrary<RandomSetup> = fc.record({
  server,
  faults,
  incidents: fc.array(fc.record({ moment, incident }), { maxLength: 4 }),
  task,
  isWindowed: often(false, true),
  chance: fc.integer({ min: 0, max: 2 ** 31 }),
  wallStartMs: duration(Date.UTC(2026, 10, 2, 9), Date.UTC(2026, 10, 2, 9, 59, 55), Date.UTC(2026, 10, 2, 12)),
  cancelAtMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
  ),
})

const passingFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: of('reset' as const, 'cut' as const, 'hang' as const, 'stall' as const), applied: fc.boolean() }),
  fc.record({ kind: fc.constant('delay' as const), ms: duration(200, 5_000, 29_000, 31_000) }),
  fc.record({
    kind: fc.constant('status' as const),
    status: of(500, 502, 503, 504),
    applied: fc.boolean(),
    headers: of<Record<string, string>>({}, { 'retry-after': '3' }, { 'retry-after': '200' }),
  }),
  fc.record({
    kind: fc.constant('status' as const),
    status: of(429),
    headers: of<Record<string, string>>({}, { 'retry-after': '3' }, { 'retry-after': '200' }),
  }),
  fc.record({ kind: fc.constant('body' as const), body: of('[]', '<html>', 'null'), applied: fc.boolean() }),
  fc.record({ kind: fc.constant('stale' as const), ms: duration(500, 5_000, 60_000) }),
  fc.constant<Fault>({ kind: 'old-object' }),
  of<Fault>(hiding('generation'), hiding('status'), hiding('createdAt')),
)

/** Trouble that passes: with time enough, every one of these must come to a good end. */
export const calmSetup: fc.Arbitrary<RandomSetup> = fc
  .record({
    server: server.map((settings) => ({ ...settings, script: [], clamp: {} })),
    faults: fc.array(
      fc.record({
        method: of('GET' as const, 'GET' as const, 'PATCH' as const),
        nth: fc.integer({ min: 2, max: 8 }),
        // Four exchanges in a row that hang would be the two minutes that are tolerated.
        times: fc.constant(1),
        fault: passingFault,
      }),
      { maxLength: 3 },
    ),
    // With the faults no more than four PATCHes that come to nothing.
    incidents: fc.array(fc.record({ moment, incident: fc.constant<Incident>({ kind: 'status-write' }) }), {
      maxLength: 1,
    }),
    task: task.map((given): Partial<Task> => {
      const { ifMatch: _, expectedPlan: __, ...rest } = given
      return { ...rest, guardrails: ALL_ALLOWED, onBusy: 'wait', onConflict: 'retry', ...LONG_LIMITS }
    }),
    chance: fc.integer({ min: 0, max: 2 ** 31 }),
  })
  .filter(({ task: { mode } }) => mode !== 'verify')
  // A stable state that is Degraded, or of a phase that means nothing to anyone, has no good end.
  .filter(({ server: { clusters } }) => clusters?.every(({ phase, busyForMs }) => !phase || busyForMs) === true)
  .map((given) => ({
    ...given,
    isWindowed: false,
    wallStartMs: Date.UTC(2026, 10, 2, 9),
    cancelAtMs: Number.POSITIVE_INFINITY,
  }))
