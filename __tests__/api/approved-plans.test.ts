import { describe, expect, test } from '@jest/globals'
import { GITHUB_TOKEN } from '../../scripts/runner-environment.mjs'
import type { Approval } from '../../src/domain/approval.js'
import { CancelledError } from '../../src/errors.js'
import { toMarker } from '../../src/github/marker.js'
import { commentOnPullRequest, findApprovedPlans } from '../../src/github/on-demand.js'
import { VirtualClock } from '../support/clock.js'
import {
  ACTIONS_BOT,
  BEFORE_MERGE,
  COMMIT,
  callsOf,
  fail,
  MERGED_AT,
  NUMBER,
  OTHER_TOKEN,
  useGitHub,
} from '../support/github.js'

const tests = useGitHub()

const DIGEST = '0123456789abcdef'
const OTHER_DIGEST = 'fedcba9876543210'
const FOUND = { kind: 'found', pullRequest: NUMBER, digests: [DIGEST] }
const PULLS = `GET /commits/${COMMIT}/pulls`
const LIST = `GET /issues/${NUMBER}/comments`
const VIEWER = 'POST /graphql'

interface Of {
  readonly cluster?: string
  readonly step?: string
  readonly digest?: string
}

/** The text of a comment that shows a plan. */
function planComment({ cluster = 'production', step = '__self', digest }: Of = {}): string {
  const identity = { tenant: 'acme', cluster, workflow: 'Cluster', job: 'plan', step }
  const { line } = toMarker(identity, { kind: 'plan', ...(digest === undefined ? {} : { digest }) })
  return `${line}\n## Plan`
}

/** A merged pull request with a comment that shows a plan. */
function merge({ number = NUMBER, body = planComment({ digest: DIGEST }) } = {}): void {
  tests.github.addMerged({ number, commit: COMMIT, at: MERGED_AT })
  tests.github.addComment({ pullRequest: number, body, at: BEFORE_MERGE })
}

const surroundings = () => ({
  clock: new VirtualClock(),
  cancelled: new AbortController().signal,
  redact: (text: string) => text.replaceAll(GITHUB_TOKEN, '***'),
})

async function find(
  env: Record<string, string> = tests.push(),
  { token = GITHUB_TOKEN, limitMs = 60_000 } = {},
): Promise<Approval> {
  return findApprovedPlans({ env, token, tenant: 'acme', cluster: 'production' }, { ...surroundings(), limitMs })
}

describe('the plans that a merged pull request showed', () => {
  test('are those of its comments, after a push', async () => {
    merge()
    tests.github.addComment({ pullRequest: NUMBER, body: 'LGTM', author: 'octocat', at: BEFORE_MERGE })
    expect(await find()).toEqual(FOUND)
    expect(callsOf(tests.github)).toEqual([PULLS, LIST, VIEWER])
  })

  test('are those of the event’s pull request, where that was merged', async () => {
    merge()
    const merged = { number: NUMBER, merged: true, merged_at: MERGED_AT }
    expect(await find(tests.event('pull_request', { action: 'closed', pull_request: merged }))).toEqual(FOUND)
    expect(callsOf(tests.github)).toEqual([LIST, VIEWER])
  })

  test('are found without the address of GraphQL, beside that of REST', async () => {
    merge()
    const { GITHUB_GRAPHQL_URL: _, ...env } = tests.push()
    expect(await find(env)).toEqual(FOUND)
    expect(tests.github.requests.map(({ path }) => path)).toContain('/api/graphql')
  })

  test('are looked for on all pages', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT, at: MERGED_AT })
    for (let count = 0; count < 230; count++) tests.github.addComment({ pullRequest: NUMBER, body: 'x' })
    tests.github.addComment({ pullRequest: NUMBER, body: planComment({ digest: DIGEST }), at: BEFORE_MERGE })
    expect(await find()).toEqual(FOUND)
    expect(callsOf(tests.github)).toEqual([PULLS, LIST, LIST, LIST, VIEWER])
  })

  test('are those of all steps, for this cluster', async () => {
    merge()
    const at = BEFORE_MERGE
    tests.github.addComment({ pullRequest: NUMBER, body: planComment({ step: 'b', digest: OTHER_DIGEST }), at })
    tests.github.addComment({
      pullRequest: NUMBER,
      body: planComment({ cluster: 'staging', digest: 'a'.repeat(16) }),
      at,
    })
    expect(await find()).toEqual({ ...FOUND, digests: [DIGEST, OTHER_DIGEST] })
  })

  test('are the newest of two comments for the same step, which is the one kept up to date', async () => {
    merge({ body: planComment({ digest: OTHER_DIGEST }) })
    tests.github.addComment({ pullRequest: NUMBER, body: planComment({ digest: DIGEST }), at: BEFORE_MERGE })
    expect(await find()).toEqual(FOUND)
  })

  test('at the very second of the merge count', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT, at: MERGED_AT })
    tests.github.addComment({ pullRequest: NUMBER, body: planComment({ digest: DIGEST }), at: MERGED_AT })
    expect(await find()).toEqual(FOUND)
  })

  test('are found though GitHub answers 502 once to everything', async () => {
    merge()
    for (const call of [/pulls/, /comments/, /graphql/]) fail(tests.github, call, 502)
    expect(await find()).toEqual(FOUND)
  })
})

