import { deniesHealth, phaseKind } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import type { FailureKind } from '../domain/failure-reasons.js'
import { isGreen, type Outcome, type Result, toSentence } from '../domain/outcome.js'
import { timeOfDay } from '../domain/window.js'
import { INPUT_NAMES } from '../inputs/names.js'
import { LONGEST } from '../policy.js'
import { cutOff } from '../redact.js'
import { toChangesText } from './changes.js'
import { FAILURES, type FailureWords, isRerunUseful, toNextStep } from './failure-words.js'

/** The cluster that a report is about, as the inputs name it. */
export interface ClusterName {
  readonly tenant: string
  readonly cluster: string
}

/** What a person reads of an ending, in plain words; nothing here is markup, and what came from outside is not yet made harmless. */
export interface EndingWords {
  /** Begins with an emoji. */
  readonly title: string
  /** What happened, in one or two sentences. */
  readonly what: string
  /** The same where a table or a list right below says the rest. */
  readonly lead: string
  /** What this run sent: always there. */
  readonly sent: string
  /** Whether that nothing was sent is said by the title or the sentence below it. */
  readonly isSentSaid: boolean
  /** How the cluster stands, and when that was seen; absent where it is gone or was never read. */
  readonly state: { readonly seen: string; readonly text: string } | undefined
  /** What to do next, where the ending is red. */
  readonly next: string | undefined
  /** Whether it may help to run it again just as it is. */
  readonly isRerunUseful: boolean
}

/** The words of an ending: every one that there is (contract 2 and 3.8). They say what the run knows, and no more. */
export function toWords(outcome: Outcome, name: ClusterName): EndingWords {
  const { kind } = outcome
  const failure: FailureWords | undefined = kind === undefined ? undefined : FAILURES[kind]
  const happened = isGreen(outcome.result) ? `${toGreenSentence(outcome)}${toHealthText(outcome)}` : outcome.message
  // That nothing was sent stands right below.
  const what = [happened.replace(/^Not sent: /, ''), failure?.more?.(outcome) ?? '']
    .filter((text) => text !== '')
    .map(toSentence)
    .join(' ')
  return {
    title: cutOff(toTitle(outcome, name), LONGEST.title),
    what: capitalised(what),
    lead: toSentence(capitalised(outcome.lead ?? failure?.lead?.(outcome) ?? what)),
    sent: toSentText(outcome),
    isSentSaid: outcome.sent === undefined && (isGreen(outcome.result) || kind === 'invalid-input'),
    state: toState(outcome),
    next: kind === undefined ? undefined : toNextStep(outcome, kind),
    isRerunUseful: kind !== undefined && isRerunUseful(outcome, kind),
  }
}

/** The title without its emoji, for a log and a chat. */
export function withoutEmoji(title: string): string {
  return title.replace(/^[^ A-Za-z0-9]+ /, '')
}

function toTitle(outcome: Outcome, { tenant, cluster }: ClusterName): string {
  const { result, kind } = outcome
  const name = cluster === '' ? 'the cluster' : `${tenant}/${cluster}`
  if (kind !== undefined) return `${EMOJI[result]} ${FAILURES[kind].title(outcome, name)}`
  return `${EMOJI[result]} ${GREEN[result as keyof typeof GREEN](outcome, name)}`
}

const EMOJI: Readonly<Record<Result, string>> = {
  unchanged: '✅',
  planned: '📝',
  skipped: '⏭️',
  accepted: '📨',
  converged: '✅',
  failed: '❌',
  'timed-out': '⏰',
  cancelled: '🛑',
}

type TitleOf = (outcome: Outcome, name: string) => string

const SILENT = 'this server does not say what runs'

const GREEN: Readonly<Record<'unchanged' | 'planned' | 'skipped' | 'accepted' | 'converged', TitleOf>> = {
  unchanged: (outcome, name) =>
    isVersionUnknown(outcome)
      ? `${name} asks for ${outcome.task?.version} already; ${SILENT}`
      : `${name} already is as asked`,
  planned: ({ plan }, name) => `Plan for ${name}: ${toChangesText(plan?.edits ?? []) || 'nothing to change'}`,
  skipped: ({ message }, name) => `${name} left alone: ${lowered(message)}`,
  accepted: ({ sent, last }, name) =>
    sent === undefined
      ? `${name}: ${phaseKind(last?.phase) === 'busy' ? 'already under way' : 'as asked, but not seen settled'}, this run sent nothing`
      : `Sent to ${name}: ${toChangesText(sent.edits)}`,
  converged: toConvergedTitle,
}

