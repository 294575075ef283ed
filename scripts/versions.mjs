// Where the version of this action stands, besides the changelog's heading on it. package.json is the source, which the build takes
// it from; npm run bump sets the others by it, and no release is made where they differ. Node's own modules only.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Each pattern matches the version alone, as often as it stands there. README.md may have none. */
export const VERSION_PLACES = [
  { file: 'package.json', version: /(?<="name": "kupe-cluster-action",\n {2}"version": ")[^"]+/g },
  { file: 'package-lock.json', version: /(?<="name": "kupe-cluster-action",\n +"version": ")[^"]+/g },
  { file: 'README.md', version: /(?<=kupe-cluster-action@<[^>\n]+> # v)\d+\.\d+\.\d+/g, isOptional: true },
  { file: 'SECURITY.md', version: /(?<=refs\/tags\/v)\d+\.\d+\.\d+/g },
  { file: '.github/ISSUE_TEMPLATE/bug.yml', version: /(?<=placeholder: v)\d+\.\d+\.\d+/g },
]

/** The changelog's parts, newest first: the version, the rest of its heading, and the text below it. */
export function readChangelog(root) {
  return readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [heading, ...body] = part.split('\n')
      const [version] = heading.split(' ')
      return { version, heading, body: body.join('\n').trim() }
    })
}

/** What is not as it must be for a release of this version, in one sentence each. */
export function versionProblems(root, version) {
  const problems = []
  for (const { file, version: pattern, isOptional } of VERSION_PLACES) {
    const found = readFileSync(join(root, file), 'utf8').match(pattern) ?? []
    if (found.length === 0 && !isOptional) problems.push(`${file} names no version`)
    for (const other of new Set(found)) if (other !== version) problems.push(`${file} says ${other}, not ${version}`)
  }
  const part = readChangelog(root).find((each) => each.version === version)
  if (part === undefined || part.body === '') problems.push(`CHANGELOG.md says nothing about ${version}`)
  else if (!/ \d{4}-\d{2}-\d{2}$/.test(part.heading)) problems.push(`CHANGELOG.md gives ${version} no date`)
  return problems
}
