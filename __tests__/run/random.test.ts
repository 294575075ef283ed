import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  type ClusterTruth,
  type Fate,
  type Fault,
  Simulator,
  type SimulatorOptions,
  type SpecPatch,
} from '../../simulator/simulator.js'
import type { Exchange } from '../../src/api/http.js'
import type { DesiredChange } from '../../src/domain/change.js'
import { isGreen, type Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import { parseWindow } from '../../src/domain/window.js'
import { OUTPUT_NAMES, toOutputs } from '../../src/report/outputs.js'
import { toSummary } from '../../src/report/summary.js'
import { createChance } from '../support/chance.js'
import { VirtualClock } from '../support/clock.js'
import { API_KEY, createSimulatedExchange, runTask } from '../support/runs.js'
import { CLUSTER, toTask } from '../support/tasks.js'

const SEED = Number(process.env.STORY_SEED ?? Date.now() % 2 ** 31)
const RUNS = Number(process.env.STORY_RUNS ?? 1_800)
const CALM_RUNS = RUNS / 3
const BUDGET_MS = 40_000
const CALM_BUDGET_MS = 15_000

// ---- what may happen ----

type Happening =
  | { what: 'rival'; patch: SpecPatch }
  | { what: 'phase'; phase: string; forMs: number }
  | { what: 'hidden-status'; forMs: number }
  | { what: 'status-write' }
  | { what: 'frozen' }
  | { what: 'other-version'; version: string }
  | { what: 'deleted'; terminatingMs: number }
  | { what: 'recreated' }

type Moment =
  | { kind: 'at'; ms: number }
  | { kind: 'request'; method: 'GET' | 'PATCH'; nth: number; when: 'before' | 'after' }

interface RandomStory {
  readonly server: Omit<SimulatorOptions, 'now'>
  readonly faults: readonly { method: 'GET' | 'PATCH'; nth: number; times: number; fault: Fault }[]
  readonly happenings: readonly { moment: Moment; happening: Happening }[]
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

const server: fc.Arbitrary<RandomStory['server']> = fc.record({
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

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('rival' as const), patch: rivalPatch }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('phase' as const),
      phase: of('Degraded', 'Upgrading', 'Running', 'Odd'),
      forMs: duration(100, 8_000, 90_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('hidden-status' as const), forMs: duration(100, 20_000) }),
  },
  { weight: 2, arbitrary: fc.constant<Happening>({ what: 'status-write' }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ what: 'frozen' }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('other-version' as const), version: of('v1.31.9', 'v1.32.3') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('deleted' as const), terminatingMs: duration(0, 10_000) }),
  },
  { weight: 1, arbitrary: fc.constant<Happening>({ what: 'recreated' }) },
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

const PATIENT = { timeoutMs: 3_600_000, degradedGraceMs: 3_600_000 }
const ALL_ALLOWED = { allowDowngrade: true, allowVersionSkip: true, allowStorageShrink: true, min: {}, max: {} }

const setup: fc.Arbitrary<RandomStory> = fc.record({
  server,
  faults,
  happenings: fc.array(fc.record({ moment, happening }), { maxLength: 4 }),
  task,
  isWindowed: often(false, true),
  chance: fc.integer({ min: 0, max: 2 ** 31 }),
  wallStartMs: duration(Date.UTC(2026, 10, 2, 9), Date.UTC(2026, 10, 2, 9, 59, 55), Date.UTC(2026, 10, 2, 12)),
  cancelAtMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
  ),
})

/** Trouble that passes: with time enough, every one of these must come to a good end. */
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

