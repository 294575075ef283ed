import { describe, expect, test } from '@jest/globals'
import { INPUT_NAMES, INPUTS, type InputName } from '../../../src/inputs/names.js'
import { faultsOf, type GivenInputs, parse } from '../../support/inputs.js'

const GUARDS = INPUT_NAMES.filter((name) => (INPUTS[name] as { default?: string }).default === 'none')

/** A value that switches each guard on. */
const ON: Readonly<Record<string, string>> = {
  'if-match': '"294810"',
  'expected-plan': '0123456789abcdef',
  'min-cpu': '1',
  'max-cpu': '16',
  'min-memory': '1Gi',
  'max-memory': '64Gi',
  'min-storage': '1Gi',
  'max-storage': '1Ti',
  'only-between': '20:00-06:00',
  'freeze-dates': '2026-12-24',
}

/** What of a run's inputs comes from its guards. */
async function guardsOf(given: GivenInputs) {
  const { guardrails, ifMatch, expectedPlan, window, freeze } = await parse(given)
  return { min: guardrails.min, max: guardrails.max, ifMatch, expectedPlan, window, freeze }
}

const OFF = { min: {}, max: {}, ifMatch: undefined, expectedPlan: undefined, window: undefined, freeze: undefined }

test('the guards are those of the contract', () => {
  expect([...GUARDS].sort()).toEqual(Object.keys(ON).sort())
})

describe.each(GUARDS)('%s', (name) => {
  test('is off where it is none, and where its key is absent', async () => {
    expect(await guardsOf({ [name]: 'none' })).toEqual(OFF)
    expect(await guardsOf({ [name]: ' none\n' })).toEqual(OFF)
    expect(await guardsOf({})).toEqual(OFF)
  })

  test('is on where it is given', async () => {
    expect(await guardsOf({ [name]: ON[name] ?? '' })).not.toEqual(OFF)
  })

  test.each(['', ' ', '\n', '\u200b', ' \ufeff\t'])('given but empty (%j) is an error', async (empty) => {
    for (const mode of ['apply', 'plan', 'verify']) {
      expect(await faultsOf({ mode, [name]: empty })).toEqual([
        { input: name, reason: expect.stringMatching(/^is given, but empty: .*produced nothing/) },
      ])
    }
  })

  test.each(['None', 'NONE', 'off'])('%s is not none, and the error offers it', async (text) => {
    expect(await faultsOf({ [name]: text })).toEqual([expect.objectContaining({ input: name, repaired: ['none'] })])
  })
})

describe('what an empty guard is told', () => {
  const OUTPUTS: readonly InputName[] = ['if-match', 'expected-plan']

  test.each(GUARDS.filter((name) => !OUTPUTS.includes(name)))(
    '%s: how to switch it off where it may be empty',
    async (name) => {
      const [fault] = await faultsOf({ [name]: '' })
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
      expect(fault?.reason).toContain("${{ … || 'none' }}")
      expect(fault?.reason).toMatch(/step output.*variable.*expression/)
    },
  )

  test.each(OUTPUTS)('%s: the output to mend, and no way around it', async (name) => {
    const [fault] = await faultsOf({ [name]: '' })
    expect(fault?.reason).toMatch(/step or job output.*Mend that output.*masked value.*only as a fixed text/)
    expect(fault?.reason).not.toContain('${{')
  })
})

describe('mode and timezone must not be empty either', () => {
  test.each(['mode', 'timezone'])('%s', async (name) => {
    expect(await faultsOf({ [name]: ' ' })).toEqual([
      { input: name, reason: expect.stringMatching(/^is given, but empty/) },
    ])
    expect(await faultsOf({})).toEqual([])
  })

  test('an empty mode says that it does not apply', async () => {
    expect((await faultsOf({ mode: '' })).map(({ reason }) => reason).join()).toMatch(/not taken for apply/)
  })
})

describe('bounds', () => {
  test('are taken one by one', async () => {
    expect(await guardsOf({ 'min-cpu': '1', 'max-cpu': '16', 'max-memory': '64Gi', 'min-storage': 'none' })).toEqual({
      ...OFF,
      min: { cpu: '1' },
      max: { cpu: '16', memory: '64Gi' },
    })
  })

  test('that cross say what they would refuse', async () => {
    expect(await faultsOf({ 'min-cpu': '9', 'max-cpu': '8' })).toEqual([
      {
        input: 'min-cpu',
        value: '9',
        reason: 'is above max-cpu 8, so every cpu would be refused',
        example: '8 or less',
      },
    ])
  })

  test('one that is faulty crosses nothing', async () => {
    expect((await faultsOf({ 'min-cpu': '9', 'max-cpu': '8 cores' })).map(({ input }) => input)).toEqual(['max-cpu'])
  })
})

describe('expected-plan', () => {
  test.each([
    ['0123456789abcdef', '0123456789abcdef'],
    ['0123456789ABCDEF', '0123456789abcdef'],
    [' 0123456789abcdef\n', '0123456789abcdef'],
    ['pull-request', 'pull-request'],
  ])('%j', async (given, expectedPlan) => {
    expect(await guardsOf({ 'expected-plan': given })).toEqual({ ...OFF, expectedPlan })
  })

  test.each(['0123456789abcde', '0123456789abcdef0', '0123456789abcdeg', 'null', 'undefined', 'merge'])(
    '%s is none',
    async (given) => {
      expect(await faultsOf({ 'expected-plan': given })).toEqual([
        expect.objectContaining({
          input: 'expected-plan',
          value: given,
          example: expect.stringContaining('plan-digest'),
        }),
      ])
    },
  )
})

