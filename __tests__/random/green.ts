import { ABSENT, type AskedValue, covers, type Kind, viewOf } from './asked.js'
import type { Snapshot } from './cluster-state.js'
import type { ExchangeRecord } from './exchange.js'
import {
  type Facts,
  isMetBy,
  isShortForm,
  mayHaveLanded,
  shownParts,
  staleReads,
  statusOf,
  truthView,
} from './facts.js'
import type { Invariant } from './invariants.js'
import { isInside } from './writes.js'

/** Green endings are true: what they claim is held against the model's own life, not against what it showed. */
export const GREEN_INVARIANTS: Readonly<Record<string, Invariant>> = {
  'a green ending rests on a last read that shows it': restsOnItsLastRead,
  'what is called converged or unchanged is so': isTrulyDone,
  'proof without a generation takes two reads, and settle-time': hasStoodLongEnough,
  'evidence is what the reads give': hasItsEvidence,
  'unchanged means that nothing was sent': ({ witness: { outcome }, patches }) =>
    outcome.result === 'unchanged' && patches.length > 0 ? 'a PATCH was sent' : undefined,
  'what is called accepted was taken': isTrulyAccepted,
  'a plan names what differs': isTruePlan,
  'skipped means that the window is closed and nothing was sent': isTrulySkipped,
}

function isDoneResult({ witness: { outcome } }: Facts): boolean {
  return outcome.result === 'converged' || outcome.result === 'unchanged'
}

function restsOnItsLastRead(facts: Facts): string | undefined {
  if (!isDoneResult(facts)) return undefined
  const { witness, asked, patches } = facts
  const last = witness.records.at(-1)
  if (last?.method !== 'GET' || last.shown === undefined) return 'the last exchange showed no cluster'
  if (staleReads(facts).has(last)) return 'the last read is stale: a later generation was seen before'
  if (!isMetBy(asked, last.shown)) return 'the last read does not show what was asked'
  const status = statusOf(last.shown)
  if (status.phase !== 'Running') return `the last read’s phase is ${status.phase}`
  const { generation, observedGeneration, running } = status
  const isReported = (name: 'generation' | 'observedGeneration' | 'running') =>
    witness.records.some(({ shown }) => shown !== undefined && statusOf(shown)[name] !== undefined)
  for (const name of ['generation', 'observedGeneration', 'running'] as const) {
    if (isReported(name) && status[name] === undefined) return `${name} was reported, but not by the last read`
  }
  const answered = patches.map(({ shown }) => (shown === undefined ? undefined : statusOf(shown).generation)).at(-1)
  if (isReported('generation') && isReported('observedGeneration')) {
    const needed = Math.max(generation ?? 0, answered ?? 0)
    if ((observedGeneration ?? 0) < needed) return `generation ${needed} is not observed in the last read`
  }
  const { version } = witness.plan.task
  if (version !== undefined && running !== undefined && !covers(version, running)) return `${running} runs`
  return lacksUnbelieved(facts, last)
}

/** A part of the spec that vanished is believed gone only after three answers in a row, the PATCH's own included. */
function lacksUnbelieved(facts: Facts, last: ExchangeRecord): string | undefined {
  const stale = staleReads(facts)
  const reads = facts.witness.records.filter((record) => record.shown !== undefined && !stale.has(record))
  const parts = (read: ExchangeRecord) => new Set(shownParts(read.shown ?? {}))
  const seen = new Set(reads.flatMap((read) => [...parts(read)]))
  const lastThree = reads.slice(-3)
  for (const part of seen) {
    if (parts(last).has(part)) continue
    if (lastThree.length < 3 || lastThree.some((read) => parts(read).has(part))) {
      return `${part} was shown earlier, but not by the last read`
    }
  }
  return undefined
}

