import { describe, expect, test } from '@jest/globals'
import { type Done, publish, type Release } from '../../scripts/publish.mjs'

const RELEASE: Release = {
  tag: 'v1.10.0',
  commit: 'c0ffee',
  repository: 'octo-org/kupe-cluster-action',
  notes: 'What is new.',
  sbom: 'sbom.json',
  tags: ['v1', 'v1.9.0', 'v1.2.10', 'v2.0.0', 'v1.11.0-rc.1', ''],
  isRehearsal: false,
}

const ok = (stdout = ''): Done => ({ status: 0, stdout, stderr: '' })
const failed = (stderr: string): Done => ({ status: 1, stdout: '', stderr })
const NO_RELEASE = failed('release not found\n')
const NO_TAG = failed('gh: Not Found (HTTP 404)\n')
const RULE = failed('gh: Reference update failed\nrepository rule violations found (HTTP 422)\n')

const VIEW = 'release view v1.10.0 --json isDraft --jq .isDraft'
const TEXT = '--verify-tag --title v1.10.0 --notes-file -'
const CREATE = `release create v1.10.0 sbom.json ${TEXT}`
const REF = 'api repos/octo-org/kupe-cluster-action/git/ref/tags/v1 --jq .object.sha'
const REFS = 'repos/octo-org/kupe-cluster-action/git/refs'
const MAKE = `api --silent --method POST ${REFS} -f ref=refs/tags/v1 -f sha=c0ffee`
const MOVE = `api --silent --method PATCH ${REFS}/tags/v1 -f sha=c0ffee -F force=true`

/** Publishes with a GitHub that gives these answers, and is fine with whatever is not among them. */
function publishWith(answers: Readonly<Record<string, Done>>, release: Partial<Release> = {}) {
  const [calls, lines, inputs]: [string[], string[], (string | undefined)[]] = [[], [], []]
  const gh = (args: readonly string[], input?: string) => {
    const call = args.join(' ')
    calls.push(call)
    if (input !== undefined) inputs.push(input)
    return answers[call] ?? ok()
  }
  let problem: string | undefined
  try {
    publish({ ...RELEASE, ...release }, gh, (line) => lines.push(line))
  } catch (error) {
    problem = (error as Error).message
  }
  return { calls, lines, inputs, problem }
}

describe('the release', () => {
  test('is made with its notes and its bill of materials', () => {
    const { calls, inputs, problem } = publishWith({ [VIEW]: NO_RELEASE, [REF]: ok('0ld\n') })
    expect(calls).toEqual([VIEW, CREATE, REF, MOVE])
    expect([inputs, problem]).toEqual([['What is new.'], undefined])
  })

  test('is left as it is where it is published', () => {
    const { calls, lines } = publishWith({ [VIEW]: ok('false\n'), [REF]: ok('0ld\n') })
    expect(calls).toEqual([VIEW, REF, MOVE])
    expect(lines[0]).toBe('v1.10.0 is published already')
  })

  test('is completed where an earlier try has left a draft', () => {
    const { calls, inputs } = publishWith({ [VIEW]: ok('true\n'), [REF]: ok('0ld\n') })
    const [upload, edit] = ['release upload v1.10.0 sbom.json --clobber', `release edit v1.10.0 --draft=false ${TEXT}`]
    expect(calls).toEqual([VIEW, upload, edit, REF, MOVE])
    expect(inputs).toEqual(['What is new.'])
  })

  test.each([
    ['cannot be looked up', { [VIEW]: failed('HTTP 502') }, [VIEW], 'v1.10.0 cannot be looked up (HTTP 502)'],
    [
      'cannot be made',
      { [VIEW]: NO_RELEASE, [CREATE]: failed('HTTP 422:\n tag_name was used') },
      [VIEW, CREATE],
      'gh release create v1.10.0 failed (HTTP 422: tag_name was used)',
    ],
  ])('that %s ends it before any tag is moved', (_, answers, expected, message) => {
    const { calls, problem } = publishWith(answers)
    expect([calls, problem]).toEqual([expected, message])
  })
})

describe('the tag of the major version', () => {
  const published = { [VIEW]: ok('false\n') }

  test('is made for the first release', () => {
    expect(publishWith({ ...published, [REF]: NO_TAG }).calls).toEqual([VIEW, REF, MAKE])
  })

  test('stays where it is there already', () => {
    expect(publishWith({ ...published, [REF]: ok('c0ffee\n') }).calls).toEqual([VIEW, REF])
  })

  test.each(['v1.10.1', 'v1.11.0', 'v1.100.0'])('stays with a newer release such as %s', (newer) => {
    const { calls, lines } = publishWith(published, { tags: [...RELEASE.tags, newer] })
    expect(calls).toEqual([VIEW])
    expect(lines.at(-1)).toBe(`v1 stays where it is: ${newer} is newer`)
  })

  test('of ten is not that of one', () => {
    const { calls } = publishWith(published, { tags: ['v10.11.0'] })
    expect(calls).toEqual([VIEW, REF, MOVE])
  })

  test.each([
    ['moved', ok('0ld'), MOVE],
    ['made', NO_TAG, MAKE],
  ])('that may not be %s gives the command to do so by hand', (_, ref, change) => {
    const { problem } = publishWith({ ...published, [REF]: ref, [change]: RULE })
    expect(problem).toMatch(/^v1\.10\.0 is published, but v1 could not be moved to it\. /)
    expect(problem).toContain('has to run: git push --force origin c0ffee:refs/tags/v1 (gh: Reference update failed')
    expect(problem).not.toContain('\n')
  })

  test('that cannot be looked up is not made anew', () => {
    const { calls, problem } = publishWith({ ...published, [REF]: failed('HTTP 500') })
    expect([calls, problem]).toEqual([[VIEW, REF], 'v1 cannot be looked up (HTTP 500)'])
  })
})

describe('a rehearsal', () => {
  test.each<[string, Done, Done, RegExp]>([
    [
      'a first release',
      NO_RELEASE,
      NO_TAG,
      /would be published, with sbom\.json.*What is new.*v1 would be made to c0ffee/,
    ],
    ['a draft', ok('true'), ok('0ld'), /published from the draft that is there.*v1 would be moved from 0ld to c0ffee/],
    ['a published one', ok('false'), ok('c0ffee'), /is published already.*v1 is there already/],
  ])('of %s only looks, and says what would be done', (_, view, ref, said) => {
    const { calls, lines, problem } = publishWith({ [VIEW]: view, [REF]: ref }, { isRehearsal: true })
    expect([calls, problem]).toEqual([[VIEW, REF], undefined])
    expect(lines.join(' ')).toMatch(said)
  })
})
