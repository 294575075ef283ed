import { type Cluster, deniesHealth, toConditionText } from '../domain/cluster.js'
import { toCostText } from '../domain/cost.js'
import { toDurationText } from '../domain/duration.js'
import {
  type ConflictRow,
  type Evidence,
  firstAndMore,
  isGreen,
  type Outcome,
  type PhaseSpan,
  type UnrequestedChange,
} from '../domain/outcome.js'
import { type Edit, removedFields } from '../domain/plan.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import { CHART, LARGEST_BYTES, LONGEST, MOST } from '../policy.js'
import { cutOff } from '../redact.js'
import { toPhaseChart } from './chart.js'
import { standingOf } from './failure-words.js'
import {
  joinSections,
  toCodeCell,
  toLink,
  toMarkdownCell,
  toMarkdownCode,
  toMarkdownText,
  toTable,
} from './markdown.js'
import { toUpgradeNotes } from './upgrade-notes.js'
import { type ClusterName, type EndingWords, isGone, toWords } from './words.js'

/** What a report says of where a run belongs: its cluster, and links to what started it; what is absent is left out. */
export interface ReportContext extends ClusterName {
  readonly runUrl?: string
  readonly commitUrl?: string
  readonly actor?: string
  /** For the command that runs it again. */
  readonly runId?: string
  /** The README of the very version that runs. */
  readonly readmeUrl?: string
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
  // Only an input that is wrong is longer than a name can be.
  const name = {
    tenant: cutOff(context.tenant, LONGEST.nameInTitle),
    cluster: cutOff(context.cluster, LONGEST.nameInTitle),
  }
  const words = toWords(outcome, name)
  return [
    `## ${toMarkdownText(cutOff(words.title, LONGEST.title))}`,
    isGreen(outcome.result) ? toMarkdownText(words.what) : alertBox(outcome, words, context),
    conflictTable(outcome.conflict ?? []),
    refusalTable(outcome),
    unrequestedBox(outcome.sideEffects ?? []),
    changeTable(outcome),
    costLine(outcome),
    // What to read before it is sent.
    standingOf(outcome) === 'proposed' ? toUpgradeNotes(outcome) : '',
    bullets('Conditions', tellingConditions(outcome, words)),
    bullets('Warnings', outcome.warnings),
    chartOf(outcome),
    details(outcome),
    footer(outcome, context),
  ].filter((section) => section !== '')
}

/** What happened, what was sent, how the cluster stands, what to do: each its own paragraph, in this order. */
function alertBox(outcome: Outcome, words: EndingWords, context: ReportContext): string {
  const { lead, sent, isSentSaid, state, next } = words
  const { problems = [], result } = outcome
  const paragraphs = [
    problems.length === 0
      ? [toMarkdownText(cutOff(lead, LONGEST.lead))]
      : [
          ...firstAndMore(
            problems.map((text) => toMarkdownText(cutOff(text, LONGEST.problem))),
            MOST.problems,
          ).map((line) => `- ${line}`),
        ],
    isSentSaid ? [] : [`**Sent by this run:** ${toMarkdownText(sent)}`],
    state === undefined ? [] : [`**${state.seen}:** ${toMarkdownCell(state.text)}`],
    next === undefined
      ? []
      : [`**What to do next:** ${toMarkdownText(cutOff(next, LONGEST.lead))}${rerunText(outcome, words, context)}`],
  ].filter((lines) => lines.length > 0)
  const lines = [result === 'failed' ? '[!CAUTION]' : '[!WARNING]', ...paragraphs.flatMap((each) => [...each, ''])]
  return lines
    .slice(0, -1)
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}

