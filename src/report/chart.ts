import { type PhaseKind, phaseKind } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import type { PhaseSpan } from '../domain/outcome.js'
import { CHART } from '../policy.js'
import { isLetterOrDigit } from './markdown.js'

/** A status emoji at the start of a label also keeps a phase's name from being read as a keyword of the chart. */
const MARKS: Readonly<Record<PhaseKind, string>> = {
  running: '🟢',
  busy: '🔵',
  degraded: '🟠',
  terminating: '🔴',
  unknown: '⚪',
  absent: '⚪',
}

/**
 * The phases as a mermaid chart: GitHub draws it in job summaries, older servers show its text. Bars stand at the reader's
 * own time of day; `startWallMs` is when the run began, in milliseconds since 1970. Empty without phases.
 */
export function toPhaseChart(timeline: readonly PhaseSpan[], startWallMs: number): string {
  const spans = timeline.slice(-CHART.mostBars)
  const totalMs = (spans.at(-1)?.untilMs ?? 0) - (spans[0]?.fromMs ?? 0)
  if (spans.length === 0) return ''
  const bars = spans.map(({ phase, fromMs, untilMs }) => {
    const label = `${MARKS[phaseKind(phase)]} ${toName(phase)} ${toDurationText(untilMs - fromMs)}`
    const start = Math.round(startWallMs + fromMs)
    // A bar without a width is not drawn.
    const end = Math.max(Math.round(startWallMs + untilMs), start + Math.max(1000, Math.round(totalMs / 50)))
    return `  ${label} :${phaseKind(phase) === 'degraded' ? 'crit, ' : ''}${start}, ${end}`
  })
  const axis = totalMs < 10 * 60_000 ? '%H:%M:%S' : '%H:%M'
  const head = [
    'gantt',
    '  todayMarker off',
    '  dateFormat x',
    `  axisFormat ${axis}`,
    `  tickInterval ${toTickInterval(totalMs)}`,
  ]
  return ['```mermaid', ...head, ...bars, '```'].join('\n')
}

const MOST_TICKS = 8
const TICKS: readonly (readonly [text: string, ms: number])[] = [
  ['1second', 1000],
  ['5second', 5000],
  ['15second', 15_000],
  ['30second', 30_000],
  ['1minute', 60_000],
  ['2minute', 120_000],
  ['5minute', 300_000],
  ['10minute', 600_000],
  ['30minute', 1_800_000],
  ['1hour', 3_600_000],
]

/** Left to itself the chart writes its times over each other. */
function toTickInterval(totalMs: number): string {
  return TICKS.find(([, ms]) => totalMs / ms <= MOST_TICKS)?.[0] ?? '6hour'
}

/** A phase comes from outside: letters, digits and blanks are all it needs. */
function toName(phase: string): string {
  return phase
    .replace(/[^A-Za-z0-9]/gu, (character) => (isLetterOrDigit(character) ? character : ' '))
    .replace(/ +/g, ' ')
    .trim()
    .slice(0, CHART.longestName)
    .toWellFormed()
}
