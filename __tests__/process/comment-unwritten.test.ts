import { describe, expect, test } from '@jest/globals'
import { callsOf, fail } from '../support/github.js'
import {
  expectPrompt,
  expectWhole,
  GITHUB_TOKEN,
  runStep,
  startStep,
  testWithSignals,
  warningsOf,
} from '../support/process.js'
import { CREATE, LIST, usePullRequest } from '../support/pull-requests.js'
import { arrivalAt } from '../support/simulators.js'

const given = usePullRequest()
const { tests, planning, bodies } = given

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
    const step = await runStep({ inputs: planning('8'), env: given.env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(warningsOf(step)).toEqual([expect.stringMatching(words)])
    expect(step.lines.filter((line) => !line.startsWith('::add-mask::')).join('\n')).not.toContain(GITHUB_TOKEN)
    expect(bodies()).toEqual(['LGTM'])
  })

  test('there is no token', async () => {
    const step = await runStep({ inputs: { ...planning('8'), 'github-token': '' }, env: given.env })
    expectWhole(step)
    expect(warningsOf(step)).toEqual([expect.stringMatching(/github-token is empty/)])
    expect(tests.github.requests).toEqual([])
  })

  test('GitHub never answers', async () => {
    tests.github.faults.push({ call: /GET/, times: 9, hang: true })
    const step = await runStep({ inputs: planning('8'), env: given.env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(warningsOf(step)).toEqual([expect.stringMatching(/did not answer in time/)])
    expect(step.durationMs).toBeLessThan(20_000)
  })
})

describe('a cancel', () => {
  testWithSignals('of the run leaves the comment out', async () => {
    const polled = arrivalAt(given.kupe.simulator, { method: 'GET', nth: 2 })
    const running = startStep({ inputs: { ...given.kupe.inputs, version: '1.32', comment: 'true' }, env: given.env })
    await polled
    const step = await running.end('SIGINT')
    expect(step.outputs.result).toBe('cancelled')
    expectPrompt(step)
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
      const running = startStep({ inputs: planning('8'), env: given.env })
      await asked
      const step = await running.end('SIGINT')
      expect(step.code).toBe(0)
      expect(step.outputs.result).toBe('planned')
      expectPrompt(step)
      expect(callsOf(tests.github)).toEqual([LIST, CREATE])
    })
  }
})
