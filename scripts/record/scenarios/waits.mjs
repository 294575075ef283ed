// When a change counts as proven, and how the proof can get lost.
import {
  answer,
  cluster,
  initial,
  older,
  oldInitial,
  oldScaled,
  patch,
  refusal,
  scaled,
  scaling,
  upgraded,
  upgradeSet,
  upgrading,
} from '../answers.mjs'

const scale = (...answers) => ({ with: { cpu: '8' }, answers })
const upgrade = (...answers) => ({ with: { version: '1.32' }, answers })
const verify = (inputs, ...answers) => ({ with: { mode: 'verify', ...inputs }, answers })
const withInputs = (inputs, scenario) => ({ ...scenario, with: { ...scenario.with, ...inputs } })
/** What is read after a scale, or an upgrade, was accepted. */
const thenRead = (...reads) => scale(initial, patch(scaling), ...reads)
const thenUpgrading = (...reads) => upgrade(initial, patch(upgradeSet), upgrading, ...reads)
const oldThenRead = (...reads) => scale(oldInitial, patch(oldScaled), ...reads)
/** The cluster once a scale is done, and once an upgrade's version is desired, with something else about it. */
const after = (changes) => cluster({ rv: 103, cpu: '8', generation: 8, observed: 8, ...changes })
const desired = (changes) => cluster({ rv: 103, version: '1.32', generation: 8, observed: 8, ...changes })
/** A server that never says which version runs. */
const unversioned = (changes = {}) => cluster({ runs: undefined, ...changes })
const oldUnversioned = (changes = {}) => older({ runs: undefined, ...changes })
const NO_QUORUM = [{ type: 'Ready', status: 'False', reason: 'EtcdDown', message: 'no quorum' }]
const ALERTS = { alerts: '{"pods": {"after": 5}}' }
const AT_ONCE = { 'settle-time': '0s' }
/** What may take a part of the timeout takes a part of this. */
const SHORT = { timeout: '4s' }
/** One pause lasts until shortly before the end, and the next would outlast it: no request meets the end. */
const TIME_OVER = { timeout: '1900ms', 'poll-interval': '1s' }
const GOES_DEGRADED = { phase: 'Degraded' }

