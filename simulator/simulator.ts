import { isDeepStrictEqual } from 'node:util'
import type { ClusterSpec, ClusterState, ClusterStatus, Fate, SpecPatch, Write } from './cluster.js'
import { copy, StoredCluster } from './cluster.js'
import { answerWith, type Fault, isTransportFault, type Matcher, Rules, type TransportFault } from './faults.js'
import { ok, refuse, refuseBody, type SimReply, type SimRequest, toRoute } from './replies.js'
import { Operator } from './rollout.js'
import { type Settings, type SimulatorOptions, toSettings } from './settings.js'
import { applyPatch, toObject, toState } from './spec.js'
import { Timeline } from './timeline.js'
import { parsePatch } from './validation.js'

export type { ClusterSpec, ClusterState, ClusterStatus, Fate, SpecPatch, Write } from './cluster.js'
export type { Fault, Matcher, TransportFault } from './faults.js'
export type { SimReply, SimRequest } from './replies.js'
export { DEFAULTS, type SimulatorOptions } from './settings.js'

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

/** A status to write: `undefined` takes the field away. */
export type StatusChange = { [Key in keyof ClusterStatus]?: ClusterStatus[Key] | undefined }

const FIRST_RESOURCE_VERSION = 294_810

/** A Kupe API in memory, with an operator behind it, on whatever clock it is given. */
export class Simulator {
  readonly requests: RecordedRequest[] = []
  private readonly settings: Settings
  private readonly timeline: Timeline
  private readonly operator: Operator
  private readonly clusters = new Map<string, StoredCluster>()
  private readonly faults = new Rules<Fault>()
  private readonly hooks = { before: new Rules<Action>(), after: new Rules<Action>() }

  constructor(options: SimulatorOptions) {
    this.settings = toSettings(options)
    this.timeline = new Timeline(this.settings.now)
    this.operator = new Operator(this.timeline, this.settings)
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
    const cluster = toRoute(request.path)?.name
    for (const action of this.hooks.before.take(method, cluster)) action(this)
    const fault = this.faults.take(method, cluster, 1)[0]
    const handled = (asked: SimRequest, staleMs?: number) => this.route(asked, staleMs)
    const reply = this.rateLimited() ?? answerWith(fault, request, handled)
    reply.headers = { 'x-request-id': requestId, date: new Date(this.settings.date()).toUTCString(), ...reply.headers }
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
    const state = toState(spec, this.settings, FIRST_RESOURCE_VERSION + this.clusters.size * 1000)
    const cluster = new StoredCluster(this.timeline.time, state)
    this.clusters.set(state.name, cluster)
    this.operator.created(cluster, spec)
  }

  /** A change of the spec by another writer, with all that follows from it; the patch is not checked. */
  patchAs(writer: string, name: string, patch: SpecPatch): void {
    this.timeline.advance()
    this.changeSpec(this.existing(name), writer, patch)
  }

  /** Writes the status directly; `undefined` instead of a change hides it whole until the next write here. */
  setStatus(name: string, change: StatusChange | undefined, writer = 'test'): void {
    this.timeline.advance()
    this.existing(name).write(this.timeline.time, { writer, kind: 'status', patch: change }, (draft) => {
      draft.statusHidden = change === undefined
      Object.assign(draft.status, change)
    })
  }

  /** Ends whatever the operator has under way for a cluster, without a write: from here on it is `setStatus` alone. */
  freeze(name: string): void {
    this.timeline.advance()
    this.existing(name).rollout = undefined
  }

  deleteCluster(name: string, { terminatingMs = 0, phase = 'Terminating' } = {}): void {
    this.timeline.advance()
    const cluster = this.existing(name)
    const { createdAt } = cluster.state
    this.freeze(name)
    this.setStatus(name, { phase }, 'operator')
    const remove = () => {
      if (cluster.exists && cluster.state.createdAt === createdAt) cluster.remove(this.timeline.time, 'operator')
    }
    if (terminatingMs === 0) remove()
    else this.timeline.schedule(this.timeline.time + terminatingMs, remove)
  }

  /** Gives the name to a new cluster, whether or not the old one is gone. */
  recreate(name: string, spec: Omit<ClusterSpec, 'name'> = {}): void {
    this.timeline.advance()
    const cluster = this.find(name)
    const createdAt = new Date(this.settings.date()).toISOString().replace(/\.\d+Z$/, 'Z')
    const next = { generation: 1, createdAt, ...spec, name }
    const state = toState(next, this.settings, cluster.state.resourceVersion + 1)
    cluster.create(this.timeline.time, 'user', state)
    this.operator.created(cluster, next)
  }

