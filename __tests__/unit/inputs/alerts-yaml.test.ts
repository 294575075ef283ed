import { describe, expect, test } from '@jest/globals'
import { faultsOf, parse } from '../../support/inputs.js'

describe('merge keys are resolved', () => {
  test.each<[string, object]>([
    ['base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3', { base: { x: 1, y: 2 }, more: { x: 1, y: 3 } }],
    ['a: &a {x: 1}\nb: &b {y: 2}\nc: {<<: [*a, *b]}', { a: { x: 1 }, b: { y: 2 }, c: { x: 1, y: 2 } }],
    ['<<: {x: 1}', { x: 1 }],
    ['"<<": {x: 1}', { '<<': { x: 1 } }],
    ['{"<<": {"x": 1}}', { '<<': { x: 1 } }],
  ])('%j', async (alerts, settings) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
  })

  test.each(['<<: 5', 'a: {<<: [1]}', 'a: {<<: *nowhere}', 'a: *nowhere'])('%s leads nowhere', async (alerts) => {
    expect(await faultsOf({ alerts })).toMatchObject([
      { input: 'alerts', reason: expect.stringContaining('leads nowhere') },
    ])
  })
})

describe('a bare on, off, yes or no is sent as a text, with a warning', () => {
  test.each([
    ['a: on', 'alerts.a'],
    ['a: Off', 'alerts.a'],
    ['a: YES', 'alerts.a'],
    ['{a: no}', 'alerts.a'],
    ['a:\n  b.c: on\n  d: true', 'alerts.a["b.c"]'],
    ['a: {<<: {b: on}}', 'alerts.a["<<"].b'],
    ['a: [x, on]', 'alerts.a'],
    ['a: on\nb: {c: "off", d: off}', 'alerts.a, alerts.b.d'],
  ])('%j', async (alerts, paths) => {
    expect((await parse({ alerts })).warnings).toEqual([
      `A bare on, off, yes or no in YAML is sent as a text (${paths}): write true or false for a switch, or put the text in quotes`,
    ])
  })

  test.each([
    '{"a": "on"}',
    'a: "on"',
    "a: 'yes'",
    'on: 1',
    'a: !!str on',
    'a: once',
    'a: ribbon',
    'a: true',
    'a: |\n  on',
    'a: N',
  ])('%j is none', async (alerts) => {
    expect((await parse({ alerts })).warnings).toEqual([])
  })

  test('many of them are counted', async () => {
    const warningsOf = async (count: number) => {
      const alerts = Array.from({ length: count }, (_, index) => `k${index}: on`).join('\n')
      return (await parse({ alerts })).warnings.join()
    }
    expect(await warningsOf(12)).toContain('alerts.k9 and 2 more')
    expect(await warningsOf(10)).toContain('alerts.k8, alerts.k9)')
  })

  test('as it was written', async () => {
    expect((await parse({ alerts: 'a: On\nb: NO' })).desired.alerts).toEqual({ a: 'On', b: 'NO' })
  })
})

