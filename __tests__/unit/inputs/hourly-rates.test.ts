import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { faultsOf, parse } from '../../support/inputs.js'

const ratesOf = async (text: string) => (await parse({ 'hourly-rates': text })).hourlyRates

describe('rates are read', () => {
  test.each([
    ['cpu=0.03', { rates: { cpu: 30_000n } }],
    ['cpu=0.03, memory=0.006, storage=0.000116, currency=GBP', ALL()],
    ['cpu=0.03\nmemory=0.006\r\nstorage=0.000116\n\ncurrency=GBP\n', ALL()],
    [' storage = 0.000116 ,cpu= 0.03,, memory =0.006, currency=GBP, ', ALL()],
    ['storage=0', { rates: { storage: 0n } }],
    ['cpu=999999999.999999', { rates: { cpu: 999_999_999_999_999n } }],
    ['cpu=12,memory=1', { rates: { cpu: 12_000_000n, memory: 1_000_000n } }],
  ])('%j', async (text, rates) => {
    expect(await ratesOf(text)).toEqual(rates)
  })

  test('to the millionth, exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10 ** 12 }), async (millionths) => {
        const digits = String(millionths).padStart(7, '0')
        const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`
        expect(await ratesOf(`memory=${text}`)).toEqual({ rates: { memory: BigInt(millionths) } })
      }),
    )
  })

  test.each(['', ' ', '\n'])('%j means none', async (text) => {
    expect(await ratesOf(text)).toBeUndefined()
  })

  test('in every mode', async () => {
    for (const mode of ['apply', 'plan', 'verify']) {
      expect(await parse({ mode, 'hourly-rates': 'cpu=1' })).toMatchObject({
        hourlyRates: { rates: { cpu: 1_000_000n } },
      })
    }
  })
})

function ALL() {
  return { rates: { cpu: 30_000n, memory: 6_000n, storage: 116n }, currency: 'GBP' }
}

describe('what was probably meant', () => {
  test.each([
    ['cpu: 0.03', 'cpu: 0.03', 'cpu=0.03'],
    ['cpu 0.03', 'cpu 0.03', 'cpu=0.03'],
    ['"cpu"=0.03', '"cpu"=0.03', 'cpu=0.03'],
    ['CPU=0.03', 'CPU=0.03', 'cpu=0.03'],
    ['vcpu=0.03', 'vcpu=0.03', 'cpu=0.03'],
    ['cores=0.03', 'cores=0.03', 'cpu=0.03'],
    ['mem=0.006', 'mem=0.006', 'memory=0.006'],
    ['ram=0.006', 'ram=0.006', 'memory=0.006'],
    ['memmory=0.006', 'memmory=0.006', 'memory=0.006'],
    ['disk=0.1', 'disk=0.1', 'storage=0.1'],
    ['cpu=.03', 'cpu=.03', 'cpu=0.03'],
    ['cpu=+0.03', 'cpu=+0.03', 'cpu=0.03'],
    ['cpu="0.03"', 'cpu="0.03"', 'cpu=0.03'],
    ['cpu=£0.03', 'cpu=£0.03', 'cpu=0.03'],
    ['cpu=0.03€', 'cpu=0.03€', 'cpu=0.03'],
    ['cpu=GBP 0.03', 'cpu=GBP 0.03', 'cpu=0.03'],
    ['cpu=0.03 GBP/h', 'cpu=0.03 GBP/h', 'cpu=0.03'],
    ['cpu=0.03 per hour', 'cpu=0.03 per hour', 'cpu=0.03'],
    ['cpu=0,03, memory=0.006', 'cpu=0,03', 'cpu=0.03'],
    ['cpu=0,006', 'cpu=0,006', 'cpu=0.006'],
    ['cpu=1,25', 'cpu=1,25', 'cpu=1.25'],
    ['storage=0.00013698', 'storage=0.00013698', 'storage=0.000137'],
    ['storage=0.9999999', 'storage=0.9999999', 'storage=1'],
    ['storage=9.99999950', 'storage=9.99999950', 'storage=10'],
    ['cpu=0.03 memory=0.006', 'cpu=0.03 memory=0.006', 'cpu=0.03, memory=0.006'],
    ['cpu=0.03; memory=0.006', 'cpu=0.03; memory=0.006', 'cpu=0.03, memory=0.006'],
    ['cpu=1, currency=gbp', 'currency=gbp', 'currency=GBP'],
    ['cpu=1, currency=£', 'currency=£', 'currency=GBP'],
    ['cpu=1, currency=€', 'currency=€', 'currency=EUR'],
    ['cpu=1, currency=$', 'currency=$', 'currency=USD'],
    ['cpu=1, currency=Euro', 'currency=Euro', 'currency=EUR'],
    ['cpu=1, curency=GBP', 'curency=GBP', 'currency=GBP'],
  ])('%s', async (text, value, repaired) => {
    expect(await faultsOf({ 'hourly-rates': text })).toMatchObject([
      { input: 'hourly-rates', value, repaired: [repaired] },
    ])
    expect(
      await faultsOf({ 'hourly-rates': repaired.startsWith('currency') ? `cpu=1, ${repaired}` : repaired }),
    ).toEqual([])
  })

  test.each([
    ['gpus=1', 'gpus=1', 'has a name that is none of cpu, memory, storage, currency'],
    ['toString=1', 'toString=1', 'has a name that is none of cpu, memory, storage, currency'],
    ['network=1', 'network=1', 'has a name that is none of cpu, memory, storage, currency'],
    ['cpu=-0.03', 'cpu=-0.03', 'is not a price as a plain number'],
    ['cpu=lots', 'cpu=lots', 'is not a price as a plain number'],
    ['cpu=3e-2', 'cpu=3e-2', 'is not a price as a plain number'],
    ['cpu=22/month', 'cpu=22/month', 'is not a price as a plain number'],
    ['cpu=1.2.3', 'cpu=1.2.3', 'is not a price as a plain number'],
    ['cpu=9999999999', 'cpu=9999999999', 'is not a price as a plain number'],
    ['cpu=1,024', 'cpu=1,024', 'has a comma that may be a decimal point or stand between thousands'],
    ['cpu=', 'cpu=', 'is not a rate, such as cpu=0.03'],
    ['0.03', '0.03', 'is not a rate, such as cpu=0.03'],
    ['none', 'none', 'is not a rate, such as cpu=0.03'],
    ['cpu=1, cpu=2', 'cpu=2', 'is given twice'],
    ['cpu=1, currency=pounds sterling', 'currency=pounds sterling', 'is not a currency by its three capitals'],
    ['currency=GBP', 'currency=GBP', 'has no rate in it'],
    [',', ',', 'has no rate in it'],
  ])('%s cannot be guessed', async (text, value, reason) => {
    expect(await faultsOf({ 'hourly-rates': text })).toEqual([
      { input: 'hourly-rates', value, reason, example: 'cpu=0.03, memory=0.006, storage=0.000116, currency=GBP' },
    ])
  })

  test('each entry is told by itself', async () => {
    expect(await faultsOf({ 'hourly-rates': 'cpu=x, memory=0.006, gpu=1, storage=.1' })).toMatchObject([
      { value: 'cpu=x' },
      { value: 'gpu=1', repaired: ['cpu=1'] },
      { value: 'storage=.1', repaired: ['storage=0.1'] },
    ])
  })

  test('a list without end is one fault', async () => {
    const faults = await faultsOf({ 'hourly-rates': 'x=1,'.repeat(21) })
    expect(faults).toMatchObject([{ reason: 'has 21 entries, and knows only cpu, memory, storage, currency' }])
  })

  test('no text, however odd, does more than name faults', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (text) => {
        for (const fault of await faultsOf({ 'hourly-rates': `cpu=${text}` })) expect(fault.input).toBe('hourly-rates')
      }),
    )
  })
})
