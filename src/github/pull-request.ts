import { readFileSync } from 'node:fs'
import type { Repository } from './client.js'

/** Where the runner says what a run belongs to: its `GITHUB_*` variables. */
export type RunnerEnvironment = Readonly<Record<string, string | undefined>>

/** The pull request that a run belongs to, as far as its event says which; of a push only GitHub knows. */
export type Origin =
  | { readonly kind: 'pull-request'; readonly number: number }
  | { readonly kind: 'merged'; readonly number: number; readonly mergedAt?: string }
  | { readonly kind: 'push'; readonly commit: string; readonly branch: string }
  | { readonly kind: 'several' }
  | { readonly kind: 'none' }

/** Reads what the run's event says. Throws where its file cannot be read. */
export function readOrigin(env: RunnerEnvironment): Origin {
  const { GITHUB_EVENT_PATH: path } = env
  return originOf(path ? JSON.parse(readFileSync(path, 'utf8')) : undefined, env)
}

export function originOf(event: unknown, env: RunnerEnvironment): Origin {
  const { action, pull_request: direct, issue, workflow_run: run, repository } = (event ?? {}) as EventPayload
  if (direct !== undefined && isNumber(direct.number)) {
    const { number, merged, merged_at: mergedAt } = direct
    if (action !== 'closed' || merged !== true) return { kind: 'pull-request', number }
    return { kind: 'merged', number, ...(mergedAt ? { mergedAt } : {}) }
  }
  // An issue is a pull request where it says so.
  if (issue?.pull_request && isNumber(issue.number)) return { kind: 'pull-request', number: issue.number }
  if (run !== undefined) return originOfWorkflowRun(run, repository?.id)
  return env.GITHUB_EVENT_NAME === 'push' ? originOfPush(env) : { kind: 'none' }
}

/** Its list has the pull requests of other repositories, too, that the branch was opened as: a fork's, say. */
function originOfWorkflowRun(run: WorkflowRun, repositoryId: number | undefined): Origin {
  const isOurs = ({ base }: LinkedPullRequest) =>
    repositoryId === undefined || base?.repo?.id === undefined || base.repo.id === repositoryId
  const [first, ...others] = (run.pull_requests ?? []).filter(isOurs)
  if (first === undefined || !isNumber(first.number)) return { kind: 'none' }
  return others.length > 0 ? { kind: 'several' } : { kind: 'pull-request', number: first.number }
}

function originOfPush({ GITHUB_REF: ref = '', GITHUB_SHA: commit = '' }: RunnerEnvironment): Origin {
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? []
  return branch === undefined || commit === '' ? { kind: 'none' } : { kind: 'push', commit, branch }
}

function isNumber(number: number | undefined): number is number {
  return Number.isSafeInteger(number)
}

/** The repository that a run belongs to, and where its GitHub is. */
export function toRepository(env: RunnerEnvironment, token: string): Repository {
  const apiUrl = env.GITHUB_API_URL || 'https://api.github.com'
  // A GitHub Enterprise server has its two roots side by side.
  const graphqlUrl = env.GITHUB_GRAPHQL_URL || `${apiUrl.replace(/\/v3\/?$/, '')}/graphql`
  const [owner = '', name = ''] = (env.GITHUB_REPOSITORY ?? '').split('/')
  return { apiUrl, graphqlUrl, owner, name, token }
}

interface EventPayload {
  readonly action?: string
  readonly pull_request?: { readonly number?: number; readonly merged?: boolean; readonly merged_at?: string | null }
  readonly issue?: { readonly number?: number; readonly pull_request?: unknown }
  readonly workflow_run?: WorkflowRun
  readonly repository?: { readonly id?: number }
}

interface WorkflowRun {
  readonly pull_requests?: readonly LinkedPullRequest[]
}

interface LinkedPullRequest {
  readonly number?: number
  readonly base?: { readonly repo?: { readonly id?: number } }
}
