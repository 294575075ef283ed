import { type Cluster, deniesHealth, toConditionText } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { type ConflictRow, isGreen, type Outcome, type PhaseSpan, type Result, toSentence } from '../domain/outcome.js'
import type { Edit } from '../domain/plan.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { LARGEST_BYTES, LONGEST, MOST } from '../policy.js'
import { cutOff, toHarmlessLine } from '../redact.js'
import { toPhaseChart } from './chart.js'
import { joinSections, toCodeCell, toMarkdownCell, toMarkdownCode, toMarkdownText, toTable } from './markdown.js'

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

/** The job summary, no longer than a runner takes. */
export function toSummary(outcome: Outcome, context: ReportContext): string {
  return joinSections(toSummarySections(outcome, context), { bytes: LARGEST_BYTES.summary })
}

/**
 * The sections of the summary: what happened on top, what to do next where it failed, and the rest folded. Each one is whole in
 * itself, and what came from outside forms no markup in it.
 */
export function toSummarySections(outcome: Outcome, context: ReportContext): string[] {
  const timeline = toTelling(outcome.timeline)
  return [
    `## ${titleOf(outcome, context)}`,
    lead(outcome),
    conflictTable(outcome.conflict ?? []),
    refusalTable(outcome),
    changeTable(outcome),
    // A chart of a single phase would say nothing.
    timeline.length < 2 ? '' : toPhaseChart(timeline, outcome.startWallMs),
    bullets('Conditions', tellingConditions(outcome)),
    bullets('Warnings', outcome.warnings),
    details(outcome),
    footer(outcome, context),
  ].filter((section) => section !== '')
}

/** Names are whole; of the changes there are as many as there is room for. */
function titleOf({ result, reason, plan }: Outcome, { tenant, cluster }: ReportContext): string {
  const title = reason === undefined || reason === result ? TITLES[result] : `${TITLES[result]} (${reason})`
  // Only an input that is wrong is longer than a name can be.
  const [tenantName, clusterName] = [tenant, cluster].map((name) => cutOff(name, LONGEST.nameInTitle))
  const name = cluster === '' ? '' : `: ${toMarkdownText(tenantName ?? '')}/${toMarkdownText(clusterName ?? '')}`
  const room = LONGEST.title - `${title}: ${tenantName}/${clusterName}, `.length
  const changes = toChangesText(plan?.edits ?? [], room)
  return `${title}${name}${changes === '' ? '' : `, ${toMarkdownText(changes)}`}`
}

function toChangesText(edits: readonly Edit[], room: number): string {
  const words = edits.slice(0, MOST.alertEdits).map(toWords)
  for (let shown = words.length; shown > 0; shown--) {
    const more = edits.length - shown
    const text = toHarmlessLine(`${words.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`)
    if (text.length <= room) return text
  }
  return edits.length === 0 ? '' : `${edits.length} ${edits.length === 1 ? 'change' : 'changes'}`
}

function toWords({ field, from, to }: Edit): string {
  return to === undefined ? field : `${field} ${from ?? 'absent'} → ${to ?? 'absent'}`
}

/** A failure is set apart, with what to do; the cluster's state comes right behind, since that is the next question. */
function lead({ result, message, hint, last, problems = [] }: Outcome): string {
  const what = toMarkdownText(toLead(isGreen(result) ? message : capitalised(message)))
  if (isGreen(result)) return what
  const more = problems.length - MOST.problems
  const lines = [
    result === 'failed' ? '[!CAUTION]' : '[!WARNING]',
    ...problems.slice(0, MOST.problems).map((text) => `- ${toMarkdownText(cutOff(text, LONGEST.problem))}`),
    ...(more > 0 ? [`- ${more} more`] : []),
    ...(problems.length > 0 ? [] : [what]),
    ...(hint === undefined ? [] : ['', `**What to do next:** ${toMarkdownText(toLead(hint))}`]),
    ...(last === undefined ? [] : ['', `**The cluster now:** ${toMarkdownCell(stateOf(last))}`]),
  ]
  return lines.map((line) => `> ${line}`.trimEnd()).join('\n')
}

