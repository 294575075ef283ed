import { describe, expect, test } from '@jest/globals'
import type { Environment } from '../../../src/inputs/reader.js'
import { namesIn, wantsComment, wantsJobSummary } from '../../../src/inputs.js'

describe('wantsJobSummary, before the inputs are known to be good', () => {
  test.each([
    [undefined, true],
    ['', true],
    ['true', true],
    ['nonsense', true],
    ['false', false],
    [' FALSE ', false],
    ['False', false],
  ])('%j: %s', (text, wants) => {
    expect(wantsJobSummary({ 'INPUT_JOB-SUMMARY': text })).toBe(wants)
  })
})

describe('wantsComment, before the inputs are known to be good', () => {
  test.each([
    [undefined, false],
    ['', false],
    ['nonsense', false],
    ['false', false],
    ['true', true],
    [' True ', true],
    ['TRUE', true],
  ])('%j: %s', (text, wants) => {
    expect(wantsComment({ INPUT_COMMENT: text })).toBe(wants)
  })
})

describe('namesIn gives tenant and cluster as they were given, right or wrong', () => {
  test.each<[Environment, ReturnType<typeof namesIn>]>([
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
    expect(namesIn(env)).toEqual(names)
  })
})
