import type { Task } from '../domain/task.js'
import { InputError } from '../errors.js'
import type { ApiAddress } from './address.js'
import { readDesired } from './change.js'
import { parseBoolean, parseChoice, parseComment } from './choices.js'
import { type Connection, readConnection } from './connection.js'
import { readGuards } from './guards.js'
import { readHourlyRates } from './hourly-rates.js'
import { problemsOfProxies } from './proxy.js'
import { type Environment, InputReader } from './reader.js'
import { judgeUnknownNames } from './unknown-names.js'
import { readWaiting } from './waiting.js'

/** Everything a run is told, checked; what was not given is absent. */
export interface Inputs extends Task, Connection {
  readonly jobSummary: boolean
  readonly comment: boolean | 'changes'
  /** What a careful person would want to know about the inputs and their surroundings. */
  readonly warnings: readonly string[]
}

/** Reads `INPUT_*` and the `KUPE_*` environment. Throws one `InputError` that lists every fault of every input. */
export async function parseInputs(env: Environment): Promise<Inputs> {
  const read = new InputReader(env)
  const unknown = judgeUnknownNames(env)
  read.problems.push(...unknown.problems, ...problemsOfProxies(env))
  read.warnings.push(...unknown.warnings)
  const mode = read.read('mode', parseChoice(['apply', 'plan', 'verify'], MODES_MEANT))
  const hourlyRates = readHourlyRates(read)
  const inputs: Omit<Inputs, 'warnings'> = {
    ...readConnection(read),
    mode: mode ?? 'apply',
    desired: await readDesired(read, mode),
    ...readGuards(read, mode ?? 'apply'),
    ...readWaiting(read, mode),
    ...(hourlyRates === undefined ? {} : { hourlyRates }),
    jobSummary: read.read('job-summary', parseBoolean) ?? true,
    comment: read.read('comment', parseComment) ?? false,
  }
  read.read('github-token', (value) => ({ value }))
  if (read.problems.length > 0) throw new InputError(read.problems, read.warnings)
  return { ...inputs, warnings: [...warningsOf(env, inputs.api), ...read.warnings] }
}

const MODES_MEANT = {
  'dry-run': 'plan',
  dryrun: 'plan',
  dry_run: 'plan',
  check: 'plan',
  preview: 'plan',
  validate: 'plan',
  diff: 'plan',
  deploy: 'apply',
  upgrade: 'apply',
  scale: 'apply',
  wait: 'verify',
} as const

/** The environment variable's name says more than a proxy's certificate would: everything sent can be read on the way. */
function warningsOf(env: Environment, api: ApiAddress): string[] {
  const isForeign = api.source !== 'api-url' && !api.isLoopback && api.host !== 'api.kupe.cloud'
  return [
    ...(isForeign ? [`The API key is sent to ${api.host}, which ${api.source} in the environment names`] : []),
    ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, and the API key can be read on the way']
      : []),
  ]
}
