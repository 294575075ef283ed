import { describe, expect, test } from '@jest/globals'
import type { InputProblem } from '../../../src/errors.js'
import type { Environment } from '../../../src/inputs/reader.js'
import { API_KEY, errorOf, faultsOf, type GivenInputs, parse, REQUIRED } from '../../support/inputs.js'

describe('what is not given has its default', () => {
  const DEFAULTS = {
    apiKey: API_KEY,
    tenant: 'acme',
    cluster: 'production',
    api: { root: 'https://api.kupe.cloud/api/v1', host: 'api.kupe.cloud', source: 'default', isLoopback: false },
    mode: 'apply',
    desired: { cpu: '8' },
    guardrails: { allowDowngrade: false, allowVersionSkip: false, allowStorageShrink: false, min: {}, max: {} },
    wait: true,
    timeoutMs: 1_800_000,
    pollIntervalMs: 12_000,
    settleTimeMs: 30_000,
    degradedGraceMs: 300_000,
    onBusy: 'wait',
    onConflict: 'retry',
    jobSummary: true,
    warnings: [],
  }

  test('absent', async () => {
    expect(await parse()).toMatchObject(DEFAULTS)
  })

  test.each(['', '  \n'])('empty, as a scheduled run passes it: %j', async (text) => {
    const names = [
      'api-url version memory storage alerts wait timeout poll-interval settle-time degraded-grace on-busy on-conflict',
      'allow-downgrade allow-version-skip allow-storage-shrink job-summary comment github-token',
    ]
    const empty = Object.fromEntries(
      names
        .join(' ')
        .split(' ')
        .map((name) => [name, text]),
    )
    const inputs = await parse(empty)
    expect(inputs).toMatchObject(DEFAULTS)
    expect(Object.keys(inputs).filter((key) => ['ifMatch', 'expectedPlan', 'window', 'freeze'].includes(key))).toEqual(
      [],
    )
  })

  test('no comment is made unless it is asked for', async () => {
    expect(await parse()).toHaveProperty('comment', false)
    expect(await parse({ comment: 'true', 'github-token': 'ghs_0123456789' })).toHaveProperty('comment', true)
    expect(await parse({ comment: 'changes' })).toHaveProperty('comment', 'changes')
    expect((await faultsOf({ comment: 'yes' })).map(({ input }) => input)).toEqual(['comment'])
  })
})

describe('what is given, is taken, trimmed', () => {
  test.each<[GivenInputs, object]>([
    [{ tenant: ' acme ' }, { tenant: 'acme' }],
    [{ cluster: '\tstaging\n' }, { cluster: 'staging' }],
    [{ 'api-key': ` ${API_KEY}\n` }, { apiKey: API_KEY }],
    [{ mode: ' plan ' }, { mode: 'plan' }],
    [{ mode: 'verify' }, { mode: 'verify' }],
    [{ wait: 'False' }, { wait: false }],
    [{ wait: 'false', mode: 'plan' }, { wait: false }],
    [{ timeout: '1h30m' }, { timeoutMs: 5_400_000 }],
    [{ 'poll-interval': '250ms' }, { pollIntervalMs: 250 }],
    [{ 'settle-time': '0s' }, { settleTimeMs: 0 }],
    [{ 'degraded-grace': '0s' }, { degradedGraceMs: 0 }],
    [{ 'on-busy': 'fail' }, { onBusy: 'fail' }],
    [{ 'on-conflict': 'fail' }, { onConflict: 'fail' }],
    [{ 'if-match': ' "294810" ' }, { ifMatch: '"294810"' }],
    [{ 'if-match': 'W/"294810"' }, { ifMatch: 'W/"294810"' }],
    [{ 'expected-plan': '0123456789abcdef' }, { expectedPlan: '0123456789abcdef' }],
    [{ 'expected-plan': 'pull-request' }, { expectedPlan: 'pull-request' }],
    [{ 'job-summary': 'FALSE' }, { jobSummary: false }],
    [{ cpu: ' 1.5 ' }, { desired: { cpu: '1.5' } }],
    [{ version: 'v1.32.3' }, { desired: { version: '1.32.3', cpu: '8' } }],
    [{ version: '1.32' }, { desired: { version: '1.32', cpu: '8' } }],
    [
      { cpu: '500m', memory: '32Gi', storage: '50G', alerts: '{"a": 1}' },
      { desired: { cpu: '500m', memory: '32Gi', storage: '50G', alerts: { a: 1 } } },
    ],
    [
      {
        'min-cpu': '1',
        'max-cpu': '8',
        'min-memory': '1Gi',
        'max-memory': '2Gi',
        'min-storage': '1G',
        'max-storage': '1G',
      },
      {
        guardrails: {
          min: { cpu: '1', memory: '1Gi', storage: '1G' },
          max: { cpu: '8', memory: '2Gi', storage: '1G' },
        },
      },
    ],
    [
      { 'allow-downgrade': 'true', 'allow-version-skip': 'True', 'allow-storage-shrink': 'TRUE' },
      { guardrails: { allowDowngrade: true, allowVersionSkip: true, allowStorageShrink: true } },
    ],
    [
      { 'only-between': '20:00-06:00' },
      { window: { text: '20:00-06:00', fromMinute: 1_200, untilMinute: 360, timezone: 'UTC' } },
    ],
    [
      { 'only-between': '09:00-17:00', timezone: 'Europe/London' },
      { window: { text: '09:00-17:00', fromMinute: 540, untilMinute: 1_020, timezone: 'Europe/London' } },
    ],
  ])('%j', async (given, inputs) => {
    expect(await parse(given)).toMatchObject(inputs)
  })

  test('absent stays absent: no other key in what is desired', async () => {
    expect((await parse({ cpu: '', version: '1.32' })).desired).toStrictEqual({ version: '1.32' })
    expect((await parse({ cpu: '', mode: 'verify' })).desired).toStrictEqual({})
  })
})

