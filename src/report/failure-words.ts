import { APPROVE_ANEW } from '../domain/approval.js'
import { phaseKind, toConditionText } from '../domain/cluster.js'
import { toDurationText } from '../domain/duration.js'
import { FAILURE_KINDS, FAILURE_REASONS, type FailureKind, type FailureReason } from '../domain/failure-reasons.js'
import type { Refusal } from '../domain/guardrails.js'
import { isGreen, type Outcome } from '../domain/outcome.js'
import { coversVersion } from '../domain/version.js'
import { toListText } from '../errors.js'
import { LONGEST } from '../policy.js'
import { fieldsOf, isAlert, toChangesText } from './changes.js'

/** What a person reads of one way to fail. */
export interface FailureWords {
  readonly title: (outcome: Outcome, name: string) => string
  /** What happened, in fewer words, where the title, or a table or a list right below, says the rest. */
  readonly lead?: (outcome: Outcome) => string | undefined
  /** What is known of it besides. */
  readonly more?: (outcome: Outcome) => string
  /** Where it is more, or other, than the next step of its reason. */
  readonly next?: (outcome: Outcome) => string
  /** Whether it ends a run that does not know yet what becomes of what it sent, and does not say so in its own next step. */
  readonly isOpen?: true
  /** Whether it is about a plan that would be sent otherwise. */
  readonly stopsPlan?: true
  /** Whether what was sent does not stand as it was asked, or not alone. */
  readonly isUndone?: true
  /** Whether it may help to run it again just as it is; the next step then says when that would be skipped. */
  readonly isRerunUseful?: true | ((outcome: Outcome) => boolean)
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
    isOpen: true,
    stopsPlan: true,
  },
  unauthorized: {
    title: (_, name) => `${name}: the key was not accepted`,
    next: (outcome) =>
      outcome.first === undefined
        ? toUsualStep('unauthorized')
        : `The key was accepted before: it may have expired, or been revoked, since. ${toResume(outcome, 'with a key that works')}`,
    isOpen: true,
    isRerunUseful: true,
  },
  forbidden: {
    title: (_, name) => `${name}: the key may not do this`,
    next: toNextAfterForbidden,
    isOpen: true,
    isRerunUseful: true,
  },
  'not-found': {
    title: (_, name) => `${name}: there is no such cluster`,
  },
  'gone-or-hidden': {
    title: (_, name) => `${name}: gone, or hidden from this key`,
    more: () => 'A read had shown the cluster before',
    next: () => 'Find out whether somebody deleted it, or whether this key may no longer see it.',
    isOpen: true,
  },
  rejected: {
    title: ({ isForeign }, name) =>
      `${name}: ${isForeign === true ? 'something in front of Kupe’s API' : 'Kupe’s API'} said no`,
    next: (outcome) => (outcome.isForeign === true ? toNextAfterForeign(outcome) : toNextAfterRejected(outcome)),
    isOpen: true,
    isRerunUseful: ({ sent, refused }) => sent !== undefined || refused === 'read',
  },
  altered: {
    title: (outcome, name) => `${name}: a value was changed: ${toAlteredText(outcome)}`,
    next: () => 'This is a limit or a rounding of the platform. Ask for a value that it can give.',
    isUndone: true,
  },
  rival: {
    title: (outcome, name) => `${name}: someone else changed ${fieldsOf(outcome)}`,
    lead: ({ conflict = [] }) => `${conflict.length === 1 ? 'It was' : 'They were'} changed after this run had read it`,
    next: (outcome) => {
      const [row, ...more] = outcome.conflict ?? []
      const isShown = more.length === 0 && typeof row?.now === 'string' && row.wanted !== undefined
      const values = isShown ? `their ${row.now} by ${row.wanted}` : ''
      return toTheirs(outcome, `replace ${values === '' || values.length > LONGEST.changes ? 'what they set' : values}`)
    },
  },
  'kept-moving': {
    title: (_, name) => `${name}: the cluster kept moving`,
    next: () => 'Nobody changed what was asked for. Running again is safe.',
    isOpen: true,
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
    isOpen: true,
    isRerunUseful: true,
  },
  moved: {
    title: (_, name) => `${name}: it changed after it was read`,
    next: ({ task }) =>
      task?.isEtagGiven === true
        ? 'Read the cluster again and decide anew; or leave out if-match, and the action compares and tries again by itself.'
        : 'Look at what changed, then run again; or use on-conflict: retry, and the action compares and tries again by itself.',
    isOpen: true,
    isRerunUseful: ({ task }) => task?.isEtagGiven !== true,
  },
  vanished: {
    title: (outcome, name) =>
      `${name}: ${fieldsOf(outcome)} ${outcome.fieldNames?.length === 1 ? 'is' : 'are'} no longer shown`,
    next: () => 'Look at the cluster in the console before anything is changed: what is not shown may be lost.',
    isOpen: true,
  },
  'plan-changed': {
    title: (_, name) => `${name}: the plan is no longer the one approved`,
    isOpen: true,
    stopsPlan: true,
  },
  'plan-not-found': {
    title: (_, name) => `${name}: no approved plan was found`,
    next: () => APPROVE_ANEW,
    isOpen: true,
    stopsPlan: true,
  },
  'plan-unreadable': {
    title: (_, name) => `${name}: the approved plan could not be read`,
    next: () => 'Run again: GitHub is asked anew.',
    isOpen: true,
    stopsPlan: true,
    isRerunUseful: ({ hint }) => hint !== APPROVE_ANEW,
  },
  'busy-too-long': {
    title: ({ durationMs }, name) => `${name}: still busy with another change after ${toDurationText(durationMs)}`,
    // Where no phase shows what it is busy with, only the words of the API do.
    lead: (outcome) => (phaseKind(outcome.last?.phase) === 'busy' ? toBusyText(outcome) || undefined : undefined),
    more: toBusyText,
    next: () => 'Run again when that is over, with a longer timeout, or at another time of day.',
    isOpen: true,
    isRerunUseful: true,
  },
  busy: {
    title: (_, name) => `${name}: busy with another change`,
    more: toBusyText,
    next: () => 'Run again when it is Running, or let the run wait for it: on-busy: wait.',
    isOpen: true,
    isRerunUseful: true,
  },
  unavailable: {
    title: (_, name) => `${name}: no usable answer from Kupe’s API`,
    isOpen: true,
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
    isUndone: true,
  },
  gone: {
    title: (_, name) => `${name}: gone`,
    next: () => 'Find out who deleted it, or whether this key may no longer see it.',
    isUndone: true,
  },
  recreated: {
    title: (_, name) => `${name}: replaced by a new cluster of that name`,
    next: ({ task }) =>
      `Look at the new cluster. Running this again would ${task?.mode === 'apply' ? 'change' : 'look at'} that one.`,
    isUndone: true,
  },
  'rolled-back': {
    title: ({ task }, name) => `${name}: the upgrade to ${task?.version ?? 'the new version'} was taken back`,
    isUndone: true,
  },
  superseded: {
    title: (outcome, name) =>
      `${name}: someone changed ${fieldsOf(outcome)} ${outcome.sent === undefined ? 'while this run waited' : 'after this run had'}`,
    next: (outcome) => {
      const { task, sent } = outcome
      const send = sent === undefined ? 'send our values' : 'send our values once more'
      return toTheirs(outcome, task?.mode === 'verify' ? 'wait for ours, and send nothing' : send)
    },
    isUndone: true,
  },
  'side-effect': {
    title: ({ task }, name) => `${name}: ${task?.wait === false ? 'sent' : 'done'}, but more changed than was asked`,
    lead: ({ task }) => `What was asked is ${task?.wait === false ? 'accepted' : 'done'}, but the PATCH did more`,
    next: (outcome) =>
      `Put back what was not asked for: ${fieldsOf(outcome)}. Where the platform ties them together, ask for all of them in one change.`,
    isUndone: true,
  },
  timeout: {
    title: ({ task, sent, isAsAsked, durationMs }, name) => {
      const after = `after ${toDurationText(durationMs)}`
      if (task?.mode === 'plan') return `${name}: no plan ${after}`
      if (sent === undefined) {
        return `${name}: ${isAsAsked === true || task?.wanted.length === 0 ? 'not settled' : 'not as asked'} ${after}`
      }
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
    isOpen: true,
  },
  'outputs-unwritten': {
    title: (_, name) => `${name}: a fault of this action: its outputs could not be written`,
    next: (outcome) => `${toGotText(outcome)}. Look at the disk of the runner; then run again, which is safe.`,
    isRerunUseful: true,
  },
}

