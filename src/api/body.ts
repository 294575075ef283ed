import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { EXCHANGE } from '../policy.js'

/**
 * Why a body cannot be taken for the whole: the connection was `cut`, the time was over (`timeout`), it is larger than is read
 * (`too-large`), or it came compressed and cannot be read (`undecodable`).
 */
export type BodyFault = 'cut' | 'timeout' | 'too-large' | 'undecodable'

/** A body as text; with a fault it is what came of it. */
export interface Body {
  readonly text: string
  readonly fault?: BodyFault
}

interface Bytes {
  readonly bytes: Buffer
  readonly fault: BodyFault | undefined
}

/**
 * Reads an answer's body up to so many bytes, and closes the connection where there are more. Settles on every path, and at
 * once where the signal aborts. A body that was compressed although nobody asked for that is decompressed.
 */
export async function readBody(message: IncomingMessage, largestBytes: number, signal: AbortSignal): Promise<Body> {
  let { bytes, fault } = await collect(message, largestBytes, signal)
  for (const coding of bytes.length === 0 ? [] : codingsOf(message)) {
    const decoded = await decompress(bytes, coding, largestBytes)
    bytes = decoded.bytes
    fault ??= decoded.fault
  }
  // What was cut off may end in the middle of a character, which is then left out.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: fault !== undefined })
  return { text, ...(fault === undefined ? {} : { fault }) }
}

/** All three events end a body; which of them come where it is cut, and in what order, has changed between Node's versions. */
function collect(message: IncomingMessage, largestBytes: number, signal: AbortSignal): Promise<Bytes> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (fault?: BodyFault) => {
      signal.removeEventListener('abort', abort)
      resolve({ bytes: Buffer.concat(chunks), fault })
    }
    const abort = () => finish('timeout')
    signal.addEventListener('abort', abort, { once: true })
    message.on('data', (chunk: Buffer) => {
      const room = largestBytes - size
      size += chunk.length
      if (room >= 0) chunks.push(chunk.subarray(0, room))
      if (size <= largestBytes) return
      finish('too-large')
      message.destroy()
    })
    message.on('end', () => finish(message.complete ? undefined : 'cut'))
    message.on('error', () => finish('cut'))
    message.on('close', () => finish('cut'))
  })
}

/** The codings to undo, the last one applied first. */
function codingsOf({ headers }: IncomingMessage): string[] {
  const named = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  const codings = named.filter((coding) => coding !== '' && coding !== 'identity').reverse()
  return codings.length > EXCHANGE.mostContentCodings ? ['too many'] : codings
}

/** Decompresses up to so many bytes, however many there are inside. */
async function decompress(bytes: Buffer, coding: string, largestBytes: number): Promise<Bytes> {
  const decoder = await createDecoder(coding, bytes)
  if (decoder === undefined) return { bytes: Buffer.alloc(0), fault: 'undecodable' }
  const chunks: Buffer[] = []
  let size = 0
  decoder.end(bytes)
  try {
    // Leaving the loop destroys the stream.
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, largestBytes - size))
      size += chunk.length
      if (size > largestBytes) return { bytes: Buffer.concat(chunks), fault: 'too-large' }
    }
    return { bytes: Buffer.concat(chunks), fault: undefined }
  } catch {
    return { bytes: Buffer.concat(chunks), fault: 'undecodable' }
  }
}

/** Bodies that are cut off are decompressed as far as they go, hence the flushes. */
async function createDecoder(coding: string, bytes: Buffer): Promise<Transform | undefined> {
  // Loaded only where something came compressed, which nobody asked for.
  const { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } = await import('node:zlib')
  const zlib = { finishFlush: constants.Z_SYNC_FLUSH }
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(zlib)
    case 'deflate':
      // By the standard with zlib's header, whose first four bits are 8; some servers leave it out.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate(zlib) : createInflateRaw(zlib)
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
    default:
      return undefined
  }
}