const calmStory: fc.Arbitrary<RandomStory> = fc
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
    happenings: fc.array(fc.record({ moment, happening: fc.constant<Happening>({ what: 'status-write' }) }), {
      maxLength: 1,
    }),
    task: task.map((given): Partial<Task> => {
      const { ifMatch: _, expectedPlan: __, ...rest } = given
      return { ...rest, guardrails: ALL_ALLOWED, onBusy: 'wait', onConflict: 'retry', ...PATIENT }
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

// ---- telling it ----

/** One exchange as both ends saw it. */
interface Exchanged {
  readonly method: string
  readonly atMs: number
  readonly ifMatch: string | undefined
  readonly body: string | undefined
  /** Absent where no answer arrived. */
  readonly status?: number
  readonly etag?: string
  /** The cluster that arrived, if one did. */
  readonly shown?: Record<string, unknown>
  readonly isFromThePast: boolean
  readonly before: ClusterTruth
  readonly after: ClusterTruth
}

interface Witnessed {
  readonly outcome: Outcome
  readonly exchanges: readonly Exchanged[]
  readonly truth: ClusterTruth
  readonly elapsedMs: number
  readonly log: readonly string[]
  readonly task: Task
}

const WINDOW = parseWindow('08:00-10:00', 'UTC')

async function live(given: RandomStory): Promise<Witnessed> {
  const clock = new VirtualClock({
    wallStartMs: given.wallStartMs,
    random: createChance(given.chance),
    cancelAtMs: given.cancelAtMs,
  })
  const simulator = new Simulator({ now: () => clock.nowMs(), ...given.server })
  const full = toTask({
    ...given.task,
    ...(given.isWindowed && given.task.mode === 'apply' && WINDOW !== undefined ? { window: WINDOW } : {}),
  })
  const exchanges: Exchanged[] = []
  const truths: { before: ClusterTruth; after: ClusterTruth }[] = []
  const always = { times: Number.POSITIVE_INFINITY }
  simulator.on({ ...always, when: 'after' }, () => {
    const last = truths.at(-1)
    if (last !== undefined) last.after = simulator.cluster(CLUSTER)
  })
  for (const { moment: when, happening: what } of given.happenings) arrange(simulator, when, what)
  simulator.on(always, () => {
    const before = simulator.cluster(CLUSTER)
    truths.push({ before, after: before })
  })
  for (const { fault, ...matcher } of given.faults) simulator.inject(matcher, fault)
  const carry = createSimulatedExchange(simulator, clock)
  const exchange: Exchange = async (request) => {
    const atMs = clock.nowMs()
    const sent = { method: request.method, atMs, ifMatch: request.headers['If-Match'], body: request.body }
    const witnessed = truths.length
    let answer: Awaited<ReturnType<Exchange>> | undefined
    try {
      answer = await carry(request)
      return answer
    } finally {
      // Cancelled before it left: the server never saw it.
      const truth = truths[witnessed]
      if (truth !== undefined) {
        const shown = answer === undefined ? undefined : shownIn(answer)
        const isFromThePast = simulator.requests.at(-1)?.fault?.kind === 'stale'
        const etag = answer?.headers.etag
        exchanges.push({
          ...sent,
          ...truth,
          isFromThePast,
          ...(answer === undefined ? {} : { status: answer.status }),
          ...(shown === undefined ? {} : { shown }),
          ...(etag === undefined ? {} : { etag }),
        })
      }
    }
  }
  const log: string[] = []
  const write = (line: string) => void log.push(line)
  const outcome = await runTask(full, { exchange, clock, log: { info: write, warning: write, debug: write } })
  return { outcome, exchanges, truth: simulator.cluster(CLUSTER), elapsedMs: clock.nowMs(), log, task: full }
}

function shownIn({ status, body, isWhole }: Awaited<ReturnType<Exchange>>): Record<string, unknown> | undefined {
  if (status < 200 || status > 299 || !isWhole) return undefined
  try {
    const object: unknown = JSON.parse(body)
    const isOurs = typeof object === 'object' && object !== null && 'name' in object && object.name === CLUSTER
    return isOurs ? (object as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function arrange(simulator: Simulator, when: Moment, what: Happening): void {
  const act = () => {
    if (simulator.cluster(CLUSTER).exists || what.what === 'recreated') happen(simulator, what)
  }
  if (when.kind === 'at') simulator.at(when.ms, act)
  else simulator.on({ method: when.method, nth: when.nth, when: when.when }, act)
}

function happen(simulator: Simulator, what: Happening): void {
  const later = (ms: number, act: () => void) => {
    const nowMs = simulator.requests.at(-1)?.at ?? 0
    simulator.at(nowMs + ms, () => {
      if (simulator.cluster(CLUSTER).exists) act()
    })
  }
  if (what.what === 'rival') simulator.patchAs('rival', CLUSTER, what.patch)
  if (what.what === 'status-write') simulator.setStatus(CLUSTER, { metrics: { requests: simulator.requests.length } })
  if (what.what === 'frozen') simulator.freeze(CLUSTER)
  if (what.what === 'other-version') simulator.setStatus(CLUSTER, { kubernetesVersion: what.version })
  if (what.what === 'deleted') simulator.deleteCluster(CLUSTER, { terminatingMs: what.terminatingMs })
  if (what.what === 'recreated') simulator.recreate(CLUSTER)
  if (what.what === 'hidden-status') {
    simulator.setStatus(CLUSTER, undefined)
    later(what.forMs, () => simulator.setStatus(CLUSTER, {}))
  }
  if (what.what === 'phase') {
    const { phase = 'Running' } = simulator.cluster(CLUSTER).status
    simulator.setStatus(CLUSTER, { phase: what.phase })
    later(what.forMs, () => simulator.setStatus(CLUSTER, { phase }))
  }
}

// ---- what must hold ----

type Rule = (witnessed: Witnessed, given: RandomStory) => void

const patchesIn = ({ exchanges }: Witnessed) => exchanges.filter(({ method }) => method === 'PATCH')

/** The plain sense of a quantity, in cores or MiB; the random ones use no other units. */
function amount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text.endsWith('Gi')) return Number(text.slice(0, -2)) * 1024
  if (text.endsWith('Mi')) return Number(text.slice(0, -2))
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text)
}

const minorOf = (text: string) => text.replace(/^v/, '').split('.').slice(0, 2).join('.')

function isVersionAsAsked(asked: string, desired: unknown, running: unknown): boolean {
  if (typeof desired !== 'string') return false
  if (asked === minorOf(asked)) return minorOf(desired) === asked
  return desired === asked || (desired === minorOf(asked) && running === `v${asked}`)
}

function isAlertAsAsked(asked: unknown, live: unknown): boolean {
  if (asked === null) return live === undefined || live === null
  if (typeof asked !== 'object') return asked === live
  return Object.entries(asked as Record<string, unknown>).every(([key, value]) =>
    isAlertAsAsked(value, (live as Record<string, unknown> | undefined)?.[key]),
  )
}

function expectAsAsked(
  { version: askedVersion, alerts: askedAlerts, ...asked }: DesiredChange,
  spec: { version?: unknown; resources?: unknown; alerts?: unknown },
  running: unknown,
): void {
  if (askedVersion !== undefined) expect(isVersionAsAsked(askedVersion, spec.version, running)).toBe(true)
  const given = (spec.resources ?? {}) as Record<string, string>
  for (const [name, wanted] of Object.entries(asked)) expect(amount(given[name])).toBe(amount(wanted))
  if (askedAlerts !== undefined) expect(isAlertAsAsked(askedAlerts, spec.alerts ?? {})).toBe(true)
}

/** That two reads show the same of what was asked, as far as both show it. */
function expectSameFields(
  desired: DesiredChange,
  { version: oldVersion, resources: oldResources }: Record<string, unknown>,
  { version: newVersion, resources: newResources }: Record<string, unknown>,
): void {
  if (desired.version !== undefined && oldVersion !== undefined && newVersion !== undefined) {
    expect(newVersion).toBe(oldVersion)
  }
  if (oldResources === undefined || newResources === undefined) return
  for (const name of ['cpu', 'memory', 'storage'] as const) {
    if (desired[name] === undefined) continue
    const [before, now] = [oldResources, newResources].map((given) => amount((given as Record<string, string>)[name]))
    expect(now).toBe(before)
  }
}

const RULES: Readonly<Record<string, Rule>> = {
  'what is called done is done': ({ outcome, exchanges, task: { desired } }, { server: settings }) => {
    if (outcome.result !== 'converged' && outcome.result !== 'unchanged') return
    const last = exchanges.at(-1)
    expect(last?.method).toBe('GET')
    if (last?.shown === undefined) throw new Error('the last read showed no cluster')
    const shownStatus = (last.shown.status ?? {}) as Record<string, unknown>
    expectAsAsked(desired, last.shown, shownStatus.kubernetesVersion)
    expect(shownStatus.phase).toBe('Running')
    // An older replica shows what was true a while ago; what it showed is all that can be held against the run.
    if (last.isFromThePast) return
    const { before: truth } = last
    expectAsAsked(desired, truth, truth.status.kubernetesVersion)
    expect(truth.status.phase).toBe('Running')
    expect(truth.exists).toBe(true)
    if (settings.reportKubernetesVersion === true) {
      const running = truth.status.kubernetesVersion ?? ''
      expect(truth.version === minorOf(truth.version) ? minorOf(running) : running.slice(1)).toBe(truth.version)
      if (desired.version !== undefined) expect(running.slice(1).startsWith(desired.version)).toBe(true)
    }
    const { generationMoves, earlyObservedGeneration } = settings
    const hasGenerations = exchanges.some(({ shown }) => shown?.generation !== undefined && shown.status !== undefined)
    if (settings.generations && hasGenerations && generationMoves && !earlyObservedGeneration) {
      expect(truth.status.observedGeneration).toBe(truth.generation)
    }
  },

  'never two PATCHes without a read in between, except after 429': ({ exchanges }) => {
    let isReadSince = true
    for (const { method, status, shown } of exchanges) {
      if (method === 'GET') isReadSince ||= shown !== undefined
      else {
        expect(isReadSince).toBe(true)
        isReadSince = status === 429
      }
    }
  },

  'at most five PATCHes, and none in modes that do not write': (witnessed) => {
    const most = witnessed.task.mode === 'apply' ? 5 : 0
    expect(patchesIn(witnessed).length).toBeLessThanOrEqual(most)
  },

  'every PATCH carries the ETag of the read before it, once an ETag was seen': ({ exchanges, task: { ifMatch } }) => {
    let hasSeenEtag = false
    let latest: string | undefined
    for (const exchanged of exchanges) {
      if (exchanged.method === 'PATCH') {
        expect(exchanged.ifMatch).toBe(ifMatch ?? latest)
        if (hasSeenEtag) expect(exchanged.ifMatch).toBeDefined()
      }
      if (exchanged.shown === undefined) continue
      hasSeenEtag ||= exchanged.etag !== undefined
      if (exchanged.method === 'GET') latest = exchanged.etag
    }
  },

  'a PATCH says only what was asked': (witnessed) => {
    const { desired } = witnessed.task
    const askedResources = (['cpu', 'memory', 'storage'] as const).filter((name) => desired[name] !== undefined)
    for (const { body, ifMatch } of patchesIn(witnessed)) {
      const patch = JSON.parse(body ?? '') as Record<string, unknown>
      expect(Object.keys(patch).length).toBeGreaterThan(0)
      for (const [key, value] of Object.entries(patch)) {
        if (key === 'resources') {
          expect(value).toMatchObject(Object.fromEntries(askedResources.map((name) => [name, desired[name]])))
          expect(Object.keys(value as object).length).toBeGreaterThan(0)
          if (ifMatch === undefined) expect(Object.keys(value as object).sort()).toEqual([...askedResources].sort())
        } else {
          expect(['version', 'alerts']).toContain(key)
          expect(value).toEqual(desired[key as 'version' | 'alerts'])
        }
      }
      if ('resources' in patch) expect(askedResources).not.toEqual([])
    }
  },

  'what others own is never altered by us': ({ exchanges, task: { desired } }) => {
    let read: Record<string, unknown> = {}
    for (const { method, shown, before, after, ifMatch } of exchanges) {
      if (method === 'GET') read = shown ?? read
      const isOurs = after.history.slice(before.history.length).some(({ writer }) => writer === 'api')
      if (!isOurs || ifMatch === undefined) continue
      if (desired.version === undefined) expect(after.version).toBe(before.version)
      // What the read did not show cannot be kept on a server that replaces.
      const known = (read.resources ?? {}) as Record<string, string>
      for (const name of ['cpu', 'memory', 'storage'] as const) {
        if (desired[name] !== undefined || known[name] === undefined) continue
        expect(amount(after.resources[name])).toBe(amount(before.resources[name]))
      }
    }
  },

  'what someone else made of our fields is not overwritten after a 412': ({ exchanges, task: { desired } }) => {
    let read: Record<string, unknown> | undefined
    let refused: Record<string, unknown> | undefined
    for (const { method, status, shown } of exchanges) {
      if (method === 'GET') {
        read = shown ?? read
        // A wait for a busy cluster ends with a plan of its own.
        const { phase } = (shown?.status ?? {}) as { phase?: string }
        if (['Pending', 'Provisioning', 'Upgrading'].includes(phase ?? '')) refused = undefined
        continue
      }
      if (refused !== undefined && read !== undefined) expectSameFields(desired, refused, read)
      refused = status === 412 ? read : undefined
      // Once the answer to a PATCH was lost, the change may be our own.
      if (status === undefined || status >= 500 || status < 400 || status === 408) return
    }
  },

  'changed is true if and only if a PATCH changed something, or may have': (witnessed) => {
    const { outcome, truth } = witnessed
    const wasWritten = truth.history.some(({ writer, kind }) => writer === 'api' && kind === 'spec')
    if (wasWritten) expect(outcome.changed).toBe(true)
    const mayHaveLanded = patchesIn(witnessed).some(
      ({ status }) => status === undefined || status < 300 || status >= 500 || status === 408 || status === 304,
    )
    if (!mayHaveLanded) expect(outcome.changed).toBe(false)
  },

  'it ends in time': ({ elapsedMs, task: { timeoutMs } }) => {
    expect(elapsedMs).toBeLessThanOrEqual(timeoutMs + 1_000)
  },

  'it does not hammer the server': ({ exchanges }) => {
    for (const [index, { atMs }] of exchanges.entries()) {
      const later = exchanges[index + 40]
      if (later !== undefined) expect(later.atMs - atMs).toBeGreaterThan(5_000)
    }
  },

  'a 401 is never repeated': ({ exchanges }) => {
    const index = exchanges.findIndex(({ status }) => status === 401)
    if (index >= 0) expect(exchanges.length).toBe(index + 1)
  },

  'no PATCH outside the time window': (witnessed, { wallStartMs }) => {
    if (witnessed.task.window === undefined) return
    for (const { atMs } of patchesIn(witnessed)) {
      const hour = new Date(wallStartMs + atMs).getUTCHours()
      expect(hour >= 8 && hour < 10).toBe(true)
    }
  },

  'the ending is one of those that the mode has, with a reason where it is red': ({ outcome, task: { mode } }) => {
    const { result, reason, evidence } = outcome
    expect(isGreen(result)).toBe(reason === undefined)
    expect(reason).not.toBe('internal')
    expect(reason).not.toBe('invalid-input')
    if (result === 'timed-out') expect(['timeout', 'busy']).toContain(reason)
    if (result === 'cancelled' || reason === 'cancelled') expect([result, reason]).toEqual(['cancelled', 'cancelled'])
    if (result === 'failed') expect(['timeout', 'cancelled']).not.toContain(reason)
    const green = {
      apply: ['unchanged', 'skipped', 'accepted', 'converged'],
      plan: ['planned'],
      verify: ['converged'],
    }
    if (reason === undefined) expect(green[mode]).toContain(result)
    expect((evidence ?? []).length > 0).toBe(result === 'converged')
    expect(outcome.message).not.toBe('')
    if (reason !== undefined) expect(outcome.hint ?? '').not.toBe('')
  },

  'every output is there, as text': ({ outcome, task: { tenant, cluster } }) => {
    const outputs = toOutputs(outcome, toSummary(outcome, { tenant, cluster }))
    expect(Object.keys(outputs).sort()).toEqual([...OUTPUT_NAMES].sort())
    for (const value of Object.values(outputs)) expect(typeof value).toBe('string')
    expect(outputs['failure-reason']).toBe(outcome.reason ?? '')
    expect(['true', 'false']).toContain(outputs.changed)
  },

  'the key is nowhere': ({ outcome, log, task: { tenant, cluster } }) => {
    const outputs = toOutputs(outcome, toSummary(outcome, { tenant, cluster }))
    expect([...log, ...Object.values(outputs), outcome.message, outcome.hint ?? ''].join('\n')).not.toContain(API_KEY)
  },
}

function expectRules(witnessed: Witnessed, given: RandomStory, rules: Readonly<Record<string, Rule>>): void {
  for (const [name, rule] of Object.entries(rules)) {
    try {
      rule(witnessed, given)
    } catch (cause) {
      throw new Error(`broken: ${name}\n${describeStory(witnessed)}`, { cause })
    }
  }
}

const CALM_RULES: Readonly<Record<string, Rule>> = {
  ...RULES,
  'what can come to a good end does': ({ outcome, task: { mode, wait, desired } }, { server: settings }) => {
    // Where nothing tells which version runs, an upgrade too quick to be seen is never proven.
    if (desired.version !== undefined && settings.reportKubernetesVersion === false) return
    const good = mode === 'plan' ? ['planned'] : wait ? ['unchanged', 'converged'] : ['unchanged', 'accepted']
    expect(good).toContain(outcome.result)
  },
}

const tally = new Map<string, number>()

describe(`random stories (STORY_SEED=${SEED})`, () => {
  test(
    `${RUNS} with any trouble`,
    async () => {
      await fc.assert(
        fc.asyncProperty(setup, async (given) => {
          const witnessed = await live(given)
          const { result, reason } = witnessed.outcome
          const ending = reason === undefined ? result : `${result}/${reason}`
          tally.set(ending, (tally.get(ending) ?? 0) + 1)
          expectRules(witnessed, given, RULES)
        }),
        { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: BUDGET_MS, markInterruptAsFailure: true },
      )
    },
    BUDGET_MS * 2,
  )

  test('and they ended in every way that is not rare', () => {
    expect(EVERY_ENDING.filter((ending) => !tally.has(ending))).toEqual([])
  })

  test(
    `${CALM_RUNS} with trouble that passes`,
    async () => {
      await fc.assert(
        fc.asyncProperty(calmStory, async (given) => expectRules(await live(given), given, CALM_RULES)),
        { seed: SEED, numRuns: CALM_RUNS, interruptAfterTimeLimit: CALM_BUDGET_MS, markInterruptAsFailure: true },
      )
    },
    CALM_BUDGET_MS * 2,
  )
})

const EVERY_ENDING = [
  'unchanged',
  'planned',
  'skipped',
  'accepted',
  'converged',
  'failed/refused',
  'failed/rejected',
  'failed/conflict',
  'failed/plan-changed',
  'failed/unavailable',
  'failed/degraded',
  'failed/deleted',
  'failed/rolled-back',
  'failed/superseded',
  'timed-out/timeout',
  'cancelled/cancelled',
]

function describeStory({ outcome, exchanges }: Witnessed): string {
  const report = exchanges.map(
    ({ method, atMs, status, ifMatch, etag, shown }) =>
      `  ${String(Math.round(atMs)).padStart(7)} ${method} ${status ?? 'none'} ${ifMatch ?? ''} → ${etag ?? ''} ${
        shown === undefined ? '' : JSON.stringify([shown.version, shown.generation, shown.resources, shown.status])
      }`,
  )
  return [`${outcome.result} ${outcome.reason ?? ''} changed=${outcome.changed}: ${outcome.message}`, ...report].join(
    '\n',
  )
}
