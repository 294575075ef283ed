import { describe, expect, test } from '@jest/globals'
import nock from 'nock'
import { CancelledError } from '../../src/errors.js'
import { createGitHub, type Repository } from '../../src/github/client.js'
import { writeComment } from '../../src/github/comment.js'
import { type CommentContent, type CommentIdentity, toMarker } from '../../src/github/marker.js'
import { VirtualClock } from '../support/clock.js'
import { useNock } from '../support/nock.js'

const API = 'https://api.github.example'
const TOKEN = 'ghs_0123456789abcdef'
const repository: Repository = {
  apiUrl: API,
  graphqlUrl: `${API}/graphql`,
  owner: 'acme',
  name: 'infra',
  token: TOKEN,
}
const identity: CommentIdentity = {
  tenant: 'acme',
  cluster: 'production',
  workflow: 'Plan',
  job: 'plan',
  step: '__self',
}
const PLAN: CommentContent = { kind: 'plan', digest: '0123456789abcdef' }
const RESULT: CommentContent = { kind: 'result' }
const COMMENTS = '/repos/acme/infra/issues/7/comments'
const EDIT = (id: number) => `/repos/acme/infra/issues/comments/${id}`
const ME = 'github-actions[bot]'
const { prefix, line } = toMarker(identity, PLAN)
const BODY = `${line}\nnew`
const OLD = `${prefix}${'0'.repeat(64)} fedcba9876543210 -->\nold`

useNock()

const github = () => nock(API, { reqheaders: { authorization: `token ${TOKEN}` } })
const comment = (id: number, body: string | undefined, login: string | null = ME) => ({
  id,
  ...(body === undefined ? {} : { body }),
  user: login === null ? null : { login },
})
const lists = (comments: object[], times = 1) =>
  void github().get(COMMENTS).query({ per_page: 100, page: 1 }).times(times).reply(200, comments)
const tells = (login = ME) =>
  void github()
    .post('/graphql', { query: 'query { viewer { login } }' })
    .reply(200, { data: { viewer: { login } } })
const creates = (status = 201, headers = {}) =>
  void github().post(COMMENTS, { body: BODY }).reply(status, { message: 'Oops' }, headers)
const edits = (id: number, status = 200, headers = {}) =>
  void github().patch(EDIT(id), { body: BODY }).reply(status, { message: 'Oops' }, headers)

async function write({
  mayCreate = true,
  clock = new VirtualClock(),
  cancelled = new AbortController().signal,
}: {
  mayCreate?: boolean
  clock?: VirtualClock
  cancelled?: AbortSignal
} = {}): Promise<string> {
  const client = await createGitHub(repository, { clock, cancelled, redact: (text) => text, limitMs: 60_000 })
  try {
    return await writeComment(client, { pullRequest: 7, prefix, body: BODY, mayCreate })
  } catch (error) {
    if (error instanceof CancelledError) return 'cancelled'
    return error instanceof Error ? error.message : String(error)
  }
}

describe('the marker', () => {
  test('is one hidden line, with the digest of a plan behind what finds the comment again', () => {
    expect(line).toMatch(/^<!-- kupe-cluster-action plan [0-9a-f]{64} [0-9a-f]{64} 0123456789abcdef -->$/)
    expect(line.startsWith(prefix)).toBe(true)
    expect(line.length).toBeLessThan(200)
    expect(toMarker(identity, { kind: 'plan' })).toEqual({
      prefix,
      line: line.replace('0123456789abcdef', 'none'),
    })
  })

  test.each(['tenant', 'cluster', 'workflow', 'job', 'step'] as const)('is another one for another %s', (name) => {
    const other = toMarker({ ...identity, [name]: 'other' }, PLAN)
    expect(other.prefix).not.toBe(prefix)
  })

  test('is another one for a result than for a plan', () => {
    const result = toMarker(identity, RESULT)
    expect(result.line).toMatch(/^<!-- kupe-cluster-action result [0-9a-f]{64} -->$/)
    expect(line.startsWith(result.prefix)).toBe(false)
  })

  test('is not ended by a name', () => {
    expect(toMarker({ ...identity, workflow: '-->' }, PLAN).line).toMatch(/^<!--[^>]*-->$/)
  })
})

