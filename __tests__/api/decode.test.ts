import { describe, expect, test } from '@jest/globals'
import { decodeCluster } from '../../src/api/decode.js'
import { type Cluster, toConditionText } from '../../src/domain/cluster.js'
import type { JsonObject, JsonValue } from '../../src/domain/json.js'
import { isJsonObject } from '../../src/domain/json.js'
import { createAlertRedactor } from '../../src/redact.js'
import { answer, CLUSTER, failure, read } from '../support/api-client.js'
import { useNock } from '../support/nock.js'

function decode(object: Record<string, unknown>, asked: JsonObject = {}): Cluster {
  const text = JSON.stringify({ name: 'production', ...object })
  const redactor = createAlertRedactor({ secrets: ['s3cret'], shown: [] })
  redactor.learn(asked)
  const cluster = decodeCluster(text, 'production', redactor)
  if (cluster === undefined) throw new Error(`no cluster: ${text}`)
  return cluster
}

useNock()

describe('what the server says in words', () => {
  const conditionsOf = (...conditions: unknown[]) => decode({ status: { conditions } }).conditions.map(toConditionText)
  const warningsOf = (...warnings: unknown[]) => decode({ warnings }).warnings

  test.each<[unknown, string]>([
    [{ type: 'Ready', status: 'False', reason: 'Disk', message: 'full' }, 'Ready=False Disk: full'],
    [{ type: 'Ready', status: 'True' }, 'Ready=True'],
    [{ type: 'Ready' }, 'Ready'],
    [{ message: 'full' }, 'full'],
    [{ reason: 'Disk' }, 'Disk'],
    [{ status: 'False', message: 'full' }, 'False full'],
    ['a plain text', 'a plain text'],
  ])('the condition %j', (condition, line) => {
    expect(conditionsOf(condition)).toEqual([line])
  })

  test.each<[unknown, string]>([
    [{ code: 'X', message: 'old version' }, 'old version (code X)'],
    [{ code: 'X' }, 'code X'],
    [{ message: 'old', field: 'spec.version' }, 'old (field spec.version)'],
    ['a plain text', 'a plain text'],
  ])('the warning %j', (warning, line) => {
    expect(warningsOf(warning)).toEqual([line])
  })

  test.each([[null], [7], [{}], [''], ['   '], [[]]])('%j says nothing', (item) => {
    expect(conditionsOf(item)).toEqual([])
    expect(warningsOf(item)).toEqual([])
  })

  test('ten conditions at most, each cut off after its secrets are out', () => {
    expect(conditionsOf(...Array.from({ length: 12 }, (_, index) => `c${index}`))).toHaveLength(10)
    expect(conditionsOf(`${'x'.repeat(496)}s3cret and more`)[0]).toBe(`${'x'.repeat(496)}***…`)
  })

  test('no list is no line', () => {
    expect(decode({ warnings: 'x', status: { conditions: {} } })).toMatchObject({ warnings: [], conditions: [] })
    expect(decode({}).json).toEqual({ name: 'production' })
  })

  test('values of alerts, live or asked for, are taken out of words and stay elsewhere', () => {
    const cluster = decode(
      {
        alerts: { hook: 'live-hook', phase: 'Running' },
        warnings: ['live-hook asked-hook'],
        status: { phase: 'Running', conditions: ['Running asked-hook'] },
      },
      { hook: 'asked-hook' },
    )
    expect(cluster).toMatchObject({ warnings: ['*** ***'], conditions: [{ message: 'Running ***' }], phase: 'Running' })
    expect(cluster.json).toMatchObject({ alerts: { hook: 'live-hook' }, status: { phase: 'Running' } })
  })
})

