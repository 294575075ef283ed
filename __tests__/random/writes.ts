import {
  ABSENT,
  type AskedValue,
  alertPaths,
  at,
  bareVersion,
  integerOf,
  isObject,
  isSame,
  minorOf,
  toAmount,
  viewOf,
} from './asked.js'
import type { ExchangeRecord } from './exchange.js'
import { CLUSTER_URL } from './execute.js'
import {
  type Facts,
  isBusyPhase,
  isForeign,
  isLost,
  mayHaveLanded,
  shownParts,
  staleReads,
  statusOf,
  truthView,
} from './facts.js'
import type { Invariant } from './invariants.js'
import { SECRETS } from './model.js'
import { type Json, type JsonObject, type PlannedTask, RESOURCE_NAMES, type SpecPatch } from './plan.js'

/** Nobody's change is lost or overwritten, and nothing is sent that was not asked for. */
export const WRITE_INVARIANTS: Readonly<Record<string, Invariant>> = {
  'requests go to the cluster, with the key': goWhereTheyShould,
  'only apply sends anything': ({ witness: { plan }, patches }) =>
    plan.task.mode !== 'apply' && patches.length > 0 ? `${plan.task.mode} sent a PATCH` : undefined,
  'a body says only what was asked': saysOnlyWhatWasAsked,
  'a PATCH carries the ETag of the read it was planned from': isLocked,
  'no PATCH without a read in between': isReadInBetween,
  'PATCHes are counted': areCounted,
  'from the first try on everything is compared with the base': respectsTheBase,
  'what may have been taken back is not sent again': respectsTakenBack,
  'nobody else’s value is overwritten': overwritesNobody,
  'what was not asked for stays as it was, or the run is red': hasNoHiddenSideEffect,
  'a plan is never made from a stale or partial read': plansFromWholeReads,
  'nothing is sent to a busy cluster': ({ patches, plannedFrom }) =>
    patches.map((patch) => statusOf(plannedFrom(patch)?.shown ?? {}).phase).find(isBusyPhase),
  'changed says whether anything may have been changed': saysWhetherItChanged,
  'no PATCH outside the window': staysInsideTheWindow,
  'no PATCH that a guardrail forbids': isWithinGuardrails,
  'no PATCH that is not the expected plan': isExpected,
}

function goWhereTheyShould({ witness: { records } }: Facts): string | undefined {
  const stray = records.find(
    ({ url, authorization }) => url !== CLUSTER_URL || authorization !== `Bearer ${SECRETS.key}`,
  )
  return stray === undefined ? undefined : `${stray.method} ${stray.url}`
}

function bodyOf({ body = '{}' }: ExchangeRecord): SpecPatch {
  return JSON.parse(body) as SpecPatch
}

function saysOnlyWhatWasAsked(facts: Facts): string | undefined {
  for (const patch of facts.patches) {
    const problem = findProblemOfBody(facts, patch)
    if (problem !== undefined) return `PATCH ${patch.body}: ${problem}`
  }
  return undefined
}

function findProblemOfBody({ witness, asked, plannedFrom, patches }: Facts, patch: ExchangeRecord): string | undefined {
  const { task } = witness.plan
  const body = bodyOf(patch)
  const read = plannedFrom(patch)
  const view = viewOf(read?.shown ?? {})
  const isUnmet = (kind: string) => asked.some((value) => value.kind === kind && !value.isMet(view))
  const keys = Object.keys(body)
  if (keys.length === 0) return 'empty'
  const stranger = keys.find((key) => !['version', 'resources', 'alerts'].includes(key))
  if (stranger !== undefined) return `${stranger} is nothing that can be asked`
  for (const key of ['version', 'alerts']) if (keys.includes(key) && !isUnmet(key)) return `${key} has no edit in it`
  if ('version' in body && (body.version !== task.version || body.version === '')) return 'another version'
  if ('alerts' in body && !isSame(body.alerts, task.alerts)) return 'other alerts'
  if (body.resources === undefined) return undefined
  const names = Object.keys(body.resources)
  if (names.length === 0) return 'empty resources'
  const isOwnLock = read?.etag !== undefined && patch.ifMatch === read.etag
  for (const [name, value] of Object.entries(body.resources)) {
    const wanted = RESOURCE_NAMES.find((known) => known === name)
    if (value === '') return `${name} is empty`
    if (wanted !== undefined && task[wanted] !== undefined) {
      if (toAmount(value) !== toAmount(task[wanted])) return `${name} is not as asked`
    } else if (!isOwnLock) return `${name} was not asked for, and the lock is not of the read that showed it`
    else if (value !== view.resources[name]) return `${name} was not asked for, and is not as it was read`
  }
  const missing = RESOURCE_NAMES.find((name) => task[name] !== undefined && !names.includes(name))
  if (missing !== undefined) return `${missing} was asked for, and is missing`
  if (!isOwnLock) return undefined
  const kept = Object.entries(view.resources).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  )
  const dropped = kept.find(([name]) => !names.includes(name))?.[0]
  const wasRefused = patches.some(mayRefuseNames)
  return dropped === undefined || wasRefused ? undefined : `${dropped} was read, and is left out`
}

