import { phaseKind, toConditionText } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { FAILURE_KINDS, FAILURE_REASONS, type FailureKind } from '../domain/failure-reasons.js'
import type { Refusal } from '../domain/guardrails.js'
import type { Outcome } from '../domain/outcome.js'
import { coversVersion } from '../domain/version.js'
import { LONGEST } from '../policy.js'
import { fieldsOf, isAlert, toChangesText } from './changes.js'

/** What a person reads of one way to fail. */
export interface FailureWords {
  readonly title: (outcome: Outcome, name: string) => string
  /** What happened, in fewer words, where the title, or a table or a list right below, says the rest. */
  readonly lead?: (outcome: Outcome) => string
  /** What is known of it besides. */
  readonly more?: (outcome: Outcome) => string
  /** Where it is more, or other, than the next step of its reason. */
  readonly next?: (outcome: Outcome) => string
  /** Whether it may help to run it again just as it is. */
  readonly isRerunUseful?: true
}

/** The words of every way to fail; one that is missing does not compile. */
export const FAILURES: Readonly<Record<FailureKind, FailureWords>> = {
  'invalid-input': {
    title: ({ problems = [] }) =>
      `Nothing was sent: ${problems.length === 1 ? '1 input is wrong' : `${problems.length} inputs are wrong`}`,
  },
  refused: {
    title: (_, name) => `${name}: stopped by a safety rule`,
    lead: ({ plan }) => {
      const [refusal, ...more] = plan?.refusals ?? []
      return more.length === 0 ? (refusal?.reason ?? '') : `${more.length + 1} rules of this action forbid it`
    },
    next: ({ plan }) => `If you mean it, give ${toPermits(plan?.refusals ?? [])}.`,
  },
  unauthorized: {
    title: (_, name) => `${name}: the key was not accepted`,
    isRerunUseful: true,
  },
  forbidden: {
    title: (_, name) => `${name}: the key may not do this`,
    isRerunUseful: true,
  },
  'not-found': {
    title: (_, name) => `${name}: there is no such cluster`,
  },
  rejected: {
    title: (_, name) => `${name}: Kupe’s API said no`,
    next: () => 'Its words say why. Correct the input, and start anew.',
  },
  altered: {
    title: (outcome, name) => `${name}: a value was changed: ${toAlteredText(outcome)}`,
    next: () => 'This is a limit or a rounding of the platform. Ask for a value that it can give.',
  },
  rival: {
    title: (outcome, name) => `${name}: someone else changed ${fieldsOf(outcome)}`,
    lead: ({ conflict = [] }) => `${conflict.length === 1 ? 'It was' : 'They were'} changed after this run had read it`,
    next: ({ conflict = [] }) => {
      const [row, ...more] = conflict
      const isShown = more.length === 0 && typeof row?.now === 'string' && row.wanted !== undefined
      const would = isShown ? `their ${row.now} by ${row.wanted}` : 'what they set'
      return `Theirs stands. Running this again would replace ${would}: talk to whoever set it first.`
    },
  },
  'kept-moving': {
    title: (_, name) => `${name}: the cluster kept moving`,
    next: () => 'Nobody changed what was asked for. Running again is safe.',
    isRerunUseful: true,
  },
  'taken-back': {
    title: (_, name) => `${name}: our change seems to have been taken back`,
    next: () => 'Find out who or what took it back. Running this again would send it once more.',
  },
  'no-usable-etag': {
    title: (_, name) => `${name}: the API refuses the ETag it serves, or gives none any more`,
    next: () =>
      'Ask whoever runs what stands between this runner and the API, such as a proxy that rewrites ETags. Running again is safe.',
    isRerunUseful: true,
  },
  moved: {
    title: (_, name) => `${name}: it changed after it was read`,
    next: ({ task }) =>
      task?.isEtagGiven === true
        ? 'Read the cluster again and decide anew; or leave out if-match, and the action compares and tries again by itself.'
        : 'Look at what changed, then run again; or use on-conflict: retry, and the action compares and tries again by itself.',
  },
  vanished: {
    title: (outcome, name) =>
      `${name}: ${fieldsOf(outcome)} ${outcome.fieldNames?.length === 1 ? 'is' : 'are'} no longer shown`,
    next: () => 'Look at the cluster in the console before anything is changed: what is not shown may be lost.',
  },
  'plan-changed': {
    title: (_, name) => `${name}: the plan is no longer the one approved`,
  },
  'plan-not-found': {
    title: (_, name) => `${name}: no approved plan was found`,
    next: () =>
      'Open a new pull request, whose comment shows the plan, and merge that; or, on purpose, start the change by hand: workflow_dispatch with expected-plan: none.',
  },
  'plan-unreadable': {
    title: (_, name) => `${name}: the approved plan could not be read`,
    next: () => 'Run again: nothing was sent, and GitHub is asked anew.',
    isRerunUseful: true,
  },
  'busy-too-long': {
    title: ({ durationMs }, name) => `${name}: still busy with another change after ${toDurationText(durationMs)}`,
    lead: (outcome) => toBusyText(outcome) || outcome.message,
    more: toBusyText,
    next: () => 'Run again when that is over, with a longer timeout, or at another time of day.',
    isRerunUseful: true,
  },
  busy: {
    title: (_, name) => `${name}: busy with another change`,
    more: toBusyText,
    next: () => 'Run again when it is Running, or let the run wait for it: on-busy: wait.',
    isRerunUseful: true,
  },
  unavailable: {
    title: (_, name) => `${name}: no usable answer from Kupe’s API`,
    isRerunUseful: true,
  },
  'not-sent-again': {
    title: (_, name) => `${name}: the change may have been sent, and may not be sent again now`,
    next: () =>
      'Look at the cluster. Running again when sending is allowed is safe: it reads first, and sends nothing that is already there.',
    isRerunUseful: true,
  },
  degraded: {
    title: ({ task }, name) => {
      const graceMs = task?.degradedGraceMs ?? 0
      return `${name}: unhealthy${graceMs < 1_000 ? '' : ` for ${toDurationText(graceMs)}`}`
    },
    lead: ({ last }) => {
      const [condition, ...more] = last?.conditions ?? []
      if (condition === undefined) return 'The cluster stayed Degraded, and gives no reason'
      return `The cluster stayed Degraded: ${more.length === 0 ? toConditionText(condition) : 'see its conditions below'}`
    },
    next: ({ sent }) =>
      `Find out why the cluster is unhealthy. ${
        sent === undefined
          ? 'Run again once it is Running.'
          : 'What was sent may go on once it heals; running again resumes the wait.'
      }`,
    isRerunUseful: true,
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
    lead: ({ task }) => `What was asked is ${task?.wait === false ? 'accepted' : 'done'}, but the PATCH did more`,
    next: (outcome) =>
      `Put back what was not asked for: ${fieldsOf(outcome)}. Where the platform ties them together, ask for all of them in one change.`,
  },
  timeout: {
    title: ({ task, sent, durationMs }, name) => {
      const after = `after ${toDurationText(durationMs)}`
      if (task?.wanted.length === 0) return `${name}: not settled ${after}`
      if (sent === undefined) return `${name}: not as asked ${after}`
      return `${name}: ${task?.wait === false ? 'sent, but not shown' : 'not finished'} ${after}`
    },
    next: toNextAfterTimeout,
    isRerunUseful: true,
  },
  cancelled: {
    title: ({ isWaiting }, name) => `${name}: ${isWaiting === true ? 'stopped waiting' : 'cancelled'}`,
    next: (outcome) =>
      outcome.sent === undefined ? 'Run again to start anew.' : `Nothing was undone. ${toNextAfterTimeout(outcome)}`,
    isRerunUseful: true,
  },
  internal: {
    title: (_, name) => `${name}: a fault of this action`,
  },
  'outputs-unwritten': {
    title: (_, name) => `${name}: a fault of this action: its outputs could not be written`,
    next: () => 'Later steps got nothing from this one. Look at the disk of the runner; then run again, which is safe.',
    isRerunUseful: true,
  },
}

