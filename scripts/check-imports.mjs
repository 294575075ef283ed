// Arrows point down only, room by room: docs/architecture.md has the picture. The first row that matches a file says what it may
// import; everything in src/ may also import GROUND, and a file its own room. `*` is any run of characters but `/`.
// Type imports and import() count too.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from '@swc/core'

const GROUND = ['src/{errors,policy}.ts']
const SHARED = ['src/{redact,clock}.ts', 'src/domain/*.ts']
const NODE = ['node:*', 'node:*/*']

/** @type {[file: string, mayImport: string[]][]} */
const ROOMS = [
  ['src/index.ts', ['src/main.ts']],
  ['src/main.ts', ['src/{run,api,inputs,report,github}/*.ts', 'package.json', ...SHARED]],
  ['src/run/*.ts', ['src/proof/*.ts', 'src/api/*.ts', ...SHARED]],
  ['src/proof/*.ts', ['src/domain/*.ts']],
  ['src/api/*.ts', ['@actions/http-client', '@actions/http-client/lib/proxy', ...SHARED, ...NODE]],
  ['src/inputs/*.ts', ['yaml', ...SHARED]],
  ['src/report/*.ts', ['@actions/core', 'src/github/*.ts', 'src/inputs/names.ts', ...SHARED, ...NODE]],
  ['src/github/*.ts', ['@actions/github', ...SHARED, ...NODE]],
  ['src/domain/*.ts', ['node:crypto']],
  ['src/redact.ts', ['src/redaction/*.ts', 'src/domain/*.ts']],
  ['src/redaction/*.ts', ['src/domain/*.ts', ...NODE]],
  ['src/{clock,errors,policy}.ts', NODE],
  ['simulator/**/*.ts', NODE],
]

const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)))
const matches = (name, pattern) => matchesGlob(name, pattern)
const problems = []
const files = globSync('{src,simulator}/**/*.{ts,mts,cts,js,mjs,cjs,tsx}', { cwd: root }).sort()

for (const file of files) {
  const room = ROOMS.find(([pattern]) => matches(file, pattern))
  if (!room) {
    problems.push(`${file} is in no room: give it a row in scripts/check-imports.mjs`)
    continue
  }
  const [own, others] = room
  const allowed = [own, ...others, ...(file.startsWith('src/') ? GROUND : [])]
  for (const specifier of importsOf(file)) {
    const target = targetOf(file, specifier)
    if (!allowed.some((pattern) => matches(target, pattern))) problems.push(`${file} must not import ${target}`)
  }
}

for (const problem of problems) console.error(problem)
console.log(`imports: ${files.length} files, ${problems.length} problems`)
if (files.length === 0 || problems.length > 0) process.exitCode = 1

/** The name a row is written in: a path of this repository with its .ts, or a package as it stands. */
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
