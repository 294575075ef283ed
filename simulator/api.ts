import { type ClusterState, isBusy, isDeleting, type StoredCluster } from './cluster.js'
import { parseCreation, warningsOf } from './creation.js'
import { toObject, withLag } from './object.js'
import { ok, refuse, refuseBody, type SimReply, type SimRequest } from './replies.js'
import { METHODS, PUBLIC, type Route, toRoute } from './routes.js'
import type { Settings } from './settings.js'
import type { ClusterStore } from './store.js'
import { PLANS, TENANT_PLAN, toTenant } from './tenant.js'
import type { Timeline } from './timeline.js'
import { parsePatch } from './validation.js'

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVk\n-----END CERTIFICATE-----\n'

const OUTDATED = {
  412: 'resource version mismatch: the cluster was modified',
  409: 'the object has been modified; please apply your changes to the latest version and try again',
}

/** The API without faults: who may do what, and what it answers. */
export class Api {
  private readonly settings: Settings
  private readonly timeline: Timeline
  private readonly store: ClusterStore

  constructor(settings: Settings, timeline: Timeline, store: ClusterStore) {
    this.settings = settings
    this.timeline = timeline
    this.store = store
  }

  /** Answers a request; a read may be of the state as it was `staleMs` ago. */
  answer(request: SimRequest, staleMs = 0): SimReply {
    const route = toRoute(request.path)
    if (route === undefined) return refuse(404, 'not found')
    const refusal = this.refuseAccess(route, request)
    if (refusal !== undefined) return refusal
    return request.method === 'GET' ? this.read(route, staleMs) : this.write(route, request)
  }

  private refuseAccess({ kind, tenant }: Route, { method, headers }: SimRequest): SimReply | undefined {
    const key = headers.authorization?.replace(/^Bearer /, '')
    const { adminKey, readonlyKey } = this.settings
    if (!PUBLIC.includes(kind)) {
      if (key === headers.authorization || (key !== adminKey && key !== readonlyKey)) return refuse(401, 'unauthorized')
      if (tenant !== this.settings.tenant) return refuse(403, 'access denied')
    }
    const allowed = METHODS[kind]
    if (!allowed.includes(method)) return refuse(405, 'method not allowed', { allow: allowed.join(', ') })
    return method !== 'GET' && key !== adminKey ? refuse(403, 'access denied') : undefined
  }

  private read({ kind, cluster: name, plan }: Route, staleMs: number): SimReply {
    switch (kind) {
      case 'ready':
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' }
      case 'plans':
        return ok({ items: PLANS })
      case 'plan': {
        const found = PLANS.find(({ name: called }) => called === plan)
        return found === undefined ? refuse(404, 'plan not found') : ok(found)
      }
      case 'tenant':
        return ok(toTenant(this.readAll(staleMs), this.settings.date(), this.settings), this.etag('1'))
      case 'clusters':
        return ok({ items: this.readAll(staleMs).map((state) => toObject(state, this.settings)) })
      case 'cluster':
      case 'kubeconfig': {
        const cluster = this.store.get(name)
        const state = cluster && this.stateOf(cluster, staleMs)
        if (state === undefined) return refuse(404, 'cluster not found')
        return kind === 'cluster' ? this.show(state) : showKubeconfig(state)
      }
    }
  }

  private write({ kind, cluster: name }: Route, request: SimRequest): SimReply {
    const { 'content-type': contentType = 'application/json' } = request.headers
    const hasJson = /^application\/json\s*(;|$)/.test(contentType)
    if (request.method !== 'DELETE' && !hasJson) return refuse(415, 'content type must be application/json')
    if (kind === 'clusters') return this.create(request)
    const cluster = this.store.get(name)
    if (!cluster?.exists) return refuse(404, 'cluster not found')
    return request.method === 'DELETE' ? this.remove(cluster, request) : this.patch(cluster, request)
  }

