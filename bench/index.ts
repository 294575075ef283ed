// npm run bench: measures, prints, and writes bench/results.md.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { bundles } from './bundle.js'
import { coldStart } from './cold-start.js'
import { waitFor } from './long-wait.js'
import { type Followed, followAll, followAllOurselves, mixOfRollouts, PEERS } from './polling.js'
import { ROOT } from './processes.js'
import { mean, median, quantile } from './statistics.js'
import { toTable } from './table.js'

const WAITS_MIN = [1, 10, 60, 180, 360]
const MIB = 1024 * 1024

async function polling(): Promise<string> {
  const rollouts = mixOfRollouts()
  const ours = ['this action, defaults', await followAllOurselves(rollouts)] as const
  const all = [ours, ...PEERS.map((peer) => [peer.name, followAll(peer, rollouts)] as const)]
  const head = ['', 'polls a rollout', 'lag s, mean', 'p95', 'max', 'against us']
  return toTable(
    head,
    all.map(([name, followed]) => {
      const lags = followed.map(({ lagMs }) => lagMs / 1000)
      const figures = [mean(lags), quantile(lags, 0.95), Math.max(...lags)].map((lag) => lag.toFixed(2))
      return [name, pollsOf(followed).toFixed(2), ...figures, followed === ours[1] ? '' : standing(ours[1], followed)]
    }),
  )
}

function pollsOf(followed: readonly Followed[]): number {
  return mean(followed.map(({ polls }) => polls))
}

/** How a peer compares with us, in the means. */
function standing(ours: readonly Followed[], theirs: readonly Followed[]): string {
  const polls = pollsOf(theirs) - pollsOf(ours)
  const lag = mean(theirs.map(({ lagMs }) => lagMs)) - mean(ours.map(({ lagMs }) => lagMs))
  if (polls >= 0 && lag >= 0) return 'more polls and more lag'
  if (polls <= 0 && lag <= 0) return 'FEWER POLLS AND LESS LAG'
  return polls > 0 ? 'less lag, more polls' : 'fewer polls, more lag'
}

async function longWaits(): Promise<string> {
  // Until the compiler has seen it all, a poll costs more.
  await waitFor(6 * 3_600_000, false)
  const rows: string[][] = []
  for (const minutes of WAITS_MIN) {
    const runs = []
    for (let n = 0; n < 9; n++) runs.push(await waitFor(minutes * 60_000, false))
    const { heap, requests } = await waitFor(minutes * 60_000, true)
    const cpuMs = median(runs.map((run) => run.cpuMs))
    // The first samples still hold what the compiler made.
    const [early = 0, late = 0] = [heap.at(Math.floor(heap.length / 4)), heap.at(-1)].map((bytes) => (bytes ?? 0) / MIB)
    rows.push([
      minutes < 60 ? `${minutes} min` : `${minutes / 60} h`,
      `${requests}`,
      cpuMs.toFixed(1),
      ((cpuMs * 1000) / requests).toFixed(0),
      early.toFixed(2),
      late.toFixed(2),
    ])
  }
  return toTable(['wait', 'requests', 'CPU ms', 'CPU µs a request', 'heap MiB, early', 'heap MiB, at the end'], rows)
}

function version(command: string, ...args: string[]): string {
  return (
    execFileSync(command, args, { encoding: 'utf8' })
      .split('\n')[0]
      ?.replace(/\s*\(.*/, '') ?? ''
  )
}

function loads(): string {
  return loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')
}

const before = loads()
const start = await coldStart()
const after = loads()
const [cpu] = cpus()
const report = `# Measured against the peers

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${platform()} ${arch()}, ${cpus().length} × ${cpu?.model.trim()},
${(totalmem() / 1024 ** 3).toFixed(0)} GiB, Node ${process.version}, ${version('bash', '--version')}, ${version('curl', '--version')}.

## 1. Cold start

A step that sends GET, PATCH and one poll to the simulator, over plain HTTP on loopback: CPU (user and system) and peak memory of the
whole process and all it waited for, in turns, medians. Load averages before: ${before}; after: ${after}.

${start}

(b) is an ES module and (b2) is not: an \`import\` of node:http makes Node load its own fetch too, for the sake of the module's
exports. Neither checks, plans, proves or reports anything; (d) does, and writes outputs and summary. (c) is a chain of short
processes; its memory is that of the largest.

## 2. Polling

1,000 rollouts from 5 s to 60 min, evenly spread over the logarithm, fixed seed. Polls are GETs after the change was sent; lag is from
the end of the rollout to the poll that sees it. Answers take no time. Ours are whole runs against the simulator on virtual time, the
peers are modelled after their documentation or source, each without its time limit. Against a peer with a pause of 10 s we are
better in the mean and worse at the far end: our pause stays short at first, and grows to 12 s, give or take a tenth.

${await polling()}

## 3. Cost as the wait grows

Whole runs on virtual time, without sockets; another ETag and request id with every answer; heap after a garbage collection.

${await longWaits()}

## 4. Bundle

Of deploy-pages an older release is counted: the file of v5.0.0 was not to be had.

${bundles()}
`
console.log(report)
writeFileSync(join(ROOT, 'bench', 'results.md'), report)
