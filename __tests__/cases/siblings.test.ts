import { describe, expect, test } from '@jest/globals'
import { VirtualClock } from '../support/clock.js'
import { runAgainstSimulator } from '../support/runs.js'
import { SCALE } from '../support/tasks.js'
import { type Case, type Expected, expectCase, linesOf, OTHERS, runCase, withTrace } from './scripted.js'

/** Found later, of the same kinds as the numbered cases: each is a rule that one path kept and its neighbour did not. */
type Sibling = readonly [name: string, run: Case, ends: Expected]

const PATCHED_ALERTS = 'R g2/o1 alerts {"a":2}'

const SIDE_EFFECTS: readonly Sibling[] = [
  [
    'a read that lacks alerts does not show that nothing in them is gone',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1,"keep":{"x":1}}', 'after PATCH 1: R g2/o1', 'R g2/o2 alerts {"a":2}'],
      PATCH: [PATCHED_ALERTS],
    },
    { ends: 'failed/side-effect', changed: true, says: ['alerts.keep.x'] },
  ],
  [
    'an unknown resource that is back with another value is not back',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 gpu 2', '2 times: U g2/o1 cpu 8', 'R g2/o2 cpu 8 gpu 1'],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'failed/side-effect', changed: true, says: ['resources.gpu'] },
  ],
  [
    'an empty answer, and the next generation, with everything as sent, shows another memory',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 8Gi'], PATCH: ['empty'] },
    { ends: 'failed/side-effect', changed: true, says: ['memory', '16Gi', '8Gi'] },
  ],
  [
    'an answer without a generation, likewise',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 8Gi'], PATCH: ['R cpu 8'] },
    { ends: 'failed/side-effect', changed: true, says: ['memory'] },
  ],
  [
    'an empty answer to a PATCH of alerts that replaced them',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1,"keep":1}', 'R g2/o2 alerts {"a":2}'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true, warns: [/or someone else did.*alerts\.keep/] },
  ],
  [
    'an empty answer to a PATCH of alerts, and another memory under the next generation: nobody can tell whose change it was',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1}', 'R g2/o2 alerts {"a":2} memory 8Gi'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true, warns: [/or someone else did.*memory from 16Gi to 8Gi/] },
  ],
  [
    'an empty answer, and a late read of the desired minor that stood before, do not hide another memory',
    {
      inputs: { version: '1.32.3', 'settle-time': '5s' },
      GET: [
        'R g1/o1 version 1.32 runs v1.32.1',
        'after PATCH 1: R g1/o1 version 1.32 runs v1.32.1',
        'R g2/o2 version 1.32.3 runs v1.32.3 memory 8Gi',
      ],
      PATCH: ['empty'],
    },
    { ends: 'failed/side-effect', changed: true, says: ['memory'] },
  ],
  [
    'an empty answer, and two generations more: nobody can tell whose change it was',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g3/o3 cpu 8 memory 8Gi'], PATCH: ['empty'] },
    { ends: 'converged', changed: true },
  ],
  [
    'a setting and a list that became null are gone',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1,"keep":"x","list":["y"]}', 'R g2/o2 alerts {"a":2,"keep":null,"list":null}'],
      PATCH: ['R g2/o1 alerts {"a":2,"keep":null,"list":null}'],
    },
    { ends: 'failed/side-effect', changed: true, says: ['alerts.keep', 'alerts.list'] },
  ],
  [
    'a null that is left out is not gone',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1,"keep":null}', 'R g2/o2 alerts {"a":2}'],
      PATCH: [PATCHED_ALERTS],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'unknown resources that are no quantities are named without their values',
    {
      inputs: { cpu: '8' },
      GET: [
        'R g1/o1 with {"resources":{"cpu":"4","memory":"16Gi","storage":"100Gi","autoscaling":true,"pool":{"min":2}}}',
        'R g2/o2 cpu 8',
      ],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'failed/side-effect', changed: true, says: ['resources.autoscaling is gone; resources.pool is gone'] },
  ],
  [
    'an old object as the answer hides no other memory',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 8Gi'], PATCH: ['R g1/o1'] },
    { ends: 'failed/side-effect', changed: true, says: ['memory'] },
  ],
  [
    'nor a setting that is gone, which a server may not count',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1,"keep":1}', 'R g2/o2 alerts {"a":2}'],
      PATCH: ['R g1/o1 alerts {"a":1,"keep":1}'],
    },
    { ends: 'converged', changed: true, evidence: 'generation', warns: [/someone else did.*alerts\.keep/] },
  ],
  [
    'an old object without generations, likewise',
    { inputs: { cpu: '8' }, GET: ['R', 'R cpu 8 memory 8Gi'], PATCH: ['R'] },
    { ends: 'converged', changed: true, warns: [/someone else did.*memory from 16Gi to 8Gi/] },
  ],
  [
    'an empty answer without generations, likewise',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R alerts {"a":1,"keep":1}', 'R alerts {"a":2}'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true, warns: [/someone else did.*alerts\.keep/] },
  ],
  [
    'what a lost answer would have shown is warned of',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 memory 8Gi'], PATCH: ['503'] },
    { ends: 'converged', changed: true, warns: [/someone else did: the answer .* was lost.*memory from 16Gi to 8Gi/] },
  ],
  [
    'also where nobody waits',
    {
      inputs: { alerts: '{"a":2}', wait: 'false' },
      GET: ['R g1/o1 alerts {"a":1,"keep":1}', 'R g2/o2 alerts {"a":2}'],
      PATCH: ['503'],
    },
    { ends: 'accepted', changed: true, warns: [/someone else did: the answer .* was lost.*alerts\.keep/] },
  ],
  [
    'what the cluster lacks at the end after an empty answer may be gone by it, or by somebody else',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 without memory'], PATCH: ['empty'] },
    { ends: 'converged', changed: true, warns: [/someone else did.*memory from 16Gi to nothing/], warnings: 1 },
  ],
  [
    'likewise under a generation of somebody else',
    { inputs: { cpu: '8' }, GET: ['R g1/o1 gpu 2', '4 times: U g3/o1 cpu 8', 'R g3/o3 cpu 8'], PATCH: ['empty'] },
    { ends: 'converged', changed: true, warns: [/someone else did.*resources\.gpu/], warnings: 1 },
  ],
  [
    'likewise without generations, and without a wait',
    { inputs: { cpu: '8', wait: 'false' }, GET: ['R gpu 2', 'R cpu 8'], PATCH: ['empty'] },
    { ends: 'accepted', changed: true, warns: [/someone else did.*resources\.gpu/] },
  ],
  [
    'what is there again at the end was never gone',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 gpu 2', '3 times: U g2/o1 cpu 8', 'R g2/o2 cpu 8 gpu 2'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true, warnings: 0 },
  ],
  [
    'an answer that lacks what was sent does not show it',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":1,"keep":1}', 'R g2/o2 alerts {"a":2}'],
      PATCH: ['R g2/o1'],
    },
    { ends: 'converged', changed: true, warns: [/someone else did.*alerts\.keep/] },
  ],
  [
    'an old object in the short form of our version shows nothing of it either',
    {
      inputs: { version: '1.32.3', 'settle-time': '5s' },
      GET: ['R g1/o1 version 1.32 runs v1.32.1', 'R g2/o2 version 1.32.3 runs v1.32.3 memory 8Gi'],
      PATCH: ['R g1/o1 version 1.32 runs v1.32.1'],
    },
    { ends: 'failed/side-effect', changed: true, says: ['memory'] },
  ],
  [
    'nor a late read in that form, without generations',
    {
      inputs: { version: '1.32.3', 'settle-time': '5s' },
      GET: [
        'R version 1.32 runs v1.32.1',
        'after PATCH 1: R version 1.32 runs v1.32.1',
        'R version 1.32.3 runs v1.32.3 memory 8Gi',
      ],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true, warns: [/someone else did.*memory from 16Gi to 8Gi/] },
  ],
  [
    'each field is warned of once',
    {
      inputs: { cpu: '8', alerts: '{"a":2}' },
      GET: [
        'R g1/o1 gpu 2 alerts {"a":1,"keep":1}',
        'U g2/o1 cpu 8 memory 8Gi gpu 3 alerts {"a":2,"keep":1}',
        '2 times: U g2/o1 cpu 8 memory 8Gi gpu 2 alerts {"a":2}',
        'R g2/o2 cpu 8 memory 8Gi gpu 2 alerts {"a":2}',
      ],
      PATCH: ['503'],
    },
    { ends: 'converged', changed: true, warns: [/memory.*gpu/, /: alerts\.keep$/], warnings: 2 },
  ],
  [
    'a plan from a read that lacked its generation: what differs under the next one is our doing',
    { inputs: { cpu: '8' }, GET: ['U g1/o1', 'R', 'R g2/o2 cpu 8 memory 8Gi'], PATCH: ['R g2/o1 cpu 8'] },
    { ends: 'failed/side-effect', changed: true, says: ['memory'] },
  ],
]

