import { describe, expect, test } from '@jest/globals'
import type { SimRequest, SimulatorOptions } from '../../simulator/simulator.js'
import { ADMIN, PATH, READONLY, type Shown, world } from './world.js'

const CLUSTERS = '/api/v1/tenants/acme/clusters'
const NEW = {
  name: 'blue',
  displayName: 'Blue',
  type: 'shared',
  version: '1.32',
  resources: { cpu: '2', memory: '8Gi' },
}
const NAME_RULE =
  'cluster name must be 2 to 63 lower case letters, digits or hyphens, with a letter or digit at both ends'

function api(options: Partial<SimulatorOptions> = {}) {
  const { send, ...rest } = world(options)
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = ADMIN) => {
    const reply = send({ method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return { status: reply.status, etag: reply.etag, text: reply.body, body: reply.body && JSON.parse(reply.body) }
  }
  const create = (more: object = {}) => ask('POST', CLUSTERS, { ...NEW, ...more })
  return { ...rest, send, ask, create }
}

describe('POST', () => {
  test('answers 201 with the cluster as it is at first, and its ETag', () => {
    const { create, simulator } = api()
    expect(create()).toMatchObject({ status: 201, etag: '"295810"' })
    expect(api().create().body).toEqual({
      ...NEW,
      generation: 1,
      resourceVersion: '295810',
      createdAt: '2026-11-02T09:00:00Z',
      warnings: [],
      status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }] },
    })
    expect(simulator.cluster('blue').history).toMatchObject([{ writer: 'api', kind: 'create', generation: 1 }])
  })

  test('builds the cluster from Pending over Provisioning to Running', () => {
    const { create, ask, wait } = api({ createMs: 10_000 })
    create()
    const look = (): Shown => ask('GET', `${CLUSTERS}/blue`).body
    wait(999)
    expect(look().status.phase).toBe('Pending')
    wait(1)
    expect(look().status.phase).toBe('Provisioning')
    expect(look().status).not.toHaveProperty('kubernetesVersion')
    wait(9_000)
    expect(look().status).toEqual({
      phase: 'Running',
      kubernetesVersion: 'v1.32.3',
      endpoint: 'https://blue.acme.kupe.cloud',
      observedGeneration: 1,
      conditions: [{ type: 'Ready', status: 'True' }],
    })
  })

  test('takes a PATCH meanwhile, which the building takes in', () => {
    const { create, ask, wait } = api({ createMs: 10_000, scaleMs: 500 })
    create()
    wait(5_000)
    expect(ask('PATCH', `${CLUSTERS}/blue`, { version: '1.33' }).body.status.phase).toBe('Provisioning')
    wait(4_999)
    expect(ask('GET', `${CLUSTERS}/blue`).body.status.phase).toBe('Provisioning')
    wait(1)
    expect(ask('GET', `${CLUSTERS}/blue`).body.status).toMatchObject({
      phase: 'Running',
      kubernetesVersion: 'v1.33.12',
      observedGeneration: 2,
    })
  })

  test('without version, limits and type: none is shown, the default version runs', () => {
    const { ask, wait } = api()
    for (const [name, version] of [
      ['blue', undefined],
      ['green', ''],
    ] as const) {
      const { body } = ask('POST', CLUSTERS, { name, displayName: name, version })
      expect(body).not.toHaveProperty('version')
      expect(body).toMatchObject({ type: 'shared', resources: {} })
    }
    wait(60_000)
    const { items } = ask('GET', CLUSTERS).body as { items: Shown[] }
    expect(items.map(({ version, status }) => [version, status.kubernetesVersion])).toEqual([
      ['1.31', 'v1.31.9'],
      [undefined, 'v1.33.12'],
      [undefined, 'v1.33.12'],
    ])
  })

  test('with high availability, and a warning where the version is about to go', () => {
    const { create, ask, wait } = api()
    const warning = {
      code: 'HA_K8S_VERSION_RETIRING',
      severity: 'warning',
      message: 'K8s 1.30 is approaching EOL.',
      field: 'spec.highAvailability',
    }
    expect(create({ highAvailability: true }).body).toMatchObject({ highAvailability: true, warnings: [] })
    expect(create({ name: 'green', highAvailability: true, version: '1.30.14' }).body.warnings).toEqual([warning])
    expect(create({ name: 'red', version: '1.30' }).body.warnings).toEqual([])
    const old = api({ defaultVersion: '1.30' })
    expect(old.create({ highAvailability: true, version: undefined }).body.warnings).toEqual([warning])
    const look = () => ask('GET', `${CLUSTERS}/green`).body
    expect(look()).toMatchObject({ warnings: [], status: { haPhase: 'pending', haReplicasReady: 0 } })
    wait(60_000)
    expect(look().status).toMatchObject({
      haPhase: 'ha-healthy',
      haReplicasReady: 3,
      haEnabledAt: '2026-11-02T09:01:00Z',
    })
  })

  test.each<[string, object, string]>([
    ['no name', { name: undefined }, 'cluster name is required'],
    ['a name of one letter', { name: 'b' }, NAME_RULE],
    ['64 characters', { name: 'b'.repeat(64) }, NAME_RULE],
    ['capitals', { name: 'Blue' }, NAME_RULE],
    ['a hyphen at the end', { name: 'blue-' }, NAME_RULE],
    ['a number as name', { name: 12 }, 'cluster name must be a string'],
    ['no display name', { displayName: '' }, 'displayName is required'],
    ['a strange type', { type: 'huge' }, 'type must be shared or dedicated'],
    ['high availability as text', { highAvailability: 'yes' }, 'highAvailability must be a boolean'],
    ['an unknown field', { sise: '4' }, 'unknown field "sise"'],
    ['a bare memory', { resources: { memory: '8' } }, 'memory must include a unit suffix, such as 16Gi'],
    ['alerts as a list', { alerts: [] }, 'alerts must be an object'],
    [
      'an unknown version',
      { version: '1.29' },
      'unsupported Kubernetes version "1.29", supported versions: [1.35.5 1.34.8 1.33.12 1.32.3 1.31.9 1.30.14]',
    ],
  ])('refuses %s in plain words', (_name, more, error) => {
    const { create, ask } = api()
    const { status, body } = create(more)
    expect([status, body]).toEqual([400, { error }])
    expect(ask('GET', CLUSTERS).body.items).toHaveLength(1)
  })

  test('takes names of 2 to 63 characters', () => {
    expect(['b1', '1b', 'b'.repeat(63)].map((name) => api().create({ name }).status)).toEqual([201, 201, 201])
  })

  test('refuses dedicated clusters by a code', () => {
    const message = 'Dedicated clusters are not supported in v1.'
    const code = 'CLUSTER_DEDICATED_UNSUPPORTED'
    const { status, body } = api().create({ type: 'dedicated' })
    expect([status, body]).toEqual([400, { code, severity: 'error', message, field: 'spec.type', error: message }])
  })

  test('refuses a name that is taken, until its cluster is gone; then the cluster is a new one', () => {
    const { create, ask, wait } = api()
    create()
    expect(create()).toMatchObject({ status: 409, body: { error: 'cluster already exists' } })
    ask('DELETE', `${CLUSTERS}/blue`)
    expect(create().status).toBe(409)
    wait(5_000)
    const again = create()
    expect([again.status, again.body.generation, again.body.createdAt]).toEqual([201, 1, '2026-11-02T09:00:05Z'])
    // The versions of the old one, Pending and Terminating, are used up.
    expect(again.etag).toBe('"295812"')
    expect(ask('GET', `${CLUSTERS}/blue`)).toMatchObject({ status: 200, etag: '"295812"' })
  })

  test('refuses more clusters than the plan has', () => {
    const { create } = api({ clusters: Array.from({ length: 9 }, (_, number) => ({ name: `c${number}` })) })
    expect(create().status).toBe(201)
    expect(create({ name: 'green' })).toMatchObject({ status: 400, body: { error: 'maximum cluster limit reached' } })
  })

  test('asks for cpu and memory where told so, as the real admission check does', () => {
    const { create } = api({ requireLimits: true })
    expect(create({ resources: undefined }).body).toEqual({ error: 'spec.resources.cpu is required' })
    expect(create({ resources: { cpu: '2' } }).body).toEqual({ error: 'spec.resources.memory is required' })
    expect(create().status).toBe(201)
  })
})

