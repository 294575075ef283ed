import { describe, expect, test } from '@jest/globals'
import { Simulator } from '../../simulator/simulator.js'
import type { Task } from '../../src/domain/task.js'
import { createChance } from '../support/chance.js'
import { SharedClock } from '../support/clock.js'
import { raceAgainstSimulator } from '../support/races.js'
import { CLUSTER, SCALE, SCALED_RESOURCES } from '../support/tasks.js'

describe('two runs at once on one cluster', () => {
  const compete = async (tasks: readonly Partial<Task>[], seed: number) => {
    const clock = new SharedClock({ random: createChance(seed) })
    const simulator = new Simulator({ now: () => clock.nowMs(), statusWriteEveryMs: seed % 2 === 0 ? 0 : 6_000 })
    const runs = await raceAgainstSimulator(clock, simulator, tasks, 400)
    return { runs, truth: simulator.cluster(CLUSTER) }
  }
  const seeds = Array.from({ length: 150 }, (_, index) => index)

  test('that want the same: one changes it, both converge', async () => {
    let refused = 0
    for (const seed of seeds) {
      const { runs, truth } = await compete([SCALE, SCALE], seed)
      expect(runs.map(({ outcome }) => outcome.result)).toEqual(['converged', 'converged'])
      expect(runs.filter(({ outcome }) => outcome.changed)).toHaveLength(1)
      expect(truth.resources).toEqual(SCALED_RESOURCES)
      expect(truth.history.filter(({ kind }) => kind === 'spec')).toHaveLength(1)
      refused += runs.flatMap(({ patches }) => patches).filter((status) => status === 412).length
    }
    expect(refused).toBeGreaterThan(20)
  })

  test('that want different fields: both get theirs', async () => {
    let refused = 0
    for (const seed of seeds) {
      const tasks = [{ desired: { cpu: '8' } }, { desired: { memory: '32Gi' } }]
      const { runs, truth } = await compete(tasks, seed)
      expect(runs.map(({ outcome }) => [outcome.result, outcome.changed])).toEqual([
        ['converged', true],
        ['converged', true],
      ])
      expect(truth.resources).toEqual({ cpu: '8', memory: '32Gi', storage: '100Gi' })
      refused += runs.flatMap(({ patches }) => patches).filter((status) => status === 412).length
    }
    expect(refused).toBeGreaterThan(20)
  })

  test('that want different values: neither is report that it has what it has not', async () => {
    const endings = new Set<string>()
    for (const seed of seeds) {
      const wanted = ['8', '6']
      const tasks = wanted.map((cpu) => ({ desired: { cpu } }))
      const { runs, truth } = await compete(tasks, seed)
      for (const { outcome } of runs) {
        endings.add(`${outcome.result} ${outcome.reason ?? ''}`)
        expect(['converged ', 'failed conflict', 'failed superseded']).toContain(
          `${outcome.result} ${outcome.reason ?? ''}`,
        )
        if (outcome.reason === 'conflict') expect(outcome.changed).toBe(false)
      }
      const last = runs.findIndex((_, index) => truth.resources.cpu === wanted[index])
      expect(runs[last]?.outcome.result).toBe('converged')
    }
    expect(endings).toContain('failed conflict')
  })

  test('an upgrade and a scale', async () => {
    for (const seed of seeds.slice(0, 60)) {
      const { runs, truth } = await compete([{ desired: { version: '1.32' } }, SCALE], seed)
      expect(runs.map(({ outcome }) => outcome.result)).toEqual(['converged', 'converged'])
      expect(truth).toMatchObject({ version: '1.32', resources: SCALED_RESOURCES })
      expect(truth.status.kubernetesVersion).toBe('v1.32.3')
    }
  })
})
