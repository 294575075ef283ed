import { describe, expect, test } from '@jest/globals'
import type { Environment } from '../../../src/inputs/reader.js'
import { secretsIn } from '../../../src/inputs/secrets.js'
import { API_KEY, errorOf, parse } from '../../support/inputs.js'

describe('the api key', () => {
  const SOURCES: readonly [string, (key: string) => Environment][] = [
    ['api-key', (key) => ({ 'INPUT_API-KEY': key })],
    ['KUPE_API_KEY', (key) => ({ KUPE_API_KEY: key })],
    ['KUPE_API_TOKEN', (key) => ({ KUPE_API_TOKEN: key })],
  ]
  const BAD_KEYS = [
    'zqx 0123456789',
    'zqx01234\n56789',
    'zqx01234\t56789',
    'zqx0123456\u000089',
    'zqx0123456\u007f89',
    'zqx0123456\u009b89',
    'zqx0123456\u00a089',
    'zqx0123',
    'zq',
  ]

  test.each(SOURCES.flatMap(([source, toKeyEnv]) => BAD_KEYS.map((key) => [source, key, toKeyEnv(key)] as const)))(
    'from %s, %j is an error that does not show it',
    async (source, key, env) => {
      const error = await errorOf({ tenant: 'acme', cluster: 'production', cpu: '8' }, env)
      expect(error.problems).toHaveLength(1)
      expect(error.problems[0]?.input).toContain('api-key')
      expect(error.problems[0]?.input).toContain(source)
      expect(error.problems[0]).not.toHaveProperty('value')
      const texts = `${error.message} ${error.hint} ${JSON.stringify(error.problems)} ${error.stack}`
      for (const part of [key, JSON.stringify(key).slice(1, -1), 'zq']) expect(texts).not.toContain(part)
    },
  )

  test.each(['12345678', 'kupe_äöü_0123', `k${'x'.repeat(4_000)}`, '!"#$%&/()=?'])('%s is fine', async (key) => {
    expect((await parse({ 'api-key': key })).apiKey).toBe(key)
  })

  test('is required, and the error says from where', async () => {
    const { problems } = await errorOf({ tenant: 'acme', cluster: 'production', cpu: '8' })
    expect(problems).toEqual([
      { input: 'api-key', reason: expect.stringMatching(/KUPE_API_KEY.*KUPE_API_TOKEN/), example: expect.any(String) },
    ])
  })
})

describe('secretsIn finds every value that may be a secret', () => {
  test.each<[Environment, string[]]>([
    [{}, []],
    [{ 'INPUT_API-KEY': '' }, []],
    [{ 'INPUT_API-KEY': ' \n' }, []],
    [{ 'INPUT_API-KEY': API_KEY }, [API_KEY]],
    [{ 'INPUT_API-KEY': ` ${API_KEY}\n` }, [` ${API_KEY}\n`, API_KEY]],
    [
      { 'INPUT_API-KEY': 'one-key-1', KUPE_API_KEY: 'two-key-2', KUPE_API_TOKEN: 'three-key-3' },
      ['one-key-1', 'two-key-2', 'three-key-3'],
    ],
    [{ INPUT_TOKEN: 'one-key-1', 'INPUT_API-TOKEN': 'two-key-2' }, ['one-key-1', 'two-key-2']],
    [{ KUPE_API_KEY: API_KEY, KUPE_API_TOKEN: API_KEY }, [API_KEY]],
    [{ 'INPUT_GITHUB-TOKEN': 'ghs_0123456789' }, ['ghs_0123456789']],
    [{ 'INPUT_GITHUB-TOKEN': '\ufeffghs_0123456789\n' }, ['\ufeffghs_0123456789\n', 'ghs_0123456789']],
  ])('%j', (env, secrets) => {
    expect(secretsIn(env).sort()).toEqual([...secrets].sort())
  })
})
