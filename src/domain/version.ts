/** A Kubernetes version; without `patch` it stands for every patch of its minor. */
export interface Version {
  readonly major: number
  readonly minor: number
  readonly patch?: number
}

const LIVE = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[+-].*)?$/s
const REQUESTED = /^v?(?:0|[1-9]\d{0,3})\.(?:0|[1-9]\d{0,3})(?:\.(?:0|[1-9]\d{0,3}))?(?:\+[\w.-]*)?$/

/** No supported Kubernetes minor is below it, while an unquoted YAML `1.30` arrives as `1.3`. */
const LOWEST_MINOR = 20

/** Reads `1.32`, `v1.32.3` or `v1.32.3+build`; what follows `+` or `-` is ignored. Gives `undefined` for anything else. */
export function parseVersion(text: string): Version | undefined {
  const match = LIVE.exec(text)
  if (match === null) return undefined
  const [, major, minor, patch] = match
  const version = { major: Number(major), minor: Number(minor) }
  return patch === undefined ? version : { ...version, patch: Number(patch) }
}

/** The way the API takes a version: no `v`, and no build after a `+`, which a running version has. */
export function toSentVersion(text: string): string {
  return text.replace(/^v/, '').replace(/\+.*$/s, '')
}

/** What is wrong with a requested version, or `undefined`. */
export function problemOfVersion(text: string): string | undefined {
  const version = REQUESTED.test(text) ? parseVersion(text) : undefined
  if (version === undefined) return 'is not a Kubernetes version'
  if (version.minor >= LOWEST_MINOR) return undefined
  return 'is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version'
}

/** True when `asked` is lower than `other`. A version without a patch is any patch of its minor, so patches count only where both name one. */
export function isBelow(asked: Version, other: Version): boolean {
  const byMinor = asked.major - other.major || asked.minor - other.minor
  if (byMinor !== 0) return byMinor < 0
  return asked.patch !== undefined && other.patch !== undefined && asked.patch < other.patch
}

/** True when going from one version to another leaves out at least one minor. */
export function skipsMinor(from: Version, to: Version): boolean {
  return to.major > from.major || (to.major === from.major && to.minor > from.minor + 1)
}

/** True when both texts name the same version (`v1.32` = `1.32`, but not `1.32.0`); texts that are no versions are equal only letter by letter. */
export function isSameVersion(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  return canonicalVersion(left) === canonicalVersion(right)
}

/** One spelling for every equal version, for comparisons and digests. */
export function canonicalVersion(text: string): string {
  const version = parseVersion(text)
  if (version === undefined) return `text:${text}`
  const minor = `${version.major}.${version.minor}`
  return version.patch === undefined ? minor : `${minor}.${version.patch}`
}

/** True when `wanted` is `actual`, or the minor that `actual` is a patch of: `1.32` covers `v1.32.3`, `1.32.3` covers only itself. */
export function coversVersion(wanted: string, actual: string): boolean {
  const [minor, version] = [parseVersion(wanted), parseVersion(actual)]
  if (minor === undefined || version === undefined || minor.patch !== undefined) return isSameVersion(wanted, actual)
  return minor.major === version.major && minor.minor === version.minor
}

/** True when the asked version is met by what the API shows: the desired version covers it, or names only its minor while exactly the asked patch runs. */
export function isVersionMet(asked: string, desired: string | undefined, running: string | undefined): boolean {
  if (desired === undefined) return false
  if (coversVersion(asked, desired)) return true
  return running !== undefined && coversVersion(desired, asked) && isSameVersion(asked, running)
}
