import { readFileSync } from 'node:fs'
import { ActionError } from '../errors.js'
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

/** The file that says what a run's event was cannot be read, and never will be: a run that is started again has the same. */
export class EventError extends ActionError {}

/** Reads what the run's event says. Throws `EventError` where its file cannot be read. */
export function readOrigin(env: RunnerEnvironment): Origin {
  const { GITHUB_EVENT_PATH: path } = env
  return originOf(path ? parseEvent(path) : undefined, env)
}

function parseEvent(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    // Its own words would show a part of the file.
    const why = cause instanceof SyntaxError ? 'is no JSON' : 'cannot be opened'
    throw new EventError(`the run’s event cannot be read: its file ${why}`, { cause })
  }
}

/** What an event says: all of it comes from outside, and any part of it may be `null`. */
export function originOf(event: unknown, env: RunnerEnvironment): Origin {
  const { action, pull_request: direct, issue, workflow_run: run, repository } = (event ?? {}) as EventPayload
  if (isNumber(direct?.number)) {
    const { number, merged, merged_at: mergedAt } = direct
    if (action !== 'closed' || merged !== true) return { kind: 'pull-request', number }
    return { kind: 'merged', number, ...(mergedAt ? { mergedAt } : {}) }
  }
  // An issue is a pull request where it says so.
  if (issue?.pull_request && isNumber(issue.number)) return { kind: 'pull-request', number: issue.number }
  if (run) return originOfWorkflowRun(run, repository?.id)
  return env.GITHUB_EVENT_NAME === 'push' ? originOfPush(env) : { kind: 'none' }
}

/** Its list has the pull requests of other repositories, too, that the branch was opened as: a fork's, say. */
function originOfWorkflowRun(run: WorkflowRun, repositoryId: number | null | undefined): Origin {
  const linked = Array.isArray(run.pull_requests) ? run.pull_requests : []
  const [first, ...others] = linked.filter((pullRequest) => {
    const baseId = pullRequest?.base?.repo?.id
    return !isNumber(repositoryId) || !isNumber(baseId) || baseId === repositoryId
  })
  if (!isNumber(first?.number)) return { kind: 'none' }
  return others.length > 0 ? { kind: 'several' } : { kind: 'pull-request', number: first.number }
}

function originOfPush({ GITHUB_REF: ref = '', GITHUB_SHA: commit = '' }: RunnerEnvironment): Origin {
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? []
  return branch === undefined || commit === '' ? { kind: 'none' } : { kind: 'push', commit, branch }
}

function isNumber(number: unknown): number is number {
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

type Maybe<T> = T | null | undefined

interface EventPayload {
  readonly action?: Maybe<string>
  readonly pull_request?: Maybe<{
    readonly number?: Maybe<number>
    readonly merged?: Maybe<boolean>
    readonly merged_at?: Maybe<string>
  }>
  readonly issue?: Maybe<{ readonly number?: Maybe<number>; readonly pull_request?: unknown }>
  readonly workflow_run?: Maybe<WorkflowRun>
  readonly repository?: Maybe<{ readonly id?: Maybe<number> }>
}

interface WorkflowRun {
  readonly pull_requests?: Maybe<readonly Maybe<LinkedPullRequest>[]>
}

interface LinkedPullRequest {
  readonly number?: Maybe<number>
  readonly base?: Maybe<{ readonly repo?: Maybe<{ readonly id?: Maybe<number> }> }>
}
