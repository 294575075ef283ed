// What the server says is data, and what is secret is not shown.
import { answer, cluster, htmlPage, initial, patch, refusal, scaled, scaling } from '../answers.mjs'
import { KEY } from '../runner.mjs'

const HOSTILE =
  '::error::pwned%0A::set-output name=result::converged ##[error]pwned @octocat | <img src=x> [a](javascript:b) `c` **d** #1 www.x.example'
const LINES = 'first\nresult=converged\r\n::warning::second\u2028third\u202e'
const SECRET_PART = 'S3cretPartOfTheKey'
const HOOK = 'https://hooks.example/services/T0AB12/B9XY87/q8w7e6r5t4'
const scale = (answers, given = {}) => ({ with: { cpu: '8', ...given }, answers })
const after = (changes) => cluster({ rv: 102, cpu: '8', generation: 8, observed: 8, ...changes })
const rejected = (text) => scale([initial, patch(refusal(400, text))])
const base64 = (text) => Buffer.from(text).toString('base64')
/** Alerts are asked, and the server repeats what stands in them. */
const withAlerts = (answers, alerts = { slack: { url: HOOK, token: 'xoxb-1234', number: 4_815_162_342 } }) => ({
  with: { alerts: JSON.stringify(alerts) },
  answers,
})

export const untrusted = {
  'an error with commands and markup': rejected(HOSTILE),
  'an error of several lines': rejected(LINES),
  'an error of 20,000 characters': rejected('long '.repeat(4000)),
  'an error that is a page': scale([htmlPage(400)]),
  'an error of another script': rejected('Größe überschritten: サイズが大きすぎます 🚫'),
  'a request id with commands': scale([refusal(400, 'bad', { 'x-request-id': '::error::x | `y` @z' })]),
  'conditions with commands and markup': scale([
    initial,
    patch(scaling),
    after({ phase: 'Degraded', conditions: [HOSTILE, { type: HOSTILE, status: LINES }] }),
  ]),
  'warnings with commands and markup': scale([
    initial,
    patch(scaling),
    after({ warnings: [HOSTILE, { message: LINES, field: HOSTILE }] }),
  ]),
  'a phase with commands and markup': scale([initial, patch(scaling), after({ phase: HOSTILE }), after({})]),
  'values with commands and markup': scale(
    [cluster({ version: HOSTILE, runs: LINES, memory: '1 | `2`', endpoint: HOSTILE })],
    { mode: 'plan' },
  ),
  'a value that forges an output': scale([cluster({ endpoint: 'x\nresult<<EOF\nconverged\nEOF\nchanged=false' })], {
    mode: 'plan',
  }),
  'an ETag with commands': scale([cluster({}, { etag: '"::error::x"' }), patch(scaling), scaled]),
  'keys of alerts with commands and markup': withAlerts([cluster({ alerts: { [HOSTILE]: 1 } }), patch(answer(401))], {
    [HOSTILE]: 2,
    '\nx': 1,
  }),
  'a tenant with markup': scale([initial], { tenant: 'a|b*c*`d`<e>@f', mode: 'plan' }),
  'fifty warnings': scale([
    initial,
    patch(scaling),
    after({ warnings: Array.from({ length: 50 }, (_, index) => `warning ${index} of the server`) }),
  ]),
  'fifty conditions': scale([
    initial,
    patch(scaling),
    after({
      phase: 'Degraded',
      conditions: Array.from({ length: 50 }, (_, index) => ({
        type: `Type${index}`,
        status: index % 2 ? 'True' : 'False',
      })),
    }),
  ]),
  'a condition of 20,000 characters': scale([
    initial,
    patch(scaling),
    after({ phase: 'Degraded', conditions: ['long '.repeat(4000)] }),
  ]),
  'an object of 100 KiB': scale([
    initial,
    patch(scaling),
    after({ notes: Array.from({ length: 2000 }, (_, index) => `note ${index} ${'x'.repeat(40)}`) }),
  ]),
  'a value of 5,000 characters': scale([cluster({ endpoint: `https://${'x'.repeat(5000)}.example` })], {
    mode: 'plan',
  }),
  'metrics in the status': scale(
    [cluster({ status: { phase: 'Running', kubernetesVersion: 'v1.31.9', metrics: { cpuUsage: '3' } } })],
    { mode: 'plan' },
  ),

  'the key in an error': rejected(`no such key ${KEY}`),
  'the key in an error, encoded': rejected(
    `${encodeURIComponent(`x ${KEY}`)} ${base64(`Bearer ${KEY}`)} ${base64(KEY)} ${KEY.replace('_', '%5F')}`,
  ),
  'the secret part of the key in an error': rejected(`unknown secret ${SECRET_PART}`),
  'the key where an error is cut off': rejected(`${'x'.repeat(990)} ${KEY} ${'y'.repeat(990)}`),
  'the key in the object': scale(
    [cluster({ endpoint: `https://${KEY}.example`, phase: KEY, displayName: KEY, version: KEY })],
    { mode: 'plan' },
  ),
  'the key in conditions and warnings': scale([
    initial,
    patch(scaling),
    after({ phase: 'Degraded', conditions: [KEY, { message: `x${KEY}` }], warnings: [KEY] }),
  ]),
  'the key in the ETag and the request id': scale([
    cluster({}, { etag: `"${KEY}"`, 'x-request-id': KEY }),
    patch(scaling),
    scaled,
  ]),
  'another key of Kupe’s in an error': rejected('kupe_other7_AnotherSecretPart was used before'),

  'alerts in an error': withAlerts([
    initial,
    patch(refusal(400, `cannot post to ${HOOK} with xoxb-1234 to 4815162342`)),
  ]),
  'alerts in an error, encoded': withAlerts([
    initial,
    patch(refusal(400, `${encodeURIComponent(HOOK)} ${JSON.stringify(HOOK)}`)),
  ]),
  'alerts of before in an error': withAlerts(
    [cluster({ alerts: { pager: { key: 'pd-5566778899' } } }), patch(refusal(400, 'pager pd-5566778899 is not valid'))],
    { pager: { key: 'pd-1122334455' } },
  ),
  'alerts in conditions and warnings': withAlerts([
    initial,
    patch(
      cluster({ rv: 101, alerts: { slack: { url: HOOK, token: 'xoxb-1234', number: 4_815_162_342 } }, generation: 8 }),
    ),
    cluster({
      rv: 102,
      alerts: { slack: { url: HOOK, token: 'xoxb-1234', number: 4_815_162_342 } },
      generation: 8,
      observed: 8,
      phase: 'Degraded',
      conditions: [{ type: 'Alerting', status: 'False', message: `no answer of ${HOOK}` }],
      warnings: ['xoxb-1234 expires'],
    }),
  ]),
  'alerts in other fields of the object': withAlerts([
    cluster({ notes: [`see ${HOOK}`], endpoint: HOOK }),
    patch(answer(401)),
  ]),
  'alerts with a word that stands everywhere': withAlerts(
    [initial, patch(refusal(400, 'severity warning in production is not valid'))],
    {
      pods: { severity: 'warning', to: 'production' },
    },
  ),
}
