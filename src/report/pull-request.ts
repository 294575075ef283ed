import { createHash } from 'node:crypto'
import { getOctokit } from '@actions/github'
import { LONGEST } from '../policy.js'
import { joinSections } from './markdown.js'

/** The pull request to comment on, and what tells one comment from another. */
export interface CommentTarget {
  /** REST root, GitHub's own or a GitHub Enterprise server's. */
  readonly apiUrl: string
  readonly owner: string
  readonly repository: string
  readonly pullRequest: number
  /** One comment is kept for each different list: tenant, cluster, workflow and job. */
  readonly identity: readonly string[]
}

/** Creates the comment, or updates the one made before: it is found again by a hidden marker. Throws where GitHub refuses. */
export async function writeComment(
  target: CommentTarget,
  token: string,
  sections: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const octokit = getOctokit(token, { baseUrl: target.apiUrl, request: { signal } })
  const marker = toMarker(target.identity)
  const body = `${marker}\n${joinSections(sections, { characters: LONGEST.comment - marker.length - 1 })}`
  const here = { owner: target.owner, repo: target.repository }
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    ...here,
    issue_number: target.pullRequest,
    per_page: 100,
  })
  const ours = comments.find((comment) => comment.body?.startsWith(marker) === true)
  if (ours === undefined) await octokit.rest.issues.createComment({ ...here, issue_number: target.pullRequest, body })
  else await octokit.rest.issues.updateComment({ ...here, comment_id: ours.id, body })
}

/** A digest, so that no name can close the HTML comment. */
function toMarker(identity: readonly string[]): string {
  return `<!-- kupe-cluster-action ${createHash('sha256').update(JSON.stringify(identity)).digest('hex')} -->`
}

/** The number of the pull request that an event is about, or `undefined` outside of one. */
export function pullRequestOf(event: unknown): number | undefined {
  const { pull_request: direct, issue } = (event ?? {}) as EventPayload
  const number = direct?.number ?? (issue?.pull_request === undefined ? undefined : issue.number)
  return Number.isSafeInteger(number) ? number : undefined
}

interface EventPayload {
  readonly pull_request?: { readonly number?: number }
  readonly issue?: { readonly number?: number; readonly pull_request?: unknown }
}
