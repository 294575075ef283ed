// Judges one run by act's log, by what the simulator was asked, and by what the fake services were sent.
import { readFileSync } from 'node:fs'
import { parsePlainYaml } from '../plain-yaml.mjs'
import { differences } from './checks.mjs'
import { GITHUB_TOKEN } from './fake-services.mjs'

const action = parsePlainYaml(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'))
const OUTPUTS = Object.keys(action.outputs).sort()

/** Lists everything that is not as the table has it. */
export function judge(run, { isGreen, jobs, steps, requests, asked, chat, calls, other }) {
  const patches = requests.filter(({ method }) => method === 'PATCH')
  const comments = asked.filter(({ path, method }) => method !== 'GET' && !path.endsWith('/graphql'))
  const shouldBeGreen = run.jobs !== undefined && !Object.values(run.jobs).includes('failure')
  return [
    ...differences('jobs', run.jobs === undefined ? undefined : jobs, run.jobs),
    ...(run.jobs !== undefined && isGreen !== shouldBeGreen
      ? [`the run is ${isGreen ? 'green' : 'red'}: ${other}`]
      : []),
    ...Object.entries(run.steps ?? {}).flatMap(([name, expected]) => stepFaults(name, steps[name], expected)),
    ...Object.entries(steps).flatMap(([name, step]) => actionFaults(name, step, run.withoutSummaries)),
    ...Object.entries(run.says ?? {}).flatMap(([name, text]) =>
      steps[name]?.lines.some((line) => line.trim() === text) ? [] : [`${name} does not say "${text}"`],
    ),
    ...differences(
      'patches',
      byCluster(patches.map(({ cluster, body }) => [cluster, JSON.parse(body)])),
      byCluster(run.patches),
    ),
    ...differences('requests', run.reads === 0 ? requests : [], []),
    ...textFaults('chat', chat, run.chat ?? []),
    ...commentFaults(comments, run.comments ?? []),
    ...textFaults('calls', calls, run.calls ?? []),
    ...Object.entries(run.summaries ?? {}).flatMap(([name, text]) =>
      textFaults(`${name}, summary`, [steps[name]?.summary ?? ''], [text]),
    ),
    ...asked.filter(({ token }) => token !== GITHUB_TOKEN).map(({ call, token }) => `${call} came with "${token}"`),
    ...(run.comments === undefined
      ? differences(
          'calls to GitHub',
          asked.map(({ call }) => call),
          [],
        )
      : []),
    ...(run.check?.({ isGreen, steps, requests }) ?? []),
  ]
}

function stepFaults(name, step, expected) {
  if (step === undefined) return [`${name} did not run`]
  return Object.entries(expected).flatMap(([output, value]) =>
    differences(`${name}, ${output}`, step.outputs[output], value),
  )
}

/** What holds for every step of the action: it has all outputs and a summary, and an error only where it is red, and only one. */
function actionFaults(name, { outputs, summary, lines, result }, withoutSummaries = false) {
  if (outputs.result === undefined) return []
  const errors = lines.filter((line) => line.startsWith('::error')).length
  return [
    ...differences(`${name}, outputs`, Object.keys(outputs).sort(), OUTPUTS),
    ...(summary.startsWith('## ') !== withoutSummaries
      ? []
      : [`${name} wrote ${withoutSummaries ? 'a' : 'no'} summary`]),
    ...(errors > (result === 'failure' ? 1 : 0) ? [`${name} is ${result}, with ${errors} errors`] : []),
  ]
}

/** As many texts as patterns, in their order, and each is matched. */
function textFaults(what, texts, patterns) {
  if (texts.length === patterns.length && patterns.every((pattern, index) => pattern.test(texts[index]))) return []
  return [`${what}: ${JSON.stringify(texts)}, and not ${patterns.join(', ') || 'none'}`]
}

function commentFaults(comments, expected) {
  const methods = comments.map(({ method }) => method)
  return [
    ...differences(
      'comments',
      methods,
      expected.map(([method]) => method),
    ),
    ...expected.flatMap(([, text], index) =>
      text.test(comments[index]?.body.body ?? '') ? [] : [`the comment lacks ${text}`],
    ),
  ]
}

/** The PATCHes to each cluster in their order; the order between clusters does not matter. */
function byCluster(patches) {
  const sent = {}
  for (const [cluster, body] of patches) sent[cluster] = [...(sent[cluster] ?? []), body]
  return sent
}
