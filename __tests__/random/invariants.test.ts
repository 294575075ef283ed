import { beforeAll, describe, expect, test } from '@jest/globals'
import type { ExchangeRecord } from './exchange.js'
import { execute, type Witness } from './execute.js'
import { findViolations, INVARIANTS } from './invariants.js'
import { type Model, SECRETS, type SpecWrite } from './model.js'
import { type PlannedTask, toPlan } from './plan.js'

/** An invariant that cannot fail proves nothing: each of them must notice when a sound run is told otherwise than it was. */

type Tampering = (witness: Witness) => Witness

const withOutcome = (change: Partial<Witness['outcome']>): Tampering => {
  return (witness) => ({ ...witness, outcome: { ...witness.outcome, ...change } })
}

const withTask = (change: Partial<PlannedTask>): Tampering => {
  return (witness) => ({ ...witness, plan: { ...witness.plan, task: { ...witness.plan.task, ...change } } })
}

/** Changes one exchange: `first` is the read planned from, `patch` the PATCH, `last` the proof. */
const withRecord = (
  which: 'first' | 'patch' | 'last',
  change: (record: ExchangeRecord) => Partial<ExchangeRecord>,
): Tampering => {
  return (witness) => {
    const { records } = witness
    const indices = { first: 0, patch: records.findIndex(({ method }) => method === 'PATCH'), last: records.length - 1 }
    const index = indices[which]
    const record = records[index]!
    return { ...witness, records: records.with(index, { ...record, ...change(record) }) }
  }
}

const withRecords = (change: (records: readonly ExchangeRecord[]) => ExchangeRecord[]): Tampering => {
  return (witness) => ({ ...witness, records: change(witness.records) })
}

const withWrites = (change: (writes: readonly SpecWrite[]) => SpecWrite[]): Tampering => {
  return (witness) => {
    const model: Model = Object.create(witness.model, { writes: { value: change(witness.model.writes) } })
    return { ...witness, model }
  }
}

const all = (...tamperings: readonly Tampering[]): Tampering => {
  return (witness) => tamperings.reduce((changed, tampering) => tampering(changed), witness)
}

const withShown = (change: object) => (record: ExchangeRecord) => ({ shown: { ...record.shown, ...change } })
const patchOf = (records: readonly ExchangeRecord[]) => records.find(({ method }) => method === 'PATCH')!
const lost: Partial<ExchangeRecord> = { trouble: 'timeout', status: undefined, shown: undefined } as never