  private create({ body }: SimRequest): SimReply {
    const parsed = parseCreation(body, this.settings)
    if ('refusal' in parsed) return refuseBody(parsed.refusal)
    if (this.store.get(parsed.cluster.name)?.exists) return refuse(409, 'cluster already exists')
    if (this.readAll(0).length >= TENANT_PLAN.maxClusters) return refuse(400, 'maximum cluster limit reached')
    const { state } = this.store.create(parsed.cluster)
    const object = { ...toObject(state, this.settings), warnings: warningsOf(parsed.cluster, this.settings) }
    return ok(object, this.etag(state.resourceVersion), 201)
  }

  private remove(cluster: StoredCluster, request: SimRequest): SimReply {
    if (this.isOutdated(cluster, request)) return this.refuseOutdated()
    if (!isDeleting(cluster.state)) {
      this.store.remove(cluster, { terminatingMs: this.settings.deleteMs, phase: 'Terminating' })
    }
    return { status: 204, headers: {}, body: '' }
  }

  private patch(cluster: StoredCluster, request: SimRequest): SimReply {
    const parsed = parsePatch(request.body, cluster.state.highAvailability, this.settings)
    if ('refusal' in parsed) return refuseBody(parsed.refusal)
    if (this.isOutdated(cluster, request)) return this.refuseOutdated()
    if (isDeleting(cluster.state)) return refuse(409, 'cluster is being deleted')
    if (this.settings.refuseWhileBusy && isBusy(cluster)) return refuse(409, 'another operation is in progress')
    this.store.changeSpec(cluster, 'api', parsed.patch)
    const reply = this.show(this.stateOf(cluster, 0) ?? cluster.state, this.settings.patchStatus)
    return this.settings.emptyPatchAnswer ? { ...reply, body: '' } : reply
  }

  private isOutdated({ state }: StoredCluster, { headers }: SimRequest): boolean {
    const ifMatch = headers['if-match']
    return ifMatch !== undefined && ifMatch !== '*' && ifMatch !== this.toEtag(state.resourceVersion)
  }

  private refuseOutdated(): SimReply {
    const { conflictStatus } = this.settings
    return refuse(conflictStatus, OUTDATED[conflictStatus])
  }

  private readAll(staleMs: number): ClusterState[] {
    return this.store
      .all()
      .map((cluster) => this.stateOf(cluster, staleMs))
      .filter((state) => state !== undefined)
  }

  /** What an answer shows of a cluster: how it was `staleMs` ago, some fields longer ago. */
  private stateOf(cluster: StoredCluster, staleMs: number): ClusterState | undefined {
    const asOf = (earlierMs: number) => cluster.asOf(this.timeline.time - staleMs - earlierMs)
    const current = cluster.exists ? cluster.state : undefined
    const state = staleMs > 0 ? asOf(0) : current
    return state && withLag(state, asOf, this.settings.lagMs)
  }

  private show(state: ClusterState, status = 200): SimReply {
    return ok(toObject(state, this.settings), this.etag(state.resourceVersion), status)
  }

  /** The ETag as a header of an answer, for servers that send one. */
  private etag(resourceVersion: number | string): Record<string, string> {
    return this.settings.etags ? { etag: this.toEtag(resourceVersion) } : {}
  }

  private toEtag(resourceVersion: number | string): string {
    if (this.settings.etagStyle === 'bare') return String(resourceVersion)
    return this.settings.etagStyle === 'weak' ? `W/"${resourceVersion}"` : `"${resourceVersion}"`
  }
}

/** Where the cluster answers, and with what certificate authority: base64 of PEM. Unavailable until it first runs. */
function showKubeconfig({ status: { phase = '', endpoint } }: ClusterState): SimReply {
  if (endpoint === undefined || ['Pending', 'Provisioning'].includes(phase)) return refuse(503, 'cluster is not ready')
  return ok({ endpoint, certificateAuthority: Buffer.from(CERTIFICATE).toString('base64') })
}
