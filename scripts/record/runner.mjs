// Runs one scenario: starts the built action against the scripted server as GitHub's runner would, and gives all that came of it.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder, startProgram, within } from '../action-process.mjs'
import { parseOutputs, prepareStep } from '../runner-environment.mjs'
import { initial, patch, scaled, scaling } from './answers.mjs'
import { collapsed, createNormaliser } from './normalise.mjs'
import { startServer } from './server.mjs'

export const KEY = 'kupe_ci42_S3cretPartOfTheKey'
const LONGEST_STEP_MS = 60_000
const LONGEST_TEXT = 2000

/** Pauses between tries have a random part. With that fixed, no try comes near a deadline in one recording and misses it in the next. */
const FIXED_RANDOM = ['--import', 'data:text/javascript,Math.random=()=>0.5']

/** What every step is given unless its scenario says otherwise: times are short, and the timeout is far away. */
const USUAL_INPUTS = {
  'api-key': KEY,
  tenant: 'acme',
  cluster: 'production',
  'api-url': 'http://{server}',
  timeout: '8s',
  'poll-interval': '20ms',
  'settle-time': '40ms',
  'degraded-grace': '100ms',
}

/** A scale that succeeds. */
const USUAL_ANSWERS = [initial, patch(scaling), scaled]

/**
 * Runs a scenario. `with`: the step's inputs, `undefined` leaves a usual one out. `env`: its environment beyond the runner's own.
 * `answers`, `github`: what the server answers. `event`: the content of `GITHUB_EVENT_PATH`. `cancel`: the request at which a signal
 * is sent, such as `GET 2`, with `afterMs` and `by` (the signals) where they are not at once and SIGINT.
 * In inputs and environment `{server}` stands for the server's address, `{open}` and `{closed}` for the windows of time.
 */
export async function runScenario(scenario, { dist, actionYml, windows }) {
  const { with: given = {}, env = {}, answers = USUAL_ANSWERS, github, event, cancel } = scenario
  const folder = makeFolder()
  let end = () => {}
  const server = await startServer({
    answers,
    github,
    onRequest: (request) => {
      if (request === cancel?.at) setTimeout(end, cancel.afterMs ?? 0)
    },
  })
  const fillIn = createFiller({ ...windows, server: `127.0.0.1:${server.port}` })
  const step = prepareStep(folder, {
    inputs: defined(fillIn({ ...USUAL_INPUTS, ...given })),
    env: { ...githubOf(folder, server.port, event), ...fillIn(env) },
    actionYml,
  })
  const child = startProgram(process.execPath, [...FIXED_RANDOM, join(dist, 'index.js')], {
    cwd: step.workspace,
    env: step.env,
  })
  end = () => {
    for (const signal of cancel.by ?? ['SIGINT']) child.process.kill(signal)
  }
  const [stdout, stderr] = [textOf(child.process.stdout), textOf(child.process.stderr)]
  // One that had to be killed is a result like any other: its exit status is then SIGKILL.
  await within(LONGEST_STEP_MS, 'the action', child, child.ended).catch(() => child.ended)
  await server.stop()
  const { exitCode, signalCode } = child.process
  const { output, summary, others } = step.readFiles()
  const normalise = createNormaliser({ folder, port: server.port, windows, hasRequests: server.requests.length > 0 })
  return toRecord(normalise, {
    exitStatus: exitCode ?? signalCode,
    stdout: stdout(),
    stderr: stderr(),
    outputs: outputsIn(output),
    summary,
    otherFiles: others,
    requests: server.requests,
  })
}

function toRecord(normalise, { exitStatus, stdout, stderr, outputs, summary, otherFiles, requests }) {
  const lines = (text) => normalise(text).split('\n').map(shortened)
  const withoutEnd = (text) => text.replace(/\n$/, '')
  const { 'summary-markdown': markdown, 'duration-seconds': seconds, ...rest } = outputs
  const isSummary = markdown !== undefined && markdown.trimEnd() === summary.trimEnd()
  const shown = {
    ...rest,
    ...(seconds === undefined ? {} : { 'duration-seconds': /^\d+$/.test(seconds) ? '<seconds>' : seconds }),
    ...(markdown === undefined ? {} : { 'summary-markdown': isSummary ? '<the summary>' : markdown }),
  }
  return {
    exitStatus,
    stdout: collapsed(lines(withoutEnd(stdout)), (line) => line.startsWith('::debug::')),
    stderr: stderr === '' ? [] : lines(withoutEnd(stderr)),
    outputs: Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, shortened(normalise(value))])),
    summary: summary === '' ? [] : lines(withoutEnd(summary)),
    ...(otherFiles === '' ? {} : { otherFiles: lines(otherFiles) }),
    requests: collapsed(requests.map((request) => toRequest(request, normalise))),
  }
}

function outputsIn(text) {
  try {
    return Object.fromEntries(parseOutputs(text))
  } catch (error) {
    return { unreadable: error.message }
  }
}

function toRequest({ request, headers, body, answer }, normalise) {
  const { 'if-match': ifMatch, authorization, ...others } = headers
  const safe = {
    ...(authorization === undefined ? {} : { authorization: authorization.replace(KEY, '<the key>') }),
    ...others,
  }
  return {
    request: normalise(request),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    headers: Object.fromEntries(Object.entries(safe).map(([name, value]) => [name, normalise(value)])),
    ...(body === '' ? {} : { body: shortened(normalise(body)) }),
    answer,
  }
}

/** A text too long to be read is told apart from others by its digest. */
function shortened(text) {
  if (text.length <= LONGEST_TEXT) return text
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return `${text.slice(0, LONGEST_TEXT / 2)} <${text.length} characters, SHA-256 ${digest}> ${text.slice(-LONGEST_TEXT / 10)}`
}

function createFiller(values) {
  const fill = (text) => text.replace(/\{([a-z]+)\}/g, (whole, name) => values[name] ?? whole)
  return (texts) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text === undefined ? text : fill(text)]))
}

/** The GitHub that the step meets: the scripted server, and an event. */
function githubOf(folder, port, event) {
  const eventPath = join(folder, 'event.json')
  writeFileSync(eventPath, JSON.stringify(event ?? {}))
  return {
    LANG: 'C.UTF-8',
    GITHUB_API_URL: `http://127.0.0.1:${port}`,
    GITHUB_GRAPHQL_URL: `http://127.0.0.1:${port}/graphql`,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_WORKFLOW: 'Recording',
  }
}

function defined(texts) {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined))
}

function textOf(stream) {
  let text = ''
  stream.setEncoding('utf8').on('data', (more) => {
    text += more
  })
  return () => text
}
