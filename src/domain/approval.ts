/** What `expected-plan` is, where the plans that the merged pull request showed are expected. */
export const PULL_REQUEST_PLANS = 'pull-request'

/** What helps where no approved plan can be had, however often this run is started again. */
export const APPROVE_ANEW =
  'Open a new pull request, whose comment shows the plan, and merge that; or, on purpose, start the change by hand: workflow_dispatch with expected-plan: none.'

/**
 * Which plans were approved by merging a pull request.
 * - `found`: these, each by its digest.
 * - `unlinked`: no merged pull request is named for this commit yet; GitHub names it late, so asking again may help.
 * - `not-found`: there are none, and asking again would not help.
 * - `unreadable`: GitHub did not say; `hint` is what to do where running again would not help.
 */
export type Approval =
  | { readonly kind: 'found'; readonly pullRequest: number; readonly digests: readonly string[] }
  | { readonly kind: 'unlinked' | 'not-found'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly message: string; readonly hint?: string }

/** Where approved plans are found. */
export interface ApprovedPlans {
  /** Asks once, for at most so many milliseconds. Throws nothing but `CancelledError`. */
  find(limitMs: number): Promise<Approval>
}
