import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BEFORE_MERGE, COMMIT, callsOf, fail, MERGED_AT, NUMBER, useGitHub } from '../support/github.js'
import {
  expectPrompt,
  expectWhole,
  GITHUB_TOKEN,
  runStep,
  type StepResult,
  startStep,
  testWithSignals,
} from '../support/process.js'
import { type RunningSimulator, startSimulator } from '../support/simulators.js'

const tests = useGitHub()
let kupe: RunningSimulator

beforeEach(async () => {
  kupe = await startSimulator({ clusters: [{}, { name: 'staging' }] })
})
afterEach(() => kupe.close())

const given = (inputs: Record<string, string>) => ({ ...kupe.inputs, cpu: '8', comment: 'true', ...inputs })

/** The step of a pull request that shows the plan. */
function plan(inputs: Record<string, string> = {}, more: Record<string, string> = {}): Promise<StepResult> {
  tests.github.now = BEFORE_MERGE
  const event = tests.event('pull_request', { action: 'opened', pull_request: { number: NUMBER } })
  return runStep({ inputs: given({ mode: 'plan', ...inputs }), env: { ...event, ...more } })
}

function merge(number = NUMBER): void {
  tests.github.addMerged({ number, commit: COMMIT, at: MERGED_AT })
  tests.github.now = '2026-03-01T12:00:00Z'
}

/** The step that the merge starts, in another job. */
async function apply(
  inputs: Record<string, string> = {},
  env: Record<string, string> = tests.push(),
): Promise<StepResult> {
  const step = await runStep({
    inputs: given({ 'expected-plan': 'pull-request', timeout: '20s', ...inputs }),
    env: { ...env, GITHUB_JOB: 'apply' },
  })
  expectWhole(step)
  return step
}

const patches = () => kupe.simulator.requests.filter(({ method }) => method === 'PATCH').length
const lastBody = () => tests.github.bodiesOf(NUMBER).at(-1)

function expectNothingSent(step: StepResult, words: RegExp): void {
  expect([step.outputs.result, step.outputs['failure-reason'], step.outputs.changed]).toEqual([
    'failed',
    'plan-changed',
    'false',
  ])
  expect(step.errors[0]?.message).toMatch(words)
  expect(patches()).toBe(0)
}

