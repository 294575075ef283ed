// release-notes.mjs [vX.Y.Z]: prints the changelog's part on that release, or on the version of package.json. Fails unless the tag,
// every place that names the version and a dated part of the changelog agree, and the repository has its owner: the one that it
// is released from.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownerProblems, readRepository } from './repository.mjs'
import { readChangelog, versionProblems } from './versions.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tag = process.argv[2] || `v${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}`
const version = tag.replace(/^v/, '')

const problems = [
  ...(/^v\d+\.\d+\.\d+$/.test(tag)
    ? versionProblems(root, version)
    : [`the tag must look like v1.2.3, and is ${JSON.stringify(tag)}`]),
  ...ownerProblems(root),
  ...placeProblems(),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(readChangelog(root).find((part) => part.version === version).body)

/** A fork, or a repository that has moved, would send people elsewhere by its examples. */
function placeProblems() {
  const { owner, name } = readRepository(root)
  const { GITHUB_REPOSITORY: here = `${owner}/${name}` } = process.env
  return here.toLowerCase() === `${owner}/${name}`.toLowerCase()
    ? []
    : [`package.json says ${owner}/${name}, and this is ${here}: npm run owner -- NAME`]
}
