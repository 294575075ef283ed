// npm run owner -- NAME: makes NAME the owner of this repository, wherever that is named. Again with another name, it moves on.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mentionsOf, namingFiles, readRepository } from './repository.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const before = readRepository(root)
const [owner = ''] = process.argv.slice(2)

// GitHub's own rule, and the underscore of accounts that an enterprise manages.
if (!/^[a-z\d](?:[a-z\d]|[-_](?=[a-z\d])){0,38}$/i.test(owner)) {
  console.error(`usage: npm run owner -- NAME, as in github.com/NAME/${before.name}; now ${before.owner} stands there`)
  process.exit(2)
}
let count = 0
for (const { file, text } of namingFiles(root)) {
  const after = text.replace(mentionsOf(before), owner)
  if (after === text) continue
  writeFileSync(join(root, file), after)
  count += 1
}
console.log(`${owner}/${before.name}: ${count} files changed`)
