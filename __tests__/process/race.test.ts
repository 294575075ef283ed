import { expect, test } from '@jest/globals'
import { runStep, type StepResult } from '../support/process.js'
import { type RunningSimulator, startSimulator } from '../support/simulators.js'

const ROUNDS = Math.max(1, Number(process.env.RACE_ROUNDS ?? 20))
/** Rounds under way at once, each with a server and two processes. */
const LANES = 2

interface Round {
  readonly kupe: RunningSimulator
  readonly steps: readonly StepResult[]
  /** Whether both PATCHes were planned from the same read. */
  readonly isRace: boolean
}

/** Two steps on one cluster, both held back in their first read until the other has most likely read as well. */
async function race(...changes: Record<string, string>[]): Promise<Round> {
  const kupe = await startSimulator({ upgradeStartsAfterMs: 20, upgradeMs: 100, scaleMs: 60 })
  kupe.simulator.inject({ method: 'GET', times: changes.length }, { kind: 'delay', ms: 250 })
  const steps = await Promise.all(
    changes.map((change) => runStep({ inputs: { ...kupe.inputs, timeout: '30s', ...change } })),
  )
  await kupe.close()
  const [first, second] = kupe.simulator.requests.filter(({ method }) => method === 'PATCH')
  const isRace = second !== undefined && first?.headers['if-match'] === second.headers['if-match']
  return { kupe, steps, isRace }
}

async function runRounds(runRound: (round: number) => Promise<Round>): Promise<Round[]> {
  const results: Round[] = []
  let next = 0
  const lane = async () => {
    while (next < ROUNDS) results.push(await runRound(next++))
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results
}

const endingOf = ({ outputs, code }: StepResult) =>
  `${outputs.result} ${outputs['failure-reason']} ${outputs.changed} ${code}`

test('on different fields both converge, and no change is lost', async () => {
  const PAIRS = [
    [{ cpu: '8' }, { memory: '32Gi' }],
    [{ version: '1.32' }, { storage: '200Gi' }],
    [
      { cpu: '8', alerts: '{"crash":{"enabled":true}}' },
      { storage: '200Gi', alerts: '{"quota":{"at":90}}' },
    ],
    [{ version: '1.32', cpu: '6' }, { memory: '64Gi' }],
  ] as const
  const EXPECTED = [
    { resources: { cpu: '8', memory: '32Gi', storage: '100Gi' } },
    { version: '1.32', resources: { cpu: '4', memory: '16Gi', storage: '200Gi' } },
    {
      resources: { cpu: '8', memory: '16Gi', storage: '200Gi' },
      alerts: { crash: { enabled: true }, quota: { at: 90 } },
    },
    { version: '1.32', resources: { cpu: '6', memory: '64Gi', storage: '100Gi' } },
  ]
  const results = await runRounds(async (round) => {
    const result = await race(...(PAIRS[round % PAIRS.length] ?? []))
    expect(result.steps.map(endingOf)).toEqual(['converged  true 0', 'converged  true 0'])
    expect(result.kupe.simulator.cluster('production')).toMatchObject(EXPECTED[round % PAIRS.length] ?? {})
    const writes = result.kupe.simulator.cluster('production').history.filter(({ kind }) => kind === 'spec')
    expect(writes).toHaveLength(2)
    return result
  })
  expect(results).toHaveLength(ROUNDS)
  expect(results.some(({ isRace }) => isRace)).toBe(true)
}, 300_000)

test('on the same field one wins, and the other says so', async () => {
  const results = await runRounds(async () => {
    const result = await race({ cpu: '8' }, { cpu: '6' })
    const { cpu } = result.kupe.simulator.cluster('production').resources
    const winners = result.steps.filter(({ outputs }) => outputs.result === 'converged')
    const losers = result.steps.filter(({ outputs }) => outputs.result !== 'converged')
    expect(winners.map(({ outputs }) => outputs.cpu)).toContain(cpu)
    for (const loser of losers) {
      expect(endingOf(loser)).toMatch(/^failed (conflict false|superseded true) 1$/)
      expect(loser.errors).toHaveLength(1)
      expect(loser.errors[0]?.message).toMatch(/cpu/)
    }
    // Both planned from one read: the second PATCH was refused, and its sender must not have tried again.
    if (result.isRace) expect(losers.map(endingOf)).toEqual(['failed conflict false 1'])
    return result
  })
  expect(results).toHaveLength(ROUNDS)
  expect(results.some(({ isRace }) => isRace)).toBe(true)
}, 300_000)

test('three at once on three fields all converge', async () => {
  const { kupe, steps } = await race({ cpu: '8' }, { memory: '32Gi' }, { storage: '200Gi' })
  expect(steps.map(endingOf)).toEqual(Array.from({ length: 3 }, () => 'converged  true 0'))
  expect(kupe.simulator.cluster('production').resources).toEqual({ cpu: '8', memory: '32Gi', storage: '200Gi' })
})

test('a rival who writes while we wait for a busy cluster after a refused PATCH is not overwritten', async () => {
  const results = await runRounds(async (round) => {
    const kupe = await startSimulator()
    const { simulator } = kupe
    const rivalAtGet = 2 + (round % 3)
    // The status moves just before our PATCH arrives, which is refused; the cluster is busy until the rival has written.
    simulator.on({ when: 'before', method: 'PATCH', nth: 1 }, () => {
      simulator.setStatus('production', { phase: 'Upgrading' }, 'operator')
    })
    simulator.on({ when: 'before', method: 'GET', nth: rivalAtGet }, () => {
      simulator.patchAs('colleague', 'production', { resources: { cpu: '6', memory: '16Gi', storage: '100Gi' } })
      simulator.setStatus('production', { phase: round % 2 === 0 ? 'Running' : 'Upgrading' }, 'operator')
    })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    await kupe.close()
    expect(endingOf(step)).toBe('failed conflict false 1')
    expect(simulator.cluster('production').resources.cpu).toBe('6')
    expect(kupe.count('PATCH')).toBe(1)
    return { kupe, steps: [step], isRace: true }
  })
  expect(results).toHaveLength(ROUNDS)
}, 300_000)
