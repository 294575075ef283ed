import { describe, expect, test } from '@jest/globals'
import nock from 'nock'
import { type CommentTarget, pullRequestOf, writeComment } from '../../src/report/pull-request.js'
import { useNock } from '../support/nock.js'

const API = 'https://api.github.example'
const TOKEN = 'ghs_0123456789abcdef'
const target: CommentTarget = {
  apiUrl: API,
  owner: 'acme',
  repository: 'infra',
  pullRequest: 7,
  identity: ['acme', 'production', 'Plan', 'plan'],
}
const COMMENTS = '/repos/acme/infra/issues/7/comments'

interface Sent {
  body: string
}

useNock()

/** Writes to a pull request that has these comments, and gives the request that wrote. */
async function write(
  comments: { id: number; body?: string }[],
  to: CommentTarget = target,
  text = 'the plan',
): Promise<Sent & { path: string }> {
  const seen: (Sent & { path: string })[] = []
  const take = (path: string) => (body: Sent) => seen.push({ ...body, path }) > 0
  nock(API, { reqheaders: { authorization: `token ${TOKEN}` } })
    .get(COMMENTS)
    .query({ per_page: 100 })
    .reply(200, comments)
  const ours = comments.find(
    ({ body }) => body?.startsWith('<!-- kupe-cluster-action ') === true && body.endsWith('ours'),
  )
  if (ours === undefined) nock(API).post(COMMENTS, take('POST')).reply(201, {})
  else
    nock(API)
      .patch(`/repos/acme/infra/issues/comments/${ours.id}`, take(`PATCH ${ours.id}`))
      .reply(200, {})
  await writeComment(to, TOKEN, text, new AbortController().signal)
  return seen[0] ?? { body: '', path: 'none' }
}

async function markerOf(to: CommentTarget): Promise<string> {
  return (await write([], to)).body.split('\n')[0] ?? ''
}

describe('the comment on a pull request', () => {
  test('is made where there is none of ours, behind a hidden marker', async () => {
    const { body, path } = await write([{ id: 1, body: 'LGTM' }, { id: 2 }])
    expect(path).toBe('POST')
    expect(body).toMatch(/^<!-- kupe-cluster-action [0-9a-f]{64} -->\nthe plan$/)
  })

  test('is updated where there is one', async () => {
    const marker = await markerOf(target)
    const { body, path } = await write(
      [
        { id: 1, body: 'LGTM' },
        { id: 2, body: `${marker}\nours` },
      ],
      target,
      'a newer plan',
    )
    expect(path).toBe('PATCH 2')
    expect(body).toBe(`${marker}\na newer plan`)
  })

  test.each([0, 1, 2, 3])('is another one for another tenant, cluster, workflow or job (%i)', async (index) => {
    const other = { ...target, identity: target.identity.map((name, at) => (at === index ? `${name}2` : name)) }
    expect(await markerOf(other)).not.toBe(await markerOf(target))
  })

  test('names that could end the marker do not', async () => {
    expect(await markerOf({ ...target, identity: ['-->', 'x'] })).toMatch(/^<!-- kupe-cluster-action [0-9a-f]{64} -->$/)
  })

  test('somebody who quotes the marker is not taken for us', async () => {
    const marker = await markerOf(target)
    expect((await write([{ id: 3, body: `> ${marker}` }])).path).toBe('POST')
  })

  test('is found on a later page', async () => {
    const marker = await markerOf(target)
    const next = { link: `<${API}${COMMENTS}?per_page=100&page=2>; rel="next"` }
    nock(API)
      .get(COMMENTS)
      .query({ per_page: 100 })
      .reply(200, [{ id: 1, body: 'x' }], next)
    nock(API)
      .get(COMMENTS)
      .query({ per_page: 100, page: 2 })
      .reply(200, [{ id: 9, body: `${marker}\nold` }])
    let updated = ''
    nock(API)
      .patch('/repos/acme/infra/issues/comments/9', (sent: Sent) => {
        updated = sent.body
        return true
      })
      .reply(200, {})
    await writeComment(target, TOKEN, 'new', new AbortController().signal)
    expect(updated).toBe(`${marker}\nnew`)
  })

  test('fits what GitHub takes', async () => {
    const { body } = await write([], target, 'a line of the plan\n'.repeat(10_000))
    expect(body.length).toBeLessThan(65_536)
    expect(body).toMatch(/\(cut off here\)\n$/)
  })

  test('throws where GitHub refuses', async () => {
    nock(API).get(COMMENTS).query({ per_page: 100 }).reply(403, { message: 'Resource not accessible by integration' })
    await expect(writeComment(target, TOKEN, 'x', new AbortController().signal)).rejects.toThrow(/not accessible/)
  })
})

test.each([
  [{ pull_request: { number: 7 } }, 7],
  [{ issue: { number: 8, pull_request: {} } }, 8],
  [{ issue: { number: 8 } }, undefined],
  [{ pull_request: { number: 'seven' } }, undefined],
  [{ ref: 'refs/heads/main' }, undefined],
  [undefined, undefined],
])('the pull request of the event %j is %s', (event, number) => {
  expect(pullRequestOf(event)).toBe(number)
})