describe('api key, tenant, cluster and address may come from the environment', () => {
  test.each<[GivenInputs, Environment, object]>([
    [{}, { KUPE_API_KEY: 'from-env-key', KUPE_API_TOKEN: 'from-env-token' }, { apiKey: API_KEY }],
    [
      { 'api-key': '' },
      { KUPE_API_KEY: ' from-env-key ', KUPE_API_TOKEN: 'from-env-token' },
      { apiKey: 'from-env-key' },
    ],
    [{ 'api-key': '' }, { KUPE_API_KEY: ' ', KUPE_API_TOKEN: 'from-env-token' }, { apiKey: 'from-env-token' }],
    [{}, { KUPE_TENANT: 'other' }, { tenant: 'acme' }],
    [{ tenant: '' }, { KUPE_TENANT: 'other' }, { tenant: 'other' }],
    [{}, { KUPE_CLUSTER: 'other' }, { cluster: 'production' }],
    [{ cluster: ' ' }, { KUPE_CLUSTER: 'other' }, { cluster: 'other' }],
    [
      { 'api-url': 'https://a.example' },
      { KUPE_API_URL: 'https://b.example', KUPE_HOST: 'https://c.example' },
      { api: { host: 'a.example', source: 'api-url' } },
    ],
    [
      {},
      { KUPE_API_URL: 'https://b.example', KUPE_HOST: 'https://c.example' },
      { api: { host: 'b.example', source: 'KUPE_API_URL' } },
    ],
    [
      {},
      { KUPE_API_URL: '', KUPE_HOST: 'https://c.example/api/v1/' },
      { api: { root: 'https://c.example/api/v1', source: 'KUPE_HOST' } },
    ],
  ])('%j with %j', async (given, env, inputs) => {
    expect(await parse(given, env)).toMatchObject(inputs)
  })
})