/** What to do next: what is known of the fault goes before the words of its kind. */
export function toNextStep(outcome: Outcome, kind: FailureKind): string {
  const { next, isOpen } = FAILURES[kind]
  const isUnwritten = outcome.writtenOutputs !== undefined && kind !== 'outputs-unwritten'
  return [
    ...(isOpen === true && outcome.sent !== undefined ? [toGoingOn(outcome.sent)] : []),
    outcome.hint ?? next?.(outcome) ?? toUsualStep(FAILURE_KINDS[kind]),
    ...(isRerunUseful(outcome, kind) ? toClosedTimes(outcome) : []),
    ...(isUnwritten
      ? [`${toGotText(outcome)}, as its outputs could not be written: look at the disk of the runner, too.`]
      : []),
  ].join(' ')
}

/** Whether it may help to run it again just as it is. */
export function isRerunUseful(outcome: Outcome, kind: FailureKind): boolean {
  const { isRerunUseful: isUseful } = FAILURES[kind]
  return isUseful === true || isUseful?.(outcome) === true
}

/** What there is to say of a plan: that it would be sent; that it was, and stands or is under way; or nothing that holds. */
export function standingOf({ result, kind, sent }: Outcome): 'proposed' | 'sent' | 'void' {
  const { stopsPlan, isUndone }: Partial<FailureWords> = kind === undefined ? {} : FAILURES[kind]
  if (sent === undefined) return result === 'planned' || stopsPlan === true ? 'proposed' : 'void'
  return (sent.isCertain || isGreen(result)) && isUndone !== true ? 'sent' : 'void'
}