function isLocked({ witness, patches, plannedFrom }: Facts): string | undefined {
  const { records, ifMatch } = witness
  for (const patch of patches) {
    const earlier = records.slice(0, records.indexOf(patch))
    const read = plannedFrom(patch)
    const wanted = ifMatch ?? read?.etag
    if (patch.ifMatch !== wanted) return `If-Match is ${patch.ifMatch}, the read’s ETag ${read?.etag}`
    const hasSeenOne = earlier.some(({ shown, etag }) => shown !== undefined && etag !== undefined)
    if (patch.ifMatch === undefined && hasSeenOne) return 'without If-Match, though an ETag was seen'
    if (patch.ifMatch === undefined && witness.outcome.warnings.length === 0) return 'unlocked, and no word of it'
  }
  return undefined
}

/** Whether the API itself may have refused a PATCH for a name that it does not know. */
function mayRefuseNames(patch: ExchangeRecord): boolean {
  return (patch.status === 400 || patch.status === 422) && !isForeign(patch)
}

function isReadInBetween({ witness: { records } }: Facts): string | undefined {
  let last: ExchangeRecord | undefined
  let isRead = true
  for (const record of records) {
    if (record.method === 'GET') {
      isRead ||= record.shown !== undefined
      continue
    }
    const wasRefusedForNames = last !== undefined && mayRefuseNames(last)
    if (!isRead && !wasRefusedForNames) return `after ${last?.status ?? last?.trouble}`
    if (!isRead && bodyOf(record).resources === undefined) return 'repeated though no name can be left out'
    isRead = false
    last = record
  }
  return undefined
}

function areCounted({ witness, patches }: Facts): string | undefined {
  const { onConflict, timeoutMs, wait } = witness.plan.task
  const refused = patches.filter(({ status }) => status === 412).length
  if (refused > 5) return `${refused} refused by 412`
  const isFinal = onConflict === 'fail' || witness.ifMatch !== undefined
  const first = patches.findIndex(({ status }) => status === 412)
  if (isFinal && first >= 0 && first < patches.length - 1) return 'sent again after a 412 that was to be final'
  // What cannot be awaited is not sent.
  const latestMs = timeoutMs - Math.min(timeoutMs / 10, 30_000)
  if (wait && patches.some(({ startMs }) => startMs > latestMs)) return 'sent with no time left to wait for it'
  // Two minutes of pauses that grow from 0.5 s to 15 s, and time in which no read came.
  const lost = patches.filter((patch) => isLost(patch) || patch.isUnsent).length
  return lost > 25 ? `${lost} without an answer` : undefined
}

function respectsTheBase(facts: Facts): string | undefined {
  const { asked, patches, plannedFrom, witness } = facts
  const base = patches[0] === undefined ? undefined : plannedFrom(patches[0])
  if (base?.shown === undefined) return undefined
  const before = viewOf(base.shown)
  for (const patch of patches.slice(1)) {
    const read = plannedFrom(patch)
    if (read?.shown === undefined) continue
    const now = viewOf(read.shown)
    const moved = asked.find((value) => {
      if (value.isMet(now) || value.valueIn(now) === value.valueIn(before)) return false
      // Once a PATCH may have landed, a desired minor may be the server's short form of the patch that was asked for.
      const isMinor = bareVersion(now.version ?? '') === minorText(witness.plan.task.version)
      return !(value.kind === 'version' && isMinor && patches.some(mayHaveLanded))
    })
    if (moved !== undefined) {
      return `${moved.name} was ${moved.valueIn(before)}, is ${moved.valueIn(now)}, and a PATCH was sent`
    }
  }
  return undefined
}

function minorText(version: string | undefined): string {
  return (version ?? '').split('.').slice(0, 2).join('.')
}

