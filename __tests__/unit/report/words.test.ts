import { describe, expect, test } from '@jest/globals'
import { APPROVE_ANEW } from '../../../src/domain/approval.js'
import { type Outcome, toSentence } from '../../../src/domain/outcome.js'
import { INPUT_NAMES } from '../../../src/inputs/names.js'
import { toChangesText } from '../../../src/report/changes.js'
import { toWords, withoutEmoji } from '../../../src/report/words.js'
import { ENDINGS } from '../../support/endings.js'
import { toFailedOutcome, toOutcome } from '../../support/outcomes.js'

interface Expected {
  readonly title: string
  readonly lead: string
  readonly sent: string
  readonly state?: string
  readonly next?: string
  readonly isRerunUseful?: true
}

/** What a person reads of every ending; one without a row does not compile. */
const EXPECTED: {
  readonly [Ending in keyof typeof ENDINGS]: Readonly<Record<keyof (typeof ENDINGS)[Ending], Expected>>
} = {
  converged: {
    'a version': {
      title: '✅ acme/production runs 1.32',
      lead: 'Done in 20m 28s: sent at 03:12 UTC, finished by 03:32 UTC.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:32 UTC: Running, v1.32.3',
    },
    resources: {
      title: '✅ acme/production scaled: cpu 4 → 8',
      lead: 'Done in 2m 16s: sent at 03:12 UTC, finished by 03:14 UTC.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
    },
    both: {
      title: '✅ acme/production runs 1.32, scaled: cpu 4 → 8, memory 16Gi → 32Gi',
      lead: 'Done in 20m 28s: sent at 03:12 UTC, finished by 03:32 UTC.',
      sent: 'version 1.31 → 1.32, cpu 4 → 8, memory 16Gi → 32Gi, at 03:12 UTC',
      state: 'The cluster, seen at 03:32 UTC: Running, v1.32.3',
    },
    'alerts only': {
      title: '✅ acme/production: 3 alert settings changed',
      lead: 'Done in 40s: sent at 03:12 UTC, finished by 03:12 UTC.',
      sent: '3 alert settings, at 03:12 UTC',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    'an answer that was lost': {
      title: '✅ acme/production scaled: cpu 4 → 8',
      lead: 'Done in 2m 16s, finished by 03:14 UTC. The answer to what was sent at 03:12 UTC was lost, but the change is there.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
    },
    'nothing sent, a version': {
      title: '✅ acme/production runs 1.32 (this run sent nothing)',
      lead: 'Seen at 03:32 UTC, after 20m 28s.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:32 UTC: Running, v1.32.3',
    },
    'nothing sent, resources': {
      title: '✅ acme/production is as asked (this run sent nothing)',
      lead: 'Seen at 03:14 UTC, after 2m 16s.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
    },
    'a running version that is never reported': {
      title: '✅ acme/production upgraded to 1.32; this server does not say what runs',
      lead: 'Done in 20m 28s: sent at 03:12 UTC, finished by 03:32 UTC.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:32 UTC: Running, asks for 1.32',
    },
    'nothing sent, and no running version': {
      title: '✅ acme/production asks for 1.32 (this run sent nothing); this server does not say what runs',
      lead: 'Seen at 03:32 UTC, after 20m 28s.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:32 UTC: Running, asks for 1.32',
    },
    'verify without inputs': {
      title: '✅ acme/production is settled (nothing else was asked)',
      lead: 'Nothing was sent. Seen at 03:12 UTC, after 48s.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    'a cluster that is not well': {
      title: '✅ acme/production scaled: cpu 4 → 8',
      lead: 'Done in 2m 16s: sent at 03:12 UTC, finished by 03:14 UTC. The cluster itself says that it is not healthy: see below.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
    },
  },
  unchanged: {
    'as asked': {
      title: '✅ acme/production already is as asked',
      lead: 'Nothing was sent.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    'a running version that is never reported': {
      title: '✅ acme/production asks for 1.32 already; this server does not say what runs',
      lead: 'Nothing was sent.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, asks for 1.32',
    },
  },
  planned: {
    'a change': {
      title: '📝 Plan for acme/production: version 1.31 → 1.32, cpu 4 → 8, memory 16Gi → 32Gi',
      lead: 'Nothing was sent: this is a plan.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    'nothing to change': {
      title: '📝 Plan for acme/production: nothing to change',
      lead: 'Nothing was sent: this is a plan.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    '3 alert settings': {
      title: '📝 Plan for acme/production: 3 alert settings',
      lead: 'Nothing was sent: this is a plan.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    '780 alert settings': {
      title: '📝 Plan for acme/production: 780 alert settings',
      lead: 'Nothing was sent: this is a plan.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
  },
  skipped: {
    'outside its window': {
      title: '⏭️ acme/production left alone: it is 10:14 in Europe/London, outside only-between 20:00-06:00',
      lead: 'Nothing was sent. Run it again when sending is allowed.',
      sent: 'nothing',
    },
    'a freeze': {
      title: '⏭️ acme/production left alone: 2026-12-25 is in freeze-dates (2026-12-24..2027-01-02, in UTC)',
      lead: 'Nothing was sent. Run it again when sending is allowed.',
      sent: 'nothing',
    },
  },
  accepted: {
    sent: {
      title: '📨 Sent to acme/production: version 1.31 → 1.32',
      lead: 'Accepted at 03:12 UTC and under way; this run does not wait. To check later: mode: verify.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:12 UTC: Upgrading, v1.31.9',
    },
    'an answer that was lost': {
      title: '📨 Sent to acme/production: cpu 4 → 8',
      lead: 'The answer to what was sent at 03:12 UTC was lost, but the change is there; this run does not wait. To check later: mode: verify.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
    },
    'nothing sent': {
      title: '📨 acme/production: already under way, this run sent nothing',
      lead: 'This run does not wait. To check later: mode: verify.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Upgrading, v1.31.9',
    },
    'nothing sent, and nothing under way': {
      title: '📨 acme/production: as asked, but not seen settled, this run sent nothing',
      lead: 'This run does not wait. To check later: mode: verify.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Degraded, v1.31.9',
    },
  },
  'invalid-input': {
    one: {
      title: '❌ Nothing was sent: 1 input is wrong',
      lead: 'It went wrong.',
      sent: 'nothing',
      next: 'Correct the inputs of this step.',
    },
    three: {
      title: '❌ Nothing was sent: 3 inputs are wrong',
      lead: 'It went wrong.',
      sent: 'nothing',
      next: 'Correct the inputs of this step.',
    },
  },
  refused: {
    one: {
      title: '❌ acme/production: stopped by a safety rule',
      lead: 'storage 50Gi is less than the current 100Gi.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If you mean it, give allow-storage-shrink: true.',
    },
    several: {
      title: '❌ acme/production: stopped by a safety rule',
      lead: '2 rules of this action forbid it.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If you mean it, give allow-downgrade: true and a higher max-cpu.',
    },
  },
  unauthorized: {
    'at the start': {
      title: '❌ acme/production: the key was not accepted',
      lead: 'GET was answered 401: unauthorized.',
      sent: 'nothing',
      next: 'Check the secret that api-key comes from: the key may be mistyped, expired or revoked. It was tried only once.',
      isRerunUseful: true,
    },
    'after a read': {
      title: '❌ acme/production: the key was not accepted',
      lead: 'PATCH was answered 401: key expired.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'The key was accepted before: it may have expired, or been revoked, since. Run again with a key that works.',
      isRerunUseful: true,
    },
    'after a lost answer': {
      title: '❌ acme/production: the key was not accepted',
      lead: 'GET was answered 401: key revoked.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If what was sent was taken, it may still be going on. The key was accepted before: it may have expired, or been revoked, since. Running again with a key that works reads first: it resumes the wait, or sends what is not there.',
      isRerunUseful: true,
    },
    'in the middle of the wait': {
      title: '❌ acme/production: the key was not accepted',
      lead: 'GET was answered 401: key revoked.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:21 UTC: Upgrading, v1.31.9',
      next: 'What was sent may still be going on. The key was accepted before: it may have expired, or been revoked, since. Running again with a key that works resumes the wait, and sends nothing that is already there.',
      isRerunUseful: true,
    },
  },
  forbidden: {
    'a key that may only read': {
      title: '❌ acme/production: the key may not do this',
      lead: 'PATCH was answered 403: access denied.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Use a key of this tenant with the role admin; a key with the role readonly can plan and verify.',
      isRerunUseful: true,
    },
    'at the start': {
      title: '❌ acme/production: the key may not do this',
      lead: 'GET was answered 403: not a member of this tenant.',
      sent: 'nothing',
      next: 'Use a key of this tenant with the role admin; a key with the role readonly can plan and verify.',
      isRerunUseful: true,
    },
    'in the middle of the wait': {
      title: '❌ acme/production: the key may not do this',
      lead: 'GET was answered 403: access denied.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:20 UTC: Upgrading, v1.31.9',
      next: 'What was sent may still be going on. The key could send the change before: its role may have changed, or it may no longer belong to the tenant. Mend that, or use another key. Running again then resumes the wait, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'without waiting': {
      title: '❌ acme/production: the key may not do this',
      lead: 'GET was answered 403: access denied.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'What was sent may still be going on. The key could send the change before: its role may have changed, or it may no longer belong to the tenant. Mend that, or use another key. Running again then reads first, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'a read before anything was sent': {
      title: '❌ acme/production: the key may not do this',
      lead: 'GET was answered 403: access denied.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:20 UTC: Upgrading, v1.31.9',
      next: 'The key could read the cluster before: its role may have changed, or it may no longer belong to the tenant. Mend that, or use another key. Run again then.',
      isRerunUseful: true,
    },
    'while verify waited': {
      title: '❌ acme/production: the key may not do this',
      lead: 'GET was answered 403: access denied.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:20 UTC: Upgrading, v1.31.9',
      next: 'The key could read the cluster before: its role may have changed, or it may no longer belong to the tenant. Mend that, or use another key. Run again then.',
      isRerunUseful: true,
    },
    'after a lost answer': {
      title: '❌ acme/production: the key may not do this',
      lead: 'PATCH was answered 403: access denied.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If what was sent was taken, it may still be going on. Use a key of this tenant with the role admin; a key with the role readonly can plan and verify. Running again with such a key reads first: it resumes the wait, or sends what is not there.',
      isRerunUseful: true,
    },
  },
  'not-found': {
    'at the start': {
      title: '❌ acme/production: there is no such cluster',
      lead: 'GET was answered 404: cluster not found.',
      sent: 'nothing',
      next: 'Check tenant and cluster, and that the key belongs to this tenant.',
    },
  },
  'gone-or-hidden': {
    'a PATCH after a read': {
      title: '❌ acme/production: gone, or hidden from this key',
      lead: 'PATCH was answered 404: cluster not found. A read had shown the cluster before.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Find out whether somebody deleted it, or whether this key may no longer see it.',
    },
    'a PATCH after a lost answer': {
      title: '❌ acme/production: gone, or hidden from this key',
      lead: 'PATCH was answered 404: cluster not found. A read had shown the cluster before.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If what was sent was taken, it may still be going on. Find out whether somebody deleted it, or whether this key may no longer see it.',
    },
  },
  rejected: {
    'in its own words': {
      title: '❌ acme/production: Kupe’s API said no',
      lead: 'PATCH was answered 400: unsupported Kubernetes version "1.99" (code INVALID_VERSION, field spec.version).',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'The words of the API say why: where they are about an input, correct that, and start anew.',
    },
    'by something in front of the API': {
      title: '❌ acme/production: something in front of Kupe’s API said no',
      lead: 'PATCH was answered 400: something in front of the API answered: Request blocked.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Ask whoever runs what stands between this runner and the API, such as a proxy or a firewall.',
    },
    'the first read': {
      title: '❌ acme/production: Kupe’s API said no',
      lead: 'GET was answered 400: bad request.',
      sent: 'nothing',
      next: 'The words of the API say why. Nothing could be read: check api-url, tenant and cluster.',
    },
    'a read in the middle of the wait': {
      title: '❌ acme/production: Kupe’s API said no',
      lead: 'GET was answered 422: unprocessable.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:21 UTC: Upgrading, v1.31.9',
      next: 'What was sent may still be going on. It was accepted; since then the API refuses to be read, and its words say why. Running again resumes the wait, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'a read before anything was sent': {
      title: '❌ acme/production: Kupe’s API said no',
      lead: 'GET was answered 422: unprocessable.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:21 UTC: Upgrading, v1.31.9',
      next: 'It was a read that the API refused; its words say why. Run again when that is over.',
      isRerunUseful: true,
    },
    'a read while verify waited': {
      title: '❌ acme/production: Kupe’s API said no',
      lead: 'GET was answered 422: unprocessable.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:21 UTC: Upgrading, v1.31.9',
      next: 'It was a read that the API refused; its words say why. Run again when that is over.',
      isRerunUseful: true,
    },
    'after a lost answer': {
      title: '❌ acme/production: Kupe’s API said no',
      lead: 'PATCH was answered 400: cpu is above the quota.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If what was sent was taken, it may still be going on. The words of the API say why: where they are about an input, correct that. Running again reads first: it resumes the wait, or sends what is not there.',
      isRerunUseful: true,
    },
  },
  altered: {
    'a quantity': {
      title: '❌ acme/production: a value was changed: cpu became 32, not 64',
      lead: 'The API accepted the PATCH but made something else of it: cpu (asked 64, made 32).',
      sent: 'cpu 4 → 64, at 03:12 UTC',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'This is a limit or a rounding of the platform. Ask for a value that it can give.',
    },
    'an alert setting': {
      title: '❌ acme/production: a value was changed: alerts.quota',
      lead: 'The API accepted the PATCH but made something else of it: alerts.quota.',
      sent: '1 alert setting, at 03:12 UTC',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'This is a limit or a rounding of the platform. Ask for a value that it can give.',
    },
  },
  rival: {
    'one field': {
      title: '❌ acme/production: someone else changed cpu',
      lead: 'It was changed after this run had read it.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Theirs stands. Running this again would replace their 6 by 8: talk to whoever changed it first.',
    },
    'several, one of them in alerts': {
      title: '❌ acme/production: someone else changed cpu, 1 alert setting',
      lead: 'They were changed after this run had read it.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Theirs stands. Running this again would replace what they set: talk to whoever changed it first.',
    },
    'what a guard would stop now': {
      title: '❌ acme/production: someone else changed storage',
      lead: 'It was changed after this run had read it.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Theirs stands. Running this again would be stopped by allow-storage-shrink and expected-plan. Talk to whoever changed it.',
    },
  },
  'kept-moving': {
    'only the status': {
      title: '❌ acme/production: the cluster kept moving',
      lead: '5 PATCHes in 40s were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Nobody changed what was asked for. Running again is safe.',
      isRerunUseful: true,
    },
    'after a lost answer': {
      title: '❌ acme/production: the cluster kept moving',
      lead: '5 PATCHes in 40s were all refused because the cluster kept moving (412).',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'If what was sent was taken, it may still be going on. Nobody changed what was asked for. Running again is safe.',
      isRerunUseful: true,
    },
  },
  'taken-back': {
    'after a lost answer': {
      title: '❌ acme/production: our change seems to have been taken back',
      lead: 'Our change seems to have landed and been taken back: the old values are back, under generation 9 (7 before).',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Find out who or what took it back. Running this again would send it once more.',
    },
  },
  'no-usable-etag': {
    'one that it refuses': {
      title: '❌ acme/production: the API refuses the ETag it serves, or gives none any more',
      lead: 'The API keeps serving an ETag that it refuses; something between this runner and the API may rewrite ETags.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'Ask whoever runs what stands between this runner and the API, such as a proxy that rewrites ETags. Running again is safe.',
      isRerunUseful: true,
    },
  },
  moved: {
    'if-match': {
      title: '❌ acme/production: it changed after it was read',
      lead: 'The cluster has changed since its ETag was read (412).',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Read the cluster again and decide anew; or leave out if-match, and the action compares and tries again by itself.',
    },
    'on-conflict: fail': {
      title: '❌ acme/production: it changed after it was read',
      lead: 'The cluster has changed since its ETag was read (412).',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Look at what changed, then run again; or use on-conflict: retry, and the action compares and tries again by itself.',
      isRerunUseful: true,
    },
  },
  vanished: {
    one: {
      title: '❌ acme/production: cpu is no longer shown',
      lead: 'The API no longer shows cpu, and nothing is planned over what may be lost.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Look at the cluster in the console before anything is changed: what is not shown may be lost.',
    },
    two: {
      title: '❌ acme/production: cpu, memory are no longer shown',
      lead: 'The API no longer shows cpu, memory, and nothing is planned over what may be lost.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Look at the cluster in the console before anything is changed: what is not shown may be lost.',
    },
  },
  'plan-changed': {
    'another digest': {
      title: '❌ acme/production: the plan is no longer the one approved',
      lead: 'The plan is no longer the one expected (28a2c9ed270e56aa, not a043e365b79bae98).',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Look at the new plan, and approve that.',
    },
  },
  'plan-not-found': {
    'a push without a pull request': {
      title: '❌ acme/production: no approved plan was found',
      lead: 'No merged pull request has the commit of this run.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:13 UTC: Running, v1.31.9',
      next: 'Open a new pull request, whose comment shows the plan, and merge that; or, on purpose, start the change by hand: workflow_dispatch with expected-plan: none.',
    },
  },
  'plan-unreadable': {
    'GitHub does not answer': {
      title: '❌ acme/production: the approved plan could not be read',
      lead: 'It could not be read which plan was approved: GitHub answered 503.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Run again: GitHub is asked anew.',
      isRerunUseful: true,
    },
  },
  'busy-too-long': {
    'an upgrade': {
      title: '⏰ acme/production: still busy with another change after 30m',
      lead: 'It is on its way from v1.31.9 to 1.32. This run was to bring cpu 8.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:42 UTC: Upgrading, v1.31.9',
      next: 'Run again when that is over, with a longer timeout, or at another time of day.',
      isRerunUseful: true,
    },
    'without a phase that shows it': {
      title: '⏰ acme/production: still busy with another change after 15m',
      lead: 'The API refuses the PATCH because the cluster is busy for 15m: PATCH was answered 409: operation in progress (code BUSY). This run was to bring cpu 8.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:27 UTC: Running, v1.31.9',
      next: 'Run again when that is over, with a longer timeout, or at another time of day.',
      isRerunUseful: true,
    },
  },
  busy: {
    'on-busy: fail': {
      title: '❌ acme/production: busy with another change',
      lead: 'The cluster is Provisioning, and on-busy is fail. This run was to bring cpu 8.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Provisioning, v1.31.9',
      next: 'Run again when it is Running, or let the run wait for it: on-busy: wait.',
      isRerunUseful: true,
    },
  },
  unavailable: {
    'nothing ever came': {
      title: '❌ acme/production: no usable answer from Kupe’s API',
      lead: 'No usable answer since 03:12 UTC, in 21 tries (503, 20 times; no connection); the last one: GET did not reach https://api.kupe.cloud: ECONNREFUSED.',
      sent: 'nothing',
      next: 'Look at status.kupe.cloud, and whether GET /readyz of the API answers this runner. Running again is safe: it reads first, and resumes.',
      isRerunUseful: true,
    },
    'after a read': {
      title: '❌ acme/production: no usable answer from Kupe’s API',
      lead: 'No usable answer since 03:24 UTC, in 90 tries (503, 88 times; no connection; 503); the last one: GET was answered 503: upstream connect error.',
      sent: 'nothing',
      state: 'The cluster, last seen at 03:24 UTC, 18m before the run ended: Upgrading, v1.31.9',
      next: 'Look at status.kupe.cloud, and whether GET /readyz of the API answers this runner. Running again is safe: it reads first, and resumes.',
      isRerunUseful: true,
    },
    'after a lost answer, with a hint': {
      title: '❌ acme/production: no usable answer from Kupe’s API',
      lead: '7 PATCHes in 2m had no usable answer; the last one: PATCH was answered 302: moved.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, last seen at 03:12 UTC, 1m 58s before the run ended: Running, v1.31.9',
      next: 'If what was sent was taken, it may still be going on. Set api-url to where the API is.',
      isRerunUseful: true,
    },
    'nothing ever came, with freeze-dates': {
      title: '❌ acme/production: no usable answer from Kupe’s API',
      lead: 'No usable answer since 03:12 UTC, in 21 tries (503, 21 times).',
      sent: 'nothing',
      next: 'Look at status.kupe.cloud, and whether GET /readyz of the API answers this runner. Running again is safe: it reads first, and resumes. On freeze-dates a re-run is skipped: it looks at nothing and ends green.',
      isRerunUseful: true,
    },
  },
  'not-sent-again': {
    'a closed window': {
      title: '❌ acme/production: the change may have been sent, and may not be sent again now',
      lead: 'It is 06:00 in Europe/London, outside only-between 20:00-06:00; the answer to a PATCH was lost, and no read has shown the change since.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:15 UTC: Running, v1.31.9',
      next: 'Look at the cluster. Running again when sending is allowed is safe: it reads first, and sends nothing that is already there.',
      isRerunUseful: true,
    },
  },
  degraded: {
    'after a PATCH': {
      title: '❌ acme/production: unhealthy for 5m',
      lead: 'The cluster stayed Degraded: Ready=False ControlPlaneUnhealthy: 1 of 3 API servers answers.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:24 UTC: Degraded, v1.31.9',
      next: 'Find out why the cluster is unhealthy. What was sent may go on once it heals; running again resumes the wait.',
      isRerunUseful: true,
    },
    'nothing sent, no conditions, no grace': {
      title: '❌ acme/production: unhealthy',
      lead: 'The cluster stayed Degraded, and gives no reason.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Degraded, v1.31.9',
      next: 'Find out why the cluster is unhealthy. Run again once it is Running.',
      isRerunUseful: true,
    },
  },
  terminating: {
    'in the middle of the wait': {
      title: '❌ acme/production: being deleted',
      lead: 'The cluster is Terminating.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:17 UTC: Terminating, v1.31.9',
      next: 'Find out who deletes it. Nothing more can be changed.',
    },
  },
  gone: {
    'in the middle of the wait': {
      title: '❌ acme/production: gone',
      lead: 'GET was answered 404: cluster not found.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      next: 'Find out who deleted it, or whether this key may no longer see it.',
    },
  },
  recreated: {
    'in the middle of the wait': {
      title: '❌ acme/production: replaced by a new cluster of that name',
      lead: 'The name production was given to a new cluster, created 2026-11-02T03:15:00Z.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      next: 'Look at the new cluster. Running this again would change that one.',
    },
    'while verify waited': {
      title: '❌ acme/production: replaced by a new cluster of that name',
      lead: 'The name production was given to a new cluster, created 2026-11-02T03:16:00Z.',
      sent: 'nothing',
      next: 'Look at the new cluster. Running this again would look at that one.',
    },
  },
  'rolled-back': {
    'by the platform': {
      title: '❌ acme/production: the upgrade to 1.32 was taken back',
      lead: 'The cluster was at work on the new version and has been Running the old v1.31.9 since.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:26 UTC: Running, v1.31.9',
      next: 'Find out why before running again: the platform, or someone else, went back to the old version.',
    },
  },
  superseded: {
    'after our PATCH': {
      title: '❌ acme/production: someone changed cpu after this run had',
      lead: 'Someone else, or the platform, changed cpu (ours 8, theirs 6).',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:13 UTC: Running, v1.31.9',
      next: 'Theirs stands. Running this again would send our values once more: talk to whoever changed it first.',
    },
    'while it waited for what was there already': {
      title: '❌ acme/production: someone changed cpu while this run waited',
      lead: 'Someone else, or the platform, changed cpu (ours 8, theirs 6).',
      sent: 'nothing',
      state: 'The cluster, seen at 03:13 UTC: Running, v1.31.9',
      next: 'Theirs stands. Running this again would send our values: talk to whoever changed it first.',
    },
    'while it waited': {
      title: '❌ acme/production: someone changed cpu while this run waited',
      lead: 'Someone else, or the platform, changed cpu (ours 8, theirs 6).',
      sent: 'nothing',
      state: 'The cluster, seen at 03:13 UTC: Running, v1.31.9',
      next: 'Theirs stands. Running this again would wait for ours, and send nothing: talk to whoever changed it first.',
    },
  },
  'side-effect': {
    done: {
      title: '❌ acme/production: done, but more changed than was asked',
      lead: 'What was asked is done, but the PATCH did more.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'Put back what was not asked for: memory. Where the platform ties them together, ask for all of them in one change.',
    },
    'accepted, with two of them': {
      title: '❌ acme/production: sent, but more changed than was asked',
      lead: 'What was asked is accepted, but the PATCH did more.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'Put back what was not asked for: gpu, 1 alert setting. Where the platform ties them together, ask for all of them in one change.',
    },
  },
  timeout: {
    'an upgrade that takes too long': {
      title: '⏰ acme/production: not finished after 30m',
      lead: 'Time was up before the cluster had settled.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:42 UTC: Upgrading, v1.31.9',
      next: 'It may still be going on. Running again resumes the wait, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'no answers at its end': {
      title: '⏰ acme/production: not finished after 30m',
      lead: 'No usable answer since 03:38 UTC, in 20 tries (503, 20 times); the last one: GET was answered 503: upstream connect error.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, last seen at 03:38 UTC, 4m before the run ended: Upgrading, v1.31.9',
      next: 'It may still be going on. Running again resumes the wait, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'an answer that was lost': {
      title: '⏰ acme/production: not finished after 30m',
      lead: 'cpu not yet as asked.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:42 UTC: Running, v1.31.9',
      next: 'If it was taken, it may still be going on. Running again reads first: it resumes the wait, or sends what is not there.',
      isRerunUseful: true,
    },
    'accepted, but never shown': {
      title: '⏰ acme/production: sent, but not shown after 2m',
      lead: 'The API accepted the PATCH, but no read has shown the change since.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'It may still be going on. Running again reads first, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'an upgrade at night': {
      title: '⏰ acme/production: not finished after 30m',
      lead: 'Time was up before the cluster had settled.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:42 UTC: Upgrading, v1.31.9',
      next: 'It may still be going on. Running again resumes the wait, and sends nothing that is already there. Outside only-between a re-run is skipped: it looks at nothing and ends green. Use mode: verify then.',
      isRerunUseful: true,
    },
    'a wait that was joined, with both guards': {
      title: '⏰ acme/production: not as asked after 30m',
      lead: 'Time was up before the cluster had settled.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:42 UTC: Upgrading, v1.31.9',
      next: 'Run again, with a longer timeout: the action reads first, and resumes. Outside only-between and on freeze-dates a re-run is skipped: it looks at nothing and ends green. Use mode: verify then.',
      isRerunUseful: true,
    },
    'too little time left to send': {
      title: '⏰ acme/production: not as asked after 29m 40s',
      lead: 'Only 20s of the timeout are left, too little to wait for a change.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:41 UTC: Running, v1.31.9',
      next: 'Run again, with a longer timeout: the action reads first, and resumes.',
      isRerunUseful: true,
    },
    'verify: never begun': {
      title: '⏰ acme/production: not as asked after 30m',
      lead: 'The cluster runs v1.31.9, not 1.32.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:42 UTC: Running, v1.31.9',
      next: 'Nothing seems to be under way: start the change, or run again to wait once more.',
      isRerunUseful: true,
    },
    'verify without inputs': {
      title: '⏰ acme/production: not settled after 30m',
      lead: 'Time was up before the cluster had settled.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:42 UTC: Upgrading, v1.31.9',
      next: 'Run again to wait once more.',
      isRerunUseful: true,
    },
    'verify: shown, but not long enough': {
      title: '⏰ acme/production: not settled after 2m',
      lead: 'Not settled for the whole settle-time.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.32.3',
      next: 'Run again to wait once more.',
      isRerunUseful: true,
    },
    'a plan that was not read in time': {
      title: '⏰ acme/production: no plan after 30m',
      lead: 'Timed out after 30m: no read came.',
      sent: 'nothing',
      next: 'Run again, with a longer timeout.',
      isRerunUseful: true,
    },
  },
  cancelled: {
    'before anything was sent': {
      title: '🛑 acme/production: cancelled',
      lead: 'The run was cancelled.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Run again to start anew.',
      isRerunUseful: true,
    },
    'in the middle of the wait': {
      title: '🛑 acme/production: stopped waiting',
      lead: 'The run was cancelled while it waited for the change to be done.',
      sent: 'version 1.31 → 1.32, at 03:12 UTC',
      state: 'The cluster, seen at 03:20 UTC: Upgrading, v1.31.9',
      next: 'Nothing was undone. It may still be going on. Running again resumes the wait, and sends nothing that is already there.',
      isRerunUseful: true,
    },
    'during the PATCH': {
      title: '🛑 acme/production: cancelled',
      lead: 'The run was cancelled.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the run ended before the answer came)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Nothing was undone. If it was taken, it may still be going on. Running again reads first: it resumes the wait, or sends what is not there.',
      isRerunUseful: true,
    },
    'after a lost answer': {
      title: '🛑 acme/production: cancelled',
      lead: 'The run was cancelled.',
      sent: 'cpu 4 → 8 may have been sent at 03:12 UTC (the answer was lost)',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Nothing was undone. If it was taken, it may still be going on. Running again reads first: it resumes the wait, or sends what is not there.',
      isRerunUseful: true,
    },
  },
  internal: {
    'a fault': {
      title: '❌ acme/production: a fault of this action',
      lead: 'TypeError: x is not a function.',
      sent: 'nothing',
      state: 'The cluster, seen at 03:12 UTC: Running, v1.31.9',
      next: 'Please report it, with this log.',
    },
    'a fault in the middle of the wait': {
      title: '❌ acme/production: a fault of this action',
      lead: 'TypeError: x is not a function.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'What was sent may still be going on. Please report it, with this log.',
    },
  },
  'outputs-unwritten': {
    'after a scale': {
      title: '❌ acme/production: a fault of this action: its outputs could not be written',
      lead: 'The run ended converged, but its outputs could not be written.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'Later steps got nothing from this one. Look at the disk of the runner; then run again, which is safe.',
      isRerunUseful: true,
    },
    'but the short ones': {
      title: '❌ acme/production: a fault of this action: its outputs could not be written',
      lead: 'The run ended converged, but its outputs could not be written.',
      sent: 'cpu 4 → 8, at 03:12 UTC',
      state: 'The cluster, seen at 03:14 UTC: Running, v1.31.9',
      next: 'Later steps got only result and failure-reason from this one. Look at the disk of the runner; then run again, which is safe.',
      isRerunUseful: true,
    },
  },
}

const NAME = { tenant: 'acme', cluster: 'production' }

describe.each(Object.entries(ENDINGS))('%s', (ending, variants) => {
  test.each(Object.entries<Outcome>(variants))('%s', (variant, outcome) => {
    const { title, lead, sent, state, next, isRerunUseful } = toWords(outcome, NAME)
    const expected = (EXPECTED[ending as keyof typeof EXPECTED] as Readonly<Record<string, Expected>>)[variant]
    expect({
      title,
      lead,
      sent,
      ...(state === undefined ? {} : { state: `${state.seen}: ${state.text}` }),
      ...(next === undefined ? {} : { next }),
      ...(isRerunUseful ? { isRerunUseful } : {}),
    }).toEqual(expected)
  })
})

const ALL = Object.values(ENDINGS).flatMap((variants) => Object.values<Outcome>(variants))

test('every text is a sentence or begins with an emoji, and none has a metaphor’s or a shout’s mark', () => {
  for (const outcome of ALL) {
    const { title, what, lead, next = '.' } = toWords(outcome, NAME)
    expect(title).toMatch(/^\p{Extended_Pictographic}\uFE0F? \S/u)
    for (const text of [what, lead, next]) expect(text).toMatch(/[.?]$/)
    expect([title, what, lead, next].join('')).not.toMatch(/!|\bundefined\b|\[object|\s{2}/)
  }
})

test('a red ending has a next step, and a green one none', () => {
  for (const outcome of ALL) expect(toWords(outcome, NAME).next === undefined).toBe(outcome.kind === undefined)
})

test('a red ending keeps its reason where outputs could not be written, and its next step says so', () => {
  for (const outcome of ALL.filter(({ kind }) => kind !== undefined && kind !== 'outputs-unwritten')) {
    const { next } = toWords({ ...outcome, writtenOutputs: [] }, NAME)
    expect(next).toBe(
      `${toWords(outcome, NAME).next} Later steps got nothing from this one, as its outputs could not be written: look at the disk of the runner, too.`,
    )
  }
})

test('what no second run can read is not to be run again', () => {
  const isUseful = (hint?: string) =>
    toWords(toFailedOutcome('plan-unreadable', hint === undefined ? {} : { hint }), NAME).isRerunUseful
  expect([isUseful(), isUseful('Give the job a permission, then run again.'), isUseful(APPROVE_ANEW)]).toEqual([
    true,
    true,
    false,
  ])
})

test('what is known of a fault goes before the usual next step', () => {
  const outcome = toFailedOutcome('unavailable', { hint: 'Trust the certificate.' })
  expect(toWords(outcome, NAME).next).toBe('Trust the certificate.')
})

test.each([
  ...INPUT_NAMES.map((name) => `${name} is given, but empty`),
  'memmory is not an input: did you mean memory?',
  'https_proxy in the environment is no address',
])('a name at the beginning stays as it is: %s', (message) => {
  expect(toWords(toFailedOutcome('invalid-input', { message }), NAME).what).toBe(toSentence(message))
})

test.each(['a change is missing', 'the cluster is gone', 'waiting took too long'])(
  'any other word begins a sentence: %s',
  (message) => {
    expect(toWords(toFailedOutcome('invalid-input', { message }), NAME).what).toMatch(/^[AWT]/)
  },
)

test('before the cluster’s name is known it has none', () => {
  expect(toWords(toOutcome(), { tenant: '', cluster: '' }).title).toBe('✅ the cluster already is as asked')
})

test.each([
  ['⏭️ acme left alone', 'acme left alone'],
  ['✅ 1.32 runs', '1.32 runs'],
])('%s without its emoji', (title, text) => {
  expect(withoutEmoji(title)).toBe(text)
})

test.each([
  [[], ''],
  [[{ field: 'cpu', from: null, to: '8' }], 'cpu absent → 8'],
  [[{ field: 'cpu', from: '4', to: null }], 'cpu 4 → absent'],
  [[{ field: 'alerts.a' }], '1 alert setting'],
  [
    [{ field: 'cpu', from: '4', to: '8' }, { field: 'alerts["a.b"]' }, { field: 'alerts.c' }],
    'cpu 4 → 8, 2 alert settings',
  ],
  [[{ field: 'cpu', from: '4', to: '8'.repeat(200) }], '1 change'],
])('changes in few words: %j', (edits, text) => {
  expect(toChangesText(edits)).toBe(text)
})

test('a state that is a minute old says when it was seen, and how long before the end', () => {
  const seenAgo = (agoMs: number) => {
    const { startWallMs, durationMs, ...outcome } = ENDINGS.timeout['an upgrade that takes too long']
    const words = toWords(
      { ...outcome, startWallMs, durationMs, lastSeenWallMs: startWallMs + durationMs - agoMs },
      NAME,
    )
    return words.state?.seen
  }
  expect(seenAgo(60_000)).toBe('The cluster, seen at 03:41 UTC')
  expect(seenAgo(61_000)).toBe('The cluster, last seen at 03:41 UTC, 1m 1s before the run ended')
})
