import { describe, expect, test } from '@jest/globals'
import type { FailureReason } from '../../../src/domain/failure-reasons.js'
import type { Outcome, Result } from '../../../src/domain/outcome.js'
import { type ReportContext, toSummary } from '../../../src/report/summary.js'
import { SECRET_ALERTS, toCluster } from '../../support/clusters.js'
import { decodeEntities } from '../../support/markdown.js'
import { toOutcome } from '../../support/outcomes.js'
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
    .replace(/<\/?code>/g, '')
}

describe('the title has result, reason, tenant and cluster', () => {
  test.each<[Result, FailureReason | undefined, RegExp]>([
    ['unchanged', undefined, /^## .*Unchanged.*acme\/production$/m],
    ['planned', undefined, /^## .*Planned.*acme\/production$/m],
    ['skipped', undefined, /^## .*Skipped.*acme\/production$/m],
    ['accepted', undefined, /^## .*Accepted.*acme\/production$/m],
    ['converged', undefined, /^## .*Converged.*acme\/production$/m],
    ['failed', 'conflict', /^## .*Failed.*conflict.*acme\/production$/m],
    ['failed', 'invalid-input', /^## .*Failed.*invalid-input.*acme\/production$/m],
    ['timed-out', 'busy', /^## .*Timed out.*busy.*acme\/production$/m],
    ['cancelled', 'cancelled', /^## .*Cancelled.*acme\/production$/m],
  ])('%s %s', (result, reason, title) => {
    expect(shown(summaryOf({ result, ...(reason === undefined ? {} : { reason }) }))).toMatch(title)
  })

  test('before the inputs are known there is no name', () => {
    const summary = summaryOf({ result: 'failed', reason: 'invalid-input' }, { tenant: '', cluster: '' })
    expect(summary).toMatch(/^## .*Failed \(invalid-input\)\n/)
    expect(summary).not.toContain('[this run]')
  })
})

describe('the summary shows', () => {
  const first = toCluster()
  const last = toCluster({ version: '1.32', kubernetesVersion: 'v1.32.3', phase: 'Upgrading', resources: { cpu: '8' } })

  test('before and after in a table', () => {
    const lines = shown(summaryOf({ first, last, plan: toPlan({ version: '1.32', cpu: '8' }) })).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        '| version | 1.31 | 1.32 | 1.32 |',
        '| running version | v1.31.9 | v1.32.3 |  |',
        '| cpu | 4 | 8 | 8 |',
        '| memory | 16Gi |  |  |',
        '| storage | 100Gi |  |  |',
        '| phase | Running | Upgrading |  |',
      ]),
    )
  })

  test('alerts by their key paths alone', () => {
    const live = { alerts: { receivers: { pager: { url: 'hidden-old' } } } }
    const outcome = {
      first: toCluster(live),
      last: toCluster(live),
      plan: toPlan({ alerts: SECRET_ALERTS }, { live }),
      conflict: [{ field: 'alerts.routes', whenRead: undefined, now: undefined, wanted: undefined }],
    }
    const summary = shown(summaryOf(outcome))
    expect(summary).toContain('alerts.receivers.pager.url')
    expect(summary).toContain('alerts.routes')
    expect(summary).not.toMatch(/hidden|pager\.example/)
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
    const odd = phases.map((phase, i) => ({ phase, fromMs: i * 1_000, untilMs: i * 1_000 + 1_000 }))
    const [, chart = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(summaryOf({ timeline: odd })) ?? []
    expect(chart).not.toBe('')
    const tasks = chart.split('\n').map((line) => line.trim())
    expect(tasks.filter((line) => /^(?:click|call|section x|title y|%%|#)/.test(line))).toEqual([])
    expect(tasks.filter((line) => /^\S*\s*(?:a:b)/.test(line))).toEqual([])
  })

  test.each<[Partial<Outcome>, string[]]>([
    [{ message: 'It went on.' }, ['It went on.']],
    [{ result: 'failed', reason: 'busy', hint: 'Run again.' }, ['What to do next', 'Run again.']],
    [{ durationMs: 65_000 }, ['Took 1m 5s']],
    [{ requestId: 'req-42' }, ['req-42']],
    [{ warnings: ['The cluster is Degraded'] }, ['Warnings', '- The cluster is Degraded']],
    [
      { result: 'failed', reason: 'degraded', last: toCluster({ conditions: ['Ready=False: disk'] }) },
      ['Ready=False: disk'],
    ],
    [
      { result: 'failed', reason: 'refused', plan: toPlan({ storage: '1Gi' }) },
      ['| storage-shrink | storage 1Gi is less than the current 100Gi | allow-storage-shrink |'],
    ],
    [
      {
        result: 'failed',
        reason: 'conflict',
        conflict: [
          { field: 'cpu', whenRead: '4', now: '6', wanted: '8' },
          { field: 'version', whenRead: '1.31', now: null, wanted: '1.32' },
        ],
      },
      ['| field | when read | now | wanted |', '| cpu | 4 | 6 | 8 |', '| version | 1.31 |  | 1.32 |'],
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

  const everywhere = (text: string): Partial<Outcome> => {
    const cluster = toCluster({
      version: text,
      kubernetesVersion: text,
      phase: text,
      resources: { cpu: text, memory: text, storage: text },
      conditions: [text, text],
    })
    const live = { version: text, resources: { cpu: text, memory: text } }
    return {
      result: 'failed',
      reason: 'conflict',
      message: text,
      hint: text,
      requestId: text,
      first: cluster,
      last: cluster,
      plan: toPlan({ version: '1.33', cpu: '8', alerts: { [text]: 1 } }, { live, guardrails: { max: { cpu: '4' } } }),
      conflict: [{ field: text, whenRead: text, now: text, wanted: text }],
      timeline: [{ phase: text, fromMs: 0, untilMs: 1_000 }],
      warnings: [text, text],
    }
  }
  const lineCount = (summary: string) => summary.split('\n').length

  test.each(EVIL)('%j, wherever it stands', (text) => {
    const context = { tenant: text, cluster: text }
    const summary = toSummary(toOutcome(everywhere(text)), context)
    const plain = toSummary(toOutcome(everywhere('plain')), { tenant: 'plain', cluster: 'plain' })
    expect(lineCount(summary)).toBe(lineCount(plain))
    expect(summary).not.toMatch(/::|##\[|@\w|<(?!\/?(?:code|details|summary)>)|]\(|<!--/)
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