  /** The truth about a cluster, whatever the API shows. */
  cluster(name: string): ClusterTruth {
    this.timeline.advance()
    const { state, exists, history } = this.find(name)
    return copy({ ...state, exists, history })
  }

  private rateLimited(): SimReply | undefined {
    const limit = this.settings.rateLimit
    if (limit === undefined) return undefined
    const recent = this.requests.filter(({ at, status }) => at > this.timeline.time - limit.perMs && status !== 429)
    // The request in hand is recorded already.
    if (recent.length <= limit.requests) return undefined
    return refuse(429, 'rate limit exceeded', { 'retry-after': String(limit.retryAfterSeconds) })
  }

  private route(request: SimRequest, staleMs = 0): SimReply {
    const { method, headers } = request
    const route = toRoute(request.path)
    if (route === undefined) return refuse(404, 'not found')
    const key = headers.authorization?.replace(/^Bearer /, '')
    const { adminKey, readonlyKey, tenant } = this.settings
    if (key === headers.authorization || (key !== adminKey && key !== readonlyKey)) return refuse(401, 'unauthorized')
    if (route.tenant !== tenant) return refuse(403, 'access denied')
    const allowed = route.kind === 'cluster' ? ['GET', 'PATCH'] : ['GET']
    if (!allowed.includes(method)) return refuse(405, 'method not allowed', { allow: allowed.join(', ') })
    if (method === 'PATCH' && key !== adminKey) return refuse(403, 'access denied')
    if (route.kind !== 'cluster') return this.collection(route.kind)
    const cluster = this.clusters.get(route.name)
    const state = staleMs > 0 ? cluster?.asOf(this.timeline.time - staleMs) : cluster?.state
    if (cluster === undefined || state === undefined) return refuse(404, 'cluster not found')
    if (staleMs === 0 && !cluster.exists) return refuse(404, 'cluster not found')
    return method === 'GET' ? this.show(state) : this.patch(cluster, request)
  }

  private collection(kind: 'tenant' | 'clusters'): SimReply {
    const states = [...this.clusters.values()].filter(({ exists }) => exists).map(({ state }) => state)
    if (kind === 'clusters') return ok({ items: states.map((state) => toObject(state, this.settings)) })
    const poolResources = { cpu: '64', memory: '256Gi', storage: '2Ti' }
    const status = { phase: 'Active', clusterCount: states.length, poolResources }
    return ok({ name: this.settings.tenant, plan: 'team', status }, { etag: '"1"' })
  }

  private show(state: ClusterState, status = 200): SimReply {
    return ok(toObject(state, this.settings), this.settings.etags ? { etag: this.etagOf(state) } : {}, status)
  }

  private patch(cluster: StoredCluster, { headers, body }: SimRequest): SimReply {
    const { 'content-type': contentType = 'application/json', 'if-match': ifMatch } = headers
    if (!/^application\/json\s*(;|$)/.test(contentType)) return refuse(415, 'content type must be application/json')
    const parsed = parsePatch(body, this.settings)
    if ('refusal' in parsed) return refuseBody(parsed.refusal)
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== this.etagOf(cluster.state)) {
      return refuse(412, 'resource version mismatch: the cluster was modified')
    }
    if (['Terminating', 'Deleting'].includes(cluster.state.status.phase ?? '')) {
      return refuse(409, 'cluster is being deleted')
    }
    this.changeSpec(cluster, 'api', parsed.patch)
    const reply = this.show(cluster.state, this.settings.patchStatus)
    return this.settings.emptyPatchAnswer ? { ...reply, body: '' } : reply
  }

  private changeSpec(cluster: StoredCluster, writer: string, patch: SpecPatch): void {
    const before = cluster.state
    const draft = copy(before)
    applyPatch(draft, patch, this.settings)
    // A write that changes nothing moves nothing, as in Kubernetes.
    if (isDeepStrictEqual(draft, before)) return
    if (this.settings.generationMoves) draft.generation += 1
    cluster.write(this.timeline.time, { writer, kind: 'spec', patch }, (state) => void Object.assign(state, draft))
    this.operator.specChanged(cluster, before)
  }

  private etagOf({ resourceVersion }: ClusterState): string {
    if (this.settings.etagStyle === 'bare') return String(resourceVersion)
    return this.settings.etagStyle === 'weak' ? `W/"${resourceVersion}"` : `"${resourceVersion}"`
  }

  private find(name: string): StoredCluster {
    const cluster = this.clusters.get(name)
    if (cluster === undefined) throw new Error(`the simulator has no cluster "${name}"`)
    return cluster
  }

  private existing(name: string): StoredCluster {
    const cluster = this.find(name)
    if (!cluster.exists) throw new Error(`the simulator's cluster "${name}" is deleted`)
    return cluster
  }
}
