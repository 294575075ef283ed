import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/** What scripts/ci.mjs says of a machine that has nothing but Node. */
function needsWith(env: NodeJS.ProcessEnv) {
  const { SystemRoot } = process.env
  const { status, stdout } = spawnSync(process.execPath, [path('scripts/ci.mjs'), '--needs'], {
    encoding: 'utf8',
    env: { SystemRoot, PATH: '', ...env },
  })
  return { status, lines: stdout.trim().split('\n') }
}

test('CI fails for want of a tool, and says in one sentence each what for', () => {
  const { status, lines } = needsWith({ CI: 'true' })
  expect(status).toBe(1)
  expect(lines.length).toBeGreaterThanOrEqual(6)
  for (const line of lines) expect(line).toMatch(/^FAIL {2}\S.* (is missing|is Windows)\b.*: [^.]+$/)
})

test('elsewhere, what is missing is left out, and said', () => {
  const { status, lines } = needsWith({})
  expect(status).toBe(0)
  expect(lines).toEqual(needsWith({ CI: '1' }).lines.map((line) => line.replace(/^FAIL/, 'skip')))
})

test('CONTRIBUTING.md names every tool that CI needs', () => {
  const contributing = readFileSync(path('CONTRIBUTING.md'), 'utf8')
  for (const tool of ['git', 'bash', 'curl', 'Go', 'python3', 'tinyproxy', 'openssl']) {
    expect(contributing).toMatch(new RegExp(`\\b${tool}\\b`))
  }
})
