import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach } from '@jest/globals'
import { ACTIONS_BOT, FakeGitHub } from '../../scripts/fake-github.mjs'
import { GITHUB_TOKEN } from '../../scripts/runner-environment.mjs'

export { ACTIONS_BOT, type FakeGitHub }

/** The token of somebody else who may write here, too. */
export const OTHER_TOKEN = 'ghp_0123456789_of_octocat'

/** The pull request of these tests, and the commit that its merge makes. */
export const NUMBER = 7
export const COMMIT = 'c0ffee'.padEnd(40, '0')
export const BEFORE_MERGE = '2026-03-01T10:00:00Z'
export const MERGED_AT = '2026-03-01T11:00:00Z'

/** A GitHub of its own for each test, and what the runner says of it. */
export interface GitHubTests {
  readonly github: FakeGitHub
  /** As on a GitHub Enterprise server, whose roots have paths. */
  readonly env: Readonly<Record<string, string>>
  /** The environment of a run of this event. */
  event(name: string, payload: unknown): Record<string, string>
  /** The environment of the run that the merge starts. */
  push(more?: Readonly<Record<string, string>>): Record<string, string>
}

/** Starts the fake before each test of a file. */
export function useGitHub(): GitHubTests {
  const folder = mkdtempSync(join(tmpdir(), 'kupe-github-'))
  let files = 0
  let current: { github: FakeGitHub; env: Record<string, string> } | undefined
  const here = () => {
    if (current === undefined) throw new Error('no test is running')
    return current
  }
  beforeEach(async () => {
    const github = new FakeGitHub({ [GITHUB_TOKEN]: ACTIONS_BOT, [OTHER_TOKEN]: 'octocat' })
    const url = await github.open()
    current = {
      github,
      env: {
        GITHUB_API_URL: `${url}/api/v3`,
        GITHUB_GRAPHQL_URL: `${url}/api/graphql`,
        GITHUB_REPOSITORY: 'octo-org/infra',
        GITHUB_WORKFLOW: 'Cluster',
        GITHUB_JOB: 'plan',
        GITHUB_ACTION: '__self',
      },
    }
  })
  afterEach(async () => {
    await current?.github.close()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const event = (name: string, payload: unknown) => {
    const path = join(folder, `${files++}.json`)
    writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload))
    return { ...here().env, GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path }
  }
  return {
    get github() {
      return here().github
    },
    get env() {
      return here().env
    },
    event,
    push: (more = {}) => ({
      ...event('push', { ref: 'refs/heads/main', after: COMMIT }),
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: COMMIT,
      ...more,
    }),
  }
}

/** The calls of a fake, in order, without what is the same for all. */
export function callsOf({ requests }: FakeGitHub): string[] {
  return requests.map(({ call }) => call.replace(/\/api(\/v3)?/, '').replace('/repos/octo-org/infra', ''))
}

/** Something that goes wrong once, or so many times. */
export function fail(
  github: FakeGitHub,
  call: RegExp,
  status: number,
  more: Partial<FakeGitHub['faults'][number]> = {},
) {
  github.faults.push({ call, times: 1, status, ...more })
}