describe('no approved plan is found', () => {
  const none = async (words: RegExp, env?: Record<string, string>) =>
    expect(await find(env)).toEqual({ kind: 'not-found', message: expect.stringMatching(words) })

  test('in a pull request of a fork, which has no comment', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT })
    await none(/#7 has no comment with a plan for this cluster/)
    expect(callsOf(tests.github)).toEqual([PULLS, LIST])
  })

  test('in a comment of a stranger that begins with our marker', async () => {
    merge({ body: 'LGTM' })
    const body = planComment({ digest: DIGEST })
    tests.github.addComment({ pullRequest: NUMBER, body, author: 'mallory', at: BEFORE_MERGE })
    tests.github.addComment({ pullRequest: NUMBER, body, author: null, at: BEFORE_MERGE })
    await none(/by someone else than github-token belongs to/)
  })

  test.each([
    ['as a quotation', `> ${planComment({ digest: DIGEST })}`],
    ['after a line of the bot’s own', `octocat said:\n${planComment({ digest: DIGEST })}`],
    ['with something behind it', planComment({ digest: DIGEST }).replace('\n', ' x\n')],
  ])('where a bot quotes our marker %s', async (_, body) => {
    merge({ body })
    await none(/has no comment with a plan/)
  })

  test('where the comment is by another identity than this token’s', async () => {
    merge()
    expect(await find(tests.push(), { token: OTHER_TOKEN })).toEqual({
      kind: 'not-found',
      message: expect.stringMatching(/by someone else/),
    })
  })

  test('for another cluster', async () => {
    merge({ body: planComment({ cluster: 'staging', digest: DIGEST }) })
    await none(/has no comment with a plan for this cluster/)
  })

  test('where the comment tells how a run ended', async () => {
    const identity = { tenant: 'acme', cluster: 'production', workflow: 'Cluster', job: 'plan', step: '__self' }
    merge({ body: toMarker(identity, { kind: 'result' }).line })
    await none(/has no comment with a plan/)
  })

  test('where the comment says why there is no plan', async () => {
    merge({ body: planComment() })
    await none(/says why there is no plan/)
  })

  test('where the comment was changed after the merge, when nobody could approve it any more', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT, at: MERGED_AT })
    tests.github.addComment({ pullRequest: NUMBER, body: planComment({ digest: DIGEST }), at: '2026-03-01T11:00:01Z' })
    await none(/changed after the merge/)
  })

  test('where several pull requests were merged by this commit', async () => {
    merge()
    merge({ number: 8 })
    await none(/several merged pull requests: #7, #8/)
  })

  test.each(['workflow_dispatch', 'schedule', 'merge_group', 'issue_comment'])('in a run of %s', async (name) => {
    merge()
    await none(new RegExp(`event ${name} is not that of a merge`), tests.event(name, { issue: {} }))
    expect(tests.github.requests).toEqual([])
  })

  test('before the merge', async () => {
    merge()
    const env = tests.event('pull_request', { action: 'synchronize', pull_request: { number: NUMBER } })
    await none(/event pull_request is not that of a merge/, env)
  })

  test('after a push of a tag', async () => {
    merge()
    await none(/event push is not/, tests.push({ GITHUB_REF: 'refs/tags/v1' }))
  })
})

describe('no pull request is named yet', () => {
  const unlinked = async () =>
    expect(await find()).toEqual({
      kind: 'unlinked',
      message: expect.stringMatching(/no merged pull request for commit c0ffee0 of main: was it pushed directly/),
    })

  test('after a direct push, or before GitHub links the two', async () => {
    await unlinked()
    expect(callsOf(tests.github)).toEqual([PULLS])
  })

  test('where this commit belongs to one that is not merged', async () => {
    tests.github.pullRequests.push({ number: NUMBER, commit: COMMIT, base: 'main', mergedAt: null })
    await unlinked()
  })

  test('where it was merged by another commit: this one is only in its branch', async () => {
    const other = 'd'.repeat(40)
    tests.github.pullRequests.push({
      number: NUMBER,
      commit: COMMIT,
      base: 'main',
      mergedAt: MERGED_AT,
      mergeCommit: other,
    })
    await unlinked()
  })

  test('where it was merged into another branch', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT, base: 'develop' })
    await unlinked()
  })

  test('where GitHub does not know the commit yet', async () => {
    fail(tests.github, /pulls/, 422, { body: { message: 'No commit found for SHA' } })
    await unlinked()
  })
})

