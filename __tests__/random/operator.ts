import { bareVersion, covers, minorOf } from './asked.js'
import { type ClusterState, isSameText } from './cluster-state.js'
import type { ServerBehaviour, Spec } from './plan.js'

const RUNNING_PATCHES: Readonly<Record<string, string>> = {
  '1.30': 'v1.30.14',
  '1.31': 'v1.31.9',
  '1.32': 'v1.32.3',
  '1.33': 'v1.33.1',
  '1.34': 'v1.34.0',
}

/** The version that comes to run where this one is desired; `undefined` for one that the platform does not know. */
export function runningVersionFor(desired: string): string | undefined {
  const bare = bareVersion(desired)
  const minor = bare.split('.').slice(0, 2).join('.')
  const newest = RUNNING_PATCHES[minor]
  return newest === undefined || bare === minor ? newest : `v${bare}`
}

/** How long an upgrade that left the cluster `Degraded` takes to heal. */
const HEALING_MS = 20_000

/** Carries out what the spec says, one state of it after the other, as a controller does: a change in mid-work comes next. */
export class Operator {
  private isWorking = false
  private isScheduled = false
  private hasStopped = false
  /** The desired version whose upgrade was given up. */
  private gaveUp: string | undefined

  constructor(
    private readonly state: ClusterState,
    private readonly server: ServerBehaviour,
    /** The platform sets the desired version back. */
    private readonly setVersionBack: (version: string) => void,
  ) {}

  stop(): void {
    this.hasStopped = true
    this.state.note('the operator stops')
  }

  /** Begins anew with a new cluster. */
  restart(): void {
    this.hasStopped = false
    this.isWorking = false
    this.isScheduled = false
  }

  /** The spec has changed. */
  scheduleWork(): void {
    if (this.isWorking || this.isScheduled) return
    this.isScheduled = true
    this.later(this.server.startAfterMs, () => {
      this.isScheduled = false
      this.startWork()
    })
  }

  /** The operator's next step, unless it has stopped, or its cluster is gone by then. */
  private later(ms: number, act: () => void): void {
    const { createdAt } = this.state.current
    this.state.after(ms, () => {
      const { exists, createdAt: now } = this.state.current
      if (!this.hasStopped && exists && now === createdAt) act()
    })
  }

  private startWork(): void {
    if (this.isWorking) return
    this.isWorking = true
    const { spec: target, generation } = this.state.current
    const { scalesFirst, stamps, observedLagMs } = this.server
    if (stamps === 'started') this.state.publishLater(observedLagMs, { observedGeneration: generation })
    this.state.note(`the operator begins with generation ${generation}`)
    const finish = () => this.finishWork(target, generation)
    if (scalesFirst) this.scale(target, () => this.upgrade(target, finish))
    else this.upgrade(target, () => this.scale(target, finish))
  }

  private scale({ resources, alerts }: Spec, next: () => void): void {
    const { carriedOut } = this.state.current
    if (isSameText(carriedOut.resources, resources) && isSameText(carriedOut.alerts, alerts)) next()
    else {
      this.later(this.server.scaleMs, () => {
        this.state.note('resources and alerts are carried out')
        this.state.change({ carriedOut: { resources, ...(alerts === undefined ? {} : { alerts }) } })
        next()
      })
    }
  }

  private upgrade({ version }: Spec, next: () => void): void {
    const { running } = this.state.current
    const target = version === undefined ? undefined : runningVersionFor(version)
    const isThere = version === undefined || covers(version, running)
    if (target === undefined || isThere || this.gaveUp === version) next()
    else {
      this.state.note(`the upgrade to ${target} begins`)
      this.state.enterPhase(this.server.upgradePhase)
      this.later(this.server.upgradeMs, () => this.endUpgrade({ version, target, before: running }, next))
    }
  }

  private endUpgrade(
    { version, target, before }: { version: string; target: string; before: string },
    next: () => void,
  ): void {
    const { upgradeFate, versionLagMs } = this.server
    const succeed = () => {
      this.state.note(`${target} runs`)
      this.state.change({ running: target })
      this.state.publishLater(versionLagMs, { kubernetesVersion: target })
      this.state.enterPhase('Running')
      next()
    }
    if (upgradeFate === 'done') succeed()
    if (upgradeFate === 'degraded' || upgradeFate === 'degraded-heals') this.state.enterPhase('Degraded')
    if (upgradeFate === 'degraded-heals') this.later(HEALING_MS, succeed)
    if (upgradeFate === 'rolled-back' || upgradeFate === 'rolled-back-desired') {
      this.state.note('the upgrade is rolled back')
      this.gaveUp = version
      this.state.enterPhase('Running')
      if (upgradeFate === 'rolled-back-desired') this.setVersionBack(`1.${minorOf(before)}`)
      next()
    }
  }

  private finishWork(target: Spec, generation: number): void {
    this.isWorking = false
    const { stamps, observedLagMs } = this.server
    if (stamps === 'done') this.state.publishLater(observedLagMs, { observedGeneration: generation })
    this.state.note(`generation ${generation} is done`)
    if (this.state.current.spec !== target) this.scheduleWork()
  }
}
