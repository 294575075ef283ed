import { createClusterApi } from '../../src/api/client.js'
import type { DesiredChange } from '../../src/domain/change.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import { parseWindow } from '../../src/domain/window.js'
import { createAlertRedactor } from '../../src/redact.js'
import { toMessage } from '../../src/report/message.js'
import { OUTPUT_NAMES, toOutputs, toShownOutcome } from '../../src/report/outputs.js'
import { toSummarySections } from '../../src/report/summary.js'
import { toWords } from '../../src/report/words.js'
import { run } from '../../src/run/run.js'
import { Chance } from './chance.js'
import { createWire, type ExchangeRecord, VirtualClock } from './exchange.js'
import { CLUSTER_NAME, Model, SECRETS } from './model.js'
import type { PlannedTask, RunPlan } from './plan.js'

/** This file alone knows how the action is called; a change of its types ends here. */

const TENANT = 'acme'
const API_URL = 'https://api.example/api/v1'
export const CLUSTER_URL = `${API_URL}/tenants/${TENANT}/clusters/${CLUSTER_NAME}`

/** Everything that can be said about a run once it is over. */
export interface Witness {
  readonly plan: RunPlan
  readonly outcome: Outcome
  readonly records: readonly ExchangeRecord[]
  readonly happened: readonly string[]
  readonly model: Model
  readonly endMs: number
  readonly endWallMs: number
  readonly wasCancelled: boolean
  /** Each line with the moment it was written at. */
  readonly log: readonly { readonly atMs: number; readonly level: string; readonly line: string }[]
  readonly outputs: Readonly<Record<string, string>>
  readonly outputNames: readonly string[]
  /** The ETag that the user gave as `if-match`, if any. */
  readonly ifMatch: string | undefined
}

/** Lives through one planned run. */
export async function execute(plan: RunPlan): Promise<Witness> {
  const model = new Model(plan.cluster, plan.server)
  const ifMatch = toIfMatch(plan, model)
  const expectedPlan = await toExpectedPlan(plan)
  const chance = new Chance(plan.chance)
  const jitter = chance.fork('jitter')
  const clock = new VirtualClock(plan.wallStartMs, plan.cancelAtMs ?? Number.POSITIVE_INFINITY, () => jitter.next())
  const { exchange, records, happened } = createWire({ plan, model, clock, chance: chance.fork('wire') })
  const task: Task = {
    ...toTask(plan.task),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(expectedPlan === undefined ? {} : { expectedPlan }),
  }
  const redactor = createAlertRedactor({ secrets: [SECRETS.key], shown: [TENANT, CLUSTER_NAME] })
  redactor.learn(task.desired.alerts)
  const api = createClusterApi({
    apiUrl: API_URL,
    apiKey: SECRETS.key,
    tenant: TENANT,
    cluster: CLUSTER_NAME,
    exchange,
    redactor,
  })
  const log: { atMs: number; level: string; line: string }[] = []
  const write = (level: string) => (line: string) => void log.push({ atMs: clock.nowMs(), level, line })
  const outcome = await run(task, {
    api,
    clock,
    log: { info: write('info'), warning: write('warning'), debug: write('debug') },
  })
  const shown = toShownOutcome(outcome, redactor)
  const sections = toSummarySections(shown, NAME)
  const endMs = clock.nowMs()
  // What is still on its way when the run ends may yet arrive.
  model.state.advanceTo(endMs + 60_000)
  return {
    plan,
    outcome: shown,
    records,
    happened,
    model,
    endMs,
    endWallMs: clock.wallMs(),
    wasCancelled: clock.isCancelled,
    log,
    outputs: toOutputs({ outcome: shown, message: toMessage(toWords(shown, NAME)), sections, redactor }),
    outputNames: OUTPUT_NAMES,
    ifMatch,
  }
}

function toIfMatch({ task }: RunPlan, model: Model): string | undefined {
  if (task.ifMatch === 'current') return model.etag
  return task.ifMatch === 'wrong' ? '"7"' : undefined
}

/** The digest that an earlier dry run would have given. */
async function toExpectedPlan(plan: RunPlan): Promise<string | undefined> {
  const { task } = plan
  if (task.expectedPlan === 'none') return undefined
  if (task.expectedPlan === 'wrong') return '00112233445566aa'
  const quiet = { faults: [], incidents: [], cancelAtMs: null }
  const dryRun: RunPlan = { ...plan, ...quiet, task: { ...task, mode: 'plan', expectedPlan: 'none', ifMatch: 'none' } }
  const { outcome } = await execute(dryRun)
  return outcome.plan?.digest
}

function toTask(planned: PlannedTask): Task {
  const { version, cpu, memory, storage, alerts, minCpu, maxCpu, onlyBetween } = planned
  const desired: DesiredChange = {
    ...(version === undefined ? {} : { version }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
    ...(storage === undefined ? {} : { storage }),
    ...(alerts === undefined ? {} : { alerts }),
  }
  const window = onlyBetween === null ? undefined : parseWindow(onlyBetween, 'UTC')
  return {
    tenant: TENANT,
    cluster: CLUSTER_NAME,
    mode: planned.mode,
    desired,
    guardrails: {
      allowDowngrade: planned.allowDowngrade,
      allowVersionSkip: planned.allowVersionSkip,
      allowStorageShrink: planned.allowStorageShrink,
      min: minCpu === null ? {} : { cpu: minCpu },
      max: maxCpu === null ? {} : { cpu: maxCpu },
    },
    wait: planned.wait,
    timeoutMs: planned.timeoutMs,
    pollIntervalMs: planned.pollIntervalMs,
    settleTimeMs: planned.settleTimeMs,
    degradedGraceMs: planned.degradedGraceMs,
    onBusy: planned.onBusy,
    onConflict: planned.onConflict,
    ...(window === undefined ? {} : { window }),
  }
}

const NAME = { tenant: TENANT, cluster: CLUSTER_NAME }
