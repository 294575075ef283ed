import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { DesiredChange } from '../../src/domain/change.js'
import { isGreen } from '../../src/domain/outcome.js'
import { OUTPUT_NAMES } from '../../src/report/outputs.js'
import { toSummary } from '../../src/report/summary.js'
import { toOutputsOf } from '../support/outcomes.js'
import { anySetup, calmSetup, type RandomSetup } from '../support/random-setups.js'
import { describeRun, type RecordedRun, recordRun } from '../support/recorded-runs.js'
import { API_KEY } from '../support/runs.js'

const SEED = Number(process.env.RANDOM_SEED ?? Date.now() % 2 ** 31)
const RUNS = Number(process.env.RANDOM_RUNS ?? 1_500)
const CALM_RUNS = RUNS / 3
const BUDGET_MS = 60_000
const CALM_BUDGET_MS = 30_000

type Rule = (recorded: RecordedRun, given: RandomSetup) => void

const patchesIn = ({ exchanges }: RecordedRun) => exchanges.filter(({ method }) => method === 'PATCH')

/** The plain sense of a quantity, in cores or MiB; the random ones use no other units. */
function amount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (text.endsWith('Gi')) return Number(text.slice(0, -2)) * 1024
  if (text.endsWith('Mi')) return Number(text.slice(0, -2))
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text)
}

const minorOf = (text: string) => text.replace(/^v/, '').split('.').slice(0, 2).join('.')

function isVersionAsAsked(asked: string, desired: unknown, running: unknown): boolean {
  if (typeof desired !== 'string') return false
  if (asked === minorOf(asked)) return minorOf(desired) === asked
  return desired === asked || (desired === minorOf(asked) && running === `v${asked}`)
}

function isAlertAsAsked(asked: unknown, live: unknown): boolean {
  if (asked === null) return live === undefined || live === null
  if (typeof asked !== 'object') return asked === live
  return Object.entries(asked as Record<string, unknown>).every(([key, value]) =>
    isAlertAsAsked(value, (live as Record<string, unknown> | undefined)?.[key]),
  )
}

function expectAsAsked(
  { version: askedVersion, alerts: askedAlerts, ...asked }: DesiredChange,
  spec: { version?: unknown; resources?: unknown; alerts?: unknown },
  running: unknown,
): void {
  if (askedVersion !== undefined) expect(isVersionAsAsked(askedVersion, spec.version, running)).toBe(true)
  const given = (spec.resources ?? {}) as Record<string, string>
  for (const [name, wanted] of Object.entries(asked)) expect(amount(given[name])).toBe(amount(wanted))
  if (askedAlerts !== undefined) expect(isAlertAsAsked(askedAlerts, spec.alerts ?? {})).toBe(true)
}

/** That the later of two reads shows what was asked for as the earlier one, or as asked, as far as both show it. */
function expectSameFields(
  desired: DesiredChange,
  { version: oldVersion, resources: oldResources }: Record<string, unknown>,
  { version: newVersion, resources: newResources }: Record<string, unknown>,
): void {
  if (desired.version !== undefined && oldVersion !== undefined && newVersion !== undefined) {
    expect([oldVersion, desired.version]).toContain(newVersion)
  }
  if (oldResources === undefined || newResources === undefined) return
  for (const name of ['cpu', 'memory', 'storage'] as const) {
    if (desired[name] === undefined) continue
    const [before, now] = [oldResources, newResources].map((given) => amount((given as Record<string, string>)[name]))
    expect([before, amount(desired[name])]).toContain(now)
  }
}

