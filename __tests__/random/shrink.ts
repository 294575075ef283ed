import { execute } from './execute.js'
import { findViolations } from './invariants.js'
import { PLAIN_CLUSTER, PLAIN_PLAN, PLAIN_SERVER, PLAIN_TASK, type RunPlan } from './plan.js'

/** Makes a plan that violates an invariant as plain as it can be while it still does. */
export async function shrinkPlan(plan: RunPlan, invariant: string): Promise<RunPlan> {
  let smallest = plan
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const candidate of plainerPlans(smallest)) {
      if (!(await violates(candidate, invariant))) continue
      smallest = candidate
      isSmaller = true
      break
    }
  }
  return smallest
}

async function violates(plan: RunPlan, invariant: string): Promise<boolean> {
  return findViolations(await execute(plan)).some((violation) => violation.invariant === invariant)
}

/** Every plan that is one step plainer: one fault, incident or earlier change less, or one setting back at its plain value. */
function* plainerPlans(plan: RunPlan): Generator<RunPlan> {
  for (const key of ['faults', 'incidents'] as const) {
    for (const index of plan[key].keys()) yield { ...plan, [key]: plan[key].toSpliced(index, 1) }
  }
  const { cluster, task, server } = plan
  for (const index of cluster.before.keys()) {
    yield { ...plan, cluster: { ...cluster, before: cluster.before.toSpliced(index, 1) } }
  }
  for (const key of ['version', 'cpu', 'memory', 'storage', 'alerts'] as const) {
    if (task[key] === undefined) continue
    const { [key]: _, ...rest } = task
    const isEmpty = ['version', 'cpu', 'memory', 'storage', 'alerts'].every((name) => !(name in rest))
    if (!isEmpty || task.mode === 'verify') yield { ...plan, task: rest }
  }
  for (const reset of resets(task, PLAIN_TASK)) yield { ...plan, task: reset }
  for (const reset of resets(cluster, PLAIN_CLUSTER)) yield { ...plan, cluster: reset }
  for (const reset of resets(server, PLAIN_SERVER)) yield { ...plan, server: reset }
  const { chance, wallStartMs, cancelAtMs } = PLAIN_PLAN
  for (const part of [{ chance }, { wallStartMs }, { cancelAtMs }]) {
    const candidate = { ...plan, ...part }
    if (JSON.stringify(candidate) !== JSON.stringify(plan)) yield candidate
  }
  for (const [index, { when }] of plan.faults.entries()) {
    if (!('nth' in when) || when.times === 1) continue
    const fault = { ...plan.faults[index], when: { ...when, times: 1 } } as RunPlan['faults'][number]
    yield { ...plan, faults: plan.faults.with(index, fault) }
  }
}

function* resets<T extends object>(value: T, plain: T): Generator<T> {
  for (const [key, item] of Object.entries(plain)) {
    if (JSON.stringify((value as Record<string, unknown>)[key]) !== JSON.stringify(item))
      yield { ...value, [key]: item }
  }
}
