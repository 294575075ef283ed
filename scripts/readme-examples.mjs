// Puts the workflows of examples/ into README.md, each between its own markers, whole (`example:scale.yml:start`) or some parts of
// it (`example:schedule.yml on jobs.large:start`). README.md has to link those that it does not show whole. With --check it only
// says whether they are current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const readme = join(root, 'README.md')
const MARKED = /<!-- example:([\w-]+\.yml)((?: [\w.-]+)*):start -->[\s\S]*?<!-- example:\1\2:end -->/g

const before = readFileSync(readme, 'utf8')
const shown = new Set()
const after = before.replace(MARKED, (_, file, parts) => {
  if (parts === '') shown.add(file)
  const text = readFileSync(join(root, 'examples', file), 'utf8').trimEnd()
  const [title, content] =
    parts === '' ? [`# examples/${file}`, text] : [`# from examples/${file}`, partsOf(text, parts.trim().split(' '))]
  const marker = `example:${file}${parts}`
  return `<!-- ${marker}:start -->\n\`\`\`yaml\n${title}\n${content}\n\`\`\`\n<!-- ${marker}:end -->`
})
const [starts, ends] = ['start', 'end'].map(
  (end) => before.split(new RegExp(`<!-- example:[^:>]+:${end} -->`)).length - 1,
)
const missing = readdirSync(join(root, 'examples')).filter(
  (file) => /\.ya?ml$/.test(file) && !shown.has(file) && !before.includes(`](examples/${file})`),
)

if (starts !== ends) throw new Error('README.md: an example has a start without its end, or an end without its start')
if (missing.length > 0) throw new Error(`README.md neither shows nor links examples/${missing.join(', examples/')}`)
if (after === before) {
  console.log('README.md: the examples are current')
} else if (process.argv.includes('--check')) {
  console.error('README.md: the examples differ from examples/: run npm run readme')
  process.exitCode = 1
} else {
  writeFileSync(readme, after)
  console.log('README.md: the examples are written anew')
}

/** Parts of a workflow by their names, such as `on` or `jobs.large`. */
function partsOf(text, names) {
  const lines = text.split('\n')
  return names
    .flatMap((name) => {
      const keys = name.split('.')
      const from = keys.reduce((at, key, depth) => {
        const found = lines.findIndex((line, index) => index >= at && line.startsWith(`${'  '.repeat(depth)}${key}:`))
        if (found < 0) throw new Error(`README.md: the example has no ${name}`)
        return found
      }, 0)
      const inner = '  '.repeat(keys.length)
      const length = lines.slice(from + 1).findIndex((line) => line !== '' && !line.startsWith(inner))
      const part = lines.slice(from, length < 0 ? undefined : from + 1 + length)
      const parents = keys.slice(0, -1).map((key, depth) => `${'  '.repeat(depth)}${key}:`)
      return ['', ...parents, ...part.join('\n').trimEnd().split('\n')]
    })
    .slice(1)
    .join('\n')
}
