import { describe, expect, test } from '@jest/globals'
import { FAILURE_REASONS, type FailureReason } from '../../../src/domain/failure-reasons.js'
import type { Result } from '../../../src/domain/outcome.js'
import { ApiError, type ApiErrorFacts, CancelledError, DeadlineError } from '../../../src/errors.js'
import { apiErrorToEnding, errorToEnding, RunEnded } from '../../../src/run/failures.js'
import type { Stage } from '../../../src/run/state.js'
import { createRunParts, type RunParts } from '../../support/run-parts.js'

function toError(facts: Partial<ApiErrorFacts>): ApiError {
  return new ApiError('GET was answered badly', { trouble: 'status', ...facts })
}

describe('the ending that an exchange leads to', () => {
  test('the server’s words, the error’s own hint and the request id are kept', () => {
    const facts: ApiErrorFacts = { trouble: 'tls', requestId: 'req-7' }
    const error = new ApiError('GET failed: bad certificate', facts, { hint: 'Set NODE_EXTRA_CA_CERTS.' })
    expect(apiErrorToEnding(error, 'unavailable', 'read')).toEqual({
      result: 'failed',
      reason: 'unavailable',
      kind: 'unavailable',
      message: 'GET failed: bad certificate',
      hint: 'Set NODE_EXTRA_CA_CERTS.',
      requestId: 'req-7',
      refused: 'read',
    })
    expect(apiErrorToEnding(toError({ status: 400 }), 'rejected', 'patch')).not.toHaveProperty('requestId')
  })

  test('every failure has something to do next', () => {
    expect(Object.values(FAILURE_REASONS).filter(({ nextStep }) => nextStep.length < 10)).toEqual([])
    expect(Object.keys(FAILURE_REASONS).sort()).toEqual(
      [
        'invalid-input refused unauthorized forbidden not-found rejected conflict plan-changed busy unavailable degraded',
        'deleted rolled-back superseded side-effect timeout cancelled internal',
      ]
        .join(' ')
        .split(' ')
        .sort(),
    )
  })
})

type Fate = 'unsent' | 'lost' | 'accepted'

/** The parts of a run in this stage, with a PATCH of this fate. */
function createParts(stage: Stage, fate: Fate, timeoutMs?: number): RunParts {
  const parts = createRunParts(timeoutMs)
  parts.state.enter(stage)
  if (fate !== 'unsent') parts.recordAttempt(fate)
  return parts
}

function endBy(thrown: unknown, { state, budget }: RunParts) {
  return errorToEnding(thrown, state, budget)
}

describe('the deadline', () => {
  test.each<[Stage, Fate, reason: FailureReason]>([
    ['reading', 'unsent', 'timeout'],
    ['busy', 'unsent', 'busy'],
    ['planning', 'unsent', 'timeout'],
    ['waiting', 'unsent', 'timeout'],
    ['planning', 'lost', 'timeout'],
    ['busy', 'lost', 'timeout'],
    ['waiting', 'lost', 'timeout'],
    ['waiting', 'accepted', 'timeout'],
  ])('while %s, PATCH %s: %s, saying elapsed time and last phase', (stage, fate, reason) => {
    const parts = createParts(stage, fate)
    parts.recordRead({ phase: 'Upgrading' })
    parts.clock.pass(1_860_000)
    const ending = endBy(new DeadlineError(), parts)
    expect(ending).toMatchObject({ result: 'timed-out', reason })
    expect(ending.message).toMatch(/^Timed out after 31m.*Upgrading/)
  })

  test('of a wait says what was still missing', () => {
    const parts = createParts('waiting', 'accepted')
    parts.recordMissing('the cluster runs v1.31.5, not 1.32')
    expect(endBy(new DeadlineError(), parts).message).toContain('; the cluster runs v1.31.5, not 1.32')
  })

  test.each<[Fate, result: Result, reason: FailureReason]>([
    ['unsent', 'failed', 'unavailable'],
    ['lost', 'timed-out', 'timeout'],
    ['accepted', 'timed-out', 'timeout'],
  ])('where the last exchanges gave no read, PATCH %s: %s, %s, since when and what came', (fate, result, reason) => {
    const parts = createParts('waiting', fate)
    parts.recordRead()
    parts.clock.pass(60_000)
    for (let tries = 0; tries < 20; tries++) parts.state.outages.record('503', parts.clock.nowMs())
    parts.state.outages.record('no connection', parts.clock.nowMs())
    const ending = endBy(new DeadlineError(), parts)
    expect(ending).toMatchObject({ result, reason })
    expect(ending.message).toContain('no usable answer since 09:01 UTC, in 21 tries (503, 20 times; no connection)')
  })

  test('has the conditions that deny health, and no others', () => {
    const parts = createParts('waiting', 'accepted')
    const conditions = [
      { type: 'Available', status: 'True', message: 'all is well' },
      { type: 'DiskPressure', status: 'False', message: 'there is room' },
      { type: 'Ready', status: 'False', message: 'a node is gone' },
    ]
    parts.recordRead({ conditions })
    const { message } = endBy(new DeadlineError(), parts)
    expect(message).toContain('a node is gone')
    expect(message).not.toMatch(/all is well|there is room/)
  })
})

describe('how a run ends by what was thrown', () => {
  test.each<[Stage, Fate]>([
    ['reading', 'unsent'],
    ['busy', 'unsent'],
    ['waiting', 'unsent'],
    ['planning', 'lost'],
    ['waiting', 'accepted'],
  ])('cancelled while %s, PATCH %s', (stage, fate) => {
    const ending = endBy(new CancelledError(), createParts(stage, fate))
    expect(ending).toMatchObject({ result: 'cancelled', reason: 'cancelled' })
    expect(ending.message).toMatch(stage === 'waiting' ? /cancelled while it waited/ : /cancelled$/)
  })

  test.each<[unknown, RegExp]>([
    [new TypeError('x is not a function'), /TypeError: x is not a function/],
    ['a text', /a text/],
    [undefined, /undefined/],
    [null, /null/],
  ])('a fault of ours is internal: %j', (thrown, words) => {
    expect(endBy(thrown, createRunParts())).toMatchObject({
      result: 'failed',
      reason: 'internal',
      message: expect.stringMatching(words),
    })
  })

  test('an ending that was thrown is that ending', () => {
    const ending = { result: 'failed', reason: 'conflict', message: 'It failed' } as const
    expect(endBy(new RunEnded(ending), createParts('waiting', 'accepted'))).toBe(ending)
  })
})
