import { describe, expect, test } from '@jest/globals'
import { withoutEntities } from '../support/markdown.js'
import { expectWhole, runStep, type StepResult } from '../support/process.js'
import { createSimulatorStarter, type RunningSimulator } from '../support/simulators.js'

const ALWAYS = Number.POSITIVE_INFINITY

const startSimulator = createSimulatorStarter()

const ATTACKS: [string, string][] = [
  ['a command on a new line', 'ok\n::error title=forged::forged'],
  ['a command after a carriage return', 'ok\r::warning::forged'],
  ['a command after other line breaks', 'ok\u2028::error::forged\u0085::error::forged\u000b::error::forged'],
  ['a command at the very start', '::error file=forged::forged'],
  ['a command after blanks', '   ::add-mask::forged'],
  ['a command with escapes', 'ok%0A::error::forged%0D%0A::stop-commands::forged'],
  ['old commands', 'ok ##[error]forged ##[add-mask]forged ##[set-output name=result]forged ##[group]forged'],
  ['a command split by a control character', ':\u0000:error:\u0007:forged #\u0000#[error]forged'],
  ['a command split by an invisible character', ':\u200b:error:\u200b:forged'],
  ['stopped commands', '::stop-commands::forged'],
  ['an output', 'ghadelimiter_0\nresult=converged\nfailure-reason=\n'],
  ['a heredoc', 'EOF\nresult<<EOF\nconverged\nEOF\nchanged=forged\n'],
  ['a table break', 'a | forged | b\n| --- | --- |\n| forged |'],
  ['HTML', '</code></td></table><img src=x onerror=alert(1)><h1>forged</h1>'],
  ['a script and a comment', '<script>forged()</script><!-- forged'],
  ['links', '[forged](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>'],
  ['links without brackets', 'https://evil.example/forged www.evil.example someone@evil.example'],
  ['mentions and references', '@octocat @octo-org/admins octo-org/infra#1 #1 GH-1'],
  ['headings and fences', '\n# forged\n\n```mermaid\nforged\n```\n~~~\nforged'],
  ['emphasis, code and quotes', '**forged** __forged__ ~~forged~~ `forged` \n> forged\n- forged\n1. forged\n---'],
  ['entities', '&lt;img src=x&gt; &#60;b&#62; &commat;octocat'],
  ['text that runs backwards and colours', '\u202eforged\u2066 \u001b[31mforged\u001b[0m'],
  ['mermaid', 'x: done, 0, 1\nsection forged\nclick forged href "https://evil.example"'],
]

/** Nothing but what this action itself has to say is a command, an output or markup. `plain` is the same step with harmless text. */
function expectHarmless(step: StepResult, plain: StepResult): void {
  expectWhole(step)
  expectNoCommands(step)
  expect(step.outputs.changed).toBe(plain.outputs.changed)
  expect(step.outputs.result).toBe(plain.outputs.result)
  expect(step.outputs['failure-reason']).toBe(plain.outputs['failure-reason'])
  expect(step.warnings).toHaveLength(plain.warnings.length)
  expect(shapeOf(step.summary)).toEqual(shapeOf(plain.summary))
}

function expectNoCommands({ commands, lines, masks, errors, warnings }: StepResult): void {
  expect(masks.join()).not.toContain('forged')
  expect(commands.filter(({ name }) => !['add-mask', 'debug', 'warning', 'error'].includes(name))).toEqual([])
  for (const { line } of commands) expect(line).toMatch(/^::(add-mask|debug|warning|error( title=[^:,]*)?)::/)
  for (const { properties } of errors) expect(Object.keys(properties)).toEqual(['title'])
  for (const { properties } of warnings) expect(properties).toEqual({})
  for (const line of lines) {
    expect(line).not.toContain('##[')
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
  }
}

const CHART = /```mermaid\n[^`]*\n```/

/** Whatever markdown or GitHub could take for more than words, line by line. An entity is a word to both. */
function shapeOf(summary: string) {
  const [chart = ''] = CHART.exec(summary) ?? []
  // Where a browser may break a word is no more than words.
  const lines = withoutEntities(summary.replace(CHART, '').replaceAll('<wbr>', '')).split('\n')
  return {
    lines: lines.map((line) =>
      [
        ...(/^\s*(?:[-+]|\d+[.)])(?=\s)/.exec(line) ?? []),
        ...(line.match(/[<>[\]`*_~#@|\\!{}&]|:\/\/|www\./g) ?? []),
      ].join(' '),
    ),
    chart: chart.split('\n').map((line) => /^\s*(\w+\b)?/.exec(line)?.[0]),
  }
}

/** A step that met a text, and the server that put it there. */
interface AttackedStep {
  readonly step: StepResult
  readonly kupe: RunningSimulator
}

