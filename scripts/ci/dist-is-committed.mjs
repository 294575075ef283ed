// Fails where dist/, as just built, is not what is committed: another file, one more, or one less.
import { spawnSync } from 'node:child_process'

const git = (...args) => spawnSync('git', ['--no-pager', ...args], { encoding: 'utf8' })
const changed = git('diff', '--stat', '--exit-code', '--', 'dist')
const untracked = git('ls-files', '--others', '--', 'dist')

process.stdout.write(changed.stdout + changed.stderr + untracked.stdout + untracked.stderr)
if (changed.status !== 0) console.log('dist is not what the sources build: run npm run build and commit it')
if (untracked.stdout !== '') console.log('these are built, but not committed')
if (changed.status !== 0 || untracked.status !== 0 || untracked.stdout !== '') process.exitCode = 1
