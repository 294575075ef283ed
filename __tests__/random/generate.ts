import { Chance } from './chance.js'
import { SECRETS } from './model.js'
import {
  type Fault,
  type FaultTime,
  HIDEABLE_FIELDS,
  type HideableField,
  type Incident,
  type IncidentTime,
  type JsonObject,
  PLAIN_SERVER,
  PLAIN_TASK,
  type PlannedCluster,
  type PlannedFault,
  type PlannedIncident,
  type PlannedTask,
  type RunPlan,
  type ServerBehaviour,
  type SpecPatch,
  toPatchOf,
} from './plan.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Every choice of one random run, from its seed alone. A quarter of the runs are calm. */
export function generatePlan(seed: number): RunPlan {
  const chance = new Chance(seed)
  const isCalm = chance.fork('calm').isTrue(0.25)
  const task = generateTask(chance.fork('task'), isCalm)
  const server = generateServer(chance.fork('server'), isCalm, task)
  const plan: RunPlan = {
    task,
    cluster: generateCluster(chance.fork('cluster'), isCalm, task),
    server,
    faults: generateFaults(chance.fork('faults'), isCalm),
    incidents: generateIncidents(chance.fork('incidents'), isCalm, task, server),
    chance: chance.fork('chance').int(0, 2 ** 31),
    wallStartMs: Date.UTC(2026, 10, 2) + chance.fork('wall').pick([9 * 60, 9 * 60 + 59, 12 * 60]) * MINUTE,
    cancelAtMs: generateCancel(chance.fork('cancel'), isCalm),
    isCalm,
  }
  return isCalm ? calmDown(plan) : plan
}

const SPEC_FIELDS: readonly string[] = ['version', 'resources', 'memory', 'alerts'] satisfies HideableField[]

/** Takes out of a calm run what, taken together, may rightly end it red. */
function calmDown(plan: RunPlan): RunPlan {
  const { task, cluster, server } = plan
  // A first read that lacks a field cannot be told from a cluster that lacks it, nor a lasting lack from a loss.
  const faults = plan.faults.filter(({ when, fault }) => {
    if (fault.kind !== 'hide' || !fault.fields.some((field) => SPEC_FIELDS.includes(field))) return true
    return plan.faults.length === 1 && 'nth' in when && when.nth > 1
  })
  // Before the first read, trouble is put up with for two minutes, of which each that hangs takes half a one.
  const hanging = faults.filter(({ fault }) => fault.kind === 'hang').slice(1)
  const isReplicated = server.replicaShare > 0 || faults.some(({ fault }) => fault.kind === 'replica')
  // Without a lock what a replacing server drops cannot be told from someone else's change, and is no calm matter.
  const isUnlocked = server.givesEtags !== 'always'
  const hasDrifted = cluster.version === '1.30' && cluster.running !== 'v1.30.14'
  // Where an upgrade shows as Running, a phase that passes by is the only work anyone sees, and its end looks like a rollback.
  const incidents = plan.incidents.filter(
    ({ what }) => server.upgradePhase !== 'Running' || what.kind !== 'phase' || what.phase === 'Degraded',
  )
  return {
    ...plan,
    faults: faults.filter((fault) => !hanging.includes(fault)),
    incidents,
    server: isUnlocked ? { ...server, resourcesMode: 'merge', alertsMode: 'merge' } : server,
    // A plan may rightly be another one once what was under way is done.
    task: cluster.before.length > 0 ? { ...task, expectedPlan: 'none' } : task,
    // An old replica's first read makes a change of a minute ago look like a rival's.
    cluster: {
      ...cluster,
      before: cluster.before.map(({ agoMs, patch }) => ({ agoMs: isReplicated ? 10 * MINUTE : agoMs, patch })),
      // To verify is to wait for an upgrade that may be under way, however long it has been so.
      ...(task.mode === 'verify' && hasDrifted ? { version: '1.31' } : {}),
    },
  }
}

