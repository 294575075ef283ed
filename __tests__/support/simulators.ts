import { type RunningServer, startServer } from '../../simulator/server.js'
import { DEFAULTS, type Matcher, Simulator, type SimulatorOptions } from '../../simulator/simulator.js'
import type { Certificate } from './certificates.js'
import { closeAfterAll } from './closing.js'

/** A simulator on a socket, with the inputs that lead to it. */
export interface RunningSimulator extends RunningServer {
  readonly simulator: Simulator
  readonly inputs: Readonly<Record<string, string>>
  /** The requests so far, as `GET 200`; `GET -` where no answer was sent. */
  requests(): string[]
  /** How many there were of one method. */
  count(method: string): number
  /** The bodies of all PATCHes so far. */
  patches(): unknown[]
}

/** Starts a simulator whose rollouts take fractions of a second. */
export async function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> {
  const simulator = new Simulator({
    now: () => performance.now(),
    date: () => Date.now(),
    upgradeStartsAfterMs: 60,
    upgradeMs: 250,
    scaleMs: 120,
    ...options,
  })
  const server = await startServer(simulator)
  const { adminKey = DEFAULTS.adminKey, tenant = DEFAULTS.tenant } = options
  return {
    ...server,
    simulator,
    inputs: {
      'api-key': adminKey,
      tenant,
      cluster: DEFAULTS.cluster,
      'api-url': server.url,
      timeout: '20s',
      'poll-interval': '50ms',
      'settle-time': '100ms',
      'degraded-grace': '200ms',
    },
    requests: () => simulator.requests.map(({ method, status }) => `${method} ${status ?? '-'}`),
    count: (method) => simulator.requests.filter((request) => request.method === method).length,
    patches: () =>
      simulator.requests.flatMap(({ method, body }) => (method === 'PATCH' ? [JSON.parse(body ?? '')] : [])),
  }
}

/** Gives a function that starts simulators for the tests of one file, which are closed after the last of them. */
export function createSimulatorStarter(defaults: Partial<SimulatorOptions> = {}) {
  const closing = closeAfterAll()
  return async (options: Partial<SimulatorOptions> = {}): Promise<RunningSimulator> =>
    closing(await startSimulator({ ...defaults, ...options }))
}

/** The same as `startSimulator` over https, under the name given. */
export async function startSecureSimulator(
  host: string,
  { key, cert }: Pick<Certificate, 'key' | 'cert'>,
  options: Partial<SimulatorOptions> = {},
): Promise<RunningSimulator> {
  const plain = await startSimulator(options)
  const secure = await startServer(plain.simulator, { host, tls: { key, cert } })
  const close = async () => {
    await Promise.all([plain.close(), secure.close()])
  }
  return { ...plain, ...secure, close, inputs: { ...plain.inputs, 'api-url': secure.url } }
}

/** Resolves once a matching request has arrived and been handled. */
export function arrivalAt(simulator: Simulator, matcher: Matcher): Promise<void> {
  return new Promise((resolve) => simulator.on({ when: 'after', ...matcher }, () => resolve()))
}

/** Ends at once, as a success, whatever a cluster is at work with. */
export function finishChange(simulator: Simulator): void {
  const { name, generation, version } = simulator.cluster(DEFAULTS.cluster)
  simulator.freeze(name)
  const kubernetesVersion = version === '1.32' ? 'v1.32.3' : 'v1.31.9'
  simulator.setStatus(name, { phase: 'Running', kubernetesVersion, observedGeneration: generation }, 'operator')
}
