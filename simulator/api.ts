import type { ClusterState, StoredCluster } from './cluster.js'
import { toObject } from './object.js'
import { ok, refuse, refuseBody, type SimReply, type SimRequest, toRoute } from './replies.js'
import type { Settings } from './settings.js'
import type { ClusterStore } from './store.js'
import type { Timeline } from './timeline.js'
import { parsePatch } from './validation.js'

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
    const cluster = this.store.get(route.name)
    const state = staleMs > 0 ? cluster?.asOf(this.timeline.time - staleMs) : cluster?.state
    if (cluster === undefined || state === undefined) return refuse(404, 'cluster not found')
    if (staleMs === 0 && !cluster.exists) return refuse(404, 'cluster not found')
    return method === 'GET' ? this.show(state) : this.patch(cluster, request)
  }

  private collection(kind: 'tenant' | 'clusters'): SimReply {
    const states = this.store
      .all()
      .filter(({ exists }) => exists)
      .map(({ state }) => state)
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
    const parsed = parsePatch(body, cluster.state.highAvailability, this.settings)
    if ('refusal' in parsed) return refuseBody(parsed.refusal)
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== this.etagOf(cluster.state)) {
      return refuse(412, 'resource version mismatch: the cluster was modified')
    }
    if (['Terminating', 'Deleting'].includes(cluster.state.status.phase ?? '')) {
      return refuse(409, 'cluster is being deleted')
    }
    this.store.changeSpec(cluster, 'api', parsed.patch)
    const reply = this.show(cluster.state, this.settings.patchStatus)
    return this.settings.emptyPatchAnswer ? { ...reply, body: '' } : reply
  }

  private etagOf({ resourceVersion }: ClusterState): string {
    if (this.settings.etagStyle === 'bare') return String(resourceVersion)
    return this.settings.etagStyle === 'weak' ? `W/"${resourceVersion}"` : `"${resourceVersion}"`
  }
}
