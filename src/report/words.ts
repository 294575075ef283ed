import { phaseKind } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { FAILURE_KINDS, FAILURE_REASONS, type FailureKind } from '../domain/failure-reasons.js'
import { isGreen, type Outcome, type Result, toSentence } from '../domain/outcome.js'
import type { Edit } from '../domain/plan.js'
import { timeOfDay } from '../domain/window.js'
import { LONGEST } from '../policy.js'

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
  /** What this run sent: always there. */
  readonly sent: string
  /** How the cluster stands, and when that was seen; absent where it is gone or was never read. */
  readonly state: { readonly seen: string; readonly text: string } | undefined
  /** What to do next, where the ending is red. */
  readonly next: string | undefined
}

/** The words of an ending: every one that there is (contract 2 and 3.8). They say what the run knows, and no more. */
export function toWords(outcome: Outcome, name: ClusterName): EndingWords {
  const { kind } = outcome
  return {
    title: toTitle(outcome, name),
    what: toSentence(capitalised(isGreen(outcome.result) ? toGreenSentence(outcome) : outcome.message)),
    sent: toSentText(outcome),
    state: toState(outcome),
    next: kind === undefined ? undefined : (outcome.hint ?? toNextStep(outcome, kind)),
  }
}

/** The title without its emoji, for a log and a chat. */
export function withoutEmoji(title: string): string {
  return title.replace(/^[^\p{L}\p{N}]+/u, '')
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
  accepted: ({ sent, plan }, name) =>
    sent === undefined
      ? `${name}: already under way, this run sent nothing`
      : `Sent to ${name}: ${toChangesText(plan?.edits ?? [])}`,
  converged: toConvergedTitle,
}

