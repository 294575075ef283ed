import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import {
  canonicalVersion,
  coversVersion,
  isBelow,
  isSameVersion,
  isVersionMet,
  parseVersion,
  problemOfVersion,
  skipsMinor,
  toSentVersion,
  type Version,
} from '../../../src/domain/version.js'

function read(text: string): Version {
  const version = parseVersion(text)
  if (version === undefined) throw new Error(`${text} was not read`)
  return version
}

describe('parseVersion', () => {
  test.each([
    ['1.32', { major: 1, minor: 32 }],
    ['v1.32', { major: 1, minor: 32 }],
    ['1.32.0', { major: 1, minor: 32, patch: 0 }],
    ['v1.32.3', { major: 1, minor: 32, patch: 3 }],
    ['v1.32.3+k3s1', { major: 1, minor: 32, patch: 3 }],
    ['v1.32.3-gke.1006000', { major: 1, minor: 32, patch: 3 }],
    ['v1.32.3-rc.1+build.5', { major: 1, minor: 32, patch: 3 }],
    ['1.32+', { major: 1, minor: 32 }],
    ['1.9', { major: 1, minor: 9 }],
  ])('%s', (text, version) => {
    expect(parseVersion(text)).toEqual(version)
  })

  test.each([
    [''],
    ['1'],
    ['v1'],
    ['V1.32'],
    ['1.32.'],
    ['1.32.3.4'],
    ['1..32'],
    ['vv1.32'],
    [' 1.32'],
    ['1.32 '],
    ['1,32'],
    ['latest'],
  ])('%j is no version', (text) => {
    expect(parseVersion(text)).toBeUndefined()
  })
})

describe('a requested version', () => {
  test.each([
    ['1.32'],
    ['v1.32'],
    ['1.32.3'],
    ['v1.32.0'],
    ['1.20'],
    ['1.100'],
    ['v1.32.3+k3s1'],
    ['1.32+'],
    ['1.32.3+rke2r1.build-5'],
  ])('%s is fine', (text) => {
    expect(problemOfVersion(text)).toBeUndefined()
  })

  test.each([['1.3'], ['v1.3'], ['1.2'], ['1.19'], ['1.3.1'], ['1.0'], ['1.3+k3s1']])(
    '%s smells of an unquoted number',
    (text) => {
      expect(problemOfVersion(text)).toContain('quote')
      expect(problemOfVersion(text)).toContain('YAML')
    },
  )

  test.each([
    ['1'],
    ['V1.32'],
    ['1.32.'],
    ['1.32-rc1'],
    ['1.32.3+k3s1 x'],
    ['1.32.3-rc.1+k3s1'],
    ['1.032'],
    ['01.32'],
    ['1.32.3.4'],
    ['latest'],
    ['1.32.x'],
    ['>=1.32'],
  ])('%s is no version', (text) => {
    expect(problemOfVersion(text)).toContain('is not a Kubernetes version')
  })

  test.each([
    ['v1.32', '1.32'],
    ['1.32.3', '1.32.3'],
    ['v1.32.3+k3s1', '1.32.3'],
    ['1.32+', '1.32'],
  ])('%s is sent as %s', (text, sent) => {
    expect(toSentVersion(text)).toBe(sent)
  })
})

describe('isSameVersion', () => {
  test.each([
    ['v1.32', '1.32', true],
    ['v1.32.3', '1.32.3', true],
    ['1.32.3+k3s1', 'v1.32.3-gke.4', true],
    ['1.32', '1.32.0', false],
    ['1.32', '1.33', false],
    ['1.32', '2.32', false],
    ['1.3', '1.30', false],
    ['latest', 'latest', true],
    ['latest', 'Latest', false],
    ['latest', '1.32', false],
    [undefined, undefined, true],
    [undefined, '1.32', false],
    ['1.32', undefined, false],
  ])('%s and %s: %s', (left, right, same) => {
    expect(isSameVersion(left, right)).toBe(same)
    expect(isSameVersion(right, left)).toBe(same)
  })
})

describe('coversVersion', () => {
  test.each([
    ['1.32', 'v1.32.3', true],
    ['1.32', '1.32', true],
    ['1.32.3', 'v1.32.3', true],
    ['1.32.3', 'v1.32.4', false],
    ['1.32.3', '1.32', false],
    ['1.32', 'v1.31.9', false],
    ['1.3', 'v1.30.1', false],
    ['1.32', 'v2.32.3', false],
    ['latest', 'latest', true],
    ['1.32', 'latest', false],
  ])('%s covers %s: %s', (wanted, actual, covers) => {
    expect(coversVersion(wanted, actual)).toBe(covers)
  })
})

