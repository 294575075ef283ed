import { describe, expect, test } from '@jest/globals'
import type { DesiredChange } from '../../../src/domain/change.js'
import {
  type PatchBody,
  toPlanJson,
  toPlanLines,
  unknownResources,
  withoutUnknownResources,
} from '../../../src/domain/plan.js'
import { type ClusterOverrides, RESOURCES, SECRET_ALERTS } from '../../support/clusters.js'
import { type PlanSetup, toPlan } from '../../support/plans.js'

const EVERYTHING: DesiredChange = {
  version: '1.32',
  cpu: '8',
  memory: '32Gi',
  storage: '200Gi',
  alerts: { podCrashLooping: { enabled: true } },
}

describe('the patch says only what was asked', () => {
  test.each<[string, DesiredChange, PlanSetup, PatchBody]>([
    ['a version', { version: '1.32' }, {}, { version: '1.32' }],
    ['alerts', { alerts: SECRET_ALERTS }, {}, { alerts: SECRET_ALERTS }],
    [
      'one resource, with the others as they are',
      { cpu: '8' },
      {},
      { resources: { cpu: '8', memory: '16Gi', storage: '100Gi' } },
    ],
    ['one resource, unlocked', { cpu: '8' }, { isLocked: false }, { resources: { cpu: '8' } }],
    [
      'two resources, unlocked',
      { cpu: '8', storage: '200Gi' },
      { isLocked: false },
      { resources: { cpu: '8', storage: '200Gi' } },
    ],
    [
      'the others in the API’s own text',
      { cpu: '8' },
      { live: { resources: { cpu: '4000m', memory: '16384Mi' } } },
      { resources: { cpu: '8', memory: '16384Mi' } },
    ],
    [
      'names unknown to us along with the others, as they came',
      { cpu: '8' },
      { live: { allResources: { ...RESOURCES, cpu: 4, gpu: 1 } } },
      { resources: { ...RESOURCES, cpu: '8', gpu: 1 } },
    ],
    [
      'names unknown to us only under the lock',
      { cpu: '8' },
      { live: { allResources: { ...RESOURCES, gpu: 1 } }, isLocked: false },
      { resources: { cpu: '8' } },
    ],
    ['no resource that is not known', { cpu: '8' }, { live: { resources: {} } }, { resources: { cpu: '8' } }],
    [
      'everything',
      EVERYTHING,
      {},
      {
        version: '1.32',
        resources: { cpu: '8', memory: '32Gi', storage: '200Gi' },
        alerts: { podCrashLooping: { enabled: true } },
      },
    ],
    ['nothing', {}, {}, {}],
    ['nothing, unlocked', {}, { isLocked: false }, {}],
    ['nothing where all is met', { version: '1.31', cpu: '4', memory: '16Gi' }, {}, {}],
    ['nothing where all is met in other spellings', { cpu: '4000m', memory: '16384Mi', storage: '102400Mi' }, {}, {}],
  ])('%s', (_, desired, options, patch) => {
    expect(toPlan(desired, options).patch).toStrictEqual(patch)
  })

  test.each<[DesiredChange, PlanSetup]>([
    [{}, {}],
    [{ version: '1.32' }, {}],
    [{ version: '1.32' }, { isLocked: false }],
    [{ alerts: { a: 1 } }, {}],
    [{ alerts: {} }, {}],
    [{ cpu: '4' }, { isLocked: false }],
    [{ version: '1.32' }, { live: { resources: {} } }],
    [{ cpu: '4' }, { live: { allResources: {} } }],
  ])('%j never makes an empty resources or an empty version', (desired, options) => {
    const body = JSON.stringify(toPlan(desired, options).patch)
    expect(body).not.toContain('"resources":{}')
    expect(body).not.toContain('"version":""')
  })

  test('alerts pass through untouched, met keys, nulls and all', () => {
    const alerts = { on: false, zero: 0, gone: null, text: '', nested: { list: [1, { a: null }], empty: {} } }
    expect(toPlan({ alerts }, { live: { alerts: { on: false } } }).patch).toStrictEqual({ alerts })
  })

  test('a met version is not sent along with a scale', () => {
    expect(toPlan({ version: '1.31', cpu: '8' }).patch).not.toHaveProperty('version')
  })
})

describe('the same body without the resources whose names we do not know', () => {
  test.each<[string, PatchBody, string[], PatchBody]>([
    [
      'some of each',
      { version: '1.32', resources: { cpu: '8', gpu: 1 } },
      ['gpu'],
      { version: '1.32', resources: { cpu: '8' } },
    ],
    ['none that is unknown', { resources: { ...RESOURCES } }, [], { resources: { ...RESOURCES } }],
    ['no resources', { version: '1.32' }, [], { version: '1.32' }],
  ])('%s', (_, patch, unknown, expected) => {
    expect(unknownResources(patch)).toEqual(unknown)
    expect(withoutUnknownResources(patch)).toStrictEqual(expected)
  })
})

