import { describe, expect, test } from '@jest/globals'
import { decodeCluster } from '../../../src/api/decode.js'
import type { JsonObject } from '../../../src/domain/json.js'
import type { Outcome } from '../../../src/domain/outcome.js'
import { createAlertRedactor } from '../../../src/redact.js'
import { OUTPUT_NAMES, type Outputs, toClusterJson, toShownOutcome } from '../../../src/report/outputs.js'
import { SECRET_ALERTS, toCluster } from '../../support/clusters.js'
import { toOutcome, toOutputsOf } from '../../support/outcomes.js'
import { toPlan } from '../../support/plans.js'

const LIMIT = 64 * 1024
const REDACTOR = createAlertRedactor({ secrets: [], shown: [] })

const NAMES = [
  'result failure-reason message changed would-change phase version kubernetes-version cpu memory storage endpoint',
  'previous-version previous-kubernetes-version previous-cpu previous-memory previous-storage etag generation evidence',
  'plan plan-digest hourly-cost-change cluster request-id duration-seconds summary-markdown',
]
  .join(' ')
  .split(' ')

const FIRST = toCluster()
const LAST = toCluster({
  version: '1.32',
  kubernetesVersion: 'v1.32.3',
  resources: { cpu: '8000m', memory: '32Gi', storage: '0.2Ti' },
  generation: 8,
  phase: 'Upgrading',
})

describe('the outputs are those of the contract, always all set', () => {
  const outcomes: Partial<Outcome>[] = [
    {},
    { result: 'failed', reason: 'invalid-input' },
    { result: 'planned', plan: toPlan({}), first: FIRST, last: FIRST, wouldChange: false },
    { result: 'cancelled', reason: 'cancelled', changed: true },
  ]

  test.each(outcomes)('%#', (outcome) => {
    const outputs = toOutputsOf(toOutcome(outcome), 'summary')
    expect(Object.keys(outputs)).toEqual(NAMES)
    expect([...OUTPUT_NAMES]).toEqual(NAMES)
    expect(Object.values(outputs).filter((value) => typeof value !== 'string')).toEqual([])
  })

  test('what is not known is empty, but for what is always known', () => {
    const filled = Object.entries(toOutputsOf(toOutcome(), 'the summary')).filter(([, value]) => value !== '')
    expect(Object.fromEntries(filled)).toEqual({
      result: 'unchanged',
      message: 'the message',
      changed: 'false',
      'duration-seconds': '1',
      'summary-markdown': 'the summary\n',
    })
  })

  test('what a read did not say is empty', () => {
    const bare = toCluster({
      version: undefined,
      resources: {},
      generation: undefined,
      phase: undefined,
      kubernetesVersion: undefined,
      endpoint: undefined,
    })
    const filled = Object.entries(toOutputsOf(toOutcome({ first: bare, last: bare }))).filter(
      ([, value]) => value !== '',
    )
    expect(filled.map(([name]) => name)).toEqual(['result', 'message', 'changed', 'cluster', 'duration-seconds'])
  })
})

describe('each output', () => {
  const plan = toPlan({ version: '1.32', cpu: '8' })
  const outcome: Partial<Outcome> = {
    result: 'timed-out',
    reason: 'timeout',
    changed: true,
    wouldChange: true,
    plan,
    first: FIRST,
    last: LAST,
    etag: '"294811"',
    requestId: 'req-1',
    durationMs: 61_999,
  }

  test.each<[keyof Outputs, string]>([
    ['result', 'timed-out'],
    ['failure-reason', 'timeout'],
    ['changed', 'true'],
    ['would-change', 'true'],
    ['phase', 'Upgrading'],
    ['version', '1.32'],
    ['kubernetes-version', 'v1.32.3'],
    ['cpu', '8000m'],
    ['memory', '32Gi'],
    ['storage', '0.2Ti'],
    ['endpoint', 'https://production.acme.kupe.cloud'],
    ['previous-version', '1.31'],
    ['previous-kubernetes-version', 'v1.31.9'],
    ['previous-cpu', '4'],
    ['previous-memory', '16Gi'],
    ['previous-storage', '100Gi'],
    ['etag', '"294811"'],
    ['generation', '8'],
    ['evidence', ''],
    ['plan-digest', plan.digest],
    ['cluster', '{"name":"production"}'],
    ['request-id', 'req-1'],
    ['duration-seconds', '61'],
  ])('%s is %j', (name, value) => {
    expect(toOutputsOf(toOutcome(outcome))[name]).toBe(value)
  })

  test('plan is JSON', () => {
    expect(JSON.parse(toOutputsOf(toOutcome(outcome)).plan)).toEqual({
      edits: [
        { field: 'version', from: '1.31', to: '1.32' },
        { field: 'cpu', from: '4', to: '8' },
      ],
      refusals: [],
    })
  })

  test.each<[Partial<Outcome>, keyof Outputs, string]>([
    [{ evidence: ['generation'] }, 'evidence', 'generation'],
    [
      { evidence: ['generation', 'kubernetes-version', 'settled'] },
      'evidence',
      'generation,kubernetes-version,settled',
    ],
    [{ evidence: [] }, 'evidence', ''],
    [{ wouldChange: false }, 'would-change', 'false'],
    [{ last: toCluster({ generation: 0 }) }, 'generation', '0'],
    [{ durationMs: 0 }, 'duration-seconds', '0'],
    [{ durationMs: 999.9 }, 'duration-seconds', '0'],
    [{ durationMs: 1_000.2 }, 'duration-seconds', '1'],
  ])('%j: %s is %j', (overrides, name, value) => {
    expect(toOutputsOf(toOutcome(overrides))[name]).toBe(value)
  })
})

