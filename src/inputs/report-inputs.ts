import { type Environment, InputReader } from './reader.js'

/** What the reports need of the inputs, right or wrong: a run whose inputs are faulty is reported, too. */
export interface ReportInputs {
  readonly tenant: string
  readonly cluster: string
  /** Anything but a clear no is a yes. */
  readonly jobSummary: boolean
  readonly comment: boolean | 'changes'
  /** Whether the run was to plan, so that what it says is a plan, or why there is none. */
  readonly isPlan: boolean
  readonly githubToken: string
}

/** Reads what the reports need. It never fails. */
export function parseReportInputs(env: Environment): ReportInputs {
  const read = new InputReader(env)
  const comment = read.text('comment') ?? ''
  return {
    tenant: read.find('tenant', ['KUPE_TENANT'])?.text ?? '',
    cluster: read.find('cluster', ['KUPE_CLUSTER'])?.text ?? '',
    jobSummary: !/^(false|False|FALSE)$/.test(read.text('job-summary') ?? ''),
    comment: comment === 'changes' ? comment : /^(true|True|TRUE)$/.test(comment),
    isPlan: read.text('mode') === 'plan',
    githubToken: read.text('github-token') ?? '',
  }
}
