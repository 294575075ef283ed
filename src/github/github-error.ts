import { ActionError } from '../errors.js'
import { LONGEST } from '../policy.js'
import { type Redact, toShownLine } from '../redact.js'

/**
 * How a call to GitHub went wrong.
 * - `token`: there is none, or GitHub does not accept it (any more).
 * - `permission`: it may not do this.
 * - `not-found`: GitHub does not show it such a thing; a token that may not know of it gets the same answer.
 * - `limited`: too many calls.
 * - `failing`: a 5xx, or no answer at all.
 * - `slow`: no answer in time.
 * - `refused`: anything else.
 */
export type GitHubTrouble = 'token' | 'permission' | 'not-found' | 'limited' | 'failing' | 'slow' | 'refused'

interface Facts {
  readonly trouble: GitHubTrouble
  readonly status?: number
  /** How long GitHub asks to wait. */
  readonly retryAfterMs?: number
  /** Whether it may pass: a 5xx, no answer, a 403 with `Retry-After`, a 429. */
  readonly mayPass?: boolean
  readonly cause?: unknown
}

/** A call to GitHub that failed, in words of its own. */
export class GitHubError extends ActionError {
  readonly trouble: GitHubTrouble
  readonly status: number | undefined
  readonly retryAfterMs: number
  readonly mayPass: boolean

  constructor(message: string, { trouble, status, retryAfterMs = 0, mayPass = false, cause }: Facts) {
    super(message, { cause })
    this.trouble = trouble
    this.status = status
    this.retryAfterMs = retryAfterMs
    this.mayPass = mayPass
  }
}

/** What octokit threw, by its status and headers. */
export function toGitHubError(cause: unknown, redact: Redact): GitHubError {
  const { status = 0, response, message = String(cause) } = (cause ?? {}) as OctokitError
  const said = toShownLine(message, redact, LONGEST.githubMessage)
  // A connection that failed gets status 500 of octokit, and has no response.
  if (response === undefined) {
    return new GitHubError(`GitHub cannot be reached (${said})`, { trouble: 'failing', mayPass: true, cause })
  }
  const { 'retry-after': retryAfter, 'x-ratelimit-remaining': callsLeft } = response.headers ?? {}
  const isAsked = retryAfter !== undefined
  const facts = { status, retryAfterMs: (Number(retryAfter) || 0) * 1_000, cause }
  if (status === 401) {
    const text = `GitHub does not accept github-token: it has expired, or is none (401 ${said})`
    return new GitHubError(text, { trouble: 'token', ...facts })
  }
  if (status === 429 || (status === 403 && (isAsked || callsLeft === '0'))) {
    const text = `GitHub allows no more calls for now (${status} ${said})`
    return new GitHubError(text, { trouble: 'limited', mayPass: status === 429 || isAsked, ...facts })
  }
  if (status === 403) {
    return new GitHubError(`github-token may not do this (403 ${said})`, { trouble: 'permission', ...facts })
  }
  if (status === 404 || status === 410) {
    const text = `GitHub shows github-token no such thing (${status} ${said})`
    return new GitHubError(text, { trouble: 'not-found', ...facts })
  }
  // Its words may be a whole page of whatever stands between.
  if (status >= 500) {
    return new GitHubError(`GitHub answered ${status}`, { trouble: 'failing', mayPass: true, ...facts })
  }
  return new GitHubError(`GitHub refused it (${status} ${said})`, { trouble: 'refused', ...facts })
}

interface OctokitError {
  readonly status?: number
  readonly message?: string
  readonly response?: { readonly headers?: Readonly<Record<string, string | undefined>> }
}
