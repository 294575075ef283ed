// Builds lib/ with the TypeScript compiler, then bundles it into dist/, which is committed.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { toLicenseTexts, unlicensedParts } from './licenses.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bundles = [
  { entry: 'lib/src/index.js', out: 'dist' },
  { entry: 'lib/simulator/cli.js', out: 'dist/simulator' },
]

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * Packages that lib/ finds before those of node_modules. http-client imports undici, a megabyte to load behind every proxy, for
 * `getAgentDispatcher` alone, which nobody here calls: it gets a stand-in (@actions/github, a chunk of its own, keeps the real
 * one). core's modules only define things, and saying so lets the bundler leave out those nobody imports (exec, io, OIDC).
 */
function preparePackages() {
  const packages = join(root, 'lib/node_modules')
  for (const name of ['@actions/core', '@actions/http-client']) {
    cpSync(join(root, 'node_modules', name), join(packages, name), { recursive: true })
  }
  const core = join(packages, '@actions/core/package.json')
  writeJson(core, { ...JSON.parse(readFileSync(core, 'utf8')), sideEffects: false })
  mkdirSync(join(packages, 'undici'))
  writeJson(join(packages, 'undici/package.json'), { type: 'module', exports: './index.js' })
  writeFileSync(
    join(packages, 'undici/index.js'),
    "export class ProxyAgent {\n  constructor() {\n    throw new Error('undici is not in this bundle: see scripts/build.mjs')\n  }\n}\n",
  )
}

/**
 * Without a type the bundler takes lib/ for what needs CommonJS, which starts sooner: where an ES module imports one of Node's
 * own, Node reads all its exports, and some of these load much more.
 */
function withoutType(build) {
  const file = join(root, 'lib/package.json')
  const manifest = readFileSync(file, 'utf8')
  writeJson(file, { ...JSON.parse(manifest), type: undefined })
  build()
  writeFileSync(file, manifest)
}

function writeJson(file, value) {
  writeFileSync(file, JSON.stringify(value))
}

for (const stale of ['lib', 'dist']) rmSync(join(root, stale), { recursive: true, force: true })
run('typescript/bin/tsc', '-p', 'tsconfig.json')
preparePackages()
withoutType(() => {
  for (const { entry, out } of bundles) {
    run('@vercel/ncc/dist/ncc/cli.js', 'build', entry, '-o', out, '--no-cache', '--quiet')
  }
})
writeJson(join(root, 'dist/package.json'), { type: 'commonjs' })
const licenses = toLicenseTexts(root)
writeFileSync(join(root, 'dist/licenses.txt'), licenses)

const written = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
const bundled = written.filter((file) => file.endsWith('.js')).map((file) => readFileSync(file, 'utf8'))
const unlicensed = unlicensedParts(bundled, licenses)
if (unlicensed.length > 0) throw new Error(`dist/licenses.txt has no licence of ${unlicensed.join(', ')}`)
for (const file of written) {
  const text = readFileSync(file, 'utf8')
  for (const local of [root, pathToFileURL(root).href]) {
    if (text.includes(`${local}/`)) throw new Error(`${file} contains a path of this machine: ${local}`)
  }
  console.log(`${file.slice(root.length + 1)}  ${(Buffer.byteLength(text) / 1024).toFixed(0)} kB`)
}
