import { createStep, startApi, startMeter, TRANSPORTS, type Transport } from './processes.js'
import { toTable } from './table.js'
import { BARE, OURS, type Way } from './ways.js'

const DURATION_MS = 180_000
const POLL_MS = 25
/** Once a script runs, how it was loaded does not matter. */
const WAYS = [...BARE.slice(2), OURS]

/** Peak memory of runs that poll fast for three minutes, in real time. All at once: processor time is not measured here. */
export async function memory(): Promise<string> {
  const peaks = await Promise.all(WAYS.map((way) => Promise.all(TRANSPORTS.map((transport) => peakOf(way, transport)))))
  const head = ['', ...TRANSPORTS.map((transport) => `${transport.toUpperCase()}, peak RSS MiB`)]
  return toTable(
    head,
    WAYS.map(({ name }, index) => [name, ...(peaks[index] ?? [])]),
  )
}

async function peakOf({ command }: Way, transport: Transport): Promise<string> {
  const now = () => performance.now()
  const api = await startApi(transport, { now, upgradeStartsAfterMs: 0, upgradeMs: DURATION_MS })
  const step = createStep(api.url, { 'poll-interval': `${POLL_MS}ms` })
  const meter = startMeter()
  const { rssMiB } = await meter.measure(command, { ...step.env, POLL_MS: `${POLL_MS}` }, step.file('log'))
  meter.stop()
  step.remove()
  await api.close()
  return rssMiB.toFixed(1)
}