const LOST_CHANGES: readonly Sibling[] = [
  [
    'the short form that stood before, two generations on and not at work, may be ours, taken back',
    {
      inputs: { version: '1.32.3' },
      GET: ['R g1/o1 version 1.32 runs v1.31.9', 'R g3/o1 version 1.32 runs v1.31.9'],
      PATCH: ['silent'],
    },
    { ends: 'failed/conflict', changed: true, requests: 'GET PATCH GET', says: ['taken back'] },
  ],
  [
    'a plan from a read that lacked its generation: two above the last one seen, our change was taken back',
    {
      inputs: { cpu: '8' },
      GET: ['U g1/o1', 'R', 'R g3/o3', 'after PATCH 2: R g4/o4 cpu 8'],
      PATCH: ['lost', 'R g4/o3 cpu 8'],
    },
    { ends: 'failed/conflict', changed: true, requests: 'GET GET PATCH GET', says: ['taken back'] },
  ],
  [
    'a value that the base did not show, under its generation, is not sent over: not every server counts everything',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 without cpu', 'R g1/o1 cpu 6', 'R g1/o1 cpu 8'],
      PATCH: ['412', 'R g1/o1 cpu 8'],
    },
    { ends: 'failed/conflict', changed: false, requests: 'GET PATCH GET' },
  ],
  [
    'nor a version that gained its patch',
    {
      inputs: { version: '1.32' },
      GET: ['R g1/o1', 'R g1/o1 version 1.31.12', 'R g1/o1 version 1.32 runs v1.32.1'],
      PATCH: ['412', 'U g1/o1 version 1.32'],
    },
    { ends: 'failed/conflict', changed: false, requests: 'GET PATCH GET' },
  ],
  [
    'a setting that somebody switched off as a whole',
    {
      inputs: { alerts: '{"podCrashLooping":{"enabled":true}}' },
      GET: [
        'R g1/o1 alerts {"k":1}',
        'R g2/o2 alerts {"k":1,"podCrashLooping":false}',
        'R g3/o3 alerts {"k":1,"podCrashLooping":{"enabled":true}}',
      ],
      PATCH: ['412', 'R g3/o3 alerts {"k":1,"podCrashLooping":{"enabled":true}}'],
    },
    { ends: 'failed/conflict', changed: false, requests: 'GET PATCH GET' },
  ],
  [
    'a rival’s alert that the base did not show, under its generation: not every server counts alerts',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1', 'R g1/o1 alerts {"a":1}', 'after PATCH 2: R g2/o2 alerts {"a":2}'],
      PATCH: ['412', 'R g2/o1 alerts {"a":2}'],
    },
    { ends: 'failed/conflict', changed: false, requests: 'GET PATCH GET' },
  ],
  [
    'a lost answer, the old cpu and a rival’s minor: that minor is not the short form of ours, which came with a cpu',
    { inputs: { version: '1.32.3', cpu: '6' }, GET: ['R g1/o1', 'R g2/o1 version 1.32'], PATCH: ['500'] },
    { ends: 'failed/conflict', changed: true, requests: 'GET PATCH GET', says: ['version'] },
  ],
  [
    'a lost answer, and one of two fields taken back: a conflict, and nothing is sent over it',
    { inputs: { cpu: '8', memory: '32Gi' }, GET: ['R g1/o1', 'R g3/o3 cpu 8'], PATCH: ['lost'] },
    {
      ends: 'failed/conflict',
      changed: true,
      requests: 'GET PATCH GET',
      says: ['memory | 16Gi | 16Gi | 32Gi'],
      saysNot: ['cpu |'],
    },
  ],
  [
    'likewise the version',
    { inputs: { cpu: '8', version: '1.32' }, GET: ['R g1/o1', 'R g3/o3 cpu 8'], PATCH: ['503'] },
    { ends: 'failed/conflict', changed: true, requests: 'GET PATCH GET', says: ['version'] },
  ],
  [
    'a null that is left out after a 412 is nobody’s change',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1 alerts {"a":null,"b":1}', 'R g1/o1 alerts {"b":1}', 'after PATCH 2: R g2/o2 alerts {"a":2,"b":1}'],
      PATCH: ['412', 'R g2/o1 alerts {"a":2,"b":1}'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a live storage that is no text cannot be judged',
    {
      inputs: { storage: '50Gi' },
      GET: ['R g1/o1 with {"resources":{"cpu":"4","memory":"16Gi","storage":{"size":"500Gi"}}}'],
    },
    { ends: 'failed/refused', changed: false, patches: [], says: ['allow-storage-shrink'] },
  ],
]

