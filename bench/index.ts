// npm run bench: measures, prints, and writes bench/results.md. With `-- --only NAME`: measures one section and prints it.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundles } from './bundle.js'
import { coldStart } from './cold-start.js'
import { longWaits } from './long-wait.js'
import { memory } from './memory.js'
import { pollCost } from './poll-cost.js'
import { firstSight, timeToProof } from './polling.js'
import { ROOT } from './processes.js'

interface Section {
  readonly name: string
  readonly title: string
  /** What is measured, and how to read it. */
  readonly text: string
  readonly measure: () => Promise<string> | string
}

const SECTIONS: readonly Section[] = [
  {
    name: 'cold-start',
    title: 'Cold start',
    text: `
A step that sends GET, PATCH and one poll to the simulator on loopback, over plain HTTP and over TLS with a certificate made for
this, which Node is given by NODE_EXTRA_CA_CERTS and curl by CURL_CA_BUNDLE: CPU (user and system) and peak memory of the whole
process and all it waited for, in turns, medians.

An \`import\` of node:http makes Node load its own fetch too, for the sake of the module's exports. A kept connection is what Node's
own agent does; with a connection each, every request over TLS has a session of its own, too. The bare scripts check, plan, prove
and report nothing; this action does, and writes outputs and summary. (f) is a chain of short processes; its memory is that of the
largest.`,
    measure: coldStart,
  },
  {
    name: 'poll-cost',
    title: 'Cost of a poll',
    text: `
CPU of one more poll in a run of whole processes over loopback: that of 301 polls, 5 ms apart, less that of one, in turns, medians.
Code that runs often enough to be compiled is a part of it.`,
    measure: pollCost,
  },
  {
    name: 'memory',
    title: 'Memory under fast polls',
    text: `
Whole processes that poll for three real minutes, 25 ms apart, which is about as often as in a day at the default pause: the most
memory they ever held. Node lets the space for new objects grow with all that polls leave behind, so that this says how much garbage
they make; how little is kept of them, section 6 says.`,
    measure: memory,
  },
  {
    name: 'first-sight',
    title: 'Polling: the first sight of the end',
    text: `
1,000 rollouts from 5 s to 60 min, evenly spread over the logarithm, fixed seed. Polls are GETs after the change was sent; lag is from
the end of the rollout to the poll that sees it. Answers take no time. Ours are whole runs against the simulator on virtual time, the
peers are modelled after their documentation or source, each without its time limit. Against a peer with a pause of 10 s we are
better in the mean and worse at the far end: our pause stays short at first, and grows to 12 s, give or take a tenth.`,
    measure: firstSight,
  },
  {
    name: 'proof',
    title: 'Polling: time to proof',
    text: `
The same rollouts, from their end until the step is green. How many looks that takes depends on what the server reports: generations,
or \`kubernetesVersion\` alone; where neither proves a change of resources, they must look settled for \`settle-time\`, 30 s by default,
which is part of the figure. The peers end at their first look at "Running", which proves nothing more: they would take a scale that
never leaves that phase for done at once, and are shown a phase that ends with the rollout. A scale alone that shows no phase, on a
server without generations, is not in the table: nobody can see its end, and \`settle-time\` runs from the change.`,
    measure: timeToProof,
  },
  {
    name: 'long-wait',
    title: 'Cost as the wait grows',
    text: `
Whole runs on virtual time, without sockets; another ETag and request id with every answer; heap after a garbage collection.`,
    measure: longWaits,
  },
  {
    name: 'bundle',
    title: 'Bundle',
    text: `
Of deploy-pages an older release is counted: the file of v5.0.0 was not to be had.`,
    measure: bundles,
  },
]

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
const chosen = SECTIONS.filter(({ name }) => only === undefined || name === only)
if (chosen.length === 0) throw new Error(`--only takes one of ${SECTIONS.map(({ name }) => name).join(', ')}: ${only}`)

const before = loads()
const parts: string[] = []
for (const section of chosen) {
  const { title, text, measure } = section
  parts.push(`## ${SECTIONS.indexOf(section) + 1}. ${title}\n${text}\n\n${await measure()}\n`)
  console.log(`\n${parts.at(-1)}`)
}
if (only === undefined) {
  const [cpu] = cpus()
  const head = `# Measured against the peers

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${platform()} ${arch()}, ${cpus().length} × ${cpu?.model.trim()},
${(totalmem() / 1024 ** 3).toFixed(0)} GiB, Node ${process.version}, ${version('bash', '--version')}, ${version('curl', '--version')}.
Load averages before: ${before}; after: ${loads()}.
`
  writeFileSync(join(ROOT, 'bench', 'results.md'), [head, ...parts].join('\n'))
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
