import type { Refusal } from './validation.js'

/** A request as it came in; header names in lower case. */
export interface SimRequest {
  method: string
  path: string
  headers: Record<string, string | undefined>
  body?: string
}

/** An answer; header names in lower case. */
export interface SimReply {
  status: number
  headers: Record<string, string>
  body: string
}

/** What a request is about; `name` is empty but for a cluster. */
export interface Route {
  tenant: string
  kind: 'tenant' | 'clusters' | 'cluster'
  name: string
}

/** What a path names, its segments decoded; `undefined` where there is nothing. */
export function toRoute(path: string): Route | undefined {
  const match = /^\/api\/v1\/tenants\/([^/?]+)(\/clusters(?:\/([^/?]+))?)?(?:\?|$)/.exec(path)
  if (match === null) return undefined
  const [, tenant = '', clusters, name] = match
  const kind = clusters === undefined ? 'tenant' : name === undefined ? 'clusters' : 'cluster'
  try {
    return { tenant: decodeURIComponent(tenant), kind, name: decodeURIComponent(name ?? '') }
  } catch {
    return undefined
  }
}

/** A JSON answer. */
export function ok(object: unknown, headers: Record<string, string> = {}, status = 200): SimReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: json(object) }
}

/** An answer with the documented error body. */
export function refuse(status: number, error: string, headers: Record<string, string> = {}): SimReply {
  return ok({ error }, headers, status)
}

/** A refusal of a body: structured where it is canonical, else with the one field that all errors have. */
export function refuseBody({ message, canonical }: Refusal): SimReply {
  if (canonical === undefined) return refuse(400, message)
  const { code, field } = canonical
  return ok({ code, severity: 'error', message, field, error: message }, {}, 400)
}

/** A value as the text of a body; nothing as no text. */
export function json(value: unknown): string {
  return JSON.stringify(value) ?? ''
}
