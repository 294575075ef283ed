import { performance } from 'node:perf_hooks'
import { type Arguments, parseArguments } from './arguments.js'
import { HELP } from './help.js'
import { startServer } from './server.js'
import { DEFAULTS, Simulator } from './simulator.js'

async function main(): Promise<void> {
  const parsed = parseOrExplain()
  if (parsed === undefined) return
  if (parsed.help) {
    process.stdout.write(HELP)
    return
  }
  const simulator = new Simulator({ ...parsed.options, now: () => performance.now(), date: () => Date.now() })
  for (const { matcher, fault } of parsed.faults) simulator.inject(matcher, fault)
  if (parsed.log) logRequests(simulator)
  const { url, close } = await startServer(simulator, { port: parsed.port })
  process.stdout.write(`${startLine(url, parsed)}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close())
}

function parseOrExplain(): Arguments | undefined {
  try {
    return parseArguments(process.argv.slice(2))
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\nSee --help.\n`)
    process.exitCode = 2
    return undefined
  }
}

function startLine(url: string, { options }: Arguments): string {
  const { tenant = DEFAULTS.tenant, adminKey = DEFAULTS.adminKey, readonlyKey = DEFAULTS.readonlyKey } = options
  const clusters = (options.clusters ?? []).map(({ name }) => name).join(',')
  return `Kupe simulator url=${url} tenant=${tenant} cluster=${clusters} admin-key=${adminKey} readonly-key=${readonlyKey}`
}

function logRequests(simulator: Simulator): void {
  simulator.on({ when: 'after', times: Number.POSITIVE_INFINITY }, ({ requests }) => {
    const last = requests.at(-1)
    if (last === undefined) return
    const { at, method, path, status, fault, body = '' } = last
    const outcome = [status, fault?.kind].filter((part) => part !== undefined).join(' ')
    process.stdout.write(`${(at / 1_000).toFixed(1)}s ${method} ${path} ${body} -> ${outcome}\n`)
  })
}

main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`)
  process.exitCode = 1
})
