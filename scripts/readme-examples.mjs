// Puts the workflows of examples/ into README.md, each between its own markers. README.md has to link those that it does
// not show. With --check it only says whether they are current.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const readme = join(root, 'README.md')
const MARKED = /<!-- example:(\S+):start -->[\s\S]*?<!-- example:\1:end -->/g

const before = readFileSync(readme, 'utf8')
const shown = new Set()
const after = before.replace(MARKED, (_, file) => {
  shown.add(file)
  const text = readFileSync(join(root, 'examples', file), 'utf8').trimEnd()
  return `<!-- example:${file}:start -->\n\n\`\`\`yaml\n# examples/${file}\n${text}\n\`\`\`\n\n<!-- example:${file}:end -->`
})
const [starts, ends] = ['start', 'end'].map(
  (end) => before.split(new RegExp(`<!-- example:\\S+:${end} -->`)).length - 1,
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
