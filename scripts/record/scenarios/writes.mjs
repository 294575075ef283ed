// From the first look at a free cluster to a PATCH that was accepted: busyness, locks, conflicts, refusals, lost answers.
import {
  answer,
  closed,
  cluster,
  htmlPage,
  initial,
  noAnswer,
  older,
  oldInitial,
  oldScaled,
  patch,
  refusal,
  reset,
  scaled,
  scaling,
  truncated,
  upgraded,
  upgradeSet,
  upgrading,
} from '../answers.mjs'

const scale = (...answers) => ({ with: { cpu: '8' }, answers })
const upgrade = (...answers) => ({ with: { version: '1.32' }, answers })
const withInputs = (inputs, scenario) => ({ ...scenario, with: { ...scenario.with, ...inputs } })
const refused = (status, error, headers) => patch(refusal(status, error, headers))
const moved412 = refused(412, 'resource version mismatch')
/** The usual cluster after status writes, which move nothing but the ETag. */
const statusMoved = (rv) => cluster({ rv })
const unlocked = cluster({}, { etag: undefined })
const partial = (rv) => cluster({ rv, storage: undefined })
const busy = (changes = {}) => cluster({ rv: 90, phase: 'Upgrading', ...changes })
const going = cluster({ rv: 101, phase: 'Terminating' })
const rival = cluster({ rv: 101, cpu: '6', generation: 8 })
const accepted = (changes) => cluster({ rv: 101, cpu: '8', generation: 8, ...changes })
const finished = (changes) => cluster({ rv: 102, cpu: '8', generation: 8, observed: 8, ...changes })
/** From here on nothing goes wrong. */
const succeeds = [patch(scaling), scaled]
const ALERTS = { alerts: '{"pods": {"after": 5}}' }
/** One pause lasts until shortly before the end, and the next would outlast it: no request meets the end. */
const TIME_OVER = { timeout: '1900ms', 'poll-interval': '1s' }