describe('the comment on a pull request', () => {
  test('is made where there is none of ours, and nobody is asked who we are', async () => {
    lists([comment(1, 'LGTM'), comment(2, undefined)])
    creates()
    expect(await write()).toBe('written')
  })

  test('is updated where there is one, whatever plan it showed', async () => {
    lists([comment(1, 'LGTM'), comment(2, OLD)])
    tells()
    edits(2)
    expect(await write()).toBe('written')
  })

  test.each([
    ['a stranger’s', OLD, 'mallory'],
    ['that of an account that is gone', OLD, null],
    ['a quotation of ours by ourselves', `> ${OLD}`, ME],
    ['ours further down in another comment of ours', `See:\n${OLD}`, ME],
    ['that of another step', toMarker({ ...identity, step: 'second' }, PLAN).line, ME],
    ['a result of the same step', toMarker(identity, RESULT).line, ME],
  ])('is not %s', async (_, body, login) => {
    lists([comment(1, body, login)])
    if (body === OLD) tells()
    creates()
    expect(await write()).toBe('written')
  })

  test('is the newest of two that were made at the same moment', async () => {
    lists([comment(1, OLD), comment(2, OLD), comment(3, OLD, 'mallory')])
    tells()
    edits(2)
    expect(await write()).toBe('written')
  })

  test('is found on the last page', async () => {
    const next = (page: number) => ({ link: `<${API}${COMMENTS}?page=${page}>; rel="next", <x>; rel="last"` })
    github()
      .get(COMMENTS)
      .query({ per_page: 100, page: 1 })
      .reply(200, [comment(1, 'x')], next(2))
    github().get(COMMENTS).query({ per_page: 100, page: 2 }).reply(502)
    github()
      .get(COMMENTS)
      .query({ per_page: 100, page: 2 })
      .reply(200, [comment(2, 'x')], next(3))
    github()
      .get(COMMENTS)
      .query({ per_page: 100, page: 3 })
      .reply(200, [comment(9, OLD)], { link: '<x>; rel="first"' })
    tells()
    edits(9)
    expect(await write()).toBe('written')
  })

  test.each([404, 410, 403, 422])('answered %i when it is edited is followed by a new one', async (status) => {
    lists([comment(2, OLD)])
    tells()
    edits(2, status)
    creates()
    expect(await write()).toBe('written')
  })

  test('with nothing to say is not made, but one that is there is updated', async () => {
    lists([comment(1, 'LGTM')])
    expect(await write({ mayCreate: false })).toBe('not-needed')
    lists([comment(1, OLD)])
    tells()
    edits(1)
    expect(await write({ mayCreate: false })).toBe('written')
  })

  test('with nothing to say is not made anew where it is gone, but where it cannot be edited', async () => {
    lists([comment(1, OLD)])
    tells()
    edits(1, 404)
    expect(await write({ mayCreate: false })).toBe('not-needed')
    lists([comment(1, OLD)])
    tells()
    edits(1, 403)
    creates()
    expect(await write({ mayCreate: false })).toBe('written')
  })

  test('that may have been created is looked for before it is created again', async () => {
    lists([])
    creates(502)
    lists([comment(4, BODY)])
    tells()
    edits(4)
    expect(await write()).toBe('written')
    lists([])
    creates(502)
    lists([])
    creates()
    expect(await write()).toBe('written')
  })

  test('that cannot be edited is not tried again where its new one fails once', async () => {
    lists([comment(2, OLD)])
    tells()
    edits(2, 403)
    creates(502)
    lists([comment(2, OLD)])
    creates()
    expect(await write()).toBe('written')
  })

  test('is not taken for ours where GitHub does not say who we are', async () => {
    lists([comment(1, OLD)])
    github()
      .post('/graphql')
      .reply(200, { errors: [{ message: 'no' }] })
    expect(await write()).toMatch(/whom github-token belongs to/)
  })
})

