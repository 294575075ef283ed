import { expect, test } from '@jest/globals'
import { copyRepository } from '../support/copies.js'

const TODAY = /^## 2\.3\.4 – 20\d\d-\d\d-\d\d$/m
const version = (text: string) => (JSON.parse(text) as { version: string }).version

test('sets the version in all its places, and a release of it is then refused nothing', () => {
  const copy = copyRepository()
  const before = version(copy.read('package.json'))
  const { status, stdout } = copy.run('bump.mjs', '2.3.4')
  expect(status).toBe(0)
  expect(stdout).toContain('npm run build')
  expect(version(copy.read('package.json'))).toBe('2.3.4')
  const locked = JSON.parse(copy.read('package-lock.json'))
  expect([locked.version, locked.packages[''].version]).toEqual(['2.3.4', '2.3.4'])
  for (const file of ['SECURITY.md', '.github/ISSUE_TEMPLATE/bug.yml']) {
    expect(copy.read(file)).toContain('v2.3.4')
    expect(copy.read(file)).not.toContain(`v${before}`)
  }
  expect(copy.read('CHANGELOG.md')).toMatch(TODAY)
  expect(copy.run('release-notes.mjs', 'v2.3.4').stderr).not.toMatch(/2\.3\.4/)
})

test('changes nothing when it is done again, and keeps the changelog’s older parts', () => {
  const copy = copyRepository()
  copy.run('bump.mjs', '2.3.4')
  const once = copy.texts()
  copy.run('bump.mjs', '2.3.4')
  expect(copy.texts()).toEqual(once)
  copy.edit('CHANGELOG.md', (text) => text.replace('\n## ', '\n## Next – unreleased\n\n- More.\n\n## '))
  expect(copy.run('bump.mjs', '2.4.0').status).toBe(0)
  expect(copy.read('CHANGELOG.md')).toMatch(/^## 2\.4\.0 – [\d-]{10}\n\n- More\.\n\n## 2\.3\.4 – /m)
})

test.each([
  ['no version', [], 'usage'],
  ['something else', ['v2.3.4'], 'usage'],
  ['a part of a version', ['2.3'], 'usage'],
  ['a version before the one that stands', ['0.9.9'], 'would come before'],
])('refuses %s', (_, args, problem) => {
  const copy = copyRepository()
  const before = copy.texts()
  const { status, stderr } = copy.run('bump.mjs', ...args)
  expect([status, stderr]).toEqual([2, expect.stringContaining(problem)])
  expect(copy.texts()).toEqual(before)
})

test('refuses a changelog that says nothing about what is new', () => {
  const copy = copyRepository()
  copy.run('bump.mjs', '2.3.4')
  expect(copy.run('bump.mjs', '2.4.0')).toMatchObject({ status: 2, stderr: expect.stringContaining('## 2.4.0') })
})

test.each([
  [
    'a place that names another version',
    'SECURITY.md',
    (text: string) => text.replace('v2.3.4', 'v2.3.3'),
    '2.3.3, not',
  ],
  ['a changelog without a date', 'CHANGELOG.md', (text: string) => text.replace(TODAY, '## 2.3.4 – soon'), 'no date'],
  ['a changelog without a part on it', 'CHANGELOG.md', (text: string) => text.replace(TODAY, '## 2.3 – x'), 'nothing'],
])('a release is refused over %s', (_, file, spoil, problem) => {
  const copy = copyRepository()
  copy.run('bump.mjs', '2.3.4')
  copy.edit(file, spoil)
  const { status, stdout, stderr } = copy.run('release-notes.mjs', 'v2.3.4')
  expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining(problem)])
})
