import { describe, expect, test } from '@jest/globals'
import { ACTIONS_BOT, callsOf, fail, NUMBER } from '../support/github.js'
import { runStep } from '../support/process.js'
import { CREATE, EDIT, LIST, usePullRequest, VIEWER } from '../support/pull-requests.js'

const given = usePullRequest()
const { tests, planning, bodies } = given

describe('a comment meets', () => {
  const markerAfter = async () => {
    await runStep({ inputs: planning('8'), env: given.env })
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
    await runStep({ inputs: planning('6'), env: given.env })
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
    const step = await runStep({ inputs: planning('6'), env: given.env })
    expect(step.warnings).toEqual([])
    expect(bodies().at(-1)).toContain('4 → 6')
    expect(callsOf(tests.github).at(-1)).toBe(CREATE)
  })

  test('a 502, once for each call', async () => {
    await markerAfter()
    for (const call of [/GET/, /graphql/, /PATCH/]) fail(tests.github, call, 502)
    const step = await runStep({ inputs: planning('6'), env: given.env })
    expect(step.warnings).toEqual([])
    expect(bodies()).toEqual(['LGTM', expect.stringContaining('4 → 6')])
  })

  test('a 502 to a creation that was done: there is one comment, not two', async () => {
    fail(tests.github, /POST/, 502, { isDone: true })
    const step = await runStep({ inputs: planning('8'), env: given.env })
    expect(step.warnings).toEqual([])
    expect(bodies()).toHaveLength(2)
    expect(callsOf(tests.github)).toEqual([LIST, CREATE, LIST, VIEWER, EDIT(2)])
  })
})