/** The first PATCH's answer is lost, and the same is sent once more after another read. */
const sentAgain = (read: object, first: Partial<ExchangeRecord> = lost): Tampering =>
  withRecords((records) => {
    const [before, ...rest] = records
    const again = { ...before!, shown: { ...before!.shown, ...read } }
    return [before!, { ...patchOf(records), ...first }, again, ...rest]
  })

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a green ending rests on a last read that shows it': withRecord(
    'last',
    withShown({ status: { phase: 'Upgrading' } }),
  ),
  'what is called converged or unchanged is so': (witness) =>
    withRecord('last', () => ({ depicts: witness.records[0]!.depicts! }))(witness),
  'proof without a generation takes two reads, and settle-time': withOutcome({ evidence: ['settled'] }),
  'evidence is what the reads give': withOutcome({ evidence: [] }),
  'unchanged means that nothing was sent': withOutcome({ result: 'unchanged' }),
  'what is called accepted was taken': all(
    withOutcome({ result: 'accepted' }),
    withWrites(() => []),
  ),
  'a plan names what differs': withOutcome({ result: 'planned' }),
  'skipped means that the window is closed and nothing was sent': withOutcome({ result: 'skipped' }),

  'requests go to the cluster, with the key': withRecord('first', () => ({ url: 'https://elsewhere.example/' })),
  'only apply sends anything': withTask({ mode: 'verify' }),
  'a body says only what was asked': withRecord('patch', () => ({ body: '{"version":"1.32"}' })),
  'a PATCH carries the ETag of the read it was planned from': withRecord('patch', () => ({ ifMatch: '"999"' })),
  'no PATCH without a read in between': withRecords((records) => [records[0]!, patchOf(records), ...records.slice(1)]),
  'PATCHes are counted': withRecords((records) => [
    records[0]!,
    ...Array.from({ length: 6 }, () => ({ ...patchOf(records), status: 412 })),
    ...records.slice(1),
  ]),
  'from the first try on everything is compared with the base': sentAgain({ resources: { cpu: '6' } }),
  'what may have been taken back is not sent again': sentAgain({ generation: 5 }),
  'nobody else’s value is overwritten': withWrites(([write]) => [
    { ...write!, before: { ...write!.before, resources: { cpu: '6' } } },
  ]),
  'what was not asked for stays as it was, or the run is red': withRecord(
    'patch',
    withShown({ resources: { cpu: '8', memory: '32Gi', storage: '100Gi' } }),
  ),
  'a plan is never made from a stale or partial read': withRecords((records) => [
    { ...records[0]!, shown: { ...records[0]!.shown, generation: 9 } },
    ...records,
  ]),
  'nothing is sent to a busy cluster': withRecord('first', withShown({ status: { phase: 'Upgrading' } })),
  'changed says whether anything may have been changed': withOutcome({ changed: false }),
  'no PATCH outside the window': withTask({ onlyBetween: '22:00-06:00' }),
  'no PATCH that a guardrail forbids': withTask({ maxCpu: '6' }),
  'no PATCH that is not the expected plan': withTask({ expectedPlan: 'wrong' }),

  'a red ending has its cause': withOutcome({ result: 'failed', reason: 'superseded', kind: 'superseded' }),
  'what was done in time is not timed out': all(
    withOutcome({ result: 'timed-out', reason: 'timeout', kind: 'timeout' }),
    (witness) => ({
      ...witness,
      endMs: witness.plan.task.timeoutMs,
    }),
  ),
  'a calm run ends green': all(withOutcome({ result: 'failed', reason: 'conflict', kind: 'rival' }), (witness) => ({
    ...witness,
    plan: { ...witness.plan, isCalm: true },
  })),
  'a loss is told': all(
    withOutcome({ result: 'timed-out', reason: 'timeout', kind: 'timeout' }),
    withRecords((records) => {
      const away = { ...records.at(-1)!, ...withShown({ generation: 9, resources: { cpu: '2' } })(records.at(-1)!) }
      return [...records, ...Array.from({ length: 5 }, () => ({ ...away }))]
    }),
  ),

  'it ends within its time': (witness) => ({ ...witness, endMs: witness.plan.task.timeoutMs + 1_001 }),
  'it ends at once when cancelled': (witness) => ({ ...witness, wasCancelled: true }),
  'a 401 is never repeated': withRecord('first', () => ({ status: 401 })),
  'it does not hammer the server': withRecords((records) => [...Array(41).fill(records[0]), ...records]),
  'result and reason go together': withOutcome({ result: 'planned' }),
  'outputs are whole': (witness) => ({ ...witness, outputs: { ...witness.outputs, changed: '' } }),
  'no secret is shown': withOutcome({ message: `the key is ${SECRETS.key}` }),
}

describe('each invariant notices', () => {
  let sound: Witness

  beforeAll(async () => {
    sound = await execute(toPlan({ task: { cpu: '8' } }))
  })

  test('nothing in a sound run', () => {
    expect(sound.outcome.result).toBe('converged')
    expect(findViolations(sound)).toEqual([])
  })

  test('and none of them is left out here', () => {
    expect(Object.keys(TAMPERINGS).sort()).toEqual(Object.keys(INVARIANTS).sort())
  })

  test.each(Object.keys(INVARIANTS))('%s', (invariant) => {
    const violated = findViolations(TAMPERINGS[invariant]!(sound)).map((violation) => violation.invariant)
    expect(violated).toContain(invariant)
  })
})
