// npm run owner:try: gives a copy of this repository to other owners and back, and does there what CI does with whatever names the
// owner. A name of one letter and one of 39, GitHub's longest, so that no width or order depends on the name. With --act the
// examples are run by act, too, which takes minutes.
import { spawnSync } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder } from './action-process.mjs'
import { NO_OWNER, readRepository } from './repository.mjs'
import { copyRepository } from './repository-copy.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [SHORT, LONG] = ['q', 'a-name-as-long-as-github-lets-names-be0']
const { owner: ours } = readRepository(root)
const canCheckSecurity = existsSync(join(root, '.cache/zizmor'))
const copy = join(makeFolder(), 'copy')
const problems = []

copyRepository(root, copy)
for (const shared of ['node_modules', '.cache']) {
  if (existsSync(join(root, shared))) symlinkSync(join(root, shared), join(copy, shared))
}
output(copy, 'git', 'init', '--quiet')
output(copy, 'git', 'add', '--all')

own(SHORT)
own(LONG)
const once = difference()
own(LONG)
if (difference() !== once) problems.push('the same owner again changes something')
if (ours !== NO_OWNER && once === '') problems.push('another owner changes nothing')
const left = spawnSync('git', ['grep', '--line-number', `${ours}/kupe-cluster-action`, '--', ':!dist'], { cwd: copy })
if (left.status !== 1) problems.push(`${ours} is left in\n${left.stdout}`)
check('format', 'npm', 'run', '-s', 'format:check')
check('lint', 'npm', 'run', '-s', 'lint')
check('readme', 'npm', 'run', '-s', 'readme', '--', '--check')
check('lint actions', 'npm', 'run', '-s', 'lint:actions')
check('tests', 'npm', 'test', '--', '__tests__/contract', '__tests__/release')
if (canCheckSecurity) check('workflow security', 'npm', 'run', '-s', 'lint:security')
if (process.argv.includes('--act')) check('examples in act', 'npm', 'run', '-s', 'examples:act')
own(ours)
if (difference() !== '') problems.push(`the way back leaves a difference\n${difference()}`)

for (const problem of problems) console.error(problem)
console.log(`owner:try: ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1

function own(name) {
  console.log(output(copy, process.execPath, 'scripts/owner.mjs', name).trim())
}

function difference() {
  return output(copy, 'git', 'diff')
}

function check(name, command, ...args) {
  const startMs = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8' })
  console.log(`${status === 0 ? 'ok   ' : 'FAIL '} ${name} (${((performance.now() - startMs) / 1000).toFixed(0)} s)`)
  if (status !== 0) problems.push(`${name} fails with another owner\n${stdout}${stderr}`)
}

function output(cwd, command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed\n${stderr}`, { cause: error })
  return stdout
}
