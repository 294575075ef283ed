// What is compared, what is refused, and what a dry run says. Most are dry runs; a PATCH comes where only it shows the plan's body.
import { answer, cluster, initial, older, patch, scaled, scaling } from '../answers.mjs'

const planned = (given, answers) => ({
  with: { mode: 'plan', ...given },
  ...(answers === undefined ? {} : { answers }),
})
const alerts = (live, asked) => planned({ alerts: JSON.stringify(asked) }, [cluster({ alerts: live })])
const EVERYTHING = { version: '1.32', cpu: '8', memory: '32Gi', storage: '200Gi', alerts: '{"pods": {"after": 5}}' }
/** A PATCH for which nothing is waited, to see its body. */
const sent = (given, live, made = scaling) => ({ with: { wait: 'false', ...given }, answers: [live, patch(made)] })
/** A run that is given the digest of the dry run of a scale. */
const withDigest = (given, ...answers) => ({
  after: 'plans: a scale',
  make: ({ outputs }) => ({ with: { ...given, 'expected-plan': outputs['plan-digest'] }, answers }),
})

export const plans = {
  'a scale': planned({ cpu: '8' }),
  'an upgrade': planned({ version: '1.32' }),
  'everything at once': planned(EVERYTHING),
  'nothing to change': planned({ cpu: '4', memory: '16Gi', version: '1.31' }),
  'nothing to change, by other spellings': planned({ cpu: '4000m', memory: '16384Mi', version: 'v1.31' }),
  'a live quantity in other grammar': planned({ memory: '17Gi', cpu: '5' }, [
    cluster({ memory: '1.7e10', cpu: '4000000u' }),
  ]),
  'a live quantity that cannot be read': planned({ memory: '32Gi' }, [cluster({ memory: '16 Gi' })]),
  'a minor, met by any patch of it': planned({ version: '1.31' }, [cluster({ version: '1.31.4', runs: 'v1.31.4' })]),
  'a patch, met by the minor where it runs': planned({ version: '1.31.9' }),
  'a patch that does not run yet': planned({ version: '1.31.10' }),
  'a version that the object lacks': planned({ version: '1.32' }, [cluster({ version: undefined })]),
  'resources that the object lacks': planned({ cpu: '8' }, [cluster({ resources: undefined })]),
  'a resource that the object lacks': planned({ storage: '50Gi' }, [cluster({ storage: undefined })]),
  'an object without a status': planned({ cpu: '8', version: '1.32' }, [cluster({ status: undefined })]),
  'a resource as a number': planned({ cpu: '8' }, [cluster({ cpu: 8 })]),
  'a generation as a text': planned({ cpu: '8' }, [cluster({ generation: '7', observed: '7' })]),

  'alerts where there are none': alerts(undefined, { pods: { after: 5 } }),
  'alerts that are there, in another order': alerts({ a: 1, pods: { x: 1, after: 5 } }, { pods: { after: 5 } }),
  'alerts deep inside': alerts({ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 3 } } }),
  'alerts: null for what is there': alerts({ a: 1, b: 2 }, { a: null }),
  'alerts: null for what is not there': alerts({ b: 2 }, { a: null }),
  'alerts: null where there are none': alerts(undefined, { a: null }),
  'alerts: lists': alerts({ a: [1, 2], b: [1, 2] }, { a: [2, 1], b: [1, 2] }),
  'alerts: a key with a dot, and two keys': alerts({ 'a.b': 1, a: { b: 1 } }, { 'a.b': 2, a: { b: 2 } }),
  'alerts: a key named like an object’s own': alerts({}, { constructor: 'x', ['__proto__']: 'y' }),
  'alerts: live ones that are no object': alerts('none', { a: 1 }),

  'at a busy cluster': planned({ cpu: '8' }, [cluster({ phase: 'Upgrading' })]),
  'at a degraded cluster': planned({ cpu: '8' }, [
    cluster({
      phase: 'Degraded',
      conditions: [{ type: 'Ready', status: 'False', reason: 'Etcd', message: 'no quorum' }],
    }),
  ]),
  'at an unknown phase': planned({ cpu: '8' }, [cluster({ phase: 'Hibernating' })]),
  'at no phase': planned({ cpu: '8' }, [cluster({ phase: undefined })]),
  'at a cluster that is going': planned({ cpu: '8' }, [cluster({ phase: 'Terminating' })]),
  'without an ETag': planned({ cpu: '8' }, [cluster({}, { etag: undefined })]),
  'against an older server': planned({ ...EVERYTHING }, [older()]),

  'refused: a downgrade': planned({ version: '1.30' }),
  'refused: below what runs, not below what is desired': planned({ version: '1.31' }, [cluster({ runs: 'v1.32.0' })]),
  'refused: a skipped minor': planned({ version: '1.33' }),
  'refused: another major': planned({ version: '2.20' }),
  'refused: less storage': planned({ storage: '99Gi' }),
  'refused: below min': planned({ cpu: '2', 'min-cpu': '4' }),
  'refused: above max': planned({ memory: '128Gi', 'max-memory': '64Gi' }),
  'refused: a bound, though nothing changes': planned({ cpu: '4', 'max-cpu': '2' }),
  'refused: several at once': planned({
    version: '1.34',
    cpu: '99',
    'max-cpu': '16',
    memory: '1Gi',
    'min-memory': '8Gi',
    storage: '1Gi',
  }),
  'refused: versions that cannot be read': planned({ version: '1.32' }, [
    cluster({ version: 'stable', runs: 'latest' }),
  ]),
  'refused: no version to compare with': planned({ version: '1.32' }, [
    cluster({ version: undefined, runs: undefined }),
  ]),
  'refused: a storage that cannot be read': planned({ storage: '50Gi' }, [cluster({ storage: '100 Gi' })]),
  'refused: in apply, nothing is sent': { with: { version: '1.30', cpu: '8' } },
  'refused: one permitted, one not': planned({ version: '1.30', storage: '1Gi', 'allow-downgrade': 'true' }),
  'permitted: a downgrade': sent(
    { version: '1.30', 'allow-downgrade': 'true' },
    initial,
    cluster({ version: '1.30', generation: 8 }),
  ),
  'permitted: a skipped minor': sent(
    { version: '1.33', 'allow-version-skip': 'true' },
    initial,
    cluster({ version: '1.33' }),
  ),
  'permitted: less storage': sent(
    { storage: '50Gi', 'allow-storage-shrink': 'true' },
    initial,
    cluster({ storage: '50Gi' }),
  ),
  'permitted: at its bounds': planned({ cpu: '8000m', 'min-cpu': '8', 'max-cpu': '8' }),

  'expected-plan: the same': withDigest({ cpu: '8' }, initial, patch(scaling), scaled),
  'expected-plan: another spelling, another status': withDigest(
    { mode: 'plan', cpu: '8000m' },
    cluster({ rv: 199, cpu: '4.0', observed: 6, conditions: [] }),
  ),
  'expected-plan: the cluster moved': withDigest({ cpu: '8' }, cluster({ cpu: '6' })),
  'expected-plan: someone changed another value': withDigest(
    { cpu: '8' },
    cluster({ memory: '32Gi' }),
    patch(scaling),
    scaled,
  ),
  'expected-plan: another, in a dry run': withDigest({ mode: 'plan', cpu: '9' }, initial),
  'expected-plan: pull-request, after a direct push': {
    with: { cpu: '8', 'expected-plan': 'pull-request' },
    answers: [initial],
    github: { GET: answer(200, []) },
  },
  'expected-plan: pull-request, without the permission': {
    with: { cpu: '8', 'expected-plan': 'pull-request' },
    answers: [initial],
    github: { GET: answer(403, { message: 'Resource not accessible by integration' }) },
  },
  'expected-plan: nothing to change': withDigest({ cpu: '4' }, initial),

  'the body of a scale keeps the other resources': sent({ cpu: '8' }, initial),
  'the body of a scale keeps unknown resources': sent(
    { cpu: '8' },
    cluster({ gpu: '1' }),
    cluster({ rv: 101, cpu: '8', gpu: '1' }),
  ),
  'the body without an ETag': sent({ cpu: '8' }, cluster({}, { etag: undefined })),
  'the body under if-match of another state': sent({ cpu: '8', 'if-match': '"99"' }, initial),
  'the body has no part that already is as asked': sent(
    { cpu: '8', version: '1.31', alerts: '{"a": 1}' },
    cluster({ alerts: { a: 1 } }),
  ),
  'the body of alerts': sent(
    { alerts: 'pods:\n  after: 5\n  to: null' },
    initial,
    cluster({ alerts: { pods: { after: 5 } } }),
  ),
}
