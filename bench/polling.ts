import { createChance } from '../__tests__/support/chance.js'
import { VirtualClock } from '../__tests__/support/clock.js'
import { runAgainstSimulator } from '../__tests__/support/runs.js'

const SHORTEST_MS = 5_000
const LONGEST_MS = 3_600_000
const SEED = 20_261_102

/** A rollout as it was followed: how late its end was seen, and how many GETs that took after the change was sent. */
export interface Followed {
  readonly lagMs: number
  readonly polls: number
}

/** Someone else's way of polling, as its documentation or source says. */
export interface Peer {
  readonly name: string
  /** Whether it looks once at once, before its first pause. */
  readonly looksFirst: boolean
  /** The pause before the nth poll, n counting from 1. */
  pauseMs(n: number, chance: () => number): number
}

const seconds = (pause: number) => () => pause * 1000

/** Where no source says whether the first look comes at once, the peer is given the cheaper way. */
export const PEERS: readonly Peer[] = [
  { name: 'Kupe docs script: 10 s', looksFirst: false, pauseMs: seconds(10) },
  { name: 'Kupe CLI: 2 s doubling to 10 s', looksFirst: false, pauseMs: (n) => Math.min(2 ** n, 10) * 1000 },
  { name: 'Terraform provider: 2 s', looksFirst: true, pauseMs: seconds(2) },
  { name: 'deploy-pages: 5 s', looksFirst: false, pauseMs: seconds(5) },
  { name: 'ECS deploy, wait-max-delay-seconds 15: 15 s', looksFirst: true, pauseMs: seconds(15) },
  { name: 'ECS deploy, default: 15 s to 120 s, random', looksFirst: true, pauseMs: sdkWaiterMs },
  { name: 'CloudFormation deploy: 10 s', looksFirst: true, pauseMs: seconds(10) },
]

/** The waiter of the AWS SDK with 15 s and 120 s: random up to a doubling bound, and the bound itself once that is reached. */
function sdkWaiterMs(n: number, chance: () => number): number {
  return n > Math.log2(120 / 15) + 1 ? 120_000 : 15_000 + chance() * (Math.min(15_000 * 2 ** (n - 1), 120_000) - 15_000)
}

/** Durations of rollouts from 5 s to 60 min, evenly spread over the logarithm; the same ones every time. */
export function mixOfRollouts(count = 1_000): number[] {
  const chance = createChance(SEED)
  const ratio = LONGEST_MS / SHORTEST_MS
  return Array.from({ length: count }, (_, index) => SHORTEST_MS * ratio ** ((index + chance()) / count))
}

/** Follows one rollout the peer's way, with answers that take no time. */
export function follow(peer: Peer, rolloutMs: number, chance: () => number): Followed {
  let nowMs = 0
  let polls = peer.looksFirst ? 1 : 0
  for (let n = 1; nowMs < rolloutMs; n++) {
    nowMs += peer.pauseMs(n, chance)
    polls++
  }
  return { lagMs: nowMs - rolloutMs, polls }
}

export function followAll(peer: Peer, rollouts: readonly number[]): Followed[] {
  const chance = createChance(SEED)
  return rollouts.map((rolloutMs) => follow(peer, rolloutMs, chance))
}

/** Follows the rollouts with this action's own run, its defaults and all, against the simulator on virtual time. */
export async function followAllOurselves(rollouts: readonly number[]): Promise<Followed[]> {
  const chance = createChance(SEED)
  const followed: Followed[] = []
  for (const rolloutMs of rollouts) {
    const { outcome, requests } = await runAgainstSimulator({
      task: { desired: { version: '1.32' }, timeoutMs: 2 * LONGEST_MS },
      server: { clusters: [{ version: '1.31' }], upgradeStartsAfterMs: 0, upgradeMs: rolloutMs },
      clock: new VirtualClock({ random: chance }),
    })
    if (outcome.result !== 'converged')
      throw new Error(`A rollout of the mix ended ${outcome.result}: ${outcome.message}`)
    const patch = requests.findIndex((request) => request.startsWith('PATCH'))
    followed.push({ lagMs: outcome.durationMs - rolloutMs, polls: requests.length - 1 - patch })
  }
  return followed
}
