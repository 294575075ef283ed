import { type ClusterTruth, Simulator } from '../../simulator/simulator.js'
import type { Exchange } from '../../src/api/http.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import { createChance } from './chance.js'
import { VirtualClock } from './clock.js'
import type { Incident, Moment, RandomSetup } from './random-setups.js'
import { createSimulatedExchange, runTask } from './runs.js'
import { CLUSTER, toTask, toWindow } from './tasks.js'

/** One exchange as both ends saw it. */
export interface RecordedExchange {
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

/** A run with all that both ends saw of it. */
export interface RecordedRun {
  readonly outcome: Outcome
  readonly exchanges: readonly RecordedExchange[]
  readonly truth: ClusterTruth
  readonly elapsedMs: number
  readonly log: readonly string[]
  readonly task: Task
}

const WINDOW = toWindow('08:00-10:00')

/** Runs a random task against its server, and records every exchange with the state of the cluster before and after it. */
export async function recordRun(given: RandomSetup): Promise<RecordedRun> {
  const clock = new VirtualClock({
    wallStartMs: given.wallStartMs,
    random: createChance(given.chance),
    cancelAtMs: given.cancelAtMs,
  })
  const simulator = new Simulator({ now: () => clock.nowMs(), ...given.server })
  const full = toTask({
    ...given.task,
    ...(given.isWindowed && given.task.mode === 'apply' ? { window: WINDOW } : {}),
  })
  const exchanges: RecordedExchange[] = []
  const truths: { before: ClusterTruth; after: ClusterTruth }[] = []
  const always = { times: Number.POSITIVE_INFINITY }
  simulator.on({ ...always, when: 'after' }, () => {
    const last = truths.at(-1)
    if (last !== undefined) last.after = simulator.cluster(CLUSTER)
  })
  for (const { moment, incident } of given.incidents) schedule(simulator, moment, incident)
  simulator.on(always, () => {
    const before = simulator.cluster(CLUSTER)
    truths.push({ before, after: before })
  })
  for (const { fault, ...matcher } of given.faults) simulator.inject(matcher, fault)
  const carry = createSimulatedExchange(simulator, clock)
  const exchange: Exchange = async (request) => {
    const atMs = clock.nowMs()
    const sent = { method: request.method, atMs, ifMatch: request.headers['If-Match'], body: request.body }
    const index = truths.length
    let answer: Awaited<ReturnType<Exchange>> | undefined
    try {
      answer = await carry(request)
      return answer
    } finally {
      // Cancelled before it left: the server never saw it.
      const truth = truths[index]
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

function schedule(simulator: Simulator, moment: Moment, incident: Incident): void {
  const act = () => {
    if (simulator.cluster(CLUSTER).exists || incident.kind === 'recreated') cause(simulator, incident)
  }
  if (moment.kind === 'at') simulator.at(moment.ms, act)
  else simulator.on({ method: moment.method, nth: moment.nth, when: moment.when }, act)
}

function cause(simulator: Simulator, incident: Incident): void {
  const later = (ms: number, act: () => void) => {
    const nowMs = simulator.requests.at(-1)?.at ?? 0
    simulator.at(nowMs + ms, () => {
      if (simulator.cluster(CLUSTER).exists) act()
    })
  }
  if (incident.kind === 'rival') simulator.patchAs('rival', CLUSTER, incident.patch)
  if (incident.kind === 'status-write')
    simulator.setStatus(CLUSTER, { metrics: { requests: simulator.requests.length } })
  if (incident.kind === 'frozen') simulator.freeze(CLUSTER)
  if (incident.kind === 'other-version') simulator.setStatus(CLUSTER, { kubernetesVersion: incident.version })
  if (incident.kind === 'deleted') simulator.deleteCluster(CLUSTER, { terminatingMs: incident.terminatingMs })
  if (incident.kind === 'recreated') simulator.recreate(CLUSTER)
  if (incident.kind === 'hidden-status') {
    simulator.setStatus(CLUSTER, undefined)
    later(incident.forMs, () => simulator.setStatus(CLUSTER, {}))
  }
  if (incident.kind === 'phase') {
    const { phase = 'Running' } = simulator.cluster(CLUSTER).status
    simulator.setStatus(CLUSTER, { phase: incident.phase })
    later(incident.forMs, () => simulator.setStatus(CLUSTER, { phase }))
  }
}

/** What happened, for whoever has to find out why a rule was broken. */
export function describeRun({ outcome, exchanges }: RecordedRun): string {
  const lines = exchanges.map(
    ({ method, atMs, status, ifMatch, etag, shown }) =>
      `  ${String(Math.round(atMs)).padStart(7)} ${method} ${status ?? 'none'} ${ifMatch ?? ''} → ${etag ?? ''} ${
        shown === undefined ? '' : JSON.stringify([shown.version, shown.generation, shown.resources, shown.status])
      }`,
  )
  return [`${outcome.result} ${outcome.reason ?? ''} changed=${outcome.changed}: ${outcome.message}`, ...lines].join(
    '\n',
  )
}
