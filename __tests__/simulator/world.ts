import { DEFAULTS, type SimRequest, Simulator, type SimulatorOptions } from '../../simulator/simulator.js'

export const PATH = '/api/v1/tenants/acme/clusters/production'
export const ADMIN = { authorization: `Bearer ${DEFAULTS.adminKey}` }
export const READONLY = { authorization: `Bearer ${DEFAULTS.readonlyKey}` }

/** The parts of a cluster that tests look at. */
export interface Shown {
  version: string
  resources: Record<string, string>
  alerts?: unknown
  generation?: number
  resourceVersion: string
  createdAt: string
  status: {
    phase?: string
    kubernetesVersion?: string
    observedGeneration?: number
    conditions?: { message?: string }[]
  }
}

/** A simulator on a clock that moves by hand, and short ways to ask it. */
export function world(options: Partial<SimulatorOptions> = {}) {
  const clock = { now: 0 }
  const simulator = new Simulator({ now: () => clock.now, ...options })
  const send = (request: Partial<SimRequest> = {}) => {
    const { reply, fault } = simulator.handle({ method: 'GET', path: PATH, headers: ADMIN, ...request })
    return { ...reply, fault, etag: reply.headers.etag, json: () => JSON.parse(reply.body) as Shown }
  }
  const get = () => send().json()
  const patch = (body: unknown, headers: Record<string, string> = {}) =>
    send({ method: 'PATCH', headers: { ...ADMIN, ...headers }, body: JSON.stringify(body) })
  const wait = (ms: number) => {
    clock.now += ms
  }
  return { simulator, clock, send, get, patch, wait }
}
