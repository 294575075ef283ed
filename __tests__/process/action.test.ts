import { describe, expect, test } from '@jest/globals'
import { decodeEntities } from '../support/markdown.js'
import { expectWhole, REPOSITORY, runStep } from '../support/process.js'
import { createSimulatorStarter, finishChange } from '../support/simulators.js'
import { bareProcessMs, expectWithin } from '../support/timing.js'

const startSimulator = createSimulatorStarter()

describe('apply', () => {
  test.concurrent('scales, waits for proof and reports everything', async () => {
    const { inputs, simulator, requests, patches } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, cpu: '8', memory: '32Gi' } })
    expectWhole(step)
    const { cluster, plan, message, 'summary-markdown': _, ...outputs } = step.outputs
    expect(outputs).toEqual({
      result: 'converged',
      'failure-reason': '',
      changed: 'true',
      'would-change': 'true',
      phase: 'Running',
      version: '1.31',
      'kubernetes-version': 'v1.31.9',
      cpu: '8',
      memory: '32Gi',
      storage: '100Gi',
      endpoint: 'https://production.acme.kupe.cloud',
      'previous-version': '1.31',
      'previous-kubernetes-version': 'v1.31.9',
      'previous-cpu': '4',
      'previous-memory': '16Gi',
      'previous-storage': '100Gi',
      etag: `"${simulator.cluster('production').resourceVersion}"`,
      generation: '8',
      evidence: 'generation',
      'hourly-cost-change': '',
      'plan-digest': expect.stringMatching(/^\S{16,}$/),
      'request-id': 'sim-0002',
      'duration-seconds': expect.stringMatching(/^\d+$/),
    })
    expect(message).toMatch(/^acme\/production scaled: cpu 4 → 8, memory 16Gi → 32Gi\. Done in/)
    expect(JSON.parse(plan ?? '')).toEqual({
      edits: [
        { field: 'cpu', from: '4', to: '8' },
        { field: 'memory', from: '16Gi', to: '32Gi' },
      ],
      refusals: [],
    })
    const shown = JSON.parse(cluster ?? '')
    expect(shown).toMatchObject({ name: 'production', resources: { cpu: '8' }, status: { phase: 'Running' } })
    expect(shown.status).not.toHaveProperty('metrics')
    expect(cluster).not.toContain('\n')
    expect(patches()).toEqual([{ resources: { cpu: '8', memory: '32Gi', storage: '100Gi' } }])
    expect(requests().slice(0, 3)).toEqual(['GET 200', 'PATCH 200', 'GET 200'])
    expect(simulator.requests[1]?.headers['if-match']).toBe('"294810"')
    expect(step.warnings).toEqual([])
  })

  test.concurrent('upgrades through its phases, and the log and the summary show them', async () => {
    const { inputs, simulator, patches } = await startSimulator({ upgradeMs: 60_000 })
    simulator.on({ method: 'GET', nth: 5 }, finishChange)
    const step = await runStep({ inputs: { ...inputs, version: 'v1.32' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({
      result: 'converged',
      version: '1.32',
      'kubernetes-version': 'v1.32.3',
      'previous-version': '1.31',
      'previous-kubernetes-version': 'v1.31.9',
      evidence: 'generation,kubernetes-version',
    })
    expect(patches()).toEqual([{ version: '1.32' }])
    const phases = step.log.filter((line) => /Running|Upgrading/.test(line)).join('\n')
    expect(phases).toMatch(/Running[\s\S]*Upgrading[\s\S]*Running/)
    expect(step.log.filter((line) => line.includes('Upgrading')).length).toBeLessThanOrEqual(2)
    expect(step.summary).toMatch(/Running[\s\S]*Upgrading[\s\S]*Running/)
    // A chart of less than ten seconds would say nothing.
    expect(step.summary).not.toContain('```mermaid')
  })

  test.concurrent('upgrades and scales in one PATCH', async () => {
    const { inputs, patches, count } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, version: '1.32', cpu: '8', storage: '200Gi' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({
      result: 'converged',
      version: '1.32',
      cpu: '8',
      storage: '200Gi',
      memory: '16Gi',
    })
    expect(patches()).toEqual([{ version: '1.32', resources: { cpu: '8', memory: '16Gi', storage: '200Gi' } }])
    expect(count('PATCH')).toBe(1)
  })

  test.concurrent.each([
    ['YAML', 'podCrashLooping:\n  enabled: true\n  after: 10m\nquota: [80, 95]\n'],
    ['JSON', '{"podCrashLooping": {"enabled": true, "after": "10m"}, "quota": [80, 95]}'],
  ])('sends alerts given as %s', async (_, alerts) => {
    const { inputs, patches } = await startSimulator({ clusters: [{ alerts: { other: { enabled: true } } }] })
    const step = await runStep({ inputs: { ...inputs, alerts } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(patches()).toEqual([{ alerts: { podCrashLooping: { enabled: true, after: '10m' }, quota: [80, 95] } }])
    expect(JSON.parse(step.outputs.plan ?? '')).toEqual({
      edits: [
        { field: 'alerts.podCrashLooping.enabled' },
        { field: 'alerts.podCrashLooping.after' },
        { field: 'alerts.quota' },
      ],
      refusals: [],
    })
    expect(step.outputs.cluster).not.toMatch(/10m|95/)
  })

  test.concurrent('changes nothing where nothing differs', async () => {
    const { inputs, requests } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, version: '1.31', cpu: '4000m', memory: '16384Mi' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'unchanged', changed: 'false', 'would-change': 'false', evidence: '' })
    expect(JSON.parse(step.outputs.plan ?? '')).toEqual({ edits: [], refusals: [] })
    expect(requests()).toEqual(['GET 200'])
  })

  test.concurrent('with wait false ends as accepted, right after the PATCH', async () => {
    const { inputs, requests } = await startSimulator({ upgradeMs: 60_000 })
    const step = await runStep({ inputs: { ...inputs, version: '1.32', wait: 'false' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'accepted', changed: 'true', evidence: '', version: '1.32' })
    expect(step.outputs['kubernetes-version']).toBe('v1.31.9')
    expect(requests()).toEqual(['GET 200', 'PATCH 200'])
  })

  test.concurrent('with wait false and an empty answer reads once', async () => {
    const { inputs, requests } = await startSimulator({ emptyPatchAnswer: true, patchStatus: 202, upgradeMs: 60_000 })
    const step = await runStep({ inputs: { ...inputs, version: '1.32', wait: 'false' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'accepted', changed: 'true', version: '1.32' })
    expect(requests()).toEqual(['GET 200', 'PATCH 202', 'GET 200'])
  })

  test.concurrent('outside its window is skipped without a request', async () => {
    const { inputs, requests } = await startSimulator()
    const hour = new Date().getUTCHours()
    const text = (value: number) => `${String((value + 24) % 24).padStart(2, '0')}:00`
    const step = await runStep({
      inputs: { ...inputs, cpu: '8', 'only-between': `${text(hour + 6)}-${text(hour + 8)}` },
    })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'skipped', changed: 'false', 'would-change': '', plan: '', etag: '' })
    expect(requests()).toEqual([])
  })

  test.concurrent('takes key, tenant, cluster and address from the environment', async () => {
    const { inputs } = await startSimulator()
    const env = {
      KUPE_API_TOKEN: inputs['api-key'],
      KUPE_TENANT: 'acme',
      KUPE_CLUSTER: 'production',
      KUPE_HOST: inputs['api-url'],
    }
    const step = await runStep({ inputs: { cpu: '8', 'poll-interval': '50ms', timeout: '20s' }, env })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    expect(step.masks).toContain(inputs['api-key'])
    expect(step.log[0]).toContain('KUPE_HOST')
    expect(step.warnings).toEqual([])
  })
})

describe('plan', () => {
  test.concurrent('writes nothing and shows the plan', async () => {
    const { inputs, requests, simulator } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, mode: 'plan', version: '1.32', cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'planned', changed: 'false', 'would-change': 'true', cpu: '4' })
    expect(JSON.parse(step.outputs.plan ?? '').edits).toEqual([
      { field: 'version', from: '1.31', to: '1.32' },
      { field: 'cpu', from: '4', to: '8' },
    ])
    expect(requests()).toEqual(['GET 200'])
    expect(simulator.cluster('production')).toMatchObject({ version: '1.31', generation: 7 })
  })

  test.concurrent('is red where the apply would be refused, and still shows the plan whole', async () => {
    const { inputs, requests } = await startSimulator({ clusters: [{ version: '1.32' }] })
    const step = await runStep({
      inputs: { ...inputs, mode: 'plan', version: '1.31', storage: '50Gi', cpu: '64', 'max-cpu': '16' },
    })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'refused', 'would-change': 'true' })
    const { edits, refusals } = JSON.parse(step.outputs.plan ?? '')
    expect(edits.map(({ field }: { field: string }) => field)).toEqual(['version', 'cpu', 'storage'])
    expect(refusals).toEqual([
      { rule: 'downgrade', field: 'version', from: '1.32', to: '1.31', allow: 'allow-downgrade' },
      { rule: 'max', field: 'cpu', from: '4', to: '64', allow: 'max-cpu' },
      { rule: 'storage-shrink', field: 'storage', from: '100Gi', to: '50Gi', allow: 'allow-storage-shrink' },
    ])
    expect(requests()).toEqual(['GET 200'])
  })

  test.concurrent('its digest lets the same apply through, and no other', async () => {
    const { inputs, count } = await startSimulator()
    const planned = await runStep({ inputs: { ...inputs, mode: 'plan', cpu: '8' } })
    const digest = planned.outputs['plan-digest'] ?? ''
    const other = await runStep({ inputs: { ...inputs, cpu: '6', 'expected-plan': digest } })
    expectWhole(other)
    expect(other.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'plan-changed', changed: 'false' })
    expect(count('PATCH')).toBe(0)
    const same = await runStep({ inputs: { ...inputs, cpu: '8000m', 'expected-plan': digest } })
    expectWhole(same)
    expect(same.outputs).toMatchObject({ result: 'converged', changed: 'true' })
  })
})