function toConvergedTitle(outcome: Outcome, name: string): string {
  const { task, sent } = outcome
  if (sent === undefined) {
    if (task?.wanted.length === 0) return `${name} is settled (nothing else was asked)`
    if (isVersionUnknown(outcome)) return `${name} asks for ${task?.version} (this run sent nothing); ${SILENT}`
    return `${name} ${task?.version === undefined ? 'is as asked' : `runs ${task.version}`} (this run sent nothing)`
  }
  const { edits } = sent
  const version = edits.find(({ field }) => field === 'version')?.to
  const others = toChangesText(edits.filter(({ field }) => field !== 'version'))
  const isScaled = edits.some(({ field, to }) => field !== 'version' && to !== undefined)
  const scaled = others === '' ? '' : isScaled ? `scaled: ${others}` : `${others} changed`
  if (version === undefined || version === null) return isScaled ? `${name} ${scaled}` : `${name}: ${scaled}`
  const runs = isVersionUnknown(outcome) ? `upgraded to ${version}; ${SILENT}` : `runs ${version}`
  return `${name} ${runs}${scaled === '' ? '' : `, ${scaled}`}`
}

function isVersionUnknown({ task, isVersionReported }: Outcome): boolean {
  return task?.version !== undefined && isVersionReported === false
}

function toGreenSentence(outcome: Outcome): string {
  const { result, sent, task, startWallMs, durationMs } = outcome
  const took = toDurationText(durationMs)
  const end = toTime(startWallMs + durationMs)
  if (result === 'skipped') return 'Nothing was sent. Run it again when sending is allowed.'
  if (result === 'planned') return 'Nothing was sent: this is a plan.'
  if (result === 'converged' && sent === undefined) {
    // Every other title says it.
    const nothing = task?.wanted.length === 0 ? 'Nothing was sent. ' : ''
    return `${nothing}Seen at ${end}, after ${took}.`
  }
  if (result === 'accepted' && sent === undefined) return 'This run does not wait. To check later: mode: verify.'
  if (sent === undefined) return 'Nothing was sent.'
  const at = toTime(sent.wallMs)
  if (result === 'accepted' && !sent.isCertain) {
    return `The answer to what was sent at ${at} was lost, but the change is there; this run does not wait. To check later: mode: verify.`
  }
  if (result === 'accepted') {
    return `Accepted at ${at} and under way; this run does not wait. To check later: mode: verify.`
  }
  return sent.isCertain
    ? `Done in ${took}: sent at ${at}, finished by ${end}.`
    : `Done in ${took}, finished by ${end}. The answer to what was sent at ${at} was lost, but the change is there.`
}

/** A green run whose cluster says that it is not well. */
function toHealthText({ last }: Outcome): string {
  return last?.conditions.some(deniesHealth) === true
    ? ' The cluster itself says that it is not healthy: see below.'
    : ''
}

function toSentText({ sent }: Outcome): string {
  if (sent === undefined) return 'nothing'
  const changes = toChangesText(sent.edits)
  const at = toTime(sent.wallMs)
  if (sent.isCertain) return `${changes}, at ${at}`
  const why = sent.isInFlight === true ? 'the run ended before the answer came' : 'the answer was lost'
  return `${changes} may have been sent at ${at} (${why})`
}

const GONE = new Set<FailureKind>(['gone', 'recreated'])

/** Whether the cluster is there no more. */
export function isGone({ kind }: Outcome): boolean {
  return kind !== undefined && GONE.has(kind)
}

function toState(outcome: Outcome): EndingWords['state'] {
  const { last, lastSeenWallMs, startWallMs, durationMs } = outcome
  if (last === undefined || lastSeenWallMs === undefined || isGone(outcome)) return undefined
  const agoMs = startWallMs + durationMs - lastSeenWallMs
  const at = toTime(lastSeenWallMs)
  const seen =
    agoMs > 60_000
      ? `The cluster, last seen at ${at}, ${toDurationText(agoMs)} before the run ended`
      : `The cluster, seen at ${at}`
  const version = last.kubernetesVersion ?? (last.version === undefined ? undefined : `asks for ${last.version}`)
  return { seen, text: [last.phase ?? 'no phase reported', ...(version === undefined ? [] : [version])].join(', ') }
}

/** A time of day as everybody reads it, whatever their own zone. */
function toTime(wallMs: number): string {
  return `${timeOfDay(wallMs, 'UTC')} UTC`
}

/** The names of inputs stay as they are, and so does whatever was taken for one. */
function capitalised(text: string): string {
  return NAME.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)
}

const NAME = new RegExp(`^(?:(?:${INPUT_NAMES.join('|')})(?![\\w-])|\\w+[-_]|\\S+ is not an input\\b)`)

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