function generateCancel(chance: Chance, isCalm: boolean): number | null {
  if (isCalm || chance.isTrue(0.9)) return null
  return chance.isTrue(0.3) ? chance.int(0, 500) : chance.int(0, 2 * MINUTE)
}

const ASKED_ALERTS: readonly JsonObject[] = [
  { mail: 'on' },
  { mail: { to: 'someone' } },
  { page: null },
  { page: 'on', mail: null },
  { hook: SECRETS.asked },
  { nested: { threshold: 80, labels: {} } },
]
const LIVE_ALERTS: readonly JsonObject[] = [
  {},
  { mail: 'off', page: 'on' },
  { hook: SECRETS.live },
  { page: 'on' },
  { nested: { threshold: 70, keep: true } },
]

function generateTask(chance: Chance, isCalm: boolean): PlannedTask {
  const mode = chance.pick<PlannedTask['mode']>([...Array<'apply'>(10).fill('apply'), 'plan', 'verify'])
  const asked = {
    ...(chance.isTrue(0.35)
      ? { version: chance.pick(['1.31', '1.32', '1.32', '1.32', '1.33', '1.32.3', '1.35']) }
      : {}),
    ...(chance.isTrue(0.55) ? { cpu: chance.pick(['8', '8', '8', '6', '4', '8000m', '500m']) } : {}),
    ...(chance.isTrue(0.25) ? { memory: chance.pick(['32Gi', '32Gi', '20Gi', '16384Mi', '32768Mi']) } : {}),
    ...(chance.isTrue(0.15) ? { storage: chance.pick(['200Gi', '200Gi', '100Gi', '50Gi']) } : {}),
    ...(chance.isTrue(0.2) ? { alerts: chance.pick(ASKED_ALERTS) } : {}),
  }
  const isEmpty = Object.keys(asked).length === 0
  const timeoutMs = isCalm
    ? chance.pick([60 * MINUTE, 90 * MINUTE])
    : chance.pick([3 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE, 30 * MINUTE])
  const pollIntervalMs = Math.min(
    timeoutMs / 2,
    timeoutMs >= 30 * MINUTE ? chance.pick([30 * SECOND, MINUTE]) : chance.pick([2 * SECOND, 12 * SECOND, 12 * SECOND]),
  )
  const common: PlannedTask = {
    ...PLAIN_TASK,
    mode,
    ...(isEmpty && mode !== 'verify' ? { cpu: '8' } : asked),
    wait: mode === 'verify' || chance.isTrue(0.85),
    timeoutMs,
    pollIntervalMs,
    settleTimeMs: Math.min(chance.pick([0, 10 * SECOND, 30 * SECOND, 30 * SECOND]), timeoutMs / 4),
  }
  if (isCalm) {
    return {
      ...common,
      ...(common.version === '1.35' ? { version: '1.32' } : {}),
      allowDowngrade: true,
      allowVersionSkip: true,
      allowStorageShrink: true,
      degradedGraceMs: 60 * MINUTE,
      expectedPlan: chance.rarely(0.1, 'none', ['right']),
    }
  }
  return {
    ...common,
    allowDowngrade: chance.isTrue(0.5),
    allowVersionSkip: chance.isTrue(0.5),
    allowStorageShrink: chance.isTrue(0.5),
    minCpu: chance.rarely(0.05, null, ['2', '4']),
    maxCpu: chance.rarely(0.08, null, ['6', '16']),
    degradedGraceMs: chance.pick([0, 20 * SECOND, 5 * MINUTE, 5 * MINUTE]),
    onBusy: chance.rarely(0.15, 'wait', ['fail']),
    onConflict: chance.rarely(0.15, 'retry', ['fail']),
    ifMatch: chance.rarely(0.1, 'none', ['current', 'current', 'wrong']),
    expectedPlan: chance.rarely(0.12, 'none', ['right', 'right', 'wrong']),
    onlyBetween: chance.rarely(0.2, null, ['08:00-10:00', '22:00-10:00', '12:00-18:00']),
  }
}

