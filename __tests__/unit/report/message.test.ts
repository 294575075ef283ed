import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from '../../../src/domain/outcome.js'
import { toMessage } from '../../../src/report/message.js'
import { toWords } from '../../../src/report/words.js'
import { ENDINGS } from '../../support/endings.js'
import { toFailedOutcome } from '../../support/outcomes.js'

const NAME = { tenant: 'acme', cluster: 'production' }
const messageOf = (outcome: Outcome) => toMessage(toWords(outcome, NAME))

/** Letters, digits, blanks and the few marks that form nothing in a chat. */
const ALLOWED = /^[\p{L}\p{N} .,:;/%+\-_()→…]*$/u

test.each<[string, Outcome, string]>([
  [
    'green',
    ENDINGS.converged.resources,
    'acme/production scaled: cpu 4 → 8. Done in 2m 16s: sent at 03:12 UTC, finished by 03:14 UTC. Sent by this run: cpu 4 → 8, at 03:12 UTC. The cluster, seen at 03:14 UTC: Running, v1.31.9.',
  ],
  [
    'red, with the server’s words',
    ENDINGS.rejected['in its own words'],
    'acme/production: Kupes API said no. PATCH was answered 400: unsupported Kubernetes version 1.99 (code INVALID_VERSION, field spec.version). Sent by this run: nothing. The cluster, seen at 03:12 UTC: Running, v1.31.9. The words of the API say why: where they are about an input, correct that, and start anew.',
  ],
  [
    'without a state',
    ENDINGS.gone['in the middle of the wait'],
    'acme/production: gone. The cluster is gone: GET was answered 404: cluster not found. Sent by this run: cpu 4 → 8, at 03:12 UTC. Find out who deleted it, or whether this key may no longer see it.',
  ],
])('what happened, what was sent, the state, and what to do next: %s', (_, outcome, text) => {
  expect(messageOf(outcome)).toBe(text)
})

test('of every ending it holds the next step, and only characters that form nothing', () => {
  for (const variants of Object.values(ENDINGS)) {
    for (const outcome of Object.values<Outcome>(variants)) {
      const message = messageOf(outcome)
      expect(message).toMatch(ALLOWED)
      expect(message.length).toBeLessThanOrEqual(1_000)
      const { next = '' } = toWords(outcome, NAME)
      expect(message.endsWith(next.replaceAll('’', ''))).toBe(true)
    }
  }
})

describe('too long a text', () => {
  const next = 'Run again when that is over, with a longer timeout, or at another time of day.'

  test.each([[500], [900], [2_000], [100_000]])(
    'loses of its cause, never of its next step: %i characters',
    (length) => {
      const message = messageOf(toFailedOutcome('busy-too-long', { message: 'x'.repeat(length) }))
      expect(message.length).toBeLessThanOrEqual(1_000)
      expect(message.endsWith(next)).toBe(true)
      expect(message.includes('…')).toBe(length > 800)
    },
  )

  test('keeps as much of its cause as there is room for', () => {
    expect(messageOf(toFailedOutcome('busy-too-long', { message: 'x'.repeat(100_000) }))).toHaveLength(1_000)
  })

  test('stays within its length even where the next step is longer', () => {
    expect(messageOf(toFailedOutcome('unavailable', { hint: 'y'.repeat(5_000) })).length).toBeLessThanOrEqual(1_000)
  })
})

test('whatever a server says, it forms no mention, link, command or markup', () => {
  const text = fc.string({
    unit: fc.constantFrom('@', '<', '`', '*', '|', '[', ']', '\n', '\u200b', 'a', ' ', '#', '::'),
  })
  fc.assert(
    fc.property(text, text, (message, phase) => {
      const last = { ...(ENDINGS.timeout['no answers at its end'].last as NonNullable<Outcome['last']>), phase }
      expect(messageOf({ ...ENDINGS.timeout['no answers at its end'], message, last })).toMatch(ALLOWED)
    }),
  )
})
