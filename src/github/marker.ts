import { createHash } from 'node:crypto'

/** What tells one comment from another: one is kept for each of these lists. */
export interface CommentIdentity {
  readonly tenant: string
  readonly cluster: string
  readonly workflow: string
  readonly job: string
  /** The step's id in its job: `GITHUB_ACTION`. */
  readonly step: string
}

/** What a comment shows: a plan to be approved, with its digest where there is one, or how a run ended. */
export type CommentContent = { readonly kind: 'plan'; readonly digest?: string } | { readonly kind: 'result' }

/** What a marker says of a comment with a plan. */
export interface PlanMarker {
  /** Which comment it is. */
  readonly identity: string
  /** Of which tenant's which cluster. */
  readonly cluster: string
  /** Absent where the comment says why there is no plan. */
  readonly digest?: string
}

const NAME = 'kupe-cluster-action'

/**
 * The hidden first line of a comment. Names stand in it as digests, so that none can close the HTML comment. `prefix` finds the
 * comment again: the digest of a plan, behind it, moves.
 */
export function toMarker(identity: CommentIdentity, content: CommentContent): { prefix: string; line: string } {
  const { tenant, cluster, workflow, job, step } = identity
  const prefix = `<!-- ${NAME} ${content.kind} ${digestOf([tenant, cluster, workflow, job, step])} `
  if (content.kind === 'result') return { prefix, line: `${prefix}-->` }
  return { prefix, line: `${prefix}${toClusterId(tenant, cluster)} ${content.digest ?? 'none'} -->` }
}

const PLAN = new RegExp(`^<!-- ${NAME} plan ([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9a-f]{16}|none) -->(?:\\r?\\n|$)`)

/** What the first line of a comment says of a plan in it; `undefined` where it is no marker of one. */
export function parsePlanMarker(body: string): PlanMarker | undefined {
  const [, identity, cluster, digest] = PLAN.exec(body) ?? []
  if (identity === undefined || cluster === undefined) return undefined
  return { identity, cluster, ...(digest === undefined || digest === 'none' ? {} : { digest }) }
}

export function toClusterId(tenant: string, cluster: string): string {
  return digestOf([tenant, cluster])
}

function digestOf(names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest('hex')
}
