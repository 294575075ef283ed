import { once } from 'node:events'
import { Agent, type IncomingMessage, type RequestOptions, request as sendRequest } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { type RunningServer, startServer } from '../../simulator/server.js'
import type { Fate, Fault, SimRequest, SimulatorOptions } from '../../simulator/simulator.js'
import { DEFAULTS, Simulator } from '../../simulator/simulator.js'
import { ADMIN, PATH, READONLY, type Shown, world } from './world.js'

/** What a poll every half second sees, each sight once: phase, running version, observed/current generation. */
function watch(options: Partial<SimulatorOptions>, change: unknown, forMs = 10_000): string[] {
  const { send, get, patch, wait } = world({
    upgradeStartsAfterMs: 1_000,
    upgradeMs: 4_000,
    scaleMs: 2_000,
    degradedMs: 3_000,
    ...options,
  })
  const sights: string[] = []
  const see = ({ status, generation }: Shown) => {
    const { phase = '-', kubernetesVersion = '-', observedGeneration = '-' } = status ?? {}
    const sight =
      status === undefined ? 'no status' : `${phase} ${kubernetesVersion} ${observedGeneration}/${generation}`
    if (sights.at(-1) !== sight) sights.push(sight)
  }
  expect(send().status).toBe(200)
  see(patch(change).json())
  for (let waited = 0; waited < forMs; waited += 500) {
    wait(500)
    see(get())
  }
  return sights
}

describe('answers', () => {
  test('a cluster as documented, with ETag, request id and date', () => {
    const { send } = world()
    const reply = send()
    expect(reply.status).toBe(200)
    expect(reply.json()).toEqual({
      name: 'production',
      displayName: 'production',
      type: 'shared',
      version: '1.31',
      resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
      generation: 7,
      resourceVersion: '294810',
      createdAt: '2026-02-01T14:00:00Z',
      warnings: [],
      status: {
        phase: 'Running',
        kubernetesVersion: 'v1.31.9',
        endpoint: 'https://production.acme.kupe.cloud',
        observedGeneration: 7,
        conditions: [{ type: 'Ready', status: 'True' }],
        metrics: {},
      },
    })
    expect(reply.headers).toEqual({
      'content-type': 'application/json',
      etag: '"294810"',
      'x-request-id': 'sim-0001',
      date: 'Mon, 02 Nov 2026 09:00:00 GMT',
    })
    expect(send().headers['x-request-id']).toBe('sim-0002')
  })

  test.each<[string, Partial<SimRequest>, number, string]>([
    ['no key', { headers: {} }, 401, 'unauthorized'],
    ['another key', { headers: { authorization: 'Bearer kupe_other' } }, 401, 'unauthorized'],
    ['a key without Bearer', { headers: { authorization: DEFAULTS.adminKey } }, 401, 'unauthorized'],
    ['another tenant', { path: '/api/v1/tenants/other/clusters/production' }, 403, 'access denied'],
    ['readonly PATCH', { method: 'PATCH', headers: READONLY, body: '{"version":"1.32"}' }, 403, 'access denied'],
    ['another cluster', { path: `${PATH}2` }, 404, 'cluster not found'],
    ['a slash in the name', { path: `${PATH}%2Fx` }, 404, 'cluster not found'],
    ['bad percent-encoding', { path: `${PATH}%zz` }, 404, 'not found'],
    ['no API prefix', { path: '/tenants/acme/clusters/production' }, 404, 'not found'],
    ['a doubled API prefix', { path: `/api/v1${PATH}` }, 404, 'not found'],
    ['a trailing slash', { path: `${PATH}/` }, 404, 'not found'],
    ['another method', { method: 'PUT' }, 405, 'method not allowed'],
    [
      'another content type',
      { method: 'PATCH', headers: { ...ADMIN, 'content-type': 'text/plain' } },
      415,
      'content type must be application/json',
    ],
  ])('%s', (_name, request, status, error) => {
    const { send } = world()
    const reply = send(request)
    expect([reply.status, JSON.parse(reply.body)]).toEqual([status, { error }])
    expect(reply.headers['x-request-id']).toBe('sim-0001')
  })

  test('readonly keys may look, path segments are decoded, a query is ignored', () => {
    const { send } = world({ tenant: 'a b' })
    const path = '/api/v1/tenants/a%20b/clusters/%70roduction?x=1'
    expect(send({ path, headers: READONLY }).status).toBe(200)
  })

  test('an older server knows no generations, another no kubernetesVersion, another no ETag', () => {
    const older = world({ generations: false }).get()
    expect(older).not.toHaveProperty('generation')
    expect(older.status).not.toHaveProperty('observedGeneration')
    expect(world({ reportKubernetesVersion: false }).get().status).not.toHaveProperty('kubernetesVersion')
    expect(world({ etags: false }).send().headers).not.toHaveProperty('etag')
  })

  test.each([
    ['bare', '294810'],
    ['weak', 'W/"294810"'],
  ] as const)('%s ETags, compared as they are', (etagStyle, etag) => {
    const { send, patch } = world({ etagStyle })
    expect(send().etag).toBe(etag)
    expect(patch({ version: '1.32' }, { 'if-match': '"294810"' }).status).toBe(412)
    expect(patch({ version: '1.32' }, { 'if-match': etag }).status).toBe(200)
  })

  test('a rate limit over a sliding window, refusals not counted', () => {
    const { send, wait } = world({ rateLimit: { requests: 2, perMs: 1_000, retryAfterSeconds: 3 } })
    const statuses = [send().status, send().status, send().status, send().status]
    expect(statuses).toEqual([200, 200, 429, 429])
    expect(send().headers).toMatchObject({ 'retry-after': '3' })
    wait(1_000)
    expect(send().status).toBe(200)
  })
})