describe('verify', () => {
  test.concurrent('waits for a change that another run began, and sends nothing', async () => {
    const { inputs, count } = await startSimulator({ upgradeMs: 500 })
    const begun = await runStep({ inputs: { ...inputs, version: '1.32', wait: 'false' } })
    const step = await runStep({ inputs: { ...inputs, version: '1.32', mode: 'verify' } })
    expectWhole(step)
    expect(begun.outputs.result).toBe('accepted')
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'false', 'kubernetes-version': 'v1.32.3' })
    expect(count('PATCH')).toBe(1)
  })

  test.concurrent('without a change waits until the cluster is settled', async () => {
    const { inputs, count, simulator } = await startSimulator({
      clusters: [{ phase: 'Provisioning', busyForMs: 60_000 }],
    })
    simulator.on({ method: 'GET', nth: 3 }, finishChange)
    const step = await runStep({ inputs: { ...inputs, mode: 'verify' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'false', phase: 'Running' })
    expect(count('PATCH')).toBe(0)
  })

  test.concurrent('times out where the change was never made', async () => {
    const { inputs, count } = await startSimulator()
    // The last look has a tenth of it, and a busy machine may need more than a moment for one exchange.
    const step = await runStep({ inputs: { ...inputs, mode: 'verify', cpu: '8', timeout: '10s' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'timed-out', 'failure-reason': 'timeout', changed: 'false' })
    expect(step.errors[0]?.message).toMatch(/cpu/)
    expect(count('PATCH')).toBe(0)
  })
})

