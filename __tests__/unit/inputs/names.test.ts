import { describe, expect, test } from '@jest/globals'
import { INPUT_NAMES, problemsOfNames } from '../../../src/inputs/names.js'

function problemsOf(name: string) {
  return problemsOfNames({ [`INPUT_${name.toUpperCase()}`]: 'anything' })
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
    expect(problemsOfNames(env)).toEqual([])
  })

  test.each(INPUT_NAMES.filter((name) => name.includes('-')))('%s is not to be written with underscores', (name) => {
    expect(problemsOf(name.replaceAll('-', '_'))).toEqual([
      { input: name.replaceAll('-', '_'), reason: expect.stringContaining(`did you mean ${name}?`) },
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
    expect(problemsOf(name)).toEqual([{ input: name, reason: expect.stringContaining(`did you mean ${ours}?`) }])
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
    expect(problemsOfNames({ MEMMORY: '1', TOKEN: 'x', XINPUT_MEMMORY: '1', 'GITHUB_INPUT_DRY-RUN': '1' })).toEqual([])
  })
})

describe('a known synonym names ours', () => {
  test.each([
    ['dry-run', 'mode: plan'],
    ['kubernetes-version', 'use version'],
    ['token', 'use api-key'],
    ['api-token', 'use api-key'],
    ['cluster-name', 'use cluster'],
    ['name', 'use cluster'],
    ['host', 'use api-url'],
    ['url', 'use api-url'],
    ['api-host', 'use api-url'],
    ['resources', 'cpu, memory and storage'],
    ['if-match-etag', 'use if-match'],
    ['etag', 'use if-match'],
    ['force', 'no such thing'],
    ['dry_run', 'mode: plan'],
    ['kubernetes_version', 'use version'],
    ['api_token', 'use api-key'],
    ['cluster_name', 'use cluster'],
    ['api_host', 'use api-url'],
  ])('%s: %s', (name, words) => {
    expect(problemsOf(name)).toEqual([{ input: name, reason: expect.stringContaining(words) }])
  })
})

test('the value under a wrong name may be a secret and is not shown', () => {
  const env = { INPUT_API_KEY: 'hidden', INPUT_TOKEN: 'hidden', 'INPUT_API-KEYY': 'hidden', INPUT_MEMMORY: 'hidden' }
  const problems = problemsOfNames(env)
  expect(problems).toHaveLength(4)
  expect(JSON.stringify(problems)).not.toContain('hidden')
})
