import { InputError, type InputProblem } from '../../src/errors.js'
import { type Inputs, parseInputs } from '../../src/inputs/parse.js'
import type { Environment } from '../../src/inputs/reader.js'

export const API_KEY = 'kupe_key_0123456789'
export const REQUIRED = { 'api-key': API_KEY, tenant: 'acme', cluster: 'production' }

export type GivenInputs = Readonly<Record<string, string>>

/** The environment as the runner sets it for these inputs. */
function toEnv(given: GivenInputs, env: Environment = {}): Environment {
  return {
    ...env,
    ...Object.fromEntries(Object.entries(given).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text])),
  }
}

/** The inputs of a run that asks for 8 CPUs, with the changes given. */
export async function parse(given: GivenInputs = {}, env: Environment = {}): Promise<Inputs> {
  return parseInputs(toEnv({ ...REQUIRED, cpu: '8', ...given }, env))
}

/** The error of a run with these inputs alone. */
export async function errorOf(given: GivenInputs, env: Environment = {}): Promise<InputError> {
  const result = await parseInputs(toEnv(given, env)).catch((error: unknown) => error)
  if (!(result instanceof InputError)) throw new Error(`no input error: ${JSON.stringify(result)}`)
  return result
}

/** The faults of a run that asks for 8 CPUs, with the changes given; none where it is fine. */
export async function faultsOf(given: GivenInputs = {}, env: Environment = {}): Promise<readonly InputProblem[]> {
  const result = await parse(given, env).catch((error: unknown) => error)
  return result instanceof InputError ? result.problems : []
}