function isTrulyDone(facts: Facts): string | undefined {
  if (!isDoneResult(facts)) return undefined
  const { asked, reads } = facts
  const last = reads.at(-1)
  const truth = last?.depicts
  if (last === undefined || truth === undefined) return undefined
  if (!truth.exists || truth.published.phase === 'Terminating') return 'the cluster is gone, or going'
  // A first read that hid when the cluster was created leaves nothing to tell it from another.
  const dated = reads.find(({ shown }) => shown?.createdAt !== undefined)
  const isOther = dated !== undefined && truth.createdAt !== dated.depicts?.createdAt
  if (isOther) return 'it is another cluster of the same name'
  const unwanted = asked.filter((value) => !value.isMet(truthView(truth)) && !isBelievedAbsent(facts, value))
  if (unwanted.length > 0) return `not wanted on the server: ${unwanted.map(({ name }) => name).join(', ')}`
  for (const kind of new Set(asked.map((value) => value.kind))) {
    if (isCarriedOut(facts, kind, truth)) continue
    const excuse = findExcuse(facts, kind, truth, last)
    if (excuse === undefined) return `${kind} not carried out (it runs ${truth.running})`
  }
  return undefined
}

/** Alerts that three reads in a row do not show are believed to be absent (contract 3.1, 5). */
function isBelievedAbsent({ reads }: Facts, { kind }: AskedValue): boolean {
  const lastThree = reads.slice(-3)
  const isShown = lastThree.some(({ shown }) => shownParts(shown ?? {}).includes('alerts'))
  return kind === 'alerts' && !isShown && lastThree.length === 3
}

function isCarriedOut({ witness, asked }: Facts, kind: Kind, truth: Snapshot): boolean {
  const { version } = witness.plan.task
  if (kind === 'version') {
    // What is published of the running version may be as old as its lag, but never ahead of it.
    const lagMs = witness.plan.server.versionLagMs
    const then = lagMs === 0 ? truth : witness.model.state.snapshotAt(truth.atMs - lagMs)
    return [truth.running, then.running].some((running) => covers(version ?? '', running))
  }
  const { resources, alerts } = truth.carriedOut
  const done = { version: truth.spec.version, running: truth.running, resources, alerts }
  return asked.every((value) => value.kind !== kind || value.isMet(done))
}

/**
 * A run can know no more than it is told. These are the only untruths that it may fall for:
 * - a generation that was stamped as observed before the work was done (the platform's own word), or that does not count this
 *   kind of change, or is published later than the change it counts, or is not reported at all: then only time can tell
 *   (`settled`), and work that takes longer than `settle-time` without a sign is not seen;
 * - where no read ever says which version runs, a phase that says the cluster was at work after our PATCH and is no more, or, where
 *   nothing was sent of it, a green ending that warns of just that; and a platform that there takes the upgrade back unseen.
 */
function findExcuse(facts: Facts, kind: Kind, truth: Snapshot, last: ExchangeRecord): string | undefined {
  const isHonest = isGenerationHonest(facts, kind, truth, last)
  if (kind !== 'version') return isHonest ? undefined : 'no generation tells the truth of this change'
  if (facts.reads.some(({ shown }) => statusOf(shown ?? {}).running !== undefined)) return undefined
  const { notes } = facts.witness.model.state
  const isMovedUnseen = notes.some(({ text }) => /^the (upgrade is rolled back|platform moves)/.test(text))
  if (isHonest) return isMovedUnseen ? 'the platform moved it, and no read says which version runs' : undefined
  return excuseForUnseenVersion(facts)
}

function isGenerationHonest({ witness }: Facts, kind: Kind, truth: Snapshot, last: ExchangeRecord): boolean {
  const { countsVersion, countsResources, countsAlerts, stamps } = witness.plan.server
  const counts = { version: countsVersion, resources: countsResources, alerts: countsAlerts }
  const { generation, observedGeneration } = statusOf(last.shown ?? {})
  const isShown = generation !== undefined && observedGeneration !== undefined
  return isShown && counts[kind] && stamps === 'done' && truth.published.generation === truth.generation
}

