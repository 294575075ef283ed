// What a release needs of GitHub, as a rehearsal in act has it: the actions that speak to it, its command line, and npm where that
// would only install and test.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit, write } from './engine.mjs'

const ACTION = `name: Stand-in
description: Does what can be done without GitHub
runs:
  using: node24
  main: index.js
`

/** The inputs of a step, the files that its paths name, and the folder that artifacts are kept in. */
const PRELUDE = `const { cpSync, globSync, mkdirSync } = require('node:fs')
const { join } = require('node:path')
const input = (name) => process.env['INPUT_' + name.toUpperCase()] ?? ''
const artifact = join(process.env.STAND_IN_ARTIFACTS, input('name'))
function filesOf(paths) {
  return paths.trim().split(/\\s+/).flatMap((path) => {
    const files = globSync(path)
    if (files.length === 0) throw new Error('no file is named ' + path)
    return files
  })
}
`

const ACTIONS = {
  'actions/setup-node': '',
  'actions/attest': `const files = filesOf(input('subject-path'))
if (input('sbom-path') !== '') filesOf(input('sbom-path'))
console.log('attested ' + files.length + ' files')
`,
  'actions/upload-artifact': `mkdirSync(artifact, { recursive: true })
for (const file of filesOf(input('path'))) cpSync(file, join(artifact, file))
`,
  'actions/download-artifact': `cpSync(artifact, '.', { recursive: true })
`,
}

/** gh knows no release, and no tag but what it is told; npm tests nothing, and is red where it is told to. */
const PROGRAMS = {
  gh: `case "$1" in auth) exit 0 ;; esac
echo "$*" >>"$STAND_IN_CALLS"
case "$*" in
  'release view '*) echo 'release not found' >&2; exit 1 ;;
  'api '*/git/ref/tags/*) echo 'gh: Not Found (HTTP 404)' >&2; exit 1 ;;
  'api '*/git/refs*) [ -z "$STAND_IN_RULE" ] || { echo 'gh: Repository rule violations found (HTTP 422)' >&2; exit 1; } ;;
esac
`,
  npm: `case "$1" in
  cit) [ -z "$STAND_IN_RED" ] || { echo 'a test fails'; exit 1; } ;;
  *) exec "$STAND_IN_NPM" "$@" ;;
esac
`,
}

/** Puts the actions that these workflows use into act's cache, under the commits that they name. */
export function makeActions(store, workflows) {
  const used = workflows.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/uses: ([\w/-]+)@([0-9a-f]{40})/g)])
  for (const [, action, sha] of used) {
    const folder = join(store, `${action.replace('/', '-')}@${sha}`)
    // act has a checkout of its own.
    if (action === 'actions/checkout' || existsSync(folder)) continue
    if (ACTIONS[action] === undefined) throw new Error(`there is no stand-in for ${action}`)
    write(join(folder, 'action.yml'), ACTION)
    write(join(folder, 'index.js'), PRELUDE + ACTIONS[action])
    commit(folder, sha)
  }
}

/** Puts the programs into a folder, and gives it. */
export function makePrograms(home) {
  const folder = join(home, 'programs')
  mkdirSync(folder, { recursive: true })
  for (const [name, script] of Object.entries(PROGRAMS)) write(join(folder, name), `#!/bin/sh\n${script}`, 0o755)
  return folder
}
