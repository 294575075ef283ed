import { describe, expect, test } from '@jest/globals'
import { judgeUnknownNames } from '../../../src/inputs/unknown-names.js'
import { errorOf, parse, REQUIRED } from '../../support/inputs.js'

/** What is said of inputs under these names, whatever their values. */
function judge(...names: string[]) {
  return judgeUnknownNames(Object.fromEntries(names.map((name) => [`INPUT_${name.toUpperCase()}`, 'hidden'])))
}

describe('a name that is like none of ours is only warned of', () => {
  test.each<[string[], string[]]>([
    [[], []],
    [['gpus'], ['gpus is not an input of this action: it did nothing']],
    [['gpus', 'region'], ['gpus, region are not inputs of this action: they did nothing']],
    [
      Array.from({ length: 10 }, (_, index) => `stranger-${index}`),
      [expect.stringMatching(/stranger-0, .*, stranger-9 are not inputs/) as unknown as string],
    ],
    [
      Array.from({ length: 13 }, (_, index) => `stranger-${index}`),
      [expect.stringMatching(/stranger-0, .*, stranger-9 and 3 more are not inputs/) as unknown as string],
    ],
    [[''], []],
  ])('%j', (names, warnings) => {
    expect(judge(...names)).toEqual({ problems: [], warnings })
  })

  test('in one warning of the run, that does not show the values', async () => {
    const { warnings } = await parse({ gpus: 'hidden', region: 'hidden' })
    expect(warnings).toEqual(['gpus, region are not inputs of this action: they did nothing'])
  })

  test('also where the run ends with an error: it may be what is missing', async () => {
    const { warnings, problems } = await errorOf({ ...REQUIRED, kubernets: '1.32' })
    expect(problems.map(({ input }) => input)).toEqual(['a change'])
    expect(warnings).toEqual(['kubernets is not an input of this action: it did nothing'])
  })
})

describe('a name that means a guard is an error', () => {
  test.each([
    ['max-pods', ['max-cpu', 'max-memory', 'max-storage']],
    ['min_replicas', ['min-cpu', 'min-memory', 'min-storage']],
    ['only-weekdays', ['only-between']],
    ['freeze', ['freeze-dates']],
    ['freeze-window', ['freeze-dates']],
    ['allow-scale-down', ['allow-downgrade', 'allow-version-skip', 'allow-storage-shrink']],
    ['expected-digest', ['expected-plan']],
    ['if-unmodified-since', ['if-match']],
  ])('%s', (name, repaired) => {
    expect(judge(name)).toEqual({
      problems: [{ input: name, reason: 'is not an input, so it would guard nothing', repaired }],
      warnings: [],
    })
  })

  test.each([
    ['window', 'only-between'],
    ['maintenance-window', 'only-between'],
    ['maintenance_window', 'only-between'],
    ['blackout', 'freeze-dates'],
    ['plan-digest', 'expected-plan'],
    ['tz', 'timezone'],
    ['min-gpu', 'min-cpu'],
    ['freeze-date', 'freeze-dates'],
    ['allow-downgrades', 'allow-downgrade'],
  ])('%s: %s', (name, ours) => {
    expect(judge(name)).toEqual({
      problems: [{ input: name, reason: 'is not an input', repaired: [ours] }],
      warnings: [],
    })
  })

  test.each(['maximum', 'minutes', 'only', 'allow', 'if', 'expected', 'unfreeze'])('%s is no such name', (name) => {
    expect(judge(name).problems).toEqual([])
  })
})