export const writes = {
  'busy, then free': scale(busy(), busy({ rv: 91 }), statusMoved(92), ...succeeds),
  'busy all the time': withInputs(TIME_OVER, scale(busy())),
  'busy, and on-busy is fail': withInputs({ 'on-busy': 'fail' }, scale(busy({ phase: 'Provisioning' }))),
  'busy with the very target': upgrade(upgrading, upgraded),
  'busy with the very target, and on-busy is fail': withInputs({ 'on-busy': 'fail' }, upgrade(upgrading, upgraded)),
  'busy, then as asked': scale(busy(), cluster({ rv: 92, cpu: '8' })),
  'busy, then free and already different': scale(busy(), cluster({ rv: 92, cpu: '6' }), ...succeeds),
  'busy, then gone': scale(busy(), going),
  'busy, then partial reads, then free': scale(busy(), partial(92), statusMoved(93), ...succeeds),
  'pending at the start': scale(busy({ phase: 'Pending', resources: undefined }), initial, ...succeeds),
  'degraded at the start': scale(cluster({ phase: 'Degraded' }), ...succeeds),
  'inside only-between': withInputs({ 'only-between': '{open}' }, scale(initial, ...succeeds)),
  'outside only-between': withInputs({ 'only-between': '{closed}' }, scale(initial)),

  'no ETag at all': scale(unlocked, ...succeeds),
  'an ETag without quotes': scale(cluster({}, { etag: '294810' }), ...succeeds),
  'a weak ETag': scale(cluster({}, { etag: 'W/"294810"' }), ...succeeds),
  'if-match as read': withInputs({ 'if-match': '"100"' }, scale(initial, ...succeeds)),
  'if-match: 412': withInputs({ 'if-match': '"99"' }, scale(initial, moved412, statusMoved(101))),
  'on-conflict is fail: 412': withInputs({ 'on-conflict': 'fail' }, scale(initial, moved412, statusMoved(101))),

  '412, and only the status moved': scale(initial, moved412, statusMoved(101), ...succeeds),
  '412 twice': scale(initial, moved412, statusMoved(101), moved412, statusMoved(102), ...succeeds),
  '412 five times': withInputs(
    { timeout: '20s' },
    scale(initial, ...[101, 102, 103, 104, 105].flatMap((rv) => [moved412, statusMoved(rv)])),
  ),
  '412, and someone changed the same value': scale(initial, moved412, rival),
  '412, and someone changed another value': scale(
    initial,
    moved412,
    cluster({ rv: 101, memory: '32Gi', generation: 8, observed: 8 }),
    patch(accepted({ rv: 102, memory: '32Gi', generation: 9, observed: 8 })),
    finished({ rv: 103, memory: '32Gi', generation: 9, observed: 9 }),
  ),
  '412, and someone made the same change': scale(initial, moved412, scaling, scaled),
  '412, and someone changed alerts': {
    with: ALERTS,
    answers: [
      cluster({ alerts: { pods: { after: 1 } } }),
      moved412,
      cluster({ rv: 101, alerts: { pods: { after: 2 } } }),
    ],
  },
  '412, and the read lacks an ETag': scale(initial, moved412, unlocked),
  '412, and the same ETag for a while': withInputs(
    { timeout: '20s' },
    scale(initial, moved412, initial, initial, statusMoved(101), ...succeeds),
  ),
  '412, and the same ETag for ever': withInputs({ timeout: '3600ms' }, scale(initial, moved412)),
  '412, then partial reads': scale(initial, moved412, partial(101), statusMoved(102), ...succeeds),
  '412, then only partial reads': withInputs(
    { timeout: '20s' },
    scale(initial, moved412, partial(101), patch(accepted({ storage: undefined })), finished({ storage: undefined })),
  ),
  '412, then busy, then free': scale(initial, moved412, busy({ rv: 101 }), statusMoved(102), ...succeeds),
  '412, and a downgrade by now': upgrade(initial, moved412, cluster({ rv: 101, runs: 'v1.33.1' })),
  '412, then gone': scale(initial, moved412, going),

  '409: an operation is in progress': scale(
    initial,
    refused(409, 'an operation is in progress'),
    statusMoved(101),
    ...succeeds,
  ),
  '409: the object has been modified': scale(
    initial,
    refused(409, 'the object has been modified'),
    statusMoved(101),
    ...succeeds,
  ),
  '409, and someone changed the same value': scale(initial, refused(409, 'conflict'), rival),
  '409 always': withInputs({ timeout: '3s' }, scale(initial, refused(409, 'an operation is in progress'))),
  '409, and on-busy is fail': withInputs(
    { 'on-busy': 'fail' },
    scale(initial, refused(409, 'an operation is in progress')),
  ),

  'lost and landed': scale(initial, patch(closed), scaling, scaled),
  'lost and landed, seen late': scale(initial, patch(closed), initial, moved412, scaling, scaled),
  'lost, not landed': scale(initial, patch(closed), statusMoved(101), ...succeeds),
  'lost by a reset, landed': scale(initial, patch(reset), scaled),
  'lost in the middle of the answer, landed': scale(initial, patch(truncated(scaling)), scaled),
  'lost by a page with status 200, landed': scale(initial, patch(htmlPage(200)), scaled),
  'lost by 503, landed': scale(initial, refused(503, 'unavailable'), scaling, scaled),
  'lost by silence': withInputs({ timeout: '1100ms' }, scale(initial, patch(noAnswer))),
  'lost every time': scale(initial, refused(502, 'bad gateway')),
  'lost, and someone changed the same value': scale(initial, patch(closed), rival),
  'lost, and perhaps taken back': scale(
    initial,
    patch(closed),
    cluster({ rv: 103, generation: 9, observed: 9 }),
    patch(accepted({ rv: 104, generation: 10, observed: 9 })),
    finished({ rv: 105, generation: 10, observed: 10 }),
  ),
  'lost and landed, not waited for': withInputs({ wait: 'false' }, scale(initial, patch(closed), scaling)),
  'lost, under if-match': withInputs({ 'if-match': '"100"' }, scale(initial, patch(closed), initial, ...succeeds)),
  'lost and landed, under if-match': withInputs({ 'if-match': '"100"' }, scale(initial, patch(closed), scaled)),
  'lost, then gone': scale(initial, patch(closed), going),
  'lost, then busy with our version': upgrade(initial, patch(closed), upgrading, upgraded),
  'lost and landed, an older server': scale(oldInitial, patch(closed), oldScaled),
  'lost, and the read lacks an ETag': scale(initial, patch(closed), unlocked),

  '429, then accepted': scale(initial, refused(429, 'too many requests', { 'retry-after': '1' }), initial, ...succeeds),
  '429 for longer than the timeout': scale(initial, refused(429, 'too many requests', { 'retry-after': '900' })),
  '400 with code and field': scale(
    initial,
    patch(answer(400, { error: 'invalid', message: 'cpu exceeds the pool', code: 'POOL', field: 'resources.cpu' })),
  ),
  '400 with a list of versions': upgrade(
    initial,
    refused(400, 'unsupported version "1.32", supported: 1.30.9, 1.31.9'),
  ),
  '400 to a resource unknown to us': scale(
    cluster({ gpu: '1' }),
    refused(400, 'unknown field "gpu"'),
    finished({ gpu: '1' }),
  ),
  '422 without words': scale(initial, patch(answer(422))),
  '403: admin access required': scale(initial, refused(403, ' Admin access required ')),
  '403: another refusal, of a downgrade': scale(initial, refused(403, 'version cannot go back')),
  '404 to the PATCH': scale(initial, refused(404, 'cluster not found')),
  'a redirect of the PATCH': scale(initial, patch(answer(307, '', { location: 'https://elsewhere.example/' }))),

  'accepted, not waited for': withInputs({ wait: 'false' }, scale(initial, ...succeeds)),
  'accepted with 202': scale(initial, patch({ ...scaling, status: 202 }), scaled),
  'accepted with an empty answer': scale(initial, patch(answer(204)), scaling, scaled),
  'accepted with an empty answer, not waited for': withInputs(
    { wait: 'false' },
    scale(initial, patch(answer(204)), scaling),
  ),
  'accepted, and the answer shows the old object': scale(initial, patch(initial), scaling, scaled),
  'accepted, and the answer is stale': scale(initial, patch(cluster({ rv: 80, generation: 6 })), scaling, scaled),
  'accepted, and the answer is partial': scale(
    initial,
    patch(accepted({ memory: undefined, version: undefined })),
    scaled,
  ),
  'accepted, and the answer has no ETag': withInputs(
    { wait: 'false' },
    scale(initial, patch(cluster({ cpu: '8', generation: 8 }, { etag: undefined }))),
  ),
  'accepted, and made something else of it': scale(initial, patch(accepted({ cpu: '7500m' }))),
  'accepted, and a version made something else of': withInputs(
    { version: '1.32.3' },
    upgrade(initial, patch(accepted({ cpu: '4', version: '1.32.1' }))),
  ),
  'accepted, and the cluster is going': scale(
    initial,
    patch(accepted({ phase: 'Terminating' })),
    finished({ phase: 'Terminating' }),
  ),

  'a side effect: another resource moved': scale(
    initial,
    patch(accepted({ memory: '8Gi' })),
    finished({ memory: '8Gi' }),
  ),
  'a side effect: the version moved': scale(
    initial,
    patch(accepted({ version: '1.32' })),
    finished({ version: '1.32', runs: 'v1.32.3' }),
  ),
  'a side effect: an unknown resource vanished': scale(cluster({ gpu: '1' }), ...succeeds),
  'a side effect: alerts vanished': {
    with: ALERTS,
    answers: [
      cluster({ alerts: { pods: { after: 1 }, quota: { on: true } } }),
      patch(accepted({ cpu: '4', alerts: { pods: { after: 5 } } })),
      finished({ cpu: '4', alerts: { pods: { after: 5 } } }),
    ],
  },
  'a side effect, not waited for': withInputs({ wait: 'false' }, scale(initial, patch(accepted({ memory: '8Gi' })))),
  'a side effect, without a lock': scale(
    older({}, { etag: undefined }),
    patch(older({ rv: 101, cpu: '8', memory: '8Gi' })),
    older({ rv: 101, cpu: '8', memory: '8Gi' }),
  ),
  'no side effect: the version got its patch': upgrade(
    initial,
    patch(upgradeSet),
    cluster({ rv: 102, version: '1.32.3', runs: 'v1.32.3', generation: 8, observed: 8 }),
  ),
}