function generateCluster(chance: Chance, isCalm: boolean, task: PlannedTask): PlannedCluster {
  const version = chance.rarely(0.2, '1.31', ['1.31.9', 'v1.31', '1.30'])
  const hasVersion = isCalm || !chance.isTrue(0.04)
  const running = chance.rarely(0.08, version === '1.30' && chance.isTrue(0.5) ? 'v1.30.14' : 'v1.31.9', [
    'v1.31.9+k3s1',
  ])
  const known: Record<string, string | number> = { cpu: '4', memory: '16Gi', storage: '100Gi' }
  const resources = chance.rarely<Record<string, string | number>>(0.2, known, [
    { ...known, gpu: '2' },
    { ...known, gpu: 2 },
    { cpu: '4', memory: '16Gi' },
    ...(isCalm ? [] : [{}]),
  ])
  const before = []
  // Somebody's change may be under way when the run begins, or the very one that is asked for.
  if (chance.isTrue(task.mode === 'verify' ? 0.8 : 0.3)) {
    const agoMs = chance.pick([200, 5 * SECOND, 20 * SECOND, 45 * SECOND, 10 * MINUTE])
    const isOurs = isCalm && task.mode === 'verify' ? true : chance.isTrue(task.mode === 'verify' ? 0.7 : 0.5)
    const theirs = chance.isTrue(0.5) ? { version: chance.pick(['1.32', '1.33']) } : generateRivalPatch(chance)
    before.push({ agoMs, patch: isOurs ? toPatchOf(task) : theirs })
  } else if (isCalm && task.mode === 'verify') {
    before.push({ agoMs: 30 * SECOND, patch: toPatchOf(task) })
  }
  return {
    ...(hasVersion ? { version } : {}),
    running,
    resources,
    ...(chance.isTrue(0.4) ? { alerts: chance.pick(LIVE_ALERTS) } : {}),
    generation: chance.pick([1, 3, 7]),
    before,
    conditions: chance.isTrue(0.1) ? [{ type: 'Ready', status: 'True', message: `see ${SECRETS.live}` }] : [],
  }
}

function generateRivalPatch(chance: Chance): SpecPatch {
  const kind = chance.next()
  if (kind < 0.35) return { resources: { cpu: chance.pick(['6', '8', '2', '4']) } }
  if (kind < 0.5) return { resources: { memory: chance.pick(['24Gi', '32Gi', '64Gi']) } }
  if (kind < 0.58) return { resources: { storage: chance.pick(['150Gi', '200Gi']) } }
  if (kind < 0.64) return { resources: { gpu: '1' } }
  if (kind < 0.7) return { resources: {} }
  if (kind < 0.85) return { version: chance.pick(['1.32', '1.33', '1.31', '1.30']) }
  return {
    alerts: chance.pick<JsonObject>([
      { mail: 'theirs' },
      { page: null },
      { hook: SECRETS.rival },
      { extra: 1 },
      { mail: null },
    ]),
  }
}

