import type { Exchange, HttpResponse } from '../../src/api/http.js'
import type { Clock } from '../../src/clock.js'
import { ApiError, type ApiErrorFacts, CancelledError } from '../../src/errors.js'
import { isObject } from './asked.js'
import type { Chance } from './chance.js'
import type { Snapshot } from './cluster-state.js'
import { CLUSTER_NAME, type Model, type Reply, SECRETS } from './model.js'
import {
  type Fault,
  type HideableField,
  type Incident,
  type Json,
  type JsonObject,
  type Page,
  type RunPlan,
  toPatchOf,
} from './plan.js'

/** One exchange as both ends saw it. */
export interface ExchangeRecord {
  readonly method: 'GET' | 'PATCH'
  readonly url: string
  readonly authorization: string | undefined
  readonly startMs: number
  readonly startWallMs: number
  readonly timeoutMs: number
  readonly ifMatch: string | undefined
  readonly body: string | undefined
  endMs: number
  /** What the run was told of its trouble, where no answer came. */
  trouble?: ApiErrorFacts['trouble']
  isUnsent: boolean
  isCancelled: boolean
  status?: number
  etag?: string
  retryAfter?: string
  /** Who wrote the answer: the API, or something in front of it. */
  page?: Page
  /** The cluster that the answer showed, if it did. */
  shown?: JsonObject
  isEmpty: boolean
  /** Whether the answer was older than what the API had answered from, had it been asked for the newest. */
  isStale: boolean
  /** The moment of the cluster's life that the answer shows. */
  depicts?: Snapshot
  /** The faults that struck. */
  readonly faults: string[]
  /** Whether this PATCH truly changed the cluster; a late one may do so after the run is over. */
  hasLanded: boolean
}

/** Time that passes only where it is let pass, and the moment at which the run is cancelled. */
export class VirtualClock implements Clock {
  isCancelled = false
  private timeMs = 0
  private readonly jumps: { readonly atMs: number; readonly ms: number }[] = []

  constructor(
    private readonly wallStartMs: number,
    private readonly cancelAtMs: number,
    readonly random: () => number,
  ) {}

  nowMs(): number {
    return this.timeMs
  }

  wallMs(): number {
    const jumped = this.jumps.filter(({ atMs }) => atMs <= this.timeMs)
    return jumped.reduce((sum, { ms }) => sum + ms, this.wallStartMs + this.timeMs)
  }

  /** Somebody sets the clock on the wall; durations are none of its business. */
  jumpWall(atMs: number, ms: number): void {
    this.jumps.push({ atMs, ms })
  }

  async sleep(ms: number): Promise<void> {
    this.pass(ms)
  }

  /** Lets time pass, and throws as soon as the run is cancelled. */
  pass(ms: number): void {
    const untilMs = this.timeMs + Math.max(0, ms)
    if (untilMs < this.cancelAtMs) {
      this.timeMs = untilMs
      return
    }
    this.timeMs = Math.max(this.timeMs, this.cancelAtMs)
    this.isCancelled = true
    throw new CancelledError()
  }
}

export interface Wire {
  readonly exchange: Exchange
  readonly records: readonly ExchangeRecord[]
  /** The incidents that came to pass, by kind. */
  readonly happened: readonly string[]
}

interface WireOptions {
  readonly plan: RunPlan
  readonly model: Model
  readonly clock: VirtualClock
  readonly chance: Chance
}

