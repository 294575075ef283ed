import { describe, expect, test } from '@jest/globals'
import { Simulator, type SimulatorOptions } from '../../simulator/simulator.js'
import { type FreezeDates, parseFreezeEntry } from '../../src/domain/freeze.js'
import { createChance } from '../support/chance.js'
import { SharedClock } from '../support/clock.js'
import { type RacedRun, type RacedTask, raceAgainstSimulator } from '../support/races.js'
import { runAgainstSimulator, wordsOf } from '../support/runs.js'
import { CLUSTER, MINUTE, toWindow } from '../support/tasks.js'

/** A person's button, which sends whatever the time. */
const BUTTON = { desired: { cpu: '16' } }
/** The clock of the evening. */
const CLOCK = { desired: { cpu: '2' }, window: toWindow('19:00-24:00') }

function frozen(text: string): FreezeDates {
  const entry = parseFreezeEntry(text)
  if ('reason' in entry) throw new Error(`${text} ${entry.reason}`)
  return { entries: [entry], timezone: 'UTC' }
}

/** A day with one cluster, on which one run after the other, or several at once, come to it. */
function startDay(time: string, seed = 0, options: Omit<SimulatorOptions, 'now'> = {}) {
  const wallStartMs = Date.parse(`2026-11-02T${time}:00Z`)
  const clock = new SharedClock({ wallStartMs, random: createChance(seed) })
  const simulator = new Simulator({ now: () => clock.nowMs(), ...options })
  const meet = (...tasks: readonly RacedTask[]) => raceAgainstSimulator(clock, simulator, tasks, 400)
  return {
    meet,
    /** One run after whatever came before it. */
    follow: async (task: RacedTask) => (await meet(task))[0] as RacedRun,
    truth: () => simulator.cluster(CLUSTER),
  }
}

/** The digest of a plan that was reviewed while the cluster was as it is at first. */
async function reviewed(desired: RacedTask['desired']): Promise<RacedTask> {
  const { outcome } = await runAgainstSimulator({ task: { mode: 'plan', desired: desired ?? {} } })
  return { desired: desired ?? {}, expectedPlan: outcome.plan?.digest ?? 'none' }
}

const seeds = Array.from({ length: 60 }, (_, index) => index)

describe('the button and the clock', () => {
  test('one after the other: the clock of a frozen day leaves the button’s value, and names the entry', async () => {
    const { follow, truth } = startDay('19:30')
    expect((await follow(BUTTON)).outcome.result).toBe('converged')
    const clock = await follow({ ...CLOCK, freeze: frozen('2026-11-02') })
    expect([clock.outcome.result, clock.outcome.changed, clock.patches]).toEqual(['skipped', false, []])
    expect(wordsOf(clock.outcome)).toContain('2026-11-02 is in freeze-dates')
    expect(truth().resources.cpu).toBe('16')
  })

  test('at once, both in earnest: one has its value, and the other is red and says which', async () => {
    const losers = new Set<string>()
    for (const seed of seeds) {
      const { meet, truth } = startDay('19:47', seed)
      const runs = await meet(BUTTON, CLOCK)
      const { cpu } = truth().resources
      const [loser, ...more] = runs.filter(({ outcome }) => outcome.result !== 'converged')
      expect([cpu === '16' || cpu === '2', more]).toEqual([true, []])
      if (loser === undefined) {
        // Both are green only where one had ended before the other read: then the second one knew what it replaced.
        const [first, second] = runs.toSorted((left, right) => sentAt(left) - sentAt(right))
        expect(second?.outcome.first?.resources.cpu).toBe(first?.outcome.plan?.edits[0]?.to)
      } else {
        losers.add(loser.outcome.reason ?? '')
        expect(loser.outcome.fieldNames).toEqual(['cpu'])
        expect(loser.outcome.plan?.edits[0]?.to).not.toBe(cpu)
      }
    }
    expect([...losers].sort()).toEqual(['conflict', 'superseded'])
  })

  test('a clock that waits for a busy cluster past midnight does not scale the next morning’s cluster down', async () => {
    const { meet, truth } = startDay('23:50', 1, { clusters: [{ phase: 'Upgrading', busyForMs: 20 * MINUTE }] })
    const [clock, button] = await meet(CLOCK, { ...BUTTON, afterMs: 15 * MINUTE })
    expect(clock?.outcome).toMatchObject({ result: 'skipped', changed: false })
    expect(clock?.outcome.message).toContain('outside only-between 19:00-24:00')
    expect([button?.outcome.result, truth().resources.cpu]).toEqual(['converged', '16'])
  })
})