describe('PATCH', () => {
  test.each<[string, string | undefined, string]>([
    ['nothing', undefined, 'at least one field required'],
    ['an empty object', '{}', 'at least one field required'],
    ['half of it', '{"version":', 'request body must be a JSON object'],
    ['an array', '[]', 'request body must be a JSON object'],
    ['an unknown field', '{"sise":"4"}', 'unknown field "sise"'],
    ['a name', '{"name":"x"}', 'name cannot be changed after creation'],
    ['a number as version', '{"version":1.32}', 'version must be a string'],
    ['resources as text', '{"resources":"4"}', 'resources must be an object'],
    ['an unknown resource', '{"resources":{"gpu":"1"}}', 'unknown field "resources.gpu"'],
    ['an inherited name', '{"resources":{"toString":"1"}}', 'unknown field "resources.toString"'],
    ['a bare memory', '{"resources":{"memory":"16"}}', 'memory must include a unit suffix, such as 16Gi'],
    ['a bare storage', '{"resources":{"storage":"100"}}', 'storage must include a unit suffix, such as 16Gi'],
    ['an empty cpu', '{"resources":{"cpu":""}}', 'cpu is not a valid quantity: ""'],
    ['a number as cpu', '{"resources":{"cpu":4}}', 'cpu must be a string'],
    ['alerts as a list', '{"alerts":[]}', 'alerts must be an object'],
  ])('refuses %s in plain words', (_name, body, error) => {
    const { send, simulator } = world()
    const reply = send({ method: 'PATCH', ...(body === undefined ? {} : { body }) })
    expect([reply.status, JSON.parse(reply.body)]).toEqual([400, { error }])
    expect(simulator.cluster('production').history).toHaveLength(1)
  })

  test.each(['1.99', 'v1.32', '1', '1.32.'])('refuses version %s and lists the supported ones in full', (version) => {
    const { patch } = world({ kubernetesPatch: { '1.32': '4' }, supportedVersions: ['1.9', '1.32', '1.33'] })
    const error = `unsupported Kubernetes version "${version}", supported versions: [1.33.12 1.32.4 1.9.0]`
    expect(patch({ version }).json()).toEqual({ error })
  })

  test('answers with the new object, moves generation and resource version, keeps what was not named', () => {
    const { patch, send, simulator } = world()
    const reply = patch({ resources: { cpu: '8' } }, { 'if-match': send().etag ?? '' })
    expect([reply.status, reply.etag]).toEqual([200, '"294811"'])
    expect(reply.json()).toMatchObject({
      version: '1.31',
      resources: { cpu: '8', memory: '16Gi', storage: '100Gi' },
      generation: 8,
      resourceVersion: '294811',
      status: { observedGeneration: 7 },
    })
    expect(simulator.cluster('production').history.at(-1)).toEqual({
      at: 0,
      writer: 'api',
      kind: 'spec',
      patch: { resources: { cpu: '8' } },
      generation: 8,
      resourceVersion: 294_811,
    })
  })

  test('that changes nothing moves nothing', () => {
    const { patch, simulator } = world()
    expect(patch({ version: '1.31', resources: { memory: '16Gi' } }).etag).toBe('"294810"')
    expect(simulator.cluster('production').history).toHaveLength(1)
  })

  test('is refused with 412 when the ETag moved, and nothing changes', () => {
    const { patch, send, simulator } = world()
    const etag = send().etag ?? ''
    simulator.setStatus('production', { metrics: { pods: 3 } })
    expect(patch({ version: '1.32' }, { 'if-match': etag }).status).toBe(412)
    expect(simulator.cluster('production')).toMatchObject({ version: '1.31', generation: 7 })
    expect(patch({ version: '1.32' }).status).toBe(200)
    expect(patch({ version: '1.33' }, { 'if-match': '*' }).status).toBe(200)
  })

  test('with an empty version takes the default one', () => {
    const { patch, get, wait } = world()
    expect(patch({ version: '' }).json().version).toBe('1.33')
    wait(100_000)
    expect(get().status.kubernetesVersion).toBe('v1.33.12')
  })

  test('with empty resources clears the limits; replacing drops what was not named', () => {
    expect(world().patch({ resources: {} }).json().resources).toEqual({})
    const { patch } = world({ resourcesMode: 'replace' })
    expect(patch({ resources: { cpu: '8' } }).json().resources).toEqual({ cpu: '8' })
  })

  test('merges or replaces alerts, over defaults of the server', () => {
    const alerts = { cpu: { threshold: 80, for: '5m' }, old: true }
    const change = { alerts: { cpu: { threshold: 90 }, old: null } }
    const merged = world({ clusters: [{ alerts }], alertDefaults: { cpu: { severity: 'page' } } })
    expect(merged.patch(change).json().alerts).toEqual({ cpu: { threshold: 90, for: '5m', severity: 'page' } })
    const replaced = world({ clusters: [{ alerts }], alertsMode: 'replace' })
    expect(replaced.patch(change).json().alerts).toEqual({ cpu: { threshold: 90 } })
  })

  test('stores less than asked at a limit, or spells it its own way', () => {
    const limited = world({ clamp: { cpu: '8', memory: '32Gi' } })
    const asked = { cpu: '9000m', memory: '64Gi', storage: '1Ti' }
    expect(limited.patch({ resources: asked }).json().resources).toEqual({ cpu: '8', memory: '32Gi', storage: '1Ti' })
    const within = world({ clamp: { cpu: '8', memory: '32Gi' } })
    const fits = { cpu: '7500m', memory: '30G' }
    expect(within.patch({ resources: fits }).json().resources).toMatchObject(fits)
    const own = world({ respell: (field, value) => (field === 'cpu' ? `${Number(value) * 1000}m` : value) })
    expect(own.patch({ resources: { cpu: '8' } }).json().resources.cpu).toBe('8000m')
  })

  test('may answer 202, or with an empty body', () => {
    const { patch } = world({ patchStatus: 202, emptyPatchAnswer: true })
    expect(patch({ version: '1.32' })).toMatchObject({ status: 202, body: '', etag: '"294811"' })
  })

  test('is refused while the cluster is being deleted', () => {
    const { patch, simulator } = world()
    simulator.deleteCluster('production', { terminatingMs: 1_000 })
    expect(patch({ version: '1.32' }).status).toBe(409)
  })

  test('does not move the generation where told so', () => {
    const { patch, get, wait } = world({ generationMoves: false })
    expect(patch({ version: '1.32' }).json().generation).toBe(7)
    wait(100_000)
    expect(get()).toMatchObject({ generation: 7, status: { observedGeneration: 7, kubernetesVersion: 'v1.32.3' } })
  })
})

