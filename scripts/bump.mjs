// npm run bump -- 1.2.3: makes this the version everywhere, dates the changelog's newest part, and builds dist/, which names it too.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readChangelog, VERSION_PLACES } from './versions.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const text = (file) => readFileSync(join(root, file), 'utf8')
const [version = ''] = process.argv.slice(2)
const old = JSON.parse(text('package.json')).version
const [newest] = readChangelog(root)

if (!/^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version)) fail(`usage: npm run bump -- 1.2.3, where now ${old} stands`)
if (isBefore(version, old)) fail(`${version} would come before ${old}, which stands now`)
if (newest.version !== version && !newest.heading.endsWith(' unreleased')) {
  fail(
    `CHANGELOG.md begins with ${newest.version}, which is released: begin a part ## ${version} – unreleased above it`,
  )
}

const date = new Date().toISOString().slice(0, 10)
for (const { file, version: pattern } of VERSION_PLACES) write(file, text(file).replace(pattern, version))
write('CHANGELOG.md', text('CHANGELOG.md').replace(`## ${newest.heading}\n`, `## ${version} – ${date}\n`))
if (existsSync(join(root, 'node_modules'))) await import('./build.mjs')
else console.log('dist/ names it too: npm ci && npm run build')

function isBefore(one, other) {
  const [first, second] = [one, other].map((each) => each.split('.').map(Number))
  const differing = first.findIndex((part, index) => part !== second[index])
  return differing >= 0 && first[differing] < second[differing]
}

function write(file, content) {
  if (content === text(file)) return
  writeFileSync(join(root, file), content)
  console.log(`${file}: ${version}`)
}

function fail(problem) {
  console.error(problem)
  process.exit(2)
}
