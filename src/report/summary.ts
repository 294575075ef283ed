import type { Cluster } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import type { ConflictRow, Outcome, Result } from '../domain/outcome.js'
import { isGreen } from '../domain/outcome.js'
import { toMarkdownCode, toMarkdownText } from '../untrusted.js'

/** Where a run stands in the world, for the summary's title and its links. */
export interface Place {
  readonly tenant: string
  readonly cluster: string
  /** The page of this run; absent outside a workflow. */
  readonly runUrl?: string
}

const TITLES: Readonly<Record<Result, string>> = {
  unchanged: '✅ Unchanged',
  planned: '📝 Planned',
  skipped: '⏭️ Skipped',
  accepted: '📨 Accepted, not waited for',
  converged: '✅ Converged',
  failed: '❌ Failed',
  'timed-out': '⏰ Timed out',
  cancelled: '🛑 Cancelled',
}

/** The job summary. Everything in it that came from outside is data and can form no markup. */
export function toSummary(outcome: Outcome, place: Place): string {
  const title = `${TITLES[outcome.result]}${outcome.reason === undefined || outcome.reason === 'cancelled' ? '' : ` (${outcome.reason})`}`
  const name = place.cluster === '' ? '' : `: ${toMarkdownText(place.tenant)}/${toMarkdownText(place.cluster)}`
  return `${[
    `## ${title}${name}`,
    toMarkdownText(outcome.message),
    ...nextStep(outcome),
    ...beforeAndAfter(outcome),
    ...refusals(outcome),
    ...conflict(outcome.conflict ?? []),
    ...phases(outcome),
    ...conditions(outcome),
    ...warnings(outcome),
    footer(outcome, place),
  ].join('\n\n')}\n`
}

function nextStep({ hint, result }: Outcome): string[] {
  if (hint === undefined) return []
  return [`**${isGreen(result) ? 'Note' : 'What to do next'}:** ${toMarkdownText(hint)}`]
}

function beforeAndAfter({ first, last, plan }: Outcome): string[] {
  if (first === undefined || last === undefined) return []
  const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]))
  const rows = SHOWN.map(([label, field, show]) => {
    const wanted = edits.get(field)?.to
    return [label, code(show(first)), code(show(last)), field === label ? code(wanted) : '']
  })
  const alerts = [...edits.keys()]
    .filter((field) => field.startsWith('alerts.'))
    .map((field) => [toMarkdownCode(field), '', '', 'changed (values are not shown)'])
  return [table(['', 'before', 'now', 'asked to change to'], [...rows, ...alerts])]
}

const SHOWN: readonly (readonly [label: string, field: string, show: (cluster: Cluster) => string | undefined])[] = [
  ['version', 'version', (cluster) => cluster.version],
  ['running version', '', (cluster) => cluster.kubernetesVersion],
  ['cpu', 'cpu', (cluster) => cluster.resources.cpu],
  ['memory', 'memory', (cluster) => cluster.resources.memory],
  ['storage', 'storage', (cluster) => cluster.resources.storage],
  ['phase', '', (cluster) => cluster.phase],
]

function refusals({ plan }: Outcome): string[] {
  if (plan === undefined || plan.refusals.length === 0) return []
  const rows = plan.refusals.map(({ rule, reason, allow }) => [rule, toMarkdownText(reason), toMarkdownCode(allow)])
  return ['### Refused', table(['rule', 'why', 'permitted by'], rows)]
}

function conflict(rows: readonly ConflictRow[]): string[] {
  if (rows.length === 0) return []
  const cells = rows.map(({ field, whenRead, now, wanted }) => [
    toMarkdownCode(field),
    code(whenRead),
    code(now),
    code(wanted),
  ])
  return ['### Conflict', table(['field', 'when read', 'now', 'wanted'], cells)]
}

function phases({ timeline }: Outcome): string[] {
  if (timeline.length === 0) return []
  const rows = timeline.map(({ phase, fromMs, untilMs }) => [
    toMarkdownText(phase),
    toDurationText(fromMs),
    toDurationText(untilMs - fromMs),
  ])
  return ['### Phases', table(['phase', 'seen after', 'for'], rows)]
}

function conditions({ last, result }: Outcome): string[] {
  if (last === undefined || last.conditions.length === 0 || isGreen(result)) return []
  return ['### Conditions', last.conditions.map((line) => `- ${toMarkdownText(line)}`).join('\n')]
}

function warnings({ warnings: lines }: Outcome): string[] {
  if (lines.length === 0) return []
  return ['### Warnings', lines.map((line) => `- ${toMarkdownText(line)}`).join('\n')]
}

function footer({ durationMs, evidence, requestId }: Outcome, { runUrl }: Place): string {
  return [
    `Took ${toDurationText(durationMs)}`,
    ...(evidence === undefined || evidence.length === 0 ? [] : [`proven by ${evidence.join(', ')}`]),
    ...(requestId === undefined ? [] : [`request ${toMarkdownCode(requestId)}`]),
    ...(runUrl === undefined ? [] : [`[this run](${encodeURI(runUrl).replace(/[()]/g, encodeURIComponent)})`]),
  ].join(' · ')
}

function code(value: string | null | undefined): string {
  return value === undefined || value === null ? '' : toMarkdownCode(value)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)].join('\n')
}
