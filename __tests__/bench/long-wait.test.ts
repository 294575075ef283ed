import { expect, test } from '@jest/globals'
import { waitFor } from '../../bench/long-wait.js'
import { median } from '../../bench/statistics.js'

test('a wait of six hours keeps nothing of its polls', async () => {
  await waitFor(3_600_000, true)
  const { heap, requests } = await waitFor(6 * 3_600_000, true)
  expect(requests).toBeGreaterThan(1_700)
  expect(heap.length).toBeGreaterThanOrEqual(12)
  // Half a kilobyte a poll would be 450 kB from the one half to the other.
  const half = Math.floor(heap.length / 2)
  expect(median(heap.slice(half)) - median(heap.slice(2, half))).toBeLessThan(200_000)
}, 60_000)

test('a longer wait takes more requests only in proportion', async () => {
  const [hour, sixHours] = [await waitFor(3_600_000, false), await waitFor(6 * 3_600_000, false)]
  const perHour = (sixHours.requests - hour.requests) / 5
  expect(perHour).toBeGreaterThanOrEqual(299)
  expect(perHour).toBeLessThanOrEqual(301)
})
