import { describe, expect, test } from '@jest/globals'
import type { Ending } from '../../../src/domain/outcome.js'
import { type Bench, toBench, toRead } from '../../support/clock.js'
import { toPlan } from '../../support/clusters.js'

const CONVERGED: Ending = { result: 'converged', message: 'Done.' }

function linesOf({ lines }: Bench, level: string): string[] {
  return lines.filter((line) => line.level === level).map(({ text }) => text)
}

/** Takes in reads, each so many seconds after the one before. */
async function sightAll(bench: Bench, reads: readonly [afterS: number, overrides: Parameters<typeof toRead>[0]][]) {
  for (const [afterS, overrides] of reads) {
    await bench.clock.sleep(afterS * 1_000)
    bench.journal.sight(toRead(overrides))
  }
}

describe('phases', () => {
  test('have one line each, the first one included, with the elapsed time', async () => {
    const bench = toBench()
    await sightAll(bench, [
      [0, {}],
      [2, {}],
      [2, { phase: 'Upgrading' }],
      [61, { phase: 'Upgrading', generation: 8 }],
      [5, { generation: 8, kubernetesVersion: 'v1.32.1' }],
    ])
    expect(linesOf(bench, 'info')).toEqual([
      expect.stringMatching(/^\[0s\] +Running/),
      expect.stringMatching(/^\[4s\] +Upgrading/),
      expect.stringMatching(/^\[1m 10s\] +Running/),
    ])
    expect(linesOf(bench, 'debug')).toHaveLength(5)
    expect(bench.journal.close(CONVERGED).timeline).toEqual([
      { phase: 'Running', fromMs: 0, untilMs: 4_000 },
      { phase: 'Upgrading', fromMs: 4_000, untilMs: 70_000 },
      { phase: 'Running', fromMs: 70_000, untilMs: 70_000 },
    ])
  })

  test.each([
    ['unknown', { phase: 'Hibernating' }, /Hibernating/],
    ['absent', { phase: undefined }, /no phase/],
  ])('that are %s are said once', async (_, overrides, words) => {
    const bench = toBench()
    await sightAll(bench, [
      [0, overrides],
      [5, {}],
      [5, overrides],
      [5, overrides],
    ])
    expect(linesOf(bench, 'warning')).toEqual([expect.stringMatching(words)])
  })

  test('of an older replica count for nothing', async () => {
    const bench = toBench()
    await sightAll(bench, [
      [0, { generation: 8 }],
      [5, { generation: 7, phase: 'Upgrading' }],
    ])
    expect(linesOf(bench, 'info')).toHaveLength(1)
    expect(bench.journal.close(CONVERGED)).toMatchObject({ last: { generation: 8, phase: 'Running' } })
  })
})

describe('a standstill is warned of after a third of the timeout, once', () => {
  test.each<[string, [number, Parameters<typeof toRead>[0]][], number[]]>([
    [
      'of everything',
      [
        [0, {}],
        [599, {}],
        [600, {}],
        [1, {}],
        [300, {}],
      ],
      [1_200],
    ],
    [
      'with only the status moving',
      [
        [0, {}],
        [600, { observedGeneration: 8 }],
        [600, { conditions: ['x'] }],
      ],
      [1_200],
    ],
    [
      'but not while the generation moves',
      [
        [0, {}],
        [1_000, { generation: 8 }],
        [1_000, { generation: 8 }],
      ],
      [],
    ],
    [
      'but not while the phase moves',
      [
        [0, {}],
        [1_000, { phase: 'Upgrading' }],
        [1_000, {}],
      ],
      [],
    ],
    [
      'but not while the version moves',
      [
        [0, {}],
        [1_000, { kubernetesVersion: 'v1.32.0' }],
        [1_000, {}],
      ],
      [],
    ],
  ])('%s', async (_, reads, seconds) => {
    const bench = toBench(3_600_000)
    await sightAll(bench, reads)
    const warned = bench.lines.filter(({ level, text }) => level === 'warning' && text.includes('moved'))
    expect(warned.map(({ atS }) => atS)).toEqual(seconds)
  })
})

describe('the plan that is kept', () => {
  test.each([
    ['the first', [toPlan({ cpu: '8' })], ['cpu']],
    ['the newest', [toPlan({ cpu: '8' }), toPlan({ memory: '32Gi' })], ['memory']],
    ['not an empty one after one that had edits', [toPlan({ cpu: '8' }), toPlan({})], ['cpu']],
    ['an empty one, where there is no other', [toPlan({})], []],
  ])('is %s', (_, plans, fields) => {
    const { journal } = toBench()
    for (const plan of plans) journal.planned(plan)
    expect(journal.close(CONVERGED).plan?.edits.map(({ field }) => field)).toEqual(fields)
  })

  test('has the refusals that end the run, even where the edits stayed the same', () => {
    const { journal } = toBench()
    const earlier = toPlan({ version: '1.32' }, { live: { kubernetesVersion: 'v1.31.5' } })
    const later = toPlan({ version: '1.32' }, { live: { kubernetesVersion: 'v1.30.9' } })
    expect([earlier.digest, later.refusals.length]).toEqual([later.digest, 1])
    journal.planned(earlier)
    journal.planned(later)
    expect(journal.close(CONVERGED).plan?.refusals.map(({ rule }) => rule)).toEqual(['version-skip'])
  })

  test.each([
    [[toPlan({ cpu: '8' }), toPlan({})], true],
    [[toPlan({}), toPlan({ cpu: '8' })], false],
  ])('would-change is that of the first plan: case %#', (plans, wouldChange) => {
    const { journal } = toBench()
    for (const plan of plans) journal.planned(plan)
    expect(journal.close(CONVERGED).wouldChange).toBe(wouldChange)
  })
})

test('the server’s warnings are told, each once', async () => {
  const bench = toBench()
  await sightAll(bench, [
    [0, { warnings: ['low on disk'] }],
    [5, { warnings: ['low on disk', 'deprecated'] }],
  ])
  expect(linesOf(bench, 'warning')).toEqual([
    expect.stringContaining('low on disk'),
    expect.stringContaining('deprecated'),
  ])
})