function respectsTakenBack({ asked, patches, plannedFrom }: Facts): string | undefined {
  for (const [index, patch] of patches.entries()) {
    const earlier = patches[index - 1]
    if (earlier === undefined || !isLost(earlier)) continue
    const [base, read] = [plannedFrom(earlier)?.shown, plannedFrom(patch)?.shown]
    if (base === undefined || read === undefined) continue
    const [before, now] = [statusOf(base).generation, statusOf(read).generation]
    if (before === undefined || now === undefined || now < before + 2) continue
    const isAsBefore = asked.every((value) => value.valueIn(viewOf(base)) === value.valueIn(viewOf(read)))
    if (isAsBefore) return `generation ${before} became ${now} after a lost answer, and a PATCH was sent again`
  }
  return undefined
}

/** At the moment a PATCH changes a field, it replaces what the run knew, and from the first try on what the base showed. */
function overwritesNobody(facts: Facts): string | undefined {
  const { witness, asked, patches, plannedFrom } = facts
  const first = patches[0] === undefined ? undefined : plannedFrom(patches[0])
  for (const write of witness.model.writes) {
    if (write.writer !== 'us' || write.patch === undefined) continue
    const patch = patches[write.patch]
    const read = patch === undefined ? undefined : plannedFrom(patch)
    // Without a lock nobody can know, and with a lock of the user's own it is the user who does.
    if (patch?.ifMatch === undefined || read?.shown === undefined || witness.ifMatch !== undefined) continue
    const before = truthView({ ...witness.model.state.current, spec: write.before, running: write.running })
    const after = truthView({ ...witness.model.state.current, spec: write.after, running: write.running })
    for (const value of asked) {
      const replaced = value.valueIn(before)
      if (replaced === value.valueIn(after)) continue
      const known = [read, first].filter((record) => record !== undefined)
      for (const record of known) {
        if (isUnknowable(facts, record, value)) continue
        const seen = value.valueIn(viewOf(record.shown ?? {}))
        if (seen !== replaced && !value.isMet(before))
          return `${value.name} was ${replaced}, read as ${seen}, and overwritten`
      }
    }
  }
  return undefined
}

/**
 * What nobody can know is overwritten by nobody's fault: a field that three reads in a row lacked, or one that the first read
 * lacked without a sign that it might be partial (contract 3.1, 5).
 */
function isUnknowable({ witness, reads }: Facts, read: ExchangeRecord, value: AskedValue): boolean {
  const { kind } = value
  if (value.valueIn(viewOf(read.shown ?? {})) === ABSENT) {
    const asksForAbsence = JSON.stringify(witness.plan.task.alerts ?? {}).includes(':null')
    if (kind === 'alerts' && read.shown?.alerts === undefined && !asksForAbsence) return true
    if (kind === 'resources' && read.shown?.resources !== undefined) return true
  }
  const lacks = ({ shown }: ExchangeRecord) => shown?.[kind] === undefined || isEmptyObject(shown[kind])
  const until = reads.slice(0, reads.indexOf(read) + 1)
  return until.length >= 3 && until.slice(-3).every(lacks)
}

function isEmptyObject(value: Json | undefined): boolean {
  return isObject(value) && Object.keys(value).length === 0
}

/** What differs between the read a PATCH was locked to and its own answer is our doing (contract 3.2). */
function hasNoHiddenSideEffect(facts: Facts): string | undefined {
  const { witness, patches, plannedFrom, reads } = facts
  const { outcome } = witness
  if (outcome.reason !== undefined) return undefined
  const stale = staleReads(facts)
  for (const patch of patches) {
    const read = plannedFrom(patch)
    if (!mayHaveLanded(patch) || read?.shown === undefined || read.etag === undefined) continue
    if (patch.ifMatch !== read.etag || patch.shown === undefined || stale.has(patch)) continue
    const later = reads.filter((record) => facts.isAfter(record, patch) && !stale.has(record))
    const sight: Sight = { task: witness.plan.task, before: read.shown, answer: patch.shown, later }
    const effect = findSideEffect(sight) ?? findLaterSideEffect(sight)
    if (effect !== undefined) return `${outcome.result}, though ${effect}`
  }
  return undefined
}

/** All that can show what one PATCH did: the read it was locked to, its answer, and the reads after it. */
interface Sight {
  readonly task: PlannedTask
  readonly before: JsonObject
  readonly answer: JsonObject
  readonly later: readonly ExchangeRecord[]
}

