import { describe, expect, test } from '@jest/globals'
import type { PhaseSpan } from '../../../src/domain/outcome.js'
import { toPhaseChart } from '../../../src/report/chart.js'

const START_MS = 1_790_000_000_000

/** The tasks of a chart: what stands before the colon, and the moments behind it. */
function tasksOf(chart: string): { label: string; fromMs: number; untilMs: number }[] {
  return chart.split('\n').flatMap((line) => {
    const [, label, from, until] = /^ {2}(.*) :(\d+), (\d+)$/.exec(line) ?? []
    return label === undefined ? [] : [{ label, fromMs: Number(from) - START_MS, untilMs: Number(until) - START_MS }]
  })
}

function toSpans(phases: readonly string[], eachMs = 60_000): PhaseSpan[] {
  return phases.map((phase, i) => ({ phase, fromMs: i * eachMs, untilMs: (i + 1) * eachMs }))
}

test('a chart has a bar for each phase, at its time of day', () => {
  const chart = toPhaseChart(toSpans(['Running', 'Upgrading', 'Running']), START_MS)
  expect(chart).toMatch(/^```mermaid\ngantt\n[\s\S]*\n```$/)
  expect(tasksOf(chart)).toEqual([
    { label: expect.stringMatching(/Running 1m$/), fromMs: 0, untilMs: 60_000 },
    { label: expect.stringMatching(/Upgrading 1m$/), fromMs: 60_000, untilMs: 120_000 },
    { label: expect.stringMatching(/Running 1m$/), fromMs: 120_000, untilMs: 180_000 },
  ])
})

test('there is none without phases', () => {
  expect(toPhaseChart([], START_MS)).toBe('')
})

test.each([
  [[{ phase: 'Running', fromMs: 0, untilMs: 0 }]],
  [[{ phase: 'Running', fromMs: 5_000.4, untilMs: 5_000.6 }]],
  [[...toSpans(['Upgrading'], 900_000), { phase: 'Running', fromMs: 900_000, untilMs: 900_000 }]],
])('every bar has a width: case %#', (timeline) => {
  const tasks = tasksOf(toPhaseChart(timeline, START_MS))
  expect(tasks).toHaveLength(timeline.length)
  for (const { fromMs, untilMs } of tasks) expect(untilMs - fromMs).toBeGreaterThanOrEqual(1_000)
})

describe('no phase of a server breaks the chart', () => {
  test.each([
    'click x',
    'call y',
    'section x',
    'title y',
    '%% z',
    'a:b',
    'a, b',
    'x\n```\n# y',
    '```',
    '',
    '😀',
    '<b>',
    'end',
    ';;',
  ])('%j', (phase) => {
    const chart = toPhaseChart(toSpans(['Running', phase, 'Running']), START_MS)
    expect(tasksOf(chart)).toHaveLength(3)
    expect(chart.split('\n')).toHaveLength(10)
    // A status emoji comes first, so that no word is read as a keyword, and no mark of the chart's own language follows.
    for (const { label } of tasksOf(chart)) expect(label).toMatch(/^[🟢🔵🟠🔴⚪] [\p{L}\p{N} ]*$/u)
  })

  test('nor do many or endless ones: the limit is 50,000 characters', () => {
    const phases = Array.from({ length: 500 }, (_, i) => `Phase${i}${'x'.repeat(5_000)}`)
    const chart = toPhaseChart(toSpans(phases), START_MS)
    expect(chart.length).toBeLessThan(50_000)
    expect(tasksOf(chart).at(-1)?.untilMs).toBe(500 * 60_000)
  })
})