/** Where a server can put a text, each with a step that meets it there. */
const ENTRIES: Record<string, (text: string) => Promise<AttackedStep>> = {
  'in an error’s message': async (text) => {
    const kupe = await startSimulator()
    const body = JSON.stringify({ message: text })
    kupe.simulator.inject(
      { method: 'PATCH' },
      { kind: 'status', status: 400, body, headers: { 'x-request-id': toHeader(text) } },
    )
    return { kupe, step: await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { RUNNER_DEBUG: '1' } }) }
  },
  'in a page instead of JSON, and in one that is repeated': async (text) => {
    const kupe = await startSimulator()
    kupe.simulator.queue('GET', [{ kind: 'status', status: 503, body: text }])
    kupe.simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 401, body: text })
    return { kupe, step: await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { RUNNER_DEBUG: '1' } }) }
  },
  'in every field of a cluster': async (text) => {
    const kupe = await startSimulator()
    const edit = (object: Record<string, unknown>) => ({
      ...object,
      version: text,
      displayName: text,
      [text]: text,
      alerts: { [text]: text },
      resources: { cpu: text, memory: text, storage: text },
      warnings: [{ code: 'W', message: `1 ${text}`, field: text }, `2 ${text}`],
      status: {
        phase: text,
        kubernetesVersion: text,
        endpoint: text,
        conditions: [{ type: text, status: text, reason: text, message: text }, text],
      },
    })
    kupe.simulator.inject({ times: ALWAYS }, { kind: 'edit', edit })
    // Versions that cannot be read cannot be judged.
    const allowed = { 'allow-downgrade': 'true', 'allow-version-skip': 'true' }
    const inputs = { ...kupe.inputs, ...allowed, mode: 'plan', cpu: '8', version: '1.32' }
    return { kupe, step: await runStep({ inputs, env: { RUNNER_DEBUG: '1' } }) }
  },
  'in the phases and conditions of a wait that fails': async (text) => {
    const kupe = await startSimulator()
    let reads = 0
    const edit = (object: Record<string, unknown>) => {
      reads += 1
      const phase = reads === 1 ? 'Running' : reads < 4 ? text : 'Degraded'
      const conditions = [{ type: 'Ready', status: 'False', reason: text, message: text }]
      return { ...object, status: { ...(object.status as object), phase, conditions, observedGeneration: 7 } }
    }
    kupe.simulator.inject({ method: 'GET', times: ALWAYS }, { kind: 'edit', edit })
    return { kupe, step: await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { RUNNER_DEBUG: '1' } }) }
  },
}

const ENDINGS: Record<string, Record<string, unknown>> = {
  'in an error’s message': { result: 'failed', 'failure-reason': 'rejected', changed: 'false' },
  'in a page instead of JSON, and in one that is repeated': {
    result: 'failed',
    'failure-reason': 'unauthorized',
    changed: 'false',
  },
  'in every field of a cluster': { result: 'planned', changed: 'false', 'would-change': 'true' },
  'in the phases and conditions of a wait that fails': {
    result: 'failed',
    'failure-reason': 'degraded',
    changed: 'true',
    phase: 'Degraded',
  },
}

describe.each(Object.entries(ENTRIES))('%s', (entry, runWith) => {
  let plain: Promise<AttackedStep> | undefined
  const inPlain = () => {
    plain ??= runWith('plain words')
    return plain
  }

  test.concurrent.each(ATTACKS)('%s is harmless', async (_, attack) => {
    const [{ step }, harmless] = await Promise.all([runWith(attack), inPlain()])
    expect(step.outputs).toMatchObject(ENDINGS[entry] ?? {})
    expectHarmless(step, harmless.step)
  })
})

test.concurrent('the API’s own text reaches the outputs as it is', async () => {
  for (const [, attack] of ATTACKS) {
    const { step } = (await ENTRIES['in every field of a cluster']?.(attack)) ?? {}
    const single = attack.replace(/\r\n?/g, '\n')
    const normal = (text: string | undefined) => text?.replace(/\r\n?/g, '\n')
    expect(JSON.parse(step?.outputs.cluster ?? '')).toMatchObject({ name: 'production', displayName: attack })
    expect(JSON.parse(step?.outputs.plan ?? '').edits).toHaveLength(2)
    expect([normal(step?.outputs.phase), normal(step?.outputs.endpoint)]).toEqual([single, single])
  }
})

/** What of a text a header can carry. */
function toHeader(text: string): string {
  return text.replace(/[^\u0020-\u007e]/g, ' ')
}

test.concurrent('the workflow’s own inputs are no markup and no command either', async () => {
  const kupe = await startSimulator()
  const attack = 'acme\n::error::forged ##[error]forged @octocat <b>x<b> | y `z`'
  const refused = (text: string) => runStep({ inputs: { ...kupe.inputs, tenant: text, cpu: '8' } })
  const invalid = (text: string) => runStep({ inputs: { ...kupe.inputs, cluster: text, mode: text, cpu: text } })
  for (const [runWith, reason] of [
    [refused, 'forbidden'],
    [invalid, 'invalid-input'],
  ] as const) {
    const [step, plain] = [await runWith(attack), await runWith('Plain words')]
    expect(step.outputs['failure-reason']).toBe(reason)
    expectHarmless(step, plain)
  }
})

test.concurrent('a message as long as a book is cut, and stays within what the runner takes', async () => {
  const kupe = await startSimulator()
  kupe.simulator.inject({ method: 'GET' }, { kind: 'status', status: 400, body: `${'<'.repeat(500_000)}` })
  const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
  expectWhole(step)
  expectNoCommands(step)
  expect(step.errors[0]?.message.length).toBeLessThanOrEqual(4096)
  expect(Buffer.byteLength(step.summary)).toBeLessThan(64 * 1024)
})
