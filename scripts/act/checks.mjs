// Checks for what the other fields of an expectation cannot say: each returns a function that lists the faults of a run.
import { isDeepStrictEqual } from 'node:util'

/** Lists how the two differ: in one line, or in none where they are alike. Judging the other fields takes it too. */
export function differences(what, found, expected) {
  if (isDeepStrictEqual(found, expected)) return []
  return [`${what}: ${JSON.stringify(found)}, and not ${JSON.stringify(expected)}`]
}

/** Both steps made the same plan. */
export function sameDigest(one, other) {
  return ({ steps }) =>
    differences('plan-digest', steps[one]?.outputs['plan-digest'], steps[other]?.outputs['plan-digest'])
}

/** The step was left out. */
export function didNotRun(name) {
  return ({ steps }) => differences(name, steps[name], undefined)
}

/** The run is red, and these are the results of these steps, whichever has which. */
export function redWithResults(names, results) {
  return ({ isGreen, steps }) => [
    ...(isGreen ? ['the run is green'] : []),
    ...differences('results', names.map((name) => steps[name]?.outputs.result).sort(), results),
  ]
}

/** No other cluster is touched before the canary, the first, is done, and never more than `most` are under way at once. */
export function canaryFirst(clusters, most) {
  return ({ requests }) => {
    const names = requests.map(({ cluster }) => cluster)
    const spans = clusters.map((name) => ({ name, from: names.indexOf(name), to: names.lastIndexOf(name) }))
    const [canary, ...others] = spans
    const early = others.filter(({ from }) => from < canary.to).map(({ name }) => `${name} did not wait for the canary`)
    const busyAt = names.map((_, index) => spans.filter(({ from, to }) => from <= index && index <= to).length)
    return [...early, ...differences('at once', Math.max(...busyAt), most)]
  }
}
