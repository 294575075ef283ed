import { APPROVE_ANEW, type Approval } from '../domain/approval.js'
import { CancelledError, messageOf } from '../errors.js'
import { createGitHub, type GitHub, type Surroundings } from './client.js'
import { keepOwn } from './comment.js'
import { GitHubError } from './github-error.js'
import { parsePlanMarker, toClusterId } from './marker.js'
import { EventError, type RunnerEnvironment, readOrigin, toRepository } from './pull-request.js'

/** Which plans are looked for. */
export interface ApprovalRequest {
  readonly env: RunnerEnvironment
  readonly token: string
  readonly tenant: string
  readonly cluster: string
}

/** The plans that the merged pull request of this run showed for this cluster. Throws nothing but `CancelledError`. */
export async function findApprovedPlans(request: ApprovalRequest, surroundings: Surroundings): Promise<Approval> {
  try {
    return await findApproval(request, surroundings)
  } catch (error) {
    if (error instanceof CancelledError) throw error
    return toUnreadable(error)
  }
}

async function findApproval(
  { env, token, tenant, cluster }: ApprovalRequest,
  surroundings: Surroundings,
): Promise<Approval> {
  const origin = readOrigin(env)
  if (origin.kind !== 'push' && origin.kind !== 'merged') {
    const event = env.GITHUB_EVENT_NAME ?? 'unknown'
    return { kind: 'not-found', message: `a run of the event ${event} is not that of a merge` }
  }
  const github = await createGitHub(toRepository(env, token), surroundings)
  const clusterId = toClusterId(tenant, cluster)
  if (origin.kind === 'merged') return findShown(github, origin, clusterId)
  const { commit, branch } = origin
  const [merged, ...others] = await github.listMerged(commit, branch)
  if (merged === undefined) {
    const what = `commit ${commit.slice(0, 7)} of ${branch}`
    return { kind: 'unlinked', message: `GitHub names no merged pull request for ${what}: was it pushed directly?` }
  }
  if (others.length > 0) {
    const numbers = [merged, ...others].map(({ number }) => `#${number}`).join(', ')
    return { kind: 'not-found', message: `this commit belongs to several merged pull requests: ${numbers}` }
  }
  return findShown(github, merged, clusterId)
}

/**
 * The plans that stand in the comments of a pull request. What a comment says since the merge was not there to be approved; and of
 * two comments for the same step, which runs at the same moment can make, only the newer one is kept up to date.
 */
async function findShown(
  github: GitHub,
  { number, mergedAt }: { readonly number: number; readonly mergedAt?: string },
  clusterId: string,
): Promise<Approval> {
  const comments = await github.listComments(number)
  const marked = comments.filter(({ body }) => parsePlanMarker(body)?.cluster === clusterId)
  const own = await keepOwn(github, marked)
  const newest = new Map(own.map((comment) => [parsePlanMarker(comment.body)?.identity, comment]))
  const before = [...newest.values()].filter(({ updatedAt }) => !isAfter(updatedAt, mergedAt))
  const digests = before.flatMap(({ body }) => parsePlanMarker(body)?.digest ?? [])
  if (digests.length > 0) return { kind: 'found', pullRequest: number, digests }
  return { kind: 'not-found', message: `pull request #${number} ${whyNone(marked.length, own.length, before.length)}` }
}

function whyNone(marked: number, own: number, before: number): string {
  if (marked === 0) return 'has no comment with a plan for this cluster'
  if (own === 0) return 'has a comment with a plan for this cluster, but by someone else than github-token belongs to'
  if (before === 0) return 'has a comment with a plan for this cluster, but it was changed after the merge'
  return 'has a comment for this cluster that says why there is no plan'
}

function isAfter(updatedAt: string | undefined, mergedAt: string | undefined): boolean {
  return Date.parse(updatedAt ?? '') > Date.parse(mergedAt ?? '')
}

function toUnreadable(error: unknown): Approval {
  const message = messageOf(error)
  if (!(error instanceof GitHubError)) {
    const text = error instanceof EventError ? message : `a fault of this action: ${message}`
    return { kind: 'unreadable', message: text, hint: APPROVE_ANEW }
  }
  const hint = READ_HINTS[error.trouble]
  return { kind: 'unreadable', message, ...(hint === undefined ? {} : { hint }) }
}

/** What helps, where running again would not. */
const READ_HINTS: Readonly<Record<GitHubError['trouble'], string | undefined>> = {
  permission: 'Give the job the permission pull-requests: read, then run again.',
  'not-found': 'Give the job the permission pull-requests: read, then run again.',
  token: 'Give a github-token that is valid; without that input it is the job’s own. Then run again.',
  limited: undefined,
  failing: undefined,
  slow: undefined,
  refused: undefined,
}
