// Records what the built action does in every scenario of record/scenarios: exit status, log, outputs, summary, and the requests
// the server got. Two recordings of the same build are the same to the byte, so that a difference is a change of behaviour.
//   node scripts/record.mjs --dist dist --out FILE [--action action.yml] [--only TEXT]
//   node scripts/record.mjs --compare OLD NEW        prints what differs, and then ends with status 1
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compareRecordings } from './record/compare.mjs'
import { runScenario } from './record/runner.mjs'
import { scenarios } from './record/scenarios.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** More would slow each other down. */
const AT_ONCE = 2

const { values, positionals } = parseArgs({
  options: {
    dist: { type: 'string' },
    out: { type: 'string' },
    action: { type: 'string' },
    only: { type: 'string', default: '' },
    compare: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
if (values.compare && positionals.length === 2) compare(...positionals)
else if (!values.compare && values.dist && values.out && positionals.length === 0) await record(resolve(values.dist))
else {
  console.error('usage: record.mjs --dist DIR --out FILE [--action FILE] [--only TEXT] | --compare OLD NEW')
  process.exitCode = 2
}

function compare(...files) {
  const [before, after] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')))
  const differences = compareRecordings(before, after)
  console.log(differences.length === 0 ? 'no difference' : differences.join('\n\n'))
  if (differences.length > 0) process.exitCode = 1
}

async function record(dist) {
  if (!existsSync(join(dist, 'index.js'))) throw new Error(`${dist} has no index.js`)
  const startMs = performance.now()
  const setting = { dist, actionYml: actionYmlOf(dist), windows: windowsAround(new Date()) }
  const names = Object.keys(scenarios).filter((name) => name.includes(values.only))
  const records = await runAll(names, setting)
  // Some of the errors that the action shows are Node's own, and so are their words.
  const recording = { node: process.version, ...withCommonHeaders(records) }
  writeFileSync(values.out, `${JSON.stringify(recording, null, 2)}\n`)
  const seconds = Math.round((performance.now() - startMs) / 1000)
  console.log(`${names.length} scenarios in ${seconds} s\n${countsOfEndings(Object.values(records)).join('\n')}`)
}

/** A build is given the defaults of its own edition's inputs, where they lie beside it. */
function actionYmlOf(dist) {
  const beside = join(dist, '..', 'action.yml')
  return values.action ?? (existsSync(beside) ? beside : join(root, 'action.yml'))
}

/** Windows of time that are open now, or closed, and stay so while the recording is made. */
function windowsAround(now) {
  const at = (hours) => new Date(now.getTime() + hours * 3_600_000).toISOString().slice(11, 16)
  return { open: `${at(-2)}-${at(2)}`, closed: `${at(2)}-${at(3)}` }
}

/** Runs scenarios, a few at once, and gives their records in the order of the table. */
async function runAll(names, setting) {
  const run = createRunner(setting)
  const records = Object.fromEntries(names.map((name) => [name, undefined]))
  const waiting = [...names]
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) records[name] = await run(name)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return records
}

/** Runs each scenario once. One that needs what came of another (`after`) is made by its `make` from that one's record. */
function createRunner(setting) {
  const records = new Map()
  const run = (name) => {
    if (!records.has(name)) records.set(name, runNow(name, scenarios[name]))
    return records.get(name)
  }
  const runNow = async (name, { after, make, ...scenario }) => {
    try {
      return await runScenario(after === undefined ? scenario : make(await run(after)), setting)
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error })
    }
  }
  return run
}

/** The headers that requests share stand once; a request that has others names those, and with `null` those it lacks. */
function withCommonHeaders(records) {
  const requests = Object.values(records).flatMap((record) => record.requests.filter(isToApi))
  const methodOf = ({ request }) => request.split(' ')[0]
  const common = Object.fromEntries(
    ['GET', 'PATCH'].map((method) => [method, mostUsualHeaders(requests.filter((one) => methodOf(one) === method))]),
  )
  const toRequest = ({ headers, ...request }) => {
    const usual = isToApi(request) ? (common[methodOf(request)] ?? {}) : {}
    const names = [...new Set([...Object.keys(usual), ...Object.keys(headers)])].sort()
    const others = names.filter((name) => usual[name] !== headers[name]).map((name) => [name, headers[name] ?? null])
    return others.length === 0 ? request : { ...request, headers: Object.fromEntries(others) }
  }
  const scenarios = Object.entries(records).map(([name, record]) => {
    return [name, { ...record, requests: record.requests.map(toRequest) }]
  })
  return { headers: common, scenarios: Object.fromEntries(scenarios) }
}

function isToApi({ request }) {
  return request.includes(' /api/')
}

function mostUsualHeaders(requests) {
  const groups = [...Map.groupBy(requests, ({ headers }) => JSON.stringify(headers)).values()]
  return groups.sort((left, right) => right.length - left.length)[0]?.[0].headers ?? {}
}

function countsOfEndings(records) {
  const endingOf = ({ outputs, exitStatus }) =>
    outputs.result === undefined
      ? `no outputs, exit status ${exitStatus}`
      : [outputs.result, outputs['failure-reason']].filter((word) => word !== '').join('/')
  const groups = Map.groupBy(records, endingOf)
  return [...groups].map(([ending, those]) => `${String(those.length).padStart(5)} ${ending}`).sort()
}
