import { describe, expect, test } from '@jest/globals'
import type { DesiredChange } from '../../../src/domain/change.js'
import type { Outcome } from '../../../src/domain/outcome.js'
import { toSummarySections } from '../../../src/report/summary.js'
import { toUpgradeNotes } from '../../../src/report/upgrade-notes.js'
import { type ClusterOverrides, toCluster } from '../../support/clusters.js'
import { decodeEntities } from '../../support/markdown.js'
import { toOutcome } from '../../support/outcomes.js'
import { toPlan } from '../../support/plans.js'

const CHANGELOG = 'https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG'
const GUIDE = 'https://kubernetes.io/docs/reference/using-api/deprecation-guide'
const WAY_BACK = 'Going back needs <code>allow-downgrade: true</code>, and the platform may refuse it.'

const notesOf = (desired: DesiredChange, live: ClusterOverrides = {}) =>
  decodeEntities(toUpgradeNotes(toOutcome({ plan: toPlan(desired, { live }) })))

describe('an upgrade from 1.31', () => {
  test.each([
    ['1.32', `[changelog](${CHANGELOG}/CHANGELOG-1.32.md) · [APIs that it no longer serves](${GUIDE}/#v1-32)`, '1.32'],
    [
      '1.32.3',
      `[changelog](${CHANGELOG}/CHANGELOG-1.32.md) · [APIs that it no longer serves](${GUIDE}/#v1-32)`,
      '1.32',
    ],
    ['1.33', `[changelog](${CHANGELOG}/CHANGELOG-1.33.md) · [APIs removed by each release](${GUIDE}/)`, '1.33'],
    ['2.32', `[changelog](${CHANGELOG}/CHANGELOG-2.32.md) · [APIs removed by each release](${GUIDE}/)`, '2.32'],
  ])('to %s links what to read, and says that the way back may be closed', (version, links, minor) => {
    expect(notesOf({ version, cpu: '8' })).toBe(`**Kubernetes ${minor}:** ${links}. ${WAY_BACK}`)
  })
})

test('a patch removes no API', () => {
  expect(notesOf({ version: '1.31.10' }, { version: '1.31.9' })).toBe(
    `**Kubernetes 1.31:** [changelog](${CHANGELOG}/CHANGELOG-1.31.md). ${WAY_BACK}`,
  )
})

test('a downgrade is the way back itself', () => {
  expect(notesOf({ version: '1.29' })).toBe(`**Kubernetes 1.29:** [changelog](${CHANGELOG}/CHANGELOG-1.29.md).`)
})

test.each([undefined, 'latest'])('from a version that cannot be read (%s) it counts as an upgrade', (version) => {
  expect(notesOf({ version: '1.32' }, { version })).toContain(`${GUIDE}/#v1-32`)
})

test.each<DesiredChange>([{}, { cpu: '8' }, { version: '1.31' }])('%j has no version to read about', (desired) => {
  expect(notesOf(desired)).toBe('')
})

describe('in the summary', () => {
  const cluster = toCluster()
  const sectionsOf = (ending: Partial<Outcome>) => {
    const plan = toPlan({ version: '1.32' })
    const outcome = toOutcome({ ...ending, plan, first: cluster, last: cluster })
    return toSummarySections(outcome, { tenant: 'acme', cluster: 'production' })
  }
  const isNotes = (section: string) => section.startsWith('**Kubernetes 1.32:**')

  test.each<Partial<Outcome>>([
    { result: 'planned' },
    { result: 'failed', reason: 'refused', kind: 'refused' },
    { result: 'failed', reason: 'plan-changed', kind: 'plan-not-found' },
  ])('of %j it stands below the change', (ending) => {
    const sections = sectionsOf(ending)
    expect(sections[sections.findIndex(isNotes) - 1]).toMatch(/^\| {2}\| /)
    expect(sections.slice(0, 2).join('')).not.toMatch(/CHANGELOG|allow-downgrade/)
  })

  test.each<Partial<Outcome>>([
    { result: 'converged', sent: { edits: [], wallMs: 0, isCertain: true } },
    { result: 'failed', reason: 'conflict', kind: 'rival' },
    { result: 'failed', reason: 'conflict', kind: 'vanished' },
  ])('of %j there is nothing to be read before it is sent', (ending) => {
    expect(sectionsOf(ending).filter(isNotes)).toEqual([])
  })
})
