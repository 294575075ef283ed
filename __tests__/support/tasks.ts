import type { Simulator } from '../../simulator/simulator.js'
import type { Outcome } from '../../src/domain/outcome.js'
import type { Told } from './runs.js'

export const NAME = 'production'
export const MINUTE = 60_000
export const SCALE = { desired: { cpu: '8' } }
export const UPGRADE = { desired: { version: '1.32' } }
export const BOTH = { desired: { version: '1.32', cpu: '8' } }

export function endOf({ outcome }: Told): [Outcome['result'], Outcome['reason'], changed: boolean] {
  return [outcome.result, outcome.reason, outcome.changed]
}

export function patchesOf({ requests }: Told): string[] {
  return requests.filter((request) => request.startsWith('PATCH'))
}

/** Takes a field (`status`, `status.phase`) out of the answers to some GETs. */
export function hide(field: string, nth: number, times = 1): (simulator: Simulator) => void {
  return (simulator) =>
    simulator.inject({ method: 'GET', nth, times }, { kind: 'edit', edit: (object) => without(object, field) })
}

function without(object: Record<string, unknown>, field: string): Record<string, unknown> {
  const [key = '', inner] = field.split('.')
  const { [key]: taken, ...rest } = object
  return inner === undefined ? rest : { ...rest, [key]: without(taken as Record<string, unknown>, inner) }
}