describe('rollouts', () => {
  const version = { version: '1.32' }
  const scale = { resources: { cpu: '8' } }
  const started = 'Running v1.31.9 7/8'
  const upgrading = 'Upgrading v1.31.9 7/8'
  const upgraded = 'Running v1.32.3 8/8'
  const degraded = 'Degraded v1.31.9 7/8'

  test.each<[string, Partial<SimulatorOptions>, unknown, string[]]>([
    ['an upgrade', {}, version, [started, upgrading, upgraded]],
    ['an upgrade to a patch', {}, { version: '1.32.7' }, [started, upgrading, 'Running v1.32.7 8/8']],
    ['a downgrade', {}, { version: '1.30' }, [started, upgrading, 'Running v1.30.14 8/8']],
    ['the patch it runs already', {}, { version: '1.31.9' }, [started, 'Running v1.31.9 8/8']],
    ['a scale', {}, scale, [started, 'Running v1.31.9 8/8']],
    ['upgrade and scale', {}, { ...version, ...scale }, [started, upgrading, upgraded]],
    ['alerts', {}, { alerts: { cpu: true } }, [started, 'Running v1.31.9 8/8']],
    [
      'an upgrade stamped early',
      { earlyObservedGeneration: true },
      version,
      [started, 'Running v1.31.9 8/8', 'Upgrading v1.31.9 8/8', upgraded],
    ],
    ['an upgrade that never begins', { upgradeStartsAfterMs: Number.POSITIVE_INFINITY }, version, [started]],
    ['a scale that never ends', { scaleMs: Number.POSITIVE_INFINITY }, scale, [started]],
  ])('%s', (_name, options, change, sights) => {
    expect(watch(options, change)).toEqual(sights)
  })

  test.each<[Fate, unknown, string[]]>([
    ['rolled-back', version, [started, upgrading, 'Running v1.31.9 8/8']],
    ['rolled-back', scale, [started, 'Running v1.31.9 9/9']],
    ['rolled-back-desired', version, [started, upgrading, 'Running v1.31.9 9/9']],
    ['degraded', version, [started, upgrading, degraded]],
    ['degraded', scale, [started, degraded]],
    ['degraded-heals', version, [started, upgrading, degraded, upgraded]],
    ['stuck', version, [started, upgrading]],
    ['stuck', scale, [started]],
    ['unknown-phase', version, [started, 'Migrating v1.31.9 7/8', upgraded]],
    ['no-phase', version, [started, '- v1.31.9 7/8', upgraded]],
    ['no-status', version, [started, 'no status', upgraded]],
    ['upgrade-stays-running', version, [started, upgraded]],
  ])('fate %s of %j', (fate, change, sights) => {
    expect(watch({ script: [fate] }, change)).toEqual(sights)
  })

  test('rolled back: the desired version stays, or goes back as a write of the operator', () => {
    for (const [fate, desired, kind] of [
      ['rolled-back', '1.32', 'status'],
      ['rolled-back-desired', '1.31', 'spec'],
    ] as const) {
      const { patch, wait, simulator } = world({ script: [fate] })
      patch(version)
      wait(100_000)
      const truth = simulator.cluster('production')
      expect(truth.version).toBe(desired)
      expect(truth.history.at(-1)).toMatchObject({ at: 63_000, writer: 'operator', kind })
    }
  })

  test('Degraded says why, and the next change cures it', () => {
    const { patch, get, wait, simulator } = world()
    simulator.nextFates('degraded')
    patch(version)
    wait(100_000)
    expect(get().status.conditions?.[0]?.message).toMatch(/control plane is not ready/)
    patch(scale)
    wait(5_000)
    expect(get().status).toMatchObject({ phase: 'Running', kubernetesVersion: 'v1.32.3', observedGeneration: 9 })
  })

  test('a scale joins an upgrade under way; the end stamps both', () => {
    const { patch, get, wait } = world({ upgradeStartsAfterMs: 1_000, upgradeMs: 4_000, scaleMs: 2_000 })
    patch(version)
    wait(4_000)
    expect(patch(scale).json().status.phase).toBe('Upgrading')
    wait(1_000)
    expect(get().status).toMatchObject({ phase: 'Upgrading', observedGeneration: 7 })
    wait(1_000)
    expect(get().status).toMatchObject({ phase: 'Running', kubernetesVersion: 'v1.32.3', observedGeneration: 9 })
  })

  test('another version during an upgrade replaces the target', () => {
    const { patch, get, wait } = world({ upgradeStartsAfterMs: 1_000, upgradeMs: 4_000 })
    patch(version)
    wait(3_000)
    patch({ version: '1.33' })
    wait(3_999)
    expect(get().status).toMatchObject({ phase: 'Upgrading', kubernetesVersion: 'v1.31.9' })
    wait(1)
    expect(get().status).toMatchObject({ phase: 'Running', kubernetesVersion: 'v1.33.12', observedGeneration: 9 })
  })

  test('back to the old version before the upgrade began: it never begins', () => {
    const { patch, get, wait } = world({ upgradeStartsAfterMs: 1_000, upgradeMs: 4_000, scaleMs: 500 })
    patch(version)
    patch({ version: '1.31' })
    wait(2_000)
    expect(get().status).toMatchObject({ phase: 'Running', kubernetesVersion: 'v1.31.9', observedGeneration: 9 })
  })

  test('an early stamp does not count as the beginning of the upgrade', () => {
    const { patch, get, wait } = world({ earlyObservedGeneration: true, scaleMs: 500 })
    patch(version)
    wait(1_000)
    expect(get().status).toMatchObject({ phase: 'Running', observedGeneration: 8 })
    patch({ version: '1.31' })
    wait(10_000)
    expect(get().status).toMatchObject({ phase: 'Running', kubernetesVersion: 'v1.31.9', observedGeneration: 9 })
    patch(version)
    wait(4_000)
    expect(get().status.phase).toBe('Upgrading')
  })

  test('a cluster busy at the start becomes what its spec says', () => {
    const busy = { version: '1.32', kubernetesVersion: 'v1.31.9', phase: 'Upgrading', busyForMs: 5_000 }
    const { get, wait } = world({ clusters: [busy] })
    expect(get()).toMatchObject({ generation: 7, status: { phase: 'Upgrading', observedGeneration: 6 } })
    wait(5_000)
    expect(get()).toMatchObject({ status: { phase: 'Running', kubernetesVersion: 'v1.32.3', observedGeneration: 7 } })
  })

  test('each step is a status write at its own time, however late the look', () => {
    const { patch, send, wait, simulator } = world({ statusWriteEveryMs: 40_000 })
    patch(version)
    wait(100_000)
    expect(send().etag).toBe('"294815"')
    const writes = simulator.cluster('production').history.map(({ at, kind }) => [at, kind])
    expect(writes).toEqual([
      [0, 'create'],
      [0, 'spec'],
      [3_000, 'status'],
      [40_000, 'status'],
      [63_000, 'status'],
      [80_000, 'status'],
    ])
  })
})

