import { describe, expect, test } from '@jest/globals'
import type { SimulatorOptions } from '../../simulator/simulator.js'
import { decodeEntities } from '../support/markdown.js'
import { expectPrompt, expectWhole, runStep, type StepResult, startStep } from '../support/process.js'
import { arrivalAt, createSimulatorStarter, type RunningSimulator } from '../support/simulators.js'

const ALWAYS = Number.POSITIVE_INFINITY
const DEBUG = { RUNNER_DEBUG: '1' }

const startSimulator = createSimulatorStarter()

/** Everything that a step leaves behind, as its readers see it. */
function everything({ lines, stderr, summary, outputFile }: StepResult): string {
  const log = lines.filter((line) => !line.startsWith('::add-mask::')).join('\n')
  const texts = [log, stderr, summary, outputFile].flatMap((text) => [text, decodeEntities(text)])
  return texts.map((text) => text.replaceAll('\u200b', '').replaceAll('%25', '%')).join('\n')
}

type Edit = (object: Record<string, unknown>, status: Record<string, unknown>) => Record<string, unknown>

/** Changes every answer that shows the cluster. */
function editAll({ simulator }: RunningSimulator, edit: Edit, method?: 'GET'): void {
  simulator.inject(
    { times: ALWAYS, ...(method === undefined ? {} : { method }) },
    { kind: 'edit', edit: (object) => edit(object, (object.status ?? {}) as Record<string, unknown>) },
  )
}

function refuse({ simulator }: RunningSimulator, body: object | string, headers: Record<string, string> = {}): void {
  // Whatever is no JSON ends a run only with a 401: anything else may come from something in front of the API.
  const [status, text] = typeof body === 'string' ? [401, body] : [400, JSON.stringify(body)]
  simulator.inject({ method: 'PATCH' }, { kind: 'status', status, body: text, headers })
}

const start = (alerts?: object, options: Partial<SimulatorOptions> = {}) =>
  startSimulator({ ...(alerts === undefined ? {} : { clusters: [{ alerts: alerts as never }] }), ...options })

const keys = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, value]))

