import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(`${root}docs/architecture.md`, 'utf8')
const rows = [...page.matchAll(/^\| ([^|]+) \| `([^`]+)` \| `([^`]+)` \|$/gm)].map(([, rule, file, name]) => ({
  rule: rule ?? '',
  file: file ?? '',
  name: name ?? '',
}))

describe('docs/architecture.md', () => {
  test('says where at least thirty rules are', () => {
    expect(rows.length).toBeGreaterThanOrEqual(30)
  })

  test.each(rows)('$rule: $file has $name', ({ file, name }) => {
    expect(readFileSync(`${root}${file}`, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`))
  })

  test('has a sentence for each room, and names no other', () => {
    const rooms = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const named = [...page.matchAll(/\*\*`src\/([a-z]+)\/`\*\*/g)].map(([, room]) => room)
    expect(named.sort()).toEqual(rooms.map(({ name }) => name).sort())
  })
})
