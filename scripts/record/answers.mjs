// What the scripted server can answer, and the clusters it shows. A scenario's `answers` is a list of these, in the order of time.

const USUAL = {
  rv: 100,
  version: '1.31',
  runs: 'v1.31.9',
  cpu: '4',
  memory: '16Gi',
  storage: '100Gi',
  generation: 7,
  observed: 7,
  phase: 'Running',
  endpoint: 'https://production.acme.kupe.cloud',
  createdAt: '2026-02-01T14:00:00Z',
  conditions: [{ type: 'Ready', status: 'True' }],
}

/** A JSON object is sent as JSON, a text as it is; a header that is `undefined` is not sent. */
export function answer(status, body = '', headers = {}) {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: text }
}

/**
 * An answer that shows the cluster. `changes` are against the usual cluster, `undefined` leaves a field out; a key that is
 * not in the list below goes into the object as it is. `rv` is the resource version, and the ETag unless `headers` has another.
 */
export function cluster(changes = {}, headers = {}, status = 200) {
  const { rv, runs, cpu, memory, storage, gpu, observed, phase, endpoint, haPhase, conditions, ...rest } = {
    ...USUAL,
    ...changes,
  }
  const body = {
    name: 'production',
    displayName: 'Production',
    type: 'shared',
    resources: { cpu, memory, storage, gpu },
    resourceVersion: String(rv),
    status: { phase, kubernetesVersion: runs, endpoint, observedGeneration: observed, haPhase, conditions },
    ...rest,
  }
  return answer(status, body, { etag: `"${rv}"`, ...headers })
}

/** The same from a server that reports no generations. */
export function older(changes = {}, headers = {}, status = 200) {
  return cluster({ generation: undefined, observed: undefined, ...changes }, headers, status)
}

/** A refusal in the API's own form. */
export function refusal(status, error, headers = {}) {
  return answer(status, { error }, headers)
}

/** A page of something that stands before the API. */
export function htmlPage(status, headers = {}) {
  const body = `<!DOCTYPE html>\n<html><head><title>${status} of a gateway</title></head><body><h1>Sorry</h1></body></html>`
  return answer(status, body, { 'content-type': 'text/html', ...headers })
}

/** Closes the connection without an answer. */
export const closed = { fault: 'closed' }
/** Resets the connection without an answer. */
export const reset = { fault: 'reset' }
/** Never answers. */
export const noAnswer = { fault: 'no answer' }
/** Ends the connection in the middle of an answer's body. */
export const truncated = (whole) => ({ ...whole, fault: 'truncated' })

/** An answer to a PATCH; once it is given, GETs get the answers that follow it in the list. */
export function patch(given) {
  return { patch: given }
}

/** The usual cluster, and what becomes of it when `cpu: 8` or `version: 1.32` is asked: first accepted, then carried out. */
export const initial = cluster()
export const scaling = cluster({ rv: 101, cpu: '8', generation: 8 })
export const scaled = cluster({ rv: 102, cpu: '8', generation: 8, observed: 8 })
export const upgradeSet = cluster({ rv: 101, version: '1.32', generation: 8 })
export const upgrading = cluster({ rv: 102, version: '1.32', generation: 8, observed: 8, phase: 'Upgrading' })
export const upgraded = cluster({ rv: 103, version: '1.32', runs: 'v1.32.3', generation: 8, observed: 8 })
export const oldInitial = older()
export const oldScaled = older({ rv: 101, cpu: '8' })
