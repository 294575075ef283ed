// release-notes.mjs vX.Y.Z: prints the changelog's part on that release. Fails unless the tag, every place that names the version
// and a dated part of the changelog agree.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readChangelog, versionProblems } from './versions.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [tag = ''] = process.argv.slice(2)
const version = tag.replace(/^v/, '')

const problems = /^v\d+\.\d+\.\d+$/.test(tag)
  ? versionProblems(root, version)
  : [`the tag must look like v1.2.3, and is ${JSON.stringify(tag)}`]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(readChangelog(root).find((part) => part.version === version).body)
