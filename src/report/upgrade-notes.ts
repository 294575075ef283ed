import type { Outcome } from '../domain/outcome.js'
import { isBelow, parseVersion, type Version } from '../domain/version.js'
import { toLink, toMarkdownCode } from './markdown.js'

/** The minors of which Kubernetes' guide has a section: those that stopped serving an API. A later one has the whole guide. */
const MINORS_IN_GUIDE: readonly number[] = [22, 25, 26, 27, 29, 32]
const GUIDE = 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/'
const CHANGELOGS = 'https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG'

/** What to read before another version is sent, and that there may be no way back; empty where the plan has no version. Nothing is fetched. */
export function toUpgradeNotes({ plan }: Outcome): string {
  const edit = plan?.edits.find(({ field }) => field === 'version')
  const [from, to] = [parseVersion(edit?.from ?? ''), parseVersion(edit?.to ?? '')]
  if (to === undefined) return ''
  const minor = `${to.major}.${to.minor}`
  const isBack = from !== undefined && isBelow(to, from)
  const links = [
    toLink('changelog', `${CHANGELOGS}/CHANGELOG-${minor}.md`),
    ...(isBack || isSameMinor(from, to) ? [] : [guideOf(to)]),
  ]
  const wayBack = `Going back needs ${toMarkdownCode('allow-downgrade: true')}, and the platform may refuse it.`
  return [`**Kubernetes ${minor}:** ${links.join(' · ')}.`, ...(isBack ? [] : [wayBack])].join(' ')
}

function isSameMinor(from: Version | undefined, to: Version): boolean {
  return from?.major === to.major && from.minor === to.minor
}

function guideOf({ major, minor }: Version): string {
  return major === 1 && MINORS_IN_GUIDE.includes(minor)
    ? toLink('APIs that it no longer serves', `${GUIDE}#v1-${minor}`)
    : toLink('APIs removed by each release', GUIDE)
}
