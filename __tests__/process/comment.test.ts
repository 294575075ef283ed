import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ACTIONS_BOT, COMMIT, callsOf, fail, NUMBER, useGitHub } from '../support/github.js'
import { expectWhole, GITHUB_TOKEN, runStep, startStep, testWithSignals } from '../support/process.js'
import { arrivalAt, type RunningSimulator, startSimulator } from '../support/simulators.js'

const LIST = `GET /issues/${NUMBER}/comments`
const CREATE = `POST /issues/${NUMBER}/comments`
const VIEWER = 'POST /graphql'
const EDIT = (id: number) => `PATCH /issues/comments/${id}`

const tests = useGitHub()
let kupe: RunningSimulator
let env: Record<string, string>

beforeEach(async () => {
  kupe = await startSimulator()
  env = tests.event('pull_request', { action: 'opened', pull_request: { number: NUMBER } })
  tests.github.addComment({ pullRequest: NUMBER, body: 'LGTM', author: 'octocat' })
})
afterEach(() => kupe.close())

const planning = (cpu: string) => ({ ...kupe.inputs, mode: 'plan', cpu, comment: 'true' })
const bodies = () => tests.github.bodiesOf(NUMBER)
const warningsOf = ({ warnings }: { warnings: readonly { message: string }[] }) =>
  warnings.map(({ message }) => message)

