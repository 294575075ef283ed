import { describe, expect, test } from '@jest/globals'
import type { FailureKind } from '../../../src/domain/failure-reasons.js'
import type { Outcome } from '../../../src/domain/outcome.js'
import { type ReportContext, toSummary, toSummarySections } from '../../../src/report/summary.js'
import { RESOURCES, SECRET_ALERTS, toCluster } from '../../support/clusters.js'
import { ENDINGS } from '../../support/endings.js'
import { decodeEntities } from '../../support/markdown.js'
import { toFailedOutcome, toOutcome } from '../../support/outcomes.js'
import { toPlan } from '../../support/plans.js'

const CONTEXT: ReportContext = {
  tenant: 'acme',
  cluster: 'production',
  runUrl: 'https://github.com/acme/app/actions/runs/7/attempts/1',
}

function summaryOf(outcome: Partial<Outcome>, context: ReportContext = CONTEXT): string {
  return toSummary(toOutcome(outcome), context)
}

/** The text as a reader sees it. */
function shown(markdown: string): string {
  return decodeEntities(markdown)
    .replaceAll('\u200b', '')
    .replace(/<\/?code>|<wbr>/g, '')
}

/** The summary of a run that failed in this way. */
function failedSummary(kind: FailureKind, outcome: Partial<Outcome> = {}): string {
  return toSummary(toFailedOutcome(kind, outcome), CONTEXT)
}

