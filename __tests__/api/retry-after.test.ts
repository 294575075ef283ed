import { describe, expect, test } from '@jest/globals'
import { parseRetryAfter } from '../../src/api/retry-after.js'
import { answer, failure, read } from '../support/api-client.js'
import { useNock } from '../support/nock.js'

useNock()

describe('Retry-After', () => {
  const DATE = 'Mon, 02 Nov 2026 09:00:00 GMT'

  test.each<[string, string | undefined, string | undefined, number | undefined]>([
    ['seconds', '30', DATE, 30_000],
    ['seconds with blanks', ' 5 ', undefined, 5_000],
    ['a date against the answer’s own Date', 'Mon, 02 Nov 2026 09:00:45 GMT', DATE, 45_000],
    ['a date in its oldest form, which names no zone', 'Mon Nov  2 09:00:45 2026', DATE, 45_000],
    ['a date against a Date in its oldest form', 'Mon, 02 Nov 2026 09:00:45 GMT', 'Mon Nov  2 09:00:00 2026', 45_000],
    ['a date in its second form', 'Monday, 02-Nov-26 09:00:45 GMT', DATE, 45_000],
    ['a date in the past', 'Mon, 02 Nov 2026 08:59:00 GMT', DATE, undefined],
    ['a date that is now', DATE, DATE, undefined],
    ['a date without a Date', 'Mon, 02 Nov 2026 09:00:45 GMT', undefined, undefined],
    ['a date with a bad Date', 'Mon, 02 Nov 2026 09:00:45 GMT', 'yesterday', undefined],
    ['zero', '0', DATE, undefined],
    ['negative', '-5', DATE, undefined],
    ['a fraction', '1.5', DATE, undefined],
    ['nonsense', 'soon', DATE, undefined],
    ['nonsense like a date', 'Someday', DATE, undefined],
    ['empty', '', DATE, undefined],
    ['absent', undefined, DATE, undefined],
    ['a hexadecimal number', '0x10', DATE, undefined],
  ])('%s', (_, retryAfter, date, expected) => {
    expect(parseRetryAfter(retryAfter, date)).toBe(expected)
  })

  test('comes from the answer’s headers, by the server’s clock and not by ours', async () => {
    answer(
      'GET',
      429,
      { error: 'slow' },
      { 'Retry-After': 'Fri, 02 Nov 2001 09:00:12 GMT', Date: 'Fri, 02 Nov 2001 09:00:00 GMT' },
    )
    expect((await failure(read())).facts.retryAfterMs).toBe(12_000)
  })
})
