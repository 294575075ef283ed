import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { BENCH_RESULTS, statedFigures } from '../support/bench-results.js'

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url))
const figuresOf = (text: string) =>
  (text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []).map((figure) => figure.replaceAll(',', ''))

test('docs/cost.md has no figure that does not stand in bench/results.md', () => {
  const stated = new Set(figuresOf(BENCH_RESULTS))
  const quoted = figuresOf(readFileSync(path('docs/cost.md'), 'utf8'))
  expect(quoted.length).toBeGreaterThan(10)
  expect(quoted.filter((figure) => !stated.has(figure))).toEqual([])
})

test('the bundle that bench/results.md states is today’s, give or take a tenth', () => {
  const [bytes = 0] = statedFigures('Bundle', 'this action, dist/index.js')
  const today = statSync(path('dist/index.js')).size
  expect(Math.abs(bytes / today - 1)).toBeLessThan(0.1)
})
