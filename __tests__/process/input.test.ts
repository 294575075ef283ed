import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { expectWhole, runStep, type StepResult } from '../support/process.js'
import { type RunningSimulator, startSimulator } from '../support/simulators.js'

let kupe: RunningSimulator

beforeAll(async () => {
  kupe = await startSimulator()
})
afterAll(async () => {
  await kupe.close()
})

/** A step with wrong inputs: one error that says it all, every output, no request. */
async function refused(inputs: Record<string, string>, env: Record<string, string> = {}): Promise<StepResult> {
  const step = await runStep({ inputs: { ...kupe.inputs, cpu: '8', ...inputs }, env })
  expectWhole(step)
  expect(step.outputs).toMatchObject({ result: 'failed', 'failure-reason': 'invalid-input', changed: 'false' })
  expect(kupe.requests()).toEqual([])
  return step
}

test('every fault of every input is named in one error, with value, reason and what was probably meant', async () => {
  const { errors, outputs } = await refused({
    tenant: '../x',
    cluster: 'Prod!',
    'api-url': 'http://evil.example',
    mode: 'aply',
    version: '1.3',
    cpu: 'lots',
    memory: '32',
    storage: '0Gi',
    alerts: '[]',
    wait: 'yes',
    timeout: '30',
    'poll-interval': '0s',
    'settle-time': 'soon',
    'degraded-grace': '-1s',
    'on-busy': 'queue',
    'on-conflict': 'force',
    'allow-downgrade': '1',
    'min-cpu': '-1',
    'max-memory': '16',
    'only-between': '20:00-20:00',
    timezone: 'Mars/Olympus',
    memmory: '64Gi',
    'dry-run': 'true',
  })
  const { message = '', properties } = errors[0] ?? {}
  // The title says it, and each line is needed for what is wrong.
  expect(message).not.toContain('Sent by this run')
  const expected: [string, string | RegExp][] = [
    ['tenant', '../x'],
    ['cluster', 'Prod!'],
    ['api-url', 'http://evil.example'],
    ['mode', 'aply'],
    ['version', /quot/i],
    ['cpu', 'lots'],
    ['memory', /unit|32Gi/],
    ['storage', '0Gi'],
    ['alerts', /object/],
    ['wait', 'yes'],
    ['timeout', '30m'],
    ['poll-interval', '0s'],
    ['settle-time', 'soon'],
    ['degraded-grace', '-1s'],
    ['on-busy', 'queue'],
    ['on-conflict', 'force'],
    ['allow-downgrade', /true/],
    ['min-cpu', '-1'],
    ['max-memory', '16'],
    ['only-between', '20:00-20:00'],
    ['timezone', 'Mars/Olympus'],
    ['memmory', /memory/],
    ['dry-run', /mode: plan/],
  ]
  for (const [input, words] of expected) {
    expect(message).toContain(input)
    if (typeof words === 'string') expect(message).toContain(words)
    else expect(message).toMatch(words)
  }
  expect(properties?.title).toMatch(/^Nothing was sent: \d+ inputs are wrong$/)
  const {
    'summary-markdown': summary,
    'duration-seconds': seconds,
    result,
    changed,
    'failure-reason': _,
    message: text,
    ...unknown
  } = outputs
  expect({ result, changed, seconds }).toEqual({ result: 'failed', changed: 'false', seconds: '0' })
  expect(new Set(Object.values(unknown))).toEqual(new Set(['']))
  expect(summary).toContain('What to do next')
  expect(text).toMatch(/^Nothing was sent: \d+ inputs are wrong\./)
})

test('nothing given at all: what is required is named', async () => {
  const step = await runStep({})
  expectWhole(step)
  expect(step.outputs['failure-reason']).toBe('invalid-input')
  for (const word of ['api-key', 'KUPE_API_KEY', 'tenant', 'KUPE_TENANT', 'cluster', 'KUPE_CLUSTER']) {
    expect(step.errors[0]?.message).toContain(word)
  }
})

describe.each([
  ['shorter than 8 characters', 'k7-4q', '4q'],
  ['with a line break inside', 'kupe_first\nsecond_half', 'second_half'],
  ['with a blank inside', 'kupe_first second_half', 'second_half'],
  ['with a control character', 'kupe_first\u0007second_half', 'second_half'],
])('an api-key %s', (_, key, secret) => {
  test('is refused without being shown', async () => {
    const step = await refused({ 'api-key': key })
    expect(step.errors[0]?.message).toContain('api-key')
    const said = [...step.log, ...step.errors.map(({ message }) => message), step.summary, step.outputFile].join('\n')
    expect(said).not.toContain(secret)
  })
})

test('trailing blanks and line breaks around values are trimmed', async () => {
  const padded = Object.fromEntries(Object.entries(kupe.inputs).map(([name, value]) => [name, `  ${value}\n`]))
  const other = await startSimulator()
  const inputs = { ...padded, 'api-url': ` ${other.url}/api/v1/ \n`, mode: ' plan ', cpu: '\t8 ' }
  const step = await runStep({ inputs })
  await other.close()
  expectWhole(step)
  expect(step.outputs.result).toBe('planned')
  expect(other.requests()).toEqual(['GET 200'])
})

