import { type ClusterState, type ClusterStatus, copy, type Fate, type Step } from './cluster.js'
import { toTimestamp } from './replies.js'
import { fullVersion, minorOf, type Settings } from './settings.js'
import { endpointOf, haStatus, movesGeneration } from './spec.js'

type Change = Step['run']

/** A change of the spec that is to be carried out between two moments. */
export interface PlannedChange {
  /** Whether another version is to run afterwards. */
  upgrade: boolean
  begin: number
  end: number
  before: ClusterState
}

const DEGRADED_TEXT = 'control plane is not ready: 1 of 3 API servers does not answer'

/** The version a cluster will run for what its spec says, written `v1.32.3`: the one it has, if that will do. */
export function targetVersion({ version, status }: ClusterState, settings: Settings): string {
  const running = status.kubernetesVersion
  if (running !== undefined && (version === '' || version === minorOf(running.slice(1)))) return running
  return `v${fullVersion(version || settings.defaultVersion, settings)}`
}

/** What the operator does with a change, each step at its time, for what the change is to come to. */
export function toSteps(fate: Fate, { upgrade, begin, end, before }: PlannedChange, settings: Settings): Step[] {
  const middle = (begin + end) / 2
  const enter = (phase: string | undefined): Step => ({ due: begin, run: (draft) => setPhase(draft, phase) })
  const usual = upgrade ? [enter('Upgrading')] : []
  const done: Step = { due: end, run: complete(settings) }
  const plans: Record<Fate, Step[]> = {
    ok: [...usual, done],
    'upgrade-stays-running': [done],
    'unknown-phase': [enter('Migrating'), done],
    'no-phase': [enter(undefined), done],
    'no-status': [{ due: begin, run: hide }, done],
    stuck: [...usual, { ...done, due: Number.POSITIVE_INFINITY }],
    degraded: [...usual, { due: middle, run: degrade }],
    'degraded-heals': [
      ...usual,
      { due: middle, run: degrade },
      { ...done, due: Math.max(end, middle + settings.degradedMs) },
    ],
    'degraded-blip': [
      ...usual,
      { due: middle, run: degrade },
      { due: (middle + end) / 2, run: recover(upgrade ? 'Upgrading' : 'Running') },
      done,
    ],
    'rolled-back': [...usual, { due: end, run: upgrade ? giveUp : undo(before, settings) }],
    'rolled-back-desired': [...usual, { due: end, run: undo(before, settings) }],
  }
  return plans[fate]
}

/** Finishes whatever is under way: the cluster runs what its spec says. */
export function complete(settings: Settings): Change {
  return (draft) => {
    draft.status.kubernetesVersion = targetVersion(draft, settings)
    settle(draft, { type: 'Ready', status: 'True' })
  }
}

/** The first step of a new cluster. */
export const startBuilding: Change = (draft) => {
  setPhase(draft, 'Provisioning')
}

/** The last step of a new cluster: it runs, and can be reached. */
export function finishBuilding(settings: Settings): Change {
  return (draft) => {
    complete(settings)(draft)
    draft.status.endpoint = endpointOf(draft.name, settings)
    if (draft.highAvailability) Object.assign(draft.status, haStatus('ha-healthy', toTimestamp(settings.date())))
  }
}

export const stampGeneration: Change = (draft) => {
  draft.status.observedGeneration = draft.generation
}

/** The spec goes back to what it was, which is a change of its own. */
function undo(before: ClusterState, settings: Settings): Change {
  return (draft) => {
    const asked = copy(draft)
    draft.version = before.version
    draft.resources = before.resources
    if (before.alerts === undefined) delete draft.alerts
    else draft.alerts = before.alerts
    if (movesGeneration(asked, draft, settings)) draft.generation += 1
    giveUp(draft)
  }
}

const hide: Change = (draft) => {
  draft.statusHidden = true
}

const giveUp: Change = (draft) => {
  settle(draft, {
    type: 'Ready',
    status: 'True',
    reason: 'RolledBack',
    message: 'the change failed and was rolled back',
  })
}

const degrade: Change = (draft) => {
  setPhase(draft, 'Degraded')
  draft.status.conditions = [
    { type: 'Ready', status: 'False', reason: 'ControlPlaneUnhealthy', message: DEGRADED_TEXT },
  ]
}

/** Back from Degraded to what was under way. */
function recover(phase: string): Change {
  return (draft) => {
    setPhase(draft, phase)
    draft.status.conditions = [{ type: 'Ready', status: 'True' }]
  }
}

function settle(draft: ClusterState, condition: NonNullable<ClusterStatus['conditions']>[number]): void {
  draft.statusHidden = false
  setPhase(draft, 'Running')
  stampGeneration(draft)
  draft.status.conditions = [condition]
}

function setPhase(draft: ClusterState, phase: string | undefined): void {
  if (phase === undefined) delete draft.status.phase
  else draft.status.phase = phase
}
