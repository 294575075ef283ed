import type { Simulator } from '../../simulator/simulator.js'
import type { Exchange } from '../../src/api/http.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import type { SharedClock } from './clock.js'
import { runTask, toSimulatorRequest } from './runs.js'
import { toTask } from './tasks.js'

export interface RacedRun {
  readonly outcome: Outcome
  /** Its PATCHes as the server saw them, by status. */
  readonly patches: readonly number[]
}

/** A run, and how long after the first ones it starts. */
export interface RacedTask extends Partial<Task> {
  readonly afterMs?: number
}

/** Runs several tasks at once against one simulator; requests and answers take up to `latencyMs`, as chance has it. */
export async function raceAgainstSimulator(
  clock: SharedClock,
  simulator: Simulator,
  tasks: readonly RacedTask[],
  latencyMs: number,
): Promise<RacedRun[]> {
  const runs = tasks.map(async ({ afterMs = 0, ...task }): Promise<RacedRun> => {
    if (afterMs > 0) await clock.sleep(afterMs)
    const patches: number[] = []
    const exchange: Exchange = async (request) => {
      await clock.sleep(clock.random() * latencyMs)
      const { reply } = simulator.handle(toSimulatorRequest(request))
      if (request.method === 'PATCH') patches.push(reply.status)
      await clock.sleep(clock.random() * latencyMs)
      return { ...reply, isWhole: true }
    }
    return { outcome: await runTask(toTask(task), { exchange, clock }), patches }
  })
  return clock.passUntilDone(Promise.all(runs))
}
