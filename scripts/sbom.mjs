// sbom.mjs FILE: writes the software bill of materials of what ships, in CycloneDX. It needs no node_modules and no network.
// `npm sbom --omit dev` alone would leave out `yaml`, which a development tool needs too (npm/cli issue 7909), so the
// development dependencies are taken out of a copy first.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('usage: node scripts/sbom.mjs FILE')

const temp = mkdtempSync(join(tmpdir(), 'sbom-'))
try {
  const { devDependencies, optionalDependencies, ...shipped } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  // npm names the whole after its folder.
  const copy = join(temp, shipped.name)
  mkdirSync(copy)
  copyFileSync(join(root, 'package-lock.json'), join(copy, 'package-lock.json'))
  writeFileSync(join(copy, 'package.json'), JSON.stringify(shipped))
  npm(copy, 'install', '--package-lock-only', '--offline', '--no-audit', '--no-fund')
  const sbom = npm(copy, 'sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application')
  check(JSON.parse(sbom))
  writeFileSync(out, sbom)
} finally {
  rmSync(temp, { recursive: true, force: true })
}

function npm(cwd, ...args) {
  const { status, stdout, stderr, error } = spawnSync('npm', args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args[0]} failed\n${stderr}`, { cause: error })
  return stdout
}

/** What the lock file calls neither `dev` nor `optional` is what ships. */
function check({ components }) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const wanted = Object.entries(packages)
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`)
  const listed = components.map(({ 'bom-ref': ref }) => ref)
  const differing = [...new Set([...wanted, ...listed])].filter(
    (name) => wanted.includes(name) !== listed.includes(name),
  )
  if (differing.length > 0) throw new Error(`the list differs from the lock file in ${differing.join(', ')}`)
  console.log(`${listed.length} packages`)
}
