import { describe, expect, test } from '@jest/globals'
import { world } from './world.js'

describe('a cluster without a desired version', () => {
  const unversioned = (more: object = {}) => world({ clusters: [{ version: '', ...more }] })

  test('has no version, and runs the default one', () => {
    const shown = unversioned().get()
    expect(shown).not.toHaveProperty('version')
    expect(shown.status.kubernetesVersion).toBe('v1.33.12')
  })

  test.each([
    ['a scale leaves both alone', { resources: { cpu: '8' } }, undefined, 'v1.31.9'],
    ['the minor it runs is no upgrade', { version: '1.31' }, '1.31', 'v1.31.9'],
    ['another minor is one', { version: '1.32' }, '1.32', 'v1.32.3'],
    ['an empty version moves it to the default one', { version: '' }, '1.33', 'v1.33.12'],
  ])('%s', (_name, change, desired, running) => {
    const { patch, get, wait } = unversioned({ kubernetesVersion: 'v1.31.9' })
    patch(change)
    wait(100_000)
    expect(get()).toMatchObject({ status: { phase: 'Running', kubernetesVersion: running } })
    expect(get().version).toBe(desired)
  })

  test('rolls back to having none', () => {
    const { patch, get, wait, simulator } = unversioned()
    simulator.nextFates('rolled-back-desired')
    patch({ version: '1.32' })
    wait(100_000)
    expect(get()).not.toHaveProperty('version')
  })
})

describe('limits', () => {
  test('never set and cleared look the same', () => {
    const never = world({ clusters: [{ resources: {} }] })
    const cleared = world()
    cleared.patch({ resources: {} })
    expect([never.get().resources, cleared.get().resources]).toEqual([{}, {}])
  })

  test('are cleared by an empty object and set again one by one, merging or replacing', () => {
    for (const resourcesMode of ['merge', 'replace'] as const) {
      const { patch, get } = world({ resourcesMode })
      patch({ resources: {} })
      patch({ resources: { storage: '5Gi' } })
      expect(get().resources).toEqual({ storage: '5Gi' })
    }
  })
})

describe('high availability', () => {
  const clusters = [{ highAvailability: true }]

  test('is shown with its status, and not at all where there is none', () => {
    expect(world({ clusters }).get()).toMatchObject({
      highAvailability: true,
      status: { haPhase: 'ha-healthy', haConfigured: true, haReplicasReady: 3, haReplicasDesired: 3 },
    })
    const single = world().get()
    expect(single).not.toHaveProperty('highAvailability')
    expect(single.status).not.toHaveProperty('haPhase')
  })

  test('can be asked for where it is already, together with other changes', () => {
    const { patch, get } = world({ clusters })
    expect(patch({ highAvailability: true }).etag).toBe('"294810"')
    expect(patch({ highAvailability: true, resources: { cpu: '8' } }).json().resources.cpu).toBe('8')
    expect(get()).toMatchObject({ highAvailability: true, generation: 8 })
  })

  test.each([
    ['off', clusters, false, 'HA_DISABLE_UNSUPPORTED', 'Disabling HA is not supported in v1.'],
    ['off where it is off', [{}], false, 'HA_DISABLE_UNSUPPORTED', 'Disabling HA is not supported in v1.'],
    [
      'on',
      [{}],
      true,
      'HA_ENABLE_ON_EXISTING_UNSUPPORTED',
      'Enabling HA on an existing cluster is not supported in v1.',
    ],
  ])('is not switched %s', (_name, given, highAvailability, code, message) => {
    const reply = world({ clusters: given }).patch({ highAvailability })
    const structured = { code, severity: 'error', message, field: 'spec.highAvailability', error: message }
    expect([reply.status, reply.json()]).toEqual([400, structured])
  })

  test('is a boolean', () => {
    expect(world().patch({ highAvailability: 'yes' }).json()).toEqual({ error: 'highAvailability must be a boolean' })
  })
})