function generateServer(chance: Chance, isCalm: boolean, task: PlannedTask): ServerBehaviour {
  const plain = PLAIN_SERVER
  const hasGenerations = chance.isTrue(0.7)
  const lag = () => (chance.isTrue(0.75) ? 0 : chance.pick([800, 5 * SECOND, 20 * SECOND]))
  // Where nothing says which version runs, only a phase can show an upgrade, and only if it is caught.
  const mustReportVersion = isCalm && task.version !== undefined
  const behaviour: ServerBehaviour = {
    ...plain,
    reportsGeneration: hasGenerations || chance.isTrue(0.15),
    reportsObserved: hasGenerations || chance.isTrue(0.15),
    reportsKubernetesVersion: mustReportVersion || chance.isTrue(0.85),
    countsVersion: chance.isTrue(0.92),
    countsResources: chance.isTrue(0.92),
    countsAlerts: chance.isTrue(0.8),
    stamps: chance.rarely(0.15, 'done', ['started', 'written']),
    generationLagMs: chance.rarely(0.05, 0, [800, 5 * SECOND]),
    phaseLagMs: lag(),
    versionLagMs: lag(),
    observedLagMs: lag(),
    integersAsText: chance.isTrue(0.08),
    startAfterMs: chance.pick([0, 500, 3 * SECOND, 20 * SECOND]),
    upgradeMs: chance.pick([2 * SECOND, 20 * SECOND, 60 * SECOND, 240 * SECOND]),
    scaleMs: chance.pick([0, SECOND, 5 * SECOND, 50 * SECOND]),
    scalesFirst: chance.isTrue(0.5),
    upgradePhase: chance.rarely(0.15, 'Upgrading', ['Running', 'Migrating']),
    resourcesMode: chance.isTrue(0.5) ? 'merge' : 'replace',
    versionForm: chance.rarely(0.3, 'as-sent', ['minor', 'full', 'with-v']),
    quantityForm: chance.rarely(0.2, 'as-sent', ['canonical']),
    givesEtags: chance.rarely(0.1, 'always', ['never', 'on-reads']),
    etagStyle: chance.rarely(0.2, 'quoted', ['bare', 'weak']),
    etagMovesWithStatus: chance.isTrue(0.7),
    mismatchStatus: chance.rarely(0.1, 412, [409]),
    patchAnswer: chance.rarely(0.3, 'whole', ['empty', 'partial', 'old', 'no-status', 'no-generation']),
    patchStatus: chance.rarely(0.1, 200, [202]),
    byteOrderMark: chance.isTrue(0.05),
    replicaShare: chance.rarely(0.15, 0, [0.1, 0.3]),
    replicaLagMs: chance.pick([2 * SECOND, 10 * SECOND, 40 * SECOND]),
    showsEmptyAlerts: chance.isTrue(0.3),
    showsEmptyResources: chance.isTrue(0.7),
    latencyMs: chance.pick([5, 40, 300]),
    echoesSecrets: chance.isTrue(0.1),
  }
  if (isCalm) return behaviour
  return {
    ...behaviour,
    upgradeFate: chance.rarely(0.25, 'done', [
      'rolled-back',
      'rolled-back-desired',
      'degraded-heals',
      'degraded',
      'stuck',
    ]),
    alertsMode: chance.isTrue(0.7) ? 'merge' : 'replace',
    alters: chance.rarely(0.15, 'nothing', ['limits-cpu', 'rounds-memory', 'couples-memory']),
    altersAfterMs: chance.pick([0, 0, 2 * SECOND, 30 * SECOND]),
    refusesUnknownNames: chance.isTrue(0.15),
    refusesWhileBusy: chance.isTrue(0.15),
    statusWriteEveryMs: chance.rarely(0.1, 0, [9 * SECOND, 700]),
  }
}

function generateFaults(chance: Chance, isCalm: boolean): PlannedFault[] {
  if (chance.isTrue(0.25)) return []
  const count = chance.pick([1, 1, 2, 3])
  const faults = chance.list(count, (): PlannedFault => {
    const fault = isCalm ? generatePassingFault(chance) : generateFault(chance)
    return { when: generateFaultTime(chance, isCalm), fault }
  })
  return faults
}

const NTH = [1, 1, 1, 2, 2, 3, 4, 5, 6, 8]

function generateFaultTime(chance: Chance, isCalm: boolean): FaultTime {
  if (chance.isTrue(0.25)) {
    const fromMs = chance.int(isCalm ? 3_000 : 0, 90 * SECOND)
    const forMs = chance.pick(isCalm ? [2 * SECOND, 15 * SECOND] : [5 * SECOND, 30 * SECOND, 150 * SECOND, 20 * MINUTE])
    return { method: chance.pick(['GET', 'GET', 'PATCH', 'any']), fromMs, untilMs: fromMs + forMs }
  }
  const method = chance.pick<'GET' | 'PATCH'>(['GET', 'PATCH'])
  const times = isCalm ? chance.pick([1, 1, 2]) : chance.rarely(0.3, 1, [2, 3, 6, 1_000])
  return { method, nth: chance.pick(method === 'GET' ? NTH : [1, 1, 1, 2]), times }
}

const RETRY_AFTER = ['3', '20', '70', '900', '90000', 'soon', 'Mon, 02 Nov 2026 09:00:20 GMT']

