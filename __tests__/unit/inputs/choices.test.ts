import { describe, expect, test } from '@jest/globals'
import { parseBoolean, parseChoice } from '../../../src/inputs/choices.js'

describe('parseBoolean', () => {
  test.each([
    ['true', true],
    ['True', true],
    ['TRUE', true],
    ['false', false],
    ['False', false],
    ['FALSE', false],
  ])('%s is %s', (text, value) => {
    expect(parseBoolean(text)).toEqual({ value })
  })

  test.each([
    ['yes', 'true'],
    ['Yes', 'true'],
    ['on', 'true'],
    ['y', 'true'],
    ['t', 'true'],
    ['1', 'true'],
    ['enabled', 'true'],
    ['tRUE', 'true'],
    ['"true"', 'true'],
    ['ture', 'true'],
    ['tru', 'true'],
    ['truee', 'true'],
    ['xtrue', 'true'],
    ['no', 'false'],
    ['NO', 'false'],
    ['off', 'false'],
    ['n', 'false'],
    ['f', 'false'],
    ['0', 'false'],
    ['disabled', 'false'],
    ['never', 'false'],
    ['fasle', 'false'],
    ['falsey', 'false'],
    ['xfalse', 'false'],
  ])('%s is an error that suggests %s', (text, repaired) => {
    expect(parseBoolean(text)).toEqual({ reason: 'is neither true nor false', repaired: [repaired] })
  })

  test.each(['maybe', 'null', '2', 'yesno', '01'])('%s is an error without a guess', (text) => {
    expect(parseBoolean(text)).toEqual({ reason: 'is neither true nor false' })
  })
})

describe('parseChoice', () => {
  const parse = parseChoice(['wait', 'fail'], { queue: 'wait', stop: 'fail' })

  test.each(['wait', 'fail'])('%s', (text) => {
    expect(parse(text)).toEqual({ value: text })
  })

  test.each([
    ['Wait', 'wait'],
    ['FAIL', 'fail'],
    ['"fail"', 'fail'],
    ['fial', 'fail'],
    ['wai', 'wait'],
    ['queue', 'wait'],
    ['Stop', 'fail'],
  ])('%s is an error that suggests %s', (text, repaired) => {
    expect(parse(text)).toEqual({ reason: 'is none of wait, fail', repaired: [repaired] })
  })

  test.each(['wait,fail', 'constructor', 'retry', 'w'])('%s is an error without a guess', (text) => {
    expect(parse(text)).toEqual({ reason: 'is none of wait, fail' })
  })
})