/** What to do next, as the words of a kind say. */
export function toNextStep(outcome: Outcome, kind: FailureKind): string {
  const { next } = FAILURES[kind]
  return next === undefined ? FAILURE_REASONS[FAILURE_KINDS[kind]].nextStep.replaceAll('`', '') : next(outcome)
}

/** Nothing sent may mean that nothing was to be sent, or that another hand was to do it, or that too little time was left. */
function toNextAfterTimeout({ sent, last, task }: Outcome): string {
  if (sent?.isCertain === true) {
    return 'It may still be going on. Running again resumes the wait, and sends nothing that is already there.'
  }
  if (sent !== undefined) {
    return 'If it was taken, it may still be going on. Running again reads first: it resumes the wait, or sends what is not there.'
  }
  if (task?.mode !== 'verify') return 'Run again, with a longer timeout: the action reads first, and resumes.'
  return phaseKind(last?.phase) === 'running' && task.wanted.length > 0
    ? 'Nothing seems to be under way: start the change, or run again to wait once more.'
    : 'Run again to wait once more.'
}

/** The inputs that would permit what is refused. */
function toPermits(refusals: readonly Refusal[]): string {
  const permits = refusals.map(({ rule, allow }) =>
    rule === 'max' ? `a higher ${allow}` : rule === 'min' ? `a lower ${allow}` : `${allow}: true`,
  )
  return [...new Set(permits)].join(' and ')
}

function toAlteredText(outcome: Outcome): string {
  const [field = '', ...more] = outcome.fieldNames ?? []
  const edit = outcome.plan?.edits.find((each) => each.field === field)
  const made = outcome.made?.[field]
  if (more.length === 0 && isAlert(field) && field.length <= LONGEST.changes) return field
  if (more.length > 0 || edit?.to === undefined || made === undefined) return fieldsOf(outcome)
  return `${field} became ${made}, not ${edit.to ?? 'absent'}`
}

/** What the cluster is busy with, where it can be seen, and what this run was to do. */
function toBusyText({ last, task }: Outcome): string {
  const { version, kubernetesVersion: running } = last ?? {}
  const isUpgrade = version !== undefined && running !== undefined && !coversVersion(version, running)
  const wanted = toChangesText(task?.wanted ?? [], ({ field, to }) => `${field} ${to ?? 'absent'}`)
  return [
    ...(isUpgrade ? [`It is on its way from ${running} to ${version}.`] : []),
    ...(wanted === '' ? [] : [`This run was to bring ${wanted}.`]),
  ].join(' ')
}
