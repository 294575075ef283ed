import { getEventListeners } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { createClock } from '../../src/clock.js'
import { CancelledError } from '../../src/errors.js'

describe('a sleep', () => {
  test('ends after its time, and leaves no listener', async () => {
    const { signal } = new AbortController()
    const startMs = performance.now()
    await createClock(signal).sleep(30)
    expect(performance.now() - startMs).toBeGreaterThan(25)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('ends with a cancel, and leaves no timer', async () => {
    const cancellation = new AbortController()
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const ending = createClock(cancellation.signal).sleep(60_000)
    cancellation.abort()
    expect(timers()).toBeLessThanOrEqual(before)
    await expect(ending).rejects.toThrow(CancelledError)
  })

  test('does not begin after a cancel', async () => {
    await expect(createClock(AbortSignal.abort()).sleep(60_000)).rejects.toThrow(CancelledError)
  })

  test('longer than one timer can hold does not end at once', async () => {
    const cancellation = new AbortController()
    const ending = createClock(cancellation.signal).sleep(Number.MAX_SAFE_INTEGER)
    const first = await Promise.race([
      ending.catch(() => 'cancelled'),
      new Promise((resolve) => setTimeout(resolve, 20, 'still asleep')),
    ])
    cancellation.abort()
    await expect(ending).rejects.toThrow(CancelledError)
    expect(first).toBe('still asleep')
  })
})