describe('DELETE', () => {
  test('answers 204 without a body; the cluster is Terminating, then gone', () => {
    const { ask, send, wait } = api({ deleteMs: 2_000 })
    expect(send({ method: 'DELETE' })).toMatchObject({ status: 204, body: '' })
    expect(ask('GET', PATH).body.status.phase).toBe('Terminating')
    wait(1_000)
    // The second one is not refused, and changes nothing.
    const { etag } = ask('GET', PATH)
    expect(ask('DELETE', PATH, undefined, { ...ADMIN, 'content-type': 'text/plain' }).status).toBe(204)
    expect(ask('GET', PATH).etag).toBe(etag)
    expect(ask('PATCH', PATH, { version: '1.32' })).toMatchObject({ status: 409 })
    wait(1_000)
    expect(ask('GET', PATH)).toMatchObject({ status: 404, body: { error: 'cluster not found' } })
    expect(ask('DELETE', PATH).status).toBe(404)
  })

  test('ends what the operator has under way', () => {
    const { ask, wait } = api({ deleteMs: 100_000 })
    ask('PATCH', PATH, { version: '1.32' })
    ask('DELETE', PATH)
    wait(90_000)
    expect(ask('GET', PATH).body.status).toMatchObject({ phase: 'Terminating', kubernetesVersion: 'v1.31.9' })
  })

  test('heeds If-Match where it is given', () => {
    const { ask } = api()
    expect(ask('DELETE', PATH, undefined, { ...ADMIN, 'if-match': '"1"' }).status).toBe(412)
    expect(ask('DELETE', PATH, undefined, { ...ADMIN, 'if-match': '"294810"' }).status).toBe(204)
  })
})

