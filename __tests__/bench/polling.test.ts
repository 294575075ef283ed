import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  follow,
  followAll,
  followAllOurselves,
  mixOfRollouts,
  PEERS,
  PROOF_CASES,
  type Summary,
  summarize,
} from '../../bench/polling.js'
import { statedFigures } from '../support/bench-results.js'

/** The longest pause, 12 s, with all of its jitter. */
const LONGEST_PAUSE_S = 13.2

describe('over the fixed mix of rollouts, 5 s to 60 min, with the default poll-interval', () => {
  const rollouts = mixOfRollouts()
  let ours: Summary
  beforeAll(async () => {
    ours = summarize(await followAllOurselves(rollouts))
  }, 60_000)

  test('a rollout takes no more polls than bench/results.md states, and is noticed no later', () => {
    const [polls = 0, meanS = 0] = statedFigures('Polling: the first sight of the end', 'this action, defaults')
    expect(ours.polls).toBeLessThan(polls + 0.01)
    expect(ours.meanS).toBeLessThan(meanS + 0.01)
  })

  test('no rollout is noticed before it is over, or later than one longest pause after', () => {
    expect(ours.leastS).toBeGreaterThanOrEqual(0)
    expect(ours.mostS).toBeLessThanOrEqual(LONGEST_PAUSE_S)
  })

  test.each(PEERS.map((peer) => [peer.name, peer] as const))('not both later and more often than %s', (_, peer) => {
    const theirs = summarize(followAll(peer, rollouts))
    expect(ours.polls < theirs.polls || ours.meanS < theirs.meanS).toBe(true)
  })

  test.each(['Kupe docs script', 'Kupe CLI'])('fewer polls and less lag than the %s', (name) => {
    const peer = PEERS.find((one) => one.name.startsWith(name))!
    const theirs = summarize(followAll(peer, rollouts))
    expect(ours.polls).toBeLessThan(theirs.polls)
    expect(ours.meanS).toBeLessThan(theirs.meanS)
  })
})

describe('the time to proof, over a fifth of these rollouts', () => {
  test.each(PROOF_CASES)(
    '$name: not before the end, and as bench/results.md states',
    async (proofCase) => {
      const ours = summarize(await followAllOurselves(mixOfRollouts(200), proofCase))
      const [polls = 0, meanS = 0, p95S = 0, mostS = 0] = statedFigures(
        'Polling: time to proof',
        `this action: ${proofCase.name}`,
      )
      expect(ours.leastS).toBeGreaterThanOrEqual(0)
      // Fewer rollouts have other means: by a twentieth at most.
      expect(ours.polls).toBeLessThan(polls * 1.05)
      expect(ours.meanS).toBeLessThan(meanS * 1.05)
      expect(ours.p95S).toBeLessThan(p95S * 1.05)
      expect(ours.mostS).toBeLessThan(mostS * 1.05)
    },
    60_000,
  )
})

describe('the model of a peer', () => {
  const peer = (name: string) => PEERS.find((one) => one.name.startsWith(name))!

  test.each([
    ['Kupe docs script', 25_000, 3, 5_000],
    ['Kupe CLI', 25_000, 5, 9_000],
    ['Kupe CLI', 1_000, 1, 1_000],
    ['Terraform provider', 25_000, 14, 1_000],
    ['deploy-pages', 25_000, 5, 0],
    ['ECS deploy, wait-max', 25_000, 3, 5_000],
    ['CloudFormation deploy', 25_000, 4, 5_000],
  ])('%s, %i ms: %i polls, %i ms late', (name, rolloutMs, expectedPolls, lagMs) => {
    expect(follow(peer(name), rolloutMs, () => 0.5)).toEqual({ polls: expectedPolls, lagMs })
  })

  test.each([
    [0, 15_000, 15_000, 15_000, 120_000],
    [1, 15_000, 30_000, 60_000, 120_000],
  ])('the waiter of the AWS SDK, at chance %i', (chance, first, second, third, fifth) => {
    const { pauseMs } = peer('ECS deploy, default')
    expect([1, 2, 3, 5].map((n) => pauseMs(n, () => chance))).toEqual([first, second, third, fifth])
  })
})
