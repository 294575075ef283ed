import type { Environment } from './reader.js'

/** Where the API key may come from besides its input, in this order. */
export const API_KEY_VARIABLES = ['KUPE_API_KEY', 'KUPE_API_TOKEN'] as const

const SECRET_VARIABLES = ['INPUT_API-KEY', 'INPUT_TOKEN', 'INPUT_API-TOKEN', 'INPUT_GITHUB-TOKEN', ...API_KEY_VARIABLES]

/** Every value that may be a secret, to be masked before anything else happens. */
export function secretsIn(env: Environment): string[] {
  const values = SECRET_VARIABLES.map((name) => env[name] ?? '')
  return [...new Set(values.flatMap((value) => [value, value.trim()]))].filter((value) => value.trim() !== '')
}
