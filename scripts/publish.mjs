// publish.mjs SBOM [--rehearse]: publishes the release of the pushed tag, with this bill of materials, and moves the tag of its major
// version there. Every part looks first what is there already, so that it can be run again. A rehearsal only says what would be done.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readChangelog } from './versions.mjs'

/** gh's words for a tag that has neither a release nor a draft of one; no other failure may be taken for it. */
const NO_RELEASE = /release not found/
const NO_TAG = /HTTP 404/

if (import.meta.main) main()

function main() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const [sbom, option] = process.argv.slice(2)
  if (sbom === undefined) throw new Error('usage: node scripts/publish.mjs SBOM [--rehearse]')
  const isRehearsal = option === '--rehearse'
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { GITHUB_REF_NAME: ref, GITHUB_REPOSITORY: repository } = process.env
  const tag = isRehearsal ? `v${version}` : ref
  const notes = readChangelog(root).find((part) => `v${part.version}` === tag)?.body
  if (notes === undefined) throw new Error(`CHANGELOG.md says nothing about ${tag}`)
  const commit = output('git', 'rev-parse', 'HEAD').trim()
  const tags = output('git', 'tag', '--list').split('\n')
  const gh = (args, input) => spawnSync('gh', args, { encoding: 'utf8', input })
  try {
    publish({ tag, commit, repository, notes, sbom, tags, isRehearsal }, gh, console.log)
  } catch (error) {
    console.log(`::error::${error.message}`)
    process.exitCode = 1
  }
}

/** `gh` runs GitHub's command line with these arguments, and gives its exit status and output. */
export function publish(release, gh, log) {
  publishRelease(release, gh, log)
  moveMajorTag(release, gh, log)
}

/** A draft is not published: gh makes one first, and leaves it behind where an upload fails. It is completed then. */
function publishRelease({ tag, notes, sbom, isRehearsal }, gh, log) {
  const found = gh(['release', 'view', tag, '--json', 'isDraft', '--jq', '.isDraft'])
  if (found.status !== 0 && !NO_RELEASE.test(found.stderr)) fail(`${tag} cannot be looked up`, found)
  const state = found.status !== 0 ? 'missing' : found.stdout.trim() === 'true' ? 'draft' : 'published'
  if (state === 'published') {
    log(`${tag} is published already`)
  } else if (isRehearsal) {
    log(
      `${tag} would be published${state === 'draft' ? ' from the draft that is there' : ''}, with ${sbom} and these notes:`,
    )
    log(notes)
  } else {
    const text = ['--verify-tag', '--title', tag, '--notes-file', '-']
    if (state === 'missing') must(gh, ['release', 'create', tag, sbom, ...text], notes)
    else {
      must(gh, ['release', 'upload', tag, sbom, '--clobber'])
      must(gh, ['release', 'edit', tag, '--draft=false', ...text], notes)
    }
    log(`${tag} is published`)
  }
}

/** Only the newest release of a major version moves its tag: one for an older line must not take users back. */
function moveMajorTag({ tag, commit, repository, tags, isRehearsal }, gh, log) {
  const [major] = tag.split('.')
  const newest = newestOf(major, [...tags, tag])
  if (newest !== tag) {
    log(`${major} stays where it is: ${newest} is newer`)
    return
  }
  const found = gh(['api', `repos/${repository}/git/ref/tags/${major}`, '--jq', '.object.sha'])
  if (found.status !== 0 && !NO_TAG.test(found.stderr)) fail(`${major} cannot be looked up`, found)
  const old = found.status === 0 ? found.stdout.trim() : undefined
  if (old === commit) {
    log(`${major} is there already`)
    return
  }
  if (isRehearsal) {
    log(`${major} would be ${old === undefined ? 'made' : `moved from ${old}`} to ${commit}`)
    return
  }
  const refs = `repos/${repository}/git/refs`
  const moved =
    old === undefined
      ? gh(['api', '--silent', '--method', 'POST', refs, '-f', `ref=refs/tags/${major}`, '-f', `sha=${commit}`])
      : gh(['api', '--silent', '--method', 'PATCH', `${refs}/tags/${major}`, '-f', `sha=${commit}`, '-F', 'force=true'])
  if (moved.status !== 0) {
    const byHand = `git push --force origin ${commit}:refs/tags/${major}`
    fail(
      `${tag} is published, but ${major} could not be moved to it. Someone who may do so has to run: ${byHand}`,
      moved,
    )
  }
  log(`${major} is at ${commit}`)
}

function newestOf(major, tags) {
  const numbers = (tag) => tag.slice(1).split('.').map(Number)
  const [newest] = tags
    .filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag) && tag.startsWith(`${major}.`))
    .sort((one, other) => {
      const [a, b] = [numbers(one), numbers(other)]
      return b[1] - a[1] || b[2] - a[2]
    })
  return newest
}

function must(gh, args, input) {
  const done = gh(args, input)
  if (done.status !== 0) fail(`gh ${args.slice(0, 3).join(' ')} failed`, done)
}

function fail(what, { stderr, error }) {
  throw new Error(`${what} (${(stderr || error?.message || 'no reason given').trim().replace(/\s+/g, ' ')})`)
}

function output(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) fail(`${command} ${args.join(' ')} failed`, { stderr, error })
  return stdout
}
