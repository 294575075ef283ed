import { describe, expect, test } from '@jest/globals'
import type { Fate, SimulatorOptions } from '../../simulator/simulator.js'
import { ADMIN, world } from './world.js'

const UPGRADE = { version: '1.32' }
const SCALE = { resources: { cpu: '8' } }
const ALERTS = { alerts: { mail: 'on' } }
const QUICK = { upgradeStartsAfterMs: 1_000, upgradeMs: 4_000, scaleMs: 2_000 }

/** What a poll every half second sees, each sight once: phase, running version, observed/current generation. */
function sightsOf(options: Partial<SimulatorOptions>, change: unknown, forMs = 10_000): string[] {
  const { patch, get, wait } = world({ ...QUICK, ...options })
  wait(20_000)
  const sights: string[] = []
  const see = ({ status, generation }: ReturnType<typeof get>) => {
    const sight = `${status.phase} ${status.kubernetesVersion} ${status.observedGeneration}/${generation}`
    if (sights.at(-1) !== sight) sights.push(sight)
  }
  see(patch(change).json())
  for (let waited = 0; waited < forMs; waited += 500) {
    wait(500)
    see(get())
  }
  return sights
}

describe('fields that lag', () => {
  test.each<[string, SimulatorOptions['lagMs'], unknown, string[]]>([
    [
      'the phase of an upgrade',
      { phase: 2_000 },
      UPGRADE,
      ['Running v1.31.9 7/8', 'Upgrading v1.31.9 7/8', 'Upgrading v1.32.3 8/8', 'Running v1.32.3 8/8'],
    ],
    [
      'the observed generation',
      { observedGeneration: 2_000 },
      UPGRADE,
      ['Running v1.31.9 7/8', 'Upgrading v1.31.9 7/8', 'Running v1.32.3 7/8', 'Running v1.32.3 8/8'],
    ],
    [
      'the running version',
      { kubernetesVersion: 2_000 },
      UPGRADE,
      ['Running v1.31.9 7/8', 'Upgrading v1.31.9 7/8', 'Running v1.31.9 8/8', 'Running v1.32.3 8/8'],
    ],
    [
      'the generation, in the answer to the PATCH too',
      { generation: 1_000 },
      SCALE,
      ['Running v1.31.9 7/7', 'Running v1.31.9 7/8', 'Running v1.31.9 8/8'],
    ],
    [
      'several, each by its own time',
      { observedGeneration: 1_000, kubernetesVersion: 2_000 },
      UPGRADE,
      [
        'Running v1.31.9 7/8',
        'Upgrading v1.31.9 7/8',
        'Running v1.31.9 7/8',
        'Running v1.31.9 8/8',
        'Running v1.32.3 8/8',
      ],
    ],
  ])('%s', (_name, lagMs, change, sights) => {
    expect(sightsOf({ lagMs: lagMs ?? {} }, change)).toEqual(sights)
  })

  test('show nothing of an older cluster of that name, nor of the time before this one', () => {
    const { get, wait, simulator } = world({ lagMs: { phase: 5_000, generation: 5_000 } })
    wait(1_000)
    simulator.setStatus('production', { phase: 'Degraded' })
    simulator.recreate('production')
    expect(get()).toMatchObject({ generation: 1, status: { phase: 'Running' } })
    simulator.setStatus('production', { phase: 'Odd' })
    wait(1_000)
    expect(get().status.phase).toBe('Odd')
    wait(5_000)
    expect(get().status.phase).toBe('Odd')
  })

  test('lag behind an older replica too', () => {
    const { get, wait, simulator } = world({ lagMs: { phase: 2_000 } })
    wait(10_000)
    simulator.setStatus('production', { phase: 'Odd' })
    wait(3_000)
    simulator.queue('GET', [{ kind: 'stale', ms: 2_000 }, 'ok'])
    expect([get().status.phase, get().status.phase]).toEqual(['Running', 'Odd'])
  })

  test('the rest, the ETag and the resource version are of now', () => {
    const { send, patch, wait } = world({ lagMs: { phase: 5_000, observedGeneration: 5_000 } })
    patch(SCALE)
    wait(5_000)
    const reply = send()
    expect([reply.etag, reply.json().resourceVersion, reply.json().resources.cpu]).toEqual(['"294812"', '294812', '8'])
    expect(patch({ resources: { cpu: '9' } }, { 'if-match': reply.etag ?? '' }).status).toBe(200)
  })
})

describe('replicas', () => {
  test('take turns at reads of a cluster, each so far behind; a PATCH goes to the first', () => {
    const { get, patch, send, wait } = world({ replicaLagsMs: [0, 5_000, 60_000] })
    wait(10_000)
    patch({ resources: { cpu: '5' } })
    wait(6_000)
    expect(patch({ resources: { cpu: '6' } }).json().resources.cpu).toBe('6')
    const seen = () => get().resources.cpu
    expect([seen(), seen(), seen()]).toEqual(['6', '5', '4'])
    // Neither the list nor the catalogue takes a turn.
    send({ path: '/api/v1/tenants/acme/clusters' })
    send({ path: '/api/v1/plans' })
    expect([seen(), send().etag]).toEqual(['6', '"294811"'])
  })

  test('give way to a fault that says how old an answer is', () => {
    const { get, patch, wait, simulator } = world({ replicaLagsMs: [0] })
    wait(10_000)
    patch({ resources: { cpu: '5' } })
    simulator.inject({ method: 'GET' }, { kind: 'stale', ms: 1_000 })
    expect([get().resources.cpu, get().resources.cpu]).toEqual(['4', '5'])
  })
})