describe('a name that means ours however it is written', () => {
  test.each([
    ['dryRun', ['mode: plan']],
    ['dry-runs', ['mode: plan']],
    ['is-dry-run', ['mode: plan']],
    ['planOnly', ['mode: plan']],
    ['plan_only', ['mode: plan']],
    ['what-if', ['mode: plan']],
    ['whatIf', ['mode: plan']],
    ['noop', ['mode: plan']],
    ['no-op', ['mode: plan']],
    ['plan', ['mode: plan', 'expected-plan']],
    ['planDigest', ['expected-plan']],
    ['plan-digests', ['expected-plan']],
    ['windows', ['only-between']],
    ['maintenance-windows', ['only-between']],
    ['maintenanceWindow', ['only-between']],
    ['time-window', ['only-between']],
    ['change-window', ['only-between']],
    ['blackouts', ['freeze-dates']],
    ['blackout-dates', ['freeze-dates']],
    ['blackout-window', ['freeze-dates']],
    ['freezeDates', ['freeze-dates']],
    ['max_cpuu', ['max-cpu']],
    ['allowStorageShrnk', ['allow-storage-shrink']],
    ['poll_inter_val', ['poll-interval']],
    ['onlyBetween', ['only-between']],
    ['maximum-cpu', ['max-cpu']],
    ['minimumMemory', ['min-memory']],
    ['cpu-max', ['max-cpu']],
    ['storage_min', ['min-storage']],
    ['cpuMaximum', ['max-cpu']],
    ['max-ram', ['max-memory']],
    ['disk-max', ['max-storage']],
    ['ram', ['memory']],
    ['vcpus', ['cpu']],
    ['cores', ['cpu']],
    ['kube-version', ['version']],
    ['kubernetesVersion', ['version']],
    ['kubernets-version', ['version']],
    ['kubernetes-versions', ['version']],
    ['k8sVersion', ['version']],
    ['clusterName', ['cluster']],
    ['cluster-names', ['cluster']],
    ['waitTimeout', ['timeout']],
    ['apiToken', ['api-key']],
    ['ifMatchEtag', ['if-match']],
  ])('%s: %j', (name, repaired) => {
    expect(judge(name)).toEqual({
      problems: [{ input: name.toLowerCase(), reason: 'is not an input', repaired }],
      warnings: [],
    })
  })

  test.each([
    ['maximum-pods', ['max-cpu', 'max-memory', 'max-storage']],
    ['pods-max', ['max-cpu', 'max-memory', 'max-storage']],
    ['replicas-min', ['min-cpu', 'min-memory', 'min-storage']],
    ['maxNodes', ['max-cpu', 'max-memory', 'max-storage']],
    ['allowShrink', ['allow-downgrade', 'allow-version-skip', 'allow-storage-shrink']],
    ['code-freeze', ['freeze-dates']],
    ['onlyWeekdays', ['only-between']],
    ['expectedDigest', ['expected-plan']],
  ])('%s is some guard', (name, repaired) => {
    expect(judge(name).problems).toEqual([
      { input: name.toLowerCase(), reason: 'is not an input, so it would guard nothing', repaired },
    ])
  })

  // What a composite action around the step may have left.
  test.each([
    ...[
      'tag',
      'tags',
      'npm-token',
      'app-token',
      'gh-token',
      'ssh-key',
      'dist',
      'post',
      'cost',
      'notes',
      'urls',
      'names',
    ],
    ...[
      'go-version',
      'os-version',
      'is-wait',
      'x-mode',
      'node-version',
      'app-version',
      'unit-timeout',
      'storage-map',
      'no-option',
      'no-open',
      'whatever',
    ],
    ...['repository', 'ref', 'path', 'working-directory', 'environment', 'namespace', 'registry-url', 'fetch-depth'],
    ...[
      'windows-version',
      'window-size',
      'run-on-windows',
      'skip-dry-run',
      'plan-only-tests',
      'parallel-max',
      'job-max',
    ],
    ...['platforms', 'build-args', 'cache-from', 'role-to-assume', 'project-id', 'planet', 'plans', 'minor', 'admin'],
  ])('%s is none', (name) => {
    expect(judge(name)).toEqual({ problems: [], warnings: [`${name} is not an input of this action: it did nothing`] })
  })
})

test('what has no counterpart here says what there is instead', () => {
  const { problems } = judge('replicas', 'nodes', 'force')
  expect(problems).toEqual([
    { input: 'replicas', reason: expect.stringContaining('cpu, memory and storage') },
    { input: 'nodes', reason: expect.stringContaining('cpu, memory and storage') },
    { input: 'force', reason: expect.stringContaining('never overwritten') },
  ])
})

test('no value is shown, since any of them may be a secret under a mistyped name', () => {
  expect(JSON.stringify(judge('token', 'api_key', 'max-pods', 'gpus', 'force'))).not.toContain('hidden')
})
