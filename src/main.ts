import { createClusterApi } from './api/client.js'
import { createExchange } from './api/http.js'
import { toUserAgent } from './api/user-agent.js'
import { createClock } from './clock.js'
import type { Outcome } from './domain/outcome.js'
import { InputError, toProblemText } from './errors.js'
import { type Inputs, parseInputs } from './inputs/parse.js'
import type { Environment } from './inputs/reader.js'
import { parseReportInputs } from './inputs/report-inputs.js'
import { secretsIn } from './inputs/secrets.js'
import { LONGEST } from './policy.js'
import {
  type AlertRedactor,
  createAlertRedactor,
  createRedactor,
  type Redact,
  redactDeep,
  redactLong,
} from './redact.js'
import { createLogWriter, maskSecrets, publishComment, publishReport } from './report/publish.js'
import { type ReportContext, toSummarySections } from './report/summary.js'
import { run } from './run/run.js'
import { type Log, SERVER_WARNS } from './run/run-log.js'

const VERSION = '1.0.0'

/** The wiring: secrets are masked first, signals cancel the run, and the exit status becomes 0 only once everything is said. */
export async function main(env: Environment): Promise<void> {
  process.exitCode = 1
  const secrets = secretsIn(env)
  maskSecrets(secrets)
  const redact = createRedactor(secrets)
  const cancellation = new AbortController()
  const cancel = () => cancellation.abort()
  process.on('SIGINT', cancel).on('SIGTERM', cancel)
  const log = createLogWriter(redact)
  const { tenant, cluster, jobSummary, comment, githubToken } = parseReportInputs(env)
  // Secrets go before anything is escaped or cut off, which could hide a secret from being found.
  const context: ReportContext = redactDeep({ tenant, cluster, ...linksOf(env) }, redact)
  const redactor = createAlertRedactor({ secrets, shown: [tenant, cluster, `${tenant}/${cluster}`] })
  const outcome = toShownOutcome(await runAction(env, redactor, log, cancellation.signal), redactor)
  const sections = toSummarySections(outcome, context).map(redact)
  const report = { outcome, context, sections, wantsSummary: jobSummary }
  if (publishReport(report, env, redactor, log)) process.exitCode = 0
  if (comment && !cancellation.signal.aborted) {
    await publishComment({ context, sections, githubToken, cancelled: cancellation.signal }, env, log)
  }
}

/**
 * An outcome without secrets, and without what was found inside `alerts` only after the server had said it. The objects of its
 * reads are cleaned where they are shown.
 */
function toShownOutcome(outcome: Outcome, redactor: AlertRedactor): Outcome {
  const redactSecrets: Redact = (text) => redactLong(text, redactor.redactSecrets, { longest: LONGEST.lead })
  const shown = redactDeep(outcome, redactSecrets, ['json', 'alerts', 'fields', 'patch'])
  const { redact, isOverwhelmed } = redactor
  const warnings = shown.warnings.flatMap((warning) => {
    if (!warning.startsWith(SERVER_WARNS)) return [warning]
    return isOverwhelmed ? [] : [redact(warning)]
  })
  const { last } = shown
  if (last === undefined) return { ...shown, warnings }
  const conditions = last.conditions.map(({ message, ...names }) =>
    message === undefined || isOverwhelmed ? names : { ...names, message: redact(message) },
  )
  return { ...shown, warnings, last: { ...last, conditions } }
}

async function runAction(
  env: Environment,
  redactor: AlertRedactor,
  log: Log,
  cancelled: AbortSignal,
): Promise<Outcome> {
  const startMs = performance.now()
  try {
    const inputs = await parseInputs(env)
    const { apiKey, tenant, cluster, api: address, mode } = inputs
    log.info(`kupe-cluster-action ${VERSION}: ${mode} ${tenant}/${cluster} on ${address.host} (${sourceText(inputs)})`)
    for (const warning of inputs.warnings) log.warning(warning)
    const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: attempt } = env
    const exchange = createExchange(toUserAgent(VERSION, { repository, runId, attempt }), cancelled)
    const { alerts, ...values } = inputs.desired
    redactor.learn(alerts)
    redactor.showAlways(Object.values(values))
    const api = createClusterApi({ apiUrl: address.root, apiKey, tenant, cluster, exchange, redactor })
    return await run(inputs, { api, clock: createClock(cancelled), log })
  } catch (error) {
    return toFailedStart(error, performance.now() - startMs)
  }
}

/** What went wrong before there was a run to report of. */
function toFailedStart(error: unknown, durationMs: number): Outcome {
  const unstarted = {
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
    return { ...unstarted, reason: 'invalid-input', message: error.message, problems, ...hint }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { ...unstarted, reason: 'internal', message: `A fault of this action: ${message}` }
}

function sourceText({ api }: Inputs): string {
  if (api.source === 'default') return 'the default'
  return api.source === 'api-url' ? 'from api-url' : `from ${api.source} in the environment`
}

function linksOf(env: Environment): Pick<ReportContext, 'runUrl' | 'commitUrl' | 'actor'> {
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
