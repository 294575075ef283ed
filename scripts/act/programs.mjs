// The programs that the examples call besides curl, as stand-ins before all others: `gh`, which answers what it is told to, and
// `go`, which runs no Pluto but looks for one API that Kubernetes 1.32 has removed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GITHUB_TOKEN } from './fake-services.mjs'

/** Puts the programs into a folder of their own; `answer` tells them what to say, and `calls` gives what they were called with. */
export function makePrograms(home) {
  const folder = join(home, 'programs')
  const [answersFile, callsFile] = [join(home, 'answers.json'), join(home, 'calls')]
  mkdirSync(folder)
  for (const [name, script] of Object.entries({ gh: GH, go: GO })) {
    const files = `const [answersFile, callsFile] = ${JSON.stringify([answersFile, callsFile])}\n`
    writeFileSync(join(folder, name), `#!/usr/bin/env node\n${files}${PRELUDE}${script}`, { mode: 0o755 })
  }
  return {
    folder,
    /** Answers by the first two words of a call; one that has none fails, as GitHub may. They are forgotten calls and all. */
    answer(answers) {
      writeFileSync(answersFile, JSON.stringify(answers))
      writeFileSync(callsFile, '')
    },
    /** Each call in one line, after the token that it was made with. */
    calls: () =>
      readFileSync(callsFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).replace(GITHUB_TOKEN, 'github.token')),
  }
}

const PRELUDE = `const { appendFileSync, readFileSync, globSync } = require('node:fs')
const { spawnSync } = require('node:child_process')
const args = process.argv.slice(2)
const note = (text) => appendFileSync(callsFile, JSON.stringify(text) + '\\n')
`

/** gh has its own jq, which behaves as the program does. */
const GH = `const { GH_TOKEN, GH_REPO } = process.env
note([GH_TOKEN, GH_REPO, 'gh', ...args].join(' '))
const answer = JSON.parse(readFileSync(answersFile, 'utf8'))[args.slice(0, 2).join(' ')]
const at = args.indexOf('--jq')
if (answer === undefined) {
  console.error('HTTP 502: Server Error')
  process.exitCode = 1
} else if (at > 0) {
  spawnSync('jq', ['--raw-output', args[at + 1]], { input: JSON.stringify(answer), stdio: ['pipe', 'inherit', 'inherit'] })
}
`

const GO = `note(['go', ...args].join(' '))
const folder = args[args.indexOf('--directory') + 1]
const files = globSync(folder + '/**/*.yaml')
const removed = files.filter((file) => readFileSync(file, 'utf8').includes('flowcontrol.apiserver.k8s.io/v1beta3'))
for (const file of removed) console.log(file + ': removed in v1.32.0')
if (removed.length > 0 || files.length === 0) process.exitCode = 1
`