describe('null removes a setting, so one that nobody wrote is an error', () => {
  const EMPTY = 'what it comes from may be empty'
  const REMOVE = 'Write null where a setting is to be removed'

  test.each([
    ['webhook: ', 'alerts.webhook (line 1)'],
    ['{"webhook": }', 'alerts.webhook (line 1)'],
    ['{"a": 1, "b": {"webhook": , "c": null}}', 'alerts.b.webhook (line 1)'],
    ['{"a": {"b": 1, "webhook":}}', 'alerts.a.webhook (line 1)'],
    ['a:\n  b.c:\n  d: 1\ne:', 'alerts.a["b.c"] (line 2), alerts.e (line 4)'],
    ['list:\n  - \n  - x', 'alerts.list (line 2)'],
    ['a: &x\nb: *x', 'alerts.a (line 1)'],
    ['a: !!null', 'alerts.a (line 1)'],
    ['a: {<<: {b: }}', 'alerts.a["<<"].b (line 1)'],
    ['<<:\na: 1', 'alerts["<<"] (line 1)'],
  ])('%j', async (alerts, where) => {
    expect(await faultsOf({ alerts })).toEqual([
      { input: 'alerts', reason: `has no value at ${where}: ${EMPTY}. ${REMOVE}`, example: expect.any(String) },
    ])
  })

  test('a value that was taken for a comment is told so', async () => {
    expect(await faultsOf({ alerts: 'channel: #ops\nx:' })).toMatchObject([
      {
        reason: `has no value at alerts.channel (line 1, a text that begins with # needs quotes), alerts.x (line 2): ${EMPTY}. ${REMOVE}`,
      },
    ])
  })

  test.each(['a: {hidden-text}', 'a: {x: 1, "hidden-text"}', 'a:\n  ? hidden-text'])(
    'what may have been meant as a value is not shown: %j',
    async (alerts) => {
      const [fault] = await faultsOf({ alerts })
      expect(fault?.reason).toMatch(/^has no value at alerts\.a \(line \d\): /)
      expect(fault?.reason).not.toContain('hidden')
    },
  )

  test('many of them are counted', async () => {
    const alerts = Array.from({ length: 12 }, (_, index) => `k${index}:`).join('\n')
    expect(await faultsOf({ alerts })).toMatchObject([
      { reason: expect.stringContaining('alerts.k9 (line 10) and 2 more:') },
    ])
  })

  test('one that is written is what it says', async () => {
    const alerts = 'a: null\nb: ~\nc: Null\nd: NULL\ne: [null, ~]'
    const settings = { a: null, b: null, c: null, d: null, e: [null, null] }
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
    expect((await parse({ alerts: '{"a": null}' })).desired.alerts).toEqual({ a: null })
  })

  test('an empty text in quotes is a value', async () => {
    expect((await parse({ alerts: 'a: ""\nb: !!str' })).desired.alerts).toEqual({ a: '', b: '' })
  })
})

describe('a key that is no text is an error', () => {
  test.each([
    ['a: {{ x }}', 1],
    ['b: 1\na: {{ x }}', 2],
    ['{{ x }}', 1],
    ['{"a": {{ x }}}', 1],
    ['a:\n  ? [x]\n  : 1', 2],
    ['a: 1\n: 2', 2],
    ['null: 1', 1],
    ['~: 1', 1],
    ['a: &x {b: 1}\n*x : 2', 2],
  ])('%j, in line %i', async (alerts, line) => {
    expect(await faultsOf({ alerts })).toMatchObject([
      { input: 'alerts', reason: expect.stringMatching(`^has a key that is no text; .* \\(line ${line}\\)$`) },
    ])
  })

  test.each<[string, object]>([
    ['a: "{{ x }}"', { a: '{{ x }}' }],
    ['a: x {{ y }}', { a: 'x {{ y }}' }],
    ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
    ['a: &x k\n*x : 1', { a: 'k', k: 1 }],
  ])('%j is fine', async (alerts, settings) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
  })
})

describe('a key that is not the text that would be sent is an error', () => {
  test.each([
    ['007: a', 'alerts.7 (line 1)'],
    ['a:\n  1.10: b\n  1e3: c', 'alerts.a["1.1"] (line 2), alerts.a.1000 (line 3)'],
    ['+5: a', 'alerts.5 (line 1)'],
    ['{0x10: a}', 'alerts.16 (line 1)'],
    ['.inf: a', 'alerts.Infinity (line 1)'],
    ['True: a', 'alerts.true (line 1)'],
    ['a: 1\nFALSE: b', 'alerts.false (line 2)'],
    ['a: &x 1.10\n*x : 1', 'alerts["1.1"] (line 2)'],
    ['!!int 007: a', 'alerts.7 (line 1)'],
  ])('%j', async (alerts, where) => {
    expect(await faultsOf({ alerts })).toMatchObject([
      {
        reason: `has a key that YAML takes for a number, or for true or false, and that would be sent as ${where}: put it in quotes`,
      },
    ])
  })

  test.each<[string, object]>([
    ['"007": a\n!!str 1.10: b', { '007': 'a', '1.10': 'b' }],
    ['1: a\n-2: b\n1.5: c', { 1: 'a', '-2': 'b', 1.5: 'c' }],
    ['true: a\nyes: b', { true: 'a', yes: 'b' }],
  ])('%j is fine', async (alerts, settings) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
  })
})

