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

/** A moment of wall time in milliseconds, as the API writes it: to the second, in UTC. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