describe('generations', () => {
  test.each<[NonNullable<SimulatorOptions['generationMoves']>, object, number]>([
    [true, ALERTS, 8],
    [false, UPGRADE, 7],
    [['version'], UPGRADE, 8],
    [['version'], SCALE, 7],
    [['version'], ALERTS, 7],
    [['version', 'resources'], { ...SCALE, ...ALERTS }, 8],
    [['version'], { version: '1.31', ...SCALE }, 7],
    [[], UPGRADE, 7],
  ])('moved by %j: %j makes %d', (generationMoves, change, generation) => {
    const { patch, get, wait } = world({ generationMoves })
    expect(patch(change).json().generation).toBe(generation)
    wait(100_000)
    expect(get()).toMatchObject({ generation, status: { phase: 'Running', observedGeneration: generation } })
  })

  test.each([
    ['version', 9],
    ['resources', 7],
  ] as const)('a rollback counts as its change does: %s', (field, generation) => {
    const { patch, get, wait } = world({ generationMoves: [field], script: ['rolled-back-desired'] })
    patch(UPGRADE)
    wait(100_000)
    expect(get()).toMatchObject({ version: '1.31', generation })
  })

  test('as texts', () => {
    const shown = world({ generationsAsText: true }).get()
    expect([shown.generation, shown.status.observedGeneration]).toEqual(['7', '7'])
    const older = world({ generationsAsText: true, generations: false }).get()
    expect(older).not.toHaveProperty('generation')
  })
})

describe('409', () => {
  test('in place of 412, in the words of Kubernetes', () => {
    const { patch, send, simulator } = world({ conflictStatus: 409 })
    const error = 'the object has been modified; please apply your changes to the latest version and try again'
    const reply = patch(UPGRADE, { 'if-match': '"1"' })
    expect([reply.status, reply.json()]).toEqual([409, { error }])
    expect(send({ method: 'DELETE', headers: { ...ADMIN, 'if-match': '"1"' } }).status).toBe(409)
    expect(simulator.cluster('production').history).toHaveLength(1)
    expect(patch(UPGRADE, { 'if-match': '"294810"' }).status).toBe(200)
  })

  test.each<[string, object, number]>([
    ['an upgrade', UPGRADE, 5_000],
    ['a scale, though the phase stays Running', SCALE, 2_000],
  ])('while busy with %s', (_name, change, ms) => {
    const { patch, wait } = world({ ...QUICK, refuseWhileBusy: true })
    expect(patch(change).status).toBe(200)
    wait(ms - 1)
    const reply = patch({ resources: { cpu: '9' } })
    expect([reply.status, reply.json()]).toEqual([409, { error: 'another operation is in progress' }])
    wait(1)
    expect(patch({ resources: { cpu: '9' } }).status).toBe(200)
  })

  test.each(['Pending', 'Provisioning', 'Upgrading'])('while the phase is %s', (phase) => {
    const { patch, simulator } = world({ refuseWhileBusy: true, clusters: [{ phase }] })
    expect(patch(SCALE).status).toBe(409)
    simulator.setStatus('production', { phase: 'Degraded' })
    expect(patch(SCALE).status).toBe(200)
  })

  test('an outdated ETag is told first', () => {
    const { patch } = world({ refuseWhileBusy: true })
    patch(UPGRADE)
    expect(patch(SCALE, { 'if-match': '"1"' }).status).toBe(412)
  })
})

describe('a blip to Degraded', () => {
  test.each<[Fate, unknown, string[]]>([
    [
      'degraded-blip',
      UPGRADE,
      [
        'Running v1.31.9 7/8',
        'Upgrading v1.31.9 7/8',
        'Degraded v1.31.9 7/8',
        'Upgrading v1.31.9 7/8',
        'Running v1.32.3 8/8',
      ],
    ],
    [
      'degraded-blip',
      SCALE,
      ['Running v1.31.9 7/8', 'Degraded v1.31.9 7/8', 'Running v1.31.9 7/8', 'Running v1.31.9 8/8'],
    ],
  ])('%s of %j', (fate, change, sights) => {
    expect(sightsOf({ script: [fate], scaleMs: 4_000 }, change)).toEqual(sights)
  })

  test('its condition goes with it', () => {
    const { patch, get, wait } = world({ ...QUICK, script: ['degraded-blip'] })
    patch(UPGRADE)
    wait(3_000)
    expect(get().status.conditions).toMatchObject([{ status: 'False', reason: 'ControlPlaneUnhealthy' }])
    wait(1_000)
    expect(get().status).toMatchObject({ phase: 'Upgrading', conditions: [{ type: 'Ready', status: 'True' }] })
  })
})
