import { describe, expect, test } from '@jest/globals'
import { decodeEntities } from '../support/markdown.js'
import { expectWhole, GITHUB_TOKEN, runStep, type StepResult } from '../support/process.js'
import { createSimulatorStarter, type RunningSimulator } from '../support/simulators.js'

const KEY = 'kupe_k1d/+odd=Chars%26&<b>"q\\Zz9'
const ALWAYS = Number.POSITIVE_INFINITY

const startSimulator = createSimulatorStarter({ adminKey: KEY })

/** How a secret may come back: as it is, and as whoever echoes it has encoded it. */
function formsOf(secret: string): Record<string, string> {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return {
    raw: secret,
    'in a header': `Bearer ${secret}`,
    'URL-encoded': encodeURIComponent(secret),
    'URL-encoded in small letters': encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    base64: base64(secret),
    'base64 of the header': base64(`Bearer ${secret}`),
    'base64 of a pair': base64(`user:${secret}`),
    'base64 of more': base64(`{"key": ${secret}, "role": "admin"}`),
    base64url: Buffer.from(secret).toString('base64url'),
  }
}

/** How it may come back in pieces that a reader or a decoder puts together again; in no header, since none can carry them. */
function brokenForms(secret: string): Record<string, string> {
  const encoded = Buffer.from(`Authorization: Bearer ${secret}`).toString('base64')
  return {
    'base64 of the header in lines': encoded.replace(/.{20}/g, '$&\r\n'),
    'with something unseen': secret.replace(/.{4}/g, '$&\u200b\u00ad'),
    'with control characters': secret.replace(/.{4}/g, '$&\0'),
    'in lines': secret.replace(/.{4}/g, '$&\n  '),
  }
}

