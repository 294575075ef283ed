import { describe, expect, test } from '@jest/globals'
import type { Environment } from '../../../src/inputs/reader.js'
import { parseReportInputs } from '../../../src/inputs/report-inputs.js'

describe('the job summary, before the inputs are known to be good', () => {
  test.each([
    [undefined, true],
    ['', true],
    ['true', true],
    ['nonsense', true],
    ['false', false],
    [' FALSE ', false],
    ['False', false],
  ])('%j: %s', (text, wants) => {
    expect(parseReportInputs({ 'INPUT_JOB-SUMMARY': text }).jobSummary).toBe(wants)
  })
})

describe('the comment, before the inputs are known to be good', () => {
  test.each([
    [undefined, false],
    ['', false],
    ['nonsense', false],
    ['false', false],
    ['true', true],
    [' True ', true],
    ['TRUE', true],
    [' changes ', 'changes'],
    ['CHANGES', false],
  ])('%j: %s', (text, wants) => {
    expect(parseReportInputs({ INPUT_COMMENT: text }).comment).toBe(wants)
  })
})

test.each([
  ['plan', true],
  [' plan ', true],
  ['apply', false],
  ['', false],
  [undefined, false],
])('mode %j is to plan: %s', (mode, isPlan) => {
  expect(parseReportInputs({ INPUT_MODE: mode }).isPlan).toBe(isPlan)
})

test('the token of GitHub is trimmed of what no header may carry', () => {
  expect(parseReportInputs({ 'INPUT_GITHUB-TOKEN': ' \ufeffghs_0123456789\u200b\n' }).githubToken).toBe(
    'ghs_0123456789',
  )
})

describe('tenant and cluster are given as they were, right or wrong', () => {
  test.each<[Environment, { tenant: string; cluster: string }]>([
    [{}, { tenant: '', cluster: '' }],
    [
      { INPUT_TENANT: ' a/b ', INPUT_CLUSTER: 'X' },
      { tenant: 'a/b', cluster: 'X' },
    ],
    [
      { INPUT_TENANT: '', KUPE_TENANT: 'acme', KUPE_CLUSTER: 'production' },
      { tenant: 'acme', cluster: 'production' },
    ],
  ])('%j', (env, names) => {
    expect(parseReportInputs(env)).toMatchObject(names)
  })
})