test.each([
  ['no change input in apply', { cpu: '' }, /version.*cpu.*memory.*storage.*alerts/],
  ['no change input in plan', { cpu: '', mode: 'plan' }, /version.*cpu.*memory.*storage.*alerts/],
  ['verify that does not wait', { mode: 'verify', wait: 'false' }, /wait/],
  ['a poll-interval that is not below timeout', { timeout: '10s', 'poll-interval': '10s' }, /poll-interval/],
  ['user info in api-url', { 'api-url': 'https://me:hunter22@api.kupe.cloud' }, /api-url/],
  ['http to another host', { 'api-url': 'http://api.kupe.cloud' }, /https/],
  ['a synonym', { 'kubernetes-version': '1.32' }, /version/],
  ['another synonym', { force: 'true' }, /force/],
  ['a misspelt name', { stroage: '200Gi' }, /storage/],
  ['a misspelt short name', { cpus: '16' }, /cpu/],
])('%s is refused', async (_, inputs, words) => {
  const step = await refused(inputs as unknown as Record<string, string>)
  expect(step.errors[0]?.message).toMatch(words)
  expect(`${step.lines.join('\n')}${step.summary}${step.outputFile}`).not.toContain('hunter22')
})

test.each([
  ['expected-plan', /step or job output.*masked value.*only as a fixed text/],
  ['max-cpu', /step output.*variable.*\|\| 'none' \}\}/],
  ['only-between', /\|\| 'none' \}\}/],
  ['freeze-dates', /\|\| 'none' \}\}/],
  ['mode', /not taken for apply/],
  ['timezone', /\|\| 'UTC' \}\}/],
])('%s that is given but empty is refused, and says why that may be', async (input, words) => {
  const step = await refused({ [input]: '' })
  expect(step.errors).toHaveLength(1)
  expect(step.errors[0]?.message).toContain(`${input} is given, but empty`)
  expect(step.errors[0]?.message).toMatch(words)
})

/** A dry run that is fine, on a simulator of its own. */
async function planned(inputs: Record<string, string>, env: Record<string, string> = {}) {
  const other = await startSimulator()
  const step = await runStep({ inputs: { ...other.inputs, mode: 'plan', cpu: '8', ...inputs }, env })
  await other.close()
  expectWhole(step)
  expect(step.outputs.result).toBe('planned')
  return { step, host: new URL(other.url).host }
}

test('a key is masked and sent without the invisible characters around it', async () => {
  const key = kupe.inputs['api-key'] ?? ''
  const { step } = await planned({ 'api-key': `\ufeff${key}\u200b` })
  expect(step.masks).toContain(key)
})

test('the first line of the log names the host, and where it came from', async () => {
  const { step, host } = await planned({})
  expect(step.log[0]).toMatch(`plan acme/production on ${host} (from api-url)`)
})

test('inputs that are like none of ours are let through, with one warning that names them all', async () => {
  const { step } = await planned({ 'something-else': 'hidden', gpus: '8' })
  expect(step.warnings.map(({ message }) => message)).toEqual([
    'something-else, gpus are not inputs of this action: they did nothing',
  ])
  expect(step.lines.join('\n')).not.toContain('hidden')
  expect(step.summary).toContain('**Warnings**\n\n- something-else, gpus are not inputs of this action')
})

test('such a warning is there also where the run ends with an error, which it may explain', async () => {
  const step = await refused({ cpu: '', kubernets: '1.32' })
  expect(step.warnings.map(({ message }) => message)).toEqual([
    'kubernets is not an input of this action: it did nothing',
  ])
  expect(step.summary).toContain('**Warnings**\n\n- kubernets is not an input of this action')
})

test.each([
  [
    'an empty secret in alerts',
    { alerts: 'route:\n  webhook: ' },
    'alerts has no value at alerts.route.webhook (line 2)',
  ],
  ['a template in alerts', { alerts: '{"webhook": {{ hidden }}}' }, 'alerts has a key that is no text'],
  ['a dry run by another name', { dryRun: 'true' }, 'dryrun is not an input: did you mean mode: plan?'],
  ['a window by another name', { maintenanceWindow: '20:00-06:00' }, 'maintenancewindow is not an input'],
  ['an empty frozen day', { 'freeze-dates': ', 2027-12-24' }, 'freeze-dates ", 2027-12-24" has an entry that is empty'],
])('%s is refused without a request', async (_, inputs, words) => {
  const step = await refused(inputs)
  expect(step.errors[0]?.message).toContain(words)
  expect(step.lines.join('\n')).not.toContain('hidden')
})

test('what null takes away is named before it is sent', async () => {
  const other = await startSimulator({ clusters: [{ alerts: { hook: 'hidden', quiet: false } }] })
  const step = await runStep({ inputs: { ...other.inputs, mode: 'plan', alerts: 'hook: null\nquiet: true' } })
  await other.close()
  expectWhole(step)
  expect(step.log.flatMap((line) => /Plan: alerts.*/.exec(line) ?? [])).toEqual([
    'Plan: alerts.hook   is removed (values in alerts are not shown)',
    'Plan: alerts.quiet  changes (values in alerts are not shown)',
  ])
  expect(step.outputs.plan).toBe('{"edits":[{"field":"alerts.hook"},{"field":"alerts.quiet"}],"refusals":[]}')
})

test('a bare word in the YAML of alerts is a warning', async () => {
  const { step } = await planned({ alerts: 'podCrashLooping:\n  enabled: on' })
  expect(step.warnings.map(({ message }) => message).join()).toMatch(/alerts\.podCrashLooping\.enabled.*true or false/)
})

test('a proxy that cannot be read is refused without a request', async () => {
  const step = await refused({}, { HTTPS_PROXY: 'http://runner:hunter22@proxy:port' })
  expect(step.errors[0]?.message).toContain('HTTPS_PROXY in the environment is not a proxy')
  expect(step.lines.join('\n')).not.toContain('hunter22')
})
