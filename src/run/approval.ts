import type { Approval } from '../domain/approval.js'
import { retryDelayMs } from '../domain/backoff.js'
import { toDurationText } from '../domain/duration.js'
import type { Ending } from '../domain/outcome.js'
import type { Plan } from '../domain/plan.js'
import { ALLOWANCES, GITHUB } from '../policy.js'
import type { RunContext } from './context.js'
import { toFailed } from './failures.js'

/** Asks which plans the merged pull request showed, and again for a while as long as no pull request is named for this commit. */
export async function askForApproval({ approvedPlans, budget, clock, log, state }: RunContext): Promise<Approval> {
  log.info('Asking GitHub which plan the merged pull request showed')
  const untilMs = clock.nowMs() + budget.allowedMs(ALLOWANCES.lateLink)
  for (let tries = 1; ; tries++) {
    const approval = await approvedPlans.find(Math.min(GITHUB.longestMs, budget.leftMs()))
    const leftMs = untilMs - clock.nowMs()
    if (approval.kind !== 'unlinked' || leftMs <= 0) {
      state.recordApproval(approval)
      return approval
    }
    if (tries === 1) log.info(`GitHub names none yet; asking again for ${toDurationText(leftMs)}`)
    // The last question is asked at the very end.
    await budget.pause(Math.min(retryDelayMs(tries, clock.random()), leftMs), log)
  }
}

/** The ending of a run whose plan is not approved; `undefined` where it is. */
export function unapprovedEnding(approval: Approval, { digest }: Plan): Ending | undefined {
  if (approval.kind === 'unreadable') {
    const { message, hint } = approval
    const text = `Not sent: it could not be read which plan was approved: ${message}`
    return toFailed('plan-unreadable', text, hint === undefined ? {} : { hint })
  }
  if (approval.kind !== 'found') return toFailed('plan-not-found', `Not sent: ${approval.message}`)
  const { pullRequest, digests } = approval
  if (digests.includes(digest)) return undefined
  const message = `Not sent: the plan is no longer the one that pull request #${pullRequest} showed (${digest}, not ${digests.join(' or ')})`
  return toFailed('plan-changed', message, { hint: HOW_TO_GO_ON })
}

const HOW_TO_GO_ON =
  'Open a new pull request, which shows the plan as it is now, and merge that; or, on purpose, start the change by hand: workflow_dispatch with expected-plan: none.'
