import type { Clock } from '../clock.js'
import { retryDelayMs } from '../domain/backoff.js'
import { CancelledError } from '../errors.js'
import { GITHUB } from '../policy.js'
import type { Redact } from '../redact.js'
import { GitHubError, toGitHubError } from './github-error.js'

/** The repository whose pull requests are meant, and how to reach it. */
export interface Repository {
  /** REST root, GitHub's own or a GitHub Enterprise server's. */
  readonly apiUrl: string
  readonly graphqlUrl: string
  readonly owner: string
  readonly name: string
  readonly token: string
}

/** What every use of GitHub shares, and the ways in which its time ends. */
export interface Surroundings {
  readonly clock: Clock
  readonly cancelled: AbortSignal
  readonly redact: Redact
  /** How long everything that one client does may take, in milliseconds. */
  readonly limitMs: number
}

export interface Comment {
  readonly id: number
  readonly body: string
  /** Who wrote it; absent where that account is gone. */
  readonly author: string | undefined
  readonly updatedAt: string | undefined
}

export interface MergedPullRequest {
  readonly number: number
  readonly mergedAt: string
}

/** The few calls of GitHub's that this action makes. All throw `GitHubError`, or `CancelledError` as soon as the run is cancelled. */
export interface GitHub {
  /** All comments of a pull request, the oldest first. */
  listComments(pullRequest: number): Promise<readonly Comment[]>
  /** Never repeats itself: one that failed may have created the comment. */
  createComment(pullRequest: number, body: string): Promise<void>
  updateComment(id: number, body: string): Promise<void>
  /** The merged pull requests whose merge made this commit of this branch. */
  listMerged(commit: string, branch: string): Promise<readonly MergedPullRequest[]>
  /** Whom the token belongs to. App tokens may not ask REST's `/user`; GraphQL tells every one its own name. */
  findViewer(): Promise<string>
  /** Waits before something that failed is tried again; rethrows what must not be. `failures` counts from 1. */
  pauseBeforeRepeat(error: unknown, failures: number): Promise<void>
}

/**
 * The client of one repository. octokit is loaded only here: it is large, and parses the file of the run's event as it is loaded,
 * so that has to be read before.
 */
export async function createGitHub(repository: Repository, surroundings: Surroundings): Promise<GitHub> {
  const { owner, name: repo, token, apiUrl, graphqlUrl } = repository
  const { clock, cancelled, redact, limitMs } = surroundings
  const untilMs = clock.nowMs() + limitMs
  if (token === '') throw new GitHubError('github-token is empty', { trouble: 'token' })
  const { getOctokit } = await import('@actions/github')
  const octokit = getOctokit(token, { baseUrl: apiUrl, log: SILENT })

  async function callOnce<T>(call: Call<T>): Promise<T> {
    const leftMs = untilMs - clock.nowMs()
    if (leftMs <= 0) throw new GitHubError('GitHub did not answer in time', { trouble: 'slow' })
    const tooLong = AbortSignal.timeout(Math.ceil(Math.min(GITHUB.longestCallMs, leftMs)))
    try {
      return await call({ signal: AbortSignal.any([cancelled, tooLong]) })
    } catch (error) {
      // octokit gives an abort a status of its own, which looks like an answer of GitHub's: the signals know better.
      if (cancelled.aborted) throw new CancelledError(error)
      if (tooLong.aborted) throw new GitHubError('GitHub did not answer in time', { trouble: 'slow', cause: error })
      throw toGitHubError(error, redact)
    }
  }

  async function pauseBeforeRepeat(error: unknown, failures: number): Promise<void> {
    if (!(error instanceof GitHubError) || !error.mayPass || failures > GITHUB.repeats) throw error
    const pauseMs = Math.max(error.retryAfterMs, retryDelayMs(failures, clock.random()))
    if (clock.nowMs() + pauseMs >= untilMs) throw error
    await clock.sleep(pauseMs)
  }

  async function call<T>(make: Call<T>): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await callOnce(make)
      } catch (error) {
        await pauseBeforeRepeat(error, failures)
      }
    }
  }

  /** All pages of a list, each repeated on its own. */
  async function listAll<T>(make: (page: number) => Call<Page<T>>): Promise<readonly T[]> {
    const all: T[] = []
    for (let page = 1; ; page++) {
      const { data, headers } = await call(make(page))
      all.push(...data)
      if (!/rel="next"/.test(headers.link ?? '')) return all
    }
  }

  return {
    listComments: async (pullRequest) => {
      const comments = await listAll((page) => (request) => {
        const where = { owner, repo, issue_number: pullRequest, per_page: 100, page, request }
        return octokit.rest.issues.listComments(where)
      })
      return comments.map(({ id, body, user, updated_at: updatedAt }) => ({
        id,
        body: body ?? '',
        author: user?.login,
        updatedAt,
      }))
    },
    createComment: async (pullRequest, body) => {
      await callOnce((request) =>
        octokit.rest.issues.createComment({ owner, repo, issue_number: pullRequest, body, request }),
      )
    },
    updateComment: async (id, body) => {
      await call((request) => octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body, request }))
    },
    listMerged: async (commit, branch) => {
      const linked = await listAll((page) => (request) => {
        const where = { owner, repo, commit_sha: commit, per_page: 100, page, request }
        return octokit.rest.repos.listPullRequestsAssociatedWithCommit(where)
      }).catch((error: unknown) => {
        // A commit that was pushed a moment ago may not be known there yet.
        if (error instanceof GitHubError && error.status === 422) return []
        throw error
      })
      return linked.flatMap(({ number, merged_at: mergedAt, merge_commit_sha: merge, base }) =>
        mergedAt && merge === commit && base.ref === branch ? [{ number, mergedAt }] : [],
      )
    },
    findViewer: async () => {
      const { data } = await call((request) =>
        octokit.request({ method: 'POST', url: graphqlUrl, query: 'query { viewer { login } }', request }),
      )
      const login: unknown = data?.data?.viewer?.login
      if (typeof login === 'string' && login !== '') return login
      throw new GitHubError('GitHub did not say whom github-token belongs to', { trouble: 'refused' })
    },
    pauseBeforeRepeat,
  }
}

type Call<T> = (request: { readonly signal: AbortSignal }) => Promise<T>

interface Page<T> {
  readonly data: readonly T[]
  readonly headers: { readonly link?: string | undefined }
}

const nothing = () => undefined
/** octokit would write to the job's log what the server says. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }
