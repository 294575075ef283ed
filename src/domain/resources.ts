import { problemOfBytes, problemOfCpu } from './quantity.js'

interface ResourceDefinition {
  readonly unit: 'cpus' | 'bytes'
  /** What is wrong with a requested quantity, or `undefined`. */
  readonly problemOf: (text: string) => string | undefined
  /** A quantity as an error message shows it; quoted where YAML would read a number. */
  readonly example: string
  /** Likewise, for `min-…` and `max-…`. */
  readonly boundExample: string
  /** What one is billed for: the unit's name, and its size. */
  readonly billed: { readonly unit: string; readonly size: string }
}

/** The quantities a cluster is given, in the order of every list and table. Each is an input, two bounds and two outputs. */
export const RESOURCES = {
  cpu: {
    unit: 'cpus',
    problemOf: problemOfCpu,
    example: '"8", "1.5" or "500m"',
    boundExample: '"4"',
    billed: { unit: 'vCPU', size: '1' },
  },
  memory: {
    unit: 'bytes',
    problemOf: problemOfBytes,
    example: '32Gi',
    boundExample: '16Gi',
    billed: { unit: 'GiB', size: '1Gi' },
  },
  storage: {
    unit: 'bytes',
    problemOf: problemOfBytes,
    example: '200Gi',
    boundExample: '100Gi',
    billed: { unit: 'GiB', size: '1Gi' },
  },
} as const satisfies Readonly<Record<string, ResourceDefinition>>

export type ResourceName = keyof typeof RESOURCES

export const RESOURCE_NAMES = Object.keys(RESOURCES) as readonly ResourceName[]

/** Whether a field, by its input's name, is a resource. */
export function isResource(field: string): field is ResourceName {
  return Object.hasOwn(RESOURCES, field)
}

/** Quantities by resource, each in the API's own text; absent where nothing was said. */
export type Resources = { readonly [Name in ResourceName]?: string }

/** An object made of what each resource gives; a resource that gives `undefined` stays absent. */
export function mapResources<T>(toValue: (name: ResourceName) => T | undefined): { [Name in ResourceName]?: T } {
  const entries = RESOURCE_NAMES.map((name) => [name, toValue(name)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as { [Name in ResourceName]?: T }
}