/** When running it again, which a next step may advise, would end green without a look at the cluster. */
function toClosedTimes({ task, sent, isWaiting }: Outcome): string[] {
  const { closedBy = [] } = task ?? {}
  if (closedBy.length === 0) return []
  const times = closedBy.map((guard) => (guard === 'only-between' ? 'outside only-between' : 'on freeze-dates'))
  const text = `${toListText(times, 'and')} a re-run is skipped: it looks at nothing and ends green.`
  const isUnderWay = sent !== undefined || isWaiting === true
  return [`${text.charAt(0).toUpperCase()}${text.slice(1)}${isUnderWay ? ' Use mode: verify then.' : ''}`]
}

function toGotText({ writtenOutputs = [] }: Outcome): string {
  const got = writtenOutputs.length === 0 ? 'nothing' : `only ${toListText(writtenOutputs, 'and')}`
  return `Later steps got ${got} from this one`
}

/** The next step of a reason, as the README has it. */
function toUsualStep(reason: FailureReason): string {
  return FAILURE_REASONS[reason].nextStep.replaceAll('`', '')
}

/** What is known of a change that was sent, and not seen done. */
function toGoingOn({ isCertain }: NonNullable<Outcome['sent']>): string {
  return isCertain ? 'What was sent may still be going on.' : 'If what was sent was taken, it may still be going on.'
}

/** What running it again does: `how` says what has to be mended before. */
function toResume({ sent, task }: Outcome, how = ''): string {
  const again = `again${how === '' ? '' : ` ${how}`}`
  if (sent === undefined) return `Run ${again}.`
  if (!sent.isCertain) return `Running ${again} reads first: it resumes the wait, or sends what is not there.`
  const does = task?.wait === false ? 'reads first' : 'resumes the wait'
  return `Running ${again} ${does}, and sends nothing that is already there.`
}

/** Where someone else's value stands: what running it again would do, unless a guard of this run would stop it now. */
function toTheirs({ stoppedBy = [] }: Outcome, would: string): string {
  const stopped = `be stopped by ${toListText(stoppedBy, 'and')}. Talk to whoever changed it.`
  const does = stoppedBy.length === 0 ? `${would}: talk to whoever changed it first.` : stopped
  return `Theirs stands. Running this again would ${does}`
}

/** A key that had read, or had sent, did not lack the role for that. */
function toNextAfterForbidden(outcome: Outcome): string {
  const { first, sent, refused } = outcome
  const usual = toUsualStep('forbidden')
  if (first === undefined) return usual
  if (refused === 'patch') {
    return sent === undefined ? usual : `${usual} ${toResume(outcome, 'with such a key')}`
  }
  const could = sent?.isCertain === true ? 'send the change' : 'read the cluster'
  return `The key could ${could} before: its role may have changed, or it may no longer belong to the tenant. Mend that, or use another key. ${toResume(outcome, 'then')}`
}

function toNextAfterForeign({ sent }: Outcome): string {
  const safe = sent === undefined ? '' : ' Running again reads first, which is safe.'
  return `Ask whoever runs what stands between this runner and the API, such as a proxy or a firewall.${safe}`
}

/** Where a read was refused, no input of the change is wrong. */
function toNextAfterRejected(outcome: Outcome): string {
  const { first, sent, refused } = outcome
  if (sent?.isCertain === true) {
    return `It was accepted; since then the API refuses to be read, and its words say why. ${toResume(outcome)}`
  }
  if (first === undefined)
    return 'The words of the API say why. Nothing could be read: check api-url, tenant and cluster.'
  if (refused === 'read')
    return `It was a read that the API refused; its words say why. ${toResume(outcome, 'when that is over')}`
  const why = 'The words of the API say why: where they are about an input, correct that'
  if (sent === undefined) return `${why}, and start anew.`
  return `${why}. ${toResume(outcome)}`
}

/** Nothing sent may mean that nothing was to be sent, or that another hand was to do it, or that too little time was left. */
function toNextAfterTimeout(outcome: Outcome): string {
  const { sent, last, task, isAsAsked } = outcome
  if (sent?.isCertain === true) return `It may still be going on. ${toResume(outcome)}`
  if (sent !== undefined) return `If it was taken, it may still be going on. ${toResume(outcome)}`
  if (task?.mode === 'plan') return 'Run again, with a longer timeout.'
  if (task?.mode !== 'verify') return 'Run again, with a longer timeout: the action reads first, and resumes.'
  return phaseKind(last?.phase) === 'running' && task.wanted.length > 0 && isAsAsked !== true
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
  const text = `${field} became ${made}, not ${edit.to ?? 'absent'}`
  return text.length <= LONGEST.changes ? text : fieldsOf(outcome)
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
