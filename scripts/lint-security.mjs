// npm run lint:security: zizmor over action.yml, the workflows, dependabot's settings and the examples. .ci/tools installs it.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const options = ['--offline', '--no-progress', '--strict-collection', '--config', '.github/zizmor.yml']

run('bash', '.ci/tools', 'zizmor')
run(join(root, '.cache/zizmor/bin/zizmor'), ...options, '.', ...globSync('examples/*.{yml,yaml}', { cwd: root }).sort())

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) console.error(error.message)
  if (status !== 0) process.exit(status ?? 1)
}
