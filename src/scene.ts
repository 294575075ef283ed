import type { ClusterApi, ClusterRead } from './api/client.js'
import type { Sighting } from './domain/awaited.js'
import { type AskedField, askedFields } from './domain/change.js'
import { phaseKind } from './domain/cluster.js'
import { pollDelayMs } from './domain/pace.js'
import type { Task } from './domain/task.js'
import { Ended, NEXT_STEPS } from './endings.js'
import { Journal } from './journal.js'
import { Patience } from './patience.js'
import { Reader } from './reads.js'
import type { Clock, Log } from './runtime.js'

/** What a run is given from outside. */
export interface World {
  readonly api: ClusterApi
  readonly clock: Clock
  readonly log: Log
}

/** One run's task and everything it works with, for whoever tells a part of its story. */
export interface Scene extends World {
  readonly task: Task
  readonly fields: readonly AskedField[]
  readonly patience: Patience
  readonly journal: Journal
  readonly reader: Reader
}

/** Sets the scene: from here on the run's time passes. */
export function createScene(task: Task, world: World): Scene {
  const patience = new Patience(world.clock, task.timeoutMs)
  const journal = new Journal(world.log, patience, task.timeoutMs / 3)
  const reader = new Reader(world.api, patience, journal)
  return { ...world, task, fields: askedFields(task.desired), patience, journal, reader }
}

/** Takes a read in. Gives whether it is news: an older replica's is not. */
export function takeIn({ journal }: Scene, read: ClusterRead): boolean {
  const standing = journal.sight(read)
  if (standing !== 'recreated') return standing === 'fresh'
  const message = `The name ${read.cluster.name} was given to a new cluster, created ${read.cluster.createdAt}`
  throw new Ended({ result: 'failed', reason: 'deleted', message, hint: NEXT_STEPS.deleted })
}

/** Ends the run where a cluster is being deleted. */
export function refuseGone({ cluster }: ClusterRead): void {
  if (phaseKind(cluster.phase) !== 'going') return
  const message = `The cluster is ${cluster.phase}`
  throw new Ended({ result: 'failed', reason: 'deleted', message, hint: NEXT_STEPS.deleted })
}

const READS_TO_BELIEVE_A_GAP = 5

/** Whether the read just taken in can be planned from: it shows all of the spec that was ever shown, or the gap has lasted. */
export function isPlannable({ journal }: Scene): boolean {
  return journal.partialReads === 0 || journal.partialReads >= READS_TO_BELIEVE_A_GAP
}

/** Lets time pass before the next poll; `sinceMs` is when this wait began. */
export async function pauseForPoll({ task, clock, patience, journal }: Scene, sinceMs: number): Promise<void> {
  await patience.pause(pollDelayMs(clock.nowMs() - sinceMs, task.pollIntervalMs, clock.random()), journal)
}

/** A read as the judgement of progress takes it: with the time it arrived. */
export function toSighting({ clock }: Scene, { cluster }: ClusterRead): Sighting {
  return { cluster, atMs: clock.nowMs() }
}