describe('edits', () => {
  test('come in the order version, cpu, memory, storage, alerts, alerts without values', () => {
    expect(toPlan(EVERYTHING).edits).toStrictEqual([
      { field: 'version', from: '1.31', to: '1.32' },
      { field: 'cpu', from: '4', to: '8' },
      { field: 'memory', from: '16Gi', to: '32Gi' },
      { field: 'storage', from: '100Gi', to: '200Gi' },
      { field: 'alerts.podCrashLooping.enabled' },
    ])
  })

  test.each<[string, DesiredChange, ClusterOverrides, string[]]>([
    ['only what differs', { version: '1.31', cpu: '4', memory: '32Gi' }, {}, ['memory']],
    ['by value', { cpu: '4.0', memory: '16384Mi' }, {}, []],
    [
      'one for each key path asked',
      { alerts: { a: { b: 1, c: 2 }, d: 3 } },
      { alerts: { a: { b: 1 } } },
      ['alerts.a.c', 'alerts.d'],
    ],
    ['none for a null that is absent', { alerts: { a: null } }, {}, []],
  ])('%s', (_, desired, live, fields) => {
    expect(toPlan(desired, { live }).edits.map(({ field }) => field)).toEqual(fields)
  })

  test('absent is null', () => {
    expect(toPlan({ version: '1.32', cpu: '8' }, { live: { version: undefined, resources: {} } }).edits).toEqual([
      { field: 'version', from: null, to: '1.32' },
      { field: 'cpu', from: null, to: '8' },
    ])
  })
})

describe('the digest', () => {
  const asked: DesiredChange = { version: '1.32', cpu: '8', alerts: { a: { x: 1, y: [1, 2] }, b: 'on' } }
  const live = { alerts: { a: { x: 0, z: 1 }, c: 2 } }
  const digest = toPlan(asked, { live }).digest

  test('is 16 hex digits, without a prefix', () => {
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
  })

  test.each<[string, DesiredChange, PlanSetup]>([
    ['nothing', asked, { live }],
    [
      'a status write',
      asked,
      { live: { ...live, phase: 'Degraded', observedGeneration: 3, conditions: [{ type: 'Ready', status: 'False' }] } },
    ],
    ['a generation', asked, { live: { ...live, generation: 900 } }],
    ['a new running patch', asked, { live: { ...live, kubernetesVersion: 'v1.31.10' } }],
    ['fields that nobody asked for', asked, { live: { ...live, resources: { cpu: '4', memory: '99Gi' } } }],
    ['alerts that nobody asked for', asked, { live: { alerts: { a: { x: 0 } } } }],
    ['the lock', asked, { live, isLocked: false }],
    ['guardrails', asked, { live, guardrails: { max: { cpu: '1' }, allowDowngrade: true } }],
    ['another spelling of the current cpu', asked, { live: { ...live, resources: { cpu: '4000m' } } }],
    ['another spelling of the wanted cpu', { ...asked, cpu: '8000m' }, { live }],
    ['another spelling of the current version', asked, { live: { ...live, version: 'v1.31' } }],
    ['the order of the live keys', asked, { live: { alerts: { c: 2, a: { z: 1, x: 0 } } } }],
    ['the order of the inputs', { alerts: asked.alerts ?? {}, cpu: '8', version: '1.32' }, { live }],
    ['the order of the asked keys', { ...asked, alerts: { b: 'on', a: { y: [1, 2], x: 1 } } }, { live }],
    ['a met input', { ...asked, memory: '16Gi' }, { live }],
  ])('is not moved by %s', (_, desired, options) => {
    expect(toPlan(desired, options).digest).toBe(digest)
  })

  test.each<[string, DesiredChange, PlanSetup]>([
    ['another tenant', asked, { live, tenant: 'acme2' }],
    ['another cluster', asked, { live: { ...live, name: 'staging' } }],
    ['another wanted version', { ...asked, version: '1.32.1' }, { live }],
    ['another current version', asked, { live: { ...live, version: '1.30' } }],
    ['another wanted cpu', { ...asked, cpu: '8001m' }, { live }],
    ['another current cpu', asked, { live: { ...live, resources: { cpu: '5' } } }],
    ['an absent current cpu', asked, { live: { ...live, resources: {} } }],
    ['one edit more', { ...asked, memory: '32Gi' }, { live }],
    ['one edit less', { version: '1.32', cpu: '8' }, { live }],
    ['another wanted alert', { ...asked, alerts: { a: { x: 2, y: [1, 2] }, b: 'on' } }, { live }],
    ['another order in a wanted array', { ...asked, alerts: { a: { x: 1, y: [2, 1] }, b: 'on' } }, { live }],
    ['another type of a wanted alert', { ...asked, alerts: { a: { x: '1', y: [1, 2] }, b: 'on' } }, { live }],
    ['another current alert', asked, { live: { alerts: { a: { x: 5 } } } }],
    ['a current alert that is no longer there', asked, { live: { alerts: {} } }],
  ])('moves with %s', (_, desired, options) => {
    expect(toPlan(desired, options).digest).not.toBe(digest)
  })

  test('differs for a tenant and a cluster that read the same in a row as others', () => {
    const one = toPlan({ cpu: '8' }, { tenant: 'a', live: { name: 'bc' } })
    const other = toPlan({ cpu: '8' }, { tenant: 'ab', live: { name: 'c' } })
    expect(one.digest).not.toBe(other.digest)
  })

  test('differs for a key with a dot and a path of two keys', () => {
    expect(toPlan({ alerts: { a: { b: 1 } } }).digest).not.toBe(toPlan({ alerts: { 'a.b': 1 } }).digest)
  })

  test('of an empty plan is one, whatever was asked', () => {
    expect(toPlan({ cpu: '4' }).digest).toBe(toPlan({ version: '1.31' }).digest)
    expect(toPlan({ cpu: '4' }).digest).not.toBe(toPlan({ cpu: '8' }).digest)
  })
})

