import { afterAll, describe, expect, test } from '@jest/globals'
import { DEFAULTS, type Fault, type Matcher, type SimulatorOptions } from '../../simulator/simulator.js'
import { CertificateMaker } from '../support/certificates.js'
import { closeAfterAll } from '../support/closing.js'
import { decodeEntities } from '../support/markdown.js'
import { findOwnName } from '../support/own-host.js'
import { freePort } from '../support/ports.js'
import {
  expectEndedByTimeout,
  expectPrompt,
  expectWhole,
  pause,
  runStep,
  type StepResult,
  startStep,
} from '../support/process.js'
import {
  type Account,
  type ConnectAnswer,
  type ForwardProxy,
  startScriptedProxy,
  startTinyproxy,
} from '../support/proxies.js'
import { arrivalAt, type RunningSimulator, startSecureSimulator, startSimulator } from '../support/simulators.js'

const ACCOUNT = { user: 'runner', password: 'pass.word-17' }

const own = await findOwnName()
const certificates = new CertificateMaker()
const authority = certificates.authority('Company root')
const certificate = certificates.server(own, authority)
const closing = closeAfterAll()
afterAll(() => certificates.remove())

const startKupe = async (options: Partial<SimulatorOptions> = {}) =>
  closing(await startSecureSimulator(own, certificate, options))
const startProxy = async (account?: Account) => closing(await startTinyproxy(account))
const startFaultyProxy = async (...answers: ConnectAnswer[]) => closing(await startScriptedProxy(...answers))

function urlOf({ address }: ForwardProxy, account?: Account): string {
  return account === undefined ? `http://${address}` : `http://${account.user}:${account.password}@${address}`
}

/** The environment of a company's runner. */
function trusting(env: Record<string, string>): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: authority.file, ...env }
}

/** One tunnel for each request, all of them to the API. */
function expectTunnels(proxy: ForwardProxy, { simulator, port }: RunningSimulator): void {
  expect(proxy.tunnels()).toEqual(simulator.requests.map(() => `${own}:${port}`))
}

/** What may pass is tried again until it has lasted too long, and always for the same address. */
function expectTries(proxy: ForwardProxy, address: string): void {
  expect(proxy.tunnels().length).toBeGreaterThan(1)
  expect(new Set(proxy.tunnels())).toEqual(new Set([address]))
}

/** The API got no request of this run, and that is what the run reports. */
function expectUnreached(step: StepResult, { requests, inputs }: RunningSimulator, cause: RegExp): void {
  expectWhole(step)
  expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'unavailable', changed: 'false' })
  expect(step.outputs).toMatchObject({ 'would-change': '', plan: '', etag: '', 'request-id': '' })
  expect(step.errors[0]?.message).toMatch(cause)
  expect(step.errors[0]?.message).toContain(new URL(inputs['api-url'] ?? '').host)
  expect(decodeEntities(step.summary)).toMatch(cause)
  expect(requests()).toEqual([])
}

function textOf({ lines, stderr, outputFile, summary }: StepResult): string {
  return [...lines, stderr, outputFile, summary].join('\n')
}

describe('a proxy that asks for a password', () => {
  test.concurrent('with it, every request of a change goes through a tunnel of its own, and no secret shows', async () => {
    const [kupe, proxy] = await Promise.all([startKupe(), startProxy(ACCOUNT)])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy, ACCOUNT) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', cpu: '8' })
    expect(step.warnings).toEqual([])
    expect(kupe.requests().slice(0, 3)).toEqual(['GET 200', 'PATCH 200', 'GET 200'])
    expectTunnels(proxy, kupe)
    expect(textOf(step)).not.toContain(ACCOUNT.password)
    expect(proxy.log()).not.toContain(DEFAULTS.adminKey)
    for (const { headers } of kupe.simulator.requests) expect(headers).not.toHaveProperty('proxy-authorization')
  })

  test.concurrent('a password that is percent-encoded, in https_proxy, which goes before HTTPS_PROXY', async () => {
    const [kupe, proxy, port] = await Promise.all([startKupe(), startProxy(ACCOUNT), freePort()])
    const encoded = { ...ACCOUNT, password: ACCOUNT.password.replace('-', '%2D').replace('.', '%2e') }
    const env = trusting({ https_proxy: urlOf(proxy, encoded), HTTPS_PROXY: `http://127.0.0.1:${port}` })
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', version: '1.32' })
    expectTunnels(proxy, kupe)
  })

  test.concurrent.each([
    ['none', undefined],
    ['a wrong one', { ...ACCOUNT, password: 'of.another' }],
  ])('%s: refused, tried again for a while, nothing reaches the API', async (_name, account) => {
    const [kupe, proxy] = await Promise.all([startKupe(), startProxy(ACCOUNT)])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy, account) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    // tinyproxy answers a wrong password 401, which here says nothing about the API key.
    expectUnreached(step, kupe, account === undefined ? /407/ : /40[17]/)
    expectTries(proxy, `${own}:${kupe.port}`)
    expect(textOf(step)).not.toContain('of.another')
  })
})

