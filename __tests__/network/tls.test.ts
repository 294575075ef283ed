import { createServer, type Socket } from 'node:net'
import { afterAll, describe, expect, test } from '@jest/globals'
import { startServer } from '../../simulator/server.js'
import { type Certificate, CertificateMaker } from '../support/certificates.js'
import { closeAfterAll } from '../support/closing.js'
import { decodeEntities } from '../support/markdown.js'
import { findOwnName } from '../support/own-host.js'
import { listen } from '../support/ports.js'
import { expectEndedByTimeout, expectWhole, runStep, type StepResult } from '../support/process.js'
import { startTinyproxy } from '../support/proxies.js'
import { closeServers, forward, serve } from '../support/servers.js'
import { type RunningSimulator, startSecureSimulator, startSimulator } from '../support/simulators.js'

const own = await findOwnName()
const certificates = new CertificateMaker()
const root = certificates.authority('Company root')
const intermediate = certificates.authority('Company intermediate', root)
const leaf = certificates.server(own, intermediate)
const leafOfRoot = certificates.server(own, root)
const closing = closeAfterAll()
afterAll(async () => {
  await closeServers()
  certificates.remove()
})

const startKupe = async (certificate: Pick<Certificate, 'key' | 'cert'>) =>
  closing(await startSecureSimulator(own, certificate))

/** The handshake failed, so nothing was sent, the key least of all; said in one error. */
function expectRefused(step: StepResult, { requests }: RunningSimulator, cause: RegExp): void {
  expectWhole(step)
  expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'unavailable', changed: 'false' })
  expect(step.outputs).toMatchObject({ 'would-change': '', plan: '', cluster: '', etag: '', 'request-id': '' })
  expect(step.errors[0]?.properties.title).toContain('acme/production')
  expect(step.errors[0]?.message).toMatch(cause)
  expect(decodeEntities(step.summary)).toMatch(cause)
  expect(requests()).toEqual([])
}

const HINT = /certificate is not trusted.*NODE_EXTRA_CA_CERTS/

describe('a certificate that is trusted', () => {
  test.concurrent.each<[string, Pick<Certificate, 'key' | 'cert'>]>([
    ['of a private authority', certificates.server(own, root)],
    ['of an intermediate that the server shows too', { ...leaf, cert: leaf.cert + intermediate.cert }],
  ])('%s, by NODE_EXTRA_CA_CERTS', async (_name, certificate) => {
    const kupe = await startKupe(certificate)
    const env = { NODE_EXTRA_CA_CERTS: root.file }
    const step = await runStep({ inputs: { ...kupe.inputs, version: '1.32', cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', version: '1.32', cpu: '8' })
    expect(step.warnings).toEqual([])
    expect(kupe.count('PATCH')).toBe(1)
  })

  test.concurrent('self-signed, and itself in NODE_EXTRA_CA_CERTS', async () => {
    const certificate = certificates.server(own)
    const kupe = await startKupe(certificate)
    const step = await runStep({
      inputs: { ...kupe.inputs, cpu: '8' },
      env: { NODE_EXTRA_CA_CERTS: certificate.file },
    })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
  })

  test.concurrent('by force: NODE_TLS_REJECT_UNAUTHORIZED=0 is warned of', async () => {
    const kupe = await startKupe(certificates.server(own))
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })
    expect(step).toMatchObject({ code: 0, errors: [], outputs: { result: 'converged' } })
    expect(step.warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
    ])
  })
})