const RULES: Readonly<Record<string, Rule>> = {
  'what is called done is done': ({ outcome, exchanges, task: { desired } }, { server: settings }) => {
    if (outcome.result !== 'converged' && outcome.result !== 'unchanged') return
    const last = exchanges.at(-1)
    expect(last?.method).toBe('GET')
    if (last?.shown === undefined) throw new Error('the last read showed no cluster')
    const shownStatus = (last.shown.status ?? {}) as Record<string, unknown>
    expectAsAsked(desired, last.shown, shownStatus.kubernetesVersion)
    expect(shownStatus.phase).toBe('Running')
    // An older replica shows what was true a while ago; what it showed is all that can be held against the run.
    if (last.isFromThePast) return
    const { before: truth } = last
    expectAsAsked(desired, truth, truth.status.kubernetesVersion)
    expect(truth.status.phase).toBe('Running')
    expect(truth.exists).toBe(true)
    if (settings.reportKubernetesVersion === true) {
      const running = truth.status.kubernetesVersion ?? ''
      expect(truth.version === minorOf(truth.version) ? minorOf(running) : running.slice(1)).toBe(truth.version)
      if (desired.version !== undefined) expect(running.slice(1).startsWith(desired.version)).toBe(true)
    }
    const { generationMoves, earlyObservedGeneration } = settings
    const hasGenerations = exchanges.some(({ shown }) => shown?.generation !== undefined && shown.status !== undefined)
    if (settings.generations && hasGenerations && generationMoves && !earlyObservedGeneration) {
      expect(truth.status.observedGeneration).toBe(truth.generation)
    }
  },

  'never two PATCHes without a read in between': ({ exchanges }) => {
    let isReadSince = true
    for (const { method, shown } of exchanges) {
      if (method === 'GET') isReadSince ||= shown !== undefined
      else {
        expect(isReadSince).toBe(true)
        isReadSince = false
      }
    }
  },

  'at most five PATCHes are refused by 412, and none is sent in modes that do not write': (recorded) => {
    const patches = patchesIn(recorded)
    if (recorded.task.mode !== 'apply') expect(patches).toEqual([])
    expect(patches.filter(({ status }) => status === 412).length).toBeLessThanOrEqual(5)
  },

  'every PATCH carries the ETag of the read before it, once an ETag was seen': ({ exchanges, task: { ifMatch } }) => {
    let hasSeenEtag = false
    let latest: string | undefined
    for (const exchange of exchanges) {
      if (exchange.method === 'PATCH') {
        expect(exchange.ifMatch).toBe(ifMatch ?? latest)
        if (hasSeenEtag) expect(exchange.ifMatch).toBeDefined()
      }
      if (exchange.shown === undefined) continue
      hasSeenEtag ||= exchange.etag !== undefined
      if (exchange.method === 'GET') latest = exchange.etag
    }
  },

  'a PATCH says only what was asked': (recorded) => {
    const { desired } = recorded.task
    const askedResources = (['cpu', 'memory', 'storage'] as const).filter((name) => desired[name] !== undefined)
    for (const { body, ifMatch } of patchesIn(recorded)) {
      const patch = JSON.parse(body ?? '') as Record<string, unknown>
      expect(Object.keys(patch).length).toBeGreaterThan(0)
      for (const [key, value] of Object.entries(patch)) {
        if (key === 'resources') {
          expect(value).toMatchObject(Object.fromEntries(askedResources.map((name) => [name, desired[name]])))
          expect(Object.keys(value as object).length).toBeGreaterThan(0)
          if (ifMatch === undefined) expect(Object.keys(value as object).sort()).toEqual([...askedResources].sort())
        } else {
          expect(['version', 'alerts']).toContain(key)
          expect(value).toEqual(desired[key as 'version' | 'alerts'])
        }
      }
      if ('resources' in patch) expect(askedResources).not.toEqual([])
    }
  },

  'what others own is never altered by us under the own ETag of the read before': ({
    exchanges,
    task: { desired },
  }) => {
    let read: Record<string, unknown> = {}
    let readEtag: string | undefined
    for (const { method, shown, etag, before, after, ifMatch } of exchanges) {
      if (method === 'GET' && shown !== undefined) {
        read = shown
        readEtag = etag
      }
      const isOurs = after.history.slice(before.history.length).some(({ writer }) => writer === 'api')
      if (!isOurs || ifMatch === undefined || ifMatch !== readEtag) continue
      if (desired.version === undefined) expect(after.version).toBe(before.version)
      // What the read did not show cannot be kept on a server that replaces.
      const known = (read.resources ?? {}) as Record<string, string>
      for (const name of ['cpu', 'memory', 'storage'] as const) {
        if (desired[name] !== undefined || known[name] === undefined) continue
        expect(amount(after.resources[name])).toBe(amount(before.resources[name]))
      }
    }
  },

  'what someone else made of our fields is not overwritten after a 412': ({ exchanges, task: { desired } }) => {
    let read: Record<string, unknown> | undefined
    let refused: Record<string, unknown> | undefined
    for (const { method, status, shown } of exchanges) {
      if (method === 'GET') {
        read = shown ?? read
        continue
      }
      if (refused !== undefined && read !== undefined) expectSameFields(desired, refused, read)
      refused = status === 412 ? read : undefined
      // Once the answer to a PATCH was lost, the change may be our own.
      if (status === undefined || status >= 500 || status < 400 || status === 408) return
    }
  },

  'changed is true if and only if a PATCH changed something, or may have': (recorded) => {
    const { outcome, truth } = recorded
    const wasWritten = truth.history.some(({ writer, kind }) => writer === 'api' && kind === 'spec')
    if (wasWritten) expect(outcome.changed).toBe(true)
    const mayHaveLanded = patchesIn(recorded).some(
      // Something in front of the API may have written a 403 or a 404.
      ({ status = 0 }) => status < 300 || status >= 500 || [304, 403, 404, 408, 425].includes(status),
    )
    if (!mayHaveLanded) expect(outcome.changed).toBe(false)
  },

  'it ends in time': ({ elapsedMs, task: { timeoutMs } }) => {
    expect(elapsedMs).toBeLessThanOrEqual(timeoutMs + 1_000)
  },

  'it does not hammer the server': ({ exchanges }) => {
    for (const [index, { atMs }] of exchanges.entries()) {
      const later = exchanges[index + 40]
      if (later !== undefined) expect(later.atMs - atMs).toBeGreaterThan(5_000)
    }
  },

  'a 401 is never repeated': ({ exchanges }) => {
    const index = exchanges.findIndex(({ status }) => status === 401)
    if (index >= 0) expect(exchanges.length).toBe(index + 1)
  },

  'no PATCH outside the time window': (recorded, { wallStartMs }) => {
    if (recorded.task.window === undefined) return
    for (const { atMs } of patchesIn(recorded)) {
      const hour = new Date(wallStartMs + atMs).getUTCHours()
      expect(hour >= 8 && hour < 10).toBe(true)
    }
  },

  'the ending is one of those that the mode has, with a reason where it is red': ({ outcome, task: { mode } }) => {
    const { result, reason, evidence } = outcome
    expect(isGreen(result)).toBe(reason === undefined)
    expect(reason).not.toBe('internal')
    expect(reason).not.toBe('invalid-input')
    if (result === 'timed-out') expect(['timeout', 'busy']).toContain(reason)
    if (result === 'cancelled' || reason === 'cancelled') expect([result, reason]).toEqual(['cancelled', 'cancelled'])
    if (result === 'failed') expect(['timeout', 'cancelled']).not.toContain(reason)
    const green = {
      apply: ['unchanged', 'skipped', 'accepted', 'converged'],
      plan: ['planned'],
      verify: ['converged'],
    }
    if (reason === undefined) expect(green[mode]).toContain(result)
    expect((evidence ?? []).length > 0).toBe(result === 'converged')
    expect(outcome.message).not.toBe('')
  },

  'every output is there, as text': ({ outcome, task: { tenant, cluster } }) => {
    const outputs = toOutputsOf(outcome, toSummary(outcome, { tenant, cluster }))
    expect(Object.keys(outputs).sort()).toEqual([...OUTPUT_NAMES].sort())
    for (const value of Object.values(outputs)) expect(typeof value).toBe('string')
    expect(outputs['failure-reason']).toBe(outcome.reason ?? '')
    expect(['true', 'false']).toContain(outputs.changed)
  },

  'the key is nowhere': ({ outcome, log, task: { tenant, cluster } }) => {
    const outputs = toOutputsOf(outcome, toSummary(outcome, { tenant, cluster }))
    expect([...log, ...Object.values(outputs), outcome.message, outcome.hint ?? ''].join('\n')).not.toContain(API_KEY)
  },
}