describe('a faulty input is named with its value, the reason, and a repair or an example', () => {
  test.each<[string, string, RegExp]>([
    ['mode', 'dry', /apply.*plan.*verify/],
    ['version', '1.3', /quote/],
    ['version', 'latest', /not a Kubernetes version/],
    ['cpu', '0', /above zero/],
    ['cpu', '0.5m', /finer than 1m/],
    ['cpu', '1e3', /not a CPU quantity/],
    ['memory', '32', /32Gi/],
    ['memory', '1e9', /not a quantity/],
    ['memory', '0Gi', /above zero/],
    ['storage', '200', /200Gi/],
    ['storage', '1GB', /1G or 1Gi/],
    ['wait', 'yes', /true.*false/],
    ['timeout', '30', /30m/],
    ['poll-interval', '12', /12s/],
    ['poll-interval', '0ms', /above zero/],
    ['settle-time', '30', /30s/],
    ['degraded-grace', '5', /5s/],
    ['on-busy', 'retry', /wait.*fail/],
    ['on-conflict', 'wait', /retry.*fail/],
    ['allow-downgrade', '1', /true.*false/],
    ['allow-version-skip', 'no', /true.*false/],
    ['allow-storage-shrink', 'on', /true.*false/],
    ['min-cpu', '0', /above zero/],
    ['max-cpu', '8Gi', /not of CPUs/],
    ['min-memory', '16', /16Gi/],
    ['max-memory', '500m', /500M or 500Mi/],
    ['min-storage', '1e3', /not a quantity/],
    ['max-storage', '0G', /above zero/],
    ['only-between', '20:00', /not a time window/],
    ['only-between', '24:00-06:00', /not a time window/],
    ['only-between', '08:00-08:00', /./],
    ['timezone', 'Mars/Olympus', /IANA/],
    ['timezone', '+01:00', /offset/],
    ['job-summary', 'yes', /true.*false/],
    ['tenant', '.', /tenant/],
    ['tenant', '..', /tenant/],
    ['tenant', 'a/b', /tenant/],
    ['tenant', '/', /tenant/],
    ['cluster', 'x', /2 to 63/],
    ['cluster', 'a'.repeat(64), /2 to 63/],
    ['cluster', 'Production', /a-z/],
    ['cluster', '-prod', /-/],
    ['cluster', 'prod-', /-/],
    ['cluster', 'a_b', /a-z/],
    ['cluster', 'a.b', /a-z/],
    ['cluster', 'a/b', /a-z/],
    ['api-url', 'http://api.kupe.cloud', /https/],
    ['api-url', 'https://api.kupe.cloud/other', /path/],
  ])('%s: %s', async (input, value, reason) => {
    const faults = await faultsOf({ [input]: value })
    expect(faults).toMatchObject([{ input, value }])
    const { message } = await errorOf({ ...REQUIRED, cpu: '8', [input]: value })
    expect(message).toContain(`${input} ${JSON.stringify(value)}`)
    expect(message).toMatch(reason)
    expect(message).toMatch(/: did you mean .+\?$| \(example: .+\)$/)
  })

  test.each(['ab', 'a'.repeat(63), '0a', 'a-b', 'a--b', 'prod2'])('the cluster’s name %s is fine', async (cluster) => {
    expect((await parse({ cluster })).cluster).toBe(cluster)
  })

  test.each(['acme', 'Acme Corp', 'ünï', 'a.b', '...', 'a%2fb'])('the tenant’s name %s is fine', async (tenant) => {
    expect((await parse({ tenant })).tenant).toBe(tenant)
  })

  test.each(['..', 'a/b'])('a tenant of the environment is no better: %s', async (tenant) => {
    expect(await faultsOf({ tenant: '' }, { KUPE_TENANT: tenant })).toEqual([
      expect.objectContaining({ input: 'tenant (from KUPE_TENANT)', value: tenant }),
    ])
  })

  test('an address with a password in it is not shown', async () => {
    const error = await errorOf({ ...REQUIRED, cpu: '8', 'api-url': 'https://user:hunter2@kupe.example' })
    expect(error.problems).toMatchObject([{ input: 'api-url' }])
    expect(error.message).not.toContain('hunter2')
    expect(error.message).not.toContain('user:')
  })

  test('an address of the environment names its variable', async () => {
    expect(await faultsOf({}, { KUPE_HOST: 'http://kupe.example' })).toMatchObject([
      { input: 'api-url (from KUPE_HOST)', value: 'http://kupe.example' },
    ])
  })
})

describe('inputs that do not go together', () => {
  test.each<[GivenInputs, Partial<InputProblem>]>([
    [
      { mode: 'verify', wait: 'false' },
      { input: 'wait', value: 'false' },
    ],
    [{ 'poll-interval': '30m' }, { input: 'poll-interval', value: '30m' }],
    [
      { 'poll-interval': '20s', timeout: '20s' },
      { input: 'poll-interval', value: '20s' },
    ],
    [
      { 'min-cpu': '9', 'max-cpu': '8' },
      { input: 'min-cpu', value: '9' },
    ],
    [
      { 'min-cpu': '8001m', 'max-cpu': '8' },
      { input: 'min-cpu', value: '8001m' },
    ],
    [
      { 'min-memory': '2Gi', 'max-memory': '2G' },
      { input: 'min-memory', value: '2Gi' },
    ],
    [
      { 'min-storage': '10Ti', 'max-storage': '9999Gi' },
      { input: 'min-storage', value: '10Ti' },
    ],
  ])('%j', async (given, problem) => {
    const faults = await faultsOf(given)
    expect(faults).toEqual([expect.objectContaining(problem)])
    expect(faults.flatMap(({ repaired, example }) => repaired ?? example ?? [])).toHaveLength(1)
  })

  test.each<[GivenInputs]>([
    [{ 'poll-interval': '11999ms', timeout: '12s' }],
    [{ 'min-cpu': '8', 'max-cpu': '8000m' }],
    [{ 'min-memory': '1Gi', 'max-memory': '1024Mi' }],
    [{ mode: 'verify' }],
    [{ mode: 'verify', cpu: '' }],
    [{ mode: 'plan', wait: 'false' }],
  ])('%j is fine', async (given) => {
    expect(await faultsOf(given)).toEqual([])
  })

  test.each(['apply', 'plan'])('no change at all, in mode %j', async (mode) => {
    const faults = await faultsOf({ mode, cpu: '', 'max-cpu': '8', 'allow-downgrade': 'true' })
    expect(faults).toHaveLength(1)
    expect(faults.map(({ reason }) => reason).join()).toMatch(/version, cpu, memory, storage, alerts/)
  })

  test('a change that is faulty is not also missing', async () => {
    expect((await faultsOf({ cpu: 'lots' })).map(({ input }) => input)).toEqual(['cpu'])
    expect((await faultsOf({ cpu: '', alerts: '[]' })).map(({ input }) => input)).toEqual(['alerts'])
  })
})

