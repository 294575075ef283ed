import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** bench/results.md, as it stands. */
export const BENCH_RESULTS = readFileSync(fileURLToPath(new URL('../../bench/results.md', import.meta.url)), 'utf8')

/** The figures in the row of this name, in the section with this title. */
export function statedFigures(title: string, row: string): number[] {
  const section = BENCH_RESULTS.split(/^## \d+\. /m).find((text) => text.startsWith(`${title}\n`)) ?? ''
  const line = section.split('\n').find((text) => text.startsWith(`| ${row} `)) ?? ''
  const cells = line.split('|').map((cell) => cell.replaceAll(',', '').trim())
  return cells.filter((cell) => /^\d+(\.\d+)?$/.test(cell)).map(Number)
}
