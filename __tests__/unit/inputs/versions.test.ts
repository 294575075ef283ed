import { describe, expect, test } from '@jest/globals'
import { parseVersionInput } from '../../../src/inputs/versions.js'

test.each([
  ['1.32', '1.32'],
  ['v1.32', '1.32'],
  ['1.32.3', '1.32.3'],
  ['v1.32.3+k3s1', '1.32.3'],
])('%s is sent as %s', (text, value) => {
  expect(parseVersionInput(text)).toEqual({ value })
})

describe('what was probably meant', () => {
  test.each([
    ['1.32.x', '1.32'],
    ['1.32.X', '1.32'],
    ['1.32.*', '1.32'],
    ['1.32x', '1.32'],
    ['1.32.', '1.32'],
    ['1,32', '1.32'],
    ['1,32,3', '1.32.3'],
    ['V1.32', '1.32'],
    ['vv1.32', '1.32'],
    ['v 1.32', '1.32'],
    ['v.1.32', '1.32'],
    ['"1.32"', '1.32'],
    ["'v1.32.3'", '1.32.3'],
    ['k8s 1.32', '1.32'],
    ['k8s-1.32', '1.32'],
    ['k8s-v1.32.3', '1.32.3'],
    ['Kubernetes 1.32', '1.32'],
    ['kubernetes: v1.32', '1.32'],
    ['version=1.32', '1.32'],
    ['>=1.32', '1.32'],
    ['~1.32.1', '1.32.1'],
    ['^ 1.32', '1.32'],
    ['=1.32', '1.32'],
    ['1.32.3-rc.1', '1.32.3'],
    ['1.32-gke.100', '1.32'],
    ['v1.32.3-eks-abc+x y', '1.32.3'],
    ['1.032', '1.32'],
    ['01.32.03', '1.32.3'],
    ['32', '1.32'],
    ['1.3', '1.30'],
    ['v1.2', '1.20'],
  ])('%s: %s', (text, repaired) => {
    expect(parseVersionInput(text)).toEqual({ reason: expect.any(String), repaired: [repaired] })
  })

  test.each([
    'latest',
    'stable',
    '1',
    '3',
    '132',
    '1.1',
    '1.19',
    '1.32.3.4',
    '1..32',
    '1.3.1',
    '1.3.x',
    '-1.32x1',
    '1.32.x.y',
    '',
    '10',
    'abc1.32',
  ])('%j cannot be guessed', (text) => {
    expect(parseVersionInput(text)).toEqual({ reason: expect.any(String) })
  })
})