function expectRules(recorded: RecordedRun, given: RandomSetup, rules: Readonly<Record<string, Rule>>): void {
  for (const [name, rule] of Object.entries(rules)) {
    try {
      rule(recorded, given)
    } catch (cause) {
      throw new Error(`broken: ${name}\n${describeRun(recorded)}`, { cause })
    }
  }
}

const CALM_RULES: Readonly<Record<string, Rule>> = {
  ...RULES,
  'what can come to a good end does': ({ outcome, task: { mode, wait, desired } }, { server: settings }) => {
    // Where nothing says which version runs, an upgrade too quick to be seen is never proven.
    if (desired.version !== undefined && settings.reportKubernetesVersion === false) return
    // A server that drops the alerts that nobody asked for does more than was asked.
    if (desired.alerts !== undefined && settings.alertsMode === 'replace') return
    const good = mode === 'plan' ? ['planned'] : wait ? ['unchanged', 'converged'] : ['unchanged', 'accepted']
    expect(good).toContain(outcome.result)
  },
}

const tally = new Map<string, number>()

describe(`random runs (RANDOM_SEED=${SEED})`, () => {
  test(
    `${RUNS} with any trouble`,
    async () => {
      await fc.assert(
        fc.asyncProperty(anySetup, async (given) => {
          const recorded = await recordRun(given)
          const { result, reason } = recorded.outcome
          const ending = reason === undefined ? result : `${result}/${reason}`
          tally.set(ending, (tally.get(ending) ?? 0) + 1)
          expectRules(recorded, given, RULES)
        }),
        { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: BUDGET_MS, markInterruptAsFailure: true },
      )
    },
    BUDGET_MS * 2,
  )

  test('and they ended in every way that is not rare', () => {
    expect(EVERY_ENDING.filter((ending) => !tally.has(ending))).toEqual([])
  })

  test(
    `${CALM_RUNS} with trouble that passes`,
    async () => {
      await fc.assert(
        fc.asyncProperty(calmSetup, async (given) => expectRules(await recordRun(given), given, CALM_RULES)),
        { seed: SEED, numRuns: CALM_RUNS, interruptAfterTimeLimit: CALM_BUDGET_MS, markInterruptAsFailure: true },
      )
    },
    CALM_BUDGET_MS * 2,
  )
})

const EVERY_ENDING = [
  'unchanged',
  'planned',
  'skipped',
  'accepted',
  'converged',
  'failed/refused',
  'failed/rejected',
  'failed/conflict',
  'failed/plan-changed',
  'failed/unavailable',
  'failed/degraded',
  'failed/deleted',
  'failed/superseded',
  'timed-out/timeout',
  'cancelled/cancelled',
]
