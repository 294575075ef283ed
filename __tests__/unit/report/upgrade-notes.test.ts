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

  test.each<Partial<Outcome>>([
    { result: 'planned' },
    { result: 'converged' },
    { result: 'failed', reason: 'refused', kind: 'refused' },
    { result: 'failed', reason: 'rolled-back', kind: 'rolled-back' },
  ])('of %j it stands below the change', (ending) => {
    const plan = toPlan({ version: '1.32' })
    const outcome = toOutcome({ ...ending, plan, first: cluster, last: cluster })
    const sections = toSummarySections(outcome, { tenant: 'acme', cluster: 'production' })
    const at = sections.findIndex((section) => section.startsWith('**Kubernetes 1.32:**'))
    expect(sections[at - 1]).toMatch(/^\| {2}\| /)
    expect(sections.slice(0, 2).join('')).not.toMatch(/CHANGELOG|allow-downgrade/)
  })
})
