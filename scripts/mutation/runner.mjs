// A test runner for Stryker: loads the tests of src once and runs them in this process, again and again, each change of the sources
// switched on in memory. jest's own runner loads everything anew for every change, so that whole runs would take days.
import { globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { DryRunStatus, determineHitLimitReached, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner'
import { transformSync } from '@swc/core'
import { addEventHandler, getState, resetState, run, setState } from 'jest-circus'
import jestConfig from '../../jest.config.js'

// Those that load src themselves, in virtual time. Real sockets take real time, which no change is worth, and changed sources are slow.
// The quick ones come first: what they notice costs no whole run.
const TESTS = ['unit', 'api', 'run', 'cases'].map((room) => `__tests__/${room}/**/*.test.ts`)
const LEFT_OUT = ['socket.test.ts', 'kept-connections.test.ts', 'json-text-speed.test.ts']

class InProcessRunner {
  /** Where the instrumented sources look for the change that is switched on, and count what was reached. */
  #context = {}
  #files = []
  #isBailing = false

  capabilities() {
    return { reloadEnvironment: false }
  }

  async init() {
    globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] = this.#context
    const root = process.cwd()
    loadAsJestDoes(root)
    for (const [index, path] of TESTS.flatMap((pattern) => globSync(pattern, { cwd: root }).sort()).entries()) {
      if (LEFT_OUT.some((name) => path.endsWith(name))) continue
      resetState()
      getState().testTimeout = jestConfig.testTimeout
      await import(`${pathToFileURL(join(root, path))}?test=${index}`)
      const state = getState()
      const tests = nameTests(state.rootDescribeBlock, relative(root, path))
      this.#files.push({ path, state, tests })
    }
    addEventHandler((event, state) => this.#follow(event, state))
  }

  async dryRun() {
    const tests = await this.#runTests()
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#context.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit }) {
    this.#context.hitLimit = hitLimit
    this.#context.hitCount = hitLimit ? 0 : undefined
    this.#context.activeMutant = activeMutant.id
    const tests = await this.#runTests(testFilter && new Set(testFilter), !disableBail)
    const outOfHand = determineHitLimitReached(this.#context.hitCount, hitLimit)
    this.#context.activeMutant = undefined
    await this.#expectToPass(failedOf(tests))
    return toMutantRunResult(outOfHand ?? { status: DryRunStatus.Complete, tests }, disableBail)
  }

  /** What a change leaves behind could fail the tests of the next one: Stryker tries again in a new process then. */
  async #expectToPass(ids) {
    const failed = ids.length === 0 ? [] : failedOf(await this.#runTests(new Set(ids)))
    if (failed.length > 0) throw new Error(`${failed.join(', ')} fails without a change, too`)
  }

  async #runTests(wanted, isBailing = false) {
    const results = []
    this.#isBailing = isBailing
    for (const { path, state, tests } of this.#files) {
      const chosen = wanted ? tests.filter(({ id }) => wanted.has(id)) : tests
      if (chosen.length === 0) continue
      for (const { id, test } of tests)
        Object.assign(test, freshTest(), { mode: wanted && !wanted.has(id) ? 'skip' : undefined })
      Object.assign(state, { hasStarted: false, unhandledErrors: [] })
      setState(state)
      await run()
      for (const { id, test } of chosen) results.push(resultOf(id, test, path))
      if (isBailing && chosen.some(({ test }) => test.errors.length > 0)) break
    }
    return results
  }

  #follow(event, state) {
    if (event.name === 'test_started') this.#context.currentTestId = event.test.id
    if (event.name !== 'test_done') return
    this.#context.currentTestId = undefined
    if (!this.#isBailing || event.test.errors.length === 0) return
    for (const test of testsIn(state.rootDescribeBlock)) if (test.status === null) test.mode = 'skip'
  }
}

/** What jest.config.js says: names as they are imported, @jest/globals, and support that each test file has for itself, hooks and all. */
function loadAsJestDoes(root) {
  const tests = pathToFileURL(join(root, '__tests__/')).href
  const [[, compile]] = Object.values(jestConfig.transform)
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '@jest/globals') return next(new URL('globals.mjs', import.meta.url).href, context)
      const isOwn = specifier.startsWith('.') && context.parentURL?.startsWith(pathToFileURL(root).href)
      const resolved = next(
        isOwn && !context.parentURL.includes('/node_modules/') ? specifier.replace(/\.js$/, '.ts') : specifier,
        context,
      )
      const forTest = /\?test=\d+$/.exec(context.parentURL ?? '')?.[0]
      return forTest && resolved.url.startsWith(tests) ? { ...resolved, url: resolved.url + forTest } : resolved
    },
    load(url, context, next) {
      if (!/\.ts(\?|$)/.test(url)) return next(url, context)
      const file = fileURLToPath(url)
      const { code } = transformSync(readFileSync(file, 'utf8'), { ...compile, filename: file })
      return { format: 'module', source: code, shortCircuit: true }
    },
  })
}

const failedOf = (tests) => tests.filter(({ status }) => status === TestStatus.Failed).map(({ id }) => id)

function freshTest() {
  return { errors: [], invocations: 0, seenDone: false, startedAt: null, duration: null, status: null }
}

function* testsIn(block) {
  for (const child of block.children) {
    if (child.type === 'test') yield child
    else yield* testsIn(child)
  }
}

/** Names every test by its file, blocks and title; a title that is there twice gets a number. */
function nameTests(block, path) {
  const seen = new Map()
  return [...testsIn(block)].map((test) => {
    const titles = [test.name]
    for (let at = test.parent; at.parent; at = at.parent) titles.unshift(at.name)
    const name = [path, ...titles].join(' › ')
    seen.set(name, (seen.get(name) ?? 0) + 1)
    test.id = seen.get(name) > 1 ? `${name} (${seen.get(name)})` : name
    return { id: test.id, test }
  })
}

function resultOf(id, { errors, status, duration }, fileName) {
  const common = { id, name: id, fileName, timeSpentMs: duration ?? 0 }
  if (errors.length > 0) {
    return {
      ...common,
      status: TestStatus.Failed,
      failureMessage: errors
        .flat()
        .map((error) => String(error?.message ?? error))
        .join('\n'),
    }
  }
  return { ...common, status: status === 'done' ? TestStatus.Success : TestStatus.Skipped }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)]
