import { type Environment, InputReader } from './reader.js'

/** What the reports need of the inputs, right or wrong: a run whose inputs are faulty is reported, too. */
export interface ReportInputs {
  readonly tenant: string
  readonly cluster: string
  /** Anything but a clear no is a yes. */
  readonly jobSummary: boolean
  readonly comment: boolean
  readonly githubToken: string
}

/** Reads what the reports need. It never fails. */
export function parseReportInputs(env: Environment): ReportInputs {
  const read = new InputReader(env)
  return {
    tenant: read.find('tenant', ['KUPE_TENANT'])?.text ?? '',
    cluster: read.find('cluster', ['KUPE_CLUSTER'])?.text ?? '',
    jobSummary: !/^(false|False|FALSE)$/.test(read.text('job-summary') ?? ''),
    comment: /^(true|True|TRUE)$/.test(read.text('comment') ?? ''),
    githubToken: read.text('github-token') ?? '',
  }
}
