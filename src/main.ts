import manifest from '../package.json' with { type: 'json' }
import { createClusterApi } from './api/client.js'
import { createExchange } from './api/http.js'
import { toUserAgent } from './api/user-agent.js'
import { createClock } from './clock.js'
import type { ApprovedPlans } from './domain/approval.js'
import type { Outcome } from './domain/outcome.js'
import { InputError, toProblemText } from './errors.js'
import type { Surroundings } from './github/client.js'
import { type Inputs, parseInputs } from './inputs/parse.js'
import { normalizeProxies } from './inputs/proxy.js'
import type { Environment } from './inputs/reader.js'
import { parseReportInputs } from './inputs/report-inputs.js'
import { secretsIn } from './inputs/secrets.js'
import { type AlertRedactor, createAlertRedactor, createRedactor, redactDeep } from './redact.js'
import { toShownOutcome } from './report/outputs.js'
import { createLogWriter, maskSecrets, publishComment, publishReport } from './report/publish.js'
import type { ReportContext } from './report/summary.js'
import { toFailed, toInternal } from './run/failures.js'
import { run } from './run/run.js'
import type { Log } from './run/run-log.js'

/** The bundler takes this one word of package.json into dist/, and nothing else of it. */
const VERSION = manifest.version

/** The wiring: secrets are masked first, signals cancel the run, and the exit status becomes 0 only once everything is said. */
export async function main(env: Environment): Promise<void> {
  process.exitCode = 1
  const secrets = secretsIn(env)
  maskSecrets(secrets)
  // The HTTP client reads them from the process, for GitHub's API too.
  Object.assign(process.env, normalizeProxies(env))
  const redact = createRedactor(secrets)
  const cancellation = new AbortController()
  const cancel = () => cancellation.abort()
  process.on('SIGINT', cancel).on('SIGTERM', cancel)
  const log = createLogWriter(redact)
  const { tenant, cluster, jobSummary, comment, isPlan, githubToken } = parseReportInputs(env)
  const clock = createClock(cancellation.signal)
  const surroundings = { clock, cancelled: cancellation.signal, redact }
  // Secrets go before anything is escaped or cut off, which could hide a secret from being found.
  const context: ReportContext = redactDeep({ tenant, cluster, ...linksOf(env) }, redact)
  const redactor = createAlertRedactor({ secrets, shown: [tenant, cluster, `${tenant}/${cluster}`] })
  const outcome = toShownOutcome(await runAction({ env, redactor, log, githubToken, surroundings }), redactor)
  const published = publishReport({ outcome, context, wantsSummary: jobSummary }, env, redactor, log)
  if (published.isGreen) process.exitCode = 0
  if (comment && !cancellation.signal.aborted) {
    await publishComment({ comment, published, tenant, cluster, isPlan, githubToken, surroundings }, env, log)
  }
}

interface ActionParts {
  readonly env: Environment
  readonly redactor: AlertRedactor
  readonly log: Log
  readonly githubToken: string
  readonly surroundings: Omit<Surroundings, 'limitMs'>
}

async function runAction({ env, redactor, log, githubToken: token, surroundings }: ActionParts): Promise<Outcome> {
  const { clock, cancelled } = surroundings
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
    const approvedPlans: ApprovedPlans = {
      find: async (limitMs) => {
        const { findApprovedPlans } = await import('./github/on-demand.js')
        return findApprovedPlans({ env, token, tenant, cluster }, { ...surroundings, limitMs })
      },
    }
    const outcome = await run(inputs, { api, clock, log, approvedPlans })
    return { ...outcome, warnings: [...inputs.warnings, ...outcome.warnings] }
  } catch (error) {
    const outcome = toFailedStart(error, performance.now() - startMs)
    for (const warning of outcome.warnings) log.warning(warning)
    return outcome
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
  }
  if (error instanceof InputError) {
    const problems = error.problems.map(toProblemText)
    return { ...unstarted, warnings: error.warnings, ...toFailed('invalid-input', error.message, { problems }) }
  }
  return { ...unstarted, ...toInternal(error) }
}

function sourceText({ api }: Inputs): string {
  if (api.source === 'default') return 'the default'
  return api.source === 'api-url' ? 'from api-url' : `from ${api.source} in the environment`
}

function linksOf(env: Environment): Omit<ReportContext, 'tenant' | 'cluster'> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_SHA: sha } = env
  const actor = env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR
  const { GITHUB_ACTION_REPOSITORY: action, GITHUB_ACTION_REF: ref } = env
  const root = server && repository ? `${server}/${repository}` : undefined
  const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : ''
  return {
    ...(root && run ? { runUrl: `${root}/actions/runs/${run}${attempt}` } : {}),
    ...(root && sha ? { commitUrl: `${root}/commit/${sha}` } : {}),
    ...(actor ? { actor } : {}),
    ...(run ? { runId: run } : {}),
    ...(server && action && ref ? { readmeUrl: `${server}/${action}/blob/${ref}/README.md` } : {}),
  }
}
