import type { Comment, GitHub } from './client.js'
import { GitHubError } from './github-error.js'

/** A comment to be written. */
export interface CommentRequest {
  readonly pullRequest: number
  /** How the comment begins that is to be updated. */
  readonly prefix: string
  /** The whole comment, its marker included. */
  readonly body: string
  /** Whether a new one may be made; one that is there is updated in any case. */
  readonly mayCreate: boolean
}

/**
 * Updates the comment made before, or creates one. A comment that is gone, or can no longer be edited, is followed by a new one.
 * Gives what it did. Throws `GitHubError`, or `CancelledError`.
 */
export async function writeComment(github: GitHub, request: CommentRequest): Promise<'written' | 'not-needed'> {
  const { pullRequest, body, mayCreate } = request
  const lost = new Set<number>()
  for (let failures = 1; ; failures++) {
    const ours = await findOurs(github, request, lost)
    if (ours !== undefined) {
      const updated = await update(github, ours, body)
      if (updated === 'updated') return 'written'
      lost.add(ours.id)
      // Somebody deleted what need not be there.
      if (updated === 'gone' && !mayCreate) return 'not-needed'
    } else if (!mayCreate) return 'not-needed'
    try {
      await github.createComment(pullRequest, body)
      return 'written'
    } catch (error) {
      // It may have been created all the same, so the next round looks first.
      await github.pauseBeforeRepeat(error, failures)
    }
  }
}

/** The newest comment that begins so and that this token's own identity wrote: anybody can write our marker. */
async function findOurs(
  github: GitHub,
  { pullRequest, prefix }: CommentRequest,
  lost: ReadonlySet<number>,
): Promise<Comment | undefined> {
  const comments = await github.listComments(pullRequest)
  const marked = comments.filter(({ id, body }) => body.startsWith(prefix) && !lost.has(id))
  return (await keepOwn(github, marked)).at(-1)
}

/** Those of the comments that this token's own identity wrote. It is asked for only where there are any. */
export async function keepOwn(github: GitHub, comments: readonly Comment[]): Promise<readonly Comment[]> {
  if (comments.length === 0) return []
  const viewer = (await github.findViewer()).toLowerCase()
  return comments.filter(({ author }) => author?.toLowerCase() === viewer)
}

async function update(github: GitHub, { id }: Comment, body: string): Promise<'updated' | 'gone' | 'fixed'> {
  try {
    await github.updateComment(id, body)
    return 'updated'
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    if (error.trouble === 'not-found') return 'gone'
    // Whoever may not write at all is told so by the creation that follows.
    if (error.trouble === 'permission' || error.trouble === 'refused') return 'fixed'
    throw error
  }
}
