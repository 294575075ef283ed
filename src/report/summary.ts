import type { Cluster } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { type ConflictRow, isGreen, type Outcome, type Result, toSentence } from '../domain/outcome.js'
import type { Edit } from '../domain/plan.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { toPhaseChart } from './chart.js'
import { toMarkdownCode, toMarkdownText } from './markdown.js'

/** What a report says of where a run belongs: its cluster, and links to what started it; what is absent is left out. */
export interface ReportContext {
  readonly tenant: string
  readonly cluster: string
  readonly runUrl?: string
  readonly commitUrl?: string
  readonly actor?: string
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

/** The job summary: what happened on top, what to do next where it failed, and the rest folded. What came from outside forms no markup. */
export function toSummary(outcome: Outcome, context: ReportContext): string {
  const parts = [
    `## ${titleOf(outcome, context)}`,
    lead(outcome),
    conflictTable(outcome.conflict ?? []),
    refusalTable(outcome),
    changeTable(outcome),
    // A chart of a single phase would say nothing.
    outcome.timeline.length < 2 ? '' : toPhaseChart(outcome.timeline, outcome.startWallMs),
    bullets('Conditions', tellingConditions(outcome)),
    bullets('Warnings', outcome.warnings),
    details(outcome),
    footer(outcome, context),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function titleOf({ result, reason, plan }: Outcome, { tenant, cluster }: ReportContext): string {
  const title = reason === undefined || reason === result ? TITLES[result] : `${TITLES[result]} (${reason})`
  const name = cluster === '' ? '' : `: ${toMarkdownText(tenant)}/${toMarkdownText(cluster)}`
  const changes = (plan?.edits ?? []).map(toWords).join(', ')
  return `${title}${name}${changes === '' ? '' : `, ${toMarkdownText(changes)}`}`
}

function toWords({ field, from, to }: Edit): string {
  return to === undefined ? field : `${field} ${from ?? 'absent'} → ${to ?? 'absent'}`
}

/** A failure is set apart, with what to do; the cluster's state comes right behind, since that is the next question. */
function lead({ result, message, hint, last, problems = [] }: Outcome): string {
  if (isGreen(result)) return toMarkdownText(toSentence(message))
  const lines = [
    result === 'failed' ? '[!CAUTION]' : '[!WARNING]',
    ...(problems.length > 0
      ? problems.map((text) => `- ${toMarkdownText(text)}`)
      : [toMarkdownText(toSentence(capitalised(message)))]),
    ...(hint === undefined ? [] : ['', `**What to do next:** ${toMarkdownText(hint)}`]),
    ...(last === undefined ? [] : ['', `**The cluster now:** ${toMarkdownText(stateOf(last))}`]),
  ]
  return lines.map((line) => `> ${line}`.trimEnd()).join('\n')
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function stateOf({ phase, kubernetesVersion }: Cluster): string {
  return `${phase ?? 'no phase reported'}${kubernetesVersion === undefined ? '' : `, runs ${kubernetesVersion}`}`
}

function conflictTable(rows: readonly ConflictRow[]): string {
  if (rows.length === 0) return ''
  const cells = rows.map(({ field, whenRead, now, wanted }) => [
    toMarkdownCode(field),
    code(whenRead),
    code(now),
    code(wanted),
  ])
  return table(['field', 'when read', 'now', 'wanted'], cells)
}

function refusalTable({ plan }: Outcome): string {
  if (plan === undefined || plan.refusals.length === 0) return ''
  const rows = plan.refusals.map(({ rule, reason, allow }) => [rule, toMarkdownText(reason), toMarkdownCode(allow)])
  return table(['refused by', 'why', 'permitted by'], rows)
}

const SHOWN: readonly (readonly [label: string, field: string, show: (cluster: Cluster) => string | undefined])[] = [
  ['version', 'version', (cluster) => cluster.version],
  ['running version', 'version', (cluster) => cluster.kubernetesVersion],
  ...RESOURCE_NAMES.map((name) => [name, name, ({ resources }: Cluster) => resources[name]] as const),
  ['phase', '', (cluster) => cluster.phase],
]

/** Only what was to change; everything else is in the fold. */
function changeTable(outcome: Outcome): string {
  const { first, last, plan } = outcome
  const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]))
  if (first === undefined || last === undefined || edits.size === 0 || outcome.conflict?.length) return ''
  const rows = rowsOf(first, last, edits).filter(({ field }) => edits.has(field))
  const alerts = [...edits.keys()].filter((field) => field.startsWith('alerts.'))
  const hidden = alerts.map((field) => [toMarkdownCode(field), '', '', 'changes; values are not shown'])
  return table(['', 'before', 'now', 'wanted'], [...rows.map(({ cells }) => cells), ...hidden])
}

function rowsOf(first: Cluster, last: Cluster, edits: ReadonlyMap<string, Edit>) {
  return SHOWN.map(([label, field, show]) => {
    const wanted = label === field ? edits.get(field)?.to : undefined
    return { field, cells: [label, code(show(first)), code(show(last)), code(wanted)] }
  })
}

/** That a cluster is ready explains no failure. */
function tellingConditions({ result, last }: Outcome): readonly string[] {
  return isGreen(result) ? [] : (last?.conditions ?? []).filter((line) => line !== 'Ready=True')
}

function bullets(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  return `**${title}**\n\n${lines.map((line) => `- ${toMarkdownText(line)}`).join('\n')}`
}

function details({ first, last, plan, timeline }: Outcome): string {
  const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]))
  const values = first === undefined || last === undefined ? [] : rowsOf(first, last, edits).map(({ cells }) => cells)
  const phases = timeline.map(({ phase, fromMs, untilMs }) => [
    toMarkdownText(phase),
    toDurationText(fromMs),
    toDurationText(untilMs - fromMs),
  ])
  const tables = [
    ...(values.length === 0 ? [] : [table(['', 'before', 'now', 'wanted'], values)]),
    ...(phases.length === 0 ? [] : [table(['phase', 'seen after', 'for'], phases)]),
  ]
  if (tables.length === 0) return ''
  return `<details><summary>All values and phases</summary>\n\n${tables.join('\n\n')}\n\n</details>`
}

function footer({ durationMs, requestId }: Outcome, { runUrl, commitUrl, actor }: ReportContext): string {
  return [
    `Took ${toDurationText(durationMs)}`,
    ...(requestId === undefined ? [] : [`request ${toMarkdownCode(requestId)}`]),
    ...(runUrl === undefined ? [] : [link('this run', runUrl)]),
    ...(commitUrl === undefined ? [] : [link('commit', commitUrl)]),
    ...(actor === undefined ? [] : [`started by ${toMarkdownText(actor)}`]),
  ].join(' · ')
}

function link(text: string, url: string): string {
  return `[${text}](${encodeURI(url).replaceAll('(', '%28').replaceAll(')', '%29')})`
}

function code(value: string | null | undefined): string {
  return value === undefined || value === null ? '' : toMarkdownCode(value)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)].join('\n')
}
