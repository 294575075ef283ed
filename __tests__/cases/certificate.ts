import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A key and its self-signed certificate in PEM; `file` holds the certificate, as `NODE_EXTRA_CA_CERTS` wants it. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  readonly file: string
  remove(): void
}

/** Makes a certificate for a name and for 127.0.0.1, without any program but Node. */
export function makeCertificate(host: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const algorithm = sequence(oid('2a8648ce3d040302'))
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(host)))))
  const dayMs = 24 * 3_600_000
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(Date.now() - dayMs), time(Date.now() + dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid('551d11'), der(0x04, alternativeNames(host))))),
  )
  const bits = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)])
  const cert = toPem(sequence(body, algorithm, der(0x03, bits)))
  const directory = mkdtempSync(join(tmpdir(), 'kupe-certificate-'))
  const file = join(directory, 'ca.pem')
  writeFileSync(file, cert)
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { key, cert, file, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

function alternativeNames(host: string): Buffer {
  return sequence(der(0x82, Buffer.from(host)), der(0x87, Buffer.from([127, 0, 0, 1])))
}

/** One value of ASN.1 in DER: its tag, its length, its content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'))
}

/** `YYMMDDhhmmssZ` */
function time(ms: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14)}Z`))
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
