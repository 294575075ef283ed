import { expect } from '@jest/globals'
import { type ClusterApi, createClusterApi } from '../../src/api/client.js'
import type { Exchange } from '../../src/api/http.js'
import type { Clock } from '../../src/clock.js'
import type { Outcome } from '../../src/domain/outcome.js'
import { ApiError, CancelledError } from '../../src/errors.js'
import { type Inputs, parseInputs } from '../../src/inputs/parse.js'
import { createAlertRedactor } from '../../src/redact.js'
import { toWords } from '../../src/report/words.js'
import { run } from '../../src/run/run.js'
import { type Exchanged, type Script, ScriptedServer, toMs } from './script.js'

const API_KEY = 'kupe_test_0123456789abcdef'

/** What a PATCH under the read's own ETag carries besides what was asked, on the default object. */
export const OTHERS = { cpu: '4', memory: '16Gi', storage: '100Gi' }

/** One run on virtual time against a script: its inputs, by their names in a workflow, and what the server answers. */
export interface Case extends Script {
  readonly inputs: Readonly<Record<string, string>>
  /** When the run is cancelled. */
  readonly cancelAt?: string
  /** The wall clock at the start, for `only-between` and `freeze-dates`. */
  readonly startsAt?: string
  /** What chance gives, from 0 to below 1; a half, the default, leaves a poll's pause as it is. */
  readonly chance?: number
}

/** Everything a test may ask about a run that has ended. */
export interface Ran {
  readonly outcome: Outcome
  /** What a person reads of the ending: message, next step and table of conflicts. */
  readonly words: string
  readonly warnings: readonly string[]
  /** The log with debug lines and requests between them, each with its time. */
  readonly trace: readonly string[]
  readonly exchanged: readonly Exchanged[]
}

