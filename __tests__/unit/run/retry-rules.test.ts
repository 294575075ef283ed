import { describe, expect, test } from '@jest/globals'
import type { FailureKind } from '../../../src/domain/failure-reasons.js'
import { ApiError, type ApiErrorFacts, type ApiTrouble } from '../../../src/errors.js'
import { ALLOWANCES } from '../../../src/policy.js'
import { failureOf, type Moment, type Response, respondTo, toTroubleWords } from '../../../src/run/retry-rules.js'

/** The API's own answer, unless said otherwise. */
function toError(facts: Partial<ApiErrorFacts>): ApiError {
  return new ApiError('it was answered badly', { trouble: 'status', isFromApi: true, ...facts })
}

const FIRST: Response = { kind: 'repeat', within: ALLOWANCES.firstRead, fails: 'unavailable' }
const LATER: Response = { kind: 'repeat', within: 'deadline', fails: 'unavailable' }
const LOST: Response = { kind: 'lost' }

function end(fails: FailureKind): Response {
  return { kind: 'end', fails }
}

function ownRefusal(fails: FailureKind): Response {
  return { kind: 'repeat', within: ALLOWANCES.ownRefusal, fails }
}

/** What each of the three moments leads to: before a read has passed the gate, after that, and a PATCH. */
type Responses = readonly [first: Response, later: Response, patch: Response]

function responsesTo(facts: Partial<ApiErrorFacts>): Response[] {
  const moments: Moment[] = ['first-read', 'read', 'patch']
  return moments.map((moment) => respondTo(toError(facts), moment))
}

describe('the table of trouble: the API’s own answers', () => {
  const rejected: Responses = [end('rejected'), end('rejected'), end('rejected')]
  const passing: Responses = [FIRST, LATER, LOST]
  test.each<[status: number, responses: Responses]>([
    [304, passing],
    [408, passing],
    [425, passing],
    [429, [FIRST, LATER, { kind: 'limited' }]],
    ...[500, 501, 502, 503, 504, 505, 507, 520, 599].map((status): [number, Responses] => [status, passing]),
    [401, [end('unauthorized'), end('unauthorized'), end('unauthorized')]],
    [403, [end('forbidden'), ownRefusal('forbidden'), end('forbidden')]],
    [404, [end('not-found'), ownRefusal('gone'), end('gone-or-hidden')]],
    [409, [end('rejected'), end('rejected'), { kind: 'moved-or-busy' }]],
    [412, [end('rejected'), end('rejected'), { kind: 'moved' }]],
    ...[400, 402, 405, 406, 410, 413, 415, 423, 422, 428, 431, 451, 499].map((status): [number, Responses] => [
      status,
      rejected,
    ]),
    // Any 3xx may pass once a read has: something in front of the API redirects for a while.
    ...[300, 301, 302, 303, 307, 308].map((status): [number, Responses] => [
      status,
      [end('rejected'), LATER, end('rejected')],
    ]),
  ])('%i', (status, responses) => {
    expect(responsesTo({ status })).toEqual(responses)
  })
})

describe('the table of trouble: what the API itself did not write', () => {
  test.each<[status: number, responses: Responses]>([
    [403, [FIRST, LATER, LOST]],
    [404, [FIRST, LATER, LOST]],
    [401, [end('unauthorized'), end('unauthorized'), end('unauthorized')]],
    ...[302, 303, 400, 406, 410, 418, 422].map((status): [number, Responses] => [
      status,
      [end('rejected'), LATER, end('rejected')],
    ]),
    [409, [end('rejected'), LATER, { kind: 'moved-or-busy' }]],
    [412, [end('rejected'), LATER, { kind: 'moved' }]],
  ])('%i', (status, responses) => {
    expect(responsesTo({ status, isFromApi: false })).toEqual(responses)
    expect(responsesTo({ status, isFromApi: undefined })).toEqual(responses)
  })
})

describe('the table of trouble: no answer that could be used', () => {
  const few: Response = { kind: 'repeat-few', fails: 'unavailable' }
  test.each<[trouble: ApiTrouble, status: number | undefined, responses: Responses]>([
    ['network', undefined, [FIRST, LATER, LOST]],
    ['timeout', undefined, [FIRST, LATER, LOST]],
    ['not-a-cluster', 200, [FIRST, LATER, LOST]],
    ['not-a-cluster', 202, [FIRST, LATER, LOST]],
    // A name that is not found, or a certificate not trusted, hardly passes before it was ever right.
    ['dns', undefined, [few, LATER, LOST]],
    ['tls', undefined, [few, LATER, LOST]],
  ])('%s %s', (trouble, status, responses) => {
    expect(responsesTo({ trouble, status, isFromApi: undefined })).toEqual(responses)
  })
})

describe('how a run fails by a 403', () => {
  test.each<[string | undefined, FailureKind]>([
    ['access denied', 'forbidden'],
    ['Access Denied', 'forbidden'],
    ['ACCESS DENIED', 'forbidden'],
    ['admin access required', 'forbidden'],
    ['Admin access required', 'forbidden'],
    ['not a member of this tenant', 'forbidden'],
    [' \taccess denied\n', 'forbidden'],
    ['', 'forbidden'],
    ['   ', 'forbidden'],
    [undefined, 'forbidden'],
    ['access denied.', 'rejected'],
    ['access  denied', 'rejected'],
    ['access denied: storage may not shrink', 'rejected'],
    ['admission webhook denied the request', 'rejected'],
    ['no\naccess denied', 'rejected'],
    ['forbidden', 'rejected'],
  ])('403 with %j: %s', (serverMessage, reason) => {
    const moments: Moment[] = ['first-read', 'read', 'patch']
    for (const moment of moments)
      expect(failureOf({ trouble: 'status', status: 403, serverMessage }, moment)).toBe(reason)
  })
})

test.each<[Partial<ApiErrorFacts>, string]>([
  [{ status: 503 }, '503'],
  [{ status: 404, isFromApi: false }, '404'],
  [{ trouble: 'network' }, 'no connection'],
  [{ trouble: 'dns' }, 'name not found'],
  [{ trouble: 'tls' }, 'no secure connection'],
  [{ trouble: 'timeout' }, 'no answer in time'],
  [{ trouble: 'not-a-cluster', status: 200 }, 'an answer without the cluster'],
])('what came, in few words: %j', (facts, words) => {
  expect(toTroubleWords(toError(facts))).toBe(words)
})
