import { describe, expect, test } from '@jest/globals'
import { DeadlineError } from '../../../src/errors.js'
import { createRunParts, type RunParts } from '../../support/run-parts.js'

const NEVER = { dueAtMs: () => Number.POSITIVE_INFINITY, beat: () => undefined }

/** Polls for a while, as a wait does, and gives the seconds of all heartbeats. */
async function beatsWithin({ budget, log, lines }: RunParts, totalS: number, pauseMs: number): Promise<number[]> {
  const untilMs = budget.elapsedMs() + totalS * 1_000
  while (budget.elapsedMs() < untilMs) {
    await budget.pause(Math.min(pauseMs, untilMs - budget.elapsedMs()), log)
  }
  return lines.filter(({ text }) => text.includes('still')).map(({ atS }) => atS)
}

describe('one exchange takes 30 s or what is left, whichever is less', () => {
  test.each([
    [0, 30_000],
    [69_999, 30_000],
    [70_000, 30_000],
    [70_001, 29_999],
    [99_999, 1],
  ])('after %i of 100,000 ms: %i ms', async (elapsedMs, exchangeMs) => {
    const { budget } = createRunParts(100_000)
    await budget.pause(elapsedMs, NEVER)
    expect(budget.requestTimeoutMs()).toBe(exchangeMs)
    expect(budget.elapsedMs()).toBe(elapsedMs)
    expect(budget.leftMs()).toBe(100_000 - elapsedMs)
  })

  test.each([100_000, 100_001, 500_000])('none begins after %i of 100,000 ms', async (elapsedMs) => {
    const { clock, budget } = createRunParts(100_000)
    await clock.sleep(elapsedMs)
    expect(() => budget.requestTimeoutMs()).toThrow(DeadlineError)
    expect(budget.leftMs()).toBe(0)
  })

  test('a short budget is the limit from the start', () => {
    expect(createRunParts(250).budget.requestTimeoutMs()).toBe(250)
  })
})

describe('a pause', () => {
  test.each([
    [0, []],
    [1, [1]],
    [12_000, [12_000]],
  ])('of %i ms lasts just that', async (ms, slept) => {
    const { clock, budget } = createRunParts(100_000)
    await budget.pause(ms, NEVER)
    expect(clock.slept).toEqual(slept)
  })

  test.each([100_000, 100_001, 900_000, Number.POSITIVE_INFINITY])('of %f ms ends with the budget', async (ms) => {
    const { clock, budget } = createRunParts(100_000)
    await expect(budget.pause(ms, NEVER)).rejects.toThrow(DeadlineError)
    expect(budget.elapsedMs()).toBe(100_000)
    expect(clock.slept).toEqual([100_000])
  })

  test('with the budget spent does not begin', async () => {
    const { clock, budget } = createRunParts(100_000)
    await clock.sleep(150_000)
    await expect(budget.pause(1_000, NEVER)).rejects.toThrow(DeadlineError)
    expect(clock.slept).toEqual([150_000])
  })

  test('passes on what ends the sleep', async () => {
    const { clock, budget } = createRunParts(100_000)
    clock.sleep = () => Promise.reject(new RangeError('cancelled'))
    await expect(budget.pause(1_000, NEVER)).rejects.toThrow(RangeError)
  })
})

describe('a pause before a poll leaves it 2 s, or a tenth of timeout where that is less', () => {
  test.each<[timeoutMs: number, elapsedMs: number, ms: number, slept: number[], endsRun: boolean]>([
    [100_000, 0, 12_000, [12_000], false],
    [100_000, 90_000, 8_000, [8_000], false],
    [100_000, 90_000, 8_001, [8_000], false],
    [100_000, 90_000, 10_000, [8_000], false],
    [100_000, 90_000, 12_000, [8_000], false],
    [10_000, 0, 12_000, [9_000], false],
    [100_000, 97_999, 12_000, [1], false],
    // The last look was taken: nothing is left but the deadline.
    [100_000, 97_999.5, 12_000, [2_000.5], true],
    [100_000, 98_000, 12_000, [2_000], true],
    [100_000, 99_000, 12_000, [1_000], true],
  ])(
    'of %i ms, %i ms passed: %i ms becomes %j, and the run ends: %s',
    async (timeoutMs, elapsedMs, ms, slept, endsRun) => {
      const { clock, budget } = createRunParts(timeoutMs)
      clock.pass(elapsedMs)
      const pause = budget.pauseBeforePoll(ms, NEVER)
      await (endsRun ? expect(pause).rejects.toThrow(DeadlineError) : pause)
      expect(clock.slept).toEqual(slept)
    },
  )
})

describe('heartbeats come after 1 minute of silence, then 2, then every 5', () => {
  test.each([
    ['one long pause', 1_800_000],
    ['polls of 12 s', 12_000],
    ['polls of 7 s, which meet no minute', 7_000],
    ['polls of 250 ms', 250],
    ['pauses of 4 minutes', 240_000],
  ])('in %s', async (_, pauseMs) => {
    expect(await beatsWithin(createRunParts(), 1_400, pauseMs)).toEqual([60, 180, 480, 780, 1_080, 1_380])
  })

  test('none before the first minute is over', async () => {
    expect(await beatsWithin(createRunParts(), 59.999, 12_000)).toEqual([])
  })

  test('each line of the log begins the silence anew', async () => {
    const parts = createRunParts()
    await parts.budget.pause(30_000, parts.log)
    parts.log.info('PATCH accepted')
    expect(await beatsWithin(parts, 240, 12_000)).toEqual([90, 210])
    parts.log.info('Running')
    expect(await beatsWithin(parts, 100, 12_000)).toEqual([90, 210, 330])
  })

  test('a warning is a line of the log', async () => {
    const parts = createRunParts()
    await parts.budget.pause(30_000, parts.log)
    parts.log.warn('The server warns: low on disk')
    expect(await beatsWithin(parts, 100, 12_000)).toEqual([90])
  })

  test('a raw poll is none: it is seen only in debug', async () => {
    const parts = createRunParts()
    await parts.budget.pause(30_000, parts.log)
    parts.log.debug('read: Running')
    expect(await beatsWithin(parts, 100, 12_000)).toEqual([60])
  })

  test('one that is overdue after a long exchange comes with the next pause', async () => {
    const parts = createRunParts()
    await parts.clock.sleep(75_000)
    const [first = 0] = await beatsWithin(parts, 20, 12_000)
    expect(first).toBeGreaterThanOrEqual(75)
    expect(first).toBeLessThan(75.1)
  })

  test('they come until the deadline', async () => {
    const parts = createRunParts(200_000)
    await expect(parts.budget.pause(900_000, parts.log)).rejects.toThrow(DeadlineError)
    expect(parts.lines.map(({ atS }) => atS)).toEqual([60, 180])
    expect(parts.budget.elapsedMs()).toBe(200_000)
  })

  test('they say the elapsed time, the last phase and what is missing', async () => {
    const parts = createRunParts()
    parts.recordMissing('generation 8 is not observed yet')
    await parts.budget.pause(61_000, parts.log)
    expect(parts.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^\[1m\] +still unknown, 1m of 1h: generation 8 is not observed yet$/),
    ])
  })
})
