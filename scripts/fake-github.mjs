// The few calls of GitHub's API that this action makes, with a memory: for the tests, and for the examples in act. Node's own
// modules only.
import { createServer } from 'node:http'

/** Who a job's own token belongs to. */
export const ACTIONS_BOT = 'github-actions[bot]'
const PAGE = 100

/**
 * Comments of pull requests, merged pull requests and the names of tokens. `faults` are answered first, each so many `times`;
 * what a fault's `meanwhile` does happens before its answer, or before the usual one where it has none.
 */
export class FakeGitHub {
  requests = []
  comments = []
  pullRequests = []
  faults = []
  /** What the job's token may do: `write`, `read` or `none`. */
  permission = 'write'
  /** When everything happens that happens now. */
  now = '2026-03-01T12:00:00Z'

  /** `tokens` says whom each token belongs to; any other is not accepted. */
  constructor(tokens) {
    this.tokens = tokens
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy())
    })
  }

  /** Listens on a free port of this machine; gives the address. */
  async open() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${this.server.address().port}`
  }

  close() {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(resolve))
  }

  addComment({ pullRequest, body, author = ACTIONS_BOT, at = this.now }) {
    const id = (this.comments.at(-1)?.id ?? 0) + 1
    this.comments.push({ id, pullRequest, body, author, updatedAt: at })
    return id
  }

  /** A pull request that was merged; `commit: 'any'` is for those who do not know which commit a run will be for. */
  addMerged({ number, commit, base = 'main', at = this.now }) {
    this.pullRequests.push({ number, commit, base, mergedAt: at })
  }

  /** The texts of the comments on a pull request. */
  bodiesOf(pullRequest) {
    return this.comments.filter((comment) => comment.pullRequest === pullRequest).map(({ body }) => body)
  }

  async handle(request, response) {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const { method, url, headers } = request
    const { pathname, searchParams } = new URL(url, 'http://localhost')
    const call = `${method} ${pathname}`
    const token = headers.authorization?.replace(/^token /, '')
    const body = text === '' ? undefined : JSON.parse(text)
    this.requests.push({ call, method, path: pathname, body, token })
    const answer = (status, content, more = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...more }).end(JSON.stringify(content))
    }
    const fault = this.faults.find((one) => one.times > 0 && one.call.test(call))
    if (fault !== undefined) {
      fault.times -= 1
      fault.meanwhile?.(this)
      if (fault.hang) return
      if (fault.isDone) this.answer({ method, pathname, searchParams, body, token }, () => {})
      if (fault.status !== undefined) return answer(fault.status, fault.body ?? { message: 'Oops' }, fault.headers)
    }
    this.answer({ method, pathname, searchParams, body, token, address: `http://${headers.host}` }, answer)
  }

  answer({ method, pathname, searchParams, body, token, address }, answer) {
    const viewer = this.tokens[token]
    if (viewer === undefined) return answer(401, { message: 'Bad credentials' })
    if (/\/graphql$/.test(pathname)) return answer(200, { data: { viewer: { login: viewer } } })
    const isRead = method === 'GET'
    if (this.permission === 'none' || (this.permission === 'read' && !isRead)) {
      return answer(403, { message: 'Resource not accessible by integration' })
    }
    const [, pullRequest] = /\/issues\/(\d+)\/comments$/.exec(pathname) ?? []
    if (pullRequest !== undefined && isRead) {
      const all = this.comments.filter((comment) => comment.pullRequest === Number(pullRequest)).map(toComment)
      return answerPage(all, { pathname, searchParams, address }, answer)
    }
    if (pullRequest !== undefined && method === 'POST') {
      if (body.body.length > 65_536) return answer(422, { message: 'Validation Failed' })
      const id = this.addComment({ pullRequest: Number(pullRequest), body: body.body, author: viewer })
      return answer(201, { id })
    }
    const [, id] = /\/issues\/comments\/(\d+)$/.exec(pathname) ?? []
    if (id !== undefined && method === 'PATCH') {
      const comment = this.comments.find((one) => one.id === Number(id))
      if (comment === undefined) return answer(404, { message: 'Not Found' })
      if (comment.author !== viewer || comment.isFixed) return answer(403, { message: 'You may not edit this comment' })
      Object.assign(comment, { body: body.body, updatedAt: this.now })
      return answer(200, { id: comment.id })
    }
    const [, commit] = /\/commits\/([^/]+)\/pulls$/.exec(pathname) ?? []
    if (commit !== undefined && isRead) {
      const linked = this.pullRequests.filter((one) => one.commit === commit || one.commit === 'any')
      return answerPage(
        linked.map((one) => toPullRequest(one, commit)),
        { pathname, searchParams, address },
        answer,
      )
    }
    return answer(404, { message: 'Not Found' })
  }
}

function toComment({ id, body, author, updatedAt }) {
  return { id, body, user: author === null ? null : { login: author }, updated_at: updatedAt }
}

/** As GitHub links them: the ones whose branch has the commit, merged or not. */
function toPullRequest({ number, base, mergedAt, mergeCommit }, commit) {
  return { number, merged_at: mergedAt, merge_commit_sha: mergeCommit ?? commit, base: { ref: base } }
}

function answerPage(all, { pathname, searchParams, address }, answer) {
  const page = Number(searchParams.get('page') ?? 1)
  const shown = all.slice((page - 1) * PAGE, page * PAGE)
  const next = page * PAGE < all.length ? { link: `<${address}${pathname}?page=${page + 1}>; rel="next"` } : {}
  answer(200, shown, next)
}
