import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { execute } from './execute.js'
import { generatePlan } from './generate.js'
import { findViolations, type Violation } from './invariants.js'
import { type PlanParts, type RunPlan, toPlan } from './plan.js'
import { shrinkPlan } from './shrink.js'
import { Tally, type TallyParts } from './tally.js'
import { toPlanText, toTrace } from './trace.js'

/**
 * Random runs without a test runner. `npm run stories` makes 100,000 from a new seed; `--runs`, `--first` and `--workers` change
 * that. `--seed 7` replays one, `--plan '{…}'` one that was printed.
 */

interface Batch {
  readonly firstSeed: number
  readonly runs: number
}

interface Failure extends Violation {
  readonly seed: number
}

interface BatchResult {
  readonly tally: TallyParts
  readonly failures: readonly Failure[]
}

async function runBatch({ firstSeed, runs }: Batch): Promise<BatchResult> {
  const tally = new Tally()
  const failures: Failure[] = []
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const witness = await execute(generatePlan(seed))
    tally.add(witness)
    for (const violation of findViolations(witness)) failures.push({ seed, ...violation })
  }
  const { endings, features, exchanges } = tally
  return { tally: { endings, features, runs, exchanges }, failures }
}

function inWorker(batch: Batch): Promise<BatchResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: batch })
    worker.once('message', resolve).once('error', reject)
  })
}

async function runAll(firstSeed: number, runs: number, workers: number): Promise<void> {
  console.log(`${runs} random runs from seed ${firstSeed}, in ${workers} threads`)
  const startMs = performance.now()
  const share = Math.ceil(runs / workers)
  const batches = Array.from({ length: workers }, (_, index) => ({
    firstSeed: firstSeed + index * share,
    runs: Math.min(share, runs - index * share),
  }))
  const results = workers === 1 ? [await runBatch({ firstSeed, runs })] : await Promise.all(batches.map(inWorker))
  const tally = new Tally()
  for (const result of results) tally.merge(result.tally)
  printCounts('Endings', tally.endings, tally.runs)
  printCounts('What occurred, in how many runs', tally.features, tally.runs)
  const seconds = (performance.now() - startMs) / 1_000
  const { user, system } = process.cpuUsage()
  const perCpuSecond = Math.round((tally.runs * 1_000_000) / (user + system))
  const perRun = (tally.exchanges / tally.runs).toFixed(1)
  console.log(
    `\n${tally.runs} runs in ${seconds.toFixed(1)} s, ${perCpuSecond} for each second of a core; ${perRun} exchanges each`,
  )
  printFailures(results.flatMap(({ failures }) => failures))
}

function printCounts(title: string, counts: ReadonlyMap<string, number>, runs: number): void {
  console.log(`\n${title}`)
  for (const [key, count] of [...counts].sort((left, right) => right[1] - left[1])) {
    console.log(`${String(count).padStart(8)}  ${((100 * count) / runs).toFixed(2).padStart(6)} %  ${key}`)
  }
}

const MOST_SEEDS = 4

/** Violations that differ only in numbers are one class. */
function printFailures(failures: readonly Failure[]): void {
  const seeds = new Set(failures.map(({ seed }) => seed))
  console.log(`\n${seeds.size} runs violated an invariant`)
  const byInvariant = Map.groupBy(failures, ({ invariant }) => invariant)
  for (const [invariant, all] of bySize(byInvariant)) {
    console.log(`\n${String(all.length).padStart(8)}  ${invariant}`)
    for (const [problem, same] of bySize(Map.groupBy(all, toClass))) {
      const examples = same.slice(0, MOST_SEEDS).map(({ seed }) => seed)
      console.log(`${String(same.length).padStart(12)}  ${problem}\n                seeds ${examples.join(' ')}`)
    }
  }
  if (seeds.size > 0) process.exitCode = 1
}

function toClass({ problem }: Failure): string {
  const words = problem
    .replace(/PATCH \{.*\}:/, 'PATCH …:')
    .replace(/\{".*\}/, '…')
    .replace(/\d+(\.\d+)?/g, 'N')
  return words.slice(0, 110)
}

function bySize<T>(groups: ReadonlyMap<string, readonly T[]>): [string, readonly T[]][] {
  return [...groups].sort((left, right) => right[1].length - left[1].length)
}

/** One run with its whole trace, and the plainest plan that violates the same. */
async function replay(plan: RunPlan): Promise<void> {
  const witness = await execute(plan)
  console.log(`${toPlanText(plan)}\n\n${toTrace(witness, true)}`)
  const violations = findViolations(witness)
  for (const { invariant, problem } of violations) {
    const smallest = await shrinkPlan(plan, invariant)
    const again = await execute(smallest)
    const now = findViolations(again).find((violation) => violation.invariant === invariant)
    console.log(`\nviolated: ${invariant}: ${problem}`)
    console.log(`\nthe plainest plan that violates it: ${now?.problem}\n${toPlanText(smallest)}\n\n${toTrace(again)}`)
  }
  if (violations.length > 0) process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      plan: { type: 'string' },
      first: { type: 'string' },
      runs: { type: 'string' },
      workers: { type: 'string' },
    },
  })
  if (values.seed !== undefined) return replay(generatePlan(Number(values.seed)))
  if (values.plan !== undefined) return replay(toPlan(JSON.parse(values.plan) as PlanParts))
  const runs = Number(values.runs ?? process.env.STORIES ?? 100_000)
  // Other seeds each time: a failure names its own.
  const firstSeed = Number(values.first ?? Date.now() % 1_000_000_000)
  await runAll(firstSeed, runs, Number(values.workers ?? availableParallelism()))
}

if (isMainThread) await main()
else parentPort?.postMessage(await runBatch(workerData as Batch))
