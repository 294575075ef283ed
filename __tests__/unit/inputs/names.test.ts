import { describe, expect, test } from '@jest/globals'
import { INPUT_NAMES } from '../../../src/inputs/names.js'
import { judgeUnknownNames } from '../../../src/inputs/unknown-names.js'

function problemsOf(name: string) {
  return judgeUnknownNames({ [`INPUT_${name.toUpperCase()}`]: 'anything' }).problems
}

test('the inputs are those of the contract', () => {
  expect([...INPUT_NAMES].sort()).toEqual(
    [
      'api-key',
      'tenant',
      'cluster',
      'api-url',
      'mode',
      'version',
      'cpu',
      'memory',
      'storage',
      'alerts',
      'wait',
      'timeout',
      'poll-interval',
      'settle-time',
      'degraded-grace',
      'on-busy',
      'on-conflict',
      'hourly-rates',
      'if-match',
      'expected-plan',
      'allow-downgrade',
      'allow-version-skip',
      'allow-storage-shrink',
      'min-cpu',
      'max-cpu',
      'min-memory',
      'max-memory',
      'min-storage',
      'max-storage',
      'only-between',
      'freeze-dates',
      'timezone',
      'job-summary',
      'comment',
      'github-token',
    ].sort(),
  )
})

describe('our own names', () => {
  test('are no problem', () => {
    const env = Object.fromEntries(INPUT_NAMES.map((name) => [`INPUT_${name.toUpperCase()}`, 'x']))
    expect(judgeUnknownNames(env)).toEqual({ problems: [], warnings: [] })
  })

  test.each(INPUT_NAMES.filter((name) => name.includes('-')))('%s is not to be written with underscores', (name) => {
    expect(problemsOf(name.replaceAll('-', '_'))).toEqual([
      { input: name.replaceAll('-', '_'), reason: 'is not an input', repaired: [name] },
    ])
  })
})

describe('a name close to one of ours names the nearest', () => {
  test.each([
    ['memmory', 'memory'],
    ['memry', 'memory'],
    ['memori', 'memory'],
    ['mamery', 'memory'],
    ['cpus', 'cpu'],
    ['cp', 'cpu'],
    ['cpo', 'cpu'],
    ['modes', 'mode'],
    ['waitt', 'wait'],
    ['clusters', 'cluster'],
    ['clustr', 'cluster'],
    ['tenants', 'tenant'],
    ['tenat', 'tenant'],
    ['versoin', 'version'],
    ['versions', 'version'],
    ['storge', 'storage'],
    ['alert', 'alerts'],
    ['time-out', 'timeout'],
    ['timeouts', 'timeout'],
    ['time-zone', 'timezone'],
    ['apikey', 'api-key'],
    ['api-keys', 'api-key'],
    ['apiurl', 'api-url'],
    ['min-cpus', 'min-cpu'],
    ['max-memmory', 'max-memory'],
    ['mincpu', 'min-cpu'],
    ['mex-cpu', 'max-cpu'],
    ['pollinterval', 'poll-interval'],
    ['poll-intervall', 'poll-interval'],
    ['on-conflicts', 'on-conflict'],
    ['allow-downgrades', 'allow-downgrade'],
    ['jobsummary', 'job-summary'],
  ])('%s: %s', (name, ours) => {
    expect(problemsOf(name)).toEqual([{ input: name, reason: 'is not an input', repaired: [ours] }])
  })

  test.each([
    ['cxx'],
    ['mood'],
    ['wat-e'],
    ['region'],
    ['working-directory'],
    ['memmorry-x'],
    ['node-version'],
    ['x'],
    [''],
  ])('%j is not close to any', (name) => {
    expect(problemsOf(name)).toEqual([])
  })

  test('other keys of the environment are none of our business', () => {
    const env = { MEMMORY: '1', TOKEN: 'x', XINPUT_MEMMORY: '1', 'GITHUB_INPUT_DRY-RUN': '1' }
    expect(judgeUnknownNames(env)).toEqual({ problems: [], warnings: [] })
  })
})

describe('a known synonym names ours', () => {
  test.each([
    ['dry-run', ['mode: plan']],
    ['kubernetes-version', ['version']],
    ['k8s-version', ['version']],
    ['token', ['api-key']],
    ['api-token', ['api-key']],
    ['cluster-name', ['cluster']],
    ['name', ['cluster']],
    ['tenant-name', ['tenant']],
    ['host', ['api-url']],
    ['url', ['api-url']],
    ['api-host', ['api-url']],
    ['resources', ['cpu', 'memory', 'storage']],
    ['mem', ['memory']],
    ['disk', ['storage']],
    ['if-match-etag', ['if-match']],
    ['etag', ['if-match']],
    ['wait-timeout', ['timeout']],
    ['wait-for', ['wait']],
    ['dry_run', ['mode: plan']],
    ['kubernetes_version', ['version']],
    ['api_token', ['api-key']],
    ['cluster_name', ['cluster']],
    ['api_host', ['api-url']],
  ])('%s: %j', (name, repaired) => {
    expect(problemsOf(name)).toEqual([{ input: name, reason: 'is not an input', repaired }])
  })
})

test('the value under a wrong name may be a secret and is not shown', () => {
  const env = { INPUT_API_KEY: 'hidden', INPUT_TOKEN: 'hidden', 'INPUT_API-KEYY': 'hidden', INPUT_MEMMORY: 'hidden' }
  const { problems } = judgeUnknownNames(env)
  expect(problems).toHaveLength(4)
  expect(JSON.stringify(problems)).not.toContain('hidden')
})