function findSideEffect(sight: Sight): string | undefined {
  const { task, before, answer } = sight
  const [old, now] = [viewOf(before), viewOf(answer)]
  if (task.version === undefined && old.version !== undefined) {
    if (now.version === undefined) return findVanished(sight, 'version')
    if (!isSameOrLonger(old.version, now.version)) return 'the version changed'
  }
  for (const [name, value] of Object.entries(old.resources)) {
    const known = RESOURCE_NAMES.find((item) => item === name)
    if (known !== undefined && task[known] !== undefined) continue
    const vanished = now.resources[name] === undefined ? findVanished(sight, name) : undefined
    if (vanished !== undefined) return vanished
    const isChanged = now.resources[name] !== undefined && toAmount(now.resources[name]) !== toAmount(value)
    if (isChanged && known !== undefined) return `${name} changed`
  }
  if (now.alerts === undefined) return old.alerts === undefined ? undefined : findVanished(sight, 'alerts')
  const gone = alertPaths(old.alerts ?? {}).find(
    (path) => !isAskedAlert(task, path) && at(now.alerts, path) === undefined,
  )
  return gone === undefined ? undefined : `alerts ${gone.join(' → ')} vanished`
}

/** What the answer lacks has vanished once the next two reads lack it, too; before, nobody may call the run done. */
function findVanished({ task, before, answer, later }: Sight, part: string): string | undefined {
  const isOnlyOurs =
    part === 'alerts' && alertPaths(viewOf(before).alerts ?? {}).every((path) => isAskedAlert(task, path))
  if (isOnlyOurs) return undefined
  // A later read under the very generation of the answer shows what the answer only lacked.
  const [ours, old] = [integerOf(answer.generation), integerOf(before.generation)]
  const isOurs = (shown: JsonObject = {}) =>
    ours !== undefined && ours > (old ?? ours) && integerOf(shown.generation) === ours
  if (later.some(({ shown }) => isOurs(shown) && shownParts(shown ?? {}).includes(part))) return undefined
  const nextTwo = later.slice(0, 2).map(({ shown }) => new Set(shownParts(shown ?? {})))
  if (nextTwo.some((parts) => parts.has(part))) return undefined
  return nextTwo.length === 2 ? `${part} vanished` : `the answer lacks ${part}, and no two reads looked for it`
}

function isAskedAlert({ alerts }: PlannedTask, path: readonly string[]): boolean {
  return alertPaths(alerts ?? {}).some((asked) => {
    const shorter = Math.min(asked.length, path.length)
    return asked.slice(0, shorter).every((key, index) => key === path[index])
  })
}

/** Likewise what differs in a read under the very generation of that answer, where that is above the locked read's. */
function findLaterSideEffect({ task, before, answer, later }: Sight): string | undefined {
  const [ours, old] = [integerOf(answer.generation), integerOf(before.generation)]
  if (ours === undefined || old === undefined || ours <= old) return undefined
  const was = viewOf(before)
  for (const { shown } of later) {
    if (shown === undefined || integerOf(shown.generation) !== ours) continue
    const now = viewOf(shown)
    if (task.version === undefined && was.version !== undefined && now.version !== undefined) {
      if (!isSameOrLonger(was.version, now.version)) return 'the version changed later, under our generation'
    }
    for (const name of RESOURCE_NAMES) {
      if (task[name] !== undefined || was.resources[name] === undefined || now.resources[name] === undefined) continue
      if (toAmount(was.resources[name]) !== toAmount(now.resources[name])) return `${name} changed under our generation`
    }
  }
  return undefined
}

function isSameOrLonger(before: string, now: string): boolean {
  const [old, recent] = [bareVersion(before), bareVersion(now)]
  return old === recent || recent.startsWith(`${old}.`)
}

function plansFromWholeReads(facts: Facts): string | undefined {
  const stale = staleReads(facts)
  const parts = (read: ExchangeRecord) => new Set(shownParts(read.shown ?? {}))
  for (const patch of facts.patches) {
    const read = facts.plannedFrom(patch)
    if (read === undefined) return 'planned from nothing'
    if (stale.has(read)) return 'planned from a stale read'
    const until = facts.reads.slice(0, facts.reads.indexOf(read) + 1).filter((other) => !stale.has(other))
    const lost = [...new Set(until.flatMap((other) => [...parts(other)]))].find((part) => !parts(read).has(part))
    if (lost === undefined) continue
    const isBelieved =
      lost === 'alerts' && until.slice(-3).length === 3 && until.slice(-3).every((r) => !parts(r).has(lost))
    if (!isBelieved) return `planned from a read without ${lost}, which an earlier one showed`
  }
  return undefined
}

