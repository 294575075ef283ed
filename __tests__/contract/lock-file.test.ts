import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
}

const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>
}
const installed = Object.entries(packages).filter(([path]) => path !== '')
const named = (entries: typeof installed) => entries.map(([path]) => path)

// npm writes no hash for what it did not install itself, such as the parts of a tool for another system, and says nothing:
// take out the entries without one and run `npm install --package-lock-only`.
test('every package in the lock file has its hash, so that what is installed anywhere is what was reviewed', () => {
  expect(named(installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')))).toEqual([])
})

test('no package in the lock file has an address, so that everyone installs from the registry they have', () => {
  expect(named(installed.filter(([, { resolved }]) => resolved !== undefined))).toEqual([])
})
