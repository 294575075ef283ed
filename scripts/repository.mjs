// Where this repository is on GitHub. package.json's `repository` is the only place that scripts read it from, and npm run owner sets
// all others by it. Node's own modules only.
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** The owner as long as nobody has given one. No release names it: it would send people to whoever has that name. */
export const NO_OWNER = 'OWNER'

/** Everything that may name the owner; the rest asks this module. */
const FILES = ['package.json', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']
const FOLDERS = ['.github', 'docs', 'examples']

export function readRepository(root) {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [, owner, name] = /^github:([\w-]+)\/([\w.-]+)$/.exec(repository) ?? []
  if (owner === undefined)
    throw new Error(`package.json must name the repository as github:owner/name, not ${repository}`)
  return { owner, name }
}

/**
 * What stands for this owner in a text: its repositories and teams by the names that they have here, so that whatever else is
 * called like the owner, such as a tenant in an example, is left alone.
 */
export function mentionsOf({ owner, name }) {
  return new RegExp(`(?<![\\w-])${owner}(?=/(?:${name}|platform|maintainers)\\b)|(?<=^\\* @)${owner}(?![\\w-])`, 'gm')
}

/** The files that may name the owner, with their texts. */
export function namingFiles(root) {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(\.(md|ya?ml|json)|CODEOWNERS)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length).replaceAll(sep, '/')),
  )
  return [...FILES, ...inFolders].sort().map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}

/** Why nothing can be released from here yet, if no owner has been given. */
export function ownerProblems(root) {
  const unset = namingFiles(root).filter(({ text }) => text.includes(`${NO_OWNER}/`))
  if (unset.length === 0) return []
  const files = unset.map(({ file }) => file).join(', ')
  return [`${NO_OWNER}/ still stands for the owner of this repository, to be set by npm run owner -- NAME, in ${files}`]
}
