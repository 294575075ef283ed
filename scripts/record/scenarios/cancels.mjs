// The run is cancelled. The signal comes when the server has got a certain request, mostly one that it does not answer: what the
// action knows by then is always the same. A signal in a pause comes long after the last answer, and the pause is longer still.
import { cluster, initial, noAnswer, patch, refusal, scaling, upgrading } from '../answers.mjs'

const ANSWERED_MS = 1200
const cancelled = (answers, at, more = {}) => ({
  with: { cpu: '8', ...more.with },
  answers,
  cancel: { at, ...more.cancel },
})
const inPause = { with: { timeout: '30s', 'poll-interval': '20s' }, cancel: { afterMs: ANSWERED_MS } }

export const cancels = {
  'before the first read was answered': cancelled([noAnswer], 'GET 1'),
  'before the first read was answered, by SIGTERM': cancelled([noAnswer], 'GET 1', { cancel: { by: ['SIGTERM'] } }),
  'in a pause that the server asked for': cancelled(
    [refusal(429, 'slow down', { 'retry-after': '20' })],
    'GET 1',
    inPause,
  ),
  'while waiting for a busy cluster': cancelled([cluster({ phase: 'Upgrading' }), noAnswer], 'GET 2'),
  'while the PATCH is under way': cancelled([initial, patch(noAnswer)], 'PATCH 1'),
  'while the PATCH is under way, by both signals': cancelled([initial, patch(noAnswer)], 'PATCH 1', {
    cancel: { by: ['SIGINT', 'SIGTERM'] },
  }),
  'after a 412': cancelled([initial, patch(refusal(412, 'moved')), noAnswer], 'GET 2'),
  'after a lost answer': cancelled([initial, patch(refusal(503, 'unavailable')), noAnswer], 'GET 2'),
  'in a poll': cancelled([initial, patch(scaling), scaling, noAnswer], 'GET 3'),
  'in a pause before a poll': cancelled([initial, patch(scaling), scaling], 'PATCH 1', inPause),
  'in a pause after a poll that failed': cancelled(
    [initial, patch(scaling), refusal(503, 'x', { 'retry-after': '20' })],
    'GET 2',
    {
      with: { timeout: '30s' },
      cancel: { afterMs: ANSWERED_MS },
    },
  ),
  'in a wait that was joined': cancelled([upgrading, noAnswer], 'GET 2', { with: { cpu: undefined, version: '1.32' } }),
  'in verify': cancelled([cluster({ phase: 'Upgrading' }), noAnswer], 'GET 2', { with: { mode: 'verify' } }),
  'while the comment is written': {
    ...cancelled([initial], 'GET 2', { with: { mode: 'plan', comment: 'true' } }),
    event: { pull_request: { number: 7 } },
    github: { GET: noAnswer },
  },
  'in a dry run': cancelled([noAnswer], 'GET 1', { with: { mode: 'plan' } }),
}
