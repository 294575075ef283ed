import { join } from 'node:path'
import { ACTION, createStep, ROOT, startMeter, startSimulator, type Usage } from './processes.js'
import { median, quantile } from './statistics.js'
import { toTable } from './table.js'

const ROUNDS = 25
const POLL_MS = 10
const peer = (name: string) => join(ROOT, 'bench', 'peers', name)

const WAYS: readonly { readonly name: string; readonly command: readonly string[]; readonly requests: number }[] = [
  { name: '(a) node -e 0', command: [process.execPath, '-e', '0'], requests: 0 },
  { name: '(b) bare script, import node:http', command: [process.execPath, peer('bare.mjs')], requests: 3 },
  { name: '(b2) bare script, require node:http', command: [process.execPath, peer('bare.cjs')], requests: 3 },
  { name: '(c) bash and curl, as in the docs', command: ['bash', peer('script.sh')], requests: 3 },
  { name: '(d) this action, dist/index.js', command: [process.execPath, ACTION], requests: 3 },
]

/** What a step costs that sends GET, PATCH and one poll: whole processes, measured in turns. */
export async function coldStart(): Promise<string> {
  const simulator = await startSimulator(['--scale', '1ms', '--log'])
  const meter = startMeter()
  const step = createStep(simulator.url, { 'poll-interval': `${POLL_MS}ms` })
  const output = step.file('log')
  const usages = WAYS.map((): Usage[] => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { name, command, requests }] of WAYS.entries()) {
      // Never what the one before asked, so that there is something to change.
      const cpu = String(5 + ((round * WAYS.length + index) % 7))
      const env = {
        ...step.env,
        INPUT_CPU: cpu,
        KUPE_CPU: cpu,
        POLL_MS: `${POLL_MS}`,
        POLL_SECONDS: `${POLL_MS / 1000}`,
      }
      const usage = await meter.measure(command, env, output)
      const sent: string[] = []
      for (let n = 0; n < requests; n++) sent.push((await simulator.nextLine()).split(' ')[1] ?? '')
      if (sent.join() !== ['GET', 'PATCH', 'GET'].slice(0, requests).join())
        throw new Error(`${name} sent ${sent.join()}`)
      // The first round fills the caches of the disk.
      if (round > 0) usages[index]?.push(usage)
    }
  }
  meter.stop()
  simulator.stop()
  step.remove()
  return toTable(['', 'CPU ms', 'quartiles', '× (b)', '× (b2)', 'wall ms', 'peak RSS MiB'], usages.map(toRow))
}

function toRow(usages: readonly Usage[], index: number, all: readonly (readonly Usage[])[]): string[] {
  const cpu = usages.map(({ cpuMs }) => cpuMs)
  const to = (other: number) => (median(cpu) / median((all[other] ?? []).map(({ cpuMs }) => cpuMs))).toFixed(2)
  return [
    WAYS[index]?.name ?? '',
    median(cpu).toFixed(1),
    `${quantile(cpu, 0.25).toFixed(1)} – ${quantile(cpu, 0.75).toFixed(1)}`,
    to(1),
    to(2),
    median(usages.map(({ wallMs }) => wallMs)).toFixed(0),
    median(usages.map(({ rssMiB }) => rssMiB)).toFixed(1),
  ]
}
