import { parseArgs } from 'node:util'
import type { Fate } from './cluster.js'
import type { Fault } from './faults.js'
import type { Matcher } from './rules.js'
import type { SimulatorOptions } from './settings.js'

/** What the command line asks for. */
export interface Arguments {
  help: boolean
  port: number
  log: boolean
  options: Omit<SimulatorOptions, 'now' | 'date'>
  faults: { matcher: Matcher; fault: Fault }[]
}

/** The page that `--help` prints. */
export const HELP = `A Kupe API on this machine, for trying the action without touching a real cluster.

  node dist/simulator/index.js [options]

  --port N               where to listen on 127.0.0.1; 0 is any free port (8080)
  --tenant NAME          the tenant (acme)
  --cluster NAME         a cluster; give it several times for several (production)
  --cluster-version V    the version the clusters start with (1.31)
  --admin-key KEY        API key that may change things (kupe_sim_admin_0123456789)
  --readonly-key KEY     API key that may only look (kupe_sim_readonly_0123456789)

  --upgrade-start TIME   from a change of version to phase Upgrading (3s)
  --upgrade TIME         how long the upgrade then takes (20s)
  --scale TIME           how long a change of resources takes; the phase stays Running (5s)
  --status-writes TIME   how often the operator writes metrics, which moves the ETag (never)
  --older-server         neither generation nor observedGeneration
  --no-versions          no status.kubernetesVersion
  --etag STYLE           quoted, bare, weak or none (quoted)
  --resources MODE       PATCH does merge or replace resources (merge)
  --alerts MODE          the same for alerts (merge)
  --rate-limit N/TIME    at most N requests in TIME, then 429
  --fate FATE            what the next change comes to; give it several times for several. One of
                         ok, rolled-back, rolled-back-desired, degraded, degraded-heals, degraded-blip, stuck,
                         unknown-phase, no-phase, no-status, upgrade-stays-running
  --fault METHOD:N:WHAT  what happens to the Nth request of METHOD, N being 3, or 3-5, or 3-; WHAT is a
                         status, delay=TIME, hang, reset, cut, stall, empty, html, stale=TIME or
                         old-object. With +applied the request takes effect all the same:
                         --fault GET:3:503   --fault PATCH:1:reset+applied

  --log                  a line for every request
  --help                 this page

TIME is a number with a unit: 250ms, 20s, 5m.
`

const FATES: Record<Fate, true> = {
  ok: true,
  'rolled-back': true,
  'rolled-back-desired': true,
  degraded: true,
  'degraded-heals': true,
  'degraded-blip': true,
  stuck: true,
  'unknown-phase': true,
  'no-phase': true,
  'no-status': true,
  'upgrade-stays-running': true,
}
const UNITS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Reads the command line; throws, with the words for the user, at what it does not understand. */
export function parseArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8080' },
      tenant: { type: 'string' },
      cluster: { type: 'string', multiple: true, default: ['production'] },
      'cluster-version': { type: 'string', default: '1.31' },
      'admin-key': { type: 'string' },
      'readonly-key': { type: 'string' },
      'upgrade-start': { type: 'string', default: '3s' },
      upgrade: { type: 'string', default: '20s' },
      scale: { type: 'string', default: '5s' },
      'status-writes': { type: 'string' },
      'older-server': { type: 'boolean', default: false },
      'no-versions': { type: 'boolean', default: false },
      etag: { type: 'string', default: 'quoted' },
      resources: { type: 'string', default: 'merge' },
      alerts: { type: 'string', default: 'merge' },
      'rate-limit': { type: 'string' },
      fate: { type: 'string', multiple: true, default: [] },
      fault: { type: 'string', multiple: true, default: [] },
      log: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { tenant, 'admin-key': adminKey, 'readonly-key': readonlyKey, 'rate-limit': rateLimit } = values
  const etag = oneOf('--etag', ['quoted', 'bare', 'weak', 'none'], values.etag)
  const version = values['cluster-version']
  return {
    help: values.help,
    port: toPort(values.port),
    log: values.log,
    options: {
      ...(tenant === undefined ? {} : { tenant }),
      ...(adminKey === undefined ? {} : { adminKey }),
      ...(readonlyKey === undefined ? {} : { readonlyKey }),
      ...(rateLimit === undefined ? {} : { rateLimit: toRateLimit(rateLimit) }),
      clusters: values.cluster.map((name) => ({ name, version })),
      upgradeStartsAfterMs: toMs(values['upgrade-start']),
      upgradeMs: toMs(values.upgrade),
      scaleMs: toMs(values.scale),
      statusWriteEveryMs: toMs(values['status-writes'] ?? '0ms'),
      generations: !values['older-server'],
      reportKubernetesVersion: !values['no-versions'],
      etags: etag !== 'none',
      etagStyle: etag === 'none' ? 'quoted' : etag,
      resourcesMode: oneOf('--resources', ['merge', 'replace'], values.resources),
      alertsMode: oneOf('--alerts', ['merge', 'replace'], values.alerts),
      script: values.fate.map((fate) => oneOf('--fate', Object.keys(FATES) as Fate[], fate)),
    },
    faults: values.fault.map(toFault),
  }
}

function toFault(text: string): { matcher: Matcher; fault: Fault } {
  const [, method, from, span, to, what, applied] = /^([A-Z]+):(\d+)(-(\d*))?:(.+?)(\+applied)?$/.exec(text) ?? []
  if (method === undefined || from === undefined || what === undefined) {
    throw new Error(`--fault ${text}: must look like GET:3:503 or PATCH:1:reset+applied`)
  }
  const nth = Number(from)
  const last = span === undefined ? nth : to ? Number(to) : Number.POSITIVE_INFINITY
  return { matcher: { method, nth, times: last - nth + 1 }, fault: named(what, text, applied !== undefined) }
}

function named(what: string, text: string, applied: boolean): Fault {
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
    case 'old-object':
      return { kind }
    default:
      throw new Error(`--fault ${text}: "${what}" is none of the faults that --help lists`)
  }
}

function toRateLimit(text: string): NonNullable<SimulatorOptions['rateLimit']> {
  const [count = '', time = ''] = text.split('/')
  if (!/^\d+$/.test(count)) throw new Error(`--rate-limit ${text}: must look like 20/60s`)
  return { requests: Number(count), perMs: toMs(time), retryAfterSeconds: Math.ceil(toMs(time) / 1_000) }
}

function toMs(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? []
  const factor = UNITS[unit]
  if (factor === undefined)
    throw new Error(`"${text}" is no time: write a number with a unit, such as 250ms, 20s or 5m`)
  return Number(digits) * factor
}

function toPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--port ${text}: must be a number from 0 to 65535`)
  return port
}

function oneOf<T extends string>(option: string, choices: readonly T[], value: string): T {
  const choice = choices.find((name) => name === value)
  if (choice === undefined) throw new Error(`${option} ${value}: must be one of ${choices.join(', ')}`)
  return choice
}
