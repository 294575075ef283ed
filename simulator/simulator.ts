import { Api } from './api.js'
import type { ClusterSpec, ClusterState, Fate, SpecPatch, Write } from './cluster.js'
import { copy } from './cluster.js'
import { answerWith, type Fault, isTransportFault, type TransportFault } from './faults.js'
import { refuse, type SimReply, type SimRequest } from './replies.js'
import { Operator } from './rollout.js'
import { toRoute } from './routes.js'
import { type Matcher, Rules } from './rules.js'
import { type Settings, type SimulatorOptions, toSettings } from './settings.js'
import { ClusterStore, type StatusChange } from './store.js'
import { Timeline } from './timeline.js'

export type { ClusterSpec, ClusterState, ClusterStatus, Fate, SpecPatch, Write } from './cluster.js'
export type { Fault, TransportFault } from './faults.js'
export type { SimReply, SimRequest } from './replies.js'
export type { Matcher } from './rules.js'
export { DEFAULTS, type SimulatorOptions } from './settings.js'
export type { StatusChange } from './store.js'

/** A reply, and the fault its transport has to carry out with it. */
export interface SimAnswer {
  reply: SimReply
  fault?: TransportFault
}

/** A request as recorded: `status` is absent where no byte of an answer was sent. */
export interface RecordedRequest extends SimRequest {
  at: number
  requestId: string
  status?: number
  fault?: Fault
}

/** The truth about a cluster, with every write so far. */
export interface ClusterTruth extends ClusterState {
  exists: boolean
  history: Write[]
}

/** Something done at a moment: another writer, an incident. */
export type Action = (simulator: Simulator) => void

/** A Kupe API in memory, with an operator behind it, on whatever clock it is given. */
export class Simulator {
  readonly requests: RecordedRequest[] = []
  private readonly settings: Settings
  private readonly timeline: Timeline
  private readonly operator: Operator
  private readonly store: ClusterStore
  private readonly api: Api
  private readonly faults = new Rules<Fault>()
  private replicaReads = 0
  private readonly hooks = { before: new Rules<Action>(), after: new Rules<Action>() }

  constructor(options: SimulatorOptions) {
    this.settings = toSettings(options)
    this.timeline = new Timeline(this.settings.now)
    this.operator = new Operator(this.timeline, this.settings)
    this.store = new ClusterStore(this.settings, this.timeline, this.operator)
    this.api = new Api(this.settings, this.timeline, this.store)
    for (const spec of this.settings.clusters) this.addCluster(spec)
  }

  /** Answers a request. The transport, a server or a test, carries out the fault that comes with the reply. */
  handle(request: SimRequest): SimAnswer {
    this.timeline.advance()
    const number = this.requests.length + 1
    const requestId = `sim-${String(number).padStart(4, '0')}`
    const recorded: RecordedRequest = { at: this.timeline.time, requestId, ...request, headers: { ...request.headers } }
    this.requests.push(recorded)
    const { method } = request
    const cluster = toRoute(request.path)?.cluster
    for (const action of this.hooks.before.take(method, cluster)) action(this)
    const fault = this.faults.take(method, cluster, 1)[0]
    const replicaLagMs = this.takeReplica(method, cluster)
    const handled = (asked: SimRequest, staleMs = replicaLagMs) => this.api.answer(asked, staleMs)
    const limited = this.rateLimited()
    const reply = limited ?? answerWith(fault, request, handled)
    // What the API has not seen it gave no id.
    const ids = fault?.kind === 'page' && limited === undefined ? {} : { 'x-request-id': requestId }
    reply.headers = { ...ids, date: new Date(this.settings.date()).toUTCString(), ...reply.headers }
    if (fault !== undefined) recorded.fault = fault
    if (fault?.kind !== 'hang' && fault?.kind !== 'reset') recorded.status = reply.status
    for (const action of this.hooks.after.take(method, cluster)) action(this)
    return fault !== undefined && isTransportFault(fault) ? { reply, fault } : { reply }
  }

  /** Lets a fault happen to the requests matched; where several match one request, the first injected has it. */
  inject(matcher: Matcher, fault: Fault): void {
    this.faults.add(matcher, fault)
  }

  /** Faults for the next requests of a method, in turn; `'ok'` lets one pass. */
  queue(method: string, faults: (Fault | 'ok')[]): void {
    for (const [index, fault] of faults.entries()) {
      if (fault !== 'ok') this.inject({ method, nth: index + 1 }, fault)
    }
  }

  /** Acts before the matched requests are handled (the default), or after, when the answer is already fixed. */
  on({ when = 'before', ...matcher }: Matcher & { when?: 'before' | 'after' }, action: Action): void {
    this.hooks[when].add(matcher, action)
  }

  /** Acts at a time of the clock; done, in order of time, when the simulator is next touched at or after it. */
  at(ms: number, action: Action): void {
    this.timeline.schedule(ms, () => action(this))
  }

  /** What the next changes come to. */
  nextFates(...fates: Fate[]): void {
    this.operator.addFates(fates)
  }

  addCluster(spec: ClusterSpec): void {
    this.timeline.advance()
    this.store.add(spec)
  }

  /** A change of the spec by another writer, with all that follows from it; the patch is not checked. */
  patchAs(writer: string, name: string, patch: SpecPatch): void {
    this.timeline.advance()
    this.store.changeSpec(this.store.existing(name), writer, patch)
  }

  /** Writes the status directly; `undefined` instead of a change hides it whole until the next write here. */
  setStatus(name: string, change: StatusChange | undefined, writer = 'test'): void {
    this.timeline.advance()
    this.store.writeStatus(this.store.existing(name), change, writer)
  }

  /** Ends whatever the operator has under way for a cluster, without a write: from here on it is `setStatus` alone. */
  freeze(name: string): void {
    this.timeline.advance()
    this.store.existing(name).rollout = undefined
  }

  deleteCluster(name: string, { terminatingMs = 0, phase = 'Terminating' } = {}): void {
    this.timeline.advance()
    this.store.remove(this.store.existing(name), { terminatingMs, phase })
  }

  /** Gives the name to a new cluster, whether or not the old one is gone. */
  recreate(name: string, spec: Omit<ClusterSpec, 'name'> = {}): void {
    this.timeline.advance()
    this.store.recreate(name, spec)
  }

  /** The truth about a cluster, whatever the API shows. */
  cluster(name: string): ClusterTruth {
    this.timeline.advance()
    const { state, exists, history } = this.store.find(name)
    return copy({ ...state, exists, history })
  }

  /** How far the replica is behind whose turn it is. Only reads of a cluster take turns. */
  private takeReplica(method: string, cluster: string | undefined): number {
    const { replicaLagsMs } = this.settings
    if (method !== 'GET' || !cluster || replicaLagsMs.length === 0) return 0
    this.replicaReads += 1
    return replicaLagsMs[(this.replicaReads - 1) % replicaLagsMs.length] ?? 0
  }

  private rateLimited(): SimReply | undefined {
    const limit = this.settings.rateLimit
    if (limit === undefined) return undefined
    const recent = this.requests.filter(({ at, status }) => at > this.timeline.time - limit.perMs && status !== 429)
    // The request in hand is recorded already.
    if (recent.length <= limit.requests) return undefined
    return refuse(429, 'rate limit exceeded', { 'retry-after': String(limit.retryAfterSeconds) })
  }
}
