// npm run soak -- 10m: the bundle itself, real time and real sockets, thousands of fast polls; the heap from start to end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseDuration } from '../src/domain/duration.js'
import { ACTION, createStep, ROOT, startSimulator } from './processes.js'
import { toTable } from './table.js'

const SAMPLES = 10
const POLL_INTERVAL = '25ms'
const MIB = 1024 * 1024

interface Sample {
  readonly atS: number
  readonly heapUsed: number
  readonly rss: number
  readonly handles: number
  readonly cpuMs: number
}

const text = process.argv[2] ?? '10m'
const durationMs = parseDuration(text)
if (durationMs === undefined || durationMs < 10_000) throw new Error(`soak needs 10s or more, such as 10m: ${text}`)

const simulator = await startSimulator(['--upgrade-start', '1ms', '--upgrade', `${durationMs}ms`, '--log'])
const timeout = `${durationMs + 60_000}ms`
const step = createStep(simulator.url, { version: '1.32', timeout, 'poll-interval': POLL_INTERVAL })
const samplesFile = step.file('samples')
const probe = join(ROOT, 'bench', 'heap-probe.mjs')
const env = { ...step.env, HEAP_FILE: samplesFile, HEAP_EVERY_MS: `${durationMs / SAMPLES - 10}` }
let requests = 0
void countRequests().catch(() => undefined)
const child = spawn(process.execPath, ['--expose-gc', '--import', probe, ACTION], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
})
for await (const line of createInterface({ input: child.stdout })) if (!line.startsWith('::debug::')) console.log(line)
const code = child.exitCode ?? (await once(child, 'exit'))[0]
const samples = readFileSync(samplesFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample)
step.remove()
simulator.stop()

const rows = samples.map(({ atS, heapUsed, rss, handles, cpuMs }) => [
  atS.toFixed(0),
  (heapUsed / MIB).toFixed(2),
  (rss / MIB).toFixed(1),
  `${handles}`,
  (cpuMs / 1000).toFixed(1),
])
console.log(`\n${toTable(['after s', 'heap MiB', 'RSS MiB', 'open files', 'CPU s'], rows)}\n`)
const [first, last] = [samples[0], samples.at(-1)]
const grown = first === undefined || last === undefined ? Number.NaN : (last.heapUsed - first.heapUsed) / 1024
console.log(`${requests} requests in ${text}; the heap grew by ${grown.toFixed(0)} KiB; the run ended with ${code}`)
process.exitCode = code === 0 ? 0 : 1

/** Ends, by throwing, with the simulator. */
async function countRequests(): Promise<never> {
  for (;;) {
    await simulator.nextLine()
    requests++
  }
}