describe('other hands', () => {
  test('another writer at a time, and exactly between a read and a PATCH', () => {
    const { send, patch, wait, simulator, get } = world()
    simulator.at(2_000, (sim) => sim.patchAs('late', 'production', { resources: { cpu: '6' } }))
    simulator.at(1_000, (sim) => sim.patchAs('early', 'production', { resources: { cpu: '5' } }))
    simulator.on({ method: 'PATCH', nth: 1 }, (sim) => sim.patchAs('rival', 'production', { version: '1.32' }))
    wait(5_000)
    expect(get().resources.cpu).toBe('6')
    expect(patch({ version: '1.33' }, { 'if-match': send().etag ?? '' }).status).toBe(412)
    const writers = simulator.cluster('production').history.map(({ at, writer }) => `${writer}@${at}`)
    expect(writers).toEqual(['user@0', 'early@1000', 'late@2000', 'rival@5000'])
    expect(patch({ version: '1.33' }, { 'if-match': send().etag ?? '' }).status).toBe(200)
  })

  test('after: the answer is already fixed', () => {
    const { get, simulator } = world()
    simulator.on({ method: 'GET', nth: 2, when: 'after' }, (sim) =>
      sim.patchAs('rival', 'production', { version: '1.32' }),
    )
    expect([get().version, get().version, get().version]).toEqual(['1.31', '1.31', '1.32'])
  })

  test('deleted at once, after a while, and given anew', () => {
    const { send, get, wait, simulator } = world()
    simulator.deleteCluster('production', { terminatingMs: 1_000, phase: 'Deleting' })
    expect(get().status.phase).toBe('Deleting')
    wait(1_000)
    expect(send().status).toBe(404)
    expect(simulator.cluster('production').exists).toBe(false)
    expect(() => simulator.setStatus('production', {})).toThrow('is deleted')
    expect(() => simulator.cluster('staging')).toThrow('has no cluster')
    simulator.recreate('production', { version: '1.33' })
    expect(get()).toMatchObject({ version: '1.33', generation: 1, createdAt: '2026-11-02T09:00:01Z' })
    simulator.deleteCluster('production')
    expect(send().status).toBe(404)
  })

  test('a status written directly, taken away, hidden, frozen', () => {
    const { patch, get, wait, simulator } = world()
    simulator.setStatus('production', { phase: 'Degraded', observedGeneration: undefined })
    expect(get().status.phase).toBe('Degraded')
    expect(get().status).not.toHaveProperty('observedGeneration')
    simulator.setStatus('production', undefined)
    expect(get()).not.toHaveProperty('status')
    simulator.setStatus('production', { phase: 'Running' })
    patch({ version: '1.32' })
    simulator.freeze('production')
    wait(100_000)
    expect(get().status).toMatchObject({ phase: 'Running', kubernetesVersion: 'v1.31.9' })
  })
})

