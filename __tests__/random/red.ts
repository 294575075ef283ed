import { ABSENT, covers, isSame, viewOf } from './asked.js'
import type { Snapshot } from './cluster-state.js'
import type { ExchangeRecord } from './exchange.js'
import {
  type Facts,
  isBusyPhase,
  isForeign,
  isLost,
  isMetBy,
  isShortForm,
  mayHaveLanded,
  shownParts,
  staleReads,
  statusOf,
  truthView,
} from './facts.js'
import type { Invariant } from './invariants.js'
import { brokenRules, isInside } from './writes.js'

/** Red endings have a cause in what happened; none is red that could have been green. */
export const RED_INVARIANTS: Readonly<Record<string, Invariant>> = {
  'a red ending has its cause': hasItsCause,
  'what was done in time is not timed out': isNotTimedOutInVain,
  'a calm run ends green': endsGreenWhenCalm,
  'a loss is told': tellsLosses,
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

function hasItsCause(facts: Facts): string | undefined {
  const { reason } = facts.witness.outcome
  if (reason === undefined) return undefined
  const check = CAUSES[reason]
  if (check === undefined) return `${reason} is no reason that such a run can have`
  const problem = check(facts)
  return problem === undefined ? undefined : `${reason}, but ${problem}`
}

const CAUSES: Readonly<Record<string, Invariant>> = {
  refused: (facts) => {
    const read = facts.reads.at(-1)
    return read !== undefined && brokenRules(facts, read).length > 0 ? undefined : 'no guardrail forbids it'
  },
  unauthorized: ({ witness }) => (witness.records.at(-1)?.status === 401 ? undefined : 'the last answer was no 401'),
  forbidden: (facts) => endsWith(facts, 403) ?? lastedOnceRead(facts, 403),
  'not-found': (facts) => {
    const last = decisiveAnswer(facts)
    return endsWith(facts, 404) ?? (last?.method === 'GET' && facts.reads.length > 0 ? 'it was read before' : undefined)
  },
  rejected: hasCauseOfRejection,
  conflict: hasCauseOfConflict,
  'plan-changed': hasCauseOfPlanChange,
  busy: ({ reads, patches }) => {
    const wasBusy = reads.some(({ shown }) => isBusyPhase(statusOf(shown ?? {}).phase))
    return wasBusy || patches.some(({ status }) => status === 409) ? undefined : 'it was never busy'
  },
  unavailable: hasCauseOfUnavailability,
  degraded: hasCauseOfDegradation,
  deleted: hasCauseOfDeletion,
  'rolled-back': hasCauseOfRollback,
  superseded: hasCauseOfLoss,
  'side-effect': hasCauseOfSideEffect,
  timeout: ({ witness }) => {
    const { timeoutMs, wait } = witness.plan.task
    const isLate = witness.endMs >= timeoutMs - Math.min(timeoutMs / 10, 30 * SECOND) - 1
    if (isLate) return undefined
    // Who does not wait is told before the deadline that no read shows what the API accepted.
    const isUnshown = !wait && witness.outcome.changed && witness.endMs >= Math.min(2 * MINUTE, timeoutMs / 4)
    if (isUnshown) return undefined
    const last = witness.records.at(-1)
    return last?.status === 429 && last.retryAfter !== undefined
      ? undefined
      : `there was time left at ${witness.endMs} ms`
  },
  cancelled: ({ witness }) => (witness.wasCancelled ? undefined : 'nobody cancelled'),
}

/** What a refusal may stand on: after a lost answer a refused PATCH is followed by one more read, which decides nothing itself. */
function decisiveAnswer({ witness: { records }, patches }: Facts): ExchangeRecord | undefined {
  const last = records.at(-1)
  return last?.method === 'GET' && last.shown !== undefined ? patches.at(-1) : last
}

/** Whether the last answer had this status, and the API itself wrote it. */
function endsWith(facts: Facts, status: number): string | undefined {
  const last = decisiveAnswer(facts)
  if (last?.status !== status) return `the last answer was ${last?.status ?? last?.trouble}`
  return isForeign(last) ? 'the API did not write it' : undefined
}

/** Once a read has passed the gate, a refusal or an absence is repeated for a while before it is believed (contract 3.6). */
function lastedOnceRead(facts: Facts, status: number): string | undefined {
  const { witness, reads, isAfter } = facts
  const { records, endMs, plan } = witness
  const last = decisiveAnswer(facts)
  // A stale read is contact, and nothing else.
  const stale = staleReads(facts)
  const lastRead = reads.findLast((read) => !stale.has(read))
  if (last?.method !== 'GET' || lastRead === undefined) return undefined
  const since = records.find((record) => isAfter(record, lastRead) && record.status === status)
  const lastedMs = endMs - (since?.startMs ?? endMs)
  const neededMs = Math.min(30 * SECOND, plan.task.timeoutMs / 4)
  const isLate = endMs >= plan.task.timeoutMs - 3 * SECOND
  return isLate || lastedMs >= neededMs - 1 ? undefined : `after ${lastedMs} ms only`
}

function hasCauseOfRejection(facts: Facts): string | undefined {
  const { witness, asked, patches } = facts
  const last = decisiveAnswer(facts)
  const status = last?.status ?? 0
  if (last !== undefined && status >= 300 && status < 500) {
    const maySoonPass = [304, 408, 425, 429].includes(status) || ((status === 403 || status === 404) && isForeign(last))
    if (maySoonPass) return `a ${status} may pass`
    if (last.method === 'GET' && facts.reads.length > 0) {
      const isApis = last.page === 'json' || last.page === 'access-denied' || last.page === 'echo'
      if (status < 400 || (status !== 401 && !isApis)) return `a ${status} in the middle of a run may pass`
    }
    return status === 403 && last.method === 'GET' ? lastedOnceRead(facts, 403) : undefined
  }
  const altered = witness.model.writes.some(({ writer, patch, after, running }) => {
    if (writer !== 'us' || patch === undefined || patches[patch]?.shown === undefined) return false
    return asked.some((value) => !value.isMet({ ...after, running }))
  })
  // Without a lock the answer may show what another wrote in the same moment.
  const mayBeTheirs =
    patches.some(({ ifMatch, shown }) => ifMatch === undefined && shown !== undefined) && othersWroteOurs(facts)
  // Where a read hid what the cluster had, an old answer shows something that is neither as asked nor as it was read.
  const wasHidden = patches.some(({ shown }) => shown !== undefined) && wasPartial(facts)
  return altered || mayBeTheirs || wasHidden ? undefined : 'nothing was refused, and nothing was made another value of'
}

/** Whether others, or the platform, changed a field of ours; reads may show it as late as a replica is behind. */
function othersWroteOurs({ witness, asked }: Facts): boolean {
  return witness.model.writes.some(({ writer, before, after, running }) => {
    if (writer === 'us') return false
    return asked.some((value) => value.valueIn({ ...before, running }) !== value.valueIn({ ...after, running }))
  })
}

function ourPatchWasAltered({ witness, asked }: Facts): boolean {
  return witness.model.writes.some(
    ({ writer, after, running }) => writer === 'us' && asked.some((value) => !value.isMet({ ...after, running })),
  )
}

const wasPartial = ({ witness }: Facts) =>
  witness.records.some(({ faults }) => faults.some((fault) => fault.startsWith('without')))
const wasStale = ({ witness }: Facts) => witness.records.some(({ isStale }) => isStale)

/** Whether the last read lacks a part of the spec that an earlier one showed. */
function hasVanished(reads: readonly ExchangeRecord[]): boolean {
  const last = new Set(shownParts(reads.at(-1)?.shown ?? {}))
  return reads.some(({ shown }) => shownParts(shown ?? {}).some((part) => !last.has(part)))
}

function hasCauseOfConflict(facts: Facts): string | undefined {
  const { witness, patches, reads } = facts
  const { task } = witness.plan
  const refused = patches.filter(({ status }) => status === 412 || status === 409)
  if (othersWroteOurs(facts) || ourPatchWasAltered(facts)) return undefined
  const isFinal = task.onConflict === 'fail' || witness.ifMatch !== undefined
  if (refused.length > 0 && isFinal) return undefined
  if (refused.length >= 5) return undefined
  const missesEtag = reads.some(({ etag }) => etag === undefined)
  if (missesEtag && (refused.length > 0 || reads.some(({ etag }) => etag !== undefined))) return undefined
  if (wasPartial(facts) || hasVanished(reads)) return undefined
  const lostAndMoved =
    patches.some(isLost) && witness.model.writes.some(({ writer, atMs }) => writer !== 'us' && atMs > 0)
  if (lostAndMoved) return undefined
  if (refused.length > 0 && wasStale(facts)) return undefined
  const isForged = refused.some(({ faults }) => faults.some((fault) => /^4(09|12)/.test(fault)))
  // An API that refuses the ETag that it serves does so for two minutes, or half the time, before that is believed.
  const refusedMs = witness.endMs - (refused[0]?.endMs ?? witness.endMs)
  if (isForged && refusedMs >= Math.min(2 * MINUTE, task.timeoutMs / 2) - 1) return undefined
  return 'nobody changed what was asked for'
}

function hasCauseOfPlanChange({ witness, asked, reads }: Facts): string | undefined {
  const { expectedPlan } = witness.plan.task
  if (expectedPlan === 'none') return 'no plan was expected'
  if (expectedPlan === 'wrong') return undefined
  const now = viewOf(reads.at(-1)?.shown ?? {})
  const then = truthView(witness.model.state.snapshotAt(0))
  const isSameEdits = asked.every(
    (value) =>
      value.isMet(now) === value.isMet(then) && (value.isMet(now) || value.valueIn(now) === value.valueIn(then)),
  )
  const mayDiffer = witness.records.some(({ isStale, endMs }) => isStale && endMs <= 60_000)
  return isSameEdits && !mayDiffer && witness.plan.server.replicaShare === 0
    ? 'it is the plan that was expected'
    : undefined
}

/** Trouble that may pass ends a run only where it lasted, or time is up. */
function hasCauseOfUnavailability(facts: Facts): string | undefined {
  const { witness, reads, patches } = facts
  const { records, endMs, plan } = witness
  const { timeoutMs, onlyBetween } = plan.task
  const last = records.at(-1)
  const isLate = endMs >= timeoutMs - Math.min(timeoutMs / 10, 30 * SECOND) - 1
  if (isLate) return undefined
  const asksTooMuch = last?.status === 429 && last.retryAfter !== undefined
  if (asksTooMuch) return undefined
  const patienceMs = Math.min(2 * MINUTE, timeoutMs / 2)
  if (reads.length === 0) {
    if (last?.trouble === 'tls' || (last?.trouble as string) === 'dns') {
      return records.length >= 5 ? undefined : `after ${records.length} tries only`
    }
    if (records.length < 2) return 'after one try only'
    return endMs >= patienceMs - 20 * SECOND ? undefined : `after ${endMs} ms, before the first read`
  }
  const unanswered = patches.filter((patch) => isLost(patch) || patch.isUnsent)
  if (unanswered.length === 0) return `there was time left at ${endMs} ms, and no PATCH was lost`
  const sinceMs = unanswered[0]?.startMs ?? 0
  const isClosed = !isInside(onlyBetween, plan.wallStartMs + endMs) || witness.happened.includes('clock-jumps')
  const neededMs = isClosed ? Math.min(2 * MINUTE, timeoutMs / 4) : patienceMs
  return endMs - sinceMs >= neededMs - 20 * SECOND ? undefined : `${endMs - sinceMs} ms after a lost PATCH only`
}

function hasCauseOfDegradation(facts: Facts): string | undefined {
  const { witness, reads, patches, isAfter } = facts
  const stale = staleReads(facts)
  const { degradedGraceMs } = witness.plan.task
  let since: ExchangeRecord | undefined
  // The answer to our PATCH shows the cluster, too.
  for (const read of [...reads, ...patches].sort((left, right) => right.endMs - left.endMs)) {
    if (read.shown === undefined) continue
    const { phase } = statusOf(read.shown ?? {})
    if (phase === undefined || stale.has(read)) continue
    if (phase !== 'Degraded') break
    since = read
  }
  if (since === undefined) return 'the last read was not Degraded'
  const sent = patches.findLast(mayHaveLanded)
  const fromMs = Math.max(since.endMs, sent !== undefined && isAfter(sent, since) ? sent.startMs : 0)
  const lastedMs = witness.endMs - fromMs
  return lastedMs >= degradedGraceMs - 1 ? undefined : `Degraded for ${lastedMs} ms only`
}

function hasCauseOfDeletion(facts: Facts): string | undefined {
  const { witness, reads } = facts
  const { model, endMs, records } = witness
  const createdAt = (reads[0]?.depicts ?? model.state.snapshotAt(0)).createdAt
  const now = model.state.snapshotAt(endMs)
  const last = records.at(-1)
  if (last?.status === 404) return endsWith(facts, 404) ?? lastedOnceRead(facts, 404)
  if (now.published.phase === 'Terminating' || !now.exists || now.createdAt !== createdAt) return undefined
  return 'the cluster is there'
}

function hasCauseOfRollback(facts: Facts): string | undefined {
  const { witness } = facts
  const { writes, state } = witness.model
  const wasRolledBack = state.notes.some(
    ({ text, atMs }) => text === 'the upgrade is rolled back' && atMs <= witness.endMs,
  )
  const versionWasWritten = writes.some(
    ({ writer, before, after }) => writer !== 'us' && before.version !== after.version,
  )
  const hasDrifted = witness.happened.includes('drift')
  // A phase that shows for another reason looks like work on the upgrade, and its end like the upgrade's.
  if (witness.happened.includes('phase')) return undefined
  if (wasRolledBack || versionWasWritten || hasDrifted || looksRolledBack(facts)) return undefined
  return 'nobody took the upgrade back'
}

/** Where `timeout` is short, so is the row of reads that shows a rollback: what is published late may then look like one. */
function looksRolledBack({ witness }: Facts): boolean {
  const { server, task, faults } = witness.plan
  const rowMs = Math.min(2 * MINUTE, task.timeoutMs / 4)
  const isReplicated = server.replicaShare > 0 || faults.some(({ fault }) => fault.kind === 'replica')
  const isHonest =
    server.reportsGeneration && server.reportsObserved && server.countsVersion && server.stamps === 'done'
  // Before the upgrade begins, only an honest generation tells that it is still to come.
  const unbegunMs = isHonest && server.generationLagMs === 0 ? 0 : server.startAfterMs + server.scaleMs
  const lateMs = server.versionLagMs + server.phaseLagMs + (isReplicated ? MINUTE : 0)
  return lateMs + unbegunMs >= rowMs
}

function hasCauseOfLoss(facts: Facts): string | undefined {
  const { witness, reads } = facts
  const fromMs = reads[0]?.depicts?.atMs ?? 0
  const hasOthers = witness.model.writes.some(({ writer, atMs, before, after, running }) => {
    if (writer === 'us' || atMs < fromMs) return false
    return facts.asked.some((value) => value.valueIn({ ...before, running }) !== value.valueIn({ ...after, running }))
  })
  if (hasOthers || ourPatchWasAltered(facts) || wasBehindForLong(facts)) return undefined
  return 'nobody changed what we had asked for'
}

/** Without generations, a replica that stays behind, or an answer that lacks a field, for long enough looks like someone who took our change back. */
function wasBehindForLong({ witness, reads }: Facts): boolean {
  const isBehind = ({ isStale, faults }: ExchangeRecord) =>
    isStale || faults.some((fault) => fault.startsWith('without'))
  const lastAhead = reads.findLastIndex((read) => !isBehind(read))
  const row = reads.slice(lastAhead + 1)
  const spanMs = (row.at(-1)?.endMs ?? 0) - (row[0]?.endMs ?? 0)
  const isUnderLater =
    (statusOf(row.at(-1)?.shown ?? {}).generation ?? 0) > (statusOf(reads[lastAhead]?.shown ?? {}).generation ?? 0)
  return row.length >= 3 && (isUnderLater || spanMs >= Math.min(2 * MINUTE, witness.plan.task.timeoutMs / 4) - 1)
}

function hasCauseOfSideEffect(facts: Facts): string | undefined {
  const { witness } = facts
  const { countsVersion, countsResources, generationLagMs, reportsGeneration } = witness.plan.server
  const isDoing = witness.model.writes.some(({ writer, before, after }) => {
    if (writer !== 'us') return false
    const others = (resources: typeof before.resources) =>
      Object.fromEntries(
        Object.entries(resources).filter(([name]) => !facts.asked.some((value) => value.name === name)),
      )
    const changed = !isSame(others(before.resources), others(after.resources))
    const versionChanged = witness.plan.task.version === undefined && before.version !== after.version
    const alertsChanged = JSON.stringify(before.alerts) !== JSON.stringify(after.alerts)
    return changed || versionChanged || alertsChanged
  })
  if (isDoing) return undefined
  // Where others' changes do not count, or count late, they stand under our generation.
  const isUndecidable = !countsVersion || !countsResources || generationLagMs > 0 || !reportsGeneration
  const others = witness.model.writes.some(({ writer }) => writer !== 'us')
  // What a partial answer lacks, and two reads in a row by their own fault, has vanished as far as anyone can tell.
  const isHidden = witness.records.some(({ faults }) => faults.some((fault) => fault.startsWith('without')))
  const isPartial = witness.plan.server.patchAnswer === 'partial'
  if (
    isHidden &&
    (isPartial || facts.patches.some(({ faults }) => faults.some((fault) => fault.startsWith('without'))))
  )
    return undefined
  // What a partial answer lacked, and two reads after it, may have been taken away by others in between.
  return (isUndecidable || isPartial) && others ? undefined : 'no PATCH of ours changed what was not asked for'
}

/** The last moment at which anything moved that a run could see, or anything went wrong on the way. */
function quietSinceMs({ witness }: Facts): number {
  const { model, records, endMs } = witness
  const moves = model.state.history.filter(({ atMs }) => atMs <= endMs).map(({ atMs }) => atMs)
  const troubles = records
    .filter(
      ({ faults, isStale, shown, status }) => faults.length > 0 || isStale || (shown === undefined && status !== 200),
    )
    .map(({ endMs: atMs }) => atMs)
  return Math.max(0, ...moves, ...troubles)
}

function isDone({ asked, witness }: Facts, truth: Snapshot): boolean {
  const { published, generation, running, exists } = truth
  const { version } = witness.plan.task
  const isObserved = published.observedGeneration >= published.generation && published.generation === generation
  return (
    exists &&
    published.hasStatus &&
    published.phase === 'Running' &&
    published.kubernetesVersion === running &&
    isObserved &&
    asked.every((value) => value.isMet(truthView(truth))) &&
    (version === undefined || running.replace('v', '').startsWith(version)) &&
    // A desired version that does not run may be an upgrade under way.
    (truth.spec.version === undefined || running.replace('v', '').startsWith(truth.spec.version.replace('v', '')))
  )
}

function isNotTimedOutInVain(facts: Facts): string | undefined {
  const { witness, patches } = facts
  const { outcome, plan, model, endMs } = witness
  const { task, server } = plan
  if (outcome.result !== 'timed-out' || outcome.reason !== 'timeout') return undefined
  const truth = model.state.snapshotAt(endMs)
  if (!isDone(facts, truth)) return undefined
  // Where nothing says which version runs, an upgrade that nobody saw at work is never proven.
  if (task.version !== undefined && !server.reportsKubernetesVersion) return undefined
  const calmMs = endMs - Math.max(quietSinceMs(facts), patches.at(-1)?.endMs ?? 0)
  // A version is proven by two reads, the rest by two that span settle-time; each poll may be a tenth late.
  const neededMs = task.settleTimeMs + 4 * 1.1 * task.pollIntervalMs + 30 * SECOND
  return calmMs > neededMs ? `it was done, and nothing moved for ${calmMs} ms` : undefined
}

function endsGreenWhenCalm(facts: Facts): string | undefined {
  const { reads, witness } = facts
  const { plan, outcome } = witness
  if (!plan.isCalm || outcome.reason === undefined) return undefined
  if (outcome.reason === 'side-effect' && hasCauseOfSideEffect(facts) === undefined) return undefined
  // After a lost answer two generations more may be our change, taken back, whoever made them (contract 3.4).
  const lost = facts.patches.find(isLost)
  const base = lost === undefined ? undefined : facts.plannedFrom(lost)?.shown
  const { generation = Number.POSITIVE_INFINITY } = statusOf(base ?? {})
  const isTwoAbove = (statusOf(reads.at(-1)?.shown ?? {}).generation ?? 0) >= generation + 2
  if (outcome.kind === 'taken-back' && isTwoAbove) return undefined
  // An upgrade that stands out is older than the run only where it was seen at rest first (contract 3.5).
  const { running, phase } = statusOf(reads[0]?.shown ?? {})
  const { version } = viewOf(reads[0]?.shown ?? {})
  const standsOut = version !== undefined && running !== undefined && !covers(version, running)
  if (outcome.reason === 'timeout' && standsOut && phase !== 'Running') return undefined
  return `${outcome.result}/${outcome.reason}: ${outcome.message}`
}

/** A run that said nothing of a loss that its reads showed would be as bad as one that caused it. */
function tellsLosses(facts: Facts): string | undefined {
  const { witness, asked, reads } = facts
  if (witness.outcome.result !== 'timed-out' || witness.outcome.reason !== 'timeout') return undefined
  const sent = facts.patches.findLast(({ hasLanded }) => hasLanded)
  if (sent?.shown === undefined || !isMetBy(asked, sent.shown)) return undefined
  const { generation: ours, observedGeneration } = statusOf(sent.shown)
  // Generations tell only where both are reported.
  if (observedGeneration === undefined) return undefined
  const before = statusOf(facts.plannedFrom(sent)?.shown ?? {}).generation
  if (ours === undefined || before === undefined || ours <= before) return undefined
  const stale = staleReads(facts)
  const after = reads.filter((read) => facts.isAfter(read, sent) && !stale.has(read))
  const away = after.slice(-5)
  const isAway = (read: ExchangeRecord) => {
    const { generation = 0, phase } = statusOf(read.shown ?? {})
    const view = viewOf(read.shown ?? {})
    const old = viewOf(facts.plannedFrom(sent)?.shown ?? {})
    const isTheirs = asked.some(
      (value) =>
        !value.isMet(view) &&
        !isShortForm(facts, value, view.version) &&
        ![ABSENT, value.valueIn(old)].includes(value.valueIn(view)),
    )
    return phase !== undefined && generation > ours && isTheirs
  }
  return away.length === 5 && away.every(isAway)
    ? 'five reads in a row showed another value under a later generation'
    : undefined
}