describe('all faults are reported together', () => {
  const given = {
    'api-key': 'short',
    tenant: '..',
    cluster: 'X',
    'api-url': 'http://kupe.example',
    mode: 'aply',
    version: '1.3',
    cpu: '0',
    memory: '32',
    storage: '1e9',
    alerts: 'hidden',
    wait: 'yes',
    timeout: '30',
    'poll-interval': '0s',
    'settle-time': 'x',
    'degraded-grace': '1',
    'on-busy': 'x',
    'on-conflict': 'x',
    'if-match': '"ü"',
    'allow-downgrade': 'x',
    'allow-version-skip': 'x',
    'allow-storage-shrink': 'x',
    'min-cpu': 'x',
    'max-cpu': 'x',
    'min-memory': 'x',
    'max-memory': 'x',
    'min-storage': 'x',
    'max-storage': 'x',
    'expected-plan': 'x',
    'only-between': '25:00-1:00',
    'freeze-dates': 'x',
    timezone: 'Mars/Olympus',
    'job-summary': 'x',
    memmory: '64Gi',
    'dry-run': 'true',
  }

  test.each(Object.keys(given))('%s', async (name) => {
    const { problems, message } = await errorOf(given)
    expect(problems.map(({ input }) => input)).toContain(name)
    expect(message).toContain(name)
  })

  test('none of them shows a secret, and the error says that nothing was sent', async () => {
    const { message, hint } = await errorOf(given)
    expect(message).not.toMatch(/short"|hidden/)
    expect(hint).toMatch(/no request/i)
  })

  test('faults of single inputs and of several together', async () => {
    const faults = await faultsOf({
      cpu: 'x',
      'poll-interval': '1h',
      'min-memory': '2Gi',
      'max-memory': '1Gi',
      wait: 'false',
      mode: 'verify',
    })
    expect(faults.map(({ input }) => input).sort()).toEqual(['cpu', 'min-memory', 'poll-interval', 'wait'])
  })

  test('all that is missing', async () => {
    const { problems } = await errorOf({})
    expect(problems.map(({ input }) => input)).toEqual(['api-key', 'tenant', 'cluster', 'a change'])
  })
})

describe('names that are not ours', () => {
  test.each([
    ['dry-run', 'true', /mode: plan/],
    ['memmory', '64Gi', /memory/],
    ['token', 'hidden-token', /api-key/],
    ['api_key', 'hidden-key', /api-key/],
    ['allow_storage_shrink', 'true', /allow-storage-shrink/],
  ])('%s', async (name, value, reason) => {
    const error = await errorOf({ ...REQUIRED, cpu: '8', [name]: value })
    expect(error.problems).toMatchObject([{ input: name }])
    expect(error.message).toMatch(reason)
    expect(error.message).not.toContain('hidden')
  })
})

describe('warnings', () => {
  test.each<[GivenInputs, Environment, RegExp[]]>([
    [{}, {}, []],
    [{}, { KUPE_API_URL: 'https://kupe.example' }, [/kupe\.example.*KUPE_API_URL/]],
    [{}, { KUPE_HOST: 'https://kupe.example' }, [/kupe\.example.*KUPE_HOST/]],
    [{}, { KUPE_HOST: 'https://api.kupe.cloud.evil.example' }, [/api\.kupe\.cloud\.evil\.example/]],
    [{}, { KUPE_HOST: 'https://api.kupe.cloud/api/v1' }, []],
    [{}, { KUPE_HOST: 'http://localhost:8080' }, []],
    [{}, { KUPE_HOST: 'http://[::1]:8080' }, []],
    [{ 'api-url': 'https://kupe.example' }, { KUPE_HOST: 'https://other.example' }, []],
    [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, [/NODE_TLS_REJECT_UNAUTHORIZED/]],
    [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '1' }, []],
    [{}, { NODE_TLS_REJECT_UNAUTHORIZED: '0', KUPE_HOST: 'https://kupe.example' }, [/kupe\.example/, /NODE_TLS/]],
  ])('%j with %j', async (given, env, texts) => {
    const { warnings } = await parse(given, env)
    expect(warnings).toEqual(texts.map((text) => expect.stringMatching(text)))
    expect(warnings.join()).not.toContain(API_KEY)
  })
})
