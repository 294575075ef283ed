import { describe, expect, test } from '@jest/globals'
import type { Cluster } from '../../../src/domain/cluster.js'
import { Budget } from '../../../src/run/budget.js'
import { RunLog } from '../../../src/run/run-log.js'
import { RunState } from '../../../src/run/state.js'

/** A run's log, with what it wrote and a way to let it take in reads, a second apart. */
function startLog() {
  const lines: string[] = []
  const warned: string[] = []
  let nowMs = 0
  const clock = { nowMs: () => nowMs, wallMs: () => nowMs, random: () => 0, sleep: async () => {} }
  const state = new RunState()
  const log = new RunLog(
    { info: (line) => lines.push(line.slice(10)), warning: (line) => warned.push(line), debug: () => {} },
    state,
    new Budget(clock, 3_600_000),
    3_600_000,
  )
  const read = (overrides: Partial<Cluster>) => {
    nowMs += 1_000
    const cluster: Cluster = {
      name: 'production',
      phase: 'Running',
      resources: {},
      allResources: {},
      hasResources: true,
      conditions: [],
      warnings: [],
      json: {},
      ...overrides,
    }
    const clusterRead = { cluster, etag: '"1"', requestId: undefined, atMs: nowMs }
    log.read(clusterRead, state.recordRead(clusterRead, nowMs))
  }
  return { log, lines, warned, read }
}

const letters = (index: number) => String.fromCharCode(97 + (index % 26)).repeat(1 + Math.floor(index / 26))

describe('warnings of the server', () => {
  test('are one kind where they differ only in numbers', () => {
    const { log, warned, read } = startLog()
    for (let index = 0; index < 500; index++) read({ warnings: [`ends in ${index}.5 days, at 12:0${index % 10}`] })
    expect(warned).toEqual(['The server warns: ends in 0.5 days, at 12:00'])
    expect(log.warnings).toEqual(warned)
  })

  test('are five kinds at the most, and then one line with their number', () => {
    const { log, lines, warned, read } = startLog()
    read({ warnings: Array.from({ length: 5 }, (_, index) => `kind ${letters(index)}`) })
    expect(warned).toHaveLength(5)
    expect(lines).toEqual(['Running'])
    read({ warnings: ['kind f', 'kind g', 'kind a'] })
    read({ warnings: ['kind h'] })
    expect(warned).toHaveLength(5)
    expect(lines).toEqual(['Running', 'The server warns of at least 2 more things'])
    expect(log.warnings).toEqual([...warned, 'The server warns of at least 3 more things'])
  })

  test('leave room for ours', () => {
    const { log, warned, read } = startLog()
    for (let index = 0; index < 3_000; index++) read({ warnings: [`kind ${letters(index)}`] })
    log.warn('one of ours')
    log.warn('another one of ours')
    expect(warned.slice(5)).toEqual(['one of ours', 'another one of ours'])
    expect(log.warnings).toHaveLength(8)
    expect(log.warnings.at(-1)).toBe('The server warns of at least 995 more things')
  })
})

describe('phases', () => {
  test('are logged one by one up to the twentieth, and then counted at each heartbeat', () => {
    const { log, lines, read } = startLog()
    for (let index = 0; index < 20; index++) read({ phase: index % 2 === 0 ? 'Running' : 'Upgrading' })
    expect(lines).toHaveLength(20)
    log.beat()
    expect(lines.at(-1)).toBe('still Upgrading, 20s of 1h')
    for (let index = 0; index < 100; index++) read({ phase: index % 2 === 0 ? 'Running' : 'Upgrading' })
    expect(lines).toHaveLength(22)
    expect(lines.at(-1)).toBe('The phase changes again and again; from here on only the number of phases is logged')
    log.beat()
    expect(lines.at(-1)).toMatch(/^still Upgrading.*; 120 phases so far$/)
  })

  test('that are not known are warned of by kind', () => {
    const { warned, read } = startLog()
    for (let index = 0; index < 100; index++) read({ phase: `Step ${index} of 100` })
    expect(warned).toHaveLength(1)
    for (let index = 0; index < 100; index++) read({ phase: `Phase${letters(index)}` })
    expect(warned).toHaveLength(5)
  })
})
