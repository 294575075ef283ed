import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Followed, follow, followAll, followAllOurselves, mixOfRollouts, PEERS } from '../../bench/polling.js'
import { mean } from '../../bench/statistics.js'

/** The figure that bench/results.md states, with room for nothing but rounding. */
const MOST_POLLS_A_ROLLOUT = 54.6

const polls = (followed: readonly Followed[]) => mean(followed.map((one) => one.polls))
const lagS = (followed: readonly Followed[]) => mean(followed.map((one) => one.lagMs / 1000))

describe('over the fixed mix of rollouts, 5 s to 60 min, with the default poll-interval', () => {
  const rollouts = mixOfRollouts()
  let ours: Followed[]
  beforeAll(async () => {
    ours = await followAllOurselves(rollouts)
  }, 60_000)

  test('a rollout takes no more polls than stated', () => {
    expect(polls(ours)).toBeLessThanOrEqual(MOST_POLLS_A_ROLLOUT)
  })

  test('no rollout is noticed before it is over, or later than one longest pause after', () => {
    expect(Math.min(...ours.map(({ lagMs }) => lagMs))).toBeGreaterThanOrEqual(0)
    expect(Math.max(...ours.map(({ lagMs }) => lagMs))).toBeLessThanOrEqual(13_200)
  })

  test.each(PEERS.map((peer) => [peer.name, peer] as const))('not both later and more often than %s', (_, peer) => {
    const theirs = followAll(peer, rollouts)
    expect(polls(ours) < polls(theirs) || lagS(ours) < lagS(theirs)).toBe(true)
  })

  test.each(['Kupe docs script', 'Kupe CLI'])('fewer polls and less lag than the %s', (name) => {
    const peer = PEERS.find((one) => one.name.startsWith(name))!
    const theirs = followAll(peer, rollouts)
    expect(polls(ours)).toBeLessThan(polls(theirs))
    expect(lagS(ours)).toBeLessThan(lagS(theirs))
  })
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
