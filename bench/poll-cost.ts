import { TRANSPORTS, type Transport } from './processes.js'
import { median } from './statistics.js'
import { toTable } from './table.js'
import { BARE, measureInTurns, OURS } from './ways.js'

const ROUNDS = 3
const POLLS = 300
const POLL_MS = 5
/** Once a script runs, how it was loaded does not matter. */
const WAYS = [...BARE.slice(2), OURS]

/** CPU time of one more poll in a long run. */
export async function pollCost(): Promise<string> {
  const columns: string[][] = []
  for (const transport of TRANSPORTS) columns.push(await measure(transport))
  return toTable(
    ['', ...TRANSPORTS.map((transport) => `${transport.toUpperCase()}, CPU ms a poll`)],
    WAYS.map(({ name }, index) => [name, ...columns.map((column) => column[index] ?? '')]),
  )
}

async function measure(transport: Transport): Promise<string[]> {
  const courses = WAYS.flatMap((way) => [1, 1 + POLLS].map((polls) => ({ way, transport, polls })))
  const usages = await measureInTurns(courses, ROUNDS, POLL_MS)
  const cpuMs = usages.map((runs) => median(runs.map((run) => run.cpuMs)))
  return WAYS.map((_, index) => (((cpuMs[2 * index + 1] ?? 0) - (cpuMs[2 * index] ?? 0)) / POLLS).toFixed(2))
}