describe('expected-plan: pull-request', () => {
  test.each([
    ['a merge commit, a squash, or the last commit of a rebase', 'push'],
    ['its own merge', 'pull_request'],
  ])('applies what was shown, after %s', async (_, name) => {
    const planned = await plan()
    merge()
    const merged = {
      number: NUMBER,
      merged: true,
      merged_at: MERGED_AT,
      merge_commit_sha: COMMIT,
      base: { ref: 'main' },
    }
    const env = name === 'push' ? tests.push() : tests.event(name, { action: 'closed', pull_request: merged })
    const step = await apply({}, env)
    expect(step.outputs.result).toBe('converged')
    expect(step.outputs['plan-digest']).toBe(planned.outputs['plan-digest'])
    expect(patches()).toBe(1)
    // The plan stands as it was approved, and what became of it stands below.
    expect(tests.github.bodiesOf(NUMBER)).toEqual([
      expect.stringMatching(/^<!-- kupe-cluster-action plan .*cpu 4 → 8/s),
      expect.stringMatching(/^<!-- kupe-cluster-action result .*scaled\S+ cpu 4 → 8/s),
    ])
  })

  test('applies it once the late link is there', async () => {
    await plan()
    tests.github.now = '2026-03-01T12:00:00Z'
    let asked = 0
    tests.github.faults.push({ call: /pulls/, times: 9, meanwhile: () => void (++asked === 3 && merge()) })
    const step = await apply({ timeout: '60s' })
    expect(step.outputs.result).toBe('converged')
    expect(step.log.join('\n')).toMatch(/GitHub names none yet; asking again for 1[45]s/)
  })

  test('applies to each cluster what was shown for it', async () => {
    await plan()
    await plan({ cluster: 'staging', cpu: '6' }, { GITHUB_ACTION: '__self_2' })
    merge()
    expect((await apply({ cluster: 'staging', cpu: '6' })).outputs.result).toBe('converged')
    expect((await apply()).outputs.result).toBe('converged')
    expect(tests.github.bodiesOf(NUMBER)).toHaveLength(4)
  })

  test('applies what any of two steps showed for the cluster', async () => {
    await plan({ cpu: '6' })
    await plan({ cpu: '8' }, { GITHUB_ACTION: '__self_2' })
    merge()
    expect((await apply()).outputs.result).toBe('converged')
  })

  test('asks nothing where there is nothing to change: an unrelated merge', async () => {
    const step = await apply({ cpu: '4', comment: 'false' })
    expect(step.outputs.result).toBe('unchanged')
    expect(tests.github.requests).toEqual([])
  })

  test('sends nothing where the cluster drifted between review and merge', async () => {
    await plan()
    merge()
    kupe.simulator.patchAs('rival', kupe.inputs.cluster ?? '', { resources: { cpu: '6' } })
    expectNothingSent(await apply(), /#7 showed .*new pull request.*workflow_dispatch with expected-plan: none/s)
    expect(lastBody()).toMatch(/^<!-- kupe-cluster-action result .*the plan is no longer the one approved/s)
  })

  test('sends nothing where another value was merged than was shown', async () => {
    await plan({ cpu: '6' })
    merge()
    expectNothingSent(await apply(), /#7 showed/)
  })

  test('sends nothing after a merge from a fork, which has no comment', async () => {
    merge()
    expectNothingSent(await apply(), /#7 has no comment with a plan.*new pull request/s)
  })

  test('sends nothing after a direct push', async () => {
    await plan()
    const step = await apply({ timeout: '4s', 'poll-interval': '1s' })
    expectNothingSent(step, /names no merged pull request for commit c0ffee0 of main/)
    expect(step.errors[0]?.properties.title).toMatch(/no approved plan was found/)
  })

  test('sends nothing where one commit merged several pull requests', async () => {
    await plan()
    merge()
    merge(8)
    expectNothingSent(await apply(), /several merged pull requests: #7, #8/)
  })

  test('sends nothing by a stranger’s comment with our marker', async () => {
    await plan()
    const { body = '' } = tests.github.comments[0] ?? {}
    tests.github.comments = []
    tests.github.addComment({ pullRequest: NUMBER, body, author: 'mallory' })
    merge()
    expectNothingSent(await apply(), /by someone else/)
  })

  test('sends nothing in a run by hand, and says how one does', async () => {
    expectNothingSent(
      await apply({}, tests.event('workflow_dispatch', {})),
      /workflow_dispatch with expected-plan: none/,
    )
  })

  test.each([
    ['workflow_run', { workflow_run: null }],
    ['pull_request', { pull_request: null }],
  ])('sends nothing in a run of %s that names none: %j', async (name, event) => {
    const step = await apply({}, tests.event(name, event))
    expectNothingSent(step, new RegExp(`event ${name} is not that of a merge`))
    expect(step.errors[0]?.message).not.toMatch(/TypeError|Run again/)
  })

  test('sends nothing where the event’s file is no JSON, and does not say that running again helps', async () => {
    const step = await apply({}, tests.event('push', '{ "after": '))
    expectNothingSent(step, /event cannot be read: its file is no JSON.*new pull request.*expected-plan: none/s)
    expect(step.errors[0]?.properties.title).toMatch(/could not be read/)
    expect([step.errors[0]?.message, step.summary].join('\n')).not.toMatch(
      /Run again|run it again|SyntaxError|{ "after/,
    )
  })

  test('sends nothing while GitHub is down', async () => {
    await plan()
    merge()
    fail(tests.github, /pulls/, 502, { times: 3 })
    const step = await apply()
    expectNothingSent(step, /GitHub answered 502.*Run again/s)
    expect(step.errors[0]?.properties.title).toMatch(/could not be read/)
  })

  test('sends nothing without the permission, and names it', async () => {
    await plan()
    merge()
    tests.github.permission = 'none'
    expectNothingSent(await apply({ comment: 'false' }), /permission pull-requests: read/)
  })

  test('does not show a token that GitHub repeats', async () => {
    merge()
    fail(tests.github, /pulls/, 401, { body: { message: `Bad ${GITHUB_TOKEN}` } })
    const step = await apply({ comment: 'false' })
    expectNothingSent(step, /has expired/)
    const shown = [...step.lines.filter((line) => !line.startsWith('::add-mask::')), step.outputFile, step.summary]
    expect(shown.join('\n')).not.toContain(GITHUB_TOKEN)
  })

  for (const [what, fault] of [
    ['hangs', { hang: true }],
    ['names no pull request yet', {}],
  ] as const) {
    testWithSignals(`ends within a second of a cancel while GitHub ${what}`, async () => {
      const { promise: asked, resolve } = Promise.withResolvers<void>()
      tests.github.faults.push({ call: /pulls/, times: 99, meanwhile: () => resolve(), ...fault })
      const running = startStep({ inputs: given({ 'expected-plan': 'pull-request' }), env: tests.push() })
      await asked
      const step = await running.end('SIGINT')
      expectWhole(step)
      expect(step.outputs.result).toBe('cancelled')
      expectPrompt(step)
      expect(patches()).toBe(0)
      expect(callsOf(tests.github)).not.toContain(`GET /issues/${NUMBER}/comments`)
    })
  }
})
