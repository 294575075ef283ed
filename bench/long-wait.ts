import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { VirtualClock } from '../__tests__/support/clock.js'
import { createSimulatedExchange, runTask } from '../__tests__/support/runs.js'
import { toTask } from '../__tests__/support/tasks.js'
import { Simulator } from '../simulator/simulator.js'
import type { Exchange } from '../src/api/http.js'
import { median } from './statistics.js'
import { toTable } from './table.js'

const SAMPLES = 12
const WAITS_MIN = [1, 10, 60, 180, 360]
const MIB = 1024 * 1024

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

/** What waits of several lengths cost. */
export async function longWaits(): Promise<string> {
  // Until the compiler has seen it all, a poll costs more.
  await waitFor(6 * 3_600_000, false)
  const rows: string[][] = []
  for (const minutes of WAITS_MIN) {
    const runs = []
    for (let n = 0; n < 9; n++) runs.push(await waitFor(minutes * 60_000, false))
    const { heap, requests } = await waitFor(minutes * 60_000, true)
    const cpuMs = median(runs.map((run) => run.cpuMs))
    // The first samples still hold what the compiler made.
    const [early = 0, late = 0] = [heap.at(Math.floor(heap.length / 4)), heap.at(-1)].map((bytes) => (bytes ?? 0) / MIB)
    rows.push([
      minutes < 60 ? `${minutes} min` : `${minutes / 60} h`,
      `${requests}`,
      cpuMs.toFixed(1),
      ((cpuMs * 1000) / requests).toFixed(0),
      early.toFixed(2),
      late.toFixed(2),
    ])
  }
  return toTable(['wait', 'requests', 'CPU ms', 'CPU µs a request', 'heap MiB, early', 'heap MiB, at the end'], rows)
}