/** Carries requests to the model on virtual time, with all that can go wrong on the way, as `api/http.ts` would report it. */
export function createWire({ plan, model, clock, chance }: WireOptions): Wire {
  const { server, faults, incidents } = plan
  const records: ExchangeRecord[] = []
  const happened: string[] = []
  const counts = { GET: 0, PATCH: 0 }

  const happen = (what: Incident) => {
    happened.push(what.kind)
    applyIncident(what, model, plan)
  }
  for (const { when, what } of incidents) {
    if (!('atMs' in when)) continue
    if (what.kind === 'clock-jumps') clock.jumpWall(when.atMs, what.ms)
    model.state.at(when.atMs, () => happen(what))
  }
  const happenAround = (method: 'GET' | 'PATCH', nth: number, side: 'before' | 'after') => {
    for (const { when, what } of incidents) {
      if (!('nth' in when) || when.method !== method || when.nth !== nth || when.side !== side) continue
      if (what.kind === 'clock-jumps') clock.jumpWall(clock.nowMs(), what.ms)
      happen(what)
    }
  }
  const faultsOf = (method: 'GET' | 'PATCH', nth: number, atMs: number): Fault[] =>
    faults
      .filter(({ when }) =>
        'nth' in when
          ? when.method === method && nth >= when.nth && nth < when.nth + when.times
          : (when.method === 'any' || when.method === method) && atMs >= when.fromMs && atMs < when.untilMs,
      )
      .map(({ fault }) => fault)

  const exchange: Exchange = async (request) => {
    clock.pass(0)
    const { method, headers, timeoutMs } = request
    counts[method] += 1
    const nth = counts[method]
    const startMs = clock.nowMs()
    const record: ExchangeRecord = {
      method,
      url: request.url,
      authorization: headers.Authorization,
      startMs,
      startWallMs: clock.wallMs(),
      timeoutMs,
      ifMatch: headers['If-Match'],
      body: request.body,
      endMs: startMs,
      isUnsent: false,
      isCancelled: false,
      isEmpty: false,
      isStale: false,
      faults: [],
      hasLanded: false,
    }
    records.push(record)
    try {
      const response = carry(record, nth)
      record.endMs = clock.nowMs()
      takeIn(record, response)
      return response
    } catch (error) {
      record.endMs = clock.nowMs()
      record.isCancelled = error instanceof CancelledError
      throw error
    }
  }

  function carry(record: ExchangeRecord, nth: number): HttpResponse {
    const { method, startMs, timeoutMs } = record
    const endsMs = startMs + timeoutMs
    const legMs = server.latencyMs === 0 ? 0 : server.latencyMs * (0.5 + chance.next())
    const struck = faultsOf(method, nth, startMs)
    for (const fault of struck) record.faults.push(describeFault(fault))
    const travel = (ms: number) => {
      const left = endsMs - clock.nowMs()
      clock.pass(Math.min(ms, left))
      if (ms >= left) throw fail(record, 'timeout', false)
    }
    const [fault] = struck.filter(({ kind }) => !['hide', 'replica', 'no-etag', 'slow'].includes(kind))
    if (fault?.kind === 'unsent') {
      travel(legMs)
      throw fail(record, fault.by === 'dns' ? 'dns' : fault.by === 'tls' ? 'tls' : 'network', true)
    }
    travel(legMs)
    model.state.advanceTo(clock.nowMs())
    happenAround(method, nth, 'before')
    const lateMs = fault?.kind === 'hang' && fault.applied === 'late' ? 45_000 : 0
    const reachesServer =
      fault === undefined || ('applied' in fault && (fault.applied === true || fault.applied === 'at-once'))
    const handle = (): Reply | undefined => {
      if (method === 'GET') return model.read(lagFor(record, struck))
      const { body = '', ifMatch } = record
      const reply = model.patch({
        body,
        ifMatch,
        index: records.filter((other) => other.method === 'PATCH').indexOf(record),
      })
      record.hasLanded ||= reply.status < 300
      return reply
    }
    if (lateMs > 0 && method === 'PATCH') model.state.at(clock.nowMs() + lateMs, handle)
    const reply = reachesServer ? handle() : undefined
    happenAround(method, nth, 'after')
    if (fault?.kind === 'hang') travel(timeoutMs)
    for (const other of struck) if (other.kind === 'slow') travel(other.ms)
    if (fault?.kind === 'cut') {
      travel(legMs)
      throw fail(record, 'network', false)
    }
    travel(legMs)
    if (fault?.kind === 'status') return toFaultyStatus(record, fault)
    // An empty success is the API's own word; it does not stand in for a refusal.
    const isRefused = fault?.kind === 'no-cluster' && fault.body === 'empty' && (reply?.status ?? 200) >= 300
    if (fault?.kind === 'no-cluster' && !isRefused) return toNoCluster(fault.body)
    if (reply === undefined) throw new Error('an exchange without an answer')
    record.depicts = reply.depicts
    record.isStale = reply.isStale
    return toResponse(reply, struck)
  }

  function lagFor(record: ExchangeRecord, struck: readonly Fault[]): number {
    const fault = struck.find(({ kind }) => kind === 'replica')
    const isReplica = chance.isTrue(server.replicaShare)
    if (fault?.kind === 'replica') return fault.lagMs
    if (!isReplica) return 0
    record.faults.push('replica (share)')
    return server.replicaLagMs
  }

  function toResponse(reply: Reply, struck: readonly Fault[]): HttpResponse {
    const hidden = struck.flatMap((fault) => (fault.kind === 'hide' ? fault.fields : []))
    const isBare = struck.some(({ kind }) => kind === 'no-etag')
    const body = hidden.length === 0 || reply.status >= 300 ? reply.body : hide(reply.body, hidden)
    return {
      status: reply.status,
      headers: {
        'content-type': 'application/json',
        'x-request-id': server.echoesSecrets ? `req-${SECRETS.key}` : `req-${records.length}`,
        ...(reply.etag === undefined || isBare ? {} : { etag: reply.etag }),
      },
      body: server.byteOrderMark && reply.status < 300 && body !== '' ? `\ufeff${body}` : body,
      isWhole: true,
    }
  }

  /** What the run was shown, as a strict reader sees it. */
  function takeIn(record: ExchangeRecord, { status, headers, body, isWhole }: HttpResponse): void {
    record.status = status
    if (headers.etag !== undefined) record.etag = headers.etag
    if (headers['retry-after'] !== undefined) record.retryAfter = headers['retry-after']
    if (status < 200 || status >= 300) {
      record.page ??= 'json'
      return
    }
    record.isEmpty = body.trim() === ''
    const shown = isWhole ? parse(body) : undefined
    if (isObject(shown) && shown.name === CLUSTER_NAME) record.shown = shown
  }

  return { exchange, records, happened }
}

