import { bareVersion, isObject, toAmount } from './asked.js'
import { ClusterState, isSameText, type Snapshot } from './cluster-state.js'
import { Operator, runningVersionFor } from './operator.js'
import type { Json, JsonObject, PlannedCluster, ServerBehaviour, Spec, SpecPatch } from './plan.js'

export const CLUSTER_NAME = 'production'

/** What must never be shown, wherever the server repeats it. */
export const SECRETS = {
  key: 'kupe_acme_7f3b9c21d05e44aa',
  /** In the alerts that are there, in those that are asked for, and in those that a rival writes. */
  live: 'T0p5ecret-live-hook-4411',
  asked: 'T0p5ecret-asked-hook-9921',
  rival: 'T0p5ecret-rival-hook-7313',
} as const

export type Writer = 'us' | 'rival' | 'platform'

/** One change of the spec, by whomever. */
export interface SpecWrite {
  readonly atMs: number
  readonly writer: Writer
  /** Which PATCH of the run it was, counted from 0. */
  readonly patch: number | undefined
  readonly before: Spec
  readonly after: Spec
  /** The version that ran then. */
  readonly running: string
}

/** An answer of the server itself, before anything on the way spoils it. */
export interface Reply {
  readonly status: number
  readonly body: string
  readonly etag: string | undefined
  /** The moment of the cluster's life that it shows. */
  readonly depicts: Snapshot
  readonly isStale: boolean
}

export interface PatchRequest {
  readonly body: string
  readonly ifMatch: string | undefined
  readonly index: number
}

/**
 * One cluster and its API, written from the documentation and from what that leaves open; it shares no code with the action or
 * the simulator. It remembers its whole life, so that what a run claims can be held against what was.
 */
export class Model {
  readonly state: ClusterState
  readonly writes: SpecWrite[] = []
  private readonly operator: Operator

  constructor(
    private readonly cluster: PlannedCluster,
    private readonly server: ServerBehaviour,
  ) {
    const startMs = -Math.max(0, ...cluster.before.map(({ agoMs }) => agoMs)) - 1
    this.state = new ClusterState(server, this.toNewCluster(startMs, '2026-02-01T14:00:00Z', cluster.generation))
    this.operator = new Operator(this.state, server, (version) => this.write('platform', { version }))
    for (const { agoMs, patch } of cluster.before) this.state.at(-agoMs, () => this.writeAsRival(patch))
    this.state.advanceTo(0)
  }

  /** The current ETag, as a read now would give it. */
  get etag(): string {
    return this.etagOf(this.state.current, this.state.nowMs)
  }

  /** Answers a GET from how things stood `lagMs` ago. */
  read(lagMs: number): Reply {
    const { current, nowMs } = this.state
    const depicts = lagMs === 0 ? current : this.state.snapshotAt(nowMs - lagMs)
    const isStale = depicts !== current
    if (!depicts.exists) return { ...this.toError(404, 'cluster not found'), depicts, isStale }
    const etag = this.server.givesEtags === 'never' ? undefined : this.etagOf(depicts, nowMs - lagMs)
    return { status: 200, body: JSON.stringify(this.toObject(depicts)), etag, depicts, isStale }
  }

  /** Carries out a PATCH of the run, or refuses it. */
  patch({ body, ifMatch, index }: PatchRequest): Reply {
    const before = this.state.current
    if (!before.exists) return this.toError(404, 'cluster not found')
    if (ifMatch !== undefined && ifMatch !== this.etag) {
      return this.toError(this.server.mismatchStatus, 'the object has been modified')
    }
    const patch = JSON.parse(body) as SpecPatch
    const problem = this.problemOf(patch)
    if (problem !== undefined) return this.toError(400, problem)
    const { phase } = before.published
    if (this.server.refusesWhileBusy && (phase === 'Upgrading' || phase === 'Provisioning')) {
      return this.toError(409, 'another operation is in progress')
    }
    this.write('us', patch, index)
    return this.toPatchAnswer(before)
  }