/** Runs a case to its end. */
export async function runCase(given: Case, server = new ScriptedServer(given)): Promise<Ran> {
  const inputs = await parseInputs({
    'INPUT_API-KEY': API_KEY,
    INPUT_TENANT: 'acme',
    INPUT_CLUSTER: 'production',
    'INPUT_API-URL': 'http://127.0.0.1:1',
    ...Object.fromEntries(Object.entries(given.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  })
  const clock = new VirtualClock(given)
  const first = server.exchanged.length
  const trace: string[] = []
  const warnings: string[] = []
  const note = (text: string) => void trace.push(`${(clock.nowMs() / 1000).toFixed(1).padStart(8)}s  ${text}`)
  const exchange = toExchange(server, clock, note)
  const outcome = await run(inputs, {
    api: toApi(inputs, exchange),
    clock,
    log: {
      info: (line) => note(`log      ${line}`),
      debug: (line) => note(`debug    ${line.split('\n', 1)[0]}`),
      warning: (line) => {
        warnings.push(line)
        note(`WARNING  ${line}`)
      },
    },
  })
  const { conflict = [] } = outcome
  const { title, what, sent, state, next } = toWords(outcome, inputs)
  const rows = conflict.map(({ field, whenRead, now, wanted }) => [field, whenRead, now, wanted].join(' | '))
  const seen = state === undefined ? [] : [`${state.seen}: ${state.text}`]
  const words = [
    title,
    what,
    `Sent by this run: ${sent}`,
    ...seen,
    ...(next === undefined ? [] : [next]),
    ...rows,
  ].join('\n')
  note(`ENDED    ${outcome.result}/${outcome.reason ?? ''} changed=${outcome.changed}: ${words}`)
  return { outcome, words, warnings, trace, exchanged: server.exchanged.slice(first) }
}

/** The client as `main` wires it. */
function toApi({ api, apiKey, tenant, cluster, desired }: Inputs, exchange: Exchange): ClusterApi {
  const redactor = createAlertRedactor({ secrets: [apiKey], shown: [tenant, cluster] })
  redactor.learn(desired.alerts)
  return createClusterApi({ apiUrl: api.root, apiKey, tenant, cluster, exchange, redactor })
}

/** What a person reads in the log while the run goes on, each line with its time. */
export function linesOf({ trace }: Ran): string[] {
  return trace.filter((line) => /^\s*[\d.]+s\s+(log|WARNING) /.test(line))
}

/** What a case must come to; what is left out is not looked at. */
export interface Expected {
  /** The result, and the failure reason where there is one: `converged`, `failed/conflict`. */
  readonly ends?: string
  /** The reason alone, where the contract leaves open what the result is. */
  readonly reason?: string
  readonly changed?: boolean
  /** The output: `generation,kubernetes-version`. */
  readonly evidence?: string
  /** Every PATCH with its `If-Match` (`null`: it had none) and its body. */
  readonly patches?: readonly (readonly [ifMatch: string | null, body: unknown])[]
  /** The methods of all requests in turn: `GET PATCH GET`. */
  readonly requests?: string | RegExp
  readonly reads?: number
  /** Words that the ending must have; case counts only where a pattern says so. */
  readonly says?: readonly (string | RegExp)[]
  /** Words that the ending must not have. */
  readonly saysNot?: readonly (string | RegExp)[]
  /** Each must be in a warning of its own. */
  readonly warns?: readonly (string | RegExp)[]
  readonly warnings?: number
  /** How long the run took at the least, and at the most. */
  readonly took?: readonly [atLeast: string, atMost: string]
  /** The rules that refused the plan. */
  readonly refusedBy?: readonly string[]
}

/** Runs a case, and compares its end with what is expected; where they differ, the error shows the whole run. */
export async function expectCase(given: Case, expected: Expected, server?: ScriptedServer): Promise<Ran> {
  const ran = await runCase(given, server)
  withTrace(ran, () => compare(ran, expected))
  return ran
}

/** Makes an assertion on a run show what the run did where it fails. */
export function withTrace({ trace }: Ran, assert: () => void): void {
  try {
    assert()
  } catch (error) {
    if (error instanceof Error) error.message += `\n\nThe run:\n${shorten(trace).join('\n')}`
    throw error
  }
}

function compare(ran: Ran, expected: Expected): void {
  const { outcome, words, warnings, exchanged } = ran
  const { result, reason, changed, evidence, durationMs, plan } = outcome
  const actual = {
    ends: reason === undefined ? result : `${result}/${reason}`,
    reason: reason ?? '',
    changed,
    evidence: (evidence ?? []).join(','),
    patches: exchanged.filter(({ method }) => method === 'PATCH').map(({ ifMatch, body }) => [ifMatch ?? null, body]),
    reads: exchanged.filter(({ method }) => method === 'GET').length,
    warnings: warnings.length,
    refusedBy: (plan?.refusals ?? []).map(({ rule }) => rule),
  }
  const asked = Object.keys(actual).filter((key) => key in expected) as (keyof typeof actual)[]
  expect(Object.fromEntries(asked.map((key) => [key, actual[key]]))).toEqual(
    Object.fromEntries(asked.map((key) => [key, expected[key]])),
  )
  for (const text of expected.says ?? []) expect(words).toMatch(text)
  for (const text of expected.saysNot ?? []) expect(words).not.toMatch(text)
  for (const text of expected.warns ?? []) {
    expect(warnings).toContainEqual(
      text instanceof RegExp ? expect.stringMatching(text) : expect.stringContaining(text),
    )
  }
  if (expected.requests !== undefined) {
    const methods = exchanged.map(({ method }) => method).join(' ')
    if (typeof expected.requests === 'string') expect(methods).toBe(expected.requests)
    else expect(methods).toMatch(expected.requests)
  }
  if (expected.took !== undefined) {
    const [atLeast, atMost] = expected.took
    expect(durationMs).toBeGreaterThanOrEqual(toMs(atLeast))
    expect(durationMs).toBeLessThanOrEqual(toMs(atMost))
  }
}

const MOST_LINES = 60

function shorten(trace: readonly string[]): readonly string[] {
  if (trace.length <= MOST_LINES) return trace
  const half = MOST_LINES / 2
  return [...trace.slice(0, half), `          … ${trace.length - MOST_LINES} more …`, ...trace.slice(-half)]
}

/** Time that passes only when someone sleeps. */
class VirtualClock implements Clock {
  private timeMs = 0
  private isCancelled = false
  private readonly wallStartMs: number
  private readonly cancelAtMs: number
  private readonly chance: number

  constructor({ startsAt = '2026-11-02T09:00:00Z', cancelAt, chance = 0.5 }: Case) {
    this.wallStartMs = Date.parse(startsAt)
    this.cancelAtMs = cancelAt === undefined ? Number.POSITIVE_INFINITY : toMs(cancelAt)
    this.chance = chance
  }

  nowMs(): number {
    return this.timeMs
  }

  wallMs(): number {
    return this.wallStartMs + this.timeMs
  }

  random(): number {
    return this.chance
  }

  async sleep(ms: number): Promise<void> {
    this.pass(ms)
  }

  /** Throws, as the real clock does, where the run is cancelled on the way. */
  pass(ms: number): void {
    const until = this.timeMs + Math.max(0, ms)
    this.isCancelled ||= until >= this.cancelAtMs
    this.timeMs = Math.max(this.timeMs, Math.min(until, this.cancelAtMs))
    if (this.isCancelled) throw new CancelledError()
  }
}

function toExchange(server: ScriptedServer, clock: VirtualClock, note: (text: string) => void): Exchange {
  return async ({ method, headers, body, timeoutMs }) => {
    clock.pass(0)
    const answer = server.answer(method, headerIn(headers, 'if-match'), body, clock.nowMs())
    const { ifMatch, answer: text } = server.exchanged.at(-1) ?? {}
    const sent = method === 'GET' ? 'GET' : `PATCH under ${ifMatch} ${body}`
    note(`request  ${sent} → ${text === undefined || text.length < 200 ? text : `${text.slice(0, 200)}…`}`)
    if (answer.kind === 'response') {
      return { status: answer.status, headers: answer.headers, body: answer.body, isWhole: true }
    }
    if (answer.kind === 'unsent') {
      throw new ApiError(`${method} failed: connect ECONNREFUSED`, { trouble: 'network', isUnsent: true })
    }
    if (answer.kind === 'unfound') {
      throw new ApiError(`${method} failed: getaddrinfo ENOTFOUND`, { trouble: 'dns', isUnsent: true })
    }
    if (answer.kind === 'lost') throw new ApiError(`${method} failed: the connection broke`, { trouble: 'network' })
    clock.pass(timeoutMs)
    throw new ApiError(`${method} gave no answer in time`, { trouble: 'timeout' })
  }
}

function headerIn(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}
