import { createServer, type ServerResponse } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { DEFAULTS, type Fault } from '../../simulator/simulator.js'
import { closeAfterAll } from '../support/closing.js'
import { listen } from '../support/ports.js'
import { expectEndedByTimeout, expectWhole, runStep, type StepResult } from '../support/process.js'
import { createSimulatorStarter } from '../support/simulators.js'

const ALWAYS = Number.POSITIVE_INFINITY
const MIB = 1024 * 1024

const startSimulator = createSimulatorStarter()
const closing = closeAfterAll()

/** Fails the step, and says so once: the server's words, what to do, the request id. */
function expectFailure(step: StepResult, reason: string, words: RegExp, requestId: string): void {
  expectWhole(step)
  expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': reason, 'request-id': requestId })
  const [error] = step.errors
  expect(`${error?.properties.title}\n${error?.message}`).toMatch(words)
  if (requestId !== '') expect(error?.message).toContain(requestId)
  expect(error?.properties.title).toMatch(/acme\/production/)
}

describe('answers that end the run', () => {
  test.concurrent('400: the server’s own words, and nothing changed', async () => {
    const { inputs, requests } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, version: '1.99', 'allow-version-skip': 'true' } })
    expectFailure(step, 'rejected', /unsupported Kubernetes version "1\.99".*1\.35\.5/, 'sim-0002')
    expect(step.outputs).toMatchObject({ changed: 'false', 'would-change': 'true', version: '1.31', cpu: '4' })
    expect(requests()).toEqual(['GET 200', 'PATCH 400'])
  })

  test.concurrent('401: one request, and a hint about the key', async () => {
    const { inputs, requests } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, 'api-key': 'kupe_wrong_0123456789', cpu: '8' } })
    expectFailure(step, 'unauthorized', /unauthorized[\s\S]*api-key/i, 'sim-0001')
    expect(step.outputs).toMatchObject({ changed: 'false', 'would-change': '', cluster: '', plan: '', etag: '' })
    expect(requests()).toEqual(['GET 401'])
  })

  test.concurrent('401 on the PATCH, and while waiting: never repeated', async () => {
    for (const [matcher, expected, changed] of [
      [{ method: 'PATCH' }, ['GET 200', 'PATCH 401'], 'false'],
      [{ method: 'GET', nth: 2 }, ['GET 200', 'PATCH 200', 'GET 401'], 'true'],
    ] as const) {
      const { inputs, requests, simulator } = await startSimulator()
      simulator.inject(matcher, { kind: 'status', status: 401, body: '{"error":"key revoked"}' })
      const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
      expectFailure(step, 'unauthorized', /key revoked/, `sim-000${expected.length}`)
      expect(requests()).toEqual(expected)
      expect(step.outputs.changed).toBe(changed)
    }
  })

  test.concurrent('a 401 that is cut in its body: one request all the same', async () => {
    const { inputs, requests, simulator } = await startSimulator({ adminKey: 'kupe_another_0123456789' })
    simulator.inject({ times: ALWAYS }, { kind: 'cut' })
    const step = await runStep({ inputs: { ...inputs, 'api-key': 'kupe_wrong_0123456789', cpu: '8' } })
    expectFailure(step, 'unauthorized', /401/, 'sim-0001')
    expect(requests()).toEqual(['GET 401'])
  })

  test.concurrent('403 access denied on the PATCH of a readonly key: forbidden, with the role in the next step', async () => {
    const { inputs, requests } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, 'api-key': DEFAULTS.readonlyKey, cpu: '8' } })
    expectFailure(step, 'forbidden', /access denied[\s\S]*admin/, 'sim-0002')
    expect(step.outputs.changed).toBe('false')
    expect(requests()).toEqual(['GET 200', 'PATCH 403'])
  })

  test.concurrent.each([
    ['{"error":" Access Denied "}', 'forbidden'],
    ['', 'forbidden'],
    ['{"error":"storage cannot shrink on this plan"}', 'rejected'],
  ])('403 with the body %j is %s', async (body, reason) => {
    const { inputs, simulator } = await startSimulator()
    simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 403, body })
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectFailure(step, reason, /403/, 'sim-0002')
    if (reason === 'rejected') expect(step.errors[0]?.message).not.toMatch(/role/)
  })

  test.concurrent('404: no such cluster', async () => {
    const { inputs, requests } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, cluster: 'staging', cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'not-found', 'request-id': 'sim-0001' })
    expect(step.errors[0]?.message).toMatch(/cluster not found[\s\S]*tenant and cluster[\s\S]*sim-0001/)
    expect(requests()).toEqual(['GET 404'])
  })

  test.concurrent('404 while waiting: read again for a while, then deleted', async () => {
    const { inputs, simulator, requests } = await startSimulator()
    simulator.on({ method: 'PATCH', when: 'after' }, (kupe) => kupe.deleteCluster('production'))
    const step = await runStep({ inputs: { ...inputs, cpu: '8', timeout: '10s' } })
    expectFailure(step, 'deleted', /gone[\s\S]*404/, step.outputs['request-id'] ?? '')
    expect(step.outputs.changed).toBe('true')
    const [first, patch, ...reads] = requests()
    expect([first, patch, ...new Set(reads)]).toEqual(['GET 200', 'PATCH 200', 'GET 404'])
    expect(reads.length).toBeGreaterThanOrEqual(2)
  })

  test.concurrent.each([[301], [302], [307], [308]])('%d is not followed', async (status) => {
    const { inputs, simulator, requests } = await startSimulator()
    simulator.inject({ method: 'GET' }, { kind: 'status', status, headers: { location: '/elsewhere' }, body: '' })
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectFailure(step, 'rejected', new RegExp(String(status)), 'sim-0001')
    expect(requests()).toEqual([`GET ${status}`])
  })

  test.concurrent.each([[410], [418], [422]])('%d on the PATCH ends the run', async (status) => {
    const { inputs, simulator, count } = await startSimulator()
    simulator.inject({ method: 'PATCH' }, { kind: 'status', status, body: '{"error":"not now"}' })
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectFailure(step, 'rejected', /not now/, 'sim-0002')
    expect(count('PATCH')).toBe(1)
    expect(step.outputs.changed).toBe('false')
  })
})

