/** What a path can name. */
export type RouteKind = 'ready' | 'plans' | 'plan' | 'tenant' | 'clusters' | 'cluster' | 'kubeconfig'

/** What a request is about; a name that the path does not give is empty. */
export interface Route {
  kind: RouteKind
  tenant: string
  cluster: string
  plan: string
}

/** What may be done to each. */
export const METHODS: Record<RouteKind, readonly string[]> = {
  ready: ['GET'],
  plans: ['GET'],
  plan: ['GET'],
  tenant: ['GET'],
  clusters: ['GET', 'POST'],
  cluster: ['GET', 'PATCH', 'DELETE'],
  kubeconfig: ['GET'],
}

/** What needs no API key. */
export const PUBLIC: readonly RouteKind[] = ['ready', 'plans', 'plan']

/** What a path names, its segments decoded; `undefined` where there is nothing. A query is left aside. */
export function toRoute(path: string): Route | undefined {
  const [pathname = ''] = path.split('?', 1)
  if (pathname === '/readyz') return route('ready')
  const [root, api, version, collection, ...rest] = decode(pathname.split('/'))
  if (root !== '' || api !== 'api' || version !== 'v1' || rest.includes('')) return undefined
  if (collection === 'plans') return toPlanRoute(rest)
  return collection === 'tenants' ? toTenantRoute(rest) : undefined
}

function toPlanRoute([plan, ...more]: string[]): Route | undefined {
  if (more.length > 0) return undefined
  return plan === undefined ? route('plans') : route('plan', { plan })
}

function toTenantRoute([tenant, clusters, cluster, part, ...more]: string[]): Route | undefined {
  if (tenant === undefined || more.length > 0) return undefined
  if (clusters === undefined) return route('tenant', { tenant })
  if (clusters !== 'clusters') return undefined
  if (cluster === undefined) return route('clusters', { tenant })
  if (part === undefined) return route('cluster', { tenant, cluster })
  return part === 'kubeconfig' ? route('kubeconfig', { tenant, cluster }) : undefined
}

function route(kind: RouteKind, names: Partial<Route> = {}): Route {
  return { kind, tenant: '', cluster: '', plan: '', ...names }
}

/** The segments of a path, or none where one is encoded badly. */
function decode(segments: string[]): string[] {
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return []
  }
}