function excuseForUnseenVersion(facts: Facts): string | undefined {
  const { witness, asked, reads, patches } = facts
  const version = asked.filter(({ kind }) => kind === 'version')
  const sent = patches.find(mayHaveLanded)
  // The PATCH's own answer is a sight of the cluster, too.
  const wasAtWork = [...reads, ...patches].some((read) => {
    if (read.shown === undefined || (sent !== undefined && read !== sent && !facts.isAfter(read, sent))) return false
    const { phase } = statusOf(read.shown)
    return phase !== undefined && phase !== 'Running' && phase !== 'Degraded' && isWanted(version, read)
  })
  if (wasAtWork) return 'it was seen at work'
  const isWarned = witness.outcome.warnings.length > 0
  const hasSentVersion = patches.some((patch) => mayHaveLanded(patch) && patch.body?.includes('"version"'))
  if (sent !== undefined) return isWarned && !hasSentVersion ? 'it was desired already, and it is warned of' : undefined
  const hasGenerations = reads.some(({ shown }) => {
    const { generation, observedGeneration } = statusOf(shown ?? {})
    return generation !== undefined && observedGeneration !== undefined
  })
  if (hasGenerations) return 'the generation is observed, and nothing was sent'
  return witness.outcome.result === 'unchanged' && isWarned ? 'it is warned of' : undefined
}

/** Whether a read shows our version as the desired one, perhaps in its short form. */
function isWanted(asked: readonly AskedValue[], { shown }: ExchangeRecord): boolean {
  const view = viewOf(shown ?? {})
  return asked.every((value) => value.isMet({ ...view, running: undefined }) || view.version !== undefined)
}

/** Reads that look finished, counted back from the last one; failed and stale ones are neither here nor there. */
function finishedRow(facts: Facts): ExchangeRecord[] {
  const stale = staleReads(facts)
  const row: ExchangeRecord[] = []
  for (const read of facts.reads.filter((read) => !stale.has(read)).reverse()) {
    const { phase, generation = 0, observedGeneration = generation } = statusOf(read.shown ?? {})
    if (!isMetBy(facts.asked, read.shown ?? {}) || phase !== 'Running' || observedGeneration < generation) break
    row.push(read)
  }
  return row
}

function hasStoodLongEnough(facts: Facts): string | undefined {
  const { witness, asked, patches } = facts
  const { outcome, plan } = witness
  if (outcome.result !== 'converged' || outcome.evidence?.includes('generation') === true) return undefined
  const row = finishedRow(facts)
  if (row.length < 2) return `only ${row.length} read in a row looks finished`
  const sent = patches.filter(mayHaveLanded)
  const isSent = (key: string) => sent.some(({ body = '' }) => key in JSON.parse(body))
  const needsTime = (['resources', 'alerts'] as const).some(
    (kind) => asked.some((value) => value.kind === kind) && (sent.length === 0 || isSent(kind)),
  )
  const spanMs = (row[0]?.endMs ?? 0) - (row.at(-1)?.endMs ?? 0)
  if (needsTime && spanMs < plan.task.settleTimeMs) return `it had looked finished for ${spanMs} ms only`
  return undefined
}

function hasItsEvidence(facts: Facts): string | undefined {
  const { reads, patches } = facts
  const { outcome } = facts.witness
  const evidence = outcome.evidence ?? []
  if (outcome.result !== 'converged') return evidence.length > 0 ? `evidence of ${outcome.result}` : undefined
  if (evidence.length === 0) return 'no evidence'
  const order = ['generation', 'kubernetes-version', 'settled']
  const places = evidence.map((item) => order.indexOf(item))
  if (places.some((place, index) => place < 0 || place <= (places[index - 1] ?? -1))) return `evidence ${evidence}`
  const { generation, observedGeneration, running } = statusOf(reads.at(-1)?.shown ?? {})
  if (evidence.includes('kubernetes-version') && running === undefined) return 'no read says which version runs'
  if (!evidence.includes('generation')) return undefined
  if (generation === undefined || observedGeneration === undefined) return 'no generation in the last read'
  const landed = patches.filter(mayHaveLanded).at(-1)
  if (landed === undefined) return undefined
  const before = generationBefore(facts, landed)
  if (before === undefined) return 'no generation was read before, so that none proves'
  if (generation <= before) return `the generation did not move (${generation})`
  const base = viewOf(facts.plannedFrom(landed)?.shown ?? {})
  const answer = viewOf(landed.shown ?? {})
  // An old object as the answer says no more than an empty one.
  const isOneGeneration =
    statusOf(landed.shown ?? {}).generation === statusOf(facts.plannedFrom(landed)?.shown ?? {}).generation
  const isOld = facts.asked.every((value) => {
    const [now, was] = [value.valueIn(answer), value.valueIn(base)]
    return now === was || (was === ABSENT && isOneGeneration)
  })
  const answered = landed.shown === undefined || isOld ? undefined : statusOf(landed.shown).generation
  if (answered !== undefined && answered <= before) return 'the PATCH’s answer shows that generations do not count this'
  return undefined
}

