export const ACTIONS_BOT: string

export interface FakeComment {
  readonly id: number
  readonly pullRequest: number
  readonly body: string
  /** `null`: that account is gone. */
  readonly author: string | null
  readonly updatedAt: string
  /** Nobody may edit it. */
  isFixed?: boolean
}

export interface FakePullRequest {
  readonly number: number
  /** The commit that it is asked for by. */
  readonly commit: string
  readonly base: string
  readonly mergedAt: string | null
  /** Where that is not the commit its merge made. */
  readonly mergeCommit?: string
}

export interface FakeFault {
  readonly call: RegExp
  times: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly hang?: boolean
  /** Whether what was asked is done all the same. */
  readonly isDone?: boolean
  readonly meanwhile?: (github: FakeGitHub) => void
}

export class FakeGitHub {
  constructor(tokens: Readonly<Record<string, string>>)
  readonly requests: { call: string; method: string; path: string; body: unknown; token: string | undefined }[]
  comments: FakeComment[]
  pullRequests: FakePullRequest[]
  faults: FakeFault[]
  permission: 'write' | 'read' | 'none'
  now: string
  open(): Promise<string>
  close(): Promise<void>
  addComment(comment: {
    readonly pullRequest: number
    readonly body: string
    readonly author?: string | null
    readonly at?: string
  }): number
  addMerged(pullRequest: {
    readonly number: number
    readonly commit: string
    readonly base?: string
    readonly at?: string
  }): void
  bodiesOf(pullRequest: number): string[]
}
