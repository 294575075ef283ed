import type { DesiredChange } from '../domain/change.js'
import { mapResources, RESOURCE_NAMES } from '../domain/resources.js'
import type { Task } from '../domain/task.js'
import { readAlerts } from './alerts.js'
import { parseResource } from './quantities.js'
import type { InputReader } from './reader.js'
import { parseVersionInput } from './versions.js'

const CHANGE_INPUTS = ['version', ...RESOURCE_NAMES, 'alerts'] as const

/** Reads what the cluster is to become; what was not given, or is empty, stays absent. */
export async function readDesired(read: InputReader, mode: Task['mode'] | undefined): Promise<DesiredChange> {
  const mustChange = mode === 'apply' || mode === 'plan'
  if (mustChange && CHANGE_INPUTS.every((name) => read.text(name) === undefined)) {
    const reason = `is missing: mode ${mode} needs at least one of ${CHANGE_INPUTS.join(', ')}`
    read.problems.push({ input: 'a change', reason, example: 'version: "1.32"' })
  }
  const version = read.read('version', parseVersionInput)
  const alerts = await readAlerts(read)
  return {
    ...(version === undefined ? {} : { version }),
    ...mapResources((name) => read.read(name, parseResource(name))),
    ...(alerts === undefined ? {} : { alerts }),
  }
}