function generateFault(chance: Chance): Fault {
  const kind = chance.next()
  if (kind < 0.1) return { kind: 'unsent', by: chance.pick(['dns', 'refused', 'refused', 'tls', 'proxy']) }
  if (kind < 0.2) return { kind: 'cut', applied: chance.isTrue(0.5) }
  if (kind < 0.3) return { kind: 'hang', applied: chance.pick(['no', 'at-once', 'late']) }
  if (kind < 0.35) return { kind: 'slow', ms: chance.pick([200, 5 * SECOND, 29 * SECOND, 31 * SECOND]) }
  if (kind < 0.65) return generateStatus(chance)
  if (kind < 0.75) return generateNoCluster(chance)
  if (kind < 0.85) {
    const fields = chance.list(chance.pick([1, 1, 2]), () => chance.pick(HIDEABLE_FIELDS))
    return { kind: 'hide', fields }
  }
  if (kind < 0.95) return { kind: 'replica', lagMs: chance.pick([500, 5 * SECOND, 60 * SECOND]) }
  return { kind: 'no-etag' }
}

const STATUSES = [
  301, 304, 400, 401, 403, 403, 403, 404, 404, 404, 408, 409, 412, 418, 422, 425, 429, 429, 500, 502, 503, 503, 522,
]

function generateStatus(chance: Chance): Fault {
  const status = chance.pick(STATUSES)
  const page = chance.pick<Extract<Fault, { kind: 'status' }>['page']>([
    'html',
    'text',
    'empty',
    'json',
    'json',
    'access-denied',
    'echo',
  ])
  return {
    kind: 'status',
    status,
    page,
    ...(chance.isTrue(status === 429 || status === 503 ? 0.6 : 0.1) ? { retryAfter: chance.pick(RETRY_AFTER) } : {}),
    applied: mayHaveBeenApplied(status, page) && chance.isTrue(0.4),
  }
}

/** A server that refuses has not applied; whatever answers in its place knows nothing of what it did. */
export function mayHaveBeenApplied(status: number, page: Extract<Fault, { kind: 'status' }>['page']): boolean {
  const isForeign = page === 'html' || page === 'text' || (page === 'empty' && status !== 403)
  return status >= 500 || [304, 408, 425].includes(status) || ([403, 404].includes(status) && isForeign)
}

function generateNoCluster(chance: Chance): Fault {
  const body = chance.pick(['empty', 'empty', 'html', 'array', 'other', 'null', 'deep', 'cut'] as const)
  // An empty success is the API's own and counts as one.
  return { kind: 'no-cluster', body, applied: body === 'empty' || chance.isTrue(0.6) }
}

/** Trouble that passes; with time enough every one of these must come to a good end. */
function generatePassingFault(chance: Chance): Fault {
  const kind = chance.next()
  if (kind < 0.1) return { kind: 'unsent', by: 'refused' }
  if (kind < 0.25) return { kind: 'cut', applied: chance.isTrue(0.5) }
  if (kind < 0.35) return { kind: 'hang', applied: chance.pick(['no', 'at-once']) }
  if (kind < 0.4) return { kind: 'slow', ms: chance.pick([200, 5 * SECOND, 29 * SECOND]) }
  if (kind < 0.65) {
    const status = chance.pick([408, 425, 429, 500, 502, 503, 504, 522])
    const retryAfter = chance.isTrue(0.3) ? { retryAfter: chance.pick(['3', '20', '70']) } : {}
    return {
      kind: 'status',
      status,
      page: chance.pick(['html', 'text', 'empty', 'json']),
      ...retryAfter,
      applied: false,
    }
  }
  if (kind < 0.72)
    return { kind: 'status', status: chance.pick([403, 404]), page: chance.pick(['html', 'text']), applied: false }
  if (kind < 0.8) return generateNoCluster(chance)
  if (kind < 0.88) return { kind: 'hide', fields: [chance.pick(HIDEABLE_FIELDS)] }
  return { kind: 'replica', lagMs: chance.pick([500, 5 * SECOND]) }
}

