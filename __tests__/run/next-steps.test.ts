import { describe, expect, test } from '@jest/globals'
import type { Fault } from '../../simulator/faults.js'
import type { Task } from '../../src/domain/task.js'
import { runAgainstSimulator } from '../support/runs.js'
import { SCALE, toWindow, UPGRADE } from '../support/tasks.js'

const FOR_EVER = Number.POSITIVE_INFINITY
const refusal = (status: number, error: string): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ error }),
})

/** What depends on what was sent, and on whether a read came before; `never` would be untrue there. */
describe('what to do next is true of this run', () => {
  test.each([
    ['401', refusal(401, 'unauthorized'), /The key was accepted before/, /mistyped|tried only once/],
    ['403', refusal(403, 'access denied'), /The key could send the change before/, /role admin/],
    ['422', refusal(422, 'unprocessable'), /It was accepted; since then the API refuses to be read/, /input/],
  ])('a poll after an accepted PATCH is answered %s', async (_, fault, says, never) => {
    const { outcome, words } = await runAgainstSimulator({
      task: UPGRADE,
      arrange: (kupe) => kupe.inject({ method: 'GET', nth: 3, times: FOR_EVER }, fault),
    })
    expect([outcome.result, outcome.changed]).toEqual(['failed', true])
    expect(words).toMatch(says)
    expect(words).toMatch(/What was sent may still be going on\..*Running again .*resumes the wait/s)
    expect(words).not.toMatch(never)
  })

  test.each([
    ['401', refusal(401, 'unauthorized'), /The key was accepted before.*Run again with a key that works/],
    ['403', refusal(403, 'access denied'), /The key could read the cluster before/],
    ['422', refusal(422, 'unprocessable'), /It was a read that the API refused/],
  ])('a poll of verify is answered %s', async (_, fault, says) => {
    const { words } = await runAgainstSimulator({
      task: { ...SCALE, mode: 'verify' },
      arrange: (kupe) => kupe.inject({ method: 'GET', nth: 3, times: FOR_EVER }, fault),
    })
    expect(words).toMatch(says)
    expect(words).not.toMatch(/mistyped|tried only once|role admin|input|What was sent/)
  })

  test.each([
    ['403', refusal(403, 'access denied'), /The key could read the cluster before.*Run again then/],
    ['422', refusal(422, 'unprocessable'), /It was a read that the API refused.*Run again when that is over/],
  ])('a read while the change waits for a busy cluster is answered %s', async (_, fault, says) => {
    const { words } = await runAgainstSimulator({
      task: SCALE,
      server: { clusters: [{ phase: 'Upgrading', version: '1.32', kubernetesVersion: 'v1.31.9', busyForMs: 600_000 }] },
      arrange: (kupe) => kupe.inject({ method: 'GET', nth: 3, times: FOR_EVER }, fault),
    })
    expect(words).toMatch(says)
    expect(words).not.toMatch(/role admin|input|What was sent/)
  })

  test.each([
    [
      '401',
      refusal(401, 'unauthorized'),
      /not accepted\nGET was answered 401: unauthorized\..*may be mistyped.*tried only once/s,
    ],
    [
      '403',
      refusal(403, 'access denied'),
      /may not do this\nGET was answered 403: access denied\..*with the role admin/s,
    ],
    [
      '404',
      refusal(404, 'cluster not found'),
      /there is no such cluster\nGET was answered 404: cluster not found\..*Check tenant and cluster/s,
    ],
  ])('the very first read is answered %s', async (_, fault, says) => {
    const { words } = await runAgainstSimulator({ task: SCALE, arrange: (kupe) => kupe.inject({}, fault) })
    expect(words).toMatch(says)
  })

  test.each<[string, Partial<Task>, RegExp]>([
    ['a window', { window: toWindow('08:00-10:00') }, /Outside only-between a re-run is skipped.*mode: verify/],
    ['freeze-dates', { freeze: { entries: [], timezone: 'UTC' } }, /On freeze-dates a re-run is skipped.*mode: verify/],
  ])('with %s a re-run may look at nothing, and the step before says where to look', async (_, guard, says) => {
    const wordsOf = async (task: Partial<Task>) =>
      (await runAgainstSimulator({ task: { ...UPGRADE, ...task }, server: { script: ['stuck'] } })).words
    expect(await wordsOf(guard)).toMatch(/Running again resumes the wait/)
    expect(await wordsOf(guard)).toMatch(says)
    // Neither the guard of a mode that has no use for it, nor one that was not given.
    expect(await wordsOf({ ...guard, mode: 'verify' })).not.toMatch(/skipped/)
    expect(await wordsOf({})).not.toMatch(/skipped/)
  })

  test('a PATCH that is answered 404 comes after a read', async () => {
    const { outcome, words } = await runAgainstSimulator({
      task: SCALE,
      arrange: (kupe) => kupe.inject({ method: 'PATCH' }, refusal(404, 'cluster not found')),
    })
    expect(outcome.reason).toBe('not-found')
    expect(words).toMatch(/gone, or hidden from this key\nPATCH was answered 404: cluster not found\. A read had shown/)
    expect(words).not.toMatch(/no such cluster|tenant and cluster/i)
  })

  test('a lost answer is no acceptance, though the change is there and nobody waits', async () => {
    const { outcome, words } = await runAgainstSimulator({
      task: { ...SCALE, wait: false },
      arrange: (kupe) => kupe.inject({ method: 'PATCH' }, { kind: 'status', status: 503, applied: true }),
    })
    expect(outcome.result).toBe('accepted')
    expect(words).toMatch(/The answer to what was sent at \d\d:\d\d UTC was lost, but the change is there/)
    expect(words).not.toMatch(/Accepted at/)
  })
})
