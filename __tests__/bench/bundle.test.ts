import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { runStep } from '../support/process.js'
import { startSimulator } from '../support/simulators.js'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))
const MOST_BYTES = 448 * 1024

/** Makes Node name, on stderr, every file of this repository that the process loads. */
const LOG_LOADS = `--import "data:text/javascript,${encodeURIComponent(
  "import{registerHooks}from'node:module';registerHooks({load(url,context,next){process.stderr.write('loads '+url+'\\n');return next(url,context)}})",
)}"`

async function loadedBy(change: Record<string, string>) {
  const { inputs, close } = await startSimulator()
  try {
    const { outputs, stderr } = await runStep({ inputs: { ...inputs, ...change }, env: { NODE_OPTIONS: LOG_LOADS } })
    const loads = stderr.split('\n').filter((line) => line.startsWith('loads file:'))
    return { result: outputs.result, loaded: loads.map((line) => line.replace(/^.*\//, '')) }
  } finally {
    await close()
  }
}

describe('what every run loads', () => {
  const eager = readFileSync(`${dist}index.js`, 'utf8')

  test(`is at most ${MOST_BYTES} bytes`, () => {
    expect(statSync(`${dist}index.js`).size).toBeLessThanOrEqual(MOST_BYTES)
  })

  test.each([
    ['yaml', /YAMLParseError/],
    ['octokit', /octokit-core\.js/],
    ['undici', /class ProxyAgent extends/],
    ['a client for proxies', /function TunnelingAgent/],
    ['a tool runner', /class ToolRunner/],
  ])('has no code of %s', (_, trace) => {
    expect(eager).not.toMatch(trace)
  })

  test.each([
    ['yaml', /YAMLParseError/],
    ['octokit', /octokit-core\.js/],
    ['undici', /class ProxyAgent extends/],
    ['a client for proxies', /function TunnelingAgent/],
  ])('%s is in a chunk, and the trace looked for would find it', (_, trace) => {
    const chunks = readdirSync(dist).filter((name) => /^\d+\.index\.js$/.test(name))
    expect(chunks.some((name) => trace.test(readFileSync(dist + name, 'utf8')))).toBe(true)
  })
})

describe('what a run loads', () => {
  test.each([
    ['a new version', { version: '1.32' }],
    ['alerts as JSON', { alerts: '{"nodeNotReady": {"enabled": true}}' }],
    ['bad inputs', { cpu: 'many' }],
  ])('%s: no chunk', async (_, change) => {
    const { result, loaded } = await loadedBy(change)
    expect(result).toBe('cpu' in change ? 'failed' : 'converged')
    expect(loaded).toEqual(['index.js'])
  })

  test('alerts as YAML: one chunk', async () => {
    const { result, loaded } = await loadedBy({ alerts: 'nodeNotReady:\n  enabled: true\n' })
    expect(result).toBe('converged')
    expect(loaded).toEqual(['index.js', expect.stringMatching(/^\d+\.index\.js$/)])
  })
})