describe('the button and a merge', () => {
  test('what was reviewed before the button was pressed is not sent after it', async () => {
    const merge = await reviewed({ cpu: '8' })
    const { follow, truth } = startDay('14:00')
    await follow(BUTTON)
    // Unheld to its review, the merge would have halved what somebody had just asked for.
    const { outcome, patches } = await follow(merge)
    expect([outcome.result, outcome.reason, outcome.changed, patches]).toEqual(['failed', 'plan-changed', false, []])
    expect(outcome.plan?.edits).toEqual([{ field: 'cpu', from: '16', to: '8' }])
    expect(truth().resources.cpu).toBe('16')
  })

  test('pressed while the merge reads and sends: never both, and never unsaid', async () => {
    const merge = await reviewed({ cpu: '8' })
    const reasons = new Set<string>()
    for (const seed of seeds) {
      const { meet, truth } = startDay('14:00', seed)
      const [button, merged] = await meet(BUTTON, merge)
      const won = truth().resources.cpu
      expect(['8', '16']).toContain(won)
      const loser = won === '16' ? merged : button
      const winner = won === '16' ? button : merged
      expect(winner?.outcome.result).toBe('converged')
      if (loser?.outcome.result === 'converged') {
        // It was there first, was proven, and was then replaced by someone who had read it.
        expect(winner?.outcome.first?.resources.cpu).toBe(loser.outcome.plan?.edits[0]?.to)
      } else reasons.add(loser?.outcome.reason ?? 'none')
    }
    expect([...reasons].every((reason) => ['conflict', 'superseded', 'plan-changed'].includes(reason))).toBe(true)
    expect(reasons.size).toBeGreaterThan(0)
  })

  test('of different values both get theirs, the merge under the plan that was reviewed', async () => {
    const merge = await reviewed({ memory: '32Gi' })
    for (const seed of seeds) {
      const { meet, truth } = startDay('14:00', seed)
      const runs = await meet(BUTTON, merge)
      expect(runs.map(({ outcome }) => outcome.result)).toEqual(['converged', 'converged'])
      expect(truth().resources).toMatchObject({ cpu: '16', memory: '32Gi' })
    }
  })
})

describe('the button, the clock and a merge', () => {
  const UPGRADE_MS = 10 * MINUTE

  test('an upgrade was merged, the clock comes, the button is pressed: the upgrade ends, and of the two one has its value', async () => {
    const merge = await reviewed({ version: '1.32' })
    const endings = new Set<string>()
    for (const seed of seeds) {
      const { meet, truth } = startDay('19:40', seed, { upgradeMs: UPGRADE_MS })
      const [merged, clock, button] = await meet(
        merge,
        { ...CLOCK, afterMs: 7 * MINUTE },
        { ...BUTTON, afterMs: 7 * MINUTE + 5_000 },
      )
      expect(merged?.outcome).toMatchObject({ result: 'converged', changed: true })
      const { version, resources } = truth()
      expect([version, merged?.outcome.last?.kubernetesVersion]).toEqual(['1.32', 'v1.32.3'])
      expect(['2', '16']).toContain(resources.cpu)
      const loser = resources.cpu === '16' ? clock : button
      const winner = resources.cpu === '16' ? button : clock
      endings.add(loser?.outcome.reason ?? 'knew')
      expect(winner?.outcome.result).toBe('converged')
      if (loser?.outcome.result === 'converged') {
        expect(winner?.outcome.plan?.edits[0]?.from).toBe(loser.outcome.plan?.edits[0]?.to)
      } else expect(loser?.outcome.fieldNames).toEqual(['cpu'])
    }
    expect([...endings].filter((ending) => !['conflict', 'superseded', 'knew'].includes(ending))).toEqual([])
  })

  test('in the freeze of a release only the person moves anything, and both others say why they did not', async () => {
    const merge = await reviewed({ version: '1.32', cpu: '8' })
    const freeze = frozen('2026-11-01..2026-11-03')
    const { meet, truth } = startDay('19:47')
    const [button, clock, merged] = await meet(BUTTON, { ...CLOCK, freeze }, { ...merge, freeze })
    expect(button?.outcome.result).toBe('converged')
    for (const run of [clock, merged]) {
      expect(run?.outcome).toMatchObject({ result: 'skipped', changed: false })
      expect(run?.outcome.message).toContain('2026-11-02 is in freeze-dates (2026-11-01..2026-11-03, in UTC)')
      expect(run?.patches).toEqual([])
    }
    expect(truth().resources.cpu).toBe('16')
  })

  test('run again the next day, each finds what the others left, and the merge asks to be reviewed anew', async () => {
    const merge = await reviewed({ cpu: '8' })
    const { follow, truth } = startDay('19:30')
    await follow(BUTTON)
    await follow({ ...CLOCK, freeze: frozen('2026-11-02') })
    const again = [await follow(BUTTON), await follow(merge), await follow({ ...CLOCK, freeze: frozen('2026-11-02') })]
    expect(again.map(({ outcome }) => outcome.reason ?? outcome.result)).toEqual([
      'unchanged',
      'plan-changed',
      'skipped',
    ])
    expect(truth().resources.cpu).toBe('16')
  })
})

/** When a run sent its change. */
function sentAt({ outcome }: RacedRun): number {
  return outcome.sent?.wallMs ?? Number.POSITIVE_INFINITY
}
