import { getProxyUrl } from '@actions/http-client'
import { afterEach, describe, expect, test } from '@jest/globals'
import { normalizeProxies, problemsOfProxies } from '../../../src/inputs/proxy.js'
import type { Environment } from '../../../src/inputs/reader.js'
import { faultsOf } from '../../support/inputs.js'

describe('a proxy gets its scheme, as the HTTP client needs it', () => {
  test.each([
    ['proxy:3128', 'http://proxy:3128'],
    ['localhost:3128', 'http://localhost:3128'],
    ['10.0.0.1:8080', 'http://10.0.0.1:8080'],
    ['[::1]:3128', 'http://[::1]:3128'],
    ['//proxy:3128', 'http://proxy:3128'],
    ['proxy', 'http://proxy'],
    ['user:pass@proxy:3128', 'http://user:pass@proxy:3128'],
    ['123:pass@proxy:3128', 'http://123:pass@proxy:3128'],
    ['user:p@ss@proxy:3128', 'http://user:p@ss@proxy:3128'],
    [' http://proxy:3128\n', 'http://proxy:3128'],
    ['"http://proxy:3128"', 'http://proxy:3128'],
    ['http://proxy:3128\u200b', 'http://proxy:3128'],
    [' ', ''],
  ])('%j: %j', (text, normal) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
      expect(normalizeProxies({ [name]: text })).toEqual({ [name]: normal })
    }
    expect(problemsOfProxies({ HTTPS_PROXY: text })).toEqual([])
  })

  test.each(['http://proxy:3128', 'https://proxy', 'HTTP://proxy:3128/', 'http://user:p%40ss@proxy:3128', ''])(
    '%j is left as it is',
    (text) => {
      expect(normalizeProxies({ HTTPS_PROXY: text, https_proxy: text, ALL_PROXY: 'http://other' })).toEqual(
        text === '' ? { HTTPS_PROXY: 'http://other' } : {},
      )
    },
  )
})

describe('ALL_PROXY counts where HTTPS_PROXY is not set', () => {
  test.each<[Environment, Record<string, string>]>([
    [{ ALL_PROXY: 'proxy:3128' }, { HTTPS_PROXY: 'http://proxy:3128' }],
    [{ all_proxy: 'http://proxy:3128' }, { HTTPS_PROXY: 'http://proxy:3128' }],
    [{ all_proxy: 'lower', ALL_PROXY: 'upper' }, { HTTPS_PROXY: 'http://lower' }],
    [{ all_proxy: ' ', ALL_PROXY: 'upper' }, { HTTPS_PROXY: 'http://upper' }],
    [{ ALL_PROXY: 'all', HTTPS_PROXY: 'https' }, { HTTPS_PROXY: 'http://https' }],
    [{ ALL_PROXY: 'all', https_proxy: 'https' }, { https_proxy: 'http://https' }],
    [
      { ALL_PROXY: 'all', HTTPS_PROXY: '', https_proxy: ' ' },
      { https_proxy: '', HTTPS_PROXY: 'http://all' },
    ],
    [
      { ALL_PROXY: 'all', HTTP_PROXY: 'http' },
      { HTTP_PROXY: 'http://http', HTTPS_PROXY: 'http://all' },
    ],
    [{ ALL_PROXY: 'socks5://all' }, {}],
    [{}, {}],
  ])('%j', (env, variables) => {
    expect(normalizeProxies(env)).toEqual(variables)
  })
})

describe('NO_PROXY is a list of hosts, of .corp for all below corp', () => {
  test.each([
    ['*.corp', '.corp'],
    ['*.corp, api.kupe.cloud', '.corp,api.kupe.cloud'],
    ['a.corp b.corp;c.corp|d.corp\n', 'a.corp,b.corp,c.corp,d.corp'],
    ['https://api.kupe.cloud/api/v1', 'api.kupe.cloud'],
    ['*.corp:8443', '.corp:8443'],
    ['*.*.corp', '.corp'],
    ['"*.corp"', '.corp'],
    [' , ,', ''],
  ])('%j: %j', (text, normal) => {
    for (const name of ['NO_PROXY', 'no_proxy']) expect(normalizeProxies({ [name]: text })).toEqual({ [name]: normal })
  })

  test.each([
    '*',
    '.corp',
    'corp,.corp',
    '10.0.0.0/8',
    'localhost,127.0.0.1,[::1]',
    'api.kupe.cloud:443',
    'a*.corp',
    'a.*.corp',
    '',
  ])('%j is left as it is', (text) => {
    expect(normalizeProxies({ NO_PROXY: text })).toEqual({})
  })
})

