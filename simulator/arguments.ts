import { parseArgs } from 'node:util'
import type { Fate } from './cluster.js'
import { toFault, toMs } from './fault-argument.js'
import type { Fault } from './faults.js'
import type { Matcher } from './rules.js'
import { LAGGING_FIELDS, type SimulatorOptions } from './settings.js'

/** What the command line asks for. */
export interface Arguments {
  help: boolean
  port: number
  log: boolean
  options: Omit<SimulatorOptions, 'now' | 'date'>
  faults: { matcher: Matcher; fault: Fault }[]
}

/** Every switch there is; the page of `--help` says what each does. */
export const SWITCHES = {
  port: { type: 'string', default: '8080' },
  tenant: { type: 'string' },
  cluster: { type: 'string', multiple: true, default: ['production'] },
  'cluster-version': { type: 'string', default: '1.31' },
  'no-limits': { type: 'boolean', default: false },
  'admin-key': { type: 'string' },
  'readonly-key': { type: 'string' },
  'upgrade-start': { type: 'string', default: '3s' },
  upgrade: { type: 'string', default: '20s' },
  scale: { type: 'string', default: '5s' },
  create: { type: 'string', default: '20s' },
  delete: { type: 'string', default: '5s' },
  'status-writes': { type: 'string' },
  lag: { type: 'string', multiple: true, default: [] },
  replica: { type: 'string', multiple: true, default: [] },
  'older-server': { type: 'boolean', default: false },
  'text-generations': { type: 'boolean', default: false },
  'generation-moves': { type: 'string' },
  'early-generation': { type: 'boolean', default: false },
  'no-versions': { type: 'boolean', default: false },
  etag: { type: 'string', default: 'quoted' },
  resources: { type: 'string', default: 'merge' },
  alerts: { type: 'string', default: 'merge' },
  conflict: { type: 'string', default: '412' },
  'refuse-while-busy': { type: 'boolean', default: false },
  'require-limits': { type: 'boolean', default: false },
  'rate-limit': { type: 'string' },
  fate: { type: 'string', multiple: true, default: [] },
  fault: { type: 'string', multiple: true, default: [] },
  log: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const satisfies NonNullable<Parameters<typeof parseArgs>[0]>['options']

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
const SPEC_FIELDS = ['version', 'resources', 'alerts'] as const

/** Reads the command line; throws, with the words for the user, at what it does not understand. */
export function parseArguments(args: string[]): Arguments {
  const { values } = parseArgs({ args, options: SWITCHES })
  const { tenant, 'admin-key': adminKey, 'readonly-key': readonlyKey, 'rate-limit': rateLimit } = values
  const { 'generation-moves': moves } = values
  const etag = oneOf('--etag', ['quoted', 'bare', 'weak', 'none'], values.etag)
  const version = values['cluster-version'] === 'none' ? '' : values['cluster-version']
  const limits = values['no-limits'] ? { resources: {} } : {}
  return {
    help: values.help,
    port: toPort(values.port),
    log: values.log,
    options: {
      ...(tenant === undefined ? {} : { tenant }),
      ...(adminKey === undefined ? {} : { adminKey }),
      ...(readonlyKey === undefined ? {} : { readonlyKey }),
      ...(rateLimit === undefined ? {} : { rateLimit: toRateLimit(rateLimit) }),
      ...(moves === undefined ? {} : { generationMoves: toFields('--generation-moves', moves) }),
      clusters: values.cluster.map((name) => ({ name, version, ...limits })),
      upgradeStartsAfterMs: toMs(values['upgrade-start']),
      upgradeMs: toMs(values.upgrade),
      scaleMs: toMs(values.scale),
      createMs: toMs(values.create),
      deleteMs: toMs(values.delete),
      statusWriteEveryMs: toMs(values['status-writes'] ?? '0ms'),
      lagMs: Object.fromEntries(values.lag.map(toLag)),
      replicaLagsMs: values.replica.map(toMs),
      generations: !values['older-server'],
      generationsAsText: values['text-generations'],
      earlyObservedGeneration: values['early-generation'],
      reportKubernetesVersion: !values['no-versions'],
      etags: etag !== 'none',
      etagStyle: etag === 'none' ? 'quoted' : etag,
      resourcesMode: oneOf('--resources', ['merge', 'replace'], values.resources),
      alertsMode: oneOf('--alerts', ['merge', 'replace'], values.alerts),
      conflictStatus: oneOf('--conflict', ['412', '409'], values.conflict) === '409' ? 409 : 412,
      refuseWhileBusy: values['refuse-while-busy'],
      requireLimits: values['require-limits'],
      script: values.fate.map((fate) => oneOf('--fate', Object.keys(FATES) as Fate[], fate)),
    },
    faults: values.fault.map(toFault),
  }
}

/** The fields of a list with commas; `none` is an empty one. */
function toFields(option: string, text: string): (typeof SPEC_FIELDS)[number][] {
  return text === 'none' ? [] : text.split(',').map((field) => oneOf(option, SPEC_FIELDS, field))
}

function toLag(text: string): [field: string, ms: number] {
  const [field = '', time = ''] = text.split('=')
  return [oneOf('--lag', LAGGING_FIELDS, field), toMs(time)]
}

function toRateLimit(text: string): NonNullable<SimulatorOptions['rateLimit']> {
  const [count = '', time = ''] = text.split('/')
  if (!/^\d+$/.test(count)) throw new Error(`--rate-limit ${text}: must look like 20/60s`)
  return { requests: Number(count), perMs: toMs(time), retryAfterSeconds: Math.ceil(toMs(time) / 1_000) }
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