/** Whatever a step has left behind, also as a reader or a browser would see it. */
function leftBehind({ lines, stderr, summary, outputFile, outputs, otherFiles }: StepResult): string[] {
  const log = lines.filter((line) => !line.startsWith('::add-mask::')).join('\n')
  const texts = [log, stderr, summary, outputFile, otherFiles, ...Object.values(outputs)]
  const escapes = (text: string) => text.replace(/\\(["\\/])/g, '$1')
  const percents = (text: string) => text.replaceAll('%25', '%')
  const seen = texts.flatMap((text) => [
    text,
    decodeEntities(text),
    escapes(text),
    percents(text),
    escapes(decodeEntities(text)),
  ])
  return seen.flatMap((text) => [text.replaceAll('\u200b', ''), text.replace(/[\s\u200b\u00ad]+|\\[rn]|\\u0000/g, '')])
}

/** Neither a secret nor any long piece of it is anywhere. */
function expectNowhere(step: StepResult, ...secrets: string[]): void {
  const everything = leftBehind(step)
  for (const secret of secrets) {
    // What base64 makes of the middle, whatever stands before and behind.
    const pieces = [0, 1, 2].map((offset) => {
      const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
      return bytes.toString('base64').slice(offset === 0 ? 0 : 4, Math.floor(bytes.length / 3) * 4)
    })
    for (const form of [...Object.values(formsOf(secret)), ...pieces]) {
      const leaks = everything.filter((text) => text.includes(form)).map((text) => around(text, form))
      expect(leaks).toEqual([])
    }
  }
}

function around(text: string, form: string): string {
  const at = text.indexOf(form)
  return text.slice(Math.max(0, at - 60), at + form.length + 20)
}

/** Puts a text wherever a server can put one. */
function echoEverywhere(kupe: RunningSimulator, text: string): void {
  kupe.simulator.inject(
    { times: ALWAYS },
    {
      kind: 'edit',
      edit: (object) => ({
        ...object,
        displayName: text,
        [`note-${text}`]: [text, { [text]: text }],
        warnings: [{ code: text, message: `careful ${text}`, field: text }, text],
        status: {
          ...(object.status as object),
          endpoint: `https://x.example/${text}`,
          conditions: [{ type: text, status: text, reason: text, message: `because ${text}` }, text],
        },
      }),
    },
  )
}

describe('the key', () => {
  const env = { RUNNER_DEBUG: '1' }
  const ALL = Object.values(formsOf(KEY)).join(' ')

  test.concurrent('in every field of the cluster, without debug', async () => {
    const kupe = await startSimulator()
    echoEverywhere(kupe, ALL)
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    expectWhole(step)
    expectNowhere(step, KEY)
  })

  test.concurrent.each(Object.entries({ ...formsOf(KEY), ...brokenForms(KEY) }))(
    '%s in every field of the cluster',
    async (_, form) => {
      const kupe = await startSimulator()
      echoEverywhere(kupe, form)
      const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
      expectWhole(step)
      expect(step.outputs.result).toBe('converged')
      expect(step.warnings.length).toBeGreaterThan(0)
      expectNowhere(step, KEY)
    },
  )

  test.concurrent('in the ETag', async () => {
    const kupe = await startSimulator()
    kupe.simulator.inject({ method: 'GET' }, { kind: 'headers', headers: { etag: `"${ALL}"` } })
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs.etag).toMatch(/^".*\*\*\*.*"$/)
    expectNowhere(step, KEY)
  })

  test.concurrent('in phase, versions and quantities', async () => {
    const kupe = await startSimulator()
    kupe.simulator.inject(
      { times: ALWAYS },
      {
        kind: 'edit',
        edit: (object) => ({
          ...object,
          version: ALL,
          createdAt: ALL,
          resources: { cpu: ALL, memory: ALL, storage: ALL },
          status: { ...(object.status as object), phase: ALL, kubernetesVersion: ALL },
        }),
      },
    )
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8', version: '1.32' }, env })
    expectWhole(step)
    expectNowhere(step, KEY)
  })

  test.concurrent.each([
    ['a message', JSON.stringify({ message: `not with ${ALL}`, error: ALL })],
    ['an error', JSON.stringify({ error: ALL })],
    ['an unknown field', JSON.stringify({ detail: ALL })],
    ['a message in pieces', JSON.stringify({ message: Object.values(brokenForms(KEY)).join(' ') })],
    ['plain text in pieces', Object.values(brokenForms(KEY)).join(' ')],
    ['a page', `<html>${ALL}</html>`],
    ['a message that is cut off', `${'x'.repeat(990)}${KEY}`],
    ['a message that is cut off inside base64', `${'x'.repeat(980)}${formsOf(KEY).base64}`],
  ])('in an error body and the request id: %s', async (_, body) => {
    const kupe = await startSimulator()
    const headers = { 'x-request-id': `id ${ALL}` }
    kupe.simulator.inject({ method: 'GET' }, { kind: 'status', status: 400, body, headers })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ 'failure-reason': 'rejected', 'request-id': expect.stringContaining('id') })
    expectNowhere(step, KEY)
    expect(leftBehind(step).filter((text) => text.includes(KEY.slice(0, 8)))).toEqual([])
  })

  test.concurrent('raw in answers that are repeated, redirect or come while waiting', async () => {
    const kupe = await startSimulator()
    kupe.simulator.queue('GET', [
      { kind: 'status', status: 503, body: `busy ${KEY}`, headers: { 'x-request-id': KEY } },
      'ok',
      { kind: 'status', status: 502, body: `<html>${KEY}`, headers: { location: `https://x.example/${KEY}` } },
      { kind: 'body', body: `"${KEY}"` },
    ])
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    expectNowhere(step, KEY)
  })

  test.concurrent('in conditions of a cluster that stays Degraded', async () => {
    const kupe = await startSimulator({ script: ['degraded'] })
    kupe.simulator.inject(
      { times: ALWAYS },
      {
        kind: 'edit',
        edit: (object) => {
          const status = object.status as { phase?: string }
          const conditions = [{ type: 'Ready', status: 'False', message: `token ${KEY} expired` }]
          return status.phase === 'Degraded' ? { ...object, status: { ...status, conditions } } : object
        },
      },
    )
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32' }, env })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe('degraded')
    expect(step.errors[0]?.message).toContain('expired')
    expectNowhere(step, KEY)
  })

  test.concurrent.each([
    ['tenant'],
    ['cluster'],
    ['version'],
    ['cpu'],
    ['memory'],
    ['alerts'],
    ['timeout'],
    ['mode'],
    ['api-url'],
    ['timezone'],
    ['if-match'],
    ['expected-plan'],
  ])('pasted into %s by mistake', async (input) => {
    const kupe = await startSimulator()
    for (const value of [KEY, `/${KEY}/`]) {
      const step = await runStep({ inputs: { ...kupe.inputs, memory: '32Gi', timeout: '1s', [input]: value }, env })
      expectWhole(step)
      expectNowhere(step, KEY)
    }
  })

  test.concurrent('as the tenant’s name in the title of a run that goes well, where markdown would escape it', async () => {
    const key = 'kupe_k1d+odd=Chars&<b>"q*Zz9'
    const kupe = await startSimulator({ adminKey: key, tenant: key })
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' } })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expectNowhere(step, key)
  })
})