function toLead(text: string): string {
  return cutOff(toSentence(text), LONGEST.lead)
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function stateOf({ phase, kubernetesVersion }: Cluster): string {
  return `${phase ?? 'no phase reported'}${kubernetesVersion === undefined ? '' : `, runs ${kubernetesVersion}`}`
}

function conflictTable(rows: readonly ConflictRow[]): string {
  if (rows.length === 0) return ''
  const cells = rows
    .slice(0, MOST.conflictRows)
    .map(({ field, whenRead, now, wanted }) => [
      toCodeCell(field),
      toCodeCell(whenRead),
      toCodeCell(now),
      toCodeCell(wanted),
    ])
  return toTable(['field', 'when read', 'now', 'wanted'], [...cells, ...toMoreRow(rows.length - MOST.conflictRows)])
}

/** The last row of a table that does not show all: how many there are more. */
function toMoreRow(count: number): string[][] {
  return count > 0 ? [[`${count} more`, '', '', '']] : []
}

function refusalTable({ plan }: Outcome): string {
  if (plan === undefined || plan.refusals.length === 0) return ''
  const rows = plan.refusals.map(({ rule, reason, allow }) => [rule, toMarkdownCell(reason), toMarkdownCode(allow)])
  return toTable(['refused by', 'why', 'permitted by'], rows)
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
  const hidden = alerts
    .slice(0, MOST.alertEdits)
    .map((field) => [toCodeCell(field), '', '', 'changes; values are not shown'])
  return toTable(
    ['', 'before', 'now', 'wanted'],
    [...rows.map(({ cells }) => cells), ...hidden, ...toMoreRow(alerts.length - MOST.alertEdits)],
  )
}

function rowsOf(first: Cluster, last: Cluster, edits: ReadonlyMap<string, Edit>) {
  return SHOWN.map(([label, field, show]) => {
    const wanted = label === field ? edits.get(field)?.to : undefined
    return { field, cells: [label, toCodeCell(show(first)), toCodeCell(show(last)), toCodeCell(wanted)] }
  })
}

/** That a cluster is ready explains no failure, and of a run that went well only what speaks against that is news. */
function tellingConditions({ result, last }: Outcome): readonly string[] {
  const conditions = last?.conditions ?? []
  const texts = (isGreen(result) ? conditions.filter(deniesHealth) : conditions).map(toConditionText)
  return texts.filter((text) => text !== 'Ready=True')
}

function bullets(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const items = lines.map((line) => `- ${toMarkdownText(cutOff(line, LONGEST.bullet))}`)
  return `**${title}**\n\n${items.join('\n')}`
}

function details({ first, last, plan, timeline }: Outcome): string {
  const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]))
  const values = first === undefined || last === undefined ? [] : rowsOf(first, last, edits).map(({ cells }) => cells)
  const tables = [
    ...(values.length === 0 ? [] : [toTable(['', 'before', 'now', 'wanted'], values)]),
    ...(timeline.length === 0 ? [] : [toTable(['phase', 'seen after', 'for'], phaseRows(timeline))]),
  ]
  if (tables.length === 0) return ''
  return `<details><summary>All values and phases</summary>\n\n${tables.join('\n\n')}\n\n</details>`
}

function phaseRows(timeline: readonly PhaseSpan[]): string[][] {
  const rows = toTelling(timeline).map(({ phase, fromMs, untilMs }) => [
    toMarkdownCell(phase),
    toDurationText(fromMs),
    toDurationText(untilMs - fromMs),
  ])
  const leftOut = timeline.length - rows.length
  return leftOut === 0 ? rows : rows.toSpliced(MOST.phasesFirst, 0, [`${leftOut} more phases`, '', ''])
}

/** How it began and how it ended: of many phases, those in between say least. */
function toTelling(timeline: readonly PhaseSpan[]): readonly PhaseSpan[] {
  if (timeline.length <= MOST.phasesFirst + MOST.phasesLast) return timeline
  return [...timeline.slice(0, MOST.phasesFirst), ...timeline.slice(-MOST.phasesLast)]
}

function footer({ durationMs, requestId }: Outcome, { runUrl, commitUrl, actor }: ReportContext): string {
  return [
    `Took ${toDurationText(durationMs)}`,
    ...(requestId === undefined ? [] : [`request ${toCodeCell(requestId)}`]),
    ...(runUrl === undefined ? [] : [link('this run', runUrl)]),
    ...(commitUrl === undefined ? [] : [link('commit', commitUrl)]),
    ...(actor === undefined ? [] : [`started by ${toMarkdownCell(actor)}`]),
  ].join(' · ')
}

function link(text: string, url: string): string {
  return `[${text}](${encodeURI(url).replaceAll('(', '%28').replaceAll(')', '%29')})`
}