function generateIncidents(
  chance: Chance,
  isCalm: boolean,
  task: PlannedTask,
  server: ServerBehaviour,
): PlannedIncident[] {
  if (chance.isTrue(0.4)) return []
  const count = isCalm ? 1 : chance.pick([1, 1, 2, 3])
  return chance.list(count, () => ({
    when: generateIncidentTime(chance),
    what: isCalm ? generateHarmlessIncident(chance, task, server) : generateIncident(chance),
  }))
}

function generateIncidentTime(chance: Chance): IncidentTime {
  const kind = chance.next()
  if (kind < 0.4) return { atMs: chance.int(0, 2 * MINUTE) }
  // Between our read and our PATCH.
  if (kind < 0.65) return { method: 'PATCH', nth: chance.pick([1, 1, 2]), side: 'before' }
  // Before our wait sees anything.
  if (kind < 0.8) return { method: 'PATCH', nth: 1, side: 'after' }
  return { method: 'GET', nth: chance.pick(NTH), side: chance.pick(['before', 'after']) }
}

function generateIncident(chance: Chance): Incident {
  const kind = chance.next()
  if (kind < 0.4) return { kind: 'rival', patch: generateRivalPatch(chance) }
  if (kind < 0.5) return { kind: 'reverts' }
  if (kind < 0.54) return { kind: 'same' }
  if (kind < 0.62) return { kind: 'status-write' }
  if (kind < 0.74) {
    const phase = chance.pick(['Degraded', 'Degraded', 'Upgrading', 'Provisioning', 'Odd'])
    return { kind: 'phase', phase, forMs: chance.pick([100, 8 * SECOND, 90 * SECOND]) }
  }
  if (kind < 0.78) return { kind: 'no-status', forMs: chance.pick([100, 20 * SECOND]) }
  if (kind < 0.85) {
    const terminatingMs = chance.pick([0, 10 * SECOND])
    return { kind: 'deleted', terminatingMs, recreatedAfterMs: chance.pick([null, 0, 15 * SECOND]) }
  }
  if (kind < 0.89) return { kind: 'operator-stops' }
  if (kind < 0.92) return { kind: 'drift', running: chance.pick(['v1.31.10', 'v1.32.3', 'v1.30.14']) }
  if (kind < 0.96) return { kind: 'clock-jumps', ms: chance.pick([-3, -1, 1, 3]) * 60 * MINUTE }
  return { kind: 'unhealthy', message: `2 of 5 nodes, ${SECRETS.live}` }
}

/** What must not keep a calm run from its end: status writes, passing phases, and others who change what was not asked for. */
function generateHarmlessIncident(chance: Chance, task: PlannedTask, server: ServerBehaviour): Incident {
  const kind = chance.next()
  // Under our own generation another's change looks like our side effect.
  const isTold = server.generationLagMs === 0 && server.reportsGeneration
  if (kind < 0.25) return { kind: 'status-write' }
  if (kind < 0.5) {
    const phase = chance.pick(['Degraded', 'Upgrading', 'Odd'])
    return { kind: 'phase', phase, forMs: chance.pick([100, 8 * SECOND, 60 * SECOND]) }
  }
  if (kind < 0.6) return { kind: 'no-status', forMs: chance.pick([100, 20 * SECOND]) }
  // Where a patch version is shortened to its minor, another's change to it is not yet what was asked for.
  const isShortened = server.versionForm === 'minor' && task.version?.split('.').length === 3
  if (kind < 0.7 && !isShortened) return { kind: 'same' }
  if (kind < 0.8) return { kind: 'unhealthy', message: '2 of 5 nodes' }
  if (task.memory === undefined && isTold && server.countsResources && kind < 0.9)
    return { kind: 'rival', patch: { resources: { memory: '64Gi' } } }
  if (task.version === undefined && isTold && server.countsVersion && kind < 0.95)
    return { kind: 'rival', patch: { version: '1.32' } }
  return { kind: 'rival', patch: { alerts: { extra: 1 } } }
}
