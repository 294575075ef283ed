import { appendFileSync, readFileSync } from 'node:fs'
import * as core from '@actions/core'
import { toDurationText } from '../domain/duration.js'
import { isGreen, type Outcome, toSentence } from '../domain/outcome.js'
import { COMMENT_TIMEOUT_MS, LARGEST_BYTES, LONGEST } from '../policy.js'
import { type AlertRedactor, cutOff, type Redact, toShownLine } from '../redact.js'
import { joinSections } from './markdown.js'
import { type OutputSources, toOutputs } from './outputs.js'
import type { ReportContext } from './summary.js'

/** Where the runner takes reports from: its `GITHUB_*` variables. */
export type RunnerEnvironment = Readonly<Record<string, string | undefined>>

/** Lines for the job's log: each one made harmless and free of secrets here. */
export interface LogWriter {
  info(line: string): void
  warning(line: string): void
  debug(line: string): void
  error(line: string, title: string): void
}

export function createLogWriter(redact: Redact): LogWriter {
  const toLine = (text: string) => toShownLine(text, redact, { longest: LONGEST.logLine })
  return {
    info: (line) => core.info(toLine(line)),
    warning: (line) => core.warning(toLine(line)),
    debug: (line) => core.debug(toLine(line)),
    error: (line, title) => core.error(toLine(line), { title: toLine(title) }),
  }
}

/** Has the runner hide these values in everything that is logged from now on. */
export function maskSecrets(secrets: readonly string[]): void {
  secrets.forEach(core.setSecret)
}

/** What is published of one run. */
export interface Report {
  readonly outcome: Outcome
  readonly context: ReportContext
  /** The sections of the summary. */
  readonly sections: readonly string[]
  readonly wantsSummary: boolean
}

/**
 * Writes the outputs, the job summary and the last line of the log. Gives whether the step may be green: it ended green, and its
 * outputs could be written.
 */
export function publishReport(
  { outcome, context, sections, wantsSummary }: Report,
  env: RunnerEnvironment,
  redactor: AlertRedactor,
  log: LogWriter,
): boolean {
  const isWritten = writeOutputs({ outcome, sections, redactor }, env, log)
  if (wantsSummary) writeSummary(joinSections(sections, { bytes: LARGEST_BYTES.summary }), env, log)
  const published = isWritten ? outcome : toUnwritten(outcome)
  const isGreenStep = isGreen(published.result)
  if (isGreenStep) {
    log.info(`${published.result} after ${toDurationText(published.durationMs)}: ${toSentence(published.message)}`)
  } else log.error(toErrorText(published), titleOf(published, context))
  return isGreenStep
}

function writeOutputs(sources: OutputSources, env: RunnerEnvironment, log: LogWriter): boolean {
  try {
    // Without a file the toolkit would print a command that runners no longer obey.
    if (!env.GITHUB_OUTPUT) throw new Error('GITHUB_OUTPUT names no file')
    const { redactSecrets } = sources.redactor
    for (const [name, value] of Object.entries(toOutputs(sources))) core.setOutput(name, redactSecrets(value))
    return true
  } catch (error) {
    log.warning(`The outputs could not be written: ${messageOf(error)}`)
    return false
  }
}

function toUnwritten(outcome: Outcome): Outcome {
  if (!isGreen(outcome.result)) return outcome
  const message = `The run ended ${outcome.result}, but its outputs could not be written. ${outcome.message}`
  return { ...outcome, result: 'failed', reason: 'internal', message }
}

/** Written at once and directly: the toolkit's summary is a shared buffer that is written later. It never changes the result. */
function writeSummary(summary: string, env: RunnerEnvironment, log: LogWriter): void {
  const path = env.GITHUB_STEP_SUMMARY
  if (path === undefined || path === '') return
  try {
    appendFileSync(path, summary)
  } catch (error) {
    log.warning(`The job summary could not be written: ${messageOf(error)}`)
  }
}

/** What a comment on the pull request takes. */
export interface CommentRequest {
  readonly context: ReportContext
  /** The sections of the summary. */
  readonly sections: readonly string[]
  readonly githubToken: string
  readonly cancelled: AbortSignal
}

/** Comments on the pull request that this run belongs to. Its code is loaded only here; whatever goes wrong is a warning: the result stands. */
export async function publishComment(
  { context, sections, githubToken, cancelled }: CommentRequest,
  env: RunnerEnvironment,
  log: LogWriter,
): Promise<void> {
  try {
    const { pullRequestOf, writeComment } = await import('./pull-request.js')
    const pullRequest = pullRequestOf(readEvent(env))
    const [owner, repository] = (env.GITHUB_REPOSITORY ?? '').split('/')
    if (pullRequest === undefined || !owner || !repository) {
      log.info('comment: this run belongs to no pull request, so there is nothing to comment on')
      return
    }
    const { tenant, cluster } = context
    const identity = [tenant, cluster, env.GITHUB_WORKFLOW ?? '', env.GITHUB_JOB ?? '']
    const apiUrl = env.GITHUB_API_URL || 'https://api.github.com'
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(COMMENT_TIMEOUT_MS)])
    await writeComment({ apiUrl, owner, repository, pullRequest, identity }, githubToken, sections, signal)
  } catch (error) {
    const hint = 'It needs github-token and the permission pull-requests: write, which runs from a fork do not have.'
    log.warning(`The comment could not be written: ${messageOf(error)}. ${hint}`)
  }
}

function readEvent({ GITHUB_EVENT_PATH }: RunnerEnvironment): unknown {
  return GITHUB_EVENT_PATH ? JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')) : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function titleOf({ result, reason }: Outcome, { tenant, cluster }: ReportContext): string {
  const [tenantName, clusterName] = [tenant, cluster].map((name) => cutOff(name, LONGEST.nameInTitle))
  const name = cluster === '' ? 'cluster' : `${tenantName}/${clusterName}`
  return `Kupe ${name}: ${result}${reason === undefined || reason === result ? '' : ` (${reason})`}`
}

function toErrorText({ result, reason, message, hint, requestId }: Outcome): string {
  return [
    `${reason ?? result}: ${toSentence(message)}`,
    ...(hint === undefined ? [] : [hint]),
    ...(requestId === undefined ? [] : [`Request id: ${requestId}`]),
  ].join(' ')
}
