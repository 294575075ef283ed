// What the runs of the examples start from: scripts of the repository, payloads of events, and changes by someone else.
import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than the simulator takes for a change of resources. */
const SETTLED_MS = 1_000

/** The scripts that the examples call, and leave to whoever copies them. */
export const TEST_SCRIPT = '#!/bin/sh\necho "testing $1"\n'

/** While this test runs, someone else starts a downgrade of production. */
export const TEST_SCRIPT_DURING_DOWNGRADE = `${TEST_SCRIPT}curl --fail --silent --show-error --request PATCH \\
  --header "Authorization: Bearer $SOMEONE_ELSES_KEY" --header 'Content-Type: application/json' \\
  --data '{"version":"1.30"}' "$KUPE_API_URL/api/v1/tenants/acme/clusters/production"
`

/** The payload of an event on a pull request by someone whose branch is in the given repository. */
export function pullRequest(repository, login = 'octocat') {
  const head = { ref: 'larger', sha: '0'.repeat(40), repo: { full_name: repository } }
  return { action: 'opened', number: 7, pull_request: { number: 7, user: { login }, head, base: { ref: 'main' } } }
}

/** That pull request is merged, by the commit that the next run is for. */
export function mergedPullRequest(_, github) {
  github.addMerged({ number: 7, commit: 'any' })
}

/** Makes a function that changes a cluster of the simulator without the action, and waits until that is done. */
export function patchBySomeoneElse(cluster, body) {
  return async (simulator) => {
    const answer = await fetch(`${simulator.url}/api/v1/tenants/${simulator.tenant}/clusters/${cluster}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${simulator.adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${cluster}: ${answer.status} ${await answer.text()}`)
    await sleep(SETTLED_MS)
  }
}