describe('a comment on the pull request', () => {
  test('is made, and kept up to date', async () => {
    const first = await runStep({ inputs: planning('8'), env })
    expectWhole(first)
    expect(first.masks).toContain(GITHUB_TOKEN)
    expect(first.warnings).toEqual([])
    expect(callsOf(tests.github)).toEqual([LIST, CREATE])
    const second = await runStep({ inputs: planning('6'), env })
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

  test('reports a failure, and of inputs that are wrong: then it shows no plan', async () => {
    const refused = await runStep({ inputs: { ...planning('8'), 'max-cpu': '6' }, env })
    expect(refused.outputs['failure-reason']).toBe('refused')
    expect(bodies()[1]).toContain('stopped by a safety rule')
    const wrong = await runStep({ inputs: { ...planning('8'), memory: '32' }, env })
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
    await runStep({ inputs: planning('8'), env })
    await runStep({ inputs: planning('8'), env: { ...env, ...other } })
    expect(bodies()).toHaveLength(3)
  })

  test('of a result does not overwrite that of a plan', async () => {
    await runStep({ inputs: planning('8'), env })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', comment: 'true' }, env })
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
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', comment: 'true' }, env: tests.push() })
    expectWhole(step)
    expect(callsOf(tests.github)).toEqual([`GET /commits/${COMMIT}/pulls`, LIST, CREATE])
    expect(bodies()[1]).toMatch(/^<!-- kupe-cluster-action result .*scaled\S+ cpu 4 → 8/s)
  })

  test('after a direct push is not made, and the log says so', async () => {
    const step = await runStep({ inputs: planning('8'), env: tests.push() })
    expectWhole(step)
    expect(step.log.join('\n')).toMatch(/no pull request/)
    expect(bodies()).toEqual(['LGTM'])
  })

  test('is not made unless asked for', async () => {
    expectWhole(await runStep({ inputs: { ...planning('8'), comment: 'false' }, env }))
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
    kupe.simulator.setStatus(kupe.inputs.cluster ?? '', { conditions })
    const warnings = ['a', 'b', 'c', 'd', 'e'].map((kind) => kind + '€'.repeat(400))
    kupe.simulator.inject({ method: 'GET' }, { kind: 'edit', edit: (object) => ({ ...object, warnings }) })
    const step = await runStep({ inputs: { ...planning('8'), 'max-cpu': '6' }, env })
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
    const step = await runStep({ inputs: changes('4'), env })
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
    expectWhole(await runStep({ inputs: changes('4', more), env }))
    expect(bodies()).toHaveLength(2)
  })

  test('updates the one that is there', async () => {
    await runStep({ inputs: changes('8'), env })
    await runStep({ inputs: changes('4'), env })
    expect(bodies()).toEqual(['LGTM', expect.stringContaining('nothing to change')])
  })

  test('says outside of a pull request that there is none', async () => {
    const step = await runStep({ inputs: changes('8'), env: tests.event('workflow_dispatch', {}) })
    expect(step.log.join('\n')).toMatch(/no pull request/)
  })
})

describe('a comment meets', () => {
  const markerAfter = async () => {
    await runStep({ inputs: planning('8'), env })
    return tests.github.comments.at(-1)?.body ?? ''
  }

  test.each([
    ['a stranger’s that begins with its marker', (body: string) => ({ body, author: 'mallory' })],
    ['a bot’s that quotes its marker', (body: string) => ({ body: `> ${body}`, author: ACTIONS_BOT })],
    ['a bot’s with its marker in another line', (body: string) => ({ body: `\n${body}`, author: ACTIONS_BOT })],
  ])('%s, and leaves it alone', async (_, toComment) => {
    const body = await markerAfter()
    tests.github.comments = []
    const comment = toComment(body)
    tests.github.addComment({ pullRequest: NUMBER, ...comment })
    await runStep({ inputs: planning('6'), env })
    expect(bodies()).toEqual([comment.body, expect.stringContaining('4 → 6')])
  })

  test.each<[string, (id: number) => Partial<(typeof tests.github.faults)[number]>]>([
    [
      'its own that is deleted between finding and editing',
      (id) => ({
        meanwhile: (github) => {
          github.comments = github.comments.filter((comment) => comment.id !== id)
        },
      }),
    ],
    ['its own that may no longer be edited', () => ({ status: 403, body: { message: 'Locked' } })],
  ])('%s, and makes a new one', async (_, toFault) => {
    await markerAfter()
    tests.github.faults.push({ call: /PATCH/, times: 1, ...toFault(2) })
    const step = await runStep({ inputs: planning('6'), env })
    expect(step.warnings).toEqual([])
    expect(bodies().at(-1)).toContain('4 → 6')
    expect(callsOf(tests.github).at(-1)).toBe(CREATE)
  })

  test('a 502, once for each call', async () => {
    await markerAfter()
    for (const call of [/GET/, /graphql/, /PATCH/]) fail(tests.github, call, 502)
    const step = await runStep({ inputs: planning('6'), env })
    expect(step.warnings).toEqual([])
    expect(bodies()).toEqual(['LGTM', expect.stringContaining('4 → 6')])
  })

  test('a 502 to a creation that was done: there is one comment, not two', async () => {
    fail(tests.github, /POST/, 502, { isDone: true })
    const step = await runStep({ inputs: planning('8'), env })
    expect(step.warnings).toEqual([])
    expect(bodies()).toHaveLength(2)
    expect(callsOf(tests.github)).toEqual([LIST, CREATE, LIST, VIEWER, EDIT(2)])
  })
})

describe('a comment that cannot be written is a warning, and the result stands', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'permission is missing',
      () => {
        tests.github.permission = 'read'
      },
      /github-token may not do this \(403 Resource not accessible by integration\)\. .*pull-requests: write.*fork/,
    ],
    [
      'the token has expired',
      () => fail(tests.github, /GET/, 401, { body: { message: `Bad ${GITHUB_TOKEN} ::error::forged` } }),
      /github-token: it has expired, or is none .*Give a github-token that is valid/,
    ],
    ['the pull request is not shown', () => fail(tests.github, /GET/, 404), /no such thing.*pull-requests: write/],
    [
      'GitHub is down',
      () => fail(tests.github, /GET/, 500, { times: 9 }),
      /^The comment could not be written: GitHub answered 500\.$/,
    ],
  ])('%s', async (_, arrange, words) => {
    arrange()
    const step = await runStep({ inputs: planning('8'), env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(warningsOf(step)).toEqual([expect.stringMatching(words)])
    expect(step.lines.filter((line) => !line.startsWith('::add-mask::')).join('\n')).not.toContain(GITHUB_TOKEN)
    expect(bodies()).toEqual(['LGTM'])
  })

  test('there is no token', async () => {
    const step = await runStep({ inputs: { ...planning('8'), 'github-token': '' }, env })
    expectWhole(step)
    expect(warningsOf(step)).toEqual([expect.stringMatching(/github-token is empty/)])
    expect(tests.github.requests).toEqual([])
  })

  test('GitHub never answers', async () => {
    tests.github.faults.push({ call: /GET/, times: 9, hang: true })
    const step = await runStep({ inputs: planning('8'), env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(warningsOf(step)).toEqual([expect.stringMatching(/did not answer in time/)])
    expect(step.durationMs).toBeLessThan(20_000)
  })
})

describe('a cancel', () => {
  testWithSignals('of the run leaves the comment out', async () => {
    const polled = arrivalAt(kupe.simulator, { method: 'GET', nth: 2 })
    const running = startStep({ inputs: { ...kupe.inputs, version: '1.32', comment: 'true' }, env })
    await polled
    const step = await running.end('SIGINT')
    expect(step.outputs.result).toBe('cancelled')
    expect(step.endMs).toBeLessThan(1_000)
    expect(step.warnings).toEqual([])
    expect(tests.github.requests).toEqual([])
  })

  for (const [what, fault] of [
    ['hangs', { hang: true }],
    ['answers 502', { status: 502 }],
  ] as const) {
    testWithSignals(`while GitHub ${what} ends the comment at once, and leaves the result as it is`, async () => {
      const { promise: asked, resolve } = Promise.withResolvers<void>()
      tests.github.faults.push({ call: /POST/, times: 9, meanwhile: () => resolve(), ...fault })
      const running = startStep({ inputs: planning('8'), env })
      await asked
      const step = await running.end('SIGINT')
      expect(step.code).toBe(0)
      expect(step.outputs.result).toBe('planned')
      expect(step.endMs).toBeLessThan(1_000)
      expect(callsOf(tests.github)).toEqual([LIST, CREATE])
    })
  }
})