/** How to run it again, and where the README says more of this failure. */
function rerunText({ reason }: Outcome, { isRerunUseful }: EndingWords, { runId, readmeUrl }: ReportContext): string {
  const command =
    runId === undefined || !isRerunUseful
      ? ''
      : ` To run it again: ${toMarkdownCode(`gh run rerun ${runId} --failed`)}.`
  return (
    command +
    (readmeUrl === undefined || reason === undefined
      ? ''
      : ` ${toLink('More about this failure', `${readmeUrl}#${reason}`)}.`)
  )
}

/** A change that nobody asked for stands apart, before the ones that were. */
function unrequestedBox(changes: readonly UnrequestedChange[]): string {
  if (changes.length === 0) return ''
  const rows = changes.map(({ field, from, to }) => {
    const values =
      from === undefined ? 'gone' : `${toCodeCell(from)} → ${to === null || to === undefined ? 'gone' : toCodeCell(to)}`
    return `${toCodeCell(field)}: ${values}`
  })
  return [
    '> [!WARNING]',
    '> **Changed by the PATCH although nobody asked for it:**',
    ...firstAndMore(rows, MOST.conflictRows).map((row) => `> - ${row}`),
  ].join('\n')
}

/** A chart of a single phase, or of a few seconds, would say nothing. */
function chartOf({ timeline, startWallMs }: Outcome): string {
  const spans = toTelling(timeline)
  const lastedMs = (spans.at(-1)?.untilMs ?? 0) - (spans[0]?.fromMs ?? 0)
  return spans.length < 2 || lastedMs < CHART.shortestMs ? '' : toPhaseChart(spans, startWallMs)
}

function conflictTable(rows: readonly ConflictRow[]): string {
  if (rows.length === 0) return ''
  const cells = rows
    .slice(0, MOST.conflictRows)
    .map(({ field, whenRead, now, wanted }) => [toCodeCell(field), ...[whenRead, now, wanted].map(toValueCell)])
  return toTable(['field', 'when read', 'now', 'asked'], [...cells, ...toMoreRow(rows.length - MOST.conflictRows)])
}

/** A value of one field: `null` where there is none, and `undefined` where none is shown, such as inside `alerts`. */
function toValueCell(value: string | null | undefined): string {
  if (value === undefined) return 'not shown'
  return value === null ? 'absent' : toCodeCell(value)
}

/** The last row of a table that does not show all: how many there are more, and how many of them are settings to be removed. */
function toMoreRow(count: number, removed = 0): string[][] {
  if (count <= 0) return []
  return [[`${count} more${removed === 0 ? '' : ` (${removed} removed)`}`, '', '', '']]
}

function refusalTable({ plan }: Outcome): string {
  // One is said in words.
  if (plan === undefined || plan.refusals.length < 2) return ''
  const rows = plan.refusals.map(({ rule, reason, allow }) => [rule, toMarkdownCell(reason), toMarkdownCode(allow)])
  return toTable(['refused by', 'why', 'permitted by'], rows)
}

const SHOWN: readonly (readonly [
  label: string,
  field: string,
  show: (cluster: Cluster) => string | null | undefined,
])[] = [
  ['version, requested', 'version', (cluster) => cluster.version ?? null],
  ['version, running', 'version', (cluster) => cluster.kubernetesVersion],
  ...RESOURCE_NAMES.map((name) => [name, name, ({ resources }: Cluster) => resources[name] ?? null] as const),
]

/** Only what was to change; everything else is in the fold. Where nothing was sent there is no before. */
function changeTable(outcome: Outcome): string {
  const { first, last, plan, sent } = outcome
  const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]))
  if (first === undefined || last === undefined || edits.size === 0) return ''
  if (outcome.conflict?.length || isGone(outcome)) return ''
  const rows = rowsOf(first, last, edits).filter(({ field }) => edits.has(field))
  const alerts = [...edits.keys()].filter((field) => field.startsWith('alerts'))
  const all = [...rows.map(({ cells }) => cells), ...alertRows(alerts, removedFields({ fields: plan?.fields ?? [] }))]
  if (sent !== undefined) return toTable(VALUE_HEAD, all)
  return toTable(
    ['', 'now', 'asked'],
    all.map(([label = '', , now = '', asked = '']) => [label, now, asked]),
  )
}

function alertRows(names: readonly string[], removed: ReadonlySet<string>): string[][] {
  const rows = names.slice(0, MOST.alertEdits).map((name) => {
    const change = removed.has(name) ? 'is removed' : 'changes'
    return [toCodeCell(name), '', '', `${change}; values are not shown`]
  })
  const more = names.slice(MOST.alertEdits)
  return [...rows, ...toMoreRow(more.length, more.filter((name) => removed.has(name)).length)]
}

