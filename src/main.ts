import { appendFileSync, readFileSync } from 'node:fs'
import * as core from '@actions/core'
import { createClusterApi } from './api/client.js'
import { createExchange } from './api/http.js'
import { textsIn } from './domain/alerts.js'
import { toDurationText } from './domain/duration.js'
import { isGreen, type Outcome, toSentence } from './domain/outcome.js'
import { InputError, toProblemText } from './errors.js'
import type { Environment } from './inputs/reader.js'
import { type Inputs, namesIn, parseInputs, secretsIn, wantsComment, wantsJobSummary } from './inputs.js'
import { toOutputs } from './report/outputs.js'
import { type Place, toSummary } from './report/summary.js'
import { run } from './run.js'
import { createClock, type Log } from './runtime.js'
import { createRedactor, cutOff, type Redact, redactDeep, redactKeyShapes, toHarmlessLine } from './untrusted.js'

const VERSION = '1.0.0'

/** The wiring, and the only place that speaks to the runner: secrets are masked first, and green is what is left to be said last. */
export async function main(env: Environment): Promise<void> {
  process.exitCode = 1
  const secrets = secretsIn(env)
  secrets.forEach(core.setSecret)
  const redactKnown = createRedactor(secrets)
  const redact: Redact = (text) => redactKeyShapes(redactKnown(text))
  const cancellation = new AbortController()
  const cancel = () => cancellation.abort()
  process.on('SIGINT', cancel).on('SIGTERM', cancel)
  const log = createLog(redact)
  // Secrets go before anything is escaped or cut off, which could hide a secret from being found.
  const place: Place = redactDeep({ ...namesIn(env), ...linksOf(env) }, redact)
  const outcome = redactDeep(await tellRun(env, redact, log, cancellation.signal), redact)
  const summary = redact(toSummary(outcome, place))
  const isReported = report(outcome, place, summary, env, redact, log)
  if (isGreen(outcome.result) && isReported) process.exitCode = 0
  if (wantsComment(env) && !cancellation.signal.aborted) await comment(place, summary, env, log, cancellation.signal)
}

async function tellRun(env: Environment, redact: Redact, log: Log, cancelled: AbortSignal): Promise<Outcome> {
  const startMs = performance.now()
  try {
    const inputs = await parseInputs(env)
    const { apiKey, tenant, cluster, api: address, mode } = inputs
    log.info(`kupe-cluster-action ${VERSION}: ${mode} ${tenant}/${cluster} on ${address.host} (${sourceText(inputs)})`)
    for (const warning of inputs.warnings) log.warning(warning)
    const exchange = createExchange(userAgentOf(env), cancelled)
    const alertTexts = textsIn(inputs.desired.alerts)
    const api = createClusterApi({ apiUrl: address.root, apiKey, tenant, cluster, exchange, redact, alertTexts })
    return await run(inputs, { api, clock: createClock(cancelled), log })
  } catch (error) {
    return toFailedStart(error, performance.now() - startMs)
  }
}

