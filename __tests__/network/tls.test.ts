import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, describe, expect, test } from '@jest/globals'
import { startServer } from '../../simulator/server.js'
import { type Certificate, CertificateMaker } from '../support/certificates.js'
import { findOwnName, readable, secureStage } from '../support/own-host.js'
import { expectWhole, type Finished, runStep, type Stage, stage } from '../support/process.js'
import { startTinyproxy } from '../support/proxies.js'

const own = await findOwnName()
const certificates = new CertificateMaker()
const root = certificates.authority('Company root')
const intermediate = certificates.authority('Company intermediate', root)
const leaf = certificates.server(own, intermediate)
const open: { close: () => Promise<void> }[] = []

async function onStage(certificate: Pick<Certificate, 'key' | 'cert'>): Promise<Stage> {
  const opened = await secureStage(own, certificate)
  open.push(opened)
  return opened
}

afterAll(async () => {
  await Promise.all(open.map(({ close }) => close()))
  certificates.remove()
})

/** The handshake failed, so nothing was sent, the key least of all; said in one error. */
function expectRefused(step: Finished, { told }: Stage, cause: RegExp): void {
  expectWhole(step)
  expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'unavailable', changed: 'false' })
  expect(step.outputs).toMatchObject({ 'would-change': '', plan: '', cluster: '', etag: '', 'request-id': '' })
  expect(step.errors[0]?.properties.title).toContain('acme/production')
  expect(step.errors[0]?.message).toMatch(cause)
  expect(readable(step.summary)).toMatch(cause)
  expect(told()).toEqual([])
}

const HINT = /certificate is not trusted.*NODE_EXTRA_CA_CERTS/

describe('a certificate that is trusted', () => {
  test.concurrent.each<[string, Pick<Certificate, 'key' | 'cert'>]>([
    ['of a private authority', certificates.server(own, root)],
    ['of an intermediate that the server shows too', { ...leaf, cert: leaf.cert + intermediate.cert }],
  ])('%s, by NODE_EXTRA_CA_CERTS', async (_name, certificate) => {
    const place = await onStage(certificate)
    const env = { NODE_EXTRA_CA_CERTS: root.file }
    const step = await runStep({ inputs: { ...place.inputs, version: '1.32', cpu: '8' }, env })
    expectWhole(step)
    expect(step.outputs).toMatchObject({ result: 'converged', changed: 'true', version: '1.32', cpu: '8' })
    expect(step.warnings).toEqual([])
    expect(place.count('PATCH')).toBe(1)
  })

  test.concurrent('self-signed, and itself in NODE_EXTRA_CA_CERTS', async () => {
    const certificate = certificates.server(own)
    const place = await onStage(certificate)
    const step = await runStep({
      inputs: { ...place.inputs, cpu: '8' },
      env: { NODE_EXTRA_CA_CERTS: certificate.file },
    })
    expectWhole(step)
    expect(step.outputs.result).toBe('converged')
  })

  test.concurrent('by force: NODE_TLS_REJECT_UNAUTHORIZED=0 is warned of', async () => {
    const place = await onStage(certificates.server(own))
    const step = await runStep({ inputs: { ...place.inputs, cpu: '8' }, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })
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
    const place = await onStage(certificate)
    const env = { NODE_EXTRA_CA_CERTS: root.file }
    const step = await runStep({ inputs: { ...place.inputs, cpu: '8' }, env })
    expectRefused(step, place, cause)
    expect(step.errors[0]?.message).toMatch(hint)
    expect(step.warnings).toEqual([])
  })

  test.concurrent('of a private authority that the runner does not know', async () => {
    const place = await onStage(certificates.server(own, root))
    const step = await runStep({ inputs: { ...place.inputs, cpu: '8' } })
    expectRefused(step, place, /unable to (verify the first|get local issuer) certificate/)
    expect(step.errors[0]?.message).toMatch(HINT)
  })

  test.concurrent('behind a proxy, where it is refused just so, after five tries', async () => {
    const [place, proxy] = await Promise.all([onStage(certificates.server(own)), startTinyproxy()])
    open.push(proxy)
    const step = await runStep({
      inputs: { ...place.inputs, cpu: '8' },
      env: { HTTPS_PROXY: `http://${proxy.address}` },
    })
    expectRefused(step, place, /self-signed certificate/)
    expect(step.errors[0]?.message).toMatch(HINT)
    expect(proxy.tunnels()).toEqual(Array.from({ length: 5 }, () => `${own}:${place.port}`))
  })

  test.concurrent('for another name, behind a proxy', async () => {
    const certificate = certificates.server('other.example', root)
    const [place, proxy] = await Promise.all([onStage(certificate), startTinyproxy()])
    open.push(proxy)
    const env = { HTTPS_PROXY: `http://${proxy.address}`, NODE_EXTRA_CA_CERTS: root.file }
    const step = await runStep({ inputs: { ...place.inputs, cpu: '8' }, env })
    expectRefused(step, place, new RegExp(`${own}.*other\\.example`))
  })
})

describe('no TLS at all', () => {
  test.concurrent('a server that speaks plain http', async () => {
    const place = await stage()
    const server = await startServer(place.simulator, { host: own })
    open.push(place, server)
    const inputs = { ...place.inputs, 'api-url': `https://${own}:${server.port}`, cpu: '8' }
    expectRefused(await runStep({ inputs }), place, /SSL|TLS/i)
  })

  test.concurrent('a server that accepts, and never says a word: the run ends with its timeout', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => void sockets.add(socket.on('error', () => socket.destroy())))
    server.listen(0, own)
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const place = await stage()
    open.push(place)
    const inputs = { ...place.inputs, 'api-url': `https://${own}:${port}`, cpu: '8', timeout: '2s' }
    const step = await runStep({ inputs })
    expectRefused(step, place, /within 2 s/)
    expect(step.durationMs).toBeLessThan(5_000)
    expect(sockets.size).toBe(1)
    for (const socket of sockets) socket.destroy()
    server.close()
  })
})
