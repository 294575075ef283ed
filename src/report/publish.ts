import { appendFileSync } from 'node:fs'
import * as core from '@actions/core'
import { toDurationText } from '../domain/duration.js'
import { firstAndMore, isGreen, type Outcome, toSentence } from '../domain/outcome.js'
import type { Plan } from '../domain/plan.js'
import { messageOf } from '../errors.js'
import type { Surroundings } from '../github/client.js'
import type { GitHubError } from '../github/github-error.js'
import type { Commented } from '../github/on-demand.js'
import type { RunnerEnvironment } from '../github/pull-request.js'
import { LARGEST_BYTES, LONGEST } from '../policy.js'
import { type AlertRedactor, cutOff, type Redact, toShownLine } from '../redact.js'
import { joinSections } from './markdown.js'
import { toMessage } from './message.js'
import { createOutputWriter } from './output-file.js'
import { OUTPUT_NAMES, type OutputName, toOutputs } from './outputs.js'
import { type ReportContext, toSummarySections } from './summary.js'
import { type EndingWords, toWords, withoutEmoji } from './words.js'

/** Lines for the job's log: each one made harmless and free of secrets here. */
export interface LogWriter {
  info(line: string): void
  warning(line: string): void
  debug(line: string): void
  /** The one error; its lines stand one below the other. */
  error(lines: readonly string[], title: string): void
}

