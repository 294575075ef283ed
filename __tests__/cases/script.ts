import { parseDuration } from '../../src/domain/duration.js'

/**
 * What a server answers, one line for each answer. `GET` and `PATCH` each give theirs in turn, and the last one stays.
 *
 * A line is `[when: ]answer`. `when` says when the line's turn comes, in place of "when the one before was given":
 *
 * - `at 1h42m`: at that time of the run; the line before stays until then.
 * - `after PATCH 2`: once the second PATCH has arrived; the line before stays until then.
 * - `5 times`: the line is given five times. It may follow one of the others: `at 2m, 3 times`.
 *
 * An `answer` is one of:
 *
 * - **a cluster**: `R` Running, `U` Upgrading, `P` Pending, `D` Degraded, `T` Terminating, `X` Deleting, or `-` no phase,
 *   followed by what differs from the default object (version 1.31, runs v1.31.9, cpu 4, memory 16Gi, storage 100Gi, no
 *   generations): `g2` or `g2/o1` for `generation` and `observedGeneration` (`g"2"/o"1"` where they come as texts), `version
 *   1.32`, `runs v1.32.3`, `cpu 8`, `gpu 2` (a number), `created 2026-03-01T00:00:00Z`, `alerts {…}`, `status {…}` and `with
 *   {…}` (JSON that is laid over the status or the object), and `without cpu,resources,runs`.
 * - **a status**, `503`, alone with an error in the API's own JSON, or with another body: `403 html`, `404 text no such host`,
 *   `404 empty`, `400 {"code": …}`; `200 …` is a success with whatever follows. Behind the number may stand `retry-after 10`,
 *   or `retry-after +20s`: a date that long after the answer's own `Date`, which is of another year.
 * - **a fault**: `lost` (the connection broke before any answer), `silent` (nothing until the time-out), `unsent` (no
 *   connection was made), `unfound` (the name was not found), or `empty` (a success without a body).
 *
 * `etag 3` gives an answer the ETag `"3"`, `no etag` none. Without either, it is the line's number: `"1"` for the first GET,
 * `"p1"` for the first PATCH.
 */
export interface Script {
  readonly GET: readonly string[]
  readonly PATCH?: readonly string[]
}

/** An answer on its way to whoever carries it: a function of this process, or a socket. */
export type Answer =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: string
    }
  | { readonly kind: Fault }

const FAULTS = ['lost', 'silent', 'unsent', 'unfound'] as const
type Fault = (typeof FAULTS)[number]

/** A request that arrived, and what it was answered. */
export interface Exchanged {
  readonly method: 'GET' | 'PATCH'
  readonly atMs: number
  readonly ifMatch: string | undefined
  readonly body: unknown
  readonly answer: string
}

type Json = { [key: string]: unknown }

/** Gives a script's answers, whatever carries them. Several runs may follow each other on one, where no line says `at`. */
export class ScriptedServer {
  readonly exchanged: Exchanged[] = []
  private readonly lines: Readonly<Record<'GET' | 'PATCH', Lines>>

  constructor(script: Script) {
    this.lines = { GET: new Lines(script.GET, ''), PATCH: new Lines(script.PATCH ?? [], 'p') }
  }

  /** `atMs` is the time since the run began. */
  answer(method: 'GET' | 'PATCH', ifMatch: string | undefined, body: string | undefined, atMs: number): Answer {
    if (this.exchanged.length >= MOST_EXCHANGES)
      throw new Error(`more than ${MOST_EXCHANGES} requests: is this run endless?`)
    const patches = this.exchanged.filter((earlier) => earlier.method === 'PATCH').length + (method === 'PATCH' ? 1 : 0)
    const { text, etag } = this.lines[method].next(atMs, patches)
    const parsed: unknown = body === undefined ? undefined : JSON.parse(body)
    this.exchanged.push({ method, atMs, ifMatch, body: parsed, answer: text })
    return toAnswer(text, etag)
  }
}

const MOST_EXCHANGES = 5_000

interface Line {
  readonly text: string
  readonly etag: string
  readonly times: number
  readonly atMs?: number
  readonly afterPatches?: number
}

class Lines {
  private readonly lines: readonly Line[]
  private index = 0
  private given = 0

  constructor(texts: readonly string[], etagPrefix: string) {
    this.lines = texts.map((text, index) => toLine(text, `"${etagPrefix}${index + 1}"`))
  }

  next(atMs: number, patches: number): Line {
    for (let next = this.lines[this.index + 1]; next !== undefined; next = this.lines[this.index + 1]) {
      const isDue =
        next.atMs !== undefined
          ? atMs >= next.atMs
          : next.afterPatches !== undefined
            ? patches >= next.afterPatches
            : this.given >= (this.lines[this.index]?.times ?? 1)
      if (!isDue) break
      this.index++
      this.given = 0
    }
    this.given++
    const line = this.lines[this.index]
    if (line === undefined) throw new Error('the script has no answer to this request')
    return line
  }
}

function toLine(text: string, etag: string): Line {
  const [, when, answer] = /^((?:at |after PATCH |\d+ times)[^:]*): (.*)$/s.exec(text) ?? [undefined, '', text]
  const atText = /at (\w+)/.exec(when)?.[1]
  const after = /after PATCH (\d+)/.exec(when)?.[1]
  return {
    text: answer,
    etag,
    times: Number(/(\d+) times/.exec(when)?.[1] ?? 1),
    ...(atText === undefined ? {} : { atMs: toMs(atText) }),
    ...(after === undefined ? {} : { afterPatches: Number(after) }),
  }
}

