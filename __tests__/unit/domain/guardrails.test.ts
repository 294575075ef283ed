import { describe, expect, test } from '@jest/globals'
import type { DesiredChange } from '../../../src/domain/change.js'
import type { Guardrails } from '../../../src/domain/guardrails.js'
import type { ClusterOverrides } from '../../support/clusters.js'
import { type PlanSetup, toPlan } from '../../support/plans.js'

function rulesFor(desired: DesiredChange, options: PlanSetup): string[] {
  return toPlan(desired, options).refusals.map(({ rule, field }) => `${rule} ${field}`)
}

describe('a downgrade goes below the higher of desired and running', () => {
  test.each<[string, ClusterOverrides, boolean]>([
    ['1.31', { version: '1.32', kubernetesVersion: 'v1.32.1' }, true],
    ['1.31', { version: '1.32', kubernetesVersion: 'v1.31.9' }, true],
    ['1.31', { version: '1.30', kubernetesVersion: 'v1.32.1' }, true],
    ['1.31', { version: '1.32', kubernetesVersion: undefined }, true],
    ['1.31', { version: undefined, kubernetesVersion: 'v1.32.1' }, true],
    ['1.32.2', { version: '1.32.3', kubernetesVersion: 'v1.32.3' }, true],
    ['1.32.2', { version: '1.32', kubernetesVersion: 'v1.32.3+k3s1' }, true],
    ['1.32', { version: '1.31', kubernetesVersion: 'v1.32.3' }, false],
    ['1.32.4', { version: '1.32', kubernetesVersion: 'v1.32.3' }, false],
    ['1.32', { version: '1.31', kubernetesVersion: 'v1.31.5' }, false],
    ['1.31', { version: 'stable', kubernetesVersion: 'v1.32.1' }, true],
    ['1.31', { version: '1.32', kubernetesVersion: 'newest' }, true],
    ['1.32', { version: '1.31', kubernetesVersion: 'newest' }, false],
  ])('to %s from %j: %s', (version, live, refused) => {
    expect(rulesFor({ version }, { live })).toEqual(refused ? ['downgrade version'] : [])
    expect(rulesFor({ version }, { live, guardrails: { allowDowngrade: true } })).toEqual([])
  })
})

describe('an upgrade skips no minor, counted from the running version', () => {
  test.each<[string, ClusterOverrides, boolean]>([
    ['1.33', { version: '1.31', kubernetesVersion: 'v1.31.5' }, true],
    ['1.33', { version: '1.32', kubernetesVersion: 'v1.31.5' }, true],
    ['1.33', { version: '1.31', kubernetesVersion: undefined }, true],
    ['1.33', { version: '1.31', kubernetesVersion: 'newest' }, true],
    ['1.32', { version: '1.31', kubernetesVersion: 'newest' }, false],
    ['1.33', { version: 'stable', kubernetesVersion: 'v1.31.5' }, true],
    ['2.0', { version: '1.31', kubernetesVersion: 'v1.31.5' }, true],
    ['1.33.1', { version: '1.31', kubernetesVersion: 'v1.31.5' }, true],
    ['1.32', { version: '1.31', kubernetesVersion: 'v1.31.5' }, false],
    ['1.33', { version: '1.31', kubernetesVersion: 'v1.32.0' }, false],
    ['1.32.9', { version: '1.31', kubernetesVersion: 'v1.31.0' }, false],
  ])('to %s from %j: %s', (version, live, refused) => {
    expect(rulesFor({ version }, { live })).toEqual(refused ? ['version-skip version'] : [])
    expect(rulesFor({ version }, { live, guardrails: { allowVersionSkip: true } })).toEqual([])
  })

  test('a downgrade by many minors is a downgrade, no skip', () => {
    expect(rulesFor({ version: '1.28' }, {})).toEqual(['downgrade version'])
    expect(rulesFor({ version: '1.28' }, { guardrails: { allowDowngrade: true } })).toEqual([])
  })

  test.each<[string, ClusterOverrides, string[]]>([
    ['1.30', {}, ['version 1.30 is a downgrade from 1.31']],
    ['1.31', { version: '1.30', kubernetesVersion: 'v1.32.1' }, ['version 1.31 is a downgrade from v1.32.1']],
    ['1.34', {}, ['version 1.34 is more than one minor above the running v1.31.9']],
  ])('the words say from what: %s, %j', (version, live, reasons) => {
    expect(toPlan({ version }, { live }).refusals.map(({ reason }) => reason)).toEqual(reasons)
  })

  test('the words say what storage cannot be judged by', () => {
    const { refusals } = toPlan({ storage: '50Gi' }, { live: { resources: { storage: '100 Gi' } } })
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'storage 50Gi cannot be judged: the current 100 Gi cannot be read as a quantity',
    ])
  })

  test('one version can be both', () => {
    const live = { version: '1.34', kubernetesVersion: 'v1.31.5' }
    expect(rulesFor({ version: '1.33' }, { live })).toEqual(['downgrade version', 'version-skip version'])
    expect(rulesFor({ version: '1.33' }, { live, guardrails: { allowDowngrade: true } })).toEqual([
      'version-skip version',
    ])
    expect(rulesFor({ version: '1.33' }, { live, guardrails: { allowVersionSkip: true } })).toEqual([
      'downgrade version',
    ])
  })
})

