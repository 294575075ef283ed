import { ENDINGS } from '../../__tests__/support/endings.js'
import type { Outcome, PhaseSpan } from '../../src/domain/outcome.js'
import { type ReportContext, toSummary } from '../../src/report/summary.js'

/** A summary to look at. */
export interface Picture {
  /** The name of its file. */
  readonly name: string
  readonly markdown: string
  readonly width: number
  readonly theme: 'light' | 'dark'
  /** Whether the fold is open. */
  readonly isOpen: boolean
}

const CONTEXT: ReportContext = {
  tenant: 'acme',
  cluster: 'production',
  runUrl: 'https://github.com/acme/infra/actions/runs/4711/attempts/2',
  commitUrl: 'https://github.com/acme/infra/commit/0123456789abcdef0123456789abcdef01234567',
  actor: 'octocat',
  runId: '4711',
  readmeUrl: 'https://github.com/acme/kupe-cluster-action/blob/v1/README.md',
}
/** The longest names that there can be, without anything that a line could be broken at. */
const LONG_NAMES: ReportContext = { ...CONTEXT, tenant: 't'.repeat(64), cluster: 'c'.repeat(63) }

const WIDE = 980
/** A phone's. */
const NARROW = 400

const MINUTE = 60_000

function toTimeline(phases: readonly string[], eachMs: number): PhaseSpan[] {
  return phases.map((phase, index) => ({ phase, fromMs: index * eachMs, untilMs: (index + 1) * eachMs }))
}

const { converged, planned, degraded, rival, refused } = ENDINGS
const upgraded: Outcome = converged['a version']
const sick: Outcome = degraded['after a PATCH']
const LONG_VALUE = `v1.32.3+${'x'.repeat(120)}`

/** What is special about runs of any ending. */
const SPECIAL: Readonly<Record<string, readonly [outcome: Outcome, context?: ReportContext]>> = {
  'long names, green': [converged.both, LONG_NAMES],
  'long names, red': [rival['one field'], LONG_NAMES],
  'long names, 780 alert settings': [planned['780 alert settings'], LONG_NAMES],
  'six hours': [
    {
      ...upgraded,
      durationMs: 6 * 60 * MINUTE,
      timeline: toTimeline(['Running', 'Upgrading', 'Degraded', 'Upgrading', 'Running'], 72 * MINUTE),
    },
  ],
  'sixteen phases': [
    {
      ...upgraded,
      timeline: toTimeline(
        Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? 'Upgrading' : 'Degraded')),
        MINUTE,
      ),
    },
  ],
  'eleven seconds': [{ ...upgraded, durationMs: 11_000, timeline: toTimeline(['Running', 'Upgrading'], 5_500) }],
  'a phase of any length': [{ ...upgraded, timeline: toTimeline(['Running', `Phase${'x'.repeat(900)}`], MINUTE) }],
  'many conditions': [
    {
      ...sick,
      last: {
        ...(sick.last as NonNullable<Outcome['last']>),
        conditions: Array.from({ length: 10 }, (_, index) => ({
          type: `Component${index}Ready`,
          status: index < 4 ? 'False' : 'True',
          reason: 'WaitingForNodes',
          message: `node-${index}.acme.internal does not answer since 03:20 UTC, and it may take a while until it does again`,
        })),
      },
    },
  ],
  'many warnings': [
    {
      ...upgraded,
      warnings: Array.from({ length: 6 }, (_, index) => `The server warns: quota ${'q'.repeat(60)} ${index}`),
    },
  ],
  'many wrong inputs': [
    {
      ...ENDINGS['invalid-input'].three,
      problems: Array.from(
        { length: 30 },
        (_, index) => `input-${index} "${'x'.repeat(90)}" is none of what it may be`,
      ),
    },
  ],
  'values of any length': [
    {
      ...refused.several,
      first: { ...(upgraded.first as NonNullable<Outcome['first']>), kubernetesVersion: LONG_VALUE },
      last: { ...(upgraded.last as NonNullable<Outcome['last']>), kubernetesVersion: LONG_VALUE },
    },
  ],
  'no context at all': [upgraded, { tenant: 'acme', cluster: 'production' }],
}

const ALL: readonly (readonly [name: string, outcome: Outcome, context: ReportContext])[] = [
  ...Object.entries(ENDINGS).flatMap(([ending, variants]) =>
    Object.entries(variants).map(
      ([variant, outcome]) => [`${ending} ${variant}`, outcome as Outcome, CONTEXT] as const,
    ),
  ),
  ...Object.entries(SPECIAL).map(([name, [outcome, context = CONTEXT]]) => [name, outcome, context] as const),
]

/** Shown in the other colours and on a phone as well. */
const IN_ALL_WAYS: readonly string[] = [
  'converged both',
  'planned a change',
  'planned 780 alert settings',
  'refused several',
  'rival one field',
  'side-effect done',
  'degraded after a PATCH',
  'timeout an upgrade that takes too long',
  'invalid-input three',
  'long names, red',
  'sixteen phases',
]

/** Everything to look at: each summary as on a screen by day, and some of them by night, on a phone, and with an open fold. */
export const PICTURES: readonly Picture[] = ALL.flatMap(([title, outcome, context]) => {
  const picture = { name: toFileName(title), markdown: toSummary(outcome, context) }
  const usual = { ...picture, width: WIDE, theme: 'light', isOpen: false } as const
  if (!IN_ALL_WAYS.includes(title)) return [usual]
  return [
    usual,
    { ...usual, name: `${usual.name}-dark`, theme: 'dark' },
    { ...usual, name: `${usual.name}-400`, width: NARROW },
    { ...usual, name: `${usual.name}-open`, isOpen: true },
  ] as const
})

/** Each summary as narrow as it gets, with everything in it open. */
export const TO_CHECK: readonly Picture[] = ALL.map(([title, outcome, context]) => ({
  name: toFileName(title),
  markdown: toSummary(outcome, context),
  width: NARROW,
  theme: 'light',
  isOpen: true,
}))

function toFileName(title: string): string {
  return title
    .replace(/[^a-z0-9]+/gi, '-')
    .replace(/-$/, '')
    .toLowerCase()
}