describe('faults', () => {
  const patched = (fault: Fault) => {
    const { simulator, patch } = world()
    simulator.inject({ method: 'PATCH' }, fault)
    const reply = patch({ version: '1.32' })
    return { reply, version: simulator.cluster('production').version, recorded: simulator.requests[0] }
  }

  test.each<[Fault, number | undefined]>([
    [{ kind: 'status', status: 503 }, 503],
    [{ kind: 'hang' }, undefined],
    [{ kind: 'reset' }, undefined],
    [{ kind: 'cut' }, 200],
    [{ kind: 'stall' }, 200],
    [{ kind: 'body', body: '' }, 200],
  ])('%j: not applied unless said', (fault, status) => {
    const without = patched(fault)
    expect(without.version).toBe('1.31')
    expect(without.recorded?.status).toBe(status)
    expect(without.recorded?.fault).toEqual(fault)
    expect(patched({ ...fault, applied: true } as Fault).version).toBe('1.32')
  })

  test('status: body and headers of choice', () => {
    const headers = { Location: 'https://example.org/' }
    const { reply } = patched({ kind: 'status', status: 302, body: 'moved', headers })
    expect(reply).toMatchObject({ status: 302, body: 'moved', headers: { location: 'https://example.org/' } })
    expect(reply.fault).toBeUndefined()
  })

  test('body: another 2xx, with the headers of the true answer', () => {
    const { reply } = patched({ kind: 'body', body: '<html>', contentType: 'text/html', status: 201, applied: true })
    expect(reply).toMatchObject({ status: 201, body: '<html>', etag: '"294811"' })
    expect(reply.headers['content-type']).toBe('text/html')
  })

  test('the transport is told of its own faults only', () => {
    expect(patched({ kind: 'delay', ms: 5 })).toMatchObject({
      version: '1.32',
      reply: { fault: { kind: 'delay', ms: 5 } },
    })
    expect(patched({ kind: 'old-object' }).reply.fault).toBeUndefined()
  })

  test('old-object: applied, answered with the object and ETag from before', () => {
    const { reply, version } = patched({ kind: 'old-object' })
    expect([version, reply.json().version, reply.json().generation, reply.etag]).toEqual([
      '1.32',
      '1.31',
      7,
      '"294810"',
    ])
  })

  test('stale: an older replica, with its ETag', () => {
    const { simulator, patch, get, send, wait } = world()
    wait(10_000)
    patch({ version: '1.32' })
    wait(1_000)
    simulator.queue('GET', ['ok', { kind: 'stale', ms: 2_000 }, { kind: 'stale', ms: 60_000 }])
    expect(get().version).toBe('1.32')
    expect(send()).toMatchObject({ status: 200, etag: '"294810"' })
    expect(get().version).toBe('1.31')
    expect(get().version).toBe('1.32')
  })

  test('stale: a cluster that is gone is still there, and the other way round', () => {
    const { simulator, send, wait } = world()
    wait(1_000)
    simulator.deleteCluster('production')
    wait(1_000)
    simulator.recreate('production')
    simulator.queue('GET', [
      { kind: 'stale', ms: 1_500 },
      { kind: 'stale', ms: 500 },
    ])
    expect([send().status, send().status, send().status]).toEqual([200, 404, 200])
  })

  test('headers taken away, objects edited', () => {
    const { simulator, send, get } = world()
    simulator.inject({ method: 'GET', nth: 1 }, { kind: 'headers', headers: { ETag: null, 'X-Request-Id': 'forged' } })
    simulator.inject({ method: 'GET', nth: 2 }, { kind: 'edit', edit: (object) => ({ ...object, version: '9.9' }) })
    const { headers } = send()
    expect(headers).not.toHaveProperty('etag')
    expect(headers['x-request-id']).toBe('forged')
    expect([get().version, get().version]).toEqual(['9.9', '1.31'])
  })

  test('fields left out, also of objects inside, and again there afterwards', () => {
    const { simulator, get } = world({ clusters: [{ alerts: { mail: 'on' } }] })
    const fields = ['alerts', 'resources.cpu', 'status.phase', 'status.metrics.pods', 'nothing.at.all']
    simulator.inject({ method: 'GET' }, { kind: 'drop', fields })
    const { alerts: _, ...whole } = world({ clusters: [{ alerts: { mail: 'on' } }] }).get()
    const { phase: __, ...status } = whole.status
    expect(get()).toEqual({ ...whole, resources: { memory: '16Gi', storage: '100Gi' }, status })
    expect(get()).toHaveProperty('alerts')
  })

  test.each([
    [403, '403 Forbidden'],
    [404, '404 Not Found'],
    [502, '502 Bad Gateway'],
    [522, '522 Connection timed out'],
  ])('a page %d of something in front: HTML, and no request id', (status, title) => {
    const fault: Fault = { kind: 'page', status }
    const { reply, version, recorded } = patched(fault)
    expect(reply.headers).toEqual({ 'content-type': 'text/html', date: 'Mon, 02 Nov 2026 09:00:00 GMT' })
    expect([reply.status, recorded?.status, version]).toEqual([status, status, '1.31'])
    expect(reply.body).toContain(`<title>${title}</title>`)
    expect(patched({ ...fault, applied: true }).version).toBe('1.32')
  })

  test('a page that the rate limit forestalls: the refusal has its id', () => {
    const { simulator, send } = world({ rateLimit: { requests: 0, perMs: 1_000, retryAfterSeconds: 1 } })
    simulator.inject({}, { kind: 'page', status: 502 })
    expect(send()).toMatchObject({ status: 429, headers: { 'x-request-id': 'sim-0001' } })
  })

  test('a byte order mark before the body', () => {
    const { reply, version } = patched({ kind: 'bom' })
    expect([reply.body.slice(0, 2), JSON.parse(reply.body.slice(1)).version, version]).toEqual([
      '\uFEFF{',
      '1.32',
      '1.32',
    ])
  })

  test('which requests: by method, cluster, number and times, counted from the injection', () => {
    const { simulator, send } = world({ clusters: [{}, { name: 'staging' }] })
    const look = (path = PATH) => send({ path }).status
    look()
    simulator.inject({ method: 'GET', nth: 2, times: 2 }, { kind: 'status', status: 500 })
    expect([look(), look(), look(), look()]).toEqual([200, 500, 500, 200])
    simulator.inject({ method: 'GET' }, { kind: 'status', status: 502 })
    simulator.inject({ method: 'GET' }, { kind: 'status', status: 503 })
    expect([look(), look(), look()]).toEqual([502, 503, 200])
    simulator.inject({ cluster: 'staging', times: Number.POSITIVE_INFINITY }, { kind: 'status', status: 504 })
    expect([look(), look(PATH.replace('production', 'staging')), look()]).toEqual([200, 504, 200])
  })

  test('requests are recorded as they came', () => {
    const { simulator, patch, wait } = world()
    wait(250)
    patch({ version: '1.32' }, { 'if-match': '"1"' })
    expect(simulator.requests).toEqual([
      {
        at: 250,
        requestId: 'sim-0001',
        method: 'PATCH',
        path: PATH,
        headers: { ...ADMIN, 'if-match': '"1"' },
        body: '{"version":"1.32"}',
        status: 412,
      },
    ])
  })
})

