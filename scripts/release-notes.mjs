// release-notes.mjs vX.Y.Z: prints the changelog's part on that release. Fails unless the tag, package.json, its lock file, the
// code and a dated part of the changelog all name the same version.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const text = (file) => readFileSync(join(root, file), 'utf8')
const [tag = ''] = process.argv.slice(2)
const version = tag.replace(/^v/, '')

const named = {
  'package.json': JSON.parse(text('package.json')).version,
  'package-lock.json': JSON.parse(text('package-lock.json')).version,
  'src/main.ts': /const VERSION = '([^']+)'/.exec(text('src/main.ts'))?.[1],
}
const [heading = '', ...body] =
  text('CHANGELOG.md')
    .split(/^## /m)
    .map((part) => part.split('\n'))
    .find(([first = '']) => first.split(' ')[0] === version) ?? []
const notes = body.join('\n').trim()

const problems = [
  ...(/^v\d+\.\d+\.\d+$/.test(tag) ? [] : [`the tag must look like v1.2.3, and is ${JSON.stringify(tag)}`]),
  ...Object.entries(named)
    .filter(([, found]) => found !== version)
    .map(([file, found]) => `${file} says ${found}, not ${version}`),
  ...(notes === '' ? [`CHANGELOG.md says nothing about ${version}`] : []),
  ...(notes === '' || /\d{4}-\d{2}-\d{2}$/.test(heading)
    ? []
    : [`CHANGELOG.md gives ${version} no date: ## ${heading}`]),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(notes)
