import type { Cluster } from '../domain/cluster.js'
import type { PatchBody } from '../domain/plan.js'
import { decodeCluster } from './decode.js'
import { type ApiRequest, type ApiResponse, type RequestOptions, sendRequest } from './request.js'

/** A cluster as an answer showed it, with the ETag to send back byte for byte. */
export interface ClusterRead {
  readonly cluster: Cluster
  readonly etag: string | undefined
  readonly requestId: string | undefined
}

/** The answer to a PATCH; an empty 2xx body shows no cluster. */
export interface PatchAnswer {
  readonly shown: ClusterRead | undefined
  readonly etag: string | undefined
  readonly requestId: string | undefined
}

/** One cluster of Kupe's API. Every call is one exchange, at most `timeoutMs` long; anything but success is an `ApiError`. */
export interface ClusterApi {
  getCluster(timeoutMs: number): Promise<ClusterRead>
  /** Without `ifMatch` the PATCH is not protected against a change by someone else. */
  patchCluster(patch: PatchBody, ifMatch: string | undefined, timeoutMs: number): Promise<PatchAnswer>
}

export interface ClusterApiOptions extends RequestOptions {
  readonly tenant: string
  readonly cluster: string
}

/** The client of one cluster, over an exchange. */
export function createClusterApi(options: ClusterApiOptions): ClusterApi {
  const { tenant, cluster: name, redactor } = options
  const target = {
    wanted: 'the cluster asked for',
    path: `/tenants/${encodeURIComponent(tenant)}/clusters/${encodeURIComponent(name)}`,
  }
  let last: { readonly body: string; readonly cluster: Cluster | undefined } | undefined
  const decode = (body: string) => {
    // Most polls bring nothing new, and to decode and to clean an object is most of what one costs.
    if (last?.body !== body) last = { body, cluster: decodeCluster(body, name, redactor) }
    return last.cluster
  }
  const request = async <T>(apiRequest: ApiRequest, decodeBody: (body: string) => T | undefined) => {
    try {
      return await sendRequest(options, apiRequest, decodeBody)
    } catch (error) {
      // An error's body may have taught what must not be shown: whatever comes next is to be cleaned by that.
      last = undefined
      throw error
    }
  }
  return {
    getCluster: async (timeoutMs) => toRead(await request({ ...target, method: 'GET', timeoutMs }, decode)),
    patchCluster: async (body, ifMatch, timeoutMs) => {
      const decodeAnswer = (text: string) => (text.trim() === '' ? 'empty' : decode(text))
      const { value, ...rest } = await request({ ...target, method: 'PATCH', ifMatch, body, timeoutMs }, decodeAnswer)
      const shown = value === 'empty' ? undefined : toRead({ value, ...rest })
      return { shown, ...rest }
    },
  }
}

function toRead({ value, etag, requestId }: ApiResponse<Cluster>): ClusterRead {
  return { cluster: value, etag, requestId }
}