test.concurrent.each([
  ['api-key', { inputs: { 'api-key': KEY } }],
  ['api-key with blanks around', { inputs: { 'api-key': ` ${KEY}\n` } }],
  ['KUPE_API_KEY', { env: { KUPE_API_KEY: KEY } }],
  ['KUPE_API_TOKEN', { env: { KUPE_API_TOKEN: KEY } }],
  ['token, which is no input', { inputs: { token: KEY } }],
  ['api-token, which is no input', { inputs: { 'api-token': KEY } }],
] as const)(
  'a key from %s is masked before anything else is said',
  async (_, { inputs = {}, env = {} }: { inputs?: object; env?: object }) => {
    const step = await runStep({ inputs: { tenant: 'a/b', ...inputs }, env: { ...env } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe('invalid-input')
    expect(step.masks).toContain(KEY)
    const firstOther = step.lines.findIndex((line) => !line.startsWith('::add-mask::'))
    const lastMask = step.lines.findLastIndex((line) => line.startsWith('::add-mask::'))
    expect(lastMask).toBeLessThan(firstOther)
    expectNowhere(step, KEY)
  },
)

test.concurrent('a misspelt api-key shows no value', async () => {
  const step = await runStep({
    inputs: { 'api-keys': KEY, apikey: KEY, api_key: KEY, tenant: 'acme', cluster: 'production', cpu: '8' },
  })
  expectWhole(step)
  expect(step.outputs['failure-reason']).toBe('invalid-input')
  expectNowhere(step, KEY)
})

test.concurrent('the token of the workflow is nowhere', async () => {
  const kupe = await startSimulator()
  const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', 'github-token': GITHUB_TOKEN } })
  expectWhole(step)
  expect(step.masks).toContain(GITHUB_TOKEN)
  expectNowhere(step, GITHUB_TOKEN)
})

describe('what stands in alerts', () => {
  const HOOK = 'https://hooks.example/T0123/B4567/aBcDeFgHiJkLmN'
  const PIN = 9_182_736_455
  const LIVE = 'live-pagerduty-key-0123456789'
  const alerts = JSON.stringify({
    route: { hook: HOOK, 'pin-code': PIN, keys: ['first-routing-key', { deep: 'second-routing-key' }] },
  })
  const SECRETS = [HOOK, 'first-routing-key', 'second-routing-key', LIVE]
  const server = { clusters: [{ alerts: { old: { key: LIVE } } }] }

  test.concurrent('is sent, and shown by its key paths alone', async () => {
    const kupe = await startSimulator(server)
    const step = await runStep({ inputs: { ...kupe.inputs, alerts }, env: { RUNNER_DEBUG: '1' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(kupe.patches()).toEqual([{ alerts: JSON.parse(alerts) }])
    expect(step.outputs.plan).toContain('alerts.route.hook')
    expect(Object.keys(JSON.parse(step.outputs.cluster ?? '').alerts)).toEqual(expect.arrayContaining(['old', 'route']))
    expectNowhere(step, ...SECRETS, String(PIN))
  })

  test.concurrent.each([
    [
      400,
      'a message',
      JSON.stringify({ message: `bad hook ${HOOK}, keys first-routing-key second-routing-key, old ${LIVE}` }),
    ],
    [400, 'the whole body', JSON.stringify({ rejected: { alerts: JSON.parse(alerts), old: LIVE } })],
    [401, 'a page', `<html>${HOOK} first-routing-key second-routing-key ${LIVE}</html>`],
    [400, 'a message that is cut off', JSON.stringify({ message: `${'x'.repeat(985)}${HOOK}` })],
  ])('is in no log where the server echoes it in a %i with %s', async (status, _, body) => {
    const kupe = await startSimulator(server)
    kupe.simulator.inject(
      { method: 'PATCH' },
      { kind: 'status', status, body, headers: { 'x-request-id': `id ${HOOK}` } },
    )
    const step = await runStep({ inputs: { ...kupe.inputs, alerts }, env: { RUNNER_DEBUG: '1' } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe(status === 401 ? 'unauthorized' : 'rejected')
    expectNowhere(step, ...SECRETS)
  })

  test.concurrent.each([
    [409, 'conflict'],
    [500, 'timeout'],
    [422, 'rejected'],
  ])('is in no log where an answer %i shows the cluster as somebody else has just made it', async (status, reason) => {
    const theirs = 'https://hooks.example/T9/their-new-hook-77'
    const kupe = await startSimulator(server)
    kupe.simulator.on({ method: 'PATCH', times: ALWAYS }, (server) =>
      server.patchAs('rival', 'production', { alerts: { old: { key: theirs } } }),
    )
    const body = JSON.stringify({ name: 'production', version: '1.31', alerts: { old: { key: theirs } } })
    kupe.simulator.inject({ method: 'PATCH', times: ALWAYS }, { kind: 'status', status, body })
    const inputs = { ...kupe.inputs, alerts, 'on-conflict': 'fail', timeout: '2s', 'poll-interval': '20ms' }
    const step = await runStep({ inputs, env: { RUNNER_DEBUG: '1' } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe(reason)
    expectNowhere(step, ...SECRETS, theirs)
  })

  test.concurrent('is in no log where the server echoes a long number of it', async () => {
    const kupe = await startSimulator(server)
    const body = JSON.stringify({ message: `the pin code ${PIN} is not known` })
    kupe.simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 400, body })
    const step = await runStep({ inputs: { ...kupe.inputs, alerts } })
    expectWhole(step)
    expectNowhere(step, String(PIN))
  })

  test.concurrent('is in no log, summary or output where conditions and warnings quote it', async () => {
    const kupe = await startSimulator({ ...server, script: ['degraded'] })
    const quote = `${HOOK} first-routing-key second-routing-key ${LIVE}`
    kupe.simulator.inject(
      { times: ALWAYS },
      {
        kind: 'edit',
        edit: (object) => ({
          ...object,
          warnings: [{ code: 'W', message: `cannot reach ${quote}` }],
          status: {
            ...(object.status as object),
            conditions: [{ type: 'Ready', status: 'False', message: `cannot reach ${quote}` }],
          },
        }),
      },
    )
    const step = await runStep({ inputs: { ...kupe.inputs, alerts, version: '1.32' }, env: { RUNNER_DEBUG: '1' } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe('degraded')
    expect(step.errors[0]?.message).toContain('cannot reach')
    expectNowhere(step, ...SECRETS)
  })

  test.concurrent('is not shown by a conflict, a supersession or a value that the server altered', async () => {
    const rival = { alerts: { route: { hook: 'https://hooks.example/rival-secret-hook' } } }
    const conflicted = await startSimulator({ clusters: [{ alerts: { route: { hook: LIVE } } }] })
    conflicted.simulator.on({ method: 'PATCH' }, (kupe) => kupe.patchAs('rival', 'production', rival))
    const superseded = await startSimulator({ scaleMs: 10_000, clusters: [{ alerts: { route: { hook: LIVE } } }] })
    superseded.simulator.on({ method: 'PATCH', when: 'after' }, (kupe) => kupe.patchAs('rival', 'production', rival))
    const altered = await startSimulator({ clusters: [{ alerts: { route: { hook: LIVE } } }] })
    altered.simulator.inject({ method: 'PATCH' }, { kind: 'edit', edit: (object) => ({ ...object, ...rival }) })
    for (const [kupe, reason] of [
      [conflicted, 'conflict'],
      [superseded, 'superseded'],
      [altered, 'rejected'],
    ] as const) {
      const step = await runStep({ inputs: { ...kupe.inputs, alerts }, env: { RUNNER_DEBUG: '1' } })
      expectWhole(step)
      expect(step.outputs['failure-reason']).toBe(reason)
      expect(step.errors[0]?.message).toContain('alerts.route.hook')
      expectNowhere(step, ...SECRETS, 'https://hooks.example/rival-secret-hook')
    }
  })

  test.concurrent.each([
    ['a text', HOOK],
    ['a list', `[${JSON.stringify(HOOK)}]`],
    ['YAML with a fault', `hook: ${HOOK}\n\t- x: [`],
    ['YAML with an unknown tag', `hook: !secret ${HOOK}\nother: *nowhere`],
    ['YAML with a doubled key', `hook: ${HOOK}\nhook: ${HOOK}2`],
    ['JSON with a fault', `{"hook": "${HOOK}",}}`],
  ])('is not shown where it cannot be read: %s', async (_, text) => {
    const kupe = await startSimulator()
    const step = await runStep({ inputs: { ...kupe.inputs, alerts: text } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toBe('invalid-input')
    expect(step.errors[0]?.message).toContain('alerts')
    expectNowhere(step, HOOK)
  })
})
