import { type Json, type JsonObject, type PlannedTask, RESOURCE_NAMES, type ResourceName } from './plan.js'

/**
 * What was asked for, and whether it is there: the same questions as the action asks, answered by other code. It knows only the
 * few units and spellings that random runs use.
 */

/** A cluster as far as it can be asked for anything: the server's own state, or what an answer showed. */
export interface View {
  readonly version?: string | undefined
  /** The version that runs. */
  readonly running?: string | undefined
  readonly resources: Readonly<Record<string, unknown>>
  readonly alerts?: JsonObject | undefined
}

export type Kind = 'version' | 'resources' | 'alerts'

/** One value that was asked for. */
export interface AskedValue {
  readonly kind: Kind
  /** Unambiguous; keys inside `alerts` are JSON. */
  readonly name: string
  isMet(view: View): boolean
  /** One spelling for equal values, `absent` where there is none. */
  valueIn(view: View): string
}

/** The value of what is not there. */
export const ABSENT = 'absent'

/** All that a task asks for, one value at a time. */
export function toAskedValues(task: PlannedTask): AskedValue[] {
  const { version, alerts } = task
  return [
    ...(version === undefined ? [] : [askedVersion(version)]),
    ...RESOURCE_NAMES.flatMap((name) => {
      const wanted = task[name]
      return wanted === undefined ? [] : [askedResource(name, wanted)]
    }),
    ...(alerts === undefined ? [] : alertPaths(alerts).map((path) => askedAlert(path, at(alerts, path)))),
  ]
}

function askedVersion(wanted: string): AskedValue {
  return {
    kind: 'version',
    name: 'version',
    isMet: ({ version, running }) =>
      version !== undefined &&
      (covers(wanted, version) || (covers(version, wanted) && bareVersion(running ?? '') === wanted)),
    valueIn: ({ version }) => (version === undefined ? ABSENT : bareVersion(version)),
  }
}

function askedResource(name: ResourceName, wanted: string): AskedValue {
  return {
    kind: 'resources',
    name,
    isMet: ({ resources }) => toAmount(resources[name]) === toAmount(wanted),
    valueIn: ({ resources }) => toAmount(resources[name]),
  }
}

function askedAlert(path: readonly string[], wanted: Json | undefined): AskedValue {
  // What is no object leaves no room for a key inside it: that is the value which stands there.
  const valueIn = ({ alerts }: View) => {
    const standing = path.map((_, index) => (alerts === undefined ? undefined : at(alerts, path.slice(0, index + 1))))
    return toSorted(
      standing.find((value) => value !== undefined && value !== null && !isObject(value)) ?? standing.at(-1),
    )
  }
  return {
    kind: 'alerts',
    name: `alerts${JSON.stringify(path)}`,
    isMet: (view) => {
      const value = view.alerts === undefined ? undefined : at(view.alerts, path)
      if (wanted === null) return value === undefined || value === null
      if (isObject(wanted) && Object.keys(wanted).length === 0) return isObject(value)
      return toSorted(value) === toSorted(wanted)
    },
    valueIn,
  }
}

/** `v1.32.3+k3s1` without what does not count. */
export function bareVersion(text: string): string {
  return text.replace(/^v/, '').replace(/[+-].*$/, '')
}

/** Whether the first version is the second one, or its minor. */
export function covers(wanted: string, actual: string): boolean {
  const [short, long] = [bareVersion(wanted), bareVersion(actual)]
  return short === long || (short.split('.').length === 2 && long.startsWith(`${short}.`))
}

export function minorOf(text: string): number {
  return Number(bareVersion(text).split('.')[1])
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, m: 1e-3, Mi: 2 ** 20, Gi: 2 ** 30, G: 1e9, M: 1e6 }

/** A quantity as a number in words, so that `8` and `8000m` are the same; `absent` where there is none. */
export function toAmount(text: unknown): string {
  if (typeof text === 'number') return String(text)
  if (typeof text !== 'string' || text === '') return ABSENT
  const [, number = '', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(text) ?? []
  const factor = FACTORS[unit]
  return number === '' || factor === undefined ? `text:${text}` : String(Number(number) * factor)
}

/** The paths of the values in `alerts`; an empty object is a value. */
export function alertPaths(alerts: JsonObject): string[][] {
  return Object.entries(alerts).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0 ? alertPaths(value).map((path) => [key, ...path]) : [[key]],
  )
}

export function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let inner = value
  for (const key of path) inner = isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined
  return inner
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toSorted(value: Json | undefined): string {
  if (value === undefined) return ABSENT
  if (!isObject(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${toSorted(value[key])}`).join(',')}}`
}

/** Whether two JSON values are the same, whatever the order of keys. */
export function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return toSorted(left) === toSorted(right)
}

/** A cluster object as an answer showed it. */
export function viewOf(shown: JsonObject): View {
  const status = isObject(shown.status) ? shown.status : {}
  return {
    version: textOf(shown.version),
    running: textOf(status.kubernetesVersion),
    resources: isObject(shown.resources) ? shown.resources : {},
    alerts: isObject(shown.alerts) ? shown.alerts : undefined,
  }
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An integer, also where it came as a text. */
export function integerOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
