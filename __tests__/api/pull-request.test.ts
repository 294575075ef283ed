import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { originOf } from '../../src/github/pull-request.js'

const PUSH = { GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/release/1.x', GITHUB_SHA: 'abc' }
const PARTS = ['pull_request', 'issue', 'workflow_run', 'pull_requests', 'repository', 'base', 'repo', 'id', 'number']
const linked = (number: number, repo = 1) => ({ number, base: { repo: { id: repo } } })

describe('the pull request of an event', () => {
  test.each([
    ['of one', { pull_request: { number: 7 } }, 7],
    ['of one that was closed without a merge', { action: 'closed', pull_request: { number: 7, merged: false } }, 7],
    [
      'of one that was merged, but about something else',
      { action: 'labeled', pull_request: { number: 7, merged: true } },
      7,
    ],
    ['of a comment on one', { issue: { number: 8, pull_request: {} } }, 8],
    ['of a comment on an issue', { issue: { number: 8 } }, undefined],
    ['of a comment on an issue, as some servers say it', { issue: { number: 8, pull_request: null } }, undefined],
    ['of a workflow that ran for one', { workflow_run: { pull_requests: [linked(9)] } }, 9],
    ['of a workflow that ran for none', { workflow_run: { pull_requests: [] } }, undefined],
    [
      'of a workflow whose branch is a pull request elsewhere, too',
      { workflow_run: { pull_requests: [linked(3, 2), linked(9)] }, repository: { id: 1 } },
      9,
    ],
    ['whose number is none', { pull_request: { number: 'seven' } }, undefined],
    ['of a push, as another event says it', { ref: 'refs/heads/main' }, undefined],
    ['without a payload', undefined, undefined],
    ['whose workflow is null', { workflow_run: null }, undefined],
    ['whose workflow has no list', { workflow_run: { pull_requests: null } }, undefined],
    ['whose workflow has null in its list', { workflow_run: { pull_requests: [null] } }, undefined],
    [
      'whose linked pull request has no base',
      { workflow_run: { pull_requests: [{ number: 9, base: null }] }, repository: { id: 1 } },
      9,
    ],
    [
      'whose pull request is null, but that is of a comment',
      { pull_request: null, issue: { number: 8, pull_request: {} } },
      8,
    ],
    ['whose every part is null', { pull_request: null, issue: null, workflow_run: null, repository: null }, undefined],
  ])('%s', (_, event, number) => {
    expect(originOf(event, {})).toEqual(number === undefined ? { kind: 'none' } : { kind: 'pull-request', number })
  })

  test('of a workflow that ran for several is not known', () => {
    expect(originOf({ workflow_run: { pull_requests: [linked(1), linked(2)] } }, {})).toEqual({ kind: 'several' })
  })

  test('of its own merge', () => {
    const merged = { number: 7, merged: true, merged_at: '2026-03-01T11:00:00Z' }
    expect(originOf({ action: 'closed', pull_request: merged }, {})).toEqual({
      kind: 'merged',
      number: 7,
      mergedAt: '2026-03-01T11:00:00Z',
    })
  })
})

test('whatever an event is, its pull request is known or not', () => {
  const part = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.record(Object.fromEntries(PARTS.map((name) => [name, tie('value')])), { requiredKeys: [] }),
    ),
  })).value
  fc.assert(
    fc.property(part, (event) => {
      expect(['pull-request', 'merged', 'several', 'none']).toContain(originOf(event, {}).kind)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a branch', PUSH, { kind: 'push', commit: 'abc', branch: 'release/1.x' }],
  ['a tag', { ...PUSH, GITHUB_REF: 'refs/tags/v1' }, { kind: 'none' }],
  ['no commit', { ...PUSH, GITHUB_SHA: '' }, { kind: 'none' }],
])('a push of %s', (_, env, origin) => {
  expect(originOf({ ref: env.GITHUB_REF }, env)).toEqual(origin)
})
