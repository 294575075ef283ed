import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { VirtualClock } from '../__tests__/support/clock.js'
import { createSimulatedExchange, runTask } from '../__tests__/support/runs.js'
import { toTask } from '../__tests__/support/tasks.js'
import { Simulator } from '../simulator/simulator.js'
import type { Exchange } from '../src/api/http.js'

const SAMPLES = 12

/** What a wait of some length cost. */
export interface LongWait {
  readonly waitMs: number
  readonly requests: number
  readonly cpuMs: number
  /** Bytes in use right after a garbage collection, at even distances over the wait; none where nobody asked. */
  readonly heap: readonly number[]
}

/**
 * Lets one run wait this long, on virtual time. Every poll's answer has another ETag and request id, as a real server's may.
 * What the simulator and its clock remember for tests is thrown away as it comes, so that what grows is the run's own.
 * Looking at the heap takes processor time: for that, ask without.
 */
export async function waitFor(waitMs: number, looksAtHeap: boolean): Promise<LongWait> {
  const clock = new VirtualClock()
  const simulator = new Simulator({ now: () => clock.nowMs(), upgradeStartsAfterMs: 0, upgradeMs: waitMs })
  const carry = createSimulatedExchange(simulator, clock)
  const collectGarbage = looksAtHeap ? garbageCollector() : () => undefined
  const heap: number[] = []
  let requests = 0
  let isPatched = false
  const exchange: Exchange = async (request) => {
    const answer = await carry(request)
    requests++
    simulator.requests.length = 0
    clock.slept.length = 0
    if (looksAtHeap && clock.nowMs() >= (heap.length * waitMs) / SAMPLES) {
      collectGarbage()
      heap.push(process.memoryUsage().heapUsed)
    }
    isPatched ||= request.method === 'PATCH'
    if (!isPatched) return answer
    return { ...answer, headers: { ...answer.headers, etag: `"${requests}"`, 'x-request-id': `request-${requests}` } }
  }
  const task = toTask({ desired: { version: '1.32' }, timeoutMs: 2 * waitMs + 60_000 })
  const before = process.cpuUsage()
  const outcome = await runTask(task, { exchange, clock })
  const { user, system } = process.cpuUsage(before)
  if (outcome.result !== 'converged') throw new Error(`The wait ended ${outcome.result}: ${outcome.message}`)
  return { waitMs, requests, cpuMs: (user + system) / 1000, heap }
}

/** Node gives it to nobody who did not ask on the command line, except in a new context. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
