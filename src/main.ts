import { appendFileSync } from 'node:fs'
import * as core from '@actions/core'
import { createClusterApi } from './api/client.js'
import { createExchange } from './api/http.js'
import { textsIn } from './domain/alerts.js'
import { isGreen, type Outcome } from './domain/outcome.js'
import { InputError } from './errors.js'
import type { Environment } from './inputs/reader.js'
import { type Inputs, parseInputs, secretsIn, wantsJobSummary } from './inputs.js'
import { toOutputs } from './report/outputs.js'
import { type Place, toSummary } from './report/summary.js'
import { run } from './run.js'
import { createClock, type Log } from './runtime.js'
import { createRedactor, cutOff, type Redact, toHarmlessLine } from './untrusted.js'

const VERSION = '1.0.0'

/** The wiring, and the only place that speaks to the runner: secrets are masked first, and green is what is left to be said last. */
export async function main(env: Environment): Promise<void> {
  process.exitCode = 1
  const secrets = secretsIn(env)
  secrets.forEach(core.setSecret)
  const redact = createRedactor(secrets)
  const { outcome, place } = await tellRun(env, redact)
  const isReported = report(outcome, place, env, redact)
  if (isGreen(outcome.result) && isReported) process.exitCode = 0
}

async function tellRun(env: Environment, redact: Redact): Promise<{ outcome: Outcome; place: Place }> {
  const cancellation = new AbortController()
  const cancel = () => cancellation.abort()
  process.on('SIGINT', cancel).on('SIGTERM', cancel)
  const startMs = performance.now()
  let place: Place = { tenant: '', cluster: '', ...runUrlOf(env) }
  try {
    const inputs = await parseInputs(env)
    place = { ...place, tenant: inputs.tenant, cluster: inputs.cluster }
    const log = createLog(redact)
    log.info(
      `kupe-cluster-action ${VERSION}: ${inputs.mode} ${inputs.tenant}/${inputs.cluster} on ${inputs.api.host} (${sourceText(inputs)})`,
    )
    for (const warning of inputs.warnings) log.warning(warning)
    const exchange = createExchange(userAgentOf(env), cancellation.signal)
    const { apiKey, tenant, cluster, api: address } = inputs
    const alertTexts = textsIn(inputs.desired.alerts)
    const api = createClusterApi({ apiUrl: address.root, apiKey, tenant, cluster, exchange, redact, alertTexts })
    return { outcome: await run(inputs, { api, clock: createClock(cancellation.signal), log }), place }
  } catch (error) {
    return { outcome: toFailedStart(error, performance.now() - startMs), place }
  }
}

/** What went wrong before there was a run to tell of it. */
function toFailedStart(error: unknown, durationMs: number): Outcome {
  const told = { changed: false, timeline: [], warnings: [], durationMs, result: 'failed' } as const
  if (error instanceof InputError) {
    return {
      ...told,
      reason: 'invalid-input',
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { ...told, reason: 'internal', message: `A fault of this action: ${message}` }
}

/** Writes all there is to say. Gives whether the outputs could be written: a step without them must not be green. */
function report(outcome: Outcome, place: Place, env: Environment, redact: Redact): boolean {
  const log = createLog(redact)
  const summary = redact(toSummary(outcome, place))
  const outputs = toOutputs(outcome, summary)
  let isReported = true
  try {
    for (const [name, value] of Object.entries(outputs)) core.setOutput(name, redact(value))
  } catch (error) {
    isReported = false
    core.error(oneLine(redact, `The outputs could not be written: ${error instanceof Error ? error.message : error}`))
  }
  if (wantsJobSummary(env)) writeSummary(summary, env, log)
  const told = `${outcome.result}: ${outcome.message}`
  if (isGreen(outcome.result)) log.info(told)
  else core.error(oneLine(redact, toErrorText(outcome)), { title: oneLine(redact, titleOf(outcome, place)) })
  return isReported
}

function titleOf({ result, reason }: Outcome, { tenant, cluster }: Place): string {
  return `Kupe ${cluster === '' ? 'cluster' : `${tenant}/${cluster}`}: ${result}${reason === undefined || reason === result ? '' : ` (${reason})`}`
}

function toErrorText({ message, hint, requestId }: Outcome): string {
  return [
    message,
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
    log.warning(`The job summary could not be written: ${error instanceof Error ? error.message : error}`)
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

function runUrlOf({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT }: Environment): {
  runUrl?: string
} {
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return {}
  const attempt = GITHUB_RUN_ATTEMPT === undefined ? '' : `/attempts/${GITHUB_RUN_ATTEMPT}`
  return { runUrl: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}` }
}