describe('a version that cannot be judged is refused by both rules, says so, and names what would permit it', () => {
  test.each<[name: string, live: ClusterOverrides]>([
    ['both absent', { version: undefined, kubernetesVersion: undefined }],
    ['both no version', { version: 'stable', kubernetesVersion: 'newest' }],
    ['one absent, the other no version', { version: undefined, kubernetesVersion: 'newest' }],
  ])('%s', (_, live) => {
    const { refusals } = toPlan({ version: '1.31' }, { live })
    expect(refusals.map(({ rule, allow }) => [rule, allow])).toEqual([
      ['downgrade', 'allow-downgrade'],
      ['version-skip', 'allow-version-skip'],
    ])
    // Both stand in one sentence, where nothing is said twice.
    expect(refusals.map(({ reason }) => reason)).toEqual([
      'whether version 1.31 is a downgrade cannot be judged: the cluster’s own version cannot be read',
      'whether it skips a minor version cannot be judged either',
    ])
    const alone = toPlan({ version: '1.31' }, { live, guardrails: { allowDowngrade: true } })
    expect(alone.refusals.map(({ rule, reason }) => [rule, reason])).toEqual([
      [
        'version-skip',
        'whether version 1.31 skips a minor version cannot be judged: the cluster’s own version cannot be read',
      ],
    ])
    expect(
      rulesFor({ version: '1.31' }, { live, guardrails: { allowDowngrade: true, allowVersionSkip: true } }),
    ).toEqual([])
  })
})

describe('storage shrinks only where that is allowed', () => {
  test.each<[string, string | undefined, boolean]>([
    ['99Gi', '100Gi', true],
    ['100G', '100Gi', true],
    ['102399Mi', '100Gi', true],
    ['102400Mi', '100Gi', false],
    ['101Gi', '100Gi', false],
    ['1Gi', undefined, false],
    ['1Gi', 'plenty', true],
    ['200Gi', '100 Gi', true],
    ['1Gi', '2147483648', true],
  ])('to %s from %s: %s', (storage, current, refused) => {
    const live = { resources: current === undefined ? {} : { storage: current } }
    expect(rulesFor({ storage }, { live })).toEqual(refused ? ['storage-shrink storage'] : [])
    expect(rulesFor({ storage }, { live, guardrails: { allowStorageShrink: true } })).toEqual([])
  })

  test('less cpu and memory are allowed', () => {
    expect(rulesFor({ cpu: '1', memory: '1Gi' }, {})).toEqual([])
  })
})

describe('bounds hold for the requested value, both ends included', () => {
  test.each<[DesiredChange, Partial<Guardrails>, string[]]>([
    [{ cpu: '2' }, { min: { cpu: '2' } }, []],
    [{ cpu: '2' }, { min: { cpu: '2000m' } }, []],
    [{ cpu: '1999m' }, { min: { cpu: '2' } }, ['min cpu']],
    [{ cpu: '8' }, { max: { cpu: '8' } }, []],
    [{ cpu: '8001m' }, { max: { cpu: '8' } }, ['max cpu']],
    [{ memory: '8Gi' }, { min: { memory: '8192Mi' } }, []],
    [{ memory: '8G' }, { min: { memory: '8Gi' } }, ['min memory']],
    [{ memory: '64Gi' }, { max: { memory: '64G' } }, ['max memory']],
    [{ storage: '200Gi' }, { max: { storage: '200Gi' } }, []],
    [{ storage: '201Gi' }, { max: { storage: '200Gi' } }, ['max storage']],
    [{ storage: '150Gi' }, { min: { storage: '200Gi' } }, ['min storage']],
    [{ cpu: '16' }, { min: { cpu: '2' }, max: { cpu: '8' } }, ['max cpu']],
    [{ cpu: '8' }, { max: { memory: '1Gi', storage: '1Gi' } }, []],
  ])('%j within %j', (desired, guardrails, rules) => {
    expect(rulesFor(desired, { guardrails })).toEqual(rules)
  })
})

describe('refusals', () => {
  const guardrails = { min: { cpu: '2' }, max: { memory: '32Gi', storage: '10Gi' } }
  const desired = { storage: '50Gi', memory: '64Gi', cpu: '1', version: '1.33' }

  test('come all at once, in the order version, cpu, memory, storage, each with what permits it', () => {
    const { refusals } = toPlan(desired, { guardrails })
    expect(refusals.map(({ reason: _, ...refusal }) => refusal)).toEqual([
      { rule: 'version-skip', field: 'version', from: '1.31', to: '1.33', allow: 'allow-version-skip' },
      { rule: 'min', field: 'cpu', from: '4', to: '1', allow: 'min-cpu' },
      { rule: 'max', field: 'memory', from: '16Gi', to: '64Gi', allow: 'max-memory' },
      { rule: 'storage-shrink', field: 'storage', from: '100Gi', to: '50Gi', allow: 'allow-storage-shrink' },
      { rule: 'max', field: 'storage', from: '100Gi', to: '50Gi', allow: 'max-storage' },
    ])
  })

  test('say why, with the values', () => {
    expect(toPlan(desired, { guardrails }).refusals.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/1\.33.*v1\.31\.9/),
      expect.stringMatching(/cpu 1 .*min-cpu 2/),
      expect.stringMatching(/memory 64Gi .*max-memory 32Gi/),
      expect.stringMatching(/storage 50Gi .*100Gi/),
      expect.stringMatching(/storage 50Gi .*max-storage 10Gi/),
    ])
  })

  test('name what was absent as null', () => {
    const live = { resources: {} }
    expect(toPlan({ cpu: '1' }, { live, guardrails }).refusals.map(({ from }) => from)).toEqual([null])
  })

  test('are none where the plan is fine', () => {
    expect(toPlan({ version: '1.32', cpu: '8', memory: '32Gi', storage: '200Gi' }).refusals).toEqual([])
  })
})
