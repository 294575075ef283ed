import { afterEach, beforeEach } from '@jest/globals'
import { NUMBER, useGitHub } from './github.js'
import { type RunningSimulator, startSimulator } from './simulators.js'

/** For each test a cluster, and a pull request with a comment of somebody else, which its steps run for. */
export function usePullRequest() {
  const tests = useGitHub()
  let current: { kupe: RunningSimulator; env: Record<string, string> } | undefined
  const here = () => {
    if (current === undefined) throw new Error('no test is running')
    return current
  }
  beforeEach(async () => {
    const env = tests.event('pull_request', { action: 'opened', pull_request: { number: NUMBER } })
    current = { kupe: await startSimulator(), env }
    tests.github.addComment({ pullRequest: NUMBER, body: 'LGTM', author: 'octocat' })
  })
  afterEach(() => current?.kupe.close())
  return {
    tests,
    get kupe() {
      return here().kupe
    },
    get env() {
      return here().env
    },
    /** The inputs of a step that plans, and comments on it. */
    planning: (cpu: string) => ({ ...here().kupe.inputs, mode: 'plan', cpu, comment: 'true' }),
    /** The comments on the pull request. */
    bodies: () => tests.github.bodiesOf(NUMBER),
  }
}

export const LIST = `GET /issues/${NUMBER}/comments`
export const CREATE = `POST /issues/${NUMBER}/comments`
export const VIEWER = 'POST /graphql'
export const EDIT = (id: number) => `PATCH /issues/comments/${id}`
