import { describe, expect, test } from '@jest/globals'
import { RunState } from '../../../src/run/state.js'
import { type ClusterOverrides, toCluster } from '../../support/clusters.js'
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

describe('what people are shown of reads', () => {
  const toRead = (overrides: ClusterOverrides, atMs: number) => ({
    cluster: toCluster(overrides),
    atMs,
    etag: `"${atMs}"`,
    requestId: undefined,
  })

  test('a part is as it was last seen until it is believed gone, and then it is gone', () => {
    const state = new RunState()
    state.recordRead(toRead({ version: '1.31', alerts: { a: 1 } }, 0), 0)
    const lacking = { version: undefined, resources: { cpu: '8' }, alerts: undefined }
    for (const atMs of [2, 4, 6]) state.recordRead(toRead(lacking, atMs), atMs)
    expect(state.last?.cluster).toMatchObject({ version: '1.31', resources: { memory: '16Gi' }, alerts: { a: 1 } })
    state.believeVanished(() => true)
    const { version, alerts, resources } = state.last?.cluster ?? {}
    expect({ version, alerts, resources }).toEqual({ version: undefined, alerts: undefined, resources: { cpu: '8' } })
    state.recordRead(toRead({ ...lacking, phase: undefined }, 8), 8)
    expect(state.last?.cluster.version).toBeUndefined()
  })

  test('a phase lasts until the next one, or the last read that showed it', () => {
    const state = new RunState()
    const phases = ['Running', 'Upgrading', 'Upgrading', undefined, undefined, 'Upgrading', undefined, 'Running']
    for (const [index, phase] of phases.entries()) state.recordRead(toRead({ phase }, index), index)
    expect(state.phases).toEqual([
      { phase: 'Running', fromMs: 0, untilMs: 1 },
      { phase: 'Upgrading', fromMs: 1, untilMs: 5 },
      { phase: 'Running', fromMs: 7, untilMs: 7 },
    ])
  })
})