/** What went wrong before there was a run to tell of it. */
function toFailedStart(error: unknown, durationMs: number): Outcome {
  const told = {
    changed: false,
    timeline: [],
    startWallMs: Date.now() - durationMs,
    warnings: [],
    durationMs,
    result: 'failed',
  } as const
  if (error instanceof InputError) {
    const problems = error.problems.map(toProblemText)
    const hint = error.hint === undefined ? {} : { hint: error.hint }
    return { ...told, reason: 'invalid-input', message: error.message, problems, ...hint }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { ...told, reason: 'internal', message: `A fault of this action: ${message}` }
}

/** Writes all there is to say. Gives whether the outputs could be written: a step without them must not be green. */
function report(outcome: Outcome, place: Place, summary: string, env: Environment, redact: Redact, log: Log): boolean {
  let isReported = true
  try {
    // Without a file the toolkit would print a command that runners no longer obey.
    if (!env.GITHUB_OUTPUT) throw new Error('GITHUB_OUTPUT names no file')
    for (const [name, value] of Object.entries(toOutputs(outcome, summary))) core.setOutput(name, redact(value))
  } catch (error) {
    isReported = false
    log.warning(`The outputs could not be written: ${messageOf(error)}`)
  }
  if (wantsJobSummary(env)) writeSummary(summary, env, log)
  const told = isReported ? outcome : toUnreported(outcome)
  if (isGreen(told.result))
    log.info(`${told.result} after ${toDurationText(told.durationMs)}: ${toSentence(told.message)}`)
  else core.error(oneLine(redact, toErrorText(told)), { title: oneLine(redact, titleOf(told, place)) })
  return isReported
}

function toUnreported(outcome: Outcome): Outcome {
  if (!isGreen(outcome.result)) return outcome
  const message = `The run ended ${outcome.result}, but its outputs could not be written. ${outcome.message}`
  return { ...outcome, result: 'failed', reason: 'internal', message }
}

const COMMENT_TIMEOUT_MS = 10_000

/** Its code is loaded only here. Whatever goes wrong is a warning: the result stands. */
async function comment(
  place: Place,
  summary: string,
  env: Environment,
  log: Log,
  cancelled: AbortSignal,
): Promise<void> {
  try {
    const { pullRequestOf, writeComment } = await import('./report/pull-request.js')
    const pullRequest = pullRequestOf(readEvent(env))
    const [owner, repository] = (env.GITHUB_REPOSITORY ?? '').split('/')
    if (pullRequest === undefined || !owner || !repository) {
      log.info('comment: this run belongs to no pull request, so there is nothing to comment on')
      return
    }
    const { tenant, cluster } = place
    const identity = [tenant, cluster, env.GITHUB_WORKFLOW ?? '', env.GITHUB_JOB ?? '']
    const apiUrl = env.GITHUB_API_URL || 'https://api.github.com'
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(COMMENT_TIMEOUT_MS)])
    const token = (env['INPUT_GITHUB-TOKEN'] ?? '').trim()
    await writeComment({ apiUrl, owner, repository, pullRequest, identity }, token, summary, signal)
  } catch (error) {
    const hint = 'It needs github-token and the permission pull-requests: write, which runs from a fork do not have.'
    log.warning(`The comment could not be written: ${messageOf(error)}. ${hint}`)
  }
}

function readEvent({ GITHUB_EVENT_PATH }: Environment): unknown {
  return GITHUB_EVENT_PATH ? JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8')) : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function titleOf({ result, reason }: Outcome, { tenant, cluster }: Place): string {
  return `Kupe ${cluster === '' ? 'cluster' : `${tenant}/${cluster}`}: ${result}${reason === undefined || reason === result ? '' : ` (${reason})`}`
}

function toErrorText({ result, reason, message, hint, requestId }: Outcome): string {
  return [
    `${reason ?? result}: ${toSentence(message)}`,
    ...(hint === undefined ? [] : [hint]),
    ...(requestId === undefined ? [] : [`Request id: ${requestId}`]),
  ].join(' ')
}

/** Written at once and directly: the toolkit's summary is a shared buffer that is written later. It never changes the result. */
function writeSummary(summary: string, env: Environment, log: Log): void {
  const path = env.GITHUB_STEP_SUMMARY
  if (path === undefined || path === '') return
  try {
    appendFileSync(path, summary)
  } catch (error) {
    log.warning(`The job summary could not be written: ${messageOf(error)}`)
  }
}

const LONGEST_LINE = 4000

function oneLine(redact: Redact, text: string): string {
  return cutOff(toHarmlessLine(redact(text)), LONGEST_LINE)
}

function createLog(redact: Redact): Log {
  return {
    info: (line) => core.info(oneLine(redact, line)),
    warning: (line) => core.warning(oneLine(redact, line)),
    debug: (line) => core.debug(oneLine(redact, line)),
  }
}

function sourceText({ api }: Inputs): string {
  if (api.source === 'default') return 'the default'
  return api.source === 'api-url' ? 'from api-url' : `from ${api.source} in the environment`
}

/** So that the server's audit can answer who did it. */
function userAgentOf(env: Environment): string {
  const repository = env.GITHUB_REPOSITORY ?? 'no repository'
  const agent = `kupe-cluster-action/${VERSION} (${repository}; run ${env.GITHUB_RUN_ID ?? 'none'}; attempt ${env.GITHUB_RUN_ATTEMPT ?? 'none'})`
  return agent.replace(/[^\u0020-\u007e]/g, '?')
}

function linksOf(env: Environment): Pick<Place, 'runUrl' | 'commitUrl' | 'actor'> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_SHA: sha } = env
  const actor = env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR
  const root = server && repository ? `${server}/${repository}` : undefined
  const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : ''
  return {
    ...(root && run ? { runUrl: `${root}/actions/runs/${run}${attempt}` } : {}),
    ...(root && sha ? { commitUrl: `${root}/commit/${sha}` } : {}),
    ...(actor ? { actor } : {}),
  }
}
