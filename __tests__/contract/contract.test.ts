import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse as parseYaml } from 'yaml'
import { defaultsOfInputs, GITHUB_TOKEN } from '../../scripts/runner-environment.mjs'
import { INPUT_NAMES } from '../../src/inputs/names.js'
import type { Inputs } from '../../src/inputs/parse.js'
import { OUTPUT_NAMES } from '../../src/report/outputs.js'
import { parse } from '../support/inputs.js'

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const text = (name: string) => readFileSync(path(name), 'utf8')

interface Action {
  readonly name: string
  readonly description: string
  readonly inputs: Readonly<Record<string, { description?: string; required?: boolean; default?: unknown }>>
  readonly outputs: Readonly<Record<string, { description?: string; value?: unknown }>>
  readonly runs: Readonly<Record<string, unknown>>
}

const action = () => parseYaml(text('action.yml')) as Action

describe('action.yml', () => {
  test('has exactly the inputs that the code reads, in the same order', () => {
    expect(Object.keys(action().inputs)).toEqual([...INPUT_NAMES])
  })

  test('has exactly the outputs that the code writes, in the same order', () => {
    expect(Object.keys(action().outputs)).toEqual([...OUTPUT_NAMES])
  })

  test('describes every input and output, and itself', () => {
    const { name, description, inputs, outputs } = action()
    for (const words of [
      name,
      description,
      ...[...Object.values(inputs), ...Object.values(outputs)].map((it) => it.description),
    ]) {
      expect(words).toMatch(/\S{2}/)
    }
  })

  test('runs the bundle on node24, and nothing before or after it', () => {
    expect(action().runs).toEqual({ using: 'node24', main: 'dist/index.js' })
    expect(existsSync(path('dist/index.js'))).toBe(true)
    expect(JSON.parse(text('dist/package.json'))).toEqual({ type: 'commonjs' })
  })

  test('gives every default as a text, since YAML makes numbers and booleans of the rest', () => {
    for (const [name, input] of Object.entries(action().inputs)) {
      expect([name, typeof (input.default ?? '')]).toEqual([name, 'string'])
    }
  })

  test('is read by the scripts and the tests, which have no YAML library, as YAML is', () => {
    const defaults = Object.entries(action().inputs).map(([name, input]) => [name, input.default ?? ''])
    const withToken = Object.fromEntries(defaults) as Record<string, string>
    expect(defaultsOfInputs()).toEqual({ ...withToken, 'github-token': GITHUB_TOKEN })
  })

  test('does not require what the environment may give', () => {
    const required = Object.entries(action().inputs).filter(([, input]) => input.required === true)
    expect(required.map(([name]) => name)).toEqual([])
  })
})

/** Where a default shows in what the inputs are read as. */
const READ: Readonly<Record<string, (inputs: Inputs) => unknown>> = {
  'api-url': ({ api }) => api.root,
  mode: ({ mode }) => mode,
  wait: ({ wait }) => wait,
  timeout: ({ timeoutMs }) => timeoutMs,
  'poll-interval': ({ pollIntervalMs }) => pollIntervalMs,
  'settle-time': ({ settleTimeMs }) => settleTimeMs,
  'degraded-grace': ({ degradedGraceMs }) => degradedGraceMs,
  'on-busy': ({ onBusy }) => onBusy,
  'on-conflict': ({ onConflict }) => onConflict,
  'allow-downgrade': ({ guardrails }) => guardrails.allowDowngrade,
  'allow-version-skip': ({ guardrails }) => guardrails.allowVersionSkip,
  'allow-storage-shrink': ({ guardrails }) => guardrails.allowStorageShrink,
  timezone: ({ window }) => window?.timezone,
  'job-summary': ({ jobSummary }) => jobSummary,
}

/** The defaults of the contract. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  'api-url': 'https://api.kupe.cloud/api/v1',
  mode: 'apply',
  wait: true,
  timeout: 30 * 60_000,
  'poll-interval': 12_000,
  'settle-time': 30_000,
  'degraded-grace': 5 * 60_000,
  'on-busy': 'wait',
  'on-conflict': 'retry',
  'allow-downgrade': false,
  'allow-version-skip': false,
  'allow-storage-shrink': false,
  timezone: 'UTC',
  'job-summary': true,
}

async function readWith(given: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
  const inputs = await parse({ 'only-between': '20:00-06:00', ...given })
  return Object.fromEntries(Object.entries(READ).map(([name, read]) => [name, read(inputs)]))
}

describe('defaults', () => {
  test('of the code are the contract’s', async () => {
    expect(await readWith({})).toEqual(DEFAULTS)
  })

  test('hold for empty texts, too, as a scheduled run passes them, save where an empty one is an error', async () => {
    const mayBeEmpty = Object.keys(READ).filter((name) => name !== 'mode' && name !== 'timezone')
    expect(await readWith(Object.fromEntries(mayBeEmpty.map((name) => [name, ' '])))).toEqual(DEFAULTS)
  })

  test('of action.yml, where it has them, are those of the code', async () => {
    const given = Object.entries(action().inputs).flatMap(([name, input]) =>
      input.default === undefined || input.default === '' ? [] : [[name, String(input.default)] as const],
    )
    // Any default beyond these would be a rule that only action.yml knows.
    const known = given.filter(([name]) => Object.hasOwn(READ, name))
    const others = given.filter(([name]) => !Object.hasOwn(READ, name))
    expect(
      others.filter(
        ([name, value]) =>
          !(name === 'github-token' && /^\$\{\{\s*github\.token\s*\}\}$/.test(value)) &&
          !(name === 'comment' && value === 'false') &&
          value !== 'none',
      ),
    ).toEqual([])
    expect(await readWith(Object.fromEntries(known))).toEqual(DEFAULTS)
  })
})

describe('README.md', () => {
  const tableOf = (name: string) => {
    const [, table = ''] =
      new RegExp(`<!-- ${name}:start -->([\\s\\S]*?)<!-- ${name}:end -->`).exec(text('README.md')) ?? []
    return [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, first]) => first)
  }

  test('has a table of exactly the inputs', () => {
    expect(tableOf('inputs')).toEqual([...INPUT_NAMES])
  })

  test('has a table of exactly the outputs', () => {
    expect(tableOf('outputs')).toEqual([...OUTPUT_NAMES])
  })
})