function fail(record: ExchangeRecord, trouble: string, isUnsent: boolean): ApiError {
  record.isUnsent = isUnsent
  record.trouble = trouble as ApiErrorFacts['trouble']
  const message = `${record.method} to api.example failed (${trouble})`
  return new ApiError(message, { trouble: record.trouble, isUnsent })
}

function parse(body: string): Json | undefined {
  if (body.startsWith('[[[')) return undefined
  try {
    return JSON.parse(body.replace(/^\ufeff/, '')) as Json
  } catch {
    return undefined
  }
}

const PAGES: Readonly<Record<Page, string>> = {
  html: '<!doctype html><html><head><title>Bad gateway</title></head><body>Ray 8f1c</body></html>',
  text: 'default backend - 404',
  empty: '',
  json: JSON.stringify({ error: 'it is not to be', code: 'NOT_NOW', field: 'spec.cpu' }),
  'access-denied': JSON.stringify({ error: 'Access denied' }),
  echo: JSON.stringify({
    message: `no ${SECRETS.key} may say ${SECRETS.asked} or ${SECRETS.live} or ${SECRETS.rival}`,
  }),
}

function toFaultyStatus(
  record: ExchangeRecord,
  { status, page, retryAfter }: Extract<Fault, { kind: 'status' }>,
): HttpResponse {
  record.page = page
  const date = new Date(Date.UTC(2026, 10, 2, 9)).toUTCString()
  return {
    status,
    headers: {
      'content-type': page === 'html' ? 'text/html' : 'application/json',
      date,
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    },
    body: PAGES[page],
    isWhole: true,
  }
}

const NO_CLUSTERS: Readonly<Record<Extract<Fault, { kind: 'no-cluster' }>['body'], string>> = {
  empty: '',
  html: PAGES.html,
  array: '[]',
  other: JSON.stringify({ name: 'another', version: '1.31' }),
  null: 'null',
  deep: '[[['.repeat(20_000),
  cut: `{"name":"${CLUSTER_NAME}","resources":{`,
}

function toNoCluster(body: Extract<Fault, { kind: 'no-cluster' }>['body']): HttpResponse {
  const headers = { 'content-type': body === 'html' ? 'text/html' : 'application/json' }
  return { status: 200, headers, body: NO_CLUSTERS[body], isWhole: true }
}

function hide(body: string, fields: readonly HideableField[]): string {
  const object = parse(body)
  if (!isObject(object)) return body
  const { status, resources, ...rest } = object
  const isHidden = (key: string) => (fields as readonly string[]).includes(key)
  const without = (inner: Json | undefined): JsonObject =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).filter(([key]) => !isHidden(key))) : {}
  return JSON.stringify({
    ...without(rest),
    ...(resources === undefined || isHidden('resources') ? {} : { resources: without(resources) }),
    ...(status === undefined || isHidden('status') ? {} : { status: without(status) }),
  })
}

function applyIncident(what: Incident, model: Model, { task }: RunPlan): void {
  if (what.kind === 'rival') model.writeAsRival(what.patch)
  if (what.kind === 'reverts') model.revert()
  if (what.kind === 'same') model.writeAsRival(toPatchOf(task))
  if (what.kind === 'status-write') model.state.change({}, true)
  if (what.kind === 'phase') model.state.overridePhase(what.phase, what.forMs)
  if (what.kind === 'no-status') model.hideStatus(what.forMs)
  if (what.kind === 'deleted') model.delete(what.terminatingMs, what.recreatedAfterMs)
  if (what.kind === 'operator-stops') model.stopOperator()
  if (what.kind === 'drift') model.moveRunningVersion(what.running)
  if (what.kind === 'unhealthy') {
    model.addCondition({ type: 'NodesReady', status: 'False', reason: 'NotReady', message: what.message })
  }
}

/** A fault in a few words, for traces and for counting. */
export function describeFault(fault: Fault): string {
  if (fault.kind === 'unsent') return `unsent (${fault.by})`
  if (fault.kind === 'cut') return fault.applied ? 'cut after it was applied' : 'cut before it was applied'
  if (fault.kind === 'hang') return `hang (applied ${fault.applied})`
  if (fault.kind === 'slow') return `slow (${fault.ms} ms)`
  if (fault.kind === 'status') {
    const applied = fault.applied ? ', applied' : ''
    return `${fault.status} ${fault.page}${fault.retryAfter === undefined ? '' : ', retry-after'}${applied}`
  }
  if (fault.kind === 'no-cluster') return `2xx ${fault.body}`
  if (fault.kind === 'hide') return `without ${fault.fields.join(', ')}`
  return fault.kind === 'replica' ? `replica (${fault.lagMs} ms)` : fault.kind
}
