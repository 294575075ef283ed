import { PULL_REQUEST_PLANS } from '../domain/approval.js'
import type { Guardrails } from '../domain/guardrails.js'
import { parseQuantity } from '../domain/quantity.js'
import { mapResources, RESOURCE_NAMES, type ResourceName, type Resources } from '../domain/resources.js'
import type { Task } from '../domain/task.js'
import { parseBoolean } from './choices.js'
import { readFreezeEntries } from './freeze-dates.js'
import { INPUTS } from './names.js'
import { findNearest } from './nearest.js'
import { parseResource } from './quantities.js'
import { type InputReader, type Parsed, toFault } from './reader.js'
import { withoutQuotes } from './spelling.js'
import { parseTimezone } from './timezones.js'
import { parseWindowInput } from './windows.js'

type Guards = Pick<Task, 'guardrails' | 'ifMatch' | 'expectedPlan' | 'window' | 'freeze'>

/** Reads what keeps a change from being sent. Times are checked in every mode, but only `apply` keeps to them. */
export function readGuards(read: InputReader, mode: Task['mode']): Guards {
  const ifMatch = read.read('if-match', parseEtag)
  const expectedPlan = read.read('expected-plan', parseExpectedPlan)
  const times = readTimes(read)
  return {
    guardrails: readGuardrails(read),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(expectedPlan === undefined ? {} : { expectedPlan }),
    ...(mode === 'apply' ? times : {}),
  }
}

function readGuardrails(read: InputReader): Guardrails {
  const [min, max] = [readBounds(read, 'min'), readBounds(read, 'max')]
  for (const name of RESOURCE_NAMES) failIfCrossed(read, name, min[name], max[name])
  return {
    allowDowngrade: read.read('allow-downgrade', parseBoolean) ?? false,
    allowVersionSkip: read.read('allow-version-skip', parseBoolean) ?? false,
    allowStorageShrink: read.read('allow-storage-shrink', parseBoolean) ?? false,
    min,
    max,
  }
}

function readBounds(read: InputReader, end: 'min' | 'max'): Resources {
  return mapResources((name) => read.read(`${end}-${name}`, parseResource(name)))
}

function failIfCrossed(read: InputReader, name: ResourceName, lowest = '', highest = ''): void {
  const [low, high] = [parseQuantity(lowest), parseQuantity(highest)]
  if (low === undefined || high === undefined || low <= high) return
  const reason = `is above max-${name} ${highest}, so every ${name} would be refused`
  read.fail(`min-${name}`, { reason, example: `${highest} or less` }, { text: lowest })
}

/** An ETag is the server's own text, quoted or not, and is sent as it is; but `*` and a list would let other states pass. */
function parseEtag(text: string): Parsed<string> {
  if (text === '*') return { reason: 'would match any state of the cluster, which protects nothing' }
  if (/^(?:(?:W\/)?"[^"]*"\s*|[^"]*),/.test(text))
    return { reason: 'is a list of ETags; a run can be held to one only' }
  return /^[\u0020-\u007e]+$/.test(text) ? { value: text } : { reason: 'has characters that no ETag has' }
}

const DIGEST = /^[0-9a-f]{16}$/i

function parseExpectedPlan(text: string): Parsed<string> {
  if (DIGEST.test(text)) return { value: text.toLowerCase() }
  if (text === PULL_REQUEST_PLANS) return { value: text }
  if (text.startsWith('{')) return { reason: 'is a whole plan; its digest is asked for here, the output plan-digest' }
  const reason = `is neither the digest of a plan, which has 16 hex digits, nor ${PULL_REQUEST_PLANS}`
  const word = withoutQuotes(text).toLowerCase().replace(/[_ ]/g, '-')
  const nearest = /^(?:pr|merge-request)$/.test(word) ? PULL_REQUEST_PLANS : findNearest(word, [PULL_REQUEST_PLANS])
  return toFault(reason, [nearest])
}

function readTimes(read: InputReader): Pick<Task, 'window' | 'freeze'> {
  const timezone = read.read('timezone', parseTimezone) ?? INPUTS.timezone.default
  const window = read.read('only-between', parseWindowInput(timezone))
  const entries = readFreezeEntries(read)
  return {
    ...(window === undefined ? {} : { window }),
    ...(entries === undefined ? {} : { freeze: { entries, timezone } }),
  }
}
