// npm run soak -- 10m https: the bundle itself, real time and real sockets, thousands of fast polls; its memory from start to end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseDuration } from '../src/domain/duration.js'
import { ACTION, createStep, ROOT, startApi } from './processes.js'
import { toTable } from './table.js'

const SAMPLES = 10
const POLL_INTERVAL = '25ms'
const MIB = 1024 * 1024

interface Sample {
  readonly atS: number
  readonly heapUsed: number
  readonly rss: number
  readonly peakRss: number
  readonly handles: number
  readonly cpuMs: number
}

const [text = '10m', transport = 'http'] = process.argv.slice(2)
const durationMs = parseDuration(text)
if (durationMs === undefined || durationMs < 10_000) throw new Error(`soak needs 10s or more, such as 10m: ${text}`)
if (transport !== 'http' && transport !== 'https') throw new Error(`soak goes over http or https: ${transport}`)

const api = await startApi(transport, { now: () => performance.now(), upgradeStartsAfterMs: 1, upgradeMs: durationMs })
const step = createStep(api.url, { timeout: `${durationMs + 60_000}ms`, 'poll-interval': POLL_INTERVAL })
const samplesFile = step.file('samples')
const probe = join(ROOT, 'bench', 'heap-probe.mjs')
const env = { ...step.env, HEAP_FILE: samplesFile, HEAP_EVERY_MS: `${durationMs / SAMPLES - 10}` }
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
await api.close()

const rows = samples.map(({ atS, heapUsed, rss, peakRss, handles, cpuMs }) => [
  atS.toFixed(0),
  (heapUsed / MIB).toFixed(2),
  (rss / MIB).toFixed(1),
  (peakRss / MIB).toFixed(1),
  `${handles}`,
  (cpuMs / 1000).toFixed(1),
])
console.log(`\n${toTable(['after s', 'heap MiB', 'RSS MiB', 'peak RSS MiB', 'open files', 'CPU s'], rows)}\n`)
const [first, last] = [samples[0], samples.at(-1)]
const grown = first === undefined || last === undefined ? Number.NaN : (last.heapUsed - first.heapUsed) / 1024
const { length: requests } = api.simulator.requests
console.log(`${requests} requests in ${text}; the heap grew by ${grown.toFixed(0)} KiB; the run ended with ${code}`)
process.exitCode = code === 0 ? 0 : 1
