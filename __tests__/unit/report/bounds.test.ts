import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodeCluster } from '../../../src/api/decode.js'
import type { Cluster } from '../../../src/domain/cluster.js'
import type { JsonObject } from '../../../src/domain/json.js'
import { type Outcome, toShortList } from '../../../src/domain/outcome.js'
import { type Edit, type Plan, toPlanLines } from '../../../src/domain/plan.js'
import { createAlertRedactor } from '../../../src/redact.js'
import { joinSections } from '../../../src/report/markdown.js'
import { toClusterJson, toOutputs } from '../../../src/report/outputs.js'
import { type ReportContext, toSummary, toSummarySections } from '../../../src/report/summary.js'
import { cpuMsOf } from '../../support/timing.js'

const KEY = 'kupe_ab12_S3cr3t-Part_x9'
const CONTEXT: ReportContext = { tenant: 'acme', cluster: 'production' }
const LONG = 'L'.repeat(600_000)

function toCluster(object: JsonObject = {}, asked: JsonObject = {}) {
  const redactor = createAlertRedactor({ secrets: [KEY], shown: ['acme', 'production'] })
  redactor.learn(asked)
  const cluster = decodeCluster(JSON.stringify({ name: 'production', ...object }), 'production', redactor) as Cluster
  return { cluster, redactor }
}

function toPlan(edits: readonly Edit[]): Plan {
  return { edits, refusals: [], fields: [], patch: {}, digest: '0123456789abcdef' }
}

function toOutcome(overrides: Partial<Outcome> = {}): Outcome {
  const { cluster } = toCluster()
  return {
    result: 'failed',
    reason: 'rejected',
    kind: 'rejected',
    message: 'it went wrong',
    changed: false,
    timeline: [],
    startWallMs: 0,
    warnings: [],
    durationMs: 1_000,
    first: cluster,
    last: cluster,
    ...overrides,
  }
}

/** The outcome of a dry run. */
function toPlanned(overrides: Partial<Outcome>): Outcome {
  const { reason: _, kind: __, ...outcome } = toOutcome({ ...overrides, result: 'planned' })
  return outcome
}

const alertEdits = (count: number) => Array.from({ length: count }, (_, index) => ({ field: `alerts.key${index}` }))
const resourceEdit = (from: string, to: string) => ({ field: 'cpu', from, to })

/** What a reader sees of markdown that is all entities. */
function asRead(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))).replace(/<\/?code>|<wbr>/g, '')
}

const titleOf = (outcome: Outcome, context = CONTEXT) => asRead(toSummary(outcome, context).split('\n')[0] ?? '')

describe('the title', () => {
  test.each<[string, readonly Edit[], string]>([
    ['few changes', [resourceEdit('4', '8')], 'production: cpu 4 → 8$'],
    ['many', [resourceEdit('4', '8'), ...alertEdits(780)], 'production: cpu 4 → 8, 780 alert settings$'],
    ['a value beyond all bounds', [resourceEdit(LONG, '8')], 'production: 1 change$'],
    ['two of them', [resourceEdit(LONG, '8'), resourceEdit('1', LONG)], 'production: 2 changes$'],
    ['one after a short one', [resourceEdit('4', '8'), resourceEdit('1', LONG)], 'production: cpu 4 → 8 and 1 more$'],
  ])('has 200 characters at the most: %s', (_, edits, end) => {
    const title = titleOf(toPlanned({ plan: toPlan(edits) }))
    expect(title).toMatch(new RegExp(end))
    expect(title.replace('## ', '').length).toBeLessThanOrEqual(200)
  })

  test('has whole names, up to what can be a name', () => {
    const context = { tenant: 't'.repeat(64), cluster: 'c'.repeat(63) }
    const title = titleOf(toPlanned({ plan: toPlan([resourceEdit('4', '8'), ...alertEdits(99)]) }), context)
    expect(title).toContain(`${context.tenant}/${context.cluster}: cpu 4 → 8`)
    expect(title.replace('## ', '').length).toBeLessThanOrEqual(200)
    expect(titleOf(toOutcome(), { tenant: LONG, cluster: LONG }).length).toBeLessThanOrEqual(203)
  })
})