test.each<[string, Partial<SimRequest>]>([
  ['POST', { method: 'POST', path: CLUSTERS, body: JSON.stringify(NEW) }],
  ['DELETE', { method: 'DELETE' }],
])('%s needs the admin key', (_method, request) => {
  const { send, simulator } = world()
  const reply = send({ ...request, headers: READONLY })
  expect([reply.status, JSON.parse(reply.body)]).toEqual([403, { error: 'access denied' }])
  expect(simulator.cluster('production').exists).toBe(true)
})

describe('GET', () => {
  test('the list: what exists, in an object, also on an older replica', () => {
    const { ask, simulator, wait, create } = api({ clusters: [{ name: 'green' }, { name: 'red' }] })
    const names = () => ask('GET', CLUSTERS).body.items.map(({ name }: { name: string }) => name)
    wait(10_000)
    simulator.deleteCluster('red')
    create()
    expect(names()).toEqual(['green', 'blue'])
    wait(1_000)
    simulator.inject({ method: 'GET' }, { kind: 'stale', ms: 5_000 })
    expect(names()).toEqual(['green', 'red'])
  })

  test('a cluster too new for an older replica is not found there', () => {
    const { ask, simulator, wait, create } = api()
    create()
    wait(1_000)
    simulator.inject({ method: 'GET' }, { kind: 'stale', ms: 5_000 })
    expect(ask('GET', `${CLUSTERS}/blue`).status).toBe(404)
    expect(ask('GET', `${CLUSTERS}/blue`).status).toBe(200)
  })

  test('the tenant: what its clusters have been given, of what pool, and what that has cost', () => {
    const blue = { name: 'blue', resources: { cpu: '500m', memory: '512Mi' } }
    const { ask } = api({ clusters: [{}, blue, { name: 'green', resources: {} }] })
    const { etag, body } = ask('GET', '/api/v1/tenants/acme')
    expect(etag).toBe('"1"')
    expect(body).toEqual({
      name: 'acme',
      displayName: 'Acme',
      contactEmail: 'admin@acme.example',
      plan: 'team',
      enforceMetricsLimit: true,
      enforceLogLimit: true,
      resourceVersion: '1',
      createdAt: '2026-01-15T09:00:00Z',
      status: {
        phase: 'Active',
        clusterCount: 3,
        allocatedResources: { cpu: '4.5', memory: '16.5Gi', storage: '100Gi' },
        poolResources: { cpu: '64', memory: '256Gi', storage: '2Ti' },
        // 33 hours into November.
        currentUsage: {
          periodStart: '2026-11-01T00:00:00Z',
          periodEnd: '2026-12-01T00:00:00Z',
          updatedAt: '2026-11-02T09:00:00Z',
          currency: 'GBP',
          compute: {
            cpuCoreHours: '148.5',
            memoryGiBHours: '544.5',
            storageGiBHours: '3300',
            cpuCost: '4.46',
            memoryCost: '3.27',
            storageCost: '0.38',
          },
          estimatedSubtotal: '8.10',
          estimatedTotal: '8.10',
        },
      },
    })
  })

  test('a kubeconfig: where and by what authority, once the cluster runs', () => {
    const { ask, create, wait } = api()
    create()
    expect(ask('GET', `${CLUSTERS}/blue/kubeconfig`)).toMatchObject({
      status: 503,
      body: { error: 'cluster is not ready' },
    })
    wait(60_000)
    const { status, body } = ask('GET', `${CLUSTERS}/blue/kubeconfig`, undefined, READONLY)
    expect([status, body.endpoint]).toEqual([200, 'https://blue.acme.kupe.cloud'])
    expect(Buffer.from(body.certificateAuthority, 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
    expect(ask('GET', `${CLUSTERS}/green/kubeconfig`).status).toBe(404)
  })

  test('a kubeconfig of a cluster that is given as Provisioning, or has no endpoint, is not ready either', () => {
    expect(api({ clusters: [{ phase: 'Provisioning' }] }).ask('GET', `${PATH}/kubeconfig`).status).toBe(503)
    const { ask, simulator } = api()
    simulator.setStatus('production', { endpoint: undefined })
    expect(ask('GET', `${PATH}/kubeconfig`).status).toBe(503)
  })

  test('plans, without a key', () => {
    const { ask } = api()
    const { items } = ask('GET', '/api/v1/plans', undefined, {}).body as { items: { name: string }[] }
    expect(items.map(({ name }) => name)).toEqual(['starter', 'team'])
    expect(ask('GET', '/api/v1/plans/team', undefined, {}).body).toEqual(items[1])
    expect(items[1]).toMatchObject({ platformFee: '149.00', maxClusters: 10, resourcePool: { cpu: '64' } })
    const missing = ask('GET', '/api/v1/plans/gold', undefined, {})
    expect([missing.status, missing.body]).toEqual([404, { error: 'plan not found' }])
  })

  test('readyz, beside the API and without a key', () => {
    const { send } = world()
    const reply = send({ path: '/readyz', headers: {} })
    expect([reply.status, reply.body, reply.headers['content-type']]).toEqual([200, 'ok', 'text/plain'])
  })

  test.each([
    '/api/v1/readyz',
    '/api/v1/plans/',
    '/api/v1/plans/team/x',
    '/api/v1/tenants',
    '/api/v1/tenants/acme/secrets',
    `${PATH}/kubeconfig/x`,
    `${PATH}/logs`,
    '/api/v2/plans',
  ])('%s is not found', (path) => {
    expect(api().ask('GET', path)).toMatchObject({ status: 404, body: { error: 'not found' } })
  })

  test.each([
    ['POST', '/readyz', 'GET'],
    ['PATCH', '/api/v1/plans', 'GET'],
    ['DELETE', '/api/v1/tenants/acme', 'GET'],
    ['PATCH', CLUSTERS, 'GET, POST'],
    ['POST', PATH, 'GET, PATCH, DELETE'],
    ['DELETE', `${PATH}/kubeconfig`, 'GET'],
  ])('%s %s is not allowed', (method, path, allow) => {
    const { send } = world()
    const reply = send({ method, path })
    expect([reply.status, reply.headers.allow]).toEqual([405, allow])
  })

  test('rules for a cluster hold for its kubeconfig, and for no plan of that name', () => {
    const { ask, simulator } = api({ clusters: [{ name: 'team' }] })
    simulator.inject({ cluster: 'team', times: Number.POSITIVE_INFINITY }, { kind: 'status', status: 500 })
    const paths = ['/api/v1/plans/team', `${CLUSTERS}/team/kubeconfig`, `${CLUSTERS}/team`]
    expect(paths.map((path) => ask('GET', path).status)).toEqual([200, 500, 500])
  })
})