/** The highest generation that was read before a PATCH. */
function generationBefore({ witness, isAfter }: Facts, patch: ExchangeRecord): number | undefined {
  const earlier = witness.records.filter((record) => isAfter(patch, record))
  const generations = earlier.flatMap(({ shown }) => statusOf(shown ?? {}).generation ?? [])
  return generations.length === 0 ? undefined : Math.max(...generations)
}

function isTrulyAccepted(facts: Facts): string | undefined {
  const { witness, asked, reads, patches } = facts
  if (witness.outcome.result !== 'accepted') return undefined
  const taken = patches.findLast(
    ({ status, isEmpty, shown }) => (status ?? 500) < 300 && (isEmpty || shown !== undefined),
  )
  const last = reads.at(-1)
  if (last?.shown === undefined) return 'no read'
  if (statusOf(last.shown).phase === 'Terminating') return 'the cluster is going'
  if (taken === undefined) {
    const sent = patches.some(mayHaveLanded)
    const view = viewOf(last.shown)
    const isThere = asked.every((value) => value.isMet(view) || (sent && isShortForm(facts, value, view.version)))
    return isThere ? undefined : 'nothing was taken, and the last read does not show it'
  }
  const base = facts.plannedFrom(taken)
  const latest = [last, taken].find((record) => record.shown !== undefined && facts.isAfter(record, base ?? taken))
  const shown = (latest ?? taken).shown
  if (shown !== undefined && !staleReads(facts).has(latest ?? taken)) {
    const [view, old] = [viewOf(shown), viewOf(base?.shown ?? {})]
    const carried = new Set(shownParts(shown))
    const other = asked.find(
      (value) =>
        (value.kind === 'alerts' ? carried.has('alerts') : carried.has(value.name)) &&
        !value.isMet(view) &&
        value.valueIn(view) !== value.valueIn(old) &&
        !isShortForm(facts, value, view.version),
    )
    if (other !== undefined) return `${other.name} is neither as asked nor as it was`
  }
  const index = patches.indexOf(taken)
  const isWritten = witness.model.writes.some(({ patch }) => patch === index)
  return isWritten ? undefined : 'the PATCH changed nothing'
}

function isTruePlan({ witness: { outcome }, asked, reads }: Facts): string | undefined {
  if (outcome.result !== 'planned') return undefined
  const view = viewOf(reads.at(-1)?.shown ?? {})
  const names = asked.filter((value) => !value.isMet(view)).map(({ kind, name }) => (kind === 'alerts' ? kind : name))
  const edits = (outcome.plan?.edits ?? []).map(({ field }) => (field.startsWith('alerts') ? 'alerts' : field))
  return edits.join() === names.join() ? undefined : `planned ${edits}, but ${names} differ`
}

function isTrulySkipped({ witness, patches }: Facts): string | undefined {
  const { outcome, plan, endWallMs } = witness
  if (outcome.result !== 'skipped') return undefined
  if (patches.some(mayHaveLanded)) return 'a PATCH may have landed'
  return isInside(plan.task.onlyBetween, endWallMs) ? 'it is inside the window' : undefined
}
