import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from '@jest/globals'

/** Within a moment, even on a busy machine; whatever waits in earnest takes longer. */
export const MOMENT_MS = 3_000

/** How long a process that does nothing takes just now, from start to end: the yardstick for what others take meanwhile. */
export async function bareProcessMs(): Promise<number> {
  const startMs = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'close')
  return performance.now() - startMs
}

/** That something is within its limit, or, on a machine that is busy just now, within as much time as 20 bare processes take. */
export function expectWithin(ms: number, limitMs: number, bareMs: number): void {
  expect(ms).toBeLessThan(Math.max(limitMs, 20 * bareMs))
}

/** The milliseconds of CPU that an action takes, the least of three tries: whatever else the machine does is not counted. */
export function cpuMsOf(action: () => void): number {
  const tries = [1, 2, 3].map(() => {
    const start = process.cpuUsage()
    action()
    return cpuMsSince(start)
  })
  return Math.min(...tries)
}

/** The same, in one try, for what waits in between. */
export async function cpuMsOfWork(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await work()
  return cpuMsSince(start)
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}
