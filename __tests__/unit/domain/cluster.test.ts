import { describe, expect, test } from '@jest/globals'
import { type PhaseKind, phaseKind } from '../../../src/domain/cluster.js'

describe('the kinds of phases', () => {
  test.each<[phase: string | undefined, kind: PhaseKind]>([
    ['Running', 'running'],
    ['Pending', 'busy'],
    ['Provisioning', 'busy'],
    ['Upgrading', 'busy'],
    ['Degraded', 'degraded'],
    ['Terminating', 'terminating'],
    ['Deleting', 'terminating'],
    ['Migrating', 'unknown'],
    ['running', 'unknown'],
    ['toString', 'unknown'],
    [undefined, 'absent'],
  ])('%s is %s', (phase, kind) => {
    expect(phaseKind(phase)).toBe(kind)
  })
})