describe('NO_PROXY', () => {
  test.concurrent.each<[string, string, (port: number) => string]>([
    ['NO_PROXY', 'the host', () => own],
    ['no_proxy', 'the host', () => own],
    ['NO_PROXY', 'host and port', (port) => `${own}:${port}`],
    ['NO_PROXY', 'the host in capitals', () => own.toUpperCase()],
    ['NO_PROXY', 'a list with blanks', () => `proxy.example , .example.com, ${own}`],
    ['no_proxy', 'everything', () => '*'],
  ])('%s with %s: straight to the API', async (variable, _name, list) => {
    const [kupe, proxy] = await Promise.all([startKupe(), startProxy(ACCOUNT)])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy, ACCOUNT), [variable]: list(kupe.port) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(proxy.tunnels()).toEqual([])
  })

  test.concurrent.each([
    ['another host', `api.kupe.cloud,.${own}.example`],
    ['the end of the name, without a dot before it', own.slice(1)],
    ['another port', `${own}:1`],
    ['nothing', ''],
  ])('with %s: through the proxy all the same', async (_name, list) => {
    const [kupe, proxy] = await Promise.all([startKupe(), startProxy()])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy), NO_PROXY: list })
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expectTunnels(proxy, kupe)
  })

  test.concurrent('a loopback API is never asked through a proxy, whatever the environment says', async () => {
    const [kupe, proxy] = await Promise.all([startSimulator().then(closing), startProxy()])
    const env = { HTTP_PROXY: urlOf(proxy), HTTPS_PROXY: urlOf(proxy), http_proxy: urlOf(proxy) }
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
    expect(proxy.log()).not.toContain('Request')
  })

  test.concurrent('HTTP_PROXY is not for https', async () => {
    const [kupe, proxy] = await Promise.all([startKupe(), startProxy()])
    const env = trusting({ HTTP_PROXY: urlOf(proxy), http_proxy: urlOf(proxy) })
    const step = await runStep({ inputs: { ...kupe.inputs, mode: 'plan', cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(proxy.tunnels()).toEqual([])
  })
})

describe('a proxy that does not work', () => {
  test.concurrent('is down: the error names its address', async () => {
    const [kupe, port] = await Promise.all([startKupe(), freePort()])
    const env = trusting({ HTTPS_PROXY: `http://127.0.0.1:${port}` })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectUnreached(step, kupe, new RegExp(`ECONNREFUSED 127\\.0\\.0\\.1:${port}`))
  })

  test.concurrent('does not reach the API', async () => {
    const [kupe, proxy, port] = await Promise.all([startKupe(), startProxy(), freePort()])
    const inputs = { ...kupe.inputs, 'api-url': `https://${own}:${port}`, cpu: '8' }
    const step = await runStep({ inputs, env: trusting({ HTTPS_PROXY: urlOf(proxy) }) })
    expectUnreached(step, { ...kupe, inputs }, /tunnel.*500/)
    expectTries(proxy, `${own}:${port}`)
  })

  test.concurrent.each([
    ['never answers a CONNECT', 'hang'],
    ['opens a tunnel that leads nowhere', 'void'],
  ] as const)('%s: the run ends with its timeout, and the process with it', async (_name, answer) => {
    const [kupe, proxy] = await Promise.all([startKupe(), startFaultyProxy(answer)])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', timeout: '2s' }, env })
    expectUnreached(step, kupe, /within 2 s/)
    expect(proxy.tunnels()).toHaveLength(1)
    expect(Number(step.outputs['duration-seconds'])).toBeGreaterThanOrEqual(2)
    expectEndedByTimeout(step)
  })

  test.concurrent.each([
    ['never answers a CONNECT', 'hang'],
    ['opens a tunnel that leads nowhere', 'void'],
  ] as const)('%s: a cancel ends the run within a second', async (_name, answer) => {
    const [kupe, proxy] = await Promise.all([startKupe(), startFaultyProxy(answer)])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy) })
    const running = startStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    while (proxy.tunnels().length === 0) await pause(10)
    const step = await running.end('SIGINT')
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'cancelled', 'failure-reason': 'cancelled', changed: 'false' })
    expectPrompt(step)
  })

  test.concurrent('hangs while a change is awaited: timed out, and the change goes on', async () => {
    const [kupe, proxy] = await Promise.all([startKupe(), startFaultyProxy('tunnel', 'tunnel', 'hang')])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', timeout: '10s' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'timed-out', 'failure-reason': 'timeout', changed: 'true' })
    expect(kupe.requests()).toEqual(['GET 200', 'PATCH 200'])
    expectEndedByTimeout(step)
  })
})

