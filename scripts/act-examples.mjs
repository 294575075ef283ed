// npm run examples:act: every workflow of examples/ as it stands, run by nektos/act against the simulator, on its own triggers;
// judged by act's log, by what the simulator was asked, and by what a fake GitHub and a fake chat were sent. Words after the
// command choose the examples whose names have one of them: npm run examples:act -- try-it. Nothing but act and jq has to be installed.
//
// What act cannot show, and is left to GitHub itself:
// - `concurrency` is ignored, and `queue` not even parsed: scripts/newer-syntax.mjs takes it out, with a schedule's `timezone`;
// - `environment` is ignored: no approval is asked for, and no key held back;
// - `permissions` mean nothing: the token is a made-up one, and the GitHub it goes to is a fake;
// - `on` is reduced to the event's name: no cron fires, `paths` and `branches` filter nothing; the event's text is ours;
// - a checkout copies the repository, and a job's `timeout-minutes` ends nothing;
// - the end of a failing step's log may be lost, and with it our error line; outputs and summary are not;
// - a cancelled step is killed at once, where GitHub sends SIGINT first: the tests of the process cover that;
// - summaries are in its log, not on a page, and a skipped job has no line in it at all;
// - of the jobs of a matrix only one hands its outputs on, where GitHub puts those of all together; one red job reddens all;
// - `gh` and `go` are stand-ins, and `date` is the real one: what they would be asked is judged, not what they would answer;
// - the outputs of a skipped job are the texts of their expressions, and not empty;
// - a checkout of this action is a copy of this folder, and the port that an example names is another one, which is free.
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clockAt, hasAct, makeRepository, runAct } from './act/engine.mjs'
import { EXPECTATIONS } from './act/expectations.mjs'
import { GITHUB_TOKEN, startFakeServices } from './act/fake-services.mjs'
import { judge } from './act/judge.mjs'
import { makePrograms } from './act/programs.mjs'
import { TEST_SCRIPT } from './act/setup.mjs'
import { startSimulator } from './action-process.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const AT_ONCE = 3
const SIMULATOR = ['--upgrade-start', '300ms', '--upgrade', '1s', '--scale', '500ms']

const chosen = process.argv.slice(2)
const problems = []
checkThatAllAreRun()
const waiting = EXPECTATIONS.filter(({ file }) => chosen.length === 0 || chosen.some((word) => file.includes(word)))
if (!hasAct()) {
  console.error('act is missing: install it, or have .ci/tools act build it with Go')
  process.exit(1)
}
if (waiting.length === 0) problems.push(`no example has ${chosen.join(' or ')} in its name`)
const startMs = performance.now()
let runCount = 0
await Promise.all(Array.from({ length: AT_ONCE }, work))
for (const problem of problems) console.error(problem)
const took = `${((performance.now() - startMs) / 1000).toFixed(0)} s`
console.log(`examples:act: ${runCount} runs in ${took}, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1

function checkThatAllAreRun() {
  const known = EXPECTATIONS.flatMap(({ file, reusable = [] }) => [file, ...reusable])
  const files = readdirSync(join(root, 'examples')).filter((name) => /\.ya?ml$/.test(name))
  for (const file of files.filter((name) => !known.includes(name))) problems.push(`examples/${file} is not run`)
}

async function work() {
  for (let example = waiting.shift(); example !== undefined; example = waiting.shift()) {
    try {
      await runExample(example)
    } catch (error) {
      problems.push(`${example.file}: ${error.stack}`)
    }
  }
}

/** Does all runs of one entry of the table with the same repository, simulator and fake services. */
async function runExample(example) {
  const { file, port, reusable = [], clusters = ['production'], simulator: options = [], scripts = {}, runs } = example
  const simulator = await startSimulator(...SIMULATOR, ...clusters.flatMap((name) => ['--cluster', name]), ...options)
  const fakeServices = await startFakeServices()
  try {
    const folders = makeRepository({
      workflows: [`examples/${file}`],
      replaced: port === undefined ? {} : { [port]: await freePort() },
      reusable: reusable.map((name) => `examples/${name}`),
      scripts: { 'load-test.sh': TEST_SCRIPT, 'smoke-test.sh': TEST_SCRIPT, ...scripts },
    })
    const url = port === undefined ? { KUPE_API_URL: simulator.url } : {}
    const programs = makePrograms(folders.home)
    for (const run of runs) await runAndJudge(file, run, { simulator, fakeServices, folders, programs, url })
  } finally {
    await Promise.all([simulator.stop(), fakeServices.stop()])
  }
}

/** A port that nobody listens on, so that runs on the same machine do not meet. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return String(port)
}

async function runAndJudge(file, run, { simulator, fakeServices, folders, programs, url }) {
  const { github, said } = fakeServices
  await run.before?.(simulator, github)
  programs.answer(run.answers ?? {})
  const [requestsBefore, sentBefore, saidBefore] = [simulator.requests().length, github.requests.length, said.length]
  const event = run.event ?? 'workflow_dispatch'
  const place = { ...folders, programs: programs.folder }
  const result = await runAct(place, {
    workflow: file,
    event,
    payload: run.payload ?? { inputs: run.inputs ?? {} },
    secrets: {
      KUPE_API_KEY: simulator.adminKey,
      KUPE_READONLY_API_KEY: simulator.readonlyKey,
      CHAT_WEBHOOK: fakeServices.chatUrl,
      GITHUB_TOKEN,
      VARIABLES_TOKEN: 'variables-token',
      WATCH_TOKEN: 'watch-token',
    },
    variables: run.variables,
    env: {
      ...url,
      GITHUB_API_URL: fakeServices.githubUrl,
      GITHUB_GRAPHQL_URL: `${fakeServices.githubUrl}/graphql`,
      SOMEONE_ELSES_KEY: simulator.adminKey,
      ...(run.at === undefined ? {} : clockAt(run.at, folders.home)),
    },
  })
  const requests = simulator.requests().slice(requestsBefore)
  const asked = github.requests.slice(sentBefore)
  const found = judge(run, { ...result, requests, asked, chat: said.slice(saidBefore), calls: programs.calls() })
  const title = `${file} (${event}) ${run.about}`
  console.log(`${found.length === 0 ? 'ok   ' : 'FAIL '} ${title}`)
  if (found.length > 0) problems.push([title, ...found, ...readable(result)].join('\n  '))
  runCount += 1
}

function readable({ steps, other }) {
  return [
    ...Object.entries(steps).flatMap(([name, { lines }]) => lines.map((line) => `| ${name}: ${line.trimEnd()}`)),
    ...other,
  ]
}