describe('tables and lists', () => {
  test('cells have 200 characters', () => {
    const { cluster } = toCluster({
      version: LONG,
      resources: { cpu: LONG },
      status: { phase: LONG, kubernetesVersion: LONG },
    })
    const conflict = [{ field: LONG, whenRead: LONG, now: null, wanted: LONG }]
    const refusal = { rule: 'max', field: 'cpu', from: LONG, to: LONG, allow: 'max-cpu', reason: LONG } as const
    const refusals = [refusal, refusal]
    const plan = { ...toPlan([resourceEdit(LONG, LONG), { field: `alerts.${LONG}` }]), refusals }
    for (const outcome of [{ conflict }, { plan }]) {
      const summary = toSummary(toOutcome({ first: cluster, last: cluster, ...outcome }), CONTEXT)
      const cells = summary
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .flatMap((line) => line.split('|'))
      expect(cells.some((cell) => cell.includes('LLL…'))).toBe(true)
      for (const cell of cells) expect(asRead(cell).trim().length).toBeLessThanOrEqual(200)
    }
  })

  test('a cell is cut off before it becomes markup', () => {
    const conflict = [
      { field: 'cpu', whenRead: '<'.repeat(300), now: `${'x'.repeat(198)}😀😀`, wanted: '::'.repeat(300) },
    ]
    const summary = toSummary(toOutcome({ conflict }), CONTEXT)
    expect(summary.replaceAll('<wbr>', '')).toContain(`<code>${'&#60;'.repeat(199)}…</code>`)
    const timeline = ['a', '<'.repeat(300)].map((phase, index) => ({ phase, fromMs: index, untilMs: index + 1 }))
    expect(toSummary(toOutcome({ timeline }), CONTEXT).replaceAll('<wbr>', '')).toContain(`| ${'&#60;'.repeat(199)}… |`)
    expect(summary.isWellFormed()).toBe(true)
    expect(summary).not.toContain('::')
  })

  test.each([
    [10, 10, undefined],
    [11, 10, '1 more'],
    [780, 10, '770 more'],
  ])('of %i alert edits %i are shown', (count, shown, more) => {
    const summary = toSummary(toOutcome({ plan: toPlan([resourceEdit('4', '8'), ...alertEdits(count)]) }), CONTEXT)
    const rows = summary.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.filter((line) => line.includes('changes; values are not shown'))).toHaveLength(shown)
    expect(rows.filter((line) => / more /.test(line))).toEqual(more === undefined ? [] : [`| ${more} |  |  |`])
    const lines = toPlanLines(toPlan([resourceEdit('4', '8'), ...alertEdits(count)]))
    expect(lines).toHaveLength(1 + shown + (more === undefined ? 0 : 1))
    if (more !== undefined) expect(lines.at(-1)).toBe(`Plan: ${more} settings inside alerts change`)
  })

  test('a key path of any length does not widen the plan’s other lines', () => {
    const lines = toPlanLines(toPlan([resourceEdit('4', '8'), { field: `alerts.${LONG}` }]))
    expect(lines[0]).toBe(`Plan: ${'cpu'.padEnd(40)}  4 → 8`)
  })

  test.each([
    [10, undefined],
    [250, '240 more'],
  ])('of %i conflict rows ten are shown', (count, more) => {
    const conflict = alertEdits(count).map(({ field }) => ({
      field,
      whenRead: undefined,
      now: undefined,
      wanted: undefined,
    }))
    const rows = toSummary(toOutcome({ conflict }), CONTEXT)
      .split('\n')
      .filter((line) => /^\| (<code>|\d+ more)/.test(line))
    expect(rows).toHaveLength(more === undefined ? 10 : 11)
    if (more !== undefined) expect(rows.at(-1)).toBe(`| ${more} |  |  |  |`)
  })

  test('of many phases the first five and the last fifteen are shown', () => {
    const toTimeline = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        phase: `P${index}`,
        fromMs: index * 1_000,
        untilMs: (index + 1) * 1_000,
      }))
    const phasesIn = (count: number) =>
      toSummary(toOutcome({ timeline: toTimeline(count) }), CONTEXT)
        .split('\n')
        .flatMap((line) => /^\| (P\d+|\d+ more phases) \|/.exec(line)?.[1] ?? [])
    expect(phasesIn(20)).toHaveLength(20)
    const shown = phasesIn(600)
    expect(shown).toHaveLength(21)
    expect(shown.slice(0, 7)).toEqual(['P0', 'P1', 'P2', 'P3', 'P4', '580 more phases', 'P585'])
    expect(shown.at(-1)).toBe('P599')
    const chart = /```mermaid\n([^`]*)```/.exec(toSummary(toOutcome({ timeline: toTimeline(600) }), CONTEXT))?.[1] ?? ''
    expect(chart.match(/^ {2}⚪/gm)).toHaveLength(20)
  })

  test('conditions of a run that went well are shown where they speak against it', () => {
    const conditions = [
      { type: 'Ready', status: 'False', message: '2 of 5 nodes are not ready' },
      { type: 'Synced', status: 'False' },
      { type: 'Available', status: 'True' },
    ]
    const { cluster } = toCluster({ status: { conditions } })
    const summaryOf = (result: Outcome['result']) => asRead(toSummary(toOutcome({ result, last: cluster }), CONTEXT))
    expect(summaryOf('converged')).toContain('- Ready=False 2 of 5 nodes are not ready')
    expect(summaryOf('converged')).not.toContain('Synced')
    expect(summaryOf('failed')).toContain('- Synced=False')
  })

  test('a list in a sentence ends with a number', () => {
    const names = alertEdits(250).map(({ field }) => field)
    expect(toShortList(names, 3)).toBe('alerts.key0, alerts.key1, alerts.key2 and 247 more')
    expect(toShortList(names.slice(0, 3), 3)).toBe('alerts.key0, alerts.key1, alerts.key2')
    expect(toShortList([], 3)).toBe('')
  })
})

describe('a text that is too long', () => {
  const sections = ['## Title', '> lead\n> more', 'first'.repeat(20), 'second'.repeat(20), 'third']

  test('is whole where it is not', () => {
    expect(joinSections(sections, { bytes: 10_000 })).toBe(`${sections.join('\n\n')}\n`)
    expect(joinSections(['## Title', '', 'x'], { bytes: 10_000 })).toBe('## Title\n\nx\n')
  })

  test('loses whole sections from its end, and says how many', () => {
    const whole = joinSections(sections, { bytes: 10_000 })
    const shorter = joinSections(sections, { characters: whole.length - 1 })
    expect(shorter).toBe(
      `${sections.slice(0, 3).join('\n\n')}\n\n*Left out, as it would be too long: the last 2 sections of this report.*\n`,
    )
    expect(joinSections(sections, { characters: 110 })).toBe(
      '## Title\n\n> lead\n> more\n\n*Left out, as it would be too long: the last 3 sections of this report.*\n',
    )
  })

  test('keeps its lead, and of a lead that is too long itself whole lines', () => {
    expect(joinSections(['## Title', '> a\n> b\n> c'], { bytes: 17 })).toBe('## Title\n\n> a\n')
    expect(joinSections(['## Title', '> a\n> b\n> c'], { bytes: 22 })).toBe('## Title\n\n> a\n> b\n> c\n')
  })

  test('is never longer than it may be, and never ends in the middle of anything', () => {
    const section = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .map((text) => `<b>${text.replace(/\n/g, ' ')}</b>`)
    fc.assert(
      fc.property(
        fc.array(section, { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 400, max: 700 }),
        fc.boolean(),
        (parts, size, inBytes) => {
          const [title = '', lead = ''] = parts
          const text = joinSections(parts, inBytes ? { bytes: size } : { characters: size })
          expect(inBytes ? Buffer.byteLength(text) : text.length).toBeLessThanOrEqual(size)
          const isLeadShort = Buffer.byteLength(`${title}\n\n${lead}\n`) <= size - 80
          if (isLeadShort) expect(text.startsWith(`${title}\n\n${lead}`)).toBe(true)
          expect(text.match(/<b>/g)?.length).toBe(text.match(/<\/b>/g)?.length)
        },
      ),
    )
  })

  test('stays within what a runner and a comment take, whatever the server sends', () => {
    const { cluster, redactor } = toCluster({
      version: '<'.repeat(100_000),
      resources: { cpu: LONG, memory: LONG, storage: LONG },
      status: {
        phase: LONG,
        kubernetesVersion: '😀'.repeat(100_000),
        endpoint: LONG,
        conditions: Array.from({ length: 5_000 }, () => ({
          type: '<'.repeat(900),
          status: 'False',
          message: '&'.repeat(9_000),
        })),
      },
    })
    const outcome = toOutcome({
      message: '<'.repeat(100_000),
      hint: '<'.repeat(100_000),
      requestId: '<'.repeat(200),
      first: cluster,
      last: cluster,
      plan: toPlan([resourceEdit(LONG, '<'.repeat(9_999)), ...alertEdits(5_000)]),
      warnings: Array.from({ length: 900 }, (_, index) => `${index} ${'<'.repeat(1_000)}`),
      timeline: Array.from({ length: 5_000 }, (_, index) => ({
        phase: '<'.repeat(1_024),
        fromMs: index,
        untilMs: index + 1,
      })),
    })
    const summary = toSummary(outcome, CONTEXT)
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(512 * 1024)
    const sections = toSummarySections(outcome, CONTEXT)
    const comment = joinSections(sections, { characters: 65_536 })
    expect(comment.length).toBeLessThanOrEqual(65_536)
    expect(comment.startsWith(`${sections[0]}\n\n${sections[1]}\n`)).toBe(true)
    const outputs = toOutputs({ outcome, message: '', sections, redactor })
    expect(Buffer.byteLength(outputs['summary-markdown'])).toBeLessThanOrEqual(64 * 1024)
    expect(outputs['summary-markdown'].startsWith(`${sections[0]}\n\n${sections[1]}\n`)).toBe(true)
    for (const name of [
      'phase',
      'version',
      'kubernetes-version',
      'cpu',
      'memory',
      'storage',
      'endpoint',
      'previous-cpu',
    ] as const) {
      expect(outputs[name].length).toBeLessThanOrEqual(1_024)
      expect(outputs[name]).toMatch(/…$/)
    }
    expect(Buffer.byteLength(outputs.plan)).toBeLessThanOrEqual(64 * 1024)
    expect(Buffer.byteLength(outputs.cluster)).toBeLessThanOrEqual(64 * 1024)
  })

  test('many faults of inputs leave room for what to do', () => {
    const problems = Array.from({ length: 60 }, (_, index) => `${index} ${'<'.repeat(2_000)}`)
    const sections = toSummarySections(toOutcome({ problems, hint: 'Mend them.' }), CONTEXT)
    expect(sections[1]).toContain('> - 40 more\n')
    expect(sections[1]?.match(/^> - /gm)).toHaveLength(21)
    expect(sections[1]).toContain('Mend them.')
  })
})

describe('the plan as an output', () => {
  const planOf = (edits: readonly Edit[]) => {
    const { redactor } = toCluster()
    return JSON.parse(
      toOutputs({ outcome: toOutcome({ plan: toPlan(edits) }), message: '', sections: [], redactor }).plan,
    )
  }

  test('is whole', () => {
    const edits = [resourceEdit('4', '8'), ...alertEdits(780)]
    expect(planOf(edits)).toEqual({ edits, refusals: [] })
  })

  test('has values that are cut off', () => {
    expect(planOf([{ field: 'cpu', from: null, to: LONG }])).toEqual({
      edits: [{ field: 'cpu', from: null, to: `${'L'.repeat(1_023)}…` }],
      refusals: [],
    })
  })

  test('counts the last edits where there are too many for an output', () => {
    const plan = planOf(alertEdits(50_000))
    expect(plan.edits.length).toBeGreaterThan(2_000)
    expect(plan.edits.length + plan.more).toBe(50_000)
    expect(plan.edits[0]).toEqual({ field: 'alerts.key0' })
  })
})

describe('the cluster as an output', () => {
  const shown = (object: JsonObject, asked: JsonObject = {}) => {
    const { cluster, redactor } = toCluster(object, asked)
    return JSON.parse(toClusterJson(cluster, redactor))
  }

  test('has no values of alerts anywhere, be they asked or live', () => {
    const object = {
      alerts: { hook: { url: 'live-secret-1' }, pin: 918_273, flag: true },
      note: 'it is live-secret-1',
      'key asked-secret-2': 1,
      list: ['asked-secret-2', { deep: 'live-secret-1', pin: 918_273, small: 12 }],
      status: { last: 'asked-secret-2', pin: 918_273, conditions: [{ type: 'Ready', message: 'for live-secret-1' }] },
      warnings: [{ code: 'C', message: 'asked-secret-2' }],
    }
    expect(shown(object, { hook: 'asked-secret-2' })).toEqual({
      name: 'production',
      alerts: { hook: { url: '***' }, pin: '***', flag: '***' },
      note: 'it is ***',
      'key ***': 1,
      list: ['***', { deep: '***', pin: '***', small: 12 }],
      status: { last: '***', pin: '***', conditions: [{ type: 'Ready', message: 'for ***' }] },
      warnings: [{ code: 'C', message: '***' }],
    })
  })

  test('has all that outputs of their own show, and names', () => {
    const object = {
      version: 'v1.31.9',
      generation: 123_456,
      resources: { cpu: '4000-m', memory: '123456Mi' },
      status: {
        phase: 'Phase-1',
        kubernetesVersion: 'v1.31.9+k3s1',
        endpoint: 'https://production-1.example',
        observedGeneration: 123_456,
        conditions: [{ type: 'Etcd-Ready', status: 'Unknown-1', reason: 'No-Quorum' }],
      },
      warnings: [{ code: 'CODE_1', field: 'spec.x-1' }],
    }
    const values = ['v1.31.9', 123_456, '4000-m', '123456Mi', 'Phase-1', 'v1.31.9+k3s1', 'https://production-1.example']
    const names = ['Etcd-Ready', 'Unknown-1', 'No-Quorum', 'CODE_1', 'spec.x-1', 'production']
    expect(shown({ ...object, alerts: { values, names } })).toEqual({
      name: 'production',
      ...object,
      alerts: { values: '***', names: '***' },
    })
  })

  test('has them also where a later answer has shown others', () => {
    const object = { version: 'v1.31.9', status: { phase: 'Phase-1', endpoint: 'https://production-1.example' } }
    const { cluster, redactor } = toCluster(object, { a: ['v1.31.9', 'Phase-1', 'https://production-1.example'] })
    for (const count of [1, 2]) redactor.showRead([`v1.32.${count}`])
    const again = createAlertRedactor({ secrets: [], shown: [] })
    again.learn({ a: ['v1.31.9', 'Phase-1', 'https://production-1.example'] })
    for (const other of [redactor, again]) expect(JSON.parse(toClusterJson(cluster, other))).toMatchObject(object)
  })

  test('has no key, and no metrics', () => {
    const object = {
      [KEY]: KEY,
      version: KEY,
      alerts: { [KEY]: 'x' },
      status: { phase: `x ${KEY}`, metrics: { a: 1 } },
    }
    expect(shown(object)).toEqual({
      name: 'production',
      '***': '***',
      version: '***',
      alerts: { '***': '***' },
      status: { phase: 'x ***' },
    })
  })

  test('has scalars only where it would be too large, without values of alerts, too', () => {
    const object = {
      alerts: { a: 'live-secret-1' },
      note: 'live-secret-1',
      big: LONG,
      list: [LONG],
      status: { phase: 'P', note: 'x live-secret-1' },
    }
    expect(shown(object)).toEqual({ name: 'production', note: '***', status: { phase: 'P', note: 'x ***' } })
  })

  test('has only what other outputs show where there is too much to take out', () => {
    const alerts = { list: Array.from({ length: 2_001 }, (_, index) => `value-${index}`) }
    const object = {
      version: '1.31',
      generation: 7,
      resources: { cpu: '4', gpu: '2' },
      status: { phase: 'Running', note: 'x' },
      note: 'x',
      alerts,
    }
    expect(shown(object)).toEqual({
      name: 'production',
      version: '1.31',
      resources: { cpu: '4' },
      generation: 7,
      status: { phase: 'Running' },
    })
  })

  test('takes no time', () => {
    const alerts = { list: Array.from({ length: 1_990 }, (_, index) => `value-number-${index}`) }
    const status = Object.fromEntries(Array.from({ length: 3_500 }, (_, index) => [`k${index}`, `%41 ${index}`]))
    const { cluster, redactor } = toCluster({ alerts, status })
    expect(toClusterJson(cluster, redactor).length).toBeGreaterThan(50_000)
    expect(cpuMsOf(() => toClusterJson(cluster, redactor))).toBeLessThan(300)
  })
})