describe('the plan output', () => {
  test('is compact JSON with edits and refusals', () => {
    const plan = toPlan({ version: '1.33', cpu: '8', alerts: { a: { b: 'secret' } } }, { live: { resources: {} } })
    expect(toPlanJson(plan)).toBe(
      '{"edits":[{"field":"version","from":"1.31","to":"1.33"},{"field":"cpu","from":null,"to":"8"},{"field":"alerts.a.b"}],' +
        '"refusals":[{"rule":"version-skip","field":"version","from":"1.31","to":"1.33","allow":"allow-version-skip"}]}',
    )
  })

  test('is not empty for an empty plan', () => {
    expect(toPlanJson(toPlan({}))).toBe('{"edits":[],"refusals":[]}')
  })

  test.each([
    ['asked for', { alerts: SECRET_ALERTS }, {}],
    ['live', { alerts: { receivers: null, note: 1 } }, { alerts: SECRET_ALERTS }],
  ])('shows no value inside alerts: %s', (_, desired, live) => {
    const plan = toPlan(desired, { live })
    expect(plan.edits.length).toBeGreaterThan(0)
    expect(toPlanJson(plan)).not.toMatch(/hidden|pager\.example/)
    expect(toPlanLines(plan).join('\n')).not.toMatch(/hidden|pager\.example/)
  })
})

describe('the plan in the log', () => {
  test('is a line for each edit, aligned', () => {
    expect(toPlanLines(toPlan({ version: '1.32', cpu: '8' }, { live: { resources: {} } }))).toEqual([
      'Plan: version  1.31 → 1.32',
      'Plan: cpu      absent → 8',
    ])
  })

  test('says which settings are removed', () => {
    const plan = toPlan(
      { alerts: { hook: null, a: { b: null, c: 1 } } },
      { live: { alerts: { hook: 'x', a: { b: 2 } } } },
    )
    expect(toPlanLines(plan)).toEqual([
      'Plan: alerts.hook  is removed (values in alerts are not shown)',
      'Plan: alerts.a.b   is removed (values in alerts are not shown)',
      'Plan: alerts.a.c   changes (values in alerts are not shown)',
    ])
    expect(toPlanJson(plan)).toBe(
      '{"edits":[{"field":"alerts.hook"},{"field":"alerts.a.b"},{"field":"alerts.a.c"}],"refusals":[]}',
    )
  })

  test.each([
    [12, 0, 'Plan: 2 more settings inside alerts change'],
    [10, 3, 'Plan: 3 more settings inside alerts change (3 removed)'],
  ])('counts those among the ones not shown: %i changed, %i removed', (changed, removed, last) => {
    const keys = Array.from({ length: changed + removed }, (_, index) => `k${index}`)
    const alerts = Object.fromEntries(keys.map((key, index) => [key, index < changed ? 1 : null]))
    const live = { alerts: Object.fromEntries(keys.map((key) => [key, 2])) }
    expect(toPlanLines(toPlan({ alerts }, { live })).at(-1)).toBe(last)
  })

  test('says where there is nothing to change', () => {
    expect(toPlanLines(toPlan({}))).toEqual(['Plan: nothing to change'])
  })
})