function toConvergedTitle(outcome: Outcome, name: string): string {
  const { task, sent, plan } = outcome
  const edits = plan?.edits ?? []
  if (sent === undefined) {
    if (task?.hasChange === false) return `${name} is settled (nothing else was asked)`
    return `${name} ${task?.version === undefined ? 'is as asked' : `runs ${task.version}`} (this run sent nothing)`
  }
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

interface FailureWords {
  readonly title: TitleOf
  /** Where it is more, or other, than the next step of its reason. */
  readonly next?: (outcome: Outcome) => string
}

/** The words of every way to fail; one that is missing does not compile. */
const FAILURES: Readonly<Record<FailureKind, FailureWords>> = {
  'invalid-input': {
    title: ({ problems = [] }) =>
      `Nothing was sent: ${problems.length === 1 ? '1 input is wrong' : `${problems.length} inputs are wrong`}`,
  },
  refused: {
    title: (_, name) => `${name}: stopped by a safety rule`,
  },
  unauthorized: {
    title: (_, name) => `${name}: the key was not accepted`,
  },
  forbidden: {
    title: (_, name) => `${name}: the key may not do this`,
  },
  'not-found': {
    title: (_, name) => `${name}: there is no such cluster`,
  },
  rejected: {
    title: (_, name) => `${name}: Kupe’s API said no`,
    next: () => 'Its words say why. Correct the input, and run again.',
  },
  altered: {
    title: (outcome, name) => `${name}: a value was changed: ${toAlteredText(outcome)}`,
    next: () => 'This is a limit or a rounding of the platform. Ask for a value that it can give.',
  },
  rival: {
    title: (outcome, name) => `${name}: someone else changed ${fieldsOf(outcome)}`,
    next: ({ conflict = [] }) => {
      const [row] = conflict.filter(({ now }) => now !== undefined)
      const would = row === undefined ? 'what they set' : `their ${row.now ?? 'absent'} by ${row.wanted ?? 'absent'}`
      return `Theirs stands. Running this again would replace ${would}: talk to whoever set it first.`
    },
  },
  'kept-moving': {
    title: (_, name) => `${name}: the cluster kept moving`,
    next: () => 'Nobody changed what was asked for. Running again is safe.',
  },
  'taken-back': {
    title: (_, name) => `${name}: our change seems to have been taken back`,
    next: () => 'Find out who or what took it back. Running this again would send it once more.',
  },
  'no-usable-etag': {
    title: (_, name) => `${name}: the API refuses the ETag it serves, or gives none any more`,
    next: () =>
      'Ask whoever runs what stands between this runner and the API, such as a proxy that rewrites ETags. Running again is safe.',
  },
  moved: {
    title: (_, name) => `${name}: it changed after it was read`,
    next: () =>
      'Read the cluster again and decide anew; or leave out if-match and use on-conflict: retry, and the action does so.',
  },
  vanished: {
    title: (outcome, name) => `${name}: ${fieldsOf(outcome)} is no longer shown`,
    next: () => 'Look at the cluster in the console before anything is changed: what is not shown may be lost.',
  },
  'plan-changed': {
    title: (_, name) => `${name}: the plan is no longer the one approved`,
  },
  'busy-too-long': {
    title: ({ durationMs }, name) => `${name}: still busy with another change after ${toDurationText(durationMs)}`,
    next: (outcome) =>
      `Run again when that is over, with a longer timeout, or at another time of day.${toBusyText(outcome)}`,
  },
  busy: {
    title: (_, name) => `${name}: busy with another change`,
    next: (outcome) => `Run again when it is Running, or let the run wait for it: on-busy: wait.${toBusyText(outcome)}`,
  },
  unavailable: {
    title: (_, name) => `${name}: no usable answer from Kupe’s API`,
  },
  'not-sent-again': {
    title: (_, name) => `${name}: it may have been sent, and may not be sent again now`,
    next: () =>
      'Look at the cluster. Running again when sending is allowed is safe: it reads first, and sends nothing that is already there.',
  },
  degraded: {
    title: ({ task }, name) =>
      `${name}: unhealthy${task === undefined ? '' : ` for ${toDurationText(task.degradedGraceMs)}`}`,
  },
  terminating: {
    title: (_, name) => `${name}: being deleted`,
    next: () => 'Find out who deletes it. Nothing more can be changed.',
  },
  gone: {
    title: (_, name) => `${name}: gone`,
    next: () => 'Find out who deleted it.',
  },
  recreated: {
    title: (_, name) => `${name}: replaced by a new cluster of that name`,
    next: () => 'Look at the new cluster. Running this again would change that one.',
  },
  'rolled-back': {
    title: ({ task }, name) => `${name}: the upgrade to ${task?.version ?? 'the new version'} was taken back`,
  },
  superseded: {
    title: (outcome, name) =>
      `${name}: someone changed ${fieldsOf(outcome)} ${outcome.sent === undefined ? 'while this run waited' : 'after this run had'}`,
  },
  'side-effect': {
    title: ({ task }, name) => `${name}: ${task?.wait === false ? 'sent' : 'done'}, but more changed than was asked`,
    next: (outcome) =>
      `Put back what was lost: ${fieldsOf(outcome)}. Where the platform ties them together, ask for all of them in one change.`,
  },
  timeout: {
    title: ({ task, sent }, name) => {
      const after = `after ${toDurationText(task?.timeoutMs ?? 0)}`
      if (task?.hasChange === false) return `${name}: not settled ${after}`
      return `${name}: not ${sent === undefined ? 'as asked' : 'finished'} ${after}`
    },
    next: ({ sent, last }) => {
      if (sent !== undefined) {
        return 'It may still be going on. Running again resumes the wait, and sends nothing that is already there.'
      }
      const isCalm = phaseKind(last?.phase) === 'running'
      return isCalm
        ? 'Nothing seems to be under way: start the change, or run again to wait once more.'
        : 'Run again to wait once more.'
    },
  },
  cancelled: {
    title: ({ isWaiting }, name) => `${name}: ${isWaiting === true ? 'stopped waiting' : 'cancelled'}`,
    next: ({ sent }) =>
      sent === undefined
        ? 'Run again to start anew.'
        : 'It may still be going on, and nothing was undone. Running again resumes the wait.',
  },
  internal: {
    title: (_, name) => `${name}: a fault of this action`,
  },
  'outputs-unwritten': {
    title: (_, name) => `${name}: a fault of this action: its outputs could not be written`,
    next: () => 'Later steps got nothing from this one. Look at the disk of the runner; then run again, which is safe.',
  },
}

function toNextStep(outcome: Outcome, kind: FailureKind): string {
  const { next } = FAILURES[kind]
  return next === undefined ? FAILURE_REASONS[FAILURE_KINDS[kind]].nextStep.replaceAll('`', '') : next(outcome)
}

function fieldsOf({ fieldNames = [] }: Outcome): string {
  return toChangesText(
    fieldNames.map((field) => ({ field })),
    ({ field }) => field,
  )
}

function toAlteredText(outcome: Outcome): string {
  const [field = '', ...more] = outcome.fieldNames ?? []
  const edit = outcome.plan?.edits.find((each) => each.field === field)
  const made = outcome.made?.[field]
  if (more.length > 0 || isAlert(field) || edit?.to === undefined || made === undefined) return fieldsOf(outcome)
  return `${field} became ${made}, not ${edit.to ?? 'absent'}`
}

/** What the cluster is busy with, where it can be seen. */
function toBusyText({ last }: Outcome): string {
  if (last?.version === undefined || last.kubernetesVersion === undefined) return ''
  if (last.kubernetesVersion.startsWith(`v${last.version}`)) return ''
  return ` It is on its way from ${last.kubernetesVersion} to ${last.version}.`
}

function toGreenSentence(outcome: Outcome): string {
  const { result, sent, startWallMs, durationMs, message } = outcome
  const took = toDurationText(durationMs)
  const end = toTime(startWallMs + durationMs)
  if (result === 'skipped') return message
  if (result === 'planned') return 'Nothing was sent: this is a plan.'
  if (sent === undefined) return result === 'converged' ? `Done in ${took}. Nothing was sent.` : 'Nothing was sent.'
  const at = toTime(sent.wallMs)
  if (result === 'accepted') {
    return `Accepted at ${at} and under way; this run does not wait. To check later: mode: verify.`
  }
  return sent.isCertain
    ? `Done in ${took}: sent at ${at}, finished by ${end}.`
    : `Done in ${took}: sent at ${at} (its answer was lost), finished by ${end}.`
}

function toSentText({ sent, plan, result }: Outcome): string {
  if (sent === undefined) return 'nothing'
  const changes = toChangesText(plan?.edits ?? [])
  const at = toTime(sent.wallMs)
  if (sent.isCertain) return `${changes}, at ${at}`
  const why = result === 'cancelled' ? 'the run was cancelled before the answer came' : 'the answer was lost'
  return `${changes} may have been sent at ${at} (${why})`
}

const GONE = new Set<FailureKind>(['gone', 'recreated'])

function toState({ last, lastSeenWallMs, startWallMs, durationMs, kind }: Outcome): EndingWords['state'] {
  if (last === undefined || lastSeenWallMs === undefined || (kind !== undefined && GONE.has(kind))) return undefined
  const agoMs = startWallMs + durationMs - lastSeenWallMs
  const seen =
    agoMs > 60_000 ? `Last seen ${toDurationText(agoMs)} ago` : `The cluster, seen at ${toTime(lastSeenWallMs)}`
  const version = last.kubernetesVersion ?? (last.version === undefined ? undefined : `asks for ${last.version}`)
  return { seen, text: [last.phase ?? 'no phase reported', ...(version === undefined ? [] : [version])].join(', ') }
}

/** Changes in a few words: `cpu 4 → 8, 3 alert settings`; as many as a title has room for, then their number. */
export function toChangesText(edits: readonly Edit[], toText: (edit: Edit) => string = toEditText): string {
  const alerts = edits.filter(({ field }) => isAlert(field)).length
  const words = [
    ...edits.filter(({ field }) => !isAlert(field)).map(toText),
    ...(alerts === 0 ? [] : [alerts === 1 ? '1 alert setting' : `${alerts} alert settings`]),
  ]
  for (let shown = words.length; shown > 0; shown--) {
    const more = words.length - shown
    const text = `${words.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
    if (text.length <= LONGEST.changes) return text
  }
  return words.length === 0 ? '' : `${words.length} ${words.length === 1 ? 'change' : 'changes'}`
}

function toEditText({ field, from, to }: Edit): string {
  return `${field} ${from ?? 'absent'} → ${to ?? 'absent'}`
}

function isAlert(field: string): boolean {
  return /^alerts\b/.test(field)
}

/** A time of day as everybody reads it, whatever their own zone. */
function toTime(wallMs: number): string {
  return `${timeOfDay(wallMs, 'UTC')} UTC`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function lowered(text: string): string {
  return (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\. Nothing was sent\.$/, '')
}
