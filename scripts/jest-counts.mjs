import { writeFileSync } from 'node:fs'

/** A jest reporter that writes `passed failed skipped` for .ci/run; a suite that could not run counts as one failure. */
export default class JestCounts {
  #file

  constructor(_globalConfig, options) {
    this.#file = options.file
  }

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const skipped = results.numPendingTests + results.numTodoTests
    writeFileSync(this.#file, `${results.numPassedTests} ${failed} ${skipped}\n`)
  }
}
