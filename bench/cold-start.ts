import { TRANSPORTS, type Transport, type Usage } from './processes.js'
import { median, quantile } from './statistics.js'
import { toTable } from './table.js'
import { BARE, CURL, measureInTurns, NOTHING, OURS } from './ways.js'

const ROUNDS = 25
const POLL_MS = 10
const WAYS = [NOTHING, ...BARE, CURL, OURS]

/** What a step costs that sends GET, PATCH and one poll: whole processes. */
export async function coldStart(): Promise<string> {
  const tables: string[] = []
  for (const transport of TRANSPORTS) tables.push(await measure(transport))
  return tables.join('\n\n')
}

async function measure(transport: Transport): Promise<string> {
  const courses = WAYS.map((way) => ({ way, transport, polls: 1 }))
  const usages = await measureInTurns(courses, ROUNDS, POLL_MS)
  const bases = BARE.map((way) => medianCpuMs(usages[WAYS.indexOf(way)] ?? []))
  const ratios = BARE.map(({ name }) => `× ${name.slice(0, 3)}`)
  return toTable(
    [transport.toUpperCase(), 'CPU ms', 'quartiles', ...ratios, 'wall ms', 'peak RSS MiB'],
    usages.map((runs, index) => [WAYS[index]?.name ?? '', ...toFigures(runs, bases)]),
  )
}

function toFigures(runs: readonly Usage[], bases: readonly number[]): string[] {
  const cpu = runs.map(({ cpuMs }) => cpuMs)
  return [
    median(cpu).toFixed(1),
    `${quantile(cpu, 0.25).toFixed(1)} – ${quantile(cpu, 0.75).toFixed(1)}`,
    ...bases.map((base) => (median(cpu) / base).toFixed(2)),
    median(runs.map(({ wallMs }) => wallMs)).toFixed(0),
    median(runs.map(({ rssMiB }) => rssMiB)).toFixed(1),
  ]
}

function medianCpuMs(runs: readonly Usage[]): number {
  return median(runs.map(({ cpuMs }) => cpuMs))
}