describe('no value of alerts is shown', () => {
  test.concurrent('where it was replaced, and a later condition quotes the old one', async () => {
    const kupe = await start({ hook: { url: 'old-hook-9f3' } }, { script: ['degraded'] })
    editAll(kupe, (object, status) => ({
      ...object,
      status: { ...status, conditions: [{ type: 'Ready', status: 'False', message: 'no answer from old-hook-9f3' }] },
    }))
    const alerts = JSON.stringify({ hook: { url: 'new-hook-7a1' } })
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32', alerts }, env: DEBUG })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe('degraded')
    expect(step.errors[0]?.message).toContain('no answer from ***')
    expect(everything(step)).not.toMatch(/old-hook-9f3|new-hook-7a1/)
  })

  test.concurrent('where it comes from a YAML block, and is repeated without its line break', async () => {
    const kupe = await start()
    refuse(kupe, { message: 'the secret "hunter2-block" is too weak' })
    const step = await runStep({ inputs: { ...kupe.inputs, alerts: 'secret: |\n  hunter2-block\n' }, env: DEBUG })
    expectWhole(step)
    expect(step.errors[0]?.message).toContain('the secret "***" is too weak')
    expect(everything(step)).not.toContain('hunter2-block')
  })

  test.concurrent('where it is repeated under status', async () => {
    const kupe = await start({ pin: 918_273, hook: 'https://hooks.example/T0123456/B7' })
    editAll(kupe, (object, status) => ({
      ...object,
      note: 'see T0123456',
      status: { ...status, receiver: { url: 'https://hooks.example/T0123456/B7', pin: 918_273 }, pins: [918_273] },
    }))
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: DEBUG })
    expectWhole(step)
    const cluster = JSON.parse(step.outputs.cluster ?? '')
    expect(cluster).toMatchObject({ note: 'see ***', status: { receiver: { url: '***', pin: '***' }, pins: ['***'] } })
    expect(everything(step)).not.toMatch(/T0123456|918273/)
  })

  test.concurrent('where only a token of it is, escaped, in a warning', async () => {
    const kupe = await start({ hook: 'https://bob:p%40ss-w0rd@hooks.example/x/?token=aB3dEf7h' })
    editAll(kupe, (object) => ({
      ...object,
      warnings: ['bad p@ss-w0rd', 'bad \\u0061B3dEf7h', 'bad token%3DaB3dEf7h%26', 'bad aB3dEf7h'],
    }))
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: DEBUG })
    expectWhole(step)
    expect(step.warnings).toHaveLength(2)
    expect(everything(step)).not.toMatch(/p@ss-w0rd|B3dEf7h/)
  })

  test.concurrent('where it is the value of a line, in an answer that is repeated', async () => {
    const kupe = await start({ config: 'user: bob\npassword: "hunter2x"\nTOKEN=abc-99' })
    kupe.simulator.queue('GET', ['ok', { kind: 'status', status: 503, body: 'login hunter2x / abc-99 failed' }])
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: DEBUG })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    expect(everything(step)).toContain('login *** / *** failed')
    expect(everything(step)).not.toMatch(/hunter2x|abc-99/)
  })

  test.concurrent('where alerts show it only after the server has quoted it', async () => {
    const kupe = await start()
    let reads = 0
    editAll(kupe, (object, status) => ({
      ...object,
      warnings: ['about late-hook-9f3'],
      ...(++reads < 2 ? {} : { alerts: { hook: 'late-hook-9f3' } }),
      status,
    }))
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    expect(decodeEntities(step.summary)).toContain('The server warns: about ***')
    expect(step.summary + step.outputFile).not.toContain('late-hook')
  })

  test.concurrent('where there are too many, and no words of the server are shown at all', async () => {
    const kupe = await start(
      Object.fromEntries(Array.from({ length: 2_100 }, (_, index) => [`k${index}`, `value-${index}`])),
    )
    editAll(
      kupe,
      (object, status) => ({
        ...object,
        note: 'note of the server',
        warnings: ['warning of the server'],
        status: { ...status, conditions: [{ type: 'Ready', status: 'False', message: 'words of the server' }] },
      }),
      'GET',
    )
    refuse(kupe, { message: 'message of the server: value-7', code: 'CODE_7' }, { 'x-request-id': 'req-77' })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: DEBUG })
    expectWhole(step)
    expect(step.errors[0]?.message).toContain('its words are not shown here')
    expect(everything(step)).not.toMatch(/of the server|CODE_7|value-7/)
    expect(JSON.parse(step.outputs.cluster ?? '')).toEqual({
      name: 'production',
      version: '1.31',
      resources: { cpu: '4', memory: '16Gi', storage: '100Gi' },
      generation: expect.any(Number),
      status: { phase: 'Running', kubernetesVersion: 'v1.31.9', endpoint: expect.any(String) },
    })
    expect(decodeEntities(step.summary)).toContain('- Ready=False')
    expect(step.outputs['request-id']).toBe('req-77')
  })
})

describe('what is no secret is shown', () => {
  const ALERTS = {
    unit: 'memory',
    cluster: 'prod',
    kind: 'version',
    state: 'Provisioning',
    min: 'v1.31.9',
    of: 'production',
  }

  test.concurrent.each([
    ['unsupported version "1.32" for cluster prod: memory must be more'],
    ['cluster production runs v1.31.9 and is Provisioning'],
    ['kubernetesVersion of acme/production is behind: see status.phase'],
  ])('%s', async (message) => {
    const kupe = await start(ALERTS)
    refuse(kupe, { message })
    const alerts = JSON.stringify({ ...ALERTS, more: 'kubernetesVersion', path: 'status.phase' })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', alerts } })
    expectWhole(step)
    expect(step.errors[0]?.message).toContain(message)
    expect(decodeEntities(step.summary)).toContain(message)
  })

  test.concurrent('the tenant and what is asked for, though no read shows them', async () => {
    const alerts = { team: 'platform-team', limit: '32768Mi' }
    const kupe = await start(alerts, { tenant: 'platform-team' })
    editAll(kupe, (object, status) => ({ ...object, status: { ...status, endpoint: undefined } }), 'GET')
    refuse(kupe, { message: 'no 32768Mi are left for platform-team' })
    const step = await runStep({ inputs: { ...kupe.inputs, memory: '32768Mi' } })
    expectWhole(step)
    expect(step.errors[0]?.message).toContain('no 32768Mi are left for platform-team')
  })

  test.concurrent('type and reason of a condition, code and field of an error', async () => {
    const kupe = await start({ a: ['Etcd-Ready', 'No_Quorum', 'CODE_17', 'spec.x-1'] }, { script: ['degraded'] })
    editAll(kupe, (object, status) => ({
      ...object,
      warnings: [{ code: 'CODE_17', field: 'spec.x-1', message: 'look at it' }],
      status: {
        ...status,
        conditions: [{ type: 'Etcd-Ready', status: 'False', reason: 'No_Quorum', message: 'No_Quorum' }],
      },
    }))
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32' } })
    expectWhole(step)
    expect(step.errors[0]?.message).toContain('Etcd-Ready=False No_Quorum: ***')
    expect(step.warnings[0]?.message).toContain('look at it (code CODE_17, field spec.x-1)')
    expect(JSON.parse(step.outputs.cluster ?? '').status.conditions).toEqual([
      { type: 'Etcd-Ready', status: 'False', reason: 'No_Quorum', message: '***' },
    ])
  })
})