describe('a certificate that is not', () => {
  test.concurrent.each<[string, Certificate, RegExp, RegExp?]>([
    ['self-signed', certificates.server(own), /self-signed certificate/],
    ['of another private authority', certificates.server(own, certificates.authority('Stranger')), /certificate/],
    ['of an intermediate that the server does not show', leaf, /unable to verify the first certificate/],
    [
      'for another name',
      certificates.server('other.example', root),
      new RegExp(`${own}.*other\\.example`),
      /is for another name.*api-url/,
    ],
    ['expired', certificates.server(own, root, -1), /certificate has expired/, /has expired, or the clock/],
  ])('%s: refused, with the cause and the hint', async (_name, certificate, cause, hint = HINT) => {
    const kupe = await startKupe(certificate)
    const env = { NODE_EXTRA_CA_CERTS: root.file }
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectRefused(step, kupe, cause)
    expect(step.errors[0]?.message).toMatch(hint)
    expect(step.warnings).toEqual([])
  })

  test.concurrent('of a private authority that the runner does not know', async () => {
    const kupe = await startKupe(certificates.server(own, root))
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' } })
    expectRefused(step, kupe, /unable to (verify the first|get local issuer) certificate/)
    expect(step.errors[0]?.message).toMatch(HINT)
  })

  test.concurrent('behind a proxy, where it is refused just so, after five tries', async () => {
    const [kupe, proxy] = await Promise.all([startKupe(certificates.server(own)), startTinyproxy().then(closing)])
    const step = await runStep({
      inputs: { ...kupe.inputs, cpu: '8' },
      env: { HTTPS_PROXY: `http://${proxy.address}` },
    })
    expectRefused(step, kupe, /self-signed certificate/)
    expect(step.errors[0]?.message).toMatch(HINT)
    expect(proxy.tunnels()).toEqual(Array.from({ length: 5 }, () => `${own}:${kupe.port}`))
  })

  test.concurrent('for another name, behind a proxy', async () => {
    const certificate = certificates.server('other.example', root)
    const [kupe, proxy] = await Promise.all([startKupe(certificate), startTinyproxy().then(closing)])
    const env = { HTTPS_PROXY: `http://${proxy.address}`, NODE_EXTRA_CA_CERTS: root.file }
    const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8' }, env })
    expectRefused(step, kupe, new RegExp(`${own}.*other\\.example`))
  })
})

describe('TLS that breaks once the API has applied a PATCH', () => {
  test.concurrent.each([
    ['what is no record at all', Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n')],
    ['a record that cannot be decrypted', Buffer.from(`1703030020${'00'.repeat(32)}`, 'hex')],
  ])('by %s: the change is ours', async (_name, record) => {
    const kupe = await startKupe(leafOfRoot)
    let last: { client: Socket; upstream: Socket } | undefined
    const front = createServer((client) => {
      last = { client, upstream: forward(client, kupe.port, own) }
    })
    const port = await serve(front, own)
    kupe.simulator.on({ method: 'PATCH', when: 'after', nth: 1 }, () => {
      last?.upstream.unpipe(last.client)
      last?.client.write(record)
    })
    const inputs = { ...kupe.inputs, 'api-url': `https://${own}:${port}`, cpu: '8' }
    const step = await runStep({ inputs, env: { NODE_EXTRA_CA_CERTS: root.file } })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', cpu: '8' })
    expect(kupe.count('PATCH')).toBe(1)
    expect(step.lines.join('\n')).not.toMatch(/someone else/i)
  })
})

describe('no TLS at all', () => {
  test.concurrent('a server that speaks plain http', async () => {
    const kupe = closing(await startSimulator())
    const server = closing(await startServer(kupe.simulator, { host: own }))
    const inputs = { ...kupe.inputs, 'api-url': `https://${own}:${server.port}`, cpu: '8' }
    expectRefused(await runStep({ inputs }), kupe, /SSL|TLS/i)
  })

  test.concurrent('a server that accepts, and never says a word: the run ends with its timeout', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => void sockets.add(socket.on('error', () => socket.destroy())))
    const port = await listen(server, own)
    const kupe = closing(await startSimulator())
    const inputs = { ...kupe.inputs, 'api-url': `https://${own}:${port}`, cpu: '8', timeout: '2s' }
    const step = await runStep({ inputs })
    expectRefused(step, kupe, /within 2 s/)
    expectEndedByTimeout(step)
    expect(sockets.size).toBe(1)
    for (const socket of sockets) socket.destroy()
    server.close()
  })
})
