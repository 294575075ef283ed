import { expect, test } from '@jest/globals'
import { copyRepository } from '../support/copies.js'

/** A copy that belongs to this owner, whoever this repository belongs to. */
function copyOf(owner: string) {
  const copy = copyRepository()
  expect(copy.run('owner.mjs', owner).status).toBe(0)
  return copy
}

test('sets the owner in all its places', () => {
  const copy = copyOf('octo-org')
  const texts = Object.values(copy.texts()).join('\n')
  expect(texts).not.toContain('OWNER/')
  expect(copy.read('examples/quick-start.yml')).toContain('uses: octo-org/kupe-cluster-action@v1')
  expect(copy.read('examples/call-upgrade-fleet.yml')).toContain('uses: octo-org/platform/.github/workflows/')
  expect(copy.read('.github/CODEOWNERS')).toContain('* @octo-org/maintainers')
  expect(copy.read('.github/zizmor.yml')).toContain('octo-org/kupe-cluster-action: ref-pin')
  expect(copy.read('README.md')).toContain('octo-org/kupe-cluster-action@v1')
  expect(copy.read('SECURITY.md')).toContain('--repo octo-org/kupe-cluster-action')
})

test('changes nothing when it is done again, and finds its way back from any other owner', () => {
  const copy = copyOf('octo-org')
  const before = copy.texts()
  copy.run('owner.mjs', 'octo-org')
  expect(copy.texts()).toEqual(before)
  for (const owner of ['q', 'OWNER', 'platform', 'maintainers', 'a-name-as-long-as-github-lets-names-be0']) {
    copy.run('owner.mjs', owner)
    expect(copy.texts()).not.toEqual(before)
    copy.run('owner.mjs', 'octo-org')
    expect(copy.texts()).toEqual(before)
  }
})

test('leaves alone what is only called like the owner', () => {
  const copy = copyOf('acme')
  copy.edit('examples/scale.yml', (text) => `# acme/shop, my-acme/platform and acme/platforms\n${text}`)
  copy.run('owner.mjs', 'octo-org')
  expect(copy.read('examples/scale.yml')).toMatch(/^# acme\/shop, my-acme\/platform and acme\/platforms\n/)
  expect(copy.read('examples/quick-start.yml')).toContain('tenant: acme')
})

test('knows a person, who has no teams, in CODEOWNERS', () => {
  const copy = copyOf('octocat')
  copy.edit('.github/CODEOWNERS', (text) => text.replace('@octocat/maintainers', '@octocat'))
  copy.run('owner.mjs', 'octo-org')
  expect(copy.read('.github/CODEOWNERS')).toMatch(/^\* @octo-org$/m)
})

test.each([[], [''], ['a/b'], ['-a'], ['a-'], ['a--b'], ['a b'], ['a.b'], ['a'.repeat(40)]])(
  'refuses %j',
  (...args) => {
    const copy = copyRepository()
    const before = copy.texts()
    expect(copy.run('owner.mjs', ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('usage') })
    expect(copy.texts()).toEqual(before)
  },
)

test('a release is refused while one file names no owner, and from another repository than the one that is named', () => {
  const copy = copyOf('octo-org')
  copy.run('bump.mjs', '2.3.4')
  expect(copy.run('release-notes.mjs', 'v2.3.4')).toMatchObject({ status: 0, stderr: '' })
  const elsewhere = { GITHUB_REPOSITORY: 'someone/kupe-cluster-action' }
  expect(copy.runIn(elsewhere, 'release-notes.mjs', 'v2.3.4')).toMatchObject({
    status: 1,
    stdout: '',
    stderr:
      'package.json says octo-org/kupe-cluster-action, and this is someone/kupe-cluster-action: npm run owner -- NAME\n',
  })
  copy.edit('examples/scale.yml', (text) => text.replace('octo-org/', 'OWNER/'))
  const { status, stdout, stderr } = copy.run('release-notes.mjs', 'v2.3.4')
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^OWNER\/ .* in examples\/scale\.yml\n$/)
})
