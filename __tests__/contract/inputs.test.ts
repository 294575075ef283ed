import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse as parseYaml } from 'yaml'
import { INPUT_NAMES, INPUTS } from '../../src/inputs/names.js'
import { faultsOf } from '../support/inputs.js'

const text = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8')
const { inputs } = parseYaml(text('action.yml')) as {
  inputs: Readonly<Record<string, { description: string; default?: string }>>
}
const definitions = INPUTS as Readonly<Record<string, { readonly default?: string; readonly example?: string }>>

describe.each(INPUT_NAMES)('%s', (name) => {
  test('has the same default in action.yml and in the code', () => {
    // The token is the one default that only the runner can give.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
    const byRunner = name === 'github-token' ? '${{ github.token }}' : undefined
    expect(inputs[name]?.default).toBe(byRunner ?? definitions[name]?.default)
  })

  test('has its default in the table of README.md', () => {
    const [, shown] = new RegExp(`^\\| \`${name}\` \\| (.*?) \\|`, 'm').exec(text('README.md')) ?? []
    const { default: given, description } = inputs[name] ?? { description: '' }
    const absent = description.startsWith('Required') ? '**required**' : '–'
    expect(shown).toBe(given === undefined ? absent : `\`${given}\``)
  })
})

test('only the defaults that depend on another input are not in action.yml, and their descriptions say so', () => {
  for (const name of ['poll-interval', 'settle-time']) {
    expect(inputs[name]?.default).toBeUndefined()
    expect(inputs[name]?.description).toMatch(/When not given: `\d+s`, or .* of `timeout`/)
  }
})

test('every guard says what none does', () => {
  const guards = INPUT_NAMES.filter((name) => definitions[name]?.default === 'none')
  expect(guards).toHaveLength(10)
  for (const name of guards) expect(inputs[name]?.description).toContain('`none`')
})

describe('an error shows examples that are themselves accepted', () => {
  const shown = INPUT_NAMES.flatMap((name) => {
    const { example } = definitions[name] ?? {}
    // Expressions are for the workflow, and the key's form is no key.
    if (example === undefined || /\$\{\{|<id>/.test(example)) return []
    const quoted = [...example.matchAll(/"([^"]*)"/g)].map(([, inner = '']) => inner)
    return (example.startsWith('"') ? quoted : [example.replace(/^'(.*)'$/, '$1')]).map(
      (value) => [name, value] as const,
    )
  })

  test('and nearly every input has one', () => {
    expect(shown.length).toBeGreaterThan(20)
  })

  test.each(shown)('%s: %s', async (name, value) => {
    expect(await faultsOf({ [name]: value })).toEqual([])
  })
})
