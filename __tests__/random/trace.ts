import type { ExchangeRecord } from './exchange.js'
import type { Witness } from './execute.js'
import { statusOf } from './facts.js'
import { type RunPlan, toParts } from './plan.js'

/** A run line by line: what was asked, answered, changed and carried out, in order of time. */
export function toTrace({ records, model, outcome, endMs, log }: Witness, isWhole = false): string {
  const lines: { atMs: number; text: string }[] = []
  for (const record of records) lines.push({ atMs: record.startMs, text: `${toRequest(record)} → ${toAnswer(record)}` })
  for (const { atMs, writer, patch, before, after } of model.writes) {
    const index = patch === undefined ? '' : ` (PATCH ${patch + 1})`
    lines.push({ atMs, text: `   * ${writer}${index}: ${JSON.stringify(before)} → ${JSON.stringify(after)}` })
  }
  for (const { atMs, text } of model.state.notes) lines.push({ atMs, text: `   · ${text}` })
  if (isWhole) for (const { atMs, level, line } of log) lines.push({ atMs, text: `   ${level}: ${line}` })
  lines.sort((left, right) => left.atMs - right.atMs)
  const shown = lines.filter(({ atMs }) => isWhole || atMs <= endMs)
  const told = fold(shown).map(({ atMs, text }) => `${toSeconds(atMs)}  ${text}`)
  const { result, reason, changed, evidence, message } = outcome
  const ending = `${result}${reason === undefined ? '' : `/${reason}`} changed=${changed} evidence=${evidence ?? ''}: ${message}`
  return [...told, `${toSeconds(endMs)}  = ${ending}`].join('\n')
}

interface TraceLine {
  readonly atMs: number
  readonly text: string
}

/** Reads that show the same again and again are told by their first and their last. */
function fold(lines: readonly TraceLine[]): TraceLine[] {
  const folded: TraceLine[] = []
  let same = 0
  for (const [index, line] of lines.entries()) {
    const isSame = line.text === lines[index - 1]?.text
    const goesOn = isSame && line.text === lines[index + 1]?.text
    if (goesOn) same += 1
    else {
      if (same > 0) folded.push({ atMs: line.atMs, text: `   … and ${same} more of these` })
      same = 0
      folded.push(line)
    }
  }
  return folded
}

function toSeconds(atMs: number): string {
  return (atMs / 1_000).toFixed(3).padStart(9)
}

function toRequest({ method, ifMatch, body }: ExchangeRecord): string {
  return [method, ...(method === 'PATCH' ? [body, `if-match ${ifMatch ?? '-'}`] : [])].join(' ')
}

function toAnswer(record: ExchangeRecord): string {
  const { status, trouble, etag, shown, faults, isStale, isEmpty, isCancelled } = record
  const parts = [
    status === undefined ? (isCancelled ? 'cancelled' : `no answer (${trouble})`) : String(status),
    ...(etag === undefined ? [] : [etag]),
    ...(shown === undefined ? [] : [toState(shown)]),
    ...(isEmpty ? ['empty'] : []),
    ...(isStale ? ['STALE'] : []),
    ...(faults.length === 0 ? [] : [`[${faults.join('; ')}]`]),
  ]
  return parts.join(' ')
}

function toState(shown: NonNullable<ExchangeRecord['shown']>): string {
  const { phase, generation, observedGeneration, running } = statusOf(shown)
  const generations = `g${generation ?? '-'}/o${observedGeneration ?? '-'}`
  const { version, resources, alerts } = shown
  return `${phase ?? 'no phase'} ${generations} wants ${version ?? '-'} runs ${running ?? '-'} ${JSON.stringify(resources)} ${alerts === undefined ? '' : JSON.stringify(alerts)}`
}

/** What a plan says beside the plain one, as text that can be pasted into a test. */
export function toPlanText(plan: RunPlan): string {
  return JSON.stringify(toParts(plan), undefined, 2)
}