describe('on a socket', () => {
  const agent = new Agent({ keepAlive: false })

  async function onSocket<T>(
    faults: (Fault | 'ok')[],
    use: (server: RunningServer, simulator: Simulator) => Promise<T>,
  ): Promise<T> {
    const simulator = new Simulator({ now: () => performance.now() })
    simulator.queue('GET', faults)
    const server = await startServer(simulator)
    try {
      return await use(server, simulator)
    } finally {
      await server.close()
    }
  }

  function open(server: RunningServer, options: RequestOptions = {}, body?: string) {
    const outgoing = sendRequest(`${server.url}${PATH}`, { agent, headers: ADMIN, ...options })
    outgoing.end(body)
    return outgoing
  }

  async function text(incoming: IncomingMessage): Promise<string> {
    let all = ''
    for await (const chunk of incoming.setEncoding('utf8')) all += chunk
    return all
  }

  async function exchange(server: RunningServer, options?: RequestOptions, body?: string) {
    const [incoming] = (await once(open(server, options, body), 'response')) as [IncomingMessage]
    return { status: incoming.statusCode, headers: incoming.headers, text: await text(incoming) }
  }

  test('a GET and a PATCH go through whole', async () => {
    await onSocket([], async (server, simulator) => {
      const got = await exchange(server)
      expect(got).toMatchObject({ status: 200, headers: { etag: '"294810"', 'x-request-id': 'sim-0001' } })
      const headers = { ...ADMIN, 'content-type': 'application/json', 'if-match': got.headers.etag }
      const patched = await exchange(server, { method: 'PATCH', headers }, '{"resources":{"cpu":"8"}}')
      expect(JSON.parse(patched.text)).toMatchObject({ resources: { cpu: '8' }, generation: 8 })
      expect(simulator.requests[1]).toMatchObject({ body: '{"resources":{"cpu":"8"}}', status: 200 })
    })
  })

  test('a DELETE is answered by headers alone', async () => {
    await onSocket([], async (server) => {
      const deleted = await exchange(server, { method: 'DELETE' })
      expect(deleted).toMatchObject({ status: 204, text: '' })
      expect(deleted.headers).not.toHaveProperty('content-length')
      expect(deleted.headers).not.toHaveProperty('content-type')
    })
  })

  test('reset: no byte of an answer', async () => {
    await onSocket([{ kind: 'reset' }], async (server) => {
      await expect(exchange(server)).rejects.toMatchObject({ code: 'ECONNRESET' })
    })
  })

  test('cut: headers with the full length, half of the body, then the end', async () => {
    await onSocket([{ kind: 'cut' }], async (server) => {
      const [incoming] = (await once(open(server), 'response')) as [IncomingMessage]
      let received = 0
      incoming.on('data', (chunk: Buffer) => {
        received += chunk.length
      })
      await expect(once(incoming, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' })
      expect(received).toBe(Math.floor(Number(incoming.headers['content-length']) / 2))
    })
  })

  test('stall: headers and half of the body, then silence; closing does not wait for it', async () => {
    const received = await onSocket([{ kind: 'stall' }], async (server) => {
      const [incoming] = (await once(open(server), 'response')) as [IncomingMessage]
      incoming.on('error', () => undefined)
      const [chunk] = (await once(incoming, 'data')) as [Buffer]
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(incoming.complete).toBe(false)
      return { chunk, length: Number(incoming.headers['content-length']) }
    })
    expect(received.chunk.length).toBe(Math.floor(received.length / 2))
  })

  test('stall of an empty body: the headers announce a byte that never comes', async () => {
    const simulator = new Simulator({ now: () => performance.now(), emptyPatchAnswer: true })
    simulator.inject({ method: 'PATCH' }, { kind: 'stall', applied: true })
    const server = await startServer(simulator)
    const outgoing = open(server, { method: 'PATCH' }, '{"version":"1.32"}')
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    incoming.on('error', () => undefined)
    expect(incoming.headers['content-length']).toBe('1')
    await server.close()
  })

  test('hang: nothing comes; closing does not wait for it', async () => {
    await onSocket([{ kind: 'hang' }], async (server) => {
      const outgoing = open(server)
      outgoing.on('error', () => undefined)
      const answered = once(outgoing, 'response').then(
        () => true,
        () => false,
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
      await server.close()
      expect(await answered).toBe(false)
    })
  })

  test('delay: the answer comes later', async () => {
    await onSocket([{ kind: 'delay', ms: 60 }], async (server) => {
      const start = performance.now()
      expect(await exchange(server)).toMatchObject({ status: 200 })
      expect(performance.now() - start).toBeGreaterThan(50)
    })
  })

  test('bodies: none at all, and more than anybody reads', async () => {
    const huge = 'x'.repeat(11 * 1024 * 1024)
    const faults: Fault[] = ['', huge].map((body) => ({ kind: 'body', body }))
    await onSocket([...faults, { kind: 'cut' }], async (server) => {
      expect(await exchange(server)).toMatchObject({ status: 200, text: '', headers: { 'content-length': '0' } })
      expect((await exchange(server)).text).toHaveLength(huge.length)
    })
  })

  test('gzip: compressed though identity was asked for', async () => {
    await onSocket([{ kind: 'gzip' }], async (server) => {
      const headers = { ...ADMIN, 'accept-encoding': 'identity' }
      const [incoming] = (await once(open(server, { headers }), 'response')) as [IncomingMessage]
      const bytes = Buffer.concat(await incoming.toArray())
      expect(incoming.headers['content-encoding']).toBe('gzip')
      expect(incoming.headers['content-length']).toBe(String(bytes.length))
      expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ name: 'production' })
    })
  })

  test('a hook that throws is seen as a 400, and a taken port as a rejection', async () => {
    await onSocket([], async (server, simulator) => {
      simulator.on({ method: 'GET' }, () => {
        throw new Error('wrong test')
      })
      expect(await exchange(server)).toMatchObject({ status: 400, text: '{"error":"simulator: wrong test"}' })
      await expect(startServer(simulator, { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    })
  })
})
