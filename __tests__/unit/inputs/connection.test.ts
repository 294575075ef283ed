import { describe, expect, test } from '@jest/globals'
import type { Environment } from '../../../src/inputs/reader.js'
import { secretsIn } from '../../../src/inputs/secrets.js'
import { API_KEY, errorOf, faultsOf, parse } from '../../support/inputs.js'

const SECRET = 'kupe_abc_S3cretS3cret'

describe('a key is sent, and masked, without what cannot be seen around it', () => {
  test.each([`${API_KEY}\u200b`, `\ufeff${API_KEY}`, ` \u200b${API_KEY}\u2060\n`])('%j', async (given) => {
    expect((await parse({ 'api-key': given })).apiKey).toBe(API_KEY)
    expect((await parse({ 'api-key': '' }, { KUPE_API_TOKEN: given })).apiKey).toBe(API_KEY)
    expect(secretsIn({ 'INPUT_API-KEY': given })).toEqual([given, API_KEY])
  })
})

describe('secretsIn finds the key inside of what people put around it', () => {
  test.each([[`"${SECRET}"`], [`'${SECRET}'`], [`Bearer ${SECRET}`], [`bearer  ${SECRET}`], [`"Bearer ${SECRET}"`]])(
    '%s',
    (given) => {
      expect(secretsIn({ KUPE_API_KEY: given })).toEqual([given, SECRET])
    },
  )

  test.each(['secrets.KUPE_API_KEY', 'env.KUPE_API_KEY', 'vars.key-1', ' secrets.X\u200b'])(
    '%j names a place, and the error about it must stay readable',
    (given) => {
      expect(secretsIn({ 'INPUT_API-KEY': given })).toEqual([])
    },
  )

  test('a key that only looks a little like that is masked', () => {
    for (const key of ['secrets.', '$KUPE_API_KEY', 'mysecrets.KEY', 'secrets.KEY!'])
      expect(secretsIn({ 'INPUT_API-KEY': key })).toEqual([key])
  })
})

describe('a faulty key is never shown', () => {
  const SOURCES: readonly [string, (key: string) => Environment][] = [
    ['api-key', (key) => ({ 'INPUT_API-KEY': key })],
    ['api-key (from KUPE_API_KEY)', (key) => ({ KUPE_API_KEY: key })],
    ['api-key (from KUPE_API_TOKEN)', (key) => ({ KUPE_API_TOKEN: key })],
  ]
  const FAULTY = [
    `"${SECRET}"`,
    `Bearer ${SECRET}`,
    `${SECRET} x`,
    `${SECRET}\u200bx`,
    `${SECRET}\u0007`,
    `${SECRET}…`,
    'S3cret',
  ]

  test.each(SOURCES.flatMap(([label, toEnv]) => FAULTY.map((key) => [label, key, toEnv(key)] as const)))(
    '%s: %j',
    async (label, _, env) => {
      const error = await errorOf({ tenant: 'acme', cluster: 'production', cpu: '8' }, env)
      expect(error.problems).toEqual([{ input: label, reason: expect.any(String), example: 'kupe_<id>_<secret>' }])
      expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain('S3cret')
    },
  )

  test.each(['', ' ', '\u200b'])('a missing one (%j) says why that may be', async (key) => {
    const [fault] = await faultsOf({ 'api-key': key })
    expect(fault?.reason).toMatch(/KUPE_API_KEY and KUPE_API_TOKEN.*forks.*Dependabot.*environment:/)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
    expect(fault?.example).toBe('${{ secrets.KUPE_API_KEY }}')
  })
})

describe('a key in the wrong input is not shown in another spelling', () => {
  test.each([
    ['cluster', SECRET],
    ['cluster', SECRET.toUpperCase().replace('KUPE', 'kupe')],
    ['cluster', `acme/${SECRET}`],
    ['tenant', `${SECRET.slice(0, 12)}\u200b${SECRET.slice(12)}`],
    ['version', `${SECRET.slice(0, 5)}\u00ad${SECRET.slice(5)}`],
    ['cluster', `${SECRET} `],
  ])('%s: %j', async (input, value) => {
    const error = await errorOf({ 'api-key': SECRET, tenant: 'acme', cluster: 'production', cpu: '8', [input]: value })
    const said = error.message.replaceAll(value.trim(), '***').toLowerCase()
    expect(said).not.toContain('s3cret')
    expect(error.problems.flatMap(({ repaired }) => repaired ?? [])).toEqual([])
  })
})

describe('tenants', () => {
  test.each(['a'.repeat(64), 'Acme Corp', 'ünï', 'a.b'])('%s is fine', async (tenant) => {
    expect((await parse({ tenant })).tenant).toBe(tenant)
  })

  test.each(['a'.repeat(65), '.', '..', 'a/b', 'a\\b', 'a\u0000b'])('%j is not', async (tenant) => {
    expect((await faultsOf({ tenant })).map(({ input }) => input)).toEqual(['tenant'])
    expect((await faultsOf({ tenant: '' }, { KUPE_TENANT: tenant })).map(({ input }) => input)).toEqual([
      'tenant (from KUPE_TENANT)',
    ])
  })
})

describe('an address that may hold a secret is not shown', () => {
  test.each([
    'https://user:hunter2@api.kupe.cloud',
    'https://api.kupe.cloud?key=hunter2',
    'https://api.kupe.cloud#hunter2',
    'user:hunter2@api.kupe.cloud',
  ])('%s', async (given) => {
    const faults = await faultsOf({ 'api-url': given })
    expect(faults.map(({ input, value }) => [input, value])).toEqual([['api-url', undefined]])
    expect(JSON.stringify(faults)).not.toContain('hunter2')
    expect((await faultsOf({}, { KUPE_HOST: given })).map(({ input, value }) => [input, value])).toEqual([
      ['api-url (from KUPE_HOST)', undefined],
    ])
  })
})
