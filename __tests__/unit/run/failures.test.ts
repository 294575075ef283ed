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
  test('a conflict has the hint that a re-run is safe', () => {
    expect(apiErrorToEnding(toError({ status: 412 }), 'moved').hint).toMatch(/re-run is safe/i)
  })

  test('the server’s words, the error’s own hint and the request id are kept', () => {
    const facts: ApiErrorFacts = { trouble: 'tls', requestId: 'req-7' }
    const error = new ApiError('GET failed: bad certificate', facts, { hint: 'Set NODE_EXTRA_CA_CERTS.' })
    expect(apiErrorToEnding(error, 'unavailable')).toEqual({
      result: 'failed',
      reason: 'unavailable',
      kind: 'unavailable',
      message: 'GET failed: bad certificate',
      hint: 'Set NODE_EXTRA_CA_CERTS.',
      requestId: 'req-7',
    })
    expect(apiErrorToEnding(toError({ status: 400 }), 'rejected')).not.toHaveProperty('requestId')
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
  test.each<[Stage, Fate, reason: FailureReason, words: RegExp]>([
    ['reading', 'unsent', 'timeout', /Upgrading.*nothing was sent/i],
    ['busy', 'unsent', 'busy', /busy with another change \(Upgrading\).*nothing was sent/i],
    ['planning', 'unsent', 'timeout', /Upgrading.*nothing was sent/i],
    ['waiting', 'unsent', 'timeout', /Upgrading.*nothing was sent/i],
    ['planning', 'lost', 'timeout', /Upgrading.*may have landed, and then goes on/],
    ['busy', 'lost', 'timeout', /Upgrading.*may have landed, and then goes on/],
    ['waiting', 'lost', 'timeout', /Upgrading.*may have landed, and then goes on/],
    ['waiting', 'accepted', 'timeout', /Upgrading.*accepted, and the change may go on/],
  ])(
    'while %s, PATCH %s: %s, saying elapsed time, last phase, and what became of the change',
    (stage, fate, reason, words) => {
      const parts = createParts(stage, fate)
      parts.recordRead({ phase: 'Upgrading' })
      parts.clock.pass(1_860_000)
      const ending = endBy(new DeadlineError(), parts)
      expect(ending).toMatchObject({ result: 'timed-out', reason, message: expect.stringMatching(words) })
      expect(ending.message).toMatch(/^Timed out after 31m/)
      expect(ending.hint).toMatch(fate === 'unsent' ? /run again/i : /re-run resumes the wait/i)
    },
  )

  test('of a wait says what was still missing', () => {
    const parts = createParts('waiting', 'accepted')
    parts.recordMissing('kubernetesVersion is v1.31.5, not 1.32')
    expect(endBy(new DeadlineError(), parts).message).toContain('; kubernetesVersion is v1.31.5, not 1.32.')
  })

  test.each<[Fate, result: Result, reason: FailureReason]>([
    ['unsent', 'failed', 'unavailable'],
    ['lost', 'timed-out', 'timeout'],
    ['accepted', 'timed-out', 'timeout'],
  ])('where the last exchanges gave no read, PATCH %s: %s, %s, since when and what came', (fate, result, reason) => {
    const parts = createParts('waiting', fate)
    parts.recordRead()
    parts.clock.pass(60_000)
    for (let tries = 0; tries < 20; tries++) parts.state.recordTrouble('503', parts.clock.nowMs())
    parts.state.recordTrouble('no connection', parts.clock.nowMs())
    const ending = endBy(new DeadlineError(), parts)
    expect(ending).toMatchObject({ result, reason })
    expect(ending.message).toContain('no usable answer since 09:01 UTC (503, 20 times; no connection)')
  })

  test.each(['Degraded', 'Upgrading'])('has the conditions of a cluster that is %s', (phase) => {
    const parts = createParts('waiting', 'accepted')
    parts.recordRead({ phase, conditions: [{ type: 'Ready', status: 'False', message: 'a node is gone' }] })
    expect(endBy(new DeadlineError(), parts).message).toContain('a node is gone')
  })
})

describe('how a run ends by what was thrown', () => {
  test.each<[Stage, Fate, words: RegExp]>([
    ['reading', 'unsent', /nothing was sent/i],
    ['busy', 'unsent', /nothing was sent/i],
    ['waiting', 'unsent', /nothing was sent/i],
    ['planning', 'lost', /may have landed/i],
    ['waiting', 'accepted', /had been accepted, and the change may go on/i],
  ])('cancelled while %s, PATCH %s', (stage, fate, words) => {
    const ending = endBy(new CancelledError(), createParts(stage, fate))
    expect(ending).toMatchObject({ result: 'cancelled', reason: 'cancelled', message: expect.stringMatching(words) })
    expect(ending.hint).toMatch(/re-run/i)
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

  test.each<[FailureReason, says: boolean]>([
    ['unauthorized', true],
    ['forbidden', true],
    ['unavailable', true],
    ['conflict', true],
    ['plan-changed', true],
    ['rejected', true],
    ['superseded', false],
    ['rolled-back', false],
    ['deleted', false],
    ['degraded', false],
    ['side-effect', false],
  ])('%s after a PATCH says that it may be out: %s', (reason, says) => {
    const ended = new RunEnded({ result: 'failed', reason, message: 'It failed' })
    const messageOf = (fate: Fate) => endBy(ended, createParts('planning', fate)).message
    expect(messageOf('unsent')).toBe('It failed')
    expect(messageOf('lost').includes('may have landed')).toBe(says)
    expect(messageOf('accepted').includes('the change may go on')).toBe(says)
  })
})