describe('whatever there is much of is bounded', () => {
  test.concurrent('warnings that differ in a number with every read', async () => {
    const kupe = await start()
    let reads = 0
    editAll(kupe, (object) => ({ ...object, warnings: [`ends in ${++reads} days`, `${reads}.5 % of disk`] }))
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32' } })
    expectWhole(step)
    expect(reads).toBeGreaterThan(2)
    expect(step.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The server warns: ends in \d+ days$/),
      expect.stringMatching(/^The server warns: \d+\.5 % of disk$/),
    ])
  })

  test.concurrent('warnings of many kinds, among which ours is not lost', async () => {
    const kupe = await start()
    const kind = (index: number) => String.fromCharCode(97 + (index % 26)).repeat(1 + Math.floor(index / 26))
    editAll(kupe, (object, status) => ({
      ...object,
      warnings: Array.from({ length: 300 }, (_, index) => kind(index)),
      status: { ...status, phase: 'Degraded' },
    }))
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' } })
    expectWhole(step)
    expect(step.warnings.filter(({ message }) => message.startsWith('The server warns'))).toHaveLength(5)
    expect(step.warnings.filter(({ message }) => message.startsWith('The cluster was Degraded'))).toHaveLength(1)
    expect(step.log.filter((line) => line.includes('The server warns of at least 95 more things'))).toHaveLength(1)
    expect(decodeEntities(step.summary)).toContain('The server warns of at least 95 more things')
  })

  test.concurrent('a phase of 600,000 characters', async () => {
    const kupe = await start()
    editAll(kupe, (object, status) => ({ ...object, status: { ...status, phase: 'P'.repeat(600_000) } }))
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' }, env: DEBUG })
    expectWhole(step)
    expect(step.outputs.phase).toBe(`${'P'.repeat(1_023)}…`)
    expect(step.summary.length).toBeLessThan(10_000)
    expect(Math.max(...step.lines.map(({ length }) => length))).toBeLessThan(4_200)
  })

  test.concurrent('a version, a quantity and an endpoint of that length', async () => {
    const kupe = await start()
    const long = 'x'.repeat(600_000)
    editAll(kupe, (object, status) => ({
      ...object,
      version: long,
      resources: { cpu: long, memory: long, storage: long },
      status: { ...status, kubernetesVersion: long, endpoint: long, conditions: [{ type: long, message: long }] },
    }))
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' }, env: DEBUG })
    expectWhole(step)
    for (const name of ['version', 'kubernetes-version', 'cpu', 'memory', 'endpoint', 'previous-storage']) {
      expect(step.outputs[name]).toBe(`${'x'.repeat(1_023)}…`)
    }
    expect(step.outputFile.length).toBeLessThan(64 * 1024)
    expect(step.summary.split('\n')[0]?.length).toBeLessThan(220)
    expect(JSON.parse(step.outputs.plan ?? '').edits[0].from).toHaveLength(1_024)
  })

  test.concurrent('780 alert keys in a plan', async () => {
    const kupe = await start(keys(780, 'off'))
    const step = await runStep({
      inputs: { ...kupe.inputs, mode: 'plan', cpu: '8', alerts: JSON.stringify(keys(780, 'on')) },
    })
    expectWhole(step)
    expect(step.log.filter((line) => line.includes('Plan:'))).toHaveLength(12)
    expect(step.log.join('\n')).toContain('Plan: 770 more settings inside alerts change')
    const rows = step.summary.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.filter((line) => line.includes('alerts'))).toHaveLength(10)
    expect(step.summary).toContain('| 770 more |')
    expect(decodeEntities(step.summary.split('\n')[0] ?? '').length).toBeLessThanOrEqual(203)
    expect(JSON.parse(step.outputs.plan ?? '').edits).toHaveLength(781)
  })

  test.concurrent('a key of alerts longer than a line of the log', async () => {
    const kupe = await start()
    const alerts = JSON.stringify({ ['k'.repeat(10_000)]: 'on' })
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', alerts } })
    expectWhole(step)
    expect(Math.max(...step.log.map(({ length }) => length))).toBe(4_000)
  })

  test.concurrent('250 alert keys in a conflict', async () => {
    const kupe = await start(keys(250, 'off'))
    kupe.simulator.on({ method: 'PATCH' }, (api) => api.patchAs('rival', 'production', { alerts: keys(250, 'odd') }))
    const step = await runStep({ inputs: { ...kupe.inputs, alerts: JSON.stringify(keys(250, 'on')) } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe('conflict')
    expect(step.summary.split('\n').filter((line) => line.startsWith('| <code>'))).toHaveLength(10)
    expect(step.summary).toContain('| 240 more |')
    expect(step.summary.length).toBeLessThan(10_000)
  })

  test.concurrent('phases that change with every read', async () => {
    const kupe = await start()
    let reads = 0
    editAll(kupe, (object, status) => ({
      ...object,
      status: { ...status, phase: ++reads <= 80 ? `Step ${reads} of 100` : status.phase },
    }))
    const inputs = { ...kupe.inputs, cpu: '8', 'poll-interval': '5ms' }
    const step = await runStep({ inputs })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    expect(step.log.filter((line) => line.includes('] ') && line.includes('Step ')).length).toBeLessThanOrEqual(21)
    expect(step.warnings.filter(({ message }) => message.includes('not known'))).toHaveLength(1)
    expect(step.summary).toMatch(/\| \d+ more phases \|/)
    expect(step.summary.match(/^\| (?:Step \d+ of 100|Running) \|/gm)).toHaveLength(20)
  })
})