describe('the answer to a read', () => {
  test('a whole cluster', async () => {
    answer('GET', 200, {
      name: 'production',
      version: '1.32',
      resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
      alerts: { crash: { enabled: true } },
      generation: 7,
      createdAt: '2026-02-01T14:00:00Z',
      warnings: [{ code: 'W', severity: 'warning', message: 'near end of life', field: 'spec.version' }],
      status: {
        phase: 'Running',
        kubernetesVersion: 'v1.32.3',
        endpoint: 'https://production.acme.kupe.cloud',
        observedGeneration: 7,
        conditions: [{ type: 'Ready', status: 'False', reason: 'Quota', message: 'too little' }],
      },
    })
    const { cluster } = await read()
    expect(cluster).toMatchObject({
      name: 'production',
      version: '1.32',
      resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
      alerts: { crash: { enabled: true } },
      generation: 7,
      createdAt: '2026-02-01T14:00:00Z',
      phase: 'Running',
      kubernetesVersion: 'v1.32.3',
      endpoint: 'https://production.acme.kupe.cloud',
      observedGeneration: 7,
    })
    expect(cluster.conditions.map(toConditionText).join()).toMatch(/Ready.*False.*Quota.*too little/)
    expect(cluster.warnings.join()).toMatch(/near end of life.*spec\.version/)
  })

  test.each<[string, JsonValue]>([
    ['nothing but the name', {}],
    ['nulls', { version: null, resources: null, alerts: null, generation: null, status: null, warnings: null }],
    ['a status that is a text', { status: 'Running', resources: 'many', alerts: 'off', warnings: 'none' }],
    ['a status that is an array', { status: ['Running'], resources: ['4'], alerts: ['off'], warnings: {} }],
    ['empty texts', { version: '', resources: { cpu: '', memory: '' }, status: { phase: '', endpoint: '' } }],
    [
      'fields of other types',
      {
        version: { minor: 32 },
        resources: { cpu: null, memory: '' },
        generation: '7.0',
        createdAt: {},
        status: { phase: ['Running'], kubernetesVersion: false, endpoint: {}, observedGeneration: 7.5 },
      },
    ],
    ['numbers that no integer is', { generation: 1e300, status: { observedGeneration: '9'.repeat(20) } }],
  ])('%s: wrong types count as absent', async (_, fields) => {
    answer('GET', 200, { ...(fields as object), name: 'production' })
    const { json: _json, ...known } = (await read()).cluster
    const { hasResources, ...others } = known
    expect(others).toEqual({ name: 'production', resources: {}, allResources: {}, conditions: [], warnings: [] })
    expect(hasResources).toBe(isJsonObject((fields as { resources?: unknown }).resources))
  })

  test('limits of other types are there, as their JSON', async () => {
    const resources = { cpu: ['4'], memory: true, storage: { size: '500Gi' }, pool: { min: 2 }, none: null }
    answer('GET', 200, { name: 'production', resources })
    const { cluster } = await read()
    expect(cluster.resources).toEqual({ cpu: '["4"]', memory: 'true', storage: '{"size":"500Gi"}' })
    expect(Object.keys(cluster.allResources)).toEqual(['cpu', 'memory', 'storage', 'pool'])
  })

  test('conditions of any shape are read tolerantly', async () => {
    answer('GET', 200, {
      ...CLUSTER,
      status: { conditions: [null, 1, [], {}, { message: 5 }, 'as it is', { reason: 'R' }] },
    })
    const conditions = (await read()).cluster.conditions.map(toConditionText)
    expect(conditions).toContain('as it is')
    expect(conditions.join()).toContain('R')
    expect(conditions.every((line) => line.trim() !== '')).toBe(true)
  })

  test('long and many conditions and warnings are bounded', async () => {
    const many = Array.from({ length: 300 }, () => ({ type: 'T', message: 'm'.repeat(10_000) }))
    answer('GET', 200, { ...CLUSTER, status: { conditions: many }, warnings: many })
    const { conditions, warnings } = (await read()).cluster
    expect(conditions.map(toConditionText).join('').length).toBeLessThan(20_000)
    expect(warnings.join('').length).toBeLessThan(20_000)
  })

  test.each<[string, JsonValue, RegExp]>([
    ['another name', { name: 'production2' }, /another JSON object/],
    ['a name in other letters', { name: 'Production' }, /another JSON object/],
    ['no name', { version: '1.31' }, /another JSON object/],
    ['a list of clusters', { items: [CLUSTER] }, /another JSON object/],
    ['an array', [CLUSTER], /no object/],
    ['null', 'null', /no object/],
    ['a text', '"production"', /no object/],
    ['an empty body', '', /empty body/],
    ['blanks', ' \n ', /empty body/],
    ['HTML', '<!doctype html><title>Sign in</title>', /a web page/],
    ['half a cluster', '{"name":"production","ver', /not JSON/],
  ])('%s is not the cluster asked for', async (_, body, words) => {
    answer('GET', 200, body, { 'X-Request-Id': 'req-7' })
    const { message, facts } = await failure(read())
    expect(facts).toMatchObject({ trouble: 'not-a-cluster', status: 200, requestId: 'req-7' })
    expect(message).toMatch(words)
  })
})
