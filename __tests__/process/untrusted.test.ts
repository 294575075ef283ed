import { afterAll, describe, expect, test } from '@jest/globals'
import type { SimulatorOptions } from '../../simulator/simulator.js'
import { expectWhole, type Finished, runStep, type Stage, stage } from './runner.js'

const ALWAYS = Number.POSITIVE_INFINITY

const open: Stage[] = []

async function onStage(options: Partial<SimulatorOptions> = {}): Promise<Stage> {
  const opened = await stage(options)
  open.push(opened)
  return opened
}

afterAll(async () => {
  await Promise.all(open.map(({ close }) => close()))
})

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

/** Nothing but what this action itself has to say is a command, an output or markup. */
function expectHarmless(step: Finished): void {
  expectWhole(step)
  const { commands, lines, masks, errors, warnings, outputs, summary } = step
  expect(masks.join()).not.toContain('forged')
  expect(commands.filter(({ name }) => !['add-mask', 'debug', 'warning', 'error'].includes(name))).toEqual([])
  for (const { line } of commands) expect(line).toMatch(/^::(add-mask|debug|warning|error( title=[^:,]*)?)::/)
  for (const { properties } of errors) expect(Object.keys(properties)).toEqual(['title'])
  for (const { properties } of warnings) expect(properties).toEqual({})
  for (const line of lines) {
    expect(line).not.toContain('##[')
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
  }
  expect(outputs.changed).not.toContain('forged')
  expectNoMarkup(summary)
}

function expectNoMarkup(summary: string): void {
  const fences = summary.match(/```/g)?.length ?? 0
  expect(fences === 0 || (fences === 2 && /^```mermaid\n[^`]*\n```$/m.test(summary))).toBe(true)
  const [chart = ''] = /```mermaid\n[^`]*\n```/.exec(summary) ?? []
  expect(chart).not.toMatch(/^\s*(section forged|click|call|%%)|evil/m)
  const text = summary.replace(chart, '').replaceAll(/<\/?(code|details|summary|br|sub)>/g, '')
  // What is written as an entity is a plain character to markdown.
  const rest = text
    .replace(/\[this run\]\(https:\/\/github\.com\/octo-org\/infra\/[\w/]+\)/, '')
    .replace(/&#\d+;/g, '·')
  for (const markup of ['<', '](', '![', '`', '~~', '__', '<!--', '://', 'www.', '#1', '&lt;', '&commat;']) {
    expect(rest).not.toContain(markup)
  }
  expect(rest).not.toMatch(/@\w/)
  expect(rest.replace(/\*\*(What to do next|Note):\*\*/g, '')).not.toContain('**')
  expect(rest).not.toMatch(/^ {0,3}(# |#{4}|>|\d+[.)] |[-=~*]{3,}$|\|? ?-{3} \| forged)/m)
  expect(rest.match(/^## /gm)).toHaveLength(1)
  for (const table of rest.match(/(?:^\|.*\|$\n?)+/gm) ?? []) {
    const columns = table
      .trimEnd()
      .split('\n')
      .map((row) => row.split('|').length)
    expect(new Set(columns).size).toBe(1)
  }
}

describe.each(ATTACKS)('%s', (_, attack) => {
  test.concurrent('in an error’s message', async () => {
    const kupe = await onStage()
    kupe.simulator.inject(
      { method: 'PATCH' },
      {
        kind: 'status',
        status: 400,
        body: JSON.stringify({ message: attack }),
        headers: { 'x-request-id': toHeader(attack) },
      },
    )
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { RUNNER_DEBUG: '1' } })
    expectHarmless(step)
    expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'rejected', changed: 'false' })
  })

  test.concurrent('in a page instead of JSON, and in one that is repeated', async () => {
    const kupe = await onStage()
    kupe.simulator.queue('GET', [{ kind: 'status', status: 503, body: attack }])
    kupe.simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 418, body: attack })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { RUNNER_DEBUG: '1' } })
    expectHarmless(step)
    expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'rejected', changed: 'false' })
  })

  test.concurrent('in every field of a cluster', async () => {
    const kupe = await onStage()
    kupe.simulator.inject(
      { times: ALWAYS },
      {
        kind: 'edit',
        edit: (object) => ({
          ...object,
          version: attack,
          displayName: attack,
          [attack]: attack,
          alerts: { [attack]: attack },
          resources: { cpu: attack, memory: attack, storage: attack },
          warnings: [{ code: 'W', message: attack, field: attack }, attack],
          status: {
            phase: attack,
            kubernetesVersion: attack,
            endpoint: attack,
            conditions: [{ type: attack, status: attack, reason: attack, message: attack }, attack],
          },
        }),
      },
    )
    const step = await runStep({
      inputs: { ...kupe.inputs, mode: 'plan', cpu: '8', version: '1.32' },
      env: { RUNNER_DEBUG: '1' },
    })
    expectHarmless(step)
    expect(step.outputs).toMatchObject({ result: 'planned', changed: 'false', 'would-change': 'true' })
    expect(JSON.parse(step.outputs.cluster ?? '')).toMatchObject({ name: 'production', displayName: attack })
    expect(JSON.parse(step.outputs.plan ?? '').edits).toHaveLength(2)
  })

  test.concurrent('in the phases and conditions of a wait that fails', async () => {
    const kupe = await onStage()
    let reads = 0
    kupe.simulator.inject(
      { method: 'GET', times: ALWAYS },
      {
        kind: 'edit',
        edit: (object) => {
          reads += 1
          const phase = reads === 1 ? 'Running' : reads < 4 ? attack : 'Degraded'
          const conditions = [{ type: 'Ready', status: 'False', reason: attack, message: attack }]
          return { ...object, status: { ...(object.status as object), phase, conditions, observedGeneration: 7 } }
        },
      },
    )
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { RUNNER_DEBUG: '1' } })
    expectHarmless(step)
    expect(step.outputs).toMatchObject({
      result: 'failed',
      'failure-reason': 'degraded',
      changed: 'true',
      phase: 'Degraded',
    })
  })
})

/** What of a text a header can carry. */
function toHeader(text: string): string {
  return text.replace(/[^\u0020-\u007e]/g, ' ')
}

test.concurrent('the workflow’s own inputs are no markup and no command either', async () => {
  const kupe = await onStage()
  const tenant = 'acme\n::error::forged ##[error]forged @octocat <b>x<b> | y'
  const step = await runStep({ inputs: { ...kupe.inputs, tenant, cpu: '8' } })
  expectHarmless(step)
  expect(step.outputs['failure-reason']).toBe('forbidden')
  const invalid = await runStep({ inputs: { ...kupe.inputs, cluster: tenant, mode: '```', cpu: '<script>' } })
  expectHarmless(invalid)
  expect(invalid.outputs['failure-reason']).toBe('invalid-input')
})

test.concurrent('a message as long as a book is cut, and stays within what the runner takes', async () => {
  const kupe = await onStage()
  kupe.simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 400, body: `${'<'.repeat(500_000)}` })
  const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
  expectHarmless(step)
  expect(step.errors[0]?.message.length).toBeLessThanOrEqual(4096)
  expect(Buffer.byteLength(step.summary)).toBeLessThan(64 * 1024)
})