test('a run with much to clean ends within a second of its cancel', async () => {
  const alerts = Object.fromEntries(Array.from({ length: 1_990 }, (_, index) => [`k${index}`, `value-number-${index}`]))
  const kupe = await start(alerts, { scaleMs: 60_000 })
  const text = `${JSON.stringify(alerts)} %41%42 \\u0043`.slice(0, 60_000)
  editAll(kupe, (object, status) => ({
    ...object,
    note: Array.from({ length: 20 }, () => text),
    warnings: Array.from({ length: 15 }, (_, index) => `${String.fromCharCode(97 + index)} ${text}`),
    status: {
      ...status,
      conditions: Array.from({ length: 15 }, () => ({ type: text, status: 'False', reason: text, message: text })),
    },
  }))
  const arrived = arrivalAt(kupe.simulator, { method: 'GET', nth: 3 })
  const step = startStep({ inputs: { ...kupe.inputs, cpu: '8' } })
  await arrived
  const result = await step.end('SIGINT')
  expectWhole(result)
  expect(result.outputs.result).toBe('cancelled')
  expectPrompt(result)
  expect(everything(result)).not.toMatch(/value-number-/)
})

describe('the most telling conditions are shown', () => {
  const fine = Array.from({ length: 10 }, (_, index) => ({ type: `Fine${index}`, status: 'True' }))

  test.concurrent.each<[object, string]>([
    [{ type: 'EtcdReady', status: 'False', message: 'no leader' }, 'EtcdReady=False no leader'],
    [{ type: 'NodesHealthy', status: 'Unknown', reason: 'Silent' }, 'NodesHealthy=Unknown Silent'],
    [{ type: 'Synced', status: false }, 'Synced=False'],
  ])('where the eleventh is %j', async (condition, shown) => {
    const kupe = await start(undefined, { script: ['degraded'] })
    editAll(kupe, (object, status) => ({ ...object, status: { ...status, conditions: [...fine, condition] } }))
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32' } })
    expectWhole(step)
    expect(step.errors[0]?.message).toContain(`Degraded: ${shown}; Fine0=True`)
    expect(decodeEntities(step.summary)).toContain(`- ${shown}\n`)
  })

  test.concurrent.each<[object, string | undefined]>([
    [
      { type: 'Ready', status: 'False', message: '2 of 5 nodes are not ready' },
      'Ready=False 2 of 5 nodes are not ready',
    ],
    [{ type: 'Available', status: 'False' }, 'Available=False'],
    [{ type: 'Ready', status: 'True' }, undefined],
  ])('of a run that went well: %j', async (condition, shown) => {
    const kupe = await start()
    editAll(kupe, (object, status) => ({ ...object, status: { ...status, conditions: [condition] } }))
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    if (shown === undefined) expect(step.summary).not.toContain('Conditions')
    else expect(decodeEntities(step.summary)).toContain(`- ${shown}`)
  })
})

