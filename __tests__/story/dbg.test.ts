import { test } from '@jest/globals'
import { Simulator } from '../../simulator/simulator.js'
import { race, SharedTime, seeded } from './shared-time.js'
test('x', async () => {
  for (let seed = 0; seed < 150; seed++) {
    const time = new SharedTime()
    const simulator = new Simulator({ now: () => time.timeMs, statusWriteEveryMs: seed % 2 === 0 ? 0 : 1_500 })
    const racers = await race(time, simulator, [{ desired: { cpu: '8' } }, { desired: { memory: '32Gi' } }], { random: seeded(seed), latencyMs: 400 })
    for (const r of racers) if (r.outcome.result !== 'converged') console.log(seed, r.outcome.result, r.outcome.reason, r.outcome.message, r.patches, JSON.stringify(simulator.requests.map(q=>[Math.round(q.at), q.method, q.status, q.headers['if-match']])))
  }
})