test('the title names the cluster; before the inputs are known there is none to name', () => {
  expect(shown(summaryOf({}))).toMatch(/^## ✅ acme\/production already is as asked\n/)
  const problems = ['cpu is wrong']
  const summary = toSummary(toFailedOutcome('invalid-input', { problems }), { tenant: '', cluster: '' })
  expect(shown(summary)).toMatch(/^## ❌ Nothing was sent: 1 input is wrong\n/)
  expect(summary).not.toContain('[this run]')
})

describe('the summary shows', () => {
  const first = toCluster()
  const last = toCluster({
    version: '1.32',
    kubernetesVersion: 'v1.32.3',
    phase: 'Upgrading',
    resources: { ...RESOURCES, cpu: '8' },
  })

  test.each<[name: string, outcome: Partial<Outcome>, known: string]>([
    ['a generation', { evidence: ['generation'] }, 'generation 7 was carried out (the platform’s word)'],
    ['a running version', { evidence: ['kubernetes-version'] }, 'the cluster reports v1.32.3'],
    [
      'standing',
      { evidence: ['settled'], stoodMs: 34_000 },
      'the values stood unchanged for 34s; this server gives no',
    ],
    ['two reads at once', { evidence: ['settled'], stoodMs: 0 }, 'reads in a row agreed; this server gives no'],
  ])('how it is known: %s', (_name, outcome, known) => {
    expect(shown(summaryOf({ result: 'converged', first, last, ...outcome }))).toContain(`How it is known: ${known}`)
  })

  test('before and after in a table', () => {
    const sent = { edits: [], wallMs: 0, isCertain: true }
    const lines = shown(summaryOf({ first, last, sent, plan: toPlan({ version: '1.32', cpu: '8' }) })).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '| version, requested | 1.31 | 1.32 | 1.32 |',
        '| version, running | v1.31.9 | v1.32.3 | 1.32 |',
        '| cpu | 4 | 8 | 8 |',
        '| memory | 16Gi | 16Gi |  |',
        '| storage | 100Gi | 100Gi |  |',
      ]),
    )
  })

  test('that a value is absent, and that the server does not show which version runs', () => {
    const before = toCluster({ kubernetesVersion: undefined, resources: { memory: '16Gi' } })
    const plan = toPlan({ version: '1.32', cpu: '8' }, { live: { resources: { memory: '16Gi' } } })
    const lines = shown(
      summaryOf({ first: before, last: before, sent: { edits: [], wallMs: 0, isCertain: true }, plan }),
    ).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '| version, running | not shown | not shown | 1.32 |',
        '| cpu | absent | absent | 8 |',
        '| storage | absent | absent |  |',
      ]),
    )
  })

  test('alerts by their key paths alone', () => {
    const live = { alerts: { receivers: { pager: { url: 'hidden-old' } } } }
    const outcome = {
      first: toCluster(live),
      last: toCluster(live),
      plan: toPlan({ alerts: SECRET_ALERTS }, { live }),
    }
    const conflict = [{ field: 'alerts.routes', whenRead: undefined, now: undefined, wanted: undefined }]
    const [changed, lost] = [shown(summaryOf(outcome)), shown(failedSummary('rival', { ...outcome, conflict }))]
    expect(changed).toContain('alerts.receivers.pager.url')
    expect(lost).toContain('| alerts.routes | not shown | not shown | not shown |')
    expect(changed + lost).not.toMatch(/hidden|pager\.example/)
  })

  test('which settings inside alerts are removed', () => {
    const names = Array.from({ length: 12 }, (_, index) => `k${index}`)
    const live = { alerts: Object.fromEntries(names.map((name) => [name, 1])) }
    const alerts = Object.fromEntries(names.map((name) => [name, ['k1', 'k11'].includes(name) ? null : 2]))
    const cluster = toCluster(live)
    expect(shown(summaryOf({ first: cluster, last: cluster, plan: toPlan({ alerts }, { live }) })).split('\n')).toEqual(
      expect.arrayContaining([
        '| alerts.k0 |  | changes; values are not shown |',
        '| alerts.k1 |  | is removed; values are not shown |',
        '| 2 more (1 removed) |  |  |',
      ]),
    )
  })

  const timeline = [
    { phase: 'Running', fromMs: 0, untilMs: 4_000 },
    { phase: 'Upgrading', fromMs: 4_000, untilMs: 724_000 },
    { phase: 'Running', fromMs: 724_000, untilMs: 755_000 },
  ]

  test('the phases with their durations as text', () => {
    expect(shown(summaryOf({ timeline })).split('\n')).toEqual(
      expect.arrayContaining(['| Running | 0s | 4s |', '| Upgrading | 4s | 12m |', '| Running | 12m 4s | 31s |']),
    )
  })

  test('the phases as a chart', () => {
    const [, chart = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(summaryOf({ timeline })) ?? []
    expect(chart).toMatch(/^gantt|^timeline/)
    expect(chart).toContain('Upgrading')
  })

  test('no phase of a server breaks the chart', () => {
    const phases = ['click here', 'call me', 'section x', 'title y', '%% z', 'a:b', 'x\n```\n# y']
    const odd = phases.map((phase, i) => ({ phase, fromMs: i * 2_000, untilMs: i * 2_000 + 2_000 }))
    const [, chart = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(summaryOf({ timeline: odd })) ?? []
    expect(chart).not.toBe('')
    const tasks = chart.split('\n').map((line) => line.trim())
    expect(tasks.filter((line) => /^(?:click|call|section x|title y|%%|#)/.test(line))).toEqual([])
    expect(tasks.filter((line) => /^\S*\s*(?:a:b)/.test(line))).toEqual([])
  })

  test.each<[Partial<Outcome>, string[]]>([
    [toFailedOutcome('busy', { message: 'It went wrong' }), ['It went wrong.']],
    [toFailedOutcome('busy', { hint: 'Run again.' }), ['What to do next', 'Run again.']],
    [{ durationMs: 65_000 }, ['Took 1m 5s']],
    [{ requestId: 'req-42' }, ['req-42']],
    [{ warnings: ['The cluster was Degraded'] }, ['Warnings', '- The cluster was Degraded']],
    [
      toFailedOutcome('degraded', {
        last: toCluster({ conditions: [{ type: 'Ready', status: 'False', message: 'disk' }] }),
      }),
      ['Ready=False disk'],
    ],
    [
      toFailedOutcome('refused', { plan: toPlan({ storage: '1Gi', version: '1.30' }) }),
      [
        '| downgrade | version 1.30 is a downgrade from 1.31 | allow-downgrade |',
        '| storage-shrink | storage 1Gi is less than the current 100Gi | allow-storage-shrink |',
      ],
    ],
    [
      toFailedOutcome('rival', {
        conflict: [
          { field: 'cpu', whenRead: '4', now: '6', wanted: '8' },
          { field: 'version', whenRead: '1.31', now: null, wanted: '1.32' },
        ],
      }),
      ['| field | when read | now | asked |', '| cpu | 4 | 6 | 8 |', '| version | 1.31 | absent | 1.32 |'],
    ],
  ])('%j', (outcome, texts) => {
    for (const text of texts) expect(shown(summaryOf(outcome))).toContain(text)
  })

  test('a link to the run', () => {
    expect(summaryOf({})).toContain('](https://github.com/acme/app/actions/runs/7/attempts/1)')
  })
})

describe('no text from outside forms markup', () => {
  const EVIL = [
    'x | y | z',
    'a\n\n# heading',
    '<img src=x onerror=y>',
    '</code><b>',
    '[link](https://evil.example)',
    '@octocat',
    '`code`',
    '::error::x',
    '##[error]x',
    '<!-- comment',
    '<details>',
  ]

  const everywhere = (text: string): Outcome => {
    const cluster = toCluster({
      version: text,
      kubernetesVersion: text,
      phase: text,
      resources: { cpu: text, memory: text, storage: text },
      conditions: [{ type: text, status: text, reason: text, message: text }, { message: text }],
    })
    const live = { version: text, resources: { cpu: text, memory: text } }
    return toFailedOutcome('rival', {
      message: text,
      hint: text,
      requestId: text,
      first: cluster,
      last: cluster,
      plan: toPlan({ version: '1.33', cpu: '8', alerts: { [text]: 1 } }, { live, guardrails: { max: { cpu: '4' } } }),
      conflict: [{ field: text, whenRead: text, now: text, wanted: text }],
      fieldNames: [text],
      lastSeenWallMs: Date.UTC(2026, 10, 2, 9),
      timeline: [
        { phase: text, fromMs: 0, untilMs: 10_000 },
        { phase: `${text}.`, fromMs: 10_000, untilMs: 20_000 },
      ],
      sideEffects: [{ field: text, from: text, to: text }],
      warnings: [text, text],
    })
  }
  const lineCount = (summary: string) => summary.split('\n').length

  test.each(EVIL)('%j, wherever it stands', (text) => {
    const context = { tenant: text, cluster: text }
    const summary = toSummary(everywhere(text), context)
    const plain = toSummary(everywhere('plain'), { tenant: 'plain', cluster: 'plain' })
    expect(lineCount(summary)).toBe(lineCount(plain))
    // The links to Kubernetes' own pages are ours; nothing of them comes from outside but the digits of a version.
    const others = summary.replace(/\]\(https:\/\/(?:github\.com\/kubernetes|kubernetes\.io)\/[\w./-]*\)/g, '')
    expect(others).not.toMatch(/::|##\[|@\w|<(?!\/?(?:code|details|summary|wbr)>)|]\(|<!--/)
    expect(summary.match(/<\/?(?:details|summary)>/g)).toEqual(plain.match(/<\/?(?:details|summary)>/g))
    const columns = (markdown: string) =>
      markdown.split('\n').map((line) => (line.startsWith('|') ? line.split('|').length : 0))
    expect(columns(summary)).toEqual(columns(plain))
    expect(summary.match(/<code>/g)?.length).toBe(summary.match(/<\/code>/g)?.length)
    expect(summary.replace(/```mermaid[\s\S]*?```/g, '')).not.toContain('`')
  })

  test('the link to the run holds only its address', () => {
    const summary = summaryOf({}, { ...CONTEXT, runUrl: 'https://x.example/a) [b](https://evil.example "c' })
    expect(summary).not.toContain('](https://evil.example')
    expect(summary).toMatch(/\[this run\]\(https:\/\/x\.example\/a%29[^()\s]*c\)$/m)
  })
})

describe('the order of its sections', () => {
  /** What each section begins with, in the order in which they stand. */
  const STARTS = {
    title: /^## /,
    lead: /^(?:> \[!(?:CAUTION|WARNING)\]\n> (?!\*\*Changed by)|(?!##)[A-Z][^|]*\.$)/,
    conflict: /^\| field \| when read/,
    refusals: /^\| refused by/,
    unrequested: /^> \[!WARNING\]\n> \*\*Changed by/,
    change: /^\| {2}\| (?:before \| )?now/,
    conditions: /^\*\*Conditions\*\*/,
    warnings: /^\*\*Warnings\*\*/,
    chart: /^```mermaid/,
    fold: /^<details>/,
    footer: /^Took /,
  }
  const orderOf = (outcome: Outcome) =>
    toSummarySections(outcome, CONTEXT).map(
      (section) => Object.entries(STARTS).find(([, start]) => start.test(section))?.[0] ?? section,
    )

  test.each<[string, Outcome, string[]]>([
    ['green', ENDINGS.converged.both, ['title', 'lead', 'change', 'chart', 'fold', 'footer']],
    ['nothing to show', ENDINGS.skipped['outside its window'], ['title', 'lead', 'footer']],
    [
      'conflict: its table stands for the change',
      ENDINGS.rival['one field'],
      ['title', 'lead', 'conflict', 'fold', 'footer'],
    ],
    ['several refusals', ENDINGS.refused.several, ['title', 'lead', 'refusals', 'change', '*', 'fold', 'footer']],
    ['one refusal is said in words', ENDINGS.refused.one, ['title', 'lead', 'change', 'fold', 'footer']],
    [
      'a side effect goes before the change',
      ENDINGS['side-effect'].done,
      ['title', 'lead', 'unrequested', 'change', 'chart', 'fold', 'footer'],
    ],
    [
      'a cluster that is gone has no now',
      ENDINGS.gone['in the middle of the wait'],
      ['title', 'lead', 'chart', 'fold', 'footer'],
    ],
    [
      'everything',
      {
        ...ENDINGS.degraded['after a PATCH'],
        warnings: ['x'],
        last: toCluster({
          conditions: [
            { type: 'A', status: 'False' },
            { type: 'B', status: 'False' },
          ],
        }),
      },
      ['title', 'lead', 'change', 'conditions', 'warnings', 'chart', 'fold', 'footer'],
    ],
  ])('%s', (_, outcome, order) => {
    expect(orderOf(outcome).map((name) => (name.startsWith('**Kubernetes') ? '*' : name))).toEqual(order)
  })

  test.each<[string, Partial<Outcome>, string, number]>([
    ['in the words of a timeout', ENDINGS.timeout['no answers at its end'], 'disk full', 1],
    ['in the words of degraded', ENDINGS.degraded['after a PATCH'], 'disk full', 1],
    [
      'in a list, too, where the words had to be cut off',
      ENDINGS.timeout['no answers at its end'],
      'x'.repeat(2_000),
      2,
    ],
  ])('a condition stands %s', (_, ending, message, times) => {
    const last = toCluster({ conditions: [{ type: 'Ready', status: 'False', message }] })
    const lead = `The cluster runs v1.31.9, not 1.32; Ready=False ${message}`
    const summary = shown(summaryOf({ ...ending, message: lead, lead, last }))
    expect(summary.match(/Ready=False/g)).toHaveLength(times)
  })

  test('the box says what happened, what was sent, how the cluster stands, and what to do, each by itself', () => {
    const [, box = ''] = toSummarySections(ENDINGS.timeout['no answers at its end'], CONTEXT)
    expect(shown(box).split('\n')).toEqual([
      '> [!WARNING]',
      expect.stringMatching(/^> No usable answer since 03:38 UTC, in 20 tries \(503, 20 times\)/),
      '>',
      '> **Sent by this run:** version 1.31 → 1.32, at 03:12 UTC',
      '>',
      '> **The cluster, last seen at 03:38 UTC, 4m before the run ended:** Upgrading, v1.31.9',
      '>',
      expect.stringMatching(/^> \*\*What to do next:\*\* It may still be going on\. Running again resumes the wait/),
    ])
  })

  test('the command to run it again is given only where that may help, and the README’s paragraph where its version is known', () => {
    const context = { ...CONTEXT, runId: '4711', readmeUrl: 'https://github.com/acme/action/blob/v1/README.md' }
    const boxOf = (outcome: Outcome) => shown(toSummarySections(outcome, context)[1] ?? '')
    const command = 'To run it again: gh run rerun 4711 --failed.'
    expect(boxOf(ENDINGS.timeout['verify: never begun'])).toContain(command)
    expect(boxOf(ENDINGS.rival['one field'])).not.toContain(command)
    for (const outcome of [ENDINGS.rival['one field'], ENDINGS['kept-moving']['only the status']]) {
      expect(boxOf(outcome)).toContain(
        '[More about this failure](https://github.com/acme/action/blob/v1/README.md#conflict).',
      )
    }
    expect(shown(toSummary(ENDINGS.timeout['verify: never begun'], CONTEXT))).not.toMatch(/gh run|More about/)
  })
})

describe('the chart', () => {
  const chartOf = (...lengthsMs: number[]) => {
    let fromMs = 0
    const timeline = lengthsMs.map((ms, index) => {
      const span = { phase: index % 2 === 0 ? 'Running' : 'Degraded', fromMs, untilMs: fromMs + ms }
      fromMs += ms
      return span
    })
    return /```mermaid\n([\s\S]*?)\n```/.exec(summaryOf({ timeline }))?.[1]
  }

  test.each([[[]], [[600_000]], [[5_000, 4_999]]])('there is none of %j', (lengths) => {
    expect(chartOf(...lengths)).toBeUndefined()
  })

  test('there is one from two phases and ten seconds on, without a line for today, and what is Degraded is marked', () => {
    const lines = (chartOf(5_000, 5_000) ?? '').split('\n').map((line) => line.trim())
    expect(lines).toContain('todayMarker off')
    expect(lines.filter((line) => line.includes('Degraded'))).toEqual([expect.stringMatching(/:crit, \d+, \d+$/)])
    expect(lines.filter((line) => line.includes('Running')).join()).not.toContain('crit')
  })
})

describe('whose request id stands at the end', () => {
  test.each<[string, Outcome, string]>([
    ['the PATCH’s', ENDINGS.converged.resources, 'request id of the PATCH: 8f6b2c1e-0042'],
    [
      'the answer’s that ended it',
      ENDINGS.gone['in the middle of the wait'],
      'request id of the answer that failed: 8f6b2c1e-0033',
    ],
  ])('%s', (_, outcome, text) => {
    expect(shown(toSummary(outcome, CONTEXT)).split('\n').at(-2)).toContain(text)
  })
})
