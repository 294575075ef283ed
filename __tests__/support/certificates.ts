import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private key and the certificate chain to show with it, in PEM; `file` is the certificate alone, as `NODE_EXTRA_CA_CERTS` wants it. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  readonly file: string
}

/** Makes certificates with openssl, in a directory of its own. */
export class CertificateMaker {
  private readonly directory = mkdtempSync(join(tmpdir(), 'kupe-certificates-'))
  private count = 0

  /** A certificate authority; without an issuer a root. */
  authority(subject: string, issuer?: Certificate): Certificate {
    return this.make(subject, ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign'], 2, issuer)
  }

  /** A server's certificate; without an issuer it is self-signed. With `days` -1 it ended before it began. */
  server(host: string, issuer?: Certificate, days = 2): Certificate {
    return this.make('Kupe under test', [`subjectAltName=DNS:${host}`, 'extendedKeyUsage=serverAuth'], days, issuer)
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true })
  }

  private make(subject: string, extensions: string[], days: number, issuer: Certificate | undefined): Certificate {
    const base = join(this.directory, String(++this.count))
    const [key, request, extension, file] = [`${base}.key`, `${base}.csr`, `${base}.ext`, `${base}.crt`]
    writeFileSync(extension, extensions.join('\n'))
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key)
    openssl('req', '-new', '-key', key, '-subj', `/CN=${subject}`, '-out', request)
    const serial = `0x${randomBytes(8).toString('hex')}`
    const signer =
      issuer === undefined
        ? ['-signkey', key]
        : ['-CA', issuer.file, '-CAkey', issuer.file.replace(/crt$/, 'key'), '-set_serial', serial]
    openssl('x509', '-req', '-in', request, '-days', String(days), '-extfile', extension, ...signer, '-out', file)
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file }
  }
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
