import type { Simulator } from '../../simulator/simulator.js'
import { createClusterApi } from '../../src/api/client.js'
import type { Exchange } from '../../src/api/http.js'
import { textsIn } from '../../src/domain/alerts.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Task } from '../../src/domain/task.js'
import { run } from '../../src/run.js'
import type { Clock } from '../../src/runtime.js'
import { createRedactor } from '../../src/untrusted.js'
import { API_KEY, API_URL, toTask } from './runs.js'

/** One time for several runs: it moves on to the next one due as soon as all of them sleep. */
export class SharedTime {
  timeMs = 0
  private sleepers: { atMs: number; wake: () => void }[] = []

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ atMs: this.timeMs + Math.max(0, ms), wake }))
  }

  /** Lets time pass until all of it is done. */
  async pass<T>(work: Promise<T>): Promise<T> {
    let isDone = false
    const finish = () => {
      isDone = true
    }
    work.then(finish, finish)
    while (!isDone) {
      // Nothing here waits for anything but this time, so after one turn of the event loop everyone sleeps.
      await new Promise((resolve) => setImmediate(resolve))
      const next = this.sleepers.sort((left, right) => left.atMs - right.atMs).shift()
      if (next === undefined) continue
      this.timeMs = Math.max(this.timeMs, next.atMs)
      next.wake()
    }
    return work
  }
}

/** A random number of 0 to below 1 after the other, always the same ones for one seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Racer {
  readonly outcome: Outcome
  /** Its PATCHes as the server saw them, by status. */
  readonly patches: readonly number[]
}

/** Runs several tasks at once against one simulator; requests and answers take up to `latencyMs`. */
export async function race(
  time: SharedTime,
  simulator: Simulator,
  tasks: readonly Partial<Task>[],
  { random, latencyMs }: { random: () => number; latencyMs: number },
): Promise<Racer[]> {
  const racers = tasks.map(async (task): Promise<Racer> => {
    const full = toTask(task)
    const patches: number[] = []
    const exchange: Exchange = async ({ method, url, headers, body }) => {
      await time.sleep(random() * latencyMs)
      const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
      const request = { method, path: new URL(url).pathname, headers: Object.fromEntries(names) }
      const { reply } = simulator.handle(body === undefined ? request : { ...request, body })
      if (method === 'PATCH') patches.push(reply.status)
      await time.sleep(random() * latencyMs)
      return { ...reply, isWhole: true }
    }
    const clock: Clock = {
      nowMs: () => time.timeMs,
      wallMs: () => Date.UTC(2026, 10, 2, 9) + time.timeMs,
      random,
      sleep: (ms) => time.sleep(ms),
    }
    const api = createClusterApi({
      apiUrl: API_URL,
      apiKey: API_KEY,
      tenant: full.tenant,
      cluster: full.cluster,
      exchange,
      redact: createRedactor([API_KEY]),
      alertTexts: textsIn(full.desired.alerts),
    })
    const log = { info: () => undefined, warning: () => undefined, debug: () => undefined }
    return { outcome: await run(full, { api, clock, log }), patches }
  })
  return time.pass(Promise.all(racers))
}