export function createLogWriter(redact: Redact): LogWriter {
  const toLine = (text: string) => toShownLine(text, redact, { longest: LONGEST.logLine })
  return {
    info: (line) => core.info(toLine(line)),
    warning: (line) => core.warning(toLine(line)),
    debug: (line) => {
      if (core.isDebug()) core.debug(toLine(line))
    },
    error: (lines, title) => core.error(lines.map(toLine).join('\n'), { title: toLine(title) }),
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
  readonly wantsSummary: boolean
}

/** What was published, for the exit status and the comment. */
export interface Published {
  /** Whether the step may be green: it ended green, and its outputs could be written. */
  readonly isGreen: boolean
  readonly plan: Plan | undefined
  readonly sections: readonly string[]
}

/** Writes the outputs, the job summary and the last line of the log, which all say the same. */
export function publishReport(
  { outcome, context, wantsSummary }: Report,
  env: RunnerEnvironment,
  redactor: AlertRedactor,
  log: LogWriter,
): Published {
  const { outcome: published, words, sections } = publishOutputs(outcome, context, env, redactor, log)
  if (wantsSummary) writeSummary(joinSections(sections, { bytes: LARGEST_BYTES.summary }), env, log)
  const title = withoutEmoji(words.title)
  const isGreenStep = isGreen(published.result)
  if (isGreenStep) log.info(`${title} (${published.result} after ${toDurationText(published.durationMs)})`)
  else log.error(toErrorLines(published, words), title)
  return { isGreen: isGreenStep, plan: published.plan, sections }
}

/** An outcome with all that is said of it: output, summary, log and comment are made of the same. */
interface Texts {
  readonly outcome: Outcome
  readonly words: EndingWords
  readonly sections: readonly string[]
}

function toTexts(outcome: Outcome, context: ReportContext, { redactSecrets }: AlertRedactor): Texts {
  const sections = toSummarySections(outcome, context).map(redactSecrets)
  return { outcome, words: toWords(outcome, context), sections }
}

/** Writes the outputs, or as many of the short ones as there is room for; gives what is then to be said of the run. */
function publishOutputs(
  outcome: Outcome,
  context: ReportContext,
  env: RunnerEnvironment,
  redactor: AlertRedactor,
  log: LogWriter,
): Texts {
  const writeOutputs = createOutputWriter(env.GITHUB_OUTPUT)
  const write = (texts: Texts, names: readonly OutputName[]) => {
    const outputs = toOutputs({ ...texts, message: toMessage(texts.words), redactor })
    writeOutputs(Object.fromEntries(names.map((name) => [name, redactor.redactSecrets(outputs[name])])))
    return texts
  }
  try {
    return write(toTexts(outcome, context, redactor), OUTPUT_NAMES)
  } catch (error) {
    log.warning(`The outputs could not be written: ${messageOf(error)}`)
  }
  for (const names of FEWER_OUTPUTS) {
    try {
      return write(toTexts(toUnwritten(outcome, names), context, redactor), names)
    } catch {
      // Why is said already.
    }
  }
  return toTexts(toUnwritten(outcome, []), context, redactor)
}

/** What is tried where not all can be written: later steps must not take this one for green. */
const FEWER_OUTPUTS = [
  ['result', 'failure-reason', 'changed', 'message'],
  ['result', 'failure-reason', 'changed'],
  ['result', 'failure-reason'],
] as const satisfies readonly (readonly OutputName[])[]

function toUnwritten(outcome: Outcome, writtenOutputs: readonly string[]): Outcome {
  if (!isGreen(outcome.result)) return { ...outcome, writtenOutputs }
  const message = `The run ended ${outcome.result}, but its outputs could not be written`
  return { ...outcome, result: 'failed', reason: 'internal', kind: 'outputs-unwritten', message, writtenOutputs }
}

/** The lines of the one error: what happened, what was sent, what to do, and whom to name. What is too long is the cause. */
function toErrorLines({ problems = [], requestId }: Outcome, { what, sent, isSentSaid, next }: EndingWords): string[] {
  const after = [
    ...(isSentSaid ? [] : [`Sent by this run: ${sent}`]),
    ...(next === undefined ? [] : [`What to do next: ${cutOff(next, LONGEST.lead)}`]),
    ...(requestId === undefined ? [] : [`Request id: ${requestId}`]),
  ]
  const room = LONGEST.error - after.join('\n').length
  return [...(problems.length > 0 ? toProblemLines(problems, room) : [cutOff(what, room)]), ...after]
}

/** As many problems as there is room for, and how many there are more. */
function toProblemLines(problems: readonly string[], room: number): string[] {
  let left = room
  const lines = problems.map((text) => cutOff(text, LONGEST.problem))
  const fits = lines.findIndex((line) => {
    left -= line.length + 1
    return left < 0
  })
  return fits === -1 ? lines : firstAndMore(lines, fits)
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
export interface CommentOptions {
  /** How often: always, or only where there is something to say; a comment that is there is updated in any case. */
  readonly comment: true | 'changes'
  readonly published: Published
  readonly tenant: string
  readonly cluster: string
  /** Whether the run was to plan. */
  readonly isPlan: boolean
  readonly githubToken: string
  readonly surroundings: Omit<Surroundings, 'limitMs'>
}

/** Comments on the pull request that this run belongs to. Its code is loaded only here; whatever goes wrong is a warning: the result stands. */
export async function publishComment(options: CommentOptions, env: RunnerEnvironment, log: LogWriter): Promise<void> {
  const { comment, published, isPlan, githubToken: token, tenant, cluster, surroundings } = options
  const { plan, isGreen, sections } = published
  const { edits = [], digest } = plan ?? {}
  try {
    const { commentOnPullRequest } = await import('../github/on-demand.js')
    const done = await commentOnPullRequest(
      {
        env,
        token,
        tenant,
        cluster,
        ...(isPlan ? { plan: digest === undefined ? {} : { digest } } : {}),
        // A plan with refusals makes the run red.
        mayCreate: comment === true || !isGreen || edits.length > 0,
        text: joinSections(sections, { characters: LONGEST.comment - LONGEST.commentMarker }),
      },
      surroundings,
    )
    const why = UNCOMMENTED[done]
    if (why !== undefined) log.info(`comment: ${why}`)
  } catch (error) {
    log.warning(`The comment could not be written: ${toSentence(messageOf(error))}${toCommentHint(error)}`)
  }
}

const UNCOMMENTED: Readonly<Record<Commented, string | undefined>> = {
  written: undefined,
  'not-needed': 'there is nothing to change, so no comment is made',
  'no-pull-request': 'this run belongs to no pull request, so there is nothing to comment on',
  'several-pull-requests': 'this run belongs to several pull requests, so none is commented on',
}

/** What helps against a comment that could not be written, as far as its error says. */
function toCommentHint(error: unknown): string {
  const { trouble } = error as Partial<GitHubError>
  if (trouble === 'token') return ' Give a github-token that is valid; without that input it is the job’s own.'
  if (trouble === 'permission' || trouble === 'not-found') {
    return ' The job needs the permission pull-requests: write, which runs from a fork do not have.'
  }
  return ''
}
