import { describe, expect, test } from '@jest/globals'
import { faultsOf, type GivenInputs, parse } from '../../support/inputs.js'

describe('poll-interval and settle-time depend on timeout where they are not given', () => {
  test.each<[GivenInputs, number, number]>([
    [{}, 12_000, 30_000],
    [{ timeout: '24s' }, 12_000, 6_000],
    [{ timeout: '23s' }, 11_500, 5_750],
    [{ timeout: '2m' }, 12_000, 30_000],
    [{ timeout: '119s' }, 12_000, 29_750],
    [{ timeout: '10s' }, 5_000, 2_500],
    [{ timeout: '1ms' }, 0.5, 0.25],
    [{ timeout: '6h' }, 12_000, 30_000],
    [{ timeout: '10s', 'poll-interval': '9s', 'settle-time': '8s' }, 9_000, 8_000],
    [{ timeout: '10s', 'poll-interval': '1ms', 'settle-time': '0s' }, 1, 0],
    [{ timeout: '1h', 'poll-interval': '30m', 'settle-time': '45m' }, 1_800_000, 2_700_000],
    [{ timeout: '10s', 'poll-interval': ' ', 'settle-time': '' }, 5_000, 2_500],
  ])('%j', async (given, pollIntervalMs, settleTimeMs) => {
    expect(await parse(given)).toMatchObject({ pollIntervalMs, settleTimeMs })
  })
})

describe('given, they are below timeout', () => {
  test.each<[GivenInputs, string, string, string]>([
    [{ 'poll-interval': '30m' }, 'poll-interval', 'must be below timeout, which is 30m when not given', '12s'],
    [{ 'settle-time': '31m' }, 'settle-time', 'must be below timeout, which is 30m when not given', '30s'],
    [{ timeout: '20s', 'poll-interval': '20s' }, 'poll-interval', 'must be below timeout, which is 20s', '10s'],
    [{ timeout: '1m', 'settle-time': '60s' }, 'settle-time', 'must be below timeout, which is 1m', '15s'],
    [{ timeout: '1s', 'settle-time': '1s' }, 'settle-time', 'must be below timeout, which is 1s', '250ms'],
  ])('%j', async (given, input, reason, example) => {
    expect(await faultsOf(given)).toEqual([{ input, value: given[input], reason, example }])
    expect(await faultsOf({ ...given, [input]: example })).toEqual([])
  })

  test('an input that was not given is never blamed', async () => {
    for (const timeout of ['1ms', '1s', '11s', '12s', '30s', '29s', '6h'])
      expect(await faultsOf({ timeout })).toEqual([])
  })

  test('a timeout that is faulty says nothing about the others', async () => {
    expect((await faultsOf({ timeout: '30', 'poll-interval': '40m' })).map(({ input }) => input)).toEqual(['timeout'])
  })
})

describe('a bare number', () => {
  test.each([
    ['timeout', '30', ['30m']],
    ['timeout', '360', ['360m']],
    ['timeout', '361', ['361s', '361m']],
    ['poll-interval', '5', ['5s', '5m']],
    ['settle-time', '5', ['5s', '5m']],
    ['degraded-grace', '5', ['5s', '5m']],
    ['degraded-grace', '0', ['0s']],
    ['settle-time', '00', ['0s']],
  ])('%s: %s may mean %j', async (input, value, repaired) => {
    expect(await faultsOf({ [input]: value })).toEqual([{ input, value, reason: 'has no unit', repaired }])
  })

  test.each(['timeout', 'poll-interval'])('%s: 0 has no meaning', async (input) => {
    expect(await faultsOf({ [input]: '0' })).toMatchObject([{ input, reason: 'must be above zero' }])
  })
})

describe('wait', () => {
  test('false makes no sense with verify', async () => {
    expect(await faultsOf({ mode: 'verify', wait: 'False' })).toEqual([
      { input: 'wait', value: 'False', reason: expect.stringContaining('mode verify'), repaired: ['true'] },
    ])
  })

  test.each([
    { mode: 'verify' },
    { mode: 'verify', wait: '' },
    { mode: 'plan', wait: 'false' },
    { mode: 'apply', wait: 'false' },
  ])('%j is fine', async (given) => {
    expect(await faultsOf(given as GivenInputs)).toEqual([])
  })

  test('a mode that is faulty blames nothing else', async () => {
    expect((await faultsOf({ mode: 'verfy', wait: 'false', cpu: '' })).map(({ input }) => input)).toEqual(['mode'])
  })
})