describe('a call that fails', () => {
  const PASSING: [number, Record<string, string>][] = [
    [500, {}],
    [503, {}],
    [403, { 'retry-after': '3' }],
    [429, {}],
  ]
  test.each(PASSING)('%i %j is repeated twice', async (status, headers) => {
    const clock = new VirtualClock()
    lists([comment(2, OLD)])
    tells()
    edits(2, status, headers)
    edits(2, status, headers)
    edits(2)
    expect(await write({ clock })).toBe('written')
    expect(clock.slept).toEqual('retry-after' in headers ? [3_000, 3_000] : [375, 750])
  })

  test.each(PASSING)('%i %j is not repeated a third time', async (status, headers) => {
    for (let times = 0; times < 3; times++) {
      lists([])
      creates(status, headers)
    }
    expect(await write()).toMatch(status >= 500 ? `GitHub answered ${status}` : /no more calls for now/)
  })

  test.each([
    [401, {}, /does not accept github-token: it has expired, or is none \(401 Oops\)/],
    [403, {}, /github-token may not do this \(403 Oops\)/],
    [403, { 'x-ratelimit-remaining': '0' }, /no more calls for now/],
    [404, {}, /shows github-token no such thing/],
    [422, {}, /refused it \(422 Oops\)/],
  ])('%i %j is told at once', async (status, headers, words) => {
    lists([])
    creates(status, headers)
    expect(await write()).toMatch(words)
  })

  test('with a whole page of words shows none of them', async () => {
    lists([])
    for (let times = 0; times < 3; times++) {
      github().post(COMMENTS).reply(502, '<html>forged</html>', { 'content-type': 'text/html' })
      if (times < 2) lists([])
    }
    expect(await write()).toBe('GitHub answered 502')
  })

  test('for want of a connection is repeated', async () => {
    github().get(COMMENTS).query(true).replyWithError('socket hang up')
    lists([])
    creates()
    expect(await write()).toBe('written')
  })

  test('is not repeated beyond a minute in all', async () => {
    const clock = new VirtualClock()
    lists([])
    creates(403, { 'retry-after': '40' })
    lists([])
    creates(403, { 'retry-after': '40' })
    expect(await write({ clock })).toMatch(/no more calls/)
    expect(clock.slept).toEqual([40_000])
    lists([])
    creates(403, { 'retry-after': '60' })
    expect(await write()).toMatch(/no more calls/)
  })

  test('since the run was cancelled is not repeated, though octokit makes a 500 of it', async () => {
    const cancellation = new AbortController()
    github()
      .get(COMMENTS)
      .query(true)
      .reply(200, () => {
        cancellation.abort()
        return []
      })
    expect(await write({ cancelled: cancellation.signal })).toBe('cancelled')
  })

  test('at the moment of a cancel is not repeated either', async () => {
    const clock = new VirtualClock({ cancelAtMs: 100 })
    lists([])
    creates(502)
    expect(await write({ clock })).toBe('cancelled')
  })
})

test('an empty token is told before anything is asked', async () => {
  const clock = new VirtualClock()
  const surroundings = { clock, cancelled: new AbortController().signal, redact: String, limitMs: 60_000 }
  const created = createGitHub({ ...repository, token: '' }, surroundings)
  await expect(created).rejects.toThrow('github-token is empty')
})

test('half a secret does not stay where GitHub’s words are cut off', async () => {
  const clock = new VirtualClock()
  const secret = 'S'.repeat(40)
  const redact = (text: string) => text.replaceAll(secret, '***')
  const client = await createGitHub(repository, {
    clock,
    cancelled: new AbortController().signal,
    redact,
    limitMs: 60_000,
  })
  github()
    .get(COMMENTS)
    .query(true)
    .reply(422, { message: `${'x'.repeat(280)}${secret}` })
  await expect(client.listComments(7)).rejects.toThrow(/x\*\*\*/)
})