describe('a number that would be sent changed is an error', () => {
  test.each([
    ['+447700900123', 'without its plus sign'],
    ['+0.5', 'without its plus sign'],
    ['0123', 'without its leading zeros'],
    ['-0123', 'without its leading zeros'],
    ['00.5', 'without its leading zeros'],
    ['0x1F', 'as a decimal number'],
    ['0o17', 'as a decimal number'],
    ['.5', 'with a zero before its point'],
    ['-.5', 'with a zero before its point'],
    ['5.', 'without its point'],
    ['5.e3', 'without its point'],
    ['!!int 007', 'without its leading zeros'],
    ['{b: [0123]}', 'without its leading zeros'],
  ])('%s', async (value, note) => {
    const [fault] = await faultsOf({ alerts: `x: 1\na: ${value}` })
    expect(fault?.reason).toMatch(/^has a number in a form that JSON does not have, .* put it in quotes/)
    expect(fault?.reason).toContain(`(line 2, ${note})`)
    expect(fault?.reason).not.toMatch(/\d{3}/)
    expect(fault?.example).toBe('pin: "0123" or pin: 123')
  })

  test('as is one that JSON cannot carry at all', async () => {
    for (const value of ['9007199254740993', '-.inf', '.nan', '1e400'])
      expect(await faultsOf({ alerts: `a: ${value}` })).toMatchObject([
        { reason: 'has a number that JSON cannot carry exactly; write it as a text' },
      ])
  })
})

describe('a number that JSON writes in another way is sent so, with a warning', () => {
  test.each<[string, number]>([
    ['1.20', 1.2],
    ['1e5', 100_000],
    ['0e1234', 0],
    ['1.0', 1],
    ['1E-2', 0.01],
    ['-0', 0],
    ['0.12345678901234567890', 0.12345678901234568],
  ])('%s', async (text, number) => {
    const { desired, warnings } = await parse({ alerts: `a:\n  b.c: ${text}\n  d: [${text}]` })
    expect(JSON.stringify(desired.alerts)).toBe(JSON.stringify({ a: { 'b.c': number, d: [number] } }))
    expect(warnings).toEqual([
      'A number in YAML is sent as JSON writes it, as 1.2 for 1.20 or 100000 for 1e5 (alerts.a["b.c"], alerts.a.d): where it is a text, such as a version, put it in quotes',
    ])
  })

  test.each<[string, object]>([
    ['{"a": 1.20, "b": 1e5, "c": -0}', { a: 1.2, b: 100_000, c: -0 }],
    ['a: 1.2\nb: 0\nc: -10.5\nd: 1e-7\ne: 9007199254740991', { a: 1.2, b: 0, c: -10.5, d: 1e-7, e: 2 ** 53 - 1 }],
    ['a: "+44"\nb: !!str 0123\nc: |\n  1.20', { a: '+44', b: '0123', c: '1.20\n' }],
    ['a: 1_000\nb: 12:30\nc: 2026-01-01\nd: 0b11', { a: '1_000', b: '12:30', c: '2026-01-01', d: '0b11' }],
  ])('%j has none', async (alerts, settings) => {
    const { desired, warnings } = await parse({ alerts })
    expect(desired.alerts).toEqual(settings)
    expect(warnings).toEqual([])
  })
})

describe('a tag that nothing resolves is an error: its text is not the value', () => {
  test.each([
    'a: !env X',
    'a: !foo',
    'a: [!env X]',
    'a: !include {b: 1}',
    'a: !!binary aGk=',
    'a: !!null x',
    'a: !!float 1',
  ])('%s', async (alerts) => {
    expect(await faultsOf({ alerts })).toMatchObject([
      { input: 'alerts', reason: expect.stringMatching(/^has a tag .* \(line 1\)$/) },
    ])
  })

  test.each<[string, unknown]>([
    ['a: "!env X"', '!env X'],
    ['a: !!str 1', '1'],
    ['a: !!int 1', 1],
    ['a: ! 1', '1'],
  ])('%s is fine', async (alerts, a) => {
    expect((await parse({ alerts })).desired.alerts).toEqual({ a })
  })
})

