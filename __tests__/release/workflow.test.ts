import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'

interface Job {
  readonly needs?: string | readonly string[]
  readonly if?: string
  readonly environment?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly uses?: string
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> }
}

interface Workflow {
  readonly on: unknown
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const workflow = (name: string) =>
  parse(readFileSync(new URL(`../../.github/workflows/${name}`, import.meta.url), 'utf8')) as Workflow
const release = workflow('release.yml')

/** All jobs that must have gone well before this one begins. */
function neededBy(name: string): string[] {
  const needs = [release.jobs[name]?.needs ?? []].flat()
  return [...new Set(needs.flatMap((needed) => [needed, ...neededBy(needed)]))].sort()
}

// act stops where any job fails, and so cannot show who needs whom: npm run rehearse runs the rest.
test('nothing is attested or published before the checks and the tests of all three systems', () => {
  const checks = ['agreement', 'check', 'platforms']
  expect(neededBy('attest')).toEqual(checks)
  for (const name of ['publish', 'rehearse'])
    expect(neededBy(name)).toEqual(['agreement', 'attest', 'check', 'platforms'])
  expect(Object.keys(release.jobs).sort()).toEqual(['agreement', 'attest', 'check', 'platforms', 'publish', 'rehearse'])
  expect(release.jobs.platforms?.uses).toBe('./.github/workflows/platforms.yml')
  expect(workflow('platforms.yml').jobs.tests?.strategy?.matrix.os).toEqual([
    'ubuntu-latest',
    'windows-latest',
    'macos-latest',
  ])
})

test('only a pushed tag publishes, in an environment of its own', () => {
  expect(release.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] }, workflow_dispatch: null })
  expect(release.jobs.publish).toMatchObject({ if: "github.event_name == 'push'", environment: 'release' })
})

test('each job may write only what it is there for', () => {
  const writing = Object.entries(release.jobs).map(([name, { permissions = {} }]) => [
    name,
    Object.keys(permissions).filter((permission) => permissions[permission] === 'write'),
  ])
  expect(release.permissions).toEqual({})
  expect(Object.fromEntries(writing)).toEqual({
    agreement: [],
    check: [],
    platforms: [],
    attest: ['id-token', 'attestations'],
    rehearse: [],
    publish: ['contents'],
  })
})
