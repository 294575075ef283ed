import { join } from 'node:path'
import { ACTION, createStep, ROOT, startApi, startMeter, type Transport, type Usage } from './processes.js'

/** One way to make a change and wait for its end, as a command. */
export interface Way {
  readonly name: string
  readonly command: readonly string[]
}

const peer = (name: string) => join(ROOT, 'bench', 'peers', name)
const node = (...args: string[]) => [process.execPath, ...args]

/** Node alone, which sends nothing. */
export const NOTHING: Way = { name: '(a) node -e 0', command: node('-e', '0') }
/** What ours is held against; each keeps its letter from table to table. */
export const BARE: readonly Way[] = [
  { name: '(b) bare import, kept connection', command: node(peer('bare.mjs'), 'kept') },
  { name: '(c) bare import, a connection each', command: node(peer('bare.mjs')) },
  { name: '(d) bare require, kept connection', command: node(peer('bare.cjs'), 'kept') },
  { name: '(e) bare require, a connection each', command: node(peer('bare.cjs')) },
]
export const CURL: Way = { name: '(f) bash and curl, as in the docs', command: ['bash', peer('script.sh')] }
export const OURS: Way = { name: '(g) this action, dist/index.js', command: node(ACTION) }

/** Whole runs of one way, with this many polls, over this transport. */
export interface Course {
  readonly way: Way
  readonly transport: Transport
  readonly polls: number
}

/** Measures each course as often as there are rounds, in turns, so that a busy machine troubles all alike. In the order given. */
export async function measureInTurns(courses: readonly Course[], rounds: number, pollMs: number): Promise<Usage[][]> {
  const meter = startMeter()
  const usages = courses.map((): Usage[] => [])
  // The first round fills the caches of the disk.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, course] of courses.entries()) {
      const usage = await runOnce(course, pollMs, meter.measure)
      if (round > 0) usages[index]?.push(usage)
    }
  }
  meter.stop()
  return usages
}

/** Time at the API passes with the requests: the upgrade is over for the last of the polls, however long they take. */
async function runOnce(
  { way, transport, polls }: Course,
  pollMs: number,
  measure: ReturnType<typeof startMeter>['measure'],
): Promise<Usage> {
  let nowMs = 0
  const { url, simulator, close } = await startApi(transport, {
    now: () => nowMs,
    upgradeStartsAfterMs: 0,
    upgradeMs: 1,
  })
  simulator.on({ nth: 1 + polls, when: 'after' }, () => {
    nowMs = 1
  })
  const step = createStep(url, { 'poll-interval': `${pollMs}ms` })
  const env = { ...step.env, POLL_MS: `${pollMs}`, POLL_SECONDS: `${pollMs / 1000}` }
  const usage = await measure(way.command, env, step.file('log'))
  const sent = simulator.requests.map(({ method }) => method).join()
  const expected = way === NOTHING ? '' : ['GET', 'PATCH', ...Array.from({ length: polls }, () => 'GET')].join()
  if (sent !== expected) throw new Error(`${way.name} sent ${sent}`)
  step.remove()
  await close()
  return usage
}