describe('isVersionMet, by what is asked, desired and running', () => {
  test.each([
    ['1.32', '1.32', 'v1.31.5', true],
    ['1.32', 'v1.32', undefined, true],
    ['1.32', '1.32.7', 'v1.31.5', true],
    ['1.32', '1.31', 'v1.32.1', false],
    ['1.32', undefined, 'v1.32.1', false],
    ['1.32.3', '1.32.3', 'v1.31.5', true],
    ['1.32.3', 'v1.32.3+k3s1', undefined, true],
    ['1.32.3', '1.32', 'v1.32.3', true],
    ['1.32.3', '1.32', 'v1.32.4', false],
    ['1.32.3', '1.32', undefined, false],
    ['1.32.3', '1.33', 'v1.32.3', false],
    ['1.32.3', '1.32.4', 'v1.32.3', false],
    ['1.32.3', undefined, 'v1.32.3', false],
  ])('%s, %s, %s: %s', (asked, desired, running, met) => {
    expect(isVersionMet(asked, desired, running)).toBe(met)
  })
})

describe('isBelow counts patches only where both name one', () => {
  test.each([
    ['1.31', '1.32', true],
    ['1.9', '1.10', true],
    ['1.32', '2.0', true],
    ['1.32', '1.32', false],
    ['1.32', '1.31', false],
    ['2.0', '1.99', false],
    ['1.32.2', '1.32.3', true],
    ['1.32.9', '1.32.10', true],
    ['1.32.3', '1.32.3', false],
    ['1.32.3', '1.32.2', false],
    ['1.32', '1.32.3', false],
    ['1.32.3', '1.32', false],
  ])('%s below %s: %s', (asked, other, below) => {
    expect(isBelow(read(asked), read(other))).toBe(below)
  })
})

describe('skipsMinor', () => {
  test.each([
    ['1.31', '1.32', false],
    ['1.31.9', '1.32.0', false],
    ['1.31', '1.33', true],
    ['1.31', '1.31', false],
    ['1.31', '1.29', false],
    ['1.31', '2.0', true],
    ['2.0', '1.31', false],
  ])('from %s to %s: %s', (from, to, skips) => {
    expect(skipsMinor(read(from), read(to))).toBe(skips)
  })
})

describe('for all versions', () => {
  const numbers = fc.nat({ max: 120 })
  const versions = fc.record({ major: numbers, minor: numbers, patch: fc.option(numbers, { nil: undefined }) })
  const toText = ({ major, minor, patch }: { major: number; minor: number; patch: number | undefined }) =>
    `${major}.${minor}${patch === undefined ? '' : `.${patch}`}`

  test('a `v` and what follows + or - make no difference', () => {
    const tails = fc.constantFrom('', '+k3s1', '-gke.5', '-rc.1+x', '-1.33', '+1.33.9')
    fc.assert(
      fc.property(versions, tails, (version, tail) => {
        expect(isSameVersion(`v${toText(version)}${tail}`, toText(version))).toBe(true)
        expect(canonicalVersion(`v${toText(version)}${tail}`)).toBe(toText(version))
      }),
    )
  })

  test('two texts are the same version exactly where all their numbers are', () => {
    const near = fc.record({
      major: fc.constantFrom(1, 2),
      minor: fc.constantFrom(3, 30, 31),
      patch: fc.constantFrom(undefined, 0, 1),
    })
    fc.assert(
      fc.property(near, near, (left, right) => {
        const isSame = left.major === right.major && left.minor === right.minor && left.patch === right.patch
        expect(isSameVersion(toText(left), toText(right))).toBe(isSame)
      }),
    )
  })

  test('below is an order: never both ways, and one way where minors differ', () => {
    fc.assert(
      fc.property(versions, versions, (left, right) => {
        const [one, other] = [read(toText(left)), read(toText(right))]
        const both = [isBelow(one, other), isBelow(other, one)]
        expect(both).not.toEqual([true, true])
        if (left.major !== right.major || left.minor !== right.minor) expect(both).toContain(true)
      }),
    )
  })

  test('a minor covers all its patches, a patch only itself', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (minor, patch, other) => {
        expect(coversVersion(`1.${minor}`, `v1.${minor}.${patch}`)).toBe(true)
        expect(coversVersion(`1.${minor}.${other}`, `v1.${minor}.${patch}`)).toBe(other === patch)
      }),
    )
  })
})