  // ---- what others do ----

  /** Somebody else's PATCH: it is checked as ours are. */
  writeAsRival(patch: SpecPatch): void {
    if (this.problemOf(patch) === undefined) this.write('rival', patch)
  }

  /** Sets the values that a PATCH of the run changed back to what they were. */
  revert(): void {
    const ours = this.writes.findLast(({ writer }) => writer === 'us')
    if (ours === undefined) return
    const { version, resources, alerts } = ours.before
    const { spec } = this.state.current
    const patch = {
      ...(version === undefined || version === spec.version ? {} : { version }),
      ...(isSameText(resources, spec.resources) ? {} : { resources }),
      ...(alerts === undefined || isSameText(alerts, spec.alerts) ? {} : { alerts }),
    }
    if (Object.keys(patch).length > 0) this.write('rival', patch)
  }

  hideStatus(forMs: number): void {
    this.state.publish({ hasStatus: false })
    this.state.after(forMs, () => this.state.publish({ hasStatus: true }))
  }

  stopOperator(): void {
    this.operator.stop()
  }

  moveRunningVersion(running: string): void {
    this.state.note(`the platform moves the running version to ${running}`)
    this.state.change({ running })
    this.state.publishLater(this.server.versionLagMs, { kubernetesVersion: running })
  }

  addCondition(condition: JsonObject): void {
    this.state.publish({ conditions: [...this.state.current.published.conditions, condition] })
  }

  delete(terminatingMs: number, recreatedAfterMs: number | null): void {
    if (!this.state.current.exists) return
    this.operator.stop()
    this.state.terminate()
    this.state.after(terminatingMs, () => {
      this.state.note('the cluster is gone')
      this.state.change({ exists: false })
    })
    if (recreatedAfterMs === null) return
    this.state.after(terminatingMs + recreatedAfterMs, () => {
      this.state.note('a new cluster has the name')
      this.operator.restart()
      this.state.recreate(this.toNewCluster(this.state.nowMs, this.nextCreatedAt(), 1))
    })
  }

  private nextCreatedAt(): string {
    return new Date(Date.parse(this.state.current.createdAt) + 300_000).toISOString().replace('.000', '')
  }

  // ---- the spec ----

  private write(writer: Writer, patch: SpecPatch, index?: number): void {
    const { state, server } = this
    if (!state.current.exists) return
    const { spec: before, running } = state.current
    const after = this.toPatched(before, patch, writer)
    this.writes.push({ atMs: state.nowMs, writer, patch: index, before, after, running })
    const isCounted =
      (server.countsVersion && before.version !== after.version) ||
      (server.countsResources && !isSameText(before.resources, after.resources)) ||
      (server.countsAlerts && !isSameText(before.alerts, after.alerts))
    const generation = state.current.generation + (isCounted ? 1 : 0)
    state.change({ spec: after, generation })
    state.publishLater(server.generationLagMs, { generation })
    if (server.stamps === 'written') state.publishLater(server.observedLagMs, { observedGeneration: generation })
    this.operator.scheduleWork()
    if (writer === 'us') this.scheduleAlteration(patch)
  }

  private toPatched(before: Spec, patch: SpecPatch, writer: Writer): Spec {
    const version = patch.version === undefined ? before.version : this.toVersionForm(patch.version)
    const alerts =
      patch.alerts === undefined ? before.alerts : this.toPatchedAlerts(before.alerts, patch.alerts, writer)
    const resources =
      patch.resources === undefined
        ? before.resources
        : this.toPatchedResources(before.resources, patch.resources, writer)
    return {
      ...(version === undefined ? {} : { version }),
      resources,
      ...(alerts === undefined ? {} : { alerts }),
    }
  }

