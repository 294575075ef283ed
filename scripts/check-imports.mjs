// Arrows point down only: every file of src/ and simulator/ stands on a floor, and a floor says what it may import.
// The first row that matches a file holds. `*` is any run of characters but `/`. Type imports and import() count too.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from '@swc/core'

const node = ['node:*', 'node:*/*']
const domain = ['src/domain/*.ts']
const ground = ['src/runtime.ts', 'src/errors.ts', 'src/untrusted.ts']
// The story of one run, told over several files; each may use those to its right.
const [waiting, conflicts, writes, scene, reads, journal, endings] = [
  'waiting',
  'conflicts',
  'writes',
  'scene',
  'reads',
  'journal',
  'endings',
].map((name) => `src/${name}.ts`)
const inputs = ['src/inputs/*.ts']

/** @type {[file: string, mayImport: string[]][]} */
const floors = [
  ['src/index.ts', ['src/main.ts']],
  [
    'src/main.ts',
    ['src/run.ts', 'src/scene.ts', 'src/inputs.ts', 'src/report/*.ts', 'src/api/client.ts', 'src/api/http.ts']
      .concat(inputs, ground, domain, node)
      .concat('@actions/core'),
  ],
  ['src/run.ts', [waiting, conflicts, writes, scene, endings, 'src/api/client.ts', ...ground, ...domain]],
  [waiting, [scene, journal, endings, 'src/api/client.ts', ...ground, ...domain]],
  [conflicts, [writes, scene, endings, 'src/api/client.ts', ...ground, ...domain]],
  [writes, [scene, journal, endings, 'src/api/client.ts', ...ground, ...domain]],
  [scene, [reads, journal, endings, 'src/patience.ts', 'src/api/client.ts', ...ground, ...domain]],
  [reads, [journal, endings, 'src/patience.ts', 'src/api/client.ts', ...ground, ...domain]],
  [journal, ['src/patience.ts', 'src/api/client.ts', ...ground, ...domain]],
  [endings, [journal, ...ground, ...domain]],
  ['src/patience.ts', ['src/runtime.ts', 'src/errors.ts']],
  ['src/inputs.ts', [...inputs, 'src/errors.ts', ...domain, 'yaml']],
  ['src/inputs/*.ts', [...inputs, 'src/errors.ts', ...domain]],
  ['src/report/pull-request.ts', ['src/report/*.ts', ...ground, ...domain, 'node:crypto', '@actions/github']],
  ['src/report/*.ts', ['src/report/*.ts', ...ground, ...domain]],
  ['src/api/client.ts', ['src/api/decode.ts', 'src/api/http.ts', ...ground, ...domain]],
  ['src/api/decode.ts', ['src/errors.ts', 'src/untrusted.ts', ...domain]],
  ['src/api/http.ts', [...ground, ...node, '@actions/http-client']],
  ['src/domain/*.ts', ['src/domain/*.ts', 'src/errors.ts', 'node:crypto']],
  ['src/runtime.ts', ['src/errors.ts', ...node]],
  ['src/errors.ts', []],
  ['src/untrusted.ts', []],
  ['simulator/**/*.ts', ['simulator/**/*.ts', ...node]],
]

const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))
const matches = (name, pattern) => matchesGlob(name, pattern)
const problems = []
const files = globSync('{src,simulator}/**/*.{ts,mts,cts,js,mjs,cjs,tsx}', { cwd: root }).sort()

for (const file of files) {
  const floor = floors.find(([pattern]) => matches(file, pattern))
  if (!floor) {
    problems.push(`${file} stands on no floor: give it a row in scripts/check-imports.mjs`)
    continue
  }
  for (const specifier of importsOf(file)) {
    const target = targetOf(file, specifier)
    if (!floor[1].some((pattern) => matches(target, pattern))) problems.push(`${file} must not import ${target}`)
  }
}

for (const problem of problems) console.error(problem)
console.log(`imports: ${files.length} files, ${problems.length} problems`)
if (files.length === 0 || problems.length > 0) process.exitCode = 1

/** The name a floor is written in: a path of this repository with its .ts, or a package as it stands. */
function targetOf(file, specifier) {
  if (!specifier.startsWith('.')) return specifier
  return normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts')
}

function importsOf(file) {
  const found = []
  const literal = (node) => {
    if (node?.type === 'StringLiteral') found.push(node.value)
    else if (node?.type === 'TemplateLiteral' && node.quasis.length === 1) found.push(node.quasis[0].cooked)
    else problems.push(`${file} imports a computed name, which nobody can check`)
  }
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (node === null || typeof node !== 'object') return
    if (node.type === 'CallExpression' && isImporter(node.callee)) literal(node.arguments[0]?.expression)
    else if (node.type === 'TsImportType') literal(node.argument)
    else if (node.type === 'TsExternalModuleReference') literal(node.expression)
    else if (/^(Import|Export).*Declaration$/.test(node.type) && node.source) literal(node.source)
    Object.values(node).forEach(visit)
  }
  visit(parseSync(readFileSync(join(root, file), 'utf8'), { syntax: 'typescript', target: 'es2024' }).body)
  return found
}

function isImporter(callee) {
  return callee.type === 'Import' || (callee.type === 'Identifier' && callee.value === 'require')
}
