import { describe, expect, test } from '@jest/globals'
import { DeadlineError } from '../../../src/errors.js'
import { Patience } from '../../../src/patience.js'
import { type Bench, TinyClock, toBench } from '../../support/clock.js'

const NEVER = { dueAtMs: () => Number.POSITIVE_INFINITY, beat: () => undefined }

/** Polls for a while, as a wait does, and gives the seconds of all heartbeats. */
async function beatsWithin(bench: Bench, totalS: number, pauseMs: number): Promise<number[]> {
  const { patience, journal, lines } = bench
  const untilMs = patience.elapsedMs() + totalS * 1_000
  while (patience.elapsedMs() < untilMs) {
    await patience.pause(Math.min(pauseMs, untilMs - patience.elapsedMs()), journal)
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
    const patience = new Patience(new TinyClock(), 100_000)
    await patience.pause(elapsedMs, NEVER)
    expect(patience.exchangeMs()).toBe(exchangeMs)
    expect(patience.elapsedMs()).toBe(elapsedMs)
    expect(patience.leftMs()).toBe(100_000 - elapsedMs)
  })

  test.each([100_000, 100_001, 500_000])('none begins after %i of 100,000 ms', async (elapsedMs) => {
    const clock = new TinyClock()
    const patience = new Patience(clock, 100_000)
    await clock.sleep(elapsedMs)
    expect(() => patience.exchangeMs()).toThrow(DeadlineError)
    expect(patience.leftMs()).toBe(0)
  })

  test('a short budget is the limit from the start', () => {
    expect(new Patience(new TinyClock(), 250).exchangeMs()).toBe(250)
  })
})

describe('a pause', () => {
  test.each([
    [0, []],
    [1, [1]],
    [12_000, [12_000]],
  ])('of %i ms lasts just that', async (ms, slept) => {
    const clock = new TinyClock()
    await new Patience(clock, 100_000).pause(ms, NEVER)
    expect(clock.slept).toEqual(slept)
  })

  test.each([100_000, 100_001, 900_000, Number.POSITIVE_INFINITY])('of %f ms ends with the budget', async (ms) => {
    const clock = new TinyClock()
    const patience = new Patience(clock, 100_000)
    await expect(patience.pause(ms, NEVER)).rejects.toThrow(DeadlineError)
    expect(patience.elapsedMs()).toBe(100_000)
    expect(clock.slept).toEqual([100_000])
  })

  test('with the budget spent does not begin', async () => {
    const clock = new TinyClock()
    const patience = new Patience(clock, 100_000)
    await clock.sleep(150_000)
    await expect(patience.pause(1_000, NEVER)).rejects.toThrow(DeadlineError)
    expect(clock.slept).toEqual([150_000])
  })

  test('passes on what ends the sleep', async () => {
    const clock = new TinyClock()
    clock.sleep = () => Promise.reject(new RangeError('cancelled'))
    await expect(new Patience(clock, 100_000).pause(1_000, NEVER)).rejects.toThrow(RangeError)
  })
})

describe('heartbeats come after 1 minute of silence, then 2, then every 5', () => {
  test.each([
    ['one long pause', 1_800_000],
    ['polls of 12 s', 12_000],
    ['polls of 7 s, which meet no minute', 7_000],
    ['polls of 250 ms', 250],
    ['pauses of 4 minutes', 240_000],
  ])('in %s', async (_, pauseMs) => {
    expect(await beatsWithin(toBench(), 1_400, pauseMs)).toEqual([60, 180, 480, 780, 1_080, 1_380])
  })

  test('none before the first minute is over', async () => {
    expect(await beatsWithin(toBench(), 59.999, 12_000)).toEqual([])
  })

  test('each line of the log begins the silence anew', async () => {
    const bench = toBench()
    await bench.patience.pause(30_000, bench.journal)
    bench.journal.say('PATCH accepted')
    expect(await beatsWithin(bench, 240, 12_000)).toEqual([90, 210])
    bench.journal.say('Running')
    expect(await beatsWithin(bench, 100, 12_000)).toEqual([90, 210, 330])
  })

  test('a warning is a line of the log', async () => {
    const bench = toBench()
    await bench.patience.pause(30_000, bench.journal)
    bench.journal.warn('The server warns: low on disk')
    expect(await beatsWithin(bench, 100, 12_000)).toEqual([90])
  })

  test('a raw poll is none: it is seen only in debug', async () => {
    const bench = toBench()
    await bench.patience.pause(30_000, bench.journal)
    bench.journal.debug('read: Running')
    expect(await beatsWithin(bench, 100, 12_000)).toEqual([60])
  })

  test('one that is overdue after a long exchange comes with the next pause', async () => {
    const bench = toBench()
    await bench.clock.sleep(75_000)
    const [first = 0] = await beatsWithin(bench, 20, 12_000)
    expect(first).toBeGreaterThanOrEqual(75)
    expect(first).toBeLessThan(75.1)
  })

  test('they come until the deadline', async () => {
    const bench = toBench(200_000)
    await expect(bench.patience.pause(900_000, bench.journal)).rejects.toThrow(DeadlineError)
    expect(bench.lines.map(({ atS }) => atS)).toEqual([60, 180])
    expect(bench.patience.elapsedMs()).toBe(200_000)
  })

  test('they say the elapsed time, the last phase and what is missing', async () => {
    const bench = toBench()
    bench.journal.missing = 'generation 8 is not observed yet'
    await bench.patience.pause(61_000, bench.journal)
    expect(bench.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/\[1m\].*still unknown: generation 8 is not observed yet/),
    ])
  })
})
