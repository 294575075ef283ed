import { GITHUB } from '../policy.js'
import { createGitHub, type GitHub, type Surroundings } from './client.js'
import { writeComment } from './comment.js'
import { type CommentContent, type CommentIdentity, toMarker } from './marker.js'
import { type Origin, type RunnerEnvironment, readOrigin, toRepository } from './pull-request.js'

// One file for everything that is loaded only where GitHub is asked.
export { findApprovedPlans } from './approved-plans.js'

/** What a comment on the pull request takes. */
export interface PullRequestComment {
  readonly env: RunnerEnvironment
  readonly token: string
  readonly tenant: string
  readonly cluster: string
  /** A plan that is to be approved by merging the pull request; absent where the comment tells how a run ended. */
  readonly plan?: { readonly digest?: string }
  readonly mayCreate: boolean
  /** The text behind the marker. */
  readonly text: string
}

/** What became of a comment. */
export type Commented = 'written' | 'not-needed' | 'no-pull-request' | 'several-pull-requests'

/**
 * Keeps the comment on the pull request that this run belongs to up to date: of the event, or after a merge of the one that was
 * merged. Throws `GitHubError`, `CancelledError` or `EventError`.
 */
export async function commentOnPullRequest(
  { env, token, tenant, cluster, plan, mayCreate, text }: PullRequestComment,
  surroundings: Omit<Surroundings, 'limitMs'>,
): Promise<Commented> {
  const origin = readOrigin(env)
  if (origin.kind === 'none') return 'no-pull-request'
  if (origin.kind === 'several') return 'several-pull-requests'
  const github = await createGitHub(toRepository(env, token), { ...surroundings, limitMs: GITHUB.longestMs })
  const [pullRequest, ...others] = await numbersOf(origin, github)
  if (pullRequest === undefined) return 'no-pull-request'
  if (others.length > 0) return 'several-pull-requests'
  // What is planned after the merge nobody has approved: it must not stand where the approved plan stood.
  const content: CommentContent =
    plan !== undefined && origin.kind === 'pull-request' ? { kind: 'plan', ...plan } : RESULT
  const { prefix, line } = toMarker(toIdentity(env, tenant, cluster), content)
  return writeComment(github, { pullRequest, prefix, body: `${line}\n${text}`, mayCreate })
}

const RESULT = { kind: 'result' } as const

async function numbersOf(origin: Exclude<Origin, { kind: 'none' | 'several' }>, github: GitHub): Promise<number[]> {
  if (origin.kind !== 'push') return [origin.number]
  return (await github.listMerged(origin.commit, origin.branch)).map(({ number }) => number)
}

function toIdentity(env: RunnerEnvironment, tenant: string, cluster: string): CommentIdentity {
  const { GITHUB_WORKFLOW: workflow = '', GITHUB_JOB: job = '', GITHUB_ACTION: step = '' } = env
  return { tenant, cluster, workflow, job, step }
}
