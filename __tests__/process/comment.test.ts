import { describe, expect, test } from '@jest/globals'
import { COMMIT, callsOf, NUMBER } from '../support/github.js'
import { expectWhole, GITHUB_TOKEN, runStep, warningsOf } from '../support/process.js'
import { CREATE, EDIT, LIST, usePullRequest, VIEWER } from '../support/pull-requests.js'

const given = usePullRequest()
const { tests, planning, bodies } = given

describe('a comment on the pull request', () => {
  test('is made, and kept up to date', async () => {
    const first = await runStep({ inputs: planning('8'), env: given.env })
    expectWhole(first)
    expect(first.masks).toContain(GITHUB_TOKEN)
    expect(first.warnings).toEqual([])
    expect(callsOf(tests.github)).toEqual([LIST, CREATE])
    const second = await runStep({ inputs: planning('6'), env: given.env })
    expectWhole(second)
    expect(callsOf(tests.github).slice(2)).toEqual([LIST, VIEWER, EDIT(2)])
    expect(new Set(tests.github.requests.map(({ token }) => token))).toEqual(new Set([GITHUB_TOKEN]))
    expect(bodies()).toEqual([
      'LGTM',
      expect.stringMatching(
        new RegExp(`^<!-- kupe-cluster-action plan \\S+ \\S+ ${second.outputs['plan-digest']} -->\n##`),
      ),
    ])
    expect(bodies()[1]).toContain(second.outputs['summary-markdown']?.trim())
    expect(bodies()[1]).toContain('4 → 6')
  })

  test('is made with a token that was pasted with a line break and a mark that nobody sees', async () => {
    const step = await runStep({
      inputs: { ...planning('8'), 'github-token': `\ufeff${GITHUB_TOKEN}\n` },
      env: given.env,
    })
    expectWhole(step)
    expect(step.masks).toContain(GITHUB_TOKEN)
    expect(step.warnings).toEqual([])
    expect(tests.github.requests.map(({ token }) => token)).toEqual([GITHUB_TOKEN, GITHUB_TOKEN])
  })

  test('reports a failure, and of inputs that are wrong: then it shows no plan', async () => {
    const refused = await runStep({ inputs: { ...planning('8'), 'max-cpu': '6' }, env: given.env })
    expect(refused.outputs['failure-reason']).toBe('refused')
    expect(bodies()[1]).toContain('stopped by a safety rule')
    const wrong = await runStep({ inputs: { ...planning('8'), memory: '32' }, env: given.env })
    expect(wrong.outputs['failure-reason']).toBe('invalid-input')
    expect(bodies()).toHaveLength(2)
    expect(bodies()[1]).toMatch(/^<!-- kupe-cluster-action plan \S+ \S+ none -->\n/)
    expect(bodies()[1]).toContain('1 input is wrong')
  })

  test.each([
    ['job', { GITHUB_JOB: 'other' }],
    ['step', { GITHUB_ACTION: 'second' }],
    ['workflow', { GITHUB_WORKFLOW: 'Other' }],
  ])('is another one in another %s', async (_, other) => {
    await runStep({ inputs: planning('8'), env: given.env })
    await runStep({ inputs: planning('8'), env: { ...given.env, ...other } })
    expect(bodies()).toHaveLength(3)
  })

  test('of a result does not overwrite that of a plan', async () => {
    await runStep({ inputs: planning('8'), env: given.env })
    const step = await runStep({ inputs: { ...given.kupe.inputs, cpu: '8', comment: 'true' }, env: given.env })
    expect(step.outputs.result).toBe('converged')
    expect(bodies()).toEqual([
      'LGTM',
      expect.stringMatching(/^<!-- kupe-cluster-action plan .*cpu 4 → 8/s),
      expect.stringMatching(/^<!-- kupe-cluster-action result .*scaled/s),
    ])
  })

  test.each([
    ['outside of one', 'workflow_dispatch', { ref: 'refs/heads/main' }, /no pull request/],
    [
      'where several belong to the run',
      'workflow_run',
      { workflow_run: { pull_requests: [{ number: 1 }, { number: 2 }] } },
      /several pull requests/,
    ],
  ])('is not made %s, and the log says so', async (_, name, event, words) => {
    const step = await runStep({ inputs: planning('8'), env: tests.event(name, event) })
    expectWhole(step)
    expect(tests.github.requests).toEqual([])
    expect(step.warnings).toEqual([])
    expect(step.log.join('\n')).toMatch(words)
  })

  test.each([
    ['is no JSON', () => tests.event('pull_request', 'no JSON')],
    ['cannot be opened', () => ({ ...tests.event('pull_request', {}), GITHUB_EVENT_PATH: '/proc/nowhere/event.json' })],
  ])('where the event’s file %s is not made, and that is a warning', async (why, env) => {
    const step = await runStep({ inputs: planning('8'), env: env() })
    expectWhole(step)
    expect(tests.github.requests).toEqual([])
    expect(step.warnings.map(({ message }) => message)).toEqual([
      `The comment could not be written: the run’s event cannot be read: its file ${why}.`,
    ])
    expect(step.lines.join('\n')).not.toContain('does not exist')
  })

  test.each([
    ['workflow_run', { workflow_run: null }],
    ['pull_request', { pull_request: null }],
    ['workflow_run', { workflow_run: { pull_requests: [null] }, repository: null }],
  ])('in a run of %s that names none (%j) is not made, and the log says so', async (name, event) => {
    const step = await runStep({ inputs: planning('8'), env: tests.event(name, event) })
    expectWhole(step)
    expect(step.warnings).toEqual([])
    expect(step.log.join('\n')).toMatch(/belongs to no pull request/)
  })

  test.each([
    ['on one', 'issue_comment', { issue: { number: NUMBER, pull_request: {} } }],
    ['after the workflow of one', 'workflow_run', { workflow_run: { pull_requests: [{ number: NUMBER }] } }],
  ])('is made in a run that somebody starts %s', async (_, name, event) => {
    expectWhole(await runStep({ inputs: planning('8'), env: tests.event(name, event) }))
    expect(callsOf(tests.github)).toEqual([LIST, CREATE])
  })

  test('after a merge says on the merged pull request how the apply ended', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT })
    const step = await runStep({ inputs: { ...given.kupe.inputs, cpu: '8', comment: 'true' }, env: tests.push() })
    expectWhole(step)
    expect(callsOf(tests.github)).toEqual([`GET /commits/${COMMIT}/pulls`, LIST, CREATE])
    expect(bodies()[1]).toMatch(/^<!-- kupe-cluster-action result .*scaled\S+ cpu 4 → 8/s)
  })

  test('after a merge does not stand where the approved plan stands, though it shows a plan', async () => {
    await runStep({ inputs: planning('8'), env: given.env })
    tests.github.addMerged({ number: NUMBER, commit: COMMIT })
    expectWhole(await runStep({ inputs: planning('6'), env: tests.push() }))
    expect(bodies()).toEqual([
      'LGTM',
      expect.stringMatching(/^<!-- kupe-cluster-action plan .*cpu 4 → 8/s),
      expect.stringMatching(/^<!-- kupe-cluster-action result .*4 → 6/s),
    ])
  })

  test('after a direct push is not made, and the log says so', async () => {
    const step = await runStep({ inputs: planning('8'), env: tests.push() })
    expectWhole(step)
    expect(step.log.join('\n')).toMatch(/no pull request/)
    expect(bodies()).toEqual(['LGTM'])
  })

  test('is not made unless asked for', async () => {
    expectWhole(await runStep({ inputs: { ...planning('8'), comment: 'false' }, env: given.env }))
    expect(tests.github.requests).toEqual([])
  })

  test('of a plan too long for GitHub leaves whole sections out, and keeps title, lead and digest', async () => {
    // A sign that markdown takes seven characters for.
    const conditions = Array.from({ length: 10 }, (_, index) => ({
      type: `${'€'.repeat(150)}${index}`,
      status: 'False',
      reason: '€'.repeat(150),
      message: '€'.repeat(500),
    }))
    given.kupe.simulator.setStatus(given.kupe.inputs.cluster ?? '', { conditions })
    const warnings = ['a', 'b', 'c', 'd', 'e'].map((kind) => kind + '€'.repeat(400))
    given.kupe.simulator.inject({ method: 'GET' }, { kind: 'edit', edit: (object) => ({ ...object, warnings }) })
    const step = await runStep({ inputs: { ...planning('8'), 'max-cpu': '6' }, env: given.env })
    expect(step.outputs['failure-reason']).toBe('refused')
    expect(warningsOf(step)).not.toContainEqual(expect.stringMatching(/comment/))
    expect(step.summary.length).toBeGreaterThan(65_536)
    const [, body = ''] = bodies()
    expect(body.length).toBeLessThanOrEqual(65_536)
    expect(body).toMatch(new RegExp(`^<!-- .* ${step.outputs['plan-digest']} -->\n## .*stopped by a safety rule\n`))
    expect(body).toMatch(/Sent by this run:.* nothing\n>\n.*What to do next/s)
    expect(body).toMatch(/\*Left out, as it would be too long: .* of this report\.\*\n$/)
  })
})