export const waits = {
  unchanged: withInputs({ cpu: '4' }, scale(initial)),
  'unchanged, an older server': withInputs({ cpu: '4' }, scale(oldInitial, oldInitial)),
  'unchanged, an older server whose second read differs': withInputs(
    { cpu: '4', wait: 'false' },
    scale(oldInitial, older({ rv: 101, cpu: '6' }), patch(oldInitial)),
  ),
  'unchanged, a version that no one reports': withInputs({ version: '1.31' }, upgrade(oldUnversioned())),
  'unchanged, not waited for': withInputs({ cpu: '4', wait: 'false' }, scale(initial)),
  'unchanged, with a condition that denies health': withInputs({ cpu: '4' }, scale(cluster({ conditions: NO_QUORUM }))),
  'on its way, generation not observed': scale(scaling, scaled),
  'on its way, not waited for': withInputs({ wait: 'false' }, scale(scaling)),
  'on its way, at a degraded cluster': scale(after(GOES_DEGRADED), after({})),

  'a scale, proven by its generation': thenRead(scaling, scaled),
  'a scale that is done at once': scale(initial, patch(scaled), scaled),
  'a scale whose generation did not move': scale(
    initial,
    patch(cluster({ rv: 101, cpu: '8' })),
    cluster({ rv: 101, cpu: '8' }),
  ),
  'a scale, an older server': oldThenRead(oldScaled),
  'a scale, an older server, two reads are enough': withInputs(AT_ONCE, oldThenRead(oldScaled, oldScaled)),
  'a scale, an older server, a row that breaks': withInputs(
    AT_ONCE,
    oldThenRead(oldScaled, oldInitial, oldScaled, oldScaled),
  ),
  'a scale, generations that appear late': scale(oldInitial, patch(scaling), scaling, scaled),
  'an upgrade': thenUpgrading(upgraded),
  'an upgrade that is never seen at work': upgrade(initial, patch(upgradeSet), upgradeSet, upgraded),
  'an upgrade, observed before it runs': upgrade(initial, patch(upgradeSet), desired({}), upgraded),
  'an upgrade to a patch': withInputs({ version: '1.32.3' }, thenUpgrading(upgraded)),
  'an upgrade, an older server': upgrade(
    oldInitial,
    patch(older({ rv: 101, version: '1.32' })),
    older({ rv: 102, version: '1.32', phase: 'Upgrading' }),
    older({ rv: 103, version: '1.32', runs: 'v1.32.3' }),
  ),
  'an upgrade, no running version': upgrade(
    unversioned(),
    patch(unversioned({ rv: 101, version: '1.32', generation: 8 })),
    unversioned({ rv: 102, version: '1.32', generation: 8, observed: 8, phase: 'Upgrading' }),
    unversioned({ rv: 103, version: '1.32', generation: 8, observed: 8 }),
  ),
  'an upgrade, no running version, never seen at work': withInputs(
    TIME_OVER,
    upgrade(
      oldUnversioned(),
      patch(oldUnversioned({ rv: 101, version: '1.32' })),
      oldUnversioned({ rv: 101, version: '1.32' }),
    ),
  ),
  'upgrade and scale together': withInputs(
    { version: '1.32' },
    scale(
      initial,
      patch(cluster({ rv: 101, version: '1.32', cpu: '8', generation: 8 })),
      after({ rv: 102, version: '1.32', phase: 'Upgrading' }),
      after({ version: '1.32', runs: 'v1.32.3' }),
    ),
  ),
  alerts: {
    with: ALERTS,
    answers: [
      initial,
      patch(cluster({ rv: 101, alerts: { pods: { after: 5 } }, generation: 8 })),
      after({ cpu: '4', alerts: { pods: { after: 5 } } }),
    ],
  },
  'alerts: the last one taken away': {
    with: { alerts: '{"a": null}', ...TIME_OVER },
    answers: [cluster({ alerts: { a: 1 } }), patch(cluster({ rv: 101, generation: 8 })), after({ cpu: '4' })],
  },

  'a stale read': thenRead(cluster({ rv: 90, generation: 6, observed: 6 }), scaled),
  'a read of before the PATCH': thenRead(initial, initial, scaled),
  'a read without resources': thenRead(after({ resources: undefined }), after({})),
  'a read without its observed generation': thenRead(after({ observed: undefined }), after({})),
  'a read without a status': thenRead(after({ status: undefined }), after({})),
  'a read without the version that runs': upgrade(initial, patch(upgradeSet), desired({ runs: undefined }), upgraded),
  'an unknown phase': thenRead(after({ phase: 'Rebalancing' }), after({})),
  'no phase at all': scale(unversioned({ phase: undefined }), patch(scaling), after({ phase: undefined }), after({})),
  'many phases': thenRead(
    ...Array.from({ length: 25 }, (_, index) =>
      after({ rv: 102 + index, observed: 7, phase: index % 2 ? 'Running' : 'Upgrading' }),
    ),
    after({ rv: 140 }),
  ),
  'an upgrade of someone else under way': scale(
    cluster({ version: '1.32' }),
    patch(cluster({ rv: 101, version: '1.32', cpu: '8', generation: 8 })),
    after({ version: '1.32' }),
    after({ version: '1.32', runs: 'v1.32.3' }),
  ),
  'a drift that is older than the run': withInputs(
    TIME_OVER,
    scale(
      cluster({ version: '1.32' }),
      patch(cluster({ rv: 101, version: '1.32', cpu: '8', generation: 8 })),
      after({ version: '1.32' }),
    ),
  ),
  'proven, with a condition that denies health': thenRead(after({ conditions: NO_QUORUM })),
  'proven, with degraded high availability': thenRead(after({ haPhase: 'ha-degraded' })),
  'proven, with warnings of the server': thenRead(
    after({
      warnings: [{ code: 'QUOTA', message: 'quota almost full', field: 'resources.cpu' }, 'a text', { code: 'X1' }],
    }),
  ),

  'degraded for a while': withInputs(
    { 'degraded-grace': '5s' },
    thenRead(after(GOES_DEGRADED), after(GOES_DEGRADED), after({})),
  ),
  'degraded for too long, conditions as objects': thenRead(
    after({ ...GOES_DEGRADED, conditions: [...NO_QUORUM, { type: 'Available', status: 'True' }] }),
  ),
  'degraded for too long, conditions as texts': thenRead(
    after({ ...GOES_DEGRADED, conditions: ['disk is full', '', 42] }),
  ),
  'degraded for too long, no conditions': thenRead(after({ ...GOES_DEGRADED, conditions: undefined })),
  'degraded, without any grace': withInputs({ 'degraded-grace': '0s' }, thenRead(after(GOES_DEGRADED))),
  'degraded in verify': verify({}, cluster(GOES_DEGRADED)),

  'deleted: terminating at the first read': scale(cluster({ phase: 'Terminating' })),
  'deleted: terminating while waiting': thenRead(scaling, after({ phase: 'Terminating' })),
  'deleted: 404 after a read': withInputs(SHORT, thenRead(scaling, refusal(404, 'cluster not found'))),
  'deleted: 404 while busy': withInputs(
    SHORT,
    scale(cluster({ phase: 'Upgrading' }), refusal(404, 'cluster not found')),
  ),
  'a single 404 after a read': thenRead(refusal(404, 'cluster not found'), scaled),
  'deleted: the name was given again': thenRead(
    after({ createdAt: '2026-11-02T09:00:00Z', generation: 1, observed: 1 }),
  ),
  'an earlier time of creation': thenRead(after({ createdAt: '2025-11-02T09:00:00Z' }), after({})),
  'the time of creation in another form': thenRead(after({ createdAt: '2026-02-01T15:00:00+01:00' })),

  'rolled back: the old version runs again': withInputs(SHORT, thenUpgrading(desired({}))),
  'rolled back: the desired version was set back': withInputs(
    SHORT,
    thenUpgrading(cluster({ rv: 103, generation: 9, observed: 9 })),
  ),
  'rolled back, an older server': withInputs(
    SHORT,
    upgrade(
      oldInitial,
      patch(older({ rv: 101, version: '1.32' })),
      older({ rv: 102, version: '1.32', phase: 'Upgrading' }),
      older({ rv: 103 }),
    ),
  ),
  'back on the old version for a moment': thenUpgrading(desired({}), upgrading, upgraded),
  'superseded: another value': withInputs(SHORT, thenRead(scaling, after({ cpu: '6', generation: 9 }))),
  'superseded: set back': withInputs(SHORT, thenRead(scaling, after({ cpu: '4', generation: 9, observed: 9 }))),
  'superseded: another version': withInputs(SHORT, thenUpgrading(desired({ version: '1.33', generation: 9 }))),
  'superseded: alerts': {
    with: { ...ALERTS, ...SHORT },
    answers: [
      initial,
      patch(cluster({ rv: 101, alerts: { pods: { after: 5 } }, generation: 8 })),
      after({ cpu: '4', alerts: { pods: { after: 9 } }, generation: 9 }),
    ],
  },
  'superseded, an older server': withInputs(
    { 'settle-time': '2s', ...SHORT },
    oldThenRead(oldScaled, older({ rv: 102, cpu: '6' })),
  ),
  'another value for a moment, an older server': withInputs(
    { 'settle-time': '200ms' },
    oldThenRead(oldScaled, older({ rv: 102, cpu: '6' }), oldScaled),
  ),
  'someone changed another value later': thenRead(scaling, after({ memory: '32Gi', generation: 9, observed: 9 })),

  'time is over: generation not observed': withInputs(TIME_OVER, thenRead(scaling)),
  'time is over: upgrading': withInputs(TIME_OVER, thenUpgrading()),
  'time is over: not settled for long enough': withInputs(
    { ...TIME_OVER, 'poll-interval': '700ms', 'settle-time': '1800ms' },
    oldThenRead(oldScaled),
  ),
  'time is over: a version does not run': withInputs(TIME_OVER, upgrade(initial, patch(upgradeSet), desired({}))),
  'time is over: nothing but stale reads': withInputs(TIME_OVER, thenRead(cluster({ rv: 90, generation: 6 }))),
  'time is over: joined, nothing sent': withInputs(TIME_OVER, upgrade(upgrading)),
  'time is over: unhealthy conditions': withInputs(TIME_OVER, thenRead(after({ observed: 7, conditions: NO_QUORUM }))),

  'verify: settled, nothing asked': verify({}, initial),
  'verify: settled, nothing asked, an older server': verify({}, oldInitial),
  'verify: met later': verify({ cpu: '8' }, scaling, scaled),
  'verify: an upgrade that goes on': verify({ version: '1.32' }, upgrading, upgraded),
  'verify: an older server': verify({ cpu: '8', ...AT_ONCE }, oldScaled, oldScaled),
  'verify: never met': verify({ cpu: '8', memory: '32Gi', ...TIME_OVER }, initial),
  'verify: never settled, nothing asked': verify(TIME_OVER, cluster({ observed: 6 })),
  'verify: a version that no one reports': verify(
    { version: '1.32', ...TIME_OVER },
    oldUnversioned({ version: '1.32' }),
  ),
  'verify: a version that is seen at work': verify(
    { version: '1.32' },
    oldUnversioned({ rv: 102, version: '1.32', phase: 'Upgrading' }),
    oldUnversioned({ rv: 103, version: '1.32' }),
  ),
  'verify: lost again': verify({ cpu: '8', ...SHORT }, scaling, after({ cpu: '4', generation: 9, observed: 9 })),
  'verify: gone': verify({}, cluster({ phase: 'Upgrading' }), cluster({ rv: 101, phase: 'Deleting' })),
  'verify: an upgrade under way that no one asked for': verify({}, cluster({ version: '1.32' }), upgraded),
  'verify: guards are not asked': verify(
    { cpu: '4', 'max-cpu': '2', 'only-between': '{closed}' },
    initial,
    answer(500),
  ),
}