/** Of a plan that was not sent, or does not stand, it would be a cost that nobody has. */
function costLine(outcome: Outcome): string {
  const { cost } = outcome
  const label = COST_LABELS[standingOf(outcome)]
  return cost === undefined || label === undefined ? '' : `**${label}:** ${toMarkdownText(toCostText(cost))}`
}

const COST_LABELS = { proposed: 'Would cost', sent: 'Cost', void: undefined } as const

const VALUE_HEAD = ['', 'before', 'now', 'asked']
/** Of a cluster that is gone nothing is so now. */
const GONE_HEAD = ['', 'before', 'last seen', 'asked']

function rowsOf(first: Cluster, last: Cluster, edits: ReadonlyMap<string, Edit>) {
  return SHOWN.map(([label, field, show]) => {
    const edit = edits.get(field)
    const asked = edit === undefined ? '' : toValueCell(edit.to)
    return { field, cells: [label, toValueCell(show(first)), toValueCell(show(last)), asked] }
  })
}

/** That a cluster is ready explains no failure, and of a run that went well only what speaks against that is news. */
function tellingConditions({ result, last, warnings }: Outcome, { lead }: EndingWords): readonly string[] {
  const conditions = last?.conditions ?? []
  const said = cutOff(lead, LONGEST.lead)
  const texts = (isGreen(result) ? conditions.filter(deniesHealth) : conditions).map(toConditionText)
  return texts.filter((text) => text !== 'Ready=True' && !warnings.includes(text) && !said.includes(text))
}

function bullets(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return ''
  const items = lines.map((line) => `- ${toMarkdownText(cutOff(line, LONGEST.bullet))}`)
  return `**${title}**\n\n${items.join('\n')}`
}

function details(outcome: Outcome): string {
  const { first, last, plan, timeline, evidence = [] } = outcome
  const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]))
  const values = first === undefined || last === undefined ? [] : rowsOf(first, last, edits).map(({ cells }) => cells)
  const known = evidence.map((proof) => toMarkdownText(EVIDENCE[proof](outcome)))
  const parts = [
    ...(values.length === 0 ? [] : [toTable(isGone(outcome) ? GONE_HEAD : VALUE_HEAD, values)]),
    ...(timeline.length === 0 ? [] : [toTable(['phase', 'seen after', 'for'], phaseRows(timeline))]),
    ...(known.length === 0 ? [] : [`How it is known: ${known.join('; ')}.`]),
  ]
  if (parts.length === 0) return ''
  return `<details><summary>All values and phases${known.length === 0 ? '' : ', and how it is known'}</summary>\n\n${parts.join('\n\n')}\n\n</details>`
}

/** What each kind of proof means. */
const EVIDENCE: Readonly<Record<Evidence, (outcome: Outcome) => string>> = {
  generation: ({ last }) => `generation ${last?.generation ?? ''} was carried out (the platform’s word)`,
  'kubernetes-version': ({ last }) => `the cluster reports ${last?.kubernetesVersion ?? 'the version'}`,
  settled: ({ stoodMs = 0 }) => {
    const stood =
      stoodMs < 1_000 ? 'reads in a row agreed' : `the values stood unchanged for ${toDurationText(stoodMs)}`
    return `${stood}; this server gives no stronger sign`
  },
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

function footer({ durationMs, requestId, isPatchRequestId }: Outcome, context: ReportContext): string {
  const { runUrl, commitUrl, actor } = context
  const whose = isPatchRequestId === true ? 'the PATCH' : 'the answer that failed'
  return [
    `Took ${toDurationText(durationMs)}`,
    ...(requestId === undefined ? [] : [`request id of ${whose}: ${toCodeCell(requestId)}`]),
    ...(runUrl === undefined ? [] : [toLink('this run', runUrl)]),
    ...(commitUrl === undefined ? [] : [toLink('commit', commitUrl)]),
    ...(actor === undefined ? [] : [`started by ${toMarkdownCell(actor)}`]),
  ].join(' · ')
}
