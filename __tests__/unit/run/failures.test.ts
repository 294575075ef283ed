import { describe, expect, test } from '@jest/globals'
import { FAILURE_REASONS, type FailureReason } from '../../../src/domain/failure-reasons.js'
import type { Result } from '../../../src/domain/outcome.js'
import { ApiError, type ApiErrorFacts, type ApiTrouble, CancelledError, DeadlineError } from '../../../src/errors.js'
import {
  apiErrorToEnding,
  errorToEnding,
  isAnswerLost,
  isRepeatable,
  type Moment,
  RunEnded,
} from '../../../src/run/failures.js'
import type { Stage } from '../../../src/run/state.js'
import { createRunParts } from '../../support/run-parts.js'

function toError(facts: Partial<ApiErrorFacts>): ApiError {
  return new ApiError('GET was answered badly', { trouble: 'status', ...facts })
}

const MOMENTS: readonly Moment[] = ['first-read', 'read', 'patch']

describe('what came and what it means, at any moment', () => {
  test.each<[number, FailureReason]>([
    [400, 'rejected'],
    [402, 'rejected'],
    [405, 'rejected'],
    [406, 'rejected'],
    [410, 'rejected'],
    [413, 'rejected'],
    [415, 'rejected'],
    [422, 'rejected'],
    [423, 'rejected'],
    [428, 'rejected'],
    [431, 'rejected'],
    [451, 'rejected'],
    [499, 'rejected'],
    [300, 'rejected'],
    [301, 'rejected'],
    [302, 'rejected'],
    [303, 'rejected'],
    [307, 'rejected'],
    [308, 'rejected'],
    [401, 'unauthorized'],
    [409, 'conflict'],
    [304, 'unavailable'],
    [408, 'unavailable'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [501, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [505, 'unavailable'],
    [507, 'unavailable'],
    [520, 'unavailable'],
    [599, 'unavailable'],
  ])('%i: %s', (status, reason) => {
    const endings = MOMENTS.map((moment) => apiErrorToEnding(toError({ status }), moment))
    expect(endings.map((ending) => [ending.result, ending.reason])).toEqual(MOMENTS.map(() => ['failed', reason]))
  })

  test.each<[string | undefined, FailureReason]>([
    ['access denied', 'forbidden'],
    ['Access Denied', 'forbidden'],
    ['ACCESS DENIED', 'forbidden'],
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
    for (const moment of MOMENTS)
      expect(apiErrorToEnding(toError({ status: 403, serverMessage }), moment).reason).toBe(reason)
  })

  test.each<[Moment, FailureReason]>([
    ['first-read', 'not-found'],
    ['patch', 'not-found'],
    ['read', 'deleted'],
  ])('404 at %s: %s', (moment, reason) => {
    expect(apiErrorToEnding(toError({ status: 404 }), moment)).toMatchObject({ result: 'failed', reason })
  })

  test.each<[ApiTrouble, number | undefined]>([
    ['network', undefined],
    ['tls', undefined],
    ['timeout', undefined],
    ['not-a-cluster', 200],
    ['not-a-cluster', 202],
  ])('%s %s: unavailable', (trouble, status) => {
    for (const moment of MOMENTS)
      expect(apiErrorToEnding(toError({ trouble, status }), moment).reason).toBe('unavailable')
  })

  test('a conflict has the hint that a re-run is safe', () => {
    expect(apiErrorToEnding(toError({ status: 409 }), 'patch').hint).toMatch(/re-run is safe/i)
    expect(apiErrorToEnding(toError({ status: 412 }), 'patch').hint).toMatch(/re-run is safe/i)
  })

  test('the server’s words, the error’s own hint and the request id are kept', () => {
    const facts: ApiErrorFacts = { trouble: 'tls', requestId: 'req-7' }
    const error = new ApiError('GET failed: bad certificate', facts, { hint: 'Set NODE_EXTRA_CA_CERTS.' })
    expect(apiErrorToEnding(error, 'read')).toEqual({
      result: 'failed',
      reason: 'unavailable',
      message: 'GET failed: bad certificate',
      hint: 'Set NODE_EXTRA_CA_CERTS.',
      requestId: 'req-7',
    })
    expect(apiErrorToEnding(toError({ status: 400 }), 'read')).not.toHaveProperty('requestId')
  })

  test('every failure has something to do next', () => {
    expect(Object.values(FAILURE_REASONS).filter(({ nextStep }) => nextStep.length < 10)).toEqual([])
    expect(Object.keys(FAILURE_REASONS).sort()).toEqual(
      [
        'invalid-input refused unauthorized forbidden not-found rejected conflict plan-changed busy unavailable degraded',
        'deleted rolled-back superseded timeout cancelled internal',
      ]
        .join(' ')
        .split(' ')
        .sort(),
    )
  })
})

describe('which GET may be repeated', () => {
  test.each([304, 408, 429, 500, 502, 503, 504])('after %i it may', (status) => {
    expect(isRepeatable(toError({ status }))).toBe(true)
  })

  test.each([300, 301, 302, 307, 400, 401, 403, 404, 409, 410, 412, 422, 501, 505, 507, 599])(
    'after %i it may not',
    (status) => {
      expect(isRepeatable(toError({ status }))).toBe(false)
    },
  )

  test.each<ApiTrouble>(['network', 'timeout', 'not-a-cluster'])('after %s it may', (trouble) => {
    expect(isRepeatable(toError({ trouble, status: trouble === 'not-a-cluster' ? 200 : undefined }))).toBe(true)
  })
})

describe('which PATCH may have landed all the same', () => {
  test.each([500, 501, 502, 503, 504, 507, 599])('one answered with %i', (status) => {
    expect(isAnswerLost(toError({ status }))).toBe(true)
  })

  test.each<[ApiTrouble, number | undefined]>([
    ['network', undefined],
    ['timeout', undefined],
    ['not-a-cluster', 200],
  ])('one that met %s', (trouble, status) => {
    expect(isAnswerLost(toError({ trouble, status }))).toBe(true)
  })

  test.each([301, 400, 401, 403, 404, 409, 412, 422, 429])('not one answered with %i', (status) => {
    expect(isAnswerLost(toError({ status }))).toBe(false)
  })
})

describe('how a run ends by what was thrown', () => {
  test.each<[Stage, boolean, Result, FailureReason, RegExp]>([
    ['reading', false, 'failed', 'unavailable', /no read/i],
    ['busy', false, 'timed-out', 'busy', /nothing was sent/i],
    ['planning', false, 'timed-out', 'timeout', /nothing was changed|nothing was sent/i],
    ['planning', true, 'timed-out', 'timeout', /may have landed/i],
    ['busy', true, 'timed-out', 'timeout', /may have landed/i],
    ['waiting', true, 'timed-out', 'timeout', /goes on/i],
    ['waiting', false, 'timed-out', 'timeout', /goes on/i],
  ])('the deadline while %s, landed %s: %s, %s', (stage, isSent, result, reason, words) => {
    const { state, ...parts } = createRunParts()
    parts.recordRead({ phase: 'Upgrading' })
    state.enter(stage)
    if (isSent) parts.recordAttempt()
    const ending = errorToEnding(new DeadlineError(), state, 1_860_000)
    expect(ending).toMatchObject({
      result,
      reason,
      message: expect.stringMatching(words),
      hint: expect.stringMatching(/./),
    })
    if (result === 'timed-out') expect(ending.message).toMatch(/31m.*Upgrading/)
  })

  test('the deadline of a wait says what was still missing, and that a re-run resumes', () => {
    const { state, ...parts } = createRunParts()
    state.enter('waiting')
    parts.recordMissing('kubernetesVersion is v1.31.5, not 1.32')
    const ending = errorToEnding(new DeadlineError(), state, 1_800_000)
    expect(ending.message).toMatch(/30m.*kubernetesVersion is v1\.31\.5, not 1\.32/)
    expect(ending.hint).toMatch(/re-run resumes/i)
  })

  test.each<[Stage, boolean, RegExp]>([
    ['reading', false, /nothing was sent/i],
    ['busy', false, /nothing was sent/i],
    ['waiting', false, /nothing was sent/i],
    ['planning', true, /may have been sent/i],
    ['waiting', true, /was sent and goes on/i],
  ])('cancelled while %s, landed %s', (stage, isSent, words) => {
    const { state, ...parts } = createRunParts()
    state.enter(stage)
    if (isSent) parts.recordAttempt()
    const ending = errorToEnding(new CancelledError(), state, 1_000)
    expect(ending).toMatchObject({ result: 'cancelled', reason: 'cancelled', message: expect.stringMatching(words) })
    expect(ending.hint).toMatch(/re-run/i)
  })

  test.each<[unknown, RegExp]>([
    [new TypeError('x is not a function'), /TypeError: x is not a function/],
    ['a text', /a text/],
    [undefined, /undefined/],
    [null, /null/],
  ])('a fault of ours is internal: %j', (thrown, words) => {
    expect(errorToEnding(thrown, createRunParts().state, 0)).toMatchObject({
      result: 'failed',
      reason: 'internal',
      message: expect.stringMatching(words),
    })
  })

  test.each<[FailureReason, boolean]>([
    ['unauthorized', true],
    ['forbidden', true],
    ['unavailable', true],
    ['conflict', true],
    ['plan-changed', true],
    ['rejected', true],
    ['superseded', false],
    ['rolled-back', false],
    ['deleted', false],
  ])('%s after a PATCH says that it may be out: %s', (reason, says) => {
    const { state, ...parts } = createRunParts()
    const ended = new RunEnded({ result: 'failed', reason, message: 'It failed' })
    expect(errorToEnding(ended, state, 0).message).toBe('It failed')
    parts.recordAttempt()
    state.enter('planning')
    expect(errorToEnding(ended, state, 0).message.includes('may have landed')).toBe(says)
    state.enter('waiting')
    expect(errorToEnding(ended, state, 0).message.includes('the change goes on')).toBe(says)
  })
})
