import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseOutputs } from '../../scripts/runner-environment.mjs'
import { expectWhole, runStep } from '../support/process.js'
import { type RunningSimulator, startSimulator } from '../support/simulators.js'

/** Windows has no limit on the size of a file, and only Linux a file that is always full. */
const testWithLimits: typeof test | (() => void) = process.platform === 'win32' ? () => {} : test
const testOnLinux: typeof test | (() => void) = process.platform === 'linux' ? test : () => {}

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

  describe('a disk that becomes full while they are written', () => {
    testWithLimits(
      'leaves no half of them: the short ones are written anew, and say that the step is red',
      async () => {
        const step = await runStep({ inputs: plan(), largestFileKiB: 1 })
        const lost =
          'Later steps got only result, failure-reason, changed and message from this one. Look at the disk of the runner; then run again, which is safe.'
        expect([step.code, step.outputNames]).toEqual([1, ['result', 'failure-reason', 'changed', 'message']])
        expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'internal', changed: 'false' })
        expect(step.outputs.message).toMatch(/its outputs could not be written\. The run ended planned, but/)
        expect(step.outputs.message?.endsWith(lost)).toBe(true)
        expect(step.errors.map(({ message }) => message)).toEqual([expect.stringContaining(lost)])
        expect(step.warnings[0]?.message).toMatch(/^The outputs could not be written: EFBIG/)
      },
    )

    testWithLimits('leaves a red step its reason, and it says what later steps got', async () => {
      const { code, outputs, errors } = await runStep({ inputs: wrongKey(), largestFileKiB: 1 })
      expect([code, outputs.result, outputs['failure-reason']]).toEqual([1, 'failed', 'unauthorized'])
      expect(errors.map(({ message }) => message)).toEqual([
        expect.stringMatching(/401.*tried only once\. Later steps got only result, failure-reason, changed/s),
      ])
    })

    testWithLimits('keeps what stood in the file before', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kupe-outputs-'))
      const path = join(folder, 'outputs')
      const earlier = 'earlier=yes\n'.repeat(62)
      writeFileSync(path, earlier)
      await runStep({ inputs: plan(), largestFileKiB: 1, env: { GITHUB_OUTPUT: path } })
      const written = readFileSync(path, 'utf8')
      rmSync(folder, { recursive: true })
      expect(written.startsWith(earlier)).toBe(true)
      // There was room for no more.
      expect(parseOutputs(written.slice(earlier.length))).toEqual([
        ['result', 'failed'],
        ['failure-reason', 'internal'],
      ])
    })

    testOnLinux('and that was full before: nothing is written', async () => {
      for (const [inputs, reason] of [
        [plan(), 'outputs could not be written'],
        [wrongKey(), '401'],
      ] as const) {
        const step = await runStep({ inputs, env: { GITHUB_OUTPUT: '/dev/full' } })
        expect([step.code, step.outputFile]).toEqual([1, ''])
        expect(step.errors[0]?.message).toContain(reason)
        for (const text of [step.errors[0]?.message, step.summary]) {
          expect(text).toContain('Later steps got nothing from this one')
        }
        expect(step.warnings.map(({ message }) => message)).toEqual([
          'The outputs could not be written: ENOSPC: no space left on device, write',
        ])
      }
    })
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
