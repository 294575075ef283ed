import { DEFAULTS, Simulator, type SimulatorOptions } from '../../simulator/simulator.js'
import { createClusterApi } from '../../src/api/client.js'
import type { Exchange } from '../../src/api/http.js'
import type { Clock } from '../../src/clock.js'
import type { ApprovedPlans } from '../../src/domain/approval.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import { ApiError } from '../../src/errors.js'
import { createAlertRedactor } from '../../src/redact.js'
import { toWords } from '../../src/report/words.js'
import { run } from '../../src/run/run.js'
import type { Log } from '../../src/run/run-log.js'
import { VirtualClock } from './clock.js'
import { CLUSTER, toTask } from './tasks.js'

export const API_KEY = DEFAULTS.adminKey
const MAX_BODY_BYTES = 10 * 1024 * 1024
const SILENT_LOG: Log = { info: () => undefined, warning: () => undefined, debug: () => undefined }

/** Runs a task with the API client of a real step, over this exchange. */
export function runTask(
  task: Task,
  {
    exchange,
    clock,
    log = SILENT_LOG,
    approvedPlans,
  }: { exchange: Exchange; clock: Clock; log?: Log; approvedPlans?: ApprovedPlans | undefined },
): Promise<Outcome> {
  const redactor = createAlertRedactor({ secrets: [API_KEY], shown: [task.tenant, task.cluster] })
  redactor.learn(task.desired.alerts)
  const api = createClusterApi({
    apiUrl: 'http://127.0.0.1:1/api/v1',
    apiKey: API_KEY,
    tenant: task.tenant,
    cluster: task.cluster,
    exchange,
    redactor,
  })
  return run(task, { api, clock, log, ...(approvedPlans === undefined ? {} : { approvedPlans }) })
}

/** A request of ours as the simulator takes it. */
export function toSimulatorRequest({ method, url, headers, body }: Parameters<Exchange>[0]) {
  const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const request = { method, path: new URL(url).pathname, headers: lowerCased }
  return body === undefined ? request : { ...request, body }
}

/** Carries requests to a simulator in this process; faults that need a socket are played on the virtual clock. */
export function createSimulatedExchange(simulator: Simulator, clock: VirtualClock): Exchange {
  return async (request) => {
    const { method, timeoutMs } = request
    clock.pass(0)
    const { reply, fault } = simulator.handle(toSimulatorRequest(request))
    const delayMs =
      fault?.kind === 'delay' ? fault.ms : fault?.kind === 'hang' || fault?.kind === 'stall' ? Infinity : 0
    clock.pass(Math.min(delayMs, timeoutMs))
    if (delayMs >= timeoutMs && delayMs > 0)
      throw new ApiError(`${method} gave no answer in time`, { trouble: 'timeout' })
    if (fault?.kind === 'reset' || fault?.kind === 'cut')
      throw new ApiError(`${method} was cut`, { trouble: 'network' })
    const isWhole = Buffer.byteLength(reply.body) <= MAX_BODY_BYTES
    return { status: reply.status, headers: reply.headers, body: isWhole ? reply.body : '', isWhole }
  }
}

/** One run, and the server it meets. */
export interface RunSetup {
  readonly task?: Partial<Task>
  readonly server?: Omit<SimulatorOptions, 'now'>
  /** Faults, other writers and incidents, before the run begins. */
  readonly arrange?: (simulator: Simulator) => void
  readonly clock?: VirtualClock
  /** A simulator that another run has already met; its clock must be the one given. */
  readonly simulator?: Simulator
  readonly approvedPlans?: ApprovedPlans
}

/** What came of a run, and what the server got of it. */
export interface RunReport {
  readonly outcome: Outcome
  readonly simulator: Simulator
  readonly clock: VirtualClock
  /** All that a person reads of the ending. */
  readonly words: string
  /** Every line of the log: `info …`, `warning …`, `debug …`. */
  readonly log: readonly string[]
  /** The requests of this run as `GET 200`, `PATCH 412`, or `GET none` where no answer came. */
  readonly requests: readonly string[]
  /** The bodies and `If-Match` of the PATCHes. */
  readonly patches: readonly { body: unknown; ifMatch: string | undefined }[]
}

/** Runs one task against a simulator, on virtual time. */
export async function runAgainstSimulator({
  task = {},
  server = {},
  arrange,
  clock = new VirtualClock(),
  simulator = new Simulator({ now: () => clock.nowMs(), ...server }),
  approvedPlans,
}: RunSetup): Promise<RunReport> {
  const before = simulator.requests.length
  arrange?.(simulator)
  const log: string[] = []
  const write = (level: string) => (line: string) => void log.push(`${level} ${line}`)
  const outcome = await runTask(toTask(task), {
    exchange: createSimulatedExchange(simulator, clock),
    clock,
    log: { info: write('info'), warning: write('warning'), debug: write('debug') },
    approvedPlans,
  })
  const ours = simulator.requests.slice(before)
  return {
    outcome,
    simulator,
    clock,
    words: wordsOf(outcome),
    log,
    requests: ours.map(({ method, status }) => `${method} ${status ?? 'none'}`),
    patches: ours
      .filter(({ method }) => method === 'PATCH')
      .map(({ body, headers }) => ({ body: JSON.parse(body ?? 'null') as unknown, ifMatch: headers['if-match'] })),
  }
}

/** All that a person reads of an ending: what happened, what was sent, how the cluster stands, and what to do next. */
export function wordsOf(outcome: Outcome): string {
  const { title, what, sent, state, next = '' } = toWords(outcome, { tenant: 'acme', cluster: CLUSTER })
  return [title, what, `Sent by this run: ${sent}`, state?.text ?? '', next].join('\n')
}

export function endOf({ outcome }: RunReport): [Outcome['result'], Outcome['reason'], changed: boolean] {
  return [outcome.result, outcome.reason, outcome.changed]
}

/** The PATCHes as `PATCH 200`. */
export function patchRequestsOf({ requests }: RunReport): string[] {
  return requests.filter((request) => request.startsWith('PATCH'))
}

/** The warnings of the log, without their level. */
export function warningsOf({ log }: RunReport): string[] {
  return log.filter((line) => line.startsWith('warning ')).map((line) => line.slice('warning '.length))
}

/** Who wrote to the spec of the cluster, in order; `api` is a PATCH. */
export function writersOf(simulator: Simulator): string[] {
  const writes = simulator.cluster(CLUSTER).history.filter(({ kind }) => kind === 'spec')
  return writes.map(({ writer }) => writer)
}

/** How many PATCHes of ours changed the cluster. */
export function ourWritesTo(simulator: Simulator): number {
  return writersOf(simulator).filter((writer) => writer === 'api').length
}

/** A server whose cluster is busy with something that somebody else began. */
export function busyServer(busyForMs: number, phase = 'Upgrading'): Pick<SimulatorOptions, 'clusters'> {
  return { clusters: [{ phase, busyForMs }] }
}

/** Takes a field (`status`, `status.phase`) out of the answers to some GETs. */
export function hide(field: string, nth: number, times = 1): (simulator: Simulator) => void {
  return (simulator) =>
    simulator.inject({ method: 'GET', nth, times }, { kind: 'edit', edit: (object) => without(object, field) })
}

function without(object: Record<string, unknown>, field: string): Record<string, unknown> {
  const [key = '', inner] = field.split('.')
  const { [key]: taken, ...rest } = object
  return inner === undefined ? rest : { ...rest, [key]: without(taken as Record<string, unknown>, inner) }
}