test('what is normal stays so', () => {
  const env = { HTTPS_PROXY: 'a:1', http_proxy: '"b"', ALL_PROXY: 'c', NO_PROXY: '*.d e', no_proxy: 'f|g' }
  const normal = { ...env, ...normalizeProxies(env) }
  expect(normalizeProxies(normal)).toEqual({})
})

describe('a proxy that cannot be read is an input error', () => {
  test.each([
    ['socks5://proxy:1080', /only http and https/],
    ['ftp://proxy', /only http and https/],
    ['3128', /no host/],
    ['http://3128', /no host/],
    ['http://user:hunter2@3128/', /no host/],
    [':3128', /address/],
    ['http://[', /address/],
    ['http://', /address/],
    ['proxy:port', /address/],
    ['http://user:hun#ter2@proxy:3128', /percent-encoded/],
    ['http://user:hun%ter2@proxy:3128', /%25/],
    ['http://hun%ter2@proxy:3128', /%25/],
  ])('%s', async (text, reason) => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy']) {
      const faults = await faultsOf({}, { [name]: text })
      expect(faults).toEqual([
        {
          input: `${name} in the environment`,
          ...(text.includes('@') ? {} : { value: text }),
          reason: expect.stringMatching(reason),
          example: expect.any(String),
        },
      ])
      expect(JSON.stringify(faults)).not.toMatch(/hun|ter2/)
      expect(normalizeProxies({ [name]: text })).toStrictEqual({})
    }
  })

  test('only the one that would be used counts', () => {
    expect(problemsOfProxies({ https_proxy: 'proxy:3128', HTTPS_PROXY: 'socks5://x', ALL_PROXY: '1' })).toEqual([])
    expect(problemsOfProxies({ HTTPS_PROXY: 'proxy:3128', ALL_PROXY: 'socks5://x' })).toEqual([])
    expect(problemsOfProxies({ HTTP_PROXY: 'socks5://x', NO_PROXY: '[' })).toEqual([])
  })
})

describe('the HTTP client then finds the proxy', () => {
  const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()])
  const before = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]))
  const set = (env: Environment) => {
    for (const name of NAMES) delete process.env[name]
    for (const [name, text] of Object.entries(env)) if (text !== undefined) process.env[name] = text
  }
  afterEach(() => set(before))

  test.each<[Environment, string]>([
    [{ HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
    [{ HTTPS_PROXY: 'localhost:3128' }, 'http://localhost:3128/'],
    [{ https_proxy: ' ', HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
    [{ ALL_PROXY: 'user:pass@proxy:3128' }, 'http://user:pass@proxy:3128/'],
    [{ HTTPS_PROXY: '"http://proxy:3128"' }, 'http://proxy:3128/'],
    [{ HTTPS_PROXY: 'proxy:3128', NO_PROXY: '*.kupe.cloud' }, ''],
    [{ HTTPS_PROXY: 'proxy:3128', no_proxy: 'https://api.kupe.cloud' }, ''],
    [{ HTTPS_PROXY: 'proxy:3128', NO_PROXY: 'a.corp api.kupe.cloud' }, ''],
    [{ HTTPS_PROXY: 'proxy:3128', NO_PROXY: '*.kupe.cloud:443' }, ''],
    [{ HTTPS_PROXY: 'proxy:3128', NO_PROXY: '*.corp' }, 'http://proxy:3128/'],
    [{}, ''],
  ])('%j', (env, url) => {
    set({ ...env, ...normalizeProxies(env) })
    expect(getProxyUrl('https://api.kupe.cloud/api/v1')).toBe(url)
  })
})
