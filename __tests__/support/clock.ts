import type { ClusterRead } from '../../src/api/client.js'
import { Journal } from '../../src/journal.js'
import { Patience } from '../../src/patience.js'
import type { Clock } from '../../src/runtime.js'
import { toCluster } from './clusters.js'

/** Time that passes only when someone sleeps, and starts nowhere near zero. */
export class TinyClock implements Clock {
  readonly slept: number[] = []
  private timeMs = 5_000_000

  nowMs(): number {
    return this.timeMs
  }

  wallMs(): number {
    return this.timeMs
  }

  random(): number {
    return 0.5
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms)
    this.timeMs += ms
  }
}

export interface Bench {
  readonly clock: TinyClock
  readonly patience: Patience
  readonly journal: Journal
  /** Each line of the log with the second it came at. */
  readonly lines: readonly { atS: number; level: string; text: string }[]
}

/** A journal of a run that has just begun; `stuckAfterMs` is a third of its time, as in a real one. */
export function toBench(timeoutMs = 3_600_000): Bench {
  const clock = new TinyClock()
  const startMs = clock.nowMs()
  const lines: { atS: number; level: string; text: string }[] = []
  const write = (level: string) => (text: string) => {
    lines.push({ atS: (clock.nowMs() - startMs) / 1_000, level, text })
  }
  const log = { info: write('info'), warning: write('warning'), debug: write('debug') }
  const patience = new Patience(clock, timeoutMs)
  return { clock, patience, journal: new Journal(log, patience, timeoutMs / 3), lines }
}

/** A read of the builders' cluster. */
export function toRead(overrides: Parameters<typeof toCluster>[0] = {}): ClusterRead {
  return { cluster: toCluster(overrides), etag: '"1"', requestId: undefined }
}
