import { toWords } from '../../src/report/words.js'
import { viewOf } from './asked.js'
import { type Facts, staleReads, statusOf } from './facts.js'
import type { Invariant } from './invariants.js'
import { CLUSTER_NAME, SECRETS } from './model.js'

/** What every run keeps to, whatever happens: time, manners, and whole outputs without a secret. */
export const BOUND_INVARIANTS: Readonly<Record<string, Invariant>> = {
  'it ends within its time': ({ witness: { endMs, plan } }) =>
    endMs <= plan.task.timeoutMs + 1_000 ? undefined : `${endMs} ms of ${plan.task.timeoutMs}`,
  'it ends at once when cancelled': endsWhenCancelled,
  'a 401 is never repeated': ({ witness: { records } }) => {
    const index = records.findIndex(({ status }) => status === 401)
    return index < 0 || index === records.length - 1 ? undefined : 'the run went on'
  },
  'it does not hammer the server': doesNotHammer,
  'result and reason go together': fitsTogether,
  'outputs are whole': hasWholeOutputs,
  'no secret is shown': showsNoSecret,
}

function endsWhenCancelled({ witness }: Facts): string | undefined {
  const { plan, endMs, outcome, wasCancelled, records } = witness
  if (!wasCancelled) return outcome.result === 'cancelled' ? 'nobody cancelled' : undefined
  const cancelAtMs = plan.cancelAtMs ?? 0
  if (endMs > cancelAtMs + 1_000) return `it went on for ${endMs - cancelAtMs} ms`
  if (records.some(({ startMs }) => startMs > cancelAtMs)) return 'a request was sent afterwards'
  return outcome.result === 'cancelled' ? undefined : `it ended ${outcome.result}`
}

function doesNotHammer({ witness: { records, plan } }: Facts): string | undefined {
  // Short timeouts make short polls: the shortest is half of the shortest timeout.
  const shortestMs = Math.min(5_000, plan.task.pollIntervalMs * 10)
  for (const [index, { startMs }] of records.entries()) {
    const later = records[index + 40]
    if (later !== undefined && later.startMs - startMs < shortestMs)
      return `40 requests in ${later.startMs - startMs} ms`
  }
  return undefined
}

const GREEN: Readonly<Record<string, readonly string[]>> = {
  apply: ['unchanged', 'skipped', 'accepted', 'converged'],
  plan: ['planned'],
  verify: ['converged'],
}

function fitsTogether({ witness }: Facts): string | undefined {
  const { outcome, plan } = witness
  const { result, reason, message } = outcome
  if (message === '') return 'no message'
  if (reason === undefined) {
    if (GREEN[plan.task.mode]?.includes(result) !== true) return `${plan.task.mode} ended ${result}`
    return result === 'accepted' && plan.task.wait ? 'accepted, though it was to wait' : undefined
  }
  if (reason === 'internal' || reason === 'invalid-input') return `${reason}: ${message}`
  if ((toWords(outcome, { tenant: 'acme', cluster: CLUSTER_NAME }).next ?? '') === '')
    return `no next step for ${reason}`
  if (result === 'timed-out') return ['timeout', 'busy'].includes(reason) ? undefined : `timed-out/${reason}`
  if (result === 'cancelled') return reason === 'cancelled' ? undefined : `cancelled/${reason}`
  if (result !== 'failed') return `${result}/${reason}`
  return ['timeout', 'cancelled'].includes(reason) ? `failed/${reason}` : undefined
}

function hasWholeOutputs(facts: Facts): string | undefined {
  const { witness, reads } = facts
  const { outputs, outputNames, outcome } = witness
  const names = Object.keys(outputs)
  if (names.length !== outputNames.length || outputNames.some((name) => !(name in outputs))) return `only ${names}`
  const other = names.find((name) => typeof outputs[name] !== 'string')
  if (other !== undefined) return `${other} is no text`
  if (outputs.result !== outcome.result || outputs['failure-reason'] !== (outcome.reason ?? '')) return 'another result'
  if (outputs.changed !== String(outcome.changed)) return `changed is ${outputs.changed}`
  if (!['true', 'false', ''].includes(outputs['would-change'] ?? '?'))
    return `would-change is ${outputs['would-change']}`
  if (reads.length > 0 && outputs.cluster === '') return 'no cluster, though one was read'
  if (outputs.plan !== '' && outputs['would-change'] === '')
    return 'a plan, and no word whether it would change anything'
  return findWrongState(facts)
}

/** The state that was replaced, or else the first one, and the last one that was seen. */
function findWrongState(facts: Facts): string | undefined {
  const { outputs, outcome, records } = facts.witness
  const tried = facts.patches.at(-1)
  const first = (tried === undefined ? undefined : facts.plannedFrom(tried)?.shown) ?? facts.reads[0]?.shown
  for (const name of ['cpu', 'memory', 'storage', 'version'] as const) {
    const was = first === undefined ? undefined : name === 'version' ? first.version : viewOf(first).resources[name]
    if (outputs[`previous-${name}`] !== String(was ?? '')) return `previous-${name} is ${outputs[`previous-${name}`]}`
  }
  // The last read of a cluster that is going, or of a new one of its name, need not be told.
  const stale = staleReads(facts)
  const last = records.findLast((record) => record.shown !== undefined && !stale.has(record))
  if (last?.shown === undefined || outcome.reason === 'deleted') return undefined
  const { phase } = statusOf(last.shown)
  if (phase !== undefined && outputs.phase !== phase) return `the phase is ${outputs.phase}, not ${phase}`
  // An answer to our PATCH that showed nothing still gave the newest ETag, or left none.
  const empty = records.findLast(({ method, isEmpty }) => method === 'PATCH' && isEmpty)
  if (empty !== undefined && records.indexOf(empty) > records.indexOf(last)) {
    return outputs.etag === (empty.etag ?? '') ? undefined : `the ETag is ${outputs.etag}, not the empty answer’s`
  }
  const isBare = last.method === 'PATCH' && last.etag === undefined
  if (isBare && outputs.etag !== '') return `the PATCH’s answer had no ETag, and etag is ${outputs.etag}`
  return last.etag !== undefined && outputs.etag !== last.etag
    ? `the ETag is ${outputs.etag}, not ${last.etag}`
    : undefined
}

function showsNoSecret({ witness }: Facts): string | undefined {
  const { log, outputs, outcome, endMs } = witness
  const atTheEnd = [...Object.values(outputs), outcome.message, outcome.hint ?? '']
  const lines = [...log, ...atTheEnd.map((line) => ({ atMs: endMs, line }))]
  for (const [name, secret] of Object.entries(SECRETS)) {
    // What the run cannot know yet is not held against it: a value that neither an input nor a read has shown so far.
    const sinceMs = name === 'key' ? 0 : knownSinceMs(witness, secret)
    const isSaid = log.some(({ atMs, line }) => atMs < sinceMs && line.includes(secret))
    // What the log said before it could be known may be said again.
    const found = isSaid ? undefined : lines.find(({ atMs, line }) => atMs >= sinceMs && line.includes(secret))?.line
    if (found !== undefined) return `${name}: ${found.slice(Math.max(0, found.indexOf(secret) - 60)).slice(0, 120)}`
  }
  return undefined
}

function knownSinceMs({ records, plan }: Facts['witness'], secret: string): number {
  if (JSON.stringify(plan.task.alerts ?? null).includes(secret)) return 0
  const record = records.find(
    ({ shown }) => shown?.alerts !== undefined && JSON.stringify(shown.alerts).includes(secret),
  )
  return record?.endMs ?? Number.POSITIVE_INFINITY
}
