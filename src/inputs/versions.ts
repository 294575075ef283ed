import { problemOfVersion, toSentVersion } from '../domain/version.js'
import { type Parsed, toFault } from './reader.js'
import { withoutQuotes } from './spelling.js'

/** Reads a requested version into the form in which it is sent. */
export function parseVersionInput(text: string): Parsed<string> {
  const reason = problemOfVersion(text)
  if (reason === undefined) return { value: toSentVersion(text) }
  const repaired = guessVersions(text).filter((guess) => problemOfVersion(guess) === undefined)
  return toFault(reason, repaired)
}

const WORDS_BEFORE = /^(?:kubernetes|k8s|version|[~^=<>]+|v)[\s.:=v-]*/i

function guessVersions(text: string): string[] {
  const bare = withoutQuotes(text).replace(WORDS_BEFORE, '').replaceAll(',', '.')
  const [, major = '', minor = '', rest = ''] = /^(\d+)\.(\d+)(.*)$/s.exec(bare) ?? []
  if (major === '') return /^\d{2}$/.test(bare) ? [`1.${bare}`] : []
  const patch = /^\.(\d+)(?:$|[-+])/.exec(rest)?.[1]
  if (patch !== undefined) return [`${Number(major)}.${Number(minor)}.${Number(patch)}`]
  // YAML drops the zero at the end of a number.
  if (minor.length === 1 && rest === '') return [`${major}.${minor}0`]
  return /^(?:$|[-+]|\.?[x*]?$)/i.test(rest) ? [`${Number(major)}.${Number(minor)}`] : []
}
