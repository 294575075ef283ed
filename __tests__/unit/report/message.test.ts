import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from '../../../src/domain/outcome.js'
import type { Plan } from '../../../src/domain/plan.js'
import { definitionOf, INPUT_NAMES } from '../../../src/inputs/names.js'
import { toMessage } from '../../../src/report/message.js'
import { toWords } from '../../../src/report/words.js'
import { ENDINGS } from '../../support/endings.js'
import { errorOf, type GivenInputs, REQUIRED } from '../../support/inputs.js'
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
    'acme/production: gone. GET was answered 404: cluster not found. Sent by this run: cpu 4 → 8, at 03:12 UTC. Find out who deleted it, or whether this key may no longer see it.',
  ],
  [
    'nothing sent, which its sentence says',
    ENDINGS.skipped['a freeze'],
    'acme/production left alone: 2026-12-25 is in freeze-dates (2026-12-24..2027-01-02, in UTC). Nothing was sent. Run it again when sending is allowed.',
  ],
  [
    'a rule’s refusal, which nothing was sent after',
    ENDINGS.refused.one,
    'acme/production: stopped by a safety rule. storage 50Gi is less than the current 100Gi. Sent by this run: nothing. The cluster, seen at 03:12 UTC: Running, v1.31.9. If you mean it, give allow-storage-shrink: true.',
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

test('that nothing was sent is said once, and in every ending of which it is true', () => {
  for (const outcome of Object.values(ENDINGS).flatMap((variants) => Object.values<Outcome>(variants))) {
    const said = messageOf(outcome).match(/nothing was sent|sent nothing|sent by this run: nothing|not sent:/gi) ?? []
    expect([outcome.message, said.length]).toEqual([outcome.message, outcome.sent === undefined ? 1 : 0])
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

/** An ending in which everything that is not this action's own words is as long as that. */
function withLongTexts(outcome: Outcome, text: string): Outcome {
  const { plan, sent, last, conflict, made, fieldNames, kind } = outcome
  const lengthen = <T>(value: T) => (typeof value === 'string' ? text : value)
  const withLong = <T extends { readonly edits: Plan['edits'] }>(of: T) => ({
    ...of,
    edits: of.edits.map((edit) => ({ ...edit, from: lengthen(edit.from ?? null) })),
  })
  return {
    ...outcome,
    ...(kind === undefined ? {} : { message: text }),
    ...(plan === undefined ? {} : { plan: withLong(plan) }),
    ...(sent === undefined ? {} : { sent: withLong(sent) }),
    ...(last === undefined ? {} : { last: { ...last, phase: text, version: text, kubernetesVersion: text } }),
    ...(conflict === undefined
      ? {}
      : { conflict: conflict.map((row) => ({ ...row, now: lengthen(row.now), whenRead: lengthen(row.whenRead) })) }),
    ...(made === undefined ? {} : { made: Object.fromEntries(Object.keys(made).map((field) => [field, text])) }),
    ...(fieldNames === undefined
      ? {}
      : { fieldNames: fieldNames.map((name) => (/^alerts/.test(name) ? `alerts.${text}` : name)) }),
  }
}

test.each(
  Object.entries(ENDINGS).flatMap(([kind, variants]) =>
    Object.entries<Outcome>(variants).map(([variant, outcome]) => [kind, variant, outcome] as const),
  ),
)('however long the texts from outside are, it has room for the whole next step: %s, %s', (_, __, outcome) => {
  const long = fc.tuple(fc.constantFrom('9', 'x', 'x-'), fc.integer({ min: 1, max: 3_000 }))
  fc.assert(
    fc.property(long, ([unit, length]) => {
      const words = toWords(withLongTexts(outcome, unit.repeat(length)), NAME)
      const message = toMessage(words)
      expect(message.length).toBeLessThanOrEqual(1_000)
      expect(message.endsWith((words.next ?? '').replaceAll('’', ''))).toBe(true)
      if (!words.isSentSaid) expect(message).toContain(`Sent by this run: ${words.sent}`)
    }),
    { numRuns: 30 },
  )
})

test('a value of 1,200 digits in the answer to a PATCH leaves the next step and the state whole', () => {
  const message = messageOf(withLongTexts(ENDINGS.altered['a quantity'], '1'.repeat(1_200)))
  expect(message).toMatch(/^acme\/production: a value was changed: cpu\. 1+… Sent by this run: 1 change, at/)
  expect(message).toMatch(
    /The cluster, seen at 03:12 UTC: 1+… This is a limit or a rounding of the platform\..*can give\.$/,
  )
})

describe('our own words on workflow expressions keep their sense', () => {
  const said = async (given: GivenInputs) => {
    const { message } = await errorOf({ ...REQUIRED, cpu: '8', ...given })
    return messageOf(toFailedOutcome('invalid-input', { message, problems: [message] }))
  }

  test.each(INPUT_NAMES.filter((name) => definitionOf(name).whenEmpty !== undefined))(
    '%s given, but empty: nobody is told to switch it off',
    async (name) => {
      const message = await said({ [name]: '' })
      expect(message).toContain(` ${name} is given, but empty: `)
      expect(message).toMatch(/mend what it comes from|Mend that output|Give apply, plan or verify/)
      expect(message).not.toMatch(/write (?:none|UTC)|as none/)
    },
  )

  test.each<[GivenInputs, RegExp]>([
    [{ 'max-cpu': '' }, /give the expression the fallback none, but only on purpose; else mend what it comes from\./],
    [{ 'expected-plan': '' }, /none belongs here only as a fixed text, never as a fallback none\./],
    [
      { 'api-key': 'secrets.KUPE_API_KEY' },
      /did it lose its dollar sign and braces \(example: the expression secrets\.KUPE_API_KEY\)/,
    ],
  ])('%j', async (given, words) => {
    expect(await said(given)).toMatch(words)
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