describe('what was approved cannot be read', () => {
  test.each([
    ['GitHub is down', () => fail(tests.github, /pulls/, 503, { times: 3 }), 'GitHub answered 503', undefined],
    [
      'it is down for the comments',
      () => fail(tests.github, /comments/, 500, { times: 3 }),
      'GitHub answered 500',
      undefined,
    ],
    [
      'it does not say who we are',
      () => fail(tests.github, /graphql/, 502, { times: 3 }),
      'GitHub answered 502',
      undefined,
    ],
    [
      'the permission is missing',
      () => {
        tests.github.permission = 'none'
      },
      'github-token may not do this (403 Resource not accessible by integration)',
      /grant|Give the job the permission pull-requests: read/,
    ],
    [
      'the token has expired',
      () => {
        fail(tests.github, /pulls/, 401, { body: { message: `Bad credentials ${GITHUB_TOKEN}` } })
      },
      'GitHub does not accept github-token: it has expired, or is none (401 Bad credentials ***)',
      /Give a github-token that is valid/,
    ],
    [
      'there are too many calls',
      () => fail(tests.github, /pulls/, 403, { headers: { 'retry-after': '3600' } }),
      'GitHub allows no more calls for now (403 Oops)',
      undefined,
    ],
  ])('where %s', async (_, arrange, message, hint) => {
    merge()
    arrange()
    expect(await find()).toEqual({
      kind: 'unreadable',
      message,
      ...(hint === undefined ? {} : { hint: expect.stringMatching(hint) }),
    })
  })

  test('where there is no token', async () => {
    expect(await find(tests.push(), { token: '' })).toMatchObject({
      kind: 'unreadable',
      message: 'github-token is empty',
    })
  })

  test('where the event is no JSON', async () => {
    const approval = await find(tests.event('push', '{'))
    expect(approval).toEqual({
      kind: 'unreadable',
      message: 'the run’s event cannot be read: its file is no JSON',
      hint: expect.stringMatching(/^Open a new pull request.*workflow_dispatch with expected-plan: none\.$/),
    })
  })

  test('where GitHub never answers', async () => {
    merge()
    tests.github.faults.push({ call: /comments/, times: 9, hang: true })
    expect(await find(tests.push(), { limitMs: 200 })).toMatchObject({ message: 'GitHub did not answer in time' })
    expect(callsOf(tests.github)).toEqual([PULLS, LIST])
  })
})

test('a cancel ends the look at once, and is no answer', async () => {
  const cancellation = new AbortController()
  tests.github.faults.push({ call: /pulls/, times: 9, hang: true, meanwhile: () => cancellation.abort() })
  const request = { env: tests.push(), token: GITHUB_TOKEN, tenant: 'acme', cluster: 'production' }
  const looked = findApprovedPlans(request, { ...surroundings(), cancelled: cancellation.signal, limitMs: 60_000 })
  await expect(looked).rejects.toBeInstanceOf(CancelledError)
  expect(callsOf(tests.github)).toEqual([PULLS])
})

describe('a plan made after the merge', () => {
  const comment = (env: Record<string, string>) =>
    commentOnPullRequest(
      {
        env,
        token: GITHUB_TOKEN,
        tenant: 'acme',
        cluster: 'production',
        plan: { digest: DIGEST },
        mayCreate: true,
        text: 'late',
      },
      surroundings(),
    )

  test('approves nothing, and leaves the approved one as it is', async () => {
    merge({ body: planComment({ digest: OTHER_DIGEST }) })
    expect(await comment(tests.push())).toBe('written')
    expect(tests.github.bodiesOf(NUMBER)).toEqual([
      planComment({ digest: OTHER_DIGEST }),
      expect.stringMatching(/^<!-- kupe-cluster-action result .*\nlate$/),
    ])
    expect(await find()).toEqual({ ...FOUND, digests: [OTHER_DIGEST] })
  })

  test('approves nothing from a comment on the merged pull request either', async () => {
    tests.github.addMerged({ number: NUMBER, commit: COMMIT, at: MERGED_AT })
    const env = tests.event('issue_comment', { issue: { number: NUMBER, pull_request: {} } })
    expect(await comment(env)).toBe('written')
    expect(tests.github.comments.map(({ author }) => author)).toEqual([ACTIONS_BOT])
    expect(await find()).toMatchObject({ kind: 'not-found' })
  })
})