describe('answers that are no answer', () => {
  const faults: [string, Fault][] = [
    ['reset', { kind: 'reset' }],
    ['cut in the middle of the body', { kind: 'cut' }],
    ['an empty 200', { kind: 'body', body: '' }],
    ['HTML', { kind: 'body', body: '<!doctype html><h1>Sign in</h1>', contentType: 'text/html' }],
    ['an array', { kind: 'body', body: '[]' }],
    ['another cluster', { kind: 'body', body: '{"name":"staging"}' }],
    ['11 MiB', { kind: 'body', body: `{"name":"production","x":"${'y'.repeat(11 * MIB)}"}` }],
    ['304', { kind: 'status', status: 304, body: '' }],
    ['408', { kind: 'status', status: 408 }],
    ['500', { kind: 'status', status: 500 }],
    ['502 with a proxy’s page', { kind: 'status', status: 502, body: '<html>Bad Gateway</html>' }],
    ['503', { kind: 'status', status: 503 }],
    ['504', { kind: 'status', status: 504, body: '' }],
    ['429', { kind: 'status', status: 429 }],
  ]

  test.concurrent.each(faults)('%s once, on the first read: read again', async (_, fault) => {
    const { inputs, simulator, count } = await startSimulator()
    simulator.inject({ method: 'GET' }, fault)
    const step = await runStep({ inputs: { ...inputs, mode: 'plan', cpu: '8' } })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(count('GET')).toBe(2)
  })

  test.concurrent.each(faults)('%s on every read: a clear error and exit status 1', async (_, fault) => {
    const { inputs, simulator, count } = await startSimulator()
    simulator.inject({ method: 'GET', times: ALWAYS }, fault)
    const step = await runStep({ inputs: { ...inputs, cpu: '8', timeout: '1s' } })
    expectFailure(step, 'unavailable', /GET|read/i, step.outputs['request-id'] ?? '')
    expect(step.outputs.changed).toBe('false')
    expect(step.errors[0]?.message.length).toBeLessThan(4096)
    expectEndedByTimeout(step)
    expect(count('PATCH')).toBe(0)
  })

  test.concurrent.each<[string, Fault, string]>([
    ['nothing', { kind: 'hang' }, ''],
    ['half a body and silence', { kind: 'stall' }, 'sim-0001'],
  ])('%s on every read: ends with the timeout', async (_, fault, requestId) => {
    const { inputs, simulator } = await startSimulator()
    simulator.inject({ method: 'GET', times: ALWAYS }, fault)
    const step = await runStep({ inputs: { ...inputs, cpu: '8', timeout: '700ms' } })
    expectFailure(step, 'unavailable', /127\.0\.0\.1|read/i, requestId)
    expectEndedByTimeout(step)
  })

  test.concurrent('an answer that drips for ever ends with the timeout', async () => {
    const { inputs } = await startSimulator()
    const server = createServer((_, response: ServerResponse) => {
      response.writeHead(200, { 'Content-Type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    })
    closing({ close: () => new Promise((resolve) => void server.close(() => resolve())) })
    const url = `http://127.0.0.1:${await listen(server)}`
    const step = await runStep({ inputs: { ...inputs, 'api-url': url, cpu: '8', timeout: '700ms' } })
    expectFailure(step, 'unavailable', /GET|read/i, '')
    expectEndedByTimeout(step)
  })

  test.concurrent('a Retry-After that ends after the timeout ends the run at once', async () => {
    const { inputs, simulator, count } = await startSimulator()
    simulator.inject(
      { method: 'GET', times: ALWAYS },
      { kind: 'status', status: 429, headers: { 'Retry-After': '3600' } },
    )
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectFailure(step, 'unavailable', /429.*not to be called before/, 'sim-0001')
    expect(count('GET')).toBe(1)
    expect(Number(step.outputs['duration-seconds'])).toBeLessThan(10)
  })

  test.concurrent('nobody listens: nothing was sent, nothing changed', async () => {
    const { inputs, close } = await startSimulator()
    await close()
    const step = await runStep({ inputs: { ...inputs, cpu: '8', timeout: '2s' } })
    expectFailure(step, 'unavailable', /ECONNREFUSED/, '')
    expect(step.outputs.changed).toBe('false')
  })

  test.concurrent('the server goes away before the PATCH: it never reached anyone, so nothing may have changed', async () => {
    const { inputs, simulator, close } = await startSimulator()
    simulator.on({ method: 'GET', when: 'after' }, () => setTimeout(() => void close(), 1))
    simulator.inject({ method: 'GET' }, { kind: 'headers', headers: { connection: 'close' } })
    simulator.inject({ method: 'PATCH', times: ALWAYS }, { kind: 'reset' })
    const step = await runStep({ inputs: { ...inputs, cpu: '8', timeout: '900ms' } })
    expectWhole(step)
    expect(step.outputs['failure-reason']).toMatch(/^(timeout|unavailable)$/)
    // A PATCH that met the closing server's socket may have landed; one that was refused its connection cannot have.
    expect(step.outputs.changed).toBe(String(simulator.requests.some(({ method }) => method === 'PATCH')))
  })
})

describe('a PATCH whose answer is lost', () => {
  const lost: [string, Fault][] = [
    ['reset', { kind: 'reset', applied: true }],
    ['cut in the middle of the body', { kind: 'cut', applied: true }],
    ['500', { kind: 'status', status: 500, applied: true }],
    ['503', { kind: 'status', status: 503, applied: true }],
    ['HTML', { kind: 'body', body: '<html></html>', applied: true }],
    ['an array', { kind: 'body', body: '[]', applied: true }],
    ['11 MiB', { kind: 'body', body: 'x'.repeat(11 * MIB), applied: true }],
  ]

  test.concurrent.each(lost)('%s, landed: found by a read, and not sent twice', async (_, fault) => {
    const { inputs, simulator, count } = await startSimulator()
    simulator.inject({ method: 'PATCH' }, fault)
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', cpu: '8' })
    expect(count('PATCH')).toBe(1)
  })

  test.concurrent.each(lost)('%s, not landed: sent again, after a read and under its ETag', async (_, fault) => {
    const { inputs, simulator, requests } = await startSimulator()
    simulator.inject({ method: 'PATCH' }, { ...fault, applied: false } as Fault)
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', cpu: '8' })
    const methods = requests().map((line) => line.replace(/ .*/, ''))
    expect(methods.slice(0, 4)).toEqual(['GET', 'PATCH', 'GET', 'PATCH'])
  })

  test.concurrent('an empty 2xx is a success, and is read after', async () => {
    const { inputs, count } = await startSimulator({ emptyPatchAnswer: true })
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(count('PATCH')).toBe(1)
  })

  test.concurrent('429 on the PATCH: sent again after the pause asked for, and after a read', async () => {
    const { inputs, simulator, requests } = await startSimulator()
    simulator.inject({ method: 'PATCH' }, { kind: 'status', status: 429, headers: { 'Retry-After': '1' } })
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true' })
    expect(requests().slice(0, 4)).toEqual(['GET 200', 'PATCH 429', 'GET 200', 'PATCH 200'])
    expect((simulator.requests[2]?.at ?? 0) - (simulator.requests[1]?.at ?? 0)).toBeGreaterThanOrEqual(990)
  })
})

describe('endings of the wait', () => {
  test.concurrent('stuck: timed out, with what was missing and how to go on', async () => {
    const { inputs, simulator, count } = await startSimulator({ script: ['stuck'] })
    const step = await runStep({ inputs: { ...inputs, version: '1.32', timeout: '5s' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({
      result: 'timed-out',
      'failure-reason': 'timeout',
      changed: 'true',
      evidence: '',
    })
    expect(step.errors[0]?.message).toMatch(
      /Upgrading[\s\S]*may still be going on[\s\S]*Running again resumes the wait/,
    )
    expect(count('PATCH')).toBe(1)
    expect(simulator.cluster('production').version).toBe('1.32')
  })

  test.concurrent('Degraded beyond the grace: the conditions are named', async () => {
    const { inputs } = await startSimulator({ script: ['degraded'] })
    const step = await runStep({ inputs: { ...inputs, version: '1.32' } })
    expectFailure(step, 'degraded', /ControlPlaneUnhealthy.*1 of 3 API servers/, step.outputs['request-id'] ?? '')
    expect(step.outputs).toMatchObject({ phase: 'Degraded', changed: 'true' })
    expect(step.summary).toMatch(/ControlPlaneUnhealthy/)
  })

  test.concurrent('rolled back', async () => {
    const { inputs } = await startSimulator({ script: ['rolled-back'], upgradeMs: 2_000 })
    const step = await runStep({ inputs: { ...inputs, version: '1.32' } })
    expectFailure(step, 'rolled-back', /1\.31\.9/, step.outputs['request-id'] ?? '')
    expect(step.outputs).toMatchObject({ changed: 'true', 'kubernetes-version': 'v1.31.9' })
  })

  test.concurrent('superseded: names the field, ours and theirs', async () => {
    const { inputs, simulator } = await startSimulator({ scaleMs: 5_000 })
    simulator.on({ method: 'PATCH', when: 'after' }, (kupe) =>
      kupe.patchAs('rival', 'production', { resources: { cpu: '6' } }),
    )
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectFailure(step, 'superseded', /cpu.*8.*6|cpu.*6.*8/, step.outputs['request-id'] ?? '')
    expect(step.outputs).toMatchObject({ changed: 'true', cpu: '6' })
  })

  test.concurrent('conflict: a rival changed our field before the PATCH', async () => {
    const { inputs, simulator, count } = await startSimulator()
    simulator.on({ method: 'PATCH' }, (kupe) => kupe.patchAs('rival', 'production', { resources: { cpu: '6' } }))
    const step = await runStep({ inputs: { ...inputs, cpu: '8' } })
    expectFailure(step, 'conflict', /cpu/, step.outputs['request-id'] ?? '')
    expect(step.outputs).toMatchObject({ changed: 'false', cpu: '6' })
    expect(count('PATCH')).toBe(1)
    const row = step.summary.split('\n').find((line) => /cpu/.test(line) && /4.*6.*8/.test(line))
    expect(row).toBeDefined()
  })

  test.concurrent('busy with on-busy fail: nothing is sent', async () => {
    const { inputs, count } = await startSimulator({ clusters: [{ phase: 'Upgrading', busyForMs: 60_000 }] })
    const step = await runStep({ inputs: { ...inputs, cpu: '8', 'on-busy': 'fail' } })
    expectFailure(step, 'busy', /Upgrading/, '')
    expect(step.outputs.changed).toBe('false')
    expect(count('PATCH')).toBe(0)
  })

  test.concurrent('busy for longer than the timeout: timed out, and nothing was sent', async () => {
    const { inputs, count } = await startSimulator({ clusters: [{ phase: 'Upgrading', busyForMs: 60_000 }] })
    const step = await runStep({ inputs: { ...inputs, cpu: '8', timeout: '3s' } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'timed-out', 'failure-reason': 'busy', changed: 'false' })
    expect(step.errors[0]?.message).toContain('Sent by this run: nothing')
    expect(count('PATCH')).toBe(0)
  })

  test.concurrent('refused: nothing is sent, and the input that permits it is named', async () => {
    const { inputs, requests } = await startSimulator()
    const step = await runStep({ inputs: { ...inputs, version: '1.33', storage: '50Gi' } })
    expectFailure(step, 'refused', /allow-version-skip.*allow-storage-shrink/, '')
    expect(requests()).toEqual(['GET 200'])
  })
})
