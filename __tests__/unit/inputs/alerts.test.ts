import { describe, expect, test } from '@jest/globals'
import { errorOf, faultsOf, parse, REQUIRED } from '../../support/inputs.js'
import { cpuMsOfWork } from '../../support/timing.js'

describe('alerts', () => {
  test.each<[string, object]>([
    ['{"a": {"b": 1.5, "c": null, "d": [true, "x"]}}', { a: { b: 1.5, c: null, d: [true, 'x'] } }],
    ['a:\n  b: 1.5\n  c: null\n  d: [true, x]', { a: { b: 1.5, c: null, d: [true, 'x'] } }],
    ['{a: yes, b: "1", c: 16}', { a: 'yes', b: '1', c: 16 }],
    ['{"": {"__proto__x": 1, "constructor": 2}}', { '': { __proto__x: 1, constructor: 2 } }],
    ['when: 2026-01-01', { when: '2026-01-01' }],
    ['{"n": 9007199254740991, "m": -9007199254740991}', { n: 9_007_199_254_740_991, m: -9_007_199_254_740_991 }],
    ['base: &b {x: 1}\ncopy: *b', { base: { x: 1 }, copy: { x: 1 } }],
    ['{"a": {}}', { a: {} }],
    ['  cpu:\n    threshold: 80\n  mem:\n    threshold: 85\n', { cpu: { threshold: 80 }, mem: { threshold: 85 } }],
    ['\ufeff\n \n  a: 1\r\n  b: 2\r\n\t\n', { a: 1, b: 2 }],
    ['\t{"a": 1}\n', { a: 1 }],
    ['  a: |+\n    x\n\n', { a: 'x\n\n' }],
  ])('%j', async (alerts, desired) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(desired)
  })

  test('a key named __proto__ passes through as any other', async () => {
    expect(JSON.stringify((await parse({ alerts: '{"__proto__": {"a": 1}}' })).desired.alerts)).toBe(
      '{"__proto__":{"a":1}}',
    )
    expect(JSON.stringify((await parse({ alerts: '__proto__: {a: 1}' })).desired.alerts)).toBe('{"__proto__":{"a":1}}')
  })

  test.each([
    ['hidden-text'],
    ['"hidden-text"'],
    ['["hidden-text"]'],
    ['- hidden-text'],
    ['null'],
    ['true'],
    ['12'],
    ['# hidden-text'],
    ['{"hidden-text": '],
    ['hidden: text: more'],
    ['hidden-text: 1\nhidden-text: 2'],
    ['---\na: hidden-text\n---\nb: 2'],
    ['a: &hidden {b: *hidden}'],
    ['a: [&hidden [*hidden]]'],
    ['{"a": "hidden-text", "n": 9007199254740993}'],
    ['{"a": "hidden-text", "n": [{"m": -9007199254740992}]}'],
    ['{"a": "hidden-text", "n": 1e400}'],
    ['a: hidden-text\nn: .nan'],
    ['a: hidden-text\nn: -.inf'],
  ])('%j is an error that does not show it', async (alerts) => {
    const error = await errorOf({ ...REQUIRED, alerts })
    expect(error.problems).toEqual([{ input: 'alerts', reason: expect.any(String), example: expect.any(String) }])
    expect(error.message).not.toContain('hidden')
    expect(error.message).not.toMatch(/90071992547409/)
  })

  test('a bomb of aliases is refused, and soon', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `${'abcdefghi'[i + 1] ?? 'z'}: &${i + 1} [${`*${i},`.repeat(9)}]`,
    )
    const cpuMs = await cpuMsOfWork(async () => {
      const faults = await faultsOf({ alerts: `a: &0 [x]\n${levels.join('\n')}` })
      expect(faults.map(({ input }) => input)).toEqual(['alerts'])
    })
    expect(cpuMs).toBeLessThan(5_000)
  })

  test.each(['a: !!timestamp 2026-01-01', 'a: !!set {x, y}', 'a: !!omap [x: 1]', 'a: !!binary aGVsbG8='])(
    'what JSON cannot carry is no value: %s is refused, or plain JSON',
    async (alerts) => {
      const result = await parse({ alerts }).then(
        ({ desired }) => desired.alerts,
        () => ({ refused: true }),
      )
      expect(result).toStrictEqual(JSON.parse(JSON.stringify(result)))
    },
  )
})