describe('a proxy that fails in the middle', () => {
  test.concurrent('a tunnel refused to a PATCH: certainly not sent, read again and sent again', async () => {
    const [kupe, proxy] = await Promise.all([startKupe(), startFaultyProxy('tunnel', 'refuse', 'tunnel')])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(kupe.requests().slice(0, 3)).toEqual(['GET 200', 'GET 200', 'PATCH 200'])
  })

  test.concurrent('tunnels refused to every PATCH: red, and nothing can have changed', async () => {
    const answers = Array.from({ length: 20 }, (_, index): ConnectAnswer => (index % 2 === 0 ? 'tunnel' : 'refuse'))
    const [kupe, proxy] = await Promise.all([startKupe(), startFaultyProxy(...answers)])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', timeout: '10s' }, env })
    expectWhole(step)
    expect(new Set(kupe.requests())).toEqual(new Set(['GET 200']))
    expect(step.outputs).toMatchObject({ result: 'timed-out', 'failure-reason': 'timeout', 'would-change': 'true' })
    expect(textOf(step)).toMatch(/407/)
    expect(step.errors[0]?.message).not.toMatch(/may have landed/)
    expect(step.outputs.changed).toBe('false')
  })

  test.concurrent.each<[string, Matcher, Fault]>([
    ['in the middle of the first answer', { method: 'GET' }, { kind: 'cut' }],
    ['instead of the first answer', { method: 'GET' }, { kind: 'reset' }],
    ['in the middle of the answer to a PATCH', { method: 'PATCH' }, { kind: 'cut' }],
    ['instead of the answer to a PATCH', { method: 'PATCH' }, { kind: 'reset' }],
  ])('a tunnel that is cut %s: read again, sent once', async (_name, matcher, fault) => {
    const [kupe, proxy] = await Promise.all([startKupe(), startProxy(ACCOUNT)])
    kupe.simulator.inject(matcher, fault)
    const env = trusting({ HTTPS_PROXY: urlOf(proxy, ACCOUNT) })
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', cpu: '8' })
    expect(kupe.simulator.cluster(DEFAULTS.cluster).history.filter(({ kind }) => kind === 'spec')).toHaveLength(1)
    expectTunnels(proxy, kupe)
  })

  test.concurrent('the proxy is gone for good while a change is awaited: timed out, and the change goes on', async () => {
    const [kupe, proxy] = await Promise.all([startKupe({ scaleMs: 60_000 }), startProxy()])
    const env = trusting({ HTTPS_PROXY: urlOf(proxy) })
    const awaited = arrivalAt(kupe.simulator, { method: 'GET', nth: 3 })
    const running = startStep({ inputs: { ...kupe.inputs, cpu: '8', timeout: '10s' }, env })
    await awaited
    await proxy.close()
    const step = await running.finished
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'timed-out', 'failure-reason': 'timeout', changed: 'true' })
    expect(kupe.count('PATCH')).toBe(1)
  })
})
