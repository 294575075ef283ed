import { STATUS_CODES } from 'node:http'
import { json, type SimReply, type SimRequest } from './replies.js'
import { isObject } from './validation.js'

/** Faults that only a transport can carry out; the reply beside them is what would have been, or is half, sent. */
export type TransportFault =
  | { kind: 'delay'; ms: number }
  /** Never answers. */
  | { kind: 'hang'; applied?: boolean }
  /** Connection reset before any byte of the answer. */
  | { kind: 'reset'; applied?: boolean }
  /** Headers and half of the body, then the connection is destroyed. */
  | { kind: 'cut'; applied?: boolean }
  /** Headers and half of the body, then silence. */
  | { kind: 'stall'; applied?: boolean }

/** What can go wrong with one exchange. `applied`: the request took effect all the same (a GET has none). */
export type Fault =
  | TransportFault
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string>; applied?: boolean }
  /** A 2xx with another body: `''`, HTML, `[]`, a huge one. */
  | { kind: 'body'; body: string; contentType?: string; status?: number; applied?: boolean }
  /** A GET answered from the state as it was `ms` ago, with that state's ETag: an older replica. */
  | { kind: 'stale'; ms: number }
  /** A PATCH applied, and answered with the object and ETag from before. */
  | { kind: 'old-object' }
  /** Handled, with headers of the answer replaced or, with `null`, taken away. */
  | { kind: 'headers'; headers: Record<string, string | null> }
  /** Handled, with the JSON of the answer replaced by what the function makes of it. */
  | { kind: 'edit'; edit: (object: Record<string, unknown>) => unknown }
  /** Handled, with fields left out of the answer: `version`, `resources.cpu`, `status.phase`. */
  | { kind: 'drop'; fields: string[] }
  /** A web page of something in front of the API, which gave the request no id. */
  | { kind: 'page'; status: number; applied?: boolean }
  /** Handled, with a byte order mark before the body. */
  | { kind: 'bom' }
  /** Handled, with the body compressed whatever was asked for. The transport does it, as `content-encoding` says. */
  | { kind: 'gzip' }

/** Whether a fault is the transport's to carry out. */
export function isTransportFault(fault: Fault): fault is TransportFault {
  return ['delay', 'hang', 'reset', 'cut', 'stall'].includes(fault.kind)
}

/** Answers a request with a fault in it; `route` is the server without faults. */
export function answerWith(
  fault: Fault | undefined,
  request: SimRequest,
  route: (request: SimRequest, staleMs?: number) => SimReply,
): SimReply {
  const untouched: SimRequest = { ...request, method: 'GET' }
  switch (fault?.kind) {
    case undefined:
    case 'delay':
      return route(request)
    case 'hang':
    case 'reset':
    case 'cut':
    case 'stall':
      return route(fault.applied ? request : untouched)
    case 'status': {
      const { status, body = json({ error: `simulated ${status}` }), headers } = fault
      if (fault.applied) route(request)
      return { status, headers: { 'content-type': 'application/json', ...lowerCased(headers) }, body }
    }
    case 'body': {
      const { body, status = 200, contentType = 'application/json' } = fault
      const { headers } = route(fault.applied ? request : untouched)
      return { status, headers: { ...headers, 'content-type': contentType }, body }
    }
    case 'stale':
      return request.method === 'GET' ? route(request, fault.ms) : route(request)
    case 'old-object': {
      const before = route(untouched)
      const after = route(request)
      return after.status < 300 ? { ...before, status: after.status } : after
    }
    case 'headers': {
      const reply = route(request)
      const headers = Object.entries({ ...reply.headers, ...lowerCased(fault.headers) })
      const kept = headers.filter((header): header is [string, string] => header[1] !== null)
      return { ...reply, headers: Object.fromEntries(kept) }
    }
    case 'edit': {
      return edited(route(request), fault.edit)
    }
    case 'drop':
      return edited(route(request), (object) => fault.fields.reduce(without, object))
    case 'page': {
      if (fault.applied) route(request)
      return { status: fault.status, headers: { 'content-type': 'text/html' }, body: htmlPage(fault.status) }
    }
    case 'bom': {
      const reply = route(request)
      return { ...reply, body: `\uFEFF${reply.body}` }
    }
    case 'gzip': {
      const reply = route(request)
      return { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' } }
    }
  }
}

function edited(reply: SimReply, edit: (object: Record<string, unknown>) => unknown): SimReply {
  const object: unknown = reply.body === '' ? {} : JSON.parse(reply.body)
  return { ...reply, body: json(edit(isObject(object) ? object : {})) }
}

/** An object without a field, or without a field of one of its own. */
function without(object: Record<string, unknown>, path: string): Record<string, unknown> {
  const [key = '', ...inner] = path.split('.')
  const { [key]: value, ...rest } = object
  return inner.length > 0 && isObject(value) ? { ...rest, [key]: without(value, inner.join('.')) } : rest
}

/** What gateways and content delivery networks show people. */
function htmlPage(status: number): string {
  const title = `${status} ${STATUS_CODES[status] ?? 'Connection timed out'}`
  return `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`
}

function lowerCased<T>(headers: Record<string, T> | undefined): Record<string, T> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
}