describe('comment: changes', () => {
  const changes = (cpu: string, more = {}) => ({ ...planning(cpu), comment: 'changes', ...more })

  test('makes none where there is nothing to change, and says so in the log', async () => {
    const step = await runStep({ inputs: changes('4'), env: given.env })
    expectWhole(step)
    expect(bodies()).toEqual(['LGTM'])
    expect(step.log.join('\n')).toMatch(/comment: there is nothing to change/)
  })

  test.each([
    ['the plan has edits', { cpu: '8' }],
    ['the plan is refused without an edit', { cpu: '4', 'max-cpu': '2' }],
    ['the run is red before there is a plan', { cpu: '4', 'api-key': 'kupe_sim_unknown_0123456789' }],
    ['the inputs are wrong', { cpu: 'many' }],
  ])('makes one where %s', async (_, more) => {
    expectWhole(await runStep({ inputs: changes('4', more), env: given.env }))
    expect(bodies()).toHaveLength(2)
  })

  test('updates the one that is there', async () => {
    await runStep({ inputs: changes('8'), env: given.env })
    await runStep({ inputs: changes('4'), env: given.env })
    expect(bodies()).toEqual(['LGTM', expect.stringContaining('nothing to change')])
  })

  test('says outside of a pull request that there is none', async () => {
    const step = await runStep({ inputs: changes('8'), env: tests.event('workflow_dispatch', {}) })
    expect(step.log.join('\n')).toMatch(/no pull request/)
  })
})
