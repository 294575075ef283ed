import { describe, expect, test } from '@jest/globals'
import { toPlan } from '../../support/plans.js'
import { createRunParts } from '../../support/run-parts.js'

describe('the plan that is kept', () => {
  test.each([
    ['the first', [toPlan({ cpu: '8' })], ['cpu']],
    ['the newest', [toPlan({ cpu: '8' }), toPlan({ memory: '32Gi' })], ['memory']],
    ['not an empty one after one that had edits', [toPlan({ cpu: '8' }), toPlan({})], ['cpu']],
    ['an empty one, where there is no other', [toPlan({})], []],
  ])('is %s', (_, plans, fields) => {
    const { recordPlan, recorded } = createRunParts()
    for (const plan of plans) recordPlan(plan)
    expect(recorded().plan?.edits.map(({ field }) => field)).toEqual(fields)
  })

  test('has the refusals that end the run, even where the edits stayed the same', () => {
    const { recordPlan, recorded } = createRunParts()
    const earlier = toPlan({ version: '1.32' }, { live: { kubernetesVersion: 'v1.31.5' } })
    const later = toPlan({ version: '1.32' }, { live: { kubernetesVersion: 'v1.30.9' } })
    expect([earlier.digest, later.refusals.length]).toEqual([later.digest, 1])
    recordPlan(earlier)
    recordPlan(later)
    expect(recorded().plan?.refusals.map(({ rule }) => rule)).toEqual(['version-skip'])
  })

  test.each([
    [[toPlan({ cpu: '8' }), toPlan({})], true],
    [[toPlan({}), toPlan({ cpu: '8' })], false],
  ])('would-change is that of the first plan: case %#', (plans, wouldChange) => {
    const { recordPlan, recorded } = createRunParts()
    for (const plan of plans) recordPlan(plan)
    expect(recorded().wouldChange).toBe(wouldChange)
  })
})
