import { Simulator, type SimulatorOptions } from '../../simulator/simulator.js'
import { createClusterApi } from '../../src/api/client.js'
import type { Exchange } from '../../src/api/http.js'
import { textsIn } from '../../src/domain/alerts.js'
import type { Guardrails } from '../../src/domain/guardrails.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import { ApiError, CancelledError } from '../../src/errors.js'
import { run } from '../../src/run.js'
import type { Clock, Log } from '../../src/runtime.js'
import { createRedactor } from '../../src/untrusted.js'

export const API_KEY = 'kupe_sim_admin_0123456789'
export const API_URL = 'http://127.0.0.1:1/api/v1'
const MAX_BODY_BYTES = 10 * 1024 * 1024

/** Time that passes only when someone sleeps. `atMs` schedules what a person does at a moment, such as pressing cancel. */
export class VirtualClock implements Clock {
  private timeMs = 0
  private isCancelled = false
  readonly slept: number[] = []

  constructor(
    private readonly wallStartMs = Date.UTC(2026, 10, 2, 9),
    readonly random: () => number = () => 0.5,
    private readonly cancelAtMs = Number.POSITIVE_INFINITY,
  ) {}

  nowMs(): number {
    return this.timeMs
  }

  wallMs(): number {
    return this.wallStartMs + this.timeMs
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms)
    this.pass(ms)
  }

  /** Lets time pass, and throws as the real clock does when the run is cancelled on the way. */
  pass(ms: number): void {
    const until = this.timeMs + Math.max(0, ms)
    if (this.isCancelled || until >= this.cancelAtMs) {
      this.isCancelled = true
      this.timeMs = Math.max(this.timeMs, Math.min(until, this.cancelAtMs))
      throw new CancelledError()
    }
    this.timeMs = until
  }
}

/** Carries requests to a simulator in this process; faults that need a socket are played on the virtual clock. */
export function simulatedExchange(simulator: Simulator, clock: VirtualClock): Exchange {
  return async ({ method, url, headers, body, timeoutMs }) => {
    clock.pass(0)
    const lowerCased = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const path = new URL(url).pathname
    const { reply, fault } = simulator.handle({
      method,
      path,
      headers: lowerCased,
      ...(body === undefined ? {} : { body }),
    })
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

export const NO_GUARDRAILS: Guardrails = {
  allowDowngrade: false,
  allowVersionSkip: false,
  allowStorageShrink: false,
  min: {},
  max: {},
}

/** A task with the defaults of the inputs. */
export function toTask(overrides: Partial<Task> = {}): Task {
  return {
    tenant: 'acme',
    cluster: 'production',
    mode: 'apply',
    desired: {},
    guardrails: NO_GUARDRAILS,
    wait: true,
    timeoutMs: 30 * 60_000,
    pollIntervalMs: 12_000,
    settleTimeMs: 30_000,
    degradedGraceMs: 300_000,
    onBusy: 'wait',
    onConflict: 'retry',
    ...overrides,
  }
}

export interface Story {
  readonly task?: Partial<Task>
  readonly server?: Omit<SimulatorOptions, 'now'>
  /** Faults, other writers and incidents, before the run begins. */
  readonly arrange?: (simulator: Simulator) => void
  readonly clock?: VirtualClock
  /** A simulator that already lived through another run; its clock must be the one given. */
  readonly simulator?: Simulator
}

export interface Told {
  readonly outcome: Outcome
  readonly simulator: Simulator
  readonly clock: VirtualClock
  /** Every line of the log: `info …`, `warning …`, `debug …`. */
  readonly log: readonly string[]
  /** The requests of this run as `GET 200`, `PATCH 412`. */
  readonly requests: readonly string[]
  /** The bodies and `If-Match` of the PATCHes. */
  readonly patches: readonly { body: unknown; ifMatch: string | undefined }[]
}

/** Tells one run against a simulator on virtual time. */
export async function tell({
  task = {},
  server = {},
  arrange,
  clock = new VirtualClock(),
  simulator,
}: Story): Promise<Told> {
  const kupe = simulator ?? new Simulator({ now: () => clock.nowMs(), ...server })
  const before = kupe.requests.length
  arrange?.(kupe)
  const log: string[] = []
  const write = (level: string) => (line: string) => void log.push(`${level} ${line}`)
  const told: Log = { info: write('info'), warning: write('warning'), debug: write('debug') }
  const full = toTask(task)
  const api = createClusterApi({
    apiUrl: API_URL,
    apiKey: API_KEY,
    tenant: full.tenant,
    cluster: full.cluster,
    exchange: simulatedExchange(kupe, clock),
    redact: createRedactor([API_KEY]),
    alertTexts: textsIn(full.desired.alerts),
  })
  const outcome = await run(full, { api, clock, log: told })
  const mine = kupe.requests.slice(before)
  return {
    outcome,
    simulator: kupe,
    clock,
    log,
    requests: mine.map(({ method, status }) => `${method} ${status ?? 'none'}`),
    patches: mine
      .filter(({ method }) => method === 'PATCH')
      .map(({ body, headers }) => ({ body: JSON.parse(body ?? 'null') as unknown, ifMatch: headers['if-match'] })),
  }
}