/** Milliseconds of `1h42m`; a test with a slip in it must not pass. */
export function toMs(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new Error(`${text} is no duration`)
  return ms
}

const PHASES: Readonly<Record<string, string | undefined>> = {
  R: 'Running',
  U: 'Upgrading',
  P: 'Pending',
  D: 'Degraded',
  T: 'Terminating',
  X: 'Deleting',
  '-': undefined,
}

function toAnswer(text: string, lineEtag: string): Answer {
  const { rest, etag } = takeEtag(text, lineEtag)
  const headers = { 'content-type': 'application/json', ...(etag === undefined ? {} : { etag }) }
  const fault = FAULTS.find((kind) => kind === rest)
  if (fault !== undefined) return { kind: fault }
  if (rest === 'empty') return { kind: 'response', status: 200, headers, body: '' }
  const status = /^(\d{3})(?: retry-after (\S+))?(?: (.*))?$/s.exec(rest)
  if (status === null) return { kind: 'response', status: 200, headers, body: JSON.stringify(toCluster(rest)) }
  const [, code = '', retryAfter, body] = status
  return {
    kind: 'response',
    status: Number(code),
    headers: {
      ...headers,
      ...(body === 'html' ? { 'content-type': 'text/html' } : {}),
      ...(retryAfter === undefined ? {} : toRetryAfter(retryAfter)),
    },
    body: toBody(code, body),
  }
}

function toRetryAfter(text: string): Record<string, string> {
  if (!text.startsWith('+')) return { 'retry-after': text }
  const ms = Date.UTC(2020, 1, 3, 4, 5, 6)
  return { date: new Date(ms).toUTCString(), 'retry-after': new Date(ms + toMs(text.slice(1))).toUTCString() }
}

function takeEtag(text: string, lineEtag: string): { rest: string; etag: string | undefined } {
  if (/ no etag$/.test(text)) return { rest: text.replace(/ no etag$/, ''), etag: undefined }
  const given = / etag (\S+)$/.exec(text)
  return given === null ? { rest: text, etag: lineEtag } : { rest: text.slice(0, given.index), etag: `"${given[1]}"` }
}

const HTML = '<!DOCTYPE html><html><head><title>Request blocked</title></head><body><h1>Ray 4711</h1></body></html>'

function toBody(status: string, body: string | undefined): string {
  if (body === undefined) return JSON.stringify({ error: API_WORDS[status] ?? 'something went wrong' })
  if (body === 'html') return HTML
  if (body === 'empty') return ''
  return body.startsWith('text ') ? body.slice('text '.length) : body
}

/** What the API itself says with a status. */
const API_WORDS: Readonly<Record<string, string>> = {
  401: 'unauthorized',
  403: 'access denied',
  404: 'cluster not found',
  412: 'precondition failed',
  429: 'rate limit exceeded',
  503: 'service unavailable',
}

/** The object of a cluster in short form. */
export function toCluster(text: string): Json {
  const [, sign = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? []
  if (!Object.hasOwn(PHASES, sign)) throw new Error(`${text} is no answer that this script knows`)
  const phase = PHASES[sign]
  const resources: Json = { cpu: '4', memory: '16Gi', storage: '100Gi' }
  const status: Json = { ...(phase === undefined ? {} : { phase }), kubernetesVersion: 'v1.31.9' }
  const cluster: Json = { name: 'production', version: '1.31', createdAt: '2026-02-01T14:00:00Z', resources, status }
  const words = splitWords(rest)
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const generations = /^g("?)(\d+)\1(?:\/o("?)(\d+)\3)?$/.exec(word)
    if (generations !== null) {
      const [, quote, generation, observedQuote, observed] = generations
      cluster.generation = quote === '' ? Number(generation) : generation
      if (observed !== undefined) status.observedGeneration = observedQuote === '' ? Number(observed) : observed
      continue
    }
    const value = words.shift()
    if (value === undefined) throw new Error(`${word} has no value in: ${text}`)
    if (word === 'cpu' || word === 'memory' || word === 'storage') resources[word] = value
    else if (word === 'gpu') resources.gpu = Number(value)
    else if (word === 'version') cluster.version = value
    else if (word === 'runs') status.kubernetesVersion = value
    else if (word === 'created') cluster.createdAt = value
    else if (word === 'alerts') cluster.alerts = JSON.parse(value)
    else if (word === 'status') Object.assign(status, JSON.parse(value))
    else if (word === 'with') Object.assign(cluster, JSON.parse(value))
    else if (word === 'without') for (const field of value.split(',')) remove(cluster, resources, status, field)
    else throw new Error(`${word} is no field that this script knows, in: ${text}`)
  }
  return cluster
}

function remove(cluster: Json, resources: Json, status: Json, field: string): void {
  if (field === 'runs') delete status.kubernetesVersion
  else if (field in resources) delete resources[field]
  else if (field in status) delete status[field]
  else delete cluster[field]
}

/** Words at blanks, but JSON in braces is one word. */
function splitWords(text: string): string[] {
  const words: string[] = []
  let word = ''
  let depth = 0
  let isQuoted = false
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? ''
    if (isQuoted && character === '\\') word += text[index++] ?? ''
    else if (character === '"' && depth > 0) isQuoted = !isQuoted
    else if (!isQuoted && /[{[]/.test(character)) depth++
    else if (!isQuoted && /[}\]]/.test(character)) depth--
    if (character === ' ' && depth === 0) {
      if (word !== '') words.push(word)
      word = ''
    } else word += text[index] ?? ''
  }
  return word === '' ? words : [...words, word]
}