describe('the cluster output', () => {
  const json: JsonObject = {
    name: 'production',
    version: '1.31',
    resources: { cpu: '4', memory: '16Gi' },
    alerts: SECRET_ALERTS,
    status: { phase: 'Running', metrics: { cpu: { used: 1 } }, conditions: [{ type: 'Ready' }] },
  }

  test('is compact, without metrics and the values of alerts', () => {
    const text = toClusterJson(toCluster({ json }), REDACTOR)
    expect(text).not.toMatch(/hidden|pager\.example|metrics|[\n]|": /)
    expect(JSON.parse(text)).toEqual({
      name: 'production',
      version: '1.31',
      resources: { cpu: '4', memory: '16Gi' },
      alerts: { receivers: { pager: { url: '***', enabled: '***' } }, routes: '***', note: '***' },
      status: { phase: 'Running', conditions: [{ type: 'Ready' }] },
    })
  })

  test.each<[JsonObject, unknown]>([
    [
      { name: 'a', alerts: 'hidden' },
      { name: 'a', alerts: '***' },
    ],
    [
      { name: 'a', alerts: ['hidden'] },
      { name: 'a', alerts: '***' },
    ],
    [
      { name: 'a', status: 'odd' },
      { name: 'a', status: 'odd' },
    ],
    [
      { name: 'a', status: null },
      { name: 'a', status: null },
    ],
    [
      { name: 'a', status: { metrics: 1 } },
      { name: 'a', status: {} },
    ],
    [
      { name: 'a', metrics: 1 },
      { name: 'a', metrics: 1 },
    ],
    [{ name: 'a' }, { name: 'a' }],
  ])('%j', (odd, shown) => {
    expect(JSON.parse(toClusterJson(toCluster({ json: odd }), REDACTOR))).toEqual(shown)
  })

  test('does not show a value of alerts that the server repeats elsewhere', () => {
    const message = 'cannot reach https://pager.example/hidden-hook'
    const repeating = { ...json, warnings: [message], status: { conditions: [{ type: 'Ready', message }] } }
    const redactor = createAlertRedactor({ secrets: [], shown: [] })
    const cluster = decodeCluster(JSON.stringify({ ...repeating, alerts: SECRET_ALERTS }), 'production', redactor)
    expect(cluster).toBeDefined()
    expect(toClusterJson(cluster ?? toCluster({}), redactor)).not.toContain('hidden-hook')
  })

  test('is whole up to 64 KiB', () => {
    const empty = Buffer.byteLength(toClusterJson(toCluster({ json: { ...json, note: '' } }), REDACTOR))
    const fits = { ...json, note: 'x'.repeat(LIMIT - empty) }
    expect(Buffer.byteLength(toClusterJson(toCluster({ json: fits }), REDACTOR))).toBe(LIMIT)
    expect(JSON.parse(toClusterJson(toCluster({ json: fits }), REDACTOR))).toHaveProperty('alerts')
  })

  test.each<[string, JsonObject]>([
    ['one long text', { note: 'x'.repeat(LIMIT) }],
    ['wide characters', { note: 'é'.repeat(LIMIT / 2) }],
    ['many lists', { status: { phase: 'Running', conditions: Array(9_000).fill('noise') } }],
    ['many alerts', { alerts: Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`hidden${i}`, i])) }],
    ['many small scalars', Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`field${i}`, i]))],
  ])('has the scalars alone above it: %s', (_, more) => {
    const text = toClusterJson(toCluster({ json: { ...json, ...more } }), REDACTOR)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(LIMIT)
    expect(text).not.toMatch(/hidden|noise|metrics/)
    expect(JSON.parse(text)).toMatchObject({
      name: 'production',
      version: '1.31',
      resources: { cpu: '4', memory: '16Gi' },
      status: { phase: 'Running' },
    })
  })
})

describe('a warning is shown without what was found inside alerts', () => {
  const redactor = createAlertRedactor({ secrets: [], shown: [] })
  redactor.learn({ summary: 'The cluster was Degraded', hook: 'pager-token-42' })

  test.each([
    ['The cluster was Degraded when this was planned', 'The cluster was Degraded when this was planned'],
    [
      'The cluster was Degraded when this was planned: Ready=False sent pager-token-42',
      'The cluster was Degraded when this was planned: Ready=False sent ***',
    ],
    ['The server warns: The cluster was Degraded', 'The server warns: ***'],
    ['Ready=False pager-token-42', 'Ready=False ***'],
  ])('%s', (warning, shown) => {
    expect(toShownOutcome(toOutcome({ warnings: [warning] }), redactor).warnings).toEqual([shown])
  })
})

describe('the summary is cut at 64 KiB', () => {
  test('not where it is that long, or shorter', () => {
    const lead = 'x'.repeat(LIMIT - '## Title\n\n\n'.length)
    expect(toOutputsOf(toOutcome(), '## Title', 'lead')['summary-markdown']).toBe('## Title\n\nlead\n')
    expect(toOutputsOf(toOutcome(), '## Title', lead)['summary-markdown']).toBe(`## Title\n\n${lead}\n`)
  })

  test.each([
    ['many lines', 'a line of text\n'.repeat(9_000)],
    ['wide characters', '😀é\n'.repeat(20_000)],
    ['one byte too many', 'x'.repeat(LIMIT - 16)],
  ])('by whole sections: %s', (_, text) => {
    const cut = toOutputsOf(toOutcome(), '## Title', 'lead', text)['summary-markdown']
    expect(cut).toBe('## Title\n\nlead\n\n*Left out, as it would be too long: the last section of this report.*\n')
  })
})
