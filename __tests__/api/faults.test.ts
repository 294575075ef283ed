import { describe, expect, test } from '@jest/globals'
import { type Fault, toApiError } from '../../src/api/faults.js'

const REQUEST = { method: 'PATCH', url: 'https://api.kupe.test/api/v1/x', headers: {}, timeoutMs: 1_500 } as const
const UNMADE = { isEstablished: false, refusedCertificate: undefined, failedProxy: undefined }

const coded = (code: string, message = code) => Object.assign(new Error(message), { code })

function judge(error: unknown, seen: Partial<NonNullable<Fault['connection']>> = {}, isTimeout = false) {
  const { facts, hint, message, cause } = toApiError(REQUEST, { error, isTimeout, connection: { ...UNMADE, ...seen } })
  expect(cause).toBe(error)
  return { ...facts, hint, message }
}

describe('a connection that was not made', () => {
  test.each([
    ['ENOTFOUND', 'dns', /no such name/],
    ['EAI_AGAIN', 'network', /name server/],
    ['ECONNREFUSED', 'network', /Nothing listens/],
    ['EHOSTUNREACH', 'network', /no way/],
    ['ENETUNREACH', 'network', /no way/],
    ['ECONNRESET', 'network', /No secure connection/],
    ['EPROTO', 'network', /No secure connection/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'network', /No secure connection/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'network', /No secure connection/],
    ['EMFILE', 'network', undefined],
  ])('%s: %s', (code, trouble, hint) => {
    expect(judge(coded(code))).toEqual({
      trouble,
      isUnsent: true,
      hint: hint && expect.stringMatching(hint),
      message: `PATCH to api.kupe.test failed: ${code}`,
    })
  })

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /server’s certificate is not trusted.*NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted/],
    ['CERT_HAS_EXPIRED', /has expired, or the clock/],
    ['CERT_NOT_YET_VALID', /not valid yet, or the clock/],
    ['CERT_REVOKED', /revoked/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another name. Check api-url/],
  ])('since its certificate was refused: %s', (code, hint) => {
    const found = judge(coded(code), { refusedCertificate: code })
    expect(found).toMatchObject({ trouble: 'tls', isUnsent: true, hint: expect.stringMatching(hint) })
  })

  test('is a name’s fault only where the name was never found, not where an error is called so', () => {
    expect(judge(coded('ENOTFOUND'), { isEstablished: true })).toMatchObject({
      trouble: 'network',
      isUnsent: false,
      hint: undefined,
    })
  })

  test('has the errors of all addresses, and the code of the first', () => {
    const errors = [coded('ECONNREFUSED', 'connect ECONNREFUSED 192.0.2.1:443'), coded('ETIMEDOUT', '')]
    const { message, hint } = judge(new AggregateError(errors))
    expect(message).toBe('PATCH to api.kupe.test failed: connect ECONNREFUSED 192.0.2.1:443; ETIMEDOUT')
    expect(hint).toContain('Nothing listens')
  })

  test('has the code of a cause', () => {
    expect(judge(new Error('outer', { cause: coded('ENOTFOUND') }))).toMatchObject({ trouble: 'dns' })
  })

  test.each([
    ['text', 'text'],
    [undefined, 'undefined'],
    [{ code: 'ENOTFOUND' }, '[object Object]'],
  ])('for a reason that is no error: %p', (reason, text) => {
    expect(judge(reason)).toMatchObject({ trouble: 'network', message: `PATCH to api.kupe.test failed: ${text}` })
  })

  test('nor could be, where the request was never made', () => {
    const { facts } = toApiError(REQUEST, { error: new Error('x'), isTimeout: false, connection: undefined })
    expect(facts).toEqual({ trouble: 'network', isUnsent: true })
  })

  test('is told in one bounded line', () => {
    const { message } = judge(new Error(`altnames: ::add-mask::\n${'DNS:x, '.repeat(1_000)}`))
    expect(message.length).toBeLessThan(1_100)
    expect(message).not.toMatch(/\n|::/)
  })
})

describe('a proxy that made no tunnel', () => {
  test.each([
    [407, undefined, 'network', /asks for a user and a password/],
    [403, undefined, 'network', /did not let the request through/],
    [undefined, coded('ECONNREFUSED'), 'network', /did not let the request through/],
    [undefined, coded('ENOTFOUND'), 'dns', /has a name that does not exist/],
  ])('answered %p, with the error %p', (status, error, trouble, hint) => {
    const found = judge(coded('ECONNRESET'), { failedProxy: { status, error } })
    expect(found).toMatchObject({ trouble, isUnsent: true, hint: expect.stringMatching(hint) })
    expect(found.hint).toContain('HTTPS_PROXY')
  })

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /proxy’s certificate is not trusted/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /proxy’s certificate is for another name. Check HTTPS_PROXY/],
  ])('for its certificate: %s', (code, hint) => {
    const seen = { refusedCertificate: code, failedProxy: { status: undefined, error: coded(code) } }
    expect(judge(coded('ECONNRESET'), seen)).toMatchObject({ trouble: 'tls', hint: expect.stringMatching(hint) })
  })
})

describe('a time-out', () => {
  test.each<[boolean, Partial<NonNullable<Fault['connection']>>, RegExp | undefined]>([
    [true, {}, /a firewall may drop it/],
    [true, { failedProxy: { status: undefined, error: undefined } }, /HTTPS_PROXY/],
    [false, { isEstablished: true }, undefined],
  ])('unsent: %p', (isUnsent, seen, hint) => {
    expect(judge(coded('ABORT_ERR'), seen, true)).toEqual({
      trouble: 'timeout',
      isUnsent,
      hint: hint && expect.stringMatching(hint),
      message: 'PATCH to api.kupe.test gave no answer within 2 s',
    })
  })
})
