import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectWhole, runStep } from '../support/process.js'
import { type RunningSimulator, startSimulator } from '../support/simulators.js'

let kupe: RunningSimulator

beforeAll(async () => {
  kupe = await startSimulator()
})
afterAll(async () => {
  await kupe.close()
})

const plan = () => ({ ...kupe.inputs, mode: 'plan', cpu: '8' })
const wrongKey = () => ({ ...plan(), 'api-key': 'kupe_wrong_0123456789' })

describe('the job summary', () => {
  test('is written on a failure, too', async () => {
    const step = await runStep({ inputs: wrongKey() })
    expectWhole(step)
    expect(step.summary).toMatch(/^## .*the key was not accepted/)
    expect(step.summary).toContain('What to do next')
    expect(step.summary).toContain('https://github.com/octo-org/infra/actions/runs/4711')
  })

  test.each([
    ['a path that is no file', '/proc/nowhere/summary'],
    ['a directory', '/'],
  ])('that cannot be written (%s) is a warning and changes no result', async (_, path) => {
    const green = await runStep({ inputs: plan(), env: { GITHUB_STEP_SUMMARY: path } })
    expect([green.code, green.outputs.result, green.errors]).toEqual([0, 'planned', []])
    expect(green.warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/summary/i)])
    const red = await runStep({ inputs: wrongKey(), env: { GITHUB_STEP_SUMMARY: path } })
    expect([red.code, red.outputs['failure-reason'], red.errors.length]).toEqual([1, 'unauthorized', 1])
  })

  test.each([[undefined], ['']])('without a file to write it to (%j) the result stands', async (path) => {
    const step = await runStep({ inputs: plan(), env: { GITHUB_STEP_SUMMARY: path } })
    expect([step.code, step.outputs.result, step.errors]).toEqual([0, 'planned', []])
    expect(step.outputs['summary-markdown']).toMatch(/^## /)
  })

  test.each([['false'], ['False'], ['FALSE']])(
    'is left out with job-summary %s; the output has it all the same',
    async (value) => {
      const step = await runStep({ inputs: { ...plan(), 'job-summary': value } })
      expect([step.code, step.summary]).toEqual([0, ''])
      expect(step.outputs['summary-markdown']).toMatch(/^## .*Plan for acme/)
    },
  )

  test('is appended to what the step has already written', async () => {
    const step = await runStep({ inputs: plan() })
    expect(step.summary.match(/^## /gm)).toHaveLength(1)
    expect(step.summary.endsWith('\n')).toBe(true)
  })
})

describe('the outputs', () => {
  test.each([
    ['no file named', undefined],
    ['an empty name', ''],
    ['a file that is not there', '/proc/nowhere/output'],
    ['a directory', '/'],
  ])('%s: the step is red and says why, once', async (_, path) => {
    const env = { GITHUB_OUTPUT: path }
    for (const [inputs, words] of [
      [plan(), /output/i],
      [wrongKey(), /401/],
    ] as const) {
      const { code, errors, warnings, commands } = await runStep({ inputs, env })
      const said = [...errors, ...warnings].map(({ message }) => message)
      expect(code).toBe(1)
      expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(words)])
      expect(said.join()).toMatch(/output/i)
      expect(commands.map(({ name }) => name)).not.toContain('set-output')
    }
  })

  test('need none of the other variables of the runner', async () => {
    const names = [
      'GITHUB_ENV',
      'GITHUB_PATH',
      'GITHUB_STATE',
      'GITHUB_REPOSITORY',
      'GITHUB_RUN_ID',
      'GITHUB_RUN_ATTEMPT',
      'GITHUB_SERVER_URL',
    ]
    const env = Object.fromEntries(names.map((name) => [name, undefined]))
    const step = await runStep({ inputs: plan(), env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(step.summary).not.toContain('undefined')
    expect(kupe.simulator.requests.at(-1)?.headers['user-agent']).toMatch(/^kupe-cluster-action\/\S+ \(.*\)$/)
    expect(kupe.simulator.requests.at(-1)?.headers['user-agent']).not.toMatch(/undefined/)
  })

  test('that are huge stay whole: the cluster as scalars, the summary cut at a line', async () => {
    const huge = await startSimulator()
    const note = 'n'.repeat(2_000)
    const conditions = Array.from({ length: 400 }, (_, index) => ({
      type: `T${index}`,
      status: 'False',
      message: note,
    }))
    huge.simulator.inject(
      { times: Number.POSITIVE_INFINITY },
      { kind: 'edit', edit: (object) => ({ ...object, status: { ...(object.status as object), conditions } }) },
    )
    const step = await runStep({ inputs: { ...huge.inputs, mode: 'plan', cpu: '8' } })
    await huge.close()
    expectWhole(step)
    expect(Buffer.byteLength(step.outputs.cluster ?? '')).toBeLessThanOrEqual(64 * 1024)
    expect(JSON.parse(step.outputs.cluster ?? '')).toMatchObject({
      name: 'production',
      resources: { cpu: '4' },
      status: { phase: 'Running', kubernetesVersion: 'v1.31.9' },
    })
    expect(Buffer.byteLength(step.outputs['summary-markdown'] ?? '')).toBeLessThanOrEqual(64 * 1024)
    expect(Buffer.byteLength(step.summary)).toBeLessThan(1024 * 1024)
  })
})