describe('what the server and the reader of the log get to see', () => {
  test.concurrent('the User-Agent names the action, the repository, the run and the attempt', async () => {
    const { inputs, simulator } = await startSimulator()
    await runStep({ inputs: { ...inputs, cpu: '8' } })
    const agents = new Set(simulator.requests.map(({ headers }) => headers['user-agent']))
    expect([...agents]).toEqual([
      expect.stringMatching(/^kupe-cluster-action\/\d+\.\d+\.\d+ \(octo-org\/infra; run 4711; attempt 2\)$/),
    ])
    expect(REPOSITORY).toBe('octo-org/infra')
  })

  test.concurrent('the key is masked before anything else is said; then the first line names the host and where it came from', async () => {
    const { inputs, port } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, mode: 'plan', cpu: '8' } })
    expect(step.lines[0]).toBe(`::add-mask::${inputs['api-key']}`)
    expect(step.log[0]).toContain(`127.0.0.1:${port}`)
    expect(step.log[0]).toContain('api-url')
  })

  test.concurrent('a host that only the environment names, and that is no loopback, is warned of', async () => {
    const step = await runStep({
      inputs: {
        'api-key': 'kupe_0123456789',
        tenant: 'acme',
        cluster: 'production',
        cpu: '8',
        timeout: '1s',
        'poll-interval': '50ms',
      },
      env: { KUPE_API_URL: 'https://kupe.invalid' },
    })
    expectWhole(step)
    expect(step.log[0]).toMatch(/kupe\.invalid.*KUPE_API_URL/)
    expect(step.warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/kupe\.invalid.*KUPE_API_URL/)])
    expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'unavailable', changed: 'false' })
  })

  test.concurrent('certificates that nobody checks are warned of', async () => {
    const { inputs } = await startSimulator()
    const step = await runStep({
      inputs: { ...inputs, mode: 'plan', cpu: '8' },
      env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    })
    expect(step.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
    ])
    expect(step.code).toBe(0)
  })

  test.concurrent('the warnings of the server are warnings, each said once', async () => {
    const { inputs, simulator } = await startSimulator()
    const warnings = [{ code: 'HA_K8S_VERSION_RETIRING', severity: 'warning', message: 'version 1.31 retires soon' }]
    simulator.inject({ times: Number.POSITIVE_INFINITY }, { kind: 'edit', edit: (object) => ({ ...object, warnings }) })
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('version 1.31 retires soon')])
    expect(step.summary).toContain('retires soon')
  })

  test.concurrent.each([
    ['not at all without debug logging', { RUNNER_DEBUG: '0' }, 0],
    ['a line each with it', { RUNNER_DEBUG: '1' }, 7],
  ])('polls are logged %s', async (_name, env, lines) => {
    const { inputs, simulator } = await startSimulator({ scaleMs: 60_000 })
    simulator.on({ method: 'GET', nth: 6 }, finishChange)
    const step = await runStep({ inputs: { ...inputs, cpu: '8' }, env })
    const debug = step.commands.filter(({ name }) => name === 'debug')
    expect(debug.filter(({ message }) => message.startsWith('read: '))).toHaveLength(lines)
    expect(step.log.filter((line) => /generation/.test(line)).length).toBeLessThanOrEqual(3)
  })

  test.concurrent('the summary has title, before and after, phases and the link to this run', async () => {
    const { inputs } = await startSimulator()
    const { summary } = await runStep({ inputs: { ...inputs, version: '1.32', cpu: '8' } })
    expect(summary).toMatch(/^## .*runs 1\.32, scaled/)
    for (const value of ['1.31', '1.32', 'v1.31.9', 'v1.32.3']) expect(decodeEntities(summary)).toContain(value)
    expect(summary).toContain('https://github.com/octo-org/infra/actions/runs/4711/attempts/2')
  })

  test.concurrent.each([
    ['started it', {}, 'octocat'],
    ['started it again, whoever did at first', { GITHUB_TRIGGERING_ACTOR: 'hubot' }, 'hubot'],
  ])('the summary names who %s', async (_, env, actor) => {
    const { inputs } = await startSimulator()
    const { summary } = await runStep({ inputs: { ...inputs, mode: 'plan', cpu: '8' }, env })
    expect(summary).toContain(`started by ${actor}`)
  })

  test.concurrent('a run ends promptly: no handle keeps the step open', async () => {
    const { inputs, simulator } = await startSimulator()
    let lastMs = 0
    simulator.on({ when: 'after', times: Number.POSITIVE_INFINITY }, () => {
      lastMs = performance.now()
    })
    await runStep({ inputs: { ...inputs, cpu: '8' } })
    // Node closes idle connections after five.
    expectWithin(performance.now() - lastMs, 2_000, await bareProcessMs())
  })

  test.concurrent('a cluster at work with something else is waited for, and planned from the read that shows it free', async () => {
    const { inputs, simulator, requests } = await startSimulator({
      clusters: [{ phase: 'Upgrading', busyForMs: 60_000 }],
    })
    simulator.on({ method: 'GET', nth: 3 }, finishChange)
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(requests().slice(0, 4)).toEqual(['GET 200', 'GET 200', 'GET 200', 'PATCH 200'])
    expect(simulator.requests[3]?.headers['if-match']).toBe('"294811"')
  })
})