describe('if-match', () => {
  test.each(['"294810"', 'W/"294810"', '294810', '"a,b"', 'W/"a, b"', '""'])('%s is one ETag', async (ifMatch) => {
    expect(await guardsOf({ 'if-match': ifMatch })).toEqual({ ...OFF, ifMatch })
  })

  test.each([
    '*',
    '"1", "2"',
    '"1","2"',
    '"12" , "13"',
    '12,13',
    'W/"1", W/"2"',
    '1, 2',
    '1,2',
    '"1", *',
    '"ü"',
    '"a\u0007b"',
  ])('%s is not', async (given) => {
    expect((await faultsOf({ 'if-match': given })).map(({ input }) => input)).toEqual(['if-match'])
  })
})

describe('only-between and freeze-dates', () => {
  const given = { 'only-between': '8:00 - 18:00', 'freeze-dates': '2026-12-24..2027-01-02', timezone: 'Europe/London' }

  test('hold in the time zone, in apply', async () => {
    const { window, freeze } = await parse(given)
    expect(window).toEqual({ text: '08:00-18:00', fromMinute: 480, untilMinute: 1_080, timezone: 'Europe/London' })
    expect(freeze).toEqual({
      timezone: 'Europe/London',
      entries: [{ text: '2026-12-24..2027-01-02', firstDay: '2026-12-24', lastDay: '2027-01-02' }],
    })
  })

  test('hold in UTC where no time zone is given', async () => {
    const { window, freeze } = await parse({ ...given, timezone: 'UTC' })
    expect([window?.timezone, freeze?.timezone]).toEqual(['UTC', 'UTC'])
  })

  test.each(['plan', 'verify'])('are checked and then ignored in %s', async (mode) => {
    const { window, freeze } = await parse({ ...given, mode })
    expect([window, freeze]).toEqual([undefined, undefined])
    const faults = await faultsOf({ mode, 'only-between': '20-6', 'freeze-dates': '24.12.2026', timezone: 'BST' })
    expect(faults.map(({ input }) => input)).toEqual(['timezone', 'only-between', 'freeze-dates'])
  })

  test.each(['Europe/London', 'America/New_York', 'Asia/Kathmandu', 'US/Eastern', 'europe/london', 'UTC', 'Etc/UTC'])(
    'the time zone %s is fine',
    async (timezone) => {
      expect(await faultsOf({ timezone })).toEqual([])
    },
  )

  test.each(
    [
      'BST CET CEST EST EDT CST CDT MST MDT PST PDT GMT IST JST AEST WET EET MET MSK SGT HKT NZST EST5EDT PST8PDT',
      'GB Eire Japan Singapore',
    ].flatMap((names) => names.split(' ')),
  )('the time zone %s is an error that names a region', async (timezone) => {
    expect(await faultsOf({ timezone })).toEqual([
      {
        input: 'timezone',
        value: timezone,
        reason: expect.any(String),
        repaired: expect.arrayContaining([expect.stringMatching(/^[A-Z]\w+\/[A-Z]\w+$/)]),
      },
    ])
  })

  test.each(['+01:00', '-5', 'UTC+1', 'GMT-5', 'Etc/GMT+5', 'Etc/GMT-14', 'utc +2'])(
    'the offset %s is an error',
    async (timezone) => {
      expect(await faultsOf({ timezone })).toEqual([
        {
          input: 'timezone',
          value: timezone,
          reason: expect.stringMatching(/offset.*region/),
          example: 'Europe/London',
        },
      ])
    },
  )
})

describe('freeze-dates', () => {
  const days = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `20${26 + Math.floor(index / 28)}-02-${String((index % 28) + 1).padStart(2, '0')}`,
    )

  test.each([
    ['2026-12-24', ['2026-12-24']],
    ['2026-12-24, 2026-12-26', ['2026-12-24', '2026-12-26']],
    ['2026-12-24\n2026-12-26\r\n2027-01-01..2027-01-02\n', ['2026-12-24', '2026-12-26', '2027-01-01..2027-01-02']],
    [' 2026-12-24 .. 2027-01-02 \n', ['2026-12-24..2027-01-02']],
    ['2026-12-24..2026-12-24', ['2026-12-24..2026-12-24']],
    ['2024-02-29', ['2024-02-29']],
  ])('%j', async (given, entries) => {
    expect((await parse({ 'freeze-dates': given })).freeze?.entries.map(({ text }) => text)).toEqual(entries)
  })

  test('takes a hundred entries and not one more', async () => {
    expect((await parse({ 'freeze-dates': days(100).join(',') })).freeze?.entries).toHaveLength(100)
    expect(await faultsOf({ 'freeze-dates': days(101).join(',') })).toEqual([
      {
        input: 'freeze-dates',
        reason: 'has 101 entries, and 100 are the most that it takes',
        example: expect.any(String),
      },
    ])
  })

  test('exactly five faults are told one by one, and nothing more', async () => {
    expect(await faultsOf({ 'freeze-dates': 'a, b, c, d, e' })).toHaveLength(5)
  })

  test('each entry at fault is told, the first five one by one', async () => {
    const faults = await faultsOf({ 'freeze-dates': '2026-12-24, 24.12.2026, 2026-02-30, a, b, c, d, e' })
    expect(faults.map(({ value, reason }) => [value, reason])).toEqual([
      ['24.12.2026', expect.any(String)],
      ['2026-02-30', expect.stringContaining('in no calendar')],
      ['a', expect.any(String)],
      ['b', expect.any(String)],
      ['c', expect.any(String)],
      [undefined, 'has 2 more entries that are at fault'],
    ])
  })
})
