import type { Fault } from './faults.js'
import type { Matcher } from './rules.js'

const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Reads `METHOD:N:WHAT`; throws, with the words for the user, at what it does not understand. */
export function toFault(text: string): { matcher: Matcher; fault: Fault } {
  const [, method, from, span, to, what, applied] = /^([A-Z]+|\*):(\d+)(-(\d*))?:(.+?)(\+applied)?$/.exec(text) ?? []
  if (method === undefined || from === undefined || what === undefined) {
    throw new Error(`--fault ${text}: must look like GET:3:503 or PATCH:1:reset+applied`)
  }
  const nth = Number(from)
  const last = span === undefined ? nth : to ? Number(to) : Number.POSITIVE_INFINITY
  const matcher = { ...(method === '*' ? {} : { method }), nth, times: last - nth + 1 }
  return { matcher, fault: toNamedFault(what, text, applied !== undefined) }
}

/** Milliseconds of a time with a unit: `250ms`, `20s`, `5m`. */
export function toMs(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  const factor = UNITS[unit]
  if (factor === undefined)
    throw new Error(`"${text}" is no time: write a number with a unit, such as 250ms, 20s or 5m`)
  return Number(digits) * factor
}

function toNamedFault(what: string, text: string, applied: boolean): Fault {
  const [kind = '', value = ''] = what.split('=')
  if (/^[1-5]\d\d$/.test(kind)) return { kind: 'status', status: Number(kind), applied }
  switch (kind) {
    case 'delay':
    case 'stale':
      return { kind, ms: toMs(value) }
    case 'hang':
    case 'reset':
    case 'cut':
    case 'stall':
      return { kind, applied }
    case 'empty':
      return { kind: 'body', body: '', applied }
    case 'html':
      return { kind: 'body', body: '<html><body>Bad gateway</body></html>', contentType: 'text/html', applied }
    case 'page':
      if (!/^[45]\d\d$/.test(value)) throw new Error(`--fault ${text}: page wants a status, such as page=502`)
      return { kind, status: Number(value), applied }
    case 'drop':
      if (value === '') throw new Error(`--fault ${text}: drop wants fields, such as drop=alerts,status.phase`)
      return { kind, fields: value.split(',') }
    case 'old-object':
    case 'bom':
    case 'gzip':
      return { kind }
    default:
      throw new Error(`--fault ${text}: "${what}" is none of the faults that --help lists`)
  }
}