  private toPatchedResources(before: Spec['resources'], patch: Spec['resources'], writer: Writer): Spec['resources'] {
    const { resourcesMode, altersAfterMs } = this.server
    const isCleared = Object.keys(patch).length === 0
    // Other clients send all that they mean to keep; whether the server replaces is put to the test by our PATCH alone.
    const isReplaced = isCleared || (writer === 'us' && resourcesMode === 'replace')
    const entries = Object.entries(isReplaced ? patch : { ...before, ...patch })
    const resources = Object.fromEntries(entries.map(([name, value]) => [name, this.toQuantityForm(value)]))
    return writer === 'us' && altersAfterMs === 0 ? this.toAltered(resources) : resources
  }

  private toPatchedAlerts(before: JsonObject | undefined, patch: JsonObject, writer: Writer): JsonObject | undefined {
    const isReplaced = writer === 'us' && this.server.alertsMode === 'replace'
    const after = mergePatch(isReplaced ? {} : (before ?? {}), patch)
    return Object.keys(after).length === 0 && !this.server.showsEmptyAlerts ? undefined : after
  }

  private toVersionForm(version: string): string {
    const bare = bareVersion(version)
    const { versionForm } = this.server
    if (versionForm === 'minor') return bare.split('.').slice(0, 2).join('.')
    if (versionForm === 'full') return bareVersion(runningVersionFor(version) ?? version)
    return versionForm === 'with-v' ? `v${bare}` : version
  }

  private toQuantityForm(value: string | number): string | number {
    if (this.server.quantityForm === 'as-sent' || typeof value === 'number') return value
    if (/^\d+000m$/.test(value)) return value.slice(0, -4)
    const [, mebibytes = ''] = /^(\d+)Mi$/.exec(value) ?? []
    return mebibytes !== '' && Number(mebibytes) % 1024 === 0 ? `${Number(mebibytes) / 1024}Gi` : value
  }

  /** What the platform makes of resources that were asked for. */
  private toAltered(resources: Spec['resources']): Spec['resources'] {
    const { alters } = this.server
    const { cpu, memory } = resources
    if (alters === 'limits-cpu' && Number(toAmount(cpu)) > 6) return { ...resources, cpu: '6' }
    if (alters === 'rounds-memory' && memory !== undefined) {
      const gibibytes = Math.ceil(Number(toAmount(memory)) / 2 ** 33) * 8
      return { ...resources, memory: `${gibibytes}Gi` }
    }
    if (alters === 'couples-memory' && cpu !== undefined) {
      return { ...resources, memory: `${Math.ceil(Number(toAmount(cpu)) * 4)}Gi` }
    }
    return resources
  }

  private scheduleAlteration({ resources }: SpecPatch): void {
    const { alters, altersAfterMs } = this.server
    if (alters === 'nothing' || altersAfterMs === 0 || resources === undefined) return
    this.state.after(altersAfterMs, () => {
      const { spec } = this.state.current
      const altered = this.toAltered(spec.resources)
      if (!isSameText(altered, spec.resources)) this.write('platform', { resources: altered })
    })
  }

  private problemOf({ version, resources, alerts }: SpecPatch): string | undefined {
    if (version === undefined && resources === undefined && alerts === undefined) return 'at least one field required'
    if (version !== undefined && runningVersionFor(version) === undefined) {
      return `unsupported Kubernetes version "${version}", supported versions: [1.34.0 1.33.1 1.32.3]`
    }
    const unknown = Object.keys(resources ?? {}).find((name) => !['cpu', 'memory', 'storage'].includes(name))
    return this.server.refusesUnknownNames && unknown !== undefined ? `unknown field "resources.${unknown}"` : undefined
  }

  // ---- answers ----

  private toNewCluster(atMs: number, createdAt: string, generation: number): Snapshot {
    const { version, resources, alerts, running, conditions } = this.cluster
    const spec: Spec = {
      ...(version === undefined ? {} : { version }),
      resources,
      ...(alerts === undefined ? {} : { alerts }),
    }
    const published = {
      generation,
      observedGeneration: generation,
      phase: 'Running',
      kubernetesVersion: running,
      hasStatus: true,
      conditions,
    }
    return { atMs, exists: true, createdAt, spec, generation, carriedOut: spec, running, published, revision: 1_000 }
  }