describe('what neither JSON nor YAML has is an error, not a part of a text', () => {
  const COMMENT = /^has a comment .* \(line (\d)\)$/
  const QUOTE = /^has a quote .* \(line (\d)\)$/
  const COMMA = /^has a comma .* \(line (\d)\)$/

  test.each([
    ['{"a": 80 // hidden\n}', COMMENT, 1],
    ['{"a": 80//hidden\n}', COMMENT, 1],
    ['{"a":1.5e3/*hidden*/,"b":2}', COMMENT, 1],
    ['{"a": true // hidden\n,"b": 1}', COMMENT, 1],
    ['{\n// hidden\n"a": 1}', COMMENT, 2],
    ['{"a": 1,//hidden\n"b":2}', COMMENT, 1],
    ['{"a": 1, //"b":2\n}', COMMENT, 1],
    ['{"a": // hidden\n1}', COMMENT, 1],
    ['{"a": [1, // hidden\n2]}', COMMENT, 1],
    ['{"a": http://hidden // hidden\n}', COMMENT, 1],
    ['{"a": "x",\n/* hidden\n */ "b": 1}', COMMENT, 2],
    ['{"a": "x"} // hidden', COMMENT, 1],
    ['{"a": [] /* hidden */}', COMMENT, 1],
    ['// hidden\n{"a": 1}', COMMENT, 1],
    ['/* hidden */ {"a": 1}', COMMENT, 1],
    ['a: 1\nb: {c: 1, // hidden\n d: 2}', COMMENT, 2],
    ['a: 1\n// b: hidden\nc: 3', COMMENT, 2],
    ['a: 1\nb: 80 // hidden', COMMENT, 2],
    ['a: "x" // hidden', COMMENT, 1],
    ['{"a": say "hidden"}', QUOTE, 1],
    ['{a: hidden"}', QUOTE, 1],
    ['{“hidden”: 1}', QUOTE, 1],
    ['{"a": 1,\n"b": “hidden”}', QUOTE, 2],
    ['a: [x" y]', QUOTE, 1],
    ['"a": 80,\n"b": 90', COMMA, 1],
    ['a: 1\nb: true;', COMMA, 2],
    ['a: null ,', COMMA, 1],
  ])('%j', async (alerts, reason, line) => {
    const [fault] = await faultsOf({ alerts })
    expect(fault?.reason).toMatch(reason)
    expect(reason.exec(fault?.reason ?? '')?.[1]).toBe(String(line))
    expect(fault?.reason).not.toContain('hidden')
  })

  test.each([
    ['{"a": undefined}', 'alerts.a (line 1, undefined)'],
    ['{"a": {"b": NaN}, "c": [-Infinity]}', 'alerts.a.b (line 1, NaN), alerts.c (line 1, -Infinity)'],
    ['{undefined: 1}', 'alerts.undefined (line 1, undefined)'],
    ['a:\n  b: [x, None]', 'alerts.a.b (line 2, None)'],
  ])('a word of code: %j', async (alerts, where) => {
    expect(await faultsOf({ alerts })).toMatchObject([
      { reason: expect.stringContaining(`has a word that JSON does not have at ${where}: write null`) },
    ])
  })

  test.each<[string, object]>([
    ['{webhook: https://hooks.example/x}', { webhook: 'https://hooks.example/x' }],
    ['{"a": "80 // percent", \'b\': \'say "hi"\'}', { a: '80 // percent', b: 'say "hi"' }],
    ['{a: [10.0.0.0/*, src/**, x//y], b: "None"}', { a: ['10.0.0.0/*', 'src/**', 'x//y'], b: 'None' }],
    ['{"a": 1, # percent\n"b": 2}', { a: 1, b: 2 }],
    ['{a: it’s, b: x,}', { a: 'it’s', b: 'x' }],
    ['a: see // there\nb: /*\nc: //x', { a: 'see // there', b: '/*', c: '//x' }],
    ['a: say "hi"\nb: “x”\nc: None\nd: x,', { a: 'say "hi"', b: '“x”', c: 'None', d: 'x,' }],
    ['a: |\n  80 // percent\nb: >\n  80,\n', { a: '80 // percent\n', b: '80,\n' }],
  ])('%j is fine', async (alerts, settings) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
  })
})

