import nock from 'nock'
import { type ClusterApi, createClusterApi } from '../../src/api/client.js'
import { createExchange } from '../../src/api/http.js'
import type { JsonValue } from '../../src/domain/json.js'
import { ApiError } from '../../src/errors.js'
import { createRedactor } from '../../src/redact.js'

export const HOST = 'https://api.kupe.test'
export const PATH = '/api/v1/tenants/acme/clusters/production'
export const KEY = 'kupe_k1_0123456789'
export const AGENT = 'kupe-cluster-action/1.0.0 (octo-org/infra; run 4711; attempt 2)'
export const CLUSTER = { name: 'production', version: '1.31' }

/** The client of a step, over real HTTP as far as nock. */
export function createApi({ tenant = 'acme', cluster = 'production', alertTexts = [] as string[] } = {}): ClusterApi {
  const exchange = createExchange(AGENT, new AbortController().signal)
  const redact = createRedactor([KEY])
  return createClusterApi({ apiUrl: `${HOST}/api/v1`, apiKey: KEY, tenant, cluster, exchange, redact, alertTexts })
}

/** A request as nock got it; empty until it comes. */
export interface SentRequest {
  path: string
  headers: Record<string, unknown>
  body: string
}

/** Answers one request, and gives that request once it has come. */
export function answer(
  method: 'GET' | 'PATCH',
  status: number,
  body: JsonValue = CLUSTER,
  headers: Record<string, string> = {},
): SentRequest {
  const sent: SentRequest = { path: '', headers: {}, body: '' }
  nock(HOST)
    .intercept(/.*/, method)
    .reply(async (request: Request) => {
      const { pathname } = new URL(request.url)
      Object.assign(sent, { path: pathname, headers: Object.fromEntries(request.headers), body: await request.text() })
      return [status, typeof body === 'string' ? body : JSON.stringify(body), headers]
    })
  return sent
}

/** The error that a call is expected to end in. */
export async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, not ${String(error)}`)
  return error
}

export const read = () => createApi().getCluster(5_000)
export const patch = (ifMatch?: string) => createApi().patchCluster({ version: '1.32' }, ifMatch, 5_000)
