import { createChance } from '../__tests__/support/chance.js'
import { VirtualClock } from '../__tests__/support/clock.js'
import { runAgainstSimulator } from '../__tests__/support/runs.js'
import { BOTH, SCALE, UPGRADE } from '../__tests__/support/tasks.js'
import type { SimulatorOptions } from '../simulator/simulator.js'
import type { Task } from '../src/domain/task.js'
import { mean, quantile } from './statistics.js'
import { toTable } from './table.js'

const SHORTEST_MS = 5_000
const LONGEST_MS = 3_600_000
const SEED = 20_261_102
/** Far more than an hour takes: a run that polled without letting time pass would never end. */
const MOST_REQUESTS = 2_000

/** A rollout as it was followed: how long after its end that was over, and how many GETs it took after the change was sent. */
export interface Followed {
  readonly lagMs: number
  readonly polls: number
}

/** A change, and what the server tells of it: together they decide how many looks a proof takes, and over what time. */
export interface ProofCase {
  readonly name: string
  readonly task: Pick<Task, 'desired'>
  readonly server: Omit<SimulatorOptions, 'now'>
  /** What has to be seen for green. */
  readonly proof: string
}

const OLDER = { generations: false } as const

/** For the first, the first sight of the end is proof enough. */
export const PROOF_CASES: readonly [ProofCase, ...ProofCase[]] = [
  { name: 'upgrade, generations', task: UPGRADE, server: {}, proof: 'generation and version, once' },
  { name: 'scale, generations', task: SCALE, server: {}, proof: 'generation, once' },
  { name: 'upgrade, no generations', task: UPGRADE, server: OLDER, proof: 'version, twice' },
  { name: 'upgrade and scale, no generations', task: BOTH, server: OLDER, proof: 'version, and 30 s of settle-time' },
]

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

/** Follows the rollouts with this action's own run, its defaults and all, against the simulator on virtual time, until it is green. */
export async function followAllOurselves(
  rollouts: readonly number[],
  { task, server }: ProofCase = PROOF_CASES[0],
): Promise<Followed[]> {
  const chance = createChance(SEED)
  const followed: Followed[] = []
  for (const rolloutMs of rollouts) {
    const { outcome, requests } = await runAgainstSimulator({
      task: { ...task, timeoutMs: 2 * LONGEST_MS },
      server: { upgradeStartsAfterMs: 0, upgradeMs: rolloutMs, scaleMs: rolloutMs, ...server },
      clock: new VirtualClock({ random: chance }),
      arrange: (simulator) =>
        simulator.on({ nth: MOST_REQUESTS }, () => {
          throw new Error(`a rollout of ${rolloutMs} ms took ${MOST_REQUESTS} requests`)
        }),
    })
    if (outcome.result !== 'converged')
      throw new Error(`A rollout of the mix ended ${outcome.result}: ${outcome.message}`)
    const patch = requests.findIndex((request) => request.startsWith('PATCH'))
    followed.push({ lagMs: outcome.durationMs - rolloutMs, polls: requests.length - 1 - patch })
  }
  return followed
}

/** The means of many rollouts. */
export function summarize(followed: readonly Followed[]) {
  const lagsS = followed.map(({ lagMs }) => lagMs / 1000)
  return {
    polls: mean(followed.map(({ polls }) => polls)),
    meanS: mean(lagsS),
    p95S: quantile(lagsS, 0.95),
    leastS: Math.min(...lagsS),
    mostS: Math.max(...lagsS),
  }
}

export type Summary = ReturnType<typeof summarize>

const toFigures = ({ polls, meanS, p95S, mostS }: Summary) =>
  [polls, meanS, p95S, mostS].map((value) => value.toFixed(2))

/** How soon the end of a rollout is seen for the first time, and at how many requests. */
export async function firstSight(): Promise<string> {
  const rollouts = mixOfRollouts()
  const ours = summarize(await followAllOurselves(rollouts))
  const peers = PEERS.map((peer) => {
    const theirs = summarize(followAll(peer, rollouts))
    return [peer.name, ...toFigures(theirs), standing(ours, theirs)]
  })
  const head = ['', 'polls a rollout', 'lag s, mean', 'p95', 'max', 'against us']
  return toTable(head, [['this action, defaults', ...toFigures(ours), ''], ...peers])
}

/** How a peer compares with us, in the means. */
function standing(ours: Summary, theirs: Summary): string {
  const [polls, lag] = [theirs.polls - ours.polls, theirs.meanS - ours.meanS]
  if (polls >= 0 && lag >= 0) return 'more polls and more lag'
  if (polls <= 0 && lag <= 0) return 'FEWER POLLS AND LESS LAG'
  return polls > 0 ? 'less lag, more polls' : 'fewer polls, more lag'
}

/** How long after the end of a rollout the step is green, and at how many requests. */
export async function timeToProof(): Promise<string> {
  const rollouts = mixOfRollouts()
  const rows: string[][] = []
  for (const proofCase of PROOF_CASES) {
    const followed = await followAllOurselves(rollouts, proofCase)
    rows.push([`this action: ${proofCase.name}`, ...toFigures(summarize(followed)), proofCase.proof])
  }
  for (const peer of PEERS)
    rows.push([peer.name, ...toFigures(summarize(followAll(peer, rollouts))), 'first look at "Running"'])
  return toTable(['', 'polls a rollout', 'green after s, mean', 'p95', 'max', 'what is proven'], rows)
}
