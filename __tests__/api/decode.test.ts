import { describe, expect, test } from '@jest/globals'
import { decodeCluster } from '../../src/api/decode.js'
import type { Cluster } from '../../src/domain/cluster.js'
import { lacksSpec, NOTHING_SEEN, see } from '../../src/domain/sightings.js'

function read(object: Record<string, unknown>, alertTexts: readonly string[] = []): Cluster {
  const text = JSON.stringify({ name: 'production', ...object })
  const cluster = decodeCluster(text, 'production', (words) => words.replaceAll('s3cret', '***'), alertTexts)
  if (cluster === undefined) throw new Error(`no cluster: ${text}`)
  return cluster
}

const WHOLE = { version: '1.31', resources: { cpu: '4', memory: '16Gi', storage: '100Gi' }, alerts: { a: 1 } }

describe('a read lacks a part of the spec that an earlier one showed', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, boolean]>([
    ['nothing seen, nothing shown', {}, {}, false],
    ['all seen, all shown', WHOLE, WHOLE, false],
    ['nothing seen, all shown', {}, WHOLE, false],
    ['all seen, nothing shown', WHOLE, {}, true],
    ['all seen, no version', WHOLE, { ...WHOLE, version: undefined }, true],
    ['all seen, no alerts', WHOLE, { ...WHOLE, alerts: undefined }, true],
    ['all seen, no cpu', WHOLE, { ...WHOLE, resources: { memory: '16Gi', storage: '100Gi' } }, true],
    ['all seen, no memory', WHOLE, { ...WHOLE, resources: { cpu: '4', storage: '100Gi' } }, true],
    ['all seen, no storage', WHOLE, { ...WHOLE, resources: { cpu: '4', memory: '16Gi' } }, true],
    ['only cpu seen, only cpu shown', { resources: { cpu: '4' } }, { resources: { cpu: '8' } }, false],
    ['only a version seen, only alerts shown', { version: '1.31' }, { alerts: {} }, true],
  ])('%s', (_, earlier, now, lacks) => {
    const { seen } = see(NOTHING_SEEN, read(earlier))
    expect(lacksSpec(see(seen, read(now)).seen, read(now))).toBe(lacks)
  })

  test('what was seen is added up over reads', () => {
    const first = see(NOTHING_SEEN, read({ version: '1.31' })).seen
    const second = see(first, read({ resources: { cpu: '4' } })).seen
    expect([...second.spec].sort()).toEqual(['cpu', 'version'])
    expect([...NOTHING_SEEN.spec]).toEqual([])
  })
})

describe('what the server says in words', () => {
  const conditionsOf = (...conditions: unknown[]) => read({ status: { conditions } }).conditions
  const warningsOf = (...warnings: unknown[]) => read({ warnings }).warnings

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
    [{ code: 'X', message: 'old version' }, 'old version'],
    [{ code: 'X' }, 'X'],
    [{ message: 'old', field: 'spec.version' }, 'old (spec.version)'],
    ['a plain text', 'a plain text'],
  ])('the warning %j', (warning, line) => {
    expect(warningsOf(warning)).toEqual([line])
  })

  test.each([[null], [7], [{}], [''], ['   '], [[]]])('%j says nothing', (item) => {
    expect(conditionsOf(item)).toEqual([])
    expect(warningsOf(item)).toEqual([])
  })

  test('ten lines at most, each cut off after its secrets are out', () => {
    expect(conditionsOf(...Array.from({ length: 12 }, (_, index) => `c${index}`))).toHaveLength(10)
    expect(conditionsOf(`${'x'.repeat(496)}s3cret and more`)[0]).toBe(`${'x'.repeat(496)}***…`)
  })

  test('no list is no line', () => {
    expect(read({ warnings: 'x', status: { conditions: {} } })).toMatchObject({ warnings: [], conditions: [] })
    expect(read({}).json).toEqual({ name: 'production' })
  })

  test('values of alerts, live or asked for, are taken out of words and stay elsewhere', () => {
    const cluster = read(
      {
        alerts: { hook: 'live-hook', phase: 'Running' },
        warnings: ['live-hook asked-hook'],
        status: { phase: 'Running', conditions: ['Running asked-hook'] },
      },
      ['asked-hook'],
    )
    expect(cluster).toMatchObject({ warnings: ['*** ***'], conditions: ['*** ***'], phase: 'Running' })
    expect(cluster.json).toMatchObject({ alerts: { hook: 'live-hook' }, status: { phase: 'Running' } })
  })
})
