import type { Environment } from './reader.js'
import { trimEnds, withoutQuotes } from './spelling.js'

/** Where the API key may come from besides its input, in this order. */
export const API_KEY_VARIABLES = ['KUPE_API_KEY', 'KUPE_API_TOKEN'] as const

const SECRET_VARIABLES = ['INPUT_API-KEY', 'INPUT_TOKEN', 'INPUT_API-TOKEN', 'INPUT_GITHUB-TOKEN', ...API_KEY_VARIABLES]

/** Where a secret is kept, in a workflow's words: a mistake for the secret, and to be read in the error about it. */
const PLACE = /^(?:secrets|env|vars|inputs)\.[a-z_][\w-]*$/i

/**
 * Every value that may be a secret, to be masked before anything else happens: as it was given, as it is sent, and without the
 * quotes and the `Bearer` that people put around it.
 */
export function secretsIn(env: Environment): string[] {
  const forms = SECRET_VARIABLES.flatMap((name) => {
    const given = env[name] ?? ''
    const sent = trimEnds(given)
    return [given, sent, trimEnds(withoutQuotes(sent).replace(/^Bearer\s+/i, ''))]
  })
  return [...new Set(forms)].filter((form) => trimEnds(form) !== '' && !PLACE.test(trimEnds(form)))
}
