import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from '@jest/globals'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** All that the scripts around a release read or write, and these scripts. */
const PARTS = ['package.json', 'package-lock.json', 'action.yml', ...globSync('*.md', { cwd: root })]
const FOLDERS = ['.github', 'docs', 'examples', 'scripts']

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A part of this repository to try such scripts on; it is gone after the tests of the file. */
export function copyRepository() {
  const folder = mkdtempSync(join(tmpdir(), 'kupe-cluster-action-'))
  folders.push(folder)
  for (const part of [...PARTS, ...FOLDERS]) cpSync(join(root, part), join(folder, part), { recursive: true })
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return {
    read,
    edit: (file: string, edit: (text: string) => string) => writeFileSync(join(folder, file), edit(read(file))),
    /** Every file with its text, but for the scripts, which change nothing of themselves. */
    texts(): Record<string, string> {
      const files = globSync(['*', '.github/**/*', 'docs/**/*.md', 'examples/**/*'], {
        cwd: folder,
        withFileTypes: true,
      })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      return Object.fromEntries(files.sort().map((file) => [file, read(file)]))
    },
    run: (script: string, ...args: string[]) => runIn(folder, {}, script, args),
    runIn: (env: NodeJS.ProcessEnv, script: string, ...args: string[]) => runIn(folder, env, script, args),
  }
}

/** None of the variables of a workflow that runs these tests: the scripts would take its repository for theirs. */
function runIn(folder: string, env: NodeJS.ProcessEnv, script: string, args: string[]) {
  const { PATH, SystemRoot } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'scripts', script), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, SystemRoot, ...env },
  })
  return { status, stdout, stderr }
}
