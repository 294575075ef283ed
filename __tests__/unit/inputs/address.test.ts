import { describe, expect, test } from '@jest/globals'
import { parseApiUrl } from '../../../src/inputs/address.js'

describe('parseApiUrl takes an address with or without /api/v1 and a trailing slash', () => {
  test.each([
    ['https://api.kupe.cloud', 'https://api.kupe.cloud/api/v1', 'api.kupe.cloud', false],
    ['https://api.kupe.cloud/', 'https://api.kupe.cloud/api/v1', 'api.kupe.cloud', false],
    ['https://api.kupe.cloud/api/v1', 'https://api.kupe.cloud/api/v1', 'api.kupe.cloud', false],
    ['https://api.kupe.cloud/api/v1/', 'https://api.kupe.cloud/api/v1', 'api.kupe.cloud', false],
    ['https://API.kupe.cloud', 'https://api.kupe.cloud/api/v1', 'api.kupe.cloud', false],
    ['https://kupe.example:8443', 'https://kupe.example:8443/api/v1', 'kupe.example:8443', false],
    ['http://localhost', 'http://localhost/api/v1', 'localhost', true],
    ['http://localhost:8080/api/v1/', 'http://localhost:8080/api/v1', 'localhost:8080', true],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v1', '127.0.0.1:8080', true],
    ['http://127.8.9.10', 'http://127.8.9.10/api/v1', '127.8.9.10', true],
    ['http://[::1]:8080', 'http://[::1]:8080/api/v1', '[::1]:8080', true],
    ['https://localhost', 'https://localhost/api/v1', 'localhost', true],
  ])('%s', (text, root, host, isLoopback) => {
    expect(parseApiUrl(text, 'api-url')).toEqual({ value: { root, host, source: 'api-url', isLoopback } })
  })
})

describe('parseApiUrl refuses', () => {
  test.each([
    ['api.kupe.cloud', 'not'],
    ['/api/v1', 'not a URL'],
    ['https://', 'not a URL'],
    ['http://api.kupe.cloud', 'https'],
    ['http://10.0.0.1', 'https'],
    ['http://127.0.0.1.evil.example', 'https'],
    ['http://localhost.evil.example', 'https'],
    ['http://0.0.0.0', 'https'],
    ['http://notlocalhost', 'https'],
    ['ftp://localhost', 'https'],
    ['ftp://api.kupe.cloud', 'https'],
    ['file:///etc/passwd', 'https'],
    ['https://user@api.kupe.cloud', 'user or password'],
    ['https://user:password@api.kupe.cloud', 'user or password'],
    ['https://api.kupe.cloud@evil.example', 'user or password'],
    ['https://@api.kupe.cloud', 'user or password'],
    ['https://api.kupe.cloud?a=b', 'query or fragment'],
    ['https://api.kupe.cloud/?', 'query or fragment'],
    ['https://api.kupe.cloud/api/v1#x', 'query or fragment'],
    ['https://api.kupe.cloud/#', 'query or fragment'],
    ['https://api.kupe.cloud/api/v2', 'path'],
    ['https://api.kupe.cloud/api/v1/tenants', 'path'],
    ['https://api.kupe.cloud/api/v1/../..//x', 'path'],
  ])('%s', (text, words) => {
    expect(parseApiUrl(text, 'api-url')).toMatchObject({ reason: expect.stringContaining(words) })
  })
})

describe('a host that is named beyond doubt is offered over https, without anything else', () => {
  test.each([
    ['api.kupe.cloud', 'https://api.kupe.cloud'],
    ['API.kupe.cloud:8443/x', 'https://api.kupe.cloud:8443'],
    ['http://api.kupe.cloud', 'https://api.kupe.cloud'],
    ['https://api.kupe.cloud/api/v2', 'https://api.kupe.cloud'],
    ['https://api.kupe.cloud?a=b', 'https://api.kupe.cloud'],
    ['"https://api.kupe.cloud"', 'https://api.kupe.cloud'],
    ['localhost:8080', 'http://localhost:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['my-localhost.com', 'https://my-localhost.com'],
    ['https://localhost/other', 'http://localhost'],
  ])('%s: %s', (text, repaired) => {
    expect(parseApiUrl(text, 'api-url')).toMatchObject({ repaired: [repaired] })
  })

  test.each([
    'http://10.0.0.1',
    'https://user@api.kupe.cloud',
    'https://',
    'production',
    'api.kupe.cloud:999999',
    'api.kupe.cloud:99999',
    'a b.cloud',
  ])('%s names none', (text) => {
    expect(parseApiUrl(text, 'api-url')).not.toHaveProperty('repaired')
  })
})

test.each([
  ['https://api.kupe.cloud/x', undefined],
  ['https://user@api.kupe.cloud', true],
  ['https://api.kupe.cloud/?a=b', true],
  ['https://api.kupe.cloud/#a', true],
])('%s may hold a secret: %s', (text, hidesValue) => {
  expect(parseApiUrl(text, 'api-url')).toHaveProperty('reason')
  expect((parseApiUrl(text, 'api-url') as { hidesValue?: true }).hidesValue).toBe(hidesValue)
})
