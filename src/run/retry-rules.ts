import type { FailureKind } from '../domain/failure-reasons.js'
import { RESOURCE_NAMES } from '../domain/resources.js'
import type { ApiError, ApiErrorFacts } from '../errors.js'
import { ALLOWANCES, type Allowance } from '../policy.js'

/** Where in a run an exchange failed: before any read has passed the gate, after that, or as a PATCH. */
export type Moment = 'first-read' | 'read' | 'patch'

/** What a failed exchange leads to. */
export type Response =
  /** It may pass: read again for as long as the allowance gives, or until the deadline; then it fails so. */
  | { readonly kind: 'repeat'; readonly within: Allowance | 'deadline'; readonly fails: FailureKind }
  /** It hardly passes: a few tries before the first success. */
  | { readonly kind: 'repeat-few'; readonly fails: FailureKind }
  /** A PATCH whose answer says nothing of it: it may have landed, and only a read can tell. */
  | { readonly kind: 'lost' }
  /** 412: the cluster moved since it was read. */
  | { readonly kind: 'moved' }
  /** 409: some servers say so of a cluster that moved, others of one that is busy. */
  | { readonly kind: 'moved-or-busy' }
  /** 429: a PATCH was not processed. */
  | { readonly kind: 'limited' }
  | { readonly kind: 'end'; readonly fails: FailureKind }

/** The table of trouble (contract 3.6): what came, and at what moment. */
export function respondTo(error: ApiError, moment: Moment): Response {
  return moment === 'patch' ? respondToPatch(error.facts) : respondToGet(error.facts, moment)
}

function respondToGet(facts: ApiErrorFacts, moment: 'first-read' | 'read'): Response {
  const { trouble, status = 0 } = facts
  const isFirst = moment === 'first-read'
  const passing: Response = {
    kind: 'repeat',
    within: isFirst ? ALLOWANCES.firstRead : 'deadline',
    fails: 'unavailable',
  }
  if (isFirst && (trouble === 'dns' || trouble === 'tls')) return { kind: 'repeat-few', fails: 'unavailable' }
  if (trouble !== 'status' || isPassing(status) || isForeignRefusal(facts)) return passing
  if (status === 401) return { kind: 'end', fails: 'unauthorized' }
  if (!isFirst && (status < 400 || facts.isFromApi !== true)) return passing
  const fails = failureOf(facts, moment)
  const isOwnRefusal = !isFirst && (status === 403 || status === 404)
  return isOwnRefusal ? { kind: 'repeat', within: ALLOWANCES.ownRefusal, fails } : { kind: 'end', fails }
}

function respondToPatch(facts: ApiErrorFacts): Response {
  const { trouble, status = 0 } = facts
  if (status === 412) return { kind: 'moved' }
  if (status === 409) return { kind: 'moved-or-busy' }
  if (status === 429) return { kind: 'limited' }
  if (trouble !== 'status' || isPassing(status) || isForeignRefusal(facts)) return { kind: 'lost' }
  return { kind: 'end', fails: failureOf(facts, 'patch') }
}

/**
 * Whether the API itself may have refused a PATCH for resources of these names, which it showed and we do not know (contract 3.2).
 * Sent without them they may be lost: where it speaks of what we know, or of what will pass, it did not.
 */
export function isRefusedForNames(facts: ApiErrorFacts, names: readonly string[]): boolean {
  const { status, isFromApi, serverMessage = '', code = '', field = '' } = facts
  if (names.length === 0 || isFromApi !== true || (status !== 400 && status !== 422)) return false
  const text = `${field} ${code} ${serverMessage}`.replaceAll('_', ' ')
  const speaksOf = (name: string) => hasWord(text, name.replaceAll('_', ' '))
  return names.some(speaksOf) || !(KNOWN_NAMES.some(speaksOf) || MAY_PASS.test(text))
}

const KNOWN_NAMES = [...RESOURCE_NAMES, 'version', 'alerts']
const MAY_PASS = /\b(?:in progress|busy|locked|(?:try|retry) (?:again|later))\b/i

/** Whether a text has a name of its own in it, not as a part of a longer one. */
function hasWord(text: string, word: string): boolean {
  const literal = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'iu').test(text)
}

/** Statuses that say nothing of the cluster, and may be another the next time. */
function isPassing(status: number): boolean {
  return [304, 408, 425, 429].includes(status) || status >= 500
}

/** A 403 or 404 that the API itself did not write: a firewall, a proxy, a default back end. */
function isForeignRefusal({ status, isFromApi }: ApiErrorFacts): boolean {
  return (status === 403 || status === 404) && isFromApi !== true
}

/** What came, in as few words as a count of it can stand behind. */
export function toTroubleWords({ facts }: ApiError): string {
  const { trouble, status } = facts
  return trouble === 'status' ? String(status) : TROUBLE_WORDS[trouble]
}

const TROUBLE_WORDS: Readonly<Record<Exclude<ApiErrorFacts['trouble'], 'status'>, string>> = {
  network: 'no connection',
  dns: 'name not found',
  tls: 'no secure connection',
  timeout: 'no answer in time',
  'not-a-cluster': 'an answer without the cluster',
}

const ROLE_MESSAGES = new Set(['', 'access denied', 'admin access required', 'not a member of this tenant'])

const NOT_FOUND: Readonly<Record<Moment, FailureKind>> = {
  'first-read': 'not-found',
  read: 'gone',
  patch: 'gone-or-hidden',
}

/** How a run fails by a status once it is not repeated any more. */
export function failureOf({ status = 0, serverMessage = '' }: ApiErrorFacts, moment: Moment): FailureKind {
  if (status === 401) return 'unauthorized'
  // Any other text is how older servers refuse a change that is not allowed, which is no matter of roles.
  if (status === 403) return ROLE_MESSAGES.has(serverMessage.trim().toLowerCase()) ? 'forbidden' : 'rejected'
  if (status === 404) return NOT_FOUND[moment]
  return 'rejected'
}