function saysWhetherItChanged({ witness, patches }: Facts): string | undefined {
  const { changed, result } = witness.outcome
  const landed = patches.filter(({ hasLanded }) => hasLanded)
  if (landed.length > 0 && !changed) return `a PATCH landed, and ${result} says changed=false`
  const may = patches.some(mayHaveLanded)
  if (may && !changed) return `a PATCH may have landed, and ${result} says changed=false`
  return !may && changed ? `no PATCH can have landed, and ${result} says changed=true` : undefined
}

function staysInsideTheWindow({ witness: { plan }, patches }: Facts): string | undefined {
  const outside = patches.find(({ startWallMs }) => !isInside(plan.task.onlyBetween, startWallMs))
  return outside === undefined ? undefined : new Date(outside.startWallMs).toISOString()
}

/** Whether `08:00-10:00` is open, in UTC. */
export function isInside(window: string | null, wallMs: number): boolean {
  if (window === null) return true
  const [from = 0, until = 0] = window.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    return hours * 60 + minutes
  })
  const minute = Math.floor(wallMs / 60_000) % 1_440
  return from < until ? minute >= from && minute < until : minute >= from || minute < until
}

function isWithinGuardrails(facts: Facts): string | undefined {
  for (const patch of facts.patches) {
    const read = facts.plannedFrom(patch)
    if (read === undefined) continue
    const [broken] = brokenRules(facts, read)
    if (broken !== undefined) return `${patch.body} breaks ${broken}`
  }
  return undefined
}

/** The rules that a plan from this read breaks. */
export function brokenRules({ witness, asked, reads }: Facts, read: ExchangeRecord): string[] {
  const { task } = witness.plan
  const view = viewOf(read.shown ?? {})
  const until = reads.slice(0, reads.indexOf(read) + 1)
  const running = until.map(({ shown }) => statusOf(shown ?? {}).running).findLast((text) => text !== undefined)
  const isEdit = (name: string) => asked.some((value) => value.name === name && !value.isMet(view))
  const rules: string[] = []
  const { version = '' } = task
  if (isEdit('version')) {
    const known = [view.version, running].filter((text) => text !== undefined && !Number.isNaN(minorOf(text)))
    const counted = minorOf(running ?? view.version ?? '')
    if (!task.allowDowngrade && (known.length === 0 || known.some((text) => isBelow(version, text ?? '')))) {
      rules.push('downgrade')
    }
    if (!task.allowVersionSkip && (Number.isNaN(counted) || minorOf(version) > counted + 1)) rules.push('version-skip')
  }
  if (isEdit('storage') && !task.allowStorageShrink) {
    const now = Number(toAmount(view.resources.storage))
    if (Number(toAmount(task.storage)) < now) rules.push('storage-shrink')
  }
  const cpu = Number(toAmount(task.cpu))
  if (task.cpu !== undefined && task.minCpu !== null && cpu < Number(task.minCpu)) rules.push('min')
  if (task.cpu !== undefined && task.maxCpu !== null && cpu > Number(task.maxCpu)) rules.push('max')
  return rules
}

function isBelow(asked: string, other: string): boolean {
  const [left, right] = [asked, other].map((text) => bareVersion(text).split('.').map(Number))
  for (const index of [0, 1, 2]) {
    const [a, b] = [left?.[index], right?.[index]]
    if (a === undefined || b === undefined) return false
    if (a !== b) return a < b
  }
  return false
}

function isExpected(facts: Facts): string | undefined {
  const { witness, asked, patches, plannedFrom } = facts
  const { expectedPlan } = witness.plan.task
  if (expectedPlan === 'none') return undefined
  if (expectedPlan === 'wrong') return patches.length > 0 ? 'sent, though another plan was expected' : undefined
  const editsFrom = (view: Parameters<(typeof asked)[number]['isMet']>[0]) =>
    asked.flatMap((value) => (value.isMet(view) ? [] : [`${value.name}=${value.valueIn(view)}`])).join()
  const approved = witness.model.state.history
    .filter(({ atMs }) => atMs <= 2_000)
    .map((then) => editsFrom(truthView(then)))
  for (const patch of patches) {
    const edits = editsFrom(viewOf(plannedFrom(patch)?.shown ?? {}))
    if (!approved.includes(edits)) return `${edits} was sent, which was never planned`
  }
  return undefined
}