const PROOFS: readonly Sibling[] = [
  [
    'an empty answer, and our change under the old generation: a rival’s next one proves nothing',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g1/o1 cpu 8', 'R g2/o2 cpu 8 storage 200Gi'], PATCH: ['empty'] },
    { ends: 'converged', changed: true, evidence: 'settled', took: ['30s', '2m'] },
  ],
  [
    'the version that was asked for runs, though the platform pinned a later patch',
    {
      inputs: { version: '1.32' },
      GET: ['R g1/o1', 'U g2/o1 version 1.32.5', 'R g2/o2 version 1.32.5 runs v1.32.3'],
      PATCH: ['U g2/o1 version 1.32.5'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a version that ran before it was asked for must stand for settle-time',
    {
      inputs: { version: '1.31' },
      GET: [
        'R version 1.30 runs v1.31.2',
        '2 times: R version 1.31 runs v1.31.2',
        'U version 1.31 runs v1.31.2',
        'at 5m: R version 1.31 runs v1.31.9',
      ],
      PATCH: ['R version 1.31 runs v1.31.2'],
    },
    { ends: 'converged', changed: true, evidence: 'settled', took: ['5m', '8m'] },
  ],
  [
    'and the very patch that is desired must run',
    {
      inputs: { version: '1.31' },
      GET: ['R version 1.30 runs v1.31.2', 'R version 1.31.9 runs v1.31.2', 'at 5m: R version 1.31.9 runs v1.31.9'],
      PATCH: ['R version 1.31.9 runs v1.31.2'],
    },
    { ends: 'converged', changed: true, took: ['5m', '8m'] },
  ],
  [
    'also on a server whose generations do not count it',
    {
      inputs: { version: '1.31' },
      GET: ['R g1/o1 version 1.30 runs v1.31.2', 'R g1/o1 version 1.31 runs v1.31.2'],
      PATCH: ['R g1/o1 version 1.31 runs v1.31.2'],
    },
    { ends: 'converged', changed: true, evidence: 'settled', took: ['30s', '2m'] },
  ],
  [
    'where generations count it, one is enough',
    {
      inputs: { version: '1.31' },
      GET: ['R g1/o1 version 1.30 runs v1.31.2', 'R g2/o2 version 1.31 runs v1.31.2'],
      PATCH: ['R g2/o1 version 1.31 runs v1.31.2'],
    },
    { ends: 'converged', changed: true, evidence: 'generation', took: ['0s', '10s'] },
  ],
  [
    'a cluster that is being deleted, and whose creation time lost its fraction',
    {
      inputs: { cpu: '8', wait: 'false' },
      GET: ['R created 2026-03-01T00:00:00.500Z', 'T created 2026-03-01T00:00:00Z'],
      PATCH: ['412', 'T cpu 8 created 2026-03-01T00:00:00Z'],
    },
    { ends: 'failed/deleted', changed: false, requests: 'GET PATCH GET' },
  ],
  [
    'an unknown phase that stood before the PATCH, was left and came back is work on it',
    {
      inputs: { version: '1.32', timeout: '10m' },
      GET: [
        'R without runs status {"phase":"Reconciling"}',
        'R version 1.32 without runs',
        '3 times: R version 1.32 without runs status {"phase":"Reconciling"}',
        'R version 1.32 without runs',
      ],
      PATCH: ['R version 1.32 without runs'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'an observedGeneration that was ahead before the PATCH observes nothing of it',
    { inputs: { cpu: '8' }, GET: ['R g2/o9', 'after PATCH 1: R g3/o9 cpu 8'], PATCH: ['R g3/o9 cpu 8'] },
    { ends: 'converged', changed: true, took: ['30s', '1m'] },
  ],
  [
    'an unknown phase that stood before the PATCH is no work on it',
    {
      inputs: { version: '1.32', timeout: '5m' },
      GET: [
        'U status {"phase":"Scaling"} without runs',
        '2 times: U status {"phase":"Scaling"} version 1.32 without runs',
        'R version 1.32 without runs',
      ],
      PATCH: ['U status {"phase":"Scaling"} version 1.32 without runs'],
    },
    { ends: 'timed-out/timeout', changed: true },
  ],
]

const CPU_8 = { resources: { ...OTHERS, cpu: '8' } }

const BUSY = '409 {"error": "an operation is in progress"}'

const PATIENCE: readonly Sibling[] = [
  [
    'a 503 now and then does not hide that the API keeps serving the ETag it refuses',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 etag a', ...Array.from({ length: 200 }, (_, i) => (i % 6 === 5 ? '503' : 'R g1/o1 etag a'))],
      PATCH: ['412'],
    },
    { ends: 'failed/conflict', changed: false, says: [/ETag/], took: ['2m', '4m'] },
  ],
  [
    'a first 409 whose read shows a move is judged at once, whatever its Retry-After',
    {
      inputs: { cpu: '8', 'on-conflict': 'fail' },
      GET: ['R g1/o1', 'R g2/o2 memory 32Gi'],
      PATCH: ['409 retry-after 55'],
    },
    { ends: 'failed/conflict', changed: false, took: ['0s', '3s'] },
  ],
  [
    'a 400 of something in front of the API says nothing of a name: nothing is sent without the setting',
    { inputs: { cpu: '8' }, GET: ['R g1/o1 gpu 2'], PATCH: ['400 html'] },
    {
      ends: 'failed/rejected',
      changed: false,
      requests: 'GET PATCH',
      says: ['something in front of Kupe’s API said no', 'proxy or a firewall'],
      saysNot: ['words of the API'],
    },
  ],
  [
    'a refusal after a lost answer, by a cluster that is at work on what was sent',
    {
      inputs: { version: '1.32' },
      GET: ['R g1/o1', 'R g1/o1', 'U g2/o1 version 1.32', 'at 1m: R g2/o2 version 1.32 runs v1.32.3'],
      PATCH: ['503', '403 {"error":"cluster is being upgraded"}'],
    },
    { ends: 'converged', changed: true, requests: /^GET PATCH GET PATCH( GET)+$/ },
  ],
  [
    'a refusal after a lost answer that did not land: rejected, after one more read',
    { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['503', '400 {"error":"cpu is above the plan"}'] },
    { ends: 'failed/rejected', changed: true, requests: 'GET PATCH GET PATCH GET', says: ['cpu is above the plan'] },
  ],
  [
    'a key that is no longer accepted after a lost answer is not tried once more',
    { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['503', '401'] },
    { ends: 'failed/unauthorized', changed: true, requests: 'GET PATCH GET PATCH' },
  ],
  [
    'an outage after a 409 is no time in which the cluster was busy',
    {
      inputs: { cpu: '8', timeout: '10m' },
      GET: ['R g1/o1 etag 1', 'R g1/o1 etag 1', '503', 'at 5m30s: R g1/o1 etag 2', 'after PATCH 2: R g2/o2 cpu 8'],
      PATCH: [BUSY, 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'an outage while it is watched whether a lost PATCH landed is no time of the watch',
    {
      inputs: { cpu: '8', 'only-between': '08:00-09:05' },
      startsAt: '2026-11-02T09:04:50Z',
      GET: ['R g1/o1 etag 1', 'at 12s: 503', 'at 200s, 1 times: R g1/o1 etag 1', 'R g2/o2 cpu 8'],
      PATCH: ['503 retry-after 11'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'an outage while who does not wait looks for the change, likewise',
    {
      inputs: { cpu: '8', wait: 'false' },
      GET: ['R g1/o1 etag 1', '503', 'at 200s, 1 times: R g1/o1 etag 1', 'R g2/o2 cpu 8'],
      PATCH: ['empty'],
    },
    { ends: 'accepted', changed: true },
  ],
  [
    'the time of 409s between two lost answers is no time of theirs',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 etag 1', 'at 5m: R g2/o2 cpu 8'],
      PATCH: ['503', BUSY, 'at 4m, 1 times: 503', 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'PATCHes that were never sent are not said to be unanswered',
    { inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: ['unsent'] },
    {
      ends: 'failed/unavailable',
      changed: false,
      says: [/No connection could be made for \d+ PATCHes in 2m/, 'Sent by this run: nothing'],
      saysNot: ['no usable answer;'],
    },
  ],
  ...['404', '403', '403 {"error":"no"}'].map(
    (refusal): Sibling => [
      `a ${refusal} at either end of forty seconds in which the cluster answered, if with an old state`,
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', refusal, 'R g1/o1', `at 45s, 1 times: ${refusal}`, 'R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    ],
  ),
  [
    'likewise with a refused ETag in between',
    {
      inputs: { cpu: '8' },
      GET: [
        'R g1/o1 etag 1',
        '404',
        'R g1/o1 etag 1',
        'at 40s, 1 times: 404',
        'R g1/o1 etag 2',
        'after PATCH 2: R g2/o2 cpu 8',
      ],
      PATCH: ['412', 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a Retry-After that was obeyed in an earlier outage gives 404s no more time',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1', '503 retry-after 60', 'at 15m: 404'],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'failed/deleted', changed: true, took: ['15m20s', '16m45s'] },
  ],
  ...['503', '429 retry-after 180'].map(
    (trouble): Sibling => [
      `${trouble} for minutes, and one read with the ETag that was refused before it`,
      {
        inputs: { cpu: '8' },
        GET: [
          'R g1/o1 etag 1',
          trouble,
          'at 150s, 1 times: R g1/o1 etag 1',
          'R g1/o1 etag 2',
          'after PATCH 2: R g2/o2 cpu 8',
        ],
        PATCH: ['412', 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true },
    ],
  ),
  [
    'a 429 that asks for more than the timeout: when to run again',
    { inputs: { cpu: '8' }, GET: ['429 retry-after 7200'] },
    {
      ends: 'failed/unavailable',
      requests: 'GET',
      says: ['The API asks not to be called before 11:00 UTC: run again after that.'],
    },
  ],
  [
    'likewise until another day',
    { inputs: { cpu: '8' }, GET: ['429 retry-after 90000'] },
    { ends: 'failed/unavailable', says: ['not to be called before 2026-11-03 10:00 UTC: run again'] },
  ],
  [
    'likewise after a PATCH: it goes on, too',
    {
      inputs: { cpu: '8', timeout: '10m' },
      GET: ['R g1/o1', '429 retry-after 3600'],
      PATCH: ['U g2/o1 cpu 8'],
    },
    {
      ends: 'timed-out/timeout',
      changed: true,
      says: ['not to be called before 10:01 UTC', 'It may still be going on. Running again resumes the wait'],
    },
  ],
  [
    'five 503s and one name that is not found are not five names that are not found',
    { inputs: { cpu: '8' }, GET: ['5 times: 503', 'unfound', 'R g1/o1', 'R g2/o2 cpu 8'], PATCH: ['R g2/o1 cpu 8'] },
    { ends: 'converged', changed: true },
  ],
  [
    'likewise a 503, which is asked again all the same',
    { inputs: { cpu: '8', timeout: '5m' }, GET: ['503 retry-after 7200'] },
    { ends: 'failed/unavailable', says: [/not to be called before 11:0\d UTC: run again after that/] },
  ],
  [
    'likewise in a wait',
    { inputs: { cpu: '8', timeout: '5m' }, GET: ['R g1/o1', '503 retry-after 7200'], PATCH: ['R g2/o1 cpu 8'] },
    { ends: 'timed-out/timeout', says: [/the API asks not to be called before 11:0\d UTC/] },
  ],
  [
    'one read without an ETag, behind a busy cluster',
    {
      inputs: { cpu: '8' },
      GET: ['U g1/o1', 'R g1/o1 no etag', 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true, requests: /^GET GET GET PATCH/, patches: [['"3"', CPU_8]] },
  ],
  ...['503', '412'].map(
    (answer): Sibling => [
      `one read without an ETag after a ${answer}`,
      {
        inputs: { cpu: '8' },
        GET: ['R g1/o1', 'R g1/o1 no etag', 'R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
        PATCH: [answer, 'R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true, requests: /^GET PATCH GET GET PATCH/ },
    ],
  ),
  [
    'three reads without an ETag, where one had it: nothing is sent',
    { inputs: { cpu: '8' }, GET: ['U g1/o1', 'R g1/o1 no etag'] },
    { ends: 'failed/conflict', changed: false, requests: 'GET GET GET GET', says: ['gives no ETag any more'] },
  ],
  [
    'the target in a read without an ETag is adopted',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 8 no etag'], PATCH: ['503'] },
    { ends: 'converged', changed: true },
  ],
  [
    'the Retry-After of a 409 is obeyed',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 etag 1', 'after PATCH 3: R g2/o2 cpu 8'],
      PATCH: ['2 times: 409 retry-after 30 {"error": "an operation is in progress"}', 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true, took: ['60s', '90s'] },
  ],
  [
    'but not where on-busy is fail: that ends the run at once',
    {
      inputs: { cpu: '8', 'on-busy': 'fail' },
      GET: ['R g1/o1 etag 1'],
      PATCH: ['409 retry-after 30 {"error": "an operation is in progress"}'],
    },
    { ends: 'failed/busy', changed: false, took: ['0s', '5s'] },
  ],
]

const BUSY_WAITS: readonly Sibling[] = [
  ...(
    [
      ['without a phase', '- g1/o1'],
      ['without a status', 'R g1 without status'],
      ['in a phase that is not known', 'U g1/o1 status {"phase":"Finalizing"}'],
      ['that is Degraded', 'D g1/o1'],
    ] as const
  ).map(
    ([words, read]): Sibling => [
      `a read ${words} between two of a busy cluster does not show it free`,
      {
        inputs: { cpu: '8' },
        GET: ['U g1/o1', read, 'U g1/o1', 'R g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
        PATCH: ['R g2/o1 cpu 8'],
      },
      { ends: 'converged', changed: true, requests: /^GET GET GET GET PATCH/ },
    ],
  ),
  [
    'a server that stops telling its phase is taken at its word after a minute',
    {
      inputs: { cpu: '8' },
      GET: ['U g1/o1', '- g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true, took: ['1m', '100s'] },
  ],
  [
    'an outage is no time in which no phase was told',
    {
      inputs: { cpu: '8' },
      GET: [
        'U g1/o1',
        '2 times: - g1/o1',
        '503',
        'at 3m: - g1/o1',
        'U g1/o1',
        'R g1/o1',
        'after PATCH 1: R g2/o2 cpu 8',
      ],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'Degraded that stays for the grace after a busy cluster is planned on: the change may be the cure',
    {
      inputs: { cpu: '8', 'degraded-grace': '3m' },
      GET: ['U g1/o1', 'D g1/o1', 'after PATCH 1: R g2/o2 cpu 8'],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true, took: ['3m', '4m'], warns: ['Degraded'] },
  ],
  [
    'a busy cluster without a phase to the end: the last phase is named',
    { inputs: { cpu: '8', timeout: '1m' }, GET: ['U g1/o1', 'at 50s: - g1/o1'] },
    { ends: 'timed-out/busy', changed: false, says: ['still Upgrading'], saysNot: ['undefined'] },
  ],
  ...(['wait', 'fail'] as const).map(
    (onBusy): Sibling => [
      `a bound forbids what is asked, whatever a busy cluster comes to: on-busy ${onBusy}`,
      { inputs: { cpu: '64', 'max-cpu': '32', 'on-busy': onBusy }, GET: ['U g1/o1'] },
      { ends: 'failed/refused', changed: false, requests: 'GET', refusedBy: ['max'] },
    ],
  ),
  [
    'what would be a shrink may no longer be one once the cluster is free',
    {
      inputs: { storage: '100Gi' },
      GET: ['U g1/o1 storage 200Gi', 'R g2/o2 storage 50Gi', 'after PATCH 1: R g3/o3'],
      PATCH: ['R g3/o2'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a window that closes while the cluster is busy',
    {
      inputs: { cpu: '8', 'only-between': '08:00-09:05' },
      startsAt: '2026-11-02T09:04:50Z',
      GET: ['U g1/o1'],
    },
    { ends: 'skipped', changed: false, patches: [], took: ['10s', '30s'] },
  ],
  [
    'a window that closes after a lost answer, and a busy cluster: only watched',
    {
      inputs: { cpu: '8', 'only-between': '08:00-09:05' },
      startsAt: '2026-11-02T09:04:59Z',
      GET: ['R g1/o1', 'U g1/o1'],
      PATCH: ['503 retry-after 5'],
    },
    { ends: 'failed/unavailable', changed: true, took: ['2m', '3m'], says: ['outside only-between'] },
  ],
]

const WITHOUT_NEED: readonly Sibling[] = [
  [
    'a lost PATCH in the short form that stood before, and a cluster at work under the old generation: sent again',
    {
      inputs: { version: '1.32.3' },
      GET: [
        'R g1/o1 version 1.32 runs v1.32.1',
        '3 times: P g1/o1 version 1.32 runs v1.32.1',
        'R g1/o1 version 1.32 runs v1.32.1',
        'after PATCH 2, 3 times: U g2/o1 version 1.32.3 runs v1.32.1',
        'R g2/o2 version 1.32.3 runs v1.32.3',
      ],
      PATCH: ['503', 'U g2/o1 version 1.32.3 runs v1.32.1'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a version that was met already, and that the platform pins anew, is no obstacle to a scale',
    {
      inputs: { version: '1.32', cpu: '8' },
      GET: ['R g1/o1 version 1.32.3 runs v1.32.3', 'R g3/o3 version 1.32.5 runs v1.32.3 cpu 8'],
      PATCH: ['R g2/o1 version 1.32.3 runs v1.32.3 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a read without an ETag after a 409 does not show that it moved',
    {
      inputs: { cpu: '8', 'on-conflict': 'fail' },
      GET: ['R g1/o1', 'R g1/o1 no etag', 'R g1/o1 etag 1', 'R g2/o2 cpu 8'],
      PATCH: ['409', 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'alerts that the base did not show are no rival’s under its generation, once nothing is to be sent',
    {
      inputs: { alerts: '{"a":2}' },
      GET: ['R g1/o1', 'R g1/o1 alerts {"a":1}', 'R g2/o2 alerts {"a":2}'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'resources that the base did not show are no rival’s under its generation, once nothing is to be sent',
    {
      inputs: { cpu: '8' },
      GET: ['3 times: R g1/o1 without resources', 'R g1/o1', 'R g2/o2 cpu 8'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a desired version that only gained its patch is no rival’s, after an empty answer',
    {
      inputs: { version: '1.32' },
      GET: ['R g1/o1 version 1.31', 'R g1/o1 version 1.31.9', 'R g2/o2 version 1.32 runs v1.32.3'],
      PATCH: ['empty'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a drift that a plan’s own read did not show is as old as the one seen before',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 version 1.30', 'R g1/o1 version 1.30 without runs', 'after PATCH 2: R g2/o2 version 1.30 cpu 8'],
      PATCH: ['412', 'R g2/o1 cpu 8 version 1.30'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a rollback is one, though the plan’s own read did not say which version ran',
    {
      inputs: { version: '1.32', timeout: '20m' },
      GET: ['U g1/o1', 'R g1/o1 without runs', '3 times: U g2/o1 version 1.32', 'R g2/o2 version 1.32'],
      PATCH: ['U g2/o1 version 1.32'],
    },
    { ends: 'failed/rolled-back', changed: true },
  ],
  [
    'the short form that stood before, at work after a lost answer, is joined',
    {
      inputs: { version: '1.32.3', 'on-busy': 'fail' },
      GET: [
        'R g1/o1 version 1.32 runs v1.32.1',
        'U g2/o1 version 1.32 runs v1.32.1',
        'at 1m: R g2/o2 version 1.32 runs v1.32.3',
      ],
      PATCH: ['503'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'also under a later generation: the short form cannot show that it was taken back',
    {
      inputs: { version: '1.32.3' },
      GET: [
        'R g1/o1 version 1.32 runs v1.32.1',
        'U g3/o1 version 1.32 runs v1.32.1 memory 32Gi',
        'at 1m: R g3/o3 version 1.32 runs v1.32.3 memory 32Gi',
      ],
      PATCH: ['503'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'the desired minor that stood before is the short form of what was asked, under any later generation',
    {
      inputs: { version: '1.32.3' },
      GET: [
        'R g1/o1 version 1.32 runs v1.32.1',
        'U g2/o1 version 1.32 runs v1.32.1',
        'U g3/o1 version 1.32 runs v1.32.1 cpu 6',
        'R g3/o3 version 1.32 runs v1.32.3 cpu 6',
      ],
      PATCH: ['R g2/o1 version 1.32 runs v1.32.1'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'accepted, without a wait, where the short form of what was asked stood before',
    {
      inputs: { version: '1.32.3', wait: 'false' },
      GET: ['R g1/o1 version 1.32'],
      PATCH: ['R g1/o1 version 1.32'],
    },
    { ends: 'accepted', changed: true, requests: 'GET PATCH GET' },
  ],
  [
    'partial reads at work break the row of those on the old version',
    {
      inputs: { version: '1.32', timeout: '2m' },
      GET: [
        'R g1/o1',
        'U g2/o1 version 1.32',
        ...Array.from({ length: 5 }, () => ['R g2/o2 version 1.32', '2 times: U g2/o2 version 1.32 without storage']),
        'R g2/o2 version 1.32 runs v1.32.3',
      ].flat(),
      PATCH: ['R g2/o1 version 1.32'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'partial reads of the new version break the row of those on the old one',
    {
      inputs: { version: '1.32', timeout: '20m' },
      GET: [
        'R',
        'after PATCH 1: U version 1.32',
        'R version 1.32',
        ...['20s', '1m', '1m45s'].flatMap((time) => [
          `at ${time}, 1 times: R version 1.32 runs v1.32.3 without storage`,
          'R version 1.32',
        ]),
        'at 2m30s: R version 1.32 runs v1.32.3',
      ],
      PATCH: ['U version 1.32'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'limits that are objects are compared whatever the order of their keys',
    {
      inputs: { memory: '32Gi' },
      GET: [
        'R g1/o1 with {"resources":{"cpu":{"min":2,"max":4},"memory":"16Gi"}}',
        'R g2/o2 with {"resources":{"cpu":{"max":4,"min":2},"memory":"32Gi"}}',
      ],
      PATCH: ['R g2/o1 with {"resources":{"cpu":{"max":4,"min":2},"memory":"32Gi"}}'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a second look without a status, where the desired minor is the short form of what was asked, is looked at again',
    {
      inputs: { version: '1.32.3', timeout: '5m' },
      GET: ['R version 1.32 runs v1.32.3', '2 times: R version 1.32 without status', 'R version 1.32 runs v1.32.3'],
    },
    { ends: 'unchanged', changed: false, patches: [] },
  ],
  [
    'partial reads that show ours break the row of those that do not',
    {
      inputs: { cpu: '8', timeout: '2m' },
      GET: [
        'R',
        'R cpu 8',
        ...Array.from({ length: 4 }, () => ['R', '2 times: R cpu 8 without storage']),
        'R',
        'R cpu 8',
      ].flat(),
      PATCH: ['R cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'what only a partial read has shown under a generation is not gone under it',
    {
      inputs: { cpu: '8' },
      GET: [
        'R g1/o1',
        'U g2/o1 cpu 8',
        'U g3/o1 cpu 8 memory 64Gi without storage',
        '3 times: U g3/o1 memory 64Gi without cpu',
        'R g3/o3 cpu 8 memory 64Gi',
      ],
      PATCH: ['R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'reads without a status do not show that a version was removed',
    {
      inputs: { version: '1.32' },
      GET: [
        'R g1/o1',
        'U g2/o1 version 1.32',
        '3 times: R g3 cpu 6 without version without status',
        'R g3/o3 cpu 6 version 1.32 runs v1.32.3',
      ],
      PATCH: ['R g2/o1 version 1.32'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'an older upgrade whose running version cannot be read once has not moved',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 version 1.30', 'U g2/o1 cpu 8 version 1.30 runs unknown', 'R g2/o2 cpu 8 version 1.30'],
      PATCH: ['R g2/o1 cpu 8 version 1.30'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a running version with blanks around it is that version',
    {
      inputs: { version: '1.32' },
      GET: [
        'R g1/o1',
        'R g2/o2 version 1.32 with {"status":{"phase":"Running","observedGeneration":2,"kubernetesVersion":" v1.32.3\\n"}}',
      ],
      PATCH: ['U g2/o1 version 1.32'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a busy wait after a 409 has the whole timeout',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1', 'U g1/o1', 'at 20m: R g1/o1', 'after PATCH 2: R g2/o2 cpu 8'],
      PATCH: ['409 another operation is in progress', 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true, took: ['20m', '21m'] },
  ],
  [
    'a 429 between two lost answers counts towards neither',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1', 'after PATCH 4: R g2/o2 cpu 8'],
      PATCH: ['503', '429 retry-after 150', '503', 'R g2/o1 cpu 8'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'a creation time with a fraction in one place only',
    {
      inputs: { cpu: '8' },
      GET: ['R g1/o1 created 2026-02-01T14:00:00Z', 'R g2/o2 cpu 8 created 2026-02-01T14:00:00Z'],
      PATCH: ['R g2/o1 cpu 8 created 2026-02-01T14:00:00.482913Z'],
    },
    { ends: 'converged', changed: true },
  ],
  [
    'an outage of the last look only: the cluster was busy all along',
    { inputs: { cpu: '8', timeout: '5m' }, GET: ['U g2/o1', 'at 298s: 503 retry-after 5'] },
    { ends: 'timed-out/busy', changed: false, patches: [] },
  ],
]

/** The digest of a cpu from 4 to 8. */
const SCALE_DIGEST = 'a043e365b79bae98'

/** Whether the same inputs, given once more, would replace what someone else has set. */
const ONCE_MORE: readonly Sibling[] = [
  [
    'a rival’s cpu would be replaced',
    { inputs: { cpu: '8' }, GET: ['R g1/o1', 'R g2/o2 cpu 6'], PATCH: ['412'] },
    { ends: 'failed/conflict', says: ['would replace their 6 by 8'], saysNot: ['stopped'] },
  ],
  [
    'a rival’s newer version would not: that is a downgrade',
    { inputs: { version: '1.32' }, GET: ['R g1/o1', 'R g2/o2 version 1.33'], PATCH: ['412'] },
    { ends: 'failed/conflict', says: ['would be stopped by allow-downgrade'], saysNot: ['replace'] },
  ],
  [
    'a rival’s larger storage would not',
    {
      inputs: { storage: '150Gi' },
      GET: ['R g1/o1', 'U g2/o1 storage 150Gi', 'R g3/o3 storage 200Gi'],
      PATCH: ['U g2/o1 storage 150Gi'],
    },
    { ends: 'failed/superseded', says: ['would be stopped by allow-storage-shrink'], saysNot: ['send our values'] },
  ],
  [
    'the plan against theirs is not the expected one',
    {
      inputs: { cpu: '8', 'expected-plan': SCALE_DIGEST },
      GET: ['R g1/o1', 'U g2/o1 cpu 8', 'R g3/o3 cpu 6'],
      PATCH: ['U g2/o1 cpu 8'],
    },
    { ends: 'failed/superseded', says: ['would be stopped by expected-plan'], saysNot: ['send our values'] },
  ],
  [
    'the plan against the old value is the expected one again',
    {
      inputs: { cpu: '8', 'expected-plan': SCALE_DIGEST },
      GET: ['R g1/o1', 'U g2/o1 cpu 8', 'R g3/o3 cpu 4'],
      PATCH: ['U g2/o1 cpu 8'],
    },
    { ends: 'failed/superseded', says: ['would send our values once more'], saysNot: ['stopped'] },
  ],
  [
    'the ETag that was given is of an older state',
    { inputs: { cpu: '8', 'if-match': '"1"' }, GET: ['R g1/o1', 'R g2/o2 cpu 6'], PATCH: ['503'] },
    { ends: 'failed/conflict', changed: true, says: ['would be stopped by if-match'], saysNot: ['replace'] },
  ],
]

/** What is said of a PATCH that may have landed. */
const UNCERTAIN: readonly Sibling[] = [
  [
    'and so does the title, where it came to be done',
    {
      inputs: { cpu: '8', memory: '32Gi' },
      GET: ['R g1/o1', 'R g2/o2 memory 32Gi', 'R g3/o3 memory 32Gi cpu 8'],
      PATCH: ['503', '412'],
    },
    { ends: 'converged', changed: true, says: [/production scaled: cpu 4 → 8, memory 16Gi → 32Gi/] },
  ],
  [
    'a second look that only lacks the running version shows nothing under way',
    {
      inputs: { cpu: '8', wait: 'false' },
      GET: ['R cpu 8', '1 times: R cpu 8 without runs', 'R cpu 8'],
    },
    { ends: 'unchanged', changed: false },
  ],
  [
    'where it lacks that for good, the run does not look for ever',
    { inputs: { cpu: '8', wait: 'false' }, GET: ['R cpu 8', 'R cpu 8 without runs'] },
    { ends: 'accepted', changed: false, reads: 4 },
  ],
  [
    'what may have been sent is what the lost PATCH carried, not what was planned later',
    {
      inputs: { cpu: '8', memory: '32Gi' },
      GET: ['R g1/o1', 'R g2/o2 memory 32Gi', 'R g3/o3 memory 32Gi cpu 6'],
      PATCH: ['503', '412'],
    },
    { ends: 'failed/conflict', changed: true, says: [/cpu 4 → 8, memory 16Gi → 32Gi may have been sent/] },
  ],
  [
    'a limit of the platform, seen only after a lost answer, is not called a person’s doing',
    { inputs: { cpu: '64' }, GET: ['R g1/o1', 'R g2/o1 cpu 32'], PATCH: ['503'] },
    { ends: 'failed/conflict', changed: true, says: ['or the platform, changed cpu from 4 to 32'] },
  ],
  [
    'a Degraded cluster that is as asked, where nobody waits: a warning, and nothing is called under way',
    { inputs: { cpu: '8', wait: 'false' }, GET: ['D g1/o1 cpu 8'] },
    { ends: 'accepted', changed: false, warns: ['Degraded'], says: ['not seen settled'], saysNot: ['under way'] },
  ],
  [
    'cancelled while its answer was awaited',
    { inputs: { cpu: '8' }, cancelAt: '5s', GET: ['R g1/o1'], PATCH: ['silent'] },
    { ends: 'cancelled/cancelled', changed: true, says: [/\(the run ended before the answer came\)/] },
  ],
  [
    'cancelled after an answer that says nothing of it',
    { inputs: { cpu: '8' }, cancelAt: '5s', GET: ['R g1/o1', 'silent'], PATCH: ['503'] },
    { ends: 'cancelled/cancelled', changed: true, says: [/\(the answer was lost\)/] },
  ],
]

describe.each<[kind: string, siblings: readonly Sibling[]]>([
  ['side effects', SIDE_EFFECTS],
  ['changes that are not lost, and not sent over', LOST_CHANGES],
  ['proof could have failed', PROOFS],
  ['patience', PATIENCE],
  ['waits for a busy cluster', BUSY_WAITS],
  ['never red without need', WITHOUT_NEED],
  ['what a further run would do', ONCE_MORE],
  ['what may have been sent', UNCERTAIN],
])('siblings of the cases: %s', (_kind, siblings) => {
  test.each(siblings)('%s', async (_name, run, ends) => {
    await expectCase(run, ends)
  })
})

test.each([
  ['409 {"message":"operation in progress"}', 'operation in progress', 12],
  ['429', 'rate limit exceeded', 15],
  ['503', 'service unavailable', 10],
])(
  'PATCHes answered %s for as long as they may be: the log says it once, and goes on by heartbeats',
  async (answer, words, most) => {
    const ran = await runCase({ inputs: { cpu: '8' }, GET: ['R g1/o1'], PATCH: [answer] })
    withTrace(ran, () => {
      const lines = linesOf(ran)
      expect(lines.length).toBeLessThanOrEqual(most)
      expect(lines.filter((line) => line.includes(words))).toHaveLength(1)
      expect(lines.join('\n')).toMatch(/still Running, .* of 30m; \d+ PATCHes tried so far/)
    })
  },
)

test('a wall clock that jumps does not move the time at which the PATCH is said to be sent', async () => {
  class JumpingClock extends VirtualClock {
    override wallMs(): number {
      return super.wallMs() + (this.nowMs() > 0 ? 3_600_000 : 0)
    }
  }
  const clock = new JumpingClock()
  const { outcome } = await runAgainstSimulator({
    task: SCALE,
    clock,
    arrange: (kupe) => kupe.inject({ method: 'GET', nth: 1 }, { kind: 'delay', ms: 1_000 }),
  })
  expect(outcome.sent?.wallMs).toBe(outcome.startWallMs + 1_000)
})
