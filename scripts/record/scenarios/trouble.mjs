// Every kind of useless answer at every moment of a scale: which are repeated, and how those that go on end.
import { gzipSync } from 'node:zlib'
import {
  answer,
  closed,
  cluster,
  htmlPage,
  initial,
  noAnswer,
  patch,
  refusal,
  reset,
  scaled,
  scaling,
  truncated,
} from '../answers.mjs'

const NINE = 'Mon, 02 Nov 2026 09:00:00 GMT'
const withBody = (change) => ({ ...initial, body: change(initial.body) })
const ELEVEN_MIB = 11 * 1024 * 1024

const KINDS = {
  'a dropped connection': closed,
  'a reset connection': reset,
  'a cut body': truncated(initial),
  'a page with 200': htmlPage(200),
  'JSON that is no cluster': answer(200, { items: [] }),
  'another cluster': cluster({ name: 'staging' }),
  'a list': answer(200, '[]'),
  301: answer(301, '', { location: 'https://elsewhere.example/' }),
  304: answer(304),
  400: refusal(400, 'bad request'),
  401: refusal(401, 'unauthorized'),
  '403, access denied': refusal(403, 'access denied'),
  '403, not a member': refusal(403, 'Not a member of this tenant'),
  '403, empty': answer(403),
  '403, other words': refusal(403, 'the platform is frozen'),
  '403, a page': htmlPage(403),
  404: refusal(404, 'cluster not found'),
  '404, empty': answer(404),
  '404, a page': htmlPage(404),
  408: refusal(408, 'request timeout'),
  409: refusal(409, 'conflict'),
  418: refusal(418, 'a teapot'),
  425: answer(425),
  429: refusal(429, 'too many requests'),
  500: refusal(500, 'internal error'),
  501: answer(501),
  '502, a page': htmlPage(502),
  503: refusal(503, 'unavailable'),
}

/** Tries are 375, then 750 ms apart: the third would come just after this, and a slow machine only makes it later. */
const SHORT = { cpu: '8', timeout: '1100ms' }
const SCALE = { cpu: '8' }

function everyMoment() {
  return Object.entries(KINDS).flatMap(([name, given]) => [
    [`${name}, at first and always`, { with: SHORT, answers: [given] }],
    [`${name}, to the PATCH`, { with: SCALE, answers: [initial, patch(given), initial, patch(scaling), scaled] }],
    [`${name}, in the wait and always`, { with: SHORT, answers: [initial, patch(scaling), given] }],
    [
      `${name}, once to the first read and once to a poll`,
      { with: SCALE, answers: [given, initial, patch(scaling), given, scaled] },
    ],
  ])
}

/** How a body may come that is the cluster all the same, or nearly. */
const first = (given, more = {}) => ({ with: { mode: 'plan', cpu: '8', ...more }, answers: [given] })

export const trouble = {
  ...Object.fromEntries(everyMoment()),
  'an empty answer, at first and always': { with: SHORT, answers: [answer(200)] },
  'an empty answer, in the wait and always': { with: SHORT, answers: [initial, patch(scaling), answer(204)] },
  '412 to the first read': { with: SHORT, answers: [refusal(412, 'resource version mismatch')] },
  '412 to a poll': { with: SHORT, answers: [initial, patch(scaling), refusal(412, 'resource version mismatch')] },
  'silence at first': { with: { cpu: '8', timeout: '1100ms' }, answers: [noAnswer] },
  'silence while waiting': { with: { cpu: '8', timeout: '1100ms' }, answers: [initial, patch(scaling), noAnswer] },
  'no one listens': first(initial, { 'api-url': 'http://127.0.0.1:1', timeout: '1100ms' }),
  'no TLS where https is asked': first(initial, { 'api-url': 'https://{server}', timeout: '1100ms' }),
  'a body with a byte order mark': first(
    withBody((body) => `\ufeff${body}`),
    { timeout: '1100ms' },
  ),
  'a compressed body': first(
    { ...withBody(gzipSync), headers: { ...initial.headers, 'content-encoding': 'gzip' } },
    { timeout: '1100ms' },
  ),
  'a body of 11 MiB': first(cluster({ padding: 'x'.repeat(ELEVEN_MIB) }), { timeout: '5600ms' }),
  'a body nested fifty thousand deep': first(
    withBody((body) => body.replace('{', `{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},`)),
    { timeout: '1100ms' },
  ),
  '429 with Retry-After, then a read': {
    with: { mode: 'plan', cpu: '8' },
    answers: [refusal(429, 'slow down', { 'retry-after': '1' }), initial],
  },
  '429 with a date, then a read': {
    with: { mode: 'plan', cpu: '8' },
    answers: [refusal(429, 'slow down', { 'retry-after': 'Mon, 02 Nov 2026 09:00:01 GMT', date: NINE }), initial],
  },
  '429 for longer than the timeout at first': {
    with: { cpu: '8' },
    answers: [refusal(429, 'slow down', { 'retry-after': '900' })],
  },
  '429 for longer than the timeout while waiting': {
    with: { cpu: '8' },
    answers: [initial, patch(scaling), refusal(429, 'slow down', { 'retry-after': '900' })],
  },
  '429 with nonsense in Retry-After': {
    with: { mode: 'plan', cpu: '8' },
    answers: [refusal(429, 'slow down', { 'retry-after': 'soon' }), initial],
  },
  '503 for longer than the timeout while waiting': {
    with: SHORT,
    answers: [initial, patch(scaling), refusal(503, 'maintenance', { 'retry-after': '900' })],
  },
  'an outage of three kinds, then proof': {
    with: { cpu: '8', timeout: '30s' },
    answers: [initial, patch(scaling), refusal(503, 'x'), closed, htmlPage(502), scaled],
  },
  'an outage while busy': { with: SHORT, answers: [cluster({ phase: 'Upgrading' }), refusal(503, 'unavailable')] },
  'trouble after a 412': {
    with: { cpu: '8' },
    answers: [
      initial,
      patch(refusal(412, 'moved')),
      refusal(503, 'unavailable'),
      cluster({ rv: 101 }),
      patch(scaling),
      scaled,
    ],
  },
  'trouble after a lost answer': {
    with: { cpu: '8' },
    answers: [initial, patch(closed), refusal(503, 'unavailable'), cluster({ rv: 101 }), patch(scaling), scaled],
  },
  'an error in three texts': {
    with: { cpu: '8' },
    answers: [answer(400, { message: 'the message', error: 'the error', code: 'E1', field: 'cpu' })],
  },
  'an error that is a text': { with: { cpu: '8' }, answers: [answer(400, 'just a text')] },
  'an error without a request id': {
    with: { cpu: '8' },
    answers: [refusal(400, 'bad', { 'x-request-id': undefined })],
  },
}
