/** Which workflow run speaks, as the runner's `GITHUB_*` variables name it. */
export interface WorkflowRun {
  readonly repository: string | undefined
  readonly runId: string | undefined
  readonly attempt: string | undefined
}

/** The `User-Agent` of every request, so that the server's audit can answer who did it (contract 3.8). Only what a header can carry. */
export function toUserAgent(version: string, { repository, runId, attempt }: WorkflowRun): string {
  const run = `${repository ?? 'no repository'}; run ${runId ?? 'none'}; attempt ${attempt ?? 'none'}`
  return `kupe-cluster-action/${version} (${run})`.replace(/[^\u0020-\u007e]/g, '?')
}