describe('what asks for nothing, or cannot be walked, is an error', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

  test.each([
    ['{}', /empty object/],
    ['{ }\n', /empty object/],
    ['a: &a {b: *a}', /refers to itself/],
    ['a: &a [*a]', /refers to itself/],
    [nested(101), /nested too deeply/],
    [`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /nested too deeply/],
  ])('%.30s', async (alerts, reason) => {
    expect(await faultsOf({ alerts })).toEqual([
      { input: 'alerts', reason: expect.stringMatching(reason), example: expect.any(String) },
    ])
  })

  test('a hundred levels are fine', async () => {
    expect(await faultsOf({ alerts: nested(100) })).toEqual([])
  })

  test.each([
    ['  a: 1\nb: 2', 'is indented in a way that YAML cannot read (line 2)'],
    ['\n    a:\n      b: 1\n  c: 2', 'is indented in a way that YAML cannot read (line 4)'],
    ['\ta: 1', 'is indented by a tab, which YAML does not take (line 1)'],
    ['  {"a": 1}}', 'is neither JSON nor YAML (line 1)'],
    ['  a: "x\n', 'lacks a comma, or a closing quote or bracket (line 2)'],
  ])('%j, whose first line is indented', async (alerts, reason) => {
    expect(await faultsOf({ alerts })).toMatchObject([{ reason }])
  })

  test('an error of YAML says in which line', async () => {
    expect(await faultsOf({ alerts: 'a: 1\nb: 2\na: 3' })).toMatchObject([
      { reason: 'has the same key twice (line 3)' },
    ])
    expect(await faultsOf({ alerts: 'a: b: c' })).toMatchObject([
      { reason: expect.stringMatching(/^is neither JSON nor YAML \(line 1\)/) },
    ])
  })
})

describe('a key that stands twice in YAML is an error, however it is written', () => {
  test.each([
    ['a: 1\n"a": 2', 2],
    ['1: a\n"1": b', 2],
    ['b: {true: 1,\n "true": 2}', 2],
    ['a: &x k\n*x : 1\nk: 2', 3],
    ['"<<": 1\n<<: {a: 1}\n\'<<\': 2', 3],
    ['a:\n  b: 1\n  c: 2\n  b: 3', 4],
  ])('%j, in line %i', async (alerts, line) => {
    expect(await faultsOf({ alerts })).toMatchObject([{ reason: `has the same key twice (line ${line})` }])
  })

  test.each<[string, object]>([
    ['a: {b: 1}\nb: {b: 1}', { a: { b: 1 }, b: { b: 1 } }],
    ['a: {<<: {b: 1}, b: 2}', { a: { b: 2 } }],
    ['<<: {a: 1}\n<<: {b: 2}', { a: 1, b: 2 }],
    ['"<<": 1\n<<: {a: 2}', { '<<': 1, a: 2 }],
  ])('%j has none', async (alerts, settings) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
  })
})

describe('a key that stands twice in JSON is an error, as it is in YAML', () => {
  test.each(['{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}', '{"x": [{"a": ":", "a": ":"}]}', '{"a": 1, "\\u0061": 2}'])(
    '%s',
    async (alerts) => {
      expect(await faultsOf({ alerts })).toMatchObject([{ input: 'alerts', reason: 'has the same key twice' }])
    },
  )

  test.each([
    '{"a:b": ":", "c\\":": {"d": [":", {"a": 1}, {"a": 2}]}}',
    '{"a": {"b": 1}, "b": 1}',
    '{"__proto__": {"a": 1}, "a": 1}',
  ])('%s has none', async (alerts) => {
    expect(await faultsOf({ alerts })).toEqual([])
  })
})

test('invisible characters inside are part of the values', async () => {
  expect((await parse({ alerts: '\ufeff{"a": "x\u200by"}\u200b' })).desired.alerts).toEqual({ a: 'x\u200by' })
})

describe('the quotes of a matcher belong to it, in flow style, too', () => {
  test.each<[string, object]>([
    ['m: [severity="critical"]', { m: ['severity="critical"'] }],
    ['m: [ severity = "critical", team =~ "ops|db" ]', { m: ['severity = "critical"', 'team =~ "ops|db"'] }],
    ['{sel: app!="x"}', { sel: 'app!="x"' }],
  ])('%j', async (alerts, settings) => {
    expect((await parse({ alerts })).desired.alerts).toEqual(settings)
  })

  test.each(['m: [severity="critical" "x"]', 'm: [a "b"]', 'm: [a="b, c"]', '{“a”: 1}'])('%j', async (alerts) => {
    expect(await faultsOf({ alerts })).toMatchObject([
      { input: 'alerts', reason: expect.stringContaining('has a quote inside a text') },
    ])
  })
})
