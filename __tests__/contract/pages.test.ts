import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { PULL_REQUEST_PLANS } from '../../src/domain/approval.js'
import { FAILURE_REASONS } from '../../src/domain/failure-reasons.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

const action = parse(text('action.yml')) as Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, unknown>>>>
const { scripts, dependencies, devDependencies } = JSON.parse(text('package.json')) as Readonly<
  Record<'scripts' | 'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>
const simulatorHelp = spawnSync(process.execPath, ['dist/simulator/index.js', '--help'], {
  cwd: root,
  encoding: 'utf8',
}).stdout

/** Words with a hyphen that are GitHub's, or stand for no name of ours. */
const NOT_OURS = ['timeout-minutes', 'pull-requests', 'timed-out', 'kupe-cluster-action']
const KNOWN = new Set([
  ...[...Object.keys(action.inputs), ...Object.keys(action.outputs), ...Object.keys(FAILURE_REASONS)],
  ...[...Object.keys(dependencies), ...Object.keys(devDependencies)],
  ...[...simulatorHelp.matchAll(/\b[a-z]+(?:-[a-z]+)+\b/g)].map(([word]) => word),
  PULL_REQUEST_PLANS,
  ...NOT_OURS,
])

/** The page without its blocks of code, whose workflows are examples that the linters read. */
const prose = (page: string) => text(page).replace(/^```[\s\S]*?^```$/gm, '')
const spansOf = (page: string) => [...prose(page).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)

/** What can be linked to in a page: its headings as GitHub names them, and its own anchors. */
function anchorsOf(page: string): string[] {
  const headings = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return [...headings, ...[...text(page).matchAll(/<a name="([^"]+)">/g)].map(([, name = '']) => name)]
}

describe.each(pages)('%s', (page) => {
  test('has no dead link', () => {
    const links = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^https:/.test(link))
    const dead = links.filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : relative(root, join(root, dirname(page), path))
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(target).includes(anchor)
    })
    expect(dead).toEqual([])
  })

  test('names no input, output or reason that does not exist', () => {
    const names = spansOf(page).flatMap((span) => {
      // `name`, `name: value`, `steps.id.outputs.name`
      const [, alone] = /^([a-z]+(?:-[a-z]+)+)(?::.*)?$/.exec(span) ?? []
      const [, output] = /\b(?:steps|needs)\.\S+\.outputs\.([\w-]+)/.exec(span) ?? []
      return [alone, output].filter((name) => name !== undefined)
    })
    expect(names.filter((name) => !KNOWN.has(name) && !existsSync(join(root, 'examples', name)))).toEqual([])
  })

  test('names no mode that does not exist', () => {
    const modes = spansOf(page).flatMap((span) => (/^mode: (\w+)$/.exec(span) ?? []).slice(1))
    expect(modes.filter((mode) => !['apply', 'plan', 'verify'].includes(mode))).toEqual([])
  })

  test('names no script and no file that does not exist', () => {
    const spans = spansOf(page)
    const commands = [...spans, ...text(page).split('\n')].flatMap((line) =>
      [...line.matchAll(/\bnpm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => name),
    )
    expect(commands.filter((name) => scripts[name] === undefined)).toEqual([])
    const files = spans.filter((span) =>
      /^(?:src|scripts|examples|docs|bench|__tests__|dist|simulator)\/[\w./-]*$/.test(span),
    )
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})

test('the page on the simulator names all of its options, and no other', () => {
  const offered = [...simulatorHelp.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option = '']) => option)
  const named = [...text('docs/simulator.md').matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option)
  expect(offered.length).toBeGreaterThan(20)
  expect([...new Set([...named, '--help'])].sort()).toEqual([...offered].sort())
})

describe('README.md', () => {
  test('has 450 lines at most', () => {
    expect(text('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(450)
  })

  test('has a place for every reason, since the summary of a red run links to it', () => {
    expect(anchorsOf('README.md')).toEqual(expect.arrayContaining(Object.keys(FAILURE_REASONS)))
  })

  test('says which inputs are required', () => {
    const required = [...text('README.md').matchAll(/^\| `([\w-]+)` \| \*\*required\*\* \|/gm)].map(([, name]) => name)
    expect(required).toEqual(['api-key', 'tenant', 'cluster'])
  })
})