describe('an error shows what the server gave', () => {
  test.concurrent.each<[object | string, string]>([
    [
      {
        code: 'HA_DISABLE_UNSUPPORTED',
        severity: 'error',
        field: 'spec.highAvailability',
        message: 'HA cannot be turned off',
      },
      'HA cannot be turned off (code HA_DISABLE_UNSUPPORTED, field spec.highAvailability)',
    ],
    [{ error: 'too much', code: 'QUOTA' }, 'too much (code QUOTA)'],
    [
      { message: '::error::x', code: '##[error]y', field: '@octocat\n::z' },
      ': :error: :x (code # #[error]y, field @octocat : :z)',
    ],
    [
      '<!doctype html><html><head><title>403 Forbidden</title></head><body>your ip 192.0.2.7</body></html>',
      'something in front of the API answered: 403 Forbidden',
    ],
  ])('%j', async (body, words) => {
    const kupe = await start()
    refuse(kupe, body)
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: DEBUG })
    expectWhole(step)
    expect(step.errors).toHaveLength(1)
    expect(step.errors[0]?.message).toContain(words)
    expect(decodeEntities(step.summary).replaceAll('\u200b', '')).toContain(words)
    expect(everything(step)).not.toContain('192.0.2.7')
  })
})

test.concurrent('the key is nowhere, whatever of it is escaped, and its last part is not either', async () => {
  const key = 'kupe_k1_S3cr3t-Part/x+9'
  const kupe = await start(undefined, { adminKey: key })
  const forms = [
    'k%75pe_k1_S3cr3t%2DPart%2Fx%2B9',
    '\\u006bupe_k1_S3cr3t-P\\u0061rt\\/x\\u002B9',
    'kupe%5Fk1\\u005fS3cr3t&#45;Part/x%2b9',
    'kupe%255Fk1_S3cr3t-Part%252fx%252B9',
    'S3cr3t-Part/x+9',
    '%533cr3t-Part/x+9',
    '100%S3cr3t-P%61rt/x+9',
    Buffer.from(`x:${key}`).toString('base64'),
  ]
  const text = forms.join(' | ')
  editAll(
    kupe,
    (object, status) => ({
      ...object,
      [text]: text,
      warnings: [text, { message: text, code: text, field: text }],
      status: { ...status, phase: text, endpoint: text, conditions: [{ type: text, reason: text, message: text }] },
    }),
    'GET',
  )
  refuse(kupe, { message: text, code: text, field: text }, { 'x-request-id': text })
  const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: DEBUG })
  expectWhole(step)
  expect(step.outputs['failure-reason']).toBe('rejected')
  const left = everything(step)
  const readable = [
    left,
    left.replace(/%(?:25)*([0-7][0-9a-f])/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
  ]
  for (const seen of readable) {
    expect(
      seen.replace(/\\+u00([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
    ).not.toMatch(/3cr3t|S3cr|Part\\*\/x/)
  }
  expect(left).not.toContain(Buffer.from(key).toString('base64').slice(4, 20))
})