  private etagOf({ revision }: Snapshot, atMs: number): string {
    const { statusWriteEveryMs, etagStyle } = this.server
    const beats = statusWriteEveryMs === 0 ? 0 : Math.floor(Math.max(0, atMs) / statusWriteEveryMs)
    const text = beats === 0 ? String(revision) : `${revision}${String(beats).padStart(4, '0')}`
    if (etagStyle === 'bare') return text
    return etagStyle === 'weak' ? `W/"${text}"` : `"${text}"`
  }

  /** The cluster object as the API writes it. */
  private toObject({ spec, published, createdAt, revision }: Snapshot): JsonObject {
    const { server } = this
    const { alerts = {}, resources } = spec
    const hasAlerts = Object.keys(alerts).length > 0
    const hasResources = Object.keys(resources).length > 0
    return {
      name: CLUSTER_NAME,
      displayName: 'Production',
      type: 'shared',
      ...(spec.version === undefined ? {} : { version: spec.version }),
      ...(hasResources || server.showsEmptyResources ? { resources } : {}),
      ...(hasAlerts || server.showsEmptyAlerts ? { alerts } : {}),
      ...(server.reportsGeneration ? { generation: this.toInteger(published.generation) } : {}),
      resourceVersion: String(revision),
      createdAt,
      ...(server.echoesSecrets ? { warnings: [{ code: 'ECHO', severity: 'warning', message: this.toEcho() }] } : {}),
      ...(published.hasStatus ? { status: this.toStatus(published) } : {}),
    }
  }

  private toStatus(published: Snapshot['published']): JsonObject {
    const { phase, kubernetesVersion, observedGeneration, conditions } = published
    return {
      phase,
      ...(this.server.reportsKubernetesVersion ? { kubernetesVersion } : {}),
      endpoint: 'https://production.acme.kupe.cloud',
      ...(this.server.reportsObserved ? { observedGeneration: this.toInteger(observedGeneration) } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
    }
  }

  private toInteger(value: number): Json {
    return this.server.integersAsText ? String(value) : value
  }

  private toEcho(): string {
    return `token ${SECRETS.key} for ${JSON.stringify(this.state.current.spec.alerts ?? {})}`
  }

  private toError(status: number, message: string): Reply {
    const text = this.server.echoesSecrets ? `${message}: ${this.toEcho()}` : message
    const body = JSON.stringify({ error: text })
    return { status, body, etag: undefined, depicts: this.state.current, isStale: false }
  }

  private toPatchAnswer(before: Snapshot): Reply {
    const { patchAnswer, givesEtags, patchStatus } = this.server
    const isStale = patchAnswer === 'old'
    const depicts = isStale ? before : this.state.current
    const object = this.toObject(depicts)
    const { status: _, ...withoutStatus } = object
    const { generation, ...withoutGeneration } = object
    const bodies = {
      whole: object,
      old: object,
      empty: undefined,
      partial: { name: CLUSTER_NAME, ...(generation === undefined ? {} : { generation }) },
      'no-status': withoutStatus,
      'no-generation': withoutGeneration,
    }
    const body = bodies[patchAnswer]
    return {
      status: patchStatus,
      body: body === undefined ? '' : JSON.stringify(body),
      etag: givesEtags === 'always' && !isStale ? this.etag : undefined,
      depicts,
      isStale,
    }
  }
}

function mergePatch(before: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...before }
  for (const [key, value] of Object.entries(patch)) {
    const inner = merged[key]
    if (value === null) delete merged[key]
    else merged[key] = isObject(value) ? mergePatch(isObject(inner) ? inner : {}, value) : value
  }
  return merged
}
