import { describe, expect, test } from '@jest/globals'
import type { ClusterOverrides } from '../../support/clusters.js'
import { createRunParts, type RunParts } from '../../support/run-parts.js'

function linesOf({ lines }: RunParts, level: string): string[] {
  return lines.filter((line) => line.level === level).map(({ text }) => text)
}

/** Takes in reads, each so many seconds after the one before. */
async function recordReads(parts: RunParts, reads: readonly [afterS: number, overrides: ClusterOverrides][]) {
  for (const [afterS, overrides] of reads) {
    await parts.clock.sleep(afterS * 1_000)
    parts.recordRead(overrides)
  }
}

describe('phases', () => {
  test('have one line each, the first one included, with the elapsed time', async () => {
    const parts = createRunParts()
    await recordReads(parts, [
      [0, {}],
      [2, {}],
      [2, { phase: 'Upgrading' }],
      [61, { phase: 'Upgrading', generation: 8 }],
      [5, { generation: 8, kubernetesVersion: 'v1.32.1' }],
    ])
    expect(linesOf(parts, 'info')).toEqual([
      expect.stringMatching(/^\[0s\] +Running/),
      expect.stringMatching(/^\[4s\] +Upgrading/),
      expect.stringMatching(/^\[1m 10s\] +Running/),
    ])
    expect(linesOf(parts, 'debug')).toHaveLength(5)
    expect(parts.recorded().timeline).toEqual([
      { phase: 'Running', fromMs: 0, untilMs: 4_000 },
      { phase: 'Upgrading', fromMs: 4_000, untilMs: 70_000 },
      { phase: 'Running', fromMs: 70_000, untilMs: 70_000 },
    ])
  })

  test.each([
    ['unknown', { phase: 'Hibernating' }, /Hibernating/],
    ['absent', { phase: undefined }, /no phase/],
  ])('that are %s are said once', async (_, overrides, words) => {
    const parts = createRunParts()
    await recordReads(parts, [
      [0, overrides],
      [5, {}],
      [5, overrides],
      [5, overrides],
    ])
    expect(linesOf(parts, 'warning')).toEqual([expect.stringMatching(words)])
  })

  test('of an older replica count for nothing', async () => {
    const parts = createRunParts()
    await recordReads(parts, [
      [0, { generation: 8 }],
      [5, { generation: 7, phase: 'Upgrading' }],
    ])
    expect(linesOf(parts, 'info')).toHaveLength(1)
    expect(parts.recorded()).toMatchObject({ last: { generation: 8, phase: 'Running' } })
  })
})

describe('where nothing moved for two thirds of the timeout while not Running, the log says so once, without an annotation', () => {
  const BUSY: ClusterOverrides = { phase: 'Upgrading' }
  test.each<[string, [number, ClusterOverrides][], number[]]>([
    [
      'of everything',
      [
        [0, BUSY],
        [1_799, BUSY],
        [600, BUSY],
        [1, BUSY],
        [300, BUSY],
      ],
      [2_400],
    ],
    [
      'with only the status moving',
      [
        [0, BUSY],
        [1_200, { ...BUSY, observedGeneration: 8 }],
        [1_200, { ...BUSY, conditions: [{ message: 'x' }] }],
      ],
      [2_400],
    ],
    [
      'but not at Running',
      [
        [0, {}],
        [2_400, {}],
      ],
      [],
    ],
    [
      'but not while the generation moves',
      [
        [0, BUSY],
        [2_000, { ...BUSY, generation: 8 }],
        [2_000, { ...BUSY, generation: 8 }],
      ],
      [],
    ],
    [
      'but not while the phase moves',
      [
        [0, BUSY],
        [2_000, { phase: 'Provisioning' }],
        [2_000, BUSY],
      ],
      [],
    ],
    [
      'but not while the version moves',
      [
        [0, BUSY],
        [2_000, { ...BUSY, kubernetesVersion: 'v1.32.0' }],
        [2_000, BUSY],
      ],
      [],
    ],
  ])('%s', async (_, reads, seconds) => {
    const parts = createRunParts(3_600_000)
    await recordReads(parts, reads)
    const said = parts.lines.filter(({ text }) => text.includes('moved'))
    expect(said.map(({ level, atS }) => [level, atS])).toEqual(seconds.map((second) => ['info', second]))
  })

  test('counted anew from a new stage of the run', async () => {
    const parts = createRunParts(3_600_000)
    await recordReads(parts, [[0, BUSY]])
    await parts.clock.sleep(1_000_000)
    parts.log.stageEntered()
    await recordReads(parts, [
      [2_399, BUSY],
      [1, BUSY],
    ])
    expect(parts.lines.filter(({ text }) => text.includes('moved')).map(({ atS }) => atS)).toEqual([3_400])
  })
})

test('the server’s warnings are logged, each once', async () => {
  const parts = createRunParts()
  await recordReads(parts, [
    [0, { warnings: ['low on disk'] }],
    [5, { warnings: ['low on disk', 'deprecated'] }],
  ])
  expect(linesOf(parts, 'warning')).toEqual([
    expect.stringContaining('low on disk'),
    expect.stringContaining('deprecated'),
  ])
})

test('a heartbeat of an outage counts its tries', async () => {
  const parts = createRunParts()
  for (let tries = 1; tries <= 2; tries++) {
    parts.state.outages.record('503', parts.clock.nowMs())
    await parts.clock.sleep(60_000)
    parts.log.beat()
  }
  expect(linesOf(parts, 'info')).toEqual([
    expect.stringContaining('no answer for 1m (1 try)'),
    expect.stringContaining('no answer for 2m (2 tries)'),
  ])
})
