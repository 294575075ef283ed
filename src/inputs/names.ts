import { RESOURCE_NAMES, RESOURCES, type ResourceName } from '../domain/resources.js'

interface InputDefinition {
  /** What counts where nothing is given, in the form it would be given; `action.yml` says the same. */
  readonly default?: string
  /** A good value as an error shows it; where there is none, the default is shown. */
  readonly example?: string
  /** Why an empty text is a fault and not the default, where it is: what was to protect, or to steer, must not be lost unseen. */
  readonly whenEmpty?: string
  /** Whether YAML would spoil it without quotes. */
  readonly isQuoted?: true
  /** Whether it may have several lines, with a meaning in how they are indented. */
  readonly isIndented?: true
  /** Whether an error leaves out the value, since it is a secret or may hold one. */
  readonly isHidden?: true
}

/** What switches a guard off. */
export const NONE = 'none'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: workflow expressions, for the reader to copy
/** What an empty text means where something was to protect. */
export const PRODUCED_NOTHING = 'what it comes from (a step output, a variable, an expression) produced nothing'
const LOST_GUARD = `is given, but empty: ${PRODUCED_NOTHING}. Where it may be empty, write \${{ … || '${NONE}' }}`

/** With `|| 'none'` these two would be off in the very case that they are for: the output is what is to be mended. */
const lostOutput = (what: string) =>
  `is given, but empty: the step or job output that it comes from produced nothing, so there is no ${what}. Mend that output (GitHub drops a job output that holds a masked value); ${NONE} belongs here only as a fixed text, never as || '${NONE}'`

/** A guard protects something, and only `none` switches it off. */
const guard = (example: string, whenEmpty: string = LOST_GUARD) => ({ default: NONE, example, whenEmpty }) as const

type Bound = `${'min' | 'max'}-${ResourceName}`

const resourceInputs = Object.fromEntries(
  RESOURCE_NAMES.map((name) => [name, { example: RESOURCES[name].example }]),
) as Record<ResourceName, { readonly example: string }>
const boundInputs = Object.fromEntries(
  RESOURCE_NAMES.flatMap((name) =>
    ['min', 'max'].map((end) => [`${end}-${name}`, guard(RESOURCES[name].boundExample)]),
  ),
) as Record<Bound, ReturnType<typeof guard>>

/** The inputs of the action with their defaults, in the order of `action.yml`. */
export const INPUTS = {
  'api-key': { example: 'kupe_<id>_<secret>', isHidden: true },
  tenant: { example: 'acme' },
  cluster: { example: 'production' },
  'api-url': { example: 'https://api.kupe.cloud' },
  mode: {
    default: 'apply',
    example: 'plan',
    whenEmpty: `is given, but empty: ${PRODUCED_NOTHING}, and that is not taken for apply. Give apply, plan or verify`,
  },
  version: { example: '"1.32"', isQuoted: true },
  ...resourceInputs,
  alerts: { example: '{"podCrashLooping": {"enabled": true}}', isIndented: true, isHidden: true },
  wait: { default: 'true' },
  timeout: { default: '30m' },
  // The defaults of these two depend on timeout.
  'poll-interval': { example: '12s' },
  'settle-time': { example: '30s' },
  'degraded-grace': { default: '5m' },
  'on-busy': { default: 'wait' },
  'on-conflict': { default: 'retry' },
  'if-match': guard('\'"294810"\'', lostOutput('ETag to hold this run to')),
  'expected-plan': guard('${{ steps.plan.outputs.plan-digest }}', lostOutput('plan to hold this run to')),
  'allow-downgrade': { default: 'false' },
  'allow-version-skip': { default: 'false' },
  'allow-storage-shrink': { default: 'false' },
  ...boundInputs,
  'only-between': guard('20:00-06:00'),
  'freeze-dates': guard('2026-12-24..2027-01-02, 2027-03-30'),
  timezone: {
    default: 'UTC',
    example: 'Europe/London',
    whenEmpty: `is given, but empty: ${PRODUCED_NOTHING}. Where it may be empty, write \${{ … || 'UTC' }}`,
  },
  'hourly-rates': { example: 'cpu=0.03, memory=0.006, storage=0.000116, currency=GBP' },
  'job-summary': { default: 'true' },
  comment: { default: 'false' },
  'github-token': { example: '${{ github.token }}', isHidden: true },
} as const satisfies Readonly<Record<string, InputDefinition>>
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above

export type InputName = keyof typeof INPUTS

export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

/** What resources are called elsewhere. */
export const RESOURCE_SYNONYMS = {
  core: 'cpu',
  cores: 'cpu',
  cpus: 'cpu',
  vcpu: 'cpu',
  vcpus: 'cpu',
  mem: 'memory',
  ram: 'memory',
  disk: 'storage',
} as const satisfies Readonly<Record<string, ResourceName>>

/** What the table says of an input. */
export function definitionOf(name: InputName): InputDefinition {
  return INPUTS[name]
}

/** The key under which the runner hands an input over. */
export function variableOf(name: string): string {
  return `INPUT_${name.toUpperCase()}`
}
